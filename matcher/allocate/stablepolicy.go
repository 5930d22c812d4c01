package allocate

import (
	"context"
	"slices"

	"talentmatch/matcher/allocate/stable"
)

// seatStably proposes from one side. Openings rank cohorts by Value, cohorts openings by
// Student, and reserved seats come first for both. A cohort's seats that are not reserved and each
// reservation are students of their own.
func (m *Market) seatStably(ctx context.Context, policy Policy) (*Seating, error) {
	p, vias := m.preferences()
	solve := stable.StudentOptimal
	if policy == StableEmployers {
		solve = stable.HospitalOptimal
	}
	found, err := solve(ctx, p)
	if err != nil {
		return nil, err
	}
	s := &Seating{Policy: policy}
	for _, u := range found.Pairs(p) {
		s.Flows = append(s.Flows, Flow{u.Hospital, vias[u.Student].cohort, vias[u.Student].reservation, u.Units})
	}
	m.add(s)
	return s, nil
}

type via struct{ cohort, reservation int32 }

// preferences is the market as a stable matching problem, and what its students are.
func (m *Market) preferences() (*stable.Problem, []via) {
	n := len(m.Graduates)
	quota := make([]int32, n+len(m.Reservations))
	copy(quota, m.Graduates)
	vias := make([]via, len(quota))
	for c := range n {
		vias[c] = via{int32(c), NoReservation}
	}
	type edge struct {
		opening        int32
		value, student int64
	}
	edges := make([][]edge, len(quota))
	kept := m.reservationsByOpening()
	for o := range m.Headcount {
		for _, p := range m.Pairs[m.Off[o]:m.Off[o+1]] {
			if p.Value > 0 {
				edges[p.Cohort] = append(edges[p.Cohort], edge{int32(o), int64(p.Value), int64(p.Student)})
			}
		}
		for _, k := range kept[o] {
			if p, ok := m.pair(int32(o), m.Reservations[k].Cohort); ok && p.Value > 0 {
				edges[n+int(k)] = append(edges[n+int(k)], edge{int32(o), int64(p.Value) + MaxValue + 1, int64(p.Student)})
			}
		}
	}
	for k := range m.Reservations {
		r := &m.Reservations[k]
		quota[r.Cohort] -= r.Seats
		quota[n+k] = r.Seats
		vias[n+k] = via{r.Cohort, int32(k)}
	}
	off, hospital := make([]int, 1, len(quota)+1), []int32{}
	var students, hospitals []int64
	for _, list := range edges {
		for _, e := range list {
			hospital = append(hospital, e.opening)
			students, hospitals = append(students, e.student), append(hospitals, e.value)
		}
		off = append(off, len(hospital))
	}
	p, err := stable.FromValues(quota, m.Headcount, off, hospital, students, hospitals)
	if err != nil {
		panic("allocate: a valid market makes no problem: " + err.Error())
	}
	return p, vias
}

// reservationsByOpening lists the reservations for each opening.
func (m *Market) reservationsByOpening() [][]int32 {
	out := make([][]int32, len(m.Headcount))
	for k := range m.Reservations {
		for _, o := range m.Reservations[k].Openings {
			out[o] = append(out[o], int32(k))
		}
	}
	return out
}

// checkStable reports the first pair that would rather be together.
func (m *Market) checkStable(s *Seating) error {
	p, vias := m.preferences()
	at := map[via]int{}
	for i, v := range vias {
		at[v] = i
	}
	found := &stable.Matching{Flow: make([]int32, len(p.Hospital))}
	for _, f := range s.Flows {
		student := at[via{f.Cohort, f.Reservation}]
		if e, ok := slices.BinarySearch(p.Hospital[p.Off[student]:p.Off[student+1]], f.Opening); ok {
			found.Flow[p.Off[student]+e] += f.Units
		}
	}
	if n, some := stable.BlockingPairs(p, found); n > 0 {
		return invalid("flows", "%d pairs would rather be together, the first of cohort %d at opening %d", n, vias[some[0].Student].cohort, some[0].Hospital)
	}
	// Of stable seatings, one is the best for everybody on the side that proposes, and no
	// other is as good for all of them (Gale and Shapley 1962).
	best, err := m.seatStably(context.Background(), s.Policy)
	if err != nil {
		return err
	}
	if !slices.Equal(best.Flows, s.Flows) {
		return invalid("flows", "the seating is stable, but not the best one for the side of policy %s", s.Policy)
	}
	return nil
}
