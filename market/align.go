package market

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"talentmatch/matcher"
	"talentmatch/matcher/gap"
	"talentmatch/talent"
)

// Align reports how a program stands towards the open demands: which it reaches,
// how much of what they ask it covers, what it lacks, teaches too low, and teaches
// though nobody asks.
func (m *Market) Align(ctx context.Context, r AlignRequest) (*AlignAnswer, error) {
	if r.Top < 1 || r.Top > MaxPage {
		return nil, talent.Invalid("limit", fmt.Sprint(r.Top), "must be from 1 to %d", MaxPage)
	}
	if r.MinSkills < 0 || r.MinSkills > 1 {
		return nil, talent.Invalid("min_skills", fmt.Sprint(r.MinSkills), "must be from 0 to 1")
	}
	s, err := m.state(ctx)
	if err != nil {
		return nil, err
	}
	p, ok := s.snap.Program(r.ProgramID)
	if !ok {
		return nil, fmt.Errorf("program %s: %w", talent.Shorten(r.ProgramID), talent.ErrNotFound)
	}
	q, err := m.query(s.world, s.snap, 1, matcher.DefaultWeights(), r.Filter)
	if err != nil {
		return nil, err
	}
	al, err := gap.Align(ctx, s.snap, &p, q.Filter, r.MinSkills)
	if err != nil {
		return nil, err
	}
	a := &AlignAnswer{Items: []AlignOpening{}}
	a.Meta = AlignMeta{
		Program: r.ProgramID, Graduates: fittingGraduates(&p, matcher.NoStart), MinSkills: r.MinSkills, Coverage: al.Coverage,
		Missing: m.alignSkills(s, &p, al.Missing), Below: m.alignSkills(s, &p, al.Below), Surplus: []AlignSkill{},
		Gates: map[string]int{}, Versions: m.versions(s.version, s.world, s.stats),
	}
	a.Meta.Name = p.Label.Name
	for g, n := range al.Rejected {
		a.Meta.Gates[matcher.Gate(g).String()] = n
	}
	for _, o := range al.Openings {
		if o.Eligible {
			a.Meta.Eligible++
			a.Meta.EligibleHeadcount += o.Headcount
		}
		if !o.Reached {
			continue
		}
		a.Meta.Reached++
		a.Meta.ReachedHeadcount += o.Headcount
		if len(a.Items) < r.Top {
			a.Items = append(a.Items, m.alignOpening(ctx, s, o, len(a.Items)+1))
		}
	}
	for _, i := range al.Surplus {
		h := p.Held[i]
		sk := AlignSkill{Taught: int(h.Level), Course: courseName(&p, h)}
		sk.Skill, sk.Name, sk.NameEN = skillLabel(s, m.lex, h.Skill)
		a.Meta.Surplus = append(a.Meta.Surplus, sk)
	}
	return a, nil
}

func (m *Market) alignOpening(ctx context.Context, s *state, o gap.Opening, rank int) AlignOpening {
	out := AlignOpening{ID: o.ID, Rank: rank, Headcount: o.Headcount, Score: o.Score, Coverage: round6(o.Coverage)}
	if d, ok := s.snap.PeekDemand(o.ID); ok {
		out.Name = d.Label.Name
		out.Owner = m.lex.attrs.name(d.Attrs[matcher.AttrOwner])
		if org := m.orgs.get(ctx, out.Owner); org != nil {
			out.OwnerName = org.Name
		}
	}
	return out
}

// alignSkills renders skill needs, heaviest first, then by name.
func (m *Market) alignSkills(s *state, p *matcher.Program, needs []gap.SkillNeed) []AlignSkill {
	out := make([]AlignSkill, len(needs))
	for i, n := range needs {
		a := AlignSkill{Headcount: n.Headcount, Openings: n.Openings, Asked: round6(n.Asked), Lost: round6(n.Lost)}
		a.Skill, a.Name, a.NameEN = skillLabel(s, m.lex, n.Skill)
		if n.Held >= 0 {
			a.Taught, a.Course = int(p.Held[n.Held].Level), courseName(p, p.Held[n.Held])
		}
		out[i] = a
	}
	slices.SortStableFunc(out, func(x, y AlignSkill) int {
		return cmp.Or(cmp.Compare(y.Lost, x.Lost), cmp.Compare(y.Headcount, x.Headcount), cmp.Compare(y.Openings, x.Openings),
			cmp.Compare(x.Skill, y.Skill), cmp.Compare(x.Name, y.Name))
	})
	return out
}
