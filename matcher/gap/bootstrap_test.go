package gap

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
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

// TestPostings: of w exponential of mean 1 (its square has mean 2) and N = 1 + Poisson(h - 1), w N
// has mean h and variance 2 (h^2 + h - 1) - h^2 = h^2 + 2h - 2, and is whole parts of 1/1024 above 0. No heads are none.
func TestPostings(t *testing.T) {
	const n = 1000
	d := newDraws(n)
	for _, h := range []float64{1, 3, 60, 500} {
		sum, squares := 0.0, 0.0
		for id := range 200 {
			d.postings(5, &matcher.Demand{ID: fmt.Sprint(id), Headcount: int(h)})
			for _, v := range d.amounts {
				if v < grain || v != grain*math.Floor(v/grain) {
					t.Fatalf("%v heads drew %v", h, v)
				}
				sum += v
				squares += (v - h) * (v - h)
			}
		}
		variance := h*h + 2*h - 2
		if off := math.Abs(sum/(200*n) - h); off > 4*math.Sqrt(variance/(200*n)) {
			t.Errorf("%v heads: mean %v", h, sum/(200*n))
		}
		if got := squares / (200 * n); math.Abs(got/variance-1) > .05 {
			t.Errorf("%v heads: variance %v, want %v", h, got, variance)
		}
	}
	d.postings(5, &matcher.Demand{ID: "d"})
	if slices.Max(d.amounts) != 0 {
		t.Errorf("no heads drew %v", slices.Max(d.amounts))
	}
}

// TestBootstrapShortage: one posting of one head asks w heads. Where there is no supply it is short in
// every replicate; against Poisson of g graduates in exp(-g (1 - 1/e)) of them, the mean of exp(-G).
func TestBootstrapShortage(t *testing.T) {
	for g, want := range map[int]float64{0: 1, 2: math.Exp(-2 * (1 - math.Exp(-1)))} {
		for seed := range uint64(3) {
			r := countBySkill(t, uniformMarket(1, 1, g))
			u, err := r.Bootstrap(t.Context(), []int32{0}, 1000, seed)
			if err != nil {
				t.Fatal(err)
			}
			if got := u[0].Gap.Shortage; math.Abs(got-want) > .05 || g == 0 && got != 1 {
				t.Errorf("%d graduates, seed %d: short in %v, want about %v", g, seed, got, want)
			}
		}
	}
}

// TestBootstrapCovers: n demands of h heads vary by n (h^2 + 2h - 2), and g graduates by g; so the
// interval is known: (n h - g) +- z sqrt of the sum.
func TestBootstrapCovers(t *testing.T) {
	const n, h, g = 400, 6, 2300
	r := countBySkill(t, uniformMarket(n, h, g))
	u, err := r.Bootstrap(t.Context(), []int32{0}, 1000, 7)
	if err != nil {
		t.Fatal(err)
	}
	sd := math.Sqrt(n*(h*h+2*h-2) + g)
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

// TestBootstrapIsOfTheRecords: neither the order of rows, nor threads, nor which cells are asked for, nor
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
		threads := runtime.GOMAXPROCS(1 + int(seed%3))
		ub, err := two.Bootstrap(t.Context(), b, 50, seed)
		runtime.GOMAXPROCS(threads)
		if err != nil || !reflect.DeepEqual(ua, ub) {
			t.Fatalf("seed %d: the order of rows or the number of threads matters (%v)", seed, err)
		}
		if n := len(a); n > 1 {
			last, err := one.Bootstrap(t.Context(), a[n-1:], 50, seed)
			if err != nil || !reflect.DeepEqual(last[0], ua[n-1]) {
				t.Fatalf("seed %d: the other cells matter (%v)", seed, err)
			}
			each, err := one.bootstrap(t.Context(), a, 50, seed, 0) // a cell at a time
			if err != nil || !reflect.DeepEqual(each, ua) {
				t.Fatalf("seed %d: the room for cells matters (%v)", seed, err)
			}
		}
	}
}

// fitted counts by occupation: one posting of so many heads for occupation 1, and programs by their coverage of it.
func fitted(t *testing.T, heads int, programs map[string]float64, graduates func(id string) int) *Report {
	t.Helper()
	c := matcher.Change{PutDemands: []matcher.Demand{{ID: "d", Open: true, Start: 2027 * 12, Headcount: heads, Attrs: [matcher.NumAttrs]int32{0, 0, 1}}}}
	for id := range programs {
		c.PutPrograms = append(c.PutPrograms, matcher.Program{ID: id, Cohorts: []matcher.CohortSize{{Year: 2027, Graduates: graduates(id)}}})
	}
	snap := matcher.Empty(nil, matcher.NewAtlas(talent.NewGazetteer(nil), smallRegions)).With(c)
	reach, err := snap.Reach(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p := &Plan{By: []Property{Occupation}, Reach: reach, Fits: func(id string) []Fit { return []Fit{{1, programs[id]}} }, OccupationID: func(value int32) string { return fmt.Sprint(value) }}
	p.Values[Occupation] = &Values{Count: 3}
	r, err := Count(t.Context(), snap, p)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestBootstrapFits: a program whose coverage is just the one that counts serves the
// occupation in about half of the replicates; one that is three deviations above, always. 500 w
// heads are more than about 1000 graduates in exp(-2) of the replicates, and more than none in all.
func TestBootstrapFits(t *testing.T) {
	for coverage, serves := range map[float64]float64{FitFrom: .5, FitFrom + 3*FitSpread: 1, FitFrom - FitSpread: .16} {
		r := fitted(t, 500, map[string]float64{"p": coverage}, func(string) int { return 1000 })
		u, err := r.Bootstrap(t.Context(), []int32{r.cells.find(Key{1}.packed())}, 1000, 3)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := u[0].Gap.Shortage, 1-serves+serves*math.Exp(-2); math.Abs(got-want) > .05 {
			t.Errorf("coverage %v: short in %v, want about %v", coverage, got, want)
		}
	}
}

// TestBootstrapFitsTogether: 300 graduates are a deviation above the coverage that counts, 30 programs of 10 one below.
// An occupation's error is that of all: 0, 300 or 600 graduates with .16, .68 and .16, and a head is short
// in about .16. Errors of each program's own would have some of the 30 there nearly always.
func TestBootstrapFitsTogether(t *testing.T) {
	programs := map[string]float64{"p": FitFrom + FitSpread}
	for i := range 30 {
		programs[fmt.Sprintf("q%d", i)] = FitFrom - FitSpread
	}
	r := fitted(t, 1, programs, func(id string) int {
		if id == "p" {
			return 300
		}
		return 10
	})
	cell := r.cells.find(Key{1}.packed())
	u, err := r.Bootstrap(t.Context(), []int32{cell}, 1000, 3)
	if err != nil {
		t.Fatal(err)
	}
	g := u[0].Gap
	if estimate := *r.Figures(cell).Gap; estimate != -299 || math.Abs(g.Shortage-.16) > .04 || math.Abs(g.Lo95+600) > 60 || g.Hi95 < 0 || g.Lo80 > estimate || g.Hi80 < estimate {
		t.Errorf("gap %v, %+v", estimate, g)
	}
}
