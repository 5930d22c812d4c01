package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"talentmatch/market"
)

// backtestInChinese is what the table says, by what it says in English.
var backtestInChinese = map[string]string{
	"report": "报告", ">series": ">序列", ">values": ">实际值", ">sMAPE": ">sMAPE", ">of Naive2": ">Naive2", ">MASE": ">MASE", ">OWA": ">OWA", ">MSIS": ">MSIS", ">in 80 %": ">80 % 区间内", ">in 95 %": ">95 % 区间内", ">bias": ">偏差", ">no data": ">无数据",
	"\n%s: by how far ahead\n": "\n%s：按步\n", ">step": ">步",
	"\n%s: series, the least accurate first\n": "\n%s：序列，误差大者在前\n", "series": "序列", "period": "期间",
	"\n%s: %d of %d series listed\n":                               "\n%s：%[3]d 条序列中列出 %[2]d 条\n",
	"\n%s: gaps foreseen against heads that stayed unfilled, %s\n": "\n%s：所预见的缺口与未满足名额，%s 年\n", "gap": "缺口", ">cells": ">单元格", ">tau-b": ">τ-b", ">Spearman": ">Spearman", ">short foreseen": ">预见短缺", ">came": ">出现", ">both": ">两者", ">hits of top": ">最大短缺命中", ">by chance": ">偶然期望", ">MAE": ">平均绝对误差", ">Brier": ">Brier", ">base": ">基准",
	"gap_at_level": "按水平的缺口", "effective_gap": "有效缺口",
	"asked %s heads, hired %s, unfilled %s (of %s nothing is said), late %s, withdrawn %s; %d of %d cells scored\n": "需求 %s 个名额，录用 %s，未满足 %s（其中 %s 无结果记录），其后录用 %s，撤回 %s；%[8]d 个单元格中 %[7]d 个已评分\n",
	"heads foreseen %s and asked %s, over %d cells: bias %s, MAE %s, in 80 %% %s, in 95 %% %s\n":                    "预见 %s 个名额，实际 %s 个，共 %d 个单元格：偏差 %s，平均绝对误差 %s，80 %% 区间内 %s，95 %% 区间内 %s\n",
	"\n%s: cells\n": "\n%s：单元格\n", "cell": "单元格", ">demand foreseen": ">预见名额", ">asked": ">实际名额", ">gap": ">缺口", ">hired": ">录用", ">unfilled": ">未满足", ">rank": ">预见名次", ">rank that came": ">实际名次", "why there is none": "为何没有",
	"\nbefore you use these numbers\n": "\n使用前须知\n",
}

// backtestPage writes one answer for people; - is no data.
type backtestPage struct {
	s  *session
	a  *market.BacktestAnswer
	zh bool
}

func writeBacktest(s *session, a *market.BacktestAnswer, zh bool) {
	p := &backtestPage{s, a, zh}
	p.accuracy()
	for i := range a.Items {
		if f := a.Items[i].Forecast; f != nil {
			p.steps(a.Items[i].Source, f)
			p.series(a.Items[i].Source, f)
		}
		if g := a.Items[i].Gaps; g != nil {
			p.scores(a.Items[i].Source, g)
			p.cells(a.Items[i].Source, g)
		}
	}
	p.notes()
}

func (p *backtestPage) say(text string) string {
	if p.zh {
		return cmp.Or(backtestInChinese[text], text)
	}
	return text
}

func (p *backtestPage) table(words ...string) *table {
	for i := range words {
		words[i] = p.say(words[i])
	}
	return newTable("", words...)
}

// why is the reason for no data as it is shown.
func (p *backtestPage) why(none string) string {
	if p.zh {
		return market.BacktestReason(none)
	}
	return strings.ReplaceAll(none, "_", " ")
}

// measures are the columns of an accuracy.
func measures(a *market.BacktestAccuracy) []string {
	return []string{decimals(a.SMAPE, 2), decimals(a.SMAPENaive2, 2), decimals(a.MASE, 3), decimals(a.OWA, 3), decimals(a.MSIS, 2), percent(a.Coverage80), percent(a.Coverage95), percent(a.BiasShare)}
}

var measureHeadings = []string{">sMAPE", ">of Naive2", ">MASE", ">OWA", ">MSIS", ">in 80 %", ">in 95 %", ">bias"}

// accuracy compares the forecasts of all reports.
func (p *backtestPage) accuracy() {
	t := p.table(slices.Concat([]string{"report", ">series", ">values"}, measureHeadings, []string{">no data"})...)
	for i := range p.a.Items {
		f := p.a.Items[i].Forecast
		if f == nil {
			continue
		}
		row := append([]string{cut(p.a.Items[i].Source, 40), strconv.Itoa(f.Accuracy.Series), strconv.Itoa(f.Accuracy.Values)}, measures(&f.Accuracy)...)
		t.add(append(row, strconv.Itoa(f.NoData.NotOver+f.NoData.Ended+f.NoData.Gone))...)
	}
	if len(t.rows) > 1 {
		t.write(p.s.out)
	}
}

