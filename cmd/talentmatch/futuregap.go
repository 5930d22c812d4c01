package main

import (
	"fmt"
	"os"
	"strings"

	"talentmatch/market"
)

// futureGapsCmd prints the gap of the years to come, without and with scenarios. csv has the columns
// key, name, year, scenario (empty without one), then numbers (market.WriteFutureGapCSV); an empty
// number is no data, which is not 0. ndjson has a market.FutureCell a line; rows of both end with what they were
// computed from (market.Report.CSV). json has the whole answer. --save keeps a market.Report with its scenarios, which talentmatch replay makes again.
type futureGapsCmd struct {
	dataFlag
	By       string   `enum:",skill,occupation,region,education,industry" default:"" placeholder:"DIM" help:"skill, occupation, region, education or industry; none: all together."`
	Source   string   `enum:"demands,known,series,employment" default:"demands" help:"Where demand comes from: demands (posted ones, and a forecast of those to come), known (posted ones alone), series (a forecast of series of --measure), employment (expansion and replacement, of series of employment by age group)."`
	Measure  string   `placeholder:"NAME" help:"Of --source series: openings (default), postings or another."`
	RegionAt string   `enum:"province,prefecture,region" default:"province" help:"How far regions are rolled up: province, prefecture or region."`
	AsOf     int      `placeholder:"YEAR" help:"The last year that is known. Default: the last with posted demands, or with values."`
	Years    int      `default:"3" placeholder:"N" help:"How many years after it, 1..10."`
	Filter   []string `sep:"none" placeholder:"DIM=VALUE" help:"Count only what has the value: skill, occupation, region, industry."`
	Scenario []string `sep:"none" placeholder:"FILE" help:"Hold a scenario against the answer; several times for several."`
	Sort     string   `enum:"effective_gap,gap,demand,change" default:"effective_gap" help:"What the largest of any year comes first by: ${enum}."`
	Limit    int      `default:"20" help:"Cells shown, 1..1000."`
	Cursor   string   `help:"Go on where an earlier answer ended."`
	Format   string   `enum:"table,csv,ndjson,json" default:"table" help:"table, csv, ndjson or json."`
	keepFlags
}

// Help says what a scenario is, and what the numbers are.
func (*futureGapsCmd) Help() string {
	var b strings.Builder
	b.WriteString(`A scenario is a small JSON file:

  {"name": "物流园晚一年开园", "name_en": "The logistics park opens a year late", "changes": [
    {"delay": {"employer": "e.org.park", "months": 12}},
    {"intake": {"program": "e.prog.iot", "add": 40, "from_year": 2027}}]}

Changes are of known demands (by demand, or by employer, region, occupation): delay {months}, headcount {factor, or add
with demand}; of what is foreseen: postings {factor, from_year, until_year}, employment_growth {add, key, from_year,
until_year}; of programs: intake {program, add, from_year, until_year, length: years to graduation}, completion {program
or school, rate, from_year, until_year}. Several of a kind, one after the other, make a ramp.
Two changes of the same thing, and what cannot be, are errors; then nothing is applied.

A number that is left empty, or -, is no data, which is not 0.

`)
	for _, d := range market.FutureGapDefinitions {
		b.WriteString("  " + d.Field + ": " + d.EN + "\n")
	}
	return b.String()
}

// request is what the flags and files ask for.
func (c *futureGapsCmd) request() (market.FutureGapRequest, error) {
	values, err := fieldValues("--filter", c.Filter, forecastDimensions)
	r := market.FutureGapRequest{
		By: c.By, Source: c.Source, Measure: c.Measure, RegionAt: c.RegionAt, AsOf: c.AsOf, Years: c.Years, Sort: c.Sort, Limit: c.Limit, Cursor: c.Cursor,
		Filter: forecastFilter(values),
	}
	if err != nil {
		return r, err
	}
	switch { // what the request takes for "not said"
	case c.Years == 0:
		return r, usage("--years must be from 1 to 10")
	case c.Limit == 0:
		return r, usage("--limit must be from 1 to %d", market.MaxPage)
	}
	for i, file := range c.Scenario {
		raw, err := os.ReadFile(file)
		if err != nil {
			return r, err
		}
		s, err := market.ReadScenario(raw, i)
		if err != nil {
			return r, market.NameScenarioFiles(err, c.Scenario)
		}
		r.Scenarios = append(r.Scenarios, *s)
	}
	return r, nil
}

