package market

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"talentmatch/talent"
)

// Four yearly series of openings up to 2021. s.steady never changes, s.ends has no successor.
const backtestSeries = `{"type":"series","id":"s.grow","measure":"openings","keys":{"region":"440600"},"period":"year","start":"2019","values":[10,12,16]}
{"type":"series","id":"s.steady","measure":"openings","keys":{"region":"440100"},"period":"year","start":"2019","values":[5,5,5]}
{"type":"series","id":"s.ends","measure":"openings","keys":{"region":"440300"},"period":"year","start":"2019","values":[1,2,3]}
`

// What came: two more years, of s.ends nothing.
const backtestCame = `{"type":"series","id":"s.grow","measure":"openings","keys":{"region":"440600"},"period":"year","start":"2019","values":[10,12,16,22,32]}
{"type":"series","id":"s.steady","measure":"openings","keys":{"region":"440100"},"period":"year","start":"2019","values":[5,5,5,6,5]}
`

func foreseenItem(id string, steps ...ForecastStep) ForecastItem {
	return ForecastItem{ID: id, Period: "year", Start: "2019", Steps: steps, Names: map[string]string{"region": "佛山市"}}
}

// writtenForecast is a forecast of these series as somebody might have kept it in 2021.
func writtenForecast(t *testing.T, m *Market, items ...ForecastItem) *Report {
	t.Helper()
	if err := m.Prepare(context.Background()); err != nil { // without it nothing is known of the skill space
		t.Fatal(err)
	}
	v, err := m.Versions(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	r := ForecastRequest{Limit: 100}
	if err := r.complete(); err != nil {
		t.Fatal(err)
	}
	report, err := NewReport("forecast", r, ForecastAnswer{Items: items, Meta: ForecastMeta{Series: len(items), Versions: v}})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func backtestOf(t *testing.T, m *Market, r BacktestRequest) *BacktestAnswer {
	t.Helper()
	r.Limit = 100
	a, err := m.Backtest(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func keptReports(reports ...*Report) (out []BacktestReport) {
	for _, r := range reports {
		out = append(out, BacktestReport{Report: r})
	}
	return out
}

// said shows numbers to four decimals by field.
func said(of any) string {
	var out []string
	for _, n := range numbersOf(of) {
		switch v := n.value.(type) {
		case nil:
			out = append(out, n.field+" -")
		case float64:
			out = append(out, fmt.Sprintf("%s %v", n.field, math.Round(v*1e4)/1e4+0))
		default:
			out = append(out, fmt.Sprintf("%s %v", n.field, v))
		}
	}
	return strings.Join(out, ", ")
}

func codes(notes []BacktestNote) string {
	var out []string
	for _, n := range notes {
		if n.ZH == "" || n.EN == "" {
			out = append(out, "(silent)")
		}
		out = append(out, n.Code)
	}
	return strings.Join(out, " ")
}

// keptIn2021 is a market with the series up to 2021 and the forecast that was kept then.
func keptIn2021(t *testing.T) (*Market, *Report) {
	t.Helper()
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "past.ndjson", backtestSeries))
	flat := []ForecastStep{{"2022", 5, 5, 5, 5, 5}, {"2023", 5, 5, 5, 5, 5}, {"2024", 5, 5, 5, 5, 5}}
	return m, writtenForecast(t, m,
		foreseenItem("s.grow", ForecastStep{"2022", 20, 18, 22, 16, 24}, ForecastStep{"2023", 24, 21, 27, 18, 30}, ForecastStep{"2024", 28, 20, 36, 10, 46}),
		foreseenItem("s.steady", flat...), foreseenItem("s.ends", flat...), foreseenItem("s.gone", flat...))
}

func TestBacktestForecastByHand(t *testing.T) {
	m, report := keptIn2021(t)
	importFiles(t, m, writeFile(t, "came.ndjson", backtestCame))
	a := backtestOf(t, m, BacktestRequest{Reports: []BacktestReport{{Name: "2021年预测", Report: report}}})
	it := a.Items[0]
	f := it.Forecast
	// s.grow: 22 and 32 came of 20 and 24. sMAPE 200*2/42 and 200*8/56; Naive2 says 16: 200*6/38 and
	// 200*16/48. The past moves by 3 a year: MASE 5/3, Naive2's 11/3. OWA the mean of 19.0476/49.1228 and
	// 5/11. MSIS (8 + 12 + 40*2)/2/3. 22 lies on the edge of 18..22, 32 outside 18..30. 54 came, 44 were foreseen.
	grow := f.Series[0]
	want := "series 1, values 2, smape 19.0476, smape_naive2 49.1228, mase 1.6667, mase_naive2 3.6667, owa 0.4212, msis 16.6667, coverage80 0.5, coverage95 0.5, bias -5, bias_share -0.1852"
	if got := said(grow.Accuracy); got != want || grow.ID != "s.grow" || grow.Known != 3 {
		t.Errorf("%s\n got %s\nwant %s", grow.ID, got, want)
	}
	// s.steady has no scale: 6 and 5 came of 5, 5: 200/11/2. It is as good as Naive2, whatever that is worth.
	want = "series 1, values 2, smape 9.0909, smape_naive2 9.0909, mase -, mase_naive2 -, owa -, msis -, coverage80 0.5, coverage95 0.5, bias -0.5, bias_share -0.0909"
	if got := said(f.Series[1].Accuracy); got != want {
		t.Errorf("%s\n got %s\nwant %s", f.Series[1].ID, got, want)
	}
	// Both: means of the two sMAPE; scaled measures are s.grow's. 65 came, 54 were foreseen.
	want = "series 2, values 4, smape 14.0693, smape_naive2 29.1069, mase 1.6667, mase_naive2 3.6667, owa 0.4212, msis 16.6667, coverage80 0.5, coverage95 0.5, bias -2.75, bias_share -0.1692"
	if got := said(f.Accuracy); got != want {
		t.Errorf("all\n got %s\nwant %s", got, want)
	}
	// 2024 is not over for three series; s.ends lacks 2022 and 2023; s.gone has three steps.
	if f.NoData != (BacktestNoData{NotOver: 3, Ended: 2, Gone: 3}) || f.Rest != 0 || len(f.Series) != 4 {
		t.Errorf("no data %+v, rest %d", f.NoData, f.Rest)
	}
	// One step ahead: 20 and 5 for 22 and 6.
	if got := said(f.ByStep[0]); len(f.ByStep) != 2 || got != "step 1, values 2, smape 13.8528, smape_naive2 24.8804, coverage80 0.5, coverage95 0.5, bias_share -0.1071" {
		t.Errorf("%d steps, %s", len(f.ByStep), got)
	}
	last := grow.Steps[2]
	if last.None != noneNotOver || last.Came != nil || last.In80 != nil || *last.Naive2 != 16 || f.Series[2].Steps[0].None != noneEnded || f.Series[3].Steps[2].None != noneGone {
		t.Errorf("%+v, %+v", last, f.Series[3])
	}
	if it.Source != "2021年预测" || codes(it.Notes) != "" || it.Versions.Data >= a.Meta.Versions.Data {
		t.Errorf("%s: %s", it.Source, codes(it.Notes))
	}
}

// TestBacktestUntil: what is over can be said, and then a missing value is an end.
func TestBacktestUntil(t *testing.T) {
	m, report := keptIn2021(t)
	importFiles(t, m, writeFile(t, "came.ndjson", backtestCame))
	for until, want := range map[string]BacktestNoData{
		"2022-12": {NotOver: 6, Ended: 1, Gone: 3}, "2022-11": {NotOver: 9, Gone: 3}, "2024": {Ended: 5, Gone: 3}, "2023-Q4": {NotOver: 3, Ended: 2, Gone: 3},
	} {
		f := backtestOf(t, m, BacktestRequest{Reports: keptReports(report), Until: until}).Items[0].Forecast
		if f.NoData != want {
			t.Errorf("until %s: %+v, want %+v", until, f.NoData, want)
		}
	}
}

// TestBacktestTooEarly: a report that nothing has come of yet is not perfect.
func TestBacktestTooEarly(t *testing.T) {
	m, report := keptIn2021(t)
	a := backtestOf(t, m, BacktestRequest{Reports: keptReports(report)})
	it := a.Items[0]
	if codes(it.Notes) != "unchanged nothing" || it.Forecast.Accuracy.SMAPE != nil || it.Forecast.Accuracy.Values != 0 || len(it.Forecast.ByStep) != 0 || it.Source != "report 1" {
		t.Errorf("%s, %+v", codes(it.Notes), it.Forecast.Accuracy)
	}
}

// TestBacktestHistory: the past is the one that the report knew, and revisions are counted.
func TestBacktestHistory(t *testing.T) {
	m, _ := keptIn2021(t)
	ten, eleven, sixteen := 10., 11., 16.
	x := foreseenItem("s.grow", ForecastStep{"2022", 20, 18, 22, 16, 24})
	x.History = []*float64{&ten, &eleven, &sixteen} // moves by 1 and 5; 11 is 12 now
	report := writtenForecast(t, m, x)
	importFiles(t, m, writeFile(t, "came.ndjson", backtestCame))
	it := backtestOf(t, m, BacktestRequest{Reports: keptReports(report)}).Items[0]
	if s := it.Forecast.Series[0]; s.Revised != 1 || codes(it.Notes) != "revised" || round6(*s.Accuracy.MASE) != round6(2./3) {
		t.Errorf("%+v, %s", s, codes(it.Notes))
	}
}

// TestBacktestAsOf: what is said to have been forecast at a date is what a store that ended there
// forecasts; and 2 heads a month came as foreseen.
func TestBacktestAsOf(t *testing.T) {
	whole, then := openMarket(t), openMarket(t)
	importFiles(t, whole, writeFile(t, "f.ndjson", forecastMarket()))
	var until2024 []string
	for line := range strings.Lines(forecastMarket()) {
		if !strings.Contains(line, `"posted":"2025`) {
			until2024 = append(until2024, line)
		}
	}
	importFiles(t, then, writeFile(t, "f.ndjson", strings.Join(until2024, "")))
	r := ForecastRequest{Source: FromDemands, By: []string{"region"}, RegionAt: "prefecture", Horizon: 9}
	a := backtestOf(t, whole, BacktestRequest{AsOf: []string{"2024-12", "2025-06"}, Forecast: &r})
	want := forecastOf(t, then, r)
	first := a.Items[0].Forecast
	if len(a.Items) != 2 || len(first.Series) != len(want.Items) || *first.Origins != (BacktestOriginCount{Series: 4, Forecast: 4}) {
		t.Fatalf("%d items, %+v", len(a.Items), first.Origins)
	}
	for _, s := range first.Series {
		for h, step := range want.item(t, s.ID).Steps {
			if s.Steps[h].ForecastStep != step {
				t.Errorf("%s: %+v, the forecast was %+v", s.ID, s.Steps[h].ForecastStep, step)
			}
		}
		if s.ID == "region=440600" && (*s.Accuracy.SMAPE > 1e-9 || *s.Accuracy.Coverage80 != 1 || math.Abs(*s.Accuracy.Bias) > 1e-9 || s.Known != 24 || s.Names["region"] != "佛山市" || *s.Steps[0].Came != 2) {
			t.Errorf("%+v", s)
		}
	}
	// Of nine months after June 2025 six are over.
	if n := a.Items[1].Forecast; n.NoData.NotOver != 3*4 || n.Accuracy.Values != 6*4 || a.Items[1].Source != "2025-06" || codes(a.Items[1].Notes) != "hindsight" {
		t.Errorf("%+v, %s", n.NoData, codes(a.Items[1].Notes))
	}
}

// TestBacktestAsOfSeries: of four series one begins later, one had ended, one is too short then.
func TestBacktestAsOfSeries(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "s.ndjson", `{"type":"series","id":"a","period":"year","start":"2015","values":[4,4,4,4,4,4]}
{"type":"series","id":"later","keys":{"region":"440100"},"period":"year","start":"2019","values":[1,2]}
{"type":"series","id":"ended","keys":{"region":"440300"},"period":"year","start":"2012","values":[1,2,3]}
{"type":"series","id":"short","keys":{"region":"440600"},"period":"year","start":"2017","values":[1,2,3]}
`))
	for as, want := range map[string]BacktestOriginCount{
		"2018": {Series: 4, Forecast: 1, NotYet: 1, EndedBefore: 1, Failed: 1}, "2018-11": {Series: 4, Forecast: 1, NotYet: 1, EndedBefore: 1, Failed: 1},
	} {
		f := backtestOf(t, m, BacktestRequest{AsOf: []string{as}}).Items[0].Forecast
		if *f.Origins != want || len(f.Failed) != 1 || f.Failed[0].ID != "short" || f.Series[0].ID != "a" {
			t.Errorf("%s: %+v %+v", as, f.Origins, f.Failed)
		}
		values := 2 // 2019, 2020
		if as == "2018-11" {
			values = 3 // and 2018, which is not over in November
		}
		if f.Accuracy.Values != values || *f.Accuracy.Bias != 0 {
			t.Errorf("%s: %+v", as, f.Accuracy)
		}
	}
}

