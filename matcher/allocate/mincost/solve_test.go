package mincost

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize/convex/lp"
	"pgregory.net/rapid"
)

// verdict solves a problem and proves whatever comes out.
func verdict(t interface {
	Helper()
	Fatalf(string, ...any)
}, n *Network) (string, *big.Int) {
	t.Helper()
	s, err := Solve(context.Background(), n, Options{})
	if err == nil {
		if err := Check(n, s); err != nil {
			t.Fatalf("%v\nof %+v", err, n)
		}
		return "solved", s.Cost
	}
	if s != nil {
		t.Fatalf("a solution together with %v", err)
	}
	if e, ok := errors.AsType[*Infeasible](err); ok {
		if err := e.Verify(n); err != nil {
			t.Fatalf("%v: %+v\nof %+v", err, e, n)
		}
		return "infeasible", nil
	}
	if e, ok := errors.AsType[*Unbounded](err); ok {
		if err := e.Verify(n); err != nil {
			t.Fatalf("%v: %+v\nof %+v", err, e, n)
		}
		return "unbounded", nil
	}
	if _, ok := errors.AsType[*Overflow](err); ok {
		return "overflow", nil
	}
	t.Fatalf("an error of no known kind: %v", err)
	return "", nil
}

// TestReference: verdict and cost are those of the slow reference.
func TestReference(t *testing.T) {
	met := map[string]int{}
	for seed := range uint64(10_000) {
		n := small(seeded(seed))
		want, cost := reference(n)
		got, sum := verdict(t, n)
		if got != want || got == "solved" && sum.Cmp(big.NewInt(cost)) != 0 {
			t.Fatalf("seed %d: %s %v, want %s %d\nof %+v", seed, got, sum, want, cost, n)
		}
		met[got]++
	}
	for _, kind := range []string{"solved", "infeasible", "unbounded"} {
		if met[kind] < 500 {
			t.Errorf("too few problems are %s: %v", kind, met)
		}
	}
}

// TestReferenceShrinks is TestReference with problems that become small when they fail.
func TestReferenceShrinks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := small(func(lo, hi int) int { return rapid.IntRange(lo, hi).Draw(t, "x") })
		want, cost := reference(n)
		if got, sum := verdict(t, n); got != want || got == "solved" && sum.Cmp(big.NewInt(cost)) != 0 {
			t.Fatalf("%s %v, want %s %d", got, sum, want, cost)
		}
	})
}

// TestExtremes: numbers at the ends of 64 bits give a proved answer or a clear error.
func TestExtremes(t *testing.T) {
	met := map[string]int{}
	extreme := func(t *rapid.T) {
		number := rapid.OneOf(rapid.Int64(), rapid.Int64Range(-3, 3),
			rapid.SampledFrom([]int64{math.MinInt64, math.MinInt64 + 1, math.MaxInt64, math.MaxInt64 - 1, 1 << 62, -1 << 62, 1 << 59, -1 << 59, math.MaxInt64 / 6}))
		n := &Network{Nodes: rapid.IntRange(1, 5).Draw(t, "nodes")}
		n.Supply = make([]int64, n.Nodes)
		for range rapid.IntRange(0, 3).Draw(t, "supplies") { // wraps sometimes, and then does not sum to 0
			x := number.Draw(t, "units")
			n.Supply[rapid.IntRange(0, n.Nodes-1).Draw(t, "from")] += x
			n.Supply[rapid.IntRange(0, n.Nodes-1).Draw(t, "to")] -= x
		}
		wild := rapid.Bool().Draw(t, "wild costs")
		for range rapid.IntRange(0, 10).Draw(t, "arcs") {
			a, b := number.Draw(t, "bound"), number.Draw(t, "bound")
			if rapid.Bool().Draw(t, "no lower bound") {
				a, b = 0, max(b, 0)
			}
			if rapid.Bool().Draw(t, "no bound") {
				b = NoBound
			}
			c := rapid.Int64Range(-1<<58, 1<<58).Draw(t, "cost")
			if wild {
				c = number.Draw(t, "wild cost")
			}
			n.Tail = append(n.Tail, int32(rapid.IntRange(0, n.Nodes-1).Draw(t, "tail")))
			n.Head = append(n.Head, int32(rapid.IntRange(0, n.Nodes-1).Draw(t, "head")))
			n.Lower, n.Upper, n.Cost = append(n.Lower, min(a, b)), append(n.Upper, max(a, b)), append(n.Cost, c)
		}
		v, _ := verdict(t, n)
		met[v]++
	}
	for range 30 { // of a hundred each
		rapid.Check(t, extreme)
	}
	for _, kind := range []string{"solved", "infeasible", "unbounded", "overflow"} {
		if met[kind] < 100 {
			t.Errorf("too few problems are %s: %v", kind, met)
		}
	}
}

