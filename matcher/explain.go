package matcher

// How a need is met.
type MeetStatus string

// The ways in which a program answers a need.
const (
	Met        MeetStatus = "met"     // credit 1
	PartlyMet  MeetStatus = "partly"  // some credit, through a related skill
	BelowLevel MeetStatus = "below"   // the skill itself is taught, at too low a level
	Missing    MeetStatus = "missing" // nothing taught counts for it
)

// NeedExplained says what met one need: which held skill, at which level, with
// what similarity and credit.
type NeedExplained struct {
	Need   Need
	Held   int // index into the program's Held, -1 when nothing counts
	Sim    float64
	Credit float64
	Status MeetStatus
}

// Explanation is a pair's score taken apart.
type Explanation struct {
	Score   Score
	Gate    Gate
	Needs   []NeedExplained // in the demand's order
	Surplus []int           // indices into the program's Held that no need asks for
}

// Explain takes the score of a pair apart.
func (s *Snapshot) Explain(d *Demand, p *Program, w Weights) *Explanation {
	score, gate := s.ScorePair(d, p, w)
	out := s.ExplainNeeds(d, p)
	out.Score, out.Gate = score, gate
	return out
}

// ExplainNeeds says what met each need, for a pair whose score is known already.
func (s *Snapshot) ExplainNeeds(d *Demand, p *Program) *Explanation {
	return s.Explainer(d).Needs(p)
}

// An Explainer takes one demand's matches apart.
type Explainer struct {
	d      *Demand
	counts map[int32][]link // held skill -> needs that it counts for
}

// Explainer prepares to explain matches of a demand.
func (s *Snapshot) Explainer(d *Demand) *Explainer {
	e := &Explainer{d: d, counts: make(map[int32][]link, 16*len(d.Needs))}
	var own [1]Neighbour
	for i := range d.Needs {
		for _, nb := range s.space.ForNeed(d.Needs[i].Skill, &own) {
			e.counts[nb.Skill] = append(e.counts[nb.Skill], link{to: int32(i), sim: nb.Sim})
		}
	}
	return e
}

// Needs says what met each need in a program.
func (e *Explainer) Needs(p *Program) *Explanation {
	out := &Explanation{Gate: NumGates, Needs: make([]NeedExplained, len(e.d.Needs))}
	for i := range e.d.Needs {
		out.Needs[i] = NeedExplained{Need: e.d.Needs[i], Held: -1}
	}
	for h := range p.Held {
		links := e.counts[p.Held[h].Skill]
		if len(links) == 0 {
			out.Surplus = append(out.Surplus, h)
		}
		for _, l := range links {
			n := &out.Needs[l.to]
			sim := float64(l.sim) / 1000
			c := creditValue(creditOf(l.sim, p.Held[h].Level, n.Need.Level, p.Held[h].Confidence))
			if c > n.Credit || (c == n.Credit && n.Held >= 0 && sim > n.Sim) {
				n.Held, n.Sim, n.Credit = h, sim, c
			}
		}
	}
	for i := range out.Needs {
		out.Needs[i].Status = out.Needs[i].status(p)
	}
	return out
}

func (n *NeedExplained) status(p *Program) MeetStatus {
	switch {
	case n.Held < 0:
		return Missing
	case n.Sim < 1:
		return PartlyMet
	case p.Held[n.Held].Level < n.Need.Level:
		return BelowLevel
	}
	return Met
}

func simIn(list []Neighbour, skill int32) uint16 {
	for i := range list {
		if list[i].Skill == skill {
			return list[i].Sim
		}
	}
	return 0
}
