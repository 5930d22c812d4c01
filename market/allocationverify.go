package market

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"talentmatch/matcher/allocate"
)

// VerifyAllocation proves a saved allocation from what it says itself: that its seats are
// within its openings, cohorts, reservations and bounds, that its sums are right, and that
// by its policy nothing is better. It does not look at the store.
//
// What cannot be proven from it alone are names, causes, gates and the scores themselves.
func VerifyAllocation(ctx context.Context, a *Allocation) error {
	k := &allocate.Market{Off: []uint32{0}}
	demandAt := map[string]int32{}
	for i := range a.Openings {
		o := &a.Openings[i]
		if _, twice := demandAt[o.Demand]; twice {
			return fmt.Errorf("openings[%d]: %s is there twice", i, o.Demand)
		}
		demandAt[o.Demand] = int32(i)
		k.Headcount = append(k.Headcount, o.Headcount)
	}
	type cohortKey struct {
		program string
		year    int
	}
	cohortAt := map[cohortKey]int32{}
	for i := range a.Cohorts {
		c := &a.Cohorts[i]
		if _, twice := cohortAt[cohortKey{c.Program, c.Year}]; twice {
			return fmt.Errorf("cohorts[%d]: %s in %d is there twice", i, c.Program, c.Year)
		}
		cohortAt[cohortKey{c.Program, c.Year}] = int32(i)
		k.Graduates = append(k.Graduates, c.Graduates)
	}
	next := 0
	for o := range a.Openings {
		for ; next < len(a.Pairs) && a.Pairs[next][0] == int32(o); next++ {
			k.Pairs = append(k.Pairs, allocate.Pair{Cohort: a.Pairs[next][1], Value: a.Pairs[next][2], Student: a.Pairs[next][3]})
		}
		k.Off = append(k.Off, uint32(next))
	}
	if next != len(a.Pairs) {
		return fmt.Errorf("pairs[%d]: out of order", next)
	}
	type reserveKey struct {
		agreement string
		cohort    int32
	}
	reservationAt := map[reserveKey]int32{}
	for i := range a.Reserved {
		r := &a.Reserved[i]
		if r.Why != "" && len(r.Openings) == 0 {
			continue // nothing was reserved
		}
		c, ok := cohortAt[cohortKey{r.Program, r.Year}]
		if !ok || len(k.Reservations) != i {
			return fmt.Errorf("reservations[%d]: not of a cohort, or out of order", i)
		}
		reservationAt[reserveKey{r.Agreement, c}] = int32(i)
		k.Reservations = append(k.Reservations, allocate.Reservation{Cohort: c, Seats: r.Seats, Openings: r.Openings})
	}
	for i := range a.Bounds {
		b := &a.Bounds[i]
		l := allocate.Limit{Cohorts: b.Cohorts, Openings: b.Openings, AtMost: allocate.NoLimit}
		if b.Min != nil {
			l.AtLeast = *b.Min
		}
		if b.Max != nil {
			l.AtMost = *b.Max
		}
		k.Limits = append(k.Limits, l)
	}
	for i := range a.Groups {
		k.Groups = append(k.Groups, allocate.Group{Openings: a.Groups[i].Openings})
	}
	s := &allocate.Seating{Policy: allocate.Policy(a.Summary.Policy), Value: int64(math.Round(a.Summary.Value * valueOne)), Filled: a.Summary.Filled, Kept: a.Summary.OnReserved}
	if a.Proof != nil {
		s.Proof = *a.Proof.proof()
	}
	for i := range a.Groups {
		s.Fills = append(s.Fills, a.Groups[i].Filled)
	}
	if !slices.Contains(allocate.Policies, s.Policy) {
		return fmt.Errorf("summary.policy: %q is none of %s", s.Policy, policyNames())
	}
	for i := range a.Seats {
		x := &a.Seats[i]
		o, ok := demandAt[x.Demand]
		c, ok2 := cohortAt[cohortKey{x.Program, x.Year}]
		if !ok || !ok2 {
			return fmt.Errorf("seats[%d]: %s of %s in %d are not both there", i, x.Demand, x.Program, x.Year)
		}
		f := allocate.Flow{Opening: o, Cohort: c, Reservation: allocate.NoReservation, Units: x.Units}
		if x.Agreement != "" {
			if f.Reservation, ok = reservationAt[reserveKey{x.Agreement, c}]; !ok {
				return fmt.Errorf("seats[%d]: agreement %s reserves nothing there", i, x.Agreement)
			}
		}
		s.Flows = append(s.Flows, f)
	}
	for i := range a.Bounds {
		if err := a.Bounds[i].check(fmt.Sprintf("bounds[%d]", i)); err != nil {
			return err
		}
	}
	if len(a.Bounds) > MostBounds {
		return fmt.Errorf("bounds: %d are more than %d", len(a.Bounds), MostBounds)
	}
	if err := k.Validate(); err != nil {
		return err
	}
	if sum := problemSum(k); sum != a.Meta.Problem {
		return fmt.Errorf("meta.problem: %s is not what was to be seated, %s", a.Meta.Problem, sum)
	}
	if s.Policy == allocate.Fair {
		s.Asked = s.Filled // of groups: all openings are in one
	}
	for i, n := range k.Reached(s) {
		s.Asked += min(n, k.Limits[i].AtLeast)
		if n != a.Bounds[i].Units {
			return fmt.Errorf("bounds[%d]: %d units, not %d", i, n, a.Bounds[i].Units)
		}
	}
	if err := k.Check(s); err != nil {
		return err
	}
	if err := a.checkSums(k, s); err != nil {
		return err
	}
	return a.checkPrice(ctx, k, s)
}

