package market

import (
	"encoding/csv"
	"io"
	"strconv"
)

// A futureNumber is a number of a year, with its heading in Chinese and the format of its cells.
type futureNumber struct {
	field, zh, format string
	of                func(f *FutureFigures) *float64
}

// futureNumbers are the numbers of a year, in the order of the CSV.
var futureNumbers = []futureNumber{
	{"demand", "需求", "0", func(f *FutureFigures) *float64 { return f.Demand }},
	{"demand_lo80", "需求 80 % 下限", "0", func(f *FutureFigures) *float64 { return f.DemandLo80 }},
	{"demand_hi80", "需求 80 % 上限", "0", func(f *FutureFigures) *float64 { return f.DemandHi80 }},
	{"demand_lo95", "需求 95 % 下限", "0", func(f *FutureFigures) *float64 { return f.DemandLo95 }},
	{"demand_hi95", "需求 95 % 上限", "0", func(f *FutureFigures) *float64 { return f.DemandHi95 }},
	{"known", "已发布", "0", func(f *FutureFigures) *float64 { return f.Known }},
	{"foreseen", "预计发布", "0.0", func(f *FutureFigures) *float64 { return f.Foreseen }},
	{"expansion", "扩张需求", "0.0", func(f *FutureFigures) *float64 { return f.Expansion }},
	{"replacement", "更替需求", "0.0", func(f *FutureFigures) *float64 { return f.Replacement }},
	{"supply", "供给", "0.0", func(f *FutureFigures) *float64 { return f.Supply }},
	{"assumed", "其中假定", "0.0", func(f *FutureFigures) *float64 { return f.Assumed }},
	{"further_study", "升学", "0.0", func(f *FutureFigures) *float64 { return f.FurtherStudy }},
	{"outflow", "外流", "0.0", func(f *FutureFigures) *float64 { return f.Outflow }},
	{"in_migration", "流入", "0.0", func(f *FutureFigures) *float64 { return f.InMigration }},
	{"effective_supply", "有效供给", "0.0", func(f *FutureFigures) *float64 { return f.EffectiveSupply }},
	{"gap", "缺口", "0", func(f *FutureFigures) *float64 { return f.Gap }},
	{"gap_lo80", "缺口 80 % 下限", "0", func(f *FutureFigures) *float64 { return f.GapLo80 }},
	{"gap_hi80", "缺口 80 % 上限", "0", func(f *FutureFigures) *float64 { return f.GapHi80 }},
	{"gap_lo95", "缺口 95 % 下限", "0", func(f *FutureFigures) *float64 { return f.GapLo95 }},
	{"gap_hi95", "缺口 95 % 上限", "0", func(f *FutureFigures) *float64 { return f.GapHi95 }},
	{"p_shortage", "短缺概率", "0%", func(f *FutureFigures) *float64 { return f.Shortage }},
	{"effective_gap", "有效缺口", "0", func(f *FutureFigures) *float64 { return f.EffectiveGap }},
	{"effective_gap_lo80", "有效缺口 80 % 下限", "0", func(f *FutureFigures) *float64 { return f.EffectiveGapLo80 }},
	{"effective_gap_hi80", "有效缺口 80 % 上限", "0", func(f *FutureFigures) *float64 { return f.EffectiveGapHi80 }},
	{"effective_gap_lo95", "有效缺口 95 % 下限", "0", func(f *FutureFigures) *float64 { return f.EffectiveGapLo95 }},
	{"effective_gap_hi95", "有效缺口 95 % 上限", "0", func(f *FutureFigures) *float64 { return f.EffectiveGapHi95 }},
	{"p_effective_shortage", "有效短缺概率", "0%", func(f *FutureFigures) *float64 { return f.EffectiveShortage }},
	{"ratio", "供需比", "0.00", func(f *FutureFigures) *float64 { return f.Ratio }},
}

// futureChanges are the numbers that a scenario has besides.
var futureChanges = []struct {
	field, zh string
	of        func(f *FutureScenario) *float64
}{
	{"demand_change", "需求变化", func(f *FutureScenario) *float64 { return f.DemandChange }},
	{"supply_change", "有效供给变化", func(f *FutureScenario) *float64 { return f.SupplyChange }},
	{"gap_change", "有效缺口变化", func(f *FutureScenario) *float64 { return f.GapChange }},
}

// eachFuture calls yield with every year of every cell, without a scenario (nil) first and
// then under each.
func (a *FutureGapAnswer) eachFuture(yield func(c *FutureCell, year int, f *FutureFigures, s *FutureScenario)) {
	for i := range a.Items {
		c := &a.Items[i]
		for y := range c.Years {
			yield(c, c.Years[y].Year, &c.Years[y].FutureFigures, nil)
			for k := range c.Years[y].Scenarios {
				s := &c.Years[y].Scenarios[k]
				yield(c, c.Years[y].Year, &s.FutureFigures, s)
			}
		}
	}
}

// WriteFutureGapCSV writes a page of the future gap as CSV with a header: key, name, year, scenario
// (empty without one), the numbers, what the scenario changes, and both names in English. An empty number
// is no data, which is not 0.
func WriteFutureGapCSV(w io.Writer, a *FutureGapAnswer) error {
	header := []string{"key", "name", "year", "scenario"}
	for _, n := range futureNumbers {
		header = append(header, n.field)
	}
	for _, n := range futureChanges {
		header = append(header, n.field)
	}
	header = append(header, "name_en", "scenario_en")
	rows := [][]string{header}
	a.eachFuture(func(c *FutureCell, year int, f *FutureFigures, s *FutureScenario) {
		row := []string{noFormula(c.Key), noFormula(c.Name), strconv.Itoa(year), ""}
		if s != nil {
			row[3] = noFormula(s.Name)
		}
		for _, n := range futureNumbers {
			row = append(row, optionalNumber(n.of(f)))
		}
		for _, n := range futureChanges {
			if s == nil {
				row = append(row, "")
			} else {
				row = append(row, optionalNumber(n.of(s)))
			}
		}
		row = append(row, noFormula(c.NameEN), "")
		if s != nil {
			row[len(row)-1] = noFormula(s.NameEN)
		}
		rows = append(rows, row)
	})
	return csv.NewWriter(w).WriteAll(rows)
}

// WriteFutureGapNDJSON writes a page of the future gap, a FutureCell a line.
func WriteFutureGapNDJSON(w io.Writer, a *FutureGapAnswer) error { return writeLines(w, a.Items) }
