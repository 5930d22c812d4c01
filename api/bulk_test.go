package api

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"talentmatch/market"
	"talentmatch/talent"
)

func lines(t testing.TB, body []byte) []market.BulkLine {
	t.Helper()
	var out []market.BulkLine
	for line := range strings.Lines(string(body)) {
		var l market.BulkLine
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		out = append(out, l)
	}
	return out
}

func TestBulk(t *testing.T) {
	c := newClient(t, Options{})
	body := `{"type":"organization","id":"新","name":"新厂","kind":"enterprise","region":"110000"}
{"type":"organization","id":"new","name":"新厂","kind":"enterprise","region":"110000"}

{"type":"demand","id":"n1","employer":"new","title":"钳工","region":"110000","headcount":2}
{"type":"demand","id":"n2","employer":"nobody","title":"钳工","region":"110000","headcount":2}
not json
{"type":"organization","id":"new","name":"新厂","kind":"enterprise","region":"110000"}
{"type":"organization","id":"new","name":"更名厂","kind":"enterprise","region":"110000"}`
	for _, kind := range []string{"application/x-ndjson", "application/x-ndjson; charset=utf-8"} {
		r := c.do("POST", "/v1/bulk", body, "Content-Type", kind).want(t, 200, nil)
		if r.Header.Get("Content-Type") != ndjson {
			t.Errorf("Content-Type %s", r.Header.Get("Content-Type"))
		}
		got := lines(t, r.body)
		if len(got) != 7 {
			t.Fatalf("%d answers: %s", len(got), r.body)
		}
		for i, want := range []struct {
			line  int
			field string
		}{{1, "id"}, {2, ""}, {4, ""}, {5, "employer"}, {6, ""}, {7, ""}, {8, ""}} {
			bad := want.field != "" || want.line == 6
			if got[i].Line != want.line || (got[i].Status == "error") != bad || bad && got[i].Errors[0].Field != want.field {
				t.Errorf("answer %d is %+v, want line %d with an error in %q", i, got[i], want.line, want.field)
			}
		}
	}
	c.get("/v1/demands/n1").want(t, 200, nil)
	c.get("/v1/demands/n2").problem(t, 404)
	if r := c.get("/v1/organizations/new"); !strings.Contains(r.text(), "更名厂") {
		t.Errorf("the last line did not win: %s", r.body)
	}
}

func TestBulkOfOneType(t *testing.T) {
	c := newClient(t, Options{MaxBody: 100})
	long := strings.Repeat("文", 1000) // the limit of a body does not hold for streams
	r := c.do("POST", "/v1/skills/bulk", `{"id":"cnc","name":"数控加工","text":"`+long+`"}
{"type":"demand","id":"x"}
`, "Content-Type", "text/plain; charset=UTF-8").want(t, 200, nil)
	got := lines(t, r.body)
	if len(got) != 2 || got[0].Status != "added" || got[0].Type != talent.TypeSkill || got[1].Status != "error" {
		t.Errorf("%s", r.body)
	}
	if r := c.do("POST", "/v1/skills/bulk", "", "Content-Type", ndjson).want(t, 200, nil); len(r.body) != 0 {
		t.Errorf("an empty stream is answered by %q", r.body)
	}
}

// TestBulkTooLongLine: a line beyond 8 MiB is refused by itself.
func TestBulkTooLongLine(t *testing.T) {
	c := newClient(t, Options{})
	body := `{"id":"a","name":"` + strings.Repeat("x", 8<<20) + `"}` + "\n" + `{"id":"b","name":"后来"}` + "\n"
	got := lines(t, c.do("POST", "/v1/skills/bulk", body, "Content-Type", ndjson).want(t, 200, nil).body)
	if len(got) != 2 || got[0].Status != "error" || !strings.Contains(got[0].Errors[0].Message, "longer than 8388608 bytes") || got[1].Status != "added" {
		t.Errorf("%+v", got)
	}
}

