package stockflow

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestParseBand(t *testing.T) {
	for label, want := range map[string]string{
		"15-24": "15-24", "25–34": "25-34", " 35 - 44 ": "35-44", "45-54岁": "45-54", "55至64周岁": "55-64", "25 to 34 years": "25-34", "25～34歲": "25-34", "aged 25-34": "25-34", "y25-34": "25-34",
		"65+": "65+", "65岁及以上": "65+", "65岁以上": "65+", "65 and over": "65+", "65 years and older": "65+",
		"<25": "15-24", "under 25": "15-24", "不足25岁": "15-24", "24岁及以下": "15-24", "24-": "15-24", "30-30": "30-30",
	} {
		if b, err := ParseBand(label); err != nil || b.String() != want {
			t.Errorf("%q: %v (%v), want %s", label, b, err, want)
		}
	}
	for _, label := range []string{"", "all", "25", "34-25", "25-34-44", "-5-10", "+", "<", "<10", "200+", "25-999", "15.5-20", "二十五", "--", "+5-7"} {
		if b, err := ParseBand(label); err == nil || !strings.Contains(err.Error(), "age group") {
			t.Errorf("%q is read as %v (%v)", label, b, err)
		}
	}
}

func bands(t *testing.T, labels ...string) (out []Band) {
	t.Helper()
	for _, l := range labels {
		b, err := ParseBand(l)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, b)
	}
	return out
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*(1+math.Abs(b)) }

