package forecast

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Constants of intervals.
const (
	// disagreement is how much the methods' spread adds to the width.
	disagreement = 0.5
	// ownWidth is how many backtested values weigh as much as the pool in how far a series
	// is missed.
	ownWidth = 20
	// priorSamples is how many backtests of a pool weigh as much as the widths to begin
	// with.
	priorSamples = 40
	// fitted is how many numbers the damped trend takes from a series.
	fitted = 5
	// perStep is how many backtests of a step a pool must have for it to have its own width.
	perStep = 100
	// steadier is how much more a series must have moved until now than before an origin for
	// the backtest from there to tell nothing of its width.
	steadier = 10
)

// Widths to begin with, in units of the scale: about those of the training part of M3.
const prior80, prior95 = 1.5, 2.6

// widths are the half widths of intervals in units of a series' scale, by step.
type widths struct {
	q80, q95 []float64
	factor   []float64 // of each series
}

// stepErrors are the root mean squared errors of the damped trend at each step inside the
// series, in the series' units: how fast it gets away from what was foreseen. Where the
// series is too short for a step the last known goes on with the square root of the steps.
// one has the errors of the first step themselves, NaN where there is none.
func (v *view) stepErrors() (out, one []float64) {
	out, one = make([]float64, v.h), make([]float64, len(v.y))
	for t := range one {
		one[t] = math.NaN()
	}
	z := v.flatM
	e, ok := fitETS(z, etsForm{'A', 'D', noSeason}, &none, false, v.ets)
	sum, count := make([]float64, v.h), make([]float64, v.h)
	if ok { // see fewErrors otherwise
		l, b := e.level0, e.slope0
		for t := range z {
			power, ahead := 1.0, 0.0
			if t >= min(3, len(z)-2) { // the first steps know nothing
				one[t] = z[t] - l - e.damp*b
				if v.mult.shape == multiplicative {
					one[t] *= v.mult.at(t)
				}
				for h := 0; h < v.h && t+h < len(z); h++ {
					power *= e.damp
					ahead += power
					d := z[t+h] - l - ahead*b
					sum[h] += d * d
					count[h]++
				}
			}
			p := l + e.damp*b
			next := p + e.alpha*(z[t]-p)
			b = e.damp*b + e.beta*(next-l-e.damp*b)
			l = next
		}
	}
	if !ok {
		return v.fewErrors(), one
	}
	// The model was fitted to the errors that it is measured by.
	free := math.Sqrt(float64(len(z)) / max(float64(len(z)-fitted), float64(len(z))/3))
	last := 0
	for h := range out {
		if count[h] >= 4 || h == 0 && count[h] > 0 {
			out[h] = free * math.Sqrt(sum[h]/count[h])
			last = h
			if h > 0 {
				out[h] = max(out[h], out[h-1]*0.9)
			}
		} else {
			out[h] = out[last] * math.Sqrt(float64(h+1)/float64(last+1))
		}
	}
	if v.mult.shape == multiplicative {
		v.mult.restore(out, len(v.y))
	}
	if !allFinite(out) {
		return v.fewErrors(), one
	}
	return out, one
}

// fewErrors is stepErrors of a series that is too short for a model: the mean change, as the
// standard deviation of a random walk, and Student's factor for how few changes there are.
func (v *view) fewErrors() []float64 {
	out := make([]float64, v.h)
	n := len(v.y)
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(n - 1)}
	unit := 1.2533 * seasonalScale(v.y, 1) * t.Quantile(0.975) / 1.96 // sqrt(pi/2): mean absolute to standard deviation
	for h := range out {
		out[h] = unit * math.Sqrt(float64(h+1))
	}
	return out
}

// width is the scale of a step: how far the first model missed, and how far the methods
// are apart. floor keeps it above 0.
func (at *origin) width(h int, floor float64) float64 {
	return max(floor, math.Hypot(at.scale[h], disagreement*at.spread[h]))
}

// calibrate makes intervals as wide as the backtests ask for: first by series, in so far
// as it has many values, then by the quantiles of what is left over all series of the pool, as
// split conformal prediction does (Vovk, Gammerman & Shafer 2005), with a prior for small
// pools. It has no such guarantee: weights know the same backtests, and origins overlap.
func (p *pool) calibrate() {
	H := p.o.Horizon
	p.widths.factor = make([]float64, len(p.jobs))
	type miss struct {
		series, origin, step int
		u                    float64
	}
	var all []miss
	for i, j := range p.jobs {
		if j == nil {
			continue
		}
		for k, at := range j.past {
			for h := 0; h < H && at.n+h < len(j.y); h++ {
				width := at.width(h, 0)
				if !j.known(at.n+h) || !(width > j.floor()) || at.scale[0]*steadier < j.now.scale[0] {
					continue // of a stretch in which nothing moved, nothing can be learned
				}
				u := math.Abs(at.mean[h]-j.y[at.n+h]) / width
				all = append(all, miss{i, k, h, u})
			}
		}
	}
	// The pool's typical miss, about the mean of a normal one by its median, and for each
	// series how it differs.
	usual := 1.0
	if len(all) > 0 {
		sizes := make([]float64, len(all))
		for k, m := range all {
			sizes[k] = m.u
		}
		slices.Sort(sizes)
		usual = max(1.18*sizes[len(sizes)/2], 1e-6)
	}
	sum, count := make([]float64, len(p.jobs)), make([]float64, len(p.jobs))
	sumAt := make(map[[2]int]float64)
	countAt := make(map[[2]int]float64)
	for _, m := range all {
		u := min(m.u/usual, 10)
		sum[m.series] += u
		count[m.series]++
		sumAt[[2]int{m.series, m.origin}] += u
		countAt[[2]int{m.series, m.origin}]++
	}
	factor := func(s, n float64) float64 { return (s + ownWidth) / (n + ownWidth) }
	for i := range p.jobs {
		p.widths.factor[i] = factor(sum[i], count[i])
	}
	// A series' factor for a backtest does not know that backtest.
	byStep := make([][]float64, H)
	var pooled []float64
	for _, m := range all {
		at := [2]int{m.series, m.origin}
		u := m.u / factor(sum[m.series]-sumAt[at], count[m.series]-countAt[at])
		byStep[m.step] = append(byStep[m.step], u)
		pooled = append(pooled, u)
	}
	p.widths.q80, p.widths.q95 = make([]float64, H), make([]float64, H)
	slices.Sort(pooled)
	for h := range H {
		sample := pooled
		if len(byStep[h]) >= perStep {
			sample = byStep[h]
			slices.Sort(sample)
		}
		p.widths.q80[h] = shrunkQuantile(sample, 0.80, prior80)
		p.widths.q95[h] = shrunkQuantile(sample, 0.95, prior95)
	}
}

// floor is the least width of a series.
func (j *job) floor() float64 { return 1e-9 * (j.level + 1e-300) }

// shrunkQuantile is the conformal quantile of a sorted sample, drawn to the prior while
// the sample is small.
func shrunkQuantile(sorted []float64, p, prior float64) float64 {
	n := float64(len(sorted))
	if n == 0 {
		return prior
	}
	at := p*(n+1) - 1
	var q float64
	switch {
	case at <= 0:
		q = sorted[0]
	case at >= n-1:
		q = sorted[len(sorted)-1]
	default:
		k := int(at)
		q = sorted[k] + (at-float64(k))*(sorted[k+1]-sorted[k])
	}
	return (n*q + priorSamples*prior) / (n + priorSamples)
}
