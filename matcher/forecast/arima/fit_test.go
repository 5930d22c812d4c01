package arima

import (
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
)

// simulate draws n values of an ARMA after a warm-up of 200.
func simulate(r *rand.Rand, ar, ma []float64, n int) []float64 {
	const warm = 200
	z, e := make([]float64, n+warm), make([]float64, n+warm)
	for t := range z {
		e[t] = r.NormFloat64()
		z[t] = e[t]
		for i, c := range ar {
			if t-1-i >= 0 {
				z[t] += c * z[t-1-i]
			}
		}
		for i, c := range ma {
			if t-1-i >= 0 {
				z[t] += c * e[t-1-i]
			}
		}
	}
	return z[warm:]
}

// TestRecovery: coefficients within four standard errors of the truth, the errors
// being sqrt((1-c^2)/n) for one coefficient and about twice that for a pair.
func TestRecovery(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	const n = 400
	for _, c := range []struct {
		order  Order
		ar, ma []float64
	}{
		{Order{P: 1, Season: 1, Constant: true}, []float64{0.7}, nil},
		{Order{Q: 1, Season: 1, Constant: true}, nil, []float64{-0.6}},
		{Order{P: 2, Season: 1}, []float64{0.5, -0.4}, nil},
		{Order{P: 1, Q: 1, Season: 1}, []float64{0.8}, []float64{0.5}},
	} {
		for range 5 {
			m, err := FitOrder(simulate(r, c.ar, c.ma, n), c.order)
			if err != nil {
				t.Fatal(err)
			}
			got, want := append(append([]float64{}, m.AR...), m.MA...), append(append([]float64{}, c.ar...), c.ma...)
			for i := range want {
				if math.Abs(got[i]-want[i]) > 0.2 {
					t.Errorf("%v: coefficient %d, truth %v", m, i, want[i])
				}
			}
			if math.Abs(m.Sigma2-1) > 0.3 { // four times sqrt(2/n)
				t.Errorf("%v: variance, truth 1", m)
			}
		}
	}
}

// TestSearchBeatsSimple: the chosen AICc is never above those of the starting
// models.
func TestSearchBeatsSimple(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	for range 20 {
		y := simulate(r, []float64{0.6}, []float64{0.4}, 60)
		m, err := Fit(y, DefaultOptions(4))
		if err != nil {
			t.Fatal(err)
		}
		for _, pq := range [][2]int{{0, 0}, {1, 0}, {0, 1}} {
			o := m.Order
			o.P, o.Q, o.SP, o.SQ = pq[0], pq[1], 0, 0
			o.Constant = o.D+o.SD < 2
			simple, err := FitOrder(y, o)
			if err != nil {
				t.Fatal(err)
			}
			if o.Season == 1 && simple.AICc < m.AICc-0.1 {
				t.Errorf("%v has AICc above %v", m, simple)
			}
		}
	}
}

func degenerate() map[string][]float64 {
	out := map[string][]float64{
		"three": {1, 5, 2}, "three equal": {4, 4, 4}, "three linear": {1, 2, 3}, "zeros": make([]float64, 30),
		"four": {1, 9, 1, 9}, "five huge": {1e300, -1e300, 1e300, 5e299, 0}, "tiny": {1e-310, 2e-310, 1e-310, 3e-310, 5e-310},
		"largest": {math.MaxFloat64, -math.MaxFloat64, math.MaxFloat64, math.MaxFloat64, 1, 2, 3},
	}
	linear, square, cube, wave, alternating, outlier, step, spike, growth := []float64{}, []float64{}, []float64{}, []float64{}, []float64{}, []float64{}, []float64{}, []float64{}, []float64{}
	for i := range 50 {
		x := float64(i)
		linear = append(linear, 7-0.1*x)
		square = append(square, x*x)
		cube = append(cube, x*x*x)
		wave = append(wave, math.Sin(x*math.Pi/6))
		alternating = append(alternating, float64(1-2*(i%2)))
		outlier = append(outlier, 10)
		step = append(step, math.Floor(x/25))
		spike = append(spike, 0)
		growth = append(growth, math.Exp(x))
	}
	outlier[20], spike[49] = 1e9, 1
	out["linear"], out["square"], out["cube"], out["wave"], out["alternating"] = linear, square, cube, wave, alternating
	out["outlier"], out["step"], out["spike"], out["growth"] = outlier, step, spike, growth
	return out
}

// TestDegenerate: no error, no NaN, no infinite forecast, whatever the season.
func TestDegenerate(t *testing.T) {
	for name, y := range degenerate() {
		for _, season := range []int{0, 1, 2, 4, 12, 24} {
			m, err := Fit(y, DefaultOptions(season))
			if err != nil {
				t.Fatal(name, err)
			}
			checkFinite(t, name, m)
		}
	}
}

func checkFinite(t *testing.T, name string, m *Model) {
	t.Helper()
	mean, sigma := m.Forecast(15)
	for i := range mean {
		if math.IsNaN(mean[i]) || math.IsInf(mean[i], 0) || !(sigma[i] >= 0) || math.IsInf(sigma[i], 0) {
			t.Fatalf("%s: %v gives %v +- %v at step %d", name, m, mean[i], sigma[i], i)
		}
	}
	for _, v := range append(m.Residuals(), m.AICc, m.LogLik, m.Sigma2, m.Mean, m.Drift()) {
		if math.IsNaN(v) {
			t.Fatalf("%s: %v holds NaN", name, m)
		}
	}
}

