package market

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
	"sync"

	"talentmatch/matcher"
	"talentmatch/matcher/gap"
	"talentmatch/store"
	"talentmatch/talent"
)

// A hiring is what outcomes say of a demand in a year, all programs together.
type hiring struct {
	demand  string
	year    int
	hired   float64
	records int
}

// hireCache keeps the outcomes, read once per state.
type hireCache struct {
	mu   sync.Mutex
	done []hiring // by demand and year; nil until read
}

func (c *hireCache) of(ctx context.Context, s store.Store) ([]hiring, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.done != nil {
		return c.done, nil
	}
	type place struct {
		demand string
		year   int
	}
	out, at := []hiring{}, map[place]int{}
	err := eachRecord(ctx, s, talent.TypeOutcome, func(_ store.Item, rec talent.Record) error {
		o := rec.(*talent.Outcome)
		p := place{o.Demand, o.Year}
		i, ok := at[p]
		if !ok {
			i = len(out)
			at[p], out = i, append(out, hiring{demand: o.Demand, year: o.Year})
		}
		out[i].hired += float64(o.Hired)
		out[i].records++
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(out, func(a, b hiring) int { return cmp.Or(cmp.Compare(a.demand, b.demand), cmp.Compare(a.year, b.year)) })
	c.done = out
	return out, nil
}

// A matching is what is known of a cell in a year: heads posted, whatever became of them, people
// who finish and people hired.
type matching struct {
	heads, people, hired float64
	said                 bool // some outcome says hired, be it 0
}

// matchings are what is known of cells, their year apart, by year.
type matchings struct {
	j    *mismatcher
	plan gap.Plan // of the report, without its dimension of years
	year int      // place of that dimension, or -1
	of   map[gap.Key]map[int]*matching
}

func newMatchings(j *mismatcher) *matchings {
	m := &matchings{j: j, plan: j.g.plan, year: slices.Index(j.g.plan.By, gap.Year), of: map[gap.Key]map[int]*matching{}}
	m.plan.By = slices.DeleteFunc(slices.Clone(m.plan.By), func(p gap.Property) bool { return p == gap.Year })
	return m
}

// apart is a cell of the report without its year, and that year: 0 for every one.
func (m *matchings) apart(key gap.Key) (gap.Key, int) {
	if m.year < 0 {
		return key, 0
	}
	year := int(key[m.year])
	copy(key[m.year:], key[m.year+1:])
	key[len(key)-1] = 0
	return key, year
}

func (m *matchings) at(key gap.Key, year int) *matching {
	years := m.of[key]
	if years == nil {
		years = map[int]*matching{}
		m.of[key] = years
	}
	if years[year] == nil {
		years[year] = &matching{}
	}
	return years[year]
}

// read goes over demands and programs.
func (m *matchings) read() {
	placer := m.plan.Placer()
	m.j.s.snap.VisitDemands(0, 1, func(_ int, d *matcher.Demand) bool {
		if d.Start != matcher.NoStart {
			placer.Cells(d, func(key gap.Key) { m.at(key, d.Start/12).heads += float64(d.Headcount) })
		}
		return true
	})
	years := m.plan.Values[gap.Year]
	m.plan.Programs(m.j.s.snap, func(of *matcher.Program, cells []gap.Key) bool {
		for _, c := range of.Cohorts {
			if years != nil && years.Keep != nil && !years.Keep[c.Year] {
				continue
			}
			people := float64(c.Graduates)
			if m.j.r.Supply == "effective" {
				people = m.plan.Staying(of, people)
			}
			for _, key := range cells {
				m.at(key, c.Year).people += people
			}
		}
		return true
	})
}

// pooled is phi of a cell over the years of which all is known; nil without one.
func (m *matchings) pooled(cell gap.Key, alpha float64) *float64 {
	key, only := m.apart(cell)
	hired, expected := 0.0, 0.0
	for _, year := range slices.Sorted(maps.Keys(m.of[key])) {
		if x := m.of[key][year]; (only == 0 || year == only) && x.said && x.heads > 0 && x.people > 0 {
			hired += x.hired
			expected += math.Pow(x.heads, alpha) * math.Pow(x.people, 1-alpha)
		}
	}
	if expected == 0 {
		return nil
	}
	phi := hired / expected
	return &phi
}

// efficiency says how well cells match: hires of a year are phi heads^alpha people^(1-alpha), heads those posted
// for it, filled or not, people those who finish in it. phi is the hires over the years of which outcomes, heads and
// people are known, by the hires that phi 1 would make in them (Sahin et al. 2014 estimate theirs over a panel of periods, too), so it
// does not depend on how many years are known. Where there is no such year it is unknown.
func (j *mismatcher) efficiency(ctx context.Context) error {
	list, err := j.s.hires.of(ctx, j.m.store)
	if err != nil {
		return err
	}
	j.hires = &MismatchHires{}
	if len(list) == 0 {
		return nil
	}
	m := newMatchings(j)
	m.read()
	compared := map[gap.Key]map[int]bool{} // years, 0 for all
	for i := range j.cells {
		if c := &j.cells[i]; c.complete() {
			key, year := m.apart(c.of)
			if compared[key] == nil {
				compared[key] = map[int]bool{}
			}
			compared[key][year] = true
		}
	}
	placer := m.plan.Placer()
	for i := range list {
		h := &list[i]
		j.hires.Outcomes += h.records
		d, ok := j.s.snap.PeekDemand(h.demand)
		if !ok { // deleted since
			continue
		}
		d.Start = 12 * h.year
		counted := false
		placer.Cells(&d, func(key gap.Key) {
			x := m.at(key, h.year)
			x.hired, x.said = x.hired+h.hired, true
			counted = counted || x.heads > 0 && x.people > 0 && (compared[key][0] || compared[key][h.year])
		})
		if counted {
			j.hires.Counted += h.records
			j.hires.Hired += h.hired
		}
	}
	for i := range j.cells {
		if c := &j.cells[i]; c.complete() && *c.demand > 0 && *c.supply > 0 {
			if c.efficiency = m.pooled(c.of, j.r.Alpha); c.efficiency != nil {
				j.hires.Cells++
			}
		}
	}
	return nil
}
