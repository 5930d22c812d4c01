package forecast

import (
	"context"
	"math"
	"runtime"
	"slices"
	"sync"

	"gonum.org/v1/gonum/optimize"
	"gonum.org/v1/gonum/stat"
)

// Constants of weighting, chosen on the training parts of M3 and of labour series.
const (
	// pull holds the shared weights near the prior: a Kullback-Leibler distance of 1 costs
	// as much as this share of the errors of the naive method. One series tells little of
	// twenty methods, a thousand tell a lot.
	pull       = 0.05
	pullSeries = 20 // series from which their own evidence weighs as much as the prior
	// gateSeries is how many series a pool must have for its weights to follow traits.
	gateSeries = 2 * pullSeries
	// gateGain is what traits must save of the errors on origins that they were not learned from.
	gateGain = 0.001
	// mostSamples bounds what is learned from; of more, that many are drawn evenly.
	mostSamples = 200_000
	// blocks are the stretches in which sums are formed, so that they are the same on any
	// number of threads.
	blocks = 32
)

// gateRidges are the prices of a squared slope that are tried, the strictest first.
var gateRidges = []float64{0.01, 0.003, 0.001}

// Traits move the weights: which method is right differs from noisy to smooth series, from
// those with a trend to those without, and from near to far steps.
const (
	traitTrend = iota // R squared of the line through the series without its season
	traitNoise        // log of the root mean squared change by the mean size
	traitStep         // of the horizon, -1.7..1.7: as if uniform with deviation 1
	traits
)

// A gate makes weights of traits: the softmax of a linear function, times the prior. Feature-based
// combination as in Montero-Manso, Athanasopoulos, Hyndman & Talagala (2020), FFORMA, with a
// linear model in place of boosted trees: pools are small.
type gate struct {
	prior  []float64
	base   []float64         // by method
	slopes [traits][]float64 // by trait and method
}

func newGate(prior []float64) *gate {
	g := &gate{prior: prior}
	g.set(make([]float64, len(prior)*(1+traits)))
	return g
}

// set takes base and slopes from one vector.
func (g *gate) set(x []float64) {
	m := len(g.prior)
	g.base = append(g.base[:0], x[:m]...)
	for f := range g.slopes {
		g.slopes[f] = append(g.slopes[f][:0], x[(f+1)*m:(f+2)*m]...)
	}
}

// weights writes the weights for traits; they add up to 1.
func (g *gate) weights(dst []float64, of *[traits]float64) {
	top := math.Inf(-1)
	for i := range dst {
		x := g.base[i]
		for f, slope := range g.slopes {
			x += slope[i] * of[f]
		}
		dst[i] = x
		top = max(top, x)
	}
	sum := 0.0
	for i := range dst {
		dst[i] = math.Exp(dst[i]-top) * g.prior[i]
		sum += dst[i]
	}
	for i := range dst {
		dst[i] /= sum
	}
}

// A sample is what was forecast at one step of one backtest, and what came.
type sample struct {
	rows   [][]float64 // of its view, by method; nil where one had nothing to say
	step   int
	back   int // origins back from now, from 1
	traits [traits]float64
	came   float64
	scale  float64 // what an error of 1 counts
}

// learnGate finds the weights that would have had the smallest mean scaled absolute error
// over all samples, held near the prior: stacking (Wolpert 1992) over a pool of series.
// They follow traits where weights learned from the older origins did better on the newest
// one with them than without. Errors: the context's end.
func learnGate(ctx context.Context, samples []sample, prior []float64, series, workers int) (*gate, error) {
	g := newGate(prior)
	if len(samples) == 0 {
		return g, nil
	}
	samples = drawn(samples)
	l := &gateLearner{gate: g, series: float64(series), workers: workers}
	x := l.learn(ctx, samples, nil, 0)
	if series >= gateSeries {
		if ridge := l.choose(ctx, samples); ridge > 0 {
			x = l.learn(ctx, samples, x, ridge)
		}
	}
	g.set(x)
	return g, ctx.Err()
}

