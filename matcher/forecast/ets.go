package forecast

import "math"

// An etsForm is one model of the exponential smoothing family in the notation of
// Hyndman, Koehler, Ord & Snyder (2008), Forecasting with Exponential Smoothing: error
// A or M, trend N, A, D (additive damped), M or E (multiplicative damped), season N, A
// or M.
type etsForm struct {
	err    byte
	trend  byte
	season shape
}

// parameters of the form: smoothing constants, and the states at the start.
func (f etsForm) parameters(period int) (smoothing, states int) {
	smoothing, states = 1, 1
	switch f.trend {
	case 'A', 'M':
		smoothing, states = 2, 2
	case 'D', 'E':
		smoothing, states = 3, 2
	}
	if f.season != noSeason {
		smoothing++
		states += period - 1
	}
	return smoothing, states
}

// damped says that the trend flattens out.
func (f etsForm) damped() bool { return f.trend == 'D' || f.trend == 'E' }

// ratioTrend says that the trend is a factor.
func (f etsForm) ratioTrend() bool { return f.trend == 'M' || f.trend == 'E' }

// Bounds of the damping constant: below, the trend is gone at once, above, it can not be
// told from an undamped one. (forecast::ets uses the same.)
const minDamping, maxDamping = 0.8, 0.98

// An ets is a fitted model with its states after the last value.
type ets struct {
	form                     etsForm
	period                   int
	alpha, beta, gamma, damp float64 // beta is the share of the level's change (beta / alpha in error correction form)
	level, slope             float64
	season                   []float64 // by position modulo the period
	n                        int       // values
	sse                      float64   // of errors, relative ones when the error is multiplicative
	aicc                     float64
	fromEnd                  bool    // states at the start by running backwards
	level0, slope0           float64 // states at the start, otherwise
}

// etsWork is the memory of fits, used again from series to series.
type etsWork struct {
	season, plain []float64
}

// pass runs the recursions once over y, forwards or backwards, from the states in e, and
// leaves the states after it there. The recursions are those of the component form, which
// additive and multiplicative errors share (op. cit., table 2.2, with the season's
// update by the states before, as in error correction form). It returns the sum of squared errors and, where
// the error is multiplicative, the sum of the logarithms of the one-step forecasts; ok is
// false when the model left its range.
func (e *ets) pass(y []float64, backwards bool, fitted []float64) (sse, logs float64, ok bool) {
	n := len(y)
	l, b := e.level, e.slope
	relative := e.form.err == 'M'
	at := 0
	if e.form.season != noSeason && backwards {
		at = (n - 1) % e.period
	}
	for i := range n {
		t := i
		if backwards {
			t = n - 1 - i
		}
		v := y[t]
		p, change := l, 0.0 // level and slope as foreseen
		switch e.form.trend {
		case 'A':
			change = b
			p = l + b
		case 'D':
			change = e.damp * b
			p = l + change
		case 'M':
			change = b
			p = l * b
		case 'E':
			change = math.Pow(b, e.damp)
			p = l * change
		}
		hat, q := p, v
		switch e.form.season {
		case additive:
			hat, q = p+e.season[at], v-e.season[at]
		case multiplicative:
			hat, q = p*e.season[at], v/e.season[at]
		}
		if fitted != nil {
			fitted[t] = hat
		}
		err := v - hat
		if relative {
			if !(hat > 0) {
				return 0, 0, false
			}
			err /= hat
			logs += math.Log(hat)
		}
		sse += err * err
		next := p + e.alpha*(q-p)
		switch e.form.trend {
		case 'A', 'D':
			b = change + e.beta*(next-l-change)
		case 'M', 'E':
			if !(next > 0) {
				return 0, 0, false
			}
			b = change + e.beta*(next/l-change)
			if !(b > 0) {
				return 0, 0, false
			}
		}
		switch e.form.season {
		case additive:
			e.season[at] += e.gamma * (v - p - e.season[at])
		case multiplicative:
			if !(p > 0) {
				return 0, 0, false
			}
			e.season[at] += e.gamma * (v/p - e.season[at])
			if !(e.season[at] > 0) {
				return 0, 0, false
			}
		}
		l = next
		if e.form.season != noSeason {
			if backwards {
				if at--; at < 0 {
					at = e.period - 1
				}
			} else if at++; at == e.period {
				at = 0
			}
		}
	}
	e.level, e.slope = l, b
	return sse, logs, !math.IsNaN(sse) && !math.IsInf(sse, 0)
}

// objective sets the parameters, runs over y and returns n log(sse) + 2 sum(log hat),
// minus twice the log likelihood up to a constant; +Inf outside the model's range.
//
// The states at the start are not searched for. They are either those of the line through
// the whole series, which on short series keeps the trend near what it was in the long
// run and was the more accurate on quarterly ones, or found by running backwards from the
// end (backcasting: Svetunkov 2023, Forecasting and Analytics with ADAM, 11.4), which
// follows the ends more closely.
func (e *ets) objective(y, start []float64, x []float64) float64 {
	e.set(x)
	copy(e.season, start)
	e.level, e.slope = e.level0, e.slope0
	if e.fromEnd && !e.backcast(y) {
		return math.Inf(1)
	}
	sse, logs, ok := e.pass(y, false, nil)
	if !ok {
		return math.Inf(1)
	}
	e.sse = sse
	return float64(len(y))*math.Log(sse+1e-300) + 2*logs
}