// Skills 手焊, 手切, 手漆 and a name that no taxonomy knows; 2027 asks 10, 5, 2 and 1 heads and has 6,
// 8, 2 and no graduates. 手雕 is asked by one demand of which nobody will say what came.
const backtestGapMarket = `{"type":"organization","id":"e1","name":"甲厂","kind":"enterprise","region":"440605"}
{"type":"organization","id":"s1","name":"丙校","kind":"college","region":"440605"}
{"type":"skill","id":"t.weld","name":"手焊"}
{"type":"skill","id":"t.cut","name":"手切"}
{"type":"skill","id":"t.paint","name":"手漆"}
{"type":"skill","id":"t.carve","name":"手雕"}
{"type":"demand","id":"d1","employer":"e1","title":"焊工","region":"440605","headcount":10,"start":"2027-09","skills":[{"skill":"t.weld"}]}
{"type":"demand","id":"d2","employer":"e1","title":"切工","region":"440605","headcount":5,"start":"2027-09","skills":[{"skill":"t.cut"}]}
{"type":"demand","id":"d3","employer":"e1","title":"漆工","region":"440605","headcount":2,"start":"2027-09","skills":[{"skill":"t.paint"}]}
{"type":"demand","id":"d4","employer":"e1","title":"炉工","region":"440605","headcount":1,"start":"2027-09","skills":[{"name":"看火候"}]}
{"type":"demand","id":"d5","employer":"e1","title":"雕工","region":"440605","headcount":3,"start":"2027-09","skills":[{"skill":"t.carve"}]}
{"type":"demand","id":"d6","employer":"e1","title":"焊工","region":"440605","headcount":8,"start":"2028-09","skills":[{"skill":"t.weld"}]}
{"type":"program","id":"p1","school":"s1","name":"焊接","region":"440605","education":"associate","cohorts":[{"year":2027,"graduates":6}],"skills":[{"skill":"t.weld"}]}
{"type":"program","id":"p2","school":"s1","name":"切割","region":"440605","education":"associate","cohorts":[{"year":2027,"graduates":8}],"skills":[{"skill":"t.cut"}]}
{"type":"program","id":"p3","school":"s1","name":"涂装","region":"440605","education":"associate","cohorts":[{"year":2027,"graduates":2}],"skills":[{"skill":"t.paint"}]}
`

