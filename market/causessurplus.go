package market

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"talentmatch/matcher/gap"
	"talentmatch/matcher/gap/cause"
	"talentmatch/matcher/gap/fill"
)

// surplusAsked is of how many groups of graduates the surplus is worked out; of more, those with
// most graduates.
const surplusAsked = 20_000

// supplyGroup is supplies with one key.
type supplyGroup struct {
	key       string
	programs  int
	last      int32 // program
	available int64
	members   []int32
}

// surplus lists who is left over, the most certain surplus first, and counts the groups.
func (c *causer) surplus(ctx context.Context) ([]CausesSurplus, int, error) {
	groups, n := c.supplyGroups()
	ask := fill.Groups{Off: []int64{0}}
	for i := range groups {
		ask.Member = append(ask.Member, groups[i].members...)
		ask.Off = append(ask.Off, int64(len(ask.Member)))
	}
	between, err := c.placed.Supplies(ctx, ask, fill.Options{Progress: c.r.Progress})
	if err != nil {
		return nil, 0, err
	}
	out := make([]CausesSurplus, len(groups))
	for i := range groups {
		g := &groups[i]
		out[i] = CausesSurplus{Key: g.key, Programs: g.programs, Available: g.available, Certain: between[i].Certain(), Possible: between[i].Possible()}
	}
	slices.SortStableFunc(out, func(x, y CausesSurplus) int {
		return cmp.Or(cmp.Compare(y.Certain, x.Certain), cmp.Compare(y.Possible, x.Possible), cmp.Compare(x.Key, y.Key))
	})
	out = out[:min(len(out), c.r.Limit)]
	for i := range out {
		s := &out[i]
		switch c.r.SurplusBy {
		case "program":
			s.Name = s.Key
			if p, ok := c.s.snap.PeekProgram(s.Key); ok {
				s.Name, s.NameEN = p.Label.Name, p.Label.NameEN
			}
		case "education":
			s.Key, s.Name, s.NameEN = c.s.world.label(gap.Education, s.Key)
		default:
			s.Key, s.Name, s.NameEN = c.s.world.label(gap.Region, s.Key)
		}
	}
	return out, n, nil
}

// supplyGroups divides the supplies, and counts the groups of which it keeps those that are asked about.
func (c *causer) supplyGroups() ([]supplyGroup, int) {
	regions := c.m.lex.regions.all()
	key := func(p *cause.Program) string {
		switch c.r.SurplusBy {
		case "program":
			return p.ID
		case "education":
			return educationWord(p.Education)
		}
		return c.s.world.rollUp(regions[p.Region], c.r.RegionAt)
	}
	at := map[string]*supplyGroup{}
	for s := range c.market.Supplies {
		n := c.market.Supplies[s].Program
		k := key(&c.market.Programs[n])
		g := at[k]
		if g == nil {
			g = &supplyGroup{key: k, last: -1}
			at[k] = g
		}
		if n != g.last { // supplies are in the order of programs
			g.programs, g.last = g.programs+1, n
		}
		units := c.market.Fill.Supplies[s].Units
		g.available, g.members = g.available+units, append(g.members, int32(s))
	}
	out := make([]supplyGroup, 0, len(at))
	for _, k := range slices.Sorted(maps.Keys(at)) {
		out = append(out, *at[k])
	}
	n := len(out)
	if n > surplusAsked {
		slices.SortStableFunc(out, func(x, y supplyGroup) int { return cmp.Compare(y.available, x.available) })
		out = out[:surplusAsked]
	}
	return out, n
}
