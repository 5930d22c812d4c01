package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"

	"talentmatch/market"
	"talentmatch/talent/interchange"
)

// forecastCmd forecasts the rows of a file, or what a store holds.
//
// Of a file the CSV has the header of forecastColumns: the series' name as it came, steps
// from 1, numbers unrounded. Of a store csv has the columns that market.WriteForecastCSV says,
// ndjson a market.ForecastItem a line, json the whole answer; --save keeps a market.Report, which
// talentmatch replay makes again.
type forecastCmd struct {
	Input    string `placeholder:"FILE" help:"Series as CSV without a header: a name, then values, oldest first; rows may differ in length; - is standard input."`
	Encoding string `enum:",utf-8,gb18030" default:"" placeholder:"ENC" help:"utf-8 or gb18030, where telling them apart goes wrong."`
	Horizon  int    `placeholder:"H" help:"How many values ahead, 1..1000. Needed with --input; else 18 months, 8 quarters, 5 years."`
	Season   []int  `sep:"," placeholder:"S,..." help:"With --input: values in a period: 12 for months, 4 for quarters, 24,168 for hours (24, 48 and 96 bring their week along); 1 for none."`
	Counts   bool   `help:"The values are counts: whole numbers, not below 0."`
	Threads  int    `default:"0" help:"With --input: threads; 0: one a core. The answer is the same."`

	Data     string   `placeholder:"DIR" env:"TALENTMATCH_DATA" help:"Data folder (${env}): forecast what it holds."`
	Source   string   `enum:"series,demands" default:"series" help:"series records, or heads of demands by the period in which they were posted."`
	Series   []string `name:"series" placeholder:"ID,..." help:"These series records alone."`
	Measure  string   `placeholder:"NAME" help:"Series of this measure alone."`
	By       []string `placeholder:"DIM[,DIM]" help:"Tell demands apart by skill, occupation, region, industry, education; none: one total."`
	RegionAt string   `enum:"province,prefecture,region" default:"province" help:"How far regions of demands are rolled up: province, prefecture or region."`
	Period   string   `enum:"month,quarter,year" default:"month" help:"Of demands: month, quarter or year."`
	From     string   `placeholder:"PERIOD" help:"First period of demands counted."`
	Until    string   `placeholder:"PERIOD" help:"Last period of demands counted."`
	Filter   []string `sep:"none" placeholder:"DIM=VALUE" help:"Take only what has the value: skill, occupation, region, industry."`
	Separate bool     `help:"Do not make sums and parts agree."`
	Limit    int      `placeholder:"N" help:"Series shown, 1..1000; by default 50 in a table, else 1000."`
	Cursor   string   `help:"Go on where an earlier answer ended."`
	Format   string   `enum:",table,csv,ndjson,json" default:"" help:"table (default of a store), csv (of a file), ndjson or json."`
	keepFlags
}

var forecastColumns = []string{"id", "h", "mean", "lo80", "hi80", "lo95", "hi95"}

// Help says what comes out, and how.
func (*forecastCmd) Help() string {
	return `Examples:

  talentmatch forecast --input openings.csv --horizon 12 --season 12 > forecasts.csv
  talentmatch forecast --input hourly.csv --horizon 48 --season 24,168
  talentmatch forecast --data DIR --measure postings
  talentmatch forecast --data DIR --source demands --by occupation,region --period quarter

Each series is forecast by some twenty methods, now and as if it had ended earlier; what they
got wrong then decides their weights, for all series together and for each by itself, and
how wide the intervals of 80 and 95 % are. So what is forecast together should be of one kind.

In a file an empty cell between values is a gap, which is filled. A row that can not be read is
named on standard error and the command fails (exit 1) after the others are written.`
}

// Run forecasts a file or a store.
func (c *forecastCmd) Run(s *session) error {
	switch {
	case c.Input != "" && c.Horizon == 0:
		return usage("missing flags: --horizon=H")
	case c.Input != "" && c.Format != "" && c.Format != "csv":
		return usage("--format %s belongs to --data: a file's forecasts are csv", c.Format)
	case c.Input != "" && c.Save+c.XLSX != "":
		return usage("--save and --xlsx belong to --data")
	case c.Input != "" && c.ofStore() != "":
		return usage("%s belongs to --data: a file is forecast as it is", c.ofStore())
	case c.Input != "":
		return c.file(s)
	case c.Data == "":
		return usage("missing flags: --input=FILE or --data=DIR")
	case len(c.Season) > 0:
		return usage("--season belongs to --input: the records say what their periods are")
	case c.Threads != 0 || c.Encoding != "":
		return usage("--threads and --encoding belong to --input")
	}
	return c.store(s)
}

// ofStore names a flag that was given and means nothing for a file.
func (c *forecastCmd) ofStore() string {
	for _, f := range []struct {
		name  string
		given bool
	}{
		{"--source", c.Source != "series"}, {"--series", len(c.Series) > 0}, {"--measure", c.Measure != ""}, {"--by", len(c.By) > 0}, {"--region-at", c.RegionAt != "province"},
		{"--period", c.Period != "month"}, {"--from", c.From != ""}, {"--until", c.Until != ""}, {"--filter", len(c.Filter) > 0}, {"--separate", c.Separate},
		{"--limit", c.Limit != 0}, {"--cursor", c.Cursor != ""}, {"--lang", c.Lang != "en"},
	} {
		if f.given {
			return f.name
		}
	}
	return ""
}

