package talent

// A Term is one word of a controlled vocabulary with its Chinese and English
// labels. Also lists other ways in which spreadsheets write it.
type Term struct {
	Value  string
	ZH, EN string
	Also   []string
}

// Vocabularies holds the words of every enumerated field, keyed by "type.field"
// or "field" where all types agree. Import reads them (本科 -> bachelor), pages and
// spreadsheets show them.
var Vocabularies = map[string][]Term{
	"education": {
		{"secondary", "中职", "upper secondary", []string{"中专", "高中", "职高", "技校", "中等职业教育", "中职/高中", "高中及以上", "中专及以上", "中职及以上", "高中以上", "中专以上", "中职以上"}},
		{"postsecondary", "中专后非高等", "post-secondary non-tertiary", []string{"高级技工", "预备技师"}},
		{"associate", "高职专科", "associate", []string{"大专", "专科", "高职", "大学专科", "大专及以上", "专科及以上", "高职及以上", "大专以上", "专科以上", "高职以上", "高职高专"}},
		{"bachelor", "本科", "bachelor", []string{"大学本科", "职业本科", "学士", "本科及以上", "本科以上"}},
		{"master", "硕士", "master", []string{"硕士研究生", "研究生", "硕士及以上", "研究生及以上", "硕士以上", "研究生以上"}},
		{"doctorate", "博士", "doctorate", []string{"博士研究生", "博士及以上", "博士以上"}},
	},
	"organization.kind": {
		{"enterprise", "企业", "enterprise", []string{"公司", "用人单位", "民营企业", "民企", "私营企业", "国有企业", "国企", "外资企业", "外企", "合资企业", "有限公司", "有限责任公司", "股份有限公司"}},
		{"university", "大学", "university", []string{"本科院校", "本科高校", "普通本科", "高校"}},
		{"college", "高职院校", "vocational college", []string{"高职", "职业学院", "专科院校", "高等职业院校"}},
		{"secondary-school", "中职学校", "secondary vocational school", []string{"中职", "中专", "技工学校", "中等职业学校"}},
		{"research-institute", "科研院所", "research institute", []string{"研究院", "研究所", "科研机构"}},
		{"association", "行业协会", "association", []string{"协会", "商会", "商协会"}},
		{"park", "园区", "park", []string{"产业园区", "产业载体", "开发区"}},
		{"platform", "创新平台", "innovation platform", []string{"平台", "科技创新平台"}},
		{"government", "政府部门", "government", []string{"政府", "机关"}},
	},
	"organization.size": {
		{"micro", "微型", "micro", []string{"微型企业"}},
		{"small", "小型", "small", []string{"小型企业", "小"}},
		{"medium", "中型", "medium", []string{"中型企业", "中"}},
		{"large", "大型", "large", []string{"大型企业", "大"}},
	},
	"alliance.kind": {
		{"industry-community", "行业产教融合共同体", "industry community", []string{"产教融合共同体", "共同体"}},
		{"regional-consortium", "市域产教联合体", "regional consortium", []string{"产教联合体", "联合体"}},
		{"school-enterprise", "校企合作", "school-enterprise cooperation", nil},
	},
	"role": {
		{"chair", "理事长单位", "chair", []string{"理事长", "牵头单位"}},
		{"executive-vice-chair", "常务副理事长单位", "executive vice-chair", []string{"常务副理事长"}},
		{"vice-chair", "副理事长单位", "vice-chair", []string{"副理事长"}},
		{"council", "理事单位", "council member", []string{"理事"}},
		{"member", "成员单位", "member", []string{"成员", "会员", "会员单位"}},
		{"secretariat", "秘书处", "secretariat", []string{"秘书长单位"}},
	},
	"skill.kind": {
		{"knowledge", "知识", "knowledge", nil},
		{"skill", "技能", "skill", nil},
		{"tool", "工具", "tool", nil},
		{"certificate", "证书", "certificate", nil},
		{"attitude", "素养", "attitude", []string{"态度"}},
		{SkillGroup, "技能类别", "group", []string{"类别", "技能分类", "技能组"}},
	},
	"mode": {
		{"hire", "招聘", "hire", []string{"就业", "录用", "校招", "社招", "校园招聘", "社会招聘"}},
		{"internship", "实习", "internship", []string{"顶岗实习", "岗位实习"}},
		{"order-class", "订单班", "order class", []string{"订单培养"}},
		{"apprenticeship", "学徒制", "apprenticeship", []string{"现代学徒制", "学徒"}},
	},
	"status": {
		{"open", "招聘中", "open", []string{"开放", "有效"}},
		{"filled", "已招满", "filled", []string{"招满"}},
		{"closed", "已关闭", "closed", []string{"关闭", "已结束"}},
	},
	"per": {
		{"hour", "小时", "hour", []string{"时"}},
		{"day", "日", "day", []string{"天"}},
		{"month", "月", "month", nil},
		{"year", "年", "year", nil},
	},
	"agreement.kind": {
		{"order-class", "订单班", "order class", []string{"订单培养"}},
		{"internship", "实习", "internship", nil},
		{"training-base", "实训基地", "training base", []string{"实习实训基地"}},
		{"practice-centre", "开放型实践中心", "practice centre", []string{"实践中心"}},
		{"innovation-centre", "创新中心", "innovation centre", nil},
		{"mentor", "产业导师", "mentor", []string{"企业导师"}},
		{"apprenticeship", "学徒制", "apprenticeship", []string{"现代学徒制"}},
		{"industry-college", "产业学院", "industry college", []string{"现代产业学院"}},
		{"joint-research", "联合研发", "joint research", []string{"联合攻关"}},
	},
	"period": {
		{"year", "年", "year", []string{"年度"}},
		{"quarter", "季", "quarter", []string{"季度"}},
		{"month", "月", "month", []string{"月度"}},
	},
	"required": {
		{"true", "必备", "required", []string{"必须", "必需", "必要", "是", "required", "yes", "y", "1"}},
		{"false", "优先", "preferred", []string{"加分", "可选", "否", "preferred", "no", "n", "0", "optional"}},
	},
}

// Vocabulary is the words of a field of a record type; nil if it is not
// enumerated.
func Vocabulary(t Type, field string) []Term {
	if v, ok := Vocabularies[string(t)+"."+field]; ok {
		return v
	}
	return Vocabularies[field]
}

// Label is the Chinese (lang "zh") or English label of a word, or the word itself
// when the vocabulary has none.
func Label(t Type, field, value, lang string) string {
	for _, term := range Vocabulary(t, field) {
		if term.Value == value {
			if lang == "zh" {
				return term.ZH
			}
			return term.EN
		}
	}
	return value
}
