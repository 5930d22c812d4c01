package arima

import "math"

// estimator fits orders to one differenced series. Its buffers serve them all.
type estimator struct {
	z     []float64 // differenced, scaled to mean square 1
	scale float64   // z times scale is in units of y
	exact bool
	quick *likelihood // least squares from zero pre-sample values
	full  *likelihood // what the model is judged by
	min   *minimizer
	tmp   []float64
}

// estimate is one fitted order.
type estimate struct {
	order  Order
	x      []float64 // what the optimizer moved
	logLik float64   // in units of y
	aicc   float64   // +Inf when there are too few values for the order
	nearby bool      // a root is too near the unit circle to be trusted
}

const (
	longSeason = 24  // from here on no exact likelihood
	longSeries = 400 // above this neither

	// minRoot is auto.arima's: a root nearer to 1 mimics a difference or makes the
	// likelihood flat.
	minRoot = 1.01
)

var (
	quickEffort  = effort{rounds: 12, tol: 1e-4}
	searchEffort = effort{rounds: 12, tol: 1e-4}
	acceptEffort = effort{rounds: 25, tol: 1e-6, sure: true}
	finalEffort  = effort{rounds: 60, tol: 1e-9, sure: true}
)

// newEstimator takes a differenced series that is not all zero.
func newEstimator(z []float64, most Order) *estimator {
	n := len(z)
	s := 0.0
	for _, v := range z {
		s += v * v
	}
	e := &estimator{scale: math.Sqrt(s / float64(n))}
	e.z = make([]float64, n)
	for i, v := range z {
		e.z[i] = v / e.scale
	}
	e.exact = most.Season < longSeason && n <= longSeries
	e.full = newLikelihood(e.z, most, e.exact)
	e.quick = e.full
	if e.exact {
		e.quick = newLikelihood(e.z, most, false)
	}
	e.min = newMinimizer(n, most.coefficients())
	e.tmp = make([]float64, max(cap(e.full.phi), cap(e.full.theta)))
	return e
}

// fit estimates order o from zero.
func (e *estimator) fit(o Order, how effort) estimate {
	k := o.coefficients()
	warm := false
	clear(e.min.x[:k])
	if e.exact && k > 0 {
		e.quick.set(o)
		e.min.run(e.quick, k, quickEffort, false)
		warm = true
	}
	l := e.full
	l.set(o)
	if !e.exact {
		l.burn = len(l.phi)
	}
	e.min.run(l, k, how, warm)
	return e.judge(o)
}

// goOn continues the fit of o just made, with the derivatives it left.
func (e *estimator) goOn(o Order, how effort) estimate {
	e.min.run(e.full, o.coefficients(), how, true)
	return e.judge(o)
}

// at evaluates o at x without moving.
func (e *estimator) at(o Order, x []float64) estimate {
	copy(e.min.x, x)
	e.full.set(o)
	if !e.exact {
		e.full.burn = len(e.full.phi)
	}
	return e.goOn(o, effort{})
}

// bar is the sum of squares at which order o has the given AICc, 0 if that is
// infinite: judge's formula turned round.
func (e *estimator) bar(o Order, aicc float64) float64 {
	n, k := float64(len(e.z)), float64(o.parameters())
	if math.IsInf(aicc, 0) || n-k-1 <= 0 || !e.exact {
		return 0
	}
	logLik := -(aicc-2*k-2*k*(k+1)/(n-k-1))/2 + n*math.Log(e.scale)
	return n * math.Exp(-2*logLik/n-1) / (2 * math.Pi)
}

// judge reads the estimate off the last evaluation.
func (e *estimator) judge(o Order) estimate {
	l, n := e.full, float64(len(e.z))
	k := float64(o.parameters())
	out := estimate{order: o, x: append([]float64(nil), e.min.x[:o.coefficients()]...)}
	out.logLik = l.logLik() - n*math.Log(e.scale)
	out.aicc = math.Inf(1)
	if n-k-1 > 0 && l.sum > 0 && float64(l.burn) < n-k {
		out.aicc = -2*out.logLik + 2*k + 2*k*(k+1)/(n-k-1)
	}
	if math.IsNaN(out.aicc) {
		out.aicc = math.Inf(1)
	}
	out.nearby = !e.rootsFar()
	return out
}

// rootsFar reports whether all roots of both polynomials are beyond minRoot.
func (e *estimator) rootsFar() bool {
	l := e.full
	if !stationary(l.phi, minRoot, e.tmp) {
		return false
	}
	neg := l.poly[:len(l.theta)]
	for i, v := range l.theta {
		neg[i] = -v
	}
	return stationary(neg, minRoot, e.tmp)
}
