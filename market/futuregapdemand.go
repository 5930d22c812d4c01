package market

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"talentmatch/matcher/forecast"
	"talentmatch/store"
	"talentmatch/talent"
)

// A knownDemand is a demand that is posted and wanted after the as-of year.
type knownDemand struct {
	id, employer, region, occupation string
	heads                            float64
	start                            int // month, counted from the year 0
	cells                            []string
}

// A demandRow is a demand as it is read.
type demandRow struct {
	knownDemand
	posted int    // month; -1 for not said
	day    string // of posting
	starts bool
	closed bool
}

// fromDemands takes demands that are known, by the month in which they begin (the month of
// posting where they say none), and with source demands forecasts what is yet to be posted.
func (g *futureGapper) fromDemands(ctx context.Context) error {
	rows, err := g.readDemands(ctx)
	if err != nil {
		return err
	}
	oldest, newest := 0, 0
	for i := range rows {
		if y := rows[i].posted / 12; rows[i].posted >= 0 {
			newest = max(newest, y)
			if oldest == 0 || y < oldest {
				oldest = y
			}
		}
	}
	if err := g.begin(oldest, newest, "demands with a date of posting"); err != nil {
		if filter := g.r.Filter.text(); len(rows) == 0 && filter != "" {
			return talent.Invalid("filter", filter, "leaves nothing to go by: no demand passes the filter")
		}
		return err
	}
	g.meta.Demands = &FutureDemands{Starting: []float64{}}
	until := g.know(rows)
	if g.r.Source == FromKnown {
		return nil
	}
	return g.foresee(ctx, g.history(rows, until), g.leads(rows))
}

// readDemands reads the demands that pass the filter, and what becomes of those that scenarios name.
func (g *futureGapper) readDemands(ctx context.Context) ([]demandRow, error) {
	f := g.forecaster()
	keep, err := f.filter()
	if err != nil {
		return nil, err
	}
	g.fates = map[string]string{}
	for _, s := range g.r.Scenarios {
		for _, c := range s.Changes {
			if c.Delay != nil {
				g.fates[c.Delay.Demand] = ""
			}
			if c.Headcount != nil {
				g.fates[c.Headcount.Demand] = ""
			}
		}
	}
	conv := g.m.converter(ctx, g.s.world)
	var rows []demandRow
	err = eachRecord(ctx, g.m.store, talent.TypeDemand, func(_ store.Item, rec talent.Record) error {
		r := rec.(*talent.Demand)
		values := func(dim string) []string { return f.demandKeys(conv, r, dim) }
		if !keep(func(dim string) []string { return f.saidKeys(conv, r, dim) }) {
			g.fate(r.ID, "does not pass the filter")
			return nil
		}
		row := demandRow{knownDemand: knownDemand{id: r.ID, employer: r.Employer, region: r.Region, occupation: r.Occupation, heads: float64(r.Headcount), cells: g.cellsOf(f, values)}, posted: -1, closed: r.Status == "closed"}
		if _, n, ok := parsePeriod(r.Posted[:min(7, len(r.Posted))]); ok && len(r.Posted) >= 7 {
			row.posted, row.day = n, r.Posted
		}
		if u, n, ok := parsePeriod(r.Start); ok && u == "month" {
			row.start, row.starts = n, true
		} else {
			row.start = row.posted
		}
		rows = append(rows, row)
		return nil
	})
	return rows, err
}

// fate notes why a demand that a scenario names is not one that it can change.
func (g *futureGapper) fate(id, why string) {
	if _, named := g.fates[id]; named {
		g.fates[id] = why
	}
}

// cellsOf are a demand's cells.
func (g *futureGapper) cellsOf(f *forecaster, values func(dim string) []string) []string {
	cells := f.cellsOf(values)
	if g.r.By == "" {
		return []string{totalKey}
	}
	return slices.DeleteFunc(cells, func(c string) bool { return !g.keeps(c) })
}

// keeps reports whether there is a cell of this key. By skill, a demand without any known
// skill is in none, and skills that the filter does not name are not told apart.
func (g *futureGapper) keeps(key string) bool {
	if g.r.By != "skill" {
		return true
	}
	if want := g.r.Filter.Skill; len(want) > 0 {
		return slices.Contains(g.s.world.skillIDs(want), key)
	}
	return key != unsaid
}

