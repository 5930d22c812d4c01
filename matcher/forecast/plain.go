package forecast

import (
	"math"
	"slices"
)

// drift goes on with the mean change (the line through the first and the last value).
func drift(y, dst []float64) {
	n := len(y)
	slope := 0.0
	if n > 1 {
		slope = (y[n-1] - y[0]) / float64(n-1)
	}
	for h := range dst {
		dst[h] = y[n-1] + slope*float64(h+1)
	}
}

// seasonalNaive repeats the last period.
func seasonalNaive(y, dst []float64, period int) {
	n := len(y)
	period = max(1, min(period, n))
	for h := range dst {
		dst[h] = y[n-period+h%period]
	}
}

// robustTrend goes on from the median of the last three values with the median change,
// which no single value can move: a plain relative of Grambsch & Stahel (1990),
// Forecasting demand for special telephone services.
func robustTrend(y, dst []float64, buffer []float64) {
	n := len(y)
	d := buffer[:0]
	for t := 1; t < n; t++ {
		d = append(d, y[t]-y[t-1])
	}
	slices.Sort(d)
	slope := 0.0
	if len(d) > 0 {
		slope = (d[(len(d)-1)/2] + d[len(d)/2]) / 2
	}
	for h := range dst {
		dst[h] = y[n-1] + slope*float64(h+1)
	}
}

// croston is the method of Croston (1972) with the correction of Syntetos & Boylan
// (2005): sizes and intervals of a sparse series are smoothed apart, with the constant
// that had the smallest squared one-step errors of eight.
func croston(y, dst []float64) bool {
	best, bestSSE := 0.0, math.Inf(1)
	for step := 1; step <= 8; step++ {
		alpha := 0.05 * float64(step)
		size, gap, since, sse := 0.0, 0.0, 0.0, 0.0
		seen := false
		for _, v := range y {
			since++
			if seen {
				f := (1 - alpha/2) * size / gap
				sse += (v - f) * (v - f)
			}
			if v == 0 {
				continue
			}
			if !seen {
				size, gap, seen = v, since, true
			} else {
				size += alpha * (v - size)
				gap += alpha * (since - gap)
			}
			since = 0
		}
		if !seen {
			return false
		}
		if sse < bestSSE {
			best, bestSSE = (1-alpha/2)*size/gap, sse
		}
	}
	for h := range dst {
		dst[h] = best
	}
	return true
}

// tsb is the method of Teunter, Syntetos & Babai (2011): the probability of a demand is
// smoothed in every period and its size when there is one, so that a series that has
// ended goes to 0.
func tsb(y, dst []float64) bool {
	best, bestSSE := 0.0, math.Inf(1)
	mean, count := 0.0, 0
	for _, v := range y {
		if v != 0 {
			mean += v
			count++
		}
	}
	if count == 0 {
		return false
	}
	mean /= float64(count)
	for i := 1; i <= 6; i++ {
		for k := 1; k <= 6; k++ {
			alpha, beta := 0.05*float64(i), 0.05*float64(k)
			size, chance, sse := mean, float64(count)/float64(len(y)), 0.0
			for _, v := range y {
				f := size * chance
				sse += (v - f) * (v - f)
				if v != 0 {
					size += alpha * (v - size)
					chance += beta * (1 - chance)
				} else {
					chance -= beta * chance
				}
			}
			if sse < bestSSE {
				best, bestSSE = size*chance, sse
			}
		}
	}
	for h := range dst {
		dst[h] = best
	}
	return true
}
