package forecast

import (
	"math"
	"testing"
)

func TestCombinedByHand(t *testing.T) {
	rows := [][]float64{{1}, {2}, nil, {6}}
	// (0.5*1 + 0.25*2 + 0.25*6) / 1 = 2.5; spread: sqrt(.5*2.25 + .25*.25 + .25*12.25).
	m, s := combined([]float64{0.5, 0.25, 9, 0.25}, rows, 0)
	near(t, "mean", m, 2.5, 1e-12)
	near(t, "spread", s, math.Sqrt(0.5*2.25+0.25*0.25+0.25*12.25), 1e-12)
	// Far from the three others (median 11, median distance 1, 12 times that): drawn to 23.
	wild := [][]float64{{10}, {11}, nil, {12}, {1e9}, {11}}
	reinIn(wild, 1)
	if wild[4][0] != 23 || wild[3][0] != 12 {
		t.Errorf("%v", wild)
	}
}

func TestOwnTiltByHand(t *testing.T) {
	// 100 values: strength 1; ratios 1 and 2: factors 1 and 1/e.
	w := ownTilt([]float64{1, 2}, 100)
	near(t, "as good as all", w[0], 1, 0)
	near(t, "twice as bad", w[1], math.Exp(-1), 1e-12)
	near(t, "at most", ownTilt([]float64{1, 2}, 1e6)[1], math.Exp(-maxTilt), 1e-12)
}

func TestShrunkQuantile(t *testing.T) {
	sorted := make([]weighed, 99)
	for i := range sorted {
		sorted[i] = weighed{float64(i + 1), 1}
	}
	// The 0.8 quantile of 1..99 by p(n+1): 80; drawn to 1.5 by 40 of 139.
	near(t, "quantile", shrunkQuantile(sorted, 0.8, 1.5), (99*80+40*1.5)/139, 1e-9)
	near(t, "nothing", shrunkQuantile(nil, 0.8, 1.5), 1.5, 0)
	// Weights 1, .5, .5, of 2 + 1 in all: 1.5 is reached at the second, 1.75 half way to the third.
	three := []weighed{{10, 1}, {20, 0.5}, {40, 0.5}}
	near(t, "weights", shrunkQuantile(three, 0.5, 0), 2*20/(2.0+40), 1e-12)
	near(t, "between", shrunkQuantile(three, 1.75/3, 0), 2*30/(2.0+40), 1e-12)
	near(t, "beyond the last", shrunkQuantile(three, 0.95, 0), 2*40/(2.0+40), 1e-12)
}

// Misses that fall as the inverse of the square root of the values are brought to those of the
// whole series; a pool whose misses rise is left alone.
func TestGrow(t *testing.T) {
	pooled := func(power float64) (*pool, []miss) {
		p, all := &pool{}, []miss(nil)
		for i := range 200 {
			j := &job{y: make([]float64, 64)}
			for k, n := range []int{32, 16} {
				j.past = append(j.past, &origin{n: n})
				for h := range 3 {
					all = append(all, miss{series: i, origin: k, step: h, u: math.Pow(float64(n)/64, power) - 0.1})
				}
			}
			p.jobs = append(p.jobs, j)
		}
		return p, all
	}
	p, all := pooled(-0.5)
	p.grow(all)
	// Squares of logs: 200 * 2 * (ln 2 / 2)^2 = 48.05: the power is -.5 * 48.05 / 53.05.
	squares := 200 * math.Ln2 * math.Ln2 / 2
	power := -0.5 * squares / (squares + steadyGrowth)
	near(t, "half as long", all[0].u, (math.Sqrt2-0.1)*math.Pow(2, power), 1e-12)
	near(t, "a quarter", all[3].u, (2-0.1)*math.Pow(4, power), 1e-12)
	p, all = pooled(0.5)
	was := all[0].u
	if p.grow(all); all[0].u != was {
		t.Errorf("misses that rise with the values went from %v to %v", was, all[0].u)
	}
}

func TestFadeByHand(t *testing.T) {
	line := func() (out []float64) {
		for i := range 7 {
			out = append(out, float64(i+1))
		}
		return out
	}
	// 8 values, R squared .8: from the fifth step on what is added shrinks by exp(-2/8 * .2/.8).
	r := line()
	fade(r, 8, 1, 0.8)
	q := math.Exp(-1.0 / 16)
	for h, want := range []float64{1, 2, 3, 4, 4 + q, 4 + q + q*q, 4 + q + q*q + q*q*q} {
		near(t, "step", r[h], want, 1e-12)
	}
	r = line()
	if fade(r, 8, 1, 1); r[6] != 7 {
		t.Errorf("a line without noise fades to %v", r[6])
	}
	r = line()
	if fade(r, 8, 1, 0); r[6] > 4.0001 || math.IsNaN(r[6]) {
		t.Errorf("noise goes on rising to %v", r[6])
	}
	// A season stays: only what comes from period to period fades.
	r = []float64{10, 0, 12, 2, 14, 4}
	fade(r, 4, 2, 0.5)
	q = math.Exp(-0.5)
	for h, want := range []float64{10, 0, 10 + 2*q, 2 * q * q, 10 + 2*q + 2*q*q*q, 2*q*q + 2*q*q*q*q} {
		near(t, "season", r[h], want, 1e-12)
	}
}
