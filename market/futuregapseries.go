package market

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"talentmatch/matcher/forecast"
	"talentmatch/store"
	"talentmatch/talent"
)

// A cellSeries is a series record that is about one cell.
type cellSeries struct {
	id, key, age string
	unit         periodUnit
	first        int // number of the first period
	values       []float64
}

// end is the number of the period after the last.
func (c *cellSeries) end() int { return c.first + len(c.values) }

// lastYear is the year of the last value.
func (c *cellSeries) lastYear() int { return (c.end() - 1) / c.unit.parts() }

// readSeries reads the series of a measure that are about just one cell each: the key of the
// dimension is there, at the level at which cells are told apart, and every other key is what the filter names, nothing else.
// What a series says of one province, say, cannot be told of all.
func (g *futureGapper) readSeries(ctx context.Context, measure string) ([]cellSeries, error) {
	f := g.forecaster()
	keep, err := f.filter()
	if err != nil {
		return nil, err
	}
	filtered, err := g.filteredKeys()
	if err != nil {
		return nil, err
	}
	g.meta.Series = &FutureSeries{}
	var out []cellSeries
	err = eachRecord(ctx, g.m.store, talent.TypeSeries, func(_ store.Item, rec talent.Record) error {
		r := rec.(*talent.Series)
		if r.Measure != measure {
			return nil
		}
		g.meta.Series.Found++
		c := cellSeries{id: r.ID, key: totalKey, age: r.AgeGroup, values: r.Values}
		var ok bool
		if c.unit, c.first, ok = parsePeriod(r.Start); !ok || len(r.Values) == 0 {
			return nil
		}
		if !keep(func(dim string) []string { return []string{seriesKey(r, dim)} }) || !g.about(r, filtered, &c) {
			return nil
		}
		out = append(out, c)
		return nil
	})
	slices.SortFunc(out, func(a, b cellSeries) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.age, b.age), cmp.Compare(a.id, b.id))
	})
	return out, err
}

// filteredKeys are what series must say of dimensions that the filter names.
func (g *futureGapper) filteredKeys() (map[string][]string, error) {
	regions, err := g.s.world.regionIDs("filter.region", g.r.Filter.Region)
	q := &g.r.Filter
	return map[string][]string{"skill": g.s.world.skillIDs(q.Skill), "occupation": g.s.world.occupationIDs(q.Occupation), "region": regions, "industry": q.Industry}, err
}

// about sets the cell that a series is about; false when it is about no one cell.
func (g *futureGapper) about(r *talent.Series, filtered map[string][]string, c *cellSeries) bool {
	for _, dim := range []string{"skill", "occupation", "region", "industry"} {
		said := seriesKey(r, dim)
		if dim == g.r.By {
			rolled := said
			switch dim {
			case "region":
				rolled = g.s.world.rollUp(said, g.r.RegionAt)
			case "industry":
				rolled = rollIndustry(said, "section")
			}
			if said == "" || rolled != said {
				return false
			}
			c.key = said
			continue
		}
		want := filtered[dim]
		if len(want) == 0 && said != "" || len(want) > 0 && (len(want) > 1 || want[0] != said) {
			return false
		}
	}
	return true
}

// cut leaves out what lies after the as-of year.
func (c *cellSeries) cut(asOf int) {
	parts := c.unit.parts()
	keep := (asOf+1)*parts - c.first
	c.values = c.values[:min(max(0, keep), len(c.values))]
}

// fromSeries forecasts the series of a measure, one a cell. Of several of a cell the one that
// ends last counts, then the one of the longer periods; two that are still alike are an error,
// since which of them counts is not ours to guess.
func (g *futureGapper) fromSeries(ctx context.Context) error {
	all, err := g.readSeries(ctx, g.r.Measure)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(c cellSeries) bool { return c.age != "" })
	oldest, newest := 0, 0
	for i := range all {
		newest = max(newest, all[i].lastYear())
		if y := all[i].first / all[i].unit.parts(); oldest == 0 || y < oldest {
			oldest = y
		}
	}
	if err := g.begin(oldest, newest, "series of measure "+g.r.Measure+" that are about just these cells"); err != nil {
		return err
	}
	chosen := map[string]*cellSeries{}
	for i := range all {
		c := &all[i]
		if c.cut(g.asOf); len(c.values) == 0 {
			continue
		}
		other := chosen[c.key]
		if other == nil {
			chosen[c.key] = c
			continue
		}
		switch d := cmp.Or(cmp.Compare(c.lastYear(), other.lastYear()), cmp.Compare(c.ends(), other.ends()), cmp.Compare(other.unit.parts(), c.unit.parts())); {
		case d == 0:
			return talent.Invalid("measure", g.r.Measure, "has two series of %s for the same periods, %s and %s", c.key, other.id, c.id)
		case d > 0:
			chosen[c.key] = c
		}
	}
	g.meta.Series.Counted = len(chosen)
	g.meta.Series.NotAttributable = g.meta.Series.Found - len(chosen)
	return g.foreseeSeries(ctx, chosen)
}

// ends is the month after the last value, so that units can be compared.
func (c *cellSeries) ends() int { return c.end() * 12 / c.unit.parts() }

// foreseeSeries forecasts the series of each unit together, and adds periods up to years.
func (g *futureGapper) foreseeSeries(ctx context.Context, chosen map[string]*cellSeries) error {
	g.foreseen = map[string][]spread{}
	for _, unit := range []periodUnit{"year", "quarter", "month"} {
		var list []*cellSeries
		var in []forecast.Series
		last := make([]int, len(g.years))
		for _, key := range sortedKeys(chosen) {
			if c := chosen[key]; c.unit == unit {
				list = append(list, c)
				in = append(in, forecast.Series{ID: c.id, Values: c.values})
				for y, year := range g.years {
					last[y] = max(last[y], (year+1)*unit.parts()-c.end())
				}
			}
		}
		if len(list) == 0 {
			continue
		}
		for _, reach := range reaches(last, unit.parts()) {
			out, errs, err := forecast.Run(ctx, in, forecast.Options{Horizon: reach, Seasons: []int{unit.parts()}})
			if err != nil {
				return err
			}
			for i, c := range list {
				if errs[i] != nil {
					g.fail(c.id, errs[i])
					continue
				}
				if g.foreseen[c.key] == nil {
					g.foreseen[c.key] = make([]spread, len(g.years))
				}
				takeYears(g.foreseen[c.key], sumsOf(out[i], g.periodWeights(c, reach)), last, reach, unit.parts())
			}
		}
	}
	return nil
}

// periodWeights take, for each future year, the periods that make it up, as far as is forecast.
func (g *futureGapper) periodWeights(c *cellSeries, reach int) [][]float64 {
	out := make([][]float64, len(g.years))
	for y := range out {
		out[y] = make([]float64, reach)
		for p := range c.unit.parts() {
			if h := g.years[y]*c.unit.parts() + p - c.end(); h < reach {
				out[y][h] = 1
			}
		}
	}
	return out
}

// fail keeps why a series could not be forecast, once.
func (g *futureGapper) fail(id string, err error) {
	if !slices.ContainsFunc(g.meta.Failed, func(f ForecastFault) bool { return f.ID == id }) {
		g.meta.Failed = append(g.meta.Failed, ForecastFault{id, err.Error()})
	}
}

// sortedKeys are the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// describe is a series in an error.
func (c *cellSeries) describe() string { return fmt.Sprintf("series %s (%s)", c.id, c.age) }
