package market

import (
	"cmp"
	"io"
	"strconv"
	"strings"

	"talentmatch/market/sheet"
)

// mismatchNames are what indices are called in Chinese.
var mismatchNames = map[string]string{
	"duncan": "差异指数", "jackman-roper": "结构性错配率", "jackman-roper-geometric": "几何错配指数", "sahin": "录用损失指数", "sahin-efficiency": "计效率的录用损失指数", "jensen-shannon": "詹森-香农散度",
}

// MismatchName is what an index is called in Chinese.
func MismatchName(index string) string { return mismatchNames[index] }

// sideNames are those of MismatchContribution.Side in Chinese.
var sideNames = map[string]string{"short": "短缺", "surplus": "过剩", "balanced": "持平"}

// chartedCells is how many cells a chart shows.
const chartedCells = 20

// WriteMismatchWorkbook writes the answer as a workbook: indices, the cells that make them up,
// margins and years where asked, caveats, charts and what every column means.
func WriteMismatchWorkbook(w io.Writer, a *MismatchAnswer) error {
	sheets := []sheet.Sheet{a.summarySheet(), a.indexSheet(), a.contributionSheet()}
	charts := []sheet.Chart{{ZH: "错配指数", EN: "Mismatch indices", Sheet: 1, Label: 1, Values: []int{2}}}
	if len(a.Items) > 0 {
		if n := min(len(a.Items[0].Contributions), chartedCells); n > 0 {
			shares := 2 + 3*len(a.Meta.By) + 2
			charts = append(charts, sheet.Chart{ZH: "对" + mismatchNames[a.Items[0].Index] + "贡献最大的单元格：份额", EN: "Shares of the cells that contribute most to " + a.Items[0].Index,
				Sheet: 2, Label: 1, Values: []int{shares, shares + 1}, Rows: n})
		}
	}
	if len(a.Meta.By) == 2 {
		sheets = append(sheets, a.marginSheet())
	}
	if a.Meta.Parameters.Trend {
		years := a.trendSheet()
		lines := sheet.Chart{ZH: "各年指数", EN: "Indices by year", Sheet: len(sheets), Lines: true}
		for i := range a.Items {
			lines.Values = append(lines.Values, 3+i)
		}
		sheets = append(sheets, years, a.slopeSheet())
		charts = append(charts, lines)
	}
	return sheet.Write(w, append(sheets, a.caveatSheet()), charts...)
}

func (a *MismatchAnswer) summarySheet() sheet.Sheet {
	m := &a.Meta
	out := newSummary()
	out.Rows = [][]any{
		{"维度", "dimensions", strings.Join(m.By, ", ")}, {"地区汇总到", "regions rolled up to", m.RegionAt}, {"行业汇总到", "industries rolled up to", m.IndustryAt},
		{"供给", "supply", m.SupplyOf}, {"α", "alpha", m.Parameters.Alpha}, {"筛选", "filter", m.Filter.text()},
		{"名额（每个需求计一次）", "heads, each demand once", m.Demand}, {"毕业生（每个专业计一次）", "graduates, each program once", m.Supply}, {"需求数", "demands", m.Demands}, {"专业数", "programs", m.Programs},
		{"单元格数", "cells", m.Cells.All}, {"参与比较", "compared", m.Cells.Compared}, {"未说明而未计入", "left out, nothing said", m.Cells.Unlabelled.Cells}, {"其需求", "their demand", m.Cells.Unlabelled.Demand}, {"其供给", "their supply", m.Cells.Unlabelled.Supply},
		{"技能未识别而未计入", "left out, unknown skills", m.Cells.Unresolved.Cells}, {"其需求", "their demand", m.Cells.Unresolved.Demand}, {"其供给", "their supply", m.Cells.Unresolved.Supply},
		{"需求无数据", "no data of demand", m.Cells.NoDemand}, {"供给无数据", "no data of supply", m.Cells.NoSupply}, {"双方无数据", "no data of either", m.Cells.Neither},
		{"计数方法", "counting (Chinese)", m.Counting.ZH}, {"计数方法（英文）", "counting", m.Counting.EN},
	}
	out.Rows = append(out.Rows, versionRows(&m.Versions)...)
	if h := m.Hires; h != nil {
		out.Rows = append(out.Rows, []any{"录用结果", "outcomes", h.Outcomes}, []any{"计入的结果", "outcomes counted", h.Counted}, []any{"录用人数", "people hired", h.Hired})
	}
	return out
}

