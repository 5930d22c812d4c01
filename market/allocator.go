package market

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"talentmatch/matcher"
	"talentmatch/matcher/allocate"
	"talentmatch/talent"
)

// An allocator makes one allocation, step by step.
type allocator struct {
	m *Market
	s *state
	r *AllocationRequest

	filter  matcher.Query // what takes part, for both sides
	regions []bool
	owners  map[string]bool // nil for all

	demands   []matcher.Demand // by id
	programs  []matcher.Program
	demandAt  map[string]int32
	programAt map[string]int32
	priority  []int // of demands

	*bindings
	schools map[string]bool           // that take part; nil until asked for
	scores  []map[int32]matcher.Score // of a demand: program -> score

	cohorts  []cohortRef // by program, year
	cohortAt []int32     // program -> its first cohort; one more
	market   allocate.Market
	reserved []AllocatedReserve // as many as reservations first, then those that could not be kept
	bounds   []AllocatedBound
	groups   []AllocatedGroup
	whole    *allocate.Seating // of max-total, beside a fair seating
}

type cohortRef struct {
	program int32
	year    int
	bound   int32
}

// choose lists the programs and demands that take part.
func (a *allocator) choose(ctx context.Context) error {
	if len(a.r.Region) > 0 {
		ids, err := a.s.world.regionIDs("region", a.r.Region)
		if err != nil {
			return err
		}
		a.regions = a.s.snap.Atlas().Within(ids)
	}
	var err error
	f := MatchFilter{Region: a.r.Region}
	if a.r.Alliance != "" {
		if a.owners, err = a.m.members(ctx, a.r.Alliance); err != nil {
			return err
		}
		f.Owner = slices.Sorted(maps.Keys(a.owners))
		if len(f.Owner) == 0 {
			f.Owner = []string{" "} // of nobody
		}
	}
	if a.filter, err = a.m.query(a.s.world, a.s.snap, a.r.Top, a.r.Weights, f); err != nil {
		return err
	}
	takesPart := func(region int32, owner int32) bool {
		return (a.regions == nil || int(region) < len(a.regions) && a.regions[region]) &&
			(a.owners == nil || a.owners[a.m.lex.attrs.name(owner)])
	}
	for d := range a.s.snap.Demands {
		if d.Open && takesPart(d.Region, d.Attrs[matcher.AttrOwner]) {
			a.demands = append(a.demands, d)
		}
	}
	for p := range a.s.snap.Programs {
		if takesPart(p.Region, p.Attrs[matcher.AttrOwner]) {
			a.programs = append(a.programs, p)
		}
	}
	slices.SortFunc(a.demands, func(x, y matcher.Demand) int { return cmp.Compare(x.ID, y.ID) })
	slices.SortFunc(a.programs, func(x, y matcher.Program) int { return cmp.Compare(x.ID, y.ID) })
	a.demandAt, a.programAt = make(map[string]int32, len(a.demands)), make(map[string]int32, len(a.programs))
	for i := range a.demands {
		a.demandAt[a.demands[i].ID] = int32(i)
	}
	for i := range a.programs {
		a.programAt[a.programs[i].ID] = int32(i)
	}
	return nil
}

// read takes from the store what the snapshot does not have.
func (a *allocator) read(ctx context.Context) (err error) {
	a.priority = make([]int, len(a.demands))
	for i := range a.priority {
		a.priority[i] = 3 // also of one that has been deleted since the snapshot
	}
	done := 0
	a.bindings, err = a.m.readBindings(ctx, func(d *talent.Demand) {
		if done++; done%1000 == 0 {
			a.r.Progress("reading demands", done, 0)
		}
		if i, ok := a.demandAt[d.ID]; ok && d.Priority != nil {
			a.priority[i] = *d.Priority
		}
	})
	return err
}

