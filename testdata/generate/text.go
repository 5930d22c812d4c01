package generate

import (
	"fmt"
	"strings"

	"talentmatch/talent"
)

// label is the skill's Chinese name or, one time in three, a Chinese or short
// Latin alias: what somebody who has never seen the taxonomy would write.
func label(d dice, s *talent.Skill) string {
	if !d.chance(0.34) {
		return s.Name
	}
	var also []string
	for _, a := range s.Aliases {
		if chinese(a) || len(a) <= 12 {
			also = append(also, a)
		}
	}
	if len(also) == 0 {
		return s.Name
	}
	return pick(d, also)
}

// titles are the words over an advertisement, in Chinese and sometimes English.
func titles(d dice, occ *talent.Occupation, senior bool) (zh, en string) {
	zh = occ.Name
	for _, a := range occ.Aliases {
		if chinese(a) && d.chance(0.25) {
			zh = a
			break
		}
	}
	switch {
	case senior:
		zh = pick(d, []string{"高级", "资深"}) + zh
	case d.chance(0.12):
		zh = pick(d, []string{"初级", "储备", "实习"}) + zh
	case d.chance(0.1):
		zh += pick(d, []string{"（急招）", "（应届生可）", "（包食宿）", "（长白班）"})
	}
	if d.chance(0.3) {
		en = occ.NameEN
	}
	return zh, en
}

var educationWords = map[talent.Education]string{"": "学历不限", talent.Secondary: "中专及以上学历", talent.Associate: "大专及以上学历", talent.Bachelor: "本科及以上学历", talent.Master: "硕士及以上学历"}

// demandText writes the advertisement in one of several voices: the careful
// personnel department, the shop floor, the conference flyer, the letter to a school.
func demandText(d dice, dem *talent.Demand, t *trade, occ *talent.Occupation, needs []need, english bool) string {
	if english {
		return englishText(d, dem, occ, needs)
	}
	words := make([]string, len(needs))
	for i, n := range needs {
		words[i] = label(d, n.skill)
	}
	where, _ := place(dem.Region)
	switch d.weighted([]int{30, 18, 16, 14, 12, 10}) {
	case 0:
		return formal(d, dem, t, occ, needs, words)
	case 1:
		return fmt.Sprintf("招%s%d名，%s要会，%s，%s。%s，有意者%s", occ.Name, dem.Headcount, strings.Join(words, "、"),
			educationWords[dem.Education], pick(d, []string{"能吃苦，服从安排", "手脚勤快，肯学", "有经验的优先，没有也可以带", "能接受倒班"}),
			pick(d, []string{"包吃住，每月准时发工资", "五险一金，有宿舍有食堂", "转正交五险，年底双薪", "工资面议"}),
			pick(d, []string{"带身份证来厂面试", "直接电话联系人事", "加企业微信发简历，合适马上上班"}))
	case 2:
		return fmt.Sprintf("【%s】%d人｜%s｜%s｜%s\n会%s；%s加分。", dem.Title, dem.Headcount, where, educationWords[dem.Education], monthWord(dem.Start),
			strings.Join(words[:max(len(words)-1, 1)], "、"), words[len(words)-1])
	case 3:
		return fmt.Sprintf("我司因业务发展，拟面向合作院校%s等专业定向招收%s %d名，计划%s到岗。学生应掌握%s，了解%s；企业提供导师带教、实训岗位及补贴，考核合格留用。",
			majorWords(d, t, dem.Education), occ.Name, dem.Headcount, monthWord(dem.Start), join(words[:min(3, len(words))]), join(words[min(3, len(words)-1):]))
	case 4:
		return fmt.Sprintf("%s\n要求：%s，%s相关专业，熟悉%s，有%s经验者优先考虑。工作地点：%s。", strings.TrimRight(occ.Text, "。")+"。",
			educationWords[dem.Education], majorWords(d, t, dem.Education), join(words[:min(4, len(words))]), words[len(words)-1], where)
	default:
		return fmt.Sprintf("岗位要求\n1.%s;2.%s\n3.熟练%s\n4.%s优先,待遇从优!!", educationWords[dem.Education], pick(d, []string{"责任心强", "沟通能力好", "身体健康", "有团队精神"}),
			strings.Join(words, ","), words[0])
	}
}

// formal is the two-part advertisement of a personnel department.
func formal(d dice, dem *talent.Demand, t *trade, occ *talent.Occupation, needs []need, words []string) string {
	var b strings.Builder
	b.WriteString("岗位职责：\n")
	duties := 0
	for _, n := range needs {
		if duty := dutyOf(n.skill); duty != "" && duties < 3 && d.chance(0.8) {
			duties++
			fmt.Fprintf(&b, "%d、%s；\n", duties, duty)
		}
	}
	fmt.Fprintf(&b, "%d、%s。\n", duties+1, pick(d, []string{"完成上级交办的其他工作", "配合相关部门做好现场支持", "按时提交工作记录和报表", "参与班组安全与质量改善"}))
	fmt.Fprintf(&b, "任职要求：\n1、%s，%s等相关专业；\n2、掌握%s；\n", educationWords[dem.Education], majorWords(d, t, dem.Education), join(words[:min(3, len(words))]))
	if len(words) > 3 {
		fmt.Fprintf(&b, "3、熟悉%s者优先；\n4、", join(words[3:]))
	} else {
		b.WriteString("3、")
	}
	b.WriteString(pick(d, []string{"工作认真负责，能适应短期出差。", "具有良好的沟通能力和团队意识。", "优秀应届毕业生亦可，公司安排师傅带教。", "同等条件下合作院校毕业生优先。"}))
	return b.String()
}

