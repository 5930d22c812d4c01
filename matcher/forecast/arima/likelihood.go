package arima

import "math"

// likelihood turns coefficients into residuals for one differenced series. It owns
// every buffer, so evaluating allocates nothing.
type likelihood struct {
	z        []float64 // the differenced series, scaled
	season   int
	order    Order
	exact    bool // false: pre-sample values and shocks are zero
	burn     int  // residuals left out when not exact
	phi      []float64
	theta    []float64
	arLags   []lag
	maLags   []lag
	block    []float64 // coefficients before expansion: P, SP, Q, SQ
	gamma    []float64 // autocovariances of the autoregression alone, then scratch
	cov      []float64 // autocovariances of the moving average, lags 0..q
	cross    []float64 // covariance of value i and value i+k of theta(B) e, lags 0..q
	head     []float64 // autocovariances of the series, lags 0..p-1
	poly     []float64
	factor   bandFactor
	u, v     []float64 // innovations of the series and of a column of ones
	constant float64   // estimated level of z
	logDet   float64   // sum of the logs of the factor's variances
	sum      float64   // sum of squared standardised residuals
}

// lag is one nonzero coefficient: expanded seasonal polynomials are mostly zeros.
type lag struct {
	at   int
	coef float64
}

// newLikelihood holds z, len n, and room for orders up to most.
func newLikelihood(z []float64, most Order, exact bool) *likelihood {
	n := len(z)
	p, q := most.P+most.SP*most.Season, most.Q+most.SQ*most.Season
	l := &likelihood{z: z, season: most.Season, exact: exact}
	l.phi, l.theta = make([]float64, 0, p), make([]float64, 0, q)
	l.arLags, l.maLags = make([]lag, 0, p), make([]lag, 0, q)
	l.block = make([]float64, most.coefficients())
	l.gamma = make([]float64, p+q+1)
	l.cov, l.cross = make([]float64, q+1), make([]float64, q+1)
	l.head, l.poly = make([]float64, p+1), make([]float64, p+q+1)
	l.u, l.v = make([]float64, n), make([]float64, n)
	if exact {
		l.factor.reserve(n, p, q)
	}
	return l
}

// set chooses the order, within the one given to newLikelihood.
func (l *likelihood) set(o Order) {
	l.order = o
	l.phi = l.phi[:o.P+o.SP*o.Season]
	l.theta = l.theta[:o.Q+o.SQ*o.Season]
}

// coefficients fills block, phi and theta from x, len order.coefficients().
func (l *likelihood) coefficients(x []float64) {
	o := l.order
	b := l.block[:len(x)]
	ar, sar := b[:o.P], b[o.P:o.P+o.SP]
	ma, sma := b[o.P+o.SP:o.P+o.SP+o.Q], b[o.P+o.SP+o.Q:]
	fromPartial(x[:o.P], ar)
	fromPartial(x[o.P:o.P+o.SP], sar)
	fromPartial(x[o.P+o.SP:o.P+o.SP+o.Q], ma)
	fromPartial(x[o.P+o.SP+o.Q:], sma)
	expand(ar, sar, o.Season, l.phi)
	expand(ma, sma, o.Season, l.theta)
	// theta(B) = 1 + sum theta[i] B^(i+1) is R's sign.
	for i := range l.theta {
		l.theta[i] = -l.theta[i]
	}
	for i := range b[o.P+o.SP:] {
		b[o.P+o.SP+i] = -b[o.P+o.SP+i]
	}
	l.arLags = nonzero(l.phi, l.arLags[:0])
	l.maLags = nonzero(l.theta, l.maLags[:0])
}

func nonzero(c []float64, out []lag) []lag {
	for i, v := range c {
		if v != 0 {
			out = append(out, lag{i + 1, v})
		}
	}
	return out
}

// residuals writes len(z) residuals for x into out, whose sum of squares is least
// where the likelihood is greatest, the level concentrated out. Exact ones are
// e[t]/sqrt(r[t]) times the geometric mean of sqrt(r): then n log of their sum of
// squares is the concentrated -2 log likelihood up to a constant.
func (l *likelihood) residuals(x, out []float64) {
	l.coefficients(x)
	l.logDet = 0
	if l.exact {
		l.covariances()
		l.factor.run(len(l.z), len(l.phi), l.head, l.cross, l.cov, l.maLags)
		l.logDet = l.factor.logDet
	}
	l.innovations()
	l.standardise(out)
}

// innovations fills u, and v when there is a constant.
func (l *likelihood) innovations() {
	p := len(l.phi)
	for t, w := range l.z {
		if !l.exact || t >= p {
			for _, a := range l.arLags {
				if a.at > t {
					break
				}
				w -= a.coef * l.z[t-a.at]
			}
		}
		l.u[t] = w
	}
	l.whiten(l.u)
	if !l.order.Constant {
		return
	}
	l.onesThroughAR()
	l.whiten(l.v)
}

// onesThroughAR writes phi(B) 1, the column that the level multiplies.
func (l *likelihood) onesThroughAR() {
	p := len(l.phi)
	sum := 1.0
	for t := range l.v {
		if t > 0 && t <= p {
			sum -= l.phi[t-1]
		}
		l.v[t] = sum
	}
	if l.exact {
		for t := range l.v[:min(p, len(l.v))] {
			l.v[t] = 1
		}
	}
}

