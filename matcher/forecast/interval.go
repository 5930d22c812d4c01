package forecast

import (
	"cmp"
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
	// recent is what an origin's misses count by the one after it: what comes is missed more as
	// the last values were than as those before them.
	recent = 0.8
	// steadyGrowth is how much growth of series, in squared logs, weighs as much as the belief
	// that misses do not depend on it.
	steadyGrowth = 5
	// beyondTrend is the power of the steps by which intervals widen beyond what was backtested,
	// where all of the series is trend.
	beyondTrend = 1
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
	reach    int       // steps that have widths of their own
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
	var all []miss
	for i, j := range p.jobs {
		if j == nil {
			continue
		}
		weight := 1.0
		for k, at := range j.past {
			for h := 0; h < H && at.n+h < len(j.y); h++ {
				width := at.width(h, 0)
				if !j.known(at.n+h) || !(width > j.floor()) || at.scale[0]*steadier < j.now.scale[0] {
					continue // of a stretch in which nothing moved, nothing can be learned
				}
				u := math.Abs(at.mean[h]-j.y[at.n+h]) / width
				all = append(all, miss{i, k, h, u, weight})
			}
			weight *= recent
		}
	}
	p.grow(all)
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
		u := m.weight * min(m.u/usual, 10)
		sum[m.series] += u
		count[m.series] += m.weight
		sumAt[[2]int{m.series, m.origin}] += u
		countAt[[2]int{m.series, m.origin}] += m.weight
	}
	factor := func(s, n float64) float64 { return (s + ownWidth) / (n + ownWidth) }
	for i := range p.jobs {
		p.widths.factor[i] = factor(sum[i], count[i])
	}
	// A series' factor for a backtest does not know that backtest.
	byStep := make([][]weighed, H)
	var pooled []weighed
	for _, m := range all {
		at := [2]int{m.series, m.origin}
		u := weighed{m.u / factor(sum[m.series]-sumAt[at], count[m.series]-countAt[at]), m.weight}
		byStep[m.step] = append(byStep[m.step], u)
		pooled = append(pooled, u)
	}
	p.widths.q80, p.widths.q95 = make([]float64, H), make([]float64, H)
	sortWeighed(pooled)
	for h := range H {
		sample := pooled
		if len(byStep[h]) >= perStep {
			sample = byStep[h]
			sortWeighed(sample)
			p.widths.reach = h + 1
		}
		p.widths.q80[h] = shrunkQuantile(sample, 0.80, prior80)
		p.widths.q95[h] = shrunkQuantile(sample, 0.95, prior95)
	}
}

// A miss is how far off one step of one backtest was, in widths, and what it counts.
type miss struct {
	series, origin, step int
	u, weight            float64
}

// grow makes misses of the shorter series that backtests saw comparable to those of the whole
// ones: from more values, models and scales are known better. They go with a power of the
// number of values, found by regression inside the series over the pool; misses never grow.
func (p *pool) grow(all []miss) {
	type point struct{ logs, count float64 }
	points := make([][origins]point, len(p.jobs))
	for _, m := range all {
		at := &points[m.series][m.origin]
		at.logs += math.Log(m.u + 0.1) // hits are not minus infinity
		at.count++
	}
	xy, xx := 0.0, 0.0
	for i, j := range p.jobs {
		var x, y []float64
		for k, at := range points[i] {
			if at.count > 0 {
				x = append(x, math.Log(float64(j.past[k].n)))
				y = append(y, at.logs/at.count)
			}
		}
		if len(x) > 1 {
			mx, my := mean(x), mean(y)
			for k := range x {
				xy += (x[k] - mx) * (y[k] - my)
				xx += (x[k] - mx) * (x[k] - mx)
			}
		}
	}
	power := max(-1, min(0, xy/(xx+steadyGrowth)))
	for k := range all {
		m := &all[k]
		j := p.jobs[m.series]
		m.u *= math.Pow(float64(len(j.y))/float64(j.past[m.origin].n), power)
	}
}

// beyond is how much wider intervals are at a step that neither the series nor the pool has
// backtested and that is farther than a quarter of the past. Besides what the errors inside the
// series grow by, those of a trend go with the steps, as it is not known well; what has
// none does not get away. On four sets of series cut to 10 to 29 values and forecast 10 to 60
// ahead, 80 % intervals cover 60 to 90 % of what came with this, 50 to 93 % without.
func (p *pool) beyond(j *job, step int) float64 {
	return math.Pow(max(1, float64(step+1)/float64(max(j.reach, p.widths.reach))), beyondTrend*j.trend)
}

// weighed is a value that counts so much.
type weighed struct{ value, weight float64 }

func sortWeighed(s []weighed) {
	slices.SortFunc(s, func(a, b weighed) int {
		return cmp.Or(cmp.Compare(a.value, b.value), cmp.Compare(a.weight, b.weight))
	})
}

// floor is the least width of a series.
func (j *job) floor() float64 { return 1e-9 * (j.level + 1e-300) }

// shrunkQuantile is the conformal quantile of a sorted sample, between values by their
// weights, drawn to the prior while the sample weighs little.
func shrunkQuantile(sorted []weighed, p, prior float64) float64 {
	total := 0.0
	for _, v := range sorted {
		total += v.weight
	}
	if total == 0 {
		return prior
	}
	// A value stands at what weighs no more than it; the next, not yet seen, has weight 1.
	want, at := p*(total+1), 0.0
	q, before := sorted[0].value, 0.0
	for _, v := range sorted {
		before, at = at, at+v.weight
		if at >= want {
			q += (v.value - q) * (want - before) / v.weight
			break
		}
		q = v.value
	}
	return (total*q + priorSamples*prior) / (total + priorSamples)
}