// What came: 7 welders of 10, all cutters, nobody for d3 in time but 2 a year later; three painters
// more were asked and 1 came; d4 is marked filled; divers were asked whom the report did not have.
const backtestGapCame = `{"type":"outcome","demand":"d1","program":"p1","year":2027,"hired":7}
{"type":"outcome","demand":"d2","program":"p2","year":2027,"hired":5}
{"type":"outcome","demand":"d3","program":"p3","year":2028,"hired":2}
{"type":"skill","id":"t.dive","name":"潜水"}
{"type":"demand","id":"d7","employer":"e1","title":"漆工","region":"440605","headcount":3,"start":"2027-10","status":"closed","skills":[{"skill":"t.paint"}]}
{"type":"outcome","demand":"d7","program":"p3","year":2027,"hired":1}
{"type":"demand","id":"d8","employer":"e1","title":"潜水员","region":"440605","headcount":4,"start":"2027-11","status":"filled","skills":[{"skill":"t.dive"}]}
{"type":"demand","id":"d9","employer":"e1","title":"潜水员","region":"440605","headcount":6,"skills":[{"skill":"t.dive"}]}
{"type":"demand","id":"d4","employer":"e1","title":"炉工","region":"440605","headcount":1,"start":"2027-09","status":"filled","skills":[{"name":"看火候"}]}
`

