package api

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"talentmatch/market"
	"talentmatch/talent"
)

// rawBulk is a connection on which a bulk request of a body's length was begun, with
// a small buffer for what the client does not read.
func rawBulk(t *testing.T, base string, length int) *net.TCPConn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	tcp := conn.(*net.TCPConn)
	if err := errors.Join(tcp.SetReadBuffer(4096), tcp.SetDeadline(time.Now().Add(2*time.Minute))); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(tcp, "POST /v1/bulk HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", ndjson, length)
	return tcp
}

func rawAnswer(t *testing.T, conn net.Conn) *http.Response {
	t.Helper()
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	if resp.StatusCode != 200 {
		t.Fatal(resp.Status)
	}
	return resp
}

// TestBulkSendAllFirst: a client that reads nothing before it has sent everything,
// as Python's http.client does, gets every answer all the same.
func TestBulkSendAllFirst(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	c := newClient(t, Options{})
	const n = 60_000
	var body strings.Builder
	for i := range n {
		fmt.Fprintf(&body, `{"type":"organization","id":"o%d","name":"厂","kind":"park","region":"110000"}`+"\n", i%7)
	}
	conn := rawBulk(t, c.base, body.Len())
	if _, err := io.WriteString(conn, body.String()); err != nil {
		t.Fatalf("the body is not taken: %v", err)
	}
	answers := json.NewDecoder(rawAnswer(t, conn).Body)
	for i := range n {
		var l market.BulkLine
		if err := answers.Decode(&l); err != nil {
			t.Fatalf("answer %d: %v", i+1, err)
		}
		if want := map[bool]string{true: "added", false: "unchanged"}[i < 7]; l.Line != i+1 || l.Status != want || l.ID != fmt.Sprintf("o%d", i%7) {
			t.Fatalf("answer %d is %+v", i+1, l)
		}
	}
	if answers.More() {
		t.Error("more answers than lines")
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// loudBulk answers every line with a long line, and panics or fails after the body
// if told to.
type loudBulk struct {
	Market
	after func() error
}

const loudness = 64 << 10

func (m loudBulk) Bulk(_ context.Context, r io.Reader, _ talent.Type, answer func(market.BulkLine) error) error {
	lines := bufio.NewScanner(r)
	for i := 1; lines.Scan(); i++ {
		if err := answer(market.BulkLine{Line: i, Status: strings.Repeat("x", loudness)}); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return m.after()
}

// TestBulkPatience: a client that does not read has as long as it sends; then one
// idle time without taking a byte, and the answer is cut off.
func TestBulkPatience(t *testing.T) {
	m := openMarket(t)
	const n, idle = 400, 500 * time.Millisecond // 25 MiB of answers fill any socket
	for _, tt := range []struct {
		name  string
		rest  time.Duration // before reading, once all is sent
		whole bool
	}{{"reads after sending", 0, true}, {"never reads", 4 * idle, false}} {
		t.Run(tt.name, func(t *testing.T) {
			var log logBuffer
			s := newServer(loudBulk{m, func() error { return nil }}, Options{Listen: "127.0.0.1:0", Log: slog.New(slog.NewJSONHandler(&log, nil))})
			s.idle = idle
			srv := httptest.NewServer(headAsGet(s.engine))
			defer srv.Close()
			conn := rawBulk(t, srv.URL, 2*n)
			for range 8 { // together twice the idle time
				time.Sleep(idle / 4)
				if _, err := io.WriteString(conn, strings.Repeat("x\n", n/8)); err != nil {
					t.Fatal(err)
				}
			}
			time.Sleep(tt.rest)
			got, err := io.Copy(io.Discard, rawAnswer(t, conn).Body)
			if whole := err == nil && got > n*loudness; whole != tt.whole {
				t.Errorf("%d bytes, %v", got, err)
			}
			srv.Close() // waits for the handler
			if cut := strings.Contains(log.String(), "bulk answers were cut off"); cut == tt.whole {
				t.Errorf("log: %s", log.String())
			}
		})
	}
}

// TestBulkLastLine: when the stream fails, its last line comes after all answers
// that wait; when the handler panics, the answer does not look complete.
func TestBulkLastLine(t *testing.T) {
	m := openMarket(t)
	const n = 300
	body := strings.Repeat("x\n", n)
	c := serveMarket(t, m, loudBulk{m, func() error { return fmt.Errorf("磁盘已满: %w", talent.ErrUnavailable) }}, Options{})
	conn := rawBulk(t, c.base, len(body))
	io.WriteString(conn, body)
	data, err := io.ReadAll(rawAnswer(t, conn).Body)
	if err != nil {
		t.Fatal(err)
	}
	got := lines(t, data)
	if len(got) != n+1 || got[n-1].Line != n || got[n].Line != 0 || got[n].Errors[0].Message != "磁盘已满: temporarily unavailable" {
		t.Errorf("%d answers, the last %+v", len(got), got[len(got)-1])
	}

	c = serveMarket(t, m, loudBulk{m, func() error { panic("意外") }}, Options{})
	conn = rawBulk(t, c.base, len(body))
	io.WriteString(conn, body)
	if n, err := io.Copy(io.Discard, rawAnswer(t, conn).Body); err == nil {
		t.Errorf("%d bytes look complete after a panic", n)
	}
}
