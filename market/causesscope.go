package market

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"talentmatch/index/taxonomy"
	"talentmatch/matcher"
	"talentmatch/matcher/gap/cause"
	"talentmatch/talent"
)

// causesScope is what a filter shows of the openings.
type causesScope struct {
	m       *Market
	s       *state
	f       *CausesFilter
	inside  []bool          // per region; nil for all
	members map[string]bool // of the alliance; nil for all
}

func (m *Market) causesScope(ctx context.Context, s *state, f *CausesFilter) (*causesScope, error) {
	if err := (&vocabulary{m, s}).holds(&f.GapFilter); err != nil {
		return nil, err
	}
	out := &causesScope{m: m, s: s, f: f}
	if len(f.Region) > 0 {
		ids, err := s.world.regionIDs("region", f.Region)
		if err != nil {
			return nil, err
		}
		out.inside = s.snap.Atlas().Within(ids)
	}
	if f.Alliance != "" {
		var err error
		out.members, err = m.members(ctx, f.Alliance)
		if errors.Is(err, talent.ErrNotFound) {
			return nil, talent.Invalid("alliance", f.Alliance, "there is no such alliance")
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// holds says whether a record is of the regions and the alliance.
func (c *causesScope) holds(region, owner int32) bool {
	return (c.inside == nil || int(region) < len(c.inside) && c.inside[region]) &&
		(c.members == nil || c.members[c.m.lex.attrs.name(owner)])
}

// shows says whether the filter lets an opening through.
func (c *causesScope) shows() func(d *cause.Opening, attrs *[matcher.NumAttrs]int32) bool {
	names := c.m.lex.attrs.all()
	one := func(values []string, key string) bool { return len(values) == 0 || slices.Contains(values, key) }
	occupations, skills := c.s.world.occupationIDs(c.f.Occupation), c.skills()
	var industries []string
	if len(c.f.Industry) > 0 {
		industries = industryCodes(c.f.Industry)
	}
	return func(d *cause.Opening, attrs *[matcher.NumAttrs]int32) bool {
		year := unsaid
		if d.Start != matcher.NoStart {
			year = strconv.Itoa(d.Start / 12)
		}
		return c.holds(d.Region, attrs[matcher.AttrOwner]) &&
			one(occupations, orUnsaid(names[attrs[matcher.AttrOccupation]])) && one(industries, rollIndustry(names[attrs[matcher.AttrIndustry]], "division")) &&
			one(c.f.EmployerKind, orUnsaid(names[attrs[matcher.AttrKind]])) && one(c.f.Education, educationWord(d.Education)) && one(c.f.Year, year) &&
			(skills == nil || slices.ContainsFunc(d.Needs, func(n matcher.Need) bool { return skills[n.Skill] }))
	}
}

// skills are the numbers of the skills that openings must ask one of; nil for any.
func (c *causesScope) skills() map[int32]bool {
	want := c.s.world.skillIDs(c.f.Skill)
	if len(want) == 0 {
		return nil
	}
	out := map[int32]bool{}
	for _, id := range want {
		for _, name := range []string{id, unknownPrefix + taxonomy.Fold(id)} {
			if n, ok := c.m.lex.skills.find(name); ok {
				out[n] = true
			}
		}
	}
	return out
}
