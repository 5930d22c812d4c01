package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"talentmatch/store"
	"talentmatch/talent"
)

// brokenMarket answers Get by what a test says.
type brokenMarket struct {
	Market
	get   func(context.Context) (store.Item, error)
	ready error
}

func (m brokenMarket) Get(ctx context.Context, _ talent.Type, _ string) (store.Item, error) {
	return m.get(ctx)
}

func (m brokenMarket) Ready() error { return m.ready }

// logBuffer is a log that a test reads while the server writes.
type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// TestErrorsTranslate: every kind of error has its status, and none tells what is
// inside.
func TestErrorsTranslate(t *testing.T) {
	m := openMarket(t)
	tests := []struct {
		err    error
		status int
		detail string
	}{
		{fmt.Errorf("x: %w", talent.ErrInvalid), 422, "x: invalid"},
		{fmt.Errorf("x: %w", talent.ErrNotFound), 404, "x: not found"},
		{fmt.Errorf("x: %w", talent.ErrConflict), 409, "x: changed meanwhile"},
		{fmt.Errorf("x: %w", talent.ErrTooLarge), 413, "x: too large"},
		{fmt.Errorf("x: %w", talent.ErrUnsupported), 415, "x: not supported"},
		{fmt.Errorf("x: %w", talent.ErrUnavailable), 503, "x: temporarily unavailable"},
		{fmt.Errorf("x: %w", context.DeadlineExceeded), 503, "the request took too long and was stopped"},
		{errors.New("open /var/lib/secret: permission denied"), 500, "something went wrong inside; the server's log has it under this request's id"},
	}
	for _, tt := range tests {
		var log logBuffer
		c := serveMarket(t, m, brokenMarket{Market: m, get: func(context.Context) (store.Item, error) { return store.Item{}, tt.err }},
			Options{Log: slog.New(slog.NewJSONHandler(&log, nil))})
		r := c.get("/v1/demands/d1")
		if p := r.problem(t, tt.status); p.Detail != tt.detail {
			t.Errorf("%v: detail %q, want %q", tt.err, p.Detail, tt.detail)
		}
		if (tt.status == 503) != (r.Header.Get("Retry-After") != "") {
			t.Errorf("%v: Retry-After %q", tt.err, r.Header.Get("Retry-After"))
		}
		if logged := strings.Contains(log.String(), tt.err.Error()); logged != (tt.status == 500) {
			t.Errorf("%v: in the log %v: %s", tt.err, logged, log.String())
		}
	}
}

func TestPanic(t *testing.T) {
	m := openMarket(t)
	var log logBuffer
	c := serveMarket(t, m, brokenMarket{Market: m, get: func(context.Context) (store.Item, error) { panic("意外") }},
		Options{Log: slog.New(slog.NewJSONHandler(&log, nil))})
	p := c.do("GET", "/v1/demands/d1", "", "X-Request-ID", "my-id.1").problem(t, 500)
	if strings.Contains(p.Detail, "意外") || p.Instance != "my-id.1" {
		t.Errorf("%+v", p)
	}
	if !strings.Contains(log.String(), `"cause":"意外"`) || !strings.Contains(log.String(), `"id":"my-id.1"`) || !strings.Contains(log.String(), "server_test.go") {
		t.Errorf("log lacks the cause, the id or the stack: %s", log.String())
	}
	c.get("/healthz").want(t, 200, nil)
}

func TestTimeout(t *testing.T) {
	m := openMarket(t)
	c := serveMarket(t, m, brokenMarket{Market: m, get: func(ctx context.Context) (store.Item, error) {
		<-ctx.Done()
		return store.Item{}, fmt.Errorf("get: %w", ctx.Err())
	}}, Options{Timeout: 200 * time.Millisecond})
	start := time.Now()
	c.get("/v1/demands/d1").problem(t, 503)
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("took %v", took)
	}
}

