package interchange

import "talentmatch/talent"

// A header names one column of a record type. The first header of a field is the
// one that exports use; spaces, case, width, a trailing * or (必填) do not count
// when a file is read.
type header struct {
	name  string // the field, groups with a dot: "keys.skill"
	en    string // the English header; "" is name
	zh    string // the Chinese header
	also  string // others, separated by spaces
	codec *codec // nil is by the kind of the field
}

// headers is every column of every type, in the order of an export. It is the
// vocabulary that people see in spreadsheets.
var headers = map[talent.Type][]header{
	talent.TypeRegion: {
		{name: "id", zh: "地区代码", also: "编号 代码 地区编号 区划代码 行政区划代码"},
		{name: "name", zh: "地区名称", also: "名称 地区 区域名称"},
		{name: "name_en", zh: "英文名称", also: "英文名 名称（英文）"},
		{name: "parent", zh: "上级地区", also: "上级地区代码 上级代码 所属地区 上级"},
		{name: "lat", zh: "纬度", also: "latitude 北纬"},
		{name: "lon", zh: "经度", also: "longitude lng 东经"},
		{name: "note", zh: "备注", also: "说明 附注"},
	},
	talent.TypeSkill: {
		{name: "id", zh: "技能编号", also: "编号 技能代码 代码"},
		{name: "name", zh: "技能名称", also: "名称 技能"},
		{name: "name_en", zh: "英文名称", also: "英文名 名称（英文） 技能英文名称"},
		{name: "text", zh: "技能描述", also: "描述 技能说明 内容"},
		{name: "text_en", zh: "英文描述", also: "描述（英文）"},
		{name: "kind", zh: "技能类型", also: "类型 类别 技能类别"},
		{name: "broader", zh: "上位技能", also: "上级技能 所属技能", codec: idListCodec},
		{name: "related", zh: "相关技能", also: "关联技能", codec: idListCodec},
		{name: "aliases", zh: "别名", also: "同义词 其他名称 又名 alias"},
		{name: "note", zh: "备注", also: "说明 附注"},
	},
	talent.TypeOccupation: {
		{name: "id", zh: "职业编号", also: "编号 职业代码 代码 职业编码"},
		{name: "name", zh: "职业名称", also: "名称 职业 工种 工种名称"},
		{name: "name_en", zh: "英文名称", also: "英文名 名称（英文） 职业英文名称"},
		{name: "text", zh: "职业描述", also: "描述 职业定义 工作内容 职业说明 内容"},
		{name: "text_en", zh: "英文描述", also: "描述（英文）"},
		{name: "parent", zh: "上级职业", also: "上级职业编号 所属职业 上级"},
		{name: "aliases", zh: "别名", also: "同义词 其他名称 又名 alias"},
		{name: "skills", zh: "所需技能", also: "技能 技能要求 skill", codec: occupationSkillsCodec},
		{name: "note", zh: "备注", also: "说明 附注"},
	},
	talent.TypeOrganization: {
		{name: "id", zh: "单位编号", also: "编号 机构编号 组织编号 企业编号 学校编号 院校编号 单位代码 代码"},
		{name: "name", zh: "单位名称", also: "名称 单位 机构名称 组织名称 企业名称 学校名称 院校名称 公司名称"},
		{name: "name_en", zh: "英文名称", also: "英文名 名称（英文）"},
		{name: "kind", zh: "单位类型", also: "类型 类别 单位类别 机构类型 单位性质 性质"},
		{name: "size", zh: "规模", also: "单位规模 企业规模"},
		{name: "region", zh: "所在地区", also: "地区 地区代码 所在地 所在区域 区域 行政区划 行政区划代码 城市 所在城市"},
		{name: "industry", zh: "行业", also: "行业代码 所属行业 行业分类"},
		{name: "note", zh: "备注", also: "说明 附注"},
	},
	talent.TypeAlliance: {
		{name: "id", zh: "联盟编号", also: "编号 联合体编号 共同体编号 代码"},
		{name: "name", zh: "联盟名称", also: "名称 联合体名称 共同体名称"},
		{name: "name_en", zh: "英文名称", also: "英文名 名称（英文）"},
		{name: "kind", zh: "联盟类型", also: "类型 类别"},
		{name: "regions", zh: "覆盖地区", also: "地区 地区代码 区域 region", codec: regionListCodec},
		{name: "industries", zh: "面向行业", also: "行业 行业代码 industry"},
		{name: "members", zh: "成员单位", also: "成员 成员名单 member", codec: membersCodec},
		{name: "targets", zh: "建设目标", also: "目标 目标任务 target", codec: targetsCodec},
		{name: "note", zh: "备注", also: "说明 附注"},
	},
	talent.TypeProgram: {
		{name: "id", zh: "专业编号", also: "编号 专业点编号"},
		{name: "school", zh: "院校编号", also: "学校编号 学校 院校 所属院校 所属学校 开设院校 学校代码 院校代码"},
		{name: "name", zh: "专业名称", also: "名称 专业"},
		{name: "name_en", zh: "英文名称", also: "英文名 名称（英文） 专业英文名称"},
		{name: "text", zh: "专业描述", also: "描述 专业介绍 专业简介 培养目标 内容"},
		{name: "code", zh: "专业代码", also: "代码"},
		{name: "region", zh: "所在地区", also: "地区 地区代码 所在地 区域 办学地点 城市 所在城市"},
		{name: "education", zh: "学历层次", also: "学历 层次 培养层次 办学层次 教育层次"},
		{name: "skills", zh: "培养技能", also: "技能 专业技能 能力 skill", codec: programSkillsCodec},
		{name: "courses", zh: "课程", also: "课程设置 主要课程 核心课程 course", codec: coursesCodec},
		{name: "cohorts", zh: "毕业生", also: "毕业生人数 毕业生数 各届毕业生 届次 cohort", codec: cohortsCodec},
		{name: "employment_rate", zh: "就业率", codec: shareCodec},
		{name: "further_study_rate", zh: "升学率", also: "深造率", codec: shareCodec},
		{name: "retention", zh: "留本地比例", also: "留本地率 本地就业率 留存率 本地就业比例", codec: shareCodec},
		{name: "note", zh: "备注", also: "说明 附注"},
	},
	talent.TypeDemand: {
		{name: "id", zh: "需求编号", also: "编号 岗位编号 职位编号"},
		{name: "employer", zh: "用人单位编号", also: "企业编号 单位编号 用人单位 企业 招聘单位 所属企业 公司"},
		{name: "title", zh: "岗位名称", also: "职位 岗位 职位名称 名称 招聘岗位"},
		{name: "title_en", zh: "岗位英文名称", also: "英文名称 英文名 岗位名称（英文）"},
		{name: "text", zh: "岗位描述", also: "描述 职位描述 岗位职责 工作内容 任职要求 内容"},
		{name: "occupation", zh: "职业编号", also: "职业 职业代码"},
		{name: "industry", zh: "行业", also: "行业代码 所属行业"},
		{name: "region", zh: "工作地点", also: "工作地点代码 地区代码 地区 工作地区 所在地区 城市 工作城市 地点"},
		{name: "headcount", zh: "招聘人数", also: "人数 需求人数 招聘数量 需求数量 岗位数"},
		{name: "start", zh: "到岗时间", also: "到岗月份 到岗日期 开始时间 入职时间", codec: monthCodec},
		{name: "education", zh: "学历要求", also: "最低学历 学历"},
		{name: "mode", zh: "合作方式", also: "用工方式 合作模式 招聘方式 用工形式"},
		{name: "salary", zh: "薪资", also: "工资 薪酬 月薪 薪资待遇 薪资范围", codec: salaryCodec},
		{name: "salary.min", en: "salary_min", zh: "薪资下限", also: "最低薪资 最低工资 最低月薪"},
		{name: "salary.max", en: "salary_max", zh: "薪资上限", also: "最高薪资 最高工资 最高月薪"},
		{name: "salary.currency", en: "salary_currency", zh: "薪资币种", also: "币种"},
		{name: "salary.per", en: "salary_per", zh: "薪资周期", also: "计薪周期 薪资单位"},
		{name: "priority", zh: "优先级", also: "紧急程度"},
		{name: "status", zh: "状态", also: "需求状态 招聘状态"},
		{name: "posted", zh: "发布日期", also: "发布时间", codec: dateCodec},
		{name: "until", zh: "截止日期", also: "截止时间 有效期至", codec: dateCodec},
		{name: "skills", zh: "技能要求", also: "技能 所需技能 skill", codec: demandSkillsCodec},
		{name: "note", zh: "备注", also: "说明 附注"},
	},
	talent.TypeAgreement: {
		{name: "id", zh: "协议编号", also: "编号 合同编号 合作编号"},
		{name: "program", zh: "专业编号", also: "专业 合作专业"},
		{name: "school", zh: "院校编号", also: "学校编号 学校 院校 合作院校 学校代码"},
		{name: "enterprise", zh: "企业编号", also: "企业 合作企业 单位编号 用人单位编号"},
		{name: "demand", zh: "需求编号", also: "需求 岗位编号"},
		{name: "kind", zh: "合作类型", also: "类型 类别 协议类型 合作方式"},
		{name: "seats", zh: "名额", also: "席位 人数 学位数 培养人数"},
		{name: "from", zh: "开始日期", also: "起始日期 生效日期 开始时间 签约日期", codec: dateCodec},
		{name: "until", zh: "结束日期", also: "终止日期 截止日期 到期日期 结束时间", codec: dateCodec},
		{name: "note", zh: "备注", also: "说明 附注"},
	},
	talent.TypeCrosswalk: {
		{name: "from", zh: "源编号", also: "源代码 来源编号 起"},
		{name: "to", zh: "目标编号", also: "目标代码 对应编号 止"},
		{name: "weight", zh: "权重", also: "对应度 相似度", codec: shareCodec},
		{name: "source", zh: "来源", also: "数据来源 出处"},
		{name: "note", zh: "备注", also: "说明 附注"},
	},
	talent.TypeOutcome: {
		{name: "demand", zh: "需求编号", also: "需求 岗位编号"},
		{name: "program", zh: "专业编号", also: "专业"},
		{name: "year", zh: "年份", also: "年度 年 届", codec: yearCodec},
		{name: "hired", zh: "录用人数", also: "录用 人数 就业人数 招聘人数 入职人数"},
		{name: "rating", zh: "评分", also: "满意度 评价"},
		{name: "note", zh: "备注", also: "说明 附注"},
	},
	talent.TypeSeries: {
		{name: "id", zh: "序列编号", also: "编号 指标编号"},
		{name: "measure", zh: "指标", also: "度量 指标名称"},
		{name: "age_group", zh: "年龄组", also: "年龄段"},
		{name: "keys.skill", zh: "技能编号", also: "技能 skill"},
		{name: "keys.occupation", zh: "职业编号", also: "职业 occupation"},
		{name: "keys.region", zh: "地区代码", also: "地区 region"},
		{name: "keys.industry", zh: "行业代码", also: "行业 industry"},
		{name: "period", zh: "周期", also: "频率"},
		{name: "start", zh: "起始期", also: "起始时间 开始时间 起点", codec: periodCodec},
		{name: "values", zh: "数值", also: "值 数据 value"},
		{name: "note", zh: "备注", also: "说明 附注"},
	},
}

