package bench

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"slices"
	"time"

	"talentmatch/matcher/forecast"
)

// A TestSeries is a series with what came after it.
type TestSeries struct {
	ID      string
	Group   string // of the table: period, or source
	Season  int
	Horizon int
	Train   []float64
	Test    []float64 // may be shorter than the horizon; empty when it is held back
	Origin  int       // values of the series that were cut off: series of other origins know what came
}

// ReadTestSeries reads series as JSON lines (id, period or source, season, horizon, train)
// and, where a second file is named, what came after (id, test). A group is kept when only
// is empty or names it.
func ReadTestSeries(series, actuals string, only []string) ([]TestSeries, error) {
	type line struct {
		ID, Period, Source string
		Season, Horizon    int
		Train, Test        []float64
	}
	var out []TestSeries
	err := eachLine(series, func(l *line) error {
		g := l.Period
		if g == "" {
			g = l.Source
		}
		if l.Horizon < 1 || len(l.Train) == 0 {
			return fmt.Errorf("series %q has no horizon or no train", l.ID)
		}
		if len(only) == 0 || slices.Contains(only, g) {
			out = append(out, TestSeries{ID: l.ID, Group: g, Season: max(1, l.Season), Horizon: l.Horizon, Train: l.Train})
		}
		return nil
	})
	if err != nil || actuals == "" {
		return out, err
	}
	at := map[string]int{}
	for i := range out {
		at[out[i].ID] = i
	}
	err = eachLine(actuals, func(l *line) error {
		if i, ok := at[l.ID]; ok {
			out[i].Test = l.Test
		}
		return nil
	})
	return out, err
}

