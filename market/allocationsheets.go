package market

import (
	"fmt"
	"io"
	"strings"

	"talentmatch/market/sheet"
)

// WriteAllocationWorkbook writes an allocation as a workbook: summary, openings, cohorts,
// seats, reservations, groups and bounds, and what the columns mean.
func WriteAllocationWorkbook(w io.Writer, a *Allocation) error {
	return sheet.Write(w, []sheet.Sheet{a.summarySheet(), a.openingSheet(), a.cohortSheet(), a.seatSheet(), a.reservationSheet(), a.groupSheet(), a.boundSheet()})
}

const valueFormat = "0.0000"

func number(v *float64) any {
	if v == nil {
		return nil
	}
	return *v
}

func wholeNumber(v *int64) any {
	if v == nil {
		return nil
	}
	return *v
}

func (a *Allocation) summarySheet() sheet.Sheet {
	s := &a.Summary
	out := sheet.Sheet{ZH: "概要", EN: "Summary", Columns: []sheet.Column{{ZH: "项目", EN: "item", Width: 24}, {ZH: "项目（英文）", EN: "item (English)", Width: 28}, {ZH: "值", EN: "value", Width: 40}}}
	out.Rows = [][]any{
		{"策略", "policy", s.Policy}, {"总价值", "value", s.Value}, {"岗位数", "openings", s.Openings}, {"岗位名额", "headcount", s.Headcount},
		{"届次数", "cohorts", s.Cohorts}, {"毕业生", "graduates", s.Graduates}, {"已填名额", "filled", s.Filled}, {"空缺名额", "unfilled", s.Unfilled},
		{"未落实毕业生", "unplaced", s.Unplaced}, {"使用预留名额", "on reserved seats", s.OnReserved}, {"未用预留名额", "reserved seats not taken", s.NotReserved},
		{"低于下限", "below bounds", s.BelowMin}, {"公平的代价", "price of fairness", number(s.PriceOfFairness)},
		{"数据版本", "data version", a.Meta.Versions.Data}, {"分类版本", "taxonomy version", a.Meta.Versions.Taxonomy}, {"软件版本", "software version", a.Meta.Versions.Software},
		{"问题摘要", "problem (SHA-256)", a.Meta.Problem},
	}
	return out
}

// reasonColumns say why something stays over.
var reasonColumns = []sheet.Column{
	{ZH: "原因", EN: "cause", Width: 24, MeaningZH: "为什么没有填满或落实", MeaningEN: "what stops the next one: none-eligible, at-limit, reserved, none-left, worth-more-elsewhere, needed-first-elsewhere, prefer-elsewhere"},
	{ZH: "最合适的另一方", EN: "best counterpart", Width: 24, MeaningZH: "最合适的专业届次或岗位", MeaningEN: "the best cohort for an opening, or opening for a cohort"},
	{ZH: "它在哪里", EN: "where it is", Width: 24, MeaningZH: "它的名额去了哪里", MeaningEN: "where the counterpart's least valued unit is instead"},
	{ZH: "最小的改动", EN: "repair", Width: 40, MeaningZH: "有帮助的最小改动", MeaningEN: "the smallest change that would help"},
}

func (r *AllocationReason) cells() []any {
	if r == nil {
		return []any{nil, nil, nil, nil}
	}
	best, at := r.Demand, r.AtDemand
	if r.Program != "" {
		best = fmt.Sprintf("%s %d", r.Program, r.Year)
	}
	if r.AtProgram != "" {
		at = fmt.Sprintf("%s %d", r.AtProgram, r.AtYear)
	}
	return []any{r.Cause, best, at, r.Repair}
}

func (a *Allocation) openingSheet() sheet.Sheet {
	out := sheet.Sheet{ZH: "岗位", EN: "Openings", Columns: append([]sheet.Column{
		{ZH: "需求编号", EN: "demand", Width: 18}, {ZH: "岗位", EN: "title", Width: 28}, {ZH: "岗位（英文）", EN: "title (English)", Width: 28},
		{ZH: "企业", EN: "employer", Width: 30}, {ZH: "地区", EN: "region"}, {ZH: "到岗", EN: "start"}, {ZH: "优先级", EN: "priority", MeaningZH: "1 至 5，影响价值", MeaningEN: "1 to 5, counts 0.5 to 1.5"},
		{ZH: "名额", EN: "headcount", MeaningZH: "已扣除已录用人数", MeaningEN: "those already hired left out"}, {ZH: "已填", EN: "filled"},
		{ZH: "边际价值", EN: "price", Format: valueFormat, MeaningZH: "增加一个名额至多增加的价值（含加成）", MeaningEN: "what one more head would add to the value, at most, bonuses included"},
	}, reasonColumns...)}
	for i := range a.Openings {
		o := &a.Openings[i]
		employer := o.EmployerName
		if employer == "" {
			employer = o.Employer
		}
		out.Rows = append(out.Rows, append([]any{o.Demand, o.Title, o.TitleEN, employer, o.Region, o.Start, o.Priority, o.Headcount, o.Filled, number(o.Price)}, o.Why.cells()...))
	}
	return out
}

