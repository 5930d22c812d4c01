package market

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"talentmatch/matcher"
	"talentmatch/matcher/gap/cause"
	"talentmatch/matcher/gap/fill"
)

// How far it is looked for cures.
const (
	curedOpenings   = 8   // of a group: those with most unfilled heads
	nearBySkills    = 50  // programs an opening that are not able, the best matches
	nearByLimits    = 200 // supplies an opening of programs that are able, those that break least
	curesConsidered = 30  // of a group: of so many it is worked out how many are free
)

// numbersCure is the limit of a cure that needs more graduates.
const numbersCure = "numbers"

// A cureChange lifts limits for a cohort, or for what is reserved of it for one holder.
type cureChange struct {
	program int32
	year    int
	broken  fill.Set // none: more graduates are needed
	holder  int32    // where reservations are broken; or fill.Free
}

// A curing is a change that could fill heads of a group's openings.
type curing struct {
	cureChange
	supplies []int32 // that could be used then; the first needs all of it
	opening  int32   // the first that it helps
	steps    int     // how far it is: skills to teach, levels of education, years
	lacking  []matcher.NeedExplained
	inUse    bool  // all of them are in use, so that more graduates are needed too
	open     int64 // unfilled heads of all that it helps
	heads    int64
	helps    int
}

// cures finds what would help each group, at most r.Cures each.
func (c *causer) cures(ctx context.Context, groups []causesGroup) ([][]CausesCure, error) {
	out := make([][]CausesCure, len(groups))
	for i := range out {
		out[i] = []CausesCure{}
	}
	if c.r.Cures == 0 {
		return out, nil
	}
	search := &cureSearcher{causer: c, known: map[nearTo][]curing{}}
	found := make([][]curing, len(groups))
	for _, inUse := range []bool{false, true} {
		var ask []nearTo
		for i := range groups {
			if len(found[i]) == 0 { // nobody near is free
				ask = append(ask, search.about(&groups[i], inUse)...)
			}
		}
		if err := search.learn(ctx, ask); err != nil {
			return nil, err
		}
		for i := range groups {
			if len(found[i]) == 0 {
				found[i] = search.near(&groups[i], inUse)
			}
		}
	}
	if err := c.free(ctx, found); err != nil {
		return nil, err
	}
	for i := range groups {
		best := c.best(found[i])
		for k := range best {
			out[i] = append(out[i], c.cure(ctx, &best[k]))
		}
	}
	return out, nil
}

// A cureSearcher looks for changes. What is near an opening is kept: groups by skill share them.
type cureSearcher struct {
	*causer
	known map[nearTo][]curing
}

// nearTo is an opening, and whether those in use are near too.
type nearTo struct {
	opening int32
	inUse   bool
}

// about are the group's emptiest openings.
func (c *cureSearcher) about(g *causesGroup, inUse bool) []nearTo {
	empty := c.causes.Openings.Unfilled
	var out []nearTo
	for _, d := range g.members {
		if empty[d] > 0 {
			out = append(out, nearTo{d, inUse})
		}
	}
	slices.SortStableFunc(out, func(x, y nearTo) int { return cmp.Compare(empty[y.opening], empty[x.opening]) })
	return out[:min(len(out), curedOpenings)]
}

// learn finds what is near openings, several at once.
func (c *cureSearcher) learn(ctx context.Context, ask []nearTo) error {
	slices.SortFunc(ask, func(x, y nearTo) int { return cmp.Compare(x.opening, y.opening) })
	ask = slices.Compact(ask)
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var lock sync.Mutex
	var work sync.WaitGroup
	next := 0
	for range min(runtime.GOMAXPROCS(0), len(ask)) {
		work.Go(func() {
			defer func() { // it would end the process, and not the request
				if v := recover(); v != nil {
					stop(fmt.Errorf("cures could not be looked for: %v", v))
				}
			}()
			for {
				lock.Lock()
				i := next
				next++
				if i < len(ask) {
					c.r.Progress("cures", i, len(ask))
				}
				lock.Unlock()
				if i >= len(ask) || ctx.Err() != nil {
					return
				}
				list, err := c.nearOne(ctx, ask[i])
				if err != nil {
					stop(err)
				}
				lock.Lock()
				c.known[ask[i]] = list
				lock.Unlock()
			}
		})
	}
	work.Wait()
	return context.Cause(ctx)
}

