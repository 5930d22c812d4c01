package market

import (
	"context"
	"errors"
	"fmt"
	"math"

	"talentmatch/talent"
)

// forecasts scores a kept forecast against the store.
func (b *backtester) forecasts(ctx context.Context, kept *Report, field string, item *BacktestItem) (*BacktestForecasts, error) {
	var r ForecastRequest
	var a ForecastAnswer
	if err := decodeKept(field+".request", kept.Request, &r); err != nil {
		return nil, err
	}
	if err := decodeKept(field+".answer", kept.Answer, &a); err != nil {
		return nil, err
	}
	if err := r.complete(); err != nil {
		return nil, inPart(field+".request", err)
	}
	if len(r.Values) > 0 {
		return nil, talent.Invalid(field+".request.values", "", "came with the request and are not in the store: nothing more is known of them")
	}
	list, err := foreseenIn(&a, field)
	if err != nil {
		return nil, err
	}
	truths, err := b.truths(ctx, &r, list)
	if err != nil {
		return nil, inPart(field, err)
	}
	over := b.over(truths)
	s := &scorer{}
	revised := 0
	for i := range list {
		f := &list[i]
		t := truths[f.item.ID]
		changed := 0
		if t != nil && t.unit == f.unit {
			if f.past == nil {
				f.past = t.before(f.from)
			} else {
				changed = t.revised(f)
			}
		}
		s.add(f, t, over)
		s.out.Series[i].Revised = changed
		revised += changed
	}
	if a.NextCursor != "" || r.Cursor != "" {
		item.note("page", fmt.Sprintf("报告只保存了 %d 条序列中的 %d 条，只对这些评分。", a.Meta.Series, len(a.Items)), fmt.Sprintf("The report kept a page: %d of %d series, and these are scored.", len(a.Items), a.Meta.Series))
	}
	if revised > 0 {
		item.note("revised", fmt.Sprintf("报告所依据的历史值中有 %d 个后来被修订。", revised), fmt.Sprintf("%d of the past values that the report knew have been revised since.", revised))
	}
	item.nothingCame(s.sums.values)
	return s.finish(b.r.Limit), nil
}

// nothingCame says so when there is nothing to score.
func (it *BacktestItem) nothingCame(values int) {
	if values == 0 {
		it.note("nothing", "所预见的还没有一项到来：没有数据，不是误差为 0。", "Nothing that was foreseen has come yet: there is no data, which is not an error of 0.")
	}
}

// foreseenIn lists the series of a kept answer. What was written by hand must not pass for
// a forecast: series stand there once, periods follow each other, and intervals have a lower end and an upper one.
func foreseenIn(a *ForecastAnswer, field string) ([]foreseen, error) {
	var out []foreseen
	seen := map[string]bool{}
	for i := range a.Items {
		it := &a.Items[i]
		at := fmt.Sprintf("%s.answer.items[%d]", field, i)
		if seen[it.ID] {
			return nil, talent.Invalid(at+".id", it.ID, "stands there twice")
		}
		seen[it.ID] = true
		f := foreseen{item: *it, unit: periodUnit(it.Period)}
		for h, s := range it.Steps {
			u, n, ok := parsePeriod(s.Period)
			if !ok || u != f.unit || h > 0 && n != f.from+h {
				return nil, talent.Invalid(fmt.Sprintf("%s.steps[%d].period", at, h), s.Period, "is not the next %s", f.unit)
			}
			if h == 0 {
				f.from = n
			}
			if err := checkStep(&s, fmt.Sprintf("%s.steps[%d]", at, h)); err != nil {
				return nil, err
			}
		}
		if len(it.Steps) == 0 {
			return nil, talent.Invalid(at+".steps", "", "must not be empty")
		}
		for _, v := range it.History {
			if v == nil {
				return nil, talent.Invalid(at+".history", "null", "has a gap, which no series of the store has")
			}
			if math.Abs(*v) > mostForeseen {
				return nil, talent.Invalid(at+".history", fmt.Sprint(*v), "is too large")
			}
			f.past = append(f.past, *v)
		}
		out = append(out, f)
	}
	return out, nil
}

