package mincost

import (
	"errors"
	"fmt"
	"math/big"
	"math/bits"
)

// Check proves that a solution is a flow of least cost, or says what is wrong: every flow
// lies within its bounds and every node's supply is met; where the reduced cost of an arc
// is positive the flow is at the lower bound, where it is negative at the upper; the
// stated cost is what the flow costs, and is what the dual problem gives as the least
// that any flow can cost:
//
//   - sum of Supply * Potential + sum of reduced cost * the bound that it calls for.
//
// Nothing of the solver is used, and all is exact. Reduced costs that leave 64 bits, which
// Solve never makes, are refused.
func Check(n *Network, s *Solution) error {
	if err := n.Validate(); err != nil {
		return err
	}
	if s == nil || len(s.Flow) != len(n.Tail) || len(s.Potential) != n.Nodes || s.Cost == nil {
		return errors.New("mincost: the solution has not the network's shape")
	}
	net := make([]int128, n.Nodes) // what flows out, less what flows in
	var costs, dual, product, factor big.Int
	add := func(to *big.Int, a, b int64) {
		if a != 0 && b != 0 {
			to.Add(to, product.Mul(product.SetInt64(a), factor.SetInt64(b)))
		}
	}
	for i, x := range s.Flow {
		t, h := n.Tail[i], n.Head[i]
		if x < n.Lower[i] || x > n.Upper[i] {
			return fmt.Errorf("mincost: the flow %d of arc %d is not within %d and %d", x, i, n.Lower[i], n.Upper[i])
		}
		net[t].add(x, false)
		net[h].add(x, true)
		add(&costs, n.Cost[i], x)

		var sum int128
		sum.add(n.Cost[i], false)
		sum.add(s.Potential[t], false)
		sum.add(s.Potential[h], true)
		reduced, ok := sum.int64()
		switch {
		case !ok:
			return fmt.Errorf("mincost: the reduced cost of arc %d does not fit 64 bits", i)
		case reduced > 0 && x != n.Lower[i]:
			return fmt.Errorf("mincost: arc %d has reduced cost %d and flow %d, but lower bound %d", i, reduced, x, n.Lower[i])
		case reduced < 0 && n.Upper[i] == NoBound:
			return fmt.Errorf("mincost: arc %d has reduced cost %d and no upper bound", i, reduced)
		case reduced < 0 && x != n.Upper[i]:
			return fmt.Errorf("mincost: arc %d has reduced cost %d and flow %d, but upper bound %d", i, reduced, x, n.Upper[i])
		case reduced > 0:
			add(&dual, reduced, n.Lower[i])
		case reduced < 0:
			add(&dual, reduced, n.Upper[i])
		}
	}
	var paid big.Int
	for v, b := range n.Supply {
		if out, ok := net[v].int64(); !ok || out != b {
			return fmt.Errorf("mincost: node %d supplies %d, but its arcs do not carry that away", v, b)
		}
		add(&paid, b, s.Potential[v])
	}
	dual.Sub(&dual, &paid)
	if costs.Cmp(s.Cost) != 0 {
		return fmt.Errorf("mincost: the cost is said to be %v, but is %v", s.Cost, &costs)
	}
	if costs.Cmp(&dual) != 0 {
		return fmt.Errorf("mincost: the flow costs %v, but its potentials prove only %v", &costs, &dual)
	}
	return nil
}

// Verify is nil if the set proves that the network is infeasible by Short units, and else
// says why it does not.
func (e *Infeasible) Verify(n *Network) error {
	if err := n.Validate(); err != nil {
		return err
	}
	in := make([]bool, n.Nodes)
	var stays, term big.Int // what cannot leave the set; of a set that needs, what it has too much
	for _, v := range e.Nodes {
		if v < 0 || int(v) >= n.Nodes || in[v] {
			return fmt.Errorf("mincost: node %d of the set is not one of the network's, or is there twice", v)
		}
		in[v] = true
		stays.Add(&stays, term.SetInt64(n.Supply[v]))
	}
	for i, t := range n.Tail {
		h := n.Head[i]
		if in[t] == in[h] {
			continue
		}
		bound := n.Upper[i]
		if in[h] != e.Needs { // it comes in to a set that supplies, or out of one that needs
			bound = n.Lower[i]
		} else if bound == NoBound {
			return fmt.Errorf("mincost: arc %d has no upper bound and helps the set", i)
		}
		if term.SetInt64(bound); in[h] {
			stays.Add(&stays, &term)
		} else {
			stays.Sub(&stays, &term)
		}
	}
	if e.Needs {
		stays.Neg(&stays)
	}
	if e.Short <= 0 || stays.Cmp(term.SetInt64(e.Short)) != 0 {
		return fmt.Errorf("mincost: the set is short of %v units, not of %d", &stays, e.Short)
	}
	return nil
}

// Verify is nil if the arcs are a cycle of negative cost without upper bounds, and else
// says why they are not. Whether the network is feasible is another question.
func (e *Unbounded) Verify(n *Network) error {
	if err := n.Validate(); err != nil {
		return err
	}
	if len(e.Arcs) == 0 {
		return errors.New("mincost: a cycle of no arcs")
	}
	var sum, term big.Int
	last := e.Arcs[len(e.Arcs)-1]
	for _, i := range e.Arcs {
		switch {
		case min(i, last) < 0 || int(max(i, last)) >= len(n.Tail):
			return fmt.Errorf("mincost: the network has not arc %d or %d", last, i)
		case n.Head[last] != n.Tail[i]:
			return fmt.Errorf("mincost: arc %d does not begin where arc %d ends", i, last)
		case n.Upper[i] != NoBound:
			return fmt.Errorf("mincost: arc %d has an upper bound", i)
		}
		sum.Add(&sum, term.SetInt64(n.Cost[i]))
		last = i
	}
	if sum.Sign() >= 0 {
		return fmt.Errorf("mincost: the cycle costs %v", &sum)
	}
	return nil
}

// An int128 is a sum of numbers of 64 bits.
type int128 struct{ hi, lo uint64 }

// add adds a number, or takes it away.
func (s *int128) add(x int64, away bool) {
	sign := uint64(x >> 63)
	var carry uint64
	if away {
		s.lo, carry = bits.Sub64(s.lo, uint64(x), 0)
		s.hi, _ = bits.Sub64(s.hi, sign, carry)
		return
	}
	s.lo, carry = bits.Add64(s.lo, uint64(x), 0)
	s.hi, _ = bits.Add64(s.hi, sign, carry)
}

func (s int128) int64() (int64, bool) {
	return int64(s.lo), s.hi == uint64(int64(s.lo)>>63)
}
