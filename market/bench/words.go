package bench

// A twin is one thing in Chinese and English.
type twin struct{ zh, en string }

// domains, each with its division of GB/T 4754.
var domains = []struct {
	twin
	industry string
}{
	{twin{"机床", "machining"}, "34"}, {twin{"软件", "software"}, "65"}, {twin{"汽车", "automotive"}, "36"},
	{twin{"护理", "nursing"}, "84"}, {twin{"建筑", "building"}, "47"}, {twin{"电气", "electrical"}, "38"},
	{twin{"商贸", "retail"}, "52"}, {twin{"机器人", "robotics"}, "35"}, {twin{"电子", "electronics"}, "39"},
	{twin{"物流", "logistics"}, "59"}, {twin{"食品", "food"}, "14"}, {twin{"数据", "data"}, "65"},
	{twin{"金融", "finance"}, "66"}, {twin{"化工", "chemical"}, "26"}, {twin{"旅游", "tourism"}, "61"},
	{twin{"轨道", "railway"}, "37"}, {twin{"通信", "telecom"}, "63"}, {twin{"制药", "pharmaceutical"}, "27"},
	{twin{"能源", "energy"}, "44"}, {twin{"传媒", "media"}, "87"}, {twin{"种植", "crop"}, "01"},
	{twin{"网络", "network"}, "64"}, {twin{"纺织", "textile"}, "17"}, {twin{"道路", "highway"}, "48"},
	{twin{"环保", "environmental"}, "77"}, {twin{"航空", "aviation"}, "56"}, {twin{"医疗", "clinical"}, "84"},
	{twin{"养殖", "livestock"}, "03"}, {twin{"船舶", "shipbuilding"}, "37"}, {twin{"水利", "water"}, "76"},
}

// An aspect is a side of a domain's work. Domain and aspect make a field, and the
// field's skills are objects with what is done to them.
type aspect struct {
	objects []twin // fieldObjects
	verbs   []twin // fieldVerbs
	roles   []twin // who does it
	majors  []twin // what it is called where it is taught
}

const (
	fieldObjects = 14
	fieldVerbs   = 7
)

var aspects = []aspect{
	{
		objects: []twin{{"结构", "structure"}, {"参数", "parameter"}, {"图纸", "drawing"}, {"方案", "scheme"}, {"模型", "model"}, {"接口", "interface"}, {"样机", "prototype"},
			{"标准", "standard"}, {"材料", "material"}, {"布局", "layout"}, {"流程", "workflow"}, {"规格", "specification"}, {"仿真", "simulation"}, {"外观", "styling"}},
		verbs:  []twin{{"设计", "design"}, {"建模", "modelling"}, {"优化", "optimisation"}, {"选型", "selection"}, {"评审", "review"}, {"计算", "calculation"}, {"绘制", "drafting"}},
		roles:  []twin{{"设计师", "designer"}, {"工程师", "engineer"}, {"绘图员", "drafter"}, {"建模师", "modeller"}, {"规划师", "planner"}, {"研发员", "developer"}, {"架构师", "architect"}, {"助理", "assistant"}},
		majors: []twin{{"设计", "design"}, {"工程", "engineering"}, {"制图", "drafting"}, {"研发", "development"}, {"规划", "planning"}, {"科学", "science"}},
	},
	{
		objects: []twin{{"设备", "equipment"}, {"工艺", "technique"}, {"夹具", "fixture"}, {"刀具", "tooling"}, {"产线", "line"}, {"部件", "component"}, {"原料", "feedstock"},
			{"班组", "crew"}, {"批次", "batch"}, {"工位", "station"}, {"程序", "program"}, {"包装", "packaging"}, {"工单", "workorder"}, {"能耗", "consumption"}},
		verbs:  []twin{{"操作", "operation"}, {"装配", "assembly"}, {"加工", "processing"}, {"编制", "preparation"}, {"调试", "commissioning"}, {"改进", "improvement"}, {"排产", "sequencing"}},
		roles:  []twin{{"操作工", "operator"}, {"技术员", "technician"}, {"工艺员", "technologist"}, {"装配工", "assembler"}, {"班组长", "foreman"}, {"调试员", "setter"}, {"编程员", "programmer"}, {"学徒", "apprentice"}},
		majors: []twin{{"技术", "technology"}, {"制造", "manufacturing"}, {"工艺", "technique"}, {"生产", "production"}, {"应用", "application"}, {"自动化", "automation"}},
	},
	{
		objects: []twin{{"尺寸", "dimension"}, {"样品", "sample"}, {"缺陷", "defect"}, {"精度", "accuracy"}, {"性能", "performance"}, {"信号", "signal"}, {"隐患", "hazard"},
			{"读数", "reading"}, {"仪器", "instrument"}, {"批号", "lot"}, {"记录", "record"}, {"环境", "ambience"}, {"寿命", "lifetime"}, {"误差", "deviation"}},
		verbs:  []twin{{"检测", "testing"}, {"测量", "measurement"}, {"校准", "calibration"}, {"取样", "sampling"}, {"判定", "assessment"}, {"追溯", "tracing"}, {"统计", "statistics"}},
		roles:  []twin{{"检验员", "inspector"}, {"测试员", "tester"}, {"质检员", "checker"}, {"化验员", "analyst"}, {"计量员", "metrologist"}, {"审核员", "auditor"}, {"试验员", "experimenter"}, {"评价师", "assessor"}},
		majors: []twin{{"检测", "testing"}, {"检验", "inspection"}, {"监测", "monitoring"}, {"质量", "quality"}, {"计量", "metrology"}, {"分析", "analysis"}},
	},
	{
		objects: []twin{{"系统", "system"}, {"故障", "fault"}, {"备件", "spare"}, {"线路", "circuit"}, {"传感", "sensor"}, {"阀门", "valve"}, {"轴承", "bearing"},
			{"日志", "log"}, {"电源", "power"}, {"终端", "terminal"}, {"平台", "platform"}, {"管道", "pipeline"}, {"控制", "control"}, {"机房", "plant"}},
		verbs:  []twin{{"维护", "maintenance"}, {"诊断", "diagnosis"}, {"维修", "repair"}, {"更换", "replacement"}, {"监控", "monitoring"}, {"巡检", "patrol"}, {"升级", "upgrade"}},
		roles:  []twin{{"维修工", "repairer"}, {"运维员", "maintainer"}, {"巡检员", "patroller"}, {"值班员", "attendant"}, {"保障员", "supporter"}, {"抢修工", "fitter"}, {"管理员", "administrator"}, {"售后员", "servicer"}},
		majors: []twin{{"运维", "operations"}, {"维修", "repair"}, {"保障", "support"}, {"维护", "maintenance"}, {"服务", "service"}, {"安全", "safety"}},
	},
	{
		objects: []twin{{"客户", "customer"}, {"合同", "contract"}, {"预算", "budget"}, {"供应", "supply"}, {"库存", "inventory"}, {"订单", "purchase"}, {"项目", "project"},
			{"渠道", "channel"}, {"品牌", "brand"}, {"人员", "staff"}, {"法规", "regulation"}, {"档案", "archive"}, {"市场", "market"}, {"绩效", "appraisal"}},
		verbs:  []twin{{"管理", "management"}, {"分析", "analysis"}, {"谈判", "negotiation"}, {"策划", "campaign"}, {"核算", "accounting"}, {"采购", "procurement"}, {"推广", "promotion"}},
		roles:  []twin{{"经理", "manager"}, {"主管", "supervisor"}, {"专员", "officer"}, {"采购员", "buyer"}, {"销售员", "seller"}, {"顾问", "consultant"}, {"核算员", "accountant"}, {"策划员", "promoter"}},
		majors: []twin{{"管理", "management"}, {"营销", "marketing"}, {"经济", "economics"}, {"经营", "business"}, {"贸易", "trade"}, {"法务", "law"}},
	},
}

