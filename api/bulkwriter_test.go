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
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"talentmatch/market"
	"talentmatch/talent"

	"github.com/gin-gonic/gin"
)

// smallBuffers gives the server's side of a connection little room in the kernel.
type smallBuffers struct{ net.Listener }

func (l smallBuffers) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	tcp := conn.(*net.TCPConn)
	return tcp, errors.Join(tcp.SetReadBuffer(64<<10), tcp.SetWriteBuffer(16<<10))
}

// A bulkServer serves bulk streams within limits of a test.
type bulkServer struct {
	addr   string
	log    logBuffer
	limits bulkLimits
	size   int64 // of the room
	close  func()
}

func serveBulk(t *testing.T, behind Market, change func(*bulkLimits)) *bulkServer {
	t.Helper()
	emptyTemp(t)
	b := &bulkServer{}
	s := newServer(behind, Options{Listen: "127.0.0.1:0", Log: slog.New(slog.NewJSONHandler(&b.log, nil))})
	if change != nil {
		change(&s.bulkLimits)
	}
	b.limits, b.size = s.bulkLimits, s.bulkLimits.room.left
	srv := httptest.NewUnstartedServer(headAsGet(s.engine))
	srv.Listener = smallBuffers{srv.Listener}
	srv.Start()
	b.addr, b.close = srv.Listener.Addr().String(), srv.Close
	t.Cleanup(func() {
		srv.Close() // waits for the handlers
		if b.limits.room.left != b.size {
			t.Errorf("%d bytes of the room are not given back", b.size-b.limits.room.left)
		}
	})
	return b
}

// spooled is how many bytes wait in files.
func (b *bulkServer) spooled() int64 {
	b.limits.room.mu.Lock()
	defer b.limits.room.mu.Unlock()
	return b.size - b.limits.room.left
}

// await polls until something has come about.
func await(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within a minute", what)
		}
	}
}

