package forecast

import (
	"cmp"
	"math"
	"slices"
)

// Move writes a step: its mean and the half widths of its intervals. A bounded one is not
// below 0, the mean first, so that intervals keep a width above it; counts are whole.
func (f *Forecast) Move(h int, mean, half80, half95 float64, bounded, counts bool) {
	if bounded {
		mean = max(0, mean)
	}
	lo := func(half float64) float64 {
		v := mean - half
		if counts {
			v = math.Floor(v)
		}
		if bounded {
			v = max(0, v)
		}
		return v
	}
	hi := func(half float64) float64 {
		if counts {
			return math.Ceil(mean + half)
		}
		return mean + half
	}
	f.Lo80[h], f.Hi80[h], f.Lo95[h], f.Hi95[h] = lo(half80), hi(half80), lo(half95), hi(half95)
	if f.Mean[h] = mean; counts {
		f.Mean[h] = math.Round(mean)
	}
}

// answer puts a series' forecast together.
func (p *pool) answer(i int) *Forecast {
	j, H := p.jobs[i], p.o.Horizon
	f := &Forecast{Mean: make([]float64, H), Lo80: make([]float64, H), Hi80: make([]float64, H), Lo95: make([]float64, H), Hi95: make([]float64, H)}
	bounded := p.o.Counts || !slices.ContainsFunc(j.y, func(v float64) bool { return v < 0 })
	for h := range H {
		unit := j.now.width(h, 0) * p.widths.factor[i] * p.beyond(j, h)
		if math.IsNaN(unit) || math.IsInf(unit, 0) {
			unit = j.naive * math.Sqrt(float64(h+1))
		}
		f.Move(h, j.now.mean[h], p.widths.q80[h]*unit, max(p.widths.q95[h], p.widths.q80[h])*unit, bounded, p.o.Counts)
	}
	for t := range j.raw {
		if !j.known(t) {
			f.Filled++
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
	f.Break = findBreak(j.now.flat)
	return f
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
