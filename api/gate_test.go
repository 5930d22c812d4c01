package api

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"talentmatch/market"
)

// slowReports is a market whose gap report takes as long as the test likes.
type slowReports struct {
	Market
	began, end chan struct{}
}

func (m *slowReports) Gaps(ctx context.Context, r market.GapRequest) (*market.GapAnswer, error) {
	m.began <- struct{}{}
	<-m.end
	return m.Market.Gaps(ctx, r)
}

// get answers one request.
func get(s *server, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.engine.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://127.0.0.1"+path, nil))
	return w
}

// TestGate: of one place and one to wait, the first is made, the second waits, the third is sent away, and
// one that waits leaves when its request ends.
func TestGate(t *testing.T) {
	g := newGate(1, 1)
	leave, err := g.enter(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithCancel(context.Background())
	waited := make(chan error)
	go func() {
		_, err := g.enter(short)
		waited <- err
	}()
	for g.waiting.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	var p *Problem
	if _, err := g.enter(context.Background()); !errors.As(err, &p) || p.Status != http.StatusServiceUnavailable || p.header.Get("Retry-After") != "5" {
		t.Errorf("the third: %v", err)
	}
	cancel()
	if err := <-waited; !errors.Is(err, context.Canceled) || g.waiting.Load() != 0 {
		t.Errorf("the second: %v, %d wait", err, g.waiting.Load())
	}
	go func() {
		leave, err := g.enter(context.Background())
		if err == nil {
			leave()
		}
		waited <- err
	}()
	leave()
	if err := <-waited; err != nil {
		t.Error(err)
	}
}

// TestReportsAtATime: the gate stands before reports, whatever their form, and not before anything else.
func TestReportsAtATime(t *testing.T) {
	m := openMarket(t)
	slow := &slowReports{m, make(chan struct{}), make(chan struct{})}
	s := newServer(slow, Options{Listen: "127.0.0.1:80"})
	s.reports = newGate(1, 0)
	first := make(chan int)
	go func() { first <- get(s, "/v1/gaps?by=skill").Code }()
	<-slow.began
	for _, path := range []string{"/v1/gaps?by=skill", "/v1/gaps/report?by=skill", "/v1/gaps/csv?by=skill", "/v1/mismatch?by=skill", "/v1/gaps/causes", "/v1/mismatch/workbook?by=skill"} {
		if w := get(s, path); w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") != "5" || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	if w := get(s, "/v1/skills"); w.Code != http.StatusOK {
		t.Errorf("skills: %d", w.Code)
	}
	slow.end <- struct{}{}
	if code := <-first; code != http.StatusOK {
		t.Errorf("the first: %d", code)
	}
	if w := get(s, "/v1/mismatch?by=skill"); w.Code != http.StatusOK {
		t.Errorf("after it: %d %s", w.Code, w.Body)
	}
}