// store forecasts what the store holds.
func (c *forecastCmd) store(s *session) (err error) {
	values, err := fieldValues("--filter", c.Filter, forecastDimensions)
	if err != nil {
		return err
	}
	m, err := (dataFlag{c.Data}).open(s)
	if err != nil {
		return err
	}
	defer closing(m, &err)
	r := market.ForecastRequest{Source: c.Source, IDs: c.Series, Measure: c.Measure, By: c.By, From: c.From, Until: c.Until, Horizon: c.Horizon,
		Counts: c.Counts, Separate: c.Separate, History: true, Limit: c.Limit, Cursor: c.Cursor, RegionAt: c.RegionAt, Period: c.Period,
		Filter: forecastFilter(values)}
	if r.Limit == 0 && (c.Format == "" || c.Format == "table") {
		r.Limit = 50
	}
	bar := s.progress("forecasting", false)
	defer bar.done()
	report, answer, err := m.ReportForecast(s.ctx, r, func(done, of int) { bar.set(int64(done), int64(of)) })
	if err != nil {
		return asked(err)
	}
	if err := deliver(s, c.keepFlags, c.Format, report, answer, forms[*market.ForecastAnswer]{market.WriteForecastWorkbook, market.WriteForecastCSV, market.WriteForecastNDJSON, writeForecasts}); err != nil {
		return err
	}
	c.notes(s, answer)
	return nil
}

// notes says what the forecasts are of as a whole.
func (c *forecastCmd) notes(s *session, a *market.ForecastAnswer) {
	say := func(en, zh string, args ...any) {
		if c.Lang == "zh" {
			en = zh
		}
		s.note(en, args...)
	}
	say("%d of %d series", "%[2]d 条序列中的 %[1]d 条", len(a.Items), a.Meta.Series)
	if a.Meta.Undated > 0 {
		say("%d demands do not say when they were posted, and are left out", "%d 个需求未注明发布日期，不计入", a.Meta.Undated)
	}
	for _, f := range a.Meta.Failed {
		say("%[1]s", "%[2]s", f.Message, failedInChinese(f.Message))
	}
	for k, n := range a.Meta.Notes {
		zh := n
		if k < len(a.Meta.NotesZH) {
			zh = a.Meta.NotesZH[k]
		}
		say("%[1]s", "%[2]s", n, zh)
	}
	if a.NextCursor != "" {
		say("more with --cursor %s", "更多：--cursor %s", a.NextCursor)
	}
}

var tooShort = regexp.MustCompile(`^series (.+) has (\d+) values?; at least (\d+) are needed$`)

// failedInChinese says why a series was not forecast; what is seldom is said in English.
func failedInChinese(message string) string {
	if m := tooShort.FindStringSubmatch(message); m != nil {
		return fmt.Sprintf("序列 %s 只有 %s 个值，至少需要 %s 个", m[1], m[2], m[3])
	}
	return message
}

// file forecasts the rows of the input.
func (c *forecastCmd) file(s *session) error {
	rows, bad, err := c.read()
	if err != nil {
		return err
	}
	bar := s.progress("forecasting", false)
	defer bar.done()
	o := market.ForecastOptions{Horizon: c.Horizon, Seasons: c.Season, Counts: c.Counts, Workers: c.Threads}
	out, errs, err := market.ForecastRows(s.ctx, rows, o, func(done, of int) { bar.set(int64(done), int64(of)) })
	if err != nil {
		return asked(err)
	}
	w := csv.NewWriter(s.out)
	if err := w.Write(forecastColumns); err != nil {
		return err
	}
	for i, f := range out {
		if f == nil {
			bad = append(bad, fmt.Errorf("%s: %w", c.Input, errs[i]))
			continue
		}
		for h := range f.Mean {
			row := []string{rows[i].ID, strconv.Itoa(h + 1), number(f.Mean[h]), number(f.Lo80[h]), number(f.Hi80[h]), number(f.Lo95[h]), number(f.Hi95[h])}
			if err := w.Write(row); err != nil {
				return err
			}
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return err
	}
	return failed(s, bad, "rows were not forecast")
}

func (c *forecastCmd) read() ([]market.SeriesRow, []error, error) {
	name, in := c.Input, io.Reader(os.Stdin)
	if name == "-" {
		name = "standard input"
	} else {
		file, err := os.Open(name)
		if err != nil {
			return nil, nil, err
		}
		defer file.Close() // only read
		in = file
	}
	text, err := interchange.ReadText(in, name, c.Encoding)
	if err != nil {
		return nil, nil, err
	}
	rows, bad := market.ReadSeriesRows(text, name)
	if len(rows) == 0 && len(bad) == 0 {
		return nil, nil, fmt.Errorf("%s: has no series", name)
	}
	return rows, bad, nil
}

// maxTold bounds how many bad rows are named.
const maxTold = 100

// failed names what went wrong with some rows after the others were written.
func failed(s *session, bad []error, what string) error {
	if len(bad) == 0 {
		return nil
	}
	for i, err := range bad {
		if i == maxTold {
			s.note("and %d more", len(bad)-i)
			break
		}
		s.note("%v", err)
	}
	return errors.New(strconv.Itoa(len(bad)) + " " + what)
}