func keptGaps(t *testing.T, m *Market, r GapRequest) *Report {
	t.Helper()
	r.Limit = max(r.Limit, 1)
	report, _, err := m.ReportGaps(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestBacktestGapsByHand(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "past.ndjson", backtestGapMarket))
	report := keptGaps(t, m, GapRequest{By: []string{"skill"}, Limit: 100, Filter: GapFilter{Year: []string{"2027"}}})
	importFiles(t, m, writeFile(t, "came.ndjson", backtestGapCame))
	it := backtestOf(t, m, BacktestRequest{Reports: keptReports(report)}).Items[0]
	g := it.Gaps
	// Gaps 4, 3, 1, 0, -3 of 手焊, 手雕, 看火候, 手漆, 手切. d5 has no outcome, so 手雕 is no data.
	var cells []string
	for _, c := range g.Listed {
		cells = append(cells, fmt.Sprintf("%s %v %s: %s", c.Names["skill"], *c.Gap, c.None, said(c)))
	}
	want := []string{
		"手焊 4 : demand 10, gap 4, gap_at_level 4, effective_gap 4, p_shortage -, asked 10, hired 7, unfilled 3, silent 0, withdrawn 0, rank 1, rank_came 2",
		"手雕 3 no_outcome: demand 3, gap 3, gap_at_level 3, effective_gap 3, p_shortage -, asked -, hired -, unfilled -, silent 3, withdrawn 0, rank 0, rank_came 0",
		"看火候 1 : demand 1, gap 1, gap_at_level 1, effective_gap 1, p_shortage -, asked 1, hired 1, unfilled 0, silent 0, withdrawn 0, rank 2, rank_came 3",
		"手漆 0 : demand 2, gap 0, gap_at_level 0, effective_gap 0, p_shortage -, asked 5, hired 1, unfilled 4, silent 0, withdrawn 0, rank 3, rank_came 1",
		"手切 -3 : demand 5, gap -3, gap_at_level -3, effective_gap -3, p_shortage -, asked 5, hired 5, unfilled 0, silent 0, withdrawn 0, rank 4, rank_came 3",
	}
	if fmt.Sprint(cells) != fmt.Sprint(want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(cells, "\n"), strings.Join(want, "\n"))
	}
	// Gaps 4, 1, 0, -3 and unfilled 3, 0, 4, 0. Of 6 pairs 3 agree, 2 do not, 1 is equal in what came:
	// 1/sqrt(6*5). Ranks 4 3 2 1 and 3 1.5 4 1.5: 1/sqrt(5*4.5). Foreseen short: 手焊
	// and 看火候; came short: 手焊 and 手漆. 2 of 4 are among those that came by chance: 1. Shortage less
	// unfilled: 1, 1, -4, 0.
	if got := said(g.Scores[0]); got != "cells 4, kendall_tau_b 0.1826, spearman 0.2108, shortages 2, came 2, both 1, top 2, hits 1, hits_by_chance 1, bias -0.5, mae 1.5, coverage80 -, coverage95 -, brier -, brier_base -" || g.Scores[0].Of != "gap" || len(g.Scores) != 3 {
		t.Errorf("%d scores, %s %s", len(g.Scores), g.Scores[0].Of, got)
	}
	// Each demand once: 10 + 5 + 2 + 1 + 3 + 3 + 4 heads; d6 starts in 2028, and d9, which says no
	// start, was not counted by the report.
	if got := said(g.Came); got != "demands 7, told 6, asked 28, hired 18, late 2, unfilled 10, silent 3, withdrawn 0, no_start 0" {
		t.Errorf("came %s", got)
	}
	if got := said(g.Cells); got != "foreseen 5, scored 4, no_gap 0, not_over 0, not_asked 0, no_outcome 1, unknown_key 0" {
		t.Errorf("cells %s", got)
	}
	// Over the four cells: 18 foreseen, 21 asked.
	if got := said(g.Demand); got != "cells 4, foreseen 18, asked 21, bias -0.75, mae 0.75, coverage80 -, coverage95 -" {
		t.Errorf("demand %s", got)
	}
	// A new skill makes another taxonomy.
	if got := said(g.Unforeseen); got != "cells 1, asked 4" || codes(it.Notes) != "taxonomy silent" && codes(it.Notes) != "taxonomy skill_space silent" {
		t.Errorf("unforeseen %s, notes %s", got, codes(it.Notes))
	}
	// The one largest that came is 手漆, and 手焊 was foreseen.
	if s := backtestOf(t, m, BacktestRequest{Reports: keptReports(report), Top: 1}).Items[0].Gaps.Scores[0]; s.Top != 1 || s.Hits != 0 || *s.ByChance != 0.25 {
		t.Errorf("top 1: %+v", s)
	}
}

// TestBacktestWithdrawn: nine heads that nobody asks for any more, as their demand was closed and no
// outcome says anything of it, are told apart; what is asked and unfilled is as it was.
func TestBacktestWithdrawn(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "past.ndjson", backtestGapMarket))
	report := keptGaps(t, m, GapRequest{By: []string{"skill"}, Limit: 100, Filter: GapFilter{Year: []string{"2027"}}})
	importFiles(t, m, writeFile(t, "came.ndjson", backtestGapCame+`{"type":"demand","id":"d10","employer":"e1","title":"焊工","region":"440605","headcount":9,"start":"2027-05","status":"closed","skills":[{"skill":"t.weld"}]}`))
	it := backtestOf(t, m, BacktestRequest{Reports: keptReports(report)}).Items[0]
	if got := said(it.Gaps.Came); got != "demands 7, told 6, asked 28, hired 18, late 2, unfilled 10, silent 3, withdrawn 9, no_start 0" || !strings.Contains(codes(it.Notes), "withdrawn") {
		t.Errorf("came %s, notes %s", got, codes(it.Notes))
	}
	if c := it.Gaps.Listed[0]; c.Withdrawn != 9 || *c.Asked != 10 || *c.Unfilled != 3 {
		t.Errorf("%+v", c)
	}
}

// TestBacktestRefusesWritten: numbers that no forecast has are refused by their path.
func TestBacktestRefusesWritten(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "came.ndjson", backtestCame))
	good := ForecastStep{Period: "2022", Mean: 5, Lo80: 4, Hi80: 6, Lo95: 3, Hi95: 7}
	step := func(change func(s *ForecastStep)) ForecastItem {
		s := good
		change(&s)
		return foreseenItem("s.grow", s)
	}
	huge := 1.7e308
	past := foreseenItem("s.grow", good)
	past.History = []*float64{&huge}
	for says, items := range map[string][]ForecastItem{
		"reports[0].answer.items[1].id: stands there twice (got s.grow)":         {foreseenItem("s.grow", good), foreseenItem("s.grow", good)},
		"reports[0].answer.items[0].steps[0].lo80: lies above hi80, 6 (got 6.5)": {step(func(s *ForecastStep) { s.Lo80 = 6.5 })},
		"reports[0].answer.items[0].steps[0].lo95: lies above hi95, 2 (got 3)":   {step(func(s *ForecastStep) { s.Hi95 = 2 })},
		"reports[0].answer.items[0].steps[0].mean: is too large (got 1.7e+308)":  {step(func(s *ForecastStep) { s.Mean = huge })},
		"reports[0].answer.items[0].steps[0].hi95: is too large (got 1.7e+308)":  {step(func(s *ForecastStep) { s.Hi95 = huge })},
		"reports[0].answer.items[0].history: is too large (got 1.7e+308)":        {past},
	} {
		if _, err := m.Backtest(context.Background(), BacktestRequest{Reports: keptReports(writtenForecast(t, m, items...))}); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("want %q, got %v", says, err)
		}
	}
	// The largest that are taken make an answer that can be written.
	a, err := m.Backtest(context.Background(), BacktestRequest{Reports: keptReports(writtenForecast(t, m, step(func(s *ForecastStep) { s.Mean, s.Hi80, s.Hi95 = 1e100, 1e100, 1e100 })))})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := json.Marshal(a); err != nil {
		t.Error(err)
	}
}