// mismatchColumn is a column with the definition of a field, of its English heading where none is named.
func mismatchColumn(zh, en, format, field string) sheet.Column {
	c := sheet.Column{ZH: zh, EN: en, Format: format}
	c.MeaningZH, c.MeaningEN = mismatchMeaning(cmp.Or(field, en))
	return c
}

func (a *MismatchAnswer) indexSheet() sheet.Sheet {
	out := sheet.Sheet{ZH: "指数", EN: "Indices", Columns: []sheet.Column{
		{ZH: "指数", EN: "index (Chinese)", Width: 24}, {ZH: "指数（英文）", EN: "index", Width: 26}, {ZH: "值", EN: "value", Format: "0.0000", MeaningZH: "0 至 1；空为无", MeaningEN: "0..1; empty for none"},
		{ZH: "为何没有", EN: "why there is none", Width: 30}, mismatchColumn("距离", "distance", "0.0000", "jensen-shannon"), mismatchColumn("结构性错配人数", "structural", "0", "jackman-roper"),
		mismatchColumn("偶然期望", "chance", "0.0000", ""), mismatchColumn("除去偶然", "systematic", "0.0000", "chance"),
		mismatchColumn("需求", "demand", "0", ""), mismatchColumn("供给", "supply", "0", ""), mismatchColumn("单元格", "cells", "0", ""), {ZH: "含义", EN: "meaning (Chinese)", Width: 60}, {ZH: "含义（英文）", EN: "meaning (English)", Width: 60},
	}}
	for i := range a.Items {
		x := &a.Items[i]
		zh, en := MismatchReason(x.None)
		why := ""
		if x.None != "" {
			why = zh + " " + en
		}
		meaningZH, meaningEN := mismatchMeaning(x.Index)
		var expected, systematic *float64
		if c := x.Chance; c != nil {
			expected, systematic = &c.Expected, &c.Systematic
		}
		out.Rows = append(out.Rows, []any{mismatchNames[x.Index], x.Index, sheetNumber(x.Value), why, sheetNumber(x.Distance), sheetNumber(x.Structural), sheetNumber(expected), sheetNumber(systematic),
			x.Demand, x.Supply, x.Cells, meaningZH, meaningEN})
	}
	return out
}

// sheetNumber is nil, an empty cell, where there is no data.
func sheetNumber(v *float64) any {
	if v == nil {
		return nil
	}
	return *v
}

func (a *MismatchAnswer) contributionSheet() sheet.Sheet {
	out := sheet.Sheet{ZH: "贡献", EN: "Contributions", Columns: []sheet.Column{{ZH: "指数", EN: "index", Width: 26}, {ZH: "单元格", EN: "cell", Width: 36}}}
	for _, dim := range a.Meta.By {
		zh := gapHeadings[dim]
		out.Columns = append(out.Columns, sheet.Column{ZH: zh + "编号", EN: dim, Width: 18}, sheet.Column{ZH: zh, EN: dim + " (Chinese)", Width: 24}, sheet.Column{ZH: zh + "（英文）", EN: dim + " (English)", Width: 24})
	}
	out.Columns = append(out.Columns, mismatchColumn("需求", "demand", "0", ""), mismatchColumn("供给", "supply", "0.0", ""), sheet.Column{ZH: "需求份额", EN: "demand_share", Format: "0.0%"}, sheet.Column{ZH: "供给份额", EN: "supply_share", Format: "0.0%"},
		mismatchColumn("状况", "side", "", ""), mismatchColumn("多出人数", "heads", "0", ""), mismatchColumn("贡献", "value", "0.0000", ""), mismatchColumn("占指数", "part", "0.0%", ""))
	for i := range a.Items {
		x := &a.Items[i]
		for k := range x.Contributions {
			c := &x.Contributions[k]
			row := []any{x.Index, ""}
			var names []string
			for _, dim := range a.Meta.By {
				names = append(names, c.Names[dim])
				row = append(row, c.Keys[dim], c.Names[dim], c.NamesEN[dim])
			}
			row[1] = strings.Join(names, " · ")
			out.Rows = append(out.Rows, append(row, c.Demand, c.Supply, c.DemandShare, c.SupplyShare, sideNames[c.Side]+" "+c.Side, c.Heads, c.Value, sheetNumber(c.Part)))
		}
		if r := x.Rest; r != nil {
			row := []any{x.Index, "其余 " + strconv.Itoa(r.Cells) + " 个 the rest"}
			for range a.Meta.By {
				row = append(row, "", "", "")
			}
			out.Rows = append(out.Rows, append(row, r.Demand, r.Supply, r.DemandShare, r.SupplyShare, "", r.Heads, r.Value, sheetNumber(r.Part)))
		}
	}
	return out
}

