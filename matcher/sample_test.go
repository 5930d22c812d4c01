package matcher

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestSample: the sample is the live rows whose ids hash lowest, whatever the segments.
func TestSample(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		live := map[string]bool{}
		s := Empty(NewSpace(nil), &Atlas{})
		for range rapid.IntRange(1, 6).Draw(t, "writes") {
			var c Change
			touched := map[string]bool{}
			for range rapid.IntRange(0, 20).Draw(t, "rows") {
				id := fmt.Sprint("专业", rapid.IntRange(0, 60).Draw(t, "id"))
				if touched[id] {
					continue
				}
				touched[id] = true
				if live[id] && rapid.Bool().Draw(t, "delete") {
					c.DeletePrograms = append(c.DeletePrograms, id)
					delete(live, id)
					continue
				}
				c.PutPrograms = append(c.PutPrograms, Program{ID: id})
				live[id] = true
			}
			s = s.With(c)
		}
		n := rapid.IntRange(0, 70).Draw(t, "n")
		var want, got []string
		for id := range live {
			want = append(want, id)
		}
		slices.SortFunc(want, func(a, b string) int { return cmp.Compare(hashID(a), hashID(b)) })
		for _, p := range s.SamplePrograms(n) {
			got = append(got, p.ID)
		}
		if want = want[:min(n, len(want))]; !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

// TestSampleOfMostlyDead: more rows have died than a segment remembers.
func TestSampleOfMostlyDead(t *testing.T) {
	const n = sampleKeep + 500
	var c, gone Change
	for i := range n {
		c.PutDemands = append(c.PutDemands, Demand{ID: fmt.Sprint(i)})
	}
	s := Empty(NewSpace(nil), &Atlas{}).With(c)
	lowest := lowestRows(ids(n), n)
	for _, r := range lowest[:n-100] {
		gone.DeleteDemands = append(gone.DeleteDemands, fmt.Sprint(r.doc))
	}
	got := s.With(gone).SampleDemands(MaxSample)
	if len(got) != 100 || got[0].ID != fmt.Sprint(lowest[n-100].doc) {
		t.Errorf("%d rows, first %s", len(got), got[0].ID)
	}
}

func ids(n int) (out []string) {
	for i := range n {
		out = append(out, fmt.Sprint(i))
	}
	return out
}

// TestProbe: cosine and explained mass against their definitions on maps.
func TestProbe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) (v TextVector) {
			for space := range NumTextSpaces {
				for _, id := range rapid.SliceOfNDistinct(rapid.Int32Range(0, 9), 0, 6, rapid.ID).Draw(t, label) {
					v[space] = append(v[space], Term{ID: id*int32(NumTextSpaces) + int32(space), Weight: TermWeight(float64(rapid.IntRange(1, 4).Draw(t, "tf")))})
				}
			}
			return v
		}
		a, b := draw("a"), draw("b")
		s := Empty(NewSpace(nil), &Atlas{}).With(Change{PutPrograms: []Program{{ID: "a", Text: a}, {ID: "b", Text: b}, {ID: "c", Text: draw("c")}}})
		probe := s.Probe(a)
		defer probe.Close()
		for space := range NumTextSpaces {
			product, mass, both, la, lb := 0.0, 0.0, 0.0, 0.0, 0.0
			for _, x := range a[space] {
				idf := s.stats.idf(x.ID)
				mass += idf
				la += math.Pow(float64(x.Weight)*idf, 2)
				for _, y := range b[space] {
					if x.ID == y.ID {
						both += idf
						product += float64(x.Weight) * float64(y.Weight) * idf * idf
					}
				}
			}
			for _, y := range b[space] {
				lb += math.Pow(float64(y.Weight)*s.stats.idf(y.ID), 2)
			}
			want := 0.0
			if la > 0 && lb > 0 {
				want = product / math.Sqrt(la*lb)
			}
			if got := probe.Cosine(space, b[space], s.TextLength(b[space])); math.Abs(got-want) > 1e-6 {
				t.Fatalf("cosine %v, want %v", got, want)
			}
			if got := probe.Explained(space, b[space]); math.Abs(got-both) > 1e-9 {
				t.Fatalf("explained %v, want %v", got, both)
			}
			if got := probe.Mass(space); math.Abs(got-mass) > 1e-9 {
				t.Fatalf("mass %v, want %v", got, mass)
			}
		}
	})
}
