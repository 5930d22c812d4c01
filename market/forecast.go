package market

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"strconv"
	"strings"

	"talentmatch/matcher/forecast"
	"talentmatch/talent"
)

// Bounds of a forecast.
const (
	// MostForecasts is how many series one request may forecast.
	MostForecasts = 20_000
	// MostForecastSteps is how many steps of all series together.
	MostForecastSteps = 400_000
	// MostForecastValues is how many series a request may bring along.
	MostForecastValues = 1000
)

// forecastDimensions are what demands can be told apart by.
var forecastDimensions = []string{"skill", "occupation", "region", "industry", "education"}

// A forecastSeries is one series on its way to an item.
type forecastSeries struct {
	item   ForecastItem
	unit   periodUnit
	first  int  // number of the first period
	dated  bool // else steps are numbered
	values []float64
	scope  string // series of one scope may be sums and parts of each other; "" for none
	parts  []int  // of a sum: the series that it adds up, by place
	result *forecast.Forecast
}

// Forecast forecasts series records, values that come along, or the heads of demands by
// when they were posted, those of one period length together. Sums and their parts (a
// province and its prefectures, a total) are made to agree. Errors: talent.ErrInvalid by
// field for what is wrong with the request.
func (m *Market) Forecast(ctx context.Context, r ForecastRequest) (*ForecastAnswer, error) {
	return m.ForecastWith(ctx, r, nil)
}

// ForecastWith is Forecast with a report of how far it is.
func (m *Market) ForecastWith(ctx context.Context, r ForecastRequest, progress func(done, of int)) (*ForecastAnswer, error) {
	if err := r.complete(); err != nil {
		return nil, err
	}
	offset, err := decodeOffset(r.Cursor, r.fingerprint())
	if err != nil {
		return nil, err
	}
	f, err := m.forecaster(ctx, r, progress)
	if err != nil {
		return nil, err
	}
	return f.page(offset), nil
}

// CheckForecast says what is wrong with a request, without answering it.
func (m *Market) CheckForecast(r ForecastRequest) error { return r.complete() }

// ForecastAll is ForecastWith with all items at once.
func (m *Market) ForecastAll(ctx context.Context, r ForecastRequest, progress func(done, of int)) (*ForecastAnswer, error) {
	if err := r.complete(); err != nil {
		return nil, err
	}
	f, err := m.forecaster(ctx, r, progress)
	if err != nil {
		return nil, err
	}
	f.r.Limit = len(f.series)
	return f.page(0), nil
}

// forecaster forecasts everything that a complete request asks for.
func (m *Market) forecaster(ctx context.Context, r ForecastRequest, progress func(done, of int)) (*forecaster, error) {
	s, err := m.state(ctx)
	if err != nil {
		return nil, err
	}
	f := &forecaster{m: m, s: s, r: &r, progress: progress}
	f.meta = ForecastMeta{Source: r.Source, Horizon: map[string]int{}, Failed: []ForecastFault{}, Notes: []string{}, NotesZH: []string{}, Definitions: ForecastDefinitions, Versions: m.versions(s.version, s.world, s.stats)}
	if err := f.collect(ctx); err != nil {
		return nil, err
	}
	if r.Measure != "" && len(r.Values) == 0 && !f.measured {
		return nil, talent.Invalid("measure", r.Measure, "no series has this measure")
	}
	if len(f.series) > MostForecasts {
		return nil, talent.Invalid("by", strings.Join(r.By, ","), "makes %d series; at most %d are forecast at once: narrow them by a filter", len(f.series), MostForecasts)
	}
	if n := len(f.series) * r.Horizon; n > MostForecastSteps {
		return nil, talent.Invalid("horizon", strconv.Itoa(r.Horizon), "makes %d steps of %d series; at most %d are forecast at once", n, len(f.series), MostForecastSteps)
	}
	return f, f.run(ctx)
}

// A forecaster makes one answer, step by step.
type forecaster struct {
	m        *Market
	s        *state
	r        *ForecastRequest
	progress func(done, of int)
	series   []forecastSeries
	skills   []string // that are asked for alone
	measured bool     // some record has the measure asked for
	meta     ForecastMeta
}

