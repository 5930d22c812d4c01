package forecast

import (
	"math"
	"math/rand/v2"
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

func TestSharedWeightsFindTheBetterMethod(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	var samples []sample
	for range 600 {
		came := 100 + 10*rng.NormFloat64()
		// The first is off by 1, the second by 5, the third is missing half of the time.
		rows := [][]float64{{came + rng.NormFloat64()}, {came + 5*rng.NormFloat64()}, {came + 5*rng.NormFloat64()}}
		if rng.IntN(2) == 0 {
			rows[2] = nil
		}
		samples = append(samples, sample{rows: rows, came: came, scale: 1})
	}
	prior := []float64{1.0 / 3, 1.0 / 3, 1.0 / 3}
	w := sharedWeights(samples, prior, 1000)
	if sum := w[0] + w[1] + w[2]; math.Abs(sum-1) > 1e-9 || w[0] < 0.85 {
		t.Errorf("weights %v", w)
	}
	// No direction near the answer is better: the loss by its definition.
	loss := func(w []float64) float64 {
		total := 0.0
		for _, s := range samples {
			sum, f := 0.0, 0.0
			for i, r := range s.rows {
				if r != nil {
					sum += w[i]
					f += w[i] * r[0]
				}
			}
			total += math.Sqrt(math.Pow((f/sum-s.came)*s.scale, 2) + 1e-8)
		}
		total /= float64(len(samples))
		for i := range w {
			total += pull * (1 + pullSeries/1000.0) * w[i] * math.Log(w[i]/prior[i])
		}
		return total
	}
	best := loss(w)
	for k := range 200 {
		v := make([]float64, 3)
		sum := 0.0
		for i := range v {
			v[i] = w[i] * math.Exp(0.1*rng.NormFloat64())
			sum += v[i]
		}
		for i := range v {
			v[i] /= sum
		}
		if l := loss(v); l < best-1e-6 {
			t.Fatalf("try %d: %v has loss %v, the answer %v has %v", k, v, l, w, best)
		}
	}
	// Few series stay near the prior.
	if few := sharedWeights(samples[:4], prior, 1); few[0] > w[0] {
		t.Errorf("one series moved the weights to %v, a thousand to %v", few, w)
	}
	if none := sharedWeights(nil, prior, 0); none[0] != prior[0] {
		t.Errorf("without samples: %v", none)
	}
}

func TestOwnWeightsByHand(t *testing.T) {
	// 100 values: strength 1; ratios 1 and 2: weights 0.5 : 0.5/e.
	w := ownWeights([]float64{0.5, 0.5}, []float64{1, 2}, 100)
	near(t, "own", w[0], 1/(1+math.Exp(-1)), 1e-12)
	w = ownWeights([]float64{0.5, 0.5}, []float64{1, 2}, 1e6)
	near(t, "at most", w[0], 1/(1+math.Exp(-maxTilt)), 1e-12)
}

func TestShrunkQuantile(t *testing.T) {
	sorted := make([]float64, 99)
	for i := range sorted {
		sorted[i] = float64(i + 1)
	}
	// The 0.8 quantile of 1..99 by p(n+1): 80; drawn to 1.5 by 40 of 139.
	near(t, "quantile", shrunkQuantile(sorted, 0.8, 1.5), (99*80+40*1.5)/139, 1e-9)
	near(t, "nothing", shrunkQuantile(nil, 0.8, 1.5), 1.5, 0)
}
