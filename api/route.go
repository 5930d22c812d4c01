package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"reflect"
	"strings"
	"time"

	"talentmatch/talent"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"
)

// request is what a handler gets: its parameters, bound and checked, and the body.
type request[P any] struct {
	Params P
	Body   []byte // of an operation with a JSON body
	gin    *gin.Context
}

// reply is what a handler answers.
type reply struct {
	status    int
	header    map[string]string
	mediaType string // "" is JSON
	body      []byte
}

// answerJSON is a 200 with v as its body.
func answerJSON(v any) (*reply, error) {
	body, err := encodeJSON(v)
	return &reply{status: http.StatusOK, body: body}, err
}

// encodeJSON writes one line of JSON, as talent.Encode does: no HTML escaping.
func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encode the answer: %w", err)
	}
	return b.Bytes(), nil
}

// route documents an operation and serves it: it binds and checks the parameters
// by the tags of P, reads a JSON body if the operation has one, bounds the time, and
// translates the handler's error. Handlers return errors, this one place answers.
func route[P any](s *server, op huma.Operation, handle func(context.Context, *request[P]) (*reply, error)) {
	rules := rulesOf(reflect.TypeFor[P](), "path", "query", "header")
	where := "query"
	if op.RequestBody != nil {
		where = "body"
	}
	s.add(&op, rules, func(c *gin.Context) {
		in := &request[P]{gin: c}
		if errs := bind(c.Request, c.Param, rules, reflect.ValueOf(&in.Params).Elem()); len(errs) > 0 {
			writeProblem(c, invalid(errs...))
			return
		}
		ctx, cancel := context.WithTimeout(c.Request.Context(), s.o.Timeout)
		defer cancel()
		if op.RequestBody != nil {
			body, err := readJSON(c, s.o.MaxBody, s.o.Timeout)
			if err != nil {
				s.answerError(c, err, where)
				return
			}
			in.Body = body
		}
		out, err := handle(ctx, in)
		if err != nil {
			s.answerError(c, err, where)
			return
		}
		writeReply(c, out)
	})
}

// stream documents an operation that reads and writes its bodies itself, without a
// bound on the whole.
func stream[P any](s *server, op huma.Operation, handle func(*gin.Context, P)) {
	rules := rulesOf(reflect.TypeFor[P](), "path", "query", "header")
	s.add(&op, rules, func(c *gin.Context) {
		var params P
		if errs := bind(c.Request, c.Param, rules, reflect.ValueOf(&params).Elem()); len(errs) > 0 {
			writeProblem(c, invalid(errs...))
			return
		}
		handle(c, params)
	})
}

// add puts an operation into the document and its handler into the router.
func (s *server) add(op *huma.Operation, rules []rule, handle gin.HandlerFunc) {
	s.documentParameters(op, rules)
	s.documentErrors(op)
	s.api.OpenAPI().AddOperation(op)
	s.api.Adapter().Handle(op, func(c huma.Context) { handle(humagin.Unwrap(c)) })
}

func writeReply(c *gin.Context, out *reply) {
	for name, value := range out.header {
		c.Header(name, value)
	}
	if out.status == http.StatusNoContent || out.status == http.StatusNotModified {
		c.Status(out.status)
		c.Writer.WriteHeaderNow()
		return
	}
	c.Data(out.status, cmp.Or(out.mediaType, "application/json"), out.body)
}

// maxDepth bounds the nesting of a JSON body; records need 5 levels.
const maxDepth = 32

// readJSON reads a body of type application/json, bounded in bytes, time and depth.
func readJSON(c *gin.Context, limit int64, timeout time.Duration) ([]byte, error) {
	if err := checkContentType(c.Request, "application/json"); err != nil {
		return nil, err
	}
	if c.Request.ContentLength > limit {
		return nil, tooLarge(limit)
	}
	conn := http.NewResponseController(c.Writer) // recorders have no deadlines
	_ = conn.SetReadDeadline(time.Now().Add(timeout))
	data, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, limit))
	if err != nil {
		return nil, bodyError(err, limit)
	}
	_ = conn.SetReadDeadline(time.Now().Add(timeout + slack))
	if deeper(data, maxDepth) {
		return nil, invalid(ProblemError{Location: "body", Message: fmt.Sprintf("is nested more than %d levels deep", maxDepth)})
	}
	return data, nil
}

// hasBody says whether a request has a body where none belongs.
func hasBody(c *gin.Context, timeout time.Duration) bool {
	if n := c.Request.ContentLength; n >= 0 {
		return n > 0
	}
	conn := http.NewResponseController(c.Writer) // recorders have no deadlines
	_ = conn.SetReadDeadline(time.Now().Add(timeout))
	n, err := io.ReadFull(c.Request.Body, make([]byte, 1))
	_ = conn.SetReadDeadline(time.Now().Add(timeout + slack))
	return n > 0 || !errors.Is(err, io.EOF)
}

// bodyError says why a body could not be read.
func bodyError(err error, limit int64) error {
	var over *http.MaxBytesError
	switch {
	case errors.As(err, &over):
		return tooLarge(limit)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return newProblem(http.StatusRequestTimeout, "the body did not arrive in time")
	case errors.Is(err, context.Canceled):
		return err
	}
	return newProblem(http.StatusBadRequest, "the body could not be read: %s", talent.Shorten(err.Error()))
}

func tooLarge(limit int64) *Problem {
	return newProblem(http.StatusRequestEntityTooLarge, "the body is larger than %d bytes; POST /v1/bulk takes any number of records", limit)
}

// checkContentType refuses a body of another type, character set or encoding.
func checkContentType(r *http.Request, accepted ...string) error {
	if e := r.Header.Get("Content-Encoding"); e != "" && e != "identity" {
		return newProblem(http.StatusUnsupportedMediaType, "a body with Content-Encoding %s is not accepted; send it as it is", talent.Shorten(e))
	}
	given := r.Header.Get("Content-Type")
	kind, parameters, err := mime.ParseMediaType(given)
	charset := strings.ToLower(parameters["charset"])
	if err != nil || !contains(accepted, kind) {
		if given == "" {
			given = "none"
		}
		return newProblem(http.StatusUnsupportedMediaType, "the Content-Type must be %s (got %s)", strings.Join(accepted, " or "), talent.Shorten(given))
	}
	if charset != "" && charset != "utf-8" && charset != "utf8" {
		return newProblem(http.StatusUnsupportedMediaType, "the body must be UTF-8 (got charset %s)", talent.Shorten(charset))
	}
	return nil
}

// deeper reports whether JSON is nested more than limit levels deep. It looks at
// brackets outside of strings only, so it is right for any JSON and harmless for
// anything else.
func deeper(data []byte, limit int) bool {
	depth, inString := 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			if depth++; depth > limit {
				return true
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return false
}
