package market

import (
	"fmt"
	"io"
	"strings"

	"talentmatch/market/sheet"
)

// How many cells the charts show: lines of more cannot be told apart.
const (
	futureChartCells = 8
	futureOwnCharts  = 3
)

// WriteFutureGapWorkbook writes a page of the future gap as a workbook: what it is of, every
// year of every cell without and with each scenario, the gaps over the years with charts, and what
// every column means.
func WriteFutureGapWorkbook(w io.Writer, a *FutureGapAnswer) error {
	sheets := []sheet.Sheet{a.summarySheet(), a.yearSheet(), a.gapLines()}
	lines := &sheets[2]
	var charts []sheet.Chart
	if n := len(lines.Columns) - 1; n > 0 {
		charts = append(charts, sheet.Chart{ZH: "有效缺口（前 8 个单元格，无情景）", EN: "Effective gaps (first 8 cells, no scenario)", Sheet: 2, Values: columnsFrom(1, n), Lines: true})
	}
	for i := range a.Items[:min(futureOwnCharts, len(a.Items))] {
		s := a.ownLines(i)
		charts = append(charts, sheet.Chart{ZH: a.Items[i].Name, EN: a.Items[i].NameEN, Sheet: len(sheets), Values: columnsFrom(1, len(s.Columns)-1), Lines: true})
		sheets = append(sheets, s)
	}
	return sheet.Write(w, sheets, charts...)
}

// columnsFrom are n places from the first on.
func columnsFrom(first, n int) []int {
	out := make([]int, n)
	for k := range out {
		out[k] = first + k
	}
	return out
}

func (a *FutureGapAnswer) summarySheet() sheet.Sheet {
	m := &a.Meta
	out := newSummary()
	p := &m.Pipeline
	out.Rows = [][]any{
		{"维度", "dimension", m.By}, {"需求来源", "source of demand", strings.TrimSpace(m.Source + " " + m.Measure)}, {"地区汇总到", "regions rolled up to", m.RegionAt},
		{"筛选", "filter", m.Filter.text()}, {"基准年", "as of", m.AsOf}, {"年份", "years", fmt.Sprint(m.Years)}, {"单元格数", "cells", m.Cells}, {"本表单元格", "cells here", len(a.Items)},
	}
	if d := m.Demands; d != nil {
		out.Rows = append(out.Rows, []any{"已知需求数", "known demands", d.Records}, []any{"其名额", "their heads", d.Heads}, []any{"发布截至", "posted until", d.Until}, []any{"无发布日期", "without a date of posting", d.Undated},
			[]any{"末年之后的名额", "heads wanted after the last year", d.Later})
	}
	if s := m.Series; s != nil {
		out.Rows = append(out.Rows, []any{"序列", "series", s.Found}, []any{"已计入", "counted", s.Counted})
	}
	out.Rows = append(out.Rows, []any{"专业数", "programs", p.Programs}, []any{"未列届的专业", "programs without cohorts", p.NoCohorts}, []any{"各年毕业生", "graduates of all years", p.PipelineHeads}, []any{"其中假定", "of them assumed", p.AssumedHeads},
		[]any{"合并完成率", "completion, all programs", p.Completion}, []any{"未给完成率的专业", "programs that do not say completion", p.NoCompletion},
		[]any{"未给升学率的专业", "programs without further_study_rate", p.NoStudyRate}, []any{"未给留存率的专业", "programs without retention", p.NoRetention})
	for _, s := range m.Scenarios {
		for _, c := range s.Changes {
			out.Rows = append(out.Rows, []any{"情景 " + s.Name, "scenario " + s.NameEN, c.ZH + " / " + c.EN})
		}
	}
	for _, n := range m.Notes {
		out.Rows = append(out.Rows, []any{"说明", "note", n.ZH + " / " + n.EN})
	}
	for _, f := range m.Failed {
		out.Rows = append(out.Rows, []any{"无法预测", "could not be forecast", f.ID + ": " + f.Message})
	}
	out.Rows = append(out.Rows, versionRows(&m.Versions)...)
	out.Rows = append(out.Rows, []any{"计数方法", "counting", m.CountingZH + " / " + m.Counting})
	return out
}

// text is the filter in a line.
func (f *ForecastFilter) text() string {
	return (&GapFilter{Skill: f.Skill, Occupation: f.Occupation, Region: f.Region, Industry: f.Industry}).text()
}

