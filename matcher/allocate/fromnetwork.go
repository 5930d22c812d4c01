package allocate

import (
	"context"
	"math/big"

	"talentmatch/matcher/allocate/mincost"
)

// SolveNetwork solves a minimum-cost flow problem: by the transport solver if it is a
// transportation problem in disguise and large, else by the network simplex. Errors are those of
// mincost.Solve. mincost.Check proves the solution either way.
func SolveNetwork(ctx context.Context, n *mincost.Network, o Options) (*mincost.Solution, error) {
	if err := n.Validate(); err != nil {
		return nil, err
	}
	if d := disguised(n); d != nil {
		sol, err := d.solve(ctx, o)
		if sol != nil || err != nil {
			return sol, err
		}
	}
	return mincost.Solve(ctx, n, o.network())
}

// disguiseFrom is how many arcs a network has from which the transport solver is faster.
const disguiseFrom = 20_000

// A disguise is a network whose arcs go from nodes that supply to nodes that need, and, if
// there is a hub, from the former to it and from it to the latter: a unit may take the way over the
// hub instead, and that is worth 0. No bound of an arc is in the way of anything.
type disguise struct {
	n       *mincost.Network
	hub     int32   // or -1
	role    []role  // of a node
	number  []int32 // of a node among supplies or demands
	seats   []int32
	heads   []int32
	toHub   []int32 // arc of a supply to the hub
	fromHub []int32 // arc from the hub to a demand
	least   int64   // cost of an arc, of those not at the hub
	most    int64
}

type role uint8

const (
	alone role = iota // has no arc
	supplies
	needs
	hub
)

// disguised recognizes a transportation problem; nil when it is none, or too small.
func disguised(n *mincost.Network) *disguise {
	m := len(n.Tail)
	if m < disguiseFrom || m > 1<<31 {
		return nil
	}
	d := &disguise{n: n, hub: -1}
	in, out := make([]bool, n.Nodes), make([]bool, n.Nodes)
	for i, t := range n.Tail {
		h := n.Head[i]
		if n.Lower[i] != 0 || t == h {
			return nil
		}
		out[t], in[h] = true, true
	}
	for v := range int32(n.Nodes) {
		if in[v] && out[v] {
			if d.hub >= 0 {
				return nil
			}
			d.hub = v
		}
	}
	d.number, d.role = make([]int32, n.Nodes), make([]role, n.Nodes)
	total := big.NewInt(0)
	for v, s := range n.Supply {
		total.Add(total, big.NewInt(s))
		switch {
		case int32(v) == d.hub:
			d.role[v] = hub
		case s > MaxUnits || s < -MaxUnits:
			return nil
		case out[v] && s >= 0:
			d.role[v], d.number[v] = supplies, int32(len(d.seats))
			d.seats = append(d.seats, int32(s))
		case in[v] && s <= 0:
			d.role[v], d.number[v] = needs, int32(len(d.heads))
			d.heads = append(d.heads, int32(-s))
		case s != 0:
			return nil // an inner node that supplies, or one alone
		}
	}
	if total.Sign() != 0 {
		return nil
	}
	none := func(n int) []int32 {
		list := make([]int32, n)
		for i := range list {
			list[i] = -1
		}
		return list
	}
	d.toHub, d.fromHub = none(len(d.seats)), none(len(d.heads))
	first := true
	for i, t := range n.Tail {
		h := n.Head[i]
		switch {
		case h == d.hub:
			s := d.number[t]
			if d.toHub[s] >= 0 || n.Upper[i] < n.Supply[t] {
				return nil
			}
			d.toHub[s] = int32(i)
		case t == d.hub:
			k := d.number[h]
			if d.fromHub[k] >= 0 || n.Upper[i] < -n.Supply[h] {
				return nil
			}
			d.fromHub[k] = int32(i)
		default:
			if n.Upper[i] < min(n.Supply[t], -n.Supply[h]) {
				return nil
			}
			if first {
				d.least, d.most, first = n.Cost[i], n.Cost[i], false
			}
			d.least, d.most = min(d.least, n.Cost[i]), max(d.most, n.Cost[i])
		}
	}
	if first || d.most-d.least > MaxValue/2 || d.most-d.least < 0 {
		return nil
	}
	if d.hub >= 0 {
		for _, list := range [][]int32{d.toHub, d.fromHub} {
			for _, i := range list {
				if i < 0 {
					return nil
				}
			}
		}
	}
	return d
}

