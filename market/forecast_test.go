package market

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"talentmatch/store"
	"talentmatch/talent"
)

// forecastMarket posts, each month of 2023 to 2025, 2 heads of 焊工 in 佛山 and in 广州 as many
// as the month's number, and one demand without a date.
func forecastMarket() string {
	var b strings.Builder
	b.WriteString(`{"type":"organization","id":"e1","name":"甲厂","kind":"enterprise","region":"440605"}
{"type":"occupation","id":"o.welder","name":"焊工"}
{"type":"demand","id":"undated","employer":"e1","title":"焊工","region":"440605","headcount":50}
`)
	for n := range 36 {
		month := fmt.Sprintf("%d-%02d", 2023+n/12, n%12+1)
		fmt.Fprintf(&b, `{"type":"demand","id":"f.%s","employer":"e1","title":"焊工","occupation":"o.welder","region":"440600","headcount":2,"posted":"%s-05","status":"closed"}`+"\n", month, month)
		fmt.Fprintf(&b, `{"type":"demand","id":"g.%s","employer":"e1","title":"教师","region":"440100","headcount":%d,"posted":"%s-28"}`+"\n", month, n%12+1, month)
	}
	return b.String()
}

func forecastOf(t *testing.T, m *Market, r ForecastRequest) *ForecastAnswer {
	t.Helper()
	a, err := m.Forecast(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (a *ForecastAnswer) item(t *testing.T, id string) *ForecastItem {
	t.Helper()
	for i := range a.Items {
		if a.Items[i].ID == id {
			return &a.Items[i]
		}
	}
	t.Fatalf("no item %s", id)
	return nil
}

func TestForecastDemandsByHand(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "f.ndjson", forecastMarket()))
	a := forecastOf(t, m, ForecastRequest{Source: FromDemands, By: []string{"region"}, RegionAt: "prefecture", Horizon: 12, History: true})
	if a.Meta.Undated != 1 || a.Meta.Series != 4 || a.Items[0].ID != "total" {
		t.Fatalf("undated %d, series %d", a.Meta.Undated, a.Meta.Series)
	}
	f, g, all, province := a.item(t, "region=440600"), a.item(t, "region=440100"), a.item(t, "total"), a.item(t, "region=440000")
	if f.Names["region"] != "佛山市" || f.Start != "2023-01" || len(f.History) != 36 || *f.History[5] != 2 || *g.History[35] != 12 || *all.History[35] != 14 || all.Parts != 2 {
		t.Errorf("佛山 %+v, 广州 ends with %v", f, *g.History[35])
	}
	for h := range 12 {
		if f.Steps[h].Period != fmt.Sprintf("2026-%02d", h+1) {
			t.Errorf("step %d is %s", h, f.Steps[h].Period)
		}
		near(t, "佛山 goes on", f.Steps[h].Mean, 2, 0.05)
		if v := g.Steps[h].Mean; math.Abs(v-float64(h+1)) > 1 {
			t.Errorf("广州 in month %d: %v", h+1, v)
		}
		near(t, "total", all.Steps[h].Mean, f.Steps[h].Mean+g.Steps[h].Mean, 1e-9)
		near(t, "province", province.Steps[h].Mean, all.Steps[h].Mean, 1e-9)
	}
	if !all.Agrees || !f.Agrees || a.Meta.Reconciled == "" {
		t.Error("sums were not made to agree")
	}
	// One who is placed in the province itself.
	importFiles(t, m, writeFile(t, "p.ndjson", `{"type":"demand","id":"p","employer":"e1","title":"焊工","region":"440000","headcount":7,"posted":"2025-12-30"}`))
	b := forecastOf(t, m, ForecastRequest{Source: FromDemands, By: []string{"region"}, RegionAt: "prefecture", Horizon: 1, History: true})
	if p, own := b.item(t, "region=440000"), b.item(t, "region=440000,itself"); p.Parts != 3 || *p.History[35] != 21 || *own.History[35] != 7 {
		t.Errorf("province %v, itself %v", *p.History[35], *own.History[35])
	}
	// Whole numbers that still add up.
	a = forecastOf(t, m, ForecastRequest{Source: FromDemands, By: []string{"occupation", "region"}, RegionAt: "prefecture", Horizon: 3, Counts: true})
	total := a.item(t, "total").Steps[0].Mean
	if sum := a.item(t, "occupation=-,region=440100").Steps[0].Mean + a.item(t, "occupation=o.welder,region=440600").Steps[0].Mean; total != sum || total != math.Trunc(total) {
		t.Errorf("total %v of %v", total, sum)
	}
	// Quarters, a filter, a range, one total.
	a = forecastOf(t, m, ForecastRequest{Source: FromDemands, Period: "quarter", Filter: ForecastFilter{Region: []string{"佛山"}}, Until: "2025-Q2", History: true, Horizon: 2})
	if it := a.Items[0]; len(a.Items) != 1 || len(it.History) != 10 || *it.History[9] != 6 || it.Steps[0].Period != "2025-Q3" || math.Abs(it.Steps[0].Mean-6) > 0.1 {
		t.Errorf("%+v", a.Items)
	}
	if _, err := m.Forecast(context.Background(), ForecastRequest{Source: FromDemands, From: "0001-01", Until: "9999-12"}); !errors.Is(err, talent.ErrInvalid) {
		t.Errorf("ten thousand years: %v", err)
	}
	// By skill a demand counts once for each: the answer says so, in both languages.
	a = forecastOf(t, m, ForecastRequest{Source: FromDemands, By: []string{"skill"}, Horizon: 1})
	if !slices.ContainsFunc(a.Meta.Notes, func(n string) bool { return strings.Contains(n, "sums of skills are of mentions") }) || len(a.Meta.NotesZH) != len(a.Meta.Notes) {
		t.Errorf("%v %v", a.Meta.Notes, a.Meta.NotesZH)
	}
	// A year that is not over is left out.
	importFiles(t, m, writeFile(t, "new.ndjson", `{"type":"demand","id":"new","employer":"e1","title":"焊工","region":"440605","headcount":9,"posted":"2026-02-01"}`))
	a = forecastOf(t, m, ForecastRequest{Source: FromDemands, Period: "year", History: true, Horizon: 1})
	if it := a.Items[0]; len(it.History) != 3 || it.Steps[0].Period != "2026" || *it.History[0] != 24+78 || *it.History[2] != 24+78+7 || len(a.Meta.Notes) == 0 {
		t.Errorf("%+v %v", a.Items, a.Meta.Notes)
	}
}

