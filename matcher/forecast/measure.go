package forecast

import (
	"math"
)

// Accuracy is how the forecasts of a series did at its backtests. MASE and OWA are nil where
// they are not defined: when the past before an origin did not move, or Naive2 made no error.
type Accuracy struct {
	Values int      `json:"values" doc:"forecasts that could be compared"`
	SMAPE  float64  `json:"smape" doc:"percent, 0..200"`
	MASE   *float64 `json:"mase,omitempty"`
	OWA    *float64 `json:"owa,omitempty" doc:"against Naive2"`
}

// SMAPE is the symmetric mean absolute percentage error of the M competitions, 0..200: the
// mean of 200 |a - f| / (|a| + |f|), where 0 against 0 counts 0. Makridakis (1993).
func SMAPE(actual, forecast []float64) float64 {
	sum := 0.0
	for h, a := range actual {
		if d := math.Abs(a) + math.Abs(forecast[h]); d > 0 {
			sum += 200 * math.Abs(a-forecast[h]) / d
		}
	}
	return sum / float64(len(actual))
}

// MASE is the mean absolute scaled error of Hyndman & Koehler (2006): the mean absolute
// error over the mean absolute seasonal difference inside train. It is 0 when both are,
// and +Inf when only the latter is.
func MASE(train, actual, forecast []float64, season int) float64 {
	sum := 0.0
	for h, a := range actual {
		sum += math.Abs(a - forecast[h])
	}
	return over(sum/float64(len(actual)), seasonalScale(train, season))
}

// MSIS is the mean scaled interval score of the M4 competition (Gneiting & Raftery 2007):
// the width, and 2/alpha times what lies outside, over the denominator of MASE. alpha is
// 0.05 for intervals of 95 %.
func MSIS(train, actual, lo, hi []float64, season int, alpha float64) float64 {
	sum := 0.0
	for h, a := range actual {
		sum += hi[h] - lo[h]
		sum += 2 / alpha * (max(0, lo[h]-a) + max(0, a-hi[h]))
	}
	return over(sum/float64(len(actual)), seasonalScale(train, season))
}

func over(a, b float64) float64 {
	if a == 0 {
		return 0
	}
	return a / b
}

// Naive2 is the benchmark of the M competitions: the last value of the series without its
// season, which is that of classical multiplicative decomposition where the 90 % test
// finds one (additive where a value is not above 0).
func Naive2(y []float64, season, h int) []float64 {
	s := none
	if isSeasonal(y, season) {
		as := multiplicative
		if !allAbove(y, 0) {
			as = additive
		}
		if found, ok := decompose(y, season, as); ok {
			s = found
		}
	}
	z := make([]float64, len(y))
	s.remove(z, y)
	dst := make([]float64, h)
	seasonalNaive(z, dst, 1)
	s.restore(dst, len(y))
	return dst
}

// naive2 is Naive2 of the view by its shortest season.
func (v *view) naive2() []float64 {
	season := 1
	if len(v.seasons) > 0 {
		season = v.seasons[0]
	}
	return Naive2(v.y, season, v.h)
}
