package evaluate

import (
	"context"
	"math/rand/v2"
	"slices"
)

// Resamples is how many bootstrap samples an interval is made of.
const Resamples = 1000

// An Interval holds the middle 95 % of the bootstrap's values.
type Interval struct{ Low, High float64 }

// The streams keep the samples of metrics and of AUROC apart under one seed.
const (
	metricStream = 1 + iota
	aurocStream
)

// Intervals are the percentile bootstrap intervals of the means: queries are drawn
// with replacement, as many as there are, and every metric is averaged over the same
// draw. The same seed gives the same values. Without queries they are zero. Errors: the
// context's end.
func (r *Result) Intervals(ctx context.Context, seed uint64) ([NumMetrics]Interval, error) {
	var out [NumMetrics]Interval
	n := len(r.Queries)
	if n == 0 {
		return out, nil
	}
	values := make([]Values, n) // close together: they are drawn a thousand times
	for i := range r.Queries {
		values[i] = r.Queries[i].Values
	}
	rng := rand.New(rand.NewPCG(seed, metricStream))
	var means [NumMetrics][]float64
	for range Resamples {
		if err := ctx.Err(); err != nil {
			return out, err
		}
		var sum Values
		for range n {
			for m, v := range &values[rng.IntN(n)] {
				sum[m] += v
			}
		}
		for m := range sum {
			means[m] = append(means[m], sum[m]/float64(n))
		}
	}
	for m := range means {
		out[m] = middle(means[m])
	}
	return out, nil
}

// middle is the interval between the 2.5th and 97.5th percentile; it sorts values.
func middle(values []float64) Interval {
	slices.Sort(values)
	return Interval{quantile(values, 0.025), quantile(values, 0.975)}
}

// quantile interpolates between sorted values (Hyndman and Fan's type 7).
func quantile(sorted []float64, p float64) float64 {
	at := p * float64(len(sorted)-1)
	i := int(at)
	if i+1 == len(sorted) {
		return sorted[i]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}
