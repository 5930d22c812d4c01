package learn

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/optimize"
)

// minimize finds the minimum of a smooth convex function by L-BFGS from 0. f fills the
// gradient. gonum asks for value and gradient apart, so the last point is remembered.
func minimize(width int, f func(x, grad []float64) float64) ([]float64, error) {
	at, grad, value := make([]float64, width), make([]float64, width), math.NaN()
	eval := func(x []float64) {
		same := !math.IsNaN(value)
		for k := range x {
			same = same && x[k] == at[k]
		}
		if !same {
			copy(at, x)
			value = f(at, grad)
		}
	}
	problem := optimize.Problem{
		Func: func(x []float64) float64 { eval(x); return value },
		Grad: func(g, x []float64) { eval(x); copy(g, grad) },
	}
	settings := &optimize.Settings{GradientThreshold: 1e-7, MajorIterations: 1000,
		Converger: &optimize.FunctionConverge{Absolute: 1e-15, Relative: 1e-14, Iterations: 20}}
	res, err := optimize.Minimize(problem, make([]float64, width), settings, &optimize.LBFGS{})
	if res == nil {
		return nil, fmt.Errorf("fit: %w", err)
	}
	if math.IsNaN(res.F) || math.IsInf(res.F, 0) {
		return nil, fmt.Errorf("fit: the loss has no value")
	}
	// A line search that cannot improve any more stops with an error at the minimum.
	for _, v := range res.X {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("fit: the weights do not converge")
		}
	}
	return res.X, nil
}
