package gap

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"talentmatch/matcher"
	"talentmatch/talent"
)

// TestPoisson: mean and variance of the draws are the mean, and small means have the
// probabilities of the formula.
func TestPoisson(t *testing.T) {
	s := newStream()
	s.reset(1, drawDemand, "d1")
	for _, mean := range []float64{0, .3, 1, 7, 63.9, 64, 1000, 1e9} {
		var p poisson
		p.prepare(mean)
		const n = 40_000
		sum, squares, zero := 0.0, 0.0, 0.0
		for range n {
			v := p.draw(s)
			if v < 0 || v != math.Floor(v) {
				t.Fatalf("mean %v drew %v", mean, v)
			}
			sum += v
			squares += (v - mean) * (v - mean)
			if v == 0 {
				zero++
			}
		}
		if d := math.Abs(sum/n - mean); d > 4*math.Sqrt(mean/n) {
			t.Errorf("mean %v: drew %v", mean, sum/n)
		}
		if mean > 0 && math.Abs(squares/n/mean-1) > .05 {
			t.Errorf("mean %v: variance %v", mean, squares/n)
		}
		if p0 := math.Exp(-mean); mean < 10 && math.Abs(zero/n-p0) > .01 {
			t.Errorf("mean %v: %v of the draws are 0, want %v", mean, zero/n, p0)
		}
	}
}

// TestQuantiles: by hand, definition 7.
func TestQuantiles(t *testing.T) {
	values := []float64{1, 2, 3, 4, 10}
	for p, want := range map[float64]float64{0: 1, .1: 1.4, .5: 3, .9: 7.6, 1: 10} {
		if got := quantile(values, p); got != want {
			t.Errorf("%v: %v, want %v", p, got, want)
		}
	}
	if i := interval([]float64{2, -1, 0, 3}); i.Shortage != .5 {
		t.Errorf("%+v", i)
	}
}

// uniformMarket has n demands of so many heads each, and a program of so many graduates.
func uniformMarket(n, heads, graduates int) *matcher.Snapshot {
	var c matcher.Change
	for i := range n {
		c.PutDemands = append(c.PutDemands, matcher.Demand{ID: fmt.Sprintf("d%d", i), Open: true, Start: 2027 * 12, Headcount: heads, Needs: []matcher.Need{{Skill: 0, Level: 3, Weight: 1}}})
	}
	c.PutPrograms = []matcher.Program{{ID: "p", Education: 5, Held: []matcher.Held{{Skill: 0, Course: -1, Level: 3, Confidence: 100, Known: true, Value: 1}}, Cohorts: []matcher.CohortSize{{Year: 2027, Graduates: graduates}}}}
	return matcher.Empty(nil, matcher.NewAtlas(talent.NewGazetteer(nil), smallRegions)).With(c)
}

