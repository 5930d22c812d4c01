package forecast

import (
	"math"
	"slices"

	"talentmatch/matcher/forecast/arima"
)

// A view is a series as it was seen at one origin, with what several methods need.
type view struct {
	y        []float64 // finite, at least 3
	seasons  []int     // each at least 2, rising; empty for none
	h        int
	positive bool // every value is above 0

	mult, add    seasonal  // shrunk, over all seasons; mult is add where values are not positive
	flatM, flatA []float64 // y without them

	ets *etsWork
}

func newView(y []float64, seasons []int, h int, w *etsWork) *view {
	v := &view{y: y, seasons: seasons, h: h, positive: allAbove(y, 0), ets: w}
	v.add = bySeasons(y, seasons, additive)
	v.mult = v.add
	if v.positive {
		v.mult = bySeasons(y, seasons, multiplicative)
	}
	v.flatM, v.flatA = make([]float64, len(y)), make([]float64, len(y))
	v.mult.remove(v.flatM, y)
	if !allFinite(v.flatM) {
		v.mult = none
		copy(v.flatM, y)
	}
	v.add.remove(v.flatA, y)
	return v
}

// longest is the longest season that there are two whole periods of, 1 for none.
func (v *view) longest() int {
	p := 1
	for _, s := range v.seasons {
		if len(v.y) >= 2*s {
			p = s
		}
	}
	return p
}

// shortest is the shortest season, 1 for none.
func (v *view) shortest() int {
	if len(v.seasons) == 0 || len(v.y) < 2*v.seasons[0] {
		return 1
	}
	return v.seasons[0]
}

// A method forecasts a view into dst, or says that it has nothing to say of it.
type method struct {
	name  string
	prior float64 // weight before anything is known of how it does
	run   func(v *view, dst []float64) bool
}

// methods are all that take part, in the order of weights. The seasonal pattern of the
// plain ones is that of bySeasons. Names that end in A take it as an additive one where it
// is multiplicative in the others; End starts from the end (see ets.objective).
var methods = []method{
	{"naive", 0.5, func(v *view, dst []float64) bool {
		seasonalNaive(v.flatM, dst, 1)
		v.mult.restore(dst, len(v.y))
		return true
	}},
	{"seasonal-naive", 0.5, func(v *view, dst []float64) bool {
		seasonalNaive(v.y, dst, v.shortest())
		return v.shortest() > 1
	}},
	{"long-seasonal-naive", 0.5, func(v *view, dst []float64) bool {
		seasonalNaive(v.y, dst, v.longest())
		return v.longest() > v.shortest()
	}},
	{"drift", 0.5, flat(func(v *view, z, dst []float64) bool { drift(z, dst); return true })},
	{"robust-trend", 0.5, flat(func(v *view, z, dst []float64) bool { robustTrend(z, dst, make([]float64, 0, len(z))); return true })},
	{"ses", 0.5, flat(smooth(etsForm{'A', 'N', noSeason}, false))},
	{"holt", 0.5, flat(smooth(etsForm{'A', 'A', noSeason}, false))},
	{"damped", 1, flat(smooth(etsForm{'A', 'D', noSeason}, false))},
	{"damped-end", 1, flat(smooth(etsForm{'A', 'D', noSeason}, true))},
	{"ratio-damped", 0.5, flat(smooth(etsForm{'M', 'E', noSeason}, false))},
	{"theta", 1, flat(func(v *view, z, dst []float64) bool { return theta(z, dst, v.ets) })},
	{"theta-A", 1, flatAdditive(func(v *view, z, dst []float64) bool { return theta(z, dst, v.ets) })},
	{"dotm", 1, flat(func(v *view, z, dst []float64) bool { return optimisedTheta(z, dst) })},
	{"dotm-A", 1, flatAdditive(func(v *view, z, dst []float64) bool { return optimisedTheta(z, dst) })},
	{"ets", 1.5, func(v *view, dst []float64) bool { return averagedETS(v, dst, false) }},
	{"ets-end", 1.5, func(v *view, dst []float64) bool { return averagedETS(v, dst, true) }},
	{"ets-MAdA", 1, func(v *view, dst []float64) bool {
		if !v.positive || v.add.shape != additive {
			return false
		}
		e, ok := fitETS(v.y, etsForm{'M', 'D', additive}, &v.add, false, v.ets)
		if ok {
			e.forecast(dst)
		}
		return ok
	}},
	{"arima", 1.5, runARIMA},
	{"lags", 0.5, func(v *view, dst []float64) bool { return lagRegression(v.y, dst, v.seasons) }},
	{"lags-flat", 1, flat(func(v *view, z, dst []float64) bool {
		return len(v.seasons) > 1 && lagRegression(z, dst, v.seasons[:1])
	})},
	{"short-ets-A", 1, shortSeason(etsForm{'A', 'N', additive})},
	{"short-ets-M", 1, shortSeason(etsForm{'M', 'N', multiplicative})},
	{"croston", 1, func(v *view, dst []float64) bool { return sparse(v.y) && croston(v.y, dst) }},
	{"tsb", 1, func(v *view, dst []float64) bool { return sparse(v.y) && tsb(v.y, dst) }},
}