// checkSums holds everything that an allocation says in numbers against what they follow from.
func (a *Allocation) checkSums(k *allocate.Market, s *allocate.Seating) error {
	filled, placed, taken := make([]int32, len(k.Headcount)), make([]int32, len(k.Graduates)), make([]int32, len(a.Reserved))
	for i, f := range s.Flows {
		filled[f.Opening] += f.Units
		placed[f.Cohort] += f.Units
		if f.Reservation != allocate.NoReservation {
			taken[f.Reservation] += f.Units
		}
		list := k.Pairs[k.Off[f.Opening]:k.Off[f.Opening+1]]
		at, _ := slices.BinarySearchFunc(list, f.Cohort, func(p allocate.Pair, c int32) int { return cmp.Compare(p.Cohort, c) })
		if v := worth(int64(list[at].Value)); a.Seats[i].Value != v {
			return fmt.Errorf("seats[%d].value: %v, not %v", i, a.Seats[i].Value, v)
		}
	}
	wrong := func(price *float64, list []int64, i int) bool {
		return (price != nil) != (list != nil) || price != nil && *price != worth(list[i])
	}
	sum := AllocationSummary{Policy: a.Summary.Policy, Value: worth(s.Value), Openings: len(a.Openings), Cohorts: len(a.Cohorts), Filled: s.Filled,
		OnReserved: s.Kept, Pairs: len(a.Pairs), PriceOfFairness: a.Summary.PriceOfFairness}
	for i := range a.Openings {
		o := &a.Openings[i]
		sum.Headcount += int64(o.Headcount)
		if o.Filled != filled[i] || wrong(o.Price, s.Proof.Head, i) || (o.Why != nil) != (o.Filled < o.Headcount) || o.Why != nil && o.Why.Short != o.Headcount-o.Filled {
			return fmt.Errorf("openings[%d]: %d heads are filled, and what it says of them is something else", i, filled[i])
		}
	}
	for i := range a.Cohorts {
		c := &a.Cohorts[i]
		sum.Graduates += int64(c.Graduates)
		if c.Placed != placed[i] || wrong(c.Price, s.Proof.Seat, i) || (c.Why != nil) != (c.Placed < c.Graduates) || c.Why != nil && c.Why.Short != c.Graduates-c.Placed {
			return fmt.Errorf("cohorts[%d]: %d are placed, and what it says of them is something else", i, placed[i])
		}
	}
	for i := range a.Reserved {
		sum.NotReserved += int64(a.Reserved[i].Seats - a.Reserved[i].Taken)
		if a.Reserved[i].Taken != taken[i] {
			return fmt.Errorf("reservations[%d].taken: %d, not %d", i, a.Reserved[i].Taken, taken[i])
		}
	}
	for i := range k.Reservations {
		if wrong(a.Reserved[i].Price, s.Proof.Reserved, i) {
			return fmt.Errorf("reservations[%d].price: not what the proof says", i)
		}
	}
	for i := range a.Groups {
		g, headcount := &a.Groups[i], int64(0)
		for _, o := range g.Openings {
			headcount += int64(k.Headcount[o])
		}
		if g.Headcount != headcount || g.Share != shareOf(g.Filled, headcount) {
			return fmt.Errorf("groups[%d]: %d heads, and what it says of them is something else", i, headcount)
		}
	}
	for i := range a.Bounds {
		b := &a.Bounds[i]
		short := max(0, k.Limits[i].AtLeast-b.Units)
		if sum.BelowMin += short; b.Short != short || wrong(b.Price, s.Proof.More, i) {
			return fmt.Errorf("bounds[%d]: %d units are short, and what it says of them is something else", i, short)
		}
	}
	sum.Unfilled, sum.Unplaced = sum.Headcount-s.Filled, sum.Graduates-s.Filled
	if sum != a.Summary || a.Meta.Policy != a.Summary.Policy {
		return fmt.Errorf("summary: %+v is not what follows, %+v", a.Summary, sum)
	}
	return nil
}

// checkPrice solves the problem of a fair seating without its groups again: what evenness costs.
func (a *Allocation) checkPrice(ctx context.Context, k *allocate.Market, s *allocate.Seating) error {
	var price *float64
	if s.Policy == allocate.Fair {
		whole, err := k.Seat(ctx, allocate.MaxTotal, allocate.Options{})
		if err != nil {
			return err
		}
		price = priceOfFairness(s, whole)
	}
	if said := a.Summary.PriceOfFairness; (said != nil) != (price != nil) || said != nil && *said != *price {
		return errors.New("summary.price_of_fairness: not what follows")
	}
	return nil
}

func (p *AllocationProof) proof() *allocate.Proof {
	out := &allocate.Proof{FilledBonus: p.FilledBonus, FirstBonus: p.FirstBonus, Seat: p.Seat, Reserved: p.Reserved, Head: p.Head, More: p.More, Less: p.Less}
	if p.Counts != nil {
		out.Counts = p.Counts.proof()
	}
	return out
}
