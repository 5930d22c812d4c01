package allocate

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"talentmatch/matcher/allocate/mincost"
	"talentmatch/talent"
)

// Crossing says that two limits on one side are neither nested nor apart, so that no
// network can keep both.
type Crossing struct{ A, B int } // numbers of limits

func (e *Crossing) Error() string {
	return fmt.Sprintf("allocate: limits %d and %d share members, but neither has all of the other's", e.A, e.B)
}

// seatWithin seats a market with limits: a circulation from a hub through the limits on
// cohorts, cohorts, pairs, openings and the limits on openings back to the hub.
//
// First it is found how many reserved units and units that limits ask for there can be, and how
// many heads can be filled then. Bonuses that bring about as much are then found by trying
// larger ones, which keeps costs, and so potentials, small.
func (m *Market) seatWithin(ctx context.Context, policy Policy, o Options) (*Seating, error) {
	g, err := m.network()
	if err != nil {
		return nil, err
	}
	units := min(sum(m.Graduates), sum(m.Headcount))
	count := weights{filled: 1, first: units + 1}
	if policy != MaxFilled {
		count = weights{first: 1}
	}
	most, err := g.solve(ctx, policy, count, o)
	if err != nil {
		return nil, err
	}
	w := weights{value: 1}
	dearest := int64(0)
	for i := range m.Pairs {
		dearest = max(dearest, int64(m.Pairs[i].Value))
	}
	if policy == MaxFilled {
		w.filled = dearest + 1
	}
	if len(m.Reservations) > 0 || len(m.Limits) > 0 {
		w.first = w.filled + dearest + 1
	}
	for {
		s, err := g.solve(ctx, policy, w, o)
		if err != nil {
			return nil, err
		}
		enough := s.Kept+s.Asked == most.Kept+most.Asked
		if enough && (policy != MaxFilled || s.Filled == most.Filled) {
			s.Proof.Counts = &most.Proof
			return s, nil
		}
		if w.first > mostPrice/64 {
			return nil, fmt.Errorf("allocate: bonuses would not fit in 64 bits: %w", talent.ErrTooLarge)
		}
		if enough {
			w.filled *= 8
		}
		w.first = 8 * (w.first + w.filled)
	}
}

func sum(list []int32) (n int64) {
	for _, x := range list {
		n += int64(x)
	}
	return n
}

// weights are what a seating is measured by.
type weights struct{ value, filled, first int64 }

// A part says what an arc of the network stands for.
type part struct {
	kind  partKind
	of    int32 // cohort, reservation, limit, opening or pair
	again int32 // of a pair: its reservation or NoReservation
}

type partKind uint8

const (
	partSeat partKind = iota
	partReserved
	partLeast // of a limit: what it asks at least
	partMore  // and what it allows beyond
	partPair
	partHead
)

// A network is a market as a circulation; node 0 is the hub.
type network struct {
	m       *Market
	net     mincost.Network
	parts   []part
	opening []int32 // of each pair
}

func (g *network) node() int32 {
	g.net.Nodes++
	g.net.Supply = append(g.net.Supply, 0)
	return int32(g.net.Nodes - 1)
}

func (g *network) arc(from, to int32, upper int64, p part) {
	g.net.Tail, g.net.Head = append(g.net.Tail, from), append(g.net.Head, to)
	g.net.Lower, g.net.Upper = append(g.net.Lower, 0), append(g.net.Upper, upper)
	g.parts = append(g.parts, p)
}

// limit adds the arcs of a limit.
func (g *network) limit(from, to int32, k int) {
	l := &g.m.Limits[k]
	more := int64(NoLimit)
	if l.AtMost != NoLimit {
		more = l.AtMost - l.AtLeast
	}
	g.arc(from, to, l.AtLeast, part{partLeast, int32(k), 0})
	g.arc(from, to, more, part{partMore, int32(k), 0})
}

