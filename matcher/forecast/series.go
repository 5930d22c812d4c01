package forecast

import (
	"fmt"
	"math"
)

// Bounds of what is taken.
const (
	MinValues  = 3    // below, there is no trend to speak of
	MaxValues  = 9999 // of a series
	MaxHorizon = 1000
	MaxSeason  = 1000
)

// Series is one series, oldest value first, equally spaced. A gap is NaN; gaps before the
// first value and after the last do not count.
type Series struct {
	ID     string
	Values []float64
}

// Check says why a series can not be forecast.
func (s *Series) Check() error {
	_, err := s.clean()
	return err
}

// clean checks a series and leaves out gaps before the first value and after the last.
func (s *Series) clean() ([]float64, error) {
	y := s.Values
	for len(y) > 0 && math.IsNaN(y[0]) {
		y = y[1:]
	}
	for len(y) > 0 && math.IsNaN(y[len(y)-1]) {
		y = y[:len(y)-1]
	}
	known := 0
	for t, v := range y {
		if math.IsInf(v, 0) || math.Abs(v) > maxMagnitude {
			return nil, fmt.Errorf("value %d is %v, which is no number that can be forecast", t+1, v)
		}
		if !math.IsNaN(v) {
			known++
		}
	}
	switch {
	case known == 1:
		return nil, fmt.Errorf("has 1 value; at least %d are needed", MinValues)
	case known < MinValues:
		return nil, fmt.Errorf("has %d values; at least %d are needed", known, MinValues)
	case len(y) > MaxValues:
		return nil, fmt.Errorf("has %d values; at most %d are taken", len(y), MaxValues)
	}
	return y, nil
}

// maxMagnitude keeps squares and their sums far from overflow.
const maxMagnitude = 1e100

// filled is y with the gaps inside it replaced by the line between their neighbours, and
// those at its end by the last value: what a gap was cannot be told from what came after y.
// y itself is returned when it has no gap.
func filled(y []float64) []float64 {
	if allFinite(y) {
		return y
	}
	z := append([]float64(nil), y...)
	last := 0
	for t, v := range z {
		if math.IsNaN(v) {
			continue
		}
		for k := last + 1; k < t; k++ {
			share := float64(k-last) / float64(t-last)
			z[k] = z[last]*(1-share) + v*share
		}
		last = t
	}
	for k := last + 1; k < len(z); k++ {
		z[k] = z[last]
	}
	return z
}

// Check says which option is wrong, by the name of its field in requests, and why.
func (o *Options) Check() (field string, err error) {
	if o.Horizon < 1 || o.Horizon > MaxHorizon {
		return "horizon", fmt.Errorf("must be from 1 to %d, not %d", MaxHorizon, o.Horizon)
	}
	for i, s := range o.Seasons {
		if s < 1 || s > MaxSeason {
			return "season", fmt.Errorf("must be from 1 to %d, not %d", MaxSeason, s)
		}
		if i > 0 && s <= o.Seasons[i-1] {
			return "season", fmt.Errorf("must name rising periods: %d comes after %d", s, o.Seasons[i-1])
		}
	}
	return "", nil
}