// solve returns nil when the network asks for more than the transport can say.
func (d *disguise) solve(ctx context.Context, o Options) (*mincost.Solution, error) {
	whole := d.most - d.least + 1 // what a unit is worth that must not stay
	for {
		t, arcOf, ok := d.transport(whole)
		if !ok {
			return nil, nil
		}
		sol, err := t.Solve(ctx, o)
		if err != nil {
			return nil, err
		}
		if d.hub >= 0 || sol.Filled == sum(d.heads) {
			return d.solution(t, arcOf, sol, whole), nil
		}
		whole *= 4
	}
}

// transport makes the problem: the value of an arc is what it saves against the way over
// the hub, or against whole.
func (d *disguise) transport(whole int64) (t *Transport, arcOf []int32, ok bool) {
	n := d.n
	t = &Transport{Seats: d.seats, Heads: d.heads, Off: make([]uint32, len(d.heads)+1)}
	for i, h := range n.Head {
		if n.Tail[i] != d.hub && h != d.hub {
			t.Off[d.number[h]+1]++
		}
	}
	for k := range d.heads {
		t.Off[k+1] += t.Off[k]
	}
	next := append([]uint32(nil), t.Off[:len(d.heads)]...)
	t.Arcs, arcOf = make([]Arc, t.Off[len(d.heads)]), make([]int32, t.Off[len(d.heads)])
	for i, h := range n.Head {
		tail := n.Tail[i]
		if tail == d.hub || h == d.hub {
			continue
		}
		s, k := d.number[tail], d.number[h]
		value, fits := d.base(s, k, whole)
		value -= n.Cost[i]
		if !fits || value > MaxValue {
			return nil, nil, false
		}
		t.Arcs[next[k]], arcOf[next[k]] = Arc{s, int32(max(0, value))}, int32(i)
		next[k]++
	}
	return t, arcOf, true
}

// base is what a unit of a supply and a head of a demand cost apart.
func (d *disguise) base(s, k int32, whole int64) (cost int64, fits bool) {
	const far = 1 << 40 // so that potentials fit, too
	fits = d.least > -far && d.most < far
	if d.hub < 0 {
		return whole + d.least, fits
	}
	a, b := d.n.Cost[d.toHub[s]], d.n.Cost[d.fromHub[k]]
	return a + b, fits && a > -far && a < far && b > -far && b < far
}

func (d *disguise) solution(t *Transport, arcOf []int32, sol *Solution, whole int64) *mincost.Solution {
	n := d.n
	out := &mincost.Solution{Flow: make([]int64, len(n.Tail)), Potential: make([]int64, n.Nodes), Cost: new(big.Int)}
	seats, heads := make([]int64, len(d.seats)), make([]int64, len(d.heads))
	for _, p := range sol.Placements {
		best := -1
		for i := t.Off[p.Demand]; i < t.Off[p.Demand+1]; i++ {
			if t.Arcs[i].Supply == p.Supply && (best < 0 || t.Arcs[i].Value > t.Arcs[best].Value) {
				best = int(i)
			}
		}
		out.Flow[arcOf[best]] = int64(p.Units)
		seats[p.Supply] += int64(p.Units)
		heads[p.Demand] += int64(p.Units)
	}
	left := make([]int64, len(d.heads))
	for k := range d.heads {
		for _, a := range t.Arcs[t.Off[k]:t.Off[k+1]] {
			left[k] = max(left[k], int64(a.Value)-int64(sol.Prices[a.Supply]))
		}
	}
	for v, k := range d.number {
		switch d.role[v] {
		case supplies:
			out.Potential[v] = int64(sol.Prices[k])
			if d.hub >= 0 {
				out.Potential[v] -= n.Cost[d.toHub[k]]
				out.Flow[d.toHub[k]] = int64(d.seats[k]) - seats[k]
			}
		case needs:
			out.Potential[v] = whole + d.least - left[k]
			if d.hub >= 0 {
				out.Potential[v] = n.Cost[d.fromHub[k]] - left[k]
				out.Flow[d.fromHub[k]] = int64(d.heads[k]) - heads[k]
			}
		}
	}
	for i, f := range out.Flow {
		if f != 0 {
			out.Cost.Add(out.Cost, new(big.Int).Mul(big.NewInt(f), big.NewInt(n.Cost[i])))
		}
	}
	base := out.Potential[0]
	for v := range out.Potential {
		out.Potential[v] -= base
	}
	return out
}