// whiten solves for the innovations of w in place.
func (l *likelihood) whiten(w []float64) {
	if l.exact {
		l.factor.solve(w)
		return
	}
	filterMA(w, l.burn, 0, l.maLags)
}

// filterMA turns w[from:] into shocks, those before burn being zero.
func filterMA(w []float64, burn, from int, lags []lag) {
	clear(w[:min(burn, len(w))])
	for t := max(burn, from); t < len(w); t++ {
		s := w[t]
		for _, a := range lags {
			if a.at > t {
				break
			}
			s -= a.coef * w[t-a.at]
		}
		w[t] = s
	}
}

// standardise divides u and v by their standard deviations, takes the level out and
// writes the scaled residuals.
func (l *likelihood) standardise(out []float64) {
	n := len(l.z)
	if l.exact {
		for t, r := range l.factor.root[:n] {
			l.u[t] *= r
		}
	}
	l.constant = 0
	if l.order.Constant {
		if l.exact {
			for t, r := range l.factor.root[:n] {
				l.v[t] *= r
			}
		}
		uv, vv := 0.0, 0.0
		for t, v := range l.v {
			uv += l.u[t] * v
			vv += v * v
		}
		if vv > 0 {
			l.constant = uv / vv
		}
		for t, v := range l.v {
			l.u[t] -= l.constant * v
		}
	}
	f := math.Exp(l.logDet / float64(2*n))
	l.sum = 0
	for t, u := range l.u {
		l.sum += u * u
		out[t] = u * f
	}
}

// logLik is the log likelihood of z at the last evaluation, the variance
// concentrated out. For conditional least squares it takes the mean square of the
// residuals kept as variance and all n values as count, as R does.
func (l *likelihood) logLik() float64 {
	n := float64(len(l.z))
	kept := n
	if !l.exact {
		kept -= float64(l.burn)
	}
	return -0.5 * (n*(math.Log(2*math.Pi*l.sum/kept)+1) + l.logDet)
}

// covariances fills head, cross and cov for unit shock variance, from phi and theta.
func (l *likelihood) covariances() {
	p, q := len(l.phi), len(l.theta)
	l.cov = l.cov[:q+1]
	l.movingCovariances()
	l.head = l.head[:p]
	l.cross = l.cross[:q+1]
	if p == 0 {
		return
	}
	l.autoCovariances(p + q)
	for k := range l.head {
		s := l.cov[0] * l.gamma[k]
		for j := 1; j <= q; j++ {
			if c := l.cov[j]; c != 0 {
				s += c * (l.gamma[abs(k-j)] + l.gamma[k+j])
			}
		}
		l.head[k] = s
	}
	l.crossCovariances()
}

func abs(i int) int { return max(i, -i) }

// movingCovariances fills cov: cov[k] = sum theta[r] theta[r+k], theta[0] = 1.
func (l *likelihood) movingCovariances() {
	clear(l.cov)
	l.cov[0] = 1
	for i, a := range l.maLags {
		l.cov[a.at] += a.coef
		for _, b := range l.maLags[:i+1] {
			l.cov[a.at-b.at] += a.coef * b.coef
		}
	}
}

// autoCovariances fills gamma[0..most-1] with those of the autoregression alone.
// Stepping down the Levinson recursion gives every lower order's predictor, whose
// coefficients then build the covariances up again.
func (l *likelihood) autoCovariances(most int) {
	p := len(l.phi)
	a := l.poly[:p]
	copy(a, l.phi)
	g := l.gamma[:most]
	// gamma[0] is one over the product of 1 - r^2; the predictors are needed from
	// order 1 up, so they are stepped down once and up again with the same r.
	scale := 1.0
	for k := p - 1; k >= 0; k-- {
		stepDown(a[:k+1])
		scale *= 1 - a[k]*a[k]
	}
	g[0] = 1 / scale
	for k := 1; k < most; k++ {
		if k <= p {
			stepUp(a[:k])
		}
		s := 0.0
		if k < p {
			for i, c := range a[:k] {
				s += c * g[k-1-i]
			}
		} else {
			for _, c := range l.arLags {
				s += c.coef * g[k-c.at]
			}
		}
		g[k] = s
	}
}

// stepUp undoes stepDown.
func stepUp(a []float64) {
	k := len(a) - 1
	r := a[k]
	for i, j := 0, k-1; i <= j; i, j = i+1, j-1 {
		u, v := a[i], a[j]
		a[i] = u - r*v
		if i != j {
			a[j] = v - r*u
		}
	}
}

// crossCovariances fills cross: cross[k] = sum over r >= k of theta[r] psi[r-k],
// psi being the shock weights of the series.
func (l *likelihood) crossCovariances() {
	q := len(l.theta)
	psi := l.poly[:q+1]
	shockWeights(l.arLags, l.theta, psi)
	for k := range l.cross {
		s := 0.0
		if k == 0 {
			s = 1
		}
		for _, a := range l.maLags {
			if a.at >= k {
				s += a.coef * psi[a.at-k]
			}
		}
		l.cross[k] = s
	}
}

// shockWeights writes psi: the effect of a unit shock 0, 1, ... steps later.
func shockWeights(ar []lag, theta, psi []float64) {
	for k := range psi {
		s := 0.0
		switch {
		case k == 0:
			s = 1
		case k <= len(theta):
			s = theta[k-1]
		}
		for _, a := range ar {
			if a.at > k {
				break
			}
			s += a.coef * psi[k-a.at]
		}
		psi[k] = s
	}
}