// rawBulk is a connection on which a bulk request was begun, its header but for the
// given lines, with little room for what the client does not read.
func rawBulk(t *testing.T, b *bulkServer, header ...string) *net.TCPConn {
	t.Helper()
	conn, err := net.Dial("tcp", b.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	tcp := conn.(*net.TCPConn)
	// Less than 128 KiB is below what the loopback sends at once, and gets slow.
	if err := errors.Join(tcp.SetReadBuffer(128<<10), tcp.SetWriteBuffer(64<<10), tcp.SetDeadline(time.Now().Add(2*time.Minute))); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(tcp, "POST /v1/bulk HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\n%s\r\n\r\n", ndjson, strings.Join(header, "\r\n"))
	return tcp
}

func bodyLength(n int) string { return fmt.Sprintf("Content-Length: %d", n) }

func rawAnswer(t *testing.T, r *bufio.Reader) *http.Response {
	t.Helper()
	resp, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	if resp.StatusCode != 200 {
		t.Fatal(resp.Status)
	}
	return resp
}

// rawLines reads an answer to its end, without what makes loud answers loud.
func rawLines(t *testing.T, r *bufio.Reader) []market.BulkLine {
	t.Helper()
	data, err := io.ReadAll(rawAnswer(t, r).Body)
	if err != nil {
		t.Fatalf("after %d bytes: %v", len(data), err)
	}
	return lines(t, data)
}

// TestBulkSendAllFirst: a client that reads nothing before it has sent everything,
// as Python's http.client does, gets every answer all the same. The connection serves
// its next request, too.
func TestBulkSendAllFirst(t *testing.T) {
	b := serveBulk(t, openMarket(t), nil)
	n := 80_000
	if testing.Short() {
		n = 25_000 // whose answers are still larger than memory and sockets together
	}
	var body strings.Builder
	for i := range n {
		fmt.Fprintf(&body, `{"type":"organization","id":"o%d","name":"厂","kind":"park","region":"110000"}`+"\n", i%7)
	}
	conn := rawBulk(t, b, bodyLength(body.Len()))
	if _, err := io.WriteString(conn, body.String()); err != nil {
		t.Fatalf("the body is not taken: %v", err)
	}
	await(t, "answers in files", func() bool { return b.spooled() > 0 })
	in := bufio.NewReader(conn)
	answers := json.NewDecoder(rawAnswer(t, in).Body)
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
	fmt.Fprint(conn, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
	rawAnswer(t, in)
}

// loudBulk answers every line with a long line. After so many lines, or the last, it
// ends by what end says.
type loudBulk struct {
	Market
	after int // 0: all
	end   func() error
}

const loudness = 64 << 10

func (m loudBulk) Bulk(_ context.Context, r io.Reader, _ talent.Type, answer func(market.BulkLine) error) error {
	lines := bufio.NewScanner(r)
	for i := 1; lines.Scan(); i++ {
		if err := answer(market.BulkLine{Line: i, Status: strings.Repeat("x", loudness)}); err != nil {
			return err
		}
		if i == m.after {
			return m.end()
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return m.end()
}

func fine() error { return nil }

// inOrder checks that lines are answered from the first on, and returns the last answer.
func inOrder(t *testing.T, got []market.BulkLine) market.BulkLine {
	t.Helper()
	for i, l := range got[:len(got)-1] {
		if l.Line != i+1 || len(l.Status) != loudness {
			t.Fatalf("answer %d is for line %d: %s", i+1, l.Line, talent.Shorten(l.Status))
		}
	}
	return got[len(got)-1]
}

// TestBulkNeverReads: a client that has sent everything and takes no answer is cut off
// after the idle time, whether its answers fit into memory or not.
func TestBulkNeverReads(t *testing.T) {
	m := openMarket(t)
	for _, n := range []int{12, 200} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			b := serveBulk(t, loudBulk{Market: m, end: fine}, func(l *bulkLimits) { l.idle = time.Second })
			conn := rawBulk(t, b, bodyLength(2*n))
			fmt.Fprint(conn, strings.Repeat("x\n", n))
			await(t, "the end", func() bool { return strings.Contains(b.log.String(), "bulk answers were cut off") })
			b.close() // waits for the handler
			got, err := io.Copy(io.Discard, rawAnswer(t, bufio.NewReader(conn)).Body)
			if err == nil || got >= int64(n)*loudness {
				t.Errorf("%d bytes look complete: %v", got, err)
			}
		})
	}
}

// TestBulkNeverReadsButSends: a client that sends without end and never reads comes as
// far as the bound, and is cut off then.
func TestBulkNeverReadsButSends(t *testing.T) {
	const bound = 1 << 20
	b := serveBulk(t, loudBulk{Market: openMarket(t), end: fine}, func(l *bulkLimits) {
		l.idle, l.linger, l.files = time.Second, 50*time.Millisecond, bound
	})
	conn := rawBulk(t, b, bodyLength(1<<40))
	sent := make(chan error, 1)
	go func() {
		for {
			if _, err := io.WriteString(conn, strings.Repeat("x\n", 1000)); err != nil {
				sent <- err
				return
			}
		}
	}()
	var most int64
	await(t, "the end", func() bool {
		most = max(most, b.spooled())
		return strings.Contains(b.log.String(), "bulk answers were cut off")
	})
	if most < bound/2 || most > bound {
		t.Errorf("%d bytes were kept", most)
	}
	if !strings.Contains(b.log.String(), "too many answers wait") {
		t.Errorf("log: %s", b.log.String())
	}
	if err := <-sent; errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("the client can send on")
	}
}

