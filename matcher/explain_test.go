package matcher

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// TestExplainAgreesWithScore: the credits of an explanation, weighted, are the skills
// component; what is called met, below, partly and missing is so; what is surplus
// counts for nothing.
func TestExplainAgreesWithScore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 3))
		snap, m := randomMarket(r)
		d, p := randomDemand(r, "d"), randomProgram(r, "p")
		p.Doubt = 0
		ex := snap.Explain(&d, &p, DefaultWeights())
		sum, weight := 0.0, 0.0
		for i, n := range ex.Needs {
			sum += n.Need.Weight * n.Credit
			weight += n.Need.Weight
			if n.Need != d.Needs[i] {
				t.Fatalf("need %d is %+v, want %+v", i, n.Need, d.Needs[i])
			}
			exact := false
			for _, h := range p.Held {
				exact = exact || h.Skill == n.Need.Skill
			}
			switch n.Status {
			case Missing:
				if n.Credit != 0 || n.Held >= 0 {
					t.Fatalf("missing, but %+v", n)
				}
			case Met:
				if !exact || p.Held[n.Held].Skill != n.Need.Skill || p.Held[n.Held].Level < n.Need.Level {
					t.Fatalf("met by %+v", n)
				}
			case BelowLevel:
				if p.Held[n.Held].Skill != n.Need.Skill || p.Held[n.Held].Level >= n.Need.Level {
					t.Fatalf("below by %+v", n)
				}
			case PartlyMet:
				if p.Held[n.Held].Skill == n.Need.Skill || n.Sim >= 1 || n.Credit <= 0 {
					t.Fatalf("partly by %+v", n)
				}
			default:
				t.Fatalf("status %q", n.Status)
			}
		}
		if weight > 0 && len(p.Held) > 0 && !sameFloat(sum/weight, ex.Score.Parts[Skills]) {
			t.Fatalf("credits add up to %v, the component is %v", sum/weight, ex.Score.Parts[Skills])
		}
		for _, i := range ex.Surplus {
			for _, n := range d.Needs {
				if m.sim(n.Skill, p.Held[i].Skill) > 0 {
					t.Fatalf("skill %d is surplus, but counts for %d", p.Held[i].Skill, n.Skill)
				}
			}
		}
	})
}

func TestWeights(t *testing.T) {
	for _, bad := range []Weights{{}, {Skills: -1}, {Text: 1e9}} {
		if bad.Validate() == nil {
			t.Errorf("%+v passes", bad)
		}
	}
	if err := (Weights{Timing: .1}).Validate(); err != nil {
		t.Error(err)
	}
}
