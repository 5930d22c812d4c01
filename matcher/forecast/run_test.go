package forecast

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

func run(t *testing.T, o Options, values ...[]float64) []*Forecast {
	t.Helper()
	var in []Series
	for i, v := range values {
		in = append(in, Series{ID: fmt.Sprint("s", i), Values: v})
	}
	out, errs, err := Run(context.Background(), in, o)
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range out {
		if errs[i] != nil {
			t.Fatal(errs[i])
		}
		for h := range o.Horizon {
			v := []float64{f.Lo95[h], f.Lo80[h], f.Mean[h], f.Hi80[h], f.Hi95[h]}
			if !allFinite(v) {
				t.Fatalf("series %d step %d: %v", i, h, v)
			}
			for k := 1; k < len(v); k++ {
				if v[k] < v[k-1]-1e-9*math.Abs(v[k]) {
					t.Fatalf("series %d step %d: bounds cross: %v", i, h, v)
				}
			}
		}
	}
	return out
}

func TestOddSeries(t *testing.T) {
	line, alternating, huge, tiny, outlier := make([]float64, 30), make([]float64, 30), make([]float64, 30), make([]float64, 30), make([]float64, 30)
	rng := rand.New(rand.NewPCG(2, 2))
	for i := range line {
		line[i] = float64(i)
		alternating[i] = float64(1 - 2*(i%2))
		huge[i] = 1e90 * (1 + rng.Float64())
		tiny[i] = 1e-90 * (1 + rng.Float64())
		outlier[i] = rng.Float64()
	}
	outlier[17] = 1e9
	for _, seasons := range [][]int{nil, {1}, {4}, {12}, {2, 3}, {5, 10, 20}} {
		for _, h := range []int{1, 7, 40} {
			o := Options{Horizon: h, Seasons: seasons}
			for _, y := range [][]float64{{1, 2, 3}, {0, 0, 0}, {5, 5, 5, 5, 5, 5, 5, 5, 5}, {0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0}, {-1, -1, 3, -7}, line, alternating, huge, tiny, outlier} {
				f := run(t, o, y)[0] // alone
				if y[0] == 5 && (f.Mean[0] != 5 || f.Hi95[0]-f.Lo95[0] > 1e-6) {
					t.Errorf("a constant 5 is forecast %v..%v", f.Lo95[0], f.Hi95[0])
				}
				if y[0] == 0 && len(y) == 3 && (f.Mean[0] != 0 || f.Hi95[0] != 0) {
					t.Errorf("zeros are forecast %v..%v", f.Mean[0], f.Hi95[0])
				}
			}
			run(t, o, []float64{1, 2, 3}, line, alternating, huge, tiny, outlier) // together
		}
	}
	f := run(t, Options{Horizon: 3}, line)[0]
	near(t, "a line goes on", f.Mean[2], 32, 0.5)
}

func TestBoundsAndCounts(t *testing.T) {
	falling := []float64{9, 8, 7, 6, 5, 4, 3, 2, 1, 0.5}
	f := run(t, Options{Horizon: 8}, falling)[0]
	if f.Lo95[7] != 0 || f.Mean[7] < 0 || !(f.Hi80[7] > f.Mean[7]+0.1) {
		t.Errorf("a series without negative values is forecast %v, %v, %v", f.Mean, f.Lo95, f.Hi80)
	}
	below := append([]float64{-1}, falling...)
	if f = run(t, Options{Horizon: 8}, below)[0]; f.Lo95[7] >= 0 {
		t.Errorf("a series with a negative value was cut off at 0: %v", f.Lo95)
	}
	f = run(t, Options{Horizon: 8, Counts: true}, []float64{3, 0, 2, 5, 1, 4, 2, 3, 2})[0]
	for h := range f.Mean {
		for _, v := range []float64{f.Mean[h], f.Lo80[h], f.Hi80[h], f.Lo95[h], f.Hi95[h]} {
			if v != math.Trunc(v) || v < 0 {
				t.Errorf("count %v", v)
			}
		}
	}
}

func TestGapsAreFilled(t *testing.T) {
	nan := math.NaN()
	f := run(t, Options{Horizon: 2}, []float64{nan, 1, 2, nan, nan, 5, 6, 7, 8, 9, 10, nan})[0]
	if f.Filled != 2 || !math.IsNaN(f.OneStep[3]) {
		t.Errorf("%d gaps filled, there are 2 inside", f.Filled)
	}
	whole := run(t, Options{Horizon: 2}, []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10})[0]
	for h := range f.Mean {
		near(t, "with gaps on a line", f.Mean[h], whole.Mean[h], 0.02)
	}
}

