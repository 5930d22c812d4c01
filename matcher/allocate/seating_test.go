package allocate

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
)

// randomMarket is small enough to try every seating.
func randomMarket(r *rand.Rand, limits bool) *Market {
	m := &Market{Off: []uint32{0}}
	cohorts, openings := 1+r.IntN(3), 1+r.IntN(3)
	values := []int{1, 3, 50}[r.IntN(3)]
	for range cohorts {
		m.Graduates = append(m.Graduates, int32(r.IntN(3)))
	}
	for o := range openings {
		m.Headcount = append(m.Headcount, int32(r.IntN(3)))
		for c := range cohorts {
			if r.IntN(4) > 0 {
				m.Pairs = append(m.Pairs, Pair{Cohort: int32(c), Value: int32(r.IntN(values + 1))})
			}
		}
		m.Off = append(m.Off, uint32(len(m.Pairs)))
		_ = o
	}
	for c, n := range m.Graduates {
		if n > 0 && r.IntN(3) == 0 {
			m.Reservations = append(m.Reservations, Reservation{Cohort: int32(c), Seats: 1, Openings: []int32{int32(r.IntN(openings))}})
		}
	}
	if limits {
		least := func() (int64, int64) {
			a := int64(r.IntN(3))
			if r.IntN(3) == 0 {
				return a, NoLimit
			}
			return a, a + int64(r.IntN(2))
		}
		for range r.IntN(4) {
			var l Limit
			l.AtLeast, l.AtMost = least()
			switch r.IntN(3) {
			case 0:
				l.Cohorts, l.Openings = subset(r, cohorts), []int32{int32(r.IntN(openings))}
			case 1:
				l.Cohorts = subset(r, cohorts)
			case 2:
				l.Openings = subset(r, openings)
			}
			m.Limits = append(m.Limits, l)
		}
	}
	return m
}

func subset(r *rand.Rand, n int) (out []int32) {
	for i := range n {
		if r.IntN(2) == 0 {
			out = append(out, int32(i))
		}
	}
	if out == nil {
		out = []int32{int32(r.IntN(n))}
	}
	return out
}

// everySeating tries all flows and keeps the best: (first, filled if asked, value).
func everySeating(m *Market, policy Policy) (best [3]int64) {
	type slot struct {
		opening, cohort, reservation int32
		value                        int64
	}
	var slots []slot
	for o := range m.Headcount {
		for _, p := range m.Pairs[m.Off[o]:m.Off[o+1]] {
			if p.Value == 0 {
				continue
			}
			slots = append(slots, slot{int32(o), p.Cohort, NoReservation, int64(p.Value)})
			for k, r := range m.Reservations {
				if r.Cohort == p.Cohort && r.Openings[0] == int32(o) {
					slots = append(slots, slot{int32(o), p.Cohort, int32(k), int64(p.Value)})
				}
			}
		}
	}
	free := make([]int64, len(m.Graduates))
	for c, n := range m.Graduates {
		free[c] = int64(n)
	}
	kept := make([]int64, len(m.Reservations))
	for k, r := range m.Reservations {
		free[r.Cohort] -= int64(r.Seats)
		kept[k] = int64(r.Seats)
	}
	heads := make([]int64, len(m.Headcount))
	for o, n := range m.Headcount {
		heads[o] = int64(n)
	}
	within := make([]int64, len(m.Limits))
	best = [3]int64{-1, -1, -1}
	var try func(i int, first, filled, value int64)
	try = func(i int, first, filled, value int64) {
		if i == len(slots) {
			for k, n := range within {
				if n > m.Limits[k].AtMost {
					return
				}
				first += min(n, m.Limits[k].AtLeast)
			}
			now := [3]int64{first, 0, value}
			if policy == MaxFilled {
				now[1] = filled
			}
			for j := range now {
				if now[j] != best[j] {
					if now[j] > best[j] {
						best = now
					}
					break
				}
			}
			return
		}
		s := slots[i]
		room := &free[s.cohort]
		if s.reservation != NoReservation {
			room = &kept[s.reservation]
		}
		most := min(*room, heads[s.opening])
		for n := range most + 1 {
			*room -= n
			heads[s.opening] -= n
			for k := range m.Limits {
				if m.Limits[k].covers(s.cohort, s.opening) {
					within[k] += n
				}
			}
			more := int64(0)
			if s.reservation != NoReservation {
				more = n
			}
			try(i+1, first+more, filled+n, value+n*s.value)
			*room += n
			heads[s.opening] += n
			for k := range m.Limits {
				if m.Limits[k].covers(s.cohort, s.opening) {
					within[k] -= n
				}
			}
		}
	}
	try(0, 0, 0, 0)
	return best
}

