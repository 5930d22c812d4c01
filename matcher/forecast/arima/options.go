package arima

import (
	"errors"
	"fmt"
	"math"
)

// ErrInput marks a series or options that no model can be fitted to.
var ErrInput = errors.New("arima: bad input")

// Options bounds the search. A zero bound means zero: that part stays out.
type Options struct {
	Season       int // values per season; 0 and 1 mean none
	MaxP, MaxQ   int // autoregressive and moving average orders, at most maxOrder
	MaxSeasonalP int
	MaxSeasonalQ int
	MaxD         int // lag-one differences, at most 2
	MaxSeasonalD int // seasonal differences, at most 1

	// SeasonStrength in [0, 1] is the strength above which the series is
	// differenced over the season.
	SeasonStrength float64
	// MaxModels is how many orders the search may try, at least 1.
	MaxModels int
	// NoConstant leaves mean and drift out.
	NoConstant bool
}

const (
	maxOrder = 10  // larger orders are never better and make the factorisation slow
	minLen   = 3   // below, there is no second difference and no variance
	maxLen   = 1e6 // a guard against a mistaken unit, not a design size
)

// DefaultOptions are the bounds of forecast::auto.arima 8: orders to 5 and 2,
// strength 0.64, 94 models.
func DefaultOptions(season int) Options {
	o := Options{
		Season: season, MaxP: 5, MaxQ: 5, MaxD: 2,
		MaxSeasonalP: 2, MaxSeasonalQ: 2, MaxSeasonalD: 1,
		SeasonStrength: 0.64, MaxModels: 94,
	}
	return o
}

func (o Options) validate() error {
	for _, b := range []struct {
		name     string
		val, max int
	}{
		{"Season", o.Season, maxLen}, {"MaxP", o.MaxP, maxOrder}, {"MaxQ", o.MaxQ, maxOrder},
		{"MaxSeasonalP", o.MaxSeasonalP, maxOrder}, {"MaxSeasonalQ", o.MaxSeasonalQ, maxOrder},
		{"MaxD", o.MaxD, 2}, {"MaxSeasonalD", o.MaxSeasonalD, 1},
	} {
		if b.val < 0 || b.val > b.max {
			return fmt.Errorf("%w: %s is %d, must be in [0, %d]", ErrInput, b.name, b.val, b.max)
		}
	}
	if !(o.SeasonStrength >= 0 && o.SeasonStrength <= 1) {
		return fmt.Errorf("%w: SeasonStrength is %v, must be in [0, 1]", ErrInput, o.SeasonStrength)
	}
	if o.MaxModels < 1 {
		return fmt.Errorf("%w: MaxModels is %d, must be at least 1", ErrInput, o.MaxModels)
	}
	return nil
}

func checkSeries(y []float64) error {
	if len(y) < minLen || len(y) > maxLen {
		return fmt.Errorf("%w: %d values, must be %d to %d", ErrInput, len(y), minLen, int(maxLen))
	}
	for i, v := range y {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("%w: value %d is %v", ErrInput, i, v)
		}
	}
	return nil
}
