package gap

import (
	"cmp"
	"slices"
)

// MaxDims is how many dimensions a tally can have.
const MaxDims = 3

// Key is a cell's value per dimension; unused dimensions are "".
type Key [MaxDims]string

// Observation is what one record adds: its amount counts in full in every
// combination of its values.
type Observation struct {
	ID     string
	Amount float64           // heads or graduates, >= 0
	Values [MaxDims][]string // per dimension; a record without values adds nothing
}

// Cell is one combination of values. A nil amount is "no data", which is not 0.
type Cell struct {
	Key                 Key
	Demand, Supply      *float64
	Demands, Programs   int // records behind the amounts
	DemandIDs, Supplied []string
}

// Gap is demand minus supply; nil when either has no data.
func (c *Cell) Gap() *float64 {
	if c.Demand == nil || c.Supply == nil {
		return nil
	}
	v := *c.Demand - *c.Supply
	return &v
}

// Ratio is supply over demand; nil when either has no data or there is no demand.
func (c *Cell) Ratio() *float64 {
	if c.Demand == nil || c.Supply == nil || *c.Demand == 0 {
		return nil
	}
	v := *c.Supply / *c.Demand
	return &v
}

// Tally adds up observations of both sides over the same dimensions.
type Tally struct {
	dims     int
	ids      int // ids kept per cell and side
	cells    map[Key]*sums
	anyD     bool // some demand had values for every dimension
	anyS     bool
	totalD   float64
	totalS   float64
	scratchK []Key
}

type sums struct {
	demand, supply    float64
	demands, programs int
	demandIDs, supIDs []string
}

// NewTally makes a tally over dims dimensions, 1..MaxDims, that remembers the
// smallest ids of each cell.
func NewTally(dims, ids int) *Tally {
	return &Tally{dims: dims, ids: ids, cells: map[Key]*sums{}}
}

// Demand adds a demand.
func (t *Tally) Demand(o Observation) {
	t.each(&o, func(s *sums) {
		s.demand += o.Amount
		s.demands++
		s.demandIDs = t.keep(s.demandIDs, o.ID)
	})
	if len(t.scratchK) > 0 {
		t.anyD = true
		t.totalD += o.Amount
	}
}

// Supply adds a program's graduates.
func (t *Tally) Supply(o Observation) {
	t.each(&o, func(s *sums) {
		s.supply += o.Amount
		s.programs++
		s.supIDs = t.keep(s.supIDs, o.ID)
	})
	if len(t.scratchK) > 0 {
		t.anyS = true
		t.totalS += o.Amount
	}
}

// keep adds an id to the smallest ones of a cell, which do not depend on the order
// in which records come.
func (t *Tally) keep(ids []string, id string) []string {
	i, found := slices.BinarySearch(ids, id)
	if found || (i == len(ids) && len(ids) == t.ids) {
		return ids
	}
	ids = slices.Insert(ids, i, id)
	return ids[:min(len(ids), t.ids)]
}

// Totals are the amounts of both sides, each record counted once.
func (t *Tally) Totals() (demand, supply float64) { return t.totalD, t.totalS }

func (t *Tally) each(o *Observation, add func(*sums)) {
	t.scratchK = t.scratchK[:0]
	var k Key
	t.combine(o, 0, k)
	for _, k := range t.scratchK {
		s := t.cells[k]
		if s == nil {
			s = &sums{}
			t.cells[k] = s
		}
		add(s)
	}
}

func (t *Tally) combine(o *Observation, dim int, k Key) {
	if dim == t.dims {
		t.scratchK = append(t.scratchK, k)
		return
	}
	for _, v := range o.Values[dim] {
		k[dim] = v
		t.combine(o, dim+1, k)
	}
}

// Cells are all cells, the largest gap first, then by demand, then by key. A side
// that has data somewhere counts 0 where it has no record; a side without any data
// for these dimensions is nil everywhere.
func (t *Tally) Cells() []Cell {
	out := make([]Cell, 0, len(t.cells))
	for k, s := range t.cells {
		c := Cell{Key: k, Demands: s.demands, Programs: s.programs, DemandIDs: s.demandIDs, Supplied: s.supIDs}
		if t.anyD {
			c.Demand = &s.demand
		}
		if t.anyS {
			c.Supply = &s.supply
		}
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b Cell) int {
		if c := cmp.Compare(sortValue(&b), sortValue(&a)); c != 0 {
			return c
		}
		if c := cmp.Compare(amount(b.Demand), amount(a.Demand)); c != 0 {
			return c
		}
		for d := range a.Key {
			if c := cmp.Compare(a.Key[d], b.Key[d]); c != 0 {
				return c
			}
		}
		return 0
	})
	return out
}

// sortValue orders cells by their gap; without one, by what there is.
func sortValue(c *Cell) float64 { return amount(c.Demand) - amount(c.Supply) }

func amount(v *float64) float64 {
	if v == nil {
		return 0
	}
	return *v
}
