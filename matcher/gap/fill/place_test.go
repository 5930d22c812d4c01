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

// impatient runs a test with searches by distance only, with sweeps early and with sweeps only,
// and with flows that are made anew instead of rolled back.
func impatient(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	patience, log := leastPatience, spareLog
	defer func() { leastPatience, spareLog = patience, log }()
	for _, leastPatience = range []int{patience, 12, -1} {
		test(t)
	}
	leastPatience, spareLog = patience, -1<<30
	test(t)
}

// TestFillSmall: fills are those of filling head by head, for thousands of small markets.
func TestFillSmall(t *testing.T) {
	impatient(t, func(t *testing.T) {
		for seed := range uint64(4000) {
			r := rand.New(rand.NewPCG(seed, 1))
			g := randomGraph(r, 8, 10, 5, 4)
			p, err := g.Fill(context.Background(), Options{})
			if err != nil {
				t.Fatal(seed, err)
			}
			if want := plain(g).slowFill(); !slices.Equal(p.Filled, want) {
				t.Fatalf("seed %d: filled %v, not %v", seed, p.Filled, want)
			}
			checkUse(t, g, p)
		}
	})
}

// checkUse holds shares against what they must add up to.
func checkUse(t *testing.T, g *Graph, p *Placement) {
	t.Helper()
	used, got := make([]int64, len(g.Units)), make([]int64, len(g.Off)-1)
	for e, s := range p.flow.shares {
		giver := p.flow.giver(int32(e))
		if s.amount < 0 || s.amount > 0 && !slices.Contains(p.flow.near[s.taker], giver) {
			t.Fatalf("supply %d gives %d to list %d", giver, s.amount, s.taker)
		}
		used[giver] += s.amount
		got[s.taker] += s.amount
	}
	for d, n := range p.Filled {
		got[g.list(d)] -= n
	}
	if !slices.Equal(used, p.Used) || slices.ContainsFunc(got, func(n int64) bool { return n != 0 }) {
		t.Fatalf("shares give %v of each supply, not %v; lists get %v too many", used, p.Used, got)
	}
	for s, n := range used {
		if n > g.Units[s] {
			t.Fatalf("supply %d gives %d of %d", s, n, g.Units[s])
		}
	}
}

// TestFillMiddle: totals are greatest flows, and so are those of the first openings alone.
func TestFillMiddle(t *testing.T) {
	impatient(t, func(t *testing.T) {
		for seed := range uint64(12) {
			r := rand.New(rand.NewPCG(seed, 2))
			g := randomGraph(r, 600, 3000, 8, []int64{1, 5, 1_000_000_000}[seed%3])
			p, err := g.Fill(context.Background(), Options{})
			if err != nil {
				t.Fatal(seed, err)
			}
			checkUse(t, g, p)
			for range 5 {
				n := r.IntN(len(g.Heads) + 1)
				total := int64(0)
				for _, x := range p.Filled[:n] {
					total += x
				}
				if want := plain(g).maxFlow(func(d int) bool { return d < n }, nil); total != want {
					t.Errorf("seed %d: first %d openings fill %d, not %d", seed, n, total, want)
				}
			}
		}
	})
}

// TestBounds: bounds are never above distances, and those that intervals start from are distances.
func TestBounds(t *testing.T) {
	impatient(t, func(t *testing.T) {
		for seed := range uint64(300) {
			r := rand.New(rand.NewPCG(seed, 6))
			g := randomGraph(r, 30, 60, 5, 3)
			p, err := g.Fill(context.Background(), Options{})
			if err != nil {
				t.Fatal(err)
			}
			takers, givers := slices.Clone(p.flow.takerAt), slices.Clone(p.flow.giverAt)
			p.turn.Do(p.turnRound)
			checkDistances(t, p.flow)
			checkDistances(t, p.turned)
			for i, b := range takers {
				if b > p.flow.takerAt[i] {
					t.Fatalf("seed %d: list %d has bound %d, distance %d", seed, i, b, p.flow.takerAt[i])
				}
			}
			for i, b := range givers {
				if b > p.flow.giverAt[i] {
					t.Fatalf("seed %d: supply %d has bound %d, distance %d", seed, i, b, p.flow.giverAt[i])
				}
			}
		}
	})
}

// checkDistances: a giver with free units is at 0, others one beyond the nearest taker that has
// from them, takers where their nearest giver is. Only distances satisfy all of that.
func checkDistances(t *testing.T, f *flow) {
	t.Helper()
	beyond := make([]int32, len(f.free))
	for g := range beyond {
		beyond[g] = dead
	}
	for e, s := range f.shares {
		if s.amount > 0 && f.takerAt[s.taker] < dead {
			g := f.giver(int32(e))
			beyond[g] = min(beyond[g], f.takerAt[s.taker]+1)
		}
	}
	for g, n := range f.free {
		if n > 0 {
			beyond[g] = 0
		}
	}
	if !slices.Equal(f.giverAt, beyond) {
		t.Fatalf("givers at %v, not %v", f.giverAt, beyond)
	}
	for i, near := range f.near {
		nearest := int32(dead)
		for _, g := range near {
			nearest = min(nearest, f.giverAt[g])
		}
		if f.takerAt[i] != nearest {
			t.Fatalf("taker %d at %d, not %d", i, f.takerAt[i], nearest)
		}
	}
}

