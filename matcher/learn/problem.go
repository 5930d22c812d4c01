package learn

import (
	"fmt"
	"math"
	"slices"
)

// A Candidate is one counterpart of a query.
type Candidate struct {
	ID       string
	Features []float32 // in the order of Problem.Features
	Parts    []float32 // its components, in the order of Problem.Components
	Default  float64   // its score by the defaults, 0..1
	Mass     float64   // how much of the query's text it explains, in nats
}

// A Query is a labelled query with its candidates.
type Query struct {
	Known
	Candidates []Candidate // by Default, best first, ties by id; matches not among them are missed
	Company    float64     // likeness of its names to those of its nearest kind; NaN unknown
}

// Problem is what there is to learn from.
type Problem struct {
	Features   []string // names of Candidate.Features
	Components []string // names of Candidate.Parts: the components that weights are suggested for
	Queries    []Query  // in the order of ids
	Alike      func(a, b int) float64
}

// Bounds of what is learned from, so that memory stays below about 300 MB.
const (
	MaxQueries    = 2000
	MaxCandidates = 1000
	MinQueries    = 20 // with a match
)

// Names of the evidence features, which the package adds to those of the problem.
const (
	FeatureAlike = "known_alike"
	FeatureKin   = "known_kin"
)

func (p *Problem) validate() error {
	if len(p.Features) == 0 {
		return fmt.Errorf("no features")
	}
	if len(p.Queries) > MaxQueries {
		return fmt.Errorf("%d labelled queries, at most %d can be learned from", len(p.Queries), MaxQueries)
	}
	with := 0
	for i := range p.Queries {
		q := &p.Queries[i]
		if i > 0 && p.Queries[i-1].ID >= q.ID {
			return fmt.Errorf("queries are not in the order of ids at %s", q.ID)
		}
		if len(q.Gains) > 0 {
			with++
		}
		for id, g := range q.Gains {
			if !(g > 0) || math.IsInf(g, 0) {
				return fmt.Errorf("query %s: the gain of %s is %v, must be above 0", q.ID, id, g)
			}
		}
		for _, c := range q.Candidates {
			if len(c.Features) != len(p.Features) {
				return fmt.Errorf("query %s: candidate %s has %d features, want %d", q.ID, c.ID, len(c.Features), len(p.Features))
			}
			if len(c.Parts) != len(p.Components) {
				return fmt.Errorf("query %s: candidate %s has %d components, want %d", q.ID, c.ID, len(c.Parts), len(p.Components))
			}
			for _, v := range append(slices.Clone(c.Features), c.Parts...) {
				if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
					return fmt.Errorf("query %s: candidate %s: a feature is not a number", q.ID, c.ID)
				}
			}
		}
	}
	if with < MinQueries {
		return fmt.Errorf("%d queries with known matches, need at least %d to learn from", with, MinQueries)
	}
	return nil
}

// features is the names of all features, evidence last.
func (p *Problem) features() []string {
	return append(append([]string(nil), p.Features...), FeatureAlike, FeatureKin)
}

// rows is the features of one query's candidates, row after row, with the evidence in
// the last two columns.
func (q *Query) rows(e Evidence) []float32 {
	var out []float32
	for i := range q.Candidates {
		out = append(out, q.Candidates[i].Features...)
		out = append(out, float32(e.Alike[q.Candidates[i].ID]), float32(e.Kin[q.Candidates[i].ID]))
	}
	return out
}
