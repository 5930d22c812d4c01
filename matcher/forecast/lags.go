package forecast

import (
	"slices"

	"gonum.org/v1/gonum/mat"
)

// lagRegression forecasts step by step from a regression on the last values and on those
// of each season before, with a little ridge: an autoregression with only the lags that a
// season makes likely. y is the series with its seasons. It needs five equations a
// coefficient.
func lagRegression(y, dst []float64, seasons []int) bool {
	lags := lagsOf(seasons)
	n, far, k := len(y), lags[len(lags)-1], len(lags)+1
	if n-far < 5*k {
		return false
	}
	level := mean(y)
	z := make([]float64, n, n+len(dst))
	spread := 0.0
	for t, v := range y {
		z[t] = v - level
		spread += z[t] * z[t]
	}
	if spread == 0 {
		return false
	}
	normal := mat.NewSymDense(k, nil)
	right := mat.NewVecDense(k, nil)
	row := make([]float64, k)
	fill := func(t int) {
		for j, lag := range lags {
			row[j] = z[t-lag]
		}
		row[k-1] = 1
	}
	for t := far; t < n; t++ {
		fill(t)
		for i := range row {
			right.SetVec(i, right.AtVec(i)+row[i]*z[t])
			for j := i; j < k; j++ {
				normal.SetSym(i, j, normal.At(i, j)+row[i]*row[j])
			}
		}
	}
	for i := range k - 1 {
		normal.SetSym(i, i, normal.At(i, i)+1e-3*spread)
	}
	var c mat.Cholesky
	if !c.Factorize(normal) {
		return false
	}
	var b mat.VecDense
	if c.SolveVecTo(&b, right) != nil {
		return false
	}
	for h := range dst {
		fill(n + h)
		v := 0.0
		for j := range row {
			v += b.AtVec(j) * row[j]
		}
		z = append(z, v)
		dst[h] = v + level
	}
	return true
}

// lagsOf lists the last three values, each season and its neighbours, and twice the
// shortest one, rising.
func lagsOf(seasons []int) []int {
	lags := []int{1, 2, 3}
	for i, s := range seasons {
		lags = append(lags, max(1, s-1), s, s+1)
		if i == 0 {
			lags = append(lags, 2*s)
		}
	}
	slices.Sort(lags)
	return slices.Compact(lags)
}
