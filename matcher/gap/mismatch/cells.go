package mismatch

import (
	"fmt"
	"math"
	"slices"
)

// Cell is one place where demand and supply meet. A nil amount is "no data".
type Cell struct {
	Key            string   // unique among the cells
	Demand, Supply *float64 // >= 0, finite
	Efficiency     *float64 // phi of SahinEfficiency, >= 0, any unit; other kinds ignore it
}

// LeftOut counts the cells that an index could not use; each is counted once.
type LeftOut struct {
	NoDemand     int // supply is known, demand is not
	NoSupply     int // demand is known, supply is not
	Neither      int
	NoEfficiency int // both sides are known, the efficiency that the kind needs is not
}

// Cells is how many cells were left out.
func (l LeftOut) Cells() int { return l.NoDemand + l.NoSupply + l.Neither + l.NoEfficiency }

// used is a cell with all that a kind needs.
type used struct {
	key            string
	at             int // place among the cells given
	demand, supply float64
	efficiency     float64
}

// sift checks the cells and keeps those that are complete, in order of their keys, so
// that sums do not depend on the order given. Errors name the cell.
func sift(cells []Cell, efficiency bool) ([]used, LeftOut, error) {
	var out []used
	var left LeftOut
	seen := make(map[string]bool, len(cells))
	for i := range cells {
		c := &cells[i]
		if seen[c.Key] {
			return nil, left, fmt.Errorf("mismatch: cell %q is given twice", c.Key)
		}
		seen[c.Key] = true
		if err := c.check(efficiency); err != nil {
			return nil, left, err
		}
		switch {
		case c.Demand == nil && c.Supply == nil:
			left.Neither++
		case c.Demand == nil:
			left.NoDemand++
		case c.Supply == nil:
			left.NoSupply++
		case efficiency && c.Efficiency == nil:
			left.NoEfficiency++
		default:
			u := used{key: c.Key, at: i, demand: *c.Demand, supply: *c.Supply}
			if efficiency {
				u.efficiency = *c.Efficiency
			}
			out = append(out, u)
		}
	}
	slices.SortFunc(out, func(a, b used) int {
		if a.key < b.key {
			return -1
		}
		return 1 // keys differ
	})
	return out, left, nil
}

func (c *Cell) check(efficiency bool) error {
	if err := amount(c.Key, "demand", c.Demand); err != nil {
		return err
	}
	if err := amount(c.Key, "supply", c.Supply); err != nil {
		return err
	}
	if efficiency {
		return amount(c.Key, "efficiency", c.Efficiency)
	}
	return nil
}

func amount(key, what string, v *float64) error {
	if v != nil && (math.IsNaN(*v) || math.IsInf(*v, 0) || *v < 0) {
		return fmt.Errorf("mismatch: %s of cell %q is %v; it must be finite and not negative", what, key, *v)
	}
	return nil
}

// totals are the sums of both sides. Amounts too large to add are an error.
func totals(cells []used) (demand, supply float64, err error) {
	var d, s sum
	for i := range cells {
		d.add(cells[i].demand)
		s.add(cells[i].supply)
	}
	demand, supply = d.value(), s.value()
	if math.IsInf(demand, 0) || math.IsNaN(demand) || math.IsInf(supply, 0) || math.IsNaN(supply) {
		return 0, 0, fmt.Errorf("mismatch: the amounts of %d cells are too large to add up", len(cells))
	}
	return demand, supply, nil
}

// sum adds with the rounding errors kept aside (Neumaier 1974), so that thousands of
// small contributions still add up to the index.
type sum struct{ total, rest float64 }

func (s *sum) add(v float64) {
	t := s.total + v
	if math.Abs(s.total) >= math.Abs(v) {
		s.rest += (s.total - t) + v
	} else {
		s.rest += (v - t) + s.total
	}
	s.total = t
}

func (s *sum) value() float64 { return s.total + s.rest }
