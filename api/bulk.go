package api

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"talentmatch/market"
	"talentmatch/talent"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
)

const (
	// bulkIdle is how long a bulk stream may stand still, in either direction.
	bulkIdle = time.Minute
	// flushDelay is how long an answered line may wait for others before it is sent.
	flushDelay = 10 * time.Millisecond

	ndjson = "application/x-ndjson"
)

var bulkTypes = []string{ndjson, "application/json", "text/plain"}

func (s *server) addBulk() {
	s.addBulkAt("/v1/bulk", "", "Upsert records of any type from an NDJSON stream")
	for _, t := range talent.Types {
		s.addBulkAt("/v1/"+t.Plural()+"/bulk", t, "Upsert "+t.Plural()+" from an NDJSON stream")
	}
}

func (s *server) addBulkAt(path string, t talent.Type, summary string) {
	op := huma.Operation{OperationID: "bulk", Method: http.MethodPost, Path: path, Summary: summary, Tags: []string{"bulk"},
		Description: "One record a line, of any number. Each line is answered by one line, in order, once the record is durable and " +
			"visible to queries; a client may read answers while it sends. A bad line changes nothing and does not stop the " +
			"others. A reference must exist or have come earlier in the stream. When the stream itself fails, a last line with " +
			"line 0 says why; what was answered before it is stored.",
		Responses: map[string]*huma.Response{"200": {Description: "one BulkLine a line",
			Content: map[string]*huma.MediaType{ndjson: {Schema: schemaOf[market.BulkLine](s)}}}},
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{}}}
	if t != "" {
		op.OperationID += "-" + string(t)
	}
	for _, kind := range bulkTypes {
		op.RequestBody.Content[kind] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Description: "records, one a line"}}
	}
	stream(s, op, func(c *gin.Context, _ struct{}) { s.bulk(c, t) })
}

func (s *server) bulk(c *gin.Context, want talent.Type) {
	if err := checkContentType(c.Request, bulkTypes...); err != nil {
		s.answerError(c, err, "body")
		return
	}
	if err := s.market.Ready(); err != nil {
		s.answerError(c, err, "body")
		return
	}
	conn := http.NewResponseController(c.Writer)
	_ = conn.EnableFullDuplex() // HTTP/1 needs it, recorders in tests have none
	in := &bulkReader{body: c.Request.Body, conn: conn}
	// The first byte is awaited before the answer begins: a client that asked with
	// Expect: 100-continue sends nothing once it has seen a final status.
	first := bufio.NewReader(in)
	if _, err := first.Peek(1); err != nil && err != io.EOF {
		s.answerError(c, bodyError(err, 0), "body")
		return
	}
	out := &bulkWriter{to: c.Writer, conn: conn}
	c.Header("Content-Type", ndjson)
	c.Status(http.StatusOK)
	out.flush()
	err := s.market.Bulk(c.Request.Context(), first, want, out.line)
	if err != nil {
		in.stop()
		p := problemOf(bulkError(err), "body")
		s.o.Log.Warn("bulk stream failed", "id", requestID(c), "status", p.Status, "error", err.Error())
		_ = out.line(market.BulkLine{Status: "error", Errors: []market.BulkError{{Message: p.Detail}}}) // the client may have gone
	}
	out.close()
}

// bulkError keeps what the body's reader said over what was made of it.
func bulkError(err error) error {
	for _, kind := range []error{talent.ErrInvalid, talent.ErrUnavailable, talent.ErrTooLarge, context.DeadlineExceeded} {
		if errors.Is(err, kind) {
			return err
		}
	}
	var read *readError
	if errors.As(err, &read) {
		return bodyError(read.cause, 0)
	}
	return err
}

// readError marks that the client's side of the stream failed, not ours.
type readError struct{ cause error }

func (e *readError) Error() string { return "read the body: " + e.cause.Error() }
func (e *readError) Unwrap() error { return e.cause }

// bulkReader reads the body and gives each read a deadline of its own.
type bulkReader struct {
	body io.Reader
	conn *http.ResponseController

	mu      sync.Mutex
	stopped bool
}

func (r *bulkReader) Read(p []byte) (int, error) {
	if err := r.extend(bulkIdle); err != nil {
		return 0, err
	}
	n, err := r.body.Read(p)
	if err == io.EOF {
		// The server watches the connection from now on; it must not time out
		// while the last lines are written.
		_ = r.extend(24 * time.Hour)
		return n, err
	}
	if err != nil {
		return n, &readError{err}
	}
	return n, nil
}

func (r *bulkReader) extend(by time.Duration) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped {
		return &readError{http.ErrBodyReadAfterClose}
	}
	_ = r.conn.SetReadDeadline(time.Now().Add(by)) // recorders have none
	return nil
}

// stop ends a read that is under way, so that nobody waits for a client whose
// stream has failed.
func (r *bulkReader) stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stopped = true
	_ = r.conn.SetReadDeadline(time.Now())
}

// bulkWriter writes answered lines and sends them soon, but not one by one.
type bulkWriter struct {
	to   gin.ResponseWriter
	conn *http.ResponseController

	mu      sync.Mutex
	pending *time.Timer
	closed  bool
}

func (w *bulkWriter) line(l market.BulkLine) error {
	data, err := encodeJSON(l)
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.pending == nil {
		_ = w.conn.SetWriteDeadline(time.Now().Add(bulkIdle))
		w.pending = time.AfterFunc(flushDelay, w.flush)
	}
	_, err = w.to.Write(data)
	return err
}

func (w *bulkWriter) flush() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pending = nil
	if !w.closed {
		w.to.Flush()
	}
}

// close sends what waits and ends the timer's part, which must not touch the
// connection after the handler.
func (w *bulkWriter) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	if w.pending != nil {
		w.pending.Stop()
	}
	w.to.Flush()
}
