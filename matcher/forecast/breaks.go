package forecast

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Break is a change of a series' structure.
type Break struct {
	At        int     `json:"at"`        // the first value of the new structure, from 0
	Statistic float64 `json:"statistic"` // sup F, times the coefficients
	Critical  float64 `json:"critical"`  // of 1 %
}

// breakCritical is the 1 % critical value of the supremum of the Wald statistic for three
// coefficients with a trimming of 15 % (Andrews 1993, table I). 1 %, since whoever looks at
// a thousand series would find ten breaks that are none even so.
const breakCritical = 17.75

// minBreak is the least number of values in which a break is looked for.
const minBreak = 24

// findBreak looks for the one place at which the regression of a value on the one before,
// a constant and time changes most, by the sup F test of Andrews (1993), Tests for
// parameter instability and structural change with unknown change point.
func findBreak(y []float64) *Break {
	n := len(y)
	if n < minBreak {
		return nil
	}
	level, spread := mean(y), 0.0
	for _, v := range y {
		spread += (v - level) * (v - level)
	}
	if spread <= 0 {
		return nil
	}
	unit := math.Sqrt(spread / float64(n))
	row := func(t int) [4]float64 {
		return [4]float64{1, float64(t) / float64(n), (y[t-1] - level) / unit, (y[t] - level) / unit}
	}
	var all sums
	for t := 1; t < n; t++ {
		all.add(row(t), 1)
	}
	whole, ok := all.sse()
	if !ok {
		return nil
	}
	var head sums
	var best *Break
	margin := max(int(0.15*float64(n-1)), 5)
	for t := 1; t < n-margin; t++ {
		head.add(row(t), 1)
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
		f := (whole - a - b) / ((a + b + 1e-9) / float64(n-1-6))
		if f > breakCritical && (best == nil || f > best.Statistic) {
			best = &Break{At: t + 1, Statistic: f, Critical: breakCritical}
		}
	}
	return best
}

// sums are the cross products of a regression on three columns.
type sums struct{ p [4][4]float64 }

func (s *sums) add(r [4]float64, sign float64) {
	for i := range r {
		for j := range r {
			s.p[i][j] += sign * r[i] * r[j]
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
	x := mat.NewSymDense(3, nil)
	y := mat.NewVecDense(3, nil)
	for i := range 3 {
		for j := i; j < 3; j++ {
			x.SetSym(i, j, s.p[i][j])
		}
		y.SetVec(i, s.p[i][3])
	}
	var c mat.Cholesky
	if !c.Factorize(x) || c.Cond() > 1e12 {
		return 0, false
	}
	var b mat.VecDense
	if c.SolveVecTo(&b, y) != nil {
		return 0, false
	}
	return max(0, s.p[3][3]-mat.Dot(&b, y)), true
}
