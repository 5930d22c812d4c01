package forecast

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"gonum.org/v1/gonum/floats"
)

// Options of a run.
type Options struct {
	Horizon  int   // steps ahead, 1..MaxHorizon
	Seasons  []int // values a period, rising: 12 for months, {24, 168} for hours; empty or 1 for none
	Counts   bool  // whole numbers, not below 0
	Workers  int   // threads; 0 for all
	Each     bool  // keep what every method foresaw
	Progress func(done, of int)
}

// Weight is a method's share in a forecast.
type Weight struct {
	Method string  `json:"method"`
	Weight float64 `json:"weight"`
}

// Forecast is what was found for one series. The slices have Horizon values each.
type Forecast struct {
	Mean, Lo80, Hi80, Lo95, Hi95 []float64
	Weights                      []Weight             // above 0.005, the greatest first
	Backtest                     *Accuracy            // on the series' own past; nil when it is too short
	Break                        *Break               // nil when none was found
	Filled                       int                  // gaps that were filled
	OneStep                      []float64            // errors of the damped trend at each value, NaN where it could not know yet and at gaps
	Each                         map[string][]float64 // by method, nil where one had nothing to say; with Options.Each
}

// origins is how often a series is forecast again as if it had ended earlier, each half a
// horizon before the last; less where that leaves too little of it.
const origins = 4

// Series share their weights in pools of at most maxPool, and of so few that their
// forecasts are at most poolNumbers; more are taken in equal portions, in the order given, so
// that memory has a bound (about a gigabyte).
const (
	maxPool     = 4096
	poolNumbers = 60_000_000
)

// poolSize is how many series each pool of n has at most.
func poolSize(n, horizon int) int {
	most := min(maxPool, max(16, poolNumbers/(len(methods)*(origins+1)*horizon)))
	pools := (n + most - 1) / most
	return (n + pools - 1) / max(1, pools)
}

// job is one series on its way.
type job struct {
	raw   []float64 // with its gaps
	y     []float64 // without
	fault error     // what went wrong on the way
	now   *origin
	past  []*origin
	naive float64 // mean absolute seasonal difference
	level float64 // mean absolute value
	reach int     // steps that were backtested, or a quarter of the values
	trend float64 // R squared of the line through the series without its season
}

// An origin is where a series was cut, and what the methods foresaw there.
type origin struct {
	n      int // values before it
	traits [traits]float64
	rows   [][]float64
	naive2 []float64
	step1  []float64 // one-step errors
	flat   []float64 // the series without its season
	scale  []float64 // how far the first model missed at each step before the origin
	spread []float64 // of the methods, by the weights
	mean   []float64 // combined
}

// Run forecasts all series. errs has an error for each series that could not be forecast,
// nil otherwise; err is one of the options, or of the context.
func Run(ctx context.Context, series []Series, o Options) (out []*Forecast, errs []error, err error) {
	if field, err := o.Check(); err != nil {
		return nil, nil, fmt.Errorf("%s %w", field, err)
	}
	if len(o.Seasons) > 0 && o.Seasons[0] == 1 {
		o.Seasons = o.Seasons[1:]
	}
	out, errs = make([]*Forecast, len(series)), make([]error, len(series))
	done := 0
	size := poolSize(len(series), o.Horizon)
	for from := 0; from < len(series); from += size {
		to := min(from+size, len(series))
		p := pool{o: &o, jobs: make([]*job, to-from)}
		for i := from; i < to; i++ {
			y, err := series[i].clean()
			if err != nil {
				errs[i] = fmt.Errorf("series %q %w", series[i].ID, err)
				continue
			}
			p.jobs[i-from] = &job{raw: y, y: filled(y)}
		}
		if err := p.foresee(ctx, done, len(series)); err != nil {
			return nil, nil, err
		}
		for i, j := range p.jobs {
			if j != nil && j.fault != nil {
				errs[from+i] = fmt.Errorf("series %q %w", series[from+i].ID, j.fault)
				p.jobs[i] = nil
			}
		}
		if err := p.weigh(ctx); err != nil {
			return nil, nil, err
		}
		p.calibrate()
		for i, j := range p.jobs {
			if j == nil {
				continue
			}
			f := p.answer(i)
			if !f.finite() {
				errs[from+i] = fmt.Errorf("series %q has values that no forecast can be made of", series[from+i].ID)
				continue
			}
			out[from+i] = f
		}
		done = to
	}
	return out, errs, nil
}

