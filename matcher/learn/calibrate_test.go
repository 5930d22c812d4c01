package learn

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func anyLabelled(t *rapid.T, width int) []labelled {
	var out []labelled
	for range rapid.IntRange(2, 30).Draw(t, "n") {
		d := labelled{right: rapid.Bool().Draw(t, "right")}
		for range width {
			d.x = append(d.x, rapid.OneOf(rapid.Float64Range(-5, 5), rapid.Just(math.NaN())).Draw(t, "x"))
		}
		out = append(out, d)
	}
	return out
}

// TestLogitLoss: gradient against finite differences, NaN and left-out terms included.
func TestLogitLoss(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := anyLabelled(t, 2)
		terms := []Term{{Name: "a", Mean: 1, Scale: 2}, {Name: "b", Scale: rapid.SampledFrom([]float64{0, 1}).Draw(t, "scale")}}
		w := rapid.SliceOfN(rapid.Float64Range(-3, 3), 3, 3).Draw(t, "w")
		grad := make([]float64, 3)
		logitLoss(terms, data, w, grad)
		checkGradient(t, grad, w, func(w []float64) float64 { return logitLoss(terms, data, w, make([]float64, 3)) })
	})
}

// TestFitLogit: 20000 draws from planted log-odds 0.5 + 1.2x give the two back within .1
// (standard error below .02).
func TestFitLogit(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 0))
	var data []labelled
	for range 20000 {
		x := rng.NormFloat64()*2 + 1
		data = append(data, labelled{[]float64{x}, rng.Float64() < sigmoid(0.5+1.2*x)})
	}
	l, err := fitLogit([]string{TermRank}, data)
	if err != nil {
		t.Fatal(err)
	}
	at := func(x float64) float64 { return l.value(func(string) float64 { return x }) }
	if math.Abs(at(0)-0.5) > 0.1 || math.Abs(at(1)-at(0)-1.2) > 0.1 {
		t.Errorf("log-odds %.3f at 0, slope %.3f", at(0), at(1)-at(0))
	}
	if got, mean := at(math.NaN()), at(l.Terms[0].Mean); got != mean {
		t.Errorf("what is not known gives %v, the mean %v", got, mean)
	}
	if _, err := fitLogit([]string{TermRank}, []labelled{{[]float64{1}, true}}); err == nil {
		t.Error("a calibration without non-matches was fitted")
	}
}

// TestIsotonic: the fit at each point is max over starts of min over ends of the mean
// between them (Robertson et al. 1988, the min-max formula), which no pooling finds.
func TestIsotonic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 25).Draw(t, "n")
		p := make([]float64, n)
		right := make([]bool, n)
		for i := range p {
			p[i] = float64(rapid.IntRange(0, 12).Draw(t, "p")) / 12 // with ties
			right[i] = rapid.Bool().Draw(t, "right")
		}
		points := slices.Clone(p)
		slices.Sort(points)
		points = slices.Compact(points)
		sum, count := make([]float64, len(points)), make([]float64, len(points))
		for i := range p {
			k := slices.Index(points, p[i])
			count[k]++
			if right[i] {
				sum[k]++
			}
		}
		knots := isotonic(p, right)
		for k, point := range points {
			want := math.Inf(-1)
			for from := 0; from <= k; from++ {
				low := math.Inf(1)
				for to := k; to < len(points); to++ {
					s, c := 0.0, 0.0
					for j := from; j <= to; j++ {
						s, c = s+sum[j], c+count[j]
					}
					low = min(low, s/c)
				}
				want = max(want, low)
			}
			if got := blockOf(knots, p, right, point); math.Abs(got-want) > 1e-9 {
				t.Fatalf("at %v: %v, want %v (knots %v)", point, got, want, knots)
			}
		}
		for i := 1; i < len(knots); i++ {
			if knots[i].From <= knots[i-1].From || knots[i].To < knots[i-1].To {
				t.Fatalf("knots do not rise: %v", knots)
			}
		}
	})
}

