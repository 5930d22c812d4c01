package forecast

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func learned(t *testing.T, samples []sample, prior []float64, series, workers int) *gate {
	t.Helper()
	g, err := learnGate(context.Background(), samples, prior, series, workers)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func weightsAt(g *gate, of [traits]float64) []float64 {
	w := make([]float64, len(g.prior))
	g.weights(w, &of)
	return w
}

func TestGateByHand(t *testing.T) {
	g := newGate([]float64{0.5, 0.25, 0.25})
	if w := weightsAt(g, [traits]float64{1, 2, 3}); !slices.Equal(w, g.prior) {
		t.Errorf("knowing nothing: %v, not the prior", w)
	}
	g.base[1], g.slopes[traitNoise][2] = math.Log(2), math.Log(2)
	// .5, .25*2, .25*2^1.5
	w, sum := weightsAt(g, [traits]float64{traitNoise: 1.5}), 1+0.25*math.Pow(2, 1.5)
	near(t, "first", w[0], 0.5/sum, 1e-12)
	near(t, "base", w[1], 0.5/sum, 1e-12)
	near(t, "slope", w[2], 0.25*math.Pow(2, 1.5)/sum, 1e-12)
}

func TestGateFindsTheBetterMethod(t *testing.T) {
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
	w := weightsAt(learned(t, samples, prior, 1000, 0), [traits]float64{})
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
	if few := weightsAt(learned(t, samples[:4], prior, 1, 0), [traits]float64{}); few[0] > w[0] {
		t.Errorf("one series moved the weights to %v, a thousand to %v", few, w)
	}
	if none := weightsAt(learned(t, nil, prior, 1, 0), [traits]float64{}); !slices.Equal(none, prior) {
		t.Errorf("without samples: %v", none)
	}
}

// twoMethods are samples of methods that are right for one sign of a trait each.
func twoMethods(rng *rand.Rand, follows bool) (out []sample) {
	for k := range 4000 {
		came, trait := 100+10*rng.NormFloat64(), rng.NormFloat64()
		off := [2]float64{2, 2}
		if follows && trait > 0 {
			off = [2]float64{1, 6}
		} else if follows {
			off = [2]float64{6, 1}
		}
		rows := [][]float64{{came + off[0]*rng.NormFloat64()}, {came + off[1]*rng.NormFloat64()}}
		out = append(out, sample{rows: rows, back: 1 + k%4, came: came, scale: 1, traits: [traits]float64{traitNoise: trait}})
	}
	return out
}

func TestGateFollowsTraitsThatMatter(t *testing.T) {
	prior := []float64{0.5, 0.5}
	g := learned(t, twoMethods(rand.New(rand.NewPCG(1, 1)), true), prior, 1000, 0)
	if w := weightsAt(g, [traits]float64{traitNoise: 2}); w[0] < 0.9 {
		t.Errorf("where the first is right: %v", w)
	}
	if w := weightsAt(g, [traits]float64{traitNoise: -2}); w[1] < 0.9 {
		t.Errorf("where the second is right: %v", w)
	}
	// Nothing to follow, and too few series to follow it.
	for name, g := range map[string]*gate{
		"no pattern": learned(t, twoMethods(rand.New(rand.NewPCG(2, 2)), false), prior, 1000, 0),
		"few series": learned(t, twoMethods(rand.New(rand.NewPCG(1, 1)), true), prior, gateSeries-1, 0),
	} {
		for _, slope := range g.slopes {
			if slope[0] != 0 || slope[1] != 0 {
				t.Errorf("%s: slopes %v", name, g.slopes)
			}
		}
	}
}

func TestGateGradient(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	samples := twoMethods(rng, true)
	samples[5].rows[1] = nil
	for i := range samples {
		samples[i].traits[traitTrend], samples[i].traits[traitStep] = rng.NormFloat64(), rng.NormFloat64()
	}
	l := &gateLearner{gate: newGate([]float64{0.3, 0.7}), series: 10}
	x := make([]float64, 2*(1+traits))
	for i := range x {
		x[i] = rng.NormFloat64()
	}
	grad := make([]float64, len(x))
	l.pass(samples, x, grad)
	for i := range x {
		const d = 1e-5
		up, down := slices.Clone(x), slices.Clone(x)
		up[i] += d
		down[i] -= d
		near(t, "slope", grad[i], (l.pass(samples, up, nil)-l.pass(samples, down, nil))/(2*d), 1e-5)
	}
}

func TestGateThreadsDoNotMatter(t *testing.T) {
	samples := twoMethods(rand.New(rand.NewPCG(4, 4)), true)
	one := learned(t, samples, []float64{0.5, 0.5}, 1000, 1)
	for _, workers := range []int{2, 3, 7} {
		many := learned(t, samples, []float64{0.5, 0.5}, 1000, workers)
		if !slices.Equal(one.base, many.base) || !slices.Equal(one.slopes[traitNoise], many.slopes[traitNoise]) {
			t.Errorf("%d threads: %v %v, one: %v %v", workers, many.base, many.slopes, one.base, one.slopes)
		}
	}
}

func TestGateEndsWithContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := learnGate(ctx, twoMethods(rand.New(rand.NewPCG(4, 4)), true), []float64{0.5, 0.5}, 1000, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("err %v", err)
	}
}

func TestDrawnEvenly(t *testing.T) {
	samples := make([]sample, 3*mostSamples)
	for k := range samples {
		samples[k].step = k % 18
	}
	out := drawn(samples)
	if len(out) < mostSamples*99/100 || len(out) > mostSamples*101/100 {
		t.Fatalf("%d drawn", len(out))
	}
	var by [18]int
	for _, s := range out {
		by[s.step]++
	}
	for step, n := range by {
		if math.Abs(float64(n)/float64(len(out))*18-1) > 0.02 {
			t.Errorf("step %d: %d of %d", step, n, len(out))
		}
	}
}

func TestTraitsByHand(t *testing.T) {
	// 1 2 3 5: mean 2.75, slope 1.3, residuals .2, -.1, -.4, .3: 1 - .3/8.75; changes 1, 1, 2.
	v := &view{flatM: []float64{1, 2, 3, 5}}
	got := v.traitsOf()
	near(t, "trend", got[traitTrend], 1-0.3/8.75, 1e-12)
	near(t, "noise", got[traitNoise], math.Log(math.Sqrt(2)/2.75+1e-6), 1e-12)
	at := &origin{}
	near(t, "first step", at.traitsAt(0, 9)[traitStep], -math.Sqrt(3), 1e-12)
	near(t, "middle", at.traitsAt(4, 9)[traitStep], 0, 1e-12)
	near(t, "only step", at.traitsAt(0, 1)[traitStep], 0, 0)
}
