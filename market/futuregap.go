package market

import (
	"cmp"
	"context"
	"encoding/json"
	"hash/fnv"
	"slices"
	"strconv"

	"talentmatch/talent"
)

// futureDimensions are what a future gap can be told apart by.
var futureDimensions = []string{"skill", "occupation", "region", "education", "industry"}

// futureSorts are the words of FutureGapRequest.Sort.
var futureSorts = []string{"effective_gap", "gap", "demand", "change"}

// mostFutureYears is how far ahead is looked: farther, intervals say nothing.
const mostFutureYears = 10

// FutureGap reports demand, supply and gap of the years to come, without and with each scenario. The
// clock plays no part: what counts as the future follows from the request and the records.
// Errors: talent.ErrInvalid by field, scenarios' by change and field.
func (m *Market) FutureGap(ctx context.Context, r FutureGapRequest) (*FutureGapAnswer, error) {
	if err := r.complete(); err != nil {
		return nil, err
	}
	asked := r.fingerprint()
	offset, err := decodeOffset(r.Cursor, asked)
	if err != nil {
		return nil, err
	}
	s, err := m.state(ctx)
	if err != nil {
		return nil, err
	}
	g := futureGapper{m: m, s: s, r: &r}
	if err := g.count(ctx); err != nil {
		return nil, err
	}
	cells, err := g.cells(ctx)
	if err != nil {
		return nil, err
	}
	a := &FutureGapAnswer{Items: cells[min(offset, len(cells)):min(offset+r.Limit, len(cells))], Meta: g.meta}
	a.Meta.Cells = len(cells)
	if end := offset + len(a.Items); end < len(cells) {
		a.NextCursor = encodeOffset(end, asked)
	}
	return a, nil
}

// ReportFutureGap is the future gap as it is kept, and its answer.
func (m *Market) ReportFutureGap(ctx context.Context, r FutureGapRequest) (*Report, *FutureGapAnswer, error) {
	return reported("future-gap", r, (*FutureGapRequest).complete, func(r FutureGapRequest) (*FutureGapAnswer, error) { return m.FutureGap(ctx, r) })
}

func init() {
	registerReport("future-gap", runs((*Market).FutureGap, (*FutureGapRequest).complete))
}

// complete fills what is left open and refuses what is wrong.
func (r *FutureGapRequest) complete() error {
	r.Source = cmp.Or(r.Source, FromDemands)
	r.RegionAt = cmp.Or(r.RegionAt, "province")
	r.Sort = cmp.Or(r.Sort, futureSorts[0])
	r.Years = cmp.Or(r.Years, 3)
	r.Limit = cmp.Or(r.Limit, 50)
	if r.Source == FromSeries {
		r.Measure = cmp.Or(r.Measure, "openings")
	}
	if r.By != "" {
		if err := oneOf("by", r.By, futureDimensions); err != nil {
			return err
		}
	}
	err := firstOf(
		oneOf("source", r.Source, []string{FromDemands, FromKnown, FromSeries, FromEmployment}),
		oneOf("region_at", r.RegionAt, []string{"province", "prefecture", "region"}),
		oneOf("sort", r.Sort, futureSorts),
	)
	switch {
	case err != nil:
		return err
	case r.Measure != "" && r.Source != FromSeries:
		return talent.Invalid("measure", r.Measure, "belongs to source series")
	case r.By == "education" && (r.Source == FromSeries || r.Source == FromEmployment):
		return talent.Invalid("by", r.By, "cannot be told of series: they say no education")
	case r.Sort == "change" && len(r.Scenarios) == 0:
		return talent.Invalid("sort", r.Sort, "needs a scenario")
	case r.Years < 1 || r.Years > mostFutureYears:
		return talent.Invalid("years", strconv.Itoa(r.Years), "must be from 1 to %d", mostFutureYears)
	case r.AsOf != 0 && (r.AsOf < 1950 || r.AsOf > 2200):
		return talent.Invalid("as_of", strconv.Itoa(r.AsOf), "must be a year from 1950 to 2200")
	case r.Limit < 1 || r.Limit > MaxPage:
		return talent.Invalid("limit", strconv.Itoa(r.Limit), "must be from 1 to %d", MaxPage)
	}
	return checkScenarios(r.Scenarios)
}

