package gap

import (
	"cmp"
	"context"
	"slices"

	"talentmatch/matcher"
)

// Opening is one demand that passes the gates other than required skills.
type Opening struct {
	ID        string
	Headcount int
	Score     float64
	Coverage  float64 // the skills component
	Counted   bool    // the demand has skills and the program too, so coverage means something
	Reached   bool    // eligible, and coverage is at least the minimum
	Eligible  bool    // passes the gate on required skills too
}

// SkillNeed is what the openings ask of one skill, against what the program
// teaches.
type SkillNeed struct {
	Skill     int32
	Headcount int     // heads of the openings that ask for it
	Openings  int     // records
	Asked     float64 // mean level asked, weighted by headcount (by records when all heads are 0)
	Held      int     // index into the program's Held, -1 when not taught
	Lost      float64 // sum over openings of headcount * share of importance * (1 - credit) * coverage
}

// Alignment is how a program stands towards demand.
type Alignment struct {
	Openings []Opening // by score, then id
	Missing  []SkillNeed
	Below    []SkillNeed
	Surplus  []int // indices into Held that no opening asks for, nor anything close
	Rejected [matcher.NumGates]int
	Coverage *float64 // mean over eligible openings with skills, weighted by headcount; nil without any
}

// Align sets a program against every open demand that it could answer by education
// and timing. Demands that only a required skill keeps out take part in what is
// missing: they are where one more course would help most.
func Align(ctx context.Context, s *matcher.Snapshot, p *matcher.Program, f matcher.Filter, minCoverage float64) (*Alignment, error) {
	open := *p
	open.Held = append([]matcher.Held(nil), p.Held...)
	for i := range open.Held {
		open.Held[i].Known = false // lifts the gate on required skills, and nothing else
	}
	res, err := s.MatchDemands(ctx, &open, matcher.Query{Top: matcher.MaxTop, Weights: matcher.DefaultWeights(), Filter: f})
	if err != nil {
		return nil, err
	}
	a := &Alignment{Rejected: res.Rejected}
	needs := map[int32]*SkillNeed{}
	verified := slices.ContainsFunc(p.Held, func(h matcher.Held) bool { return h.Known })
	sum, heads := 0.0, 0.0
	for _, m := range res.Matches {
		d, ok := s.PeekDemand(m.ID)
		if !ok {
			continue
		}
		o := Opening{ID: m.ID, Headcount: d.Headcount, Score: m.Score.Total, Coverage: m.Score.Parts[matcher.Skills], Eligible: true}
		o.Counted = m.Score.Counted[matcher.Skills] && !m.Score.NoData[matcher.Skills]
		for _, n := range s.ExplainNeeds(&d, p).Needs {
			if verified && n.Need.Required && n.Credit < 0.5 {
				o.Eligible = false
			}
			addNeed(needs, &d, n, o.Coverage)
		}
		if !o.Eligible {
			a.Rejected[matcher.GateRequired]++
		}
		o.Reached = o.Eligible && o.Counted && o.Coverage >= minCoverage
		if o.Counted && o.Eligible {
			sum += float64(d.Headcount) * o.Coverage
			heads += float64(d.Headcount)
		}
		a.Openings = append(a.Openings, o)
	}
	if heads > 0 {
		c := sum / heads
		a.Coverage = &c
	}
	a.fillSkills(s, p, needs)
	return a, nil
}

// addNeed adds one need of one opening. What is lost counts by the opening's coverage:
// a course helps where the program nearly fits, not where it fits nothing.
func addNeed(needs map[int32]*SkillNeed, d *matcher.Demand, n matcher.NeedExplained, coverage float64) {
	total := 0.0
	for i := range d.Needs {
		total += d.Needs[i].Weight
	}
	e := needs[n.Need.Skill]
	if e == nil {
		e = &SkillNeed{Skill: n.Need.Skill, Held: -1}
		needs[n.Need.Skill] = e
	}
	if n.Status == matcher.BelowLevel || n.Status == matcher.Met {
		e.Held = n.Held
	}
	// Asked holds sums until fillSkills divides; records count a little, so that the
	// mean exists where all headcounts are 0.
	e.Asked += (float64(d.Headcount) + tiny) * float64(n.Need.Level)
	e.Headcount += d.Headcount
	e.Openings++
	if total > 0 {
		e.Lost += float64(d.Headcount) * n.Need.Weight / total * (1 - n.Credit) * coverage
	}
}

const tiny = 1e-9

func (a *Alignment) fillSkills(s *matcher.Snapshot, p *matcher.Program, needs map[int32]*SkillNeed) {
	for _, e := range needs {
		e.Asked /= float64(e.Headcount) + tiny*float64(e.Openings)
		switch {
		case e.Held < 0:
			a.Missing = append(a.Missing, *e)
		case float64(p.Held[e.Held].Level) < e.Asked:
			a.Below = append(a.Below, *e)
		}
	}
	heaviest := func(x, y SkillNeed) int {
		return cmp.Or(cmp.Compare(y.Lost, x.Lost), cmp.Compare(y.Headcount, x.Headcount), cmp.Compare(y.Openings, x.Openings), cmp.Compare(x.Skill, y.Skill))
	}
	slices.SortFunc(a.Missing, heaviest)
	slices.SortFunc(a.Below, heaviest)
	var own [1]matcher.Neighbour
	for i := range p.Held {
		asked := false
		for _, nb := range s.Space().ForHeld(p.Held[i].Skill, &own) {
			if needs[nb.Skill] != nil {
				asked = true
				break
			}
		}
		if !asked {
			a.Surplus = append(a.Surplus, i)
		}
	}
}