// TestEnds: where the ends of 64 bits are met by design.
func TestEnds(t *testing.T) {
	const top = math.MaxInt64
	for _, test := range []struct {
		name string
		n    Network
		want string
		cost string
	}{
		{"nothing", Network{}, "solved", "0"},
		{"no arcs", Network{Nodes: 3, Supply: []int64{0, 0, 0}}, "solved", "0"},
		{"no arcs, supply", Network{Nodes: 2, Supply: []int64{4, -4}}, "infeasible", ""},
		{"sum above 0", Network{Nodes: 2, Supply: []int64{4, -3}}, "infeasible", ""},
		{"sum below 0", Network{Nodes: 2, Supply: []int64{4, -5}}, "infeasible", ""},
		{"sum too large to say", Network{Nodes: 2, Supply: []int64{top, 1}}, "overflow", ""},
		{"sum too low to say", Network{Nodes: 2, Supply: []int64{math.MinInt64, 0}}, "overflow", ""},
		{"the most supply", arcs(2, []int64{top - 1, 1 - top}, 0, 1, 0, NoBound, 1), "solved", "9223372036854775806"},
		{"too much supply", arcs(2, []int64{top, -top}, 0, 1, 0, NoBound, 1), "overflow", ""},
		{"cost beyond 64 bits", arcs(2, []int64{top - 1, 1 - top}, 0, 1, 0, NoBound, 1<<60), "solved",
			new(big.Int).Mul(big.NewInt(top-1), big.NewInt(1<<60)).String()},
		{"cost too large", arcs(2, []int64{1, -1}, 0, 1, 0, NoBound, 1<<61), "overflow", ""},
		{"least cost", arcs(2, []int64{1, -1}, 0, 1, 0, NoBound, math.MinInt64), "overflow", ""},
		{"loop of least cost", arcs(1, []int64{0}, 0, 0, 0, top-1, math.MinInt64), "solved",
			new(big.Int).Mul(big.NewInt(top-1), big.NewInt(math.MinInt64)).String()},
		{"loose loop", arcs(1, []int64{0}, 0, 0, 0, NoBound, -1), "unbounded", ""},
		{"loose loop of an infeasible network", arcs(2, []int64{1, -1}, 0, 0, 0, NoBound, -1), "infeasible", ""},
		{"loose cycle", arcs(2, []int64{0, 0}, 0, 1, 0, NoBound, 1, 1, 0, 0, NoBound, -2), "unbounded", ""},
		{"loose cycle of an infeasible network", arcs(3, []int64{0, 1, -1}, 0, 1, 0, NoBound, 1, 1, 0, 0, NoBound, -2), "infeasible", ""},
		{"free cycle", arcs(2, []int64{0, 0}, 0, 1, 0, NoBound, 2, 1, 0, 0, NoBound, -2), "solved", "0"},
		{"forced round", arcs(2, []int64{0, 0}, 0, 1, 5, NoBound, 2, 1, 0, 0, 9, -3), "solved", "-9"},
		{"forced too much", arcs(2, []int64{0, 0}, 0, 1, 10, NoBound, 2, 1, 0, 0, 9, -3), "infeasible", ""},
		{"below 0", arcs(2, []int64{-3, 3}, 0, 1, -5, 5, 2), "solved", "-6"},
		{"wide bounds", arcs(2, []int64{0, 0}, 0, 1, -1<<62, 1<<62, 2), "overflow", ""},
		{"bounds at the top", arcs(2, []int64{top - 1, 1 - top}, 0, 1, top-1, NoBound, 0), "solved", "0"},
		{"forced over a loose arc", arcs(2, []int64{0, 0}, 0, 1, top-1, NoBound, 0), "infeasible", ""},
		{"forced back over a loose arc", arcs(2, []int64{0, 0}, 0, 1, top-1, NoBound, 0, 1, 0, 0, top-2, 0), "infeasible", ""},
		{"forced over loose arcs", arcs(3, []int64{0, 0, 0}, 0, 1, top-1, NoBound, 0, 1, 2, 0, NoBound, 0, 2, 0, 0, 5, 0), "infeasible", ""},
		{"a loose arc's flow does not fit", arcs(2, []int64{0, 0}, 0, 1, 0, NoBound, 0, 1, 0, 0, top-1, -1, 1, 0, 0, top-1, -1), "overflow", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, cost := verdict(t, &test.n)
			if got != test.want || got == "solved" && cost.String() != test.cost {
				t.Errorf("%s %v, want %s %s", got, cost, test.want, test.cost)
			}
		})
	}
}

