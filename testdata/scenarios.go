package testdata

// Info describes a scenario for people.
type Info struct {
	Letter    string // "a".."e"; its records' ids begin with it and a dot
	Alliance  string // id of the alliance record
	NameZH    string
	NameEN    string
	StoryZH   string // one line: what it is about
	StoryEN   string
	Questions []Question
}

// A Question is one that the demo can ask right away. ID or Text is what to ask
// it of: the demand's id (Kind "demand"), the program's id ("program", "align"),
// the search text ("search"), or the facet ("gaps": skill, occupation, region,
// education or year).
type Question struct {
	Kind   string
	ID     string
	Text   string
	ZH, EN string
}

// Scenarios lists the five in order.
var Scenarios = []Info{
	{
		Letter: "a", Alliance: "a.alliance",
		NameZH: "全国智慧教育与信息服务产业产教融合共同体", NameEN: "National Smart Education and Information Service Industry Community",
		StoryZH: "139 家成员、22 个省：校园网与信息服务的人，哪里缺、谁能教。",
		StoryEN: "139 members in 22 provinces: who can train whom for campus networks and information services.",
		Questions: []Question{
			{Kind: "demand", ID: "a.dem.chengge-optical", ZH: "诚歌要 18 名全光校园网交付工程师，哪个专业最合适？", EN: "Chengge needs 18 POL campus network engineers: which program fits best?"},
			{Kind: "program", ID: "a.prog.gmie-classroom", ZH: "智慧教室方向的毕业生可以去哪些岗位？", EN: "Which openings can the smart-classroom graduates serve?"},
			{Kind: "search", Text: "全光校园网", ZH: "搜索“全光校园网”：谁在要人，谁在教？", EN: "Search for all-optical campus networks: who asks, who teaches?"},
			{Kind: "gaps", Text: "region", ZH: "各省供需对照：哪里缺口最大？", EN: "Supply and demand by province: where is the gap largest?"},
			{Kind: "align", ID: "a.prog.gzhu-campus-security", ZH: "广州大学网络安全方向与全部岗位的契合度如何？", EN: "How well is Guangzhou University's network security program aligned?"},
		},
	},
	{
		Letter: "b", Alliance: "b.alliance",
		NameZH: "全国工业互联网产教融合共同体", NameEN: "National Industrial Internet Community",
		StoryZH: "119 家成员：工业互联网平台人才，内陆省份尤其缺；预测需求、开订单班。",
		StoryEN: "119 members: industrial internet platform skills, short inland above all; forecasts and order classes.",
		Questions: []Question{
			{Kind: "demand", ID: "b.dem.getech-platform", ZH: "格创东智在南京要 20 名平台实施工程师，谁能供？", EN: "GETECH needs 20 platform engineers in Nanjing: who can supply them?"},
			{Kind: "program", ID: "b.prog.gdqy-line", ZH: "广东轻工的现代学徒制专业对上了哪些岗位？", EN: "Which openings fit Guangdong Light Industry's apprenticeship program?"},
			{Kind: "search", Text: "工业互联网平台", ZH: "搜索“工业互联网平台”", EN: "Search for industrial internet platform"},
			{Kind: "gaps", Text: "skill", ZH: "哪些技能缺口最大？", EN: "Which skills are shortest?"},
			{Kind: "align", ID: "b.prog.nuit-mes", ZH: "MES 方向还少教了什么、多教了什么？", EN: "What does the MES program lack, and what does nobody ask for?"},
		},
	},
	{
		Letter: "c", Alliance: "c.alliance",
		NameZH: "佛山市南海区产教联合体", NameEN: "Nanhai District Industry-Education Alliance",
		StoryZH: "160 家理事单位：中药配方颗粒专业人才难招，协作县的毕业生在千里之外。",
		StoryEN: "160 council members: formula-granule talent is hard to hire, partner-county graduates are far away.",
		Questions: []Question{
			{Kind: "demand", ID: "c.dem.yifang-granule", ZH: "一方制药要 30 名配方颗粒工艺员，有谁合适？", EN: "Yifang needs 30 formula granule technologists: who fits?"},
			{Kind: "demand", ID: "c.dem.yifang-granule-qa", ZH: "配方颗粒 QA 为什么一直招不到人？", EN: "Why does nobody fit the formula granule QA opening?"},
			{Kind: "program", ID: "c.prog.weld-robot", ZH: "焊接机器人方向的学生能去哪里？", EN: "Where can the robot-welding students go?"},
			{Kind: "search", Text: "配方颗粒", ZH: "搜索“配方颗粒”", EN: "Search for formula granules"},
			{Kind: "gaps", Text: "skill", ZH: "南海最缺哪些技能，哪些教多了？", EN: "Which skills is Nanhai short of, which are over-taught?"},
			{Kind: "align", ID: "c.prog.mould", ZH: "模具专业与区内需求的契合度如何？", EN: "How well is the mould program aligned with local demand?"},
		},
	},
	{
		Letter: "d", Alliance: "d.alliance",
		NameZH: "深圳市域产教联合体", NameEN: "Shenzhen Regional Industry-Education Consortium",
		StoryZH: "68 家成员，围绕深圳职业技术大学与华为：电池、激光、集成电路材料与 ICT。",
		StoryEN: "68 members around Shenzhen Polytechnic University and Huawei: batteries, lasers, IC materials and ICT.",
		Questions: []Question{
			{Kind: "demand", ID: "d.dem.byd-battery", ZH: "比亚迪要 60 名动力电池工艺工程师，哪个专业最合适？", EN: "BYD needs 60 battery process engineers: which program fits best?"},
			{Kind: "program", ID: "d.prog.sziit-laser", ZH: "激光学院的毕业生有哪些岗位可去？", EN: "Which openings can the laser academy's graduates serve?"},
			{Kind: "search", Text: "激光焊接", ZH: "搜索“激光焊接”", EN: "Search for laser welding"},
			{Kind: "gaps", Text: "occupation", ZH: "哪些职业缺口最大？", EN: "Which occupations are shortest?"},
			{Kind: "align", ID: "d.prog.szpu-ict", ZH: "华为ICT学院的课程与岗位要求差在哪里？", EN: "Where does the Huawei ICT Academy program miss what openings ask?"},
		},
	},
	{
		Letter: "e", Alliance: "e.alliance",
		NameZH: "信息工程学院与强丰集团校企合作", NameEN: "School of Information Engineering and Qiangfeng Group",
		StoryZH: "一校一企：上饶智慧物流园 2028 年开园要一千多人，三个专业能覆盖多少？",
		StoryEN: "One school, one group: a logistics park opening in 2028 needs over 1,000 people; what do three majors cover?",
		Questions: []Question{
			{Kind: "program", ID: "e.prog.iot", ZH: "物联网工程技术专业能接住园区的哪些岗位？", EN: "Which of the park's jobs can the IoT major serve?"},
			{Kind: "demand", ID: "e.dem.park-drone", ZH: "开园要 60 名无人机物流运营专员，现在谁在教？", EN: "The park needs 60 drone logistics operators: who teaches that today?"},
			{Kind: "demand", ID: "e.dem.video", ZH: "直播基地的视频制作师找哪个专业？", EN: "Which program suits the live-commerce base's video producers?"},
			{Kind: "search", Text: "无人机物流", ZH: "搜索“无人机物流”", EN: "Search for drone logistics"},
			{Kind: "gaps", Text: "year", ZH: "到 2028 年开园，哪一年缺多少人？", EN: "How many people are missing in which year until the park opens?"},
			{Kind: "align", ID: "e.prog.media", ZH: "数字媒体技术专业该增加什么课程？", EN: "What should the digital media major add?"},
		},
	},
}
