package mincost

import (
	"math"
	"math/rand/v2"
)

// A residual network of the reference: arcs in pairs, forth and back.
type residual struct {
	nodes    int
	from, to []int
	room     []int64
	cost     []int64
}

// muchRoom stands for no bound, beside bounds and supplies of at most thousands.
const muchRoom = int64(1) << 40

// reference solves a small problem slowly: negative cycles are cancelled first, then
// what is supplied goes by shortest paths; both found by Bellman and Ford's method.
func reference(n *Network) (verdict string, cost int64) {
	if left, _ := ship(n, false); left > 0 {
		return "infeasible", 0
	}
	var loose residual
	loose.nodes = n.Nodes
	for i := range n.Tail {
		if n.Upper[i] == NoBound {
			loose.add(n.Tail[i], n.Head[i], muchRoom, n.Cost[i])
		}
	}
	for e := 1; e < len(loose.room); e += 2 {
		loose.room[e] = 0
	}
	if loose.cycle() != nil {
		return "unbounded", 0
	}
	_, cost = ship(n, true)
	return "solved", cost
}

func (r *residual) add(tail, head int32, room, cost int64) {
	r.from = append(r.from, int(tail), int(head))
	r.to = append(r.to, int(head), int(tail))
	r.room = append(r.room, room, 0)
	r.cost = append(r.cost, cost, -cost)
}

// ship sends what it can, of least cost if costs count, and gives what is left of the
// supplies and of the needs.
func ship(n *Network, costs bool) (left, cost int64) {
	r := residual{nodes: n.Nodes}
	excess := append([]int64{}, n.Supply...)
	for i, t := range n.Tail {
		room, c := muchRoom, n.Cost[i]
		if n.Upper[i] != NoBound {
			room = n.Upper[i] - n.Lower[i]
		}
		if !costs {
			c = 0
		}
		r.add(t, n.Head[i], room, c)
		excess[t] -= n.Lower[i]
		excess[n.Head[i]] += n.Lower[i]
		cost += c * n.Lower[i]
	}
	send := func(path []int, most int64) {
		for _, e := range path {
			most = min(most, r.room[e])
		}
		for _, e := range path {
			r.room[e] -= most
			r.room[e^1] += most
			cost += most * r.cost[e]
		}
		if from, to := r.from[path[0]], r.to[path[len(path)-1]]; from != to {
			excess[from] -= most
			excess[to] += most
		}
	}
	for c := r.cycle(); c != nil; c = r.cycle() {
		send(c, math.MaxInt64)
	}
	for {
		path := r.path(excess)
		if path == nil {
			break
		}
		from, to := r.from[path[0]], r.to[path[len(path)-1]]
		send(path, min(excess[from], -excess[to]))
	}
	for _, x := range excess {
		left += max(x, -x)
	}
	return left, cost
}

// cycle finds a cycle of negative cost, by its arcs.
func (r *residual) cycle() []int {
	dist, by := make([]int64, r.nodes), make([]int, r.nodes)
	last := -1
	for range r.nodes + 1 {
		last = -1
		for e := range r.room {
			if r.room[e] > 0 && dist[r.from[e]]+r.cost[e] < dist[r.to[e]] {
				dist[r.to[e]], by[r.to[e]] = dist[r.from[e]]+r.cost[e], e
				last = r.to[e]
			}
		}
		if last < 0 {
			return nil
		}
	}
	for range r.nodes {
		last = r.from[by[last]]
	}
	var back []int
	for v := last; ; {
		back = append(back, by[v])
		if v = r.from[by[v]]; v == last {
			break
		}
	}
	return reversed(back)
}

// path finds the cheapest path from a node with too much to one with too little.
func (r *residual) path(excess []int64) []int {
	const far = math.MaxInt64
	dist, by := make([]int64, r.nodes), make([]int, r.nodes)
	for v := range dist {
		dist[v], by[v] = far, -1
		if excess[v] > 0 {
			dist[v] = 0
		}
	}
	for changed := true; changed; {
		changed = false
		for e := range r.room {
			if d := dist[r.from[e]]; r.room[e] > 0 && d != far && d+r.cost[e] < dist[r.to[e]] {
				dist[r.to[e]], by[r.to[e]], changed = d+r.cost[e], e, true
			}
		}
	}
	end := -1
	for v := range dist {
		if excess[v] < 0 && dist[v] != far && (end < 0 || dist[v] < dist[end]) {
			end = v
		}
	}
	if end < 0 {
		return nil
	}
	var back []int
	for v := end; by[v] >= 0; v = r.from[by[v]] {
		back = append(back, by[v])
	}
	return reversed(back)
}

func reversed(s []int) []int {
	for i, j := 0, len(s)-1; i < j; i, j = i+1, j-1 {
		s[i], s[j] = s[j], s[i]
	}
	return s
}

// small draws a problem of up to 8 nodes with everything that is allowed; between gives a
// number of a closed range.
func small(between func(lo, hi int) int) *Network {
	n := &Network{Nodes: between(0, 8)}
	n.Supply = make([]int64, n.Nodes)
	if n.Nodes == 0 {
		return n
	}
	node := func() int { return between(0, n.Nodes-1) }
	if between(0, 9) == 0 {
		n.Supply[node()] = int64(between(-2, 2)) // may not sum to 0
	}
	reach := between(0, 2) // of costs below 0
	loose := between(0, 3)
	for range between(0, 24) {
		low, up := 0, between(0, 10)
		switch between(0, 4) {
		case 0:
			low = between(0, up)
		case 1:
			low = -between(0, 5)
		}
		up64 := int64(up)
		if loose > 0 && between(0, 4) < loose {
			up64 = NoBound
		}
		n.Tail, n.Head = append(n.Tail, int32(node())), append(n.Head, int32(node()))
		n.Lower, n.Upper = append(n.Lower, int64(low)), append(n.Upper, up64)
		n.Cost = append(n.Cost, int64(between(-4*reach, 10)))
	}
	// Mostly the supplies of some flow, so that many problems are feasible.
	if kind := between(0, 3); kind > 0 {
		for i, t := range n.Tail {
			x := n.Lower[i]
			if room := min(n.Upper[i]-x, 8); room > 0 {
				x += int64(between(0, int(room)))
			}
			n.Supply[t] += x
			n.Supply[n.Head[i]] -= x
		}
	} else {
		for range between(0, 4) {
			x := int64(between(0, 6))
			n.Supply[node()] += x
			n.Supply[node()] -= x
		}
	}
	return n
}

// seeded gives numbers for small.
func seeded(seed uint64) func(lo, hi int) int {
	r := rand.New(rand.NewPCG(seed, 7))
	return func(lo, hi int) int { return lo + r.IntN(hi-lo+1) }
}
