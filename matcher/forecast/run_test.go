package forecast

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
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
	if f.Lo95[7] != 0 || f.Mean[7] < 0 {
		t.Errorf("a series without negative values is forecast %v, %v", f.Mean, f.Lo95)
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
	if f.Filled != 2 {
		t.Errorf("%d gaps filled, there are 2 inside", f.Filled)
	}
	whole := run(t, Options{Horizon: 2}, []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10})[0]
	if !reflect.DeepEqual(f.Mean, whole.Mean) {
		t.Errorf("%v with gaps on a line, %v without", f.Mean, whole.Mean)
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
	for i, want := range []string{`series "一" has 1 values; at least 3`, "has 0 values", "value 3 is +Inf", "has 10000 values; at most 9999", "has 2 values", "", "value 3 is 1e+200"} {
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
	if !reflect.DeepEqual(one, many) {
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
	if f.Backtest == nil || f.Backtest.Values < 8 || !(f.Backtest.MASE > 0) || !(f.Backtest.OWA > 0) {
		t.Errorf("backtest %+v", f.Backtest)
	}
	sum := 0.0
	for i, w := range f.Weights {
		sum += w.Weight
		if i > 0 && w.Weight > f.Weights[i-1].Weight {
			t.Error("weights are not in order")
		}
	}
	if sum < 0.9 || sum > 1+1e-9 {
		t.Errorf("weights add up to %v", sum)
	}
}

func TestBreaksAreFound(t *testing.T) {
	found, false_ := 0, 0
	for seed := range uint64(100) {
		rng := rand.New(rand.NewPCG(seed, 6))
		steady, broken := make([]float64, 80), make([]float64, 80)
		level := 0.0
		for i := range steady {
			level = 0.5*level + rng.NormFloat64()
			steady[i] = 100 + level
			broken[i] = steady[i]
			if i >= 50 {
				broken[i] += 8
			}
		}
		if findBreak(steady) != nil {
			false_++
		}
		if b := findBreak(broken); b != nil && b.At >= 48 && b.At <= 52 {
			found++
		}
	}
	if found < 90 || false_ > 6 {
		t.Errorf("found %d of 100 breaks where they are, and %d where there are none", found, false_)
	}
	if findBreak(make([]float64, 50)) != nil || findBreak([]float64{1, 2, 3}) != nil {
		t.Error("a constant and three values have no break")
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
