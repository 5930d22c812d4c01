package allocate

import (
	"fmt"
	"math/bits"
)

// Check proves that a solution cannot be improved, from the problem and the solution
// alone: placements are within seats and heads and on arcs; and with its prices the dual
//
//	sum of seats(s) * price(s) + sum of heads(d) * max(0, max over arcs of value - price)
//
// which no seating's value exceeds, is the value of this one. It shares no code with the
// solver.
func (t *Transport) Check(sol *Solution) error {
	if err := t.Validate(); err != nil {
		return err
	}
	if len(sol.Prices) != len(t.Seats) {
		return fmt.Errorf("allocate: %d prices for %d supplies", len(sol.Prices), len(t.Seats))
	}
	seats, value, filled := make([]int64, len(t.Seats)), int64(0), int64(0)
	next := 0
	var dual wide
	for d := range t.Heads {
		arcs := t.Arcs[t.Off[d]:t.Off[d+1]]
		heads, last := int64(0), int32(-1)
		for ; next < len(sol.Placements) && sol.Placements[next].Demand == int32(d); next++ {
			p := sol.Placements[next]
			if p.Supply <= last || p.Units <= 0 {
				return fmt.Errorf("allocate: placement %d of demand %d is out of order or empty", next, d)
			}
			last = p.Supply
			worth := int64(-1)
			for _, a := range arcs {
				if a.Supply == p.Supply {
					worth = max(worth, int64(a.Value))
				}
			}
			if worth < 0 {
				return fmt.Errorf("allocate: demand %d has units of supply %d without an arc", d, p.Supply)
			}
			heads += int64(p.Units)
			seats[p.Supply] += int64(p.Units)
			value += worth * int64(p.Units)
			filled += int64(p.Units)
		}
		if heads > int64(t.Heads[d]) {
			return fmt.Errorf("allocate: demand %d has %d units for %d heads", d, heads, t.Heads[d])
		}
		left := int64(0)
		for _, a := range arcs {
			left = max(left, int64(a.Value)-int64(sol.Prices[a.Supply]))
		}
		dual.add(left, int64(t.Heads[d]))
	}
	if next != len(sol.Placements) {
		return fmt.Errorf("allocate: placement %d is of demand %d, out of order", next, sol.Placements[next].Demand)
	}
	for s, n := range seats {
		if n > int64(t.Seats[s]) {
			return fmt.Errorf("allocate: supply %d has %d units on %d seats", s, n, t.Seats[s])
		}
		if sol.Prices[s] < 0 {
			return fmt.Errorf("allocate: supply %d has the price %d", s, sol.Prices[s])
		}
		dual.add(int64(sol.Prices[s]), int64(t.Seats[s]))
	}
	if value != sol.Value || filled != sol.Filled {
		return fmt.Errorf("allocate: placements are %d units worth %d, not %d worth %d", filled, value, sol.Filled, sol.Value)
	}
	if dual.high != 0 || dual.low != uint64(value) {
		return fmt.Errorf("allocate: the value is %d, the bound by its prices %d * 2^64 + %d: not proven", value, dual.high, dual.low)
	}
	return nil
}

// wide is a sum of products >= 0 that may not fit in 64 bits.
type wide struct{ high, low uint64 }

func (w *wide) add(a, b int64) {
	high, low := bits.Mul64(uint64(a), uint64(b))
	var carry uint64
	w.low, carry = bits.Add64(w.low, low, 0)
	w.high += high + carry
}
