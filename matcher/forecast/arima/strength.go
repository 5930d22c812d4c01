package arima

import "math"

// seasonStrength returns how strong the season of x is, in [0, 1]:
// 1 - Var(remainder) / Var(season + remainder) of an STL decomposition, at least 0.
// Source: Wang, Smith and Hyndman, "Characteristic-based clustering for time
// series data", Data Mining and Knowledge Discovery 13, 2006. It is 0 for two
// seasons or fewer, where no decomposition can tell season from noise.
func seasonStrength(x []float64, season int) float64 {
	if season < 2 || len(x) <= 2*season || constant(x) {
		return 0
	}
	seasonal, trend := stl(x, season)
	rest := make([]float64, len(x))
	both := make([]float64, len(x))
	for i, v := range x {
		both[i] = v - trend[i]
		rest[i] = both[i] - seasonal[i]
	}
	total := variance(both)
	if !(total > roundingLevel*roundingLevel) {
		return 0
	}
	return math.Max(0, math.Min(1, 1-variance(rest)/total))
}

func variance(x []float64) float64 {
	mean, s := meanOf(x), 0.0
	for _, v := range x {
		s += (v - mean) * (v - mean)
	}
	return s / float64(len(x)-1)
}

const (
	stlSeasonWindow = 11 // forecast::mstl's first window
	stlInner        = 2  // stats::stl's inner loops without robustness
)

// stl splits x into season and trend. Source: Cleveland, Cleveland, McRae and
// Terpenning, "STL: a seasonal-trend decomposition procedure based on loess",
// Journal of Official Statistics 6, 1990, with the windows of R's stats::stl.
// Departures: every point is smoothed, none interpolated; no robustness weights.
// len(x) must exceed 2*season.
func stl(x []float64, season int) (seasonal, trend []float64) {
	n := len(x)
	w := float64(season) * 1.5 / (1 - 1.5/stlSeasonWindow)
	trendWindow, lowWindow := nextOdd(int(math.Ceil(w))), nextOdd(season)
	seasonal, trend = make([]float64, n), make([]float64, n)
	cycle := make([]float64, n+2*season) // subseries smoothed, one season beyond both ends
	low, tmp := make([]float64, n+2*season), make([]float64, n+2*season)
	for range stlInner {
		for i := range x {
			tmp[i] = x[i] - trend[i]
		}
		smoothCycles(tmp[:n], season, cycle)
		a := movingAverage(cycle, season, low)
		b := movingAverage(a, season, tmp)
		c := movingAverage(b, 3, low)
		loess(c, lowWindow, 1, 0, tmp[:n])
		for i := range x {
			seasonal[i] = cycle[i+season] - tmp[i]
			tmp[i] = x[i] - seasonal[i]
		}
		loess(tmp[:n], trendWindow, 1, 0, trend)
	}
	return seasonal, trend
}

func nextOdd(n int) int { return n | 1 }

// smoothCycles smooths each of the season subseries of x with a local mean and
// writes them into out, which holds one season more at each end.
func smoothCycles(x []float64, season int, out []float64) {
	size := (len(x) + season - 1) / season
	sub, smooth := make([]float64, 0, size), make([]float64, size+2)
	for j := range season {
		sub = sub[:0]
		for i := j; i < len(x); i += season {
			sub = append(sub, x[i])
		}
		s := smooth[:len(sub)+2]
		loess(sub, stlSeasonWindow, 0, 1, s)
		for i, v := range s {
			out[j+i*season] = v
		}
	}
}

// movingAverage writes the len(x)-k+1 means of k neighbours into out and returns
// that part of it. x and out must not overlap.
func movingAverage(x []float64, k int, out []float64) []float64 {
	out = out[:len(x)-k+1]
	for i := range out {
		s := 0.0
		for _, v := range x[i : i+k] {
			s += v
		}
		out[i] = s / float64(k)
	}
	return out
}

// loess smooths x at the positions -before .. and writes len(out) values: the
// fit of the given degree, 0 or 1, with tricube weights on the window nearest
// points.
func loess(x []float64, window, degree, before int, out []float64) {
	n := len(x)
	q := min(window, n)
	for i := range out {
		at := float64(i - before)
		lo := min(max(i-before-(q-1)/2, 0), n-q)
		radius := math.Max(at-float64(lo), float64(lo+q-1)-at)
		if window > n {
			radius += float64((window - n) / 2)
		}
		out[i] = loessPoint(x[lo:lo+q], at-float64(lo), radius, degree)
	}
}

// loessPoint fits x, at positions 0, 1, ..., around at.
func loessPoint(x []float64, at, radius float64, degree int) float64 {
	var sw, sx, sxx, sy, sxy float64
	for j, v := range x {
		d := float64(j) - at
		r := math.Abs(d) / radius
		if r >= 0.999 {
			continue
		}
		w := 1.0
		if r > 0.001 {
			w = 1 - r*r*r
			w = w * w * w
		}
		sw += w
		sx += w * d
		sxx += w * d * d
		sy += w * v
		sxy += w * d * v
	}
	if !(sw > 0) {
		return meanOf(x)
	}
	if det := sw*sxx - sx*sx; degree == 1 && det > 1e-6*sw*sxx {
		return (sxx*sy - sx*sxy) / det
	}
	return sy / sw
}