// TestBacktestAsOfLate: what lies after the data is not zero but unknown. Series end with 2023, the
// newest whole month of postings is 2026-03: the fourth is not over.
func TestBacktestAsOfLate(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "came.ndjson", backtestCame))
	var b strings.Builder
	b.WriteString(strings.Join(strings.SplitAfter(pipelineMarket, "\n")[:5], ""))
	for n := range 16 {
		fmt.Fprintf(&b, `{"type":"demand","id":"a%02d","employer":"e1","title":"焊工","region":"440605","headcount":5,"posted":"%d-%02d-15"}`+"\n", n, 2025+n/12, n%12+1)
	}
	importFiles(t, m, writeFile(t, "posted.ndjson", b.String()))
	demands := func() *ForecastRequest { return &ForecastRequest{Source: FromDemands} }
	for _, tt := range []struct {
		r    BacktestRequest
		says string
	}{
		{BacktestRequest{AsOf: []string{"2023"}}, ""},
		{BacktestRequest{AsOf: []string{"2022", "2024"}}, "as_of: lies after the last whole period that is known, which ends in 2023-12 (got 2024)"},
		{BacktestRequest{AsOf: []string{"2026-03"}, Forecast: demands()}, ""},
		{BacktestRequest{AsOf: []string{"2026-04"}, Forecast: demands()}, "as_of: lies after the last whole period that is known, which ends in 2026-03 (got 2026-04)"},
		{BacktestRequest{AsOf: []string{"2026-02"}, Until: "2026-01", Forecast: demands()}, "as_of: lies after the last whole period that is known, which ends in 2026-01"},
	} {
		a, err := m.Backtest(context.Background(), tt.r)
		if tt.says == "" && err != nil || tt.says != "" && (err == nil || !strings.Contains(err.Error(), tt.says)) {
			t.Errorf("want %q, got %v", tt.says, err)
		}
		if err == nil {
			want := "series   map[year:5]"
			if tt.r.Forecast != nil {
				want = "demands province month map[month:18]"
			}
			f := a.Meta.Forecast
			if got := fmt.Sprint(f.Source, " ", f.RegionAt, " ", f.Period, " ", f.Horizon); got != want {
				t.Errorf("what was forecast: %s, want %s", got, want)
			}
		}
	}
}

// TestBacktestFutureByHand: of the future gap of pipelineMarket by occupation, 2027 is over. Of welders 12 were
// foreseen, with a gap of -4; 18 were asked and 13 hired. Of the others 4 were foreseen, and the gap was as large; 4 were
// asked and 1 hired. d3 was closed, and
// d7, which begins in no year, is in no cell.
func TestBacktestFutureByHand(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "pipeline.ndjson", pipelineMarket))
	kept := func(r FutureGapRequest) *Report {
		t.Helper()
		report, _, err := m.ReportFutureGap(context.Background(), r)
		if err != nil {
			t.Fatal(err)
		}
		return report
	}
	report := kept(FutureGapRequest{By: "occupation", Source: FromKnown, Scenarios: []Scenario{scenarioOf(t, `{"delay":{"demand":"d1","months":12}}`)}})
	all := kept(FutureGapRequest{Source: FromKnown})
	importFiles(t, m, writeFile(t, "came.ndjson", `{"type":"outcome","demand":"d1","program":"p1","year":2027,"hired":9}
{"type":"outcome","demand":"d5","program":"p1","year":2027,"hired":1}
{"type":"demand","id":"d8","employer":"e1","title":"焊工","region":"440605","occupation":"o.welder","headcount":6,"posted":"2027-02-01","start":"2027-10","skills":[{"skill":"t.weld"}]}
{"type":"outcome","demand":"d8","program":"p1","year":2027,"hired":2}
`))
	it := backtestOf(t, m, BacktestRequest{Reports: keptReports(report)}).Items[0]
	g := it.Gaps
	var cells []string
	for _, c := range g.Listed {
		cells = append(cells, fmt.Sprintf("%s %s %s: %s", c.Keys["occupation"], c.Keys["year"], c.None, said(c)))
	}
	later := ": demand %s, gap %s, gap_at_level -, effective_gap %s, p_shortage %s, asked -, hired -, unfilled -, silent 0, withdrawn 0, rank 0, rank_came 0"
	want := []string{
		"- 2027 : demand 4, gap 4, gap_at_level -, effective_gap 4, p_shortage 1, asked 4, hired 1, unfilled 3, silent 0, withdrawn 99, rank 1, rank_came 2",
		"- 2028 not_over" + fmt.Sprintf(later, "0", "0", "0", "0"), "- 2029 not_over" + fmt.Sprintf(later, "0", "0", "0", "0"),
		// P(gap >= .5) of -4 and 1.7889: .005941.
		"o.welder 2027 : demand 12, gap -4, gap_at_level -, effective_gap -2.4, p_shortage 0.0059, asked 18, hired 13, unfilled 5, silent 0, withdrawn 0, rank 2, rank_came 1",
		"o.welder 2028 not_over" + fmt.Sprintf(later, "5", "-13", "-11.2", "0"), "o.welder 2029 not_over" + fmt.Sprintf(later, "0", "-18", "-16.2", "0"),
	}
	if fmt.Sprint(cells) != fmt.Sprint(want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(cells, "\n"), strings.Join(want, "\n"))
	}
	// Gaps 4, -4 and unfilled 3, 5. Shortages 4 and 0 less unfilled: 1 and -5. Neither 3 lies in 4..4 nor 5 in what is cut to
	// 0..0. The Brier score is (0² + .994059²)/2; all came.
	if got := said(g.Scores[0]); len(g.Scores) != 2 || g.Scores[1].Of != "effective_gap" || got != "cells 2, kendall_tau_b -1, spearman -1, shortages 1, came 2, both 1, top 1, hits 1, hits_by_chance 1, bias -2, mae 3, coverage80 0, coverage95 0, brier 0.4941, brier_base 0" {
		t.Errorf("%d scores: %s", len(g.Scores), got)
	}
	if got := said(g.Demand); got != "cells 2, foreseen 16, asked 22, bias -3, mae 3, coverage80 0.5, coverage95 0.5" {
		t.Errorf("demand %s", got)
	}
	if got := said(g.Came); got != "demands 4, told 4, asked 22, hired 14, late 0, unfilled 8, silent 0, withdrawn 99, no_start 0" {
		t.Errorf("came %s", got)
	}
	if n := g.Cells; n.Foreseen != 6 || n.Scored != 2 || n.NotOver != 4 || !strings.Contains(codes(it.Notes), "scenarios known") || g.Unforeseen.Cells != 0 {
		t.Errorf("%+v %s %+v", n, codes(it.Notes), g.Unforeseen)
	}
	// All together, and one year of three.
	g = backtestOf(t, m, BacktestRequest{Reports: keptReports(all), Years: []int{2027}}).Items[0].Gaps
	if got := said(g.Demand); got != "cells 1, foreseen 16, asked 22, bias -6, mae 6, coverage80 0, coverage95 0" || fmt.Sprint(g.Years) != "[2027]" || g.Cells.NotAsked != 2 {
		t.Errorf("%v demand %s, %+v", g.Years, got, g.Cells)
	}
	for says, edit := range map[string][2]string{
		"reports[0].answer.items[0].years[1].year: is not the next of the years of the report": {`"year":2028`, `"year":2027`},
		"reports[0].answer.items[1].key: stands there twice":                                   {`"key":"o.welder"`, `"key":"-"`},
		"reports[0].answer.items[1].years[0].demand: is too large":                             {`"demand":12,`, `"demand":1.7e308,`},
		"reports[0].answer.items[1].years[0].demand_lo80: lies above the upper end, 12":        {`"demand_lo80":12,`, `"demand_lo80":13,`},
	} {
		bad := *report
		if bad.Answer = bytes.Replace(report.Answer, []byte(edit[0]), []byte(edit[1]), 1); bytes.Equal(bad.Answer, report.Answer) {
			t.Fatalf("nothing is edited by %v", edit)
		}
		if _, err := m.Backtest(context.Background(), BacktestRequest{Reports: keptReports(&bad)}); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("want %q, got %v", says, err)
		}
	}
	importFiles(t, m, writeFile(t, "series.ndjson", `{"type":"series","id":"o1","measure":"openings","start":"2020","values":[100,100,100,100,100,100]}`))
	if _, err := m.Backtest(context.Background(), BacktestRequest{Reports: keptReports(kept(FutureGapRequest{Source: FromSeries}))}); err == nil || !strings.Contains(err.Error(), "reports[0].request.source: is not of demands") {
		t.Errorf("of series: %v", err)
	}
}