const forecastSeriesRecords = `{"type":"series","id":"all","measure":"postings","keys":{"region":"440000"},"start":"2015","values":[30,33,36,39,42,45,48,51,54,57]}
{"type":"series","id":"fs","measure":"postings","keys":{"region":"440600"},"start":"2015","values":[10,11,12,13,14,15,16,17,18,19]}
{"type":"series","id":"gz","measure":"postings","keys":{"region":"440100"},"start":"2015","values":[20,22,24,26,28,30,32,34,36,38]}
{"type":"series","id":"other","measure":"employment","keys":{"region":"440600"},"start":"2015-Q1","period":"quarter","values":[5,4,6,5,4,6,5,4,6,5]}
{"type":"series","id":"short","measure":"employment","keys":{"region":"440100"},"start":"2015","values":[5]}
`

func TestForecastSeriesRecords(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "s.ndjson", forecastSeriesRecords))
	a := forecastOf(t, m, ForecastRequest{})
	if a.Meta.Series != 4 || len(a.Meta.Failed) != 1 || !strings.Contains(a.Meta.Failed[0].Message, `"short" has 1 value;`) || a.Meta.Horizon["year"] != 5 || a.Meta.Horizon["quarter"] != 8 {
		t.Fatalf("%+v", a.Meta)
	}
	all, fs, gz := a.item(t, "all"), a.item(t, "fs"), a.item(t, "gz")
	if all.Parts != 2 || fs.Steps[0].Period != "2025" || a.item(t, "other").Steps[0].Period != "2017-Q3" {
		t.Errorf("%+v", all)
	}
	for h := range all.Steps {
		near(t, "sum", all.Steps[h].Mean, fs.Steps[h].Mean+gz.Steps[h].Mean, 1e-9)
	}
	if fs.Steps[0].Mean < 19 || fs.Steps[0].Mean > 21 {
		t.Errorf("佛山 goes from 19 to %v", fs.Steps[0].Mean)
	}
	// Not the sum: left as it is, and said.
	importFiles(t, m, writeFile(t, "t.ndjson", strings.Replace(strings.Split(forecastSeriesRecords, "\n")[0], "57]", "99]", 1)))
	if a = forecastOf(t, m, ForecastRequest{}); a.item(t, "all").Agrees || !strings.Contains(strings.Join(a.Meta.Notes, "\n"), "all is not the sum of fs, gz") {
		t.Errorf("%v", a.Meta.Notes)
	}
	// Pages are the whole.
	var ids []string
	for cursor := ""; ; {
		a := forecastOf(t, m, ForecastRequest{Limit: 3, Cursor: cursor})
		for _, it := range a.Items {
			ids = append(ids, it.ID)
		}
		if cursor = a.NextCursor; cursor == "" {
			break
		}
	}
	if strings.Join(ids, " ") != "all fs gz other" {
		t.Errorf("pages have %v", ids)
	}
	// Two sums that do not add up are noted in the same order every time.
	importFiles(t, m, writeFile(t, "u.ndjson", `{"type":"series","id":"u1","measure":"u","keys":{"region":"440000"},"start":"2015","values":[1,2,3,4]}
{"type":"series","id":"u2","measure":"u","keys":{"region":"440600"},"start":"2015","values":[1,2,3,5]}
{"type":"series","id":"u3","measure":"v","keys":{"region":"440000"},"start":"2015","values":[1,2,3,4]}
{"type":"series","id":"u4","measure":"v","keys":{"region":"440600"},"start":"2015","values":[1,2,3,-5]}`))
	notes := fmt.Sprint(forecastOf(t, m, ForecastRequest{}).Meta.Notes)
	for range 8 {
		if again := fmt.Sprint(forecastOf(t, m, ForecastRequest{}).Meta.Notes); again != notes || strings.Count(again, "is not the sum") != 3 {
			t.Fatalf("%s, then %s", notes, again)
		}
	}
	for _, id := range []string{"u1", "u2", "u3", "u4"} {
		if err := m.Delete(context.Background(), talent.TypeSeries, id, store.Any); err != nil {
			t.Fatal(err)
		}
	}
	// The same thing said twice is not ours to choose from.
	importFiles(t, m, writeFile(t, "twice.ndjson", `{"type":"series","id":"again","measure":"postings","keys":{"region":"440600"},"start":"2016","values":[1,2,3]}`))
	if _, err := m.Forecast(context.Background(), ForecastRequest{}); !errors.Is(err, talent.ErrInvalid) || !strings.Contains(err.Error(), "fs") || !strings.Contains(err.Error(), "again") {
		t.Errorf("twice: %v", err)
	}
	if a := forecastOf(t, m, ForecastRequest{IDs: []string{"fs", "gz"}}); a.Meta.Series != 2 {
		t.Errorf("%d series of two ids", a.Meta.Series)
	}
	_, err := m.Forecast(context.Background(), ForecastRequest{Measure: "posting"})
	var bad *talent.InvalidError
	if !errors.As(err, &bad) || bad.Fields[0].Path != "measure" {
		t.Errorf("a measure that no series has: %v", err)
	}
}

