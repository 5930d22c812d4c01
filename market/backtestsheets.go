package market

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"talentmatch/market/sheet"
)

// backtestHeadings are the headings of numbers in Chinese, by field.
var backtestHeadings = map[string]string{
	"series": "序列数", "values": "实际值个数", "smape": "sMAPE", "smape_naive2": "Naive2 的 sMAPE", "mase": "MASE", "mase_naive2": "Naive2 的 MASE", "owa": "OWA", "msis": "MSIS",
	"coverage80": "80 % 区间覆盖", "coverage95": "95 % 区间覆盖", "bias": "偏差", "bias_share": "偏差份额",
	"not_over": "期间未结束", "ended": "序列已中止", "gone": "序列已不在", "step": "步", "known": "已知值个数", "revised": "已修订的历史值",
	"mean": "预测", "lo80": "80 % 下限", "hi80": "80 % 上限", "lo95": "95 % 下限", "hi95": "95 % 上限", "naive2": "Naive2", "came": "实际", "in80": "在 80 % 区间内", "in95": "在 95 % 区间内",
	"demands": "到岗需求数", "told": "有结果的需求数", "asked": "实际名额", "hired": "录用", "late": "其后录用", "unfilled": "未满足", "silent": "无结果记录", "withdrawn": "撤回", "no_start": "无到岗时间的需求",
	"foreseen": "预见", "scored": "已评分", "no_gap": "报告无缺口数据", "not_asked": "年份不在所评之列", "no_outcome": "无录用结果", "unknown_key": "键已不存在", "cells": "单元格数",
	"kendall_tau_b": "Kendall τ-b", "spearman": "Spearman ρ", "shortages": "预见短缺", "both": "预见且出现", "top": "最大短缺数", "hits": "命中", "hits_by_chance": "偶然命中期望",
	"mae": "平均绝对误差", "brier": "Brier 分", "brier_base": "基准 Brier 分", "demand": "预见名额", "gap": "缺口", "gap_at_level": "按水平的缺口", "effective_gap": "有效缺口", "p_shortage": "短缺概率",
	"rank": "预见名次", "rank_came": "实际名次", "forecast": "已预测", "not_yet": "尚未开始", "ended_before": "此前已中止", "failed": "无法预测",
}

// backtestReasons are why there is no value or score, in Chinese.
var backtestReasons = map[string]string{
	noneNotOver: "期间未结束", noneEnded: "序列已中止", noneGone: "序列已不在", noneNoGap: "报告无缺口数据", noneNotAsked: "年份不在所评之列", noneNoOutcome: "无录用结果", noneUnknownKey: "键已不存在",
}

// BacktestReason is BacktestStep.None or BacktestCell.None in Chinese.
func BacktestReason(none string) string { return backtestReasons[none] }

// backtestShared are the fields whose definition is another field's.
var backtestShared = map[string]string{
	"smape_naive2": "smape", "naive2": "smape", "mase_naive2": "mase", "coverage95": "coverage80", "in80": "coverage80", "in95": "coverage80", "bias_share": "bias",
	"not_over": "no_data", "ended": "no_data", "gone": "no_data", "late": "hired", "silent": "unfilled", "no_outcome": "unfilled", "spearman": "kendall_tau_b",
	"top": "hits", "hits_by_chance": "hits", "brier_base": "brier", "p_shortage": "brier",
}

// backtestMeaning is the definition of a field, "" where its name says it.
func backtestMeaning(field string) (zh, en string) {
	field = cmp.Or(backtestShared[field], field)
	for _, d := range BacktestDefinitions {
		if d.Field == field {
			return d.ZH, d.EN
		}
	}
	return "", ""
}

// A backtestSheet is a sheet in the making: its columns are the words before, and the numbers
// of the first row.
type backtestSheet struct {
	sheet.Sheet
	words int
}

func newBacktestSheet(zh, en string, words ...sheet.Column) *backtestSheet {
	return &backtestSheet{sheet.Sheet{ZH: zh, EN: en, Columns: words}, len(words)}
}