// TestExact: series without noise are continued exactly, with no standard error.
func TestExact(t *testing.T) {
	d := degenerate()
	for _, c := range []struct {
		name string
		next float64
	}{{"zeros", 0}, {"three equal", 4}, {"linear", 2}} {
		m, err := Fit(d[c.name], DefaultOptions(1))
		if err != nil {
			t.Fatal(err)
		}
		mean, sigma := m.Forecast(1)
		if math.Abs(mean[0]-c.next) > 1e-9 || sigma[0] > 1e-9 {
			t.Errorf("%s: %v +- %v, want %v: %v", c.name, mean[0], sigma[0], c.next, m)
		}
	}
}

// TestUnits: another unit gives the same order and the same forecast in that unit.
func TestUnits(t *testing.T) {
	base, err := Fit(accidentalDeaths, DefaultOptions(12))
	if err != nil {
		t.Fatal(err)
	}
	want, wantSigma := base.Forecast(12)
	for _, unit := range []float64{1e-9, 1e12, -1, 1e-290} {
		y := make([]float64, len(accidentalDeaths))
		for i, v := range accidentalDeaths {
			y[i] = v * unit
		}
		m, err := Fit(y, DefaultOptions(12))
		if err != nil {
			t.Fatal(err)
		}
		mean, sigma := m.Forecast(12)
		for i := range mean {
			if math.Abs(mean[i]/unit/want[i]-1) > 1e-5 || math.Abs(sigma[i]/math.Abs(unit)/wantSigma[i]-1) > 1e-4 {
				t.Errorf("unit %v, step %d: %v +- %v, want %v +- %v of %v", unit, i, mean[i]/unit, sigma[i]/unit, want[i], wantSigma[i], m)
				break
			}
		}
	}
}

// TestSame: equal input gives equal output to the last bit, and y is left alone.
func TestSame(t *testing.T) {
	y := append([]float64(nil), airPassengers...)
	a, err := Fit(y, DefaultOptions(12))
	if err != nil {
		t.Fatal(err)
	}
	b, _ := Fit(y, DefaultOptions(12))
	am, as := a.Forecast(24)
	bm, bs := b.Forecast(24)
	if !reflect.DeepEqual(am, bm) || !reflect.DeepEqual(as, bs) || a.String() != b.String() {
		t.Error("two fits differ")
	}
	if !reflect.DeepEqual(y, airPassengers) {
		t.Error("Fit changed y")
	}
	if m, s := a.Forecast(0); m != nil || s != nil {
		t.Error("no steps gave values")
	}
}

// TestLong: more than 400 values and seasons of 24 go without the exact likelihood.
func TestLong(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	y := simulate(r, []float64{0.7}, nil, 500)
	m, err := Fit(y, DefaultOptions(1))
	if err != nil {
		t.Fatal(err)
	}
	if m.Exact || m.AICc > mustOrder(t, y, Order{P: 1, Season: 1, Constant: true}).AICc+0.1 {
		t.Errorf("500 values: %v", m)
	}
	checkFinite(t, "500 values", m)
	day := make([]float64, 240)
	for i := range day {
		day[i] = 100 + 10*math.Sin(float64(i)*math.Pi/12) + r.NormFloat64()
	}
	m, err = Fit(day, DefaultOptions(24))
	if err != nil {
		t.Fatal(err)
	}
	checkFinite(t, "hours", m)
	mean, _ := m.Forecast(24)
	for i, v := range mean {
		if want := 100 + 10*math.Sin(float64(i)*math.Pi/12); math.Abs(v-want) > 5 {
			t.Errorf("hour %d: %v, truth %v, of %v", i, v, want, m)
		}
	}
}

func mustOrder(t *testing.T, y []float64, o Order) *Model {
	t.Helper()
	m, err := FitOrder(y, o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestRefused(t *testing.T) {
	good := []float64{1, 2, 4, 3}
	bad := DefaultOptions(12)
	bad.MaxP = -1
	worse := DefaultOptions(12)
	worse.SeasonStrength = math.NaN()
	for name, err := range map[string]error{
		"two values": second(Fit(good[:2], DefaultOptions(1))),
		"NaN":        second(Fit([]float64{1, math.NaN(), 2}, DefaultOptions(1))),
		"infinite":   second(Fit([]float64{1, math.Inf(1), 2}, DefaultOptions(1))),
		"bound":      second(Fit(good, bad)),
		"strength":   second(Fit(good, worse)),
		"no options": second(Fit(good, Options{})),
		"season":     second(FitOrder(good, Order{})),
		"too short":  second(FitOrder(good, Order{P: 4, Season: 1})),
		"parabola":   second(FitOrder(good, Order{D: 2, Season: 1, Constant: true})),
	} {
		if !errors.Is(err, ErrInput) {
			t.Errorf("%s: error is %v", name, err)
		}
	}
}

func second(_ *Model, err error) error { return err }

func BenchmarkFit(b *testing.B) {
	for _, c := range []struct {
		name   string
		y      []float64
		season int
	}{{"monthly144", airPassengers, 12}, {"monthly72", accidentalDeaths, 12}, {"yearly98", lakeHuron, 1}, {"yearly20", nile[:20], 1}} {
		b.Run(c.name, func(b *testing.B) {
			for range b.N {
				if _, err := Fit(c.y, DefaultOptions(c.season)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestRootsStayAway: no chosen model has a root within minRoot of the unit circle.
func TestRootsStayAway(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 18))
	for range 60 {
		y := simulate(r, []float64{0.5}, []float64{-0.95}, 20+r.IntN(40))
		m, err := Fit(y, DefaultOptions(1+3*r.IntN(2)))
		if err != nil {
			t.Fatal(err)
		}
		l := newLikelihood(make([]float64, 1), m.Order, true)
		l.set(m.Order)
		l.coefficients(m.x)
		e := estimator{full: l, tmp: make([]float64, 30)}
		if !e.rootsFar() {
			t.Errorf("%v has a root near 1", m)
		}
	}
}
