package extract

import "talentmatch/index/taxonomy"

// straddles reports whether the two Chinese characters at i are rather the end of
// one common word and the beginning of another: 客服 in 顾客服务, 用研 in 应用研究.
// Both neighbours must complete a common word, so a real short name is rarely lost.
func (w *window) straddles(i int) bool {
	if !taxonomy.IsCJK(w.at(i)) || !taxonomy.IsCJK(w.at(i+1)) {
		return false
	}
	return commonPairs[[2]rune{w.at(i - 1), w.at(i)}] && commonPairs[[2]rune{w.at(i + 1), w.at(i + 2)}]
}

// commonPairs are two-character words of everyday job and course texts, folded.
var commonPairs = pairSet(`
	完成 达成 形成 构成 成本 成为 成品 成果 成功 成员 成绩 成立 成套 成型 测试 测量 测定 测绘 测算 测评 检测 监测 预测
	其中 集中 其他 市场 现场 工场 进场 控制 控股 应用 使用 采用 利用 运用 专用 通用 研究 研发 研制 研磨 研讨
	沟通 流通 交通 普通 开通 关系 关键 关注 关于 关联 关节 相关 机关 开关 精选 挑选 筛选 品牌 品质 品种 产品 商品 药品
	密封 开封 封装 封闭 顾客 客户 服务 服装 服从 参数 分数 函数 系数 人数 多数 学习 学校 学生 学员 学历 学院 学科 科学 教学
	手机 主机 电机 司机 随机 飞机 整机 样机 修理 修改 修复 修正 修养 包装 组装 安装 服装 机器 机械 机构 机电 机床 机会 机制 机房
	转化 变化 优化 消化 强化 深化 文化 自动 化学 化工 中文 英文 语文 论文 图文 独特 特点 特征 特别 特殊 气体 气候 气质 气动 电气
	失去 除去 势头 进货 供货 发货 收货 代理 代表 代码 代替 时代 现代 提出 提供 提高 提升 前提 单位 单元 单价 单独 订单 名单
	营销 促销 直销 经销 分销 售后 售前 售价 零售 带货 货物 货品 车间 车辆 工作 工程 工艺 工具 工资 施工 加工 员工
	焊接 线路 线上 线下 生产 产线 产业 产量 在线 路线 流线 光学 光纤 激光 刻度 报告 报表 报价 申报 关税 税务 用户 用途 用品 作用
	友好 朋友 驾驶 照片 照明 按照 参照 图片 图纸 图像 绘图 视图 电子 电路 电源 电脑 电话 供电 模具 模块 模型 模式 规模
	家具 磨具 种质 数据 数字 数量 数控 采购 采集 采样 排放 排除 安排 排列 队列 装备 装置 装配 配置 配合 配套 配送 分配 送货 运输 运动 运行 运营 镜头
	画面 动画 动作 动力 动态 活动 移动 捕捉 编写 编程 编制 编辑 导向 导致 领导 引导 演示 播放 播种 直播 摄影 影响 影视 电影 像素
`)

func pairSet(list string) map[[2]rune]bool {
	out := map[[2]rune]bool{}
	for word := range wordSet(list) {
		r := []rune(word)
		out[[2]rune{r[0], r[1]}] = true
	}
	return out
}