// What every field shares: abilities in surroundings.
var (
	surroundings = []twin{{"团队", "team"}, {"顾客", "client"}, {"工程", "engineering"}, {"部门", "department"}, {"现场", "site"},
		{"供方", "vendor"}, {"书面", "written"}, {"外语", "foreign"}, {"公众", "public"}, {"线上", "online"},
		{"安全", "safety"}, {"质量", "quality"}, {"费用", "expense"}, {"进度", "progress"}, {"风险", "risk"}}
	abilities = []twin{{"沟通", "communication"}, {"协调", "coordination"}, {"汇报", "reporting"}, {"计划", "planning"}, {"决策", "decision"},
		{"培训", "training"}, {"学习", "learning"}, {"观察", "observation"}, {"判断", "judgement"}, {"解决", "solving"},
		{"组织", "organisation"}, {"表达", "presentation"}, {"阅读", "literacy"}, {"写作", "writing"}, {"控制", "control"},
		{"创新", "innovation"}, {"服务", "service"}, {"合作", "cooperation"}, {"应变", "adaptation"}, {"责任", "responsibility"}}
)

// Words of texts are put together: two of these characters, and a beginning, a root and
// an ending.
const hanzi = "" +
	"工业生产制造加设计开发研究实验测试检质量标准安全管理组织划协调控系统网络数据信息软件硬电子" +
	"机械动力液压气热冷焊接铸切削装配维修保养护医药化学物流运输仓储采购销售市场客户服务品牌广告" +
	"财会审核法律合同项目预算成本人资源培训教育语言写作沟通团队领导创新环境能水利土木建筑结构材" +
	"料纺印染食饮餐旅游酒店农林牧渔种植殖船舶航空铁路桥梁隧道矿山石油炼钢有色金属塑胶陶瓷玻璃纸"

var (
	beginnings = []string{"auto", "bio", "chem", "cyber", "dyna", "electro", "ferro", "geo", "hydro", "inter",
		"kine", "macro", "mecha", "micro", "multi", "pneu", "poly", "sub", "thermo", "ultra"}
	roots = []string{"band", "base", "beam", "block", "bond", "bore", "brace", "cable", "cast", "cell",
		"chain", "chart", "clad", "clamp", "coil", "core", "crank", "crop", "cut", "damp",
		"data", "deck", "dock", "drill", "drive", "duct", "feed", "fiber", "field", "film",
		"flange", "flow", "flux", "foam", "form", "frame", "fuse", "gate", "gauge", "gear",
		"glaze", "grain", "graph", "grid", "grind", "grip", "hinge", "joint", "key", "knit",
		"lab", "lace", "lathe", "lens", "lift", "link", "load", "loom", "mark", "mesh",
		"meter", "mill", "mold", "mount", "node", "pack", "panel", "phase", "pipe", "plan",
		"plate", "port", "press", "probe", "pump", "rack", "rail", "ramp", "relay", "ring",
		"rotor", "scan", "scope", "seal", "shaft", "shell", "sort", "span", "spin", "stack",
		"stamp", "store", "tank", "trace", "track", "tube", "valve", "vent", "weld", "yard"}
	endings = []string{"a", "al", "ant", "ar", "eon", "er", "et", "ex", "ia", "ic",
		"ide", "in", "is", "ite", "ium", "ix", "o", "on", "or", "us"}
)
