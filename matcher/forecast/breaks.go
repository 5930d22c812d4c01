package forecast

import "math"

// Break is a change of a series' structure.
type Break struct {
	At        int     `json:"at"`        // the first value of the new structure, from 0
	Statistic float64 `json:"statistic"` // sup Wald
	Critical  float64 `json:"critical"`
}

// breakCritical is what the statistic of n values without a break stays below in about 99
// of 100 cases, for first-order autoregressions from 0 to 1 and from 24 values on, by
// simulation (TestBreaksAreRare holds it). The limit of Andrews (1993) for stationary series
// and two coefficients is 15.6; short and wandering series go beyond it.
func breakCritical(n int) float64 { return 15.5 + 280/float64(n) }

// minBreak is the least number of values in which a break is looked for.
const minBreak = 24

// findBreak looks for the one place at which the regression of a value on the one before
// and a constant changes most, by the sup Wald test of Andrews (1993), Tests for parameter
// instability and structural change with unknown change point. A series that wanders (its
// parts before and after still do) is tested by its changes. y is without season.
func findBreak(y []float64) *Break {
	best := Break{Critical: breakCritical(len(y))}
	best.Statistic, best.At = breakStatisticAt(y)
	if best.Statistic <= best.Critical {
		return nil
	}
	return &best
}

// wandering is the autocorrelation within the parts from which a series is tested by its
// changes.
const wandering = 0.5

func breakStatisticAt(y []float64) (best float64, at int) {
	if len(y) < minBreak {
		return 0, 0
	}
	if best, at = supWald(y); at == 0 {
		return 0, 0
	}
	// A shift of level alone makes neighbours alike: what counts is how alike they are in the
	// parts before and after.
	parts := append([]float64(nil), y...)
	for _, part := range [][]float64{parts[:at], parts[at:]} {
		m := mean(part)
		for t := range part {
			part[t] -= m
		}
	}
	if autocorrelation(parts, 1) <= wandering {
		return best, at
	}
	changes := make([]float64, len(y)-1)
	for t := range changes {
		changes[t] = y[t+1] - y[t]
	}
	best, at = supWald(changes)
	return best, at + 1
}

// supWald is the statistic and the first value of the second part; 0, 0 where it is not
// defined.
func supWald(y []float64) (best float64, at int) {
	n := len(y)
	level, spread := mean(y), 0.0
	for _, v := range y {
		spread += (v - level) * (v - level)
	}
	if spread <= 0 {
		return 0, 0
	}
	unit := math.Sqrt(spread / float64(n))
	row := func(t int) [3]float64 { return [3]float64{1, (y[t-1] - level) / unit, (y[t] - level) / unit} }
	var all, head sums
	for t := 1; t < n; t++ {
		all.add(row(t))
	}
	whole, ok := all.sse()
	if !ok {
		return 0, 0
	}
	margin := max(int(0.15*float64(n-1)), 5)
	for t := 1; t < n-margin; t++ {
		head.add(row(t))
		if t < margin {
			continue
		}
		tail := all
		tail.sub(&head)
		a, okA := head.sse()
		b, okB := tail.sse()
		if !okA || !okB {
			continue
		}
		if f := (whole - a - b) / ((a + b + 1e-9) / float64(n-1-4)); f > best {
			best, at = f, t+1
		}
	}
	return best, at
}

// sums are the cross products of a regression on a constant and one column.
type sums struct{ p [3][3]float64 }

func (s *sums) add(r [3]float64) {
	for i := range r {
		for j := range r {
			s.p[i][j] += r[i] * r[j]
		}
	}
}

func (s *sums) sub(o *sums) {
	for i := range s.p {
		for j := range s.p[i] {
			s.p[i][j] -= o.p[i][j]
		}
	}
}

// sse is the sum of squared residuals of the last column on the others.
func (s *sums) sse() (float64, bool) {
	a, b, c := s.p[0][0], s.p[0][1], s.p[1][1]
	det := a*c - b*b
	if !(det > 1e-12*a*c) {
		return 0, false
	}
	u, v := s.p[0][2], s.p[1][2]
	return max(0, s.p[2][2]-(c*u*u-2*b*u*v+a*v*v)/det), true
}
