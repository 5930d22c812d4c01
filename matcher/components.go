package matcher

import (
	"fmt"
	"math"

	"talentmatch/talent"
)

// Component is one part of the score.
type Component int

// The components, in the order of DESIGN section 4.
const (
	Skills Component = iota // is the demand's side covered?
	Text                    // likeness of the two texts
	Focus                   // how much of the program is asked for
	Place                   // nearness of the two regions
	Timing                  // do graduates leave when they are needed?
	NumComponents
)

// componentNames are the JSON names.
var componentNames = [NumComponents]string{"skills", "text", "focus", "place", "timing"}

// String is the component's name in JSON and tables.
func (c Component) String() string { return componentNames[c] }

// Weights are the betas of the score. Zero means zero: the component does not
// count. Only their proportions matter.
type Weights struct {
	Skills float64 `json:"skills" minimum:"0"`
	Text   float64 `json:"text" minimum:"0"`
	Focus  float64 `json:"focus" minimum:"0"`
	Place  float64 `json:"place" minimum:"0"`
	Timing float64 `json:"timing" minimum:"0"`
}

// DefaultWeights are the defaults of DESIGN section 4.
func DefaultWeights() Weights {
	return Weights{Skills: .5, Text: .2, Focus: .1, Place: .1, Timing: .1}
}

// leastWeight is the least sum of weights: quotients of much smaller numbers have few
// digits left.
const leastWeight = 1e-9

// Array is the weights in component order. One below leastWeight is none: beside others
// it changes nothing, and alone its products have no digits.
func (w Weights) Array() [NumComponents]float64 {
	out := w.array()
	for k, v := range out {
		if v < leastWeight {
			out[k] = 0
		}
	}
	return out
}

func (w Weights) array() [NumComponents]float64 {
	return [NumComponents]float64{w.Skills, w.Text, w.Focus, w.Place, w.Timing}
}

// Validate refuses negative, infinite and undefined weights, and all zeros.
func (w Weights) Validate() error {
	sum := 0.0
	for k, v := range w.array() {
		if v < 0 || math.IsNaN(v) || math.IsInf(v, 0) || v > 1e6 {
			return talent.Invalid("weights."+Component(k).String(), fmt.Sprint(v), "must be from 0 to 1000000")
		}
		sum += v
	}
	if sum < leastWeight {
		return talent.Invalid("weights", "", "must not all be zero, or below %g together", leastWeight)
	}
	return nil
}

// noData is a component's value where the program has no data for it.
const noData = 0.5

// A Gate is a reason for which a pair is not eligible at all.
type Gate int

// The gates, in the order in which they are tried; a pair is counted at the
// first that stops it.
const (
	GateStatus    Gate = iota // the demand is filled or closed
	GateEducation             // the program's award is below the demand's minimum
	GateTiming                // cohorts are listed, but none with graduates at -24..36 months
	GateRequired              // a required skill is met with credit below 0.5
	NumGates
)

var gateNames = [NumGates]string{"status", "education", "timing", "required_skill"}

// String is the gate's name in JSON and tables.
func (g Gate) String() string { return gateNames[g] }

// requiredCredit is the credit that a required skill needs.
const requiredCredit = wholeCredit / 2

// fit[m][l] is min(1, m/l) in sixtieths, for a held level m and a needed level l, both
// 1..5, all of which divide sixty.
var fit = func() (f [8][8]uint32) {
	for m := uint32(1); m <= 5; m++ {
		for l := uint32(1); l <= 5; l++ {
			f[m][l] = 60 * min(m, l) / l
		}
	}
	return f
}()

// wholeCredit is a credit of 1 in the units of creditOf, in which every credit is a whole
// number: a credit is one value whoever works it out, and a gate falls the same way
// everywhere.
const wholeCredit = 1000 * 100 * 60

// creditOf is what a held skill of level m earns for a need of level l: sim in
// thousandths, confidence in hundredths.
func creditOf(sim uint16, m, l, confidence uint8) uint32 {
	return uint32(sim) * uint32(confidence) * fit[m&7][l&7]
}

// creditValue is a credit in [0,1].
func creditValue(c uint32) float64 { return float64(c) / wholeCredit }

// wholeLikeness is a similarity of 1 at full confidence, as focus adds it up.
const wholeLikeness = 1000 * 100

// Score is a pair's score with its parts.
type Score struct {
	Total      float64                // in [0,1], rounded to 1e-9
	Parts      [NumComponents]float64 // each in [0,1]
	Counted    [NumComponents]bool    // the demand has data for it, so it counts
	NoData     [NumComponents]bool    // the program has none, so its part is 0.5
	Unverified bool                   // required skills could not be checked: no known skill
}

// ForCohort is the total when one cohort's timing stands in for the program's, as the
// seats of a cohort are allocated; ok is false for a cohort outside -24..36 months of the
// start. Without data on timing it is Total.
func (s *Score) ForCohort(year, start int, w Weights) (total float64, ok bool) {
	if start == NoStart || !s.Counted[Timing] || s.NoData[Timing] {
		return s.Total, true
	}
	v, ok := CohortTiming(year, start)
	if !ok {
		return 0, false
	}
	other, beta := *s, w.Array()
	other.Parts[Timing] = v
	other.total(&beta)
	return other.Total, true
}

// total combines the parts: sum of beta*c over sum of beta, over what counts.
func (s *Score) total(beta *[NumComponents]float64) {
	sum, norm := s.sums(beta)
	if norm == 0 {
		s.Total = 0
		return
	}
	s.Total = round9(sum / norm)
}

func (s *Score) sums(beta *[NumComponents]float64) (sum, norm float64) {
	for k := range s.Parts {
		if s.Counted[k] {
			sum += beta[k] * s.Parts[k]
			norm += beta[k]
		}
	}
	return sum, norm
}

// below reports whether the total is surely below a floor; parts that are bounds make it
// one.
func (s *Score) below(floor float64, beta *[NumComponents]float64) bool {
	sum, norm := s.sums(beta)
	return sum < (floor-2e-9)*norm // the total is rounded
}

// round9 rounds to 1e-9, which makes ties of scores that differ only by the order
// of summation.
func round9(v float64) float64 { return math.Round(v*1e9) / 1e9 }
