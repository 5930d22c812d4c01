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
	// bulkIdle is how long a bulk stream may stand still: while the body comes, without
	// a byte of it; then, without the client taking a byte of the answers.
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
			"visible to queries; a client may read answers while it sends, or after all is sent. A bad line changes nothing and does not stop the " +
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
	out := newBulkWriter(c.Writer, conn, s.idle)
	in := &bulkReader{body: c.Request.Body, conn: conn, idle: s.idle, ended: out.hurry}
	// The first byte is awaited before the answer begins: a client that asked with
	// Expect: 100-continue sends nothing once it has seen a final status.
	first := bufio.NewReader(in)
	if _, err := first.Peek(1); err != nil && err != io.EOF {
		s.answerError(c, bodyError(err, 0), "body")
		return
	}
	c.Header("Content-Type", ndjson)
	c.Status(http.StatusOK)
	c.Writer.Flush()
	out.start()
	defer out.abandon()
	failed := s.market.Bulk(c.Request.Context(), first, want, out.line)
	var last *market.BulkLine
	if failed != nil {
		in.stop()
		p := problemOf(bulkError(failed), "body")
		s.o.Log.Warn("bulk stream failed", "id", requestID(c), "status", p.Status, "error", failed.Error())
		last = &market.BulkLine{Status: "error", Errors: []market.BulkError{{Message: p.Detail}}}
	}
	if err := out.close(last); err != nil {
		s.o.Log.Warn("bulk answers were cut off", "id", requestID(c), "error", err.Error())
		panic(http.ErrAbortHandler) // so that what was sent does not look complete
	}
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
	body  io.Reader
	conn  *http.ResponseController
	idle  time.Duration
	ended func() // called when no more is read

	mu      sync.Mutex
	stopped bool
}

func (r *bulkReader) Read(p []byte) (int, error) {
	if err := r.extend(r.idle); err != nil {
		return 0, err
	}
	n, err := r.body.Read(p)
	if err != nil {
		r.ended()
	}
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
	r.ended()
}
