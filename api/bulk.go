package api

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"talentmatch/market"
	"talentmatch/talent"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
)

const (
	// bulkIdle is how long a bulk stream may stand still: while the body comes, without
	// a byte of it or of the answers; then, without the client taking any answer.
	bulkIdle = time.Minute
	// bulkLinger is how long the rest of the body of a failed stream may stand still
	// until it is not waited for.
	bulkLinger = time.Second
	// flushDelay is how long an answered line may wait for others before it is sent.
	flushDelay = 10 * time.Millisecond

	ndjson = "application/x-ndjson"
)

// bulkLimits are the bounds of bulk streams. Tests have others.
type bulkLimits struct {
	idle, linger time.Duration
	memory       int   // bytes of unread answers in memory, of one stream
	files        int64 // and in temporary files
	room         *room // for the files of all streams
}

func defaultBulkLimits() bulkLimits {
	return bulkLimits{idle: bulkIdle, linger: bulkLinger, memory: spoolMemory, files: spoolLimit, room: newRoom(spoolRoom)}
}

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
			"visible to queries; a client may read answers while it sends, or send all first: 256 MiB of answers may wait for it. A bad line changes nothing and does not stop the " +
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
	raw := underGin(c.Writer)
	conn := http.NewResponseController(raw)
	_ = conn.EnableFullDuplex() // HTTP/1 needs it, recorders in tests have none
	out := newBulkWriter(c.Writer, conn, s.bulkLimits)
	in := &bulkReader{body: c.Request.Body, conn: conn, idle: s.bulkLimits.idle, ended: out.hurry}
	out.took = in.renew
	// Nobody reads or writes after the handler, whichever way it ends.
	defer func() {
		if in.stop(); !in.whole() {
			closeAfter(raw)
		}
	}()
	// The first byte is awaited before the answer begins: a client that asked with
	// Expect: 100-continue sends nothing once it has seen a final status.
	first := bufio.NewReader(in)
	if _, err := first.Peek(1); err != nil && err != io.EOF {
		s.answerError(c, bodyError(err, 0), "body")
		return
	}
	c.Header("Content-Type", ndjson)
	c.Status(http.StatusOK)
	ctx := c.Request.Context()
	out.start()
	defer out.abandon()
	failed := s.market.Bulk(ctx, first, want, func(l market.BulkLine) error { return out.line(ctx, l) })
	var gone *sendError
	switch {
	case failed == nil:
		out.end(nil)
	case errors.As(failed, &gone): // close says it again
		out.end(nil)
	default:
		p := problemOf(bulkError(failed), "body")
		s.o.Log.Warn("bulk stream failed", "id", requestID(c), "status", p.Status, "error", failed.Error())
		out.end(&market.BulkLine{Status: "error", Errors: []market.BulkError{{Message: p.Detail}}})
		in.drain(s.bulkLimits.linger)
	}
	if err := out.close(); err != nil {
		s.o.Log.Warn("bulk answers were cut off", "id", requestID(c), "error", err.Error())
		panic(http.ErrAbortHandler) // so that what was sent does not look complete
	}
}

// underGin is net/http's own writer. Gin's serves other requests after this one, and
// keeps the error of a flush to itself.
func underGin(w gin.ResponseWriter) http.ResponseWriter {
	if u, ok := w.(interface{ Unwrap() http.ResponseWriter }); ok {
		return u.Unwrap()
	}
	return w
}

// closeAfter has net/http close the connection after the answer. With full duplex it
// would else take the rest of a body that was not read for the client's next request.
func closeAfter(raw http.ResponseWriter) {
	tooMuch := http.MaxBytesReader(raw, io.NopCloser(strings.NewReader("x")), 0)
	_, _ = tooMuch.Read(make([]byte, 1)) // which is what tells net/http
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
