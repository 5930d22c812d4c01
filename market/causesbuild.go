package market

import (
	"cmp"
	"context"
	"slices"

	"talentmatch/matcher"
	"talentmatch/matcher/gap/cause"
	"talentmatch/matcher/gap/fill"
	"talentmatch/talent"
)

// A causesBuilder makes and solves a problem.
type causesBuilder struct {
	m *Market
	s *state
	r *CausesRequest
	*causesProblem

	*bindings
	scope  *causesScope
	urgent map[string]int // demands of another priority than the usual
}

// causesSampled lists candidates in small markets too. Tests set it.
var causesSampled bool

// usualPriority is that of a demand that says none.
const usualPriority = 3

func (b *causesBuilder) build(ctx context.Context) (err error) {
	b.urgent = map[string]int{}
	done := 0
	b.bindings, err = b.m.readBindings(ctx, func(d *talent.Demand) {
		if done++; done%1000 == 0 {
			b.r.Progress("reading demands", done, 0)
		}
		if d.Priority != nil && *d.Priority != usualPriority {
			b.urgent[d.ID] = *d.Priority
		}
	})
	if err != nil {
		return err
	}
	openings := b.choose()
	b.market, err = cause.Build(ctx, b.s.snap, openings, cause.Options{
		MinSkills: b.r.MinSkills, Candidates: b.r.Candidates, Place: b.places(), Takes: b.takes(), Cohorts: b.cohorts(),
		Hired: func(program string, year int) int64 { return b.hiredOf[program][year] }, Pacts: b.reserving(openings), Progress: b.r.Progress,
		Sampled: causesSampled,
	})
	if err != nil {
		return err
	}
	o := fill.Options{Progress: b.r.Progress}
	if b.causes, err = b.market.Fill.Causes(ctx, o); err != nil {
		return err
	}
	g, err := b.market.Fill.Graph(ctx)
	if err != nil {
		return err
	}
	b.notReserved -= b.market.Tally.Reserved
	b.placed, err = g.Fill(ctx, o)
	return err
}

// choose lists the openings that take part, in their order, and behind them those for which
// seats may be reserved all the same.
func (b *causesBuilder) choose() []cause.Opening {
	type chosen struct {
		cause.Opening
		causesOpening
		priority int
		lot      uint64
	}
	var list []chosen
	reserving, lot := b.holders(), b.lots()
	inside := 0
	b.s.snap.VisitDemands(0, 1, func(_ int, d *matcher.Demand) bool {
		takesPart := !b.r.closed() || b.scope.holds(d.Region, d.Attrs[matcher.AttrOwner])
		if !d.Open || !takesPart && !reserving[d.Attrs[matcher.AttrOwner]] {
			return true
		}
		priority, said := b.urgent[d.ID]
		if !said {
			priority = usualPriority
		}
		if takesPart {
			inside++
		}
		list = append(list, chosen{cause.Opening{
			ID: d.ID, Heads: max(0, int64(d.Headcount)-b.hiredFor[d.ID]), Start: d.Start, Region: d.Region, Education: d.Education,
			Holder: d.Attrs[matcher.AttrOwner], Needs: d.Needs, Outside: !takesPart,
		}, causesOpening{d.Attrs}, priority, lot(d)})
		return true
	})
	slices.SortFunc(list, func(x, y chosen) int {
		return cmp.Or(outsideLast(x.Outside, y.Outside), cmp.Compare(y.priority, x.priority), cmp.Compare(x.lot, y.lot), cmp.Compare(x.ID, y.ID))
	})
	out := make([]cause.Opening, len(list))
	b.openings = make([]causesOpening, inside)
	for i := range list {
		out[i] = list[i].Opening
		if i < inside {
			b.openings[i] = list[i].causesOpening
		}
	}
	return out
}

func outsideLast(x, y bool) int {
	switch {
	case x == y:
		return 0
	case y:
		return -1
	}
	return 1
}

// holders are the enterprises for which seats are reserved.
func (b *causesBuilder) holders() map[int32]bool {
	out := map[int32]bool{}
	for _, g := range b.pacts {
		if holder, known := b.m.lex.attrs.find(g.Enterprise); known {
			out[holder] = true
		}
	}
	return out
}

// takes says whether a program takes part.
func (b *causesBuilder) takes() func(p *matcher.Program) bool {
	if !b.r.closed() {
		return nil
	}
	return func(p *matcher.Program) bool { return b.scope.holds(p.Region, p.Attrs[matcher.AttrOwner]) }
}

func (b *causesBuilder) cohorts() func(year int) bool {
	if len(b.r.Cohorts) == 0 {
		return nil
	}
	return func(year int) bool { return slices.Contains(b.r.Cohorts, year) }
}

// places numbers the regions that graduates stay in, by their ids: candidates are met in the
// order of places, which must not be that in which regions were met first.
func (b *causesBuilder) places() func(region int32) int32 {
	names := b.m.lex.regions.all()
	var places []string
	for _, id := range names {
		if place, known := b.s.world.staysIn(id, b.r.Reach); known {
			places = append(places, place)
		}
	}
	slices.Sort(places)
	places = slices.Compact(places)
	to := make([]int32, len(names))
	for i, id := range names {
		to[i] = fill.Anywhere
		if place, known := b.s.world.staysIn(id, b.r.Reach); known {
			n, _ := slices.BinarySearch(places, place)
			to[i] = int32(n)
		}
	}
	return func(region int32) int32 {
		if region < 0 || int(region) >= len(to) {
			return fill.Anywhere
		}
		return to[region]
	}
}

// staysIn is the country, province or prefecture that a region is in; it is not known where the
// region is larger than that, or in no known country.
func (w *world) staysIn(region, reach string) (string, bool) {
	path := w.gazetteer.Path(region)
	level := map[string]int{"country": 1, "province": 2, "prefecture": 3}[reach]
	if len(path) < level || !isCountry(path[len(path)-1]) {
		return "", false
	}
	return path[len(path)-level], true
}

// isCountry reports whether a region is named as countries are, by two capital letters
// (ISO 3166-1), as in matcher.
func isCountry(id string) bool {
	return len(id) == 2 && id[0] >= 'A' && id[0] <= 'Z' && id[1] >= 'A' && id[1] <= 'Z'
}

// reserving turns agreements into pacts.
func (b *causesBuilder) reserving(openings []cause.Opening) (out []cause.Pact) {
	of, at := map[int32][]int32{}, map[string]int32{}
	for d := range openings {
		of[openings[d].Holder] = append(of[openings[d].Holder], int32(d))
		at[openings[d].ID] = int32(d)
	}
	for _, g := range b.pacts {
		holder, known := b.m.lex.attrs.find(g.Enterprise)
		if !known {
			continue
		}
		school, taught := b.m.lex.attrs.find(g.School)
		p := cause.Pact{Holder: holder, Openings: of[holder], Within: func(year int) bool { return within(g, year) }}
		if g.Demand != "" {
			p.Openings = nil
			if d, open := at[g.Demand]; open {
				p.Openings = []int32{d}
			}
		}
		p.Concerns = func(p *matcher.Program) bool {
			if g.Program != "" {
				return p.ID == g.Program
			}
			return taught && p.Attrs[matcher.AttrOwner] == school
		}
		p.Seats = max(0, int64(*g.Seats)-b.hiredUnder(g, func(program string) bool {
			x, ok := b.s.snap.PeekProgram(program)
			return ok && p.Concerns(&x)
		}))
		b.notReserved += p.Seats
		out = append(out, p)
	}
	return out
}