func eachLine[T any](path string, do func(*T) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close() // only read
	r := bufio.NewReaderSize(f, 1<<20)
	for n := 1; ; n++ {
		text, err := r.ReadBytes('\n')
		if len(text) > 1 {
			var l T
			if err := json.Unmarshal(text, &l); err != nil {
				return fmt.Errorf("%s:%d: %w", path, n, err)
			}
			if err := do(&l); err != nil {
				return fmt.Errorf("%s:%d: %w", path, n, err)
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// Cut makes test series of the last values of each: the part before origin values from the
// end, and at most a horizon after it. Series that become too short are left out.
func Cut(series []TestSeries, origin func(s *TestSeries) int) []TestSeries {
	var out []TestSeries
	for _, s := range series {
		s.Origin = origin(&s)
		n := len(s.Train) - s.Origin
		if n < max(5, 2*s.Season) {
			continue
		}
		s.Train, s.Test = s.Train[:n], s.Train[n:min(n+s.Horizon, len(s.Train))]
		out = append(out, s)
	}
	return out
}

// ForecastScore is how one method did on one group, as the M competitions count.
type ForecastScore struct {
	Group     string  `json:"group"`
	Method    string  `json:"method"`
	Series    int     `json:"series"`
	SMAPE     float64 `json:"smape"`
	MASE      float64 `json:"mase"`
	OWA       float64 `json:"owa"`
	Cover80   float64 `json:"cover80,omitempty"` // percent of what came
	Cover95   float64 `json:"cover95,omitempty"`
	MSIS      float64 `json:"msis,omitempty"`       // of 95 %
	NaiveMSIS float64 `json:"naive_msis,omitempty"` // of seasonal naive forecasts with normal intervals
}

// ForecastRun is one measurement.
type ForecastRun struct {
	Scores  []ForecastScore `json:"scores"` // by group; ours first, then methods by OWA
	Series  int             `json:"series"`
	Seconds float64         `json:"seconds"`
	HeapMB  float64         `json:"heap_mb"` // the most in use at the collections during the run, in MiB
}

// MeasureForecasts forecasts all series, those of like season, horizon and origin together, and
// scores what came; alone forecasts each by itself.
func MeasureForecasts(ctx context.Context, series []TestSeries, workers int, alone bool) (*ForecastRun, error) {
	sums := map[string]*forecastSums{}
	var groups []string
	m := &ForecastRun{Series: len(series)}
	for _, part := range alike(series, alone) {
		o := forecast.Options{Horizon: part[0].Horizon, Seasons: []int{part[0].Season}, Workers: workers, Each: true}
		in := make([]forecast.Series, len(part))
		for i, s := range part {
			in[i] = forecast.Series{ID: s.ID, Values: s.Train}
		}
		start := time.Now()
		out, errs, err := forecast.Run(ctx, in, o)
		if err != nil {
			return nil, err
		}
		m.Seconds += time.Since(start).Seconds()
		var mem runtime.MemStats
		runtime.ReadMemStats(&mem)
		m.HeapMB = max(m.HeapMB, float64(mem.HeapInuse)/(1<<20))
		for i, s := range part {
			if errs[i] != nil {
				return nil, errs[i]
			}
			if len(s.Test) == 0 {
				continue
			}
			if sums[s.Group] == nil {
				sums[s.Group] = &forecastSums{by: map[string]*ForecastScore{}}
				groups = append(groups, s.Group)
			}
			sums[s.Group].add(&part[i], out[i])
		}
	}
	if len(groups) > 1 {
		all := &forecastSums{by: map[string]*ForecastScore{}}
		for _, g := range groups {
			all.merge(sums[g])
		}
		sums["all"] = all
		groups = append(groups, "all")
	}
	for _, g := range groups {
		m.Scores = append(m.Scores, sums[g].scores(g)...)
	}
	return m, nil
}

// alike are the series of like season, horizon and origin, or each alone.
func alike(series []TestSeries, alone bool) (parts [][]TestSeries) {
	at := map[[3]int]int{}
	for _, s := range series {
		key := [3]int{s.Season, s.Horizon, s.Origin}
		i, ok := at[key]
		if !ok || alone {
			i = len(parts)
			at[key] = i
			parts = append(parts, nil)
		}
		parts[i] = append(parts[i], s)
	}
	return parts
}

// forecastSums are sums over the series of a group by method.
type forecastSums struct {
	by     map[string]*ForecastScore
	values float64
}

func (f *forecastSums) add(s *TestSeries, o *forecast.Forecast) {
	h := len(s.Test)
	one := func(name string, mean []float64) *ForecastScore {
		c := f.by[name]
		if c == nil {
			c = &ForecastScore{Method: name}
			f.by[name] = c
		}
		c.Series++
		c.SMAPE += forecast.SMAPE(s.Test, mean)
		c.MASE += forecast.MASE(s.Train, s.Test, mean, s.Season)
		return c
	}
	naive2 := forecast.Naive2(s.Train, s.Season, s.Horizon)
	one("naive2", naive2)
	for name, mean := range o.Each {
		if mean == nil {
			mean = naive2
		}
		one(name, mean)
	}
	if ses, holt, damped := o.Each["ses"], o.Each["holt"], o.Each["damped"]; ses != nil && holt != nil && damped != nil {
		comb := make([]float64, len(ses))
		for t := range comb {
			comb[t] = (ses[t] + holt[t] + damped[t]) / 3
		}
		one("comb", comb)
	}
	c := one("talentmatch", o.Mean)
	for t, a := range s.Test {
		if o.Lo80[t] <= a && a <= o.Hi80[t] {
			c.Cover80++
		}
		if o.Lo95[t] <= a && a <= o.Hi95[t] {
			c.Cover95++
		}
	}
	f.values += float64(h)
	c.MSIS += forecast.MSIS(s.Train, s.Test, o.Lo95, o.Hi95, s.Season, 0.05)
	lo, hi := naiveInterval(s)
	c.NaiveMSIS += forecast.MSIS(s.Train, s.Test, lo, hi, s.Season, 0.05)
}

// naiveInterval is the seasonal naive forecast with the normal interval of 95 % by the root
// mean squared seasonal difference, times the square root of the periods ahead, as the
// benchmark of the M4 competition took it.
func naiveInterval(s *TestSeries) (lo, hi []float64) {
	n, p := len(s.Train), s.Season
	if n <= p {
		p = 1
	}
	sum := 0.0
	for t := p; t < n; t++ {
		d := s.Train[t] - s.Train[t-p]
		sum += d * d
	}
	sigma := math.Sqrt(sum / float64(n-p))
	for h := range s.Horizon {
		f := s.Train[n-p+h%p]
		w := 1.959964 * sigma * math.Sqrt(float64(h/p+1))
		lo, hi = append(lo, f-w), append(hi, f+w)
	}
	return lo, hi
}

func (f *forecastSums) merge(o *forecastSums) {
	f.values += o.values
	for name, c := range o.by {
		d := f.by[name]
		if d == nil {
			d = &ForecastScore{Method: name}
			f.by[name] = d
		}
		d.Series += c.Series
		d.SMAPE += c.SMAPE
		d.MASE += c.MASE
		d.Cover80 += c.Cover80
		d.Cover95 += c.Cover95
		d.MSIS += c.MSIS
		d.NaiveMSIS += c.NaiveMSIS
	}
}

// scores are means over series, and ratios of means.
func (f *forecastSums) scores(group string) []ForecastScore {
	naive := *f.by["naive2"]
	var out []ForecastScore
	for _, c := range f.by {
		s := *c
		n := float64(s.Series)
		s.Group = group
		s.OWA = (s.SMAPE/naive.SMAPE + s.MASE/naive.MASE) / 2
		s.SMAPE, s.MASE, s.MSIS, s.NaiveMSIS = s.SMAPE/n, s.MASE/n, s.MSIS/n, s.NaiveMSIS/n
		s.Cover80, s.Cover95 = 100*s.Cover80/f.values, 100*s.Cover95/f.values
		out = append(out, s)
	}
	first := func(s ForecastScore) int {
		if s.Method == "talentmatch" {
			return 0
		}
		return 1
	}
	slices.SortFunc(out, func(a, b ForecastScore) int {
		return cmp.Or(cmp.Compare(first(a), first(b)), cmp.Compare(a.OWA, b.OWA), cmp.Compare(a.Method, b.Method))
	})
	return out
}