func TestSeatIsTheBest(t *testing.T) {
	crossing, reserved, limited := 0, 0, 0
	for seed := range uint64(problems) {
		r := rand.New(rand.NewPCG(seed, 2))
		m := randomMarket(r, r.IntN(2) == 0)
		policy := []Policy{MaxTotal, MaxFilled}[r.IntN(2)]
		s, err := m.Seat(context.Background(), policy, Options{})
		if _, ok := errors.AsType[*Crossing](err); ok {
			crossing++
			continue
		}
		if err != nil {
			t.Fatalf("%v\n%+v", err, m)
		}
		if err := m.Check(s); err != nil {
			t.Fatalf("%v\n%+v\n%+v", err, m, s)
		}
		got := [3]int64{s.Kept + s.Asked, 0, s.Value}
		if policy == MaxFilled {
			got[1] = s.Filled
		}
		if want := everySeating(m, policy); got != want {
			t.Fatalf("%s: %v, the best is %v\n%+v\n%+v", policy, got, want, m, s)
		}
		reserved += int(s.Kept)
		limited += int(s.Asked)
		if len(s.Flows) > 0 { // another one of less is not proven
			s.Flows[len(s.Flows)-1].Units--
			if s.Flows[len(s.Flows)-1].Units == 0 {
				s.Flows = s.Flows[:len(s.Flows)-1]
			}
			m.add(s)
			if m.Check(s) == nil {
				t.Fatalf("a seating with one unit less is taken for proven\n%+v\n%+v", m, s)
			}
		}
	}
	if crossing == 0 || reserved == 0 || limited == 0 {
		t.Errorf("%d crossing limits, %d reserved units, %d asked for", crossing, reserved, limited)
	}
}

// TestStablePolicies: neither side has a pair that would rather be together, and each
// policy is at least as good for its own side as the other.
func TestStablePolicies(t *testing.T) {
	reserved := int64(0)
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 7))
		m := randomMarket(r, false)
		for i := range m.Pairs {
			m.Pairs[i].Student = int32(r.IntN(100))
		}
		for _, policy := range []Policy{Stable, StableEmployers} {
			s, err := m.Seat(context.Background(), policy, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := m.Check(s); err != nil {
				t.Fatalf("seed %d: %v\n%+v\n%+v", seed, err, m, s)
			}
			if want := everySeating(m, MaxTotal)[0]; s.Kept > want {
				t.Fatalf("seed %d: %d units on reserved seats, of %d at most", seed, s.Kept, want)
			}
			reserved += s.Kept
		}
	}
	if reserved == 0 {
		t.Error("no reserved seat was taken")
	}
}

