package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"talentmatch/market"
)

// gapsInChinese is what the table says, by what it says in English.
var gapsInChinese = map[string]string{
	"skill": "技能", "occupation": "职业", "region": "地区", "education": "学历", "year": "年份", "industry": "行业", "employer_kind": "用人单位类型",
	">demand": ">需求", ">supply": ">供给", ">gap": ">缺口", ">ratio": ">供需比", ">at level": ">达到水平", ">effective": ">有效供给", ">effective gap": ">有效缺口", ">80 % of it": ">其 80 % 区间", ">P(short)": ">短缺概率",
	">no eligible": ">无合格专业", ">demands": ">需求数", ">programs": ">专业数",
	"no cells": "没有单元格", "(not said)": "（未说明）", "  demands   %s\n": "  需求  %s\n", "  programs  %s\n": "  专业  %s\n",
	"  level %d: %s heads ask it, %s graduates have it or more\n":             "  水平 %d：%s 个名额要求，%s 名毕业生达到\n",
	"%d of %d cells; demand %s heads, supply %s graduates, each counted once": "%[2]d 个单元格中的 %[1]d 个；需求 %[3]s 个名额，供给 %[4]s 名毕业生，各计一次",
	"graduates of each program's newest cohort count":                         "计入各专业最新一届的毕业生",
	"graduates of %s count": "计入 %s 年的毕业生",
	"%d of %d programs (%s graduates) do not say how many go on to study, and count in full":     "%[2]d 个专业中有 %[1]d 个（毕业生 %[3]s 名）未给升学率，全额计入",
	"%d of %d programs (%s graduates) do not say how many stay in the region, and count in full": "%[2]d 个专业中有 %[1]d 个（毕业生 %[3]s 名）未给留存率，全额计入",
	"%d of %d series of in-migration say nothing of just these cells":                            "%[2]d 个流入序列中有 %[1]d 个不能归入这些单元格",
	"more with --cursor %s": "更多：--cursor %s",
}

// gapWords says a text in one language.
func gapWords(zh bool) func(text string) string {
	return func(text string) string {
		if zh {
			return cmp.Or(gapsInChinese[text], text)
		}
		return text
	}
}

// writeGaps writes the report for people; - is no data.
func writeGaps(s *session, a *market.GapAnswer, zh bool) {
	say := gapWords(zh)
	if len(a.Items) == 0 {
		fmt.Fprintln(s.out, say("no cells"))
		return
	}
	var header []string
	for _, dim := range a.Meta.By {
		header = append(header, say(dim))
	}
	leveled := slices.Contains(a.Meta.By, "skill") || len(a.Meta.Filter.Skill) == 1
	drawn := a.Meta.Bootstrap != nil
	for _, column := range []string{">demand", ">supply", ">gap", ">ratio", ">at level", ">effective", ">effective gap", ">80 % of it", ">P(short)", ">no eligible", ">demands", ">programs"} {
		if (leveled || column != ">at level") && (drawn || column != ">80 % of it" && column != ">P(short)") {
			header = append(header, say(column))
		}
	}
	t := newTable("", header...)
	for _, cell := range a.Items {
		var row []string
		for _, dim := range a.Meta.By {
			row = append(row, cut(gapLabel(cell, dim, zh), 44))
		}
		row = append(row, whole(cell.Demand), whole(cell.Supply), whole(cell.Gap), twoDecimals(cell.Ratio))
		if leveled {
			row = append(row, whole(cell.SupplyAtLevel))
		}
		row = append(row, oneDecimal(cell.EffectiveSupply), oneDecimal(cell.EffectiveGap))
		if drawn {
			row = append(row, whole(cell.EffectiveGapLo80)+".."+whole(cell.EffectiveGapHi80), percent(cell.EffectiveShortage))
		}
		t.add(append(row, percent(cell.NoEligible), strconv.Itoa(cell.Demands), strconv.Itoa(cell.Programs))...)
	}
	t.write(s.out)
	for i := range a.Items {
		writeDrill(s, a.Meta.By, &a.Items[i], say, zh)
	}
}

// gapLabel is a cell's label in one dimension; market keys what records do not say
// as "-".
func gapLabel(cell market.GapCell, dim string, zh bool) string {
	key, label := cell.Keys[dim], cell.Names[dim]
	switch {
	case key == "-" && (label == "" || label == "-"):
		if zh {
			return gapsInChinese["(not said)"]
		}
		return "(not said)"
	case label == "":
		return key
	}
	return label
}

// notSaid is the label of what records do not say in a dimension, where the dimension is not a
// column's heading.
func notSaid(dim string, zh bool) string {
	if zh {
		return gapsInChinese[dim] + gapsInChinese["(not said)"]
	}
	return dim + " (not said)"
}

// writeDrill lists what is behind a cell, when it was asked for.
func writeDrill(s *session, by []string, cell *market.GapCell, say func(string) string, zh bool) {
	if len(cell.DemandIDs)+len(cell.ProgramIDs) == 0 {
		return
	}
	var labels []string
	for _, dim := range by {
		labels = append(labels, gapLabel(*cell, dim, zh))
	}
	fmt.Fprintf(s.out, "\n%s\n", plain(strings.Join(labels, " · ")))
	for _, l := range cell.Levels {
		fmt.Fprintf(s.out, say("  level %d: %s heads ask it, %s graduates have it or more\n"), l.Level, whole(&l.Demand), whole(l.Supply))
	}
	if len(cell.DemandIDs) > 0 {
		fmt.Fprintf(s.out, say("  demands   %s\n"), strings.Join(cell.DemandIDs, " "))
	}
	if len(cell.ProgramIDs) > 0 {
		fmt.Fprintf(s.out, say("  programs  %s\n"), strings.Join(cell.ProgramIDs, " "))
	}
}

// whole shows a number of people; "-" is no data.
func whole(v *float64) string { return decimals(v, 0) }

// oneDecimal shows a number of people of whom some are fractions.
func oneDecimal(v *float64) string { return decimals(v, 1) }

// twoDecimals shows a ratio; "-" is no data.
func twoDecimals(v *float64) string { return decimals(v, 2) }

func decimals(v *float64, n int) string {
	if v == nil {
		return "-"
	}
	return strconv.FormatFloat(*v, 'f', n, 64)
}

// percent shows a share.
func percent(v *float64) string {
	if v == nil {
		return "-"
	}
	return strconv.FormatFloat(100**v, 'f', 0, 64) + "%"
}
