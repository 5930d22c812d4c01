package api

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"talentmatch/market"
)

// finished asks for a job until it has ended.
func finished(t *testing.T, c *client, path string) jobAnswer {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		var job jobAnswer
		c.get(path).want(t, http.StatusOK, &job)
		if job.Status != "waiting" && job.Status != "running" {
			return job
		}
	}
	t.Fatal("the job does not end")
	return jobAnswer{}
}

func TestAllocationJob(t *testing.T) {
	c := newClient(t, Options{})
	var job jobAnswer
	r := c.do("POST", "/v1/allocations", `{"policy":"max-filled","min_score":0}`).want(t, http.StatusAccepted, &job)
	if at := r.Header.Get("Location"); at != "/v1/jobs/"+job.ID || job.Kind != "allocation" {
		t.Errorf("job %+v at %q", job, at)
	}
	job = finished(t, c, "/v1/jobs/"+job.ID)
	if job.Status != "done" || !strings.HasPrefix(job.Result, "/v1/allocations/") {
		t.Fatalf("%+v", job)
	}
	saved, err := market.ReadAllocation(bytes.NewReader(c.get(job.Result).want(t, http.StatusOK, nil).body))
	if err != nil {
		t.Fatal(err)
	}
	if err := market.VerifyAllocation(t.Context(), saved); err != nil {
		t.Error(err)
	}
	if s := saved.Summary; s.Policy != "max-filled" || s.OnReserved != 11 || s.Filled != 11 || s.Headcount != 11 {
		t.Errorf("%+v", s)
	}
	var kept keptAnswer
	c.get("/v1/allocations").want(t, http.StatusOK, &kept)
	if len(kept.Items) != 1 || "/v1/allocations/"+kept.Items[0].ID != job.Result {
		t.Errorf("kept %+v", kept)
	}
	var page allocationPage[market.AllocatedOpening]
	c.get(job.Result+"/openings?limit=1").want(t, http.StatusOK, &page)
	if len(page.Items) != 1 || page.Items[0].Demand != "d1" || page.NextCursor == "" {
		t.Errorf("first page %+v", page)
	}
	c.get(job.Result+"/openings?limit=1&cursor="+page.NextCursor).want(t, http.StatusOK, &page)
	if len(page.Items) != 1 || page.Items[0].Demand != "d2" || page.NextCursor != "" {
		t.Errorf("last page %+v", page)
	}
	for _, list := range []string{"seats", "cohorts", "reservations", "bounds"} {
		c.get(job.Result+"/"+list).want(t, http.StatusOK, nil)
	}
	if r := c.get(job.Result + "/workbook"); r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != workbookType || !bytes.HasPrefix(r.body, []byte("PK")) {
		t.Errorf("the workbook is %d, %s", r.StatusCode, r.Header.Get("Content-Type"))
	}
	// With a bound, somebody loses; the same question has the same id.
	c.do("POST", "/v1/allocations", `{"policy":"max-filled","min_score":0,"bounds":[{"demand":"d2","max":1}]}`).want(t, http.StatusAccepted, &job)
	other := finished(t, c, "/v1/jobs/"+job.ID)
	var changes changesAnswer
	c.get(other.Result+"/changes?from="+kept.Items[0].ID).want(t, http.StatusOK, &changes)
	if len(changes.Items) == 0 || changes.Items[0].Kind != "enterprise" || changes.Items[0].ID != "plant" || changes.Items[0].Change != -2 {
		t.Errorf("changes %+v", changes)
	}
	c.do("POST", "/v1/allocations", `{"policy":"max-filled","min_score":0}`).want(t, http.StatusAccepted, &job)
	if again := finished(t, c, "/v1/jobs/"+job.ID); again.Result != "/v1/allocations/"+kept.Items[0].ID {
		t.Errorf("the same allocation is %s", again.Result)
	}
	c.do("DELETE", other.Result, "").want(t, http.StatusNoContent, nil)
	c.get(other.Result).problem(t, http.StatusNotFound)
	c.get("/v1/allocations/..%2f..%2fetc").problem(t, http.StatusNotFound)
	c.get("/v1/jobs/99").problem(t, http.StatusNotFound)
	c.get(job.Result+"/seats?cursor=-1").problem(t, http.StatusUnprocessableEntity)
}

