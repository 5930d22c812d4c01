package market

import (
	"context"
	"fmt"
	"math"
	"slices"

	"talentmatch/matcher/forecast"
	"talentmatch/matcher/forecast/stockflow"
)

// employmentMeasure is the measure of series from which openings follow by stock and flow.
const employmentMeasure = "employment"

// An employmentCell is the employment of one cell by age group.
type employmentCell struct {
	key     string
	history stockflow.History
	ends    int // the last year
	total   stockflow.Total
	rates   *stockflow.Rates
	base    []stockflow.Year // of the future years, without a scenario
}

// fromEmployment makes demand of series of employment by age group: their total is forecast,
// and stockflow says what it asks for.
func (g *futureGapper) fromEmployment(ctx context.Context) error {
	all, err := g.readSeries(ctx, employmentMeasure)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(c cellSeries) bool { return c.age == "" })
	oldest, newest := 0, 0
	for i := range all {
		newest = max(newest, all[i].lastYear())
		if y := all[i].first / all[i].unit.parts(); oldest == 0 || y < oldest {
			oldest = y
		}
	}
	if err := g.begin(oldest, newest, "series of employment by age group that are about just these cells"); err != nil {
		return err
	}
	g.stocks = map[string]*employmentCell{}
	for from := 0; from < len(all); {
		to := from
		for to < len(all) && all[to].key == all[from].key {
			to++
		}
		cell, err := g.employment(all[from:to])
		if err != nil {
			g.meta.Failed = append(g.meta.Failed, ForecastFault{all[from].key, err.Error()})
		} else {
			g.stocks[cell.key] = cell
			g.meta.Series.Counted += to - from
		}
		from = to
	}
	err = g.foreseeEmployment(ctx)
	g.meta.Series.NotAttributable = g.meta.Series.Found - g.meta.Series.Counted
	return err
}

// employment puts the age groups of a cell together, over the years that all have.
func (g *futureGapper) employment(groups []cellSeries) (*employmentCell, error) {
	cell := &employmentCell{key: groups[0].key}
	bands := make([]stockflow.Band, len(groups))
	first, end := 0, math.MaxInt
	for i := range groups {
		c := &groups[i]
		var err error
		if bands[i], err = stockflow.ParseBand(c.age); err != nil {
			return nil, fmt.Errorf("series %s: %w", c.id, err)
		}
		if c.unit != "year" {
			return nil, fmt.Errorf("series %s is by %s; the stock-flow model takes years", c.id, c.unit)
		}
		c.cut(g.asOf)
		first, end = max(first, c.first), min(end, c.end())
	}
	for _, i := range stockflow.Order(bands) {
		c := &groups[i]
		if c.first > end || first > end {
			return nil, fmt.Errorf("%s shares no year with the other age groups", c.describe())
		}
		cell.history.Bands = append(cell.history.Bands, bands[i])
		cell.history.Stock = append(cell.history.Stock, c.values[first-c.first:end-c.first])
	}
	cell.ends = end - 1
	return cell, cell.history.Check()
}

// foreseeEmployment forecasts the totals of all cells together, and averages who leaves: what
// few people show is drawn to what all cells show together.
func (g *futureGapper) foreseeEmployment(ctx context.Context) error {
	keys := sortedKeys(g.stocks)
	var in []forecast.Series
	var histories []*stockflow.History
	last := 0
	for _, key := range keys {
		c := g.stocks[key]
		in = append(in, forecast.Series{ID: key, Values: c.history.Total()})
		histories = append(histories, &c.history)
		last = max(last, g.last()-c.ends)
	}
	if len(in) == 0 {
		return nil
	}
	// One forecast for all years: they are subtracted from each other, and those of two reaches differ.
	out, errs, err := forecast.Run(ctx, in, forecast.Options{Horizon: farthest(last, 1)})
	if err != nil {
		return err
	}
	for i, key := range keys {
		if errs[i] != nil {
			g.fail(key, errs[i])
			continue
		}
		g.stocks[key].foresee(out[i], g.last())
	}
	o := stockflow.DefaultOptions()
	if len(histories) > 1 {
		o.Prior = stockflow.Pool(histories)
	}
	for _, key := range keys {
		c := g.stocks[key]
		var err error
		if c.rates, err = c.history.Rates(o); err == nil && len(c.total.Mean) > 0 {
			c.base, err = c.openings(g, nil)
		}
		if err != nil {
			g.fail(key, err)
		}
		if c.base == nil {
			g.meta.Series.Counted -= len(c.history.Bands)
			delete(g.stocks, key)
		}
	}
	return nil
}

// foresee is the total up to the last year.
func (c *employmentCell) foresee(f *forecast.Forecast, last int) {
	for h := range min(len(f.Mean), last-c.ends) {
		c.total.Mean = append(c.total.Mean, f.Mean[h])
		c.total.Std = append(c.total.Std, max(f.Hi80[h]-f.Mean[h], f.Mean[h]-f.Lo80[h])/normal80)
	}
}

// openings are what a cell's employment asks for in the future years. grow is what a scenario
// adds to yearly growth, by future year; nil for nothing.
func (c *employmentCell) openings(g *futureGapper, grow []float64) ([]stockflow.Year, error) {
	total := c.total
	if grow != nil {
		total.Mean = slices.Clone(total.Mean)
		factor := 1.0
		for y, v := range grow {
			factor *= 1 + v
			total.Mean[g.years[y]-c.ends-1] *= factor
		}
	}
	years, err := c.history.Project(c.rates, total)
	if err != nil {
		return nil, fmt.Errorf("employment of %s: %w", c.key, err)
	}
	return years[g.asOf-c.ends:], nil
}

// spreadOf is a year's openings with their intervals.
func spreadOf(y *stockflow.Year) spread {
	lo80, hi80 := y.Interval(normal80)
	lo95, hi95 := y.Interval(normal95)
	return spread{y.Openings, y.Openings - lo80, hi80 - y.Openings, y.Openings - lo95, hi95 - y.Openings}
}
