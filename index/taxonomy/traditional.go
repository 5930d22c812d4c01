package taxonomy

// traditionalPairs holds common traditional characters of job and skill texts,
// each followed by its simplified form. It is a small table on purpose: only
// characters that map one to one and that texts in simplified characters do not
// use in another meaning (著, 乾 and 覆 are therefore missing).
const traditionalPairs = "並并佈布佔占倉仓個个們们側侧備备傳传傷伤僅仅僱雇價价儀仪億亿儘尽優优儲储內内凍冻創创劃划劑剂動动" +
	"務务勝胜勞劳勢势勵励匯汇區区協协卻却參参員员問问單单嘗尝噴喷嚴严國国圍围園园圓圆圖图團团執执報报" +
	"場场塊块塗涂壓压壞坏夾夹學学實实審审寫写寬宽專专對对導导層层屬属岡冈島岛崗岗師师帶带幣币幹干庫库" +
	"廠厂廢废廣广廳厅張张彎弯彙汇後后徑径從从徵征徹彻恆恒愛爱態态慣惯憑凭應应懸悬戰战戲戏拋抛掃扫掛挂" +
	"採采換换損损撥拨擇择擊击擋挡擔担據据擠挤擬拟擴扩攝摄攪搅敵敌數数斷断於于時时曉晓書书會会東东條条" +
	"楊杨業业極极榮荣構构槍枪樂乐樑梁樓楼標标樣样樹树橋桥機机檔档檢检檯台櫃柜權权歐欧歷历歸归殘残氣气" +
	"氫氢決决況况淨净測测準准溝沟溫温滅灭滾滚滿满漸渐漿浆潔洁潤润濃浓濕湿濾滤灘滩灣湾災灾為为無无煉炼" +
	"煙烟熱热燈灯營营爐炉爾尔牆墙牽牵狀状獎奖獨独獲获獸兽現现環环產产畫画當当療疗發发監监盤盘碩硕確确" +
	"碼码礦矿禮礼稅税種种稱称積积穩稳穫获竅窍競竞筆笔節节範范築筑簡简簽签籌筹籤签糧粮糾纠約约紉纫純纯" +
	"紗纱級级紡纺細细組组結结絕绝絡络給给統统絲丝經经綜综綠绿維维網网緊紧線线緣缘編编緩缓練练緻致縣县" +
	"縫缝縮缩縱纵總总績绩織织繞绕繪绘繼继續续纖纤罰罚羅罗義义習习聞闻聯联聲声職职聽听腦脑腫肿膚肤膠胶" +
	"臨临臺台與与舉举舊旧艦舰莊庄華华薦荐藝艺藥药蘭兰處处虛虚號号蟲虫術术衝冲補补裝装製制複复褲裤襯衬" +
	"見见規规視视覽览觀观觸触訂订計计訊讯討讨訓训託托記记訪访設设許许診诊註注評评詞词詢询試试該该詳详" +
	"誌志認认語语誤误說说課课調调談谈請请論论諮咨講讲謝谢證证識识譯译議议護护讀读變变讓让豐丰豬猪負负" +
	"財财貢贡貨货責责買买貿贸賃赁資资賓宾賠赔賣卖質质賬账購购賽赛贈赠贏赢趨趋車车軋轧軍军軟软軸轴較较" +
	"載载輔辅輕轻輪轮輯辑輸输轉转辦办辭辞農农這这連连週周遊游運运過过達达違违遞递遠远適适遷迁選选遺遗" +
	"還还郵邮鄉乡鄰邻醫医醬酱釀酿釋释針针鈑钣鈦钛鈷钴鉗钳鉚铆鉛铅銀银銅铜銑铣銲焊銳锐銷销鋁铝鋅锌鋪铺" +
	"鋰锂鋸锯鋼钢錄录錢钱錫锡鍋锅鍍镀鍛锻鍵键鎂镁鎖锁鎮镇鎳镍鏈链鏜镗鐘钟鐵铁鑄铸鑑鉴鑒鉴鑽钻長长門门" +
	"閉闭開开間间閘闸閥阀閱阅關关陣阵陰阴陸陆陽阳隊队階阶際际隨随險险隱隐雙双雜杂雞鸡離离難难雲云電电" +
	"靜静鞏巩韌韧響响頁页頂顶項项順顺須须預预領领頭头頻频題题額额顏颜願愿類类顯显風风飛飞飯饭飲饮飼饲" +
	"飾饰養养館馆馬马駐驻駕驾駛驶騎骑驅驱驗验髒脏體体髮发鬆松鬧闹魚鱼鮮鲜鹵卤鹼碱鹽盐麗丽麵面黃黄點点" +
	"齊齐齒齿龍龙龜龟"

// The block of unified Han characters for which simplified is indexed.
const (
	hanFirst = 0x4E00
	hanLast  = 0x9FFF
)

// simplified maps r-hanFirst to the simplified form of r, or to 0 when r stays.
var simplified = func() (table [hanLast - hanFirst + 1]uint16) {
	pair := []rune(traditionalPairs)
	for i := 0; i+1 < len(pair); i += 2 {
		table[pair[i]-hanFirst] = uint16(pair[i+1])
	}
	return table
}()
