package api

import (
	"net/http"
	"strings"
	"testing"

	"talentmatch/market"
)

const forecastValuesBody = `{"values":[{"id":"熟练工","start":"2025-01","values":[3,4,null,6,7,8,9,10,11,12]},{"id":"plain","values":[4,4,4]}],"horizon":2,"history":true}`

// TestForecastValues: series that come along are answered at once, page by page.
func TestForecastValues(t *testing.T) {
	c := newClient(t, Options{})
	var a market.ForecastAnswer
	c.do("POST", "/v1/forecasts", forecastValuesBody).want(t, http.StatusOK, &a)
	if len(a.Items) != 2 || a.Items[0].ID != "熟练工" || a.Items[0].Steps[0].Period != "2025-11" || a.Items[0].Filled != 1 || a.Items[1].Steps[1].Mean != 4 {
		t.Fatalf("%+v", a.Items)
	}
	if s := a.Items[0].Steps[0]; !(s.Lo95 <= s.Lo80 && s.Lo80 <= s.Mean && s.Mean <= s.Hi80 && s.Hi80 <= s.Hi95) {
		t.Errorf("%+v", s)
	}
	var first, second market.ForecastAnswer
	c.do("POST", "/v1/forecasts", strings.Replace(forecastValuesBody, `"horizon":2`, `"horizon":2,"limit":1`, 1)).want(t, http.StatusOK, &first)
	c.do("POST", "/v1/forecasts", strings.Replace(forecastValuesBody, `"horizon":2`, `"horizon":2,"limit":1,"cursor":"`+first.NextCursor+`"`, 1)).want(t, http.StatusOK, &second)
	if len(first.Items) != 1 || len(second.Items) != 1 || second.Items[0].ID != "plain" || second.NextCursor != "" {
		t.Errorf("pages %+v and %+v", first.Items, second.Items)
	}
}

// TestForecastJob: everything is a job, whose forecasts have pages.
func TestForecastJob(t *testing.T) {
	c := newClient(t, Options{})
	for i, values := range []string{"[1,2,3,4,5,6]", "[5,5,5,5]", "[1]"} {
		id := string(rune('a' + i))
		c.do("PUT", "/v1/series/"+id, `{"type":"series","id":"`+id+`","measure":"m`+id+`","start":"2019","values":`+values+`}`)
	}
	var job jobAnswer
	r := c.do("POST", "/v1/forecasts", `{}`).want(t, http.StatusAccepted, &job)
	if r.Header.Get("Location") != "/v1/jobs/"+job.ID || job.Kind != "forecast" {
		t.Errorf("%+v", job)
	}
	if job = finished(t, c, "/v1/jobs/"+job.ID); job.Status != "done" {
		t.Fatalf("%+v", job)
	}
	var a market.ForecastAnswer
	c.get(job.Result+"?limit=1").want(t, http.StatusOK, &a)
	if a.Meta.Series != len(a.Items) && a.NextCursor == "" {
		t.Errorf("%+v", a)
	}
	for form, want := range map[string]string{"workbook": "PK", "csv": "id,period,mean,", "ndjson": `{"id":"a",`} {
		r := c.get(job.Result+"/"+form).want(t, http.StatusOK, nil)
		if !strings.HasPrefix(string(r.body), want) || !strings.Contains(r.Header.Get("Content-Disposition"), "forecasts.") {
			t.Errorf("%s: %.40q, %v", form, r.body, r.Header)
		}
	}
	c.get("/v1/forecasts/77/csv").want(t, http.StatusNotFound, nil)
	c.get("/v1/forecasts/77").want(t, http.StatusNotFound, nil)
	c.get(job.Result+"?cursor=x").want(t, http.StatusUnprocessableEntity, nil)
}

// TestForecastBadBodies: every bad value is named by its path.
func TestForecastBadBodies(t *testing.T) {
	c := newClient(t, Options{})
	for body, want := range map[string]string{
		`{"horizon":0}`: "body.horizon", `{"horizon":5000}`: "body.horizon", `{"source":"x"}`: "body.source", `{"values":{}}`: "body.values",
		`{"values":[{"id":"a","values":["1"]}]}`: "body.values[0].values", `{"values":[{"id":"a","values":[1e200,1,1]}]}`: "body.values[0].values[0]", `{"values":[{"id":"","values":[1,2,3]}]}`: "body.values[0].id",
		`{"values":[{"id":"a","values":[1,2,3],"colour":1}]}`: "body.values[0].colour", `{"by":["region"]}`: "body.by", `{"source":"demands","until":"soon"}`: "body.until",
		`{"ids":["nothing"]}`: "body.ids", `{"cursor":"x"}`: "body.cursor",
	} {
		var p Problem
		c.do("POST", "/v1/forecasts", body).want(t, http.StatusUnprocessableEntity, &p)
		if len(p.Errors) == 0 || p.Errors[0].Location != want {
			t.Errorf("%s: %+v, want %s", body, p, want)
		}
	}
}
