package hierarchy

import (
	"fmt"
	"slices"
)

// Aggregate is a node that sums bottom series. An aggregate of aggregates lists the bottom
// series below all of them.
type Aggregate struct {
	Name   string
	Bottom []string // at least one, each once
}

// Structure is which bottom series every aggregate sums. Nodes are the aggregates in the
// order given, then the bottom series in theirs.
type Structure struct {
	names   []string
	at      map[string]int
	members [][]int // bottom series, 0.., of each aggregate, ascending
	parents [][]int // aggregates of each bottom series, ascending
}

// NewStructure checks names (not empty, unique over all nodes) and sums (at least one
// bottom series, all known, none twice). Aggregates may overlap, may sum the same, and
// there may be none.
func NewStructure(bottom []string, aggregates []Aggregate) (*Structure, error) {
	if len(bottom) == 0 {
		return nil, fmt.Errorf("hierarchy: there is no bottom series")
	}
	s := &Structure{at: map[string]int{}, parents: make([][]int, len(bottom))}
	for i := range aggregates {
		s.names = append(s.names, aggregates[i].Name)
	}
	s.names = append(s.names, bottom...)
	for i, name := range s.names {
		if name == "" {
			return nil, fmt.Errorf("hierarchy: node %d has no name", i)
		}
		if _, ok := s.at[name]; ok {
			return nil, fmt.Errorf("hierarchy: node %q is given twice", name)
		}
		s.at[name] = i
	}
	for i := range aggregates {
		if err := s.sum(i, &aggregates[i]); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *Structure) sum(i int, a *Aggregate) error {
	if len(a.Bottom) == 0 {
		return fmt.Errorf("hierarchy: aggregate %q sums nothing", a.Name)
	}
	m := make([]int, 0, len(a.Bottom))
	for _, name := range a.Bottom {
		n, ok := s.at[name]
		b := n - (len(s.names) - len(s.parents))
		switch {
		case !ok:
			return fmt.Errorf("hierarchy: aggregate %q sums %q, which is no bottom series", a.Name, name)
		case b < 0:
			return fmt.Errorf("hierarchy: aggregate %q sums %q, which is an aggregate; list the bottom series below it", a.Name, name)
		}
		m = append(m, b)
	}
	slices.Sort(m)
	for j := 1; j < len(m); j++ {
		if m[j] == m[j-1] {
			return fmt.Errorf("hierarchy: aggregate %q sums %q twice", a.Name, s.names[s.aggregatesOf()+m[j]])
		}
	}
	for _, b := range m {
		s.parents[b] = append(s.parents[b], i)
	}
	s.members = append(s.members, m)
	return nil
}

func (s *Structure) aggregatesOf() int { return len(s.names) - len(s.parents) }

// Nodes are all names in order: aggregates, then bottom series.
func (s *Structure) Nodes() []string { return slices.Clone(s.names) }

// Aggregates and Bottoms are how many there are.
func (s *Structure) Aggregates() int { return s.aggregatesOf() }
func (s *Structure) Bottoms() int    { return len(s.parents) }

// Index is the place of a node, and whether there is such a node.
func (s *Structure) Index(name string) (int, bool) {
	i, ok := s.at[name]
	return i, ok
}

// Sum is the value of every node, given those of the bottom series in order. Sums run
// over bottom series in order, so equal inputs give equal bits.
func (s *Structure) Sum(bottom []float64) []float64 {
	out := make([]float64, 0, len(s.names))
	for _, m := range s.members {
		v := 0.0
		for _, b := range m {
			v += bottom[b]
		}
		out = append(out, v)
	}
	return append(out, bottom...)
}

// gap is C y: every aggregate less the sum of its parts.
func (s *Structure) gap(y []float64) []float64 {
	a := s.aggregatesOf()
	out := make([]float64, a)
	for k, m := range s.members {
		v := y[k]
		for _, b := range m {
			v -= y[a+b]
		}
		out[k] = v
	}
	return out
}

// spread is C' x: of aggregates onto all nodes.
func (s *Structure) spread(x []float64) []float64 {
	out := make([]float64, len(s.names))
	a := copy(out, x)
	for b, ps := range s.parents {
		for _, k := range ps {
			out[a+b] -= x[k]
		}
	}
	return out
}