// fingerprint tells requests for different reports apart: everything but the page.
func (r *FutureGapRequest) fingerprint() string {
	same := *r
	same.Limit, same.Cursor = 0, ""
	h := fnv.New32a()
	_ = json.NewEncoder(h).Encode(same)
	return strconv.FormatUint(uint64(h.Sum32()), 36)
}

// A futureGapper makes one report.
type futureGapper struct {
	m     *Market
	s     *state
	r     *FutureGapRequest
	asOf  int
	years []int // the future ones
	meta  FutureGapMeta

	known    []knownDemand              // wanted after the as-of year, with source demands or known
	fates    map[string]string          // why a demand that a scenario names is not among them
	foreseen map[string][]spread        // cell -> per future year; nil where nothing is forecast
	stocks   map[string]*employmentCell // with source employment
	programs []pipelineProgram          // by id
	arrivals map[string][]*float64      // cell -> per future year: people who come in
	supplied bool                       // supply has data
}

// count reads demand and supply.
func (g *futureGapper) count(ctx context.Context) error {
	g.meta = FutureGapMeta{
		By: g.r.By, Source: g.r.Source, Measure: g.r.Measure, Sort: g.r.Sort, Filter: g.r.Filter, Failed: []ForecastFault{}, Notes: []FutureNote{},
		Counting: futureCounting, CountingZH: futureCountingZH, Definitions: FutureGapDefinitions, Versions: g.m.versions(g.s.version, g.s.world, g.s.stats),
	}
	if g.r.By == "region" {
		g.meta.RegionAt = g.r.RegionAt
	}
	var err error
	switch g.r.Source {
	case FromDemands, FromKnown:
		err = g.fromDemands(ctx)
	case FromSeries:
		err = g.fromSeries(ctx)
	default:
		err = g.fromEmployment(ctx)
	}
	if err != nil {
		return err
	}
	slices.SortFunc(g.meta.Failed, func(a, b ForecastFault) int { return cmp.Compare(a.ID, b.ID) })
	g.meta.AsOf, g.meta.Years = g.asOf, g.years
	return g.pipeline(ctx)
}

// begin sets the as-of year, the newest known one unless the request says another, and the future.
func (g *futureGapper) begin(oldest, newest int, of string) error {
	g.asOf = cmp.Or(g.r.AsOf, newest)
	switch {
	case newest == 0 && g.asOf != 0 && g.r.Source == FromKnown: // no date is needed to know what is there
	case newest == 0:
		return talent.Invalid("source", g.r.Source, "has nothing to go by: there are no %s", of)
	case g.asOf < oldest:
		return talent.Invalid("as_of", strconv.Itoa(g.asOf), "lies before the data: the oldest %s are of %d", of, oldest)
	case g.asOf > newest:
		return talent.Invalid("as_of", strconv.Itoa(g.asOf), "lies after the data: the newest %s are of %d", of, newest)
	}
	for y := g.asOf + 1; y <= g.asOf+g.r.Years; y++ {
		g.years = append(g.years, y)
	}
	return nil
}

// last is the last future year.
func (g *futureGapper) last() int { return g.asOf + g.r.Years }

// at is the place of a year among the future ones, or -1.
func (g *futureGapper) at(year int) int {
	if year <= g.asOf || year > g.last() {
		return -1
	}
	return year - g.asOf - 1
}

// forecaster reads records by the rules of a forecast, so that what is known and what is foreseen
// are told apart alike.
func (g *futureGapper) forecaster() *forecaster {
	r := &ForecastRequest{Source: FromDemands, RegionAt: g.r.RegionAt, Period: "month", Filter: g.r.Filter}
	if g.r.By != "" {
		r.By = []string{g.r.By}
	}
	return &forecaster{m: g.m, s: g.s, r: r}
}
