package skillspace

import (
	"fmt"
	"math"
)

// Options are the constants of a space; DefaultOptions has the measured ones. A
// weight of zero means zero: CooccurrenceMost 0 or TextMost 0 leaves that part out.
type Options struct {
	Neighbours int // listed per skill, 1 or more; structural ones are listed even beyond it

	// Structure: what a step is worth, 0..1.
	Narrower       float64 // each step down: who can do the special case mostly covers the general one
	Broader        float64 // each step up
	Related        float64 // a peer, one step only
	StructureLeast float64 // what is less similar does not count
	StructureMost  int     // at most so many a skill

	// Co-occurrence.
	Smoothing        float64 // exponent of the context distribution, 0..1
	Shift            float64 // k of shifted PPMI, > 0; ln k is subtracted
	PairsPerSkill    int     // entries kept per skill: bounds memory at 16 bytes each
	Dimensions       int     // eigenpairs at most
	Power            float64 // embeddings are V L^Power
	Tolerance        float64 // largest |A v - lambda v| / |lambda_1| of an eigenpair that is used
	Doubt            float64 // observations at which a skill's company is believed by half
	CooccurrenceMost float64 // what a cosine of 1 is worth when fully believed

	// Text.
	TextMost float64 // what a cosine of 1 is worth

	// Blend.
	Most  float64 // what co-occurrence and text can be worth together
	Least float64 // a neighbour by statistics alone is listed from here on

	Seed uint64
}

// DefaultOptions are the constants in use.
func DefaultOptions() Options {
	return Options{
		Neighbours: 24,
		Narrower:   .8, Broader: .5, Related: .5, StructureLeast: .3, StructureMost: 63,
		Smoothing: .75, Shift: 1, PairsPerSkill: 256, Dimensions: 128, Power: 1, Tolerance: .001,
		Doubt: 3, CooccurrenceMost: .45,
		TextMost: .8,
		Most:     .6, Least: .05,
		Seed: 1,
	}
}

func (o *Options) validate() error {
	for _, f := range []struct {
		name   string
		v      float64
		lo, hi float64
		loExcl bool
	}{
		{"Narrower", o.Narrower, 0, 1, false}, {"Broader", o.Broader, 0, 1, false}, {"Related", o.Related, 0, 1, false},
		{"StructureLeast", o.StructureLeast, 0, 1, true},
		{"Smoothing", o.Smoothing, 0, 1, false}, {"Shift", o.Shift, 0, 1e6, true}, {"Power", o.Power, 0, 4, false},
		{"Tolerance", o.Tolerance, 0, 1, true}, {"Doubt", o.Doubt, 0, 1e9, false},
		{"CooccurrenceMost", o.CooccurrenceMost, 0, 1, false}, {"TextMost", o.TextMost, 0, 1, false},
		{"Most", o.Most, 0, 1, false}, {"Least", o.Least, 0, 1, false},
	} {
		if !(f.v >= f.lo && f.v <= f.hi) || f.loExcl && f.v == f.lo || math.IsNaN(f.v) {
			return fmt.Errorf("%w: %s is %v, must be %g..%g", ErrOptions, f.name, f.v, f.lo, f.hi)
		}
	}
	for _, f := range []struct {
		name      string
		v, lo, hi int
	}{
		{"Neighbours", o.Neighbours, 1, 1000}, {"StructureMost", o.StructureMost, 0, 1000},
		{"PairsPerSkill", o.PairsPerSkill, 1, 1 << 16}, {"Dimensions", o.Dimensions, 1, 1024},
	} {
		if f.v < f.lo || f.v > f.hi {
			return fmt.Errorf("%w: %s is %d, must be %d..%d", ErrOptions, f.name, f.v, f.lo, f.hi)
		}
	}
	return nil
}
