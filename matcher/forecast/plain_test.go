package forecast

import (
	"math"
	"math/rand/v2"
	"testing"
)

func wantAll(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %v, want %v", what, got, want)
	}
	for i := range want {
		near(t, what, got[i], want[i], tolerance)
	}
}

func TestNaiveOnesByHand(t *testing.T) {
	f := make([]float64, 3)
	y := []float64{4, 8, 6, 10}
	seasonalNaive(y, f, 1)
	wantAll(t, "naive", f, []float64{10, 10, 10}, 0)
	seasonalNaive(y, f, 2)
	wantAll(t, "seasonal naive", f, []float64{6, 10, 6}, 0)
	drift(y, f) // (10 - 4) / 3 = 2 a step
	wantAll(t, "drift", f, []float64{12, 14, 16}, 1e-12)
	robustTrend([]float64{0, 1, 2, 3, 100, 101}, f, nil) // changes 1 1 1 97 1: median 1
	wantAll(t, "robust trend", f, []float64{102, 103, 104}, 1e-12)
}

// Croston by hand with one sale of 4 every second period: sizes are 4, intervals 2 whatever
// the constant, so the forecast is (1 - alpha/2) 4/2. Squared errors are smallest for the
// constant whose level is nearest to what comes: errors are taken from the first sale on,
// half of them 0 - f, half 4 - f, so f = 2 is best and alpha = 0.05 comes nearest: 1.95.
func TestCrostonByHand(t *testing.T) {
	f := make([]float64, 2)
	if !croston([]float64{0, 4, 0, 4, 0, 4, 0, 4, 0, 4}, f) {
		t.Fatal("refused")
	}
	wantAll(t, "croston", f, []float64{1.95, 1.95}, 1e-12)
	if croston([]float64{0, 0, 0}, f) || tsb([]float64{0, 0, 0}, f) {
		t.Error("a series of zeros has no size to forecast")
	}
}

// A series that has ended goes to 0 by TSB, and by Croston it does not: sizes are 5 and
// intervals 1 while it lasts, and the largest constant, 0.4, misses the zeros least: 0.8 * 5.
func TestTSBForgetsWhatHasEnded(t *testing.T) {
	y := make([]float64, 60)
	for i := range 20 {
		y[i] = 5
	}
	f, c := make([]float64, 1), make([]float64, 1)
	tsb(y, f)
	croston(y, c)
	near(t, "Croston", c[0], 4, 1e-12)
	if !(f[0] < 0.5) {
		t.Errorf("TSB %v", f[0])
	}
}

// Hyndman & Billah: theta is SES with a drift of half the slope. On a line of slope 2
// without noise SES with alpha near 1 is the last value, and the drift 1 a step.
func TestThetaByHand(t *testing.T) {
	y := make([]float64, 12)
	for i := range y {
		y[i] = 3 + 2*float64(i)
	}
	f := make([]float64, 2)
	var w etsWork
	if !theta(y, f, &w) {
		t.Fatal("refused")
	}
	wantAll(t, "theta", f, []float64{26, 27}, 1e-2)
	a, b := regression(y)
	near(t, "intercept", a, 3, 1e-12)
	near(t, "slope", b, 2, 1e-12)
}

// slowTheta is the dynamic optimised theta model with its line fitted anew, by least
// squares over all values so far, at every step (Fiorucci et al. 2016, section 3).
func slowTheta(y []float64, level, alpha, theta float64, h int) (sse float64, out []float64) {
	z := append([]float64(nil), y...)
	l := level
	for t := range len(y) + h {
		var a, b float64
		if t > 0 {
			// The line a + b k over k = 1..t.
			n := float64(t)
			mk, mz, num, den := (n+1)/2, mean(z[:t]), 0.0, 0.0
			for k := 1; k <= t; k++ {
				num += (float64(k) - mk) * (z[k-1] - mz)
				den += (float64(k) - mk) * (float64(k) - mk)
			}
			if den > 0 {
				b = num / den
			}
			a = mz - b*mk
		}
		k := float64(t + 1)
		mu := l + (1-1/theta)*(math.Pow(1-alpha, k-1)*a+(1-math.Pow(1-alpha, k))/alpha*b)
		if t >= len(y) {
			z = append(z, mu)
			out = append(out, mu)
		} else if t >= 2 {
			sse += (z[t] - mu) * (z[t] - mu)
		}
		l = alpha*z[t] + (1-alpha)*l
	}
	return sse, out
}

func TestOptimisedThetaIsItsDefinition(t *testing.T) {
	for seed := range uint64(50) {
		rng := rand.New(rand.NewPCG(seed, 9))
		y := make([]float64, 4+rng.IntN(30))
		for i := range y {
			y[i] = 20 + float64(i)*rng.Float64() + rng.NormFloat64()
		}
		alpha, theta, level := 0.05+0.9*rng.Float64(), 1+3*rng.Float64(), y[0]+rng.NormFloat64()
		f := make([]float64, 5)
		sse := runTheta(y, level, alpha, theta, f)
		want, out := slowTheta(y, level, alpha, theta, 5)
		near(t, "sse", sse, want, 1e-8)
		wantAll(t, "forecast", f, out, 1e-8)
	}
}

// A regression on lags goes on with what it can know exactly: a wave of period 6.
func TestLagRegressionFollowsAWave(t *testing.T) {
	y := make([]float64, 120)
	for i := range y {
		y[i] = 10 + 3*math.Sin(2*math.Pi*float64(i)/6)
	}
	f := make([]float64, 6)
	if !lagRegression(y, f, []int{6}) {
		t.Fatal("refused")
	}
	for h, v := range f {
		near(t, "wave", v, 10+3*math.Sin(2*math.Pi*float64(120+h)/6), 0.02)
	}
	if lagRegression(y[:40], f, []int{6}) {
		t.Error("took 40 values for 9 coefficients and 12 lags")
	}
	if lagRegression(make([]float64, 100), f, nil) {
		t.Error("took a constant")
	}
}
