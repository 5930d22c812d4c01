package forecast

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// slowETS is the component form as the book has it (Hyndman et al. 2008, table 2.1 for
// the equations of level, growth and season), one list a state, without ring buffers.
func slowETS(y []float64, f etsForm, period int, alpha, beta, gamma, phi, l0, b0 float64, s0 []float64) (sse, logs float64, level, growth float64, season []float64) {
	l, b := []float64{l0}, []float64{b0}
	s := append([]float64(nil), s0...) // s[t] is the index for value t, as known before it
	for t, v := range y {
		L, B := l[t], b[t]
		var p, g float64
		switch f.trend {
		case 'N':
			p, g = L, 0
		case 'A':
			p, g = L+B, B
		case 'D':
			p, g = L+phi*B, phi*B
		case 'M':
			p, g = L*B, B
		case 'E':
			p, g = L*math.Pow(B, phi), math.Pow(B, phi)
		}
		hat, without := p, v
		switch f.season {
		case additive:
			hat, without = p+s[t], v-s[t]
		case multiplicative:
			hat, without = p*s[t], v/s[t]
		}
		e := v - hat
		if f.err == 'M' {
			e /= hat
			logs += math.Log(hat)
		}
		sse += e * e
		next := alpha*without + (1-alpha)*p
		grown := g
		switch f.trend {
		case 'A', 'D':
			grown = beta*(next-L) + (1-beta)*g
		case 'M', 'E':
			grown = beta*(next/L) + (1-beta)*g
		}
		switch f.season {
		case additive:
			s = append(s, gamma*(v-p)+(1-gamma)*s[t])
		case multiplicative:
			s = append(s, gamma*(v/p)+(1-gamma)*s[t])
		}
		l, b = append(l, next), append(b, grown)
	}
	n := len(y)
	if f.season != noSeason {
		season = s[n : n+period]
	}
	return sse, logs, l[n], b[n], season
}

// String is such as "ETS(M,Ad,N)".
func (f etsForm) String() string {
	trend := map[byte]string{'N': "N", 'A': "A", 'D': "Ad", 'M': "M", 'E': "Md"}[f.trend]
	return "ETS(" + string(f.err) + "," + trend + "," + string(f.season) + ")"
}

func TestETSPassIsTheBook(t *testing.T) {
	forms := 0
	for _, err := range []byte{'A', 'M'} {
		for _, trend := range []byte{'N', 'A', 'D', 'M', 'E'} {
			for _, season := range []shape{noSeason, additive, multiplicative} {
				form := etsForm{err, trend, season}
				forms++
				for seed := range uint64(20) {
					rng := rand.New(rand.NewPCG(seed, 7))
					n, period := 8+rng.IntN(40), 2+rng.IntN(6)
					y := make([]float64, n)
					for i := range y {
						y[i] = 100 + float64(i) + 10*rng.Float64()
					}
					e := ets{form: form, period: period, n: n, alpha: 0.6 * rng.Float64(), beta: 0.3 * rng.Float64(), gamma: 0.3 * rng.Float64(), damp: 1}
					if form.damped() {
						e.damp = 0.8 + 0.18*rng.Float64()
					}
					e.level, e.slope = 100+rng.Float64(), rng.Float64()
					if form.ratioTrend() {
						e.slope = 1 + 0.02*rng.Float64()
					}
					for i := range period {
						switch season {
						case additive:
							e.season = append(e.season, rng.Float64()-0.5+float64(i)/10)
						case multiplicative:
							e.season = append(e.season, 0.9+0.2*rng.Float64())
						}
					}
					sse, logs, level, growth, after := slowETS(y, form, period, e.alpha, e.beta, e.gamma, e.damp, e.level, e.slope, e.season)
					gotSSE, gotLogs, ok := e.pass(y, false, nil)
					if !ok {
						t.Fatalf("%v seed %d: left its range", form, seed)
					}
					near(t, fmt.Sprint(form, " sse"), gotSSE, sse, 1e-9)
					near(t, fmt.Sprint(form, " logs"), gotLogs, logs, 1e-9)
					near(t, fmt.Sprint(form, " level"), e.level, level, 1e-9)
					if form.trend != 'N' {
						near(t, fmt.Sprint(form, " growth"), e.slope, growth, 1e-9)
					}
					for h := range after {
						near(t, fmt.Sprint(form, " season"), e.season[(n+h)%period], after[h], 1e-9)
					}
				}
			}
		}
	}
	if forms != 30 {
		t.Fatalf("%d forms, the family has 30", forms)
	}
}