// TestRollback: a flow is what it was, its table too, whatever was pushed and however often
// the table grew in between.
func TestRollback(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 7))
		g := randomGraph(r, 60, 600, 20, 6)
		f := newFlow(g.lists(), nil, slices.Clone(g.Units))
		for l := range len(f.near) / 2 {
			f.push(int32(l), 2)
		}
		f.mark()
		before := f.clone()
		for l := range f.near {
			f.push(int32(l), 9)
		}
		f.rollback()
		if !slices.Equal(f.free, before.free) || !slices.Equal(f.shares, before.shares) || !slices.Equal(f.blocks, before.blocks) ||
			!slices.Equal(f.takerAt, before.takerAt) || !slices.Equal(f.giverAt, before.giverAt) || !slices.Equal(f.first, before.first) {
			t.Fatalf("seed %d: not what it was", seed)
		}
		in := 0
		for _, e := range f.table {
			if e > 0 {
				in++
			}
		}
		for b := range f.blocks {
			for i := range f.blocks[b].filled {
				e := int32(b)*blockShares + i
				if _, at := f.lookup(f.shares[e].taker, f.giver(e)); at != e {
					t.Fatalf("seed %d: share %d is found at %d", seed, e, at)
				}
				in--
			}
		}
		if in != 0 {
			t.Fatalf("seed %d: %d pairs too many in the table", seed, in)
		}
	}
}

// chain has n openings, each able to use its own supply and the next, in this order or the other;
// the last opening must push all others on.
func chain(n int, own bool) *Graph {
	g := &Graph{Units: make([]int64, n+1), Heads: make([]int64, n+1), Off: []int64{0}}
	for d := range n {
		g.Units[d], g.Heads[d] = 1, 1
		a, b := int32(d), int32(d+1)
		if !own {
			a, b = b, a
		}
		g.Near = append(g.Near, a, b)
		g.Off = append(g.Off, int64(len(g.Near)))
	}
	g.Units[n], g.Heads[n] = 1, 1
	g.Near = append(g.Near, 0)
	g.Off = append(g.Off, int64(len(g.Near)))
	return g
}

// TestLongWays: a path through 100,000 nodes is found in time and without recursion.
func TestLongWays(t *testing.T) {
	const n = 100_000
	for _, own := range []bool{true, false} {
		p, err := chain(n, own).Fill(context.Background(), Options{})
		if err != nil || p.Total != n+1 {
			t.Errorf("own %v: %d filled, %v", own, p.Total, err)
		}
	}
}

// TestSharedList: a million openings with one list of a thousand supplies.
func TestSharedList(t *testing.T) {
	g := &Graph{Heads: make([]int64, 1_000_000), List: make([]int32, 1_000_000), Off: []int64{0, 1000}}
	for d := range g.Heads {
		g.Heads[d] = 2
	}
	for s := range int32(1000) {
		g.Units, g.Near = append(g.Units, 1001), append(g.Near, s)
	}
	p, err := g.Fill(context.Background(), Options{})
	if err != nil || p.Total != 1_001_000 || p.Filled[500_499] != 2 || p.Filled[500_500] != 0 {
		t.Errorf("%d filled, %v", p.Total, err)
	}
}

func TestBadGraphs(t *testing.T) {
	good := func() *Graph {
		return &Graph{Units: []int64{1, 2}, Heads: []int64{3}, Off: []int64{0, 2}, Near: []int32{1, 0}}
	}
	for name, spoil := range map[string]func(g *Graph){
		"negative units":  func(g *Graph) { g.Units[1] = -1 },
		"negative heads":  func(g *Graph) { g.Heads[0] = -1 },
		"many units":      func(g *Graph) { g.Units[0], g.Units[1] = math.MaxInt64, math.MaxInt64 },
		"many heads":      func(g *Graph) { g.Heads[0] = mostUnits + 1 },
		"supply":          func(g *Graph) { g.Near[0] = 2 },
		"negative supply": func(g *Graph) { g.Near[0] = -1 },
		"no offsets":      func(g *Graph) { g.Off = nil },
		"short offsets":   func(g *Graph) { g.Off[1] = 1 },
		"first offset":    func(g *Graph) { g.Off[0] = 1 },
		"falling offsets": func(g *Graph) { g.Off, g.List = []int64{0, 3, 2}, []int32{0} },
		"list":            func(g *Graph) { g.List = []int32{1} },
		"lists":           func(g *Graph) { g.List = []int32{0, 0} },
	} {
		g := good()
		spoil(g)
		if _, err := g.Fill(context.Background(), Options{}); !errors.Is(err, talent.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if p, err := good().Fill(context.Background(), Options{}); err != nil || p.Total != 3 {
		t.Error(err)
	}
	if p, err := (&Graph{Off: []int64{0}}).Fill(context.Background(), Options{}); err != nil || p.Total != 0 {
		t.Error("nothing:", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := good().Fill(ctx, Options{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