// TestBacktestGapYears: a report by year scores the years that are over; without years it must
// be told.
func TestBacktestGapYears(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "past.ndjson", backtestGapMarket))
	byYear := keptGaps(t, m, GapRequest{By: []string{"year", "skill"}, Limit: 100})
	plain := keptGaps(t, m, GapRequest{By: []string{"region"}, Limit: 100})
	came := strings.ReplaceAll(backtestGapCame, `"year":2028`, `"year":2027`) // then nothing is known of 2028
	importFiles(t, m, writeFile(t, "came.ndjson", came))
	g := backtestOf(t, m, BacktestRequest{Reports: keptReports(byYear)}).Items[0].Gaps
	if fmt.Sprint(g.Years) != "[2027 2028]" || g.Cells.NotOver != 1 || g.Cells.Scored != 4 || g.Came.Demands != 7 {
		t.Errorf("%v %+v %+v", g.Years, g.Cells, g.Came)
	}
	if g := backtestOf(t, m, BacktestRequest{Reports: keptReports(byYear), Years: []int{2028}, Until: "2028"}).Items[0].Gaps; g.Cells.NotAsked != 5 || g.Cells.NoOutcome != 1 || g.Came.Silent != 8 || g.Came.Told != 0 {
		t.Errorf("%+v %+v", g.Cells, g.Came)
	}
	if _, err := m.Backtest(context.Background(), BacktestRequest{Reports: keptReports(plain)}); !errors.Is(err, talent.ErrInvalid) || !strings.Contains(err.Error(), "years: must say which years reports[0]") {
		t.Errorf("without years: %v", err)
	}
	if g := backtestOf(t, m, BacktestRequest{Reports: keptReports(plain), Years: []int{2027}}).Items[0].Gaps; g.Cells.Scored != 1 || *g.Listed[0].Asked != 28 || g.Came.NoStart != 1 || g.Listed[0].Names["region"] != "广东省" {
		t.Errorf("%+v", g)
	}
	if it := backtestOf(t, m, BacktestRequest{Reports: keptReports(plain), Years: []int{2030}}).Items[0]; it.Gaps.Cells.NotOver != 1 || !strings.Contains(codes(it.Notes), "nothing") {
		t.Errorf("%+v %s", it.Gaps.Cells, codes(it.Notes))
	}
}

// TestBacktestBootstrap: probabilities and intervals of the report are scored. The bootstrap
// itself is the gap report's; here they are written by hand.
func TestBacktestBootstrap(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "past.ndjson", backtestGapMarket))
	report := keptGaps(t, m, GapRequest{By: []string{"skill"}, Limit: 100, Filter: GapFilter{Year: []string{"2027"}, Skill: []string{"t.weld", "t.cut"}}})
	var a GapAnswer
	if err := json.Unmarshal(report.Answer, &a); err != nil {
		t.Fatal(err)
	}
	f := func(v float64) *float64 { return &v }
	// 手焊: 3 heads stay, within 2..5 and -1..8. 手切: none, outside 1..2, and 0 is the cut end of -6..-1.
	a.Items[0].GapLo80, a.Items[0].GapHi80, a.Items[0].GapLo95, a.Items[0].GapHi95, a.Items[0].Shortage = f(2), f(5), f(-1), f(8), f(0.8)
	a.Items[1].GapLo80, a.Items[1].GapHi80, a.Items[1].GapLo95, a.Items[1].GapHi95, a.Items[1].Shortage = f(1), f(2), f(-6), f(-1), f(0.4)
	var err error
	if report.Answer, err = json.Marshal(a); err != nil {
		t.Fatal(err)
	}
	importFiles(t, m, writeFile(t, "came.ndjson", backtestGapCame))
	s := backtestOf(t, m, BacktestRequest{Reports: keptReports(report)}).Items[0].Gaps.Scores[0]
	// .2 squared and .4 squared; one of two came.
	if *s.Coverage80 != 0.5 || *s.Coverage95 != 1 || *s.Brier != 0.1 || *s.BrierBase != 0.25 {
		t.Errorf("%s", said(s))
	}
}