func countBySkill(t *testing.T, snap *matcher.Snapshot) *Report {
	t.Helper()
	reach, err := snap.Reach(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p := &Plan{By: []Property{Skill}, Reach: reach}
	p.Values[Skill] = &Values{Count: 6}
	r, err := Count(t.Context(), snap, p)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestBootstrapCovers: n demands of h heads, resampled and with Poisson heads, vary by
// n h^2 + n h, and g graduates by g; so the interval is known: (n h - g) +- z sqrt of the sum.
func TestBootstrapCovers(t *testing.T) {
	const n, h, g = 400, 6, 2300
	r := countBySkill(t, uniformMarket(n, h, g))
	u, err := r.Bootstrap(t.Context(), []int32{0}, 1000, 7)
	if err != nil {
		t.Fatal(err)
	}
	sd := math.Sqrt(n*h*h + n*h + g)
	for _, x := range []struct{ got, z float64 }{{u[0].Gap.Lo95, -1.96}, {u[0].Gap.Lo80, -1.2816}, {u[0].Gap.Hi80, 1.2816}, {u[0].Gap.Hi95, 1.96}} {
		if want := n*h - g + x.z*sd; math.Abs(x.got-want) > .2*sd {
			t.Errorf("%v, want about %v", x.got, want)
		}
	}
	if want := .5 * math.Erfc(-(n*h-g)/sd/math.Sqrt2); math.Abs(u[0].Gap.Shortage-want) > .05 {
		t.Errorf("shortage %v, want about %v", u[0].Gap.Shortage, want)
	}
	// One level is asked and held, and nobody leaves: all three are one.
	if *u[0].Gap != *u[0].GapAtLevel || *u[0].Gap != *u[0].EffectiveGap {
		t.Errorf("%+v", u[0])
	}
	other, err := r.Bootstrap(t.Context(), []int32{0}, 1000, 8)
	if err != nil || reflect.DeepEqual(u, other) {
		t.Errorf("another seed draws the same (%v)", err)
	}
	for _, n := range []int{0, MostReplicates + 1} {
		if _, err := r.Bootstrap(t.Context(), []int32{0}, n, 1); err == nil {
			t.Errorf("%d replicates are accepted", n)
		}
	}
}

// TestBootstrapIsOfTheRecords: neither the order of rows, nor which cells are asked for, nor
// records in other cells change an interval.
func TestBootstrapIsOfTheRecords(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 5))
		m := newSmallMarket(r)
		plan := m.plan(r)
		one, err := Count(t.Context(), m.snap, plan)
		if err != nil {
			t.Fatal(err)
		}
		slices.Reverse(m.programs)
		slices.Reverse(m.demands)
		again := *plan
		snap := matcher.Empty(m.snap.Space(), m.snap.Atlas())
		for i := range m.programs { // a segment each
			snap = snap.With(matcher.Change{PutPrograms: m.programs[i : i+1]})
		}
		snap = snap.With(matcher.Change{PutDemands: m.demands})
		if again.Reach, err = snap.Reach(t.Context()); err != nil {
			t.Fatal(err)
		}
		two, err := Count(t.Context(), snap, &again)
		if err != nil {
			t.Fatal(err)
		}
		a, b := one.First(ByGap, one.Cells(), compareKeys), two.First(ByGap, two.Cells(), compareKeys)
		ua, err := one.Bootstrap(t.Context(), a, 50, seed)
		if err != nil {
			t.Fatal(err)
		}
		ub, err := two.Bootstrap(t.Context(), b, 50, seed)
		if err != nil || !reflect.DeepEqual(ua, ub) {
			t.Fatalf("seed %d: the order of rows matters (%v)", seed, err)
		}
		if n := len(a); n > 1 {
			last, err := one.Bootstrap(t.Context(), a[n-1:], 50, seed)
			if err != nil || !reflect.DeepEqual(last[0], ua[n-1]) {
				t.Fatalf("seed %d: the other cells matter (%v)", seed, err)
			}
		}
	}
}

// TestBootstrapFits: a program whose coverage is just the one that counts serves the
// occupation in about half of the replicates; one that is three deviations above, always.
func TestBootstrapFits(t *testing.T) {
	for coverage, want := range map[float64]float64{FitFrom: .5, FitFrom + 3*FitSpread: 0, FitFrom - FitSpread: .84} {
		snap := uniformMarket(0, 0, 0).With(matcher.Change{PutPrograms: []matcher.Program{{ID: "p", Cohorts: []matcher.CohortSize{{Year: 2027, Graduates: 1000}}}},
			PutDemands: []matcher.Demand{{ID: "d", Open: true, Start: 2027 * 12, Headcount: 500, Attrs: [matcher.NumAttrs]int32{0, 0, 1}}}})
		reach, err := snap.Reach(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		p := &Plan{By: []Property{Occupation}, Reach: reach, Fits: func(string) []Fit { return []Fit{{1, coverage}} }}
		p.Values[Occupation] = &Values{Count: 3}
		r, err := Count(t.Context(), snap, p)
		if err != nil {
			t.Fatal(err)
		}
		cell := r.cells.find(Key{1}.packed())
		u, err := r.Bootstrap(t.Context(), []int32{cell}, 1000, 3)
		if err != nil {
			t.Fatal(err)
		}
		// Demand is 0, 500, 1000, ...: e^-1 of the replicates ask nobody. 1000 graduates fall short when it is drawn 3 times
		// or more, and in about half of the times that it is drawn twice.
		served := 1 - (math.Exp(-1) * (1 + 1 + .25))
		none := 1 - math.Exp(-1)
		if got, expected := u[0].Gap.Shortage, want*none+(1-want)*served; math.Abs(got-expected) > .06 {
			t.Errorf("coverage %v: short in %v, want about %v", coverage, got, expected)
		}
	}
}
