package extract

import (
	"slices"
	"strings"

	"talentmatch/index/taxonomy"
)

// A cueKind is what a word tells about the skills beside it.
type cueKind uint8

const (
	cueLevel   cueKind = iota // how well: value is the level 1..5
	cueNeed                   // required or preferred: value is the Need
	cueNot                    // not needed
	cueNo                     // English "no", which negates together with a later "needed"
	cueWithout                // without the skill; says something only together with cueFine or cueAway
	cueFine                   // "is fine too"
	cueAway                   // "do not apply"
	cueBut                    // ends what was negated
	cueStop                   // a new statement begins: ends the reach of a level
	cueSelf                   // a predicate of the skill right before it, which a list before does not govern
	cueMajor                  // what the list right before it names are fields of study, or departments
	cueMajorIn                // the same of the list behind it
	cueMaker                  // the name right before it is a maker's or a trade's, not a skill
	cueAside                  // the employer speaks of itself up to the end of the sentence
	cueJoin                   // joins a list: and, or, such as
	cueNothing                // shadows a shorter cue
	cueHeading                // heading of a section that asks for nothing
)

// Flags of a cue.
const (
	beforeSkill cueFlag = 1 << iota // counts only right before a skill or another cue
	isHeading                       // a section's heading when it stands alone or before a colon
	postfix                         // stands behind what it is about, unless nothing is there
	inline                          // a heading that is also a cue where it does not stand alone
	local                           // reaches to the end of its statement only, not of its clause
)

type cueFlag uint8

// A cue is one row of the table below.
type cue struct {
	kind  cueKind
	value uint8
	flags cueFlag
	words string // the spellings, parted by |
}