func (a *MismatchAnswer) marginSheet() sheet.Sheet {
	out := sheet.Sheet{ZH: "边际", EN: "Margins", Columns: []sheet.Column{{ZH: "指数", EN: "index", Width: 26}, {ZH: "维度", EN: "dimension", Width: 14}, {ZH: "组", EN: "group", Width: 30, MeaningZH: "空为整个维度", MeaningEN: "empty for the dimension as a whole"},
		{ZH: "组（英文）", EN: "group (English)", Width: 30}, mismatchColumn("边际指数", "margin", "0.0000", "margins"), mismatchColumn("组间", "between", "0.0000", ""), mismatchColumn("组内", "within", "0.0000", "between"),
		{ZH: "需求份额", EN: "demand_share", Format: "0.0%"}, {ZH: "供给份额", EN: "supply_share", Format: "0.0%"}}}
	for i := range a.Items {
		for k := range a.Items[i].Margins {
			m := &a.Items[i].Margins[k]
			out.Rows = append(out.Rows, []any{a.Items[i].Index, m.By, "", "", sheetNumber(m.Value), sheetNumber(m.Between), sheetNumber(m.Within), nil, nil})
			for _, g := range m.Groups {
				out.Rows = append(out.Rows, []any{a.Items[i].Index, m.By, g.Name, g.NameEN, nil, g.Between, g.Within, g.DemandShare, g.SupplyShare})
			}
			if r := m.Rest; r != nil {
				out.Rows = append(out.Rows, []any{a.Items[i].Index, m.By, "其余 " + strconv.Itoa(r.Groups) + " 个", "the rest", nil, r.Between, r.Within, nil, nil})
			}
		}
	}
	return out
}

// trendSheet has a column for each index, so that a chart can show them together.
func (a *MismatchAnswer) trendSheet() sheet.Sheet {
	out := sheet.Sheet{ZH: "趋势", EN: "Trend", Columns: []sheet.Column{mismatchColumn("年份", "year", "0", "trend"), mismatchColumn("需求", "demand", "0", ""), mismatchColumn("供给", "supply", "0", "")}}
	for i := range a.Items {
		out.Columns = append(out.Columns, mismatchColumn(mismatchNames[a.Items[i].Index], a.Items[i].Index, "0.0000", ""))
	}
	if len(a.Items) == 0 {
		return out
	}
	for k, first := range a.Items[0].Trend.Points {
		row := []any{first.Year, first.Demand, first.Supply}
		for i := range a.Items {
			row = append(row, sheetNumber(a.Items[i].Trend.Points[k].Value))
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

func (a *MismatchAnswer) slopeSheet() sheet.Sheet {
	out := sheet.Sheet{ZH: "趋势检验", EN: "Trend tests", Columns: []sheet.Column{{ZH: "指数", EN: "index", Width: 26}, {ZH: "序列", EN: "series", Width: 20}, mismatchColumn("每年", "per_year", "0.0000", "trend"), mismatchColumn("τ", "tau", "0.00", "trend"), mismatchColumn("p", "p", "0.000", "trend"), {ZH: "年数", EN: "years"}}}
	for i := range a.Items {
		t := a.Items[i].Trend
		for _, s := range []struct {
			name string
			of   *MismatchSlope
		}{{"指数 index", t.Index}, {"需求 demand", t.Demand}, {"供给 supply", t.Supply}} {
			if s.of != nil {
				out.Rows = append(out.Rows, []any{a.Items[i].Index, s.name, s.of.PerYear, s.of.Tau, s.of.P, s.of.Years})
			}
		}
	}
	return out
}

func (a *MismatchAnswer) caveatSheet() sheet.Sheet {
	out := sheet.Sheet{ZH: "注意", EN: "Caveats", Columns: []sheet.Column{{ZH: "关于", EN: "of", Width: 26, MeaningZH: "空为全部", MeaningEN: "empty for all"}, {ZH: "代码", EN: "code", Width: 18}, {ZH: "说明", EN: "caveat (Chinese)", Width: 80}, {ZH: "说明（英文）", EN: "caveat (English)", Width: 80}}}
	for _, c := range a.Meta.Caveats {
		out.Rows = append(out.Rows, []any{"", c.Code, c.ZH, c.EN})
	}
	for i := range a.Items {
		if t := a.Items[i].Trend; t != nil {
			for _, c := range t.Caveats {
				out.Rows = append(out.Rows, []any{a.Items[i].Index, c.Code, c.ZH, c.EN})
			}
		}
	}
	return out
}