// Run asks for the report.
func (c *futureGapsCmd) Run(s *session) (err error) {
	request, err := c.request()
	if err != nil {
		return err
	}
	m, err := c.open(s)
	if err != nil {
		return err
	}
	defer closing(m, &err)
	report, answer, err := m.ReportFutureGap(s.ctx, request)
	if err != nil {
		return c.refused(err)
	}
	if err := deliver(s, c.keepFlags, c.Format, report, answer, forms[*market.FutureGapAnswer]{market.WriteFutureGapWorkbook, market.WriteFutureGapCSV, market.WriteFutureGapNDJSON, writeFutureGaps}); err != nil {
		return err
	}
	c.notes(s, answer)
	return nil
}

// refused tells a wrong file, which fails the command, from wrong flags, which are wrong usage.
func (c *futureGapsCmd) refused(err error) error {
	if named := market.NameScenarioFiles(err, c.Scenario); named.Error() != err.Error() {
		return named
	}
	return asked(err)
}

// notes say on standard error what the numbers stand on.
func (c *futureGapsCmd) notes(s *session, a *market.FutureGapAnswer) {
	say := func(en, zh string, args ...any) {
		if c.Lang == "zh" {
			en = zh
		}
		s.note(en, args...)
	}
	m, p := &a.Meta, &a.Meta.Pipeline
	say("%d of %d cells, %d to %d; %d programs with %s graduates, of whom %s are a repeated intake", "%[2]d 个单元格中的 %[1]d 个，%[3]d 至 %[4]d 年；%[5]d 个专业、毕业生 %[6]s 人，其中 %[7]s 人为重复的末届",
		len(a.Items), m.Cells, m.Years[0], m.Years[len(m.Years)-1], p.Programs, number(p.PipelineHeads), number(p.AssumedHeads))
	if d := m.Demands; d != nil {
		say("%d demands of %s heads as of %d, the last posted in %s", "截至 %[3]d 年 %[1]d 个需求、%[2]s 个名额，最近发布于 %[4]s", d.Records, number(d.Heads), m.AsOf, d.Until)
	}
	if sr := m.Series; sr != nil && sr.NotAttributable > 0 {
		say("%d of %d series say nothing of just these cells", "%[2]d 条序列中有 %[1]d 条不专属于这些单元格", sr.NotAttributable, sr.Found)
	}
	for _, n := range m.Notes {
		say("%[1]s", "%[2]s", n.EN, n.ZH)
	}
	for _, f := range m.Failed {
		say("%s: %s", "%s：%s", f.ID, f.Message)
	}
	if a.NextCursor != "" {
		say("more with --cursor %s", "后续用 --cursor %s", a.NextCursor)
	}
}

// futureInChinese is what the table says, by what it says in English.
var futureInChinese = map[string]string{
	"skill": "技能", "occupation": "职业", "region": "地区", "education": "学历", "industry": "行业", "total": "合计", "year": "年份", ">demand": ">需求", ">known": ">已发布", ">foreseen": ">预计发布", ">expansion": ">扩张", ">replacement": ">更替",
	">supply": ">供给", ">assumed": ">其中假定", ">effective": ">有效供给", ">eff. gap": ">有效缺口", ">80 % of it": ">其 80 % 区间", ">P(short)": ">短缺概率", "no cells": "没有单元格", "(not said)": "（未说明）",
}

// futureLetters name scenarios in the table.
const futureLetters = "ABCDEFGHIJ"

