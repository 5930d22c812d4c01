package matcher

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestAblesEqualPairs: who is able is who passes the gate on required skills, other gates
// lifted, and has a skills component of the least share; those with nothing to go by always are.
func TestAblesEqualPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		snap, _ := randomMarket(r)
		least := []float64{0, .3, .5, .5, .8, 1}[r.IntN(6)]
		ables := snap.Ables(least)
		if r.IntN(3) == 0 {
			ables.kept.Store(mostKept) // nothing is kept
		}
		q := ables.Query()
		ids := snap.ProgramIDs()
		for d := range snap.Demands {
			open := d
			open.Open, open.Education, open.Start = true, 0, NoStart
			var want []int32
			for i, id := range ids {
				p, _ := snap.PeekProgram(id)
				blank := !slices.ContainsFunc(p.Held, func(h Held) bool { return h.Known || h.Extracted })
				score, gate := snap.ScorePair(&open, &p, DefaultWeights())
				if gate == NumGates && (blank || !score.Counted[Skills] || score.Parts[Skills] >= least) {
					want = append(want, int32(i))
				}
				if blank != slices.Contains(ables.Blank(), int32(i)) {
					t.Fatalf("%s: has nothing to go by: %v", id, blank)
				}
			}
			for range 2 {
				able := q.For(d.Needs)
				var got []int32
				for i := range able.Len() {
					got = append(got, able.At(i))
				}
				for i := range ids {
					if q.Has(int32(i)) != slices.Contains(got, int32(i)) {
						t.Fatalf("%d is able: %v, in %v", i, q.Has(int32(i)), got)
					}
				}
				if slices.Sort(got); !slices.Equal(got, want) {
					t.Fatalf("demand %s from %g: got %v, want %v", d.ID, least, got, want)
				}
			}
		}
	})
}