// TestReasonsAreTrue: whoever stays empty has the cause that is named.
func TestReasonsAreTrue(t *testing.T) {
	seen := map[Cause]int{}
	for seed := range uint64(4000) {
		r := rand.New(rand.NewPCG(seed, 8))
		m := randomMarket(r, r.IntN(2) == 0)
		s, err := m.Seat(context.Background(), MaxTotal, Options{})
		if err != nil {
			continue // crossing limits
		}
		filled := make([]int32, len(m.Headcount))
		for _, f := range s.Flows {
			filled[f.Opening] += f.Units
		}
		unfilled := m.Unfilled(s)
		for o := range int32(len(m.Headcount)) {
			reason, ok := unfilled[o]
			if ok != (filled[o] < m.Headcount[o]) || reason.Short != m.Headcount[o]-filled[o] {
				t.Fatalf("seed %d: opening %d has %d of %d: %+v", seed, o, filled[o], m.Headcount[o], reason)
			}
			if !ok {
				continue
			}
			seen[reason.Cause]++
			pairs := m.Pairs[m.Off[o]:m.Off[o+1]]
			eligible := slices.ContainsFunc(pairs, func(p Pair) bool { return p.Value > 0 })
			switch reason.Cause {
			case NoneEligible:
				if eligible {
					t.Fatalf("seed %d: opening %d has eligible cohorts", seed, o)
				}
			case AtLimit:
				if l := &m.Limits[reason.Limit]; m.Reached(s)[reason.Limit] != l.AtMost || !l.covers(reason.Counterpart, o) {
					t.Fatalf("seed %d: opening %d: limit %d is not reached", seed, o, reason.Limit)
				}
			case NoneLeft:
				if reason.At >= 0 {
					t.Fatalf("seed %d: opening %d: %+v", seed, o, reason)
				}
			case NeededFirst:
				if len(m.Reservations)+len(m.Limits) == 0 {
					t.Fatalf("seed %d: opening %d: nothing comes first", seed, o)
				}
			case WorthMoreElsewhere: // and one more graduate would fill it
				if reason.AtValue < reason.Value {
					t.Fatalf("seed %d: opening %d: %+v", seed, o, reason)
				}
				more := *m
				more.Graduates = slices.Clone(m.Graduates)
				more.Graduates[reason.Counterpart]++
				better, err := more.Seat(context.Background(), MaxTotal, Options{})
				if err != nil {
					t.Fatal(err)
				}
				if len(m.Limits) == 0 && better.Value < s.Value+int64(reason.Value) {
					t.Fatalf("seed %d: opening %d: one more graduate adds %d, not %d", seed, o, better.Value-s.Value, reason.Value)
				}
			case SeatsReserved:
				if len(m.Reservations) == 0 {
					t.Fatalf("seed %d: nothing is reserved", seed)
				}
			}
		}
		for c, reason := range m.Unplaced(s) {
			if reason.Cause == NoneEligible && slices.ContainsFunc(m.Pairs, func(p Pair) bool { return p.Cohort == c && p.Value > 0 }) {
				t.Fatalf("seed %d: cohort %d is eligible", seed, c)
			}
		}
	}
	for _, cause := range []Cause{NoneEligible, AtLimit, SeatsReserved, NoneLeft, WorthMoreElsewhere, NeededFirst} {
		if seen[cause] == 0 {
			t.Errorf("cause %s did not occur", cause)
		}
	}
}

// TestFairIsTheFairest: of all seatings with as many reserved units, no other has fairer
// shares, nor a greater value with the same fills; the shares of the brute force are compared in
// order, the lowest first.
func TestFairIsTheFairest(t *testing.T) {
	uneven := 0
	for seed := range uint64(4000) {
		r := rand.New(rand.NewPCG(seed, 12))
		m := randomMarket(r, false)
		m.Groups = make([]Group, 1+r.IntN(3))
		for o := range m.Headcount {
			if g := r.IntN(len(m.Groups) + 1); g < len(m.Groups) {
				m.Groups[g].Openings = append(m.Groups[g].Openings, int32(o))
			}
		}
		s, err := m.Seat(context.Background(), Fair, Options{})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if err := m.Check(s); err != nil {
			t.Fatalf("seed %d: %v\n%+v\n%+v", seed, err, m, s)
		}
		shares := func(fills []int64) []float64 {
			var out []float64
			for g, n := range fills {
				size := int64(0)
				for _, o := range m.Groups[g].Openings {
					size += int64(m.Headcount[o])
				}
				if size > 0 {
					out = append(out, float64(n)/float64(size))
				}
			}
			slices.Sort(out)
			return out
		}
		got := shares(s.Fills)
		best, bestValue := got, s.Value
		eachFill(m, s.Kept, func(fills []int64, value int64) {
			if c := slices.Compare(shares(fills), best); c > 0 || c == 0 && value > bestValue && slices.Equal(fills, s.Fills) {
				best, bestValue = shares(fills), value
			}
		})
		if !slices.Equal(best, got) || bestValue != s.Value {
			t.Fatalf("seed %d: shares %v value %d, the best are %v with %d\n%+v\n%+v", seed, got, s.Value, best, bestValue, m, s)
		}
		if len(got) > 1 && got[0] != got[len(got)-1] {
			uneven++
		}
	}
	if uneven == 0 {
		t.Error("all shares were even")
	}
}

