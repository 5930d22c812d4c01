package allocate

import (
	"context"
	"errors"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// randomTransport is a small problem: few values, so that there are ties, and seats and
// heads of 0.
func randomTransport(r *rand.Rand, supplies, demands int) *Transport {
	t := &Transport{Off: []uint32{0}}
	most, values := 1+r.IntN(4), []int{2, 10, 1000, 60_000}[r.IntN(4)]
	for range supplies {
		t.Seats = append(t.Seats, int32(r.IntN(most+1)))
	}
	for range demands {
		t.Heads = append(t.Heads, int32(r.IntN(most+1)))
		for s := range supplies {
			if r.IntN(3) > 0 {
				t.Arcs = append(t.Arcs, Arc{int32(s), int32(r.IntN(values + 1))})
			}
		}
		t.Off = append(t.Off, uint32(len(t.Arcs)))
	}
	return t
}

// bestValue is the reference: successive longest augmenting paths by Bellman and Ford, a
// unit at a time.
func bestValue(t *Transport) int64 {
	type edge struct {
		to, back int
		room     int
		worth    int64
	}
	n := len(t.Seats) + len(t.Heads) + 2
	g := make([][]edge, n)
	join := func(a, b, room int, worth int64) {
		g[a] = append(g[a], edge{b, len(g[b]), room, worth})
		g[b] = append(g[b], edge{a, len(g[a]) - 1, 0, -worth})
	}
	from, to := n-2, n-1
	for s, k := range t.Seats {
		join(from, s, int(k), 0)
	}
	for d, k := range t.Heads {
		join(len(t.Seats)+d, to, int(k), 0)
		for _, a := range t.Arcs[t.Off[d]:t.Off[d+1]] {
			join(int(a.Supply), len(t.Seats)+d, int(min(t.Seats[a.Supply], k)), int64(a.Value))
		}
	}
	total := int64(0)
	for {
		const none = -1 << 60
		best, by := make([]int64, n), make([][2]int, n)
		for i := range best {
			best[i] = none
		}
		best[from] = 0
		for changed := true; changed; {
			changed = false
			for a := range g {
				for k, e := range g[a] {
					if e.room > 0 && best[a] > none && best[a]+e.worth > best[e.to] {
						best[e.to], by[e.to], changed = best[a]+e.worth, [2]int{a, k}, true
					}
				}
			}
		}
		if best[to] <= 0 {
			return total
		}
		total += best[to]
		for at := to; at != from; at = by[at][0] {
			e := &g[by[at][0]][by[at][1]]
			e.room--
			g[e.to][e.back].room++
		}
	}
}

// problems is how many random problems a test solves.
const problems = 10_000

func TestSolveIsTheBest(t *testing.T) {
	for seed := range uint64(problems) {
		r := rand.New(rand.NewPCG(seed, 1))
		p := randomTransport(r, r.IntN(7), r.IntN(7))
		sol, err := p.Solve(context.Background(), Options{Threads: 1 + r.IntN(3)})
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Check(sol); err != nil {
			t.Fatalf("%v\n%+v", err, p)
		}
		if want := bestValue(p); sol.Value != want {
			t.Fatalf("value %d, the best is %d", sol.Value, want)
		}
	}
}

// clustered is a market of some size: demands of one field value its supplies, with
// seats short in one third of the fields and plenty in another.
func clustered(r *rand.Rand, supplies, demands, arcs, values int) *Transport {
	t := &Transport{Off: []uint32{0}}
	const fields = 20
	for s := range supplies {
		t.Seats = append(t.Seats, int32(r.IntN(1+40*(s%fields%3))))
	}
	for range demands {
		t.Heads = append(t.Heads, int32(r.IntN(12)))
		field := r.IntN(fields)
		seen := map[int32]bool{}
		for range arcs {
			s := int32(r.IntN(supplies/fields)*fields + field)
			if r.IntN(10) == 0 {
				s = int32(r.IntN(supplies))
			}
			if !seen[s] {
				seen[s] = true
				t.Arcs = append(t.Arcs, Arc{s, int32(r.IntN(values + 1))})
			}
		}
		t.Off = append(t.Off, uint32(len(t.Arcs)))
	}
	return t
}

// TestThreadsDoNotMatter: the answer is proven, and the same on any number of threads.
func TestThreadsDoNotMatter(t *testing.T) {
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 5))
		p := clustered(r, 60+r.IntN(400), 3000+r.IntN(3000), 12, []int{1, 30, 10_000, MaxValue}[seed%4])
		var first *Solution
		for _, threads := range []int{1, 2, 3, 7} {
			sol, err := p.Solve(context.Background(), Options{Threads: threads})
			if err != nil {
				t.Fatal(err)
			}
			if err := p.Check(sol); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			if first == nil {
				first = sol
			} else if !reflect.DeepEqual(first, sol) {
				t.Fatalf("seed %d: %d threads find another answer: %+v, %+v", seed, threads, first.Work, sol.Work)
			}
		}
	}
}

