package market

import (
	"cmp"
	"math"
	"slices"

	"talentmatch/matcher/forecast"
)

// Why a step has no value.
const (
	noneNotOver = "not_over"
	noneEnded   = "ended"
	noneGone    = "gone"
)

// A foreseen is a series as it was forecast.
type foreseen struct {
	item ForecastItem
	unit periodUnit
	from int       // period of the first step
	past []float64 // values before it, oldest first
}

// A truth is what the store says of a series now.
type truth struct {
	unit   periodUnit
	first  int
	values []float64
}

// at is the value of a period.
func (t *truth) at(n int) (float64, bool) {
	if k := n - t.first; k >= 0 && k < len(t.values) && !math.IsNaN(t.values[k]) {
		return t.values[k], true
	}
	return 0, false
}

// before are the values before a period, without gaps.
func (t *truth) before(n int) []float64 {
	var out []float64
	for k, v := range t.values {
		if t.first+k < n && !math.IsNaN(v) {
			out = append(out, v)
		}
	}
	return out
}

// came are the steps of one series whose values came, side by side.
type came struct {
	past                                     []float64
	season                                   int
	step                                     []int
	actual, mean, lo80, hi80, lo95, hi95, n2 []float64 // n2 is empty without a past
}

// A scorer adds series up, one after the other.
type scorer struct {
	out    BacktestForecasts
	sums   sums
	byStep []*sums
}

// sums are what means are made of. Those of scaled measures are over series, the others over
// values or series as the measure's definition says.
type sums struct {
	series, values              int
	smape, naive                float64 // of each series' mean
	naives                      int
	mase, mase2, smapeS, naiveS float64 // of series that have a scale
	msis                        float64
	scaled                      int
	in80, in95                  int
	foreseen, came              float64
}

// add scores a series. t is nil when the store has it no more.
func (s *scorer) add(f *foreseen, t *truth, over func(u periodUnit, n int) bool) {
	one := BacktestSeries{ID: f.item.ID, Measure: f.item.Measure, Keys: f.item.Keys, Names: f.item.Names, Period: string(f.unit), Known: len(f.past), Steps: []BacktestStep{}}
	var naive []float64
	if len(f.past) > 0 {
		naive = forecast.Naive2(f.past, f.unit.parts(), len(f.item.Steps))
	}
	c := came{past: f.past, season: f.unit.parts()}
	for h, step := range f.item.Steps {
		x := BacktestStep{ForecastStep: step}
		if naive != nil {
			v := rounded(naive[h])
			x.Naive2 = &v
		}
		n := f.from + h
		x.None = s.none(t, f.unit, n, over)
		if x.None == "" {
			v, _ := t.at(n)
			in80, in95 := inside(v, step.Lo80, step.Hi80), inside(v, step.Lo95, step.Hi95)
			x.Came, x.In80, x.In95 = &v, &in80, &in95
			c.add(h, v, &step, naive)
		}
		one.Steps = append(one.Steps, x)
	}
	own := sums{}
	own.add(&c)
	s.sums.add(&c)
	s.addSteps(&c)
	one.Accuracy = own.accuracy()
	s.out.Series = append(s.out.Series, one)
}

// none says why a period has no value, "" when it has one, and counts it.
func (s *scorer) none(t *truth, u periodUnit, n int, over func(periodUnit, int) bool) string {
	d := &s.out.NoData
	if t == nil || t.unit != u {
		d.Gone++
		return noneGone
	}
	if !over(u, n) {
		d.NotOver++
		return noneNotOver
	}
	if _, ok := t.at(n); !ok {
		d.Ended++
		return noneEnded
	}
	return ""
}

func (c *came) add(h int, actual float64, f *ForecastStep, naive []float64) {
	c.step = append(c.step, h)
	c.actual, c.mean = append(c.actual, actual), append(c.mean, f.Mean)
	c.lo80, c.hi80, c.lo95, c.hi95 = append(c.lo80, f.Lo80), append(c.hi80, f.Hi80), append(c.lo95, f.Lo95), append(c.hi95, f.Hi95)
	if naive != nil {
		c.n2 = append(c.n2, naive[h])
	}
}

// one is a single step of c.
func (c *came) one(k int) came {
	out := came{past: c.past, season: c.season, step: c.step[k : k+1], actual: c.actual[k : k+1], mean: c.mean[k : k+1], lo80: c.lo80[k : k+1], hi80: c.hi80[k : k+1], lo95: c.lo95[k : k+1], hi95: c.hi95[k : k+1]}
	if len(c.n2) > 0 {
		out.n2 = c.n2[k : k+1]
	}
	return out
}

