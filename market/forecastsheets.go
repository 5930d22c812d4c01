package market

import (
	"fmt"
	"io"
	"strings"

	"talentmatch/market/sheet"
)

// forecastCharts is how many series have a chart in the workbook.
const forecastCharts = 10

// WriteForecastWorkbook writes a page of forecasts as a workbook: what it is of, every step
// of every series, how each was forecast, what the numbers mean, and charts of the first
// series with their past, where the answer has it (ForecastRequest.History).
func WriteForecastWorkbook(w io.Writer, a *ForecastAnswer) error {
	sheets := []sheet.Sheet{a.summarySheet(), a.stepSheet(), a.seriesSheet()}
	var charts []sheet.Chart
	if drawn, of := a.drawnSheet(); len(of) > 0 {
		for k, name := range of {
			c := 1 + 4*k
			charts = append(charts, sheet.Chart{ZH: name, EN: "", Sheet: len(sheets), Label: 0, Values: []int{c, c + 1, c + 2, c + 3}, Lines: true})
		}
		sheets = append(sheets, drawn)
	}
	return sheet.Write(w, sheets, charts...)
}

func (a *ForecastAnswer) summarySheet() sheet.Sheet {
	m := &a.Meta
	out := newSummary()
	out.Rows = [][]any{
		{"来源", "source", m.Source}, {"序列数", "series", m.Series}, {"本表序列", "series here", len(a.Items)},
		{"无法预测的序列", "series that could not be forecast", len(m.Failed)}, {"无发布日期的需求", "demands without a date of posting", m.Undated},
		{"总分一致的方法", "sums and parts made to agree by", m.Reconciled},
	}
	out.Rows = append(out.Rows, versionRows(&m.Versions)...)
	for _, f := range m.Failed {
		out.Rows = append(out.Rows, []any{"无法预测", "could not be forecast", f.Message})
	}
	for k, n := range m.Notes {
		out.Rows = append(out.Rows, []any{"说明", "note", n})
		if k < len(m.NotesZH) { // reports kept by older versions have none
			out.Rows[len(out.Rows)-1][2] = m.NotesZH[k] + " " + n
		}
	}
	return out
}

// forecastColumn is a column with the meaning of a definition.
func forecastColumn(zh, en, field string) sheet.Column {
	c := sheet.Column{ZH: zh, EN: en, Width: 14}
	for _, d := range ForecastDefinitions {
		if d.Field == field {
			c.MeaningZH, c.MeaningEN = d.ZH, d.EN
		}
	}
	return c
}

func (a *ForecastAnswer) stepSheet() sheet.Sheet {
	out := sheet.Sheet{ZH: "预测", EN: "Forecasts", Columns: []sheet.Column{
		{ZH: "序列", EN: "id", Width: 32}, {ZH: "名称", EN: "names", Width: 32}, {ZH: "时期", EN: "period", Width: 10}, forecastColumn("预测值", "mean", "mean"),
		forecastColumn("80 % 下限", "lo80", "lo80"), {ZH: "80 % 上限", EN: "hi80", Width: 14}, {ZH: "95 % 下限", EN: "lo95", Width: 14}, {ZH: "95 % 上限", EN: "hi95", Width: 14}}}
	for i := range a.Items {
		it := &a.Items[i]
		for _, s := range it.Steps {
			out.Rows = append(out.Rows, []any{it.ID, it.Title(notSaidZH), s.Period, s.Mean, s.Lo80, s.Hi80, s.Lo95, s.Hi95})
		}
	}
	return out
}

