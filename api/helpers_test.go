package api

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"talentmatch/market"
	"talentmatch/talent"
)

var _ Market = (*market.Market)(nil)

// records is a small market: two schools, an employer, five skills.
const records = `
{"type":"skill","id":"plc","name":"PLC编程","name_en":"PLC programming","aliases":["可编程控制器"]}
{"type":"skill","id":"draw","name":"电气制图","name_en":"electrical drawing"}
{"type":"skill","id":"weld","name":"焊接","name_en":"welding"}
{"type":"occupation","id":"tech","name":"自动化技术员","skills":[{"skill":"plc"},{"skill":"draw","importance":0.5}]}
{"type":"organization","id":"plant","name":"北方装备厂","kind":"enterprise","region":"110000","industry":"C34"}
{"type":"organization","id":"school","name":"河北机电职业技术学院","kind":"college","region":"130000"}
{"type":"alliance","id":"union","name":"工业互联网产教融合共同体","kind":"industry-community","members":[{"organization":"plant","role":"chair"}]}
{"type":"program","id":"auto","school":"school","name":"电气自动化技术","region":"130000","education":"associate","skills":[{"skill":"plc","level":4}],"courses":[{"id":"c1","name":"电气制图","hours":64,"skills":[{"skill":"draw","level":3}]}],"cohorts":[{"year":2026,"graduates":80}]}
{"type":"program","id":"weldp","school":"school","name":"焊接技术","region":"130000","education":"associate","skills":[{"skill":"weld","level":4},{"name":"不存在的手艺"}],"cohorts":[{"year":2026,"graduates":40}]}
{"type":"demand","id":"d1","employer":"plant","title":"PLC工程师","text":"负责产线PLC程序的编写与调试","occupation":"tech","region":"110000","headcount":12,"start":"2026-09","education":"associate","industry":"C34","skills":[{"skill":"plc","level":3,"required":true},{"skill":"draw","importance":0.5}]}
{"type":"demand","id":"d2","employer":"plant","title":"焊工","region":"110000","headcount":3,"skills":[{"skill":"weld"}]}
{"type":"agreement","id":"a1","program":"auto","enterprise":"plant","kind":"order-class","seats":20}
{"type":"outcome","demand":"d1","program":"auto","year":2026,"hired":4,"rating":5}
{"type":"crosswalk","from":"tech","to":"plc","weight":0.5}
{"type":"series","id":"s1","start":"2020","period":"year","values":[1,2,3],"keys":{"region":"110000"}}
`

// openMarket is a prepared market in a temporary folder with the records above.
func openMarket(t testing.TB) *market.Market {
	t.Helper()
	ctx := context.Background()
	m, err := market.Open(ctx, market.Options{Dir: t.TempDir(), NoBuiltin: true, Software: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := m.Prepare(ctx); err != nil {
		t.Fatal(err)
	}
	if err := m.Bulk(ctx, strings.NewReader(records), "", func(l market.BulkLine) error {
		if l.Status != "added" {
			t.Fatalf("line %d: %+v", l.Line, l)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return m
}

// A client asks one server.
type client struct {
	t    testing.TB
	base string
	m    *market.Market
	head http.Header
}

func newClient(t testing.TB, o Options) *client {
	t.Helper()
	m := openMarket(t)
	return serveMarket(t, m, m, o)
}

// serveMarket serves behind, which may differ from m by what a test needs.
func serveMarket(t testing.TB, m *market.Market, behind Market, o Options) *client {
	t.Helper()
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	srv := httptest.NewServer(New(behind, o))
	t.Cleanup(srv.Close)
	return &client{t: t, base: srv.URL, m: m, head: http.Header{}}
}

// response is an answer that was read to its end.
type response struct {
	*http.Response
	body []byte
}

func (r *response) text() string { return string(r.body) }

func (c *client) do(method, path, body string, header ...string) *response {
	c.t.Helper()
	req, err := http.NewRequest(method, c.base+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	for name, values := range c.head {
		req.Header[name] = values
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	return &response{resp, data}
}

func (c *client) get(path string) *response { c.t.Helper(); return c.do("GET", path, "") }

// want checks the status and reads the JSON answer into v, unless v is nil.
func (r *response) want(t testing.TB, status int, v any) *response {
	t.Helper()
	if r.StatusCode != status {
		t.Fatalf("%s %s: %s, want %d\n%s", r.Request.Method, r.Request.URL, r.Status, status, r.body)
	}
	if v != nil {
		if err := json.Unmarshal(r.body, v); err != nil {
			t.Fatalf("%s %s: %v\n%s", r.Request.Method, r.Request.URL, err, r.body)
		}
	}
	return r
}

// problem checks that the answer is a well-formed problem of the status.
func (r *response) problem(t testing.TB, status int) Problem {
	t.Helper()
	var p Problem
	r.want(t, status, &p)
	if got := r.Header.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("%s: Content-Type %q", r.Request.URL, got)
	}
	if p.Type != "about:blank" || p.Status != status || p.Title != http.StatusText(status) || p.Instance != r.Header.Get("X-Request-ID") {
		t.Errorf("%s: incomplete problem %+v", r.Request.URL, p)
	}
	return p
}

// dataVersion is the version of the newest change, straight from the market.
func (c *client) dataVersion() int64 {
	c.t.Helper()
	v, err := c.m.Versions(context.Background())
	if err != nil {
		c.t.Fatal(err)
	}
	return v.Data
}

// ids lists the ids of a list's items.
func ids(t testing.TB, body []byte) []string {
	t.Helper()
	var l struct{ Items []struct{ ID string } }
	if err := json.Unmarshal(body, &l); err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, it := range l.Items {
		out = append(out, it.ID)
	}
	return out
}

// golden compares with a file under testdata, or writes it with UPDATE=1.
func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, got) {
		t.Errorf("%s differs (UPDATE=1 rewrites it):\n%s", file, got)
	}
}

func mustEncode(t testing.TB, rec talent.Record) string {
	t.Helper()
	data, err := talent.Encode(rec)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
