package market

import (
	"context"
	"slices"
	"sync"

	"talentmatch/matcher/gap"
	"talentmatch/store"
	"talentmatch/talent"
)

// inMigration is the measure of series that say how many people come into a region.
const inMigration = "in_migration"

// A seriesByYear is what series with the same keys say together: people a year.
type seriesByYear struct {
	keys  talent.SeriesKeys
	years map[int]float64
	count int // series
}

// arrivalCache keeps the series of in-migration, read once per state.
type arrivalCache struct {
	mu   sync.Mutex
	done []seriesByYear // nil until read
}

func (c *arrivalCache) of(ctx context.Context, s store.Store) ([]seriesByYear, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.done != nil {
		return c.done, nil
	}
	out, at := []seriesByYear{}, map[talent.SeriesKeys]int{}
	err := eachRecord(ctx, s, talent.TypeSeries, func(_ store.Item, rec talent.Record) error {
		r := rec.(*talent.Series)
		if r.Measure != inMigration {
			return nil
		}
		i, ok := at[r.Keys]
		if !ok {
			i = len(out)
			at[r.Keys] = i
			out = append(out, seriesByYear{keys: r.Keys, years: map[int]float64{}})
		}
		out[i].count++
		for y, v := range yearsOf(r) {
			out[i].years[y] += v
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	c.done = out
	return out, nil
}

// yearsOf adds the values of a series up by year. A year counts when all its quarters or
// months are there.
func yearsOf(r *talent.Series) map[int]float64 {
	unit, first, ok := parsePeriod(r.Start)
	if !ok { // no record is without, by its check
		return nil
	}
	parts := unit.parts()
	sums, counts := map[int]float64{}, map[int]int{}
	for i, v := range r.Values {
		y := (first + i) / parts
		sums[y] += v
		counts[y]++
	}
	for y, n := range counts {
		if n < parts {
			delete(sums, y)
		}
	}
	return sums
}

// arrive adds in-migration to the cells that it can be attributed to. A series counts where
// its keys are just those that the report tells apart or filters (skill, occupation,
// industry), and the region: what it says of all skills, say, cannot be told of one. In a
// report without regions, or of a whole country, moves are within it, and nothing is counted but who comes
// into that country.
func (g *gapper) arrive(ctx context.Context) error {
	list, err := g.s.arrivals.of(ctx, g.m.store)
	if err != nil {
		return err
	}
	people, missing := map[gap.Key]float64{}, map[int]bool{}
	by := make(map[talent.SeriesKeys]*seriesByYear, len(list))
	for i := range list {
		by[list[i].keys] = &list[i]
	}
	for i := range list {
		s := &list[i]
		g.come.Series += s.count
		key, ok := g.arrivalCell(s)
		if !ok {
			g.come.NotAttributable += s.count
			continue
		}
		g.come.Counted += s.count
		for _, y := range g.arrivalYears(s) {
			v, ok := s.years[y]
			if !ok {
				missing[y] = true
				continue
			}
			if g.above(by, s, key, y) {
				continue
			}
			in := key
			if d := slices.Index(g.plan.By, gap.Year); d >= 0 {
				in[d] = int32(y)
			}
			people[in] += v
		}
	}
	for y := range missing {
		g.come.YearsWithout = append(g.come.YearsWithout, y)
	}
	slices.Sort(g.come.YearsWithout)
	g.come.CellsWithout = g.report.Arrive(people)
	return nil
}

// arrivalCell is the cell of a series, its year apart.
func (g *gapper) arrivalCell(s *seriesByYear) (key gap.Key, ok bool) {
	if !g.plan.Leaves && !(len(g.r.Filter.Region) > 0 && talent.IsCountry(s.keys.Region)) || g.plan.Values[gap.Education] != nil || g.plan.Values[gap.EmployerKind] != nil {
		return key, false
	}
	if s.keys.Region == "" || g.plan.Inside != nil && !g.insideRegion(s.keys.Region) {
		return key, false
	}
	for p, said := range map[gap.Property]string{gap.Skill: s.keys.Skill, gap.Occupation: s.keys.Occupation, gap.Industry: s.keys.Industry, gap.Region: s.keys.Region} {
		v := g.plan.Values[p]
		if p == gap.Region && v == nil {
			continue
		}
		if (v == nil) != (said == "") {
			return key, false
		}
		if v == nil {
			continue
		}
		switch p {
		case gap.Region:
			said = g.s.world.rollUp(said, g.r.RegionAt)
		case gap.Industry:
			said = rollIndustry(said, g.r.IndustryAt)
		}
		value, known := g.keys[p].value(said)
		if !known || v.Keep != nil && !v.Keep[value] {
			return key, false
		}
		if d := slices.Index(g.plan.By, p); d >= 0 {
			key[d] = value
		}
	}
	return key, true
}

// insideRegion reports whether a region, which no record need name, passes the filter.
func (g *gapper) insideRegion(region string) bool {
	ids, err := g.s.world.regionIDs("region", g.r.Filter.Region)
	return err == nil && slices.ContainsFunc(ids, func(of string) bool { return g.s.world.gazetteer.Within(region, of) })
}

// arrivalYears are the years that count: those of the filter, those in which the counted
// demands start, or the newest of the series; every year when it is a dimension.
func (g *gapper) arrivalYears(s *seriesByYear) (out []int) {
	all := make([]int, 0, len(s.years))
	for y := range s.years {
		all = append(all, y)
	}
	slices.Sort(all)
	v := g.plan.Values[gap.Year]
	switch {
	case v != nil && v.Keep == nil:
		return all
	case v != nil:
		for y, kept := range v.Keep {
			if kept && y > 0 {
				out = append(out, y)
			}
		}
	case len(g.report.Years) > 0:
		for y := range g.report.Years {
			out = append(out, y)
		}
		slices.Sort(out)
	case len(all) > 0:
		out = all[len(all)-1:]
	}
	return out
}

// above reports whether another series says the same of a region around this one's, and of
// the same cell: then this one is part of it.
func (g *gapper) above(by map[talent.SeriesKeys]*seriesByYear, s *seriesByYear, of gap.Key, year int) bool {
	for _, around := range g.s.world.gazetteer.Path(s.keys.Region) {
		if around == s.keys.Region {
			continue
		}
		keys := s.keys
		keys.Region = around
		other := by[keys]
		if other == nil {
			continue
		}
		if _, said := other.years[year]; !said {
			continue
		}
		if cell, ok := g.arrivalCell(other); ok && cell == of {
			return true
		}
	}
	return false
}