func TestBadSeriesAreNamed(t *testing.T) {
	in := []Series{
		{ID: "一", Values: []float64{1}}, {ID: "none"}, {ID: "inf", Values: []float64{1, 2, math.Inf(1), 4}},
		{ID: "long", Values: make([]float64, 10000)}, {ID: "nan", Values: []float64{math.NaN(), math.NaN(), 1, 2}},
		{ID: "good", Values: []float64{1, 2, 3, 4}}, {ID: "vast", Values: []float64{1, 2, 1e200}},
	}
	out, errs, err := Run(context.Background(), in, Options{Horizon: 2})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{`series "一" has 1 value; at least 3`, "has 0 values", "value 3 is +Inf", "has 10000 values; at most 9999", "has 2 values", "", "value 3 is 1e+200"} {
		if want == "" {
			if errs[i] != nil || out[i] == nil {
				t.Errorf("%s: %v", in[i].ID, errs[i])
			}
			continue
		}
		if errs[i] == nil || out[i] != nil || !strings.Contains(errs[i].Error(), want) {
			t.Errorf("%s: %v, want %q", in[i].ID, errs[i], want)
		}
	}
	for _, o := range []Options{{}, {Horizon: 1001}, {Horizon: 1, Seasons: []int{0}}, {Horizon: 1, Seasons: []int{12, 12}}, {Horizon: 1, Seasons: []int{2000}}} {
		if _, _, err := Run(context.Background(), nil, o); err == nil {
			t.Errorf("%+v was taken", o)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := Run(ctx, in[5:6], Options{Horizon: 1}); err == nil {
		t.Error("went on when it was cancelled")
	}
}

// stripPointers takes addresses out of what %+v prints.
func stripPointers(s string) string { return pointers.ReplaceAllString(s, "") }

var pointers = regexp.MustCompile("0x[0-9a-f]+")

// made are made-up series of several kinds.
func made(n, count int, seed uint64) (out [][]float64) {
	rng := rand.New(rand.NewPCG(seed, 11))
	for i := range count {
		y, level, slope := make([]float64, n), 100.0, rng.NormFloat64()
		for t := range y {
			level += 0.3*slope + 2*rng.NormFloat64()
			y[t] = level + 5*math.Sin(2*math.Pi*float64(t)/12)*float64(i%2) + rng.NormFloat64()
		}
		out = append(out, y)
	}
	return out
}

func TestThreadsDoNotMatter(t *testing.T) {
	series := made(50, 12, 1)
	one := run(t, Options{Horizon: 6, Seasons: []int{12}, Workers: 1, Each: true}, series...)
	many := run(t, Options{Horizon: 6, Seasons: []int{12}, Workers: 7, Each: true}, series...)
	show := func(f []*Forecast) (out string) { // NaN is not equal to itself
		for _, x := range f {
			out += fmt.Sprintf("%+v\n", *x)
		}
		return out
	}
	if a, b := show(one), show(many); a == "" || stripPointers(a) != stripPointers(b) {
		t.Error("another answer with more threads")
	}
}

// Intervals cover what they say on series that go on as they were.
func TestIntervalsCover(t *testing.T) {
	const h = 8
	series := made(60+h, 150, 3)
	var train [][]float64
	for _, y := range series {
		train = append(train, y[:60])
	}
	out := run(t, Options{Horizon: h, Seasons: []int{12}}, train...)
	in80, in95, all := 0, 0, 0
	for i, f := range out {
		for k := range h {
			a := series[i][60+k]
			all++
			if f.Lo80[k] <= a && a <= f.Hi80[k] {
				in80++
			}
			if f.Lo95[k] <= a && a <= f.Hi95[k] {
				in95++
			}
		}
	}
	c80, c95 := 100*float64(in80)/float64(all), 100*float64(in95)/float64(all)
	if c80 < 75 || c80 > 86 || c95 < 92 || c95 > 98 {
		t.Errorf("intervals of 80 and 95 %% cover %.1f and %.1f %%", c80, c95)
	}
}

func TestBacktestAndWeightsAreTold(t *testing.T) {
	f := run(t, Options{Horizon: 4, Seasons: []int{12}}, made(48, 3, 4)...)[1]
	if f.Backtest == nil || f.Backtest.Values < 8 || f.Backtest.MASE == nil || !(*f.Backtest.MASE > 0) || f.Backtest.OWA == nil {
		t.Errorf("backtest %+v", f.Backtest)
	}
	sum := 0.0
	for i, w := range f.Weights {
		sum += w.Weight
		if i > 0 && w.Weight > f.Weights[i-1].Weight {
			t.Error("weights are not in order")
		}
	}
	if sum < 0.97 || sum > 1+1e-9 {
		t.Errorf("weights add up to %v", sum)
	}
}

func TestBreaksAreFound(t *testing.T) {
	found := 0
	for seed := range uint64(100) {
		rng := rand.New(rand.NewPCG(seed, 6))
		broken, level := make([]float64, 80), 0.0
		for i := range broken {
			level = 0.3*level + rng.NormFloat64()
			broken[i] = 100 + level
			if i >= 50 {
				broken[i] += 8
			}
		}
		if b := findBreak(broken); b != nil && b.At >= 49 && b.At <= 51 {
			found++
		}
	}
	if found < 90 {
		t.Errorf("found %d of 100 breaks where they are", found)
	}
	if findBreak(make([]float64, 50)) != nil || findBreak([]float64{1, 2, 3}) != nil {
		t.Error("a constant and three values have no break")
	}
}

// 1 of 100 series without a break may seem to have one, whatever their memory.
func TestBreaksAreRare(t *testing.T) {
	for _, n := range []int{24, 40, 80, 160} {
		for _, phi := range []float64{0, 0.5, 0.9, 1} {
			flagged := 0
			for seed := range uint64(400) {
				rng := rand.New(rand.NewPCG(seed, 77))
				y, level := make([]float64, n), 0.0
				for i := range y {
					level = phi*level + rng.NormFloat64()
					y[i] = level
				}
				if findBreak(y) != nil {
					flagged++
				}
			}
			if flagged > 10 {
				t.Errorf("%d values of an autoregression of %v: %d of 400 have a break", n, phi, flagged)
			}
		}
	}
}

func BenchmarkRun100x60(b *testing.B) {
	var in []Series
	for i, y := range made(60, 100, 8) {
		in = append(in, Series{ID: fmt.Sprint(i), Values: y})
	}
	for b.Loop() {
		if _, _, err := Run(context.Background(), in, Options{Horizon: 12, Seasons: []int{12}}); err != nil {
			b.Fatal(err)
		}
	}
}

// A mixture of magnitudes, constants that jump and zeros must not spoil their neighbours.
func TestNeighboursDoNotSpoilIntervals(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	var alone, mixed [][]float64
	for range 40 {
		y := make([]float64, 30)
		for i := range y {
			y[i] = 100 + 10*rng.NormFloat64()
		}
		alone = append(alone, y)
	}
	mixed = append(mixed, alone...)
	for k := range 12 {
		jump, vast := make([]float64, 30), make([]float64, 30)
		for i := range jump {
			if i >= 16+k {
				jump[i] = 3
			}
			vast[i] = math.Pow(10, float64(98-6*i))
		}
		mixed = append(mixed, jump, vast)
	}
	for _, seasons := range [][]int{nil, {2, 4}} {
		o := Options{Horizon: 6, Seasons: seasons}
		a, b := run(t, o, alone...), run(t, o, mixed...)
		for i := range alone {
			for h := range 6 {
				was, is := a[i].Hi95[h]-a[i].Lo95[h], b[i].Hi95[h]-b[i].Lo95[h]
				if is > 1.6*was || is < 0.6*was {
					t.Fatalf("series %d step %d: %v wide alone, %v beside others", i, h, was, is)
				}
			}
		}
	}
}

// Very short series know little, and say so.
func TestShortIntervalsCover(t *testing.T) {
	for n := 3; n <= 8; n++ {
		in80, in95, all := 0.0, 0.0, 0.0
		for seed := range uint64(150) {
			rng := rand.New(rand.NewPCG(seed, uint64(n)))
			y := make([]float64, n+2)
			for i := range y {
				y[i] = 100 + 10*rng.NormFloat64()
			}
			f := run(t, Options{Horizon: 2}, y[:n])[0]
			for h := range 2 {
				all++
				if v := y[n+h]; f.Lo80[h] <= v && v <= f.Hi80[h] {
					in80++
				}
				if v := y[n+h]; f.Lo95[h] <= v && v <= f.Hi95[h] {
					in95++
				}
			}
		}
		if in80/all < 0.7 || in95/all < 0.88 {
			t.Errorf("%d values: intervals of 80 and 95 %% cover %.2f and %.2f", n, in80/all, in95/all)
		}
	}
}

func TestPoolSizes(t *testing.T) {
	for _, tt := range []struct{ n, h, want int }{{1, 6, 1}, {4096, 6, 4096}, {4097, 6, 2049}, {10000, 18, 3334}} {
		if got := poolSize(tt.n, tt.h); got != tt.want {
			t.Errorf("%d series, horizon %d: pools of %d, want %d", tt.n, tt.h, got, tt.want)
		}
	}
	if size := poolSize(4096, 1000); size*len(methods)*(origins+1)*1000 > poolNumbers {
		t.Errorf("pools of %d", size)
	}
}

// A record that begins with few postings and ends with many rises; five years of that rise are
// not to be believed, and what is not known widens with the steps.
func TestShortNoisyRampFlattens(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	y := make([]float64, 29)
	for i := range y {
		y[i] = math.Floor((20 + 10*float64(i)) * math.Exp(0.5*rng.NormFloat64()))
	}
	f := run(t, Options{Horizon: 62, Seasons: []int{12}, Counts: true}, y)[0]
	year := func(from int) (sum float64) {
		for _, v := range f.Mean[from : from+12] {
			sum += v
		}
		return sum
	}
	if first, last := year(0), year(50); last > 1.5*first || last < 0.5*first {
		t.Errorf("a year to come has %v, the fifth %v", first, last)
	}
	if near, far := f.Hi80[11]-f.Lo80[11], f.Hi80[59]-f.Lo80[59]; far < 1.5*near {
		t.Errorf("intervals of one year %v, of five %v", near, far)
	}
	// Without noise the trend is what there is, but for the methods that damp every trend.
	for i := range y {
		y[i] = 20 + 10*float64(i)
	}
	f = run(t, Options{Horizon: 62, Seasons: []int{12}}, y)[0]
	if got := f.Mean[61]; math.Abs(got-920) > 80 {
		t.Errorf("a line goes on to %v", got)
	}
}
