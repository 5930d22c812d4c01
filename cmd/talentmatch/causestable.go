package main

import (
	"cmp"
	"fmt"
	"strconv"

	"talentmatch/market"
)

// writeCauses writes the answer for people.
func writeCauses(s *session, a *market.CausesAnswer, zh bool) {
	p := causesPage{s, a, zh}
	p.write()
}

// A causesPage writes the answer for people.
type causesPage struct {
	s  *session
	a  *market.CausesAnswer
	zh bool
}

// causesInChinese is what the page says, by what it says in English.
var causesInChinese = map[string]string{
	"skill": "技能", "occupation": "职业", "region": "地区", "education": "学历", "year": "年份", "industry": "行业", "employer_kind": "用人单位类型", "program": "专业",
	"timing": "时间", "skills": "技能", "place": "地点", "reservations": "预留", "numbers": "人数不足",
	">demands": ">需求", ">heads": ">名额", ">unfilled": ">空缺", ">certain": ">确定短缺", ">possible": ">可能短缺",
	">numbers": ">人数不足", ">education": ">学历", ">timing": ">时间", ">skills": ">技能", ">place": ">地点", ">reservations": ">预留",
	"cause": "原因", ">lifted first": ">单独放开可填", ">lifted last": ">最后放开可填", ">programs": ">专业", ">available": ">可用毕业生",
	">certainly left": ">确定剩余", ">possibly left": ">可能剩余", "(not said)": "（未说明）", "(no skills)": "（无技能要求）",
	"%d of %d heads of %d openings stay empty in every greatest placement.\n":                                                                "%[3]d 个岗位需求共 %[2]d 个名额，任何最大安置下都有 %[1]d 个空缺。\n",
	"%d of %d heads of %d openings stay empty (%d to %d over all greatest placements); %d other openings compete and fill %d heads.\n":       "%[3]d 个岗位需求共 %[2]d 个名额，空缺 %[1]d 个（各种最大安置下 %[4]d 至 %[5]d 个）；另有 %[6]d 个岗位需求相争，填 %[7]d 个名额。\n",
	"Of %d graduates %d study on and %d are hired; %d are available: %d reserved, %d who take work anywhere, the others stay in their %s.\n": "毕业生 %d 人，升学 %d 人，已录用 %d 人，可用 %d 人：其中预留 %d 人，可去任何地方 %d 人，其余留在所在%s。\n",
	"%d of them find no head in any greatest placement.\n":                                                                                   "其中 %d 人在任何最大安置中都没有名额。\n",
	"country": "国家", "province": "省份", "prefecture": "地市",
	"Too many programs to list all: unfilled heads and the share of skills are upper bounds.\n": "专业过多，未全部列出：空缺与技能份额为上界。\n",
	"%d of %d groups; %d of %d heads unfilled":                                                  "%[2]d 组中的 %[1]d 组；%[4]d 个名额中空缺 %[3]d 个", "more with --cursor %s": "更多：--cursor %s",
	"no openings": "没有岗位", "What would help\n": "如何补上\n", "%s: %d unfilled\n": "%s：空缺 %d\n", "Graduates left over\n": "剩余毕业生\n", "%d more groups; --limit shows more\n": "另有 %d 组，可用 --limit 多列\n",
}

func (p *causesPage) say(text string) string {
	if p.zh {
		return cmp.Or(causesInChinese[text], text)
	}
	return text
}

func (p *causesPage) print(format string, args ...any) { fmt.Fprintf(p.s.out, p.say(format), args...) }

func (p *causesPage) write() {
	if len(p.a.Items) == 0 {
		p.print("no openings")
		p.print("\n")
		return
	}
	p.total()
	p.print("\n")
	p.groups()
	p.cures()
	p.surplus()
}