func (a *ForecastAnswer) seriesSheet() sheet.Sheet {
	out := sheet.Sheet{ZH: "序列", EN: "Series", Columns: []sheet.Column{
		{ZH: "序列", EN: "id", Width: 32}, {ZH: "名称", EN: "names", Width: 32}, {ZH: "指标", EN: "measure", Width: 14}, {ZH: "起始", EN: "start", Width: 10}, {ZH: "补足的缺值", EN: "filled", Width: 10},
		{ZH: "sMAPE", EN: "sMAPE", Width: 10}, {ZH: "MASE", EN: "MASE", Width: 10}, forecastColumn("OWA", "OWA", "backtest"), forecastColumn("突变", "break", "break"), {ZH: "方法与权重", EN: "methods and weights", Width: 80}}}
	for i := range a.Items {
		it := &a.Items[i]
		row := []any{it.ID, it.Title(notSaidZH), it.Measure, it.Start, it.Filled, nil, nil, nil, nil, nil}
		if b := it.Backtest; b != nil {
			row[5] = b.SMAPE
			for k, v := range []*float64{b.MASE, b.OWA} {
				if v != nil {
					row[6+k] = *v
				}
			}
		}
		if it.Break != nil {
			row[8] = it.Break.Period
		}
		var methods []string
		for _, w := range it.Weights {
			methods = append(methods, fmt.Sprintf("%s %.0f %%", w.Method, 100*w.Weight))
		}
		row[9] = strings.Join(methods, ", ")
		out.Rows = append(out.Rows, row)
	}
	return out
}

// drawnSheet has what the charts show, a column a line: past, mean and the bounds of 95 % of
// the first series that have their past and the period of the first of them.
func (a *ForecastAnswer) drawnSheet() (out sheet.Sheet, names []string) {
	out = sheet.Sheet{ZH: "图数据", EN: "Chart data", Columns: []sheet.Column{{ZH: "时期", EN: "period", Width: 10}}}
	row := map[string]int{}
	at := func(period string) []any {
		k, ok := row[period]
		if !ok {
			k = len(out.Rows)
			row[period] = k
			out.Rows = append(out.Rows, append(make([]any, 0, 1+4*forecastCharts), period))
		}
		for len(out.Rows[k]) < 1+4*forecastCharts {
			out.Rows[k] = append(out.Rows[k], nil)
		}
		return out.Rows[k]
	}
	unit, first, last := "", 0, 0
	var drawn []*ForecastItem
	for i := range a.Items {
		it := &a.Items[i]
		_, from, ok := parsePeriod(it.Start)
		if !ok || len(it.History) == 0 || unit != "" && it.Period != unit || len(drawn) == forecastCharts {
			continue
		}
		to := from + len(it.History) + len(it.Steps)
		if unit == "" {
			unit, first, last = it.Period, from, to
		}
		first, last = min(first, from), max(last, to)
		drawn = append(drawn, it)
	}
	for n := first; n < last; n++ {
		at(periodUnit(unit).label(n))
	}
	for k, it := range drawn {
		title := it.Title(notSaidZH)
		names = append(names, title)
		for _, part := range []struct{ zh, en string }{{"历史", "past"}, {"预测", "mean"}, {"95 % 下限", "lo95"}, {"95 % 上限", "hi95"}} {
			out.Columns = append(out.Columns, sheet.Column{ZH: title + " " + part.zh, EN: part.en, Width: 14})
		}
		_, from, _ := parsePeriod(it.Start)
		for t, v := range it.History {
			if v != nil {
				at(periodUnit(unit).label(from + t))[1+4*k] = *v
			}
		}
		for _, s := range it.Steps {
			r := at(s.Period)
			r[2+4*k], r[3+4*k], r[4+4*k] = s.Mean, s.Lo95, s.Hi95
		}
	}
	for k := range out.Rows { // as many cells as columns
		out.Rows[k] = out.Rows[k][:len(out.Columns)]
	}
	return out, names
}

// Title is what a series is about in words, or its id; notSaid are the words for what demands do
// not say in a dimension.
func (it *ForecastItem) Title(notSaid func(dim string) string) string {
	var parts []string
	for _, dim := range []string{"occupation", "skill", "industry", "education", "region"} {
		if it.Keys[dim] == unsaid {
			parts = append(parts, notSaid(dim))
		} else if name := it.Names[dim]; name != "" {
			parts = append(parts, name)
		}
	}
	if it.AgeGroup != "" {
		parts = append(parts, it.AgeGroup)
	}
	if len(parts) == 0 {
		return it.ID
	}
	return strings.Join(parts, " · ")
}

// notSaidZH is Title's for sheets, whose names are in Chinese.
func notSaidZH(dim string) string { return gapHeadings[dim] + "（未说明）" }
