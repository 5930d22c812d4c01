package allocate

import (
	"fmt"
	"math/big"
	"slices"
)

// Check proves that a seating cannot be improved, from the market and the seating alone.
// Flows are on pairs and within graduates, reservations, headcounts and limits; sums are
// what they say; no seating of the market weighs more, since the prices of the proof leave
// no pair above 0 and their sum is this seating's weight; and the bonuses in that weight
// are large enough, since nothing has more of what they are for. A fair seating is the best
// of those with its fills, and no fills are fairer. A stable one has no pair that would
// rather be together, and is the one that its side likes best.
//
// It shares no code with what found the seating, except that a stable one is found again.
func (m *Market) Check(s *Seating) error {
	if err := m.Validate(); err != nil {
		return err
	}
	if s.Policy == Fair {
		if err := m.checkFair(s); err != nil {
			return err
		}
		value := *s
		value.Policy = MaxTotal
		return m.withFills(s.Fills).Check(&value)
	}
	if err := m.checkFlows(s); err != nil {
		return err
	}
	if s.Policy == Stable || s.Policy == StableEmployers {
		return m.checkStable(s)
	}
	if s.Policy == MaxTotal && s.Proof.FilledBonus != 0 {
		return fmt.Errorf("allocate: policy %s has no bonus for filled heads", s.Policy)
	}
	if err := m.checkProof(s, &s.Proof, 1); err != nil {
		return err
	}
	if len(m.Limits) == 0 {
		if !m.keptMost(s) {
			return fmt.Errorf("allocate: more than %d units could be on reserved seats", s.Kept)
		}
		if s.Policy == MaxFilled && !m.filledMost(s) {
			return fmt.Errorf("allocate: more than %d heads could be filled", s.Filled)
		}
		return nil
	}
	counts := s.Proof.Counts
	if counts == nil {
		return fmt.Errorf("allocate: nothing proves how many units limits can have")
	}
	if s.Policy == MaxFilled {
		if most := min(sum(m.Graduates), sum(m.Headcount)); counts.FilledBonus != 1 || counts.FirstBonus <= most {
			return fmt.Errorf("allocate: the proof of the counts has the bonuses %d and %d", counts.FirstBonus, counts.FilledBonus)
		}
	} else if counts.FilledBonus != 0 || counts.FirstBonus <= 0 {
		return fmt.Errorf("allocate: the proof of the counts has the bonuses %d and %d", counts.FirstBonus, counts.FilledBonus)
	}
	return m.checkProof(s, counts, 0)
}

func (m *Market) checkFlows(s *Seating) error {
	cohorts, openings := make([]int64, len(m.Graduates)), make([]int64, len(m.Headcount))
	reserved, limits := make([]int64, len(m.Reservations)), make([]int64, len(m.Limits))
	limitsOf := make([][]int32, len(m.Headcount)) // those on openings, by opening
	for k := range m.Limits {
		for _, o := range m.Limits[k].Openings {
			limitsOf[o] = append(limitsOf[o], int32(k))
		}
	}
	ofCohort := make([]int64, len(m.Graduates))
	value, filled, kept := int64(0), int64(0), int64(0)
	for i, f := range s.Flows {
		if i > 0 && compareFlows(s.Flows[i-1], f) >= 0 {
			return fmt.Errorf("allocate: flow %d is out of order", i)
		}
		if f.Units <= 0 || f.Opening < 0 || int(f.Opening) >= len(openings) || f.Reservation < NoReservation || int(f.Reservation) >= len(reserved) {
			return fmt.Errorf("allocate: flow %d is of %d units at opening %d under reservation %d", i, f.Units, f.Opening, f.Reservation)
		}
		p, ok := m.pair(f.Opening, f.Cohort)
		if !ok || p.Value == 0 {
			return fmt.Errorf("allocate: flow %d puts cohort %d at opening %d, which cannot take it", i, f.Cohort, f.Opening)
		}
		cohorts[f.Cohort] += int64(f.Units)
		ofCohort[f.Cohort] += int64(f.Units)
		openings[f.Opening] += int64(f.Units)
		if f.Reservation != NoReservation {
			r := &m.Reservations[f.Reservation]
			if !has(r.Openings, f.Opening) || r.Cohort != f.Cohort {
				return fmt.Errorf("allocate: flow %d takes seats of reservation %d, which is not for it", i, f.Reservation)
			}
			reserved[f.Reservation] += int64(f.Units)
			kept += int64(f.Units)
		}
		for _, k := range limitsOf[f.Opening] {
			if l := &m.Limits[k]; l.Cohorts == nil || has(l.Cohorts, f.Cohort) {
				limits[k] += int64(f.Units)
			}
		}
		value += int64(p.Value) * int64(f.Units)
		filled += int64(f.Units)
	}
	for k, n := range reserved {
		r := &m.Reservations[k]
		if n > int64(r.Seats) {
			return fmt.Errorf("allocate: %d units on the %d seats of reservation %d", n, r.Seats, k)
		}
		cohorts[r.Cohort] += int64(r.Seats) - n // seats that stay empty are not for others
	}
	for c, n := range cohorts {
		if n > int64(m.Graduates[c]) {
			return fmt.Errorf("allocate: cohort %d has %d graduates and gives %d", c, m.Graduates[c], n)
		}
	}
	for o, n := range openings {
		if n > int64(m.Headcount[o]) {
			return fmt.Errorf("allocate: opening %d has %d heads and takes %d", o, m.Headcount[o], n)
		}
	}
	for k := range m.Limits {
		if l := &m.Limits[k]; l.Openings == nil {
			for _, c := range l.Cohorts {
				limits[k] += ofCohort[c]
			}
		}
	}
	asked := int64(0)
	for k, n := range limits {
		if n > m.Limits[k].AtMost {
			return fmt.Errorf("allocate: limit %d is at most %d, not %d", k, m.Limits[k].AtMost, n)
		}
		asked += min(n, m.Limits[k].AtLeast)
	}
	if value != s.Value || filled != s.Filled || kept != s.Kept || asked != s.Asked {
		return fmt.Errorf("allocate: flows are worth %d, %d units, %d reserved, %d asked for; not %d, %d, %d, %d",
			value, filled, kept, asked, s.Value, s.Filled, s.Kept, s.Asked)
	}
	return nil
}