// TestBulkTooMuchUnread: a client that reads only once it has sent everything, but
// more than may wait, gets the answers so far and is told.
func TestBulkTooMuchUnread(t *testing.T) {
	b := serveBulk(t, loudBulk{Market: openMarket(t), end: fine}, func(l *bulkLimits) { l.idle, l.files = 3*time.Second, 1<<20 })
	const n = 4000
	body := strings.Repeat(strings.Repeat("x", 999)+"\n", n)
	conn := rawBulk(t, b, bodyLength(len(body)))
	if _, err := io.WriteString(conn, body); err != nil {
		t.Fatalf("the body is not taken: %v", err)
	}
	in := bufio.NewReader(conn)
	got := rawLines(t, in)
	if last := inOrder(t, got); last.Line != 0 || len(got) < 1<<20/loudness || len(got) > n/2 ||
		last.Errors[0].Message != "too many answers wait, and none was read for 3s; read them while sending, or send fewer lines at once: too large" {
		t.Errorf("%d answers, the last %+v", len(got), last.Errors)
	}
	fmt.Fprint(conn, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
	rawAnswer(t, in) // the body was taken whole
}

// TestBulkWithoutFiles: where no temporary file can be written, a client that reads
// gets everything.
func TestBulkWithoutFiles(t *testing.T) {
	b := serveBulk(t, loudBulk{Market: openMarket(t), end: fine}, nil)
	t.Setenv("TMPDIR", "/nowhere")
	const n = 200
	conn := rawBulk(t, b, bodyLength(2*n))
	fmt.Fprint(conn, strings.Repeat("x\n", n))
	if got := rawLines(t, bufio.NewReader(conn)); len(got) != n || inOrder(t, got).Line != n {
		t.Errorf("%d answers", len(got))
	}
}

// TestBulkLastLine: when the stream fails, its last line comes after all answers that
// wait; when the handler panics, the answer does not look complete.
func TestBulkLastLine(t *testing.T) {
	m := openMarket(t)
	const n = 300
	body := strings.Repeat("x\n", n)
	full := func() error { return fmt.Errorf("磁盘已满: %w", talent.ErrUnavailable) }
	for _, after := range []int{0, 100} { // with 100, most of the body is not read by then
		b := serveBulk(t, loudBulk{m, after, full}, nil)
		long := body
		if after > 0 {
			long += strings.Repeat("x", 8<<20)
		}
		conn := rawBulk(t, b, bodyLength(len(long)))
		if _, err := io.WriteString(conn, long); err != nil {
			t.Fatalf("the body is not taken: %v", err)
		}
		got := rawLines(t, bufio.NewReader(conn))
		want := n
		if after > 0 {
			want = after
		}
		if last := inOrder(t, got); len(got) != want+1 || last.Line != 0 || last.Errors[0].Message != "磁盘已满: temporarily unavailable" {
			t.Errorf("%d answers, the last %+v", len(got), last)
		}
	}

	b := serveBulk(t, loudBulk{m, 0, func() error { panic("意外") }}, nil)
	conn := rawBulk(t, b, bodyLength(len(body)))
	fmt.Fprint(conn, body)
	if n, err := io.Copy(io.Discard, rawAnswer(t, bufio.NewReader(conn)).Body); err == nil {
		t.Errorf("%d bytes look complete after a panic", n)
	}
}

// TestBulkBrokenBody: when the body itself breaks off, the last line says so, and what
// comes later on the connection is not taken for a request.
func TestBulkBrokenBody(t *testing.T) {
	m := openMarket(t)
	const line = `{"type":"skill","id":"x","name":"断开"}` + "\n"
	chunk := fmt.Sprintf("%x\r\n%s\r\n", len(line), line)
	for _, tt := range []struct {
		name, body, message string
		header              []string
	}{
		{"stands still", line, "the body did not arrive in time", []string{"Content-Length: 1000"}},
		{"stands still within a line", line + line[:10], "the body did not arrive in time", []string{"Content-Length: 1000"}},
		{"stands still after 100 Continue", line, "the body did not arrive in time", []string{"Content-Length: 1000", "Expect: 100-continue"}},
		{"chunk stands still", chunk, "the body did not arrive in time", []string{"Transfer-Encoding: chunked"}},
		{"bad chunk", chunk + "坏\r\n", "the body could not be read: invalid byte in chunk length", []string{"Transfer-Encoding: chunked"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := serveBulk(t, m, func(l *bulkLimits) { l.idle = time.Second })
			conn := rawBulk(t, b, tt.header...)
			in := bufio.NewReader(conn)
			if len(tt.header) > 1 {
				if line, err := in.ReadString('\n'); err != nil || line != "HTTP/1.1 100 Continue\r\n" {
					t.Fatal(line, err)
				}
				in.ReadString('\n')
			}
			fmt.Fprint(conn, tt.body)
			got := rawLines(t, in)
			if len(got) != 2 || got[0].Line != 1 || got[1].Line != 0 || got[1].Errors[0].Message != tt.message {
				t.Errorf("%+v", got)
			}
			fmt.Fprint(conn, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n") // may fail
			if more, _ := in.ReadString('\n'); more != "" {
				t.Errorf("the rest of the body is answered by %q", more)
			}
		})
	}
}

// TestBulkNothingSent: without a first byte, the answer is a problem.
func TestBulkNothingSent(t *testing.T) {
	b := serveBulk(t, openMarket(t), func(l *bulkLimits) { l.idle = 100 * time.Millisecond })
	conn := rawBulk(t, b, bodyLength(10))
	answer, err := io.ReadAll(conn)
	if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 408 ") || !strings.Contains(string(answer), "Connection: close\r\n") {
		t.Errorf("%v: %s", err, answer)
	}
}

// timedRecorder keeps the write deadlines, which any goroutine may set.
type timedRecorder struct {
	*httptest.ResponseRecorder
	mu       sync.Mutex
	set      []time.Time   // every deadline
	deadline []time.Time   // that of each write and flush
	began    chan struct{} // closed by the first of them
}

func (r *timedRecorder) SetWriteDeadline(t time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.set = append(r.set, t)
	return nil
}

func (r *timedRecorder) SetReadDeadline(time.Time) error { return nil }
func (r *timedRecorder) EnableFullDuplex() error         { return nil }

func (r *timedRecorder) Write(p []byte) (int, error) {
	r.note()
	return r.ResponseRecorder.Write(p)
}

func (r *timedRecorder) Flush() {
	r.note()
	r.ResponseRecorder.Flush()
}

func (r *timedRecorder) note() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.deadline) == 0 {
		close(r.began)
	}
	r.deadline = append(r.deadline, r.set[len(r.set)-1])
}

