package allocate

import "slices"

// filledMost reports whether no seating fills more heads: no chain of moves leads from a
// free head to a free seat (Berge 1957).
func (m *Market) filledMost(s *Seating) bool { return m.most(s, false) }

// keptMost reports whether no seating has more units on reserved seats: whatever else is
// seated can be moved away.
func (m *Market) keptMost(s *Seating) bool { return len(m.Reservations) == 0 || m.most(s, true) }

// most searches from openings with free heads over moves of units for a free seat; of
// reserved seats alone or of all.
func (m *Market) most(s *Seating, reserved bool) bool {
	n := len(m.Graduates)
	free := make([]int64, n+len(m.Reservations)) // cohorts' seats that are not reserved, then reservations'
	for c, g := range m.Graduates {
		free[c] = int64(g)
	}
	byOpening := m.reservationsByOpening()
	for k := range m.Reservations {
		r := &m.Reservations[k]
		free[r.Cohort] -= int64(r.Seats)
		free[n+k] = int64(r.Seats)
	}
	heads := make([]int64, len(m.Headcount))
	for o, h := range m.Headcount {
		heads[o] = int64(h)
	}
	// holders are the openings that have units of a supply.
	off := make([]uint32, len(free)+1)
	at := func(f *Flow) int {
		if f.Reservation != NoReservation {
			return n + int(f.Reservation)
		}
		return int(f.Cohort)
	}
	counts := func(f *Flow) bool { return !reserved || f.Reservation != NoReservation }
	for i := range s.Flows {
		if f := &s.Flows[i]; counts(f) {
			free[at(f)] -= int64(f.Units)
			heads[f.Opening] -= int64(f.Units)
			off[at(f)+1]++
		}
	}
	for i := range free {
		off[i+1] += off[i]
	}
	holders := make([]int32, off[len(free)])
	next := slices.Clone(off[:len(free)])
	for i := range s.Flows {
		if f := &s.Flows[i]; counts(f) {
			holders[next[at(f)]] = f.Opening
			next[at(f)]++
		}
	}
	var queue []int32
	seen, reached := make([]bool, len(heads)), make([]bool, len(free))
	for o, h := range heads {
		if h > 0 {
			seen[o] = true
			queue = append(queue, int32(o))
		}
	}
	visit := func(supply int) (found bool) {
		if reached[supply] {
			return false
		}
		reached[supply] = true
		if free[supply] > 0 {
			return true
		}
		for _, o := range holders[off[supply]:off[supply+1]] {
			if !seen[o] {
				seen[o] = true
				queue = append(queue, o)
			}
		}
		return false
	}
	for len(queue) > 0 {
		o := queue[0]
		queue = queue[1:]
		if !reserved {
			for _, p := range m.Pairs[m.Off[o]:m.Off[o+1]] {
				if p.Value > 0 && visit(int(p.Cohort)) {
					return false
				}
			}
		}
		for _, k := range byOpening[o] {
			if p, ok := m.pair(o, m.Reservations[k].Cohort); ok && p.Value > 0 && visit(n+int(k)) {
				return false
			}
		}
	}
	return true
}