// add adds a row; of have the same fields in every row.
func (s *backtestSheet) add(words []any, of ...any) {
	var numbers []backtestNumber
	for _, o := range of {
		numbers = append(numbers, numbersOf(o)...)
	}
	if len(s.Columns) == s.words {
		for _, n := range numbers {
			c := sheet.Column{ZH: backtestHeadings[n.field], EN: n.field, Width: 14, Format: backtestFormat(n.field)}
			c.MeaningZH, c.MeaningEN = backtestMeaning(n.field)
			s.Columns = append(s.Columns, c)
		}
	}
	row := slices.Clone(words)
	for _, n := range numbers {
		row = append(row, n.value)
	}
	s.Rows = append(s.Rows, row)
}

// column is the place of a field.
func (s *backtestSheet) column(field string) int {
	return slices.IndexFunc(s.Columns, func(c sheet.Column) bool { return c.EN == field })
}

func backtestFormat(field string) string {
	switch {
	case strings.HasPrefix(field, "coverage"), field == "bias_share", field == "p_shortage":
		return "0.0%"
	case slices.Contains([]string{"smape", "smape_naive2", "mase", "mase_naive2", "owa", "msis", "kendall_tau_b", "spearman", "brier", "brier_base"}, field):
		return "0.000"
	}
	return ""
}

// WriteBacktestWorkbook writes the answer as a workbook: each report's accuracy, by step, by
// series and by period, gap scores and cells, notes, charts and what every number means. Sheets
// without rows are left out.
func WriteBacktestWorkbook(w io.Writer, a *BacktestAnswer) error {
	word := func(zh, en string, width float64) sheet.Column { return sheet.Column{ZH: zh, EN: en, Width: width} }
	source, kind := word("来源", "source", 28), word("类型", "kind", 12)
	all := newBacktestSheet("预测精度", "Forecast accuracy", source, kind)
	steps := newBacktestSheet("按步", "By step", source)
	series := newBacktestSheet("序列", "Series", source, word("序列", "id", 28), word("名称", "name", 28))
	values := newBacktestSheet("各期", "Periods", source, word("序列", "id", 28), word("名称", "name", 28), word("期间", "period", 12), word("无数据原因", "none", 14))
	scores := newBacktestSheet("缺口评分", "Gap scores", source, word("缺口", "of", 16))
	cells := newBacktestSheet("单元格", "Cells", source, word("单元格", "cell", 36), word("键", "key", 28), word("无数据原因", "none", 14))
	came := newBacktestSheet("实际情况", "What came", source)
	for i := range a.Items {
		it := &a.Items[i]
		if f := it.Forecast; f != nil {
			all.add([]any{it.Source, it.Kind}, f.Accuracy, f.NoData)
			for k := range f.ByStep {
				steps.add([]any{it.Source}, f.ByStep[k])
			}
			for k := range f.Series {
				s := &f.Series[k]
				series.add([]any{it.Source, s.ID, seriesLabel(s.Names)}, s.Accuracy)
				for h := range s.Steps {
					values.add([]any{it.Source, s.ID, seriesLabel(s.Names), s.Steps[h].Period, s.Steps[h].None}, s.Steps[h])
				}
			}
		}
		if g := it.Gaps; g != nil {
			came.add([]any{it.Source}, g.Came)
			for k := range g.Scores {
				scores.add([]any{it.Source, g.Scores[k].Of}, g.Scores[k])
			}
			for k := range g.Listed {
				c := &g.Listed[k]
				cells.add([]any{it.Source, c.label(g.By), c.key(g.By), c.None}, c)
			}
		}
	}
	out := []sheet.Sheet{a.summarySheet()}
	var charts []sheet.Chart
	for _, s := range []*backtestSheet{all, steps, series, values, scores, cells, came} {
		if len(s.Rows) == 0 {
			continue
		}
		switch s {
		case all:
			charts = append(charts, sheet.Chart{ZH: "各报告的 OWA 与 MASE", EN: "OWA and MASE of each report", Sheet: len(out), Values: []int{s.column("owa"), s.column("mase")}})
		case values:
			if n := a.firstSteps(); n > 0 {
				charts = append(charts, sheet.Chart{ZH: "首条序列：预测与实际", EN: "First series: foreseen and came", Sheet: len(out), Label: 3, Lines: true, Rows: n,
					Values: []int{s.column("mean"), s.column("lo95"), s.column("hi95"), s.column("came")}})
			}
		case cells:
			charts = append(charts, sheet.Chart{ZH: "缺口与未满足名额（前 20 个单元格）", EN: "Gaps and unfilled heads (first 20 cells)", Sheet: len(out), Label: 1, Rows: min(chartedCells, len(s.Rows)),
				Values: []int{s.column("gap"), s.column("unfilled")}})
		}
		out = append(out, s.Sheet)
	}
	return sheet.Write(w, append(out, a.noteSheet()), charts...)
}

