package allocate

import (
	"context"
	"testing"
	"time"
)

// marketOf makes a market of pairs {opening, cohort, value}, in order.
func marketOf(graduates, headcount []int32, pairs ...[3]int32) *Market {
	m := &Market{Graduates: graduates, Headcount: headcount, Off: make([]uint32, len(headcount)+1)}
	for _, p := range pairs {
		m.Pairs = append(m.Pairs, Pair{Cohort: p[1], Value: p[2]})
		m.Off[p[0]+1]++
	}
	for o := range headcount {
		m.Off[o+1] += m.Off[o]
	}
	return m
}

// TestHardProblems: prices that climb in small steps, over a thousand million units, past very
// many supplies or along a chain, end in time all the same, and are proven.
func TestHardProblems(t *testing.T) {
	const most, many = 1_000_000_000, 6_000
	wars := marketOf([]int32{most, most}, []int32{most, most, 10},
		[3]int32{0, 0, 4000}, [3]int32{0, 1, 7800}, [3]int32{1, 0, 4000}, [3]int32{1, 1, 8000}, [3]int32{2, 0, 8000}, [3]int32{2, 1, 8000})
	one := &Market{Headcount: []int32{many / 2}, Off: []uint32{0, many}}
	chain := &Market{Off: []uint32{0}}
	for i := range int32(many) {
		one.Graduates = append(one.Graduates, 1)
		one.Pairs = append(one.Pairs, Pair{Cohort: i, Value: 5000 + i%7})
		chain.Graduates, chain.Headcount = append(chain.Graduates, 1), append(chain.Headcount, 1)
		if i > 0 {
			chain.Pairs = append(chain.Pairs, Pair{Cohort: i - 1, Value: 5000})
		}
		chain.Pairs = append(chain.Pairs, Pair{Cohort: i, Value: 5000})
		chain.Off = append(chain.Off, uint32(len(chain.Pairs)))
	}
	for name, m := range map[string]*Market{"wars": wars, "one opening": one, "chain": chain} {
		for _, policy := range []Policy{MaxTotal, MaxFilled, Fair} {
			m.Groups = nil
			if policy == Fair {
				m.Groups = []Group{{Openings: []int32{0}}}
				for o := 1; o < len(m.Headcount); o++ {
					if len(m.Groups) < 5 {
						m.Groups = append(m.Groups, Group{})
					}
					g := &m.Groups[1+o%(len(m.Groups)-1)]
					g.Openings = append(g.Openings, int32(o))
				}
			}
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
			s, err := m.Seat(ctx, policy, Options{})
			cancel()
			if err != nil {
				t.Fatalf("%s, %s: %v", name, policy, err)
			}
			if err := m.Check(s); err != nil {
				t.Errorf("%s, %s: %v", name, policy, err)
			}
			if len(m.Unfilled(s))+len(m.Unplaced(s)) == 0 && name != "chain" {
				t.Errorf("%s, %s: nothing stays over", name, policy)
			}
		}
	}
}

// TestForgedSeatings: what is not the best by its policy is not proven, whatever proof is
// given.
func TestForgedSeatings(t *testing.T) {
	ctx := context.Background()
	// One graduate is worth more where two heads are filled less well.
	m := marketOf([]int32{1, 1}, []int32{1, 1}, [3]int32{0, 0, 100}, [3]int32{0, 1, 1}, [3]int32{1, 0, 10})
	s, err := m.Seat(ctx, MaxFilled, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if s.Policy = MaxTotal; s.Filled != 2 || m.Check(s) == nil {
		t.Error("the most heads are taken for the greatest value")
	}
	zero := marketOf([]int32{5}, []int32{5}, [3]int32{0, 0, 0})
	for _, policy := range []Policy{MaxTotal, MaxFilled, Stable} {
		s, err := zero.Seat(ctx, policy, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if s.Flows = []Flow{{0, 0, NoReservation, 5}}; s.Filled == 0 {
			s.Filled = 5
		}
		if zero.Check(s) == nil {
			t.Errorf("%s: units on a pair of value 0 are accepted", policy)
		}
	}
	limited := marketOf([]int32{1}, []int32{1}, [3]int32{0, 0, 100})
	for range 128 {
		limited.Limits = append(limited.Limits, Limit{Openings: []int32{0}, AtMost: NoLimit})
	}
	empty := Proof{FirstBonus: mostPrice, Seat: []int64{0}, Reserved: []int64{}, Head: []int64{0}, More: make([]int64, 128), Less: make([]int64, 128)}
	counts := empty
	empty.Counts = &counts
	if limited.Check(&Seating{Policy: MaxTotal, Proof: empty}) == nil {
		t.Error("an empty seating is proven by numbers that overflow")
	}
	two := marketOf([]int32{1, 1}, []int32{1, 1}, [3]int32{0, 0, 1}, [3]int32{0, 1, 2}, [3]int32{1, 0, 2}, [3]int32{1, 1, 1})
	for i := range two.Pairs {
		two.Pairs[i].Student = 3 - two.Pairs[i].Value
	}
	employers, err := two.Seat(ctx, StableEmployers, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if employers.Policy = Stable; two.Check(employers) == nil {
		t.Error("the best for employers is taken for the best for students")
	}
	wide := &Market{Off: []uint32{0}}
	for i := range int32(600) {
		wide.Graduates, wide.Headcount = append(wide.Graduates, MaxUnits), append(wide.Headcount, MaxUnits)
		wide.Pairs = append(wide.Pairs, Pair{Cohort: i, Value: MaxValue})
		wide.Off = append(wide.Off, uint32(i+1))
	}
	if _, err := wide.Seat(ctx, MaxTotal, Options{}); err == nil {
		t.Error("a sum that does not fit is given")
	}
}