// note adds a note in both languages.
func (f *forecaster) note(zh, en string) {
	f.meta.Notes, f.meta.NotesZH = append(f.meta.Notes, en), append(f.meta.NotesZH, zh)
}

// ReportForecast is the forecast as it is kept, and its answer.
func (m *Market) ReportForecast(ctx context.Context, r ForecastRequest, progress func(done, of int)) (*Report, *ForecastAnswer, error) {
	return reported("forecast", r, (*ForecastRequest).complete, func(r ForecastRequest) (*ForecastAnswer, error) { return m.ForecastWith(ctx, r, progress) })
}

func init() { registerReport("forecast", runs((*Market).Forecast, (*ForecastRequest).complete)) }

// complete fills what is left open and refuses what is wrong.
func (r *ForecastRequest) complete() error {
	r.Source = cmp.Or(r.Source, FromSeries)
	r.RegionAt = cmp.Or(r.RegionAt, "province")
	r.Period = cmp.Or(r.Period, "month")
	if r.Limit == 0 {
		r.Limit = MaxPage
	}
	if err := oneOf("source", r.Source, []string{FromSeries, FromDemands}); err != nil {
		return err
	}
	if err := oneOf("region_at", r.RegionAt, []string{"province", "prefecture", "region"}); err != nil {
		return err
	}
	if err := oneOf("period", r.Period, []string{"year", "quarter", "month"}); err != nil {
		return err
	}
	if r.Horizon < 0 || r.Horizon > forecast.MaxHorizon {
		return talent.Invalid("horizon", strconv.Itoa(r.Horizon), "must be from 1 to %d", forecast.MaxHorizon)
	}
	if r.Limit < 1 || r.Limit > MaxPage {
		return talent.Invalid("limit", strconv.Itoa(r.Limit), "must be from 1 to %d", MaxPage)
	}
	if len(r.Values) > MostForecastValues {
		return talent.Invalid("values", strconv.Itoa(len(r.Values)), "must be at most %d series", MostForecastValues)
	}
	if len(r.By) > 2 {
		return talent.Invalid("by", strings.Join(r.By, ","), "must name at most two of %s", strings.Join(forecastDimensions, ", "))
	}
	for i, d := range r.By {
		if err := oneOf("by", d, forecastDimensions); err != nil {
			return err
		}
		if slices.Contains(r.By[:i], d) {
			return talent.Invalid("by", d, "is named twice")
		}
	}
	return r.completeSource()
}

// completeSource refuses what the source has no use for, so that it is not passed over.
func (r *ForecastRequest) completeSource() error {
	if r.Source == FromDemands {
		switch {
		case len(r.Values) > 0:
			return talent.Invalid("values", "", "belongs to source series")
		case len(r.IDs) > 0:
			return talent.Invalid("ids", strings.Join(r.IDs, ","), "belongs to source series")
		case r.Measure != "":
			return talent.Invalid("measure", r.Measure, "belongs to source series")
		}
		for _, b := range []struct{ field, value string }{{"from", r.From}, {"until", r.Until}} {
			if b.value == "" {
				continue
			}
			if u, _, ok := parsePeriod(b.value); !ok || u != periodUnit(r.Period) {
				return talent.Invalid(b.field, b.value, "must be a %s", r.Period)
			}
		}
		return nil
	}
	switch {
	case len(r.By) > 0:
		return talent.Invalid("by", strings.Join(r.By, ","), "belongs to source demands")
	case r.From != "":
		return talent.Invalid("from", r.From, "belongs to source demands")
	case r.Until != "":
		return talent.Invalid("until", r.Until, "belongs to source demands")
	}
	for i, v := range r.Values {
		field := fmt.Sprintf("values[%d]", i)
		if v.ID == "" {
			return talent.Invalid(field+".id", "", "must not be empty")
		}
		if v.Start != "" {
			u, _, ok := parsePeriod(v.Start)
			if !ok || v.Period != "" && periodUnit(v.Period) != u {
				return talent.Invalid(field+".start", v.Start, "must be YYYY, YYYY-Qn or YYYY-MM, as its period is")
			}
		}
		if v.Period != "" {
			if err := oneOf(field+".period", v.Period, []string{"year", "quarter", "month"}); err != nil {
				return err
			}
		}
	}
	return nil
}

