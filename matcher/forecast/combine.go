package forecast

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/optimize"
)

// Constants of weighting, chosen on the training parts of M3 and of labour series.
const (
	// pull holds the shared weights near the prior: a Kullback-Leibler distance of 1 costs
	// as much as this share of the errors of the naive method. One series tells little of
	// twenty methods, a thousand tell a lot.
	pull       = 0.05
	pullSeries = 20 // series from which their own evidence weighs as much as the prior
	// tilt is how strongly a series' own errors move its weights, for each value that was
	// backtested, and at most.
	tilt, maxTilt = 1.0 / 100, 3
)

// A sample is what was forecast at one step of one backtest, and what came.
type sample struct {
	rows  [][]float64 // of its view, by method; nil where one had nothing to say
	step  int
	came  float64
	scale float64 // what an error of 1 counts
}

// combined is the weighted mean of the methods at a step, and their weighted standard
// deviation. At least one row is there.
func combined(w []float64, rows [][]float64, step int) (mean, spread float64) {
	from := rows[firstRow(rows)][step] // differences from one of them keep their digits
	total, square := 0.0, 0.0
	for i, r := range rows {
		if r == nil {
			continue
		}
		d := r[step] - from
		total += w[i]
		mean += w[i] * d
		square += w[i] * d * d
	}
	if total <= 0 {
		return from, 0
	}
	mean /= total
	return from + mean, math.Sqrt(max(0, square/total-mean*mean))
}

// sharedWeights finds the weights that would have had the smallest mean scaled absolute
// error over all samples, held near the prior: stacking (Wolpert 1992) over a pool of
// series. Weights are a softmax, so that they stay above 0 and add up to 1.
func sharedWeights(samples []sample, prior []float64, series int) []float64 {
	w := append([]float64(nil), prior...)
	if len(samples) == 0 {
		return w
	}
	hold := pull * (1 + pullSeries/float64(series))
	at := make([]float64, len(prior))
	set := func(x []float64) {
		sum, top := 0.0, slices.Max(x)
		for i := range x {
			at[i] = math.Exp(x[i]-top) * prior[i]
			sum += at[i]
		}
		for i := range at {
			at[i] /= sum
		}
	}
	count := float64(len(samples))
	pass := func(x, grad []float64) float64 {
		set(x)
		if grad != nil {
			clear(grad)
		}
		loss := 0.0
		for k := range samples {
			s := &samples[k]
			total, f := 0.0, 0.0
			for i, r := range s.rows {
				if r != nil {
					total += at[i]
					f += at[i] * r[s.step]
				}
			}
			f /= total
			e := (f - s.came) * s.scale
			size := math.Sqrt(e*e + 1e-8) // smooth at 0
			loss += size
			if grad == nil {
				continue
			}
			slope := e / size * s.scale / total
			for i, r := range s.rows {
				if r != nil {
					grad[i] += slope * (r[s.step] - f)
				}
			}
		}
		loss /= count
		distance := 0.0
		for i, p := range at {
			distance += p * math.Log(p/prior[i])
		}
		if grad != nil {
			inner := 0.0
			for i := range grad {
				grad[i] = grad[i]/count + hold*math.Log(at[i]/prior[i])
				inner += at[i] * grad[i]
			}
			for i := range grad {
				grad[i] = at[i] * (grad[i] - inner)
			}
		}
		return loss + hold*distance
	}
	problem := optimize.Problem{
		Func: func(x []float64) float64 { return pass(x, nil) },
		Grad: func(grad, x []float64) { pass(x, grad) },
	}
	settings := &optimize.Settings{MajorIterations: 100, GradientThreshold: 1e-6}
	result, err := optimize.Minimize(problem, make([]float64, len(prior)), settings, &optimize.LBFGS{})
	if result == nil || err != nil && !allFinite(result.X) {
		return w
	}
	set(result.X)
	copy(w, at)
	return w
}

// ownWeights tilts the shared weights by the ratios of the methods' own mean absolute
// errors to those of the combination, over the backtested values of one series.
func ownWeights(shared, ratio []float64, values int) []float64 {
	w := append([]float64(nil), shared...)
	strength := min(maxTilt, tilt*float64(values))
	sum := 0.0
	for i := range w {
		w[i] *= math.Exp(-strength * (ratio[i] - 1))
		sum += w[i]
	}
	for i := range w {
		w[i] /= sum
	}
	return w
}