// TestBulkFullDuplex sends a line only after the one before was answered, and finds
// each stored by then.
func TestBulkFullDuplex(t *testing.T) {
	c := newClient(t, Options{Timeout: 300 * time.Millisecond}) // which a stream may outlast
	pr, pw := io.Pipe()
	defer pw.Close()
	req, err := http.NewRequest("POST", c.base+"/v1/skills/bulk", pr)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", ndjson)
	first := make(chan error, 1)
	send := func(i int) error {
		_, err := fmt.Fprintf(pw, `{"id":"s%d","name":"技能%d"}`+"\n", i, i)
		return err
	}
	go func() { first <- send(0) }()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := <-first; err != nil {
		t.Fatal(err)
	}
	answers := bufio.NewScanner(resp.Body)
	const n = 6
	for i := range n {
		if !answers.Scan() {
			t.Fatalf("no answer to line %d: %v", i+1, answers.Err())
		}
		got := lines(t, answers.Bytes())[0]
		if got.Line != i+1 || got.Status != "added" {
			t.Errorf("%+v", got)
		}
		c.get(fmt.Sprintf("/v1/skills/s%d", i)).want(t, 200, nil)
		time.Sleep(100 * time.Millisecond)
		if i+1 < n {
			if err := send(i + 1); err != nil {
				t.Fatal(err)
			}
		}
	}
	pw.Close()
	if answers.Scan() {
		t.Errorf("an answer too many: %s", answers.Text())
	}
	if answers.Err() != nil {
		t.Error(answers.Err())
	}
}

// TestBulkExpectContinue: a client that waits for 100 Continue gets it before the
// answer begins.
func TestBulkExpectContinue(t *testing.T) {
	c := newClient(t, Options{})
	req, err := http.NewRequest("POST", c.base+"/v1/skills/bulk", strings.NewReader(`{"id":"e","name":"期待"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", ndjson)
	req.Header.Set("Expect", "100-continue")
	transport := &http.Transport{ExpectContinueTimeout: 10 * time.Second}
	defer transport.CloseIdleConnections()
	start := time.Now()
	resp, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got := lines(t, body); len(got) != 1 || got[0].Status != "added" || time.Since(start) > 5*time.Second {
		t.Errorf("after %v: %s", time.Since(start), body)
	}
}

// failingBulk is a market whose store fails in the middle of a stream.
type failingBulk struct {
	Market
	err error
}

func (m failingBulk) Bulk(_ context.Context, _ io.Reader, _ talent.Type, answer func(market.BulkLine) error) error {
	if err := answer(market.BulkLine{Line: 1, Status: "added"}); err != nil {
		return err
	}
	return m.err
}

func TestBulkFails(t *testing.T) {
	m := openMarket(t)
	for _, tt := range []struct {
		err  error
		want string
	}{
		{fmt.Errorf("disk full: %w", talent.ErrUnavailable), "disk full: temporarily unavailable"},
		{fmt.Errorf("secret path /var/lib"), "something went wrong inside; the server's log has it under this request's id"},
	} {
		c := serveMarket(t, m, failingBulk{m, tt.err}, Options{})
		got := lines(t, c.do("POST", "/v1/bulk", "{}\n{}\n", "Content-Type", ndjson).want(t, 200, nil).body)
		if len(got) != 2 || got[1].Line != 0 || got[1].Status != "error" || got[1].Errors[0].Message != tt.want {
			t.Errorf("%v: %+v", tt.err, got)
		}
	}
}

// TestBulkClientLeaves: what was answered stays, and the server goes on.
func TestBulkClientLeaves(t *testing.T) {
	c := newClient(t, Options{})
	ctx, cancel := context.WithCancel(context.Background())
	pr, pw := io.Pipe()
	req, err := http.NewRequestWithContext(ctx, "POST", c.base+"/v1/skills/bulk", pr)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", ndjson)
	go fmt.Fprintln(pw, `{"id":"left","name":"离开"}`)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if !bufio.NewScanner(resp.Body).Scan() {
		t.Fatal("no answer")
	}
	cancel()
	resp.Body.Close()
	pw.Close()
	c.get("/v1/skills/left").want(t, 200, nil)
}