// dutyOf makes a duty of the sentence that describes a skill: 能检查设备。 -> 检查设备.
func dutyOf(s *talent.Skill) string {
	text := strings.TrimRight(s.Text, "。")
	if rest, ok := strings.CutPrefix(text, "能够"); ok {
		return rest
	}
	if rest, ok := strings.CutPrefix(text, "能"); ok {
		return rest
	}
	return ""
}

func englishText(d dice, dem *talent.Demand, occ *talent.Occupation, needs []need) string {
	words := make([]string, len(needs))
	for i, n := range needs {
		words[i] = n.skill.NameEN
	}
	_, where := place(dem.Region)
	level := map[talent.Education]string{"": "any education", talent.Secondary: "vocational school", talent.Associate: "college diploma", talent.Bachelor: "bachelor's degree", talent.Master: "master's degree"}[dem.Education]
	switch d.IntN(3) {
	case 0:
		return fmt.Sprintf("We are hiring %d %s in %s. You will work with %s. Requirements: %s or above; hands-on experience in %s is a plus. Training and mentor provided, fresh graduates welcome.",
			dem.Headcount, occ.NameEN, where, strings.Join(words[:min(4, len(words))], ", "), level, words[len(words)-1])
	case 1:
		return fmt.Sprintf("%s (%d openings, start %s)\nMust have: %s.\nNice to have: %s.\nEducation: %s. Location: %s.", occ.NameEN, dem.Headcount, dem.Start,
			strings.Join(words[:min(3, len(words))], "; "), strings.Join(words[min(3, len(words)-1):], "; "), level, where)
	default:
		return fmt.Sprintf("Join our %s site as %s. %s Skills: %s. %s required.", where, occ.NameEN, occ.TextEN, strings.Join(words, ", "), level)
	}
}

// join lists words as a sentence does: a、b和c.
func join(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], "、") + "和" + words[len(words)-1]
}

// majorWords are one or two majors of the trade that lead to the education asked.
func majorWords(d dice, t *trade, minimum talent.Education) string {
	var fit []major
	for _, m := range t.majors {
		if m.education.ISCED() >= minimum.ISCED() {
			fit = append(fit, m)
		}
	}
	if len(fit) == 0 {
		fit = t.majors
	}
	a, b := pick(d, fit).zh, pick(d, fit).zh
	if a == b {
		return a
	}
	return a + "、" + b
}

// monthWord is 2026-07 as people write it.
func monthWord(start string) string {
	return strings.TrimSuffix(start[:4]+"年"+strings.TrimPrefix(start[5:], "0")+"月", " ")
}

// programText is what a prospectus says.
func programText(d dice, p *talent.Program, t *trade, courses []course) string {
	var names, skills []string
	for _, c := range courses {
		names = append(names, c.name)
		skills = append(skills, label(d, c.skills[0].skill))
	}
	jobs := make([]string, 0, 3)
	for range 3 {
		if j := pick(d, t.jobs).Name; !strings.Contains(strings.Join(jobs, " "), j) {
			jobs = append(jobs, j)
		}
	}
	where, enWhere := place(p.Region)
	switch d.IntN(5) {
	case 0:
		return fmt.Sprintf("本专业面向%s及周边产业，培养德技并修、能从事%s等岗位工作的高素质技术技能人才。主干课程：%s。", where, join(jobs), strings.Join(names, "、"))
	case 1:
		return fmt.Sprintf("培养掌握%s的%s人才。毕业生就业方向为%s。校内设有理实一体化实训室，实行%s。", join(skills), p.Name, strings.Join(jobs, "、"),
			pick(d, []string{"工学交替", "岗位实习半年", "“2+1”培养", "项目化教学", "现代学徒制试点"}))
	case 2:
		return fmt.Sprintf("开设%s等课程，学生毕业可从事%s。与%s多家企业共建实习基地，年均企业课时不少于%d学时。", strings.Join(names, "、"), join(jobs), where, 8*d.between(8, 30))
	case 3:
		return fmt.Sprintf("%s专业，学制%s，核心能力：%s；核心课程：%s。", p.Name, pick(d, []string{"三年", "三年", "全日制"}), strings.Join(skills, "；"), strings.Join(names, "；"))
	default:
		var en []string
		for _, c := range courses {
			en = append(en, c.skills[0].skill.NameEN)
		}
		return fmt.Sprintf("%s。%s in %s: graduates are trained in %s.", "主要课程有"+strings.Join(names, "、"), p.NameEN, enWhere, strings.Join(en, ", "))
	}
}