// Worked by hand: l = 10, b = 2, phi = 0.5, season +1, -1 from position 4 on (even).
// h = 1: 10 + 1 + 1 = 12; h = 2: 10 + 1.5 - 1 = 10.5; h = 3: 10 + 1.75 + 1 = 12.75.
func TestETSForecastByHand(t *testing.T) {
	e := ets{form: etsForm{'A', 'D', additive}, period: 2, n: 4, level: 10, slope: 2, damp: 0.5, season: []float64{1, -1}}
	f := make([]float64, 3)
	e.forecast(f)
	for h, want := range []float64{12, 10.5, 12.75} {
		near(t, "forecast", f[h], want, 1e-12)
	}
	// l = 100, b = 1.1, phi = 1, season 0.5 and 2: 110 * .5 = 55, 121 * 2 = 242.
	e = ets{form: etsForm{'M', 'M', multiplicative}, period: 2, n: 2, level: 100, slope: 1.1, damp: 1, season: []float64{0.5, 2}}
	e.forecast(f)
	near(t, "ratio", f[0], 55, 1e-9)
	near(t, "ratio", f[1], 242, 1e-9)
}

// The parameters that a fit finds are no worse than any on a fine grid.
func TestETSFitFindsTheBest(t *testing.T) {
	for seed := range uint64(30) {
		rng := rand.New(rand.NewPCG(seed, 3))
		y, level := make([]float64, 40), 50.0
		for i := range y {
			e := rng.NormFloat64()
			y[i] = level + e
			level += 0.4 * e
		}
		var w etsWork
		e, ok := fitETS(y, etsForm{'A', 'N', noSeason}, &none, false, &w)
		if !ok {
			t.Fatal("no fit")
		}
		found := e.sse
		best := math.Inf(1)
		for a := 0.001; a < 1; a += 0.001 {
			sse, _, _, _, _ := slowETS(y, e.form, 1, a, 0, 0, 1, mean(y[:3]), 0, nil)
			best = min(best, sse)
		}
		if found > best*(1+1e-4) {
			t.Errorf("seed %d: sse %v, a grid finds %v", seed, found, best)
		}
		// AICc by its definition: SES has alpha, the first level and sigma: k = 3.
		n := float64(len(y))
		near(t, "AICc", e.aicc, n*math.Log(e.sse)+2*3+2*3*4/(n-3-1), 1e-9)
	}
}

// Backwards and forwards over a line finds the line.
func TestBackcastFindsALine(t *testing.T) {
	y := make([]float64, 20)
	for i := range y {
		y[i] = 5 + 3*float64(i)
	}
	var w etsWork
	for _, fromEnd := range []bool{false, true} {
		e, ok := fitETS(y, etsForm{'A', 'A', noSeason}, &none, fromEnd, &w)
		if !ok {
			t.Fatal("no fit")
		}
		f := make([]float64, 3)
		e.forecast(f)
		for h, v := range f {
			near(t, "line", v, 5+3*float64(20+h), 1e-4)
		}
	}
}

// near fails unless the two agree to a relative (from 1 on) or absolute tolerance.
func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if d := math.Abs(got - want); !(d <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestMinimiseFindsTheBottom(t *testing.T) {
	// Rosenbrock's valley, bottom at (1, 1).
	f := func(x []float64) float64 { return 100*math.Pow(x[1]-x[0]*x[0], 2) + math.Pow(1-x[0], 2) }
	best, v := minimise(f, []float64{-1.2, 1}, []float64{0.5, 0.5}, 2000)
	if v > 1e-6 {
		t.Errorf("value %v at %v", v, best[:2])
	}
	// A bound that the start touches.
	g := func(x []float64) float64 {
		if x[0] < 0 {
			return math.Inf(1)
		}
		return x[0]
	}
	best, v = minimise(g, []float64{3}, []float64{1}, 200)
	if v > 1e-3 || best[0] < 0 {
		t.Errorf("value %v at %v", v, best[0])
	}
}
