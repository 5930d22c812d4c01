package market

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"talentmatch/market/sheet"
)

// causesHeadings are the headings of numbers in Chinese, by field.
var causesHeadings = map[string]string{
	"demands": "需求数", "heads": "名额", "unfilled": "空缺", "certain_shortage": "确定短缺", "possible_shortage": "可能短缺", "numbers": "人数不足", "education": "学历",
	"timing": "时间", "skills": "技能", "place": "地点", "reservations": "预留", "available": "可用毕业生", "certain_surplus": "确定剩余", "possible_surplus": "可能剩余", "programs": "专业数",
	"lifted_first": "单独放开可填", "lifted_last": "最后放开可填",
}

// WriteCausesWorkbook writes a page of the answer as a workbook: groups with charts, what would
// help, who is left over, what the answer is of, and what every column means.
func WriteCausesWorkbook(w io.Writer, a *CausesAnswer) error {
	groups := a.groupSheet()
	column := func(field string) int {
		return slices.IndexFunc(groups.Columns, func(c sheet.Column) bool { return c.EN == field })
	}
	charts := []sheet.Chart{
		{ZH: "空缺的原因（前 20 组）", EN: "Causes of unfilled heads (first 20 groups)", Sheet: 1, Values: []int{column("numbers"), column("education"), column("timing"), column("skills"), column("place"), column("reservations")}, Rows: 20},
		{ZH: "名额与空缺（前 20 组）", EN: "Heads and unfilled heads (first 20 groups)", Sheet: 1, Values: []int{column("heads"), column("unfilled")}, Rows: 20},
	}
	return sheet.Write(w, []sheet.Sheet{a.summarySheet(), groups, a.cureSheet(), a.surplusSheet()}, charts...)
}

// causesColumn is a column of numbers with its definition.
func causesColumn(field, format string) sheet.Column {
	c := sheet.Column{ZH: causesHeadings[field], EN: field, Format: format}
	for _, d := range CausesDefinitions {
		if d.Field == field {
			c.MeaningZH, c.MeaningEN = d.ZH, d.EN
		}
	}
	return c
}

func (a *CausesAnswer) summarySheet() sheet.Sheet {
	m := &a.Meta
	t, s := &m.Total, &m.Supply
	out := newSummary()
	filter := m.Filter.text()
	if m.Filter.Alliance != "" {
		filter = strings.TrimPrefix(filter+"; alliance="+m.Filter.Alliance, "; ")
	}
	out.Rows = [][]any{
		{"分组", "grouped by", m.By}, {"筛选", "filter", filter}, {"参与的专业", "programs", m.Programs}, {"毕业生留在", "graduates stay in", m.Reach}, {"最低技能覆盖度", "min_skills", m.MinSkills},
		{"届", "cohorts", m.cohortsText()}, {"地区汇总至", "region_at", m.RegionAt}, {"剩余毕业生分组", "surplus_by", m.SurplusBy}, {"候选数", "candidates", m.Candidates},
		{"列出的合格专业", "able programs listed", m.Listed}, {"填充次序", "order", m.Order},
		{"岗位需求", "openings", t.Demands}, {"名额", "heads", t.Heads}, {"已填", "filled", t.Filled}, {"空缺", "unfilled", t.Unfilled},
		{"确定短缺", "certain shortage", t.CertainShortage}, {"可能短缺", "possible shortage", t.PossibleShortage},
		{"筛选之外相争的岗位需求", "openings outside the filter, which compete", m.Competing.Demands}, {"其名额", "their heads", m.Competing.Heads}, {"其已填", "filled of these", m.Competing.Filled},
		{"空缺：人数不足", "unfilled: numbers", t.Shares.Numbers}, {"空缺：学历", "unfilled: education", t.Shares.Education}, {"空缺：时间", "unfilled: timing", t.Shares.Timing},
		{"空缺：技能", "unfilled: skills", t.Shares.Skills}, {"空缺：地点", "unfilled: place", t.Shares.Place}, {"空缺：预留", "unfilled: reservations", t.Shares.Reservations},
		{"专业", "programs that take part", s.Programs}, {"毕业生", "graduates", s.Graduates}, {"升学", "study on", s.FurtherStudy}, {"已录用", "hired", s.Hired}, {"可用", "available", s.Available},
		{"预留", "reserved", s.Reserved}, {"可去任何地方", "take work anywhere", s.Moving}, {"剩余", "left over", s.Surplus},
		{"剩余毕业生组数", "groups of graduates left over", m.SurplusGroups}, {"未列届次的专业", "programs without cohorts", s.NoCohorts}, {"未给升学率的专业", "programs without further_study_rate", s.NoFurtherStudyRate.Programs}, {"未给留存率的专业", "programs without retention", s.NoRetention.Programs},
		{"无可核对技能的专业", "programs without known skills", s.Unverified.Programs}, {"无技能要求的岗位", "openings without skills", s.NoSkills}, {"未能预留的席位", "seats not reserved", s.NotReserved},
	}
	out.Rows = append(out.Rows, versionRows(&m.Versions)...)
	return out
}

