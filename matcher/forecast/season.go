package forecast

import "math"

// shape is how a season joins the rest of a series.
type shape byte

const (
	noSeason       shape = 'N'
	additive       shape = 'A'
	multiplicative shape = 'M'
)

// A seasonal is what was found of one season: an index for each place in its period, by
// the position of a value modulo the period.
type seasonal struct {
	shape  shape
	period int
	index  []float64
	noise  float64 // squared standard error of an index
}

// none leaves a series as it is.
var none = seasonal{shape: noSeason, period: 1}

// at is the index of position t.
func (s *seasonal) at(t int) float64 { return s.index[t%s.period] }

// neutral is the index of a place without season.
func (s *seasonal) neutral() float64 {
	if s.shape == multiplicative {
		return 1
	}
	return 0
}

// remove takes the season out of y into dst.
func (s *seasonal) remove(dst, y []float64) {
	switch s.shape {
	case additive:
		for t, v := range y {
			dst[t] = v - s.at(t)
		}
	case multiplicative:
		for t, v := range y {
			dst[t] = v / s.at(t)
		}
	default:
		copy(dst, y)
	}
}

// restore puts the season back into forecasts of the n-th value on.
func (s *seasonal) restore(f []float64, n int) {
	switch s.shape {
	case additive:
		for i := range f {
			f[i] += s.at(n + i)
		}
	case multiplicative:
		for i := range f {
			f[i] *= s.at(n + i)
		}
	}
}

// isSeasonal is the 90 % test of the M3 and M4 competitions: the autocorrelation at the
// period lies outside 1.645 standard errors by Bartlett's formula, and there are three
// whole periods. Makridakis, Spiliotis & Assimakopoulos (2020), The M4 Competition.
func isSeasonal(y []float64, period int) bool {
	n := len(y)
	if period < 2 || n < 3*period {
		return false
	}
	sum := 0.0
	for lag := 1; lag < period; lag++ {
		r := autocorrelation(y, lag)
		sum += r * r
	}
	limit := 1.645 * math.Sqrt((1+2*sum)/float64(n))
	return math.Abs(autocorrelation(y, period)) > limit
}

// autocorrelation is the usual biased estimate (divisor n); 0 for a constant series.
func autocorrelation(y []float64, lag int) float64 {
	m := mean(y)
	num, den := 0.0, 0.0
	for t, v := range y {
		den += (v - m) * (v - m)
		if t >= lag {
			num += (v - m) * (y[t-lag] - m)
		}
	}
	if den <= 0 {
		return 0
	}
	return num / den
}

// decompose finds the indices of classical decomposition: the mean deviation from a
// centred moving average by place in the period, made to average 0 (additive) or 1
// (multiplicative, for values above 0). ok is false when a place has no value or an index
// would not be above 0.
func decompose(y []float64, period int, as shape) (s seasonal, ok bool) {
	n := len(y)
	if period < 2 || n < 2*period {
		return none, false
	}
	s = seasonal{shape: as, period: period, index: make([]float64, period)}
	count := make([]float64, period)
	square := make([]float64, period)
	half := period / 2
	for t := half; t < n-half; t++ {
		trend := 0.0 // summed anew: a running sum loses small values beside large ones
		if period%2 == 0 {
			trend = (y[t-half] + y[t+half]) / 2
			for _, v := range y[t-half+1 : t+half] {
				trend += v
			}
		} else {
			for _, v := range y[t-half : t+half+1] {
				trend += v
			}
		}
		trend /= float64(period)
		r := y[t] - trend
		if as == multiplicative {
			r = y[t] / trend
		}
		place := t % period
		s.index[place] += r
		square[place] += r * r
		count[place]++
	}
	within, free, sum := 0.0, 0.0, 0.0
	for i, c := range count {
		if c == 0 {
			return none, false
		}
		s.index[i] /= c
		within += max(0, square[i]-c*s.index[i]*s.index[i])
		free += c - 1
		sum += s.index[i]
	}
	for i := range s.index {
		if as == multiplicative {
			s.index[i] *= float64(period) / sum
			if !(s.index[i] > 0) || math.IsInf(s.index[i], 0) {
				return none, false
			}
		} else {
			s.index[i] -= sum / float64(period)
		}
	}
	s.noise = math.Inf(1) // one value a place says nothing of its scatter
	if free > 0 {
		s.noise = 0
		for _, c := range count {
			s.noise += within / free / c / float64(period)
		}
		if math.IsNaN(s.noise) || math.IsInf(s.noise, 0) {
			return none, false
		}
	}
	return s, allFinite(s.index)
}

// shrink pulls the indices towards those of base (its period must divide s's) by
// James and Stein's rule: the less they differ for the scatter of what they were averaged
// from, the more. Miller & Williams (2003), Shrinkage estimators of time series seasonal
// factors. Where the scatter is unknown they go half way.
func (s *seasonal) shrink(base *seasonal) {
	towards := func(i int) float64 {
		if base.shape == noSeason {
			return s.neutral()
		}
		return base.at(i)
	}
	between := 0.0
	for i, v := range s.index {
		d := v - towards(i)
		between += d * d
	}
	between /= float64(s.period - 1)
	keep := 0.5
	switch {
	case between <= 0:
		keep = 0
	case !math.IsInf(s.noise, 1):
		keep = max(0, 1-s.noise/between)
	}
	for i, v := range s.index {
		s.index[i] = towards(i) + keep*(v-towards(i))
	}
}

// bySeasons decomposes y by the seasons, the shortest first, each that is a multiple of
// the one before shrunk towards it. Others are left out: they have no place in one index.
func bySeasons(y []float64, seasons []int, as shape) seasonal {
	at := none
	for _, period := range seasons {
		if period%at.period != 0 {
			continue
		}
		s, ok := decompose(y, period, as)
		if !ok {
			continue
		}
		s.shrink(&at)
		if !allFinite(s.index) || as == multiplicative && !allAbove(s.index, 0) {
			continue
		}
		at = s
	}
	return at
}

func mean(y []float64) float64 {
	sum := 0.0
	for _, v := range y {
		sum += v
	}
	return sum / float64(len(y))
}

// allAbove says that every value is greater than bound.
func allAbove(y []float64, bound float64) bool {
	for _, v := range y {
		if !(v > bound) {
			return false
		}
	}
	return true
}