func (p *backtestPage) steps(source string, f *market.BacktestForecasts) {
	if len(f.ByStep) == 0 {
		return
	}
	fmt.Fprintf(p.s.out, p.say("\n%s: by how far ahead\n"), plain(source))
	t := p.table(">step", ">values", ">sMAPE", ">of Naive2", ">in 80 %", ">in 95 %", ">bias")
	for _, x := range f.ByStep {
		t.add(strconv.Itoa(x.Step), strconv.Itoa(x.Values), decimals(x.SMAPE, 2), decimals(x.Naive2, 2), percent(x.Coverage80), percent(x.Coverage95), percent(x.BiasShare))
	}
	t.write(p.s.out)
}

func (p *backtestPage) series(source string, f *market.BacktestForecasts) {
	if len(f.Series) == 0 {
		return
	}
	fmt.Fprintf(p.s.out, p.say("\n%s: series, the least accurate first\n"), plain(source))
	t := p.table(append([]string{"series", ">values"}, measureHeadings...)...)
	for i := range f.Series {
		s := &f.Series[i]
		var names []string
		for _, dim := range slices.Sorted(maps.Keys(s.Names)) {
			name := s.Names[dim]
			if name == "-" {
				name = notSaid(dim, p.zh)
			}
			names = append(names, name)
		}
		label := s.ID
		if len(names) > 0 {
			label = strings.Join(names, " · ") + " " + s.ID
		}
		t.add(append([]string{cutMiddle(label, 48), strconv.Itoa(s.Accuracy.Values)}, measures(&s.Accuracy)...)...)
	}
	t.write(p.s.out)
	if f.Rest > 0 {
		fmt.Fprintf(p.s.out, p.say("\n%s: %d of %d series listed\n"), plain(source), len(f.Series), len(f.Series)+f.Rest)
	}
}

func (p *backtestPage) scores(source string, g *market.BacktestGaps) {
	years := strings.Trim(strings.ReplaceAll(fmt.Sprint(g.Years), " ", ", "), "[]")
	fmt.Fprintf(p.s.out, p.say("\n%s: gaps foreseen against heads that stayed unfilled, %s\n"), plain(source), years)
	c := &g.Came
	fmt.Fprintf(p.s.out, p.say("asked %s heads, hired %s, unfilled %s (of %s nothing is said), late %s, withdrawn %s; %d of %d cells scored\n"), number(c.Asked), number(c.Hired), number(c.Unfilled), number(c.Silent), number(c.Late), number(c.Withdrawn), g.Cells.Scored, g.Cells.Foreseen)
	if d := g.Demand; d != nil {
		fmt.Fprintf(p.s.out, p.say("heads foreseen %s and asked %s, over %d cells: bias %s, MAE %s, in 80 %% %s, in 95 %% %s\n"), number(d.Foreseen), number(d.Asked), d.Cells, oneDecimal(&d.Bias), oneDecimal(&d.MAE), percent(d.Coverage80), percent(d.Coverage95))
	}
	if len(g.Scores) == 0 {
		return
	}
	t := p.table("gap", ">cells", ">tau-b", ">Spearman", ">short foreseen", ">came", ">both", ">hits of top", ">by chance", ">bias", ">MAE", ">in 80 %", ">in 95 %", ">Brier", ">base")
	for i := range g.Scores {
		s := &g.Scores[i]
		t.add(p.say(s.Of), strconv.Itoa(s.Cells), decimals(s.KendallB, 3), decimals(s.Spearman, 3), strconv.Itoa(s.Shortages), strconv.Itoa(s.Came), strconv.Itoa(s.Both), fmt.Sprintf("%d/%d", s.Hits, s.Top),
			oneDecimal(s.ByChance), oneDecimal(s.Bias), oneDecimal(s.MAE), percent(s.Coverage80), percent(s.Coverage95), decimals(s.Brier, 3), decimals(s.BrierBase, 3))
	}
	t.write(p.s.out)
}

func (p *backtestPage) cells(source string, g *market.BacktestGaps) {
	if len(g.Listed) == 0 {
		return
	}
	fmt.Fprintf(p.s.out, p.say("\n%s: cells\n"), plain(source))
	t := p.table("cell", ">demand foreseen", ">asked", ">gap", ">hired", ">unfilled", ">rank", ">rank that came", "why there is none")
	for i := range g.Listed {
		c := &g.Listed[i]
		var labels []string
		for _, dim := range g.By {
			label := cmp.Or(c.Names[dim], c.Keys[dim])
			if label == "-" {
				label = notSaid(dim, p.zh)
			}
			labels = append(labels, label)
		}
		t.add(cut(strings.Join(labels, " · "), 44), whole(c.Demand), whole(c.Asked), whole(c.Gap), whole(c.Hired), whole(c.Unfilled), rankText(c.Rank), rankText(c.RankCame), p.why(c.None))
	}
	t.write(p.s.out)
}

// rankText is a rank; there is none of a cell that is not scored.
func rankText(rank int) string {
	if rank == 0 {
		return "-"
	}
	return strconv.Itoa(rank)
}

func (p *backtestPage) notes() {
	first := true
	for i := range p.a.Items {
		for _, n := range p.a.Items[i].Notes {
			if first {
				fmt.Fprint(p.s.out, p.say("\nbefore you use these numbers\n"))
				first = false
			}
			text := n.EN
			if p.zh {
				text = n.ZH
			}
			fmt.Fprintf(p.s.out, "  %s: %s\n", plain(p.a.Items[i].Source), plain(text))
		}
	}
}