// TestBacktestReplay: a kept backtest is made again with the same bytes, and says what changed
// when more has come.
func TestBacktestReplay(t *testing.T) {
	ctx := context.Background()
	m, forecast := keptIn2021(t)
	importFiles(t, m, writeFile(t, "gaps.ndjson", backtestGapMarket))
	gaps := keptGaps(t, m, GapRequest{By: []string{"skill", "region"}, Limit: 100, Bootstrap: 20, Seed: 4, Filter: GapFilter{Year: []string{"2027"}}})
	importFiles(t, m, writeFile(t, "came.ndjson", backtestCame+backtestGapCame))
	for _, r := range []BacktestRequest{{Reports: keptReports(forecast, gaps), Limit: 3}, {AsOf: []string{"2022"}, Limit: 10}} {
		report, _, err := m.ReportBacktest(ctx, r, nil)
		if err != nil {
			t.Fatal(err)
		}
		var file bytes.Buffer
		if err := report.Write(&file); err != nil {
			t.Fatal(err)
		}
		again, err := m.Replay(ctx, file.Bytes())
		if err != nil || !again.Same || again.Kind != "backtest" {
			t.Fatalf("%+v, %v", again, err)
		}
	}
	report, _, err := m.ReportBacktest(ctx, BacktestRequest{Reports: keptReports(forecast)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := report.Write(&file); err != nil {
		t.Fatal(err)
	}
	importFiles(t, m, writeFile(t, "more.ndjson", strings.Replace(backtestCame, "22,32]", "22,32,40]", 1)))
	again, err := m.Replay(ctx, file.Bytes())
	if err != nil || again.Same || again.Differ == 0 || len(again.Versions) != 1 {
		t.Errorf("%+v, %v", again, err)
	}
}

// TestBacktestDeterministic: neither the order of import nor threads change a byte.
func TestBacktestDeterministic(t *testing.T) {
	var all [][]byte
	lines := strings.SplitAfter(strings.TrimSuffix(backtestGapMarket, "\n"), "\n")
	for turn := range 2 {
		m := openMarket(t)
		text := strings.Join(lines, "") + "\n"
		if turn == 1 {
			var b strings.Builder
			for i := range lines {
				b.WriteString(strings.TrimSuffix(lines[len(lines)-1-i], "\n") + "\n")
			}
			text = b.String()
		}
		importFiles(t, m, writeFile(t, "past.ndjson", text))
		report := keptGaps(t, m, GapRequest{By: []string{"skill"}, Limit: 100, Filter: GapFilter{Year: []string{"2027"}}})
		importFiles(t, m, writeFile(t, "came.ndjson", backtestGapCame))
		b, err := json.Marshal(backtestOf(t, m, BacktestRequest{Reports: keptReports(report)}))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b)
	}
	if !bytes.Equal(all[0], all[1]) {
		t.Errorf("%s\n%s", all[0], all[1])
	}
}

func TestBacktestRefuses(t *testing.T) {
	m, forecast := keptIn2021(t)
	ctx := context.Background()
	importFiles(t, m, writeFile(t, "gaps.ndjson", backtestGapMarket))
	gaps := keptGaps(t, m, GapRequest{By: []string{"skill"}, Limit: 2, Filter: GapFilter{Year: []string{"2027"}}})
	other, _, err := m.ReportMismatch(ctx, DefaultMismatchRequest())
	if err != nil {
		t.Fatal(err)
	}
	changed := func(r *Report, change func(*Report)) []BacktestReport {
		c := *r
		change(&c)
		return keptReports(&c)
	}
	in := func(raw json.RawMessage, was, is string) json.RawMessage {
		if !strings.Contains(string(raw), was) {
			t.Fatalf("no %s in %s", was, raw)
		}
		return json.RawMessage(strings.Replace(string(raw), was, is, 1))
	}
	for _, tt := range []struct {
		name string
		r    BacktestRequest
		want string
	}{
		{"nothing", BacktestRequest{}, "reports: must name a report"},
		{"both", BacktestRequest{Reports: keptReports(forecast), AsOf: []string{"2022"}}, "as_of: belongs to a backtest without reports"},
		{"another kind", BacktestRequest{Reports: keptReports(forecast, other)}, "reports[1].kind: must be one of forecast, gaps"},
		{"another format", BacktestRequest{Reports: changed(forecast, func(r *Report) { r.Format = 7 })}, "reports[0].format: must be 1"},
		{"no report", BacktestRequest{Reports: keptReports(nil)}, "reports[0].report: is missing"},
		{"a name twice", BacktestRequest{Reports: []BacktestReport{{"去年", forecast}, {"去年", gaps}}}, "reports[1].name: names two reports"},
		{"a forecast that is a gap report", BacktestRequest{Reports: changed(gaps, func(r *Report) { r.Kind = "forecast" })}, "reports[0].request: is not what"},
		{"an answer of another kind", BacktestRequest{Reports: changed(forecast, func(r *Report) { r.Answer = gaps.Answer })}, "reports[0].answer: is not what"},
		{"periods that jump", BacktestRequest{Reports: changed(forecast, func(r *Report) { r.Answer = in(r.Answer, `"2023"`, `"2025"`) })}, "reports[0].answer.items[0].steps[1].period: is not the next year"},
		{"other periods", BacktestRequest{Reports: changed(forecast, func(r *Report) { r.Answer = in(r.Answer, `"2022"`, `"2022-01"`) })}, "steps[0].period: is not the next year"},
		{"no dates", BacktestRequest{Reports: changed(forecast, func(r *Report) { r.Answer = in(r.Answer, `"2022"`, `"+1"`) })}, "steps[0].period: is not the next year"},
		{"values of its own", BacktestRequest{Reports: changed(forecast, func(r *Report) { r.Request = in(r.Request, `"values":null`, `"values":[{"id":"a","values":[1,2,3]}]`) })}, "reports[0].request.values: came with the request"},
		{"a dimension less", BacktestRequest{Reports: changed(gaps, func(r *Report) { r.Answer = in(r.Answer, `"keys":{"skill":`, `"keys":{"skills":`) })}, "reports[0].answer.items[0].keys: lacks the dimension skill"},
		{"a cell twice", BacktestRequest{Reports: changed(gaps, func(r *Report) { r.Answer = in(r.Answer, "t.carve", "t.weld") })}, "reports[0].answer.items[1].keys: stand there twice"},
		{"a bad request inside", BacktestRequest{Reports: changed(gaps, func(r *Report) { r.Request = in(r.Request, `["skill"]`, `["mood"]`) })}, "reports[0].request.by: must be one of"},
		{"years of no cell", BacktestRequest{Reports: keptReports(gaps), Years: []int{2040}}, "years: has none of the years of reports[0]: [2027]"},
		{"a year", BacktestRequest{Reports: keptReports(gaps), Years: []int{27}}, "years: must be from 1900"},
		{"until", BacktestRequest{Reports: keptReports(gaps), Until: "soon"}, "until: must be YYYY"},
		{"top", BacktestRequest{Reports: keptReports(gaps), Top: -1}, "top: must be from 1"},
		{"limit", BacktestRequest{Reports: keptReports(gaps), Limit: 1001}, "limit: must be from 0"},
		{"a request beside reports", BacktestRequest{Reports: keptReports(forecast), Forecast: &ForecastRequest{}}, "forecast: belongs to as_of"},
		{"a date", BacktestRequest{AsOf: []string{"2022-13"}}, "as_of: must be YYYY"},
		{"a date twice", BacktestRequest{AsOf: []string{"2022", "2022-12"}}, "as_of: is named twice"},
		{"years of forecasts", BacktestRequest{AsOf: []string{"2022"}, Years: []int{2023}}, "years: belongs to gap reports"},
		{"until of forecasts", BacktestRequest{AsOf: []string{"2022"}, Forecast: &ForecastRequest{Source: FromDemands, Until: "2022-01"}}, "forecast.until: is what as_of says"},
		{"values", BacktestRequest{AsOf: []string{"2022"}, Forecast: &ForecastRequest{Values: []ForecastInput{{ID: "a"}}}}, "forecast.values: are not in the store"},
		{"a dimension", BacktestRequest{AsOf: []string{"2022"}, Forecast: &ForecastRequest{Source: FromDemands, By: []string{"mood"}}}, "by: must be one of"},
		{"an unknown series", BacktestRequest{AsOf: []string{"2022"}, Forecast: &ForecastRequest{IDs: []string{"nobody"}}}, "ids: there is no such series"},
	} {
		if _, err := m.Backtest(ctx, tt.r); !errors.Is(err, talent.ErrInvalid) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
	// A page is scored, and said to be one.
	if it := backtestOf(t, m, BacktestRequest{Reports: keptReports(gaps)}).Items[0]; !strings.Contains(codes(it.Notes), "page") || it.Gaps.Unforeseen != nil {
		t.Errorf("%s %+v", codes(it.Notes), it.Gaps.Unforeseen)
	}
}

// TestBacktestWritten: every number is in the CSV, and the workbook has the sheets that have rows.
func TestBacktestWritten(t *testing.T) {
	m, forecast := keptIn2021(t)
	importFiles(t, m, writeFile(t, "gaps.ndjson", backtestGapMarket))
	gaps := keptGaps(t, m, GapRequest{By: []string{"skill"}, Limit: 100, Filter: GapFilter{Year: []string{"2027"}}})
	importFiles(t, m, writeFile(t, "came.ndjson", backtestCame+backtestGapCame))
	a := backtestOf(t, m, BacktestRequest{Reports: []BacktestReport{{"预测", forecast}, {"缺口", gaps}}})
	var text, lines, book, again bytes.Buffer
	if err := WriteBacktestCSV(&text, a); err != nil {
		t.Fatal(err)
	}
	for _, row := range []string{
		"预测,forecast,series,s.grow,佛山市,,msis,16.666666666667\n", "预测,forecast,value,s.grow,佛山市,2023,came,32\n", "预测,forecast,value,s.grow,佛山市,2024,came,\n", "预测,forecast,value,s.grow,佛山市,2022,in80,true\n",
		"缺口,gaps,cell,skill=t.weld,手焊,,unfilled,3\n", "缺口,gaps,score,gap,,,hits,1\n", "缺口,gaps,unforeseen,,,,asked,4\n",
	} {
		if !strings.Contains(text.String(), row) {
			t.Errorf("no %q in\n%s", row, text.String())
		}
	}
	if err := WriteBacktestNDJSON(&lines, a); err != nil || strings.Count(lines.String(), "\n") != 2 {
		t.Errorf("%v\n%s", err, lines.String())
	}
	for _, b := range []*bytes.Buffer{&book, &again} {
		if err := WriteBacktestWorkbook(b, a); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(book.Bytes(), again.Bytes()) {
		t.Error("two workbooks of one answer differ")
	}
	f, err := excelize.OpenReader(&book)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want := []string{"概要 Summary", "预测精度 Forecast accuracy", "按步 By step", "序列 Series", "各期 Periods", "缺口评分 Gap scores", "单元格 Cells", "实际情况 What came", "须知 Notes", "图表 Charts", "说明 Definitions"}
	if got := f.GetSheetList(); !reflect.DeepEqual(got, want) {
		t.Errorf("sheets %v", got)
	}
	for _, name := range want[1:8] {
		rows, err := f.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, en := range rows[1] {
			if rows[0][i] == "" {
				t.Errorf("%s: column %s has no Chinese heading", name, en)
			}
		}
	}
	for _, d := range BacktestDefinitions {
		if d.ZH == "" || d.EN == "" {
			t.Errorf("%s is not defined in both languages", d.Field)
		}
	}
}
