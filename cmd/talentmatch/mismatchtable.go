package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"talentmatch/market"
)

// mismatchInChinese is what the table says, by what it says in English.
var mismatchInChinese = map[string]string{
	"%s heads asked, %s graduates, each counted once; %d of %d cells compared\n": "需求 %s 个名额，毕业生 %s 人，各计一次；%[4]d 个单元格中 %[3]d 个参与比较\n",
	"index": "指数", ">value": ">值", ">by chance": ">偶然期望", ">beyond it": ">除去偶然", ">distance": ">距离", ">displaced": ">错配人数", ">cells": ">单元格", "why there is none": "为何没有",
	"\n%s: the cells that contribute most\n": "\n%s：贡献最大的单元格\n", "\n%s: the same contributions as %s\n": "\n%s：各单元格贡献与 %s 相同\n",
	"side": "状况", ">demand": ">需求", ">supply": ">供给", ">of demand": ">占需求", ">of supply": ">占供给", ">beyond its part": ">多出人数", ">contribution": ">贡献", ">of the index": ">占指数",
	"the rest (%d)": "其余 %d 个", "short": "短缺", "surplus": "过剩", "balanced": "持平",
	"\nover one dimension alone\n": "\n单一维度的指数\n", "\njensen-shannon by %s: %s between, %s within\n": "\njensen-shannon 按%s分解：组间 %s，组内 %s\n", ">between": ">组间", ">within": ">组内",
	"\nby year\n": "\n逐年\n", "year": "年份", "\ntrends of these years\n": "\n上述年份的趋势\n", "series": "序列", ">a year": ">每年", ">tau": ">τ", ">p": ">p", ">years": ">年数", "demand": "需求", "supply": "供给",
	"\nbefore you use these numbers\n": "\n使用前须知\n",
}

// mismatchPage writes one answer for people; - is no data.
type mismatchPage struct {
	s  *session
	a  *market.MismatchAnswer
	zh bool
}

func writeMismatch(s *session, a *market.MismatchAnswer, zh bool) {
	p := &mismatchPage{s, a, zh}
	p.indices()
	p.contributions()
	p.margins()
	p.years()
	p.caveats()
}

func (p *mismatchPage) say(text string) string {
	if p.zh {
		return cmp.Or(mismatchInChinese[text], gapsInChinese[text], text)
	}
	return text
}

func (p *mismatchPage) header(words ...string) []string {
	for i := range words {
		words[i] = p.say(words[i])
	}
	return words
}

// name is what an index is called: in Chinese with the word that --index takes.
func (p *mismatchPage) name(index string) string {
	if p.zh {
		return market.MismatchName(index) + " " + index
	}
	return index
}

func (p *mismatchPage) indices() {
	m := &p.a.Meta
	fmt.Fprintf(p.s.out, p.say("%s heads asked, %s graduates, each counted once; %d of %d cells compared\n"), saidSum(m.Demand, m.Cells, m.Cells.NoDemand), saidSum(m.Supply, m.Cells, m.Cells.NoSupply), m.Cells.Compared, m.Cells.All)
	fmt.Fprintln(p.s.out)
	t := newTable("", p.header("index", ">value", ">by chance", ">beyond it", ">distance", ">displaced", ">cells", "why there is none")...)
	for i := range p.a.Items {
		x := &p.a.Items[i]
		zh, why := market.MismatchReason(x.None)
		if p.zh {
			why = zh
		}
		var expected, systematic *float64
		if x.Chance != nil {
			expected, systematic = &x.Chance.Expected, &x.Chance.Systematic
		}
		t.add(p.name(x.Index), decimals(x.Value, 4), decimals(expected, 4), decimals(systematic, 4), decimals(x.Distance, 4), whole(x.Structural), strconv.Itoa(x.Cells), why)
	}
	t.write(p.s.out)
}