func (p *causesPage) total() {
	m := &p.a.Meta
	t, s := &m.Total, &m.Supply
	if others := &m.Competing; others.Demands > 0 {
		p.print("%d of %d heads of %d openings stay empty (%d to %d over all greatest placements); %d other openings compete and fill %d heads.\n",
			t.Unfilled, t.Heads, t.Demands, t.CertainShortage, t.PossibleShortage, others.Demands, others.Filled)
	} else {
		p.print("%d of %d heads of %d openings stay empty in every greatest placement.\n", t.Unfilled, t.Heads, t.Demands)
	}
	p.print("Of %d graduates %d study on and %d are hired; %d are available: %d reserved, %d who take work anywhere, the others stay in their %s.\n",
		s.Graduates, s.FurtherStudy, s.Hired, s.Available, s.Reserved, s.Moving, p.say(m.Reach))
	p.print("%d of them find no head in any greatest placement.\n", s.Surplus)
	if m.Listed != "all" {
		p.print("Too many programs to list all: unfilled heads and the share of skills are upper bounds.\n")
	}
	p.print("\n")
	table := newTable("", p.say("cause"), p.say(">unfilled"), p.say(">lifted first"), p.say(">lifted last"))
	table.add(p.say("numbers"), heads(t.Shares.Numbers), "", "")
	for _, x := range []struct {
		name        string
		share       float64
		first, last float64
	}{
		{"education", t.Shares.Education, t.First.Education, t.Last.Education}, {"timing", t.Shares.Timing, t.First.Timing, t.Last.Timing},
		{"skills", t.Shares.Skills, t.First.Skills, t.Last.Skills}, {"place", t.Shares.Place, t.First.Place, t.Last.Place},
		{"reservations", t.Shares.Reservations, t.First.Reservations, t.Last.Reservations},
	} {
		table.add(p.say(x.name), heads(x.share), strconv.FormatFloat(x.first, 'f', -1, 64), strconv.FormatFloat(x.last, 'f', -1, 64))
	}
	table.write(p.s.out)
}

// heads shows heads in hundredths, as many as there are.
func heads(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) }

func (p *causesPage) groups() {
	header := []string{p.say(p.a.Meta.By)}
	for _, h := range []string{">demands", ">heads", ">unfilled", ">certain", ">possible", ">numbers", ">education", ">timing", ">skills", ">place", ">reservations"} {
		header = append(header, p.say(h))
	}
	table := newTable("", header...)
	for i := range p.a.Items {
		g := &p.a.Items[i]
		x := &g.Shares
		table.add(cut(p.label(g), 40), strconv.Itoa(g.Demands), strconv.FormatInt(g.Heads, 10), strconv.FormatInt(g.Unfilled, 10), strconv.FormatInt(g.CertainShortage, 10),
			strconv.FormatInt(g.PossibleShortage, 10), heads(x.Numbers), heads(x.Education), heads(x.Timing), heads(x.Skills), heads(x.Place), heads(x.Reservations))
	}
	table.write(p.s.out)
}

func (p *causesPage) label(g *market.CausesGroup) string {
	return p.named(g.Key, g.Name, g.NameEN)
}

func (p *causesPage) named(key, name, english string) string {
	switch {
	case key == "-" && (name == "" || name == "-"):
		return p.say("(not said)")
	case !p.zh && english != "":
		return english
	}
	return cmp.Or(name, key)
}

func (p *causesPage) cures() {
	first := true
	for i := range p.a.Items {
		g := &p.a.Items[i]
		if len(g.Cures) == 0 {
			continue
		}
		if first {
			p.print("\n")
			p.print("What would help\n")
			first = false
		}
		p.print("%s: %d unfilled\n", plain(p.label(g)), g.Unfilled)
		for k := range g.Cures {
			text := g.Cures[k].TextEN
			if p.zh {
				text = g.Cures[k].Text
			}
			fmt.Fprintf(p.s.out, "  %s\n", plain(text))
		}
	}
}

func (p *causesPage) surplus() {
	if len(p.a.Meta.Surplus) == 0 {
		return
	}
	p.print("\n")
	p.print("Graduates left over\n")
	table := newTable("", p.say(p.a.Meta.SurplusBy), p.say(">programs"), p.say(">available"), p.say(">certainly left"), p.say(">possibly left"))
	for i := range p.a.Meta.Surplus {
		x := &p.a.Meta.Surplus[i]
		table.add(cut(p.named(x.Key, x.Name, x.NameEN), 40), strconv.Itoa(x.Programs), strconv.FormatInt(x.Available, 10), strconv.FormatInt(x.Certain, 10), strconv.FormatInt(x.Possible, 10))
	}
	table.write(p.s.out)
	if more := p.a.Meta.SurplusGroups - len(p.a.Meta.Surplus); more > 0 {
		p.print("%d more groups; --limit shows more\n", more)
	}
}