// arcs makes a network of arcs of five numbers each: tail, head, lower and upper bound,
// cost.
func arcs(nodes int, supply []int64, numbers ...int64) Network {
	n := Network{Nodes: nodes, Supply: supply}
	for a := range slices.Chunk(numbers, 5) {
		n.Tail, n.Head = append(n.Tail, int32(a[0])), append(n.Head, int32(a[1]))
		n.Lower, n.Upper, n.Cost = append(n.Lower, a[2]), append(n.Upper, a[3]), append(n.Cost, a[4])
	}
	return n
}

func TestInvalid(t *testing.T) {
	for _, test := range []struct {
		n    Network
		want string
	}{
		{Network{Nodes: -1}, "-1 nodes"},
		{Network{Nodes: 2, Supply: []int64{0}}, "1 supplies for 2 nodes"},
		{Network{Nodes: 1, Supply: []int64{0}, Tail: []int32{0}}, "1 tails, 0 heads"},
		{arcs(2, []int64{0, 0}, 0, 2, 0, 1, 0), "arc 0 goes from node 0 to node 2, but there are 2 nodes"},
		{arcs(2, []int64{0, 0}, -1, 1, 0, 1, 0), "arc 0 goes from node -1"},
		{arcs(2, []int64{0, 0}, 0, 1, 2, 1, 0), "lower bound 2 above upper bound 1"},
	} {
		_, err := Solve(context.Background(), &test.n, Options{})
		if !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v, want %s", err, test.want)
		}
		if err := Check(&test.n, &Solution{}); !errors.Is(err, ErrInvalid) {
			t.Errorf("Check: %v", err)
		}
	}
}

// TestOrder: the order of arcs and the numbers of nodes do not matter to the cost.
func TestOrder(t *testing.T) {
	for seed := range uint64(1000) {
		n := small(seeded(seed))
		r := rand.New(rand.NewPCG(seed, 8))
		as, nodes := r.Perm(len(n.Tail)), r.Perm(n.Nodes)
		m := &Network{Nodes: n.Nodes, Supply: make([]int64, n.Nodes)}
		for v, b := range n.Supply {
			m.Supply[nodes[v]] = b
		}
		for _, i := range as {
			m.Tail, m.Head = append(m.Tail, int32(nodes[n.Tail[i]])), append(m.Head, int32(nodes[n.Head[i]]))
			m.Lower, m.Upper, m.Cost = append(m.Lower, n.Lower[i]), append(m.Upper, n.Upper[i]), append(m.Cost, n.Cost[i])
		}
		was, cost := verdict(t, n)
		is, other := verdict(t, m)
		if was != is || was == "solved" && cost.Cmp(other) != 0 {
			t.Fatalf("seed %d: %s %v, then %s %v", seed, was, cost, is, other)
		}
	}
}