// mostForeseen bounds numbers of a kept forecast, so that their sums are numbers too.
const mostForeseen = 1e100

// checkStep refuses numbers that no forecast has.
func checkStep(s *ForecastStep, at string) error {
	for _, x := range []struct {
		field string
		v     float64
	}{{"mean", s.Mean}, {"lo80", s.Lo80}, {"hi80", s.Hi80}, {"lo95", s.Lo95}, {"hi95", s.Hi95}} {
		if math.Abs(x.v) > mostForeseen {
			return talent.Invalid(at+"."+x.field, fmt.Sprint(x.v), "is too large")
		}
	}
	switch {
	case s.Lo80 > s.Hi80:
		return talent.Invalid(at+".lo80", fmt.Sprint(s.Lo80), "lies above hi80, %g", s.Hi80)
	case s.Lo95 > s.Hi95:
		return talent.Invalid(at+".lo95", fmt.Sprint(s.Lo95), "lies above hi95, %g", s.Hi95)
	}
	return nil
}

// truths are what the store says now of the series of a kept forecast, by id.
func (b *backtester) truths(ctx context.Context, r *ForecastRequest, list []foreseen) (map[string]*truth, error) {
	now := ForecastRequest{}
	if r.Source == FromDemands {
		now = *r
		now.Until = b.untilOf(periodUnit(r.Period))
	} else {
		for i := range list {
			id := list[i].item.ID
			_, err := b.m.store.Get(ctx, talent.TypeSeries, id)
			if errors.Is(err, talent.ErrNotFound) || errors.Is(err, talent.ErrInvalid) {
				continue
			}
			if err != nil {
				return nil, err
			}
			now.IDs = append(now.IDs, id)
		}
		if len(now.IDs) == 0 {
			return nil, nil
		}
	}
	f, err := b.collected(ctx, &now)
	if err != nil {
		return nil, err
	}
	return truthsOf(f.series), nil
}

// collected are the series that a request means, before anything is forecast.
func (b *backtester) collected(ctx context.Context, r *ForecastRequest) (*forecaster, error) {
	if err := r.complete(); err != nil {
		return nil, err
	}
	f := &forecaster{m: b.m, s: b.s, r: r}
	f.meta = ForecastMeta{Source: r.Source, Horizon: map[string]int{}}
	return f, f.collect(ctx)
}

func truthsOf(series []forecastSeries) map[string]*truth {
	out := map[string]*truth{}
	for i := range series {
		s := &series[i]
		out[s.item.ID] = &truth{unit: s.unit, first: s.first, values: s.values}
	}
	return out
}

// untilOf is the last period of a unit that the request says is over, "" when it says none.
func (b *backtester) untilOf(u periodUnit) string {
	if m, ok := lastMonth(b.r.Until); ok {
		return u.label(u.endedBy(m))
	}
	return ""
}

// over says which periods are over: as the request says, or up to the newest period that any
// of the series has.
func (b *backtester) over(truths map[string]*truth) func(periodUnit, int) bool {
	if m, ok := lastMonth(b.r.Until); ok {
		return func(u periodUnit, n int) bool { return u.lastMonth(n) <= m }
	}
	newest := map[periodUnit]int{}
	for _, t := range truths {
		newest[t.unit] = max(newest[t.unit], t.first+len(t.values)-1)
	}
	return func(u periodUnit, n int) bool { return n <= newest[u] }
}

// revised counts the past values of a report that are others now.
func (t *truth) revised(f *foreseen) int {
	count := 0
	for k, was := range f.past {
		v, ok := t.at(f.from - len(f.past) + k)
		if !ok || math.Abs(v-was) > 1e-9*(math.Abs(v)+math.Abs(was)) {
			count++
		}
	}
	return count
}