// finite says that every number is one.
func (f *Forecast) finite() bool {
	return allFinite(f.Mean) && allFinite(f.Lo80) && allFinite(f.Hi80) && allFinite(f.Lo95) && allFinite(f.Hi95)
}

// A pool is the series that share their weights.
type pool struct {
	o       *Options
	jobs    []*job // nil where a series could not be taken
	gate    *gate
	weights [][]float64 // by series and method, the means over its steps
	widths  widths
}

// foresee runs all methods at all origins.
func (p *pool) foresee(ctx context.Context, before, of int) error {
	workers := p.o.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	workers = min(workers, len(p.jobs))
	var next, done atomic.Int64
	var wait sync.WaitGroup
	var report sync.Mutex
	for range workers {
		wait.Add(1)
		go func() {
			defer wait.Done()
			var w etsWork
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(p.jobs) {
					return
				}
				if p.jobs[i] != nil {
					p.jobs[i].guarded(p.o, &w)
				}
				if n := done.Add(1); p.o.Progress != nil {
					report.Lock()
					p.o.Progress(before+int(n), of)
					report.Unlock()
				}
			}
		}()
	}
	wait.Wait()
	return ctx.Err()
}

// seasonsOf are the seasons to look for: those asked for, and the week over the day of
// hourly (or finer) values.
func seasonsOf(asked []int) []int {
	if len(asked) == 1 && (asked[0] == 24 || asked[0] == 48 || asked[0] == 96) {
		return []int{asked[0], 7 * asked[0]}
	}
	return asked
}

// guarded is foresee; a panic fails the series and nothing else.
func (j *job) guarded(o *Options, w *etsWork) {
	defer func() {
		if v := recover(); v != nil {
			j.fault = fmt.Errorf("could not be forecast: %v", v)
		}
	}()
	j.foresee(o, w)
}

// known says that value t was there, and not a gap.
func (j *job) known(t int) bool { return !math.IsNaN(j.raw[t]) }

func (j *job) foresee(o *Options, w *etsWork) {
	seasons := seasonsOf(o.Seasons)
	shortest := 1
	if len(seasons) > 0 {
		shortest = seasons[0]
	}
	n := len(j.y)
	j.level = meanSize(j.y)
	j.naive = seasonalScale(j.y, shortest)
	j.now = foresee(j.y, seasons, o.Horizon, w)
	j.trend = j.now.traits[traitTrend]
	for t := range j.now.step1 {
		if !j.known(t) {
			j.now.step1[t] = math.NaN()
		}
	}
	least := max(6, 2*shortest+1, n/2) // much shorter than now, it says little of now
	apart := min(o.Horizon, max(2, n-least))
	j.reach = max(1, n/4)
	for k := 1; k <= origins; k++ {
		cut := n - max(k, (k*apart+1)/2)
		if cut < least {
			break
		}
		at := foresee(filled(j.raw[:cut]), seasons, o.Horizon, w)
		at.flat = nil
		j.past = append(j.past, at)
		j.reach = max(j.reach, n-cut)
	}
}

func foresee(y []float64, seasons []int, h int, w *etsWork) *origin {
	v := newView(y, seasons, h, w)
	at := &origin{n: len(y), rows: runAll(v), naive2: v.naive2()}
	at.scale, at.step1 = v.stepErrors()
	at.flat, at.traits = v.flatM, v.traitsOf()
	return at
}

// meanSize is the mean absolute value.
func meanSize(y []float64) float64 {
	sum := 0.0
	for _, v := range y {
		sum += math.Abs(v)
	}
	return sum / float64(len(y))
}

// seasonalScale is the mean absolute difference from the value a season before, the
// denominator of MASE; of the value before when the series is too short.
func seasonalScale(y []float64, season int) float64 {
	if len(y) <= season {
		season = 1
	}
	sum := 0.0
	for t := season; t < len(y); t++ {
		sum += math.Abs(y[t] - y[t-season])
	}
	return sum / float64(len(y)-season)
}