func newTimedRecorder() *timedRecorder {
	return &timedRecorder{ResponseRecorder: httptest.NewRecorder(), began: make(chan struct{})}
}

// readerFunc is a part of a body.
type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// TestBulkDeadlines: while the body comes, a client need not read; from its end on
// each write has its time. The bound on other requests holds for none of them, however
// late the first byte comes.
func TestBulkDeadlines(t *testing.T) {
	m := openMarket(t)
	ask := func(w *timedRecorder, body ...io.Reader) {
		req := httptest.NewRequest("POST", "http://localhost/v1/bulk", io.MultiReader(body...))
		req.Header.Set("Content-Type", ndjson)
		newServer(m, Options{Timeout: time.Nanosecond, Listen: "127.0.0.1:0"}).engine.ServeHTTP(w, req)
	}
	w := newTimedRecorder()
	line := `{"type":"skill","id":"d","name":"期限"}` + "\n"
	ask(w, strings.NewReader(line), readerFunc(func([]byte) (int, error) {
		<-w.began // the body ends only then
		return 0, io.EOF
	}))
	if n := len(w.deadline); w.Code != 200 || n < 3 || !w.deadline[0].IsZero() || time.Until(w.deadline[n-1]) < bulkIdle/2 {
		t.Errorf("%d: writes and flushes have until %v", w.Code, w.deadline)
	}
	w = newTimedRecorder()
	ask(w, iotest.ErrReader(os.ErrDeadlineExceeded))
	if w.Code != 408 || len(w.deadline) == 0 || !w.deadline[0].After(w.set[0]) {
		t.Errorf("%d: writes and flushes have until %v, other requests until %v", w.Code, w.deadline, w.set[0])
	}
}

func plainGin(w http.ResponseWriter) gin.ResponseWriter {
	c, _ := gin.CreateTestContext(w)
	return c.Writer
}

// TestBulkWriterHurry: the time of a write begins when the body has ended.
func TestBulkWriterHurry(t *testing.T) {
	w := newTimedRecorder()
	out := newBulkWriter(plainGin(w), http.NewResponseController(w), defaultBulkLimits())
	out.start()
	<-w.began // with the header
	out.hurry()
	if err := out.line(context.Background(), market.BulkLine{Line: 1, Status: "added"}); err != nil {
		t.Fatal(err)
	}
	out.end(nil)
	if err := out.close(); err != nil {
		t.Fatal(err)
	}
	if n := len(w.deadline); n < 3 || !w.deadline[0].IsZero() || time.Until(w.deadline[1]) < bulkIdle/2 {
		t.Errorf("the header, a line and flushes have until %v", w.deadline)
	}
}

// TestBulkShutdown: a server that is told to stop does not wait for a client that does
// not read beyond the drain, and leaves nothing behind.
func TestBulkShutdown(t *testing.T) {
	emptyTemp(t)
	s := newServer(loudBulk{Market: openMarket(t), end: fine}, Options{Listen: "127.0.0.1:0"})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &bulkServer{addr: ln.Addr().String(), limits: s.bulkLimits, size: s.bulkLimits.room.left}
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- serve(ctx, smallBuffers{ln}, headAsGet(s.engine), nil, 300*time.Millisecond) }()
	const n = 400
	for _, length := range []int{2 * n, 2*n + 1} { // one body has ended, one has not
		conn := rawBulk(t, b, bodyLength(length))
		fmt.Fprint(conn, strings.Repeat("x\n", n))
	}
	await(t, "answers in files", func() bool { return b.spooled() > 20<<20 })
	stop()
	if err := <-served; err != nil {
		t.Error(err)
	}
	await(t, "the end of the handlers", func() bool { return b.spooled() == 0 })
}
