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
	out := &Explanation{Gate: NumGates, Needs: make([]NeedExplained, len(d.Needs))}
	used := make([]bool, len(p.Held))
	var own [1]Neighbour
	for i := range d.Needs {
		need := d.Needs[i]
		e := NeedExplained{Need: need, Held: -1, Status: Missing}
		likes := s.space.ForNeed(need.Skill, &own)
		for h := range p.Held {
			sim := simIn(likes, p.Held[h].Skill)
			if sim == 0 {
				continue
			}
			used[h] = true
			c := credit(sim, p.Held[h].Level, need.Level, p.Held[h].Confidence)
			if c > e.Credit || (c == e.Credit && e.Held >= 0 && sim > uint16(e.Sim*1000+.5)) {
				e.Held, e.Sim, e.Credit = h, float64(sim)/1000, c
			}
		}
		switch {
		case e.Held < 0:
		case e.Sim == 1 && p.Held[e.Held].Level >= need.Level:
			e.Status = Met
		case e.Sim == 1:
			e.Status = BelowLevel
		default:
			e.Status = PartlyMet
		}
		out.Needs[i] = e
	}
	for i, u := range used {
		if !u {
			out.Surplus = append(out.Surplus, i)
		}
	}
	return out
}

func simIn(list []Neighbour, skill int32) uint16 {
	for i := range list {
		if list[i].Skill == skill {
			return list[i].Sim
		}
	}
	return 0
}