// cues is the table of the words around skills. Of two that overlap the longer
// counts, so that 不要求 is no 要求 and 熟练掌握 no 掌握; what contains a cue without
// meaning it (客户要求, 会议) is listed last.
var cues = []cue{
	{cueLevel, 5, 0, "精通|专家级|专家水平|expert|experts|expertise|mastery|master of|mastered|guru|expert level|expert knowledge"},
	{cueLevel, 4, 0, "熟练|熟练掌握|熟练使用|熟练操作|熟练运用|熟练应用|熟练编写|熟练地使用|熟练地掌握|能熟练|可熟练|娴熟|擅长|得心应手|" +
		"proficient|proficiently|proficiency|advanced|strong|strongly|fluent|fluency|highly skilled|skilled|very good|excellent|in depth|deep"},
	{cueLevel, 3, 0, "掌握|能独立|能够独立|可独立|能独立完成|能够独立完成|可独立完成|能独立进行|独立完成|独立操作|独立编写|独立进行|独立开展|熟悉|熟知|熟识|深入了解|扎实|会使用|会操作|会用|会做|会写|会编|能使用|能操作|能运用|能用|" +
		"working knowledge|solid|experience in|experience with|experience of|experience using|experienced in|experienced with|hands on|" +
		"familiar|familiarity|good knowledge|good understanding|sound knowledge|competent|competence in|comfortable with|able to independently"},
	{cueLevel, 3, beforeSkill, "会|懂"},
	{cueLevel, 1, 0, "了解|瞭解|知道|接触过|略懂|粗通|知晓|初步了解|基本了解|有所了解|一定了解|" +
		"basic|basics of|basics|awareness|aware of|exposure|fundamental knowledge|some knowledge|elementary|beginner|introductory"},

	{cueNeed, uint8(Required), local, "必须|必需|务必|一定要|须具备|需具备|须有|须持|须通过|须取得|需要有|需要具备|需有|需持|应具备|应持"},
	{cueNeed, uint8(Required), 0, "must|need to have|needs to have|you need|you will need|shall have|we require|requires|requiring"},
	{cueNeed, uint8(Required), beforeSkill | local, "需|须|应|需要|要|要有"},
	{cueNeed, uint8(Required), postfix, "必备|必会|持证上岗|必不可少|为必须|是必须的|必须具备的|缺一不可|" +
		"is required|are required|is a must|a must|is essential|are essential|essential|mandatory|is necessary|necessary|needed|compulsory"},
	{cueNeed, uint8(Required), isHeading, "任职要求|岗位要求|职位要求|招聘要求|应聘要求|任职资格|任职条件|岗位条件|职位条件|应聘条件|招聘条件|录用条件|基本要求|基本条件|技能要求|能力要求|专业要求|资格要求|必要条件|硬性要求|硬性条件|要求如下|我们希望你|我们需要你|岗位任职要求|" +
		"requirements|job requirements|qualifications|required qualifications|minimum qualifications|basic qualifications|requirements are|essential skills|what you need|what you bring|what we are looking for|what we're looking for|key skills|skills required"},
	{cueNeed, uint8(Required), isHeading | inline, "必备条件|必备技能|必备能力|must have|must haves|must have skills|required skills"},
	{cueNeed, uint8(Required), isHeading | inline | beforeSkill, "要求"},
	{cueNeed, uint8(Required), isHeading | inline | postfix, "required"},

	{cueNeed, uint8(Preferred), local, "最好|preferably|ideally"},
	{cueNeed, uint8(Preferred), postfix, "优先|者优先|优先录用|优先录取|优先选择|优先聘用|可优先|加分|可加分|能加分|是加分项|为加分项|更是加分项|者佳|为佳|更佳|尤佳|更好|者更好|者更佳|从优|有加分|算加分|非必须|非必需|不是必须|不是必需|不强制|" +
		"is a plus|are a plus|a plus|a big plus|a bonus|is preferred|are preferred|preferred but not required|but not required|but not necessary|but not essential|but not mandatory|great to have|desired|is desirable|advantage|an advantage|an asset|a nice to have|advantageous|beneficial|is welcome|would be nice|optional|not a must"},
	{cueNeed, uint8(Preferred), isHeading, "加分项|加分条件|优先条件|优先项|优先录用条件|额外加分|preferred qualifications|preferred skills|bonus points|bonus|desired skills|pluses|desirable skills|additional skills"},
	{cueNeed, uint8(Preferred), isHeading | inline | postfix, "preferred|nice to have|nice to haves|good to have|优先考虑|desirable"},

	{cueHeading, 0, isHeading, "岗位职责|工作职责|职位描述|岗位描述|工作内容|工作描述|主要职责|职责描述|岗位内容|职位信息|职责|福利待遇|薪资福利|薪酬福利|福利|公司介绍|公司简介|企业简介|关于我们|工作地点|工作时间|联系方式|我们提供|" +
		"responsibilities|key responsibilities|duties|what you will do|what you'll do|about us|about the company|about the role|benefits|we offer|what we offer|job description|the role|your tasks|tasks|description|location"},

	{cueNot, 0, 0, "不要求|不需要|不需|无需|无须|毋须|毋需|不必|不用|用不着|不强求|不涉及|不考核|不考察|不看重|" +
		"don't need|do not need|does not require|doesn't require|do not require|don't require|not require|needn't|no need for|no need to know|no need to|no need of|without the need for"},
	{cueNot, 0, postfix, "不作要求|不做要求|没有要求|无要求|无硬性要求|不作硬性要求|不限|" +
		"not needed|not required|not necessary|not essential|not mandatory|not a requirement|isn't required|isn't needed|isn't necessary|aren't required|aren't needed|not expected"},
	{cueNo, 0, 0, "no|neither|nor|not any"},
	{cueWithout, 0, 0, "没有|无|没|不会|不懂|缺乏|零|without|lack of|lacking"},
	{cueFine, 0, 0, "亦可|也可|均可|也行|都行|可培训|可以培训|提供培训|没关系|皆可|都可|可接受|接受|也能|也没事|也欢迎|is ok|is fine|are welcome|can be trained|will train|welcome to apply"},
	{cueAway, 0, 0, "勿扰|勿投|勿试|勿来|不要投|请绕道|慎投|need not apply"},
	{cueBut, 0, 0, "但|但是|而是|只需|仅需|只要|而|but|however|although"},
	{cueStop, 0, 0, "负责|从事|具备|具有|拥有|参与|完成|协助|配合|持有|取得|获得|有|曾|做|进行|用于|用来|能够|善于|热爱|良好的|较强的|工作经验|" +
		"responsible|manage|assist|support|ability to|able to|you will|we are|with a"},
	{cueStop, 0, beforeSkill, "对|对于"},
	{cueSelf, 0, 0, "能力强|好|强|佳|过硬|丰富|突出|优秀|良好|水平好|经验丰富|能力突出"},
	{cueMajor, 0, 0, "专业|相关专业|类专业|等专业|等相关专业|相关学科|学科|部门|三个部门|板块|或相关专业|及相关专业|类相关专业|or related field|or a related field|or related discipline|degree|major"},
	{cueMajorIn, 0, 0, "degree in|bachelor's in|master's in|diploma in|major in|majoring in|graduate in|专业为|专业是"},
	{cueMaker, 0, 0, "厂|工厂|厂家|公司|企业|产业|产业园|园区|集团|学院|大学|协会|代理商|供应商|行业"},
	{cueAside, 0, 0, "我们是|公司是|本公司是|本公司为|我司是|我司为|公司主营|主营业务|公司拥有|公司成立|成立于|公司位于|坐落于|公司主要|公司专注|专注于|公司致力|致力于|集团涵盖|集团是|集团拥有|集团旗下|" +
		"我们的客户|公司客户|客户包括|客户有|合作伙伴|合作客户|园区配套|宿舍配套|生活配套|厂区毗邻|厂区位于|厂区|毗邻|公司门口|全楼|获评|荣获|上市公司|知名企业|龙头企业|公司产品|产品包括|产品涵盖|产品广泛|" +
		"we are a|we're a|is a leading|is a leader|founded in|our clients|our customers|headquartered|our products|our company|our office"},
	{cueJoin, 0, 0, "和|与|及|以及|或|或者|并|且|等|等等|如|例如|比如|包括|包含|特别是|尤其是|and|or|as well as|&|including|such as|like|e.g|especially|and/or"},
	{cueNothing, 0, 0, "客户要求|顾客要求|工艺要求|技术要求|质量要求|图纸要求|设计要求|生产要求|标准要求|规范要求|安全要求|公司要求|按要求|要求进行|会议|机会|社会|会员|会展|开会|要点|需求|应用|应急|应对|供应|而且|不仅|不只|不但|主要|重要|专业知识|专业技能|专业能力|专业基础|专业课|专业人员|专业英语|专业软件|专业级|有限|有关|有效|所有|只有|有序|好学|强化|增强|加强|曾用"},
}

// cueTrie is the trie of the cues; its labels are positions in cues.
var cueTrie = func() trie {
	keys := map[string]int32{}
	for i, c := range cues {
		for words := range strings.SplitSeq(c.words, "|") {
			keys[taxonomy.Fold(words)] = int32(i) // of two rows with one word the later
		}
	}
	return newTrie(keys)
}()

// listMarkCue is the cue that the marks of a list stand for.
var listMarkCue = func() int32 {
	return int32(slices.IndexFunc(cues, func(c cue) bool { return c.kind == cueJoin }))
}()
