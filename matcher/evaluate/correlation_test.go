package evaluate

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestCorrelationsByHand(t *testing.T) {
	for _, tt := range []struct {
		name     string
		x, y     []float64
		tau, rho float64
		ok       bool
	}{
		{"the same order", []float64{1, 2, 3}, []float64{4, 5, 9}, 1, 1, true},
		{"the opposite", []float64{1, 2, 3}, []float64{9, 5, 4}, -1, -1, true},
		// Of 6 pairs 5 agree and 1 does not: 4/6. d = 0, 0, 1, 1: 1 - 6*2/(4*15).
		{"one exchange", []float64{1, 2, 3, 4}, []float64{1, 2, 4, 3}, 4. / 6, 0.8, true},
		// Pairs: x ties 1 (5 apart), y ties 1 (5 apart); 4 agree, none does not: 4/5.
		// Ranks 1, 2.5, 2.5, 4 and 1, 2, 3.5, 3.5: covariance 3.75, variances 4.5: 5/6.
		{"ties", []float64{1, 2, 2, 3}, []float64{10, 20, 30, 30}, 0.8, 3.75 / 4.5, true},
		{"a constant", []float64{1, 1, 1}, []float64{1, 2, 3}, 0, 0, false},
		{"one value", []float64{1}, []float64{1}, 0, 0, false},
		{"none", nil, nil, 0, 0, false},
	} {
		tau, ok := KendallB(tt.x, tt.y)
		rho, also := Spearman(tt.x, tt.y)
		if ok != tt.ok || also != tt.ok || math.Abs(tau-tt.tau) > 1e-12 || math.Abs(rho-tt.rho) > 1e-12 {
			t.Errorf("%s: tau %v (%v), rho %v (%v), want %v and %v", tt.name, tau, ok, rho, also, tt.tau, tt.rho)
		}
	}
}

// TestCorrelationsSymmetric: they lie in [-1, 1], do not depend on which list is first, and
// know only the order.
func TestCorrelationsSymmetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 12).Draw(t, "n")
		values := rapid.SliceOfN(rapid.Map(rapid.IntRange(-3, 3), func(v int) float64 { return float64(v) }), n, n)
		x, y := values.Draw(t, "x"), values.Draw(t, "y")
		cubes := make([]float64, n)
		for i, v := range x {
			cubes[i] = v * v * v
		}
		for name, of := range map[string]func(x, y []float64) (float64, bool){"tau": KendallB, "rho": Spearman} {
			a, ok := of(x, y)
			b, _ := of(y, x)
			c, _ := of(cubes, y)
			if math.Abs(a-b) > 1e-12 || math.Abs(a-c) > 1e-12 || math.Abs(a) > 1+1e-12 || !ok && a != 0 {
				t.Fatalf("%s of %v and %v: %v, exchanged %v, cubed %v", name, x, y, a, b, c)
			}
		}
	})
}

// TestBrierByHand: .04, .16 and .25 of three; two of three came: 2/3 * 1/3.
func TestBrierByHand(t *testing.T) {
	score, base := Brier([]float64{0.8, 0.4, 0.5}, []bool{true, false, true})
	if math.Abs(score-0.15) > 1e-12 || math.Abs(base-2./9) > 1e-12 {
		t.Errorf("%v, %v", score, base)
	}
}
