package mincost

import (
	"errors"
	"fmt"
	"math"
	"math/big"
)

// NoBound is the upper bound of an arc that has none.
const NoBound = math.MaxInt64

// A Network is a minimum-cost flow problem. Arc i goes from node Tail[i] to node Head[i],
// costs Cost[i] for each unit that flows, and the flow must lie in [Lower[i], Upper[i]].
// What flows out of node v less what flows into it must be Supply[v]; a node that needs
// has a negative supply.
//
// All slices of arcs have one length; Supply has Nodes elements; nodes are 0 to Nodes-1.
type Network struct {
	Nodes              int
	Supply             []int64
	Tail, Head         []int32
	Lower, Upper, Cost []int64 // Upper may be NoBound
}

// ErrInvalid is what Validate's errors wrap: these are no network at all.
var ErrInvalid = errors.New("invalid network")

// most is how many nodes and arcs there may be together: the solver numbers them, and an
// artificial arc for each node and a root, in 32 bits.
const most = math.MaxInt32 - 1

// Validate reports what is wrong with the shape of a network: lengths, node numbers and
// lower bounds above upper ones. A valid network may still have no solution.
func (n *Network) Validate() error {
	m := len(n.Tail)
	switch {
	case n.Nodes < 0:
		return fmt.Errorf("mincost: %w: %d nodes", ErrInvalid, n.Nodes)
	case len(n.Supply) != n.Nodes:
		return fmt.Errorf("mincost: %w: %d supplies for %d nodes", ErrInvalid, len(n.Supply), n.Nodes)
	case len(n.Head) != m || len(n.Lower) != m || len(n.Upper) != m || len(n.Cost) != m:
		return fmt.Errorf("mincost: %w: arcs have %d tails, %d heads, %d lower bounds, %d upper bounds and %d costs",
			ErrInvalid, m, len(n.Head), len(n.Lower), len(n.Upper), len(n.Cost))
	case n.Nodes > most || m > most-n.Nodes:
		return fmt.Errorf("mincost: %w: %d nodes and %d arcs are more than %d together", ErrInvalid, n.Nodes, m, most)
	}
	for i, tail := range n.Tail {
		head := n.Head[i]
		if tail < 0 || int(tail) >= n.Nodes || head < 0 || int(head) >= n.Nodes {
			return fmt.Errorf("mincost: %w: arc %d goes from node %d to node %d, but there are %d nodes", ErrInvalid, i, tail, head, n.Nodes)
		}
		if n.Lower[i] > n.Upper[i] {
			return fmt.Errorf("mincost: %w: arc %d has lower bound %d above upper bound %d", ErrInvalid, i, n.Lower[i], n.Upper[i])
		}
	}
	return nil
}

// A Solution is a flow of least cost. Its potentials prove it (Check): with the reduced
// cost of an arc being Cost + Potential[tail] - Potential[head], the flow is at the lower
// bound where that is positive and at the upper bound where it is negative. A potential
// is what a unit costs at a node, relative to node 0, at the margin.
type Solution struct {
	Flow      []int64  // of each arc
	Potential []int64  // of each node; that of node 0 is 0
	Cost      *big.Int // of the whole flow
	Pivots    int64    // of the simplex: how hard it was
}
