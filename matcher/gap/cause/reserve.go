package cause

import (
	"cmp"
	"context"
	"slices"

	"talentmatch/matcher"
)

// An offer is a cohort that an opening could be filled from on a pact.
type offer struct {
	cohort, program int32
	timing          float64
}

// reserve takes the seats of pacts: of the cohorts that the openings can use, in the order of
// openings, those that leave at the best time first, then by program and year. What the openings
// cannot use, or have no heads for, is anyone's, as in an allocation.
func (b *builder) reserve(ctx context.Context) error {
	b.held, b.holding = make([][]share, len(b.cohorts)), map[int32][]int32{}
	if len(b.o.Pacts) == 0 {
		return nil
	}
	query := b.ables.Query()
	heads := make(map[int32]int64) // that no seat is reserved for yet
	for i := range b.o.Pacts {
		if err := ctx.Err(); err != nil {
			return err
		}
		p := &b.o.Pacts[i]
		want := p.Seats
		for _, d := range p.Openings {
			left, known := heads[d]
			if !known {
				left = b.Openings[d].Heads
			}
			for _, x := range b.offers(query, i, d) {
				n := min(want, left, b.cohorts[x.cohort].left)
				if n > 0 {
					b.take(i, x, n)
					want, left = want-n, left-n
				}
			}
			heads[d] = left
		}
	}
	return nil
}

// offers are the cohorts of a pact that an opening can use, the best time first.
func (b *builder) offers(query *matcher.AbleQuery, pact int, d int32) (out []offer) {
	o, p := &b.Openings[d], &b.o.Pacts[pact]
	if o.Heads == 0 || len(b.concerns[pact]) == 0 {
		return nil
	}
	for _, program := range b.concerns[pact] {
		if b.Programs[program].Education < o.Education || !query.Able(o.Needs, program) {
			continue
		}
		for c := b.cohortAt[program]; c < b.cohortAt[program+1]; c++ {
			timing, ok := 1.0, true
			if o.Start != matcher.NoStart {
				timing, ok = matcher.CohortTiming(b.cohorts[c].year, o.Start)
			}
			if ok && p.Within(b.cohorts[c].year) {
				out = append(out, offer{c, program, timing})
			}
		}
	}
	slices.SortStableFunc(out, func(x, y offer) int { return cmp.Or(cmp.Compare(y.timing, x.timing), cmp.Compare(x.cohort, y.cohort)) })
	return out
}

// take reserves seats of a cohort.
func (b *builder) take(pact int, x offer, n int64) {
	holder := b.o.Pacts[pact].Holder
	b.cohorts[x.cohort].left -= n
	b.Tally.Reserved += n
	list := &b.held[x.cohort]
	at := slices.IndexFunc(*list, func(s share) bool { return s.holder == holder })
	if at < 0 {
		at = len(*list)
		*list = append(*list, share{holder: holder})
	}
	(*list)[at].seats += n
	if of := b.holding[holder]; !slices.Contains(of, x.program) {
		b.holding[holder] = append(of, x.program)
	}
	year := b.cohorts[x.cohort].year
	if k := len(b.Reserves) - 1; k >= 0 && b.Reserves[k].Pact == pact && b.Reserves[k].Program == x.program && b.Reserves[k].Year == year {
		b.Reserves[k].Seats += n
		return
	}
	b.Reserves = append(b.Reserves, Reserve{pact, x.program, year, n})
}
