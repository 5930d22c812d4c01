package generate

import (
	"strings"
	"unicode"

	"talentmatch/talent"
)

// Brands are built of two uncommon characters, so that a generated name is
// plausible and yet hardly a real organization's.
var brandFirst = []string{"砚 Yan", "岑 Cen", "霁 Ji", "棠 Tang", "澄 Cheng", "穗 Sui", "栎 Li", "溯 Su", "珩 Heng", "郁 Yu", "芮 Rui", "湛 Zhan", "蔚 Wei", "樾 Yue", "昀 Yun", "旌 Jing"}
var brandSecond = []string{"屿 yu", "澜 lan", "岫 xiu", "禾 he", "舟 zhou", "铂 bo", "衡 heng", "原 yuan", "朴 pu", "翎 ling", "渡 du", "柏 bai", "筑 zhu", "沚 zhi", "桥 qiao", "川 chuan", "篱 li", "汀 ting", "峤 jiao", "矶 ji", "沐 mu", "枫 feng", "野 ye", "弦 xian", "鹭 lu", "塬 yuan", "漪 yi", "棣 di", "崧 song", "麓 lu"}

// brand is the n-th brand of a scenario, in both languages. There are 480, more
// than there are generated organizations.
func brand(offset, n int) (zh, en string) {
	i := (offset + n) * 29 % (len(brandFirst) * len(brandSecond)) // 29 is coprime to 480: all brands in turn
	z1, e1, _ := strings.Cut(brandFirst[i%len(brandFirst)], " ")
	z2, e2, _ := strings.Cut(brandSecond[i/len(brandFirst)], " ")
	return z1 + z2, e1 + e2
}

// tradeWords names what firms of a trade call their business.
var tradeWords = map[string][2]string{
	"automation": {"自动化设备", "Automation Equipment"}, "machining": {"精密机械", "Precision Machinery"},
	"robotics": {"机器人", "Robotics"}, "industrialnet": {"工业互联网", "Industrial Internet"},
	"mould": {"模塑", "Mould and Plastics"}, "electronics": {"电子", "Electronics"},
	"equipment": {"机电装备", "Electromechanical"}, "laser": {"激光", "Laser"},
	"semiconductor": {"半导体材料", "Semiconductor"}, "nev": {"新能源汽车", "New Energy Vehicle"},
	"battery": {"新能源电池", "Battery"}, "granule": {"中药饮片", "Chinese Medicine"}, "herbs": {"中药材", "Chinese Herbs"}, "pharma": {"制药", "Pharmaceutical"},
	"network": {"网络通信", "Network"}, "software": {"软件", "Software"}, "iot": {"物联网", "IoT"}, "data": {"大数据", "Big Data"},
	"media": {"数字媒体", "Digital Media"}, "logistics": {"智慧物流", "Smart Logistics"}, "drone": {"无人机", "Drone"},
	"dronelogistics": {"低空物流", "Low-altitude Logistics"}, "ecommerce": {"电子商务", "E-commerce"}, "live": {"直播科技", "Live Commerce"},
	"husbandry": {"牧业", "Livestock"}, "office": {"商务服务", "Business Service"}, "production": {"实业", "Manufacturing"},
}

var (
	universityWords = [][2]string{{"科技大学", "University of Science and Technology"}, {"理工学院", "Institute of Technology"}, {"工程学院", "Institute of Engineering"}, {"职业技术大学", "Vocational University of Technology"}, {"信息工程大学", "University of Information Engineering"}}
	collegeWords    = [][2]string{{"职业技术学院", "Vocational and Technical College"}, {"工程职业学院", "Vocational College of Engineering"}, {"信息职业技术学院", "Vocational College of Information Technology"}, {"工贸职业学院", "Vocational College of Industry and Trade"}, {"科技职业学院", "Vocational College of Science and Technology"}}
	schoolWords     = [][2]string{{"职业技术学校", "Vocational and Technical School"}, {"中等职业学校", "Secondary Vocational School"}, {"技工学校", "Technical School"}, {"信息技术学校", "School of Information Technology"}}
	instituteWords  = [][2]string{{"智能技术研究院", "Institute of Intelligent Technology"}, {"产业发展研究院", "Institute of Industrial Development"}, {"先进制造研究所", "Institute of Advanced Manufacturing"}, {"数字教育研究院", "Institute of Digital Education"}}
	clubWords       = [][2]string{{"智能装备商会", "Chamber of Intelligent Equipment"}, {"机械行业协会", "Machinery Association"}, {"电子信息行业协会", "Electronic Information Association"}, {"医药健康产业协会", "Health Industry Association"}, {"青年企业家商会", "Young Entrepreneurs Chamber"}, {"物流与供应链协会", "Logistics and Supply Chain Association"}, {"新能源产业协会", "New Energy Association"}, {"电子商务协会", "E-commerce Association"}, {"模具与注塑协会", "Mould and Moulding Association"}}
	parkWords       = [][2]string{{"智能制造产业园", "Intelligent Manufacturing Park"}, {"科创园", "Science and Innovation Park"}, {"生物医药产业园", "Biopharmaceutical Park"}, {"新材料产业园", "New Materials Park"}}
	platformWords   = [][2]string{{"机器人技术创新平台", "Robot Innovation Platform"}, {"新材料检测公共平台", "New Materials Testing Platform"}, {"工业设计创新平台", "Industrial Design Innovation Platform"}, {"中药质量研究平台", "Chinese Medicine Quality Platform"}}
	officeWords     = [][2]string{{"产教融合工作专班", "Industry-Education Integration Office"}, {"技能人才工作专班", "Skilled Talent Office"}}
)

// kindWords are the endings of the names of all kinds but enterprises.
var kindWords = map[string][][2]string{
	"university": universityWords, "college": collegeWords, "secondary-school": schoolWords,
	"research-institute": instituteWords, "association": clubWords, "park": parkWords,
	"platform": platformWords, "government": officeWords,
}

// place is a region's short name in both languages: 佛山, Foshan.
func place(id string) (zh, en string) {
	r := talent.BuiltinRegion(id)
	if r == nil {
		return id, id
	}
	zh, en = r.Name, r.NameEN
	for _, s := range []string{"苗族侗族自治州", "市市辖区", "市", "区", "县"} {
		if t := strings.TrimSuffix(zh, s); t != zh && len(t) >= len("佛山") {
			zh = t
			break
		}
	}
	for _, s := range []string{" District", " County", " City", " Municipal Districts"} {
		en = strings.TrimSuffix(en, s)
	}
	return zh, en
}

// chinese reports whether s holds a Han character.
func chinese(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}