// TestAgain: the same network gives the same flow, and is left as it was.
func TestAgain(t *testing.T) {
	n := transportation(30, 50, 400, 1)
	was := fmt.Sprint(*n)
	one, err := Solve(context.Background(), n, Options{})
	if err != nil {
		t.Fatal(err)
	}
	two, err := Solve(context.Background(), n, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(one.Flow, two.Flow) || !slices.Equal(one.Potential, two.Potential) || one.Pivots != two.Pivots {
		t.Error("not the same")
	}
	if fmt.Sprint(*n) != was {
		t.Error("the network has changed")
	}
}

// TestTree: after every pivot the tree is one, in preorder, strongly feasible, with the
// potentials of its arcs; whether nodes are numbered anew or not.
func TestTree(t *testing.T) {
	proved := 0
	for seed := range uint64(600) {
		n := small(seeded(seed))
		if seed%3 == 0 {
			n = transportation(4, 9, 20, seed)
		}
		s, err := start(n, true)
		if err != nil {
			continue
		}
		dear, _ := n.dearest(true)
		for {
			if err := wrong(s, dear); err != "" {
				t.Fatalf("seed %d, after %d pivots: %s\nof %+v", seed, s.pivots, err, n)
			}
			if seed%2 == 0 && s.strewn > n.Nodes {
				s.number()
				continue
			}
			in := s.search()
			if in >= 0 && s.pivot(in) == nil {
				continue
			}
			if in < 0 && s.unmet() == 0 {
				flow, err := s.flow()
				if err != nil {
					t.Fatal(err)
				}
				if slices.Contains(n.Upper, NoBound) { // a loop may have none
					break
				}
				if err := Check(n, &Solution{Flow: flow, Potential: s.potentials(), Cost: total(n.Cost, flow)}); err != nil {
					t.Fatalf("seed %d: %v", seed, err)
				}
				proved++
			}
			break
		}
	}
	if proved < 100 {
		t.Errorf("only %d solutions", proved)
	}
}

// wrong says what is wrong with the tree.
func wrong(s *simplex, dear int64) string {
	root := int32(s.net.Nodes)
	var path []int32 // from the root to the node before
	v := root
	for i := range int(root) + 1 {
		depth := int(s.order[v].depth)
		if depth > len(path) || (depth == 0) != (i == 0) || depth > 0 && path[depth-1] != s.link[v].parent {
			return fmt.Sprintf("%d is not below its parent in preorder", v)
		}
		path = append(path[:depth], v)
		next := s.order[v].next
		if s.link[next].prev != v {
			return fmt.Sprintf("the node after %d has another before it", v)
		}
		if v = next; (v == root) != (i == int(root)) {
			return "preorder is no ring"
		}
	}
	for v := range root {
		l := s.link[v]
		a := s.arcs[l.arc]
		switch {
		case min(a.tail, a.head) != min(v, l.parent) || max(a.tail, a.head) != max(v, l.parent):
			return fmt.Sprintf("the arc of %d does not go to its parent", v)
		case l.up <= 0 || l.down < 0:
			return fmt.Sprintf("%d has room %d up and %d down", v, l.up, l.down)
		case int(l.arc) < s.real && s.reduced(l.arc) != 0:
			return fmt.Sprintf("the arc of %d has reduced cost %d", v, s.reduced(l.arc))
		case int(l.arc) < s.real && l.up+l.down != s.capacity(l.arc):
			return fmt.Sprintf("the arc of %d has another capacity", v)
		case s.pi[v] > 2*dear || s.pi[v] < -2*dear:
			return fmt.Sprintf("potential %d", s.pi[v])
		}
	}
	return ""
}

// TestSpread: every arc has one position.
func TestSpread(t *testing.T) {
	for m := range 200 {
		seen := make([]bool, m)
		s := newSpread(m)
		for at := range m {
			if i := s.arc(at); seen[i] {
				t.Fatalf("%d arcs: %d twice", m, i)
			} else {
				seen[i] = true
			}
		}
	}
}

// TestLinearProgram: gonum's general simplex finds the same least cost, to 1e-6 of it.
func TestLinearProgram(t *testing.T) {
	agreed := 0
	for seed := range uint64(60) {
		n := transportation(3, 5, 12, seed)
		s, err := Solve(context.Background(), n, Options{})
		if err != nil {
			t.Fatal(err)
		}
		// Flows, then what is left below the upper bounds that can matter. A row for each node
		// but the first, whose is the sum of the others', and one for each such bound.
		m := len(n.Tail)
		var bounded []int
		for i, up := range n.Upper {
			if up <= 20 {
				bounded = append(bounded, i)
			}
		}
		a := mat.NewDense(n.Nodes-1+len(bounded), m+len(bounded), nil)
		b, c := make([]float64, n.Nodes-1+len(bounded)), make([]float64, m+len(bounded))
		for v := 1; v < n.Nodes; v++ {
			b[v-1] = float64(n.Supply[v])
		}
		for i := range m {
			for v, sign := range map[int32]float64{n.Tail[i]: 1, n.Head[i]: -1} {
				if v > 0 {
					a.Set(int(v)-1, i, sign)
				}
			}
			c[i] = float64(n.Cost[i])
		}
		for k, i := range bounded {
			row := n.Nodes - 1 + k
			a.Set(row, i, 1)
			a.Set(row, m+k, 1)
			b[row] = float64(n.Upper[i])
		}
		least, err := program(c, a, b)
		if err != nil {
			t.Logf("seed %d: gonum: %v", seed, err)
			continue
		}
		want, _ := new(big.Float).SetInt(s.Cost).Float64()
		if d := math.Abs(least - want); d > 1e-6*math.Abs(want)+1e-6 {
			t.Errorf("seed %d: gonum %v, here %v", seed, least, want)
		}
		agreed++
	}
	if agreed < 40 {
		t.Errorf("gonum solved only %d of 60", agreed)
	}
}

// program is gonum's simplex, which gives up, or panics, on some degenerate problems.
func program(c []float64, a mat.Matrix, b []float64) (least float64, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	least, _, err = lp.Simplex(c, a, b, 1e-9, nil)
	return least, err
}

// TestContext: a cancelled context stops the solver, before and on the way.
func TestContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Solve(ctx, transportation(3, 3, 9, 1), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want it to be cancelled", err)
	}
	ctx = &expiring{Context: context.Background(), looks: 3}
	if _, err := Solve(ctx, transportation(200, 400, 8000, 1), Options{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, want it to be out of time", err)
	}
}

// An expiring context is done when it has been looked at so often.
type expiring struct {
	context.Context
	looks int
}

func (e *expiring) Err() error {
	if e.looks--; e.looks < 0 {
		return context.DeadlineExceeded
	}
	return nil
}

func TestProgress(t *testing.T) {
	var done []string
	var last int64
	s, err := Solve(context.Background(), transportation(20, 30, 100, 1), Options{Progress: func(d string, pivots int64) {
		done, last = append(done, d), pivots
	}})
	if err != nil || !slices.Equal(done, []string{"solved"}) || last != s.Pivots || last == 0 {
		t.Errorf("%v: told %v, %d pivots", err, done, last)
	}
}