// flat runs a method without season on the series without its season.
func flat(run func(v *view, z, dst []float64) bool) func(*view, []float64) bool {
	return func(v *view, dst []float64) bool {
		ok := run(v, v.flatM, dst)
		v.mult.restore(dst, len(v.y))
		return ok
	}
}

// flatAdditive is flat with the additive season, where that is another.
func flatAdditive(run func(v *view, z, dst []float64) bool) func(*view, []float64) bool {
	return func(v *view, dst []float64) bool {
		if v.mult.shape != multiplicative || v.add.shape != additive {
			return false
		}
		ok := run(v, v.flatA, dst)
		v.add.restore(dst, len(v.y))
		return ok
	}
}

// smooth fits one form of exponential smoothing.
func smooth(form etsForm, fromEnd bool) func(v *view, z, dst []float64) bool {
	return func(v *view, z, dst []float64) bool {
		if form.err == 'M' && !allAbove(z, 0) {
			return false
		}
		e, ok := fitETS(z, form, &none, fromEnd, v.ets)
		if ok {
			e.forecast(dst)
		}
		return ok
	}
}

// shortSeason fits one form with the shortest of several seasons alone, whose pattern
// then changes from period to period.
func shortSeason(form etsForm) func(v *view, dst []float64) bool {
	return func(v *view, dst []float64) bool {
		if v.longest() == v.shortest() || form.err == 'M' && !v.positive {
			return false
		}
		s := bySeasons(v.y, v.seasons[:1], form.season)
		if s.shape != form.season {
			return false
		}
		e, ok := fitETS(v.y, form, &s, false, v.ets)
		if ok {
			e.forecast(dst)
		}
		return ok
	}
}

// longFamily is the longest season of which the whole family of models is tried: their
// cost grows with the values, not the season, but one long season takes many.
const longFamily = 24

// averagedETS is the whole family weighted by exp(-AICc/2): where several fit about as
// well, their average forecasts better than the one that fits best. Kolassa (2011),
// Combining exponential smoothing forecasts using Akaike weights. Forms that are known to
// be unstable (additive error with a multiplicative season or trend) are left out.
func averagedETS(v *view, dst []float64, fromEnd bool) bool {
	type fitted struct {
		aicc float64
		f    []float64
	}
	var fits []fitted
	best := math.Inf(1)
	for _, season := range []*seasonal{&none, &v.add, &v.mult} {
		if season != &none && (season.shape == noSeason || season == &v.mult && season.shape != multiplicative) {
			continue
		}
		for _, form := range family(v, season) {
			e, ok := fitETS(v.y, form, season, fromEnd, v.ets)
			if !ok || math.IsInf(e.aicc, 0) || math.IsNaN(e.aicc) {
				continue
			}
			f := make([]float64, len(dst))
			e.forecast(f)
			fits = append(fits, fitted{e.aicc, f})
			best = min(best, e.aicc)
		}
	}
	clear(dst)
	sum := 0.0
	for _, one := range fits {
		w := math.Exp((best - one.aicc) / 2)
		sum += w
		for h := range dst {
			dst[h] += w * one.f[h]
		}
	}
	for h := range dst {
		dst[h] /= sum
	}
	return sum > 0
}

