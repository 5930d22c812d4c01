package market

import (
	"math"
	"slices"

	"talentmatch/matcher/forecast"
)

// A spread is a number with its intervals, as distances from it.
type spread struct{ mean, down80, up80, down95, up95 float64 }

// normal80 is the half width of a normal interval of 80 % in standard deviations; normal95 is that of 95 %.
const normal80 = 1.2815515655446004

// sumsOf are weighted sums of a forecast's steps with their intervals, one for each list of weights.
//
// Errors of steps go together: what a forecast missed in one month it tends to miss in the
// next. How much follows from how fast intervals widen, as if the series were a random
// walk with noise (simple exponential smoothing; Hyndman, Koehler, Ord & Snyder 2008, chapter 6):
// there the variance of step h is sigma² (1 + (h-1) alpha²), and the covariance of the steps h < j is
// sigma² (alpha + (h-1) alpha²). alpha is that of the first spreadReach steps (smoothing). A sum's lower end is not
// below 0 where the series has no negative value.
func sumsOf(f *forecast.Forecast, weights [][]float64) []spread {
	n := len(f.Mean)
	half80, half95 := make([]float64, n), make([]float64, n)
	bounded := true
	for h := range n {
		// The lower side may have been cut at 0.
		half80[h] = max(f.Hi80[h]-f.Mean[h], f.Mean[h]-f.Lo80[h])
		half95[h] = max(f.Hi95[h]-f.Mean[h], f.Mean[h]-f.Lo95[h])
		bounded = bounded && f.Lo95[h] >= 0
	}
	out := make([]spread, len(weights))
	for y, w := range weights {
		s := &out[y]
		for h, v := range w {
			s.mean += v * f.Mean[h]
		}
		s.up80, s.up95 = widthOfSum(half80, w), widthOfSum(half95, w)
		s.down80, s.down95 = s.up80, s.up95
		if bounded {
			s.down80, s.down95 = min(s.down80, s.mean), min(s.down95, s.mean)
		}
	}
	return out
}

// widthOfSum is the half width of a weighted sum of steps with these half widths.
func widthOfSum(half, weights []float64) float64 {
	alpha := smoothing(half)
	sum := 0.0
	for h, w := range weights {
		if w == 0 {
			continue
		}
		own := 1 + float64(h)*alpha*alpha
		sum += w * w * half[h] * half[h]
		for j := h + 1; j < len(weights); j++ {
			if weights[j] == 0 {
				continue
			}
			r := (alpha + float64(h)*alpha*alpha) / math.Sqrt(own*(1+float64(j)*alpha*alpha))
			sum += 2 * r * w * weights[j] * half[h] * half[j]
		}
	}
	return math.Sqrt(max(0, sum))
}

// spreadReach is how many steps say how fast intervals widen.
const spreadReach = 24

// reachYears are how many years ahead is forecast. How far it is decides what a forecast is made of,
// so each year is read from one of the least reach that has it: else its numbers would depend on how many
// years are asked for. Up to three years are one forecast, five are two, ten three.
var reachYears = []int{4, 6, 11}

// reachOf is how many periods are forecast for the last of so many, parts to a year.
func reachOf(steps, parts int) int {
	for _, years := range reachYears {
		if steps <= years*parts {
			return years * parts
		}
	}
	return farthest(steps, parts)
}

// farthest is the reach of the last year that can be asked for, or that many again for series that ended
// long ago.
func farthest(steps, parts int) int {
	most := reachYears[len(reachYears)-1] * parts
	return max(steps, min(forecast.MaxHorizon, (max(steps, 1)+most-1)/most*most))
}

// reaches are the different reaches of years, of which the last steps are given.
func reaches(last []int, parts int) (out []int) {
	for _, n := range last {
		out = append(out, reachOf(n, parts))
	}
	return slices.Compact(out) // later years reach farther
}

// smoothing is the alpha, 0..1, with which intervals widen as these do over the first spreadReach steps:
// that of the line 1 + (h-1) alpha² nearest, by least squares, to their squares over the first one's.
func smoothing(half []float64) float64 {
	if len(half) < 2 || half[0] <= 0 {
		return 0
	}
	rise, run := 0.0, 0.0
	for h, w := range half[:min(spreadReach, len(half))] {
		r := w / half[0]
		rise += float64(h) * (r*r - 1)
		run += float64(h * h)
	}
	return math.Sqrt(min(1, max(0, rise/run)))
}

// plus adds something certain.
func (s spread) plus(v float64) spread {
	s.mean += v
	return s
}

// without takes away a part that is known: the rest is as uncertain, and not below 0.
func (s spread) without(v float64) spread {
	s.mean = max(0, s.mean-v)
	s.down80, s.down95 = min(s.down80, s.mean), min(s.down95, s.mean)
	return s
}

// times multiplies.
func (s spread) times(v float64) spread {
	return spread{v * s.mean, v * s.down80, v * s.up80, v * s.down95, v * s.up95}
}

// less is what is left when something of this variance, independent, is taken away: errors of both
// sides add up as squares.
func (s spread) less(v, variance float64) spread {
	sd := math.Sqrt(variance)
	return spread{
		s.mean - v, math.Hypot(s.down80, normal80*sd), math.Hypot(s.up80, normal80*sd),
		math.Hypot(s.down95, normal95*sd), math.Hypot(s.up95, normal95*sd),
	}
}

// shortage is the probability that a head is missing. People are whole, and this number is not,
// so that from half a head on one is (the correction for continuity). The number is normal on either side of its
// mean, as wide as the interval of 80 % is on the side where the half lies.
func (s spread) shortage() float64 {
	above := s.mean - 0.5
	side := s.down80
	if above < 0 {
		side = s.up80
	}
	if side == 0 || math.IsNaN(side) {
		if above >= 0 {
			return 1
		}
		return 0
	}
	return 0.5 * math.Erfc(-above/(side/normal80)/math.Sqrt2)
}