func (s *scorer) addSteps(c *came) {
	for k, h := range c.step {
		for len(s.byStep) <= h {
			s.byStep = append(s.byStep, &sums{})
		}
		one := c.one(k)
		s.byStep[h].add(&one)
	}
}

// add adds a series: each counts the same, however many values came.
func (s *sums) add(c *came) {
	if len(c.actual) == 0 {
		return
	}
	s.series++
	s.values += len(c.actual)
	smape := forecast.SMAPE(c.actual, c.mean)
	s.smape += smape
	for k, v := range c.actual {
		s.foreseen += c.mean[k]
		s.came += v
		if inside(v, c.lo80[k], c.hi80[k]) {
			s.in80++
		}
		if inside(v, c.lo95[k], c.hi95[k]) {
			s.in95++
		}
	}
	if len(c.n2) == 0 {
		return
	}
	naive := forecast.SMAPE(c.actual, c.n2)
	s.naive += naive
	s.naives++
	if !hasScale(c.past, c.season) {
		return
	}
	s.scaled++
	s.smapeS += smape
	s.naiveS += naive
	s.mase += forecast.MASE(c.past, c.actual, c.mean, c.season)
	s.mase2 += forecast.MASE(c.past, c.actual, c.n2, c.season)
	s.msis += forecast.MSIS(c.past, c.actual, c.lo95, c.hi95, c.season, 0.05)
}

// inside says that a value lies in an interval, its ends included. The last bits do not count:
// the interval of a series that never changed has no width.
func inside(v, lo, hi float64) bool {
	dust := 1e-9 * math.Abs(v)
	return lo-dust <= v && v <= hi+dust
}

// hasScale says that the past has seasonal differences that are not all 0.
func hasScale(past []float64, season int) bool {
	if len(past) < 2 {
		return false
	}
	return forecast.MASE(past, []float64{1}, []float64{0}, season) < math.Inf(1)
}

// accuracy is what the sums come to.
func (s *sums) accuracy() BacktestAccuracy {
	a := BacktestAccuracy{Series: s.series, Values: s.values}
	if s.series == 0 {
		return a
	}
	a.SMAPE = quotient(s.smape, float64(s.series))
	a.SMAPENaive2 = quotient(s.naive, float64(s.naives))
	n := float64(s.scaled)
	a.MASE, a.MASENaive2, a.MSIS = quotient(s.mase, n), quotient(s.mase2, n), quotient(s.msis, n)
	if s.naiveS > 0 && s.mase2 > 0 {
		a.OWA = quotient(s.smapeS/s.naiveS+s.mase/s.mase2, 2)
	}
	v := float64(s.values)
	a.Coverage80, a.Coverage95 = quotient(float64(s.in80), v), quotient(float64(s.in95), v)
	a.Bias, a.BiasShare = quotient(s.foreseen-s.came, v), quotient(s.foreseen-s.came, s.came)
	return a
}

// quotient is a/b; nil when that is no number, as b is 0 or next to it.
func quotient(a, b float64) *float64 {
	v := a / b
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	v = rounded(v)
	return &v
}

// finish adds up, and keeps the series that are listed.
func (s *scorer) finish(limit int) *BacktestForecasts {
	out := &s.out
	out.Accuracy = s.sums.accuracy()
	out.ByStep = []BacktestStepScore{}
	for h, x := range s.byStep {
		a := x.accuracy()
		out.ByStep = append(out.ByStep, BacktestStepScore{h + 1, a.Values, a.SMAPE, a.SMAPENaive2, a.Coverage80, a.Coverage95, a.BiasShare})
	}
	slices.SortStableFunc(out.Series, func(a, b BacktestSeries) int {
		return cmp.Or(cmp.Compare(badness(&b), badness(&a)), cmp.Compare(a.ID, b.ID))
	})
	kept := min(limit, len(out.Series))
	out.Rest = len(out.Series) - kept
	out.Series = append([]BacktestSeries{}, out.Series[:kept]...)
	return out
}

// badness orders series: by MASE, then those that have none by sMAPE, then those of which
// nothing came.
func badness(s *BacktestSeries) float64 {
	switch {
	case s.Accuracy.MASE != nil:
		return 1000 + *s.Accuracy.MASE
	case s.Accuracy.SMAPE != nil:
		return *s.Accuracy.SMAPE // at most 200
	}
	return -1
}
