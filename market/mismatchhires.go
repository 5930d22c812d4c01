package market

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync"

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

// efficiency says how well cells match: phi of hires = phi demand^alpha supply^(1-alpha),
// with the hires that outcomes say. A hire counts where its demand does, whether that is
// still open or not, in the outcome's year. Where no outcome says anything phi is unknown.
func (j *mismatcher) efficiency(ctx context.Context) error {
	list, err := j.s.hires.of(ctx, j.m.store)
	if err != nil {
		return err
	}
	j.hires = &MismatchHires{}
	hired := make([]float64, len(j.cells))
	known := make([]bool, len(j.cells))
	placer := j.g.plan.Placer()
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
			if c, ok := j.find(key); ok {
				hired[c] += h.hired
				known[c], counted = true, true
			}
		})
		if counted {
			j.hires.Counted += h.records
			j.hires.Hired += h.hired
		}
	}
	for i := range j.cells {
		if c := &j.cells[i]; known[i] {
			c.efficiency = efficiencyOf(hired[i], c, j.r.Alpha)
			if c.efficiency != nil {
				j.hires.Cells++
			}
		}
	}
	return nil
}

// efficiencyOf is nil where a side is missing: nothing is known of how those would match.
func efficiencyOf(hired float64, c *mismatchCell, alpha float64) *float64 {
	if !c.complete() || *c.demand == 0 || *c.supply == 0 {
		return nil
	}
	phi := hired / (math.Pow(*c.demand, alpha) * math.Pow(*c.supply, 1-alpha))
	return &phi
}

// find is the place of a complete cell.
func (j *mismatcher) find(key gap.Key) (int, bool) {
	raw := make([]string, 0, mostMismatchDims)
	for d, p := range j.g.plan.By {
		raw = append(raw, j.g.keys[p].of(key[d]))
	}
	i, ok := j.at[cellKey(raw)]
	return i, ok && j.cells[i].complete()
}