// writeFutureGaps writes the report for people: a line a cell and year, a pair of columns a
// scenario; - is no data.
func writeFutureGaps(s *session, a *market.FutureGapAnswer, zh bool) {
	say := func(text string) string {
		if in := futureInChinese[text]; zh && in != "" {
			return in
		}
		return text
	}
	for i, sc := range a.Meta.Scenarios {
		name := sc.NameEN
		if zh || name == "" {
			name = sc.Name
		}
		fmt.Fprintf(s.out, "%c = %s\n", futureLetters[i], plain(name))
		for k, c := range sc.Changes {
			text := c.EN
			if zh {
				text = c.ZH
			}
			fmt.Fprintf(s.out, "    %d: %s\n", k+1, plain(text))
		}
	}
	if len(a.Meta.Scenarios) > 0 {
		fmt.Fprintln(s.out)
	}
	if len(a.Items) == 0 {
		fmt.Fprintln(s.out, say("no cells"))
		return
	}
	dim := a.Meta.By
	if dim == "" {
		dim = "total"
	}
	parts := futureParts[a.Meta.Source]
	header := []string{say(dim), say("year"), say(">demand")}
	for _, part := range parts {
		header = append(header, say(">"+part.field))
	}
	for _, column := range []string{">supply", ">assumed", ">effective", ">eff. gap", ">80 % of it", ">P(short)"} {
		header = append(header, say(column))
	}
	for i := range a.Meta.Scenarios {
		header = append(header, fmt.Sprintf(">%c", futureLetters[i]), fmt.Sprintf(">%c -", futureLetters[i]))
	}
	t := newTable("", header...)
	for i := range a.Items {
		cell := &a.Items[i]
		label := futureLabel(cell, zh)
		for y := range cell.Years {
			f := &cell.Years[y]
			row := []string{cut(label, 44), fmt.Sprint(f.Year), people(f.Demand, 0)}
			for _, part := range parts {
				row = append(row, people(part.of(&f.FutureFigures), 0))
			}
			row = append(row, people(f.Supply, 0), people(f.Assumed, 0), people(f.EffectiveSupply, 1), people(f.EffectiveGap, 1), fromTo(f.EffectiveGapLo80, f.EffectiveGapHi80), percent(f.EffectiveShortage))
			for k := range f.Scenarios {
				row = append(row, people(f.Scenarios[k].EffectiveGap, 1), signed(f.Scenarios[k].GapChange))
			}
			t.add(row...)
			label = ""
		}
	}
	t.write(s.out)
}

// A futurePart is what demand consists of.
type futurePart struct {
	field string
	of    func(f *market.FutureFigures) *float64
}

// futureParts are the parts of demand by source.
var futureParts = map[string][]futurePart{
	market.FromDemands:    {{"known", func(f *market.FutureFigures) *float64 { return f.Known }}, {"foreseen", func(f *market.FutureFigures) *float64 { return f.Foreseen }}},
	market.FromEmployment: {{"expansion", func(f *market.FutureFigures) *float64 { return f.Expansion }}, {"replacement", func(f *market.FutureFigures) *float64 { return f.Replacement }}},
}

// futureLabel is a cell's name.
func futureLabel(c *market.FutureCell, zh bool) string {
	switch {
	case c.Key == "-" && zh:
		return futureInChinese["(not said)"]
	case c.Key == "-":
		return "(not said)"
	case !zh && c.NameEN != "":
		return c.NameEN
	}
	return c.Name
}

// signed shows a difference.
func signed(v *float64) string {
	text := people(v, 1)
	if v != nil && *v > 0 && text != "0.0" {
		return "+" + text
	}
	return text
}

// people shows a number of people with so many decimals, and no -0.
func people(v *float64, n int) string {
	text := decimals(v, n)
	if strings.Trim(text, "-0.") == "" && v != nil {
		return strings.TrimPrefix(text, "-")
	}
	return text
}

// fromTo shows an interval.
func fromTo(lo, hi *float64) string {
	if lo == nil || hi == nil {
		return "-"
	}
	return people(lo, 0) + ".." + people(hi, 0)
}
