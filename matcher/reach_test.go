package matcher

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestReachEqualsPairs: a demand is reached exactly when brute force over all pairs finds
// an eligible program, in markets that went through puts, replacements, deletions and merges.
func TestReachEqualsPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		snap, _ := randomMarket(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)))
		reach, err := snap.Reach(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		seen := 0
		for part := range 3 {
			snap.VisitDemands(part, 3, func(row int, d *Demand) bool {
				seen++
				want := false
				for p := range snap.Programs {
					_, gate := snap.ScorePair(d, &p, DefaultWeights())
					want = want || gate == NumGates
				}
				if reach.Has(row) != want {
					t.Fatalf("demand %s: reached %v, brute force says %v", d.ID, reach.Has(row), want)
				}
				return true
			})
		}
		if _, demands := snap.Size(); seen != demands {
			t.Fatalf("visited %d of %d demands", seen, demands)
		}
	})
}

// TestVisitPrograms: every live program once, by id, with what Program says of it.
func TestVisitPrograms(t *testing.T) {
	snap, _ := randomMarket(rand.New(rand.NewPCG(7, 1)))
	var ids []string
	snap.VisitPrograms(func(p *Program) bool {
		ids = append(ids, p.ID)
		q, _ := snap.Program(p.ID)
		if !slices.Equal(p.Held, q.Held) || !slices.Equal(p.Cohorts, q.Cohorts) || p.FurtherStudy != q.FurtherStudy || p.Retention != q.Retention ||
			p.Region != q.Region || p.Education != q.Education || p.Attrs != q.Attrs {
			t.Errorf("%s: %+v, not %+v", p.ID, p, q)
		}
		return true
	})
	if !slices.Equal(ids, snap.ProgramIDs()) {
		t.Errorf("visited %v", ids)
	}
}