// eachFill calls yield with the fills of groups and the value of every seating that has so many
// reserved units.
func eachFill(m *Market, kept int64, yield func(fills []int64, value int64)) {
	free, heads := make([]int64, len(m.Graduates)+len(m.Reservations)), make([]int64, len(m.Headcount))
	for c, n := range m.Graduates {
		free[c] = int64(n)
	}
	for k, r := range m.Reservations {
		free[r.Cohort] -= int64(r.Seats)
		free[len(m.Graduates)+k] = int64(r.Seats)
	}
	for o, n := range m.Headcount {
		heads[o] = int64(n)
	}
	type slot struct {
		supply, opening int
		value           int64
	}
	var slots []slot
	for o := range m.Headcount {
		for _, p := range m.Pairs[m.Off[o]:m.Off[o+1]] {
			if p.Value == 0 {
				continue
			}
			slots = append(slots, slot{int(p.Cohort), o, int64(p.Value)})
			for k, r := range m.Reservations {
				if r.Cohort == p.Cohort && slices.Contains(r.Openings, int32(o)) {
					slots = append(slots, slot{len(m.Graduates) + k, o, int64(p.Value)})
				}
			}
		}
	}
	var try func(i int, reserved, value int64)
	try = func(i int, reserved, value int64) {
		if i == len(slots) {
			if reserved == kept {
				fills := make([]int64, len(m.Groups))
				for g := range m.Groups {
					for _, o := range m.Groups[g].Openings {
						fills[g] += int64(m.Headcount[o]) - heads[o]
					}
				}
				yield(fills, value)
			}
			return
		}
		s := slots[i]
		for n := range min(free[s.supply], heads[s.opening]) + 1 {
			free[s.supply] -= n
			heads[s.opening] -= n
			more := int64(0)
			if s.supply >= len(m.Graduates) {
				more = n
			}
			try(i+1, reserved+more, value+n*s.value)
			free[s.supply] += n
			heads[s.opening] += n
		}
	}
	try(0, 0, 0)
}

// TestLevelledFillsAreTheSame: raising all groups at once ends where turns do.
func TestLevelledFillsAreTheSame(t *testing.T) {
	for seed := range uint64(1500) {
		r := rand.New(rand.NewPCG(seed, 14))
		m := randomMarket(r, false)
		for c := range m.Graduates {
			m.Graduates[c] *= int32(1 + r.IntN(40))
		}
		for o := range m.Headcount {
			m.Headcount[o] *= int32(1 + r.IntN(40))
			m.Groups = append(m.Groups, Group{Openings: []int32{int32(o)}})
		}
		want, err := m.fairFills(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		f := m.newFairness()
		for _, reserved := range []bool{true, false} {
			open := make([]bool, len(m.Groups))
			for g := range open {
				open[g] = f.size[g] > 0
			}
			for some := true; some; {
				if f, err = f.level(context.Background(), open, reserved); err != nil {
					t.Fatal(err)
				}
				if some, err = f.rise(context.Background(), open, reserved); err != nil {
					t.Fatal(err)
				}
			}
		}
		if !slices.Equal(f.filled, want) {
			t.Fatalf("seed %d: levels end at %v, turns at %v\n%+v", seed, f.filled, want, m)
		}
	}
}

// TestConflictsAreSmallest: with the limits and reservations that are named, the limit cannot be
// kept; without any one of them it can.
func TestConflictsAreSmallest(t *testing.T) {
	sizes := map[int]int{}
	ctx := context.Background()
	for seed := range uint64(4000) {
		r := rand.New(rand.NewPCG(seed, 15))
		m := randomMarket(r, true)
		s, err := m.Seat(ctx, MaxTotal, Options{})
		if err != nil {
			continue // crossing limits
		}
		for i, n := range m.Reached(s) {
			if n >= m.Limits[i].AtLeast {
				continue
			}
			c, err := m.Conflict(ctx, i)
			if err != nil {
				t.Fatal(err)
			}
			limits, reservations := make([]bool, len(m.Limits)), make([]bool, len(m.Reservations))
			limits[i] = true
			for _, k := range c.Limits {
				limits[k] = true
			}
			for _, k := range c.Reservations {
				reservations[k] = true
			}
			if ok, err := m.kept(ctx, limits, reservations); err != nil || ok {
				t.Fatalf("seed %d: limit %d can be kept with %+v (%v)\n%+v", seed, i, c, err, m)
			}
			for _, k := range c.Limits {
				limits[k] = false
				if ok, err := m.kept(ctx, limits, reservations); err != nil || !ok {
					t.Fatalf("seed %d: limit %d cannot be kept without limit %d of %+v (%v)", seed, i, k, c, err)
				}
				limits[k] = true
			}
			for _, k := range c.Reservations {
				reservations[k] = false
				if ok, err := m.kept(ctx, limits, reservations); err != nil || !ok {
					t.Fatalf("seed %d: limit %d cannot be kept without reservation %d of %+v (%v)", seed, i, k, c, err)
				}
				reservations[k] = true
			}
			sizes[len(c.Limits)+len(c.Reservations)]++
		}
	}
	if sizes[0] == 0 || sizes[1] == 0 || sizes[2] == 0 {
		t.Errorf("conflicts by size: %v", sizes)
	}
}
