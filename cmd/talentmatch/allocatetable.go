package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"talentmatch/market"
)

// An allocationPage is a seating on a page that a planner reads: the sums, what stays
// empty and why, where a seat would be worth most, reservations and bounds.
type allocationPage struct {
	s     *session
	a     *market.Allocation
	limit int
	zh    bool
}

// inChinese is what the page says, by what it says in English.
var inChinese = map[string]string{
	"%s: %d of %d heads filled from %d graduates of %d cohorts, value %.4f":                                      "%s：%[3]d 个岗位名额中填补 %[2]d 个；%[5]d 届次共 %[4]d 名毕业生；总价值 %.4[6]f",
	"%d heads stay empty, %d graduates have no place; %d sit on reserved seats, %d reserved seats are not taken": "空缺 %d 个名额，%d 名毕业生未落实；%d 人使用协议预留名额，%d 个预留名额未使用",
	"openings that stay empty":                              "未填满的岗位",
	"cohorts with graduates without a place":                "有未落实毕业生的专业届次",
	"where one more graduate would add most":                "增加一名毕业生收益最大的专业",
	"groups, the lowest share first":                        "分组，填补率由低到高",
	"evenness costs %.2f %% of the value that could be had": "公平的代价：总价值的 %.2f %%",
	">share":           ">填补率",
	">filled":          ">已填",
	"group":            "分组",
	"reserved seats":   "协议预留名额",
	"bound %d":         "约束 %d",
	"short because of": "不足原因",
	"too few graduates who are eligible, or heads": "符合条件的毕业生或名额不足",
	"bounds":                               "约束",
	"none":                                 "无",
	"and %d more":                          "另有 %d 项",
	">short":                               ">空缺",
	">of":                                  ">总数",
	">over":                                ">剩余",
	">adds":                                ">增益",
	">seats":                               ">名额",
	">taken":                               ">已用",
	">bound":                               ">约束",
	">min":                                 ">下限",
	">max":                                 ">上限",
	">units":                               ">人数",
	"demand":                               "需求",
	"title":                                "岗位",
	"employer":                             "企业",
	"why":                                  "原因",
	"program":                              "专业编号",
	"year":                                 "届",
	"name":                                 "专业",
	"school":                               "学校",
	"agreement":                            "协议",
	"not kept because":                     "未预留原因",
	"of":                                   "对象",
	"no eligible program":                  "没有符合条件的专业",
	"bound %d is reached":                  "已达到约束 %d",
	"the free seats of %s %d are reserved": "%s %d 届的余额已预留",
	"%s %d (%.4f) has no more graduates":   "%s %d 届（%.4f）已无更多毕业生",
	"%s %d (%.4f here) is needed first at %s (%.4f)":  "%s %d 届（此处 %.4f）须先满足 %s（%.4f）",
	"%s %d (%.4f here) rather goes to %s (%.4f)":      "%s %d 届（此处 %.4f）更愿去 %s（%.4f）",
	"%s (%.4f here) first takes %s %d (%.4f)":         "%s（此处 %.4f）须先接收 %s %d 届（%.4f）",
	"%s (%.4f here) rather has %s %d (%.4f)":          "%s（此处 %.4f）更愿接收 %s %d 届（%.4f）",
	"%s %d (%.4f here) is worth as much at %s (%.4f)": "%s %d 届（此处 %.4f）在 %s 价值不低于此（%.4f）",
	"eligible for no opening":                         "不符合任何岗位的条件",
	"its free seats are reserved":                     "余额已预留",
	"%s (%.4f) has no free head":                      "%s（%.4f）已无空缺名额",
	"%s (%.4f here) has %s %d (%.4f)":                 "%s（此处 %.4f）已由 %s %d 届填补（%.4f）",
	"%d by %s":                                        "%[2]s排除 %[1]d 个",
	": ":                                              "：",
	"; ":                                              "；",
	"education":                                       "学历",
	"required_skill":                                  "必备技能",
	"timing":                                          "时间",
	"status":                                          "状态",
	"year_or_min_score":                               "届次或最低分",
	"no more graduates or heads":                      "毕业生或岗位名额不足",
	"the enterprise has no such opening":              "企业没有这样的岗位",
	"no eligible pair":                                "没有符合条件的组合",
	"no cohort leaves within its dates":               "协议期内没有毕业届次",
}

