package market

import (
	"context"
	"maps"

	"talentmatch/talent"
)

// mostFailedTold is how many series that could not be forecast are named.
const mostFailedTold = 20

// asIf forecasts at each date what was known then, and scores it against what came. horizon gets how
// many periods of each length that was.
func (b *backtester) asIf(ctx context.Context, horizon map[string]int) ([]BacktestItem, error) {
	now := *b.r.Forecast
	if now.Source == FromDemands {
		now.Until = b.untilOf(periodUnit(now.Period))
	}
	f, err := b.collected(ctx, &now)
	if err != nil {
		return nil, err
	}
	truths := truthsOf(f.series)
	over := b.over(truths)
	out := []BacktestItem{}
	known := 0 // the last month of which anything is known
	for i := range f.series {
		s := &f.series[i]
		known = max(known, s.unit.lastMonth(s.first+len(s.values)-1))
	}
	for k, date := range b.r.AsOf {
		month, _ := lastMonth(date)
		if len(f.series) > 0 && month > known {
			return nil, talent.Invalid("as_of", date, "lies after the last whole period that is known, which ends in %s", periodUnit("month").label(known))
		}
		o := origin{b: b, month: month, today: f, horizon: horizon}
		item, err := o.item(ctx, truths, over, func(done, of int) { b.step(k*of+done, len(b.r.AsOf)*of) })
		if err != nil {
			return nil, err
		}
		item.Source = date
		out = append(out, *item)
	}
	return out, nil
}

// An origin is a date as of which is forecast.
type origin struct {
	b       *backtester
	month   int         // the last that is known
	today   *forecaster // all series as they are today
	count   BacktestOriginCount
	horizon map[string]int
}

func (o *origin) item(ctx context.Context, truths map[string]*truth, over func(periodUnit, int) bool, progress func(done, of int)) (*BacktestItem, error) {
	o.count.Series = len(o.today.series)
	then, err := o.then(ctx)
	if err != nil {
		return nil, err
	}
	if len(then.series) > MostForecasts {
		return nil, talent.Invalid("by", "", "makes %d series; at most %d are forecast at once: narrow them by a filter", len(then.series), MostForecasts)
	}
	then.progress = progress
	if err := then.run(ctx); err != nil {
		return nil, err
	}
	maps.Copy(o.horizon, then.meta.Horizon)
	s := &scorer{}
	for i := range then.series {
		x := &then.series[i]
		if x.result == nil {
			continue
		}
		o.count.Forecast++
		t := truths[x.item.ID]
		f := foreseen{item: x.render(false), unit: x.unit, from: x.first + len(x.values), past: x.values}
		s.add(&f, t, over)
	}
	item := &BacktestItem{Kind: "as_of", Notes: []BacktestNote{}}
	item.note("hindsight", "以今天的库重现当时：其后删除或更正的记录、今天的分类体系与地区均已计入。", "The past is made of today's store: records that were deleted or corrected since, and today's taxonomy and regions, count.")
	item.nothingCame(s.sums.values)
	item.Forecast = s.finish(o.b.r.Limit)
	faults := then.meta.Failed
	o.count.Failed = len(faults)
	item.Forecast.Failed, item.Forecast.Origins = faults[:min(len(faults), mostFailedTold)], &o.count
	return item, nil
}

// then are the series as they were known at the date.
func (o *origin) then(ctx context.Context) (*forecaster, error) {
	r := *o.b.r.Forecast
	if r.Source != FromDemands {
		return o.cut(&r), nil
	}
	u := periodUnit(r.Period)
	r.Until = u.label(u.endedBy(o.month))
	f, err := o.b.collected(ctx, &r)
	if err != nil {
		return nil, err
	}
	o.count.NotYet = max(0, o.count.Series-len(f.series))
	return f, nil
}

// cut takes from today's series what came later. Which are sums of others is found anew,
// from what was known.
func (o *origin) cut(r *ForecastRequest) *forecaster {
	f := &forecaster{m: o.today.m, s: o.today.s, r: r}
	f.meta = ForecastMeta{Source: r.Source, Horizon: map[string]int{}}
	for i := range o.today.series {
		s := o.today.series[i]
		s.parts = nil
		last := s.unit.endedBy(o.month)
		known := last - s.first + 1
		switch {
		case known <= 0:
			o.count.NotYet++
			continue
		case known > len(s.values):
			// It ended before, so nothing can come of it.
			o.count.EndedBefore++
			continue
		}
		s.values = s.values[:known]
		f.series = append(f.series, s)
	}
	f.findSums()
	return f
}
