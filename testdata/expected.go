package testdata

// An Expectation is a first match that a person of the trade would not doubt,
// among all programs (or demands) of its scenario. ToProgram says which
// side asks.
type Expectation struct {
	Scenario  string // "a".."e"
	Demand    string
	Program   string
	ToProgram bool   // true: the demand asks for programs; false: the program asks for demands
	Why       string // in Chinese, for people
}

// pairs hold in both directions.
var pairs = []Expectation{
	{Scenario: "a", Demand: "a.dem.chengge-optical", Program: "a.prog.gmie-optical", Why: "同在广州，专业就是教全光POL校园网的：OLT/ONU、ODN、熔接、测试八项技能逐项对上。"},
	{Scenario: "a", Demand: "a.dem.viewsonic-classroom", Program: "a.prog.gmie-classroom", Why: "智慧教室方向的课程覆盖了交互平板、录播、多媒体教室和教师培训，岗位要的正是这些。"},
	{Scenario: "a", Demand: "a.dem.chengge-security", Program: "a.prog.gzhu-campus-security", Why: "岗位要本科的校园网络安全工程师，准入认证、防火墙、等保都在该方向的课程里。"},
	{Scenario: "b", Demand: "b.dem.getech-platform", Program: "b.prog.njupt-platform", Why: "同在南京；平台应用、边缘网关、OPC UA、时序数据库只有这个方向成套地教。"},
	{Scenario: "b", Demand: "b.dem.getech-mes", Program: "b.prog.nuit-mes", Why: "制造执行系统方向，MES、ERP、排程、PLM 逐门对应，且有订单班。"},
	{Scenario: "b", Demand: "b.dem.tcl-line", Program: "b.prog.gdqy-line", Why: "现代学徒制专业与产线调试岗位同在广州，西门子PLC、PROFINET、伺服、气动一一对应。"},
	{Scenario: "c", Demand: "c.dem.yifang-granule", Program: "c.prog.granule", Why: "全区只有这个专业点系统讲授配方颗粒：提取、浓缩、喷雾干燥、干法制粒。"},
	{Scenario: "c", Demand: "c.dem.mould-designer", Program: "c.prog.mould", Why: "注塑模具设计、UG、模流分析、试模都在课程里，又在本区。"},
	{Scenario: "c", Demand: "c.dem.weld-robot", Program: "c.prog.weld-robot", Why: "中职焊接机器人方向，学生毕业即有焊接作业证，岗位要的就是示教加焊接。"},
	{Scenario: "d", Demand: "d.dem.byd-battery", Program: "d.prog.szpu-battery", Why: "搅拌、涂布、辊压、卷绕、化成整条电池工艺线只有动力电池制造方向全教。"},
	{Scenario: "d", Demand: "d.dem.huawei-datacom", Program: "d.prog.szpu-ict", Why: "华为ICT学院按 HCIP-Datacom 培养，岗位要的就是这张证书和数通技能。"},
	{Scenario: "d", Demand: "d.dem.hans-process", Program: "d.prog.sziit-laser", Why: "激光学院教焊接工艺、超快微加工与光束检测，与大族的工艺岗位一致。"},
	{Scenario: "e", Demand: "e.dem.video", Program: "e.prog.media", Why: "拍摄、灯光、剪辑、特效、调色正是数字媒体技术的核心课程。"},
	{Scenario: "e", Demand: "e.dem.iot", Program: "e.prog.iot", Why: "物联网工程技术专业的传感网、LoRa/NB-IoT、网关与平台逐项对应。"},
	{Scenario: "e", Demand: "e.dem.data", Program: "e.prog.data", Why: "Hadoop、Spark、Hive、ETL 全在大数据工程技术的课程里。"},
}

// Expected lists three demands and three programs per scenario with the match that
// must come first.
var Expected = func() []Expectation {
	out := make([]Expectation, 0, 2*len(pairs))
	for _, p := range pairs {
		p.ToProgram = true
		out = append(out, p)
		p.ToProgram = false
		out = append(out, p)
	}
	return out
}()