// near gathers the nearest changes for the group's emptiest openings, the least first: of those
// who may be free, or of those who are in use.
func (c *cureSearcher) near(g *causesGroup, inUse bool) []curing {
	empty := c.causes.Openings.Unfilled
	at := map[cureChange]int{}
	var out []curing
	for _, to := range c.about(g, inUse) {
		d := to.opening
		for _, x := range c.known[to] {
			k, met := at[x.cureChange]
			if !met {
				k = len(out)
				at[x.cureChange] = k
				x.supplies = slices.Clone(x.supplies)
				out = append(out, x)
			}
			y := &out[k]
			for _, s := range x.supplies {
				if !slices.Contains(y.supplies, s) {
					y.supplies = append(y.supplies, s)
				}
			}
			y.open, y.helps = y.open+empty[d], y.helps+1
			if x.steps < y.steps { // the easiest one is told of
				y.steps, y.opening, y.lacking = x.steps, x.opening, x.lacking
			}
		}
	}
	slices.SortStableFunc(out, func(x, y curing) int {
		return cmp.Or(c.easier(&x, &y), cmp.Compare(y.open, x.open), cmp.Compare(min(y.open, c.units(&y)), min(x.open, c.units(&x))))
	})
	return out[:min(len(out), curesConsidered)]
}

func (c *causer) units(x *curing) (n int64) {
	for _, s := range x.supplies {
		n += c.market.Fill.Supplies[s].Units
	}
	return n
}