func TestForecastValuesAndBadRequests(t *testing.T) {
	m := openMarket(t)
	v := func(values ...float64) (out []*float64) {
		for _, x := range values {
			out = append(out, &x)
		}
		return out
	}
	a := forecastOf(t, m, ForecastRequest{Values: []ForecastInput{{ID: "熟练", Start: "2024-11", Values: append(v(1, 2, 3), nil, v(5)[0])}, {ID: "plain", Values: v(4, 4, 4)}}, Horizon: 2, History: true})
	if it := a.item(t, "熟练"); it.Filled != 1 || it.Steps[1].Period != "2025-05" || it.History[3] != nil {
		t.Errorf("%+v", it)
	}
	late := forecastOf(t, m, ForecastRequest{Values: []ForecastInput{{ID: "late", Start: "2020", Values: append(v(1, 2, 3, 4), nil, nil)}}, Horizon: 1})
	if it := late.Items[0]; it.Steps[0].Period != "2024" {
		t.Errorf("gaps at the end shift the forecast to %s", it.Steps[0].Period)
	}
	if it := a.item(t, "plain"); it.Steps[0].Period != "+1" || it.Steps[1].Mean != 4 {
		t.Errorf("%+v", it)
	}
	for field, r := range map[string]ForecastRequest{
		"source": {Source: "guess"}, "horizon": {Horizon: 1001}, "by": {Source: FromDemands, By: []string{"colour"}}, "ids": {IDs: []string{"none"}},
		"until": {Source: FromDemands, Until: "2025"}, "values[1].id": {Values: []ForecastInput{{ID: "a", Values: v(1, 2, 3)}, {ID: "a", Values: v(1, 2, 3)}}},
		"values[0].start": {Values: []ForecastInput{{ID: "a", Start: "2025-13", Values: v(1, 2, 3)}}}, "filter.region": {Filter: ForecastFilter{Region: []string{"nowhere"}}},
		"measure": {Source: FromDemands, Measure: "x"}, "cursor": {Cursor: "x"}, "period": {Source: FromDemands, Period: "week"}, "limit": {Limit: 5000},
	} {
		_, err := m.Forecast(context.Background(), r)
		var bad *talent.InvalidError
		if !errors.As(err, &bad) || bad.Fields[0].Path != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if a := forecastOf(t, m, ForecastRequest{Source: FromDemands}); len(a.Items) != 0 {
		t.Errorf("an empty store: %+v", a.Items)
	}
}

func TestForecastReportIsMadeAgain(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "f.ndjson", forecastMarket()+forecastSeriesRecords))
	for _, r := range []ForecastRequest{{History: true}, {Source: FromDemands, By: []string{"region"}, Counts: true}} {
		report, a, err := m.ReportForecast(context.Background(), r, nil)
		if err != nil {
			t.Fatal(err)
		}
		var file bytes.Buffer
		if err := report.Write(&file); err != nil {
			t.Fatal(err)
		}
		again, err := m.Replay(context.Background(), file.Bytes())
		if err != nil || !again.Same {
			t.Errorf("replay: %+v, %v", again, err)
		}
		var one, two, rows, lines bytes.Buffer
		if err := errors.Join(WriteForecastWorkbook(&one, a), WriteForecastWorkbook(&two, a), WriteForecastCSV(&rows, a), WriteForecastNDJSON(&lines, a)); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(one.Bytes(), two.Bytes()) || one.Len() < 5000 {
			t.Errorf("workbooks of %d and %d bytes differ", one.Len(), two.Len())
		}
		steps := 0
		for _, it := range a.Items {
			steps += len(it.Steps)
		}
		var first ForecastItem
		if strings.Count(rows.String(), "\n") != 1+steps || strings.Count(lines.String(), "\n") != len(a.Items) || json.Unmarshal(lines.Bytes()[:bytes.IndexByte(lines.Bytes(), '\n')], &first) != nil || first.ID != a.Items[0].ID {
			t.Errorf("CSV has %d lines for %d steps", strings.Count(rows.String(), "\n"), steps)
		}
	}
}

func TestPeriods(t *testing.T) {
	for s, want := range map[string]string{"2025": "year 2025", "2025-Q4": "quarter 2025-Q4", "2025Q1": "quarter 2025-Q1", "2025-12": "month 2025-12"} {
		if u, n, ok := parsePeriod(s); !ok || string(u)+" "+u.label(n) != want {
			t.Errorf("%s: %v %v %v", s, u, n, ok)
		}
	}
	for _, s := range []string{"", "25", "2025-13", "2025-Q5", "2025-1", "2025-01-01", "abcd", "2025-00", "-001", "+025", "2025-+1", "2025012"} {
		if _, _, ok := parsePeriod(s); ok {
			t.Errorf("%q was taken", s)
		}
	}
}

// near fails unless two numbers agree to a tolerance.
func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}
