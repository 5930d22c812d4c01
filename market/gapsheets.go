package market

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"talentmatch/market/sheet"
)

// gapHeadings are the headings of dimensions and of numbers in Chinese, by field.
var gapHeadings = map[string]string{
	"skill": "技能", "occupation": "职业", "region": "地区", "education": "学历", "year": "年份", "industry": "行业", "employer_kind": "用人单位类型",
	"demand": "需求", "supply": "供给", "gap": "缺口", "ratio": "供需比", "supply_at_level": "达到水平的供给", "gap_at_level": "按水平的缺口",
	"further_study": "升学", "outflow": "外流", "in_migration": "流入", "below_level": "未达水平", "effective_supply": "有效供给", "effective_gap": "有效缺口",
	"gap_lo80": "缺口 80 % 下限", "gap_hi80": "缺口 80 % 上限", "gap_lo95": "缺口 95 % 下限", "gap_hi95": "缺口 95 % 上限", "p_shortage": "短缺概率",
	"effective_gap_lo80": "有效缺口 80 % 下限", "effective_gap_hi80": "有效缺口 80 % 上限", "effective_gap_lo95": "有效缺口 95 % 下限", "effective_gap_hi95": "有效缺口 95 % 上限",
	"p_effective_shortage": "有效短缺概率", "no_eligible": "无合格专业的份额", "demands": "需求数", "programs": "专业数",
	"programs_without_cohorts": "未给届的专业数", "programs_other_years": "仅给其他年份的专业数",
}

// WriteGapWorkbook writes a page of the gap report as a workbook: cells with charts of the
// largest, what the report is of, and what every column means.
func WriteGapWorkbook(w io.Writer, a *GapAnswer) error {
	cells := a.cellSheet()
	column := func(field string) int {
		return slices.IndexFunc(cells.Columns, func(c sheet.Column) bool { return c.EN == field })
	}
	charts := []sheet.Chart{
		{ZH: "需求与有效供给（前 20 个单元格）", EN: "Demand and effective supply (first 20 cells)", Sheet: 1, Values: []int{column("demand"), column("supply"), column("effective_supply")}, Rows: 20},
		{ZH: "缺口（前 20 个单元格）", EN: "Gaps (first 20 cells)", Sheet: 1, Values: []int{column("gap"), column("effective_gap")}, Rows: 20},
	}
	return sheet.Write(w, []sheet.Sheet{a.summarySheet(), cells}, charts...)
}

func (a *GapAnswer) summarySheet() sheet.Sheet {
	m := &a.Meta
	out := newSummary()
	out.Rows = [][]any{
		{"维度", "dimensions", strings.Join(m.By, ", ")}, {"地区汇总到", "regions rolled up to", m.RegionAt}, {"行业汇总到", "industries rolled up to", m.IndustryAt},
		{"供给水平", "level of supply", m.Level}, {"排序", "sorted by", m.Sort}, {"筛选", "filter", m.Filter.text()},
		{"单元格数", "cells", m.Cells}, {"本表单元格", "cells here", len(a.Items)}, {"名额（每个需求计一次）", "heads, each demand once", m.Demand}, {"毕业生（每个专业计一次）", "graduates, each program once", m.Supply},
		{"需求数", "demands", m.Demands}, {"专业数", "programs", m.Programs},
		{"未给届的专业", "programs without cohorts", m.NoCohorts}, {"仅给其他年份的专业", "programs with other years only", m.OtherYears}, {"所计年份", "years counted", yearList(m.Years)},
		{"未给升学率的专业", "programs without further_study_rate", m.NoFurtherStudyRate.Programs}, {"其毕业生", "their graduates", m.NoFurtherStudyRate.Graduates},
		{"未给留存率的专业", "programs without retention", m.NoRetention.Programs}, {"其毕业生", "their graduates", m.NoRetention.Graduates},
		{"流入序列", "series of in-migration", m.InMigration.Series}, {"已计入", "counted", m.InMigration.Counted},
		{"计数方法", "counting (Chinese)", m.Counting.ZH}, {"计数方法（英文）", "counting", m.Counting.EN},
	}
	for _, c := range m.Caveats {
		out.Rows = append(out.Rows, []any{"注意", "caveat (Chinese)", c.ZH}, []any{"注意（英文）", "caveat", c.EN})
	}
	out.Rows = append(out.Rows, versionRows(&m.Versions)...)
	if b := m.Bootstrap; b != nil {
		out.Rows = append(out.Rows, []any{"自助法重复次数", "bootstrap replicates", b.Replicates}, []any{"随机种子", "seed", fmt.Sprint(b.Seed)})
	}
	return out
}

// yearList is years in a line.
func yearList(years []int) string {
	words := make([]string, len(years))
	for i, y := range years {
		words[i] = strconv.Itoa(y)
	}
	return strings.Join(words, ", ")
}

// text is the filter in a line.
func (f *GapFilter) text() string {
	var parts []string
	for _, x := range []struct {
		name   string
		values []string
	}{{"skill", f.Skill}, {"occupation", f.Occupation}, {"region", f.Region}, {"education", f.Education}, {"year", f.Year}, {"industry", f.Industry}, {"employer_kind", f.EmployerKind}} {
		if len(x.values) > 0 {
			parts = append(parts, fmt.Sprintf("%s=%s", x.name, strings.Join(x.values, ",")))
		}
	}
	return strings.Join(parts, "; ")
}