func TestSolveSaysHowFarItIs(t *testing.T) {
	var steps []string
	p := clustered(rand.New(rand.NewPCG(1, 1)), 100, 500, 5, 10_000)
	if _, err := p.Solve(context.Background(), Options{Progress: func(step string, done, total int) {
		if len(steps) == 0 || steps[len(steps)-1] != step {
			steps = append(steps, step)
		}
		if step == "bidding" && (done < 0 || done > total || total < 2) {
			t.Errorf("%s: %d of %d", step, done, total)
		}
	}}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(steps, []string{"bidding", "proving"}) {
		t.Errorf("steps %q", steps)
	}
}

func TestSolveStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := clustered(rand.New(rand.NewPCG(1, 1)), 100, 500, 5, 100).Solve(ctx, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled solver says %v", err)
	}
}

// TestPricesPredict: one more seat adds at most its supply's price and never takes away,
// one less costs at least the price; and the order in which supplies and demands are given changes no value.
func TestPricesPredict(t *testing.T) {
	ctx := context.Background()
	for seed := range uint64(1000) {
		r := rand.New(rand.NewPCG(seed, 21))
		p := randomTransport(r, 1+r.IntN(7), 1+r.IntN(7))
		sol, err := p.Solve(ctx, Options{Threads: 1})
		if err != nil {
			t.Fatal(err)
		}
		value := func(change func(q *Transport)) int64 {
			q := *p
			q.Seats, q.Heads = slices.Clone(p.Seats), slices.Clone(p.Heads)
			change(&q)
			sol, err := q.Solve(ctx, Options{Threads: 1})
			if err != nil {
				t.Fatal(err)
			}
			return sol.Value
		}
		for s := range p.Seats {
			price := int64(sol.Prices[s])
			if more := value(func(q *Transport) { q.Seats[s]++ }) - sol.Value; more < 0 || more > price {
				t.Fatalf("seed %d: one more seat of supply %d adds %d, its price is %d", seed, s, more, price)
			}
			if p.Seats[s] > 0 {
				if less := sol.Value - value(func(q *Transport) { q.Seats[s]-- }); less < price {
					t.Fatalf("seed %d: one seat less of supply %d costs %d, its price is %d", seed, s, less, price)
				}
			}
		}
		for d := range p.Heads {
			if more := value(func(q *Transport) { q.Heads[d]++ }) - sol.Value; more < 0 {
				t.Fatalf("seed %d: one more head of demand %d takes away %d", seed, d, -more)
			}
		}
		if got := permuted(r, p); got.solved(t) != sol.Value {
			t.Fatalf("seed %d: in another order the value is %d, not %d", seed, got.solved(t), sol.Value)
		}
	}
}

func permuted(r *rand.Rand, p *Transport) *Transport {
	q := &Transport{Seats: make([]int32, len(p.Seats)), Off: []uint32{0}}
	at := r.Perm(len(p.Seats))
	for s, k := range at {
		q.Seats[k] = p.Seats[s]
	}
	for _, d := range r.Perm(len(p.Heads)) {
		q.Heads = append(q.Heads, p.Heads[d])
		list := slices.Clone(p.Arcs[p.Off[d]:p.Off[d+1]])
		r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		for _, a := range list {
			q.Arcs = append(q.Arcs, Arc{int32(at[a.Supply]), a.Value})
		}
		q.Off = append(q.Off, uint32(len(q.Arcs)))
	}
	return q
}

func (t *Transport) solved(tb testing.TB) int64 {
	sol, err := t.Solve(context.Background(), Options{})
	if err != nil {
		tb.Fatal(err)
	}
	return sol.Value
}