// weigh finds the shared weights, those of each series, and all combinations.
func (p *pool) weigh(ctx context.Context) error {
	prior := make([]float64, len(methods))
	sum := 0.0
	for i, m := range methods {
		prior[i] = m.prior
		sum += m.prior
	}
	for i := range prior {
		prior[i] /= sum
	}
	p.compare()
	samples, series := p.samples()
	var err error
	if p.gate, err = learnGate(ctx, samples, prior, max(1, series), p.o.Workers); err != nil {
		return err
	}
	p.weights = make([][]float64, len(p.jobs))
	w := make([]float64, len(methods))
	for i, j := range p.jobs {
		if j == nil {
			continue
		}
		tilt := p.own(j)
		p.weights[i] = make([]float64, len(methods))
		for _, at := range append([]*origin{j.now}, j.past...) {
			at.mean, at.spread = make([]float64, p.o.Horizon), make([]float64, p.o.Horizon)
			for h := range at.mean {
				of := at.traitsAt(h, p.o.Horizon)
				p.gate.weights(w, &of)
				floats.Mul(w, tilt)
				if at == j.now {
					floats.AddScaled(p.weights[i], 1/floats.Sum(w)/float64(p.o.Horizon), w)
				}
				at.mean[h], at.spread[h] = combined(w, at.rows, h)
			}
		}
	}
	return ctx.Err()
}

// origins calls do with every origin of every series: now (0 back) and the past ones.
func (p *pool) origins(do func(j *job, at *origin, back int)) {
	for _, j := range p.jobs {
		if j == nil {
			continue
		}
		do(j, j.now, 0)
		for k, at := range j.past {
			do(j, at, k+1)
		}
	}
}

// samples lists what was backtested. An error counts half by the level of its series and
// half by its seasonal differences, as sMAPE and MASE count it, each as a share of what
// the naive method's errors count in the pool.
func (p *pool) samples() (samples []sample, series int) {
	var byLevel, byNaive []float64
	sumLevel, sumNaive := 0.0, 0.0
	for _, j := range p.jobs {
		if j == nil || len(j.past) == 0 {
			continue
		}
		series++
		// A series that hardly moves from season to season must not count for a thousand.
		level, naive := 1/max(j.level, 1e-300), 1/max(j.naive, 0.02*j.level, 1e-300)
		for k, at := range j.past {
			for h := 0; h < p.o.Horizon && at.n+h < len(j.y); h++ {
				came := j.y[at.n+h]
				if !j.known(at.n + h) {
					continue
				}
				samples = append(samples, sample{rows: at.rows, step: h, back: k + 1, traits: at.traitsAt(h, p.o.Horizon), came: came})
				e := math.Abs(at.naive2[h] - came)
				byLevel, byNaive = append(byLevel, level), append(byNaive, naive)
				sumLevel += e * level
				sumNaive += e * naive
			}
		}
	}
	count := float64(len(samples))
	for k := range samples {
		s := 0.0
		if sumLevel > 0 {
			s += 0.5 * byLevel[k] / (sumLevel / count)
		}
		if sumNaive > 0 {
			s += 0.5 * byNaive[k] / (sumNaive / count)
		}
		samples[k].scale = s
	}
	return samples, series
}

// own are the factors by which a series' own backtests move its weights.
func (p *pool) own(j *job) []float64 {
	ratio := make([]float64, len(methods))
	for i := range ratio {
		ratio[i] = 1
	}
	values, used := 0, 0
	sums, w := make([]float64, len(methods)), make([]float64, len(methods))
	for _, at := range j.past {
		own := make([]float64, len(methods))
		all, count := 0.0, 0
		for h := 0; h < p.o.Horizon && at.n+h < len(j.y); h++ {
			came := j.y[at.n+h]
			if !j.known(at.n + h) {
				continue
			}
			of := at.traitsAt(h, p.o.Horizon)
			p.gate.weights(w, &of)
			f, _ := combined(w, at.rows, h)
			all += math.Abs(f - came)
			for i, r := range at.rows {
				if r != nil {
					own[i] += math.Abs(r[h] - came)
				}
			}
			count++
		}
		if all <= 1e-12*j.level*float64(count) {
			continue // nothing was missed, so nothing tells the methods apart
		}
		values += count
		used++
		for i, r := range at.rows {
			if r != nil {
				sums[i] += min(own[i]/all, 20)
			} else {
				sums[i]++
			}
		}
	}
	if used == 0 {
		return ownTilt(ratio, 0)
	}
	for i := range ratio {
		ratio[i] = sums[i] / float64(used)
	}
	return ownTilt(ratio, values)
}