// know takes what is known as of the year: open and filled demands that begin after it. It
// returns the last month of posting that is counted.
func (g *futureGapper) know(rows []demandRow) (until int) {
	d := g.meta.Demands
	for i := range rows {
		r := &rows[i]
		switch {
		case r.posted > 12*g.asOf+11:
			g.fate(r.id, fmt.Sprintf("was posted after %d", g.asOf))
			continue
		case r.posted < 0 && !r.starts:
			d.Without++
			g.fate(r.id, "says neither when it was posted nor when it starts")
			continue
		case r.posted < 0:
			d.Undated++
		}
		d.Records++
		d.Heads += r.heads
		until = max(until, r.posted)
		switch {
		case r.closed:
			g.fate(r.id, "is closed")
		case r.start <= 12*g.asOf+11:
			g.fate(r.id, fmt.Sprintf("starts in %s, before the first future year %d", periodUnit("month").label(r.start), g.asOf+1))
		default:
			g.fate(r.id, "")
			g.known = append(g.known, r.knownDemand)
			if r.start/12 > g.last() {
				d.Later += r.heads
			}
		}
	}
	if until > 0 {
		d.Until = periodUnit("month").label(until)
	}
	return until
}

// A postedHistory is what postings to come are foreseen from.
type postedHistory struct {
	until int                // the last whole month of posting
	begun map[string]float64 // cell -> heads posted in the month after it, which is not over; nil when that month is not known
}

// history ends with the last month of posting that is over: heads of a few days are no month's. What
// is posted already of the month that is not over is known, so it is no part of what is foreseen.
func (g *futureGapper) history(rows []demandRow, until int) postedHistory {
	newestDay := ""
	for i := range rows {
		newestDay = max(newestDay, rows[i].day)
	}
	if newestDay == "" || periodUnit("month").label(until) != newestDay[:7] || endsPeriod(newestDay, "month") {
		return postedHistory{until: until}
	}
	h, all := postedHistory{until - 1, map[string]float64{}}, 0.0
	for i := range rows {
		if r := &rows[i]; r.posted == until {
			all += r.heads
			for _, c := range r.cells {
				h.begun[c] += r.heads
			}
		}
	}
	label := periodUnit("month").label(until)
	g.meta.Notes = append(g.meta.Notes, FutureNote{
		ZH: fmt.Sprintf("截至最新需求（%[2]s）%[1]s 尚未结束：按整月预测，减去其中已发布的 %[3]s 个名额", label, newestDay, heads(all)),
		EN: fmt.Sprintf("%s is not over by the newest demand (%s): it is foreseen as a whole month, less the %s heads that are posted already", label, newestDay, heads(all)),
	})
	return h
}

// leads are the shares of posted heads that are wanted so many months after the posting, over
// all demands that are counted: cells have too few for shares of their own. What was closed is
// wanted never.
func (g *futureGapper) leads(rows []demandRow) []float64 {
	all, out := 0.0, []float64{}
	for i := range rows {
		r := &rows[i]
		if r.posted < 0 || r.posted > 12*g.asOf+11 {
			continue
		}
		all += r.heads
		lead := min(max(0, r.start-r.posted), mostLead)
		for len(out) <= lead {
			out = append(out, 0)
		}
		if !r.closed {
			out[lead] += r.heads
		}
	}
	for k := range out {
		if all > 0 {
			out[k] /= all
		}
		if k%12 == 0 {
			g.meta.Demands.Starting = append(g.meta.Demands.Starting, 0)
		}
		g.meta.Demands.Starting[k/12] += out[k]
	}
	for k, v := range g.meta.Demands.Starting {
		g.meta.Demands.Starting[k] = millionth(v)
	}
	return out
}

// mostLead bounds how far ahead of its start a demand may be posted: later starts count as this.
const mostLead = 240

// foresee forecasts the heads that are posted month by month and moves them to the years in
// which they are wanted.
func (g *futureGapper) foresee(ctx context.Context, h postedHistory, leads []float64) error {
	var last []int
	for _, year := range g.years {
		last = append(last, 12*year+11-h.until)
	}
	g.foreseen = map[string][]spread{}
	var all *forecastSeries // of all demands together
	total := make([]spread, len(g.years))
	for _, reach := range reaches(last, 12) {
		r := *g.forecaster().r
		r.Until, r.Horizon = periodUnit("month").label(h.until), reach
		f, err := g.forecastDemands(ctx, r)
		if err != nil {
			return err
		}
		weights := g.weights(h.until, reach, leads)
		for i := range f.series {
			s := &f.series[i]
			if s.result == nil {
				continue
			}
			key, of := g.seriesCell(s)
			sums := sumsOf(s.result, weights)
			if s.item.ID == totalKey || len(f.series) == 1 {
				all = s
				takeYears(total, sums, last, reach, 12)
			}
			if !of {
				continue
			}
			known := min(h.begun[key], max(0, s.result.Mean[0]))
			for y := range sums {
				sums[y] = sums[y].without(weights[y][0] * known)
			}
			if g.foreseen[key] == nil {
				g.foreseen[key] = make([]spread, len(g.years))
			}
			takeYears(g.foreseen[key], sums, last, reach, 12)
		}
	}
	if len(g.foreseen) == 0 {
		return talent.Invalid("source", g.r.Source, "cannot be forecast: demands must have been posted over at least %d months up to %s; source known goes without", forecast.MinValues, periodUnit("month").label(h.until))
	}
	if all != nil {
		g.warn(all.values, last[len(last)-1], total)
	}
	return nil
}

