package market

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"

	"talentmatch/talent"
)

// futureGaps scores a kept future gap. A cell in a year is a cell of a gap report by its dimension and
// by year, so what came is found by the same rules and scored by the same measures; demand has intervals besides.
func (b *backtester) futureGaps(ctx context.Context, kept *Report, field string, item *BacktestItem) (*BacktestGaps, error) {
	var r FutureGapRequest
	var a FutureGapAnswer
	if err := decodeKept(field+".request", kept.Request, &r); err != nil {
		return nil, err
	}
	if err := decodeKept(field+".answer", kept.Answer, &a); err != nil {
		return nil, err
	}
	if err := r.complete(); err != nil {
		return nil, inPart(field+".request", err)
	}
	if r.Source != FromDemands && r.Source != FromKnown {
		return nil, talent.Invalid(field+".request.source", r.Source, "is not of demands, and of nothing else is known what was filled: keep a forecast of the series to score it")
	}
	q := GapRequest{By: []string{"year"}, RegionAt: r.RegionAt, Limit: MaxPage, Cursor: r.Cursor,
		Filter: GapFilter{Skill: r.Filter.Skill, Occupation: r.Filter.Occupation, Region: r.Filter.Region, Industry: r.Filter.Industry}}
	if r.By != "" {
		q.By = []string{r.By, "year"}
	}
	for _, y := range a.Meta.Years {
		q.Filter.Year = append(q.Filter.Year, strconv.Itoa(y))
	}
	cells, demand, err := futureCells(&a, r.By, field+".answer")
	if err != nil {
		return nil, err
	}
	if len(r.Scenarios) > 0 {
		item.note("scenarios", "只评分无情景的数字：情景并未发生，或未如所写发生。", "Numbers without a scenario are scored: scenarios did not come, or not as they were written.")
	}
	if r.Source == FromKnown {
		item.note("known", "报告只含当时已发布的需求：其后发布的名额使预见偏低。", "The report has demands alone that were posted then: what was posted later makes it foresee too few.")
	}
	return b.scoreGaps(ctx, q, GapAnswer{Items: cells, NextCursor: a.NextCursor, Meta: GapMeta{Cells: a.Meta.Cells * len(a.Meta.Years)}}, demand, field, item)
}

// futureCells are the years of all cells as cells of a gap report, and the same as they were kept. What was
// written by hand must not pass for a report.
func futureCells(a *FutureGapAnswer, by, at string) (cells []GapCell, demand []*FutureFigures, err error) {
	seen := map[string]bool{}
	for i := range a.Items {
		c := &a.Items[i]
		if seen[c.Key] {
			return nil, nil, talent.Invalid(fmt.Sprintf("%s.items[%d].key", at, i), c.Key, "stands there twice")
		}
		seen[c.Key] = true
		for y := range c.Years {
			f := &c.Years[y]
			here := fmt.Sprintf("%s.items[%d].years[%d]", at, i, y)
			if !slices.Contains(a.Meta.Years, f.Year) || y > 0 && f.Year <= c.Years[y-1].Year {
				return nil, nil, talent.Invalid(here+".year", strconv.Itoa(f.Year), "is not the next of the years of the report, %v", a.Meta.Years)
			}
			if err := f.check(here); err != nil {
				return nil, nil, err
			}
			year := strconv.Itoa(f.Year)
			cell := GapCell{Keys: map[string]string{"year": year}, Names: map[string]string{"year": year}, NamesEN: map[string]string{},
				Demand: f.Demand, Supply: f.Supply, Ratio: f.Ratio, EffectiveSupply: f.EffectiveSupply,
				Gap: f.Gap, GapLo80: f.GapLo80, GapHi80: f.GapHi80, GapLo95: f.GapLo95, GapHi95: f.GapHi95, Shortage: f.Shortage,
				EffectiveGap: f.EffectiveGap, EffectiveGapLo80: f.EffectiveGapLo80, EffectiveGapHi80: f.EffectiveGapHi80, EffectiveGapLo95: f.EffectiveGapLo95, EffectiveGapHi95: f.EffectiveGapHi95,
				EffectiveShortage: f.EffectiveShortage}
			if by != "" {
				cell.Keys[by], cell.Names[by], cell.NamesEN[by] = c.Key, c.Name, c.NameEN
			}
			cells, demand = append(cells, cell), append(demand, &f.FutureFigures)
		}
	}
	return cells, demand, nil
}

// check refuses numbers that no report has.
func (f *FutureFigures) check(at string) error {
	for _, n := range futureNumbers {
		if v := n.of(f); v != nil && math.Abs(*v) > mostForeseen {
			return talent.Invalid(at+"."+n.field, fmt.Sprint(*v), "is too large")
		}
	}
	for _, x := range []struct {
		field  string
		lo, hi *float64
	}{
		{"demand_lo80", f.DemandLo80, f.DemandHi80}, {"demand_lo95", f.DemandLo95, f.DemandHi95}, {"gap_lo80", f.GapLo80, f.GapHi80}, {"gap_lo95", f.GapLo95, f.GapHi95},
		{"effective_gap_lo80", f.EffectiveGapLo80, f.EffectiveGapHi80}, {"effective_gap_lo95", f.EffectiveGapLo95, f.EffectiveGapHi95},
	} {
		if x.lo != nil && x.hi != nil && *x.lo > *x.hi {
			return talent.Invalid(at+"."+x.field, fmt.Sprint(*x.lo), "lies above the upper end, %g", *x.hi)
		}
	}
	return nil
}

// coverage is how many of the cells asked for as many heads as the intervals of their demand say; nil
// where the report has none.
func (d *BacktestDemand) coverage(list []*scoredCell) {
	in80, in95 := 0, 0
	for _, c := range list {
		f := c.future
		if f == nil || f.DemandLo80 == nil || f.DemandHi80 == nil || f.DemandLo95 == nil || f.DemandHi95 == nil {
			return
		}
		if inside(c.asked, *f.DemandLo80, *f.DemandHi80) {
			in80++
		}
		if inside(c.asked, *f.DemandLo95, *f.DemandHi95) {
			in95++
		}
	}
	n := float64(len(list))
	d.Coverage80, d.Coverage95 = quotient(float64(in80), n), quotient(float64(in95), n)
}
