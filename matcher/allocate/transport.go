package allocate

import "fmt"

// Transport is a sparse transportation problem: which supplies (cohorts of graduates)
// fill which demands (openings), so that the sum of the values is the greatest. Nothing
// needs to be filled, so a seat or a head may stay free at value 0.
//
// The arcs of demand d are Arcs[Off[d]:Off[d+1]]; the order of supplies, of demands, and
// of arcs within a demand decides between solutions of equal value.
type Transport struct {
	Seats []int32  // of each supply, >= 0
	Heads []int32  // of each demand, >= 0
	Off   []uint32 // len(Heads)+1
	Arcs  []Arc
}

// An Arc says what one unit of a supply is worth to a demand.
type Arc struct {
	Supply int32
	Value  int32 // >= 0; an arc of value 0 is never used
}

// A Placement is units of a supply that fill a demand.
type Placement struct {
	Demand, Supply int32
	Units          int32 // > 0
}

// MaxValue is the greatest value of an arc, and the greatest number of seats or heads of
// one node.
const (
	MaxValue = 1 << 24
	MaxUnits = 1 << 30
)

// Validate reports the first thing that is wrong.
func (t *Transport) Validate() error {
	if len(t.Off) != len(t.Heads)+1 || t.Off[0] != 0 || int64(t.Off[len(t.Heads)]) != int64(len(t.Arcs)) {
		return fmt.Errorf("allocate: offsets of %d demands do not divide %d arcs", len(t.Heads), len(t.Arcs))
	}
	for s, n := range t.Seats {
		if n < 0 || n > MaxUnits {
			return fmt.Errorf("allocate: supply %d has %d seats", s, n)
		}
	}
	for d, n := range t.Heads {
		if n < 0 || n > MaxUnits {
			return fmt.Errorf("allocate: demand %d has %d heads", d, n)
		}
		if t.Off[d] > t.Off[d+1] || int64(t.Off[d+1]) > int64(len(t.Arcs)) {
			return fmt.Errorf("allocate: offsets of demand %d are not in order", d)
		}
		for _, a := range t.Arcs[t.Off[d]:t.Off[d+1]] {
			if a.Supply < 0 || int(a.Supply) >= len(t.Seats) {
				return fmt.Errorf("allocate: demand %d has an arc to supply %d of %d", d, a.Supply, len(t.Seats))
			}
			if a.Value < 0 || a.Value > MaxValue {
				return fmt.Errorf("allocate: demand %d values supply %d at %d", d, a.Supply, a.Value)
			}
		}
	}
	return nil
}

// A Solution is an optimal seating with the prices that prove it.
type Solution struct {
	Placements []Placement // by demand, then supply
	Prices     []int32     // of each supply: what one more seat would add to Value at most
	Value      int64       // the sum of the placements' values
	Filled     int64       // units placed
	Work       Work
}

// Work is what a solution took.
type Work struct {
	Bids     int64 // of the auction
	Phases   int
	Cycles   int // that the exact part had to mend
	Relaxed  int64
	Repeated int   // times that arcs left aside had to be looked at after all
	Pivots   int64 // of the network simplex, where there are limits
	Paths    int64 // of a Resolver: shortest paths since it was made
}

// dearest is the greatest value of any arc.
func (t *Transport) dearest() int32 {
	m := int32(0)
	for i := range t.Arcs {
		m = max(m, t.Arcs[i].Value)
	}
	return m
}