// TestByHand: two bands of ten years and one without end, as anyone can add them up.
//
// Year 1: 100, 100, 20. A year on without moves: 90, 10+90 = 100, 10+20 = 30.
// Year 2: 104, 95, 24. Left: 90-104 = -14, 100-95 = 5, 30-24 = 6.
// A year on: 93.6, 10.4+85.5 = 95.9, 9.5+24 = 33.5.
// Year 3: 106.6, 93.9, 26.5. Left: -13, 2, 7.
// Rates: 0, 7/195.9, 13/63.5. All of 27 who enter are young.
func TestByHand(t *testing.T) {
	h := History{bands(t, "15-24", "25-34", "35+"), [][]float64{{100, 104, 106.6}, {100, 95, 93.9}, {20, 24, 26.5}}}
	r, err := h.Rates(DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	if r.Years != 2 || r.Exit[0] != 0 || !near(r.Exit[1], 7/195.9) || !near(r.Exit[2], 13/63.5) || r.Enter[0] != 1 || r.Enter[1] != 0 {
		t.Fatalf("%+v", r)
	}
	// Yearly rates of the second band: .05 and 2/95.9; their standard deviation is half the
	// difference times the root of two.
	if want := (0.05 - 2/95.9) / math.Sqrt2; !near(r.Std[1], want) {
		t.Errorf("spread %g, want %g", r.Std[1], want)
	}
	years, err := h.Project(r, Total{Mean: []float64{230, 225}, Std: []float64{3, 5}})
	if err != nil {
		t.Fatal(err)
	}
	// 227 people age into 95.94, 10.66+84.51 = 95.17, 9.39+26.5 = 35.89.
	two, three := 95.17*7/195.9, 35.89*13/63.5
	y := years[0]
	// Of a normal of 3 and 3, 3 Φ(1) + 3 φ(1), from tables of ten places.
	if grow := 3*0.8413447461 + 3*0.2419707245; math.Abs(y.Openings-grow-two-three) > 1e-8 {
		t.Errorf("%g openings, want %g", y.Openings, grow+two+three)
	}
	if !near(y.Expansion, 3) || !near(y.ByBand[1], two) || !near(y.ByBand[2], three) || !near(y.Replacement, two+three) || y.ExpansionStd != 3 {
		t.Errorf("%+v, want replacement %g", y, two+three)
	}
	if !near(y.Stock[0], 95.94+3+two+three) || !near(sum(y.Stock), 230) {
		t.Errorf("stock %v", y.Stock)
	}
	// The second year shrinks by 5, give or take 4: -5 Φ(-1.25) + 4 φ(1.25) are to be expected, and
	// fewer are hired than leave.
	y = years[1]
	if grow := -5*0.1056497737 + 4*0.1826490854; !near(y.Expansion, -5) || math.Abs(y.Openings-grow-y.Replacement) > 1e-8 || !near(y.Hires, y.Replacement-5) || y.ExpansionStd != 4 || !near(sum(y.Stock), 225) {
		t.Errorf("%+v", y)
	}
}

// TestSteadyState: where nothing changes, as many are replaced as reach the end, one in
// forty of 400 at work from 25 to 64.
func TestSteadyState(t *testing.T) {
	h := History{bands(t, "25-34", "35-44", "45-54", "55-64"), [][]float64{{100, 100, 100}, {100, 100, 100}, {100, 100, 100}, {100, 100, 100}}}
	r, err := h.Rates(DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	years, err := h.Project(r, Total{Mean: []float64{400, 400, 400}})
	if err != nil {
		t.Fatal(err)
	}
	for _, y := range years {
		if !near(y.Replacement, 10) || !near(y.Openings, 10) || y.Expansion != 0 {
			t.Errorf("%+v, want 10 openings", y)
		}
		if lo, hi := y.Interval(1.96); lo != y.Openings || hi != y.Openings {
			t.Errorf("%g..%g of a stock that never changed", lo, hi)
		}
	}
}

func TestInterval(t *testing.T) {
	y := Year{Expansion: 10, Replacement: 20, Openings: 30, ExpansionStd: 10, ReplacementStd: 3}
	// Down: expansion can fall by 10 of 2 x 10; replacement by 6. Up: 20 and 6.
	if lo, hi := y.Interval(2); !near(lo, 30-math.Hypot(10, 6)) || !near(hi, 30+math.Hypot(20, 6)) {
		t.Errorf("%g..%g", lo, hi)
	}
	// A fall of 5 that may as well be a rise of 15: nothing to lose, 15 to gain.
	y = Year{Expansion: -5, Replacement: 20, Openings: 20, ExpansionStd: 10}
	if lo, hi := y.Interval(2); lo != 20 || hi != 35 {
		t.Errorf("%g..%g", lo, hi)
	}
	// A fall of 30 that is nearly certain: what little is to be expected of it is inside, and the end.
	y = Year{Expansion: -30, Replacement: 20, Openings: 20.004, ExpansionStd: 10}
	if lo, hi := y.Interval(2); lo != 20 || hi != 20.004 {
		t.Errorf("%g..%g", lo, hi)
	}
}

func TestEdges(t *testing.T) {
	project := func(h History, o Options, total ...float64) []Year {
		t.Helper()
		r, err := h.Rates(o)
		if err != nil {
			t.Fatal(err)
		}
		years, err := h.Project(r, Total{Mean: total})
		if err != nil {
			t.Fatal(err)
		}
		return years
	}
	// One band without end that loses a tenth a year: 90 of 100, 81 of 90; 19/190.
	if y := project(History{bands(t, "15+"), [][]float64{{100, 90, 81}}}, DefaultOptions(), 81)[0]; !near(y.Replacement, 8.1) || !near(y.Stock[0], 81) {
		t.Errorf("one open band: %+v", y)
	}
	// One band with an end: a fiftieth grows out of it; nobody leaves beside.
	if y := project(History{bands(t, "15-64"), [][]float64{{100, 100, 100}}}, DefaultOptions(), 100)[0]; !near(y.Replacement, 2) {
		t.Errorf("one closed band: %+v", y)
	}
	// Nobody at all, and all of them gone.
	if y := project(History{bands(t, "15-24", "25+"), [][]float64{{0, 0, 0}, {0, 0, 0}}}, DefaultOptions(), 10)[0]; y.Replacement != 0 || y.Openings != 10 || !near(sum(y.Stock), 10) {
		t.Errorf("zeros: %+v", y)
	}
	if y := project(History{bands(t, "15-24", "25+"), [][]float64{{10, 10, 10}, {5, 5, 5}}}, DefaultOptions(), 0)[0]; y.Openings != y.Replacement || sum(y.Stock) != 0 || y.Hires != 0 {
		t.Errorf("closing down: %+v", y)
	}
	// Growth in every band is no negative replacement.
	if y := project(History{bands(t, "15-24", "25-34", "35+"), [][]float64{{10, 20, 40}, {10, 30, 90}, {10, 40, 160}}}, DefaultOptions(), 300)[0]; y.Replacement != 0 {
		t.Errorf("growth: %+v", y)
	}
	// Two people of whom one went say little: 1 + 50 x .1 of 2 + 50 person-years and so on.
	h := History{bands(t, "15+"), [][]float64{{1, 1, 0}}}
	if y := project(h, Options{Prior: []float64{.1}, Weight: 50}, 10)[0]; y.Replacement != 0 {
		t.Errorf("nobody is left to leave: %+v", y)
	}
	if r, err := h.Rates(Options{Prior: []float64{.1}, Weight: 50}); err != nil || !near(r.Exit[0], 6./52) {
		t.Errorf("%+v (%v), want 6/52", r, err)
	}
	if p := Pool([]*History{{bands(t, "15+"), [][]float64{{100, 90, 81}}}, &h}); len(p) != 1 || !near(p[0], 20./192) {
		t.Errorf("pooled %v, want 20/192", p)
	}
	if p := Pool([]*History{&h, {bands(t, "20+"), [][]float64{{1, 1, 1}}}}); p != nil {
		t.Errorf("pooled different bands: %v", p)
	}
}

func TestBadHistories(t *testing.T) {
	three := []float64{1, 2, 3}
	for says, h := range map[string]History{
		"no age groups":                     {},
		"25-34 are missing":                 {bands(t, "15-24", "35+"), [][]float64{three, three}},
		"overlap or stand in the wrong":     {bands(t, "15-24", "20+"), [][]float64{three, three}},
		"15-24 overlap":                     {bands(t, "25+", "15-24"), [][]float64{three, three}},
		"2 age groups and 1 rows":           {bands(t, "15-24", "25+"), [][]float64{three}},
		"2 years of employment":             {bands(t, "15+"), [][]float64{{1, 2}}},
		"25+ has 2 years":                   {bands(t, "15-24", "25+"), [][]float64{three, {1, 2}}},
		"15+ in year 2 is -1":               {bands(t, "15+"), [][]float64{{1, -1, 2}}},
		"15+ in year 3 is NaN":              {bands(t, "15+"), [][]float64{{1, 1, math.NaN()}}},
		"employment of age group 15+ in ye": {bands(t, "15+"), [][]float64{{1, math.Inf(1), 2}}},
	} {
		if _, err := h.Rates(DefaultOptions()); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("want %q, got %v", says, err)
		}
	}
	h := History{bands(t, "15+"), [][]float64{three}}
	r, err := h.Rates(DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	for says, total := range map[string]Total{
		"2 years ahead is -1":    {Mean: []float64{1, -1}},
		"1 standard deviations":  {Mean: []float64{1, 1}, Std: []float64{1}},
		"deviation 1 years ahea": {Mean: []float64{1}, Std: []float64{math.NaN()}},
	} {
		if _, err := h.Project(r, total); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("want %q, got %v", says, err)
		}
	}
}

// TestReference holds the model against single years of age: a stock spread evenly within
// its bands, moved person by person, leaves as many behind.
func TestReference(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 6))
	for range 300 {
		h := randomHistory(rng)
		r, err := h.Rates(DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		total := Total{}
		for range 4 {
			total.Mean = append(total.Mean, rng.Float64()*1000)
		}
		years, err := h.Project(r, total)
		if err != nil {
			t.Fatal(err)
		}
		stock := h.at(len(h.Stock[0]) - 1)
		for _, y := range years {
			was := sum(stock)
			left := 0.0
			aged := slowly(h.Bands, stock, &left)
			for a := range aged {
				leavers := aged[a] * r.Exit[a]
				left += leavers
				aged[a] -= leavers
			}
			if !near(y.Replacement, left) || !near(y.Expansion, y.Total-was) || y.Replacement < 0 || !near(sum(y.ByBand), y.Replacement) {
				t.Fatalf("%+v of %v: %g left", y, h, left)
			}
			// Who is there afterwards is who stayed and who was hired, nobody else.
			if hired := y.Expansion + y.Replacement; hired >= 0 && !near(y.Hires, hired) || !near(sum(y.Stock), y.Total) && was-left > 0 {
				t.Fatalf("%+v does not add up", y)
			}
			stock = y.Stock
		}
	}
}

