package gap

import (
	"context"
	"maps"
	"runtime"
	"slices"
	"sync"

	"talentmatch/matcher"
)

// spoken is what the records of either side speak of, whatever a filter leaves of them: where
// nobody says anything, a number is no data and not 0.
type spoken struct {
	programs, demands       int          // records
	supplyYears, heardYears map[int]bool // years of cohorts, and of starts of demands (0: no start); read where a plan looks at years
	years                   []int        // both, without 0, ascending
}

// read goes over all records, those of demands that are no longer open among them.
func (s *spoken) read(ctx context.Context, snap *matcher.Snapshot, plan *Plan) {
	s.programs, s.demands = snap.Size()
	if plan.Values[Year] == nil {
		return
	}
	parts := make([]map[int]bool, runtime.GOMAXPROCS(0))
	var work sync.WaitGroup
	for i := range parts {
		work.Go(func() {
			years, last := map[int]bool{}, -1
			snap.VisitDemands(i, len(parts), func(row int, d *matcher.Demand) bool {
				year := 0
				if d.Start != matcher.NoStart {
					year = d.Start / 12
				}
				if year != last {
					years[year], last = true, year
				}
				return row%checkEvery != 0 || ctx.Err() == nil
			})
			parts[i] = years
		})
	}
	work.Wait()
	s.supplyYears, s.heardYears = map[int]bool{}, map[int]bool{}
	for _, years := range parts {
		maps.Copy(s.heardYears, years)
	}
	snap.VisitPrograms(func(p *matcher.Program) bool {
		for _, c := range p.Cohorts {
			s.supplyYears[c.Year] = true
		}
		return ctx.Err() == nil
	})
	all := maps.Clone(s.heardYears)
	maps.Copy(all, s.supplyYears)
	delete(all, 0)
	s.years = slices.Sorted(maps.Keys(all))
}

// ofYears reports whether one of the years that a cell is of is among some.
func (r *Report) ofYears(key Key, years map[int]bool) bool {
	v := r.plan.Values[Year]
	if v == nil {
		return true
	}
	if d := r.plan.dimension(Year); d >= 0 {
		return years[int(key[d])]
	}
	for year := range years {
		if v.of(int32(year)) >= 0 {
			return true
		}
	}
	return false
}

// demandKnown reports whether a cell's demand is a number: without demands it is 0 where some
// record speaks of its years.
func (r *Report) demandKnown(cell int32) bool {
	return r.cells.sums[cell].Records > 0 || r.spoken.demands > 0 && r.ofYears(r.Key(cell), r.spoken.heardYears)
}

// supplyKnown is demandKnown of supply. It is none where programs cannot say what the cell is of, nor where
// there are programs and none says how many graduates it has.
func (r *Report) supplyKnown(cell int32) bool {
	if s := &r.supply[cell]; s.Programs > 0 || s.silent() > 0 {
		return s.Programs > 0
	}
	key := r.Key(cell)
	if d := r.plan.dimension(Education); d >= 0 && key[d] == 0 {
		return false
	}
	return r.plan.supplies() && r.spoken.programs > 0 && r.ofYears(key, r.spoken.supplyYears)
}