// saidSum is a sum over records; where so many cells lack just it and none has it, it is no data.
func saidSum(sum float64, of market.MismatchCells, lack int) string {
	if of.Compared == 0 && sum == 0 && lack+of.Neither > 0 {
		return "-"
	}
	return number(sum)
}

// contributions lists the cells of each index; some indices share them by their formulas.
func (p *mismatchPage) contributions() {
	for i := range p.a.Items {
		x := &p.a.Items[i]
		if len(x.Contributions) == 0 {
			continue
		}
		same := slices.IndexFunc(p.a.Items[:i], func(y market.MismatchIndex) bool { return sameContributions(&y, x) })
		if same >= 0 {
			fmt.Fprintf(p.s.out, p.say("\n%s: the same contributions as %s\n"), p.name(x.Index), p.a.Items[same].Index)
			continue
		}
		fmt.Fprintf(p.s.out, p.say("\n%s: the cells that contribute most\n"), p.name(x.Index))
		p.cells(x)
	}
}

func (p *mismatchPage) cells(x *market.MismatchIndex) {
	by := p.a.Meta.By
	header := append(slices.Clone(by), "side", ">demand", ">supply", ">of demand", ">of supply", ">beyond its part", ">contribution", ">of the index")
	t := newTable("  ", p.header(header...)...)
	for i := range x.Contributions {
		c := &x.Contributions[i]
		var row []string
		for _, dim := range by {
			row = append(row, cut(cmp.Or(c.Names[dim], c.Keys[dim]), 44))
		}
		t.add(append(row, p.say(c.Side), whole(&c.Demand), whole(&c.Supply), tenths(&c.DemandShare), tenths(&c.SupplyShare), whole(&c.Heads), decimals(&c.Value, 4), tenths(c.Part))...)
	}
	if r := x.Rest; r != nil {
		row := []string{fmt.Sprintf(p.say("the rest (%d)"), r.Cells)}
		for range by[1:] {
			row = append(row, "")
		}
		t.add(append(row, "", whole(&r.Demand), whole(&r.Supply), tenths(&r.DemandShare), tenths(&r.SupplyShare), whole(&r.Heads), decimals(&r.Value, 4), tenths(r.Part))...)
	}
	t.write(p.s.out)
}

// tenths shows a share in tenths of a percent.
func tenths(v *float64) string {
	if v == nil {
		return "-"
	}
	return strconv.FormatFloat(100**v, 'f', 1, 64) + "%"
}

// sameContributions reports whether two indices list the same numbers.
func sameContributions(a, b *market.MismatchIndex) bool {
	return slices.EqualFunc(a.Contributions, b.Contributions, func(x, y market.MismatchContribution) bool {
		return x.Value == y.Value && x.DemandShare == y.DemandShare && x.SupplyShare == y.SupplyShare && fmt.Sprint(x.Keys) == fmt.Sprint(y.Keys) // maps print in order
	})
}

// margins shows the index over either dimension and, where it divides, what lies between.
func (p *mismatchPage) margins() {
	if len(p.a.Meta.By) < 2 {
		return
	}
	header := []string{"index"}
	for _, dim := range p.a.Meta.By {
		header = append(header, ">"+p.say(dim))
	}
	t := newTable("  ", p.header(header...)...)
	for i := range p.a.Items {
		x := &p.a.Items[i]
		row := []string{p.name(x.Index)}
		for k := range x.Margins {
			row = append(row, decimals(x.Margins[k].Value, 4))
		}
		if len(x.Margins) > 0 {
			t.add(row...)
		}
	}
	fmt.Fprint(p.s.out, p.say("\nover one dimension alone\n"))
	t.write(p.s.out)
	for i := range p.a.Items {
		for k := range p.a.Items[i].Margins {
			if m := &p.a.Items[i].Margins[k]; m.Between != nil {
				p.groups(m)
			}
		}
	}
}

