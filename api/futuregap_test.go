package api

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"talentmatch/market"

	"github.com/xuri/excelize/v2"
)

// futureGapExample asks what is known as of 2025, and what if d1 is a year late while auto takes
// more students in.
const futureGapExample = `{"by":"skill","source":"known","as_of":2025,"years":4,"sort":"change","limit":2,"scenarios":[
 {"name":"晚一年","name_en":"a year late","changes":[{"delay":{"demand":"d1","months":12}}]},
 {"name":"扩招","changes":[{"intake":{"program":"auto","add":20,"from_year":2026}}]}]}`

// TestFutureGaps: d1 wants 12 in 2026, of whom 80 graduates of auto are more than enough; a year late it
// meets the same intake repeated. 20 more of 2026 graduate in 2029.
func TestFutureGaps(t *testing.T) {
	c := newClient(t, Options{})
	var a market.FutureGapAnswer
	c.do("POST", "/v1/gaps/future", futureGapExample).want(t, 200, &a)
	if len(a.Items) != 2 || a.NextCursor == "" || a.Meta.AsOf != 2025 {
		t.Fatalf("%+v", a)
	}
	y := a.Items[0].Years
	if *y[0].Demand != 12 || *y[0].Supply != 80 || *y[0].Gap != -68 || *y[0].Scenarios[0].Demand != 0 || *y[1].Scenarios[0].Demand != 12 || *y[1].Assumed != 80 ||
		*y[3].Scenarios[1].SupplyChange != 20 || *y[2].Scenarios[1].SupplyChange != 0 || y[0].Scenarios[0].NameEN != "a year late" {
		t.Errorf("%+v", y)
	}
}

func TestFutureGapFiles(t *testing.T) {
	c := newClient(t, Options{})
	var answer market.FutureGapAnswer
	c.do("POST", "/v1/gaps/future", futureGapExample).want(t, 200, &answer)
	book, err := excelize.OpenReader(bytes.NewReader(c.do("POST", "/v1/gaps/future/workbook", futureGapExample).want(t, 200, nil).body))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if rows, err := book.GetRows("未来缺口 Future gaps"); err != nil || len(rows) != 2+2*4*3 {
		t.Errorf("%d rows (%v)", len(rows), err)
	}
	if body := c.do("POST", "/v1/gaps/future/ndjson", futureGapExample).want(t, 200, nil).body; bytes.Count(body, []byte("\n")) != 2 {
		t.Errorf("%s", body)
	}
	if body := c.do("POST", "/v1/gaps/future/csv", futureGapExample).want(t, 200, nil).body; bytes.Count(body, []byte("\n")) != 25 {
		t.Errorf("%s", body)
	}
	report, err := market.ReadReport(c.do("POST", "/v1/gaps/future/report", futureGapExample).want(t, 200, nil).body)
	if err != nil {
		t.Fatal(err)
	}
	var kept market.FutureGapAnswer
	if err := json.Unmarshal(report.Answer, &kept); err != nil || !reflect.DeepEqual(kept, answer) || report.Kind != "future-gap" {
		t.Errorf("the report holds another answer (%v)", err)
	}
}

func TestFutureGapRefused(t *testing.T) {
	c := newClient(t, Options{})
	for body, want := range map[string]string{
		`{}`: "body.source has nothing to go by",
		`{"source":"known","as_of":2025,"scenarios":{}}`:                                                                     "body.scenarios must be a list",
		`{"source":"known","as_of":2025,"scenarios":[{"name":"x","changes":[{"delay":{"demand":"d9","months":1}}]}]}`:        "body.scenarios[0].changes[0].delay.demand there is no such demand (got d9)",
		`{"source":"known","as_of":2025,"scenarios":[{"name":"x","changes":[{"intake":{"program":"auto","add":"many"}}]}]}`:  "body.scenarios[0].changes[0].intake.add must be a whole number",
		`{"source":"known","as_of":2025,"scenarios":[{"name":"x","changes":[{"postings":{"factor":2}}]}]}`:                   "body.scenarios[0].changes[0].postings needs source demands or series",
		`{"source":"known","as_of":2025,"scenarios":[` + strings.TrimSuffix(strings.Repeat(`{"name":"x"},`, 11), ",") + `]}`: "body.scenarios must have at most 10",
		`{"source":"stars"}`: "body.source must be one of demands, known, series, employment",
	} {
		for _, path := range []string{"/v1/gaps/future", "/v1/gaps/future/csv"} {
			var p Problem
			r := c.do("POST", path, body).want(t, 422, nil)
			if err := json.Unmarshal(r.body, &p); err != nil || len(p.Errors) != 1 || !strings.HasPrefix(p.Errors[0].text(), want) {
				t.Errorf("%s %s: %s", path, body, r.body)
			}
		}
	}
}
