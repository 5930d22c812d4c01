package gap

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestTallyEqualsCounting: every cell's amounts are what counting every record
// against it gives.
func TestTallyEqualsCounting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		dims := 1 + r.IntN(MaxDims)
		values := []string{"甲", "乙", "丙"}
		random := func() Observation {
			o := Observation{ID: values[r.IntN(3)], Amount: float64(r.IntN(9))}
			for d := range dims {
				for _, v := range values {
					if r.IntN(2) == 0 {
						o.Values[d] = append(o.Values[d], v)
					}
				}
			}
			return o
		}
		tally := NewTally(dims, 2)
		var demands, programs []Observation
		for range r.IntN(8) {
			o := random()
			demands = append(demands, o)
			tally.Demand(o)
		}
		for range r.IntN(8) {
			o := random()
			programs = append(programs, o)
			tally.Supply(o)
		}
		in := func(o Observation, k Key) bool {
			for d := range dims {
				found := false
				for _, v := range o.Values[d] {
					found = found || v == k[d]
				}
				if !found {
					return false
				}
			}
			return true
		}
		last := 0.0
		for i, c := range tally.Cells() {
			demand, supply, nd, np := 0.0, 0.0, 0, 0
			for _, o := range demands {
				if in(o, c.Key) {
					demand += o.Amount
					nd++
				}
			}
			for _, o := range programs {
				if in(o, c.Key) {
					supply += o.Amount
					np++
				}
			}
			if c.Demands != nd || c.Programs != np || amount(c.Demand) != demand || amount(c.Supply) != supply {
				t.Fatalf("cell %v: %+v, counted %v (%d) and %v (%d)", c.Key, c, demand, nd, supply, np)
			}
			if want := smallest(demands, c.Key, in); !slices.Equal(c.DemandIDs, want) {
				t.Fatalf("cell %v keeps demands %v, want %v", c.Key, c.DemandIDs, want)
			}
			if want := smallest(programs, c.Key, in); !slices.Equal(c.Supplied, want) {
				t.Fatalf("cell %v keeps programs %v, want %v", c.Key, c.Supplied, want)
			}
			if i > 0 && demand-supply > last {
				t.Fatalf("cell %v is out of order", c.Key)
			}
			last = demand - supply
		}
	})
}

// smallest are the two smallest ids of a cell.
func smallest(list []Observation, k Key, in func(Observation, Key) bool) []string {
	var ids []string
	for _, o := range list {
		if in(o, k) {
			ids = append(ids, o.ID)
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	return ids[:min(len(ids), 2)]
}

func TestNoDataIsNotZero(t *testing.T) {
	tally := NewTally(1, 0)
	tally.Demand(Observation{ID: "d", Amount: 4, Values: [MaxDims][]string{{"焊接"}}})
	tally.Supply(Observation{ID: "p", Amount: 9}) // says nothing in this dimension
	cells := tally.Cells()
	if len(cells) != 1 || cells[0].Supply != nil || cells[0].Gap() != nil || cells[0].Ratio() != nil {
		t.Errorf("without supply data: %+v", cells)
	}
	tally.Supply(Observation{ID: "q", Amount: 0, Values: [MaxDims][]string{{"唱歌"}}})
	for _, c := range tally.Cells() {
		switch c.Key[0] {
		case "焊接":
			if c.Supply == nil || *c.Supply != 0 || *c.Gap() != 4 || *c.Ratio() != 0 {
				t.Errorf("taught by nobody: %+v", c)
			}
		case "唱歌":
			if *c.Demand != 0 || c.Ratio() != nil {
				t.Errorf("asked by nobody: %+v", c)
			}
		}
	}
}