// blockOf is the fitted value of a point: the knots stand at the means of blocks, so the
// block of a point is found from how many observations the blocks before it hold.
func blockOf(knots []Knot, p []float64, right []bool, point float64) float64 {
	sorted := slices.Clone(p)
	slices.Sort(sorted)
	from := 0
	for _, k := range knots {
		for to := from + 1; to <= len(sorted); to++ {
			mean, _ := MeanDeviation(sorted[from:to])
			ends := to == len(sorted) || sorted[to] != sorted[to-1]
			if !ends || math.Abs(mean-k.From) > 1e-9 {
				continue
			}
			hits := 0.0
			for i := range p {
				if p[i] >= sorted[from] && p[i] <= sorted[to-1] && right[i] {
					hits++
				}
			}
			if math.Abs(hits/float64(to-from)-k.To) > 1e-9 {
				continue
			}
			if point >= sorted[from] && point <= sorted[to-1] {
				return k.To
			}
			from = to
			break
		}
	}
	return math.NaN()
}

func TestStraighten(t *testing.T) {
	knots := []Knot{{0.2, 0.1}, {0.4, 0.5}}
	for p, want := range map[float64]float64{0: 0.1, 0.2: 0.1, 0.3: 0.3, 0.4: 0.5, 0.9: 0.5} {
		if got := straighten(knots, p); math.Abs(got-want) > 1e-12 {
			t.Errorf("%v becomes %v, want %v", p, got, want)
		}
	}
	if straighten(nil, 0.7) != 0.7 {
		t.Error("without knots a probability changes")
	}
}

// TestReliabilityByHand: .05 and .15 fall in the first two bins, .95 and 1 share the last.
func TestReliabilityByHand(t *testing.T) {
	bins := reliability([]float64{0.05, 0.15, 0.95, 1}, []bool{false, true, true, false})
	for i, want := range map[int]Bin{0: {0, .1, .05, 0, 1}, 1: {.1, .2, .15, 1, 1}, 5: {.5, .6, 0, 0, 0}, 9: {.9, 1, .975, .5, 2}} {
		got := bins[i]
		if math.Abs(got.From-want.From) > 1e-12 || math.Abs(got.To-want.To) > 1e-12 || math.Abs(got.Probability-want.Probability) > 1e-12 || got.Right != want.Right || got.N != want.N {
			t.Errorf("bin %d is %+v, want %+v", i, got, want)
		}
	}
}

// TestProbabilityFalls: within a query, with the defaults.
func TestProbabilityFalls(t *testing.T) {
	c := DefaultCalibration()
	rapid.Check(t, func(t *rapid.T) {
		o := Outlook{Explained: rapid.Float64Range(0, 1e6).Draw(t, "nats"), Answered: math.NaN(),
			Company: rapid.OneOf(rapid.Just(math.NaN()), rapid.Float64Range(0, 1)).Draw(t, "company")}
		rank, behind := rapid.IntRange(1, 100000).Draw(t, "rank"), rapid.Float64Range(0, 1e9).Draw(t, "behind")
		p := c.Probability(o, rank, behind)
		next := c.Probability(o, rank+1, behind+rapid.Float64Range(0, 10).Draw(t, "more"))
		if !(p >= 0 && p <= 1) || next > p || p > c.AnyFits(o) {
			t.Fatalf("probability %v, then %v, of %v", p, next, c.AnyFits(o))
		}
	})
}

func TestBehind(t *testing.T) {
	if got := Behind(0.9, 0.5, 0.2); math.Abs(got-2) > 1e-12 {
		t.Errorf("got %v, want 2", got)
	}
	if Behind(0.9, 0.5, 0) != 0 || Behind(0.5, 0.9, 1) != 0 {
		t.Error("must be 0 where nothing varies or nothing is better")
	}
}
