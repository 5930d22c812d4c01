package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"talentmatch/market"
	"talentmatch/talent"
)

// backtestCmd scores kept reports, or forecasts as of an earlier date, against what the store
// says now. csv has the rows that market.WriteBacktestCSV says, ndjson a market.BacktestItem a
// line, both with what they were computed from (market.Report.CSV), json the whole answer. --save keeps a market.Report with the scored reports in it, which
// talentmatch replay makes again.
type backtestCmd struct {
	dataFlag
	Reports []string `arg:"" optional:"" name:"report" help:"Reports of forecast, gaps or future-gaps that --save kept."`

	AsOf     []string `name:"as-of" placeholder:"PERIOD,..." help:"Instead of reports: forecast as if the store ended with each of these periods, YYYY-MM (YYYY, YYYY-Qn)."`
	Source   string   `enum:",series,demands" default:"" placeholder:"SOURCE" help:"With --as-of: series records, or heads of demands as they were posted (the default with --by)."`
	By       []string `placeholder:"DIM[,DIM]" help:"With --as-of: tell demands apart by skill, occupation, region, industry, education."`
	Series   []string `placeholder:"ID,..." help:"With --as-of: these series records alone."`
	Measure  string   `placeholder:"NAME" help:"With --as-of: series of this measure alone."`
	RegionAt string   `enum:",province,prefecture,region" default:"" placeholder:"LEVEL" help:"With --as-of: how far regions of demands are rolled up: province (default), prefecture or region."`
	Period   string   `enum:",month,quarter,year" default:"" placeholder:"PERIOD" help:"With --as-of: of demands: month (default), quarter or year."`
	Horizon  int      `placeholder:"H" help:"With --as-of: periods ahead; default 18 months, 8 quarters, 5 years."`
	Filter   []string `sep:"none" placeholder:"DIM=VALUE" help:"With --as-of: take only what has the value: skill, occupation, region, industry."`
	Counts   bool     `help:"With --as-of: whole numbers, not below 0."`

	Year   []int  `placeholder:"YEAR,..." help:"Score gap reports by these years; needed for one that tells no years apart and has no filter of them."`
	Until  string `placeholder:"PERIOD" help:"The last period that is over; default: what the records say."`
	Top    int    `default:"10" help:"Of how many of the largest shortages it is said whether they came, 1..1000."`
	Limit  int    `default:"10" help:"Series or cells listed a report, 0..1000."`
	Format string `enum:"table,csv,ndjson,json" default:"table" help:"table, csv, ndjson or json."`
	keepFlags
}

// Help says what the numbers are.
func (*backtestCmd) Help() string {
	var b strings.Builder
	b.WriteString(`How well was foreseen what came? Keep reports when they are made, and score them later:

  talentmatch forecast --data DIR --source demands --by region --save 2026.json
  talentmatch backtest --data DIR 2026.json

A report of future-gaps (--source demands or known; without its scenarios) is scored year by year as the years end: its
demand with its intervals against the heads asked, its gaps with theirs against the heads that stayed unfilled. --year
takes some of the years alone.

Without kept reports, forecast as if it were then:

  talentmatch backtest --data DIR --as-of 2024-12,2025-06 --by region

A number that is left empty, or -, is no data, which is not 0, and no data is no miss.

`)
	for _, d := range market.BacktestDefinitions {
		b.WriteString("  " + d.Field + ": " + d.EN + "\n")
	}
	return b.String()
}

// request is what the flags ask for.
func (c *backtestCmd) request() (market.BacktestRequest, error) {
	r := market.BacktestRequest{AsOf: c.AsOf, Years: c.Year, Until: c.Until, Top: c.Top, Limit: c.Limit}
	if c.Top < 1 {
		return r, usage("--top must be at least 1")
	}
	values, err := fieldValues("--filter", c.Filter, forecastDimensions)
	if err != nil {
		return r, err
	}
	if len(c.AsOf) == 0 {
		for _, x := range []struct {
			flag string
			set  bool
		}{
			{"--source", c.Source != ""}, {"--by", len(c.By) > 0}, {"--series", len(c.Series) > 0}, {"--measure", c.Measure != ""}, {"--region-at", c.RegionAt != ""},
			{"--period", c.Period != ""}, {"--horizon", c.Horizon != 0}, {"--filter", len(values) > 0}, {"--counts", c.Counts},
		} {
			if x.set {
				return r, usage("%s belongs to --as-of: a kept report has its own request", x.flag)
			}
		}
		r.Reports, err = c.read()
		return r, err
	}
	if len(c.Reports) > 0 {
		return r, usage("--as-of takes no reports: it makes its own")
	}
	source := c.Source
	if source == "" && len(c.By) > 0 {
		source = market.FromDemands
	}
	r.Forecast = &market.ForecastRequest{Source: source, IDs: c.Series, Measure: c.Measure, By: c.By, RegionAt: c.RegionAt, Period: c.Period, Horizon: c.Horizon, Counts: c.Counts,
		Filter: forecastFilter(values)}
	return r, nil
}

// read reads the kept reports; each is called as its file, by the path as given where two files of different
// folders are called alike.
func (c *backtestCmd) read() ([]market.BacktestReport, error) {
	if len(c.Reports) == 0 {
		return nil, usage("missing a report, or --as-of=PERIOD,...")
	}
	alike := map[string]int{}
	for _, path := range c.Reports {
		alike[filepath.Base(path)]++
	}
	var out []market.BacktestReport
	for _, path := range c.Reports {
		file, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		r, err := market.ReadReport(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		name := filepath.Base(path)
		if alike[name] > 1 {
			name = path
		}
		out = append(out, market.BacktestReport{Name: name, Report: r})
	}
	return out, nil
}

// Run scores.
func (c *backtestCmd) Run(s *session) (err error) {
	request, err := c.request()
	if err != nil {
		return err
	}
	m, err := c.open(s)
	if err != nil {
		return err
	}
	defer closing(m, &err)
	bar := s.progress("scoring", false)
	defer bar.done()
	report, answer, err := m.ReportBacktest(s.ctx, request, func(done, of int) { bar.set(int64(done), int64(of)) })
	if err != nil {
		return c.blame(err)
	}
	return deliver(s, c.keepFlags, c.Format, report, answer, forms[*market.BacktestAnswer]{market.WriteBacktestWorkbook, market.WriteBacktestCSV, market.WriteBacktestNDJSON, writeBacktest})
}

// blame tells a bad flag from a bad file: the file fails the work.
func (c *backtestCmd) blame(err error) error {
	var bad *talent.InvalidError
	if !errors.As(err, &bad) {
		return err
	}
	for i, path := range c.Reports {
		if at := fmt.Sprintf("reports[%d].", i); len(bad.Fields) > 0 && strings.HasPrefix(bad.Fields[0].Path, at) {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return asked(err)
}
