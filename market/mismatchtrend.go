package market

import (
	"context"
	"slices"

	"talentmatch/matcher/gap"
	"talentmatch/matcher/gap/mismatch"
)

// byYear counts the same cells once more, each year for itself: the demand's start, the
// cohort's graduation.
func (j *mismatcher) byYear(ctx context.Context) error {
	r := j.r.gaps(gapDimensions[gap.Year])
	if err := r.complete(); err != nil {
		return err
	}
	g := gapper{m: j.m, s: j.s, r: &r}
	if err := g.count(ctx); err != nil {
		return err
	}
	j.years = map[int][]mismatchCell{}
	for c := range g.report.Cells() {
		cell := j.cellOf(&g, int32(c))
		last := len(cell.raw) - 1
		year := int(cell.of[last])
		cell.raw = cell.raw[:last]
		cell.key = cellKey(cell.raw)
		switch {
		case slices.Contains(cell.raw, unsaid) || j.unresolved(cell.raw): // counted without years
		case year == 0:
			j.withoutYear.add(&cell)
		default:
			if at, ok := j.at[cell.key]; ok { // how well a cell matches is one value for all years
				cell.efficiency = j.cells[at].efficiency
			}
			j.years[year] = append(j.years[year], cell)
		}
	}
	j.withoutYear.round()
	for _, cells := range j.years {
		order(cells)
	}
	return nil
}

func (j *mismatcher) trend(kind mismatch.Kind) (*MismatchTrend, error) {
	var periods []mismatch.Period
	for year, cells := range j.years {
		periods = append(periods, mismatch.Period{Year: year, Cells: given(cells)})
	}
	s, err := mismatch.Trend(kind, periods, j.o)
	if err != nil {
		return nil, err
	}
	out := &MismatchTrend{Points: []MismatchPoint{}, Index: slopeOf(s.Index), Demand: slopeOf(s.Demand), Supply: slopeOf(s.Supply), Caveats: []Caveat{}}
	for i := range s.Points {
		p := &s.Points[i]
		point := MismatchPoint{Year: p.Year, Value: roundedOf(p.Index.Value), None: noneOf(p.Index), Demand: people(p.Index.Demand), Supply: people(p.Index.Supply), Cells: p.Index.Used}
		if point.None == string(mismatch.NoCells) {
			point.oneSided(j.years[p.Year])
		}
		if p.Baseline != nil {
			point.Chance = roundedOf(&p.Baseline.Expected)
		}
		out.Points = append(out.Points, point)
	}
	for _, c := range s.Caveats {
		out.Caveats = append(out.Caveats, Caveat{string(c.Code), c.ZH, c.Text, c.Years})
	}
	return out, nil
}

// oneSided says what is known of a year in which no cell has data of both sides.
func (p *MismatchPoint) oneSided(cells []mismatchCell) {
	var sums MismatchLeft
	demand, supply := false, false
	for i := range cells {
		sums.add(&cells[i])
		demand, supply = demand || cells[i].demand != nil, supply || cells[i].supply != nil
	}
	sums.round()
	p.Demand, p.Supply = sums.Demand, sums.Supply
	switch {
	case demand && !supply:
		p.None = string(mismatch.NoSupply)
	case supply && !demand:
		p.None = string(mismatch.NoDemand)
	}
}

func slopeOf(s *mismatch.Slope) *MismatchSlope {
	if s == nil {
		return nil
	}
	return &MismatchSlope{s.N, rounded(s.PerYear), rounded(s.Tau), rounded(s.P), s.Exact}
}
