package market

import (
	"context"
	"sync"

	"talentmatch/matcher"
	"talentmatch/matcher/gap"
	"talentmatch/talent"
)

// An occupationFit is an occupation of whose skills, weighted by importance, a program
// covers so much.
type occupationFit struct {
	occupation string
	coverage   float64 // gap.LeastFit..1
}

// fitCache keeps which occupations each program fits, worked out once per state by
// whoever asks first.
type fitCache struct {
	mu   sync.Mutex
	done map[string][]occupationFit // by program; nil until worked out
}

// reachCache keeps which demands have an eligible program.
type reachCache struct {
	mu   sync.Mutex
	done *matcher.Reach
}

func (c *reachCache) of(ctx context.Context, snap *matcher.Snapshot) (*matcher.Reach, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.done != nil {
		return c.done, nil
	}
	r, err := snap.Reach(ctx)
	if err != nil {
		return nil, err
	}
	c.done = r
	return r, nil
}

// fit finds, per program, the occupations of whose skills it covers enough, and those that
// it covers nearly enough.
func (g *gapper) fit(ctx context.Context) (map[string][]occupationFit, error) {
	c := &g.s.fits
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.done != nil {
		return c.done, nil
	}
	fits := map[string][]occupationFit{}
	if total, _ := g.s.snap.Size(); total > 0 {
		conv := g.m.converter(ctx, g.s.world)
		for _, occ := range g.s.world.catalogue.Occupations() {
			if err := g.fitOne(ctx, conv, occ, fits); err != nil {
				return nil, err
			}
		}
	}
	c.done = fits
	return fits, nil
}

func (g *gapper) fitOne(ctx context.Context, conv *converter, occ *talent.Occupation, fits map[string][]occupationFit) error {
	d := matcher.Demand{ID: occ.ID, Open: true, Start: matcher.NoStart}
	for _, s := range g.s.world.catalogue.SkillsOf(occ.ID) {
		n, _, _ := conv.skill(s.Skill, "")
		d.Needs = append(d.Needs, matcher.Need{Skill: n, Level: 1, Weight: talent.ImportanceOf(s.Importance)})
	}
	if len(d.Needs) == 0 {
		return nil
	}
	res, err := g.s.snap.MatchPrograms(ctx, &d, matcher.Query{Top: matcher.MaxTop, Weights: matcher.Weights{Skills: 1}})
	if err != nil {
		return err
	}
	for _, mt := range res.Matches {
		coverage := mt.Score.Parts[matcher.Skills]
		if coverage < gap.LeastFit {
			break
		}
		if !mt.Score.NoData[matcher.Skills] {
			fits[mt.ID] = append(fits[mt.ID], occupationFit{occ.ID, coverage})
		}
	}
	return nil
}
