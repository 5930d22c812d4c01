package market

import (
	"context"
	"maps"
	"slices"

	"talentmatch/matcher/gap"
)

// page renders the cells after the first so many.
func (g *gapper) page(ctx context.Context, offset int) ([]GapCell, error) {
	by := gap.ByGap
	for i, word := range gapSorts {
		if word == g.r.Sort {
			by = gap.Sort(i)
		}
	}
	if by == gap.ByGap && g.r.Level == "asked" {
		by = gap.ByGapAtLevel
	}
	cells := g.report.First(by, min(offset+g.r.Limit, g.report.Cells()), g.before)
	cells = cells[min(offset, len(cells)):]
	items := make([]GapCell, len(cells))
	for i, c := range cells {
		items[i] = g.cell(c)
	}
	if g.r.Bootstrap > 0 {
		if err := g.uncertain(ctx, cells, items); err != nil {
			return nil, err
		}
	}
	if g.r.DrillDown == 0 {
		return items, nil
	}
	ids, err := g.report.Behind(ctx, cells, g.r.DrillDown)
	if err != nil {
		return nil, err
	}
	for i, c := range cells {
		items[i].DemandIDs, items[i].ProgramIDs = ids[i].Demands, ids[i].Programs
		for _, l := range g.report.Levels(c) {
			level := GapLevel{Level: l.Level, Demand: float64(l.Asked)}
			if items[i].Supply != nil {
				level.Supply = &l.Having
			}
			items[i].Levels = append(items[i].Levels, level)
		}
	}
	return items, nil
}

// uncertain draws the intervals of the page's cells.
func (g *gapper) uncertain(ctx context.Context, cells []int32, items []GapCell) error {
	list, err := g.report.Bootstrap(ctx, cells, g.r.Bootstrap, g.r.Seed)
	if err != nil {
		return err
	}
	for i := range list {
		u, c := &list[i], &items[i]
		of := u.Gap
		if g.r.Level == "asked" && u.GapAtLevel != nil {
			of = u.GapAtLevel
		}
		if of != nil {
			c.GapLo80, c.GapHi80, c.GapLo95, c.GapHi95, c.Shortage = &of.Lo80, &of.Hi80, &of.Lo95, &of.Hi95, &of.Shortage
		}
		if e := u.EffectiveGap; e != nil {
			c.EffectiveGapLo80, c.EffectiveGapHi80, c.EffectiveGapLo95, c.EffectiveGapHi95, c.EffectiveShortage = &e.Lo80, &e.Hi80, &e.Lo95, &e.Hi95, &e.Shortage
		}
	}
	return nil
}

// cell renders one cell.
func (g *gapper) cell(c int32) GapCell {
	f := g.report.Figures(c)
	out := GapCell{
		Keys: map[string]string{}, Names: map[string]string{}, NamesEN: map[string]string{}, Demand: f.Demand, Supply: f.Supply, Gap: f.Gap, Ratio: f.Ratio,
		SupplyAtLevel: f.AtLevel, GapAtLevel: f.GapAtLevel, FurtherStudy: f.Study, Outflow: f.Away, InMigration: f.In, BelowLevel: f.BelowLevel,
		EffectiveSupply: f.Effective, EffectiveGap: f.EffectiveGap, NoEligible: f.Unreached, NoEligibleHeads: f.UnreachedHeads,
		Demands: f.Demands, Programs: f.Programs, NoFurtherStudyRate: f.NoStudy, NoRetention: f.NoStays, NoCohorts: f.NoCohorts, OtherYears: f.OtherYears,
	}
	if g.r.Level == "asked" && f.AtLevel != nil {
		out.Supply, out.Gap = f.AtLevel, f.GapAtLevel
		if f.Ratio != nil {
			ratio := *f.AtLevel / *f.Demand
			out.Ratio = &ratio
		}
	}
	key := g.report.Key(c)
	for d, p := range g.plan.By {
		k := g.keys[p].of(key[d])
		out.Keys[gapDimensions[p]], out.Names[gapDimensions[p]], out.NamesEN[gapDimensions[p]] = g.s.world.label(p, k)
	}
	return out
}

// years are those whose cohorts count, where it is not every year for itself; none where each
// program's newest does.
func (g *gapper) years() []int {
	out := slices.Sorted(maps.Keys(g.report.Years))
	if v := g.plan.Values[gap.Year]; v != nil {
		out = nil
		for y, kept := range v.Keep {
			if kept && y > 0 && !g.has(gap.Year) {
				out = append(out, y)
			}
		}
	}
	return out
}

// meta says what the report is of.
func (g *gapper) meta() GapMeta {
	t := &g.report.Totals
	m := GapMeta{
		By: g.r.By, Cells: g.report.Cells(), Demand: t.Heads, Supply: t.Graduates, Level: g.r.Level, Sort: g.r.Sort, Filter: g.r.Filter,
		Counting: gapCounting, Definitions: GapDefinitions, Versions: g.m.versions(g.s.version, g.s.world, g.s.stats), InMigration: g.come,
		Demands: t.Demands, Programs: t.Programs + t.NoCohorts + t.OtherYears, NoCohorts: t.NoCohorts, OtherYears: t.OtherYears, Years: g.years(), Caveats: g.caveats(),
		NoFurtherStudyRate: GapUnsaid{t.NoStudy, t.WithoutStudy}, NoRetention: GapUnsaid{t.NoRetention, t.WithoutStaying},
	}
	if g.r.Bootstrap > 0 {
		m.Bootstrap = &GapBootstrap{g.r.Bootstrap, g.r.Seed}
	}
	if g.has(gap.Region) {
		m.RegionAt = g.r.RegionAt
	}
	if g.has(gap.Industry) {
		m.IndustryAt = g.r.IndustryAt
	}
	return m
}