// futureMeaning is a definition by its field; the ends of an interval share one.
func futureMeaning(field string) (zh, en string) {
	defined := field
	switch {
	case field == "p_effective_shortage":
		defined = "effective_gap"
	case strings.HasPrefix(field, "effective_gap_"):
		defined = "effective_gap"
	case strings.HasSuffix(field, "80") || strings.HasSuffix(field, "95"):
		defined = field[:len(field)-len("lo80")] + "lo80"
	}
	for _, d := range FutureGapDefinitions {
		if d.Field == defined {
			return d.ZH, d.EN
		}
	}
	return "", ""
}

// yearSheet is every year of every cell.
func (a *FutureGapAnswer) yearSheet() sheet.Sheet {
	out := sheet.Sheet{ZH: "未来缺口", EN: "Future gaps", Columns: []sheet.Column{
		{ZH: "编号", EN: "key", Width: 24, MeaningZH: "- 为未说明", MeaningEN: "- where records say nothing"}, {ZH: "名称", EN: "name (Chinese)", Width: 24}, {ZH: "名称（英文）", EN: "name (English)", Width: 28},
		{ZH: "年份", EN: "year", Width: 8}, {ZH: "情景", EN: "scenario", Width: 24, MeaningZH: "空为无情景", MeaningEN: "empty: without one"}, {ZH: "情景（英文）", EN: "scenario (English)", Width: 28}}}
	for _, n := range futureNumbers {
		zh, en := futureMeaning(n.field)
		out.Columns = append(out.Columns, sheet.Column{ZH: n.zh, EN: n.field, Format: n.format, MeaningZH: zh, MeaningEN: en})
	}
	if len(a.Meta.Scenarios) > 0 {
		for _, n := range futureChanges {
			zh, en := futureMeaning(n.field)
			out.Columns = append(out.Columns, sheet.Column{ZH: n.zh, EN: n.field, Format: "0", MeaningZH: zh, MeaningEN: en})
		}
	}
	a.eachFuture(func(c *FutureCell, year int, f *FutureFigures, s *FutureScenario) {
		row := []any{c.Key, c.Name, c.NameEN, year, "", ""}
		if s != nil {
			row[4], row[5] = s.Name, s.NameEN
		}
		for _, n := range futureNumbers {
			row = append(row, number(n.of(f)))
		}
		if len(a.Meta.Scenarios) > 0 {
			for _, n := range futureChanges {
				if s == nil {
					row = append(row, nil)
				} else {
					row = append(row, number(n.of(s)))
				}
			}
		}
		out.Rows = append(out.Rows, row)
	})
	return out
}

// worst is what a chart draws of a year: the effective gap, or the demand where supply has no data.
func (f *FutureFigures) worst() any {
	if f.EffectiveGap == nil {
		return number(f.Demand)
	}
	return number(f.EffectiveGap)
}

// gapLines are the gaps of the first cells, a column each, over the years.
func (a *FutureGapAnswer) gapLines() sheet.Sheet {
	out := sheet.Sheet{ZH: "各年缺口", EN: "Gaps by year", Columns: []sheet.Column{{ZH: "年份", EN: "year", Width: 8}}}
	cells := a.Items[:min(futureChartCells, len(a.Items))]
	for i := range cells {
		out.Columns = append(out.Columns, sheet.Column{ZH: cells[i].Name, EN: cells[i].Key, Width: 16, Format: "0", MeaningZH: "有效缺口", MeaningEN: "effective gap"})
	}
	for y, year := range a.Meta.Years {
		row := []any{fmt.Sprint(year)}
		for i := range cells {
			row = append(row, cells[i].Years[y].worst())
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// ownLines are one cell's demand, supply and gap over the years, and its gap under each scenario.
func (a *FutureGapAnswer) ownLines(i int) sheet.Sheet {
	c := &a.Items[i]
	out := sheet.Sheet{ZH: fmt.Sprintf("单元格 %d", i+1), EN: fmt.Sprintf("Cell %d", i+1), Columns: []sheet.Column{{ZH: "年份", EN: "year", Width: 8}}}
	add := func(zh, en string) {
		out.Columns = append(out.Columns, sheet.Column{ZH: zh, EN: en, Width: 18, Format: "0", MeaningZH: c.Name, MeaningEN: c.NameEN})
	}
	add("需求", "demand")
	add("有效供给", "effective supply")
	add("有效缺口", "effective gap")
	for _, s := range a.Meta.Scenarios {
		add("有效缺口："+s.Name, "effective gap: "+s.NameEN)
	}
	for y, year := range a.Meta.Years {
		f := &c.Years[y]
		row := []any{fmt.Sprint(year), number(f.Demand), number(f.EffectiveSupply), f.worst()}
		for k := range f.Scenarios {
			row = append(row, f.Scenarios[k].worst())
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}
