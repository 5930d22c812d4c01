package mincost

import "slices"

// cut proves that a network is infeasible when a flow of the simplex, with costs as they
// were there, still leaves something over artificial arcs. The set is all that can be
// reached, through arcs with room, from nodes with too much: nodes with too little are not
// among it, for a path to one would be cheaper than the artificial arcs; unless it has an
// arc without upper bound whose flow is as large as numbers can be.
func (s *simplex) cut(flow []int64) error {
	n := s.net
	// Arcs by the node at which they can be entered: forwards those with room above the
	// flow, backwards those with room below.
	room := func(i int) (forth, back bool) {
		return flow[i] < n.Upper[i] || n.Upper[i] == NoBound, flow[i] > n.Lower[i]
	}
	at := make([]int, n.Nodes+1)
	for i := range flow {
		forth, back := room(i)
		if forth {
			at[n.Tail[i]+1]++
		}
		if back {
			at[n.Head[i]+1]++
		}
	}
	for v := range n.Nodes {
		at[v+1] += at[v]
	}
	to := make([]int32, at[n.Nodes])
	free := slices.Clone(at)
	for i := range flow {
		forth, back := room(i)
		t, h := n.Tail[i], n.Head[i]
		if forth {
			to[free[t]] = h
			free[t]++
		}
		if back {
			to[free[h]] = t
			free[h]++
		}
	}
	reached := make([]bool, n.Nodes)
	out := &Infeasible{}
	for v := range n.Nodes {
		l := &s.link[v]
		if int(l.arc) >= s.real && s.arcs[l.arc].tail == int32(v) && l.down > 0 {
			out.Short += l.down
			out.Nodes = append(out.Nodes, s.name[v])
			reached[s.name[v]] = true
		}
	}
	for i := 0; i < len(out.Nodes); i++ {
		v := out.Nodes[i]
		for _, w := range to[at[v]:at[v+1]] {
			if !reached[w] {
				reached[w] = true
				out.Nodes = append(out.Nodes, w)
			}
		}
	}
	for v := range n.Nodes {
		if l := &s.link[v]; reached[s.name[v]] && int(l.arc) >= s.real && s.arcs[l.arc].head == int32(v) && l.up > 0 {
			return &Overflow{What: "the flow of an arc without upper bound, in a network that may be infeasible"}
		}
	}
	slices.Sort(out.Nodes)
	return out
}