const mostPrice = 1 << 56

// has reports whether an ascending list has a number.
func has(list []int32, x int32) bool {
	_, ok := slices.BinarySearch(list, x)
	return ok
}

// checkProof holds prices against every pair, and their sum against the weight. A limit's
// units up to AtLeast weigh FirstBonus more, so passing it takes a toll of More, or of
// Less without that bonus, whichever is less.
func (m *Market) checkProof(s *Seating, p *Proof, value int64) error {
	if len(p.Seat) != len(m.Graduates) || len(p.Reserved) != len(m.Reservations) || len(p.Head) != len(m.Headcount) ||
		len(p.More) != len(m.Limits) || len(p.Less) != len(m.Limits) {
		return fmt.Errorf("allocate: a proof of another market")
	}
	if p.FilledBonus < 0 || p.FirstBonus < 0 || p.FilledBonus > mostPrice || p.FirstBonus > mostPrice {
		return fmt.Errorf("allocate: bonuses of %d and %d", p.FilledBonus, p.FirstBonus)
	}
	seats, bound := make([]int64, len(m.Graduates)), new(big.Int)
	for c, n := range m.Graduates {
		seats[c] = int64(n)
	}
	add := func(what string, number int, price, units int64) error {
		if price < 0 || price > mostPrice { // sums of few must not overflow
			return fmt.Errorf("allocate: the price of %s %d is %d", what, number, price)
		}
		bound.Add(bound, new(big.Int).Mul(big.NewInt(price), big.NewInt(units)))
		return nil
	}
	byOpening := make([][]int32, len(m.Headcount))
	for k := range m.Reservations {
		r := &m.Reservations[k]
		seats[r.Cohort] -= int64(r.Seats)
		if err := add("reservation", k, p.Reserved[k], int64(r.Seats)); err != nil {
			return err
		}
		for _, o := range r.Openings {
			byOpening[o] = append(byOpening[o], int32(k))
		}
	}
	for c, n := range seats {
		if err := add("cohort", c, p.Seat[c], n); err != nil {
			return err
		}
	}
	for o, n := range m.Headcount {
		if err := add("opening", o, p.Head[o], int64(n)); err != nil {
			return err
		}
	}
	tolls := int64(0)
	onCohort, onOpening, onPair := make([]int64, len(m.Graduates)), make([]int64, len(m.Headcount)), map[[2]int32]int64{}
	for k := range m.Limits {
		l := &m.Limits[k]
		if err := add("limit", k, p.Less[k], l.AtLeast); err != nil {
			return err
		}
		more := p.More[k]
		if l.AtMost != NoLimit {
			if err := add("limit", k, more, l.AtMost-l.AtLeast); err != nil {
				return err
			}
		} else if more != 0 {
			return fmt.Errorf("allocate: limit %d has no upper bound and the price %d of one", k, more)
		}
		// Tolls of all limits together stay within 64 bits.
		toll := min(more, p.Less[k]-p.FirstBonus)
		if tolls += max(toll, -toll); tolls > 1<<60 {
			return fmt.Errorf("allocate: the prices of limits are too large")
		}
		switch {
		case l.Cohorts != nil && l.Openings != nil:
			for _, c := range l.Cohorts {
				onPair[[2]int32{c, l.Openings[0]}] += toll
			}
		case l.Cohorts != nil:
			for _, c := range l.Cohorts {
				onCohort[c] += toll
			}
		case l.Openings != nil:
			for _, o := range l.Openings {
				onOpening[o] += toll
			}
		default:
			return fmt.Errorf("allocate: limit %d is on nothing", k)
		}
	}
	for o := range m.Headcount {
		for _, pair := range m.Pairs[m.Off[o]:m.Off[o+1]] {
			if pair.Value == 0 {
				continue
			}
			c := pair.Cohort
			toll := onCohort[c] + onOpening[o] + onPair[[2]int32{c, int32(o)}]
			weight := value*int64(pair.Value) + p.FilledBonus - p.Head[o] - toll
			if weight > p.Seat[c] {
				return fmt.Errorf("allocate: cohort %d at opening %d would gain %d", c, o, weight-p.Seat[c])
			}
			for _, k := range byOpening[o] {
				if m.Reservations[k].Cohort == c && weight+p.FirstBonus > p.Reserved[k] {
					return fmt.Errorf("allocate: reservation %d at opening %d would gain %d", k, o, weight+p.FirstBonus-p.Reserved[k])
				}
			}
		}
	}
	weight := new(big.Int).Mul(big.NewInt(value), big.NewInt(s.Value))
	weight.Add(weight, new(big.Int).Mul(big.NewInt(p.FilledBonus), big.NewInt(s.Filled)))
	weight.Add(weight, new(big.Int).Mul(big.NewInt(p.FirstBonus), big.NewInt(s.Kept+s.Asked)))
	if weight.Cmp(bound) != 0 {
		return fmt.Errorf("allocate: the seating weighs %v, the bound by its prices is %v: not proven", weight, bound)
	}
	return nil
}