// drawn are at most mostSamples of the samples, evenly and without regard to their steps.
func drawn(samples []sample) []sample {
	if len(samples) <= mostSamples {
		return samples
	}
	share := float64(mostSamples) / float64(len(samples))
	out := make([]sample, 0, mostSamples+1000)
	for k := range samples {
		if _, at := math.Modf(float64(k) * math.Phi); at < share { // Weyl's sequence
			out = append(out, samples[k])
		}
	}
	return out
}

// A gateLearner minimises. Its vectors are those of gate.set.
type gateLearner struct {
	gate    *gate
	series  float64
	workers int
}

// choose finds the ridge that does best on the newest origin after learning from those that
// ended before it began; 0 when none is worth it.
func (l *gateLearner) choose(ctx context.Context, samples []sample) float64 {
	var older, newest []sample
	for _, s := range samples {
		switch {
		case s.back == 1: // half a horizon
			newest = append(newest, s)
		case s.back >= 3: // ended there
			older = append(older, s)
		}
	}
	if len(older) == 0 || len(newest) == 0 {
		return 0
	}
	x := l.learn(ctx, older, nil, 0)
	best, ridge := l.pass(newest, x, nil)*(1-gateGain), 0.0
	for _, r := range gateRidges {
		if ctx.Err() != nil {
			return 0
		}
		x = l.learn(ctx, older, x, r)
		if loss := l.pass(newest, x, nil); loss < best {
			best, ridge = loss, r
		}
	}
	return ridge
}

// learn minimises from x, nil for zeros. With ridge 0 there are no slopes.
func (l *gateLearner) learn(ctx context.Context, samples []sample, x []float64, ridge float64) []float64 {
	m := len(l.gate.prior)
	free := m * (1 + traits)
	if x == nil {
		x = make([]float64, free)
	}
	full := append([]float64(nil), x...)
	if ridge == 0 {
		free = m
	}
	hold := pull * (1 + pullSeries/l.series)
	ridge *= 1 + pullSeries/l.series
	at := make([]float64, m)
	// The search asks for the value and the gradient at a point one after the other.
	lastX, lastGrad, lastValue := []float64(nil), make([]float64, free), 0.0
	value := func(z, grad []float64) float64 {
		copy(full, z)
		loss := l.pass(samples, full, grad)
		// The penalties: distance at the mean traits, and the slopes' squares.
		l.gate.weights(at, &[traits]float64{})
		distance, inner := 0.0, 0.0
		for i, p := range at {
			d := math.Log(p / l.gate.prior[i])
			distance += p * d
			inner += p * hold * d
		}
		if grad != nil {
			for i, p := range at {
				grad[i] += p * (hold*math.Log(p/l.gate.prior[i]) - inner)
			}
		}
		squares := 0.0
		for i, v := range z[m:] {
			squares += v * v
			if grad != nil {
				grad[m+i] += 2 * ridge * v
			}
		}
		return loss + hold*distance + ridge*squares
	}
	once := func(z []float64) {
		if lastX == nil || !slices.Equal(z, lastX) {
			lastX = append(lastX[:0], z...)
			lastValue = value(z, lastGrad)
		}
	}
	problem := optimize.Problem{
		Func:   func(z []float64) float64 { once(z); return lastValue },
		Grad:   func(grad, z []float64) { once(z); copy(grad, lastGrad) },
		Status: func() (optimize.Status, error) { return optimize.NotTerminated, ctx.Err() },
	}
	settings := &optimize.Settings{MajorIterations: 100, GradientThreshold: 1e-6}
	result, err := optimize.Minimize(problem, append([]float64(nil), x[:free]...), settings, &optimize.LBFGS{})
	if result != nil && (err == nil || allFinite(result.X)) {
		copy(full, result.X)
		return full
	}
	return x
}

