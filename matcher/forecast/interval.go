package forecast

import (
	"math"
	"slices"
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
	// perStep is how many series a pool must have for each step to have its own width.
	perStep = 100
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
	if ok {
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
	return out, one
}

// width is the scale of a step: how far the first model missed, and how far the methods
// are apart. floor keeps it above 0.
func (at *origin) width(h int, floor float64) float64 {
	return max(floor, math.Hypot(at.scale[h], disagreement*at.spread[h]))
}

// calibrate makes intervals as wide as the backtests ask for: first by series, in so far
// as it has many values, then by the quantiles of what is left over all series of the pool
// (split conformal prediction over a panel: Vovk, Gammerman & Shafer 2005, with a prior
// for small pools).
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
				u := math.Abs(at.mean[h]-j.y[at.n+h]) / at.width(h, j.floor())
				all = append(all, miss{i, k, h, u})
			}
		}
	}
	// The pool's typical miss, and for each series how it differs, by robust logarithms.
	usual := 1.0
	if len(all) > 0 {
		sizes := make([]float64, len(all))
		for k, m := range all {
			sizes[k] = m.u
		}
		usual = max(meanOf(sizes), 1e-6)
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
	// A series' factor for a backtest must not know that backtest.
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

func meanOf(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}

// answer puts a series' forecast together.
func (p *pool) answer(i int) *Forecast {
	j, H := p.jobs[i], p.o.Horizon
	f := &Forecast{Mean: make([]float64, H), Lo80: make([]float64, H), Hi80: make([]float64, H), Lo95: make([]float64, H), Hi95: make([]float64, H)}
	bounded := p.o.Counts || !slices.ContainsFunc(j.y, func(v float64) bool { return v < 0 })
	for h := range H {
		unit := j.now.width(h, 0) * p.widths.factor[i]
		if math.IsNaN(unit) || math.IsInf(unit, 0) {
			unit = j.naive * math.Sqrt(float64(h+1))
		}
		m := j.now.mean[h]
		a, b := p.widths.q80[h]*unit, max(p.widths.q95[h], p.widths.q80[h])*unit
		f.Mean[h], f.Lo80[h], f.Hi80[h], f.Lo95[h], f.Hi95[h] = m, m-a, m+a, m-b, m+b
		for _, v := range []*float64{&f.Mean[h], &f.Lo80[h], &f.Hi80[h], &f.Lo95[h], &f.Hi95[h]} {
			if bounded {
				*v = max(0, *v)
			}
		}
		if p.o.Counts {
			f.Mean[h] = math.Round(f.Mean[h])
			f.Lo80[h], f.Lo95[h] = math.Floor(f.Lo80[h]), math.Floor(f.Lo95[h])
			f.Hi80[h], f.Hi95[h] = math.Ceil(f.Hi80[h]), math.Ceil(f.Hi95[h])
		}
	}
	if p.o.Each {
		f.Each = map[string][]float64{}
		for k, r := range j.now.rows {
			f.Each[methods[k].name] = r
		}
	}
	f.OneStep = j.now.step1
	f.Weights = p.listed(i)
	f.Backtest = p.accuracy(j)
	f.Break = findBreak(j.y)
	return f
}