// family lists the forms with the season.
func family(v *view, season *seasonal) (forms []etsForm) {
	long := season.period > longFamily
	for _, err := range []byte{'A', 'M'} {
		if err == 'M' && !v.positive || err == 'A' && season.shape == multiplicative {
			continue
		}
		for _, trend := range []byte{'N', 'A', 'D', 'E'} {
			if err == 'A' && trend == 'E' || long && trend != 'N' && trend != 'D' {
				continue
			}
			forms = append(forms, etsForm{err, trend, season.shape})
		}
	}
	return forms
}

// runARIMA fits the series itself where its one season is short, and else the series
// without its season. Two ordinary differences are left out: they follow the last turn of
// short series too far; so does any order that is read out of a handful of values.
func runARIMA(v *view, dst []float64) bool {
	if len(v.y) < 10 {
		return false
	}
	y, season := v.y, 1
	long := len(v.seasons) > 1 || v.longest() >= longFamily
	if !long {
		season = v.longest()
	} else {
		y = v.flatM
	}
	o := arima.DefaultOptions(season)
	o.MaxD, o.MaxSeasonalQ = 1, 1
	m, err := arima.Fit(y, o)
	if err != nil {
		return false
	}
	mean, _ := m.Forecast(len(dst))
	copy(dst, mean)
	if long {
		v.mult.restore(dst, len(y))
	}
	return true
}

// sparse says that a series of counts is so often 0 that sizes and intervals are better
// forecast apart.
func sparse(y []float64) bool {
	zeros := 0
	for _, v := range y {
		if v < 0 {
			return false
		}
		if v == 0 {
			zeros++
		}
	}
	return 10*zeros >= 3*len(y)
}

// runAll runs every method on the view. A row is nil where a method has nothing to say or
// its forecasts are not numbers.
func runAll(v *view) [][]float64 {
	rows := make([][]float64, len(methods))
	any := false
	for i := range methods {
		dst := make([]float64, v.h)
		if methods[i].run(v, dst) && allFinite(dst) {
			rows[i] = dst
			any = true
		}
	}
	if !any { // no season of such values can be taken out and put back
		rows[0] = make([]float64, v.h)
		seasonalNaive(v.y, rows[0], 1)
	}
	trend := v.traitsOf()[traitTrend]
	for _, r := range rows {
		if r != nil {
			fade(r, len(v.y), v.longest(), trend)
		}
	}
	reinIn(rows, seasonalScale(v.y, v.shortest()))
	return rows
}

// fade lets a forecast flatten out where it goes further than half the past of n values: what
// it adds from period to period shrinks by a factor a step, the faster the less of the past
// was a trend (R squared, 0..1). A noisy start that rises says little of the years to come.
// Measured on series cut to 10 to 29 values and forecast 10 to 60 ahead: sMAPE 8 % less on noisy
// monthly ones, the same on employment and yearly ones, OWA .5 % more on quarterly ones.
func fade(r []float64, n, period int, trend float64) {
	from := max(n/2, period)
	if from >= len(r) || trend >= 1 {
		return
	}
	factor := math.Exp(-2 / float64(n) * (1 - trend) / max(trend, 1e-9))
	was, power := append([]float64(nil), r...), 1.0
	for h := from; h < len(r); h++ {
		power *= factor
		r[h] = r[h-period] + power*(was[h]-was[h-period])
	}
}

// outlying is how many times the median distance from the median a forecast may lie away.
const outlying = 12

// reinIn draws forecasts that lie far from all others to where they are merely far: a method
// that runs away on one series in a thousand must neither take the average along nor be
// judged by that one. naive is the series' mean seasonal difference, a distance that is
// always allowed.
func reinIn(rows [][]float64, naive float64) {
	var values, apart []float64
	for h := range rows[firstRow(rows)] {
		values, apart = values[:0], apart[:0]
		for _, r := range rows {
			if r != nil {
				values = append(values, r[h])
			}
		}
		slices.Sort(values)
		middle := values[len(values)/2]
		for _, v := range values {
			apart = append(apart, math.Abs(v-middle))
		}
		slices.Sort(apart)
		reach := outlying * max(apart[len(apart)/2], naive/4)
		for _, r := range rows {
			if r != nil {
				r[h] = min(max(r[h], middle-reach), middle+reach)
			}
		}
	}
}

func firstRow(rows [][]float64) int {
	return slices.IndexFunc(rows, func(r []float64) bool { return r != nil })
}

func allFinite(y []float64) bool {
	for _, v := range y {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}
