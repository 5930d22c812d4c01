package mismatch

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func moments(v ...float64) []moment {
	out := make([]moment, len(v))
	for i := range v {
		out[i] = moment{float64(2000 + i), v[i]}
	}
	return out
}

func TestSlopeByHand(t *testing.T) {
	// 1 3 2: slopes 2, -1, 1/2 with median 1/2; S = 1 + 1 - 1. All orders of three have
	// |S| >= 1.
	s := slope(moments(1, 3, 2))
	near(t, "slope", s.PerYear, .5, 0)
	near(t, "p", s.P, 1, 1e-12)
	if s.S != 1 || !s.Exact {
		t.Errorf("%+v", s)
	}
	// A rise of 2 a year with one wild value keeps its slope.
	near(t, "robust", slope(moments(0, 2, 4, 600, 8, 10, 12)).PerYear, 2, 1e-12)
	// Four rising: 2 of 24 orders; five: 2 of 120.
	near(t, "p", slope(moments(1, 2, 3, 4)).P, 1./12, 1e-12)
	near(t, "p", slope(moments(1, 2, 3, 4, 5)).P, 1./60, 1e-12)
	// Ties 1 1 2 2: S = 4, variance (4*3*13 - 2*(2*1*9))/18 = 120/18, z = 3/2.581989.
	s = slope(moments(1, 1, 2, 2))
	near(t, "tied", s.P, math.Erfc(3/math.Sqrt(120./18)/math.Sqrt2), 1e-12)
	if s.Exact || s.S != 4 {
		t.Errorf("%+v", s)
	}
	near(t, "constant", slope(moments(3, 3, 3)).P, 1, 0)
	if slope(moments(3)) != nil || slope(nil) != nil || slope(nil).Significant(.05) {
		t.Error("one value has a slope")
	}
}

// Kendall's table, one-sided: n = 5, S >= 8: .042; n = 8, S >= 16: .031; n = 10, S >= 21:
// .036 (Kendall 1975, table 1).
func TestKendallTable(t *testing.T) {
	for _, c := range []struct {
		n, s int
		p    float64
	}{{5, 8, .042}, {8, 16, .031}, {10, 21, .036}} {
		near(t, "p", counted(c.n, c.s)/2, c.p, 5e-4)
	}
}

// counted against all orders of up to seven values, and against the normal distribution.
func TestCounted(t *testing.T) {
	for n := 2; n <= 7; n++ {
		found := map[int]float64{}
		all := permute(n, func(v []int) {
			s := 0
			for i := range v {
				for j := i + 1; j < n; j++ {
					if v[j] > v[i] {
						s++
					} else {
						s--
					}
				}
			}
			found[abs(s)]++
		})
		for s := range found {
			var more float64
			for other, count := range found {
				if other >= s {
					more += count
				}
			}
			near(t, "p", counted(n, s), more/all, 1e-12)
		}
	}
	near(t, "normal", approximate(40, 150, 0), counted(40, 150), 2e-3)
}

func permute(n int, f func([]int)) (count float64) {
	v := make([]int, 0, n)
	var walk func()
	walk = func() {
		if len(v) == n {
			count++
			f(v)
		}
		for i := range n {
			if !slices.Contains(v, i) {
				v = append(v, i)
				walk()
				v = v[:len(v)-1]
			}
		}
	}
	walk()
	return count
}

func codes(s *Series) []Code {
	var out []Code
	for _, c := range s.Caveats {
		out = append(out, c.Code)
	}
	return out
}

func trend(t *testing.T, kind Kind, ps []Period) *Series {
	t.Helper()
	s, err := Trend(kind, ps, DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Every cell gains 200 a year on both sides: nobody is placed better, the index falls from
// .2 to 200/3000. Totals rise from 1000 to 3000, 400 a year, with median 2000.
func TestTrendOfTotals(t *testing.T) {
	var ps []Period
	for y := 5; y >= 0; y-- {
		g := float64(200 * y)
		ps = append(ps, Period{2020 + y, cells([]float64{600 + g, 400 + g}, []float64{400 + g, 600 + g})})
	}
	s := trend(t, Duncan, ps)
	near(t, "first", *s.Points[0].Index.Value, .2, 1e-12)
	near(t, "last", *s.Points[5].Index.Value, 200./3000, 1e-12)
	near(t, "demand", s.Demand.PerYear, 400, 1e-9)
	if s.Index.PerYear >= 0 || !s.Index.Significant(.05) {
		t.Errorf("%+v", s.Index)
	}
	if got := codes(s); !reflect.DeepEqual(got, []Code{DemandTrend, SupplyTrend}) {
		t.Errorf("caveats %v", got)
	}
	if !strings.Contains(s.Caveats[0].Text, "Total demand drifts by +100 % of its median from 2020 to 2025 (p = 0.0028)") {
		t.Error(s.Caveats[0].Text) // p = 2/720
	}
}

func TestCaveats(t *testing.T) {
	steady := func(n int) (ps []Period) {
		for y := range n {
			ps = append(ps, Period{2020 + y, cells([]float64{600, 400}, []float64{400, 600})})
		}
		return ps
	}
	if got := codes(trend(t, JensenShannon, steady(5))); got != nil {
		t.Errorf("a steady series: %v", got)
	}
	if got := codes(trend(t, Duncan, steady(3))); !reflect.DeepEqual(got, []Code{ShortSeries}) {
		t.Errorf("three years: %v", got)
	}
	ps := steady(6)
	ps[2].Cells = cells([]float64{600, -1, 400}, []float64{400, 3, 600})
	ps[4].Cells = cells([]float64{0, 0}, []float64{1, 2}) // no index
	s := trend(t, Duncan, ps)
	if got := codes(s); !reflect.DeepEqual(got, []Code{CellsChange}) || !reflect.DeepEqual(s.Caveats[0].Years, []int{2022}) {
		t.Errorf("other cells: %+v", s.Caveats)
	}
	if s.Points[4].Index.None != NoDemand || s.Points[4].Baseline != nil || s.Index.N != 5 {
		t.Errorf("a year without demand: %+v", s.Points[4])
	}
	ps = steady(5)
	ps[1].Cells = cells([]float64{3, 2}, []float64{2, 3})
	s = trend(t, Sahin, ps)
	if !slices.Contains(codes(s), SmallCells) {
		t.Errorf("ten heads: %+v", s.Caveats)
	}
	if s := trend(t, Duncan, nil); s.Index != nil || !reflect.DeepEqual(codes(s), []Code{ShortSeries}) {
		t.Errorf("no years: %+v", s)
	}
	for _, c := range []struct {
		ps   []Period
		says string
	}{
		{append(steady(1), steady(1)...), "year 2020 is given twice"},
		{[]Period{{2021, cells([]float64{-7}, []float64{1})}}, `year 2021: mismatch: demand of cell "c000" is -7`},
	} {
		if _, err := Trend(Duncan, c.ps, DefaultOptions()); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("error %v, want %q", err, c.says)
		}
	}
}

// The order of periods and cells changes nothing.
func TestTrendOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	var ps []Period
	for y := range 8 {
		ps = append(ps, Period{2000 + y, random(r, 6)})
	}
	for _, k := range Kinds() {
		a := trend(t, k, ps)
		mixed := slices.Clone(ps)
		r.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		if b := trend(t, k, mixed); !reflect.DeepEqual(a, b) {
			t.Errorf("%s depends on the order", k)
		}
	}
}
