package arima

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// denseCovariance is the n by n covariance of a unit-variance ARMA from its shock
// weights, cut where they have died out: slow and obviously right.
func denseCovariance(phi, theta []float64, n int) *mat.SymDense {
	const far = 6000
	psi := make([]float64, far)
	for k := range psi {
		if k == 0 {
			psi[k] = 1
		} else if k <= len(theta) {
			psi[k] = theta[k-1]
		}
		for i, c := range phi {
			if k-1-i >= 0 {
				psi[k] += c * psi[k-1-i]
			}
		}
	}
	gamma := make([]float64, n)
	for l := range gamma {
		for k := 0; k+l < far; k++ {
			gamma[l] += psi[k] * psi[k+l]
		}
	}
	out := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			out.SetSym(i, j, gamma[j-i])
		}
	}
	return out
}

// denseLogLik is the Gaussian log likelihood of z with level and variance at their
// maxima, and that level.
func denseLogLik(t *testing.T, z, phi, theta []float64, withLevel bool) (logLik, level float64) {
	t.Helper()
	n := len(z)
	var ch mat.Cholesky
	if !ch.Factorize(denseCovariance(phi, theta, n)) {
		t.Fatal("covariance is not positive definite")
	}
	zv, one := mat.NewVecDense(n, append([]float64(nil), z...)), mat.NewVecDense(n, nil)
	for i := range n {
		one.SetVec(i, 1)
	}
	var s mat.VecDense
	if withLevel {
		if err := ch.SolveVecTo(&s, one); err != nil {
			t.Fatal(err)
		}
		level = mat.Dot(&s, zv) / mat.Dot(&s, one)
		zv.AddScaledVec(zv, -level, one)
	}
	if err := ch.SolveVecTo(&s, zv); err != nil {
		t.Fatal(err)
	}
	sum := mat.Dot(&s, zv)
	f := float64(n)
	return -0.5 * (f*(math.Log(2*math.Pi*sum/f)+1) + ch.LogDet()), level
}

func randomOrder(r *rand.Rand) Order {
	o := Order{P: r.IntN(4), Q: r.IntN(4), Season: 1, Constant: r.IntN(2) == 0}
	if r.IntN(2) == 0 {
		o.Season, o.SP, o.SQ = 2+r.IntN(6), r.IntN(3), r.IntN(3)
	}
	return o
}

func randomX(r *rand.Rand, k int) []float64 {
	x := make([]float64, k)
	for i := range x {
		x[i] = math.Max(-1.2, math.Min(1.2, r.NormFloat64()*0.6))
	}
	return x
}

// TestLikelihoodDense: the banded factorisation and the dense normal density are the
// same number, also where p or q exceed n.
func TestLikelihoodDense(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for try := range 300 {
		o, n := randomOrder(r), 3+r.IntN(30)
		z := make([]float64, n)
		for i := range z {
			z[i] = r.NormFloat64() + 0.5
		}
		x := randomX(r, o.coefficients())
		l := newLikelihood(z, o, true)
		l.set(o)
		l.residuals(x, make([]float64, n))
		want, level := denseLogLik(t, z, l.phi, l.theta, o.Constant)
		if got := l.logLik(); math.Abs(got-want) > 1e-6*(1+math.Abs(want)) {
			t.Fatalf("try %d, %v, n %d, x %v: log likelihood %v, dense %v", try, o, n, x, got, want)
		}
		if math.Abs(l.constant-level) > 1e-6 {
			t.Fatalf("try %d, %v, n %d: level %v, dense %v", try, o, n, l.constant, level)
		}
	}
}

// TestObjective: the sum of squares that is minimised ranks as the likelihood does.
func TestObjective(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	z := make([]float64, 40)
	for i := range z {
		z[i] = r.NormFloat64()
	}
	o := Order{P: 1, Q: 1, SP: 1, SQ: 1, Season: 4, Constant: true}
	l := newLikelihood(z, o, true)
	l.set(o)
	out := make([]float64, len(z))
	for range 50 {
		l.residuals(randomX(r, 4), out)
		n := float64(len(z))
		got := -0.5 * n * (math.Log(2*math.Pi*dot(out, out)/n) + 1)
		if math.Abs(got-l.logLik()) > 1e-9*math.Abs(got) {
			t.Fatalf("objective says %v, likelihood %v", got, l.logLik())
		}
	}
}

// TestConditional: with zero pre-sample values the residuals follow the recursion.
func TestConditional(t *testing.T) {
	z := []float64{1, 3, -2, 0.5, 2}
	o := Order{P: 1, Q: 1, Season: 1}
	l := newLikelihood(z, o, false)
	l.set(o)
	out := make([]float64, len(z))
	l.residuals([]float64{math.Atanh(0.5), math.Atanh(0.4)}, out)
	e := 0.0 // ar1 is 0.5; the sign of a moving average is R's, so ma1 is -0.4
	for i, v := range z {
		before := 0.0
		if i > 0 {
			before = z[i-1]
		}
		e = v - 0.5*before + 0.4*e
		if math.Abs(out[i]-e) > 1e-12 {
			t.Errorf("residual %d is %v, want %v", i, out[i], e)
		}
	}
}

// TestBar: the sum of squares at which an order would tie is where judge says so.
func TestBar(t *testing.T) {
	z := differenceAll(logs(airPassengers), Order{D: 1, SD: 1, Season: 12})
	o := Order{D: 1, Q: 1, SD: 1, SQ: 1, Season: 12}
	e := newEstimator(z, o)
	got := e.fit(o, finalEffort)
	out := make([]float64, len(z))
	e.full.residuals(got.x, out)
	sum := dot(out, out)
	if bar := e.bar(o, got.aicc); math.Abs(bar/sum-1) > 1e-9 {
		t.Errorf("bar %v, sum of squares %v", bar, sum)
	}
}

func TestFromPartial(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	phi, tmp := make([]float64, 6), make([]float64, 6)
	for range 200 {
		k := 1 + r.IntN(6)
		x := randomX(r, k)
		fromPartial(x, phi[:k])
		if !stationary(phi[:k], 1, tmp) {
			t.Fatalf("x %v gives phi %v, which is not stationary", x, phi[:k])
		}
		for i := k; i > 0; i-- { // stepping down gives the partial autocorrelations back
			if math.Abs(phi[i-1]-math.Tanh(x[i-1])) > 1e-8 {
				t.Fatalf("partial %d is %v, want %v", i, phi[i-1], math.Tanh(x[i-1]))
			}
			stepDown(phi[:i])
		}
	}
}

// TestStationary: 1 - 0.5 B has its root at 2; 1 - 1.2 B + 0.35 B^2 has them at
// 1/0.7 and 1/0.5; 1 - 0.9 B^4 has four at 0.9^(-1/4) = 1.0267.
func TestStationary(t *testing.T) {
	for _, c := range []struct {
		phi  []float64
		root float64
	}{{[]float64{0.5}, 2}, {[]float64{1.2, -0.35}, 1 / 0.7}, {[]float64{0, 0, 0, 0.9}, 1.02669}} {
		tmp := make([]float64, len(c.phi))
		if !stationary(c.phi, c.root*0.999, tmp) || stationary(c.phi, c.root*1.001, tmp) {
			t.Errorf("phi %v: smallest root is not found at %v", c.phi, c.root)
		}
	}
}
