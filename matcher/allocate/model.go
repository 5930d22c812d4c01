package allocate

import (
	"fmt"
	"math"

	"talentmatch/talent"
)

// Market is what is to be seated, in numbers: cohorts of graduates, openings, and which
// cohort is eligible for which opening. The pairs of opening o are Pairs[Off[o]:Off[o+1]],
// by ascending cohort.
//
// The order of cohorts and openings decides between seatings of equal worth, so callers
// who want the same answer whatever the order of their records sort them first.
type Market struct {
	Graduates    []int32 // of each cohort, those already bound elsewhere left out; >= 0
	Headcount    []int32 // of each opening, >= 0
	Off          []uint32
	Pairs        []Pair
	Reservations []Reservation
	Limits       []Limit
	Groups       []Group // for Fair
}

// A Pair is a cohort that an opening can take.
type Pair struct {
	Cohort  int32
	Value   int32 // of one unit, 0..MaxValue; one of 0 is never used
	Student int32 // what the opening is worth to the cohort's students; for Stable
}

// A Reservation keeps seats of a cohort for some openings: nobody else gets them, and the
// openings take them before anything else, as far as they are eligible and have heads.
type Reservation struct {
	Cohort   int32
	Seats    int32   // > 0; those of one cohort together at most its graduates
	Openings []int32 // ascending
}

// A Limit bounds the units that go from some cohorts to some openings. At least is kept as far
// as possible, and what cannot be kept is reported; at most is always kept.
//
// Limits on openings alone (Cohorts nil: an enterprise, a region) must be nested or apart,
// and so must those on cohorts alone (Openings nil: a program, a college), and those on
// cohorts at one opening.
type Limit struct {
	Cohorts, Openings []int32 // ascending; nil for all
	AtLeast, AtMost   int64   // 0 <= AtLeast <= AtMost; NoLimit when there is none
}

// NoLimit is the AtMost of a limit that has none.
const NoLimit = math.MaxInt64

// mostWeight is more than any sum of values may be, so that sums and prices with bonuses fit in 64 bits.
const mostWeight = 1 << 56

// Validate reports the first thing that is wrong.
func (m *Market) Validate() error {
	if len(m.Off) != len(m.Headcount)+1 || m.Off[0] != 0 || int64(m.Off[len(m.Headcount)]) != int64(len(m.Pairs)) {
		return invalid("off", "offsets of %d openings do not divide %d pairs", len(m.Headcount), len(m.Pairs))
	}
	if err := quantities("graduates", m.Graduates); err != nil {
		return err
	}
	if err := quantities("headcount", m.Headcount); err != nil {
		return err
	}
	for o := range m.Headcount {
		if m.Off[o] > m.Off[o+1] || int64(m.Off[o+1]) > int64(len(m.Pairs)) {
			return invalid("off", "offsets of opening %d are not in order", o)
		}
		last := int32(-1)
		for _, p := range m.Pairs[m.Off[o]:m.Off[o+1]] {
			if p.Cohort <= last || int(p.Cohort) >= len(m.Graduates) {
				return invalid("pairs", "opening %d has a pair with cohort %d after %d, of %d", o, p.Cohort, last, len(m.Graduates))
			}
			if p.Value < 0 || p.Value > MaxValue {
				return invalid("pairs", "opening %d values cohort %d at %d", o, p.Cohort, p.Value)
			}
			last = p.Cohort
		}
	}
	dearest := int64(0)
	for i := range m.Pairs {
		dearest = max(dearest, int64(m.Pairs[i].Value))
	}
	if units := min(sum(m.Graduates), sum(m.Headcount)); dearest > 0 && units > mostWeight/dearest {
		return fmt.Errorf("allocate: %d units worth up to %d each: %w", units, dearest, talent.ErrTooLarge)
	}
	kept := make([]int64, len(m.Graduates))
	for i := range m.Reservations {
		r := &m.Reservations[i]
		if r.Cohort < 0 || int(r.Cohort) >= len(m.Graduates) {
			return invalid("reservations", "reservation %d is of cohort %d of %d", i, r.Cohort, len(m.Graduates))
		}
		if kept[r.Cohort] += int64(r.Seats); r.Seats <= 0 || kept[r.Cohort] > int64(m.Graduates[r.Cohort]) {
			return invalid("reservations", "reservation %d keeps %d seats of cohort %d, which has %d", i, r.Seats, r.Cohort, m.Graduates[r.Cohort])
		}
		if err := members(r.Openings, len(m.Headcount)); err != nil {
			return invalid("reservations", "reservation %d: %v", i, err)
		}
	}
	grouped := make([]bool, len(m.Headcount))
	for g := range m.Groups {
		if err := members(m.Groups[g].Openings, len(m.Headcount)); err != nil {
			return invalid("groups", "group %d: %v", g, err)
		}
		for _, o := range m.Groups[g].Openings {
			if grouped[o] {
				return invalid("groups", "opening %d is in two groups", o)
			}
			grouped[o] = true
		}
	}
	for i := range m.Limits {
		l := &m.Limits[i]
		if l.AtLeast < 0 || l.AtLeast > l.AtMost {
			return invalid("limits", "limit %d is at least %d and at most %d", i, l.AtLeast, l.AtMost)
		}
		if err := members(l.Cohorts, len(m.Graduates)); err != nil {
			return invalid("limits", "limit %d: cohorts: %v", i, err)
		}
		if err := members(l.Openings, len(m.Headcount)); err != nil {
			return invalid("limits", "limit %d: openings: %v", i, err)
		}
		if l.Cohorts == nil && l.Openings == nil {
			return invalid("limits", "limit %d is on no cohorts and no openings", i)
		}
		if l.Cohorts != nil && l.Openings != nil && len(l.Openings) != 1 {
			return invalid("limits", "limit %d is on cohorts and %d openings: there must be one", i, len(l.Openings))
		}
	}
	return nil
}

func invalid(field, format string, args ...any) error {
	return talent.Invalid(field, "", format, args...)
}

func quantities(field string, list []int32) error {
	for i, n := range list {
		if n < 0 || n > MaxUnits {
			return invalid(field, "number %d is %d", i, n)
		}
	}
	return nil
}

func members(list []int32, of int) error {
	last := int32(-1)
	for _, x := range list {
		if x <= last || int(x) >= of {
			return fmt.Errorf("%d after %d, of %d", x, last, of)
		}
		last = x
	}
	return nil
}

// pair finds an opening's pair with a cohort.
func (m *Market) pair(opening, cohort int32) (p Pair, ok bool) {
	list := m.Pairs[m.Off[opening]:m.Off[opening+1]]
	low, high := 0, len(list)
	for low < high {
		if mid := (low + high) / 2; list[mid].Cohort < cohort {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low < len(list) && list[low].Cohort == cohort {
		return list[low], true
	}
	return Pair{}, false
}