// typeHeader is a column that every table may have.
var typeHeader = header{name: "type", zh: "记录类型", also: "数据类型", codec: typeCodec}

// ignoredHeaders are columns that number the rows and say nothing about them.
var ignoredHeaders = "序号 行号 no. no #"

// unitNotes are what people put in parentheses behind a header without changing
// its meaning.
var unitNotes = "人 名 个 元 元/月 月 课时 学时 % yyyy-mm yyyy-mm-dd 年 年月 年月日 多选 单选 可多选"

// typeNames are the words by which a sheet or file is known: the first Chinese one
// names the sheets of an export.
var typeNames = map[talent.Type][]string{
	talent.TypeRegion:       {"地区", "区域", "行政区划"},
	talent.TypeSkill:        {"技能", "技能库"},
	talent.TypeOccupation:   {"职业", "工种", "职业库"},
	talent.TypeOrganization: {"单位", "企业", "院校", "学校", "高校", "机构", "组织", "公司"},
	talent.TypeAlliance:     {"产教联盟", "联盟", "联合体", "共同体"},
	talent.TypeProgram:      {"专业", "培养方案"},
	talent.TypeDemand:       {"岗位需求", "需求", "人才需求", "招聘", "岗位", "职位"},
	talent.TypeAgreement:    {"合作协议", "协议", "校企合作"},
	talent.TypeCrosswalk:    {"代码对照", "对照", "映射"},
	talent.TypeOutcome:      {"录用结果", "结果", "成效"},
	talent.TypeSeries:       {"时间序列", "序列"},
}