// firstSteps is how many steps the first listed series has.
func (a *BacktestAnswer) firstSteps() int {
	for i := range a.Items {
		if f := a.Items[i].Forecast; f != nil && len(f.Series) > 0 {
			return len(f.Series[0].Steps)
		}
	}
	return 0
}

// horizonText is how many periods are foreseen, by what they are.
func horizonText(horizon map[string]int) string {
	var out []string
	for _, unit := range sortedKeys(horizon) {
		out = append(out, fmt.Sprintf("%s %d", unit, horizon[unit]))
	}
	return strings.Join(out, ", ")
}

func (a *BacktestAnswer) summarySheet() sheet.Sheet {
	m := &a.Meta
	out := newSummary()
	out.Rows = [][]any{
		{"报告数", "reports", m.Reports}, {"起点", "as of", strings.Join(m.AsOf, ", ")}, {"截至", "over until", m.Until}, {"最大短缺数", "top", m.Top}, {"每份列出", "listed a report", m.Limit},
	}
	if f := m.Forecast; f != nil {
		out.Rows = append(out.Rows, []any{"预测来源", "source", strings.TrimSpace(f.Source + " " + f.Measure)}, []any{"序列编号", "series", strings.Join(f.IDs, ", ")}, []any{"维度", "dimensions", strings.Join(f.By, ", ")},
			[]any{"地区汇总到", "regions rolled up to", f.RegionAt}, []any{"期间", "period", f.Period}, []any{"自", "from", f.From}, []any{"步数", "horizon", horizonText(f.Horizon)},
			[]any{"筛选", "filter", f.Filter.text()}, []any{"取整", "counts", fmt.Sprint(f.Counts)})
	}
	out.Rows = append(out.Rows, versionRows(&m.Versions)...)
	for i := range a.Items {
		it := &a.Items[i]
		if v := it.Versions; v != nil {
			out.Rows = append(out.Rows, []any{it.Source + " 的数据版本", "data version of " + it.Source, v.Data}, []any{it.Source + " 的软件版本", "software version of " + it.Source, v.Software})
		}
		if g := it.Gaps; g != nil {
			out.Rows = append(out.Rows, []any{it.Source + " 所评年份", "years of " + it.Source, strings.Trim(fmt.Sprint(g.Years), "[]")})
		}
	}
	return out
}

func (a *BacktestAnswer) noteSheet() sheet.Sheet {
	out := sheet.Sheet{ZH: "须知", EN: "Notes", Columns: []sheet.Column{{ZH: "来源", EN: "source", Width: 28}, {ZH: "代码", EN: "code", Width: 14}, {ZH: "说明", EN: "note (Chinese)", Width: 60}, {ZH: "说明（英文）", EN: "note (English)", Width: 80}}}
	for i := range a.Items {
		for _, n := range a.Items[i].Notes {
			out.Rows = append(out.Rows, []any{a.Items[i].Source, n.Code, n.ZH, n.EN})
		}
	}
	return out
}
