package allocate

import (
	"cmp"
	"context"
	"slices"
)

// A Policy says which seating is the best.
type Policy string

// The policies. Whatever they are, units on reserved seats and units that limits ask at
// least come first; among all seatings that have most of these,
const (
	// MaxTotal has the greatest sum of values.
	MaxTotal Policy = "max-total"
	// MaxFilled fills as many heads as can be and, of such seatings, has the greatest sum.
	MaxFilled Policy = "max-filled"
	// Stable leaves no cohort and opening that would both rather have each other; of all
	// such seatings it is the best for every cohort's students.
	Stable Policy = "stable"
	// StableEmployers is the stable seating that is best for every opening.
	StableEmployers Policy = "stable-employers"
	// Fair fills groups of openings as evenly as can be (leximin of the shares of filled
	// heads), and has the greatest sum of such seatings.
	Fair Policy = "fair"
)

// Policies are all policies.
var Policies = []Policy{MaxTotal, MaxFilled, Stable, StableEmployers, Fair}

// A Flow is units of a cohort at an opening. Reservation is the one whose seats they take,
// or NoReservation.
type Flow struct {
	Opening, Cohort int32
	Reservation     int32
	Units           int32 // > 0
}

// NoReservation marks units on seats that are kept for nobody.
const NoReservation = -1

// A Seating is the answer: who goes where, and prices that prove that nothing is better.
//
// The proof weighs every unit by its value, and by a bonus for filling a head at all
// (MaxFilled) and for taking a reserved seat or one that a limit asks at least. Bonuses are so large
// that no sum of values outweighs one that could be had (Check holds that, too). A price is what one
// more seat, head or unit of a limit could add to the weight, at most.
type Seating struct {
	Policy Policy
	Flows  []Flow  // by opening, cohort, reservation
	Value  int64   // the sum of values
	Filled int64   // units
	Kept   int64   // units on reserved seats
	Asked  int64   // units that count for what limits ask at least
	Fills  []int64 // for Fair: heads that are filled in each group

	Proof Proof
	Work  Work
}

// A Proof is the dual solution.
type Proof struct {
	FilledBonus, FirstBonus int64
	Seat                    []int64 // of each cohort's seats that are not reserved
	Reserved                []int64 // of each reservation's seats
	Head                    []int64 // of each opening
	More, Less              []int64 // of each limit: of one unit more at most, and at least
	Counts                  *Proof  // with limits: that no seating has more of what bonuses are for
}

// Seat finds the best seating by a policy. Errors: what Validate says, limits that are neither nested
// nor apart, sums too large, and the context's end.
func (m *Market) Seat(ctx context.Context, policy Policy, o Options) (*Seating, error) {
	if err := m.Validate(); err != nil {
		return nil, err
	}
	if !slices.Contains(Policies, policy) {
		return nil, invalid("policy", "%q is none of %q", policy, Policies)
	}
	if policy == Stable || policy == StableEmployers {
		if len(m.Limits) > 0 {
			return nil, invalid("limits", "policy %s keeps reservations, but no limits", policy)
		}
		return m.seatStably(ctx, policy)
	}
	if policy == Fair {
		switch {
		case len(m.Limits) > 0:
			return nil, invalid("limits", "policy %s keeps reservations, but no limits", policy)
		case len(m.Groups) == 0:
			return nil, invalid("groups", "policy %s needs groups of openings", policy)
		}
		return m.seatFairly(ctx, o)
	}
	if len(m.Limits) > 0 {
		return m.seatWithin(ctx, policy, o)
	}
	dearest := int32(0)
	for i := range m.Pairs {
		dearest = max(dearest, m.Pairs[i].Value)
	}
	filled, first := int64(0), int64(0)
	if policy == MaxFilled {
		filled = int64(dearest)
	}
	if len(m.Reservations) > 0 {
		first = filled + int64(dearest)
	}
	for {
		if int64(dearest)+filled+first > MaxValue {
			return m.seatWithin(ctx, policy, o) // where bonuses may be as large as need be
		}
		t := m.transport(int32(filled), int32(first))
		sol, err := t.Solve(ctx, o)
		if err != nil {
			return nil, err
		}
		s := m.seating(policy, t, sol, filled, first)
		mostFilled, mostKept := policy != MaxFilled || m.filledMost(s), m.keptMost(s)
		if mostFilled && mostKept {
			return s, nil
		}
		if !mostFilled {
			filled *= 4
		}
		first = 4 * (first + filled)
		if len(m.Reservations) == 0 {
			first = 0
		}
	}
}

