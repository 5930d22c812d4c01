package mincost

import (
	"fmt"
	"math"
	"math/bits"
)

// start makes the simplex with its first tree: every node hangs on the root by an
// artificial arc, over which its supply leaves or its need comes. If costs do not count,
// all are taken for 0.
//
// Artificial arcs cost more than any path of real arcs, so that a solution uses none if it
// can. Lower bounds are moved to 0, which changes supplies.
func start(n *Network, costs bool) (*simplex, error) {
	supply, err := n.moved()
	if err != nil {
		return nil, err
	}
	dear, err := n.dearest(costs)
	if err != nil {
		return nil, err
	}
	m, root := len(n.Tail), n.Nodes
	s := &simplex{
		net: n, real: m, spread: newSpread(m),
		arcs:  make([]arc, m+root),
		link:  make([]link, root+1),
		order: make([]place, root+1),
		pi:    make([]int64, root+1),
		name:  make([]int32, root+1),
	}
	s.least = max(int(math.Sqrt(float64(m))), leastBlock)
	s.block = s.least
	for at := range m {
		i := s.spread.arc(at)
		a := arc{tail: n.Tail[i], head: n.Head[i]}
		if costs && a.tail != a.head { // a loop never enters the tree: flow sets it
			a.cost = n.Cost[i]
		}
		s.arcs[at] = a
	}
	for v := range s.name {
		s.name[v] = int32(v)
	}
	for v := range root {
		a, l := arc{tail: int32(v), head: int32(root)}, link{parent: int32(root), arc: int32(m + v), prev: int32(v - 1)}
		if b := supply[v]; b >= 0 {
			l.up, l.down = NoBound-b, b
			s.pi[v] = -dear
		} else {
			a.tail, a.head = a.head, a.tail
			l.up, l.down = -b, NoBound+b
			s.pi[v] = dear
		}
		s.arcs[m+v], s.link[v], s.order[v] = a, l, place{next: int32(v + 1), depth: 1}
	}
	s.link[root] = link{parent: -1, arc: -1, prev: int32(root - 1)}
	if root > 0 {
		s.link[0].prev = int32(root)
	} else {
		s.link[root].prev = int32(root)
	}
	return s, nil
}

// moved gives the supplies when all lower bounds are 0: what they force is under way.
func (n *Network) moved() ([]int64, error) {
	type wide struct {
		hi int64
		lo uint64
	}
	add := func(w *wide, x int64) {
		var carry uint64
		w.lo, carry = bits.Add64(w.lo, uint64(x), 0)
		w.hi += x>>63 + int64(carry)
	}
	minus := func(w *wide, x int64) {
		var borrow uint64
		w.lo, borrow = bits.Sub64(w.lo, uint64(x), 0)
		w.hi -= x>>63 + int64(borrow)
	}
	fits := func(w wide) bool { return w.hi == int64(w.lo)>>63 }

	var all wide
	sums := make([]wide, n.Nodes)
	for v, b := range n.Supply {
		add(&all, b)
		add(&sums[v], b)
	}
	if all != (wide{}) {
		e := &Infeasible{Nodes: make([]int32, n.Nodes), Short: int64(all.lo), Needs: all.hi < 0}
		if !fits(all) || e.Short == math.MinInt64 {
			return nil, &Overflow{What: "the sum of all supplies"}
		}
		e.Short = max(e.Short, -e.Short)
		for v := range e.Nodes {
			e.Nodes[v] = int32(v)
		}
		return nil, e
	}
	for i, low := range n.Lower {
		if up := n.Upper[i]; up != NoBound && uint64(up)-uint64(low) >= NoBound {
			return nil, &Overflow{What: fmt.Sprintf("the room between the bounds %d and %d of arc %d", low, up, i)}
		}
		if low != 0 {
			minus(&sums[n.Tail[i]], low)
			add(&sums[n.Head[i]], low)
		}
	}
	out := make([]int64, n.Nodes)
	var from uint64 // all that is supplied
	for v, w := range sums {
		if !fits(w) {
			return nil, &Overflow{What: fmt.Sprintf("the supply of node %d with its arcs' lower bounds", v)}
		}
		out[v] = int64(w.lo)
		if out[v] > 0 {
			if from += uint64(out[v]); from >= NoBound {
				return nil, &Overflow{What: "all that is supplied, with lower bounds"}
			}
		}
	}
	return out, nil
}

// dearest gives the cost of an artificial arc: above that of any path. A path leaves a
// node at most once, by an arc at that node, and its last node not at all; so it costs at
// most the sum, over nodes, of the greatest cost there, without the least of these.
//
// Potentials are then at most twice that, and reduced costs five times.
func (n *Network) dearest(costs bool) (int64, error) {
	if !costs {
		return 1, nil
	}
	top := make([]uint64, n.Nodes)
	for i, c := range n.Cost {
		if t, h, c := n.Tail[i], n.Head[i], magnitude(c); t != h {
			top[t], top[h] = max(top[t], c), max(top[h], c)
		}
	}
	const limit = math.MaxInt64/6 - 1
	var sum, least uint64
	for v, c := range top {
		if v == 0 {
			least = c
		} else {
			sum, least = sum+max(c, least), min(c, least)
		}
		if sum > limit {
			return 0, &Overflow{What: fmt.Sprintf("the costs of a path: as much as %d together, with %d allowed", sum, limit)}
		}
	}
	return int64(sum) + 1, nil
}

// A spread is the order in which the simplex keeps arcs. Networks are mostly written node
// by node; neighbours are spread far, so that a block of the search sees arcs of many
// nodes (Kovács 2015, "arc mixing"): position p holds arc p/step of the p%step-th of step
// stretches.
type spread struct {
	step, each, more int // each arcs in a stretch, one more in the first few
}

func newSpread(arcs int) spread {
	step := max(int(math.Sqrt(float64(arcs))), 1)
	return spread{step: step, each: arcs / step, more: arcs % step}
}

// arc gives the network's arc at a position.
func (s spread) arc(at int) int {
	stretch := at % s.step
	return stretch*s.each + min(stretch, s.more) + at/s.step
}
