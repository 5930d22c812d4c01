package forecast

import (
	"cmp"
	"math"
	"slices"
)

// Accuracy is how the forecasts of a series did at its backtests. MASE and OWA are nil where
// they are not defined: when the past before an origin did not move, or Naive2 made no error.
type Accuracy struct {
	Values int      `json:"values" doc:"forecasts that could be compared"`
	SMAPE  float64  `json:"smape" doc:"percent, 0..200"`
	MASE   *float64 `json:"mase,omitempty"`
	OWA    *float64 `json:"owa,omitempty" doc:"against Naive2"`
}

// SMAPE is the symmetric mean absolute percentage error of the M competitions, 0..200: the
// mean of 200 |a - f| / (|a| + |f|), where 0 against 0 counts 0. Makridakis (1993).
func SMAPE(actual, forecast []float64) float64 {
	sum := 0.0
	for h, a := range actual {
		if d := math.Abs(a) + math.Abs(forecast[h]); d > 0 {
			sum += 200 * math.Abs(a-forecast[h]) / d
		}
	}
	return sum / float64(len(actual))
}

// MASE is the mean absolute scaled error of Hyndman & Koehler (2006): the mean absolute
// error over the mean absolute seasonal difference inside train. It is 0 when both are,
// and +Inf when only the latter is.
func MASE(train, actual, forecast []float64, season int) float64 {
	sum := 0.0
	for h, a := range actual {
		sum += math.Abs(a - forecast[h])
	}
	return over(sum/float64(len(actual)), seasonalScale(train, season))
}

// MSIS is the mean scaled interval score of the M4 competition (Gneiting & Raftery 2007):
// the width, and 2/alpha times what lies outside, over the denominator of MASE. alpha is
// 0.05 for intervals of 95 %.
func MSIS(train, actual, lo, hi []float64, season int, alpha float64) float64 {
	sum := 0.0
	for h, a := range actual {
		sum += hi[h] - lo[h]
		sum += 2 / alpha * (max(0, lo[h]-a) + max(0, a-hi[h]))
	}
	return over(sum/float64(len(actual)), seasonalScale(train, season))
}

func over(a, b float64) float64 {
	if a == 0 {
		return 0
	}
	return a / b
}

// Naive2 is the benchmark of the M competitions: the last value of the series without its
// season, which is that of classical multiplicative decomposition where the 90 % test
// finds one (additive where a value is not above 0).
func Naive2(y []float64, season, h int) []float64 {
	s := none
	if isSeasonal(y, season) {
		as := multiplicative
		if !allAbove(y, 0) {
			as = additive
		}
		if found, ok := decompose(y, season, as); ok {
			s = found
		}
	}
	z := make([]float64, len(y))
	s.remove(z, y)
	dst := make([]float64, h)
	seasonalNaive(z, dst, 1)
	s.restore(dst, len(y))
	return dst
}

// naive2 is Naive2 of the view by its shortest season.
func (v *view) naive2() []float64 {
	season := 1
	if len(v.seasons) > 0 {
		season = v.seasons[0]
	}
	return Naive2(v.y, season, v.h)
}

// accuracy is how the combination did at the series' own origins. Its weights know them,
// so it is a little better than what is to come.
func (p *pool) accuracy(j *job) *Accuracy {
	if len(j.past) == 0 {
		return nil
	}
	season := 1
	if len(p.o.Seasons) > 0 {
		season = p.o.Seasons[0]
	}
	a := &Accuracy{}
	var mase, naiveSMAPE, naiveMASE float64
	for _, at := range j.past {
		var came, mean, naive2 []float64
		for h := 0; h < p.o.Horizon && at.n+h < len(j.y); h++ {
			if j.known(at.n + h) {
				came, mean, naive2 = append(came, j.y[at.n+h]), append(mean, at.mean[h]), append(naive2, at.naive2[h])
			}
		}
		if len(came) == 0 {
			continue
		}
		train, n := j.y[:at.n], float64(len(came))
		a.Values += len(came)
		a.SMAPE += n * SMAPE(came, mean)
		mase += n * MASE(train, came, mean, season)
		naiveSMAPE += n * SMAPE(came, naive2)
		naiveMASE += n * MASE(train, came, naive2, season)
	}
	if a.Values == 0 {
		return nil
	}
	n := float64(a.Values)
	if owa := (a.SMAPE/naiveSMAPE + mase/naiveMASE) / 2; naiveSMAPE > 0 && naiveMASE > 0 && !math.IsNaN(owa) && !math.IsInf(owa, 0) {
		a.OWA = &owa
	}
	a.SMAPE /= n
	if mase /= n; !math.IsInf(mase, 0) && !math.IsNaN(mase) {
		a.MASE = &mase
	}
	return a
}

// listed are a series' weights as they are told.
func (p *pool) listed(i int) []Weight {
	var out []Weight
	total := 0.0
	for k, r := range p.jobs[i].now.rows {
		if r != nil {
			total += p.weights[i][k]
		}
	}
	for k, r := range p.jobs[i].now.rows {
		if r != nil && total > 0 && p.weights[i][k]/total > 0.005 {
			out = append(out, Weight{methods[k].name, p.weights[i][k] / total})
		}
	}
	slices.SortStableFunc(out, func(a, b Weight) int { return cmp.Compare(b.Weight, a.Weight) })
	return out
}
