package mincost

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/bits"
)

// Options are how Solve works; the zero value is right.
type Options struct {
	// Progress, if not nil, is told now and then (every 65,536 pivots, and at the end)
	// what is being done, in a word, and how many pivots there have been.
	Progress func(done string, pivots int64)
}

// Solve finds a flow of least cost. Its errors are *Infeasible, *Unbounded, *Overflow,
// what wraps ErrInvalid, or what wraps the context's own. A network that is infeasible and
// has a cycle of negative cost is called infeasible. It takes 16 bytes an arc and about 110 a
// node, besides the network's and the solution's.
func Solve(ctx context.Context, n *Network, o Options) (*Solution, error) {
	if err := n.Validate(); err != nil {
		return nil, err
	}
	s, err := start(n, true)
	if err != nil {
		return nil, err
	}
	err = s.run(ctx, o)
	if _, loose := errors.AsType[*Unbounded](err); loose && s.unmet() > 0 {
		if feasible := s.feasible(ctx, o); feasible != nil {
			return nil, feasible
		}
	}
	if err != nil {
		return nil, err
	}
	flow, err := s.flow()
	if err != nil {
		return nil, err
	}
	if s.unmet() > 0 {
		return nil, s.cut(flow)
	}
	for i, tail := range n.Tail {
		if tail == n.Head[i] && n.Cost[i] < 0 && n.Upper[i] == NoBound {
			return nil, &Unbounded{Arcs: []int32{int32(i)}}
		}
	}
	if o.Progress != nil {
		o.Progress("solved", s.pivots)
	}
	return &Solution{Flow: flow, Potential: s.potentials(), Cost: total(n.Cost, flow), Pivots: s.pivots}, nil
}

// feasible says why there is no flow at all, or nil if there is one: the same problem
// where nothing costs anything, which has no cycle of negative cost.
func (s *simplex) feasible(ctx context.Context, o Options) error {
	free, err := start(s.net, false)
	if err != nil {
		return err
	}
	free.pivots = s.pivots
	if err := free.run(ctx, o); err != nil {
		return err
	}
	if free.unmet() == 0 {
		return nil
	}
	flow, err := free.flow()
	if err != nil {
		return err
	}
	return free.cut(flow)
}

// run pivots until no arc would lower the cost.
func (s *simplex) run(ctx context.Context, o Options) error {
	const (
		patience = 1 << 19 // arcs looked at and nodes moved between two looks at ctx: a few ms
		often    = 1 << 16
	)
	told := s.pivots
	look := func() error {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("mincost: after %d pivots: %w", s.pivots, err)
		}
		if o.Progress != nil && s.pivots-told >= often {
			told = s.pivots
			o.Progress("pivoting", s.pivots)
		}
		return nil
	}
	if err := look(); err != nil {
		return err
	}
	for _, in := range s.first() {
		if s.reduced(in) >= 0 {
			continue
		}
		if err := s.pivot(in); err != nil {
			return err
		}
		if s.work > patience {
			s.work = 0
			if err := look(); err != nil {
				return err
			}
		}
	}
	for {
		in := s.search()
		if in < 0 {
			return nil
		}
		if err := s.pivot(in); err != nil {
			return err
		}
		if s.work > patience || s.pivots&255 == 0 {
			s.work = 0
			if err := look(); err != nil {
				return err
			}
		}
	}
}

// unmet is how many units still leave over the root instead of real arcs.
func (s *simplex) unmet() (sum int64) {
	for v := range s.net.Nodes {
		if l := &s.link[v]; int(l.arc) >= s.real && s.arcs[l.arc].tail == int32(v) {
			sum += l.down
		}
	}
	return sum
}

// flow gives the flows of the network's arcs.
func (s *simplex) flow() ([]int64, error) {
	n := s.net
	out := make([]int64, len(n.Tail))
	for at := range s.real {
		i := s.spread.arc(at)
		out[i] = n.Lower[i]
		if n.Tail[i] == n.Head[i] {
			if n.Cost[i] < 0 && n.Upper[i] != NoBound {
				out[i] = n.Upper[i]
			}
		} else if s.name[s.arcs[at].tail] != n.Tail[i] { // turned round
			out[i] = n.Upper[i]
		}
	}
	for v := range n.Nodes {
		l := &s.link[v]
		if int(l.arc) >= s.real {
			continue
		}
		i, tail, x := s.spread.arc(int(l.arc)), s.arcs[l.arc].tail, l.up
		if tail == int32(v) {
			x = l.down
		}
		if s.name[tail] != n.Tail[i] {
			out[i] -= x
			continue
		}
		if out[i] > 0 && x > math.MaxInt64-out[i] {
			return nil, &Overflow{What: fmt.Sprintf("the flow of arc %d, which has no upper bound", i)}
		}
		out[i] += x
	}
	return out, nil
}

// potentials gives those of the network's nodes.
func (s *simplex) potentials() []int64 {
	out := make([]int64, s.net.Nodes)
	for v := range out {
		out[s.name[v]] = s.pi[v]
	}
	if len(out) > 0 {
		zero := out[0]
		for v := range out {
			out[v] -= zero
		}
	}
	return out
}

// total is the sum of the products, at most 2^31 of them.
func total(cost, flow []int64) *big.Int {
	var sums [2][3]uint64 // of the positive and of the negative products, lowest word first
	for i, c := range cost {
		x := flow[i]
		if c == 0 || x == 0 {
			continue
		}
		hi, lo := bits.Mul64(magnitude(c), magnitude(x))
		sum := &sums[0]
		if (c < 0) != (x < 0) {
			sum = &sums[1]
		}
		var carry uint64
		sum[0], carry = bits.Add64(sum[0], lo, 0)
		sum[1], carry = bits.Add64(sum[1], hi, carry)
		sum[2] += carry
	}
	var out [2]big.Int
	for i, sum := range sums {
		for w := 2; w >= 0; w-- {
			out[i].Lsh(&out[i], 64).Or(&out[i], new(big.Int).SetUint64(sum[w]))
		}
	}
	return out[0].Sub(&out[0], &out[1])
}

// magnitude is the absolute value, that of the least number too.
func magnitude(x int64) uint64 {
	if x < 0 {
		return -uint64(x)
	}
	return uint64(x)
}
