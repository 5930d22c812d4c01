package arima

import "math"

// difference returns x[t] - x[t-lag], lag values shorter.
func difference(x []float64, lag int) []float64 {
	if len(x) <= lag {
		return nil
	}
	out := make([]float64, len(x)-lag)
	for i := range out {
		out[i] = x[i+lag] - x[i]
	}
	return out
}

// differenceAll takes the seasonal differences, then those at lag one.
func differenceAll(y []float64, o Order) []float64 {
	for range o.SD {
		y = difference(y, o.Season)
	}
	for range o.D {
		y = difference(y, 1)
	}
	return y
}

// differencePolynomial returns g with y[t] = z[t] + sum g[i] y[t-1-i], z being the
// differenced series.
func differencePolynomial(o Order) []float64 {
	g := make([]float64, o.lost()+1)
	g[0] = 1
	apply := func(lag int) {
		for i := len(g) - 1; i >= lag; i-- {
			g[i] -= g[i-lag]
		}
	}
	for range o.D {
		apply(1)
	}
	for range o.SD {
		apply(o.Season)
	}
	for i := range g {
		g[i] = -g[i]
	}
	return g[1:]
}

// constant reports whether x varies by no more than rounding in values of size 1.
// It is called with series scaled to that size, and with their differences.
func constant(x []float64) bool {
	for _, v := range x {
		if math.Abs(v-x[0]) > roundingLevel {
			return false
		}
	}
	return true
}

// roundingLevel is a few thousand units in the last place of 1: data with 15
// digits differenced three times stay below.
const roundingLevel = 1e-12

func meanOf(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v
	}
	return s / float64(len(x))
}

func maxAbs(x []float64) float64 {
	m := 0.0
	for _, v := range x {
		m = math.Max(m, math.Abs(v))
	}
	return m
}