// match finds the pairs of programs and demands that may be seated: the best of each side.
func (a *allocator) match(ctx context.Context) error {
	a.scores = make([]map[int32]matcher.Score, len(a.demands))
	add := func(d, p int32, s matcher.Score) {
		if a.scores[d] == nil {
			a.scores[d] = make(map[int32]matcher.Score, a.r.Top)
		}
		a.scores[d][p] = s
	}
	err := inOrder(ctx, idsOf(a.demands, func(d *matcher.Demand) string { return d.ID }), func(id string) (*matcher.Result, error) {
		d, _ := a.s.snap.Demand(id)
		return a.s.snap.MatchPrograms(ctx, &d, a.filter)
	}, func(i int, res *matcher.Result) error {
		for _, x := range res.Matches {
			if p, ok := a.programAt[x.ID]; ok {
				add(int32(i), p, x.Score)
			}
		}
		a.r.Progress("programs for demands", i+1, len(a.demands))
		return nil
	})
	if err != nil {
		return err
	}
	return inOrder(ctx, idsOf(a.programs, func(p *matcher.Program) string { return p.ID }), func(id string) (*matcher.Result, error) {
		p, _ := a.s.snap.Program(id)
		return a.s.snap.MatchDemands(ctx, &p, a.filter)
	}, func(i int, res *matcher.Result) error {
		for _, x := range res.Matches {
			if d, ok := a.demandAt[x.ID]; ok {
				add(d, int32(i), x.Score)
			}
		}
		a.r.Progress("demands for programs", i+1, len(a.programs))
		return nil
	})
}

func idsOf[T any](list []T, id func(*T) string) []string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = id(&list[i])
	}
	return out
}

// pair makes cohorts, openings and the pairs between them.
func (a *allocator) pair(context.Context) error {
	k := &a.market
	for i := range a.programs {
		p := &a.programs[i]
		a.cohortAt = append(a.cohortAt, int32(len(a.cohorts)))
		list := slices.Clone(p.Cohorts)
		slices.SortStableFunc(list, func(x, y matcher.CohortSize) int { return cmp.Compare(x.Year, y.Year) })
		for _, c := range list {
			if len(a.r.Years) > 0 && !slices.Contains(a.r.Years, c.Year) {
				continue
			}
			bound := min(a.hiredOf[p.ID][c.Year], int64(c.Graduates))
			a.cohorts = append(a.cohorts, cohortRef{int32(i), c.Year, int32(bound)})
			k.Graduates = append(k.Graduates, int32(int64(c.Graduates)-bound))
		}
	}
	a.cohortAt = append(a.cohortAt, int32(len(a.cohorts)))
	k.Off = append(k.Off, 0)
	student := studentShare.Array()
	for i := range a.demands {
		d := &a.demands[i]
		k.Headcount = append(k.Headcount, int32(max(0, int64(d.Headcount)-a.hiredFor[d.ID])))
		from := len(k.Pairs)
		for p, score := range a.scores[i] {
			likes := 0.0
			for part, share := range student {
				likes += share * score.Parts[part]
			}
			from, to := a.cohortAt[p], a.cohortAt[p+1]
			if d.Start == matcher.NoStart { // wanted now: the newest who are there
				for from < to-1 && k.Graduates[to-1] == 0 {
					to--
				}
				from = max(from, to-1)
			}
			for c := from; c < to; c++ {
				total, ok := score.ForCohort(a.cohorts[c].year, d.Start, a.r.Weights)
				if !ok || total < a.r.MinScore {
					continue
				}
				total = total*priorityShare[a.priority[i]] - a.r.WaitCost*yearsBetween(a.cohorts[c].year, d.Start)
				value := int32(math.Round(max(0, total) * valueOne))
				k.Pairs = append(k.Pairs, allocate.Pair{Cohort: c, Value: value, Student: int32(math.Round(likes * valueOne))})
			}
		}
		slices.SortFunc(k.Pairs[from:], func(x, y allocate.Pair) int { return cmp.Compare(x.Cohort, y.Cohort) })
		k.Off = append(k.Off, uint32(len(k.Pairs)))
		a.scores[i] = nil
	}
	return nil
}

// yearsBetween is how long a cohort, which leaves in July, waits for a start.
func yearsBetween(year, start int) float64 {
	if start == matcher.NoStart {
		return 0
	}
	return max(0, float64(start-(year*12+6))/12)
}

