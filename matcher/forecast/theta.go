package forecast

import "math"

// theta is the Theta method of Assimakopoulos & Nikolopoulos (2000) as Hyndman & Billah
// (2003) showed it to be: simple exponential smoothing with a drift of half the slope of
// the regression on time. y is without season.
func theta(y, dst []float64, w *etsWork) bool {
	e, ok := fitETS(y, etsForm{'A', 'N', noSeason}, &none, false, w)
	if !ok {
		return false
	}
	_, slope := regression(y)
	n := float64(len(y))
	for h := range dst {
		dst[h] = e.level + slope/2*(float64(h)+1/e.alpha-math.Pow(1-e.alpha, n)/e.alpha)
	}
	return true
}

// regression is the least-squares line a + b t, t from 0.
func regression(y []float64) (a, b float64) {
	n := float64(len(y))
	mt, my := (n-1)/2, mean(y)
	num, den := 0.0, 0.0
	for t, v := range y {
		num += (float64(t) - mt) * (v - my)
		den += (float64(t) - mt) * (float64(t) - mt)
	}
	if den > 0 {
		b = num / den
	}
	return my - b*mt, b
}

// optimisedTheta is the dynamic optimised theta model (DOTM) of Fiorucci, Pellegrini,
// Louzada, Petropoulos & Koehler (2016), Models for optimising the theta method: the
// level at the start, the smoothing constant and theta itself are found together by least
// squares, and the line is estimated anew with every value. y is without season.
func optimisedTheta(y, dst []float64) bool {
	if len(y) < 4 {
		return false
	}
	scale := 0.0
	for _, v := range y {
		scale += math.Abs(v)
	}
	scale /= float64(len(y))
	if scale == 0 {
		scale = 1
	}
	f := func(x []float64) float64 {
		if x[1] > 12 || x[1] < -12 || x[2] > 7 || x[2] < -12 {
			return math.Inf(1)
		}
		return runTheta(y, x[0]*scale, logistic(x[1]), 1+math.Exp(x[2]), nil)
	}
	start := [...]float64{y[0] / scale, 0, 0}
	step := [...]float64{0.2, 1.5, 1}
	best, value := minimise(f, start[:], step[:], 300)
	if math.IsInf(value, 0) || math.IsNaN(value) {
		return false
	}
	runTheta(y, best[0]*scale, logistic(best[1]), 1+math.Exp(best[2]), dst)
	return true
}

// runTheta runs the recursions (op. cit., eq. 10-15) over y and returns the sum of squared
// errors from the third value on (the line needs two), and the forecasts in dst.
func runTheta(y []float64, level, alpha, theta float64, dst []float64) (sse float64) {
	n := len(y)
	l := level
	mean, a, b := 0.0, 0.0, 0.0
	power := 1.0 // (1 - alpha)^t
	for t := range n + len(dst) {
		mu := l + (1-1/theta)*(power*a+(1-power*(1-alpha))/alpha*b)
		if t == 0 {
			mu = l + (1-1/theta)*a
		}
		v := mu
		if t < n {
			v = y[t]
			if t >= 2 {
				sse += (v - mu) * (v - mu)
			}
		} else {
			dst[t-n] = mu
		}
		l += alpha * (v - l)
		power *= 1 - alpha
		k := float64(t + 1)
		b = ((k-2)*b + 6*(v-mean)/k) / (k + 1)
		if t == 0 {
			b = 0
		}
		mean += (v - mean) / k
		a = mean - b*(k+1)/2
	}
	return sse
}
