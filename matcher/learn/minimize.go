package learn

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
)

// Bounds of the minimizer.
const (
	memoryPairs   = 10 // steps that shape the next one
	maxIterations = 500
	gradientStop  = 1e-7 // largest entry of the gradient at the minimum
)

// minimize finds the minimum of a smooth convex function by L-BFGS (Nocedal 1980) from 0,
// with steps halved until they decrease it enough (Armijo). f fills the gradient.
func minimize(width int, f func(x, grad []float64) float64) ([]float64, error) {
	x, grad := make([]float64, width), make([]float64, width)
	next, nextGrad, dir := make([]float64, width), make([]float64, width), make([]float64, width)
	var steps, changes [][]float64 // of x and of the gradient, newest last
	value := f(x, grad)
	for range maxIterations {
		if floats.Norm(grad, math.Inf(1)) < gradientStop {
			break
		}
		descent(dir, grad, steps, changes)
		slope := floats.Dot(dir, grad)
		if slope >= 0 { // rounding has spoilt the memory: start it over
			steps, changes = nil, nil
			floats.ScaleTo(dir, -1, grad)
			slope = floats.Dot(dir, grad)
		}
		step, moved := 1.0, false
		if len(steps) == 0 {
			step = math.Min(1, 1/floats.Norm(grad, 2))
		}
		for ; step > 1e-12; step /= 2 {
			floats.AddScaledTo(next, x, step, dir)
			v := f(next, nextGrad)
			if v <= value+1e-4*step*slope {
				value, moved = v, true
				break
			}
		}
		if !moved {
			break // no smaller value in reach: the minimum, to rounding
		}
		s, y := make([]float64, width), make([]float64, width)
		floats.SubTo(s, next, x)
		floats.SubTo(y, nextGrad, grad)
		if floats.Dot(s, y) > 1e-14 {
			steps, changes = append(steps, s), append(changes, y)
			if len(steps) > memoryPairs {
				steps, changes = steps[1:], changes[1:]
			}
		}
		copy(x, next)
		copy(grad, nextGrad)
	}
	if floats.HasNaN(x) || math.IsNaN(value) || math.IsInf(value, 0) {
		return nil, fmt.Errorf("fit: the weights do not converge")
	}
	return x, nil
}

// descent fills dir with minus the inverse Hessian, as far as the memory knows it, times
// the gradient (the two-loop recursion).
func descent(dir, grad []float64, steps, changes [][]float64) {
	floats.ScaleTo(dir, -1, grad)
	alpha := make([]float64, len(steps))
	for i := len(steps) - 1; i >= 0; i-- {
		alpha[i] = floats.Dot(steps[i], dir) / floats.Dot(steps[i], changes[i])
		floats.AddScaled(dir, -alpha[i], changes[i])
	}
	if n := len(steps); n > 0 {
		floats.Scale(floats.Dot(steps[n-1], changes[n-1])/floats.Dot(changes[n-1], changes[n-1]), dir)
	}
	for i := range steps {
		beta := floats.Dot(changes[i], dir) / floats.Dot(steps[i], changes[i])
		floats.AddScaled(dir, alpha[i]-beta, steps[i])
	}
}
