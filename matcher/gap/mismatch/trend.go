package mismatch

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Period is one year's cells.
type Period struct {
	Year  int
	Cells []Cell
}

// Point is the index of one year.
type Point struct {
	Year     int
	Index    *Index
	Baseline *Baseline // of Duncan's index over the same cells; nil when there is none
}

// Code names a caveat for programs.
type Code string

const (
	ShortSeries Code = "short_series" // fewer than five years have an index
	DemandTrend Code = "demand_trend" // total demand trends
	SupplyTrend Code = "supply_trend" // total supply trends
	SmallCells  Code = "small_cells"  // chance explains much of the dissimilarity of a year
	CellsChange Code = "cells_change" // years do not have the same cells
)

// Caveat is a reason to doubt a trend, as a code and as a sentence in both languages.
type Caveat struct {
	Code     Code
	Text, ZH string
	Years    []int // concerned; nil for all
}

// Series is an index over years.
type Series struct {
	Kind   Kind
	Points []Point // by year
	// Trends of the index and of the totals over the years that have an index; nil for
	// fewer than two.
	Index, Demand, Supply *Slope
	Caveats               []Caveat
}

// fewest is how many years it takes until a trend can be told from chance at 0.05: with
// five all rising, P is 1/60.
const fewest = 5

// Trend computes an index per year, the trends of it and of both totals, and what speaks
// against reading the first as a change of mismatch.
//
// Totals matter because the index compares shares: when every cell gains the same number
// of heads, shares come closer and the index falls although nobody is placed better
// (Entorf, "Do Aggregate Measures of Mismatch Measure Mismatch?", 2003). Growth in
// proportion leaves it as it is. Totals count as trending when their own trend is
// significant, or when they drift by more than Options.Change of their median, which in a
// short series no test would find. Small cells matter because chance raises Duncan's index,
// the more the fewer heads there are (see Random): a series that grows falls by that
// alone. The baseline needs heads; for other amounts ignore it and SmallCells.
//
// It fails as Of does, with the year, and when a year is given twice.
func Trend(kind Kind, periods []Period, o Options) (*Series, error) {
	ps := slices.Clone(periods)
	slices.SortStableFunc(ps, func(a, b Period) int { return cmp.Compare(a.Year, b.Year) })
	s := &Series{Kind: kind}
	for i := range ps {
		if i > 0 && ps[i].Year == ps[i-1].Year {
			return nil, fmt.Errorf("mismatch: year %d is given twice", ps[i].Year)
		}
		p, err := point(kind, &ps[i], o)
		if err != nil {
			return nil, fmt.Errorf("year %d: %w", ps[i].Year, err)
		}
		s.Points = append(s.Points, p)
	}
	s.Index = s.slope(func(x *Index) float64 { return *x.Value })
	s.Demand = s.slope(func(x *Index) float64 { return x.Demand })
	s.Supply = s.slope(func(x *Index) float64 { return x.Supply })
	s.caveats(&o)
	return s, nil
}

func point(kind Kind, p *Period, o Options) (Point, error) {
	out := Point{Year: p.Year}
	var err error
	if out.Index, err = Of(kind, p.Cells, o); err != nil || out.Index.Value == nil {
		return out, err
	}
	used := p.Cells
	if kind == SahinEfficiency {
		used = slices.DeleteFunc(slices.Clone(used), func(c Cell) bool { return c.Efficiency == nil })
	}
	out.Baseline, err = Random(used)
	return out, err
}

// valid calls f for every year with an index.
func (s *Series) valid(f func(*Point)) {
	for i := range s.Points {
		if s.Points[i].Index.Value != nil {
			f(&s.Points[i])
		}
	}
}

func (s *Series) slope(of func(*Index) float64) *Slope {
	var ms []moment
	s.valid(func(p *Point) { ms = append(ms, moment{float64(p.Year), of(p.Index)}) })
	return slope(ms)
}