func TestAllocationRefusals(t *testing.T) {
	c := newClient(t, Options{})
	for body, where := range map[string]string{
		`{"policy":"best"}`:       "body.policy",
		`{"top":0}`:               "body.top",
		`{"region":["atlantis"]}`: "body.region",
		`{"alliance":"none"}`:     "body.alliance",
		`{"bounds":[{"max":1}]}`:  "body.bounds[0]",
		`{"bounds":[{"enterprise":"plant","min":2,"max":1}]}`:    "body.bounds[0].min",
		`{"policy":"stable","bounds":[{"demand":"d1","max":1}]}`: "body.bounds",
		`{"what":1}`: "body.what",
	} {
		p := c.do("POST", "/v1/allocations", body).problem(t, http.StatusUnprocessableEntity)
		if len(p.Errors) == 0 || p.Errors[0].Location != where {
			t.Errorf("%s: %+v, want %s", body, p.Errors, where)
		}
	}
	// A bound on nothing is found by the job.
	var job jobAnswer
	c.do("POST", "/v1/allocations", `{"bounds":[{"enterprise":"nobody","max":1}]}`).want(t, http.StatusAccepted, &job)
	if job = finished(t, c, "/v1/jobs/"+job.ID); job.Status != "failed" || job.Error == nil || job.Error.Status != http.StatusUnprocessableEntity {
		t.Errorf("%+v", job)
	}
}

// TestJobs: one at a time, cancelled while running or waiting, a panic fails one alone, a
// full queue refuses, and the oldest are forgotten.
func TestJobs(t *testing.T) {
	panics := make(chan error, 1)
	j := newJobs(func(err error) { panics <- err })
	ctx, end := context.WithCancel(context.Background())
	end() // of the request, not of the job
	begun := make(chan struct{})
	block := func(ctx context.Context, progress func(string, int, int)) (string, error) {
		progress("waiting", 1, 2)
		begun <- struct{}{}
		<-ctx.Done()
		return "", ctx.Err()
	}
	first, err := j.start(ctx, "allocation", block)
	if err != nil {
		t.Fatal(err)
	}
	<-begun
	if a, _ := j.get(first.ID); a.Status != "running" || a.Step != "waiting" || a.Done != 1 || a.Total != 2 {
		t.Errorf("%+v", a)
	}
	var waiting []string
	for range jobsWaiting {
		a, err := j.start(ctx, "allocation", func(context.Context, func(string, int, int)) (string, error) { panic("no") })
		if err != nil {
			t.Fatal(err)
		}
		waiting = append(waiting, a.ID)
	}
	if _, err := j.start(ctx, "allocation", block); err == nil || problemOf(err, "body").Status != http.StatusServiceUnavailable {
		t.Errorf("a full queue says %v", err)
	}
	for _, id := range waiting[1:] {
		if a, err := j.stop(id); err != nil || a.Status != "cancelled" {
			t.Errorf("%+v, %v", a, err)
		}
	}
	if _, err := j.stop(first.ID); err != nil {
		t.Error(err)
	}
	<-panics
	for a, _ := j.get(waiting[0]); a.Status != "failed"; a, _ = j.get(waiting[0]) {
		time.Sleep(time.Millisecond)
	}
	if a, _ := j.get(first.ID); a.Status != "cancelled" {
		t.Errorf("%+v", a)
	}
	for range jobsKept {
		a, err := j.start(ctx, "allocation", func(context.Context, func(string, int, int)) (string, error) { return "there", nil })
		if err != nil {
			t.Fatal(err)
		}
		for a, _ = j.get(a.ID); a.Status != "done"; a, _ = j.get(a.ID) {
			time.Sleep(time.Millisecond)
		}
		if a.Result != "there" {
			t.Errorf("%+v", a)
		}
	}
	if _, err := j.get(first.ID); err == nil {
		t.Error("the oldest job is not forgotten")
	}
}
