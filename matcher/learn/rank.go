package learn

import (
	"fmt"
	"math"
	"runtime"
	"sync"
)

// A sample is one query as the fit sees it.
type sample struct {
	rows []float32 // standardised, width columns each
	gain []float64 // per row; 0 is no match
	from int       // the query
}

// linear is weights on standardised features.
type linear struct {
	mean, scale []float64 // scale 0: the feature does not vary and counts nothing
	weight      []float64
}

// score is the ranking value of one row of raw features.
func (l *linear) score(row []float32) float64 {
	sum := 0.0
	for k, w := range l.weight {
		if l.scale[k] > 0 {
			sum += w * (float64(row[k]) - l.mean[k]) / l.scale[k]
		}
	}
	return sum
}

// standardise works out mean and scale of every column over all samples.
func standardise(samples []sample, width int) (mean, scale []float64) {
	mean, scale = make([]float64, width), make([]float64, width)
	n := 0.0
	for _, s := range samples {
		for i, v := range s.rows {
			mean[i%width] += float64(v)
		}
		n += float64(len(s.rows) / width)
	}
	if n == 0 {
		return mean, scale
	}
	for k := range mean {
		mean[k] /= n
	}
	for _, s := range samples {
		for i, v := range s.rows {
			d := float64(v) - mean[i%width]
			scale[i%width] += d * d
		}
	}
	for k := range scale {
		scale[k] = math.Sqrt(scale[k] / n)
		if scale[k] < 1e-9 {
			scale[k] = 0
		}
	}
	return mean, scale
}

// fitLinear fits weights to the samples, with lambda/2 * |w|^2 on top of the loss per
// query; lambda is relative to the number of queries with a match.
func fitLinear(samples []sample, width int, lambda float64) (*linear, error) {
	l := &linear{}
	l.mean, l.scale = standardise(samples, width)
	var use []sample
	for _, s := range samples {
		any := false
		for _, g := range s.gain {
			any = any || g > 0
		}
		if any {
			use = append(use, sample{rows: standardised(s.rows, l.mean, l.scale), gain: s.gain})
		}
	}
	if len(use) == 0 {
		return nil, fmt.Errorf("no query has a match among its candidates")
	}
	var err error
	l.weight, err = minimize(width, func(w, grad []float64) float64 { return conditionalLoss(use, w, grad, lambda) })
	return l, err
}

func standardised(rows []float32, mean, scale []float64) []float32 {
	out := make([]float32, len(rows))
	for i, v := range rows {
		if k := i % len(mean); scale[k] > 0 {
			out[i] = float32((float64(v) - mean[k]) / scale[k])
		}
	}
	return out
}

// conditionalLoss is the mean over queries of sum over matches m of g_m/sum(g) *
// ln(1 + sum over non-matches c of e^(s_c - s_m)), plus lambda/(2n) * |w|^2. grad
// receives its gradient.
func conditionalLoss(samples []sample, w, grad []float64, lambda float64) float64 {
	// A fixed number of parts, summed in their order, so that the number of cores does
	// not matter.
	const parts = 8
	losses, grads := make([]float64, parts), make([][]float64, parts)
	var wait sync.WaitGroup
	limit := make(chan struct{}, runtime.GOMAXPROCS(0))
	for p := range parts {
		grads[p] = make([]float64, len(w))
		wait.Add(1)
		limit <- struct{}{}
		go func() {
			defer func() { <-limit; wait.Done() }()
			work := &lossWork{negative: make([]float64, len(w))}
			for i := p; i < len(samples); i += parts {
				losses[p] += work.query(&samples[i], w, grads[p])
			}
		}()
	}
	wait.Wait()
	n, loss := float64(len(samples)), 0.0
	clear(grad)
	for p := range parts {
		loss += losses[p]
		for k, g := range grads[p] {
			grad[k] += g
		}
	}
	for k := range grad {
		loss += lambda / 2 * w[k] * w[k]
		grad[k] = (grad[k] + lambda*w[k]) / n
	}
	return loss / n
}

type lossWork struct {
	scores   []float64
	negative []float64 // sum over non-matches of e^(s_c - top) * x_c
}

// query adds one query's gradient and returns its loss.
func (lw *lossWork) query(s *sample, w, grad []float64) float64 {
	width := len(w)
	lw.scores = lw.scores[:0]
	top := math.Inf(-1)
	for i := 0; i < len(s.rows); i += width {
		v := 0.0
		for k, x := range s.rows[i : i+width] {
			v += w[k] * float64(x)
		}
		lw.scores = append(lw.scores, v)
		top = max(top, v)
	}
	clear(lw.negative)
	sum, gains := 0.0, 0.0
	for i, g := range s.gain {
		if g > 0 {
			gains += g
			continue
		}
		e := math.Exp(lw.scores[i] - top)
		sum += e
		for k, x := range s.rows[i*width : (i+1)*width] {
			lw.negative[k] += e * float64(x)
		}
	}
	loss := 0.0
	for i, g := range s.gain {
		if g <= 0 {
			continue
		}
		e := math.Exp(lw.scores[i] - top)
		share, z := g/gains, e+sum
		if z == 0 { // every one underflowed next to another match: no non-match is near
			continue
		}
		loss += share * (math.Log(z) - (lw.scores[i] - top))
		for k, x := range s.rows[i*width : (i+1)*width] {
			grad[k] += share * ((e*float64(x)+lw.negative[k])/z - float64(x))
		}
	}
	return loss
}
