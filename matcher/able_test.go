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
		parts, groups := 1+r.IntN(4), 1+r.IntN(3)
		ables := snap.Ables(least, parts, groups, func(region int32) int { return int(region) % groups })
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
			var whole, byPart, byGroup []int32
			add := func(to *[]int32, able Able) {
				for i := range able.Len() {
					*to = append(*to, able.At(i))
				}
			}
			add(&whole, q.For(d.Needs))
			for part := range parts {
				add(&byPart, q.Part(d.Needs, part))
				for group := range groups {
					from := len(byGroup)
					add(&byGroup, q.Group(d.Needs, part, group))
					for _, i := range byGroup[from:] {
						if p, _ := snap.PeekProgram(ids[i]); int(p.Region)%groups != group {
							t.Fatalf("%s of region %d is in group %d of %d", ids[i], p.Region, group, groups)
						}
					}
				}
			}
			for _, got := range [][]int32{whole, byPart, byGroup} {
				if slices.Sort(got); !slices.Equal(got, want) {
					t.Fatalf("demand %s from %g: got %v, want %v", d.ID, least, got, want)
				}
			}
			for i := range ids {
				if able := q.Able(d.Needs, int32(i)); able != slices.Contains(want, int32(i)) {
					t.Fatalf("%d is able for %s: %v, of %v", i, d.ID, able, want)
				}
			}
		}
	})
}
