package arima

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// denseForecast is the conditional normal of the next h values of the differenced
// series, carried through the differences by a matrix: slow and obviously right.
func denseForecast(t *testing.T, m *Model, z, tail []float64, phi, theta []float64, h int) (mean, sigma []float64) {
	t.Helper()
	n := len(z)
	all := denseCovariance(phi, theta, n+h)
	past := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			past.SetSym(i, j, all.At(i, j))
		}
	}
	var ch mat.Cholesky
	if !ch.Factorize(past) {
		t.Fatal("covariance is not positive definite")
	}
	cross := all.SliceSym(0, n+h).(*mat.SymDense)
	c := mat.NewDense(n, h, nil)
	dev := mat.NewVecDense(n, nil)
	for i := range n {
		dev.SetVec(i, z[i]-m.Mean)
		for j := range h {
			c.Set(i, j, cross.At(i, n+j))
		}
	}
	var w mat.Dense
	if err := ch.SolveTo(&w, c); err != nil {
		t.Fatal(err)
	}
	var mu mat.VecDense
	mu.MulVec(w.T(), dev)
	var reduce mat.Dense
	reduce.Mul(c.T(), &w)
	v := mat.NewDense(h, h, nil)
	for i := range h {
		for j := range h {
			v.Set(i, j, all.At(n+i, n+j)-reduce.At(i, j))
		}
	}
	g := differencePolynomial(m.Order)
	a := mat.NewDense(h, h, nil) // y future = a z future + what the past fixes
	for col := range h {
		for row := col; row < h; row++ {
			s := 0.0
			if row == col {
				s = 1
			}
			for i, k := range g {
				if row-1-i >= col {
					s += k * a.At(row-1-i, col)
				}
			}
			a.Set(row, col, s)
		}
	}
	var av, ava mat.Dense
	av.Mul(a, v)
	ava.Mul(&av, a.T())
	path := append([]float64(nil), tail...)
	for j := range h {
		s := mu.AtVec(j) + m.Mean
		for i, k := range g {
			s += k * path[len(path)-1-i]
		}
		path = append(path, s)
		sigma = append(sigma, math.Sqrt(ava.At(j, j)*m.Sigma2))
	}
	return path[len(tail):], sigma
}

// TestForecastDense: means and standard errors are those of the dense normal, for
// random orders with and without differences.
func TestForecastDense(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for try := range 120 {
		o := randomOrder(r)
		o.D = r.IntN(3)
		if o.Season > 1 {
			o.SD = r.IntN(2)
		}
		o.Constant = o.Constant && o.D+o.SD < 2
		y := make([]float64, o.lost()+o.parameters()+2+r.IntN(25))
		for i := range y {
			y[i] = r.NormFloat64() + 10
		}
		m, err := FitOrder(y, o)
		if err != nil {
			t.Fatal(err)
		}
		const h = 9
		l := newLikelihood(make([]float64, 1), o, true)
		l.set(o)
		x := make([]float64, len(m.x))
		for i, v := range m.x {
			x[i] = math.Max(-1.5, math.Min(1.5, v)) // the dense sum needs shocks to die out
			m.x[i] = x[i]
		}
		l.coefficients(x)
		refreshShocks(m, x)
		mean, sigma := m.Forecast(h)
		wantMean, wantSigma := denseForecast(t, m, differenceAll(y, o), y[len(y)-o.lost():], l.phi, l.theta, h)
		for i := range h {
			if math.Abs(mean[i]-wantMean[i]) > 1e-5*(1+math.Abs(wantMean[i])) {
				t.Fatalf("try %d, %v, step %d: mean %v, dense %v", try, m, i, mean[i], wantMean[i])
			}
			if math.Abs(sigma[i]-wantSigma[i]) > 1e-5*(1+wantSigma[i]) {
				t.Fatalf("try %d, %v, step %d: sigma %v, dense %v", try, m, i, sigma[i], wantSigma[i])
			}
		}
	}
}

// refreshShocks recomputes the model's shocks for coefficients a test has changed,
// the level kept.
func refreshShocks(m *Model, x []float64) {
	o := m.Order
	o.Constant = false
	l := newLikelihood(m.w, o, true)
	l.set(o)
	l.residuals(x, make([]float64, len(m.w)))
	for i := range m.shocks {
		m.shocks[i] = l.u[i] / l.factor.root[i]
	}
}

// TestSigmaClosedForm: textbook variances. ARIMA(0,1,1): 1 + (h-1)(1+theta)^2.
// ARIMA(1,0,0): (1 - phi^2h)/(1 - phi^2). Random walk: h.
func TestSigmaClosedForm(t *testing.T) {
	for _, c := range []struct {
		order Order
		share func(m *Model, h float64) float64
	}{
		{Order{D: 1, Q: 1, Season: 1}, func(m *Model, h float64) float64 { return 1 + (h-1)*(1+m.MA[0])*(1+m.MA[0]) }},
		{Order{P: 1, Season: 1, Constant: true}, func(m *Model, h float64) float64 {
			return (1 - math.Pow(m.AR[0], 2*h)) / (1 - m.AR[0]*m.AR[0])
		}},
		{Order{D: 1, Season: 1, Constant: true}, func(_ *Model, h float64) float64 { return h }},
	} {
		m, err := FitOrder(nile, c.order)
		if err != nil {
			t.Fatal(err)
		}
		_, sigma := m.Forecast(12)
		for i, s := range sigma {
			want := math.Sqrt(m.Sigma2 * c.share(m, float64(i+1)))
			if math.Abs(s/want-1) > 1e-7 {
				t.Errorf("%v step %d: sigma %v, want %v", m, i+1, s, want)
			}
		}
	}
}

// TestRandomWalkWithDrift: the mean is the last value plus h times the mean change.
func TestRandomWalkWithDrift(t *testing.T) {
	y := []float64{3, 5, 4, 9, 8, 13}
	m, err := FitOrder(y, Order{D: 1, Season: 1, Constant: true})
	if err != nil {
		t.Fatal(err)
	}
	mean, _ := m.Forecast(3)
	for i, v := range mean {
		if want := 13 + 2*float64(i+1); math.Abs(v-want) > 1e-9 {
			t.Errorf("step %d: %v, want %v", i+1, v, want)
		}
	}
	if math.Abs(m.Drift()-2) > 1e-12 {
		t.Errorf("drift %v, want 2", m.Drift())
	}
}

// TestResiduals: those of a drift are the changes less their mean.
func TestResiduals(t *testing.T) {
	m, err := FitOrder([]float64{3, 5, 4, 9, 8, 13}, Order{D: 1, Season: 1, Constant: true})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range m.Residuals() {
		if want := []float64{0, -3, 3, -3, 3}[i]; math.Abs(v-want) > 1e-9 {
			t.Errorf("residual %d is %v, want %v", i, v, want)
		}
	}
	if want := 36.0 / 4; math.Abs(m.Sigma2-want) > 1e-9 { // five changes less one drift
		t.Errorf("sigma2 %v, want %v", m.Sigma2, want)
	}
}