// reserve turns agreements into reservations. One with a school, or with a program of several cohorts, takes seats where
// they are worth most to the enterprise's openings.
func (a *allocator) reserve(context.Context) error {
	k := &a.market
	left := slices.Clone(k.Graduates)
	heads := slices.Clone(k.Headcount)
	openingsOf := map[string][]int32{}
	for i := range a.demands {
		owner := a.m.lex.attrs.name(a.demands[i].Attrs[matcher.AttrOwner])
		openingsOf[owner] = append(openingsOf[owner], int32(i))
	}
	for _, g := range a.pacts {
		openings := openingsOf[g.Enterprise]
		if g.Demand != "" {
			openings = nil
			if i, ok := a.demandAt[g.Demand]; ok {
				openings = []int32{i}
			}
		}
		type offer struct {
			cohort, opening, value int32
		}
		var offers []offer
		covered := false
		for _, o := range openings {
			for _, p := range k.Pairs[k.Off[o]:k.Off[o+1]] {
				c := a.cohorts[p.Cohort]
				if a.concerns(g, &a.programs[c.program]) && p.Value > 0 {
					covered = true
					if within(g, c.year) {
						offers = append(offers, offer{p.Cohort, o, p.Value})
					}
				}
			}
		}
		slices.SortStableFunc(offers, func(x, y offer) int {
			return cmp.Or(cmp.Compare(y.value, x.value), cmp.Compare(x.cohort, y.cohort), cmp.Compare(x.opening, y.opening))
		})
		want := int32(max(0, int64(*g.Seats)-a.hiredUnder(g)))
		take := map[int32]int32{}
		for _, x := range offers {
			n := min(want, left[x.cohort], heads[x.opening])
			if n <= 0 {
				continue
			}
			take[x.cohort] += n
			want, left[x.cohort], heads[x.opening] = want-n, left[x.cohort]-n, heads[x.opening]-n
		}
		for _, c := range slices.Sorted(maps.Keys(take)) {
			k.Reservations = append(k.Reservations, allocate.Reservation{Cohort: c, Seats: take[c], Openings: openings})
			a.reserved = append(a.reserved, AllocatedReserve{Agreement: g.ID, Program: a.programs[a.cohorts[c].program].ID, Year: a.cohorts[c].year, Seats: take[c], Openings: openings})
		}
		if want > 0 && a.concernsAny(g) {
			why := "no more graduates or heads"
			switch {
			case len(openings) == 0:
				why = "the enterprise has no such opening"
			case !covered:
				why = "no eligible pair"
			case len(offers) == 0:
				why = "no cohort leaves within its dates"
			}
			a.reserved = append(a.reserved, AllocatedReserve{Agreement: g.ID, Program: g.Program, Seats: want, Why: why})
		}
	}
	slices.SortStableFunc(a.reserved, func(x, y AllocatedReserve) int { return cmp.Compare(len(x.Why), 0) - cmp.Compare(len(y.Why), 0) })
	return nil
}

// hiredUnder is how many were hired already whom an agreement is about.
func (a *allocator) hiredUnder(g *talent.Agreement) int64 {
	return a.bindings.hiredUnder(g, func(program string) bool {
		p, ok := a.programAt[program]
		return ok && a.concerns(g, &a.programs[p])
	})
}

// concerns reports whether a program is one that an agreement is about.
func (a *allocator) concerns(g *talent.Agreement, p *matcher.Program) bool {
	if g.Program != "" {
		return p.ID == g.Program
	}
	return a.m.lex.attrs.name(p.Attrs[matcher.AttrOwner]) == g.School
}

// concernsAny reports whether an agreement is about anything that takes part.
func (a *allocator) concernsAny(g *talent.Agreement) bool {
	if g.Program != "" {
		_, ok := a.programAt[g.Program]
		return ok
	}
	if a.schools == nil {
		a.schools = map[string]bool{}
		for i := range a.programs {
			a.schools[a.m.lex.attrs.name(a.programs[i].Attrs[matcher.AttrOwner])] = true
		}
	}
	return a.schools[g.School]
}

