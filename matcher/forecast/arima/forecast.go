package arima

import "math"

// Forecast returns h means and their standard errors, in units of y, the first for
// the step after the last value. Both are nil for h < 1. The standard errors count
// future shocks, not the uncertainty of the coefficients, so they are too small for
// short series. It does not change the model and may be called at once from many
// goroutines.
func (m *Model) Forecast(h int) (mean, sigma []float64) {
	if h < 1 {
		return nil, nil
	}
	n := len(m.w)
	l := newLikelihood(make([]float64, n+h), m.Order, m.Exact)
	l.set(m.Order)
	l.coefficients(m.x)
	if m.Exact {
		l.covariances()
		l.factor.run(n+h, len(l.phi), l.head, l.cross, l.cov, l.maLags)
	}
	w := append(append(make([]float64, 0, n+h), m.w...), make([]float64, h)...)
	shocks := append(append(make([]float64, 0, n+h), m.shocks...), make([]float64, h)...)
	for t := n; t < n+h; t++ {
		w[t] = l.movingPart(t, shocks) + l.autoPart(t, w)
	}
	return m.integrate(w[n:]), m.errors(l, n, h)
}

// movingPart is what the shocks before t add to value t.
func (l *likelihood) movingPart(t int, shocks []float64) float64 {
	if l.exact && t < l.factor.settled {
		row := l.factor.row(t)
		return dot(row, shocks[t-len(row):t])
	}
	s := 0.0
	for _, a := range l.maLags {
		if a.at <= t {
			s += a.coef * shocks[t-a.at]
		}
	}
	return s
}

// autoPart is what earlier values add to value t: nothing in the first p rows of an
// exact factor, which hold it already.
func (l *likelihood) autoPart(t int, w []float64) float64 {
	if l.exact && t < len(l.phi) {
		return 0
	}
	s := 0.0
	for _, a := range l.arLags {
		if a.at <= t {
			s += a.coef * w[t-a.at]
		}
	}
	return s
}

// integrate adds the level and undoes the differences of the future w.
func (m *Model) integrate(w []float64) []float64 {
	g := differencePolynomial(m.Order)
	level := m.Mean / m.unit
	path := append(append(make([]float64, 0, len(m.tail)+len(w)), m.tail...), w...)
	for t := len(m.tail); t < len(path); t++ {
		path[t] += level
		for i, c := range g {
			path[t] += c * path[t-1-i]
		}
	}
	out := path[len(m.tail):]
	for t := range out {
		out[t] = finite(out[t] * m.unit)
	}
	return out
}

// finite keeps a forecast beyond the range of float64 inside it.
func finite(v float64) float64 {
	return math.Max(-math.MaxFloat64, math.Min(math.MaxFloat64, v))
}

// errors returns the standard errors of n+1..n+h: each future shock is followed
// through the rows of the factor, the autoregression and the differences. Once rows
// have settled, or without a factor, all shocks have the same effect.
func (m *Model) errors(l *likelihood, n, h int) []float64 {
	total := make([]float64, h)
	path, effect := make([]float64, n+h), make([]float64, n+h)
	shock := make([]float64, n+h)
	g := differencePolynomial(m.Order)
	for from := n; from < n+h; from++ {
		r, settled := 1.0, !l.exact || from >= max(l.factor.settled, len(l.phi))
		if l.exact {
			r = l.factor.r[from]
		}
		shock[from] = 1
		for t := from; t < n+h; t++ {
			path[t] = shock[t] + l.movingPart(t, shock) + l.autoPart(t, path)
			effect[t] = path[t]
			for i, c := range g {
				if t-1-i >= from {
					effect[t] += c * effect[t-1-i]
				}
			}
		}
		addSquares(total, effect, n, from, r, settled)
		if settled {
			break
		}
		clear(path[from:])
		clear(effect[from:])
		shock[from] = 0
	}
	s := math.Sqrt(m.sigma2)
	for t := range total {
		total[t] = finite(math.Sqrt(total[t]) * s * m.unit)
	}
	return total
}

// addSquares adds the variance that the shock at from brings, and when its effect
// is that of all later shocks, theirs too.
func addSquares(total, effect []float64, n, from int, r float64, settled bool) {
	sum := 0.0
	for t := from; t < len(effect); t++ {
		v := r * effect[t] * effect[t]
		if settled {
			sum += v
			v = sum
		}
		total[t-n] += v
	}
}