// TestSlowBody: a body that does not come is not waited for.
func TestSlowBody(t *testing.T) {
	c := newClient(t, Options{Timeout: 200 * time.Millisecond})
	conn, err := net.Dial("tcp", strings.TrimPrefix(c.base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "POST /v1/demands HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
	if err := conn.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 408 ") {
		t.Errorf("%v: %s", err, answer)
	}
}

func TestReady(t *testing.T) {
	m := openMarket(t)
	c := serveMarket(t, m, brokenMarket{Market: m, ready: fmt.Errorf("index is being built: %w", talent.ErrUnavailable)}, Options{})
	c.get("/healthz").want(t, 200, nil)
	r := c.get("/readyz")
	if p := r.problem(t, 503); !strings.Contains(p.Detail, "index is being built") || r.Header.Get("Retry-After") == "" {
		t.Errorf("%v %+v", r.Header, p)
	}
	c.do("POST", "/v1/bulk", "{}", "Content-Type", ndjson).problem(t, 503)
	if r := c.get("/metrics"); !strings.Contains(r.text(), "talentmatch_ready 0") {
		t.Error("metrics say ready")
	}
}

func TestRequestIDs(t *testing.T) {
	c := newClient(t, Options{})
	if got := c.do("GET", "/healthz", "", "X-Request-ID", "trace-1_2.3").Header.Get("X-Request-ID"); got != "trace-1_2.3" {
		t.Errorf("a sane id became %q", got)
	}
	made := regexp.MustCompile(`^[0-9a-f]{16}$`)
	for _, given := range []string{"", "a b", "编号", strings.Repeat("x", 65), `"><script>`} {
		if got := c.do("GET", "/healthz", "", "X-Request-ID", given).Header.Get("X-Request-ID"); !made.MatchString(got) {
			t.Errorf("%q became %q", given, got)
		}
	}
}

func TestAccessLog(t *testing.T) {
	var log logBuffer
	c := newClient(t, Options{Log: slog.New(slog.NewJSONHandler(&log, nil))})
	c.get("/v1/demands/d1?cursor=secret")
	c.get("/healthz") // at debug level only
	var entry struct {
		Msg, Method, Route, ID string
		Status, Bytes          int
		MS                     float64
	}
	if err := json.Unmarshal([]byte(log.String()), &entry); err != nil {
		t.Fatalf("%v: %s", err, log.String())
	}
	if entry.Msg != "request" || entry.Method != "GET" || entry.Route != "/v1/demands/:id" || entry.Status != 422 || entry.Bytes == 0 || entry.ID == "" {
		t.Errorf("%+v", entry)
	}
	if strings.Contains(log.String(), "secret") {
		t.Error("the query is in the log")
	}
}

func TestMetrics(t *testing.T) {
	c := newClient(t, Options{})
	c.get("/v1/demands/d1")
	c.get("/v1/demands/没有")
	c.get("/随便/什么")
	c.do("BREW", "/v1/demands", "")
	got := c.get("/metrics").want(t, 200, nil).text()
	for _, want := range []string{
		`talentmatch_http_requests_total{method="GET",route="/v1/demands/:id",status="200"} 1`,
		`talentmatch_http_requests_total{method="GET",route="/v1/demands/:id",status="404"} 1`,
		`talentmatch_http_requests_total{method="GET",route="unmatched",status="404"} 1`,
		`talentmatch_http_requests_total{method="other",route="unmatched",status="405"} 1`,
		`talentmatch_http_request_duration_seconds_count{method="GET",route="/v1/demands/:id"} 2`,
		`talentmatch_http_requests_in_flight 1`, `talentmatch_records{type="demand"} 2`, `talentmatch_records{type="region"} 0`,
		fmt.Sprintf("talentmatch_data_version %d", c.dataVersion()), "go_goroutines", "process_open_fds",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s", want)
		}
	}
}

func TestHeadersAndMethods(t *testing.T) {
	c := newClient(t, Options{})
	r := c.do("HEAD", "/v1/demands/d1", "").want(t, 200, nil)
	if len(r.body) > 0 || r.Header.Get("ETag") == "" || r.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%v %q", r.Header, r.body)
	}
	if r := c.do("GET", "/v1/demands", "", "Origin", "https://example.com"); r.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Error("other sites' pages may read answers")
	}
	r = c.do("DELETE", "/v1/demands", "")
	if r.problem(t, 405); r.Header.Get("Allow") != "GET, POST" {
		t.Errorf("Allow %q", r.Header.Get("Allow"))
	}
}

// TestServe: requests that run when the server is told to stop are answered; new
// ones are not; a request that does not end is cut off after the drain.
func TestServe(t *testing.T) {
	m := openMarket(t)
	for _, stuck := range []bool{false, true} {
		entered, release := make(chan struct{}), make(chan struct{})
		broken := brokenMarket{Market: m, get: func(ctx context.Context) (store.Item, error) {
			close(entered)
			select {
			case <-release:
				return m.Get(ctx, talent.TypeDemand, "d1")
			case <-ctx.Done():
				return store.Item{}, ctx.Err()
			}
		}}
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		base := "http://" + ln.Addr().String()
		ctx, stop := context.WithCancel(context.Background())
		served, asked := make(chan error, 1), make(chan error, 1)
		go func() {
			served <- serve(ctx, ln, New(broken, Options{Listen: ln.Addr().String()}), nil, 300*time.Millisecond)
		}()
		go func() {
			resp, err := http.Get(base + "/v1/demands/d1")
			if err == nil {
				resp.Body.Close()
				if resp.StatusCode != 200 {
					err = errors.New(resp.Status)
				}
			}
			asked <- err
		}()
		<-entered
		stop()
		time.Sleep(50 * time.Millisecond)
		if resp, err := http.Get(base + "/healthz"); err == nil {
			resp.Body.Close()
			t.Error("a new request is answered while stopping")
		}
		if !stuck {
			close(release)
		}
		if err := <-asked; (err != nil) != stuck {
			t.Errorf("stuck %v: the running request got %v", stuck, err)
		}
		if err := <-served; err != nil {
			t.Errorf("stuck %v: Serve says %v", stuck, err)
		}
	}
}

func TestServeFails(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	if err := Serve(context.Background(), ln, New(openMarket(t), Options{}), nil); err == nil {
		t.Error("a closed listener was served")
	}
}

// TestParallelReadsAndWrites is for the race detector.
func TestParallelReadsAndWrites(t *testing.T) {
	c := newClient(t, Options{})
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 10 {
				if i < 2 {
					c.do("PUT", fmt.Sprintf("/v1/demands/p%d-%d", i, j), `{"employer":"plant","title":"电工","region":"110000","headcount":1,"skills":[{"skill":"plc"}]}`)
				}
				for _, path := range []string{"/v1/programs/auto/matches", "/v1/search?q=PLC", "/v1/gaps?by=skill", "/metrics"} {
					if r := c.get(path); r.StatusCode != 200 {
						t.Errorf("%s: %s", path, r.Status)
					}
				}
			}
		})
	}
	wg.Wait()
	var list struct{ Meta struct{ Total int } }
	if c.get("/v1/demands").want(t, 200, &list); list.Meta.Total != 22 {
		t.Errorf("%d demands, want 2 and 20 written ones", list.Meta.Total)
	}
}