// drawnField reports whether a field is there with a bootstrap only.
func drawnField(field string) bool {
	return strings.HasPrefix(field, "p_") || strings.HasSuffix(field, "80") || strings.HasSuffix(field, "95")
}

// A gapSheetNumber is a column of numbers.
type gapSheetNumber struct {
	field, format string
	of            func(c *GapCell) any
}

// gapSheetNumbers are the numbers of a cell, by field.
var gapSheetNumbers = []gapSheetNumber{
	{"demand", "0", func(c *GapCell) any { return number(c.Demand) }},
	{"supply", "0", func(c *GapCell) any { return number(c.Supply) }},
	{"gap", "0", func(c *GapCell) any { return number(c.Gap) }},
	{"ratio", "0.00", func(c *GapCell) any { return number(c.Ratio) }},
	{"supply_at_level", "0", func(c *GapCell) any { return number(c.SupplyAtLevel) }},
	{"gap_at_level", "0", func(c *GapCell) any { return number(c.GapAtLevel) }},
	{"further_study", "0.0", func(c *GapCell) any { return number(c.FurtherStudy) }},
	{"outflow", "0.0", func(c *GapCell) any { return number(c.Outflow) }},
	{"in_migration", "0.0", func(c *GapCell) any { return number(c.InMigration) }},
	{"below_level", "0.0", func(c *GapCell) any { return number(c.BelowLevel) }},
	{"effective_supply", "0.0", func(c *GapCell) any { return number(c.EffectiveSupply) }},
	{"effective_gap", "0.0", func(c *GapCell) any { return number(c.EffectiveGap) }},
	{"no_eligible", "0.0%", func(c *GapCell) any { return number(c.NoEligible) }},
	{"gap_lo80", "0", func(c *GapCell) any { return number(c.GapLo80) }},
	{"gap_hi80", "0", func(c *GapCell) any { return number(c.GapHi80) }},
	{"gap_lo95", "0", func(c *GapCell) any { return number(c.GapLo95) }},
	{"gap_hi95", "0", func(c *GapCell) any { return number(c.GapHi95) }},
	{"p_shortage", "0%", func(c *GapCell) any { return number(c.Shortage) }},
	{"effective_gap_lo80", "0", func(c *GapCell) any { return number(c.EffectiveGapLo80) }},
	{"effective_gap_hi80", "0", func(c *GapCell) any { return number(c.EffectiveGapHi80) }},
	{"effective_gap_lo95", "0", func(c *GapCell) any { return number(c.EffectiveGapLo95) }},
	{"effective_gap_hi95", "0", func(c *GapCell) any { return number(c.EffectiveGapHi95) }},
	{"p_effective_shortage", "0%", func(c *GapCell) any { return number(c.EffectiveShortage) }},
	{"demands", "0", func(c *GapCell) any { return c.Demands }},
	{"programs", "0", func(c *GapCell) any { return c.Programs }},
	{"programs_without_cohorts", "0", func(c *GapCell) any { return c.NoCohorts }},
	{"programs_other_years", "0", func(c *GapCell) any { return c.OtherYears }},
}

// gapMeaning is a definition by its field; the ends of an interval share one.
func gapMeaning(field string) (zh, en string) {
	defined := field
	switch {
	case field == "p_effective_shortage":
		defined = "effective_gap_lo80"
	case strings.HasSuffix(field, "80") || strings.HasSuffix(field, "95"):
		defined = field[:len(field)-len("lo80")] + "lo80"
	}
	for _, d := range GapDefinitions {
		if d.Field == defined {
			return d.ZH, d.EN
		}
	}
	return "", ""
}

func (a *GapAnswer) cellSheet() sheet.Sheet {
	out := sheet.Sheet{ZH: "缺口", EN: "Gaps", Columns: []sheet.Column{{ZH: "单元格", EN: "cell", Width: 36, MeaningZH: "各维度的名称", MeaningEN: "its names, dimension by dimension"}}}
	for _, dim := range a.Meta.By {
		zh := gapHeadings[dim]
		out.Columns = append(out.Columns, sheet.Column{ZH: zh + "编号", EN: dim, Width: 18, MeaningZH: "- 为未说明", MeaningEN: "- where records say nothing"},
			sheet.Column{ZH: zh, EN: dim + " (Chinese)", Width: 24}, sheet.Column{ZH: zh + "（英文）", EN: dim + " (English)", Width: 24})
	}
	numbers := gapSheetNumbers
	if a.Meta.Bootstrap == nil {
		numbers = slices.DeleteFunc(slices.Clone(numbers), func(n gapSheetNumber) bool { return drawnField(n.field) })
	}
	for _, n := range numbers {
		zh, en := gapMeaning(n.field)
		out.Columns = append(out.Columns, sheet.Column{ZH: gapHeadings[n.field], EN: n.field, Format: n.format, MeaningZH: zh, MeaningEN: en})
	}
	for i := range a.Items {
		c := &a.Items[i]
		var names []string
		row := []any{""}
		for _, dim := range a.Meta.By {
			names = append(names, c.Names[dim])
			row = append(row, c.Keys[dim], c.Names[dim], c.NamesEN[dim])
		}
		row[0] = strings.Join(names, " · ")
		for _, n := range numbers {
			row = append(row, n.of(c))
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}
