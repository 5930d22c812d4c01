package forecast

import (
	"math"
	"math/rand/v2"
	"testing"
)

// 10, 20 | 10, 20 | ... with period 2: the centred average is 15 throughout, so the indices
// are -5, +5 and 2/3, 4/3.
func TestDecomposeByHand(t *testing.T) {
	y := []float64{10, 20, 10, 20, 10, 20}
	a, ok := decompose(y, 2, additive)
	if !ok {
		t.Fatal("no season")
	}
	wantAll(t, "additive", a.index, []float64{-5, 5}, 1e-12)
	near(t, "noise", a.noise, 0, 1e-12)
	m, ok := decompose(y, 2, multiplicative)
	if !ok {
		t.Fatal("no season")
	}
	wantAll(t, "multiplicative", m.index, []float64{2.0 / 3, 4.0 / 3}, 1e-12)
	z := make([]float64, len(y))
	m.remove(z, y)
	wantAll(t, "without", z, []float64{15, 15, 15, 15, 15, 15}, 1e-12)
	m.restore(z[:2], 7)
	wantAll(t, "with, from an odd place on", z[:2], []float64{20, 10}, 1e-12)
	// An odd period: 1 2 3 | 1 2 3 | 1 2 3, average 2.
	odd, ok := decompose([]float64{1, 2, 3, 1, 2, 3, 1, 2, 3}, 3, additive)
	if !ok {
		t.Fatal("no season")
	}
	wantAll(t, "odd", odd.index, []float64{-1, 0, 1}, 1e-12)
	if _, ok := decompose(y[:3], 2, additive); ok {
		t.Error("found a season in less than two periods")
	}
}

// Shrinkage by hand. Deviations by place: 4, 6 and -4, -6; means 5 and -5; each place has
// a sum of squares of 2 about its mean, so the variance is (2 + 2) / 2 = 2, that of a mean of
// two values 1; the indices' squares sum to 50 over period - 1 = 1. What stays is 1 - 1/50.
func TestShrinkByHand(t *testing.T) {
	s := seasonal{shape: additive, period: 2, index: []float64{5, -5}, noise: 1}
	s.shrink(&none)
	wantAll(t, "shrunk", s.index, []float64{4.9, -4.9}, 1e-12)
	s = seasonal{shape: multiplicative, period: 2, index: []float64{1.1, 0.9}, noise: 1}
	s.shrink(&none) // noise above what there is to see: no season
	wantAll(t, "gone", s.index, []float64{1, 1}, 1e-12)
	s = seasonal{shape: additive, period: 2, index: []float64{5, -5}, noise: math.Inf(1)}
	s.shrink(&none)
	wantAll(t, "half", s.index, []float64{2.5, -2.5}, 1e-12)
	base := seasonal{shape: additive, period: 2, index: []float64{1, -1}}
	long := seasonal{shape: additive, period: 4, index: []float64{1, -1, 1, -1}, noise: 3}
	long.shrink(&base)
	wantAll(t, "towards the shorter season", long.index, []float64{1, -1, 1, -1}, 1e-12)
}

// slowDecompose takes every moving average as a sum of its own.
func slowDecompose(y []float64, period int, as shape) []float64 {
	sum, count := make([]float64, period), make([]float64, period)
	half := period / 2
	for t := half; t < len(y)-half; t++ {
		trend := 0.0
		for k := -half; k <= half; k++ {
			w := 1 / float64(period)
			if period%2 == 0 && (k == -half || k == half) {
				w /= 2
			}
			trend += w * y[t+k]
		}
		if as == multiplicative {
			sum[t%period] += y[t] / trend
		} else {
			sum[t%period] += y[t] - trend
		}
		count[t%period]++
	}
	total := 0.0
	for i := range sum {
		sum[i] /= count[i]
		total += sum[i]
	}
	for i := range sum {
		if as == multiplicative {
			sum[i] *= float64(period) / total
		} else {
			sum[i] -= total / float64(period)
		}
	}
	return sum
}

func TestDecomposeIsTheSlowOne(t *testing.T) {
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 1))
		period := 2 + rng.IntN(12)
		y := make([]float64, 2*period+rng.IntN(50))
		for i := range y {
			y[i] = 50 + 20*rng.Float64() + float64(i%period)
		}
		for _, as := range []shape{additive, multiplicative} {
			s, ok := decompose(y, period, as)
			if !ok {
				t.Fatalf("seed %d: no season", seed)
			}
			wantAll(t, "index", s.index, slowDecompose(y, period, as), 1e-9)
		}
	}
}

func TestSeasonalityTest(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	found, noise := 0, 0
	for range 200 {
		wave, white := make([]float64, 60), make([]float64, 60)
		for i := range wave {
			white[i] = rng.NormFloat64()
			wave[i] = 3*math.Sin(2*math.Pi*float64(i)/12) + rng.NormFloat64()
		}
		if isSeasonal(wave, 12) {
			found++
		}
		if isSeasonal(white, 12) {
			noise++
		}
	}
	if found < 195 || noise > 30 {
		t.Errorf("found %d of 200 waves, and %d seasons in noise (10 %% would be 20)", found, noise)
	}
	if isSeasonal(make([]float64, 40), 12) || isSeasonal([]float64{1, 2, 1, 2, 1}, 2) {
		t.Error("a constant or two and a half periods are no season")
	}
	near(t, "autocorrelation", autocorrelation([]float64{1, 2, 3}, 1), 0, 1e-12) // (-1)(0) + (0)(1) over 2
}
