package learn

import (
	"cmp"
	"slices"
)

// Known is a query whose matches are known.
type Known struct {
	ID    string
	Group string             // queries of one group are measured together
	Class string             // broad field, "" unknown: queries of one class are kin
	Gains map[string]float64 // candidate -> gain > 0; empty: it is known that nothing fits
}

// The evidence rule. Neighbours and power are flat between 10 and 40 and between 1 and 3
// on cip-soc dev; without the bonus for kin, nDCG@10 there is .05 lower.
const (
	neighbours = 20  // known queries that vote
	votePower  = 2   // a vote counts likeness to this power
	kinBonus   = 0.2 // added to the likeness of two queries of one class
)

// MaxKnown bounds a memory: finding the neighbours walks all of it.
const MaxKnown = 5000

// Memory is the known queries that vote on others.
type Memory struct {
	known   []Known
	byClass map[string][]int
}

// NewMemory keeps the first MaxKnown in the order of ids.
func NewMemory(known []Known) *Memory {
	m := &Memory{known: slices.Clone(known), byClass: map[string][]int{}}
	slices.SortFunc(m.known, func(a, b Known) int { return cmp.Compare(a.ID, b.ID) })
	m.known = m.known[:min(len(m.known), MaxKnown)]
	for i := range m.known {
		if c := m.known[i].Class; c != "" {
			m.byClass[c] = append(m.byClass[c], i)
		}
	}
	return m
}

// Known lists the memory in the order in which likeness is given.
func (m *Memory) Known() []Known { return m.known }

// Evidence is what known queries say about one.
type Evidence struct {
	Alike    map[string]float64 // candidate -> share of the nearest queries' votes, 0..1
	Kin      map[string]float64 // candidate -> share of the known queries of its class that it suited, 0..1
	Answered float64            // share of the nearest queries, weighted by likeness, that have a match at all; 1 without neighbours
}

// Candidates lists who has any evidence, in order of it (alike and kin together), then id.
func (e *Evidence) Candidates() []string {
	var out []string
	for id := range e.Alike {
		out = append(out, id)
	}
	for id := range e.Kin {
		if _, ok := e.Alike[id]; !ok {
			out = append(out, id)
		}
	}
	slices.SortFunc(out, func(a, b string) int {
		return cmp.Or(cmp.Compare(e.Alike[b]+e.Kin[b], e.Alike[a]+e.Kin[a]), cmp.Compare(a, b))
	})
	return out
}

type neighbour struct {
	i     int
	alike float64
}

// Evidence asks the memory about a query of a class. alike[i] is its likeness to the i-th
// known query, 0..1; skip leaves known queries out (its own and its group's).
func (m *Memory) Evidence(class string, alike []float64, skip func(i int) bool) Evidence {
	e := Evidence{Alike: map[string]float64{}, Kin: map[string]float64{}, Answered: 1}
	e.vote(m, m.nearest(alike, skip, func(i int) float64 {
		if class != "" && m.known[i].Class == class {
			return kinBonus
		}
		return 0
	}))
	e.answered(m, m.nearest(alike, skip, func(int) float64 { return 0 }))
	kin := 0
	for _, i := range m.byClass[class] {
		if skip(i) || len(m.known[i].Gains) == 0 {
			continue
		}
		kin++
		for id, gain := range relative(m.known[i].Gains) {
			e.Kin[id] += gain
		}
	}
	for id := range e.Kin {
		e.Kin[id] /= float64(kin)
	}
	return e
}

// nearest is the known queries with the highest likeness above 0, ties by id.
func (m *Memory) nearest(alike []float64, skip func(int) bool, bonus func(int) float64) []neighbour {
	var all []neighbour
	for i := range m.known {
		if v := alike[i] + bonus(i); v > 0 && !skip(i) {
			all = append(all, neighbour{i, v})
		}
	}
	slices.SortFunc(all, func(a, b neighbour) int { return cmp.Or(cmp.Compare(b.alike, a.alike), cmp.Compare(a.i, b.i)) })
	return all[:min(neighbours, len(all))]
}

func power(v float64) float64 {
	out := 1.0
	for range votePower {
		out *= v
	}
	return out
}

func (e *Evidence) vote(m *Memory, near []neighbour) {
	sum := 0.0
	for _, n := range near {
		sum += power(n.alike)
	}
	for _, n := range near {
		for id, gain := range relative(m.known[n.i].Gains) {
			e.Alike[id] += power(n.alike) * gain / sum
		}
	}
}

func (e *Evidence) answered(m *Memory, near []neighbour) {
	sum, with := 0.0, 0.0
	for _, n := range near {
		sum += n.alike
		if len(m.known[n.i].Gains) > 0 {
			with += n.alike
		}
	}
	if sum > 0 {
		e.Answered = with / sum
	}
}

// relative is gains over the highest, so that queries with many hires do not drown others.
func relative(gains map[string]float64) map[string]float64 {
	top := 0.0
	for _, g := range gains {
		top = max(top, g)
	}
	return scaled(gains, top)
}

func scaled(gains map[string]float64, by float64) map[string]float64 {
	out := make(map[string]float64, len(gains))
	for id, g := range gains {
		out[id] = g / by
	}
	return out
}