// pass is the mean loss of the samples under x, and its gradient as far as grad is long. The
// gate is left at x.
func (l *gateLearner) pass(samples []sample, x, grad []float64) float64 {
	l.gate.set(x)
	m := len(l.gate.prior)
	var losses [blocks]float64
	grads := make([]float64, blocks*len(grad))
	workers := l.workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	if len(samples) < 20*blocks {
		workers = 1
	}
	var wait sync.WaitGroup
	for worker := range workers {
		wait.Go(func() {
			w, slopes := make([]float64, m), make([]float64, m)
			for b := worker; b < blocks; b += workers {
				sums := grads[b*len(grad) : (b+1)*len(grad)]
				for k := b * len(samples) / blocks; k < (b+1)*len(samples)/blocks; k++ {
					losses[b] += samples[k].loss(l.gate, w, slopes, sums)
				}
			}
		})
	}
	wait.Wait()
	loss, count := 0.0, float64(len(samples))
	clear(grad)
	for b, v := range losses {
		loss += v
		for i := range grad {
			grad[i] += grads[b*len(grad)+i] / count
		}
	}
	return loss / count
}

// loss is a sample's, and adds its gradient to grad; w and slopes are scratch.
func (s *sample) loss(g *gate, w, slopes, grad []float64) float64 {
	g.weights(w, &s.traits)
	total, f := 0.0, 0.0
	for i, r := range s.rows {
		if r != nil {
			total += w[i]
			f += w[i] * r[s.step]
		}
	}
	f /= total
	e := (f - s.came) * s.scale
	size := math.Sqrt(e*e + 1e-8) // smooth at 0
	if len(grad) == 0 {
		return size
	}
	slope := e / size * s.scale / total
	inner := 0.0
	for i, r := range s.rows {
		slopes[i] = 0
		if r != nil {
			slopes[i] = slope * (r[s.step] - f)
			inner += w[i] * slopes[i]
		}
	}
	m := len(w)
	for i, v := range slopes {
		d := w[i] * (v - inner)
		grad[i] += d
		if len(grad) > m {
			for f, of := range s.traits {
				grad[(f+1)*m+i] += d * of
			}
		}
	}
	return size
}

// traitsOf are the traits of a view but the step, as they are.
func (v *view) traitsOf() (out [traits]float64) {
	z := v.flatM
	a, b := regression(z)
	m, off, all, changes := mean(z), 0.0, 0.0, 0.0
	for t, x := range z {
		d := x - a - b*float64(t)
		off += d * d
		all += (x - m) * (x - m)
		if t > 0 {
			changes += (x - z[t-1]) * (x - z[t-1])
		}
	}
	if all > 0 {
		out[traitTrend] = 1 - off/all
	}
	out[traitNoise] = math.Log(math.Sqrt(changes/float64(len(z)-1))/(math.Abs(m)+1e-300) + 1e-6)
	return out
}

// compare makes the traits of a pool's origins comparable: standard deviations from the mean of
// the past ones, at most 2.
func (p *pool) compare() {
	for f := range traitStep {
		var all []float64
		p.origins(func(_ *job, at *origin, back int) {
			if back > 0 && !math.IsNaN(at.traits[f]) && !math.IsInf(at.traits[f], 0) {
				all = append(all, at.traits[f])
			}
		})
		m, s := 0.0, 0.0
		if len(all) > 1 {
			m, s = stat.MeanStdDev(all, nil)
		}
		p.origins(func(_ *job, at *origin, _ int) {
			if z := (at.traits[f] - m) / s; !math.IsNaN(z) && !math.IsInf(z, 0) {
				at.traits[f] = max(-2, min(2, z))
			} else {
				at.traits[f] = 0
			}
		})
	}
}

// traitsAt are an origin's traits at a step of a horizon.
func (at *origin) traitsAt(step, horizon int) [traits]float64 {
	out := at.traits
	if horizon > 1 {
		out[traitStep] = math.Sqrt(3) * (2*float64(step)/float64(horizon-1) - 1)
	}
	return out
}
