package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"talentmatch/market"

	"github.com/xuri/excelize/v2"
)

// keptGapReport is the body that scores a gap report kept now.
func keptGapReport(t *testing.T, c *client, more string) string {
	t.Helper()
	return `{"reports":[` + string(c.get("/v1/gaps/report?by=skill&year=2026").want(t, http.StatusOK, nil).body) + `]` + more + `}`
}

func backtestJob(t *testing.T, c *client, body string) jobAnswer {
	t.Helper()
	var job jobAnswer
	r := c.do("POST", "/v1/backtests", body).want(t, http.StatusAccepted, &job)
	if r.Header.Get("Location") != "/v1/jobs/"+job.ID || job.Kind != "backtest" {
		t.Errorf("%+v", job)
	}
	if job = finished(t, c, "/v1/jobs/"+job.ID); job.Status != "done" {
		t.Fatalf("%+v %+v", job, job.Error)
	}
	return job
}

// TestBacktestGaps: d1 asks 12 heads for plc and draw in 2026, its outcome says that 4 were hired.
func TestBacktestGaps(t *testing.T) {
	c := newClient(t, Options{})
	at := backtestJob(t, c, keptGapReport(t, c, `,"limit":1,"top":1`)).Result
	var a market.BacktestAnswer
	c.get(at).want(t, http.StatusOK, &a)
	g := a.Items[0].Gaps
	if len(a.Items) != 1 || g.Came.Asked != 12 || g.Came.Hired != 4 || g.Came.Unfilled != 8 || len(g.Listed) != 1 || g.Rest != g.Cells.Foreseen-1 || len(a.Meta.Definitions) == 0 {
		t.Errorf("%+v", g)
	}
	report, err := market.ReadReport(c.get(at+"/report").want(t, http.StatusOK, nil).body)
	if err != nil {
		t.Fatal(err)
	}
	var kept market.BacktestAnswer
	if err := json.Unmarshal(report.Answer, &kept); err != nil || !reflect.DeepEqual(kept, a) || report.Kind != "backtest" {
		t.Errorf("the report holds another answer (%v)", err)
	}
	book, err := excelize.OpenReader(bytes.NewReader(c.get(at+"/workbook").want(t, http.StatusOK, nil).body))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if rows, err := book.GetRows("单元格 Cells"); err != nil || len(rows) != 3 {
		t.Errorf("%d rows (%v)", len(rows), err)
	}
	if body := c.get(at+"/csv").want(t, http.StatusOK, nil).body; !bytes.HasPrefix(body, []byte("source,kind,part,id,name,period,field,value,data_version,taxonomy,skill_space,software,seed,parameters\n")) || !bytes.Contains(body, []byte(",unfilled,8,")) {
		t.Errorf("%s", body)
	}
	if body := c.get(at+"/ndjson").want(t, http.StatusOK, nil).body; bytes.Count(body, []byte("\n")) != 1 {
		t.Errorf("%s", body)
	}
	for _, path := range []string{"/v1/backtests/77", "/v1/backtests/77/report", "/v1/backtests/77/csv", "/v1/backtests/77/workbook"} {
		c.get(path).want(t, http.StatusNotFound, nil)
	}
}

// TestBacktestAsOf: the series goes up by 1 a year until 2022; what is left of 2021 on is scored.
func TestBacktestAsOf(t *testing.T) {
	c := newClient(t, Options{})
	c.do("PUT", "/v1/series/up", `{"type":"series","id":"up","start":"2016","period":"year","values":[1,2,3,4,5,6,7]}`)
	var a market.BacktestAnswer
	c.get(backtestJob(t, c, `{"as_of":["2020","2021-12"],"ids":["up"],"horizon":2}`).Result).want(t, http.StatusOK, &a)
	if len(a.Items) != 2 || a.Items[0].Forecast.Accuracy.Values != 2 || a.Items[1].Forecast.NoData.NotOver != 1 || a.Items[1].Source != "2021-12" || *a.Items[0].Forecast.Series[0].Steps[1].Came != 7 {
		t.Errorf("%+v", a.Items)
	}
}

// TestBacktestBadBodies: every bad value is named by its path.
func TestBacktestBadBodies(t *testing.T) {
	c := newClient(t, Options{})
	other := string(c.get("/v1/mismatch/report?by=region").want(t, http.StatusOK, nil).body)
	for body, want := range map[string]string{
		`{}`: "body.reports must name a report", `{"reports":{}}`: "body.reports must be a list", `{"reports":[{}]}`: "body.reports[0] is no report", `{"reports":[` + other + `]}`: "body.reports[0].kind must be one of forecast, gaps",
		keptGapReport(t, c, `,"by":["skill"]`): "body.as_of is what the fields", keptGapReport(t, c, `,"as_of":["2020"]`): "body.as_of belongs to", keptGapReport(t, c, `,"until":"soon"`): "body.until must be",
		`{"as_of":["soon"]}`: "body.as_of must be YYYY", `{"as_of":["2020"],"by":["year"]}`: "body.by[0] must be one of", `{"as_of":["2020"],"horizon":0}`: "body.horizon must be from 1",
		`{"as_of":["2020"],"top":0}`: "body.top must be from 1", `{"as_of":["2020"],"years":[2020]}`: "body.years belongs to gap reports", `{"as_of":["2020"],"mood":1}`: "body.mood is not a field",
	} {
		r := c.do("POST", "/v1/backtests", body).want(t, http.StatusUnprocessableEntity, nil)
		if !strings.Contains(strings.ReplaceAll(r.text(), `","message":"`, " "), want) {
			t.Errorf("%.80s: %s, want %s", body, r.text(), want)
		}
	}
}