func (a *Allocation) cohortSheet() sheet.Sheet {
	out := sheet.Sheet{ZH: "届次", EN: "Cohorts", Columns: append([]sheet.Column{
		{ZH: "专业编号", EN: "program", Width: 18}, {ZH: "届", EN: "year"}, {ZH: "专业", EN: "name", Width: 24}, {ZH: "专业（英文）", EN: "name (English)", Width: 24},
		{ZH: "学校", EN: "school", Width: 30}, {ZH: "地区", EN: "region"}, {ZH: "毕业生", EN: "graduates", MeaningZH: "已扣除已录用人数", MeaningEN: "those already hired left out"},
		{ZH: "已录用", EN: "hired already"}, {ZH: "已落实", EN: "placed"},
		{ZH: "边际价值", EN: "price", Format: valueFormat, MeaningZH: "增加一名毕业生至多增加的价值（含加成）", MeaningEN: "what one more graduate would add to the value, at most, bonuses included"},
	}, reasonColumns...)}
	for i := range a.Cohorts {
		c := &a.Cohorts[i]
		school := c.SchoolName
		if school == "" {
			school = c.School
		}
		out.Rows = append(out.Rows, append([]any{c.Program, c.Year, c.Name, c.NameEN, school, c.Region, c.Graduates, c.Bound, c.Placed, number(c.Price)}, c.Why.cells()...))
	}
	return out
}

func (a *Allocation) seatSheet() sheet.Sheet {
	out := sheet.Sheet{ZH: "落位", EN: "Seats", Columns: []sheet.Column{
		{ZH: "需求编号", EN: "demand", Width: 18}, {ZH: "专业编号", EN: "program", Width: 18}, {ZH: "届", EN: "year"}, {ZH: "人数", EN: "units"},
		{ZH: "价值", EN: "value", Format: valueFormat, MeaningZH: "每人：该届的得分乘以优先级系数", MeaningEN: "of one unit: the score for this cohort, weighed by priority"},
		{ZH: "协议", EN: "agreement", Width: 18, MeaningZH: "使用其预留名额", MeaningEN: "whose reserved seats they take"},
	}}
	for _, s := range a.Seats {
		out.Rows = append(out.Rows, []any{s.Demand, s.Program, s.Year, s.Units, s.Value, s.Agreement})
	}
	return out
}

func (a *Allocation) reservationSheet() sheet.Sheet {
	out := sheet.Sheet{ZH: "预留", EN: "Reservations", Columns: []sheet.Column{
		{ZH: "协议", EN: "agreement", Width: 18}, {ZH: "专业编号", EN: "program", Width: 18}, {ZH: "届", EN: "year"}, {ZH: "名额", EN: "seats"}, {ZH: "已用", EN: "taken"},
		{ZH: "未预留原因", EN: "why not", Width: 40, MeaningZH: "名额为何不能预留", MeaningEN: "why seats could not be kept"},
	}}
	for _, r := range a.Reserved {
		year := any(r.Year)
		if r.Year == 0 {
			year = nil
		}
		out.Rows = append(out.Rows, []any{r.Agreement, r.Program, year, r.Seats, r.Taken, r.Why})
	}
	return out
}

func (a *Allocation) groupSheet() sheet.Sheet {
	out := sheet.Sheet{ZH: "分组", EN: "Groups", Columns: []sheet.Column{
		{ZH: "分组", EN: "group", Width: 24, MeaningZH: "公平策略所看的分组", MeaningEN: "what policy fair is even among"}, {ZH: "名额", EN: "headcount"}, {ZH: "已填", EN: "filled"}, {ZH: "填补率", EN: "share", Format: "0.00%"},
	}}
	for _, g := range a.Groups {
		out.Rows = append(out.Rows, []any{g.Group, g.Headcount, g.Filled, g.Share})
	}
	return out
}

func (a *Allocation) boundSheet() sheet.Sheet {
	out := sheet.Sheet{ZH: "约束", EN: "Bounds", Columns: []sheet.Column{
		{ZH: "序号", EN: "bound"}, {ZH: "对象", EN: "of", Width: 30}, {ZH: "下限", EN: "min"}, {ZH: "上限", EN: "max"}, {ZH: "人数", EN: "units"},
		{ZH: "不足", EN: "short", MeaningZH: "低于下限的人数", MeaningEN: "units below min"},
		{ZH: "冲突", EN: "cannot be kept with", Width: 30, MeaningZH: "与之冲突的最少的其他约束和协议", MeaningEN: "the fewest other bounds and agreements with which min cannot be kept"},
		{ZH: "最小的改动", EN: "repair", Width: 50},
	}}
	for i := range a.Bounds {
		b := &a.Bounds[i]
		of := ""
		for _, v := range []string{b.Program, b.Demand, b.School, b.Enterprise, b.Region, b.Of} {
			if v != "" && of != "" {
				of += " "
			}
			of += v
		}
		with := ""
		for _, k := range b.ConflictBounds {
			with += fmt.Sprintf("[%d] ", k)
		}
		for _, g := range b.ConflictAgreements {
			with += g + " "
		}
		out.Rows = append(out.Rows, []any{i, of, wholeNumber(b.Min), wholeNumber(b.Max), b.Units, b.Short, strings.TrimSpace(with), b.Repair})
	}
	return out
}