// easier orders changes: fewest limits, then programs whose skills are known, then fewest steps. One
// that needs more graduates comes last, since it is no change to what there is.
func (c *causer) easier(x, y *curing) int {
	limits := func(x *curing) int {
		if x.broken == 0 {
			return int(fill.Limits) + 1
		}
		return x.broken.Len()
	}
	unknown := func(x *curing) int {
		if c.market.Programs[x.program].Blank {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(limits(x), limits(y)), cmp.Compare(unknown(x), unknown(y)), cmp.Compare(x.steps, y.steps))
}

// nearOne finds changes for one opening: of programs that are able, and of the best matches among
// the others with all gates lifted. Who is not free is no candidate, so that the nearest one who is
// cannot be crowded out.
func (c *cureSearcher) nearOne(ctx context.Context, to nearTo) ([]curing, error) {
	f, d := &c.market.Fill, to.opening
	able := f.Able[f.Off[d]:f.Off[d+1]]
	var candidates []int32
	var used []int32 // that it can use, and all are in use
	for _, p := range able {
		for s, to := c.market.SuppliesOf(p); s < to; s++ {
			if f.Apart(d, s) == 0 {
				used = append(used, s)
			} else {
				candidates = append(candidates, s)
			}
		}
	}
	if !to.inUse {
		candidates = slices.DeleteFunc(candidates, func(s int32) bool { return !c.placed.MayBeFree(s) })
	}
	cure, err := f.Nearest(d, candidates, c.causes.Openings.Unfilled[d], nearByLimits)
	if err != nil {
		return nil, err
	}
	n := nearChanges{causer: c.causer, nearTo: to, at: map[cureChange]bool{}}
	for _, s := range cure.Nearest {
		n.add(s.Supply, nil)
	}
	if err := c.unable(ctx, &n, able); err != nil {
		return nil, err
	}
	for _, s := range used[:min(len(used), nearBySkills)] {
		n.add(s, nil)
	}
	return n.out, nil
}

// nearChanges are those for one opening, each once.
type nearChanges struct {
	*causer
	nearTo
	at  map[cureChange]bool
	out []curing
}

// add adds what a supply needs, with all of its cohort that could be used then.
func (n *nearChanges) add(s int32, lacking []matcher.NeedExplained) {
	m, d := n.market, n.opening
	needs := func(s int32) cureChange {
		x := cureChange{m.Supplies[s].Program, m.Supplies[s].Year, m.Fill.Apart(d, s), fill.Free}
		if len(lacking) > 0 {
			x.broken = x.broken.With(fill.Skills)
		}
		if x.broken.Has(fill.Reservations) {
			x.holder = m.Fill.Supplies[s].Holder
		}
		return x
	}
	x := curing{cureChange: needs(s), supplies: []int32{s}, opening: d, lacking: lacking}
	if n.at[x.cureChange] {
		return
	}
	n.at[x.cureChange] = true
	x.inUse = n.inUse && x.broken != 0
	for other, to := m.SuppliesOf(x.program); other < to; other++ {
		y := needs(other)
		less := y.broken != 0 && y.broken&^x.broken == 0 && (y.holder == fill.Free || y.holder == x.holder)
		if other != s && y.year == x.year && (less || x.broken == 0 && y.broken == 0) {
			x.supplies = append(x.supplies, other)
		}
	}
	x.steps = len(lacking) + n.steps(d, s, x.broken)
	n.out = append(n.out, x)
}

// unable adds the best matches that are not able, with what they would have to teach.
func (c *cureSearcher) unable(ctx context.Context, n *nearChanges, able []int32) error {
	o := &c.market.Openings[n.opening]
	demand, ok := c.s.snap.Demand(o.ID)
	if !ok {
		return nil
	}
	lifted := demand
	lifted.Open, lifted.Education, lifted.Start, lifted.Needs = true, 0, matcher.NoStart, slices.Clone(demand.Needs)
	for i := range lifted.Needs {
		lifted.Needs[i].Required = false
	}
	helps := func(s int32) bool { return n.inUse || c.placed.MayBeFree(s) }
	takesNoPart := func(id string) bool {
		p, known := c.program(id)
		if _, is := slices.BinarySearch(able, p); is || !known {
			return true
		}
		from, to := c.market.SuppliesOf(p)
		for s := from; s < to; s++ {
			if helps(s) {
				return false
			}
		}
		return true
	}
	res, err := c.s.snap.MatchPrograms(ctx, &lifted, matcher.Query{Top: nearBySkills, Weights: matcher.DefaultWeights(), Filter: matcher.Filter{Not: takesNoPart}})
	if err != nil {
		return err
	}
	explainer := c.s.snap.Explainer(&demand)
	for _, m := range res.Matches {
		program, ok := c.s.snap.PeekProgram(m.ID)
		p, known := c.program(m.ID)
		if !ok || !known {
			continue
		}
		lacking := c.lacking(&demand, &program, explainer.Needs(&program).Needs)
		for s, to := c.market.SuppliesOf(p); s < to; s++ {
			if len(lacking) == 0 && c.market.Fill.Apart(n.opening, s) == 0 {
				continue // it can be used, but is not one of the candidates that were listed
			}
			if helps(s) {
				n.add(s, lacking)
			}
		}
	}
	return nil
}

// steps is how far a supply is from an opening in levels of education and in years, begun
// ones counted.
func (c *causer) steps(d, s int32, broken fill.Set) (n int) {
	o, w := &c.market.Openings[d], &c.market.Fill.Supplies[s]
	if broken.Has(fill.Education) {
		n += int(o.Education) - int(w.Education)
	}
	if broken.Has(fill.Timing) {
		off := monthsOff(o.Start, int(w.Leaves))
		n += (max(off, -off) + 11) / 12
	}
	return n
}

// program is a program's number.
func (c *causer) program(id string) (int32, bool) {
	i, ok := slices.BinarySearchFunc(c.market.Programs, id, func(p cause.Program, id string) int { return cmp.Compare(p.ID, id) })
	return int32(i), ok
}

// lacking are the fewest needs that a program would have to meet in full to be able: required
// ones that it does not, then those that bring most.
func (c *causer) lacking(d *matcher.Demand, p *matcher.Program, needs []matcher.NeedExplained) (out []matcher.NeedExplained) {
	sum, weight := 0.0, 0.0
	var rest []matcher.NeedExplained
	for _, n := range needs {
		weight += n.Need.Weight
		if n.Need.Required && n.Credit < .5 {
			out = append(out, n)
			sum += n.Need.Weight
			continue
		}
		sum += n.Need.Weight * n.Credit
		rest = append(rest, n)
	}
	gain := func(n *matcher.NeedExplained) float64 { return n.Need.Weight * (1 - n.Credit) }
	slices.SortStableFunc(rest, func(x, y matcher.NeedExplained) int { return cmp.Compare(gain(&y), gain(&x)) })
	least := c.r.MinSkills
	for i := range rest {
		covered := 1.0
		if weight > 0 {
			covered = sum / weight
		}
		if covered+float64(p.Doubt)*(.5-covered) >= least || gain(&rest[i]) <= 0 {
			break
		}
		out = append(out, rest[i])
		sum += gain(&rest[i])
	}
	return out
}

// free says how many heads each could fill: not more than are unfilled, and than are free in some
// greatest placement, unless more graduates are needed.
func (c *causer) free(ctx context.Context, found [][]curing) error {
	ask := fill.Groups{Off: []int64{0}}
	var asked []*curing
	for i := range found {
		for k := range found[i] {
			x := &found[i][k]
			if x.heads = x.open; x.broken != 0 && !x.inUse {
				ask.Member = append(ask.Member, slices.Sorted(slices.Values(x.supplies))...)
				ask.Off = append(ask.Off, int64(len(ask.Member)))
				asked = append(asked, x)
			}
		}
	}
	between, err := c.placed.Supplies(ctx, ask, fill.Options{Progress: c.r.Progress})
	if err != nil {
		return err
	}
	for i, x := range asked {
		x.heads = min(x.open, between[i].Possible())
	}
	for i := range found {
		slices.SortStableFunc(found[i], func(x, y curing) int { return cmp.Or(c.easier(&x, &y), cmp.Compare(y.heads, x.heads)) })
	}
	return nil
}

// best are the first ones, one cohort of a program for each set of limits.
func (c *causer) best(list []curing) []curing {
	type way struct {
		program int32
		broken  fill.Set
	}
	seen := map[way]bool{}
	out := list[:0]
	for _, x := range list {
		w := way{x.program, x.broken}
		if len(out) < c.r.Cures && !seen[w] {
			seen[w] = true
			out = append(out, x)
		}
	}
	return out
}
