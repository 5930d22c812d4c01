package mismatch

import (
	"cmp"
	"math"
	"slices"
)

// largestCount is the length up to which the test counts orders instead of taking the
// normal distribution. The count is exact for any length; beyond this both agree.
const largestCount = 40

// Slope is the trend of a series: how steep, and whether it may be chance.
type Slope struct {
	N int // values with data
	// PerYear is the median of the slopes between all pairs of values (Theil 1950; Sen,
	// "Estimates of the Regression Coefficient Based on Kendall's Tau", JASA 63, 1968).
	// Up to 29 % of the values can be off without carrying it away.
	PerYear float64
	// S is pairs that rise less pairs that fall; Tau is S over all pairs, -1..1.
	S   int
	Tau float64
	// P is the two-sided probability of an S as large, without trend and with
	// independent values (Mann, Econometrica 13, 1945; Kendall, Rank Correlation
	// Methods, 1975): by counting orders when no values are equal and there are at most
	// 40, otherwise normal with the variance for ties and Mann's continuity correction.
	// Values that depend on the year before make P too small.
	P     float64
	Exact bool // by counting
}

// Significant says whether the trend is one at a level. Four values never are at 0.05:
// even if all rise P is 1/12.
func (s *Slope) Significant(level float64) bool { return s != nil && s.P < level }

type moment struct{ at, value float64 }

// slope computes the trend of values at distinct times; nil for fewer than two.
func slope(ms []moment) *Slope {
	if len(ms) < 2 {
		return nil
	}
	ms = slices.Clone(ms)
	slices.SortFunc(ms, func(a, b moment) int { return cmp.Compare(a.at, b.at) })
	s := &Slope{N: len(ms)}
	var rises []float64
	for i := range ms {
		for j := i + 1; j < len(ms); j++ {
			s.S += cmp.Compare(ms[j].value, ms[i].value)
			rises = append(rises, (ms[j].value-ms[i].value)/(ms[j].at-ms[i].at))
		}
	}
	s.PerYear = median(rises)
	s.Tau = float64(s.S) / float64(len(rises))
	ties, any := tied(ms)
	switch {
	case !any && s.N <= largestCount:
		s.P, s.Exact = counted(s.N, s.S), true
	default:
		s.P = approximate(s.N, s.S, ties)
	}
	return s
}

func median(v []float64) float64 {
	v = slices.Clone(v)
	slices.Sort(v)
	h := len(v) / 2
	if len(v)%2 == 1 {
		return v[h]
	}
	return v[h-1] + (v[h]-v[h-1])/2
}

// tied is sum t (t-1) (2t+5) over groups of t equal values, and whether there are any.
func tied(ms []moment) (float64, bool) {
	v := make([]float64, len(ms))
	for i := range ms {
		v[i] = ms[i].value
	}
	slices.Sort(v)
	var ties float64
	for i := 0; i < len(v); {
		j := i
		for j < len(v) && v[j] == v[i] {
			j++
		}
		t := float64(j - i)
		ties += t * (t - 1) * (2*t + 5)
		i = j
	}
	return ties, ties > 0
}

// counted is the share of all orders of n values whose |S| is at least as large. S is
// n(n-1)/2 less twice the inversions; the share with k inversions follows by inserting
// one value after the other.
func counted(n, s int) float64 {
	share := []float64{1}
	for size := 2; size <= n; size++ {
		next := make([]float64, len(share)+size-1)
		for k, v := range share {
			for more := range size {
				next[k+more] += v / float64(size)
			}
		}
		share = next
	}
	var p sum
	for k, v := range share {
		if abs(n*(n-1)/2-2*k) >= abs(s) {
			p.add(v)
		}
	}
	return min(1, p.value())
}

func approximate(n, s int, ties float64) float64 {
	f := float64(n)
	variance := (f*(f-1)*(2*f+5) - ties) / 18
	if s == 0 || variance <= 0 {
		return 1
	}
	z := float64(abs(s)-1) / math.Sqrt(variance)
	return min(1, math.Erfc(z/math.Sqrt2))
}

func abs(v int) int { return max(v, -v) }
