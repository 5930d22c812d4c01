package main

import (
	"fmt"
	"strconv"

	"talentmatch/market/bench"
)

// benchForecastCmd scores forecasts. ndjson has one line a group and method, with the
// fields of bench.ForecastScore.
type benchForecastCmd struct {
	Series  string   `required:"" placeholder:"FILE" help:"Series as JSON lines: id, period or source, season, horizon, train."`
	Actuals string   `placeholder:"FILE" help:"What came after, as JSON lines: id, test. Without it the end of each series is held back."`
	Group   []string `sep:"," placeholder:"NAME,..." help:"Only these periods or sources."`
	Origins int      `default:"2" help:"Without --actuals: how often, a horizon apart, the end is held back; scores are means."`
	Alone   bool     `help:"Forecast each series by itself instead of together with those of its season and horizon."`
	Top     int      `default:"8" help:"Methods shown beside ours, the best first; 0 for all."`
	Threads int      `default:"0" help:"Threads; 0: one a core. The answer is the same."`
	Format  string   `enum:"table,ndjson" default:"table" help:"table or ndjson."`
}

// Help says how scores are counted.
func (*benchForecastCmd) Help() string {
	return `sMAPE, MASE, OWA (against Naive2, ratio of means) and MSIS are those of the M4 competition.
cover is how much of what came lay inside the intervals of 80 and 95 %. snaive is the MSIS of
seasonal naive forecasts with normal intervals on the same series.`
}

// Run measures.
func (c *benchForecastCmd) Run(s *session) error {
	series, err := bench.ReadTestSeries(c.Series, c.Actuals, c.Group)
	if err != nil {
		return err
	}
	if c.Actuals == "" {
		var cut []bench.TestSeries
		for k := c.Origins; k >= 1; k-- {
			one := bench.Cut(series, func(t *bench.TestSeries) int { return k * t.Horizon })
			for i := range one {
				if c.Origins > 1 {
					one[i].ID += fmt.Sprint("@-", k)
				}
			}
			cut = append(cut, one...)
		}
		series = cut
	}
	machine := bench.ThisMachine()
	s.note("%d cores used, %s, %s", machine.GOMAXPROCS, machine.Go, plain(machine.CPU))
	m, err := bench.MeasureForecasts(s.ctx, series, c.Threads, c.Alone)
	if err != nil {
		return err
	}
	s.note("%d series in %.1f s, %.1f ms each; heap %.0f MiB", m.Series, m.Seconds, 1000*m.Seconds/float64(max(1, m.Series)), m.HeapMB)
	t := newTable("", "group", "method", ">series", ">sMAPE", ">MASE", ">OWA", ">cover80", ">cover95", ">MSIS", ">snaive")
	shown := map[string]int{}
	for _, x := range m.Scores {
		if c.Format == "ndjson" {
			if err := s.line(x); err != nil {
				return err
			}
			continue
		}
		if shown[x.Group]++; c.Top > 0 && shown[x.Group] > c.Top+1 {
			continue
		}
		row := []string{x.Group, x.Method, strconv.Itoa(x.Series), fmt.Sprintf("%.3f", x.SMAPE), fmt.Sprintf("%.3f", x.MASE), fmt.Sprintf("%.4f", x.OWA)}
		if x.MSIS > 0 {
			row = append(row, fmt.Sprintf("%.1f", x.Cover80), fmt.Sprintf("%.1f", x.Cover95), fmt.Sprintf("%.2f", x.MSIS), fmt.Sprintf("%.2f", x.NaiveMSIS))
		} else {
			row = append(row, "", "", "", "")
		}
		t.add(row...)
	}
	if c.Format == "table" {
		t.write(s.out)
	}
	return nil
}
