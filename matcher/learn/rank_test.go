package learn

import (
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"pgregory.net/rapid"
)

// anySamples draws a few queries with 3 features; the second match is not always there.
func anySamples(t *rapid.T) []sample {
	const width = 3
	var out []sample
	for range rapid.IntRange(1, 12).Draw(t, "queries") {
		n := rapid.IntRange(2, 6).Draw(t, "candidates")
		s := sample{gain: make([]float64, n)}
		for range n * width {
			s.rows = append(s.rows, float32(rapid.Float64Range(-3, 3).Draw(t, "x")))
		}
		s.gain[rapid.IntRange(0, n-1).Draw(t, "match")] = rapid.Float64Range(0.1, 4).Draw(t, "gain")
		s.gain[rapid.IntRange(0, n-1).Draw(t, "second")] = rapid.Float64Range(0, 4).Draw(t, "gain")
		out = append(out, s)
	}
	return out
}

// slowLoss is conditionalLoss from its definition.
func slowLoss(samples []sample, w []float64, lambda float64) float64 {
	total := 0.0
	for _, s := range samples {
		score := func(i int) float64 {
			v := 0.0
			for k := range w {
				v += w[k] * float64(s.rows[i*len(w)+k])
			}
			return v
		}
		gains := 0.0
		for _, g := range s.gain {
			gains += g
		}
		for m, g := range s.gain {
			if g <= 0 {
				continue
			}
			sum := 1.0
			for c, other := range s.gain {
				if other <= 0 {
					sum += math.Exp(score(c) - score(m))
				}
			}
			total += g / gains * math.Log(sum)
		}
	}
	for _, v := range w {
		total += lambda / 2 * v * v
	}
	return total / float64(len(samples))
}

// TestConditionalLoss: the loss is its definition's, and the gradient that of finite
// differences (central, step 1e-5: error about 1e-10 times the third derivative).
func TestConditionalLoss(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		samples, lambda := anySamples(t), rapid.Float64Range(0, 5).Draw(t, "lambda")
		w := rapid.SliceOfN(rapid.Float64Range(-2, 2), 3, 3).Draw(t, "w")
		grad := make([]float64, 3)
		got := conditionalLoss(samples, w, grad, lambda)
		if want := slowLoss(samples, w, lambda); math.Abs(got-want) > 1e-9*(1+want) {
			t.Fatalf("loss %v, want %v", got, want)
		}
		checkGradient(t, grad, w, func(w []float64) float64 { return slowLoss(samples, w, lambda) })
	})
}

func checkGradient(t *rapid.T, grad, w []float64, f func([]float64) float64) {
	t.Helper()
	const step = 1e-5
	for k := range w {
		at := w[k]
		w[k] = at + step
		above := f(w)
		w[k] = at - step
		below := f(w)
		w[k] = at
		if want := (above - below) / (2 * step); math.Abs(grad[k]-want) > 1e-5*(1+math.Abs(want)) {
			t.Fatalf("gradient %d is %v, by finite differences %v", k, grad[k], want)
		}
	}
}

// TestMinimizeQuadratic: the minimum of sum a_k (x_k - m_k)^2 is m.
func TestMinimizeQuadratic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "n")
		a := rapid.SliceOfN(rapid.Float64Range(0.01, 50), n, n).Draw(t, "a")
		m := rapid.SliceOfN(rapid.Float64Range(-20, 20), n, n).Draw(t, "m")
		x, err := minimize(n, func(x, grad []float64) float64 {
			sum := 0.0
			for k := range x {
				d := x[k] - m[k]
				sum += a[k] * d * d
				grad[k] = 2 * a[k] * d
			}
			return sum
		})
		if err != nil {
			t.Fatal(err)
		}
		for k := range x {
			if math.Abs(x[k]-m[k]) > 1e-4 {
				t.Fatalf("x[%d] = %v, want %v (a = %v)", k, x[k], m[k], a[k])
			}
		}
	})
}

func TestMinimizeSaysWhenItDiverges(t *testing.T) {
	if _, err := minimize(2, func(x, grad []float64) float64 { return math.NaN() }); err == nil {
		t.Error("a function without values was minimized")
	}
}

// plantedSamples chooses one match per query with probability proportional to e^score,
// which is what the model assumes.
func plantedSamples(queries int, planted []float64) []sample {
	rng := rand.New(rand.NewPCG(7, 0))
	var out []sample
	for range queries {
		const candidates = 20
		s := sample{gain: make([]float64, candidates)}
		best, match := math.Inf(-1), 0
		for c := range candidates {
			v := -math.Log(-math.Log(rng.Float64())) // Gumbel noise makes the choice logistic
			for _, w := range planted {
				x := rng.NormFloat64()
				v += w * x
				s.rows = append(s.rows, float32(x))
			}
			if v > best {
				best, match = v, c
			}
		}
		s.gain[match] = 1
		out = append(out, s)
	}
	return out
}

// TestPlantedWeights: 3000 choices among 20 give weights of size 1 with a standard error
// of about 1/sqrt(3000) = .02; .1 is five of them.
func TestPlantedWeights(t *testing.T) {
	planted := []float64{1.5, -0.7, 0, 0.3}
	l, err := fitLinear(plantedSamples(3000, planted), len(planted), 0.1)
	if err != nil {
		t.Fatal(err)
	}
	for k, want := range planted {
		if got := l.weight[k] / l.scale[k]; math.Abs(got-want) > 0.1 {
			t.Errorf("weight %d: %.3f, planted %.3f", k, got, want)
		}
	}
}

// TestFitOnAnyCores: the number of cores does not change a bit.
func TestFitOnAnyCores(t *testing.T) {
	samples := plantedSamples(60, []float64{1, -1})
	fit := func(cores int) []float64 {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
		l, err := fitLinear(samples, 2, 1)
		if err != nil {
			t.Fatal(err)
		}
		return l.weight
	}
	one, more := fit(1), fit(4)
	for k := range one {
		if one[k] != more[k] {
			t.Errorf("weight %d: %v on one core, %v on four", k, one[k], more[k])
		}
	}
}

// TestConstantFeature: what does not vary counts nothing, and breaks nothing.
func TestConstantFeature(t *testing.T) {
	s := sample{rows: []float32{1, 5, 0, 5, -1, 5}, gain: []float64{1, 0, 0}}
	l, err := fitLinear([]sample{s, s}, 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	if l.scale[1] != 0 || l.weight[0] <= 0 || l.score([]float32{1, 5}) != l.score([]float32{1, 99}) {
		t.Errorf("weights %v, scales %v", l.weight, l.scale)
	}
}
