package mincost

import "math/rand/v2"

// transportation makes a bipartite problem: from so many nodes to so many others, by
// arcs at random besides a dear one from the first node to each and from each to the last,
// so that it is connected and feasible. Bounds are 0 to 20 and often none, costs up to 10,000.
func transportation(from, to, arcs int, seed uint64) *Network {
	r := rand.New(rand.NewPCG(seed, 9))
	n := &Network{Nodes: from + to, Supply: make([]int64, from+to)}
	for v := range to {
		x := 1 + r.Int64N(20)
		n.Supply[from+v] = -x
		n.Supply[r.IntN(from)] += x
	}
	add := func(t, h int, up, cost int64) {
		n.Tail, n.Head = append(n.Tail, int32(t)), append(n.Head, int32(h))
		n.Lower, n.Upper, n.Cost = append(n.Lower, 0), append(n.Upper, up), append(n.Cost, cost)
	}
	for v := 1; v < from; v++ {
		add(v, 0, 1<<30, 20_000)
	}
	for v := range to {
		add(0, from+v, 1<<30, 20_000)
	}
	for range arcs - (from - 1) - to {
		add(r.IntN(from), from+r.IntN(to), 1+r.Int64N(20), 1+r.Int64N(10_000))
	}
	return n
}

// grid makes a square of nodes with arcs both ways between neighbours; units go between
// corners and from nodes at random to others. Costs are up to 1,000, bounds up to 1,000.
func grid(side int, seed uint64) *Network {
	r := rand.New(rand.NewPCG(seed, 10))
	n := &Network{Nodes: side * side, Supply: make([]int64, side*side)}
	add := func(t, h int) {
		n.Tail, n.Head = append(n.Tail, int32(t)), append(n.Head, int32(h))
		n.Lower, n.Upper, n.Cost = append(n.Lower, 0), append(n.Upper, 500+r.Int64N(500)), append(n.Cost, 1+r.Int64N(1000))
	}
	for y := range side {
		for x := range side {
			v := y*side + x
			if x+1 < side {
				add(v, v+1)
				add(v+1, v)
			}
			if y+1 < side {
				add(v, v+side)
				add(v+side, v)
			}
		}
	}
	for range side {
		n.Supply[r.IntN(n.Nodes)] += 10
		n.Supply[r.IntN(n.Nodes)] -= 10
	}
	return n
}

// sparse makes a network of nodes on a ring of dear arcs with other arcs at random; one
// node in ten supplies and one needs.
func sparse(nodes, arcs int, seed uint64) *Network {
	r := rand.New(rand.NewPCG(seed, 11))
	n := &Network{Nodes: nodes, Supply: make([]int64, nodes)}
	for i := range arcs {
		t, h, up, c := r.IntN(nodes), r.IntN(nodes), 1+r.Int64N(1000), 1+r.Int64N(10_000)
		if i < nodes {
			t, h, up, c = i, (i+1)%nodes, 1<<30, 10_000
		}
		n.Tail, n.Head = append(n.Tail, int32(t)), append(n.Head, int32(h))
		n.Lower, n.Upper, n.Cost = append(n.Lower, 0), append(n.Upper, up), append(n.Cost, c)
	}
	for range nodes / 10 {
		x := 1 + r.Int64N(100)
		n.Supply[r.IntN(nodes)] += x
		n.Supply[r.IntN(nodes)] -= x
	}
	return n
}
