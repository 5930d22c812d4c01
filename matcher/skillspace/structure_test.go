package skillspace

import (
	"context"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// TestStructureIsTheTaxonomys: on the built-in pack the structural part is what
// index/taxonomy's Neighbours says, and the blend never lowers it.
func TestStructureIsTheTaxonomys(t *testing.T) {
	tr := builtin(t)
	in := tr.input
	for _, items := range tr.occupations {
		in.Baskets = append(in.Baskets, Basket{items, 1})
	}
	s, err := Build(context.Background(), in, DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	pairs := 0
	for i, id := range tr.ids {
		parts := map[string]Neighbour{}
		for _, nb := range s.Neighbours(int32(i)) {
			if nb.Structure > 0 {
				parts[tr.ids[nb.Skill]] = nb
			}
		}
		want := tr.catalogue.Neighbours(id)[1:] // without itself
		if len(parts) != len(want) {
			t.Errorf("%s: %d structural neighbours, the taxonomy has %d", id, len(parts), len(want))
		}
		for _, w := range want {
			got := parts[w.Skill]
			if got.Structure != uint16(1000*w.Sim+.5) || got.Sim < got.Structure {
				t.Errorf("%s to %s: %+v, the taxonomy has %+v", id, w.Skill, got, w)
			}
			pairs++
		}
	}
	if pairs < 3000 {
		t.Errorf("only %d structural pairs were compared", pairs)
	}
}

// TestStructureByWalking: the best product over all walks, found by relaxing every
// edge until nothing changes.
func TestStructureByWalking(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		n := 1 + r.IntN(9)
		in := Input{Skills: n}
		for range r.IntN(3 * n) {
			e := Edge{int32(r.IntN(n)), int32(r.IntN(n)), float64(1+r.IntN(4)) / 4}
			if r.IntN(3) == 0 {
				in.Related = append(in.Related, e)
			} else {
				in.Broader = append(in.Broader, e)
			}
		}
		o := DefaultOptions()
		o.Narrower, o.StructureLeast = float64(r.IntN(11))/10, .05
		c, err := canonical(&in)
		if err != nil {
			t.Fatal(err)
		}
		g := newGraph(c)
		for start := range n {
			down, up := make([]float64, n), make([]float64, n)
			down[start], up[start] = 1, 1
			for range n {
				for _, e := range in.Broader {
					down[e.From] = max(down[e.From], down[e.To]*o.Narrower*e.Weight)
					up[e.To] = max(up[e.To], up[e.From]*o.Broader*e.Weight)
				}
			}
			want := make([]float64, n)
			for s := range n {
				want[s] = max(down[s], up[s])
			}
			for _, e := range in.Related {
				if e.From == int32(start) {
					want[e.To] = max(want[e.To], o.Related*e.Weight)
				}
				if e.To == int32(start) {
					want[e.From] = max(want[e.From], o.Related*e.Weight)
				}
			}
			got := make([]uint16, n)
			for _, tie := range g.ties(int32(start), &o) {
				got[tie.skill] = tie.sim
			}
			for s := range n {
				if s == start || want[s] > .049999 && want[s] < .050001 { // at the limit rounding decides
					continue
				}
				if want[s] < o.StructureLeast {
					want[s] = 0
				}
				if got[s] != thousandths(want[s]) {
					t.Fatalf("%d for %d: %d, by relaxing %v\n%+v", s, start, got[s], want[s], in)
				}
			}
		}
	})
}