// transport is the market without limits: cohorts without the reserved seats are its
// first supplies, reservations the others.
func (m *Market) transport(filled, first int32) *Transport {
	t := &Transport{Heads: m.Headcount, Off: make([]uint32, 1, len(m.Off))}
	t.Seats = make([]int32, len(m.Graduates)+len(m.Reservations))
	copy(t.Seats, m.Graduates)
	byOpening := m.reservationsByOpening()
	for k := range m.Reservations {
		r := &m.Reservations[k]
		t.Seats[r.Cohort] -= r.Seats
		t.Seats[len(m.Graduates)+k] = r.Seats
	}
	t.Arcs = make([]Arc, 0, len(m.Pairs))
	for o := range m.Headcount {
		for _, p := range m.Pairs[m.Off[o]:m.Off[o+1]] {
			if p.Value > 0 {
				t.Arcs = append(t.Arcs, Arc{p.Cohort, p.Value + filled})
			}
		}
		for _, k := range byOpening[o] {
			if p, ok := m.pair(int32(o), m.Reservations[k].Cohort); ok && p.Value > 0 {
				t.Arcs = append(t.Arcs, Arc{int32(len(m.Graduates)) + k, p.Value + filled + first})
			}
		}
		t.Off = append(t.Off, uint32(len(t.Arcs)))
	}
	return t
}

// seating says what a solution of the transport means.
func (m *Market) seating(policy Policy, t *Transport, sol *Solution, filled, first int64) *Seating {
	n := len(m.Graduates)
	s := &Seating{Policy: policy, Work: sol.Work}
	for _, p := range sol.Placements {
		f := Flow{p.Demand, p.Supply, NoReservation, p.Units}
		if k := int(p.Supply) - n; k >= 0 {
			f.Cohort, f.Reservation = m.Reservations[k].Cohort, int32(k)
		}
		s.Flows = append(s.Flows, f)
	}
	s.Proof = Proof{FilledBonus: filled, FirstBonus: first, Seat: make([]int64, 0, n),
		Reserved: make([]int64, 0, len(m.Reservations)), Head: make([]int64, len(m.Headcount))}
	for i, p := range sol.Prices {
		if i < n {
			s.Proof.Seat = append(s.Proof.Seat, int64(p))
		} else {
			s.Proof.Reserved = append(s.Proof.Reserved, int64(p))
		}
	}
	for o := range m.Headcount {
		for _, a := range t.Arcs[t.Off[o]:t.Off[o+1]] {
			s.Proof.Head[o] = max(s.Proof.Head[o], int64(a.Value)-int64(sol.Prices[a.Supply]))
		}
	}
	m.add(s)
	return s
}

// add puts flows in order and sums them up.
func (m *Market) add(s *Seating) {
	slices.SortFunc(s.Flows, compareFlows)
	s.Value, s.Filled, s.Kept = 0, 0, 0
	for _, f := range s.Flows {
		p, _ := m.pair(f.Opening, f.Cohort)
		s.Value += int64(p.Value) * int64(f.Units)
		s.Filled += int64(f.Units)
		if f.Reservation != NoReservation {
			s.Kept += int64(f.Units)
		}
	}
	s.Asked = 0
	for i, n := range m.Reached(s) {
		s.Asked += min(n, m.Limits[i].AtLeast)
	}
}

// Reached is how many units each limit is about.
func (m *Market) Reached(s *Seating) []int64 {
	out := make([]int64, len(m.Limits))
	if len(out) == 0 {
		return out
	}
	// By opening where they are on openings, else by cohort, so that a flow meets few.
	byCohort, byOpening := map[int32][]int32{}, map[int32][]int32{}
	for i := range m.Limits {
		l, to := &m.Limits[i], byOpening
		list := l.Openings
		if list == nil {
			list, to = l.Cohorts, byCohort
		}
		for _, x := range list {
			to[x] = append(to[x], int32(i))
		}
	}
	for _, f := range s.Flows {
		for _, list := range [][]int32{byCohort[f.Cohort], byOpening[f.Opening]} {
			for _, i := range list {
				if m.Limits[i].covers(f.Cohort, f.Opening) {
					out[i] += int64(f.Units)
				}
			}
		}
	}
	return out
}

func (l *Limit) covers(cohort, opening int32) bool {
	return (l.Cohorts == nil || has(l.Cohorts, cohort)) && (l.Openings == nil || has(l.Openings, opening))
}

func compareFlows(a, b Flow) int {
	return cmp.Or(cmp.Compare(a.Opening, b.Opening), cmp.Compare(a.Cohort, b.Cohort), cmp.Compare(a.Reservation, b.Reservation))
}