// bound turns bounds into limits.
func (a *allocator) bound(context.Context) error {
	type about struct{ kind, id string }
	lists, members := map[about][]int32{}, 0
	// shared is a list that bounds about the same share.
	shared := func(kind, id string, n int, of func(i int) bool) []int32 {
		key := about{kind, id}
		list, ok := lists[key]
		if !ok {
			list = []int32{}
			for i := range n {
				if of(i) {
					list = append(list, int32(i))
				}
			}
			lists[key] = list
		}
		members += len(list)
		return list
	}
	for i := range a.r.Bounds {
		b := &a.r.Bounds[i]
		l := allocate.Limit{AtMost: allocate.NoLimit}
		if b.Min != nil {
			l.AtLeast = *b.Min
		}
		if b.Max != nil {
			l.AtMost = *b.Max
		}
		path := fmt.Sprintf("bounds[%d]", i)
		cohorts := func(kind, id string, of func(p *matcher.Program) bool) {
			l.Cohorts = shared("cohorts by "+kind, id, len(a.cohorts), func(c int) bool { return of(&a.programs[a.cohorts[c].program]) })
		}
		openings := func(kind, id string, of func(d *matcher.Demand) bool) {
			l.Openings = shared("openings by "+kind, id, len(a.demands), func(o int) bool { return of(&a.demands[o]) })
		}
		owner := func(n int32) string { return a.m.lex.attrs.name(n) }
		switch {
		case b.Region != "":
			ids, err := a.s.world.regionIDs(path+".region", []string{b.Region})
			if err != nil {
				return err
			}
			inside := a.s.snap.Atlas().Within(ids)
			if b.Of == "programs" {
				cohorts("region", b.Region, func(p *matcher.Program) bool { return int(p.Region) < len(inside) && inside[p.Region] })
			} else {
				openings("region", b.Region, func(d *matcher.Demand) bool { return int(d.Region) < len(inside) && inside[d.Region] })
			}
		case b.School != "":
			cohorts("school", b.School, func(p *matcher.Program) bool { return owner(p.Attrs[matcher.AttrOwner]) == b.School })
		case b.Enterprise != "":
			openings("enterprise", b.Enterprise, func(d *matcher.Demand) bool { return owner(d.Attrs[matcher.AttrOwner]) == b.Enterprise })
		default:
			if b.Program != "" {
				cohorts("program", b.Program, func(p *matcher.Program) bool { return p.ID == b.Program })
			}
			if b.Demand != "" {
				openings("demand", b.Demand, func(d *matcher.Demand) bool { return d.ID == b.Demand })
			}
		}
		if l.Cohorts != nil && len(l.Cohorts) == 0 || l.Openings != nil && len(l.Openings) == 0 {
			return talent.Invalid(path, cmp.Or(b.Region, b.School, b.Enterprise, b.Program, b.Demand), "is about nothing that takes part")
		}
		if members > mostMembers {
			return fmt.Errorf("bounds[%d]: bounds are about more than %d openings and cohorts in all: %w", i, mostMembers, talent.ErrTooLarge)
		}
		a.market.Limits = append(a.market.Limits, l)
		a.bounds = append(a.bounds, AllocatedBound{AllocationBound: *b, Cohorts: l.Cohorts, Openings: l.Openings})
	}
	return nil
}

// group divides openings for a fair seating.
func (a *allocator) group(ctx context.Context) error {
	if a.r.FairBy == "" {
		return nil
	}
	at := map[string]int{}
	keys := make([]string, len(a.demands))
	for i := range a.demands {
		d := &a.demands[i]
		employer, key := a.m.lex.attrs.name(d.Attrs[matcher.AttrOwner]), ""
		switch a.r.FairBy {
		case "size":
			if org := a.m.orgs.get(ctx, employer); org != nil {
				key = org.Size
			}
		case "enterprise":
			key = employer
		case "priority":
			key = fmt.Sprint(a.priority[i])
		default:
			key = a.s.world.rollUp(a.m.lex.regions.name(d.Region), a.r.FairBy)
		}
		keys[i] = orUnsaid(key)
		at[keys[i]] = 0
	}
	for i, key := range slices.Sorted(maps.Keys(at)) {
		at[key] = i
		a.groups = append(a.groups, AllocatedGroup{Group: key})
	}
	a.market.Groups = make([]allocate.Group, len(a.groups))
	for i, key := range keys {
		g := &a.market.Groups[at[key]]
		g.Openings = append(g.Openings, int32(i))
	}
	for i := range a.groups {
		a.groups[i].Openings = a.market.Groups[i].Openings
	}
	if len(a.groups) == 0 {
		return talent.Invalid("fair_by", a.r.FairBy, "there are no openings")
	}
	return nil
}

// inWords names the bounds that an error is about.
func (a *allocator) inWords(err error) error {
	if x, ok := errors.AsType[*allocate.Crossing](err); ok {
		return talent.Invalid(fmt.Sprintf("bounds[%d]", x.B), "", "overlaps with bounds[%d]: they share some of what they bound, and neither has all of the other's", x.A)
	}
	return err
}
