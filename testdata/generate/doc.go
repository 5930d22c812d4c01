// Package generate makes the generated part of the five scenarios in
// testdata/scenarios: the unnamed members of each alliance, and demands, programs,
// agreements, outcomes and series with enough structure for reports to mean
// something (skills that few teach, trades that many teach, graduates who are far
// away, free text of every quality).
//
// What goes in: the trades (trades.txt), the scenarios' sizes and mixes
// (scenarios.go), the built-in taxonomy and regions, and the organizations of each
// scenario's hand-written core. What comes out: valid records, each with the note
// "generated". It is a pure function: a record depends on its scenario, kind and
// number alone, so that changing one trade does not reshuffle the others. What is
// left out: anything that claims to be a fact; those are hand-written in core.ndjson.
package generate

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"

	"talentmatch/talent"
)

// Note marks every record made here, so that no sample is taken for a fact.
const Note = "generated"

// Scenario makes the generated records of one scenario ("a".."e"), referred-to
// before referring. The error is about the embedded specification: a trade that
// names a skill or occupation which the taxonomy does not have.
func Scenario(letter string) ([]talent.Record, error) {
	g, err := newGenerator(letter)
	if err != nil {
		return nil, fmt.Errorf("scenario %s: %w", letter, err)
	}
	g.organizations()
	if err := g.programs(); err != nil {
		return nil, fmt.Errorf("scenario %s: %w", letter, err)
	}
	g.demands()
	g.agreements()
	g.outcomes()
	g.series()
	for _, rec := range g.out {
		if err := talent.Validate(rec); err != nil {
			return nil, fmt.Errorf("scenario %s: %w", letter, err)
		}
	}
	return g.out, nil
}

// A dice is the random source of one record.
type dice struct{ *rand.Rand }

// dice is seeded by what the record is: scenario, kind and number.
func (g *generator) dice(kind string, n int) dice {
	h := fnv.New64a()
	h.Write([]byte(g.spec.letter + "/" + kind))
	return dice{rand.New(rand.NewPCG(h.Sum64(), uint64(n)))}
}

// chance is true with probability p.
func (d dice) chance(p float64) bool { return d.Float64() < p }

// between is a whole number in [lo, hi].
func (d dice) between(lo, hi int) int { return lo + d.IntN(hi-lo+1) }

// zipf is an index in [0, n) with probability proportional to 1/(i+1)^0.7, so that
// the first few of a list do most and the last still something.
func (d dice) zipf(n int) int {
	total := 0.0
	for i := range n {
		total += math.Pow(float64(i+1), -0.7)
	}
	u := d.Float64() * total
	for i := range n {
		if u -= math.Pow(float64(i+1), -0.7); u < 0 {
			return i
		}
	}
	return n - 1
}

// weighted is an index drawn in proportion to the weights.
func (d dice) weighted(weights []int) int {
	total := 0
	for _, w := range weights {
		total += w
	}
	u := d.IntN(max(total, 1))
	for i, w := range weights {
		if u -= w; u < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// pick draws one of the list.
func pick[T any](d dice, list []T) T { return list[d.IntN(len(list))] }

// round keeps n decimals, so that files stay readable.
func round(v float64, n int) *float64 {
	p := math.Pow10(n)
	r := math.Round(v*p) / p
	return &r
}