// fingerprint tells requests for different forecasts apart.
func (r *ForecastRequest) fingerprint() string {
	h := fnv.New32a()
	q := *r
	q.Limit, q.Cursor, q.Values = 0, "", nil // values are pointers
	fmt.Fprintf(h, "%+v", q)
	for _, v := range r.Values {
		fmt.Fprintf(h, "%q %q %q", v.ID, v.Period, v.Start)
		for _, x := range v.Values {
			if x == nil {
				fmt.Fprint(h, " -")
			} else {
				fmt.Fprint(h, " ", *x)
			}
		}
	}
	return strconv.FormatUint(uint64(h.Sum32()), 36)
}

// horizon is how far ahead series of a unit are forecast.
func (r *ForecastRequest) horizon(u periodUnit) int {
	if r.Horizon > 0 {
		return r.Horizon
	}
	return map[periodUnit]int{"month": 18, "quarter": 8, "year": 5}[u]
}

// collect lists what is to be forecast, by id.
func (f *forecaster) collect(ctx context.Context) error {
	switch {
	case f.r.Source == FromDemands:
		return f.fromDemands(ctx)
	case len(f.r.Values) > 0:
		return f.fromValues()
	}
	return f.fromRecords(ctx)
}

// run forecasts, the series of each unit together.
func (f *forecaster) run(ctx context.Context) error {
	for _, unit := range []periodUnit{"year", "quarter", "month"} {
		var at []int
		var in []forecast.Series
		for i := range f.series {
			if f.series[i].unit == unit {
				at = append(at, i)
				in = append(in, forecast.Series{ID: f.series[i].item.ID, Values: f.series[i].values})
			}
		}
		if len(at) == 0 {
			continue
		}
		o := forecast.Options{Horizon: f.r.horizon(unit), Seasons: []int{unit.parts()}, Counts: f.r.Counts, Progress: f.progress}
		f.meta.Horizon[string(unit)] = o.Horizon
		out, errs, err := forecast.Run(ctx, in, o)
		if err != nil {
			return err
		}
		for k, i := range at {
			if errs[k] != nil {
				f.meta.Failed = append(f.meta.Failed, ForecastFault{f.series[i].item.ID, errs[k].Error()})
			}
			f.series[i].result = out[k]
		}
	}
	slices.SortFunc(f.meta.Failed, func(a, b ForecastFault) int { return cmp.Compare(a.ID, b.ID) })
	if !f.r.Separate {
		return f.reconcile()
	}
	return nil
}

// page renders the items from an offset on.
func (f *forecaster) page(offset int) *ForecastAnswer {
	a := &ForecastAnswer{Items: []ForecastItem{}, Meta: f.meta}
	done := 0
	for i := range f.series {
		s := &f.series[i]
		if s.result == nil {
			continue
		}
		a.Meta.Series++
		if done++; done <= offset || len(a.Items) == f.r.Limit {
			continue
		}
		a.Items = append(a.Items, s.render(f.r.History))
	}
	if end := offset + len(a.Items); end < a.Meta.Series {
		a.NextCursor = encodeOffset(end, f.r.fingerprint())
	}
	return a
}

func (s *forecastSeries) render(history bool) ForecastItem {
	it, r := s.item, s.result
	it.Period = string(s.unit)
	label := func(t int) string {
		if !s.dated {
			return fmt.Sprintf("%+d", t-len(s.values)+1)
		}
		return s.unit.label(s.first + t)
	}
	if s.dated {
		it.Start = label(0)
	}
	for h := range r.Mean {
		it.Steps = append(it.Steps, ForecastStep{label(len(s.values) + h), r.Mean[h], r.Lo80[h], r.Hi80[h], r.Lo95[h], r.Hi95[h]})
	}
	it.Weights, it.Backtest, it.Filled, it.Parts = r.Weights, r.Backtest, r.Filled, len(s.parts)
	if b := r.Break; b != nil {
		lead := 0
		for lead < len(s.values) && math.IsNaN(s.values[lead]) {
			lead++
		}
		it.Break = &ForecastBreak{label(lead + b.At), b.Statistic, b.Critical}
	}
	if history {
		for _, v := range s.values {
			if math.IsNaN(v) {
				it.History = append(it.History, nil)
			} else {
				it.History = append(it.History, &v)
			}
		}
	}
	return it
}
