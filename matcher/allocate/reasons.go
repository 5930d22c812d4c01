package allocate

import "slices"

// A Cause is what stops an opening's next head from being filled, or a cohort's next
// graduate from being placed.
type Cause string

// Causes, in the order in which they are looked for.
const (
	// NoneEligible: no cohort is eligible for the opening, or no opening for the cohort.
	NoneEligible Cause = "none-eligible"
	// AtLimit: a limit allows no more units.
	AtLimit Cause = "at-limit"
	// SeatsReserved: the cohort's free seats are kept for other openings.
	SeatsReserved Cause = "reserved"
	// WorthMoreElsewhere: every cohort that is eligible is at openings where its graduates
	// are worth as much or more; or every opening is filled with graduates worth as much or more.
	WorthMoreElsewhere Cause = "worth-more-elsewhere"
)

// A Reason says why something stays empty, and the smallest change that would help.
type Reason struct {
	Cause Cause
	// Counterpart is the best cohort for an opening, or opening for a cohort; -1 when there
	// is none.
	Counterpart int32
	Value       int32 // of the pair with it
	// At is where the counterpart's least valued unit that could come is instead: an
	// opening, for an opening, or a cohort; -1 when that is not the cause. AtValue is its value there.
	At      int32
	AtValue int32
	Limit   int32 // the limit that is reached; -1
	Short   int32 // heads that stay empty, or graduates without a place
}

// Unfilled explains every opening with heads that stay empty, by its number. One more seat of the
// counterpart fills one head, unless the cause is a limit or that none is eligible.
func (m *Market) Unfilled(s *Seating) map[int32]Reason {
	u := m.use(s)
	out := map[int32]Reason{}
	for o := range int32(len(m.Headcount)) {
		if u.heads[o] == 0 {
			continue
		}
		r := Reason{Cause: NoneEligible, Counterpart: -1, At: -1, Limit: -1, Short: u.heads[o]}
		for _, p := range m.Pairs[m.Off[o]:m.Off[o+1]] {
			if p.Value > r.Value {
				r.Counterpart, r.Value = p.Cohort, p.Value
			}
		}
		if r.Counterpart >= 0 {
			u.explain(&r, r.Counterpart, o)
			if r.Cause == WorthMoreElsewhere {
				r.At, r.AtValue = u.least(u.ofCohort[r.Counterpart], o, func(f Flow) int32 { return f.Opening })
			}
		}
		out[o] = r
	}
	return out
}

// Unplaced explains every cohort with graduates without a place, by its number.
func (m *Market) Unplaced(s *Seating) map[int32]Reason {
	u := m.use(s)
	best := make([]Reason, len(m.Graduates))
	for c := range best {
		best[c] = Reason{Cause: NoneEligible, Counterpart: -1, At: -1, Limit: -1}
	}
	for o := range int32(len(m.Headcount)) {
		for _, p := range m.Pairs[m.Off[o]:m.Off[o+1]] {
			if r := &best[p.Cohort]; p.Value > r.Value {
				r.Counterpart, r.Value = o, p.Value
			}
		}
	}
	out := map[int32]Reason{}
	for c := range int32(len(m.Graduates)) {
		free := u.seats[c]
		for _, k := range u.reservationsOf[c] {
			free += u.reserved[k]
		}
		if free == 0 {
			continue
		}
		r := best[c]
		r.Short = free
		if r.Counterpart >= 0 {
			u.explain(&r, c, r.Counterpart)
			if r.Cause == WorthMoreElsewhere {
				r.At, r.AtValue = u.least(u.ofOpening[r.Counterpart], c, func(f Flow) int32 { return f.Cohort })
			}
		}
		out[c] = r
	}
	return out
}

// use is what a seating leaves.
type use struct {
	m                   *Market
	seats, heads        []int32   // free: of cohorts beyond what is reserved, of openings
	reserved            []int32   // of reservations
	reservationsOf      [][]int32 // of cohorts
	limits              []int64   // units so far
	ofCohort, ofOpening [][]Flow
	limitsOf            [2][][]int32 // of cohorts, of openings
	limitsOfPair        map[[2]int32][]int32
}

func (m *Market) use(s *Seating) *use {
	u := &use{m: m, seats: slices.Clone(m.Graduates), heads: slices.Clone(m.Headcount), limits: m.Reached(s), limitsOfPair: map[[2]int32][]int32{}}
	u.ofCohort, u.ofOpening = make([][]Flow, len(m.Graduates)), make([][]Flow, len(m.Headcount))
	u.reservationsOf = make([][]int32, len(m.Graduates))
	for k := range m.Reservations {
		r := &m.Reservations[k]
		u.seats[r.Cohort] -= r.Seats
		u.reserved = append(u.reserved, r.Seats)
		u.reservationsOf[r.Cohort] = append(u.reservationsOf[r.Cohort], int32(k))
	}
	for _, f := range s.Flows {
		if f.Reservation == NoReservation {
			u.seats[f.Cohort] -= f.Units
		} else {
			u.reserved[f.Reservation] -= f.Units
		}
		u.heads[f.Opening] -= f.Units
		u.ofCohort[f.Cohort] = append(u.ofCohort[f.Cohort], f)
		u.ofOpening[f.Opening] = append(u.ofOpening[f.Opening], f)
	}
	u.limitsOf = [2][][]int32{make([][]int32, len(m.Graduates)), make([][]int32, len(m.Headcount))}
	for k := range int32(len(m.Limits)) {
		l := &m.Limits[k]
		switch {
		case l.Cohorts != nil && l.Openings != nil:
			for _, c := range l.Cohorts {
				pair := [2]int32{c, l.Openings[0]}
				u.limitsOfPair[pair] = append(u.limitsOfPair[pair], k)
			}
		case l.Cohorts != nil:
			for _, c := range l.Cohorts {
				u.limitsOf[0][c] = append(u.limitsOf[0][c], k)
			}
		default:
			for _, o := range l.Openings {
				u.limitsOf[1][o] = append(u.limitsOf[1][o], k)
			}
		}
	}
	return u
}

// explain says what stops one more unit of a cohort at an opening.
func (u *use) explain(r *Reason, cohort, opening int32) {
	for _, list := range [][]int32{u.limitsOf[1][opening], u.limitsOf[0][cohort], u.limitsOfPair[[2]int32{cohort, opening}]} {
		for _, k := range list {
			if u.limits[k] >= u.m.Limits[k].AtMost {
				r.Cause, r.Limit = AtLimit, k
				return
			}
		}
	}
	r.Cause = WorthMoreElsewhere
	if u.seats[cohort] > 0 {
		return
	}
	for _, k := range u.reservationsOf[cohort] {
		if u.reserved[k] > 0 && !has(u.m.Reservations[k].Openings, opening) {
			r.Cause = SeatsReserved
			return
		}
	}
}

// least is the other end of the least valued of flows that are not of one's own.
func (u *use) least(flows []Flow, own int32, end func(Flow) int32) (at, value int32) {
	at = -1
	for _, f := range flows {
		if p, _ := u.m.pair(f.Opening, f.Cohort); end(f) != own && (at < 0 || p.Value < value) {
			at, value = end(f), p.Value
		}
	}
	return at, value
}
