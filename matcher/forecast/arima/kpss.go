package arima

import "math"

// kpssCritical is the 5 % point of the level statistic: Kwiatkowski, Phillips,
// Schmidt and Shin, "Testing the null hypothesis of stationarity", Journal of
// Econometrics 54, 1992, table 1.
const kpssCritical = 0.463

// kpss returns the level statistic of x: the sum of squared partial sums of the
// deviations, over n squared and over the long-run variance with Bartlett weights.
// The lag is forecast::ndiffs's trunc(3 sqrt(n) / 13). A constant x gives 0.
func kpss(x []float64) float64 {
	n := len(x)
	if n < 2 {
		return 0
	}
	lags := int(3 * math.Sqrt(float64(n)) / 13)
	return kpssLags(x, lags)
}

func kpssLags(x []float64, lags int) float64 {
	n, mean := len(x), meanOf(x)
	sum, squares, variance := 0.0, 0.0, 0.0
	for _, v := range x {
		sum += v - mean
		squares += sum * sum
		variance += (v - mean) * (v - mean)
	}
	for l := 1; l <= lags && l < n; l++ {
		c := 0.0
		for t := l; t < n; t++ {
			c += (x[t] - mean) * (x[t-l] - mean)
		}
		variance += 2 * (1 - float64(l)/float64(lags+1)) * c
	}
	if !(variance > 0) {
		return 0
	}
	// variance still lacks 1/n, so one n of n squared is spent on it.
	return squares / (float64(n) * variance)
}

// lagOneDifferences returns how many differences x needs, at most most, so that
// KPSS no longer rejects a level at 5 %.
func lagOneDifferences(x []float64, most int) int {
	d := 0
	for d < most && len(x) > minLen-1 && !constant(x) && kpss(x) > kpssCritical {
		x = difference(x, 1)
		d++
	}
	return d
}