// slowly ages a stock by single years.
func slowly(bands []Band, stock []float64, out *float64) []float64 {
	next := make([]float64, len(stock))
	for a, b := range bands {
		if b.Open {
			next[a] += stock[a]
			continue
		}
		for y := b.From; y <= b.To; y++ {
			share := stock[a] / float64(b.To-b.From+1)
			switch {
			case y+1 <= b.To:
				next[a] += share
			case a+1 < len(bands):
				next[a+1] += share
			default:
				*out += share
			}
		}
	}
	return next
}

func randomHistory(rng *rand.Rand) History {
	var h History
	from := 15
	for n := 1 + rng.IntN(5); n > 0; n-- {
		b := Band{From: from, To: from + rng.IntN(12)}
		from = b.To + 1
		b.Open = n == 1 && rng.IntN(2) == 0
		if b.Open {
			b.To = 0
		}
		h.Bands = append(h.Bands, b)
	}
	years := 3 + rng.IntN(5)
	for range h.Bands {
		row := make([]float64, years)
		for t := range row {
			row[t] = float64(rng.IntN(200)) * float64(rng.IntN(4))
		}
		h.Stock = append(h.Stock, row)
	}
	return h
}

func FuzzParseBand(f *testing.F) {
	for _, s := range []string{"15-24", "65+", "<25", "65岁及以上", "-", "+", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, label string) {
		b, err := ParseBand(label)
		if err != nil {
			return
		}
		again, err := ParseBand(b.String())
		if err != nil || again != b || checkBands([]Band{b}) != nil {
			t.Errorf("%q is %v, which reads as %v (%v)", label, b, again, err)
		}
	})
}
