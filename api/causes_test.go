package api

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"talentmatch/market"

	"github.com/xuri/excelize/v2"
)

// TestCauses: shares add up, pages and forms say the same, and a bad value is named.
func TestCauses(t *testing.T) {
	c := newClient(t, Options{})
	var answer, page market.CausesAnswer
	first := c.get("/v1/gaps/causes?by=education").want(t, 200, &answer).body
	total := answer.Meta.Total
	sum := total.Exact.Numbers + total.Exact.Education + total.Exact.Timing + total.Exact.Skills + total.Exact.Place + total.Exact.Reservations
	if len(answer.Items) != 2 || total.Unfilled == 0 || sum != 120*total.Unfilled || answer.Meta.Listed != "all" {
		t.Fatalf("%s", first)
	}
	if again := c.get("/v1/gaps/causes?by=education").want(t, 200, nil).body; !bytes.Equal(first, again) {
		t.Errorf("answers\n%s\nthen\n%s", first, again)
	}
	c.get("/v1/gaps/causes?by=education&limit=1").want(t, 200, &page)
	next := page.Items[0].Key
	c.get("/v1/gaps/causes?by=education&limit=1&cursor="+page.NextCursor).want(t, 200, &page)
	if next != answer.Items[0].Key || page.Items[0].Key != answer.Items[1].Key || page.NextCursor != "" {
		t.Errorf("pages have %s and %+v", next, page)
	}
	for path, want := range map[string]int{"/v1/gaps/causes/csv?by=education&cures=0": len(answer.Items) + 1, "/v1/gaps/causes/ndjson?by=education": len(answer.Items)} {
		if body := c.get(path).want(t, 200, nil).body; bytes.Count(body, []byte("\n")) != want {
			t.Errorf("%s has not %d lines:\n%.500s", path, want, body)
		}
	}
	book, err := excelize.OpenReader(bytes.NewReader(c.get("/v1/gaps/causes/workbook?by=education").want(t, 200, nil).body))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if rows, err := book.GetRows("原因 Causes"); err != nil || len(rows) != len(answer.Items)+2 {
		t.Errorf("%d rows (%v)", len(rows), err)
	}
	report, err := market.ReadReport(c.get("/v1/gaps/causes/report?by=education").want(t, 200, nil).body)
	if err != nil {
		t.Fatal(err)
	}
	var kept market.CausesAnswer
	if err := json.Unmarshal(report.Answer, &kept); err != nil || !reflect.DeepEqual(kept, answer) || report.Kind != "causes" {
		t.Errorf("the report holds another answer (%v)", err)
	}
	for path, want := range map[string]string{
		"/v1/gaps/causes?by=colour":                 "422 query.by must be one of skill, occupation, region, education, year, industry, employer_kind (got colour)",
		"/v1/gaps/causes?region=%E7%81%AB%E6%98%9F": "422 query.region there is no such region (got 火星)",
		"/v1/gaps/causes?alliance=none":             "422 query.alliance there is no such alliance (got none)",
		"/v1/gaps/causes?limit=1000&cures=20":       "422 query.cures of 1000 groups are more than 3000 on a page: ask for fewer, or lower the limit (got 20)",
		"/v1/gaps/causes?min_skills=2":              "422 query.min_skills must be from 0 to 1 (got 2)",
		"/v1/gaps/causes/csv?cursor=x":              "422 query.cursor is not one that was given out for this report (got x)",
	} {
		r := c.get(path)
		if got := render(r.problem(t, r.StatusCode)); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", path, got, want)
		}
	}
}

// TestCausesJob: a job gives the same answer, its forms and its report; a bad question is refused at once.
func TestCausesJob(t *testing.T) {
	c := newClient(t, Options{})
	want := c.get("/v1/gaps/causes?by=education").want(t, 200, nil).body
	for _, body := range []string{`{"by":"education"}`, "{}", "no JSON"} {
		r := c.do("POST", "/v1/gaps/causes", body)
		if got := render(r.problem(t, r.StatusCode)); got != "422 body must be empty: the parameters go in the query" {
			t.Errorf("%s: %s", body, got)
		}
	}
	var job jobAnswer
	r := c.do("POST", "/v1/gaps/causes?by=education", "").want(t, 202, &job)
	if r.Header.Get("Location") != "/v1/jobs/"+job.ID || job.Kind != "causes" {
		t.Errorf("%+v", job)
	}
	if job = finished(t, c, "/v1/jobs/"+job.ID); job.Status != "done" {
		t.Fatalf("%+v %+v", job, job.Error)
	}
	if got := c.get(job.Result).want(t, 200, nil).body; !bytes.Equal(got, want) {
		t.Errorf("the job answers\n%s\nthe request\n%s", got, want)
	}
	for _, form := range []string{"csv", "ndjson", "workbook"} {
		if body := c.get(job.Result+"/"+form).want(t, 200, nil).body; len(body) == 0 {
			t.Errorf("%s is empty", form)
		}
	}
	report, err := market.ReadReport(c.get(job.Result+"/report").want(t, 200, nil).body)
	if err != nil || report.Kind != "causes" {
		t.Errorf("%+v, %v", report, err)
	}
	c.get("/v1/gaps/causes/kept/0").want(t, 404, nil)
	for path, want := range map[string]string{
		"/v1/gaps/causes?region=%E7%81%AB%E6%98%9F": "422 query.region there is no such region (got 火星)",
		"/v1/gaps/causes?alliance=none":             "422 query.alliance there is no such alliance (got none)",
		"/v1/gaps/causes?limit=1000&cures=20":       "422 query.cures of 1000 groups are more than 3000 on a page: ask for fewer, or lower the limit (got 20)",
		"/v1/gaps/causes?cursor=x":                  "422 query.cursor is not one that was given out for this report (got x)",
	} {
		r := c.do("POST", path, "")
		if got := render(r.problem(t, r.StatusCode)); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", path, got, want)
		}
	}
}
