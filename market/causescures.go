package market

import (
	"cmp"
	"context"
	"slices"

	"talentmatch/matcher"
	"talentmatch/matcher/gap/cause"
	"talentmatch/matcher/gap/fill"
)

// How far it is looked for cures.
const (
	curedOpenings   = 8   // of a group: those with most unfilled heads
	nearBySkills    = 50  // programs an opening that are not able, the best matches
	nearByLimits    = 200 // supplies an opening of programs that are able, those that break least
	curesConsidered = 30  // of a group: so many are asked whether they are free
)

// numbersCure is the limit of a cure that needs more graduates.
const numbersCure = "numbers"

// A curing is one supply that could fill heads of a group's openings.
type curing struct {
	supply  int32
	broken  fill.Set // none: more graduates are needed
	opening int32    // the first that it helps
	steps   int      // how far it is: skills to teach, levels of education, years
	lacking []matcher.NeedExplained
	open    int64 // unfilled heads of all that it helps
	heads   int64
	helps   int
}

// cures finds what would help each group, at most r.Cures each.
func (c *causer) cures(ctx context.Context, groups []causesGroup) ([][]CausesCure, error) {
	found := make([][]curing, len(groups))
	near := map[int32][]curing{} // of openings: groups by skill share them
	for i := range groups {
		if c.r.Cures == 0 {
			break
		}
		c.r.Progress("cures", i, len(groups))
		var err error
		if found[i], err = c.near(ctx, &groups[i], near); err != nil {
			return nil, err
		}
	}
	if err := c.free(ctx, found); err != nil {
		return nil, err
	}
	out := make([][]CausesCure, len(groups))
	for i := range groups {
		out[i] = []CausesCure{}
		best := c.best(found[i])
		for k := range best {
			out[i] = append(out[i], c.cure(ctx, &best[k]))
		}
	}
	return out, nil
}

// near gathers the nearest supplies of the group's emptiest openings, the least change first.
func (c *causer) near(ctx context.Context, g *causesGroup, known map[int32][]curing) ([]curing, error) {
	empty := c.causes.Openings.Unfilled
	var openings []int32
	for _, d := range g.members {
		if empty[d] > 0 {
			openings = append(openings, d)
		}
	}
	slices.SortStableFunc(openings, func(x, y int32) int { return cmp.Compare(empty[y], empty[x]) })
	type change struct {
		supply int32
		broken fill.Set
	}
	at := map[change]int{}
	var out []curing
	for _, d := range openings[:min(len(openings), curedOpenings)] {
		list, ok := known[d]
		if !ok {
			var err error
			if list, err = c.nearOne(ctx, d); err != nil {
				return nil, err
			}
			known[d] = list
		}
		for _, x := range list {
			k, met := at[change{x.supply, x.broken}]
			if !met {
				k = len(out)
				at[change{x.supply, x.broken}] = k
				out = append(out, x)
			}
			out[k].open, out[k].helps = out[k].open+empty[d], out[k].helps+1
			if x.steps < out[k].steps { // the easiest one is told of
				out[k].steps, out[k].opening, out[k].lacking = x.steps, x.opening, x.lacking
			}
		}
	}
	slices.SortStableFunc(out, func(x, y curing) int { return cmp.Or(c.easier(&x, &y), cmp.Compare(y.open, x.open)) })
	return out[:min(len(out), curesConsidered)], nil
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
		if c.market.Programs[c.market.Supplies[x.supply].Program].Blank {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(limits(x), limits(y)), cmp.Compare(unknown(x), unknown(y)), cmp.Compare(x.steps, y.steps))
}

// nearOne finds supplies near one opening: of programs that are able, and of the best matches
// among the others with all gates lifted.
func (c *causer) nearOne(ctx context.Context, d int32) ([]curing, error) {
	f := &c.market.Fill
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
	cure, err := f.Nearest(d, candidates, c.causes.Openings.Unfilled[d], nearByLimits)
	if err != nil {
		return nil, err
	}
	var out []curing
	for _, n := range cure.Nearest {
		out = append(out, curing{supply: n.Supply, broken: n.Broken, opening: d, steps: c.steps(d, n.Supply, n.Broken)})
	}
	others, err := c.unable(ctx, d, able)
	if err != nil {
		return nil, err
	}
	out = append(out, others...)
	for _, s := range used[:min(len(used), nearBySkills)] {
		out = append(out, curing{supply: s, opening: d})
	}
	return out, nil
}

// unable are the best matches that are not able, with what they would have to teach.
func (c *causer) unable(ctx context.Context, d int32, able []int32) (out []curing, err error) {
	o := &c.market.Openings[d]
	demand, ok := c.s.snap.Demand(o.ID)
	if !ok {
		return nil, nil
	}
	lifted := demand
	lifted.Open, lifted.Education, lifted.Start, lifted.Needs = true, 0, matcher.NoStart, slices.Clone(demand.Needs)
	for i := range lifted.Needs {
		lifted.Needs[i].Required = false
	}
	takesNoPart := func(id string) bool {
		p, known := c.program(id)
		from, to := int32(0), int32(0)
		if known {
			from, to = c.market.SuppliesOf(p)
		}
		_, is := slices.BinarySearch(able, p)
		return from == to || is
	}
	res, err := c.s.snap.MatchPrograms(ctx, &lifted, matcher.Query{Top: nearBySkills, Weights: matcher.DefaultWeights(), Filter: matcher.Filter{Not: takesNoPart}})
	if err != nil {
		return nil, err
	}
	explainer := c.s.snap.Explainer(&demand)
	for _, m := range res.Matches {
		program, ok := c.s.snap.PeekProgram(m.ID)
		p, known := c.program(m.ID)
		if !ok || !known {
			continue
		}
		lacking := c.lacking(&demand, &program, explainer.Needs(&program).Needs)
		if len(lacking) == 0 {
			continue // able, but not one of the candidates that were listed
		}
		for s, to := c.market.SuppliesOf(p); s < to; s++ {
			broken := c.market.Fill.Apart(d, s)
			out = append(out, curing{supply: s, broken: broken.With(fill.Skills), opening: d, steps: len(lacking) + c.steps(d, s, broken), lacking: lacking})
		}
	}
	return out, nil
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

// free says how many heads each could fill: not more than are unfilled, and than are free
// in some greatest placement. Those who are not are dropped, unless more graduates are what is needed.
func (c *causer) free(ctx context.Context, found [][]curing) error {
	ask := fill.Groups{Off: []int64{0}}
	at := map[int32]int{}
	for _, list := range found {
		for _, x := range list {
			if _, known := at[x.supply]; !known && x.broken != 0 {
				at[x.supply] = len(at)
				ask.Member = append(ask.Member, x.supply)
				ask.Off = append(ask.Off, int64(len(ask.Member)))
			}
		}
	}
	between, err := c.placed.Supplies(ctx, ask, fill.Options{Progress: c.r.Progress})
	if err != nil {
		return err
	}
	for i, list := range found {
		kept := list[:0]
		for _, x := range list {
			x.heads = x.open
			if x.broken != 0 {
				x.heads = min(x.open, between[at[x.supply]].Possible())
			}
			if x.heads > 0 {
				kept = append(kept, x)
			}
		}
		slices.SortStableFunc(kept, func(x, y curing) int { return cmp.Or(c.easier(&x, &y), cmp.Compare(y.heads, x.heads)) })
		found[i] = kept
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
		w := way{c.market.Supplies[x.supply].Program, x.broken}
		if len(out) < c.r.Cures && !seen[w] {
			seen[w] = true
			out = append(out, x)
		}
	}
	return out
}
