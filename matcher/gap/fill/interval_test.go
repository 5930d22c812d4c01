package fill

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"talentmatch/talent"
)

// TestIntervalsSmall: intervals are what all greatest placements, written out, show.
func TestIntervalsSmall(t *testing.T) {
	impatient(t, func(t *testing.T) {
		for seed := range uint64(2000) {
			r := rand.New(rand.NewPCG(seed, 3))
			g := randomGraph(r, 4, 5, 3, 2)
			p, err := g.Fill(context.Background(), Options{})
			if err != nil {
				t.Fatal(err)
			}
			openings, supplies := randomGroups(r, 5, 4, len(g.Heads)), randomGroups(r, 5, 3, len(g.Units))
			wantOpenings, wantSupplies := untouched(5), untouched(5)
			plain(g).everyGreatest(func(filled, used []int64) {
				widen(wantOpenings, openings, g.Heads, filled)
				widen(wantSupplies, supplies, g.Units, used)
			})
			free := make([]bool, len(g.Units))
			plain(g).everyGreatest(func(_, used []int64) {
				for s, n := range used {
					free[s] = free[s] || n < g.Units[s]
				}
			})
			for s := range free {
				if p.MayBeFree(int32(s)) != free[s] {
					t.Fatalf("seed %d: supply %d may be free: %v", seed, s, !free[s])
				}
			}
			o := Options{Threads: 1 + int(seed%3)}
			if got, err := p.Openings(context.Background(), openings, o); err != nil || !slices.Equal(got, wantOpenings) {
				t.Fatalf("seed %d: openings %v, not %v: %v", seed, got, wantOpenings, err)
			}
			if got, err := p.Supplies(context.Background(), supplies, o); err != nil || !slices.Equal(got, wantSupplies) {
				t.Fatalf("seed %d: supplies %v, not %v: %v", seed, got, wantSupplies, err)
			}
		}
	})
}

func untouched(n int) []Interval {
	v := make([]Interval, n)
	for i := range v {
		v[i] = Interval{Least: math.MaxInt64, Most: -1}
	}
	return v
}

func widen(v []Interval, groups Groups, all, kept []int64) {
	for i := range v {
		n := int64(0)
		v[i].All = 0
		for _, m := range groups.Member[groups.Off[i]:groups.Off[i+1]] {
			n += kept[m]
			v[i].All += all[m]
		}
		v[i].Least, v[i].Most = min(v[i].Least, n), max(v[i].Most, n)
	}
}

// TestIntervalsMiddle: intervals are what greatest flows from nothing say, and asking twice
// or by other threads changes nothing.
func TestIntervalsMiddle(t *testing.T) {
	impatient(t, func(t *testing.T) {
		for seed := range uint64(9) {
			r := rand.New(rand.NewPCG(seed, 4))
			g := randomGraph(r, 200, 800, 6, []int64{1, 6, 1_000_000}[seed%3])
			p, err := g.Fill(context.Background(), Options{})
			if err != nil {
				t.Fatal(err)
			}
			flows := plain(g)
			openings, supplies := randomGroups(r, 8, 100, len(g.Heads)), randomGroups(r, 8, 30, len(g.Units))
			for threads := 1; threads <= 3; threads += 2 {
				o := Options{Threads: threads}
				got, err := p.Openings(context.Background(), openings, o)
				if err != nil {
					t.Fatal(err)
				}
				for i, v := range got {
					in := openings.has(i)
					most, least := flows.maxFlow(in, nil), p.Total-flows.maxFlow(not(in), nil)
					if v.Most != most || v.Least != least {
						t.Errorf("seed %d: openings %d: %v, not %d..%d", seed, i, v, least, most)
					}
				}
				if got, err = p.Supplies(context.Background(), supplies, o); err != nil {
					t.Fatal(err)
				}
				for i, v := range got {
					in := supplies.has(i)
					most, least := flows.maxFlow(nil, in), p.Total-flows.maxFlow(nil, not(in))
					if v.Most != most || v.Least != least {
						t.Errorf("seed %d: supplies %d: %v, not %d..%d", seed, i, v, least, most)
					}
				}
			}
		}
	})
}

// TestWelders, by hand: 4 welders' heads and 3 of fitters; 5 units can do both, 1 unit
// only welding, and 2 units nothing that is asked for. All 6 that can be used are.
//
// Welders: at most 4 of 4; at least 6 - f(fitters) = 6 - 3 = 3: one head may stay empty.
// Fitters: at most 3; at least 6 - f(welders) = 2. Both together: 6 of 7, one certainly stays empty.
func TestWelders(t *testing.T) {
	g := &Graph{Units: []int64{5, 1, 2}, Heads: []int64{4, 3}, Off: []int64{0, 2, 3}, Near: []int32{0, 1, 0}}
	p, err := g.Fill(context.Background(), Options{})
	if err != nil || p.Total != 6 || !slices.Equal(p.Filled, []int64{4, 2}) {
		t.Fatal(p, err)
	}
	got, err := p.Openings(context.Background(), Groups{Off: []int64{0, 1, 2, 4}, Member: []int32{0, 1, 0, 1}}, Options{})
	want := []Interval{{All: 4, Least: 3, Most: 4}, {All: 3, Least: 2, Most: 3}, {All: 7, Least: 6, Most: 6}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, not %v: %v", got, want, err)
	}
	if v := got[2]; v.Certain() != 1 || v.Possible() != 1 || got[0].Certain() != 0 || got[0].Possible() != 1 {
		t.Errorf("%v", got)
	}
	got, err = p.Supplies(context.Background(), Groups{Off: []int64{0, 1, 2, 3}, Member: []int32{0, 1, 2}}, Options{})
	want = []Interval{{All: 5, Least: 5, Most: 5}, {All: 1, Least: 1, Most: 1}, {All: 2}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, not %v: %v", got, want, err)
	}
}

func TestBadGroups(t *testing.T) {
	g := &Graph{Units: []int64{5}, Heads: []int64{4, 3}, Off: []int64{0, 1, 1}, Near: []int32{0}}
	p, err := g.Fill(context.Background(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, groups := range map[string]Groups{
		"no offsets": {},
		"range":      {Off: []int64{0, 1}, Member: []int32{2}},
		"negative":   {Off: []int64{0, 1}, Member: []int32{-1}},
		"twice":      {Off: []int64{0, 2}, Member: []int32{1, 1}},
		"offsets":    {Off: []int64{0, 2, 1}, Member: []int32{0}},
	} {
		_, err := p.Openings(context.Background(), groups, Options{})
		_, err2 := p.Supplies(context.Background(), groups, Options{})
		if !errors.Is(err, talent.ErrInvalid) || !errors.Is(err2, talent.ErrInvalid) {
			t.Errorf("%s: %v, %v", name, err, err2)
		}
	}
	if got, err := p.Openings(context.Background(), Groups{Off: []int64{0}}, Options{}); err != nil || len(got) != 0 {
		t.Error(got, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := p.Openings(ctx, Groups{Off: []int64{0, 1}, Member: []int32{0}}, Options{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
