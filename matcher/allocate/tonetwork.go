package allocate

import "talentmatch/matcher/allocate/mincost"

// Network is the problem that a seating solves as a minimum-cost flow, bonuses included,
// so that any solver can be given it. Without limits, it has a node for each cohort's
// seats that are not reserved, each reservation, each opening, and one over which seats stay
// free and heads empty; a unit costs the greatest weight less its own, and a head that stays
// empty the greatest. With limits it is a circulation, and a unit costs less its weight. A stable
// seating is no such problem.
func (m *Market) Network(s *Seating) (*mincost.Network, error) {
	if s.Proof.Seat == nil {
		return nil, invalid("policy", "a %s seating is no minimum-cost flow", s.Policy)
	}
	if s.Policy == Fair {
		m = m.withFills(s.Fills)
	}
	if s.Proof.Counts != nil { // found as a circulation, where bonuses may be large
		g, err := m.network()
		if err != nil {
			return nil, err
		}
		g.weigh(weights{1, s.Proof.FilledBonus, s.Proof.FirstBonus})
		return &g.net, nil
	}
	return m.transport(int32(s.Proof.FilledBonus), int32(s.Proof.FirstBonus)).Network(), nil
}

// Network is the problem as a minimum-cost flow, with a last node over which seats and
// heads stay free.
func (t *Transport) Network() *mincost.Network {
	seats, heads := len(t.Seats), len(t.Heads)
	n := &mincost.Network{Nodes: seats + heads + 1}
	n.Supply = make([]int64, n.Nodes)
	hub, whole := int32(seats+heads), int64(max(10_000, t.dearest()))
	arcs := len(t.Arcs) + seats + heads
	n.Tail, n.Head = make([]int32, 0, arcs), make([]int32, 0, arcs)
	n.Lower, n.Upper, n.Cost = make([]int64, arcs), make([]int64, 0, arcs), make([]int64, 0, arcs)
	add := func(tail, head int32, upper, cost int64) {
		n.Tail, n.Head = append(n.Tail, tail), append(n.Head, head)
		n.Upper, n.Cost = append(n.Upper, upper), append(n.Cost, cost)
	}
	for d, h := range t.Heads {
		for _, a := range t.Arcs[t.Off[d]:t.Off[d+1]] {
			add(a.Supply, int32(seats+d), int64(min(h, t.Seats[a.Supply])), whole-int64(a.Value))
		}
	}
	for s, k := range t.Seats {
		n.Supply[s] = int64(k)
		n.Supply[hub] -= int64(k)
		add(int32(s), hub, int64(k), 0)
	}
	for d, h := range t.Heads {
		n.Supply[seats+d] = -int64(h)
		n.Supply[hub] += int64(h)
		add(hub, int32(seats+d), int64(h), whole)
	}
	return n
}
