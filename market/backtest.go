package market

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"talentmatch/talent"
)

// Backtest scores kept reports, or forecasts made as if it were an earlier date, against what
// the store says now. What has not come yet is no miss: it is counted apart.
// BacktestDefinitions says what the numbers mean. Errors: talent.ErrInvalid by field for what
// is wrong with the request or a report.
func (m *Market) Backtest(ctx context.Context, r BacktestRequest) (*BacktestAnswer, error) {
	return m.BacktestWith(ctx, r, nil)
}

// BacktestWith is Backtest with a report of how far it is.
func (m *Market) BacktestWith(ctx context.Context, r BacktestRequest, progress func(done, of int)) (*BacktestAnswer, error) {
	if err := r.complete(); err != nil {
		return nil, err
	}
	s, err := m.state(ctx)
	if err != nil {
		return nil, err
	}
	b := &backtester{m: m, s: s, r: &r, progress: progress, versions: m.versions(s.version, s.world, s.stats)}
	a := &BacktestAnswer{Items: []BacktestItem{}, Meta: BacktestMeta{Reports: len(r.Reports), AsOf: r.AsOf, Until: r.Until, Top: r.Top, Limit: r.Limit, Definitions: BacktestDefinitions, Versions: b.versions}}
	if len(r.AsOf) > 0 {
		a.Meta.Forecast = forecastAsked(r.Forecast)
		a.Items, err = b.asIf(ctx, a.Meta.Forecast.Horizon)
		return a, err
	}
	for i := range r.Reports {
		item, err := b.report(ctx, i)
		if err != nil {
			return nil, err
		}
		a.Items = append(a.Items, *item)
		b.step(i+1, len(r.Reports))
	}
	return a, nil
}

// forecastAsked is a request as the answer says it.
func forecastAsked(r *ForecastRequest) *BacktestForecast {
	f := &BacktestForecast{Source: r.Source, IDs: r.IDs, Measure: r.Measure, By: r.By, From: r.From, Filter: r.Filter, Horizon: map[string]int{}, Counts: r.Counts, Separate: r.Separate}
	if r.Source == FromDemands {
		f.RegionAt, f.Period = r.RegionAt, r.Period
	}
	return f
}

// CheckBacktest says what is wrong with a request, without answering it.
func (m *Market) CheckBacktest(r BacktestRequest) error { return r.complete() }

// ReportBacktest is the backtest as it is kept, and its answer. The reports that were scored
// are in the request, so that it can be made again without their files.
func (m *Market) ReportBacktest(ctx context.Context, r BacktestRequest, progress func(done, of int)) (*Report, *BacktestAnswer, error) {
	return reported("backtest", r, (*BacktestRequest).complete, func(r BacktestRequest) (*BacktestAnswer, error) { return m.BacktestWith(ctx, r, progress) })
}

func init() { registerReport("backtest", runs((*Market).Backtest, (*BacktestRequest).complete)) }

// A backtester makes one answer.
type backtester struct {
	m        *Market
	s        *state
	r        *BacktestRequest
	progress func(done, of int)
	versions Versions
}

func (b *backtester) step(done, of int) {
	if b.progress != nil {
		b.progress(done, of)
	}
}

// report scores one kept report.
func (b *backtester) report(ctx context.Context, i int) (*BacktestItem, error) {
	x := b.r.Reports[i]
	field := fmt.Sprintf("reports[%d]", i)
	item := &BacktestItem{Source: x.Name, Kind: x.Report.Kind, Versions: &x.Report.Versions, Notes: b.versionNotes(x.Report)}
	var err error
	switch x.Report.Kind {
	case "gaps":
		item.Gaps, err = b.gaps(ctx, x.Report, field, item)
	case "future-gap":
		item.Gaps, err = b.futureGaps(ctx, x.Report, field, item)
	default:
		item.Forecast, err = b.forecasts(ctx, x.Report, field, item)
	}
	return item, err
}

// decodeKept reads a part of a kept report.
func decodeKept(field string, raw []byte, to any) error {
	if err := strictJSON(raw, to); err != nil {
		return talent.Invalid(field, "", "is not what a report of this kind has: %v", err)
	}
	return nil
}

// inPart says of which part of a request the bad fields are.
func inPart(field string, err error) error {
	var bad *talent.InvalidError
	if !errors.As(err, &bad) {
		return fmt.Errorf("%s: %w", field, err)
	}
	out := &talent.InvalidError{Fields: slices.Clone(bad.Fields)}
	for i := range out.Fields {
		out.Fields[i].Path = field + "." + out.Fields[i].Path
	}
	return out
}

// note adds what is to be said of an item.
func (it *BacktestItem) note(code, zh, en string) {
	it.Notes = append(it.Notes, BacktestNote{code, zh, en})
}

// versionNotes say what a report was made of that is another thing now.
func (b *backtester) versionNotes(r *Report) []BacktestNote {
	out, now := []BacktestNote{}, b.versions
	was := r.Versions
	switch {
	case was.Data > now.Data:
		out = append(out, BacktestNote{"other_store", fmt.Sprintf("报告的数据版本 %d 比本库的 %d 新：报告出自另一个库，或本库是旧备份。", was.Data, now.Data),
			fmt.Sprintf("The report's data version %d is newer than this store's %d: it was made from another store, or this one was restored.", was.Data, now.Data)})
	case was.Data == now.Data:
		out = append(out, BacktestNote{"unchanged", "报告之后数据没有变化：所比对的就是当时已知的。", "Nothing was stored since the report was made: what it is held against was known then."})
	}
	for _, v := range []struct{ code, zh, en, was, is string }{
		{"taxonomy", "分类体系", "taxonomy", was.Taxonomy, now.Taxonomy}, {"skill_space", "技能空间", "skill space", was.SkillSpace, now.SkillSpace}, {"software", "软件", "software", was.Software, now.Software},
	} {
		if v.was != v.is {
			out = append(out, BacktestNote{v.code, fmt.Sprintf("报告所用的%s版本是 %q，现在是 %q：单元格可能含义不同。", v.zh, v.was, v.is),
				fmt.Sprintf("The report was made with another version of the %s, %q, than there is now, %q: cells may mean other things.", v.en, v.was, v.is)})
		}
	}
	return out
}