// say is a text in the page's language; what is not in the list is data.
func (p *allocationPage) say(text string, args ...any) string {
	if zh, ok := inChinese[text]; ok && p.zh {
		text = zh
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

func (p *allocationPage) table(header ...string) *table {
	for i := range header {
		header[i] = p.say(header[i])
	}
	return newTable("  ", header...)
}

func (p *allocationPage) write() {
	sum := &p.a.Summary
	p.line("%s: %d of %d heads filled from %d graduates of %d cohorts, value %.4f", sum.Policy, sum.Filled, sum.Headcount, sum.Graduates, sum.Cohorts, sum.Value)
	p.line("%d heads stay empty, %d graduates have no place; %d sit on reserved seats, %d reserved seats are not taken", sum.Unfilled, sum.Unplaced, sum.OnReserved, sum.NotReserved)
	if v := sum.PriceOfFairness; v != nil {
		p.line("evenness costs %.2f %% of the value that could be had", 100**v)
	}
	p.groups()
	p.openings()
	p.cohorts()
	if proof := p.a.Proof; proof != nil && proof.FilledBonus == 0 {
		p.prices() // with a bonus in them, they say nothing of value
	}
	p.reserved()
	p.bounds()
}

func (p *allocationPage) line(text string, args ...any) {
	fmt.Fprintln(p.s.out, p.say(text, args...))
}

// rows writes a table under its title, and how many rows it leaves out.
func (p *allocationPage) rows(title string, t *table, all int) {
	fmt.Fprintln(p.s.out)
	p.line(title)
	if all == 0 {
		fmt.Fprintf(p.s.out, "  %s\n", p.say("none"))
		return
	}
	t.write(p.s.out)
	if all > p.limit {
		fmt.Fprintf(p.s.out, "  %s\n", p.say("and %d more", all-p.limit))
	}
}

func (p *allocationPage) groups() {
	if len(p.a.Groups) == 0 {
		return
	}
	list := slices.Clone(p.a.Groups)
	slices.SortStableFunc(list, func(x, y market.AllocatedGroup) int { return cmp.Compare(x.Share, y.Share) })
	t := p.table(">share", ">filled", ">of", "group")
	for _, g := range list[:min(p.limit, len(list))] {
		t.add(fmt.Sprintf("%.4f", g.Share), fmt.Sprint(g.Filled), fmt.Sprint(g.Headcount), g.Group)
	}
	p.rows("groups, the lowest share first", t, len(list))
}

func (p *allocationPage) openings() {
	list := slices.DeleteFunc(slices.Clone(p.a.Openings), func(o market.AllocatedOpening) bool { return o.Why == nil })
	slices.SortStableFunc(list, func(x, y market.AllocatedOpening) int { return cmp.Compare(y.Why.Short, x.Why.Short) })
	t := p.table(">short", ">of", "demand", "title", "employer", "why")
	for _, o := range list[:min(p.limit, len(list))] {
		t.add(fmt.Sprint(o.Why.Short), fmt.Sprint(o.Headcount), o.Demand, cut(o.Title, 30), cut(cmp.Or(o.EmployerName, o.Employer), 30), p.openingWhy(o.Why))
	}
	p.rows("openings that stay empty", t, len(list))
}

func (p *allocationPage) openingWhy(w *market.AllocationReason) string {
	switch {
	case w.Cause == "none-eligible":
		text := p.say("no eligible program")
		for i, gate := range slices.Sorted(maps.Keys(w.Gates)) {
			text += p.say([]string{": ", "; "}[min(i, 1)]) + p.say("%d by %s", w.Gates[gate], p.say(gate))
		}
		return text
	case w.Cause == "at-limit":
		return p.say("bound %d is reached", *w.Bound)
	case w.Cause == "reserved":
		return p.say("the free seats of %s %d are reserved", w.Program, w.Year)
	case w.AtDemand == "":
		return p.say("%s %d (%.4f) has no more graduates", w.Program, w.Year, *w.Value)
	case w.Cause == "needed-first-elsewhere":
		return p.say("%s %d (%.4f here) is needed first at %s (%.4f)", w.Program, w.Year, *w.Value, w.AtDemand, *w.There)
	case w.Cause == "prefer-elsewhere":
		return p.say("%s %d (%.4f here) rather goes to %s (%.4f)", w.Program, w.Year, *w.Value, w.AtDemand, *w.There)
	}
	return p.say("%s %d (%.4f here) is worth as much at %s (%.4f)", w.Program, w.Year, *w.Value, w.AtDemand, *w.There)
}

func (p *allocationPage) cohorts() {
	list := slices.DeleteFunc(slices.Clone(p.a.Cohorts), func(c market.AllocatedCohort) bool { return c.Why == nil })
	slices.SortStableFunc(list, func(x, y market.AllocatedCohort) int { return cmp.Compare(y.Why.Short, x.Why.Short) })
	t := p.table(">over", ">of", "program", "year", "name", "school", "why")
	for _, c := range list[:min(p.limit, len(list))] {
		t.add(fmt.Sprint(c.Why.Short), fmt.Sprint(c.Graduates), c.Program, fmt.Sprint(c.Year), cut(c.Name, 24), cut(cmp.Or(c.SchoolName, c.School), 30), p.cohortWhy(c.Why))
	}
	p.rows("cohorts with graduates without a place", t, len(list))
}

func (p *allocationPage) cohortWhy(w *market.AllocationReason) string {
	switch {
	case w.Cause == "none-eligible":
		return p.say("eligible for no opening")
	case w.Cause == "at-limit":
		return p.say("bound %d is reached", *w.Bound)
	case w.Cause == "reserved":
		return p.say("its free seats are reserved")
	case w.AtProgram == "":
		return p.say("%s (%.4f) has no free head", w.Demand, *w.Value)
	case w.Cause == "needed-first-elsewhere":
		return p.say("%s (%.4f here) first takes %s %d (%.4f)", w.Demand, *w.Value, w.AtProgram, w.AtYear, *w.There)
	case w.Cause == "prefer-elsewhere":
		return p.say("%s (%.4f here) rather has %s %d (%.4f)", w.Demand, *w.Value, w.AtProgram, w.AtYear, *w.There)
	}
	return p.say("%s (%.4f here) has %s %d (%.4f)", w.Demand, *w.Value, w.AtProgram, w.AtYear, *w.There)
}

func (p *allocationPage) prices() {
	list := slices.DeleteFunc(slices.Clone(p.a.Cohorts), func(c market.AllocatedCohort) bool { return *c.Price == 0 })
	slices.SortStableFunc(list, func(x, y market.AllocatedCohort) int { return cmp.Compare(*y.Price, *x.Price) })
	t := p.table(">adds", "program", "year", "name", "school")
	for _, c := range list[:min(p.limit, len(list))] {
		t.add(fmt.Sprintf("%.4f", *c.Price), c.Program, fmt.Sprint(c.Year), cut(c.Name, 24), cut(cmp.Or(c.SchoolName, c.School), 30))
	}
	p.rows("where one more graduate would add most", t, len(list))
}

func (p *allocationPage) reserved() {
	if len(p.a.Reserved) == 0 {
		return
	}
	t := p.table(">seats", ">taken", "agreement", "program", "year", "not kept because")
	for _, r := range p.a.Reserved[:min(p.limit, len(p.a.Reserved))] {
		t.add(fmt.Sprint(r.Seats), fmt.Sprint(r.Taken), r.Agreement, r.Program, yearText(r.Year), p.say(r.Why))
	}
	p.rows("reserved seats", t, len(p.a.Reserved))
}

func (p *allocationPage) bounds() {
	if len(p.a.Bounds) == 0 {
		return
	}
	t := p.table(">bound", ">min", ">max", ">units", ">short", "of", "short because of")
	for i, b := range p.a.Bounds[:min(p.limit, len(p.a.Bounds))] {
		of := ""
		for _, v := range []string{b.Program, b.Demand, b.School, b.Enterprise, b.Region, b.Of} {
			if v != "" {
				of += " " + v
			}
		}
		t.add(fmt.Sprint(i), wholeOr(b.Min), wholeOr(b.Max), fmt.Sprint(b.Units), fmt.Sprint(b.Short), strings.TrimSpace(of), p.boundWhy(&b))
	}
	p.rows("bounds", t, len(p.a.Bounds))
}

// boundWhy names what a bound that is short cannot be kept with.
func (p *allocationPage) boundWhy(b *market.AllocatedBound) string {
	if b.Short == 0 {
		return ""
	}
	var list []string
	for _, i := range b.ConflictBounds {
		list = append(list, p.say("bound %d", i))
	}
	list = append(list, b.ConflictAgreements...)
	if len(list) == 0 {
		return p.say("too few graduates who are eligible, or heads")
	}
	return strings.Join(list, ", ")
}

func wholeOr(v *int64) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(*v)
}