func (s *Series) caveats(o *Options) {
	years := 0
	s.valid(func(*Point) { years++ })
	if years < fewest {
		s.add(ShortSeries, nil, fmt.Sprintf("Only %d of %d years have an index; fewer than %d cannot show a trend.", years, len(s.Points), fewest),
			fmt.Sprintf("%d 个年份中只有 %d 个有指数；少于 %d 个年份看不出趋势。", len(s.Points), years, fewest))
	}
	s.trending(DemandTrend, "demand", "需求", s.Demand, func(x *Index) float64 { return x.Demand }, o)
	s.trending(SupplyTrend, "supply", "供给", s.Supply, func(x *Index) float64 { return x.Supply }, o)
	s.small(o)
	s.changing()
}

func (s *Series) add(code Code, years []int, text, zh string) {
	s.Caveats = append(s.Caveats, Caveat{code, text, zh, years})
}

func (s *Series) trending(code Code, what, zh string, trend *Slope, of func(*Index) float64, o *Options) {
	if trend == nil {
		return
	}
	var v []float64
	first, last := math.MaxInt, math.MinInt
	s.valid(func(p *Point) {
		v = append(v, of(p.Index))
		first, last = min(first, p.Year), max(last, p.Year)
	})
	drift := trend.PerYear * float64(last-first) / median(v) // totals with an index are > 0
	if trend.Significant(o.Level) || math.Abs(drift) > o.Change {
		s.add(code, nil, fmt.Sprintf("Total %s drifts by %+.0f %% of its median from %d to %d (p = %.2g): the index can move with the totals although the mismatch is the same.",
			what, 100*drift, first, last, trend.P),
			fmt.Sprintf("%s总量自 %d 年至 %d 年变动达其中位数的 %+.0f %%（p = %.2g）：错配未变，指数也可能随总量变动。", zh, first, last, 100*drift, trend.P))
	}
}

func (s *Series) small(o *Options) {
	var years []int
	var worst float64
	s.valid(func(p *Point) {
		if b := p.Baseline; b != nil && b.Expected >= o.Chance*b.Value {
			years = append(years, p.Year)
			worst = max(worst, b.Expected)
		}
	})
	if years != nil {
		s.add(SmallCells, years, fmt.Sprintf("Cells are small in %s: chance alone gives a dissimilarity of up to %.2f, at least %.0f %% of the one found.",
			list(years), worst, 100*o.Chance),
			fmt.Sprintf("%s的单元格人数过少：仅凭偶然，差异指数就可达 %.2f，占所得值的 %.0f %% 以上。", listZH(years), worst, 100*o.Chance))
	}
}

// changing compares the cells used in each year with those of the first year that has an
// index.
func (s *Series) changing() {
	var first []string
	var years []int
	s.valid(func(p *Point) {
		keys := make([]string, 0, p.Index.Used)
		for i := range p.Index.Contributions {
			keys = append(keys, p.Index.Contributions[i].Key)
		}
		slices.Sort(keys)
		if first == nil {
			first = keys
		} else if !slices.Equal(first, keys) {
			years = append(years, p.Year)
		}
	})
	if years != nil {
		s.add(CellsChange, years, fmt.Sprintf("The cells with data in %s are not those of the first year: the index compares different things.", list(years)),
			fmt.Sprintf("%s有数据的单元格与首年不同：各年指数所比较的并非同一组单元格。", listZH(years)))
	}
}

// list writes up to five years, and how many more.
func list(years []int) string {
	var b strings.Builder
	for i, y := range years[:min(5, len(years))] {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprint(&b, y)
	}
	if len(years) > 5 {
		fmt.Fprintf(&b, " and %d more years", len(years)-5)
	}
	return b.String()
}

// listZH is list in Chinese.
func listZH(years []int) string {
	var words []string
	for _, y := range years[:min(5, len(years))] {
		words = append(words, fmt.Sprint(y))
	}
	out := strings.Join(words, "、")
	if len(years) > 5 {
		return fmt.Sprintf("%s 等 %d 个年份", out, len(years))
	}
	return out + " 年"
}