func (p *mismatchPage) groups(m *market.MismatchMargin) {
	fmt.Fprintf(p.s.out, p.say("\njensen-shannon by %s: %s between, %s within\n"), p.say(m.By), decimals(m.Between, 4), decimals(m.Within, 4))
	if len(m.Groups) == 0 {
		return
	}
	t := newTable("  ", p.header(m.By, ">of demand", ">of supply", ">between", ">within")...)
	for i := range m.Groups {
		g := &m.Groups[i]
		t.add(cut(cmp.Or(g.Name, g.Key), 44), tenths(&g.DemandShare), tenths(&g.SupplyShare), decimals(&g.Between, 4), decimals(&g.Within, 4))
	}
	if r := m.Rest; r != nil {
		t.add(fmt.Sprintf(p.say("the rest (%d)"), r.Groups), "", "", decimals(&r.Between, 4), decimals(&r.Within, 4))
	}
	t.write(p.s.out)
}

// years shows all indices year by year, and their trends.
func (p *mismatchPage) years() {
	if !p.a.Meta.Parameters.Trend || len(p.a.Items) == 0 {
		return
	}
	header := []string{"year", ">demand", ">supply"}
	for i := range p.a.Items {
		header = append(header, ">"+p.a.Items[i].Index)
	}
	t := newTable("  ", p.header(header...)...)
	for k, first := range p.a.Items[0].Trend.Points {
		row := []string{strconv.Itoa(first.Year), whole(&first.Demand), whole(&first.Supply)}
		for i := range p.a.Items {
			row = append(row, decimals(p.a.Items[i].Trend.Points[k].Value, 4))
		}
		t.add(row...)
	}
	fmt.Fprint(p.s.out, p.say("\nby year\n"))
	t.write(p.s.out)
	p.slopes()
}

func (p *mismatchPage) slopes() {
	t := newTable("  ", p.header("series", ">a year", ">tau", ">p", ">years")...)
	add := func(name string, s *market.MismatchSlope, places int) {
		if s != nil {
			t.add(name, decimals(&s.PerYear, places), decimals(&s.Tau, 2), decimals(&s.P, 3), strconv.Itoa(s.Years))
		}
	}
	first := p.a.Items[0].Trend
	if !slices.ContainsFunc(p.a.Items, func(x market.MismatchIndex) bool { return x.Trend.Index != nil }) && first.Demand == nil && first.Supply == nil {
		return // too few years
	}
	for i := range p.a.Items {
		add(p.name(p.a.Items[i].Index), p.a.Items[i].Trend.Index, 4)
	}
	add(p.say("demand"), first.Demand, 0)
	add(p.say("supply"), first.Supply, 0)
	fmt.Fprint(p.s.out, p.say("\ntrends of these years\n"))
	t.write(p.s.out)
}

// caveats end the page. Those of trends come once, and name their indices unless all share them.
func (p *mismatchPage) caveats() {
	fmt.Fprint(p.s.out, p.say("\nbefore you use these numbers\n"))
	for i := range p.a.Meta.Caveats {
		p.caveat(&p.a.Meta.Caveats[i], nil)
	}
	var order []*market.Caveat
	of := map[string][]string{} // indices by English text
	for i := range p.a.Items {
		if t := p.a.Items[i].Trend; t != nil {
			for k := range t.Caveats {
				c := &t.Caveats[k]
				if of[c.EN] == nil {
					order = append(order, c)
				}
				of[c.EN] = append(of[c.EN], p.a.Items[i].Index)
			}
		}
	}
	for _, c := range order {
		p.caveat(c, of[c.EN])
	}
}

func (p *mismatchPage) caveat(c *market.Caveat, of []string) {
	text := caveatText(c, p.zh)
	if len(of) > 0 && len(of) < len(p.a.Items) {
		text = strings.Join(of, ", ") + ": " + text
	}
	fmt.Fprintf(p.s.out, "  - %s\n", plain(text))
}
