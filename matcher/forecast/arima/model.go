package arima

import (
	"fmt"
	"math"
	"strings"
)

// Model is a fitted ARIMA. With w the differenced series less Mean,
// w[t] = sum AR w[t-i] + sum SAR ... + e[t] + sum MA e[t-i] + ..., as in R.
type Model struct {
	Order    Order
	AR, MA   []float64
	SAR, SMA []float64
	// Mean is the level of the differenced series in units of y: 0 without a
	// constant. See Drift.
	Mean float64
	// Sigma2 is the variance of the shocks, squared residuals over values less
	// coefficients and constant. It is 0 when the model leaves nothing over.
	Sigma2 float64
	// LogLik and AICc are comparable between models of equal differences only. They
	// are +Inf and -Inf when Sigma2 is 0; AICc is +Inf when values are too few.
	LogLik, AICc float64
	// Exact tells the exact likelihood from conditional least squares.
	Exact bool

	unit      float64   // y over unit is at most 1
	tail      []float64 // the last lost() values of y over unit
	w         []float64 // the differenced series less its level, over unit
	shocks    []float64 // its innovations, over unit
	residuals []float64
	x         []float64 // the optimizer's coordinates
	sigma2    float64   // over unit squared
}

// newModel reads the model off the estimator, which has just fitted got.
func newModel(scaled []float64, unit float64, est *estimator, got estimate) *Model {
	l, o := est.full, got.order
	m := &Model{Order: o, Exact: est.exact, unit: unit, x: got.x}
	b := l.block[:o.coefficients()]
	m.AR, b = take(b, o.P)
	m.SAR, b = take(b, o.SP)
	m.MA, b = take(b, o.Q)
	m.SMA, _ = take(b, o.SQ)
	level := l.constant * est.scale
	m.Mean = level * unit
	n := float64(len(est.z))
	m.LogLik = got.logLik - n*math.Log(unit)
	m.AICc = got.aicc
	if !math.IsInf(m.AICc, 1) {
		m.AICc += 2 * n * math.Log(unit)
	}
	m.keepState(scaled, est, level)
	free := n - float64(l.burn) - float64(o.parameters()) + 1
	m.sigma2 = l.sum * est.scale * est.scale / math.Max(free, 1)
	m.Sigma2 = m.sigma2 * unit * unit
	return m
}

func take(b []float64, k int) (head, rest []float64) {
	return append([]float64(nil), b[:k]...), b[k:]
}

// keepState stores what Forecast and Residuals need, in y over unit.
func (m *Model) keepState(scaled []float64, est *estimator, level float64) {
	l := est.full
	m.tail = append([]float64(nil), scaled[len(scaled)-m.Order.lost():]...)
	n := len(est.z)
	m.w, m.shocks, m.residuals = make([]float64, n), make([]float64, n), make([]float64, n)
	for t, z := range est.z {
		m.w[t] = z*est.scale - level
		m.shocks[t] = l.u[t] * est.scale
		m.residuals[t] = m.shocks[t] * m.unit
		if l.exact {
			m.shocks[t] /= l.factor.root[t]
		}
	}
}

// exactModel is the model of a series whose differences are one constant, up to
// rounding: no shocks. Without a constant in the order, the shocks are z itself.
func exactModel(scaled []float64, unit float64, o Order, z []float64) *Model {
	m := &Model{Order: o, Exact: true, unit: unit, LogLik: math.Inf(1), AICc: math.Inf(-1)}
	level := 0.0
	if o.Constant {
		level = meanOf(z)
	} else if maxAbs(z) > roundingLevel {
		m.sigma2 = z[0] * z[0]
		n := float64(len(z))
		m.LogLik = -0.5*n*(math.Log(2*math.Pi*m.sigma2)+1) - n*math.Log(unit)
		m.AICc = math.Inf(1)
		if n > 2 {
			m.AICc = -2*m.LogLik + 2 + 4/(n-2)
		}
	}
	m.Mean, m.Sigma2 = level*unit, m.sigma2*unit*unit
	m.tail = append([]float64(nil), scaled[len(scaled)-o.lost():]...)
	m.w, m.shocks, m.residuals = make([]float64, len(z)), make([]float64, len(z)), make([]float64, len(z))
	if !o.Constant {
		for t, v := range z {
			m.w[t], m.shocks[t], m.residuals[t] = v, v, v*unit
		}
	}
	return m
}

// Drift is the growth per step in units of y, 0 without a constant or without a
// difference.
func (m *Model) Drift() float64 {
	switch {
	case m.Order.D+m.Order.SD != 1:
		return 0
	case m.Order.SD == 1:
		return m.Mean / float64(m.Order.Season)
	}
	return m.Mean
}

// Residuals returns the standardised one-step errors in units of y, one per value
// of the differenced series: the last is that of the last value of y. Conditional
// least squares leaves the first P + Season SP at zero.
func (m *Model) Residuals() []float64 { return append([]float64(nil), m.residuals...) }

// String gives the order, the coefficients and AICc on one line.
func (m *Model) String() string {
	var b strings.Builder
	b.WriteString(m.Order.String())
	for _, g := range []struct {
		name string
		c    []float64
	}{{"ar", m.AR}, {"ma", m.MA}, {"sar", m.SAR}, {"sma", m.SMA}} {
		for i, v := range g.c {
			fmt.Fprintf(&b, " %s%d=%.4f", g.name, i+1, v)
		}
	}
	switch {
	case m.Order.Constant && m.Order.lost() == 0:
		fmt.Fprintf(&b, " mean=%.6g", m.Mean)
	case m.Order.Constant:
		fmt.Fprintf(&b, " drift=%.6g", m.Drift())
	}
	fmt.Fprintf(&b, " sigma2=%.6g AICc=%.2f", m.Sigma2, m.AICc)
	return b.String()
}
