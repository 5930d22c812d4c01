package mincost

import (
	"context"
	"errors"
	"math/big"
	"slices"
	"testing"
)

// TestCheckRejects: a solution with anything changed is refused.
func TestCheckRejects(t *testing.T) {
	refused := 0
	for seed := range uint64(2000) {
		n := small(seeded(seed))
		s, err := Solve(context.Background(), n, Options{})
		if err != nil || len(n.Tail) == 0 {
			continue
		}
		between := seeded(seed + 1e6)
		tamper := func(what string, change func(s *Solution)) {
			c := &Solution{Flow: slices.Clone(s.Flow), Potential: slices.Clone(s.Potential), Cost: new(big.Int).Set(s.Cost)}
			change(c)
			if Check(n, c) == nil {
				t.Fatalf("seed %d: Check takes a solution with %s changed\nof %+v", seed, what, n)
			}
			refused++
		}
		i := between(0, len(n.Tail)-1)
		if n.Tail[i] != n.Head[i] {
			tamper("a flow", func(s *Solution) { s.Flow[i] += int64(1 - 2*between(0, 1)) })
		}
		tamper("the cost", func(s *Solution) { s.Cost.Add(s.Cost, big.NewInt(int64(1-2*between(0, 1)))) })
		tamper("the number of flows", func(s *Solution) { s.Flow = s.Flow[1:] })
		tamper("the number of potentials", func(s *Solution) { s.Potential = s.Potential[1:] })
		tamper("the cost gone", func(s *Solution) { s.Cost = nil })
		// A potential may be free to move a little, but not past an arc that can carry more
		// in both directions, nor a bound that holds the flow.
		for a := range n.Tail {
			if n.Tail[a] != n.Head[a] && s.Flow[a] > n.Lower[a] && s.Flow[a] < n.Upper[a] {
				tamper("a potential", func(s *Solution) { s.Potential[n.Tail[a]]++ })
				tamper("a potential", func(s *Solution) { s.Potential[n.Head[a]]++ })
				break
			}
		}
		// A cycle with nothing else is a flow too; only its cost gives it away.
		for a := range n.Tail {
			for b := range n.Tail {
				if n.Tail[a] == n.Head[b] && n.Head[a] == n.Tail[b] && n.Tail[a] != n.Head[a] &&
					n.Cost[a]+n.Cost[b] > 0 && s.Flow[a] < min(n.Upper[a], 1<<40) && s.Flow[b] < min(n.Upper[b], 1<<40) {
					tamper("a cycle", func(s *Solution) {
						s.Flow[a]++
						s.Flow[b]++
						s.Cost.Add(s.Cost, big.NewInt(n.Cost[a]+n.Cost[b]))
					})
				}
			}
		}
	}
	if refused < 5000 {
		t.Errorf("only %d solutions were changed", refused)
	}
	if n := arcs(1, []int64{0}); Check(&n, nil) == nil {
		t.Error("Check takes no solution at all")
	}
	n := arcs(2, []int64{0, 0}, 0, 1, 0, 1, 0)
	s := &Solution{Flow: []int64{0}, Potential: []int64{1 << 62, -1 << 62}, Cost: new(big.Int)}
	if Check(&n, s) == nil {
		t.Error("Check takes a reduced cost of 65 bits")
	}
}

// TestVerifyRejects: proofs with anything changed are refused.
func TestVerifyRejects(t *testing.T) {
	refused := 0
	for seed := range uint64(3000) {
		n := small(seeded(seed))
		_, err := Solve(context.Background(), n, Options{})
		if e, ok := errors.AsType[*Infeasible](err); ok {
			for _, bad := range []Infeasible{
				{Nodes: e.Nodes, Short: e.Short + 1, Needs: e.Needs},
				{Nodes: e.Nodes, Short: -e.Short, Needs: !e.Needs},
				{Nodes: nil, Short: e.Short},
				{Nodes: append(slices.Clone(e.Nodes), e.Nodes[0]), Short: e.Short, Needs: e.Needs},
				{Nodes: append(slices.Clone(e.Nodes), int32(n.Nodes)), Short: e.Short, Needs: e.Needs},
				{Nodes: append(slices.Clone(e.Nodes), -1), Short: e.Short, Needs: e.Needs},
			} {
				if bad.Verify(n) == nil {
					t.Fatalf("seed %d: %+v is taken\nof %+v", seed, bad, n)
				}
				refused++
			}
			// The other nodes need what these cannot send.
			sum := int64(0)
			for _, b := range n.Supply {
				sum += b
			}
			if sum == 0 {
				other := Infeasible{Short: e.Short, Needs: true}
				for v := range int32(n.Nodes) {
					if !slices.Contains(e.Nodes, v) {
						other.Nodes = append(other.Nodes, v)
					}
				}
				if err := other.Verify(n); err != nil {
					t.Fatalf("seed %d: the other side of the cut: %v", seed, err)
				}
			}
		}
		if e, ok := errors.AsType[*Unbounded](err); ok {
			last := len(e.Arcs) - 1
			for _, bad := range []Unbounded{
				{}, {Arcs: []int32{-1}}, {Arcs: []int32{int32(len(n.Tail))}},
			} {
				if bad.Verify(n) == nil {
					t.Fatalf("seed %d: %+v is taken", seed, bad)
				}
				refused++
			}
			if cut := (Unbounded{Arcs: e.Arcs[:last]}); last > 0 && cut.Verify(n) == nil {
				t.Fatalf("seed %d: a cycle without its last arc is taken", seed)
			}
			n.Upper[e.Arcs[0]] = NoBound - 1
			if e.Verify(n) == nil {
				t.Fatalf("seed %d: a cycle with a bound is taken", seed)
			}
			n.Upper[e.Arcs[0]] = NoBound
			n.Cost[e.Arcs[0]] += 1000
			if e.Verify(n) == nil {
				t.Fatalf("seed %d: a cycle that costs is taken", seed)
			}
		}
	}
	if refused < 1000 {
		t.Errorf("only %d proofs were changed", refused)
	}
}
