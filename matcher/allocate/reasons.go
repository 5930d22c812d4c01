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
	// NoneLeft: the cohort has no graduates but those that are at the opening already, or
	// the opening no heads but those that the cohort fills.
	NoneLeft Cause = "none-left"
	// WorthMoreElsewhere: the best cohort's graduates are at openings where they are worth
	// as much or more; or the best opening's heads are filled with graduates who are.
	WorthMoreElsewhere Cause = "worth-more-elsewhere"
	// NeededFirst: they are worth less there, but a reservation, what a limit asks at least, a
	// head that nobody else can fill (MaxFilled) or an even share (Fair) comes first.
	NeededFirst Cause = "needed-first-elsewhere"
	// PreferElsewhere: in a stable seating, either side has whom it would rather have.
	PreferElsewhere Cause = "prefer-elsewhere"
)

// A Reason says why something stays empty.
type Reason struct {
	Cause Cause
	// Counterpart is the best cohort for an opening, or opening for a cohort; -1 when there
	// is none.
	Counterpart int32
	Value       int32 // of the pair with it
	// At is where the counterpart's least valued unit is instead, of those whose seats are
	// not reserved if there are any: an opening, for an opening, or a cohort; -1 when that is not
	// the cause. AtValue is its value there.
	At      int32
	AtValue int32
	Limit   int32 // the limit that is reached; -1
	Short   int32 // heads that stay empty, or graduates without a place
}

// Unfilled explains every opening with heads that stay empty, by its number.
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
			u.explain(&r, r.Counterpart, o, &u.ofCohort[r.Counterpart], o)
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
			u.explain(&r, c, r.Counterpart, &u.ofOpening[r.Counterpart], c)
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
	s                   *Seating
	ofCohort, ofOpening []least
	limitsOf            [2][][]int32 // of cohorts, of openings
	limitsOfPair        map[[2]int32][]int32
}

func (m *Market) use(s *Seating) *use {
	u := &use{m: m, s: s, seats: slices.Clone(m.Graduates), heads: slices.Clone(m.Headcount), limits: m.Reached(s), limitsOfPair: map[[2]int32][]int32{}}
	u.ofCohort, u.ofOpening = make([]least, len(m.Graduates)), make([]least, len(m.Headcount))
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
		p, _ := m.pair(f.Opening, f.Cohort)
		reserved := f.Reservation != NoReservation
		u.ofCohort[f.Cohort].add(f.Opening, p.Value, reserved)
		u.ofOpening[f.Opening].add(f.Cohort, p.Value, reserved)
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

// explain says what stops one more unit of a cohort at an opening; of is where the
// counterpart's units are, own the side that is explained.
func (u *use) explain(r *Reason, cohort, opening int32, of *least, own int32) {
	limits := [][]int32{u.limitsOf[1][opening], u.limitsOf[0][cohort], u.limitsOfPair[[2]int32{cohort, opening}]}
	if u.limit(r, limits, true) || u.seats[cohort] > 0 && u.heads[opening] > 0 && u.limit(r, limits, false) {
		return
	}
	if u.seats[cohort] <= 0 {
		for _, k := range u.reservationsOf[cohort] {
			if u.reserved[k] > 0 && !has(u.m.Reservations[k].Openings, opening) {
				r.Cause = SeatsReserved
				return
			}
		}
	}
	var ok, reserved bool
	if r.At, r.AtValue, reserved, ok = of.other(own); !ok {
		r.Cause = NoneLeft
		return
	}
	switch {
	case u.s.Policy == Stable || u.s.Policy == StableEmployers:
		r.Cause = PreferElsewhere
	case !reserved && r.AtValue >= r.Value:
		r.Cause = WorthMoreElsewhere
	default:
		r.Cause = NeededFirst
	}
}

// limit finds a limit that is reached; binding ones have a price, so that one unit more would help.
func (u *use) limit(r *Reason, limits [][]int32, binding bool) bool {
	for _, list := range limits {
		for _, k := range list {
			if u.limits[k] >= u.m.Limits[k].AtMost && (!binding || u.s.Proof.More[k] > 0) {
				r.Cause, r.Limit = AtLimit, k
				return true
			}
		}
	}
	return false
}

// A least has the two least valued places of units, of different ends, the reserved ones
// apart.
type least [2][2]struct {
	end, value int32
	there      bool
}

func (l *least) add(end, value int32, reserved bool) {
	list := &l[0]
	if reserved {
		list = &l[1]
	}
	for i := range list {
		switch x := &list[i]; {
		case x.there && x.end == end:
			return // the same pair
		case !x.there || value < x.value:
			if i == 0 {
				list[1] = list[0]
			}
			x.end, x.value, x.there = end, value, true
			return
		}
	}
}

// other is the least valued place whose end is not own.
func (l *least) other(own int32) (end, value int32, reserved, ok bool) {
	for k := range l {
		for _, x := range l[k] {
			if x.there && x.end != own {
				return x.end, x.value, k == 1, true
			}
		}
	}
	return -1, 0, false, false
}