// examples are what Help shows for columns whose form has no example of its own,
// by "type.column" or by column; enumerated columns show their words.
var examples = map[string]string{
	"id":              "gd.fs-2026-001",
	"name":            "PLC编程",
	"name_en":         "PLC programming",
	"text":            "负责自动化产线的调试与维护，能读懂电气图。",
	"text_en":         "Commissions and maintains automated lines.",
	"note":            "2026年3月核对",
	"industry":        "C39",
	"industries":      "C39; I65",
	"occupation":      "occ.plc-engineer",
	"program":         "prog.szpt-560301",
	"demand":          "dem.fs-2026-001",
	"school":          "org.szpt",
	"enterprise":      "org.foxconn",
	"keys.skill":      "sk.plc-programming",
	"keys.occupation": "occ.plc-engineer",
	"keys.industry":   "C39",

	"region.id":         "park.nanhai-1",
	"region.name":       "南海智能制造产业园",
	"region.name_en":    "Nanhai Smart Manufacturing Park",
	"region.lat":        "23.03",
	"region.lon":        "113.14",
	"skill.id":          "sk.plc-programming",
	"occupation.id":     "occ.plc-engineer",
	"occupation.name":   "自动化工程师",
	"occupation.parent": "occ.engineer",
	"organization.id":   "org.foxconn",
	"organization.name": "佛山某某机器人有限公司",
	"alliance.name":     "佛山市智能制造产教联合体",
	"program.name":      "机电一体化技术",
	"program.code":      "460301",
	"demand.employer":   "org.foxconn",
	"demand.title":      "自动化工程师",
	"demand.title_en":   "Automation engineer",
	"demand.headcount":  "12",
	"salary.min":        "8000",
	"salary.max":        "12000",
	"salary.currency":   "CNY",
	"demand.priority":   "4",
	"agreement.seats":   "40",
	"crosswalk.from":    "460301",
	"crosswalk.to":      "occ.plc-engineer",
	"crosswalk.source":  "2026年专家组",
	"outcome.year":      "2026",
	"outcome.hired":     "11",
	"outcome.rating":    "4",
	"series.id":         "ser.foshan-openings",
	"series.measure":    "openings",
	"series.age_group":  "25-34",
}