// network builds the circulation.
func (m *Market) network() (*network, error) {
	g := &network{m: m}
	hub := g.node()
	// inside adds nodes for limits on one side and says, for each member of one, at which node it
	// is; others are at the root.
	inside := func(which []int, members func(l *Limit) []int32, root int32, join func(outer, node int32, k int)) (func(int32) int32, error) {
		at, parent, err := nested(m.Limits, which, members)
		if err != nil {
			return nil, err
		}
		nodes := map[int]int32{}
		for _, k := range which {
			nodes[k] = g.node()
		}
		for i, k := range which {
			outer := root
			if parent[i] >= 0 {
				outer = nodes[parent[i]]
			}
			join(outer, nodes[k], k)
		}
		return func(member int32) int32 {
			if k, ok := at[member]; ok {
				return nodes[k]
			}
			return root
		}, nil
	}
	cohorts, openings := func(l *Limit) []int32 { return l.Cohorts }, func(l *Limit) []int32 { return l.Openings }
	var onCohorts, onOpenings []int
	onBoth := map[int32][]int{} // by opening
	for k := range m.Limits {
		switch l := &m.Limits[k]; {
		case l.Openings == nil:
			onCohorts = append(onCohorts, k)
		case l.Cohorts == nil:
			onOpenings = append(onOpenings, k)
		default:
			onBoth[l.Openings[0]] = append(onBoth[l.Openings[0]], k)
		}
	}
	above, err := inside(onCohorts, cohorts, hub, func(outer, node int32, k int) { g.limit(outer, node, k) })
	if err != nil {
		return nil, err
	}
	below, err := inside(onOpenings, openings, hub, func(outer, node int32, k int) { g.limit(node, outer, k) })
	if err != nil {
		return nil, err
	}
	seats := slices.Clone(m.Graduates)
	reserved := make([]int32, len(m.Reservations))
	byOpening := m.reservationsByOpening()
	for k := range m.Reservations {
		r := &m.Reservations[k]
		seats[r.Cohort] -= r.Seats
		reserved[k] = g.node()
		g.arc(above(r.Cohort), reserved[k], int64(r.Seats), part{partReserved, int32(k), 0})
	}
	free := make([]int32, len(m.Graduates))
	for c, n := range seats {
		free[c] = g.node()
		g.arc(above(int32(c)), free[c], int64(n), part{partSeat, int32(c), 0})
	}
	for o, heads := range m.Headcount {
		head := g.node()
		g.arc(head, below(int32(o)), int64(heads), part{partHead, int32(o), 0})
		at, err := inside(onBoth[int32(o)], cohorts, head, func(outer, node int32, k int) { g.limit(node, outer, k) })
		if err != nil {
			return nil, err
		}
		for i := m.Off[o]; i < m.Off[o+1]; i++ {
			p := &m.Pairs[i]
			if p.Value == 0 {
				continue
			}
			to := at(p.Cohort)
			g.arc(free[p.Cohort], to, mincost.NoBound, part{partPair, int32(i), NoReservation})
			for _, k := range byOpening[o] {
				if m.Reservations[k].Cohort == p.Cohort {
					g.arc(reserved[k], to, mincost.NoBound, part{partPair, int32(i), k})
				}
			}
		}
	}
	g.opening = make([]int32, len(m.Pairs))
	for o := range m.Headcount {
		for i := m.Off[o]; i < m.Off[o+1]; i++ {
			g.opening[i] = int32(o)
		}
	}
	g.net.Cost = make([]int64, len(g.parts))
	return g, nil
}

// nested finds, of limits, the one inside which each lies (parent, in the order of which;
// -1 for none), and for each member the innermost that it is in.
func nested(limits []Limit, which []int, members func(*Limit) []int32) (at map[int32]int, parent []int, err error) {
	order := make([]int, len(which))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(len(members(&limits[which[b]])), len(members(&limits[which[a]])))
	})
	at, parent = map[int32]int{}, make([]int, len(which))
	inner := func(member int32) int {
		if k, ok := at[member]; ok {
			return k
		}
		return -1
	}
	for _, i := range order {
		list := members(&limits[which[i]])
		parent[i] = -1
		for j, x := range list {
			if j == 0 {
				parent[i] = inner(x)
			} else if k := inner(x); k != parent[i] {
				return nil, nil, &Crossing{max(k, parent[i]), which[i]}
			}
		}
		for _, x := range list {
			at[x] = which[i]
		}
	}
	return at, parent, nil
}

// weigh sets the costs.
func (g *network) weigh(w weights) {
	for i, p := range g.parts {
		switch p.kind {
		case partReserved, partLeast:
			g.net.Cost[i] = -w.first
		case partPair:
			g.net.Cost[i] = -w.value*int64(g.m.Pairs[p.of].Value) - w.filled
		}
	}
}

// solve finds the circulation of the greatest weight.
func (g *network) solve(ctx context.Context, policy Policy, w weights, o Options) (*Seating, error) {
	m := g.m
	g.weigh(w)
	sol, err := mincost.Solve(ctx, &g.net, o.network())
	if err != nil {
		return nil, err
	}
	s := &Seating{Policy: policy, Work: Work{Pivots: sol.Pivots}}
	s.Proof = Proof{FilledBonus: w.filled, FirstBonus: w.first,
		Seat: make([]int64, len(m.Graduates)), Reserved: make([]int64, len(m.Reservations)), Head: make([]int64, len(m.Headcount)),
		More: make([]int64, len(m.Limits)), Less: make([]int64, len(m.Limits))}
	for i, p := range g.parts {
		// What the arc would gain by one unit more, were it allowed.
		gain := max(0, sol.Potential[g.net.Head[i]]-sol.Potential[g.net.Tail[i]]-g.net.Cost[i])
		switch p.kind {
		case partSeat:
			s.Proof.Seat[p.of] = gain
		case partReserved:
			s.Proof.Reserved[p.of] = gain
		case partHead:
			s.Proof.Head[p.of] = gain
		case partLeast:
			s.Proof.Less[p.of] = gain
		case partMore:
			s.Proof.More[p.of] = gain
		case partPair:
			if n := sol.Flow[i]; n > 0 {
				s.Flows = append(s.Flows, Flow{g.opening[p.of], m.Pairs[p.of].Cohort, p.again, int32(n)})
			}
		}
	}
	m.add(s)
	return s, nil
}
