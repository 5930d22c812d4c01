package market

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"talentmatch/talent"
)

// Bounds of a backtest.
const (
	// MostBacktests is how many reports, or how many dates, one request may name.
	MostBacktests = 24
	// MostTop is how many of the largest shortages are looked at most.
	MostTop = 1000
)

// BacktestRequest asks how well reports have foreseen what came: kept reports, or forecasts
// made as if it were an earlier date.
type BacktestRequest struct {
	Reports  []BacktestReport `json:"reports,omitempty"`  // kept reports of kind forecast, gaps or future-gap
	AsOf     []string         `json:"as_of,omitempty"`    // or: the last period that is known, YYYY-MM (YYYY, YYYY-Qn)
	Forecast *ForecastRequest `json:"forecast,omitempty"` // as_of: what is forecast; default: every series record
	Years    []int            `json:"years,omitempty"`    // gaps: score these years alone; required when the report tells no years apart and has no filter of them
	Until    string           `json:"until,omitempty"`    // the last period that is over; default: what the records say
	Top      int              `json:"top"`                // of how many of the largest shortages it is said whether they came, 1..1000; 0 for 10
	Limit    int              `json:"limit"`              // series or cells listed a report, 0..1000; sums have all
}

// BacktestReport is a report with what it is called in the answer.
type BacktestReport struct {
	Name   string  `json:"name"` // "" for the number of the report
	Report *Report `json:"report"`
}

// backtestKinds are the kinds of report that can be scored.
var backtestKinds = []string{"forecast", "gaps", "future-gap"}

// complete fills what is left open and refuses what is wrong.
func (r *BacktestRequest) complete() error {
	r.Top = cmp.Or(r.Top, 10)
	switch {
	case len(r.Reports) > 0 && len(r.AsOf) > 0:
		return talent.Invalid("as_of", r.AsOf[0], "belongs to a backtest without reports")
	case len(r.Reports) == 0 && len(r.AsOf) == 0:
		return talent.Invalid("reports", "", "must name a report, or as_of a date")
	case len(r.Reports) > MostBacktests:
		return talent.Invalid("reports", strconv.Itoa(len(r.Reports)), "must be at most %d", MostBacktests)
	case len(r.AsOf) > MostBacktests:
		return talent.Invalid("as_of", strconv.Itoa(len(r.AsOf)), "must be at most %d dates", MostBacktests)
	case r.Top < 1 || r.Top > MostTop:
		return talent.Invalid("top", strconv.Itoa(r.Top), "must be from 1 to %d", MostTop)
	case r.Limit < 0 || r.Limit > MaxPage:
		return talent.Invalid("limit", strconv.Itoa(r.Limit), "must be from 0 to %d", MaxPage)
	}
	if r.Until != "" {
		if _, ok := lastMonth(r.Until); !ok {
			return talent.Invalid("until", r.Until, "must be YYYY, YYYY-Qn or YYYY-MM")
		}
	}
	if err := r.completeYears(); err != nil {
		return err
	}
	if len(r.AsOf) > 0 {
		return r.completeAsOf()
	}
	if r.Forecast != nil {
		return talent.Invalid("forecast", "", "belongs to as_of: a kept report has its own request")
	}
	return r.completeReports()
}

func (r *BacktestRequest) completeYears() error {
	if len(r.Years) > 0 && len(r.AsOf) > 0 {
		return talent.Invalid("years", strconv.Itoa(r.Years[0]), "belongs to gap reports")
	}
	for _, y := range r.Years {
		if y < 1900 || y > 2200 {
			return talent.Invalid("years", strconv.Itoa(y), "must be from 1900 to 2200")
		}
	}
	if len(r.Years) > 0 {
		r.Years = slices.Compact(slices.Sorted(slices.Values(r.Years)))
	}
	return nil
}

// completeReports gives every report a name of its own.
func (r *BacktestRequest) completeReports() error {
	r.Reports = slices.Clone(r.Reports)
	for i := range r.Reports {
		x := &r.Reports[i]
		field := fmt.Sprintf("reports[%d]", i)
		x.Name = cmp.Or(x.Name, fmt.Sprintf("report %d", i+1))
		if len(x.Name) > 500 {
			return talent.Invalid(field+".name", talent.Shorten(x.Name), "is longer than 500 bytes")
		}
		if slices.ContainsFunc(r.Reports[:i], func(y BacktestReport) bool { return y.Name == x.Name }) {
			return talent.Invalid(field+".name", x.Name, "names two reports")
		}
		if x.Report == nil {
			return talent.Invalid(field+".report", "", "is missing")
		}
		if x.Report.Format != reportFormat {
			return talent.Invalid(field+".format", strconv.Itoa(x.Report.Format), "must be %d", reportFormat)
		}
		if err := oneOf(field+".kind", x.Report.Kind, backtestKinds); err != nil {
			return err
		}
	}
	return nil
}

// completeAsOf checks the dates and what is to be forecast at them.
func (r *BacktestRequest) completeAsOf() error {
	seen := map[int]bool{}
	for _, a := range r.AsOf {
		m, ok := lastMonth(a)
		if !ok {
			return talent.Invalid("as_of", a, "must be YYYY, YYYY-Qn or YYYY-MM")
		}
		if seen[m] {
			return talent.Invalid("as_of", a, "is named twice")
		}
		seen[m] = true
	}
	f := ForecastRequest{}
	if r.Forecast != nil {
		f = *r.Forecast
	}
	r.Forecast = &f
	switch {
	case len(f.Values) > 0:
		return talent.Invalid("forecast.values", "", "are not in the store, so nothing more is known of them")
	case f.Until != "":
		return talent.Invalid("forecast.until", f.Until, "is what as_of says")
	}
	if err := f.complete(); err != nil {
		return err
	}
	return nil
}

// lastMonth is the last month, counted from the year 0, of a period in text.
func lastMonth(period string) (int, bool) {
	u, n, ok := parsePeriod(period)
	if !ok {
		return 0, false
	}
	return u.lastMonth(n), true
}

// lastMonth is the last month of period n.
func (u periodUnit) lastMonth(n int) int { return (n+1)*12/u.parts() - 1 }

// endedBy is the last period that is over at the end of a month.
func (u periodUnit) endedBy(month int) int { return (month+1)*u.parts()/12 - 1 }
