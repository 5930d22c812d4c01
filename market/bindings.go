package market

import (
	"context"
	"fmt"
	"slices"

	"talentmatch/store"
	"talentmatch/talent"
)

// bindings are what is settled already: who is hired, and which seats are reserved.
type bindings struct {
	hiredFor map[string]int64 // demand -> already hired
	hires    []hire
	hiredOf  map[string]map[int]int64 // program -> year -> already hired
	pacts    []*talent.Agreement      // that reserve seats, by id
}

// A hire is what an outcome says.
type hire struct {
	program, demand, employer string
	year                      int
	count                     int64
}

// readBindings takes from the store what a snapshot does not have. visit is called with every
// demand, by id.
func (m *Market) readBindings(ctx context.Context, visit func(*talent.Demand)) (*bindings, error) {
	b := &bindings{hiredFor: map[string]int64{}, hiredOf: map[string]map[int]int64{}}
	err := eachRecord(ctx, m.store, talent.TypeOutcome, func(_ store.Item, rec talent.Record) error {
		o := rec.(*talent.Outcome)
		b.hiredFor[o.Demand] += int64(o.Hired)
		if b.hiredOf[o.Program] == nil {
			b.hiredOf[o.Program] = map[int]int64{}
		}
		b.hiredOf[o.Program][o.Year] += int64(o.Hired)
		b.hires = append(b.hires, hire{program: o.Program, demand: o.Demand, year: o.Year, count: int64(o.Hired)})
		return nil
	})
	if err != nil {
		return nil, err
	}
	employers := map[string]string{}
	err = eachRecord(ctx, m.store, talent.TypeDemand, func(_ store.Item, rec talent.Record) error {
		d := rec.(*talent.Demand)
		visit(d)
		if b.hiredFor[d.ID] > 0 {
			employers[d.ID] = d.Employer
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i := range b.hires {
		b.hires[i].employer = employers[b.hires[i].demand]
	}
	return b, eachRecord(ctx, m.store, talent.TypeAgreement, func(_ store.Item, rec talent.Record) error {
		g := rec.(*talent.Agreement)
		if g.Seats != nil && *g.Seats > 0 && slices.Contains(reservingKinds, g.Kind) {
			b.pacts = append(b.pacts, g)
		}
		return nil
	})
}

// hiredUnder is how many were hired already whom an agreement is about. concerns says which
// programs it is about.
func (b *bindings) hiredUnder(g *talent.Agreement, concerns func(program string) bool) (n int64) {
	for i := range b.hires {
		h := &b.hires[i]
		if h.employer != g.Enterprise || g.Demand != "" && h.demand != g.Demand || !within(g, h.year) {
			continue
		}
		if concerns(h.program) {
			n += h.count
		}
	}
	return n
}

// within reports whether a cohort leaves, in July, while an agreement holds.
func within(g *talent.Agreement, year int) bool {
	from, until := fmt.Sprintf("%04d-07-31", year), fmt.Sprintf("%04d-07-01", year)
	return (g.From == "" || g.From <= from) && (g.Until == "" || g.Until >= until)
}

// members are the organizations of an alliance.
func (m *Market) members(ctx context.Context, alliance string) (map[string]bool, error) {
	it, err := m.store.Get(ctx, talent.TypeAlliance, alliance)
	if err != nil {
		return nil, err
	}
	rec, err := it.Record()
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for _, member := range rec.(*talent.Alliance).Members {
		out[member.Organization] = true
	}
	return out, nil
}