// takeYears takes the years that are read from a forecast of this reach.
func takeYears(to, sums []spread, last []int, reach, parts int) {
	for y := range to {
		if reachOf(last[y], parts) == reach {
			to[y] = sums[y]
		}
	}
}

// forecastDemands makes one forecast, and keeps what could not be forecast: the same series
// however far is looked, as they have too few values.
func (g *futureGapper) forecastDemands(ctx context.Context, r ForecastRequest) (*forecaster, error) {
	if err := r.complete(); err != nil {
		return nil, err
	}
	f, err := g.m.forecaster(ctx, r, nil)
	var bad *talent.InvalidError
	if errors.As(err, &bad) && len(bad.Fields) == 1 { // of a request that nobody made
		return nil, talent.Invalid("by", g.r.By, "is too much: it %s; narrow it by a filter, ask for fewer years, or take source known", bad.Fields[0].Message)
	}
	if err != nil {
		return nil, err
	}
	g.meta.Failed = slices.Clone(f.meta.Failed)
	return f, nil
}

// seriesCell is the cell of a forecast series; sums of cells are none.
func (g *futureGapper) seriesCell(s *forecastSeries) (key string, ok bool) {
	if g.r.By == "" {
		return totalKey, s.item.ID == totalKey
	}
	key, ok = s.item.Keys[g.r.By]
	return key, ok && s.parts == nil && g.keeps(key)
}

// weights say, for each future year, which share of the heads of each forecast month it gets.
func (g *futureGapper) weights(until, horizon int, leads []float64) [][]float64 {
	out := make([][]float64, len(g.years))
	for y := range out {
		out[y] = make([]float64, horizon)
	}
	for h := range horizon {
		for k, share := range leads {
			if y := g.at((until + 1 + h + k) / 12); y >= 0 {
				out[y][h] += share
			}
		}
	}
	return out
}

// book adds known heads up by cell and year.
func (g *futureGapper) book(list []knownDemand) (out map[string][]float64, later float64) {
	out = map[string][]float64{}
	for i := range list {
		d := &list[i]
		y := g.at(d.start / 12)
		if y < 0 {
			later += d.heads
			continue
		}
		for _, c := range d.cells {
			if out[c] == nil {
				out[c] = make([]float64, len(g.years))
			}
			out[c][y] += d.heads
		}
	}
	return out, later
}

// steep is how many times the most of any past twelve months a foreseen year may be before
// the report warns.
const steep = 2

// warn says when the forecast of all demands together carries a trend much further than its past.
// Stores often hold recent postings only, and then a rise is one of the records and not of the market.
func (g *futureGapper) warn(past []float64, ahead int, sums []spread) {
	if ahead > len(past) {
		g.meta.Notes = append(g.meta.Notes, FutureNote{
			ZH: fmt.Sprintf("由 %d 个月的发布记录预测 %d 个月", len(past), ahead),
			EN: fmt.Sprintf("%d months are foreseen from %d months of postings", ahead, len(past)),
		})
	}
	most, twelve := 0.0, 0.0
	for t, v := range past {
		if twelve += v; t >= 12 {
			twelve -= past[t-12]
		}
		most = max(most, twelve)
	}
	for y, sum := range sums {
		if sum.mean > steep*most {
			g.meta.Notes = append(g.meta.Notes, FutureNote{
				ZH: fmt.Sprintf("%d 年预计发布的名额为 %s，超过以往任何 12 个月（至多 %s）的 %d 倍：趋势可能只是旧记录缺失所致", g.years[y], heads(sum.mean), heads(most), steep),
				EN: fmt.Sprintf("%s heads are foreseen for %d, more than %d times those of any twelve months so far (%s at most): the rise may be one of the records, where older postings are missing", heads(sum.mean), g.years[y], steep, heads(most)),
			})
			return
		}
	}
}