// backcast leaves the states before the first value.
func (e *ets) backcast(y []float64) bool {
	n := len(y)
	head := min(n, max(4, e.period))
	e.level, e.slope = e.plain(y[n-head:], n-head), 0
	if e.form.ratioTrend() {
		e.slope = 1
	}
	if e.form.trend != 'N' {
		e.startTrend(y, n)
	}
	if _, _, ok := e.pass(y, true, nil); !ok {
		return false
	}
	switch { // forwards again: a trend turns round
	case e.form.ratioTrend():
		e.slope = 1 / e.slope
	case e.form.trend != 'N':
		e.slope = -e.slope
	}
	return true
}

// startByLine sets the states at the start by the line through the whole series without
// its season, of the logarithms when the trend is a factor.
func (e *ets) startByLine(y, start []float64, w *etsWork) {
	z := append(w.plain[:0], y...)
	w.plain = z
	for i := range z {
		switch e.form.season {
		case additive:
			z[i] -= start[i%e.period]
		case multiplicative:
			z[i] /= start[i%e.period]
		}
		if e.form.ratioTrend() {
			z[i] = math.Log(z[i])
		}
	}
	if e.form.trend == 'N' {
		e.level0 = mean(z[:max(1, min(3, len(z)/4))])
		return
	}
	a, b := regression(z)
	e.level0, e.slope0 = a-b, b
	if e.form.ratioTrend() {
		e.level0, e.slope0 = math.Exp(a-b), math.Exp(b)
	}
}

// plain is the mean of a stretch that starts at position from, with its season removed.
func (e *ets) plain(y []float64, from int) float64 {
	sum := 0.0
	for i, v := range y {
		switch e.form.season {
		case additive:
			v -= e.season[(from+i)%e.period]
		case multiplicative:
			v /= e.season[(from+i)%e.period]
		}
		sum += v
	}
	return sum / float64(len(y))
}

// startTrend sets level and slope one step after the end, looking back: the mean change
// over the last stretch.
func (e *ets) startTrend(y []float64, n int) {
	k := min(n/2, max(4, e.period))
	last, before := e.plain(y[n-k:], n-k), e.plain(y[n-2*k:n-k], n-2*k)
	if e.form.ratioTrend() {
		if last > 0 && before > 0 {
			e.slope = math.Pow(before/last, 1/float64(k))
			e.level = last * math.Pow(last/before, float64(k+1)/2/float64(k))
		}
		return
	}
	e.slope = (before - last) / float64(k)
	e.level = last - e.slope*float64(k+1)/2
}

// set reads the parameters from the whole line: every constant between its bounds, beta a
// share of alpha, gamma a share of 1 - alpha (op. cit., 10.1).
func (e *ets) set(x []float64) {
	e.alpha = 1e-4 + (1-2e-4)*logistic(x[0])
	i := 1
	if e.form.trend != 'N' {
		e.beta = 1e-4 + (1-2e-4)*logistic(x[i])
		i++
	}
	if e.form.season != noSeason {
		e.gamma = (1 - e.alpha) * (1e-4 + (1-2e-4)*logistic(x[i]))
		i++
	}
	e.damp = 1
	if e.form.damped() {
		e.damp = minDamping + (maxDamping-minDamping)*logistic(x[i])
	}
}

// fitETS fits one form; season has the indices at the start, of the form's shape. ok is
// false when the form does not suit the values or there are too few.
func fitETS(y []float64, form etsForm, season *seasonal, fromEnd bool, w *etsWork) (e ets, ok bool) {
	period, start := season.period, season.index
	smoothing, states := form.parameters(period)
	n := len(y)
	if n < 3 || n <= smoothing+2 {
		return e, false
	}
	if cap(w.season) < period {
		w.season = make([]float64, period)
	}
	e = ets{form: form, period: period, season: w.season[:period], n: n, fromEnd: fromEnd}
	if form.season == noSeason {
		e.season = nil
	}
	if !fromEnd {
		e.startByLine(y, start, w)
	}
	x0 := [maxParams]float64{logit(0.3), 0, 0, 0}
	step := [maxParams]float64{1.5, 1.5, 1.5, 1.5}
	i := 1
	if form.trend != 'N' {
		x0[i] = logit(0.1)
		i++
	}
	if form.season != noSeason {
		x0[i] = logit(0.1)
		i++
	}
	if form.damped() {
		x0[i] = logit(0.75)
	}
	f := func(x []float64) float64 {
		v := e.objective(y, start, x)
		for _, p := range x[:smoothing] { // keeps the simplex from running away where f is flat
			if p > 12 || p < -12 {
				return math.Inf(1)
			}
		}
		return v
	}
	if math.IsInf(f(x0[:smoothing]), 1) {
		return e, false
	}
	best, _ := minimise(f, x0[:smoothing], step[:smoothing], 60+60*smoothing)
	value := e.objective(y, start, best[:smoothing]) // leaves the states of the best
	e.season = append([]float64(nil), e.season...)
	k := float64(smoothing + states + 1)
	e.aicc = value + 2*k
	if room := float64(n) - k - 1; room > 0 {
		e.aicc += 2 * k * (k + 1) / room
	} else {
		e.aicc = math.Inf(1)
	}
	return e, true
}

// forecast writes the point forecasts of the next values.
func (e *ets) forecast(dst []float64) {
	sum, power := 0.0, 1.0
	for h := range dst {
		power *= e.damp
		sum += power
		p := e.level
		switch e.form.trend {
		case 'A', 'D':
			p = e.level + sum*e.slope
		case 'M', 'E':
			p = e.level * math.Pow(e.slope, sum)
		}
		switch e.form.season {
		case additive:
			p += e.season[(e.n+h)%e.period]
		case multiplicative:
			p *= e.season[(e.n+h)%e.period]
		}
		dst[h] = p
	}
}