// cohortsText lists the years; none where all take part.
func (m *CausesMeta) cohortsText() string {
	var out []string
	for _, year := range m.Cohorts {
		out = append(out, fmt.Sprint(year))
	}
	return strings.Join(out, ", ")
}

// limitsText is what is in the way, in Chinese.
func (x *CausesCure) limitsText() string {
	var out []string
	for _, limit := range x.Limits {
		out = append(out, causesHeadings[limit])
	}
	return strings.Join(out, "、")
}

func (a *CausesAnswer) groupSheet() sheet.Sheet {
	out := sheet.Sheet{ZH: "原因", EN: "Causes", Columns: []sheet.Column{{ZH: "组", EN: "group", Width: 30}, {ZH: "组（英文）", EN: "group (English)", Width: 30}, {ZH: "编号", EN: "key", Width: 18}}}
	for _, field := range []string{"demands", "heads", "unfilled", "certain_shortage", "possible_shortage"} {
		out.Columns = append(out.Columns, causesColumn(field, "0"))
	}
	for _, field := range []string{"numbers", "education", "timing", "skills", "place", "reservations"} {
		out.Columns = append(out.Columns, causesColumn(field, "0.00"))
	}
	for i := range a.Items {
		g := &a.Items[i]
		x := &g.Shares
		out.Rows = append(out.Rows, []any{g.Name, g.NameEN, g.Key, g.Demands, g.Heads, g.Unfilled, g.CertainShortage, g.PossibleShortage,
			x.Numbers, x.Education, x.Timing, x.Skills, x.Place, x.Reservations})
	}
	return out
}

func (a *CausesAnswer) cureSheet() sheet.Sheet {
	out := sheet.Sheet{ZH: "对策", EN: "Cures", Columns: []sheet.Column{
		{ZH: "组", EN: "group", Width: 30}, {ZH: "限制", EN: "limits (Chinese)", Width: 16}, {ZH: "限制（英文）", EN: "limits", Width: 20}, {ZH: "专业编号", EN: "program", Width: 18}, {ZH: "届", EN: "year"}, {ZH: "至多补", EN: "fills at most", Format: "0"},
		{ZH: "岗位编号", EN: "demand", Width: 18}, {ZH: "说明", EN: "in words", Width: 70}, {ZH: "说明（英文）", EN: "in words (English)", Width: 70},
	}}
	for i := range a.Items {
		for k := range a.Items[i].Cures {
			x := &a.Items[i].Cures[k]
			out.Rows = append(out.Rows, []any{a.Items[i].Name, x.limitsText(), strings.Join(x.Limits, ", "), x.Program, fmt.Sprint(x.Year), x.Heads, x.Demand, x.Text, x.TextEN})
		}
	}
	return out
}

func (a *CausesAnswer) surplusSheet() sheet.Sheet {
	out := sheet.Sheet{ZH: "剩余毕业生", EN: "Surplus", Columns: []sheet.Column{{ZH: "组", EN: "group", Width: 30}, {ZH: "组（英文）", EN: "group (English)", Width: 30}, {ZH: "编号", EN: "key", Width: 18}}}
	for _, field := range []string{"programs", "available", "certain_surplus", "possible_surplus"} {
		out.Columns = append(out.Columns, causesColumn(field, "0"))
	}
	for i := range a.Meta.Surplus {
		x := &a.Meta.Surplus[i]
		out.Rows = append(out.Rows, []any{x.Name, x.NameEN, x.Key, x.Programs, x.Available, x.Certain, x.Possible})
	}
	return out
}
