package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"

	"talentmatch/store"
	"talentmatch/talent"

	"github.com/gin-gonic/gin"
)

// Problem is the body of every error answer: RFC 9457, application/problem+json.
type Problem struct {
	Type     string         `json:"type" doc:"about:blank: the status says what kind it is"`
	Title    string         `json:"title" doc:"the status in words"`
	Status   int            `json:"status"`
	Detail   string         `json:"detail" doc:"what is wrong here, in one sentence"`
	Instance string         `json:"instance" doc:"the request's id, also in X-Request-ID and in the server's log"`
	Errors   []ProblemError `json:"errors,omitempty" doc:"everything that is wrong with the input, or every record in the way"`

	header http.Header
}

// ProblemError is one thing wrong at one place.
type ProblemError struct {
	Location string `json:"location" doc:"e.g. body.skills[0].level, query.limit, path.id"`
	Message  string `json:"message"`
	Value    string `json:"value,omitempty" doc:"the offending value, shortened"`
}

// Error is the detail; a handler may return a Problem as its error.
func (p *Problem) Error() string { return p.Detail }

// with adds a header to the answer.
func (p *Problem) with(name, value string) *Problem {
	if p.header == nil {
		p.header = http.Header{}
	}
	p.header.Set(name, value)
	return p
}

func newProblem(status int, format string, args ...any) *Problem {
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: fmt.Sprintf(format, args...)}
}

// invalid is a 422 that names every bad value; its detail is the first of them.
func invalid(errs ...ProblemError) *Problem {
	p := newProblem(http.StatusUnprocessableEntity, "%s", errs[0].text())
	if n := len(errs) - 1; n > 0 {
		p.Detail += fmt.Sprintf(" (and %d more)", n)
	}
	p.Errors = errs
	return p
}

// text is the error in one line: place, message, value.
func (e ProblemError) text() string {
	s := e.Location + " " + e.Message
	if e.Value != "" {
		s += " (got " + e.Value + ")"
	}
	return s
}

// statusClientGone is logged for a request whose client left; nobody reads it.
const statusClientGone = 499

// problemOf translates an error once, at the edge. where is the part of the request
// that field paths of the error belong to: body or query.
func problemOf(err error, where string) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	if p := refusedRecord(err, where); p != nil {
		return p
	}
	kinds := []struct {
		kind   error
		status int
	}{
		{talent.ErrInvalid, http.StatusUnprocessableEntity},
		{talent.ErrNotFound, http.StatusNotFound},
		{talent.ErrConflict, http.StatusConflict},
		{talent.ErrReferenced, http.StatusConflict},
		{talent.ErrTooLarge, http.StatusRequestEntityTooLarge},
		{talent.ErrUnsupported, http.StatusUnsupportedMediaType},
	}
	for _, k := range kinds {
		if errors.Is(err, k.kind) {
			return newProblem(k.status, "%s", err)
		}
	}
	switch {
	case errors.Is(err, talent.ErrUnavailable):
		return newProblem(http.StatusServiceUnavailable, "%s", err).with("Retry-After", "2")
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return newProblem(http.StatusServiceUnavailable, "the request took too long and was stopped").with("Retry-After", "10")
	case errors.Is(err, context.Canceled):
		return newProblem(statusClientGone, "the client has gone")
	}
	return newProblem(http.StatusInternalServerError, "something went wrong inside; the server's log has it under this request's id")
}

// refusedRecord translates the errors that say more than their kind.
func refusedRecord(err error, where string) *Problem {
	var bad *talent.InvalidError
	if errors.As(err, &bad) && len(bad.Fields) > 0 {
		list := make([]ProblemError, len(bad.Fields))
		for i, f := range bad.Fields {
			list[i] = ProblemError{Location: place(where, f.Path), Message: f.Message, Value: f.Value}
		}
		return invalid(list...)
	}
	var dangling *store.DanglingError
	if errors.As(err, &dangling) && len(dangling.List) > 0 {
		list := make([]ProblemError, len(dangling.List))
		for i, d := range dangling.List {
			list[i] = ProblemError{Location: place(where, d.From.Path), Message: "there is no " + string(d.ToType) + " of this id", Value: d.ToID}
		}
		return invalid(list...)
	}
	var referenced *store.ReferencedError
	if errors.As(err, &referenced) {
		p := newProblem(http.StatusConflict, "%s", referenced)
		for _, r := range referenced.Referrers {
			p.Errors = append(p.Errors, ProblemError{Location: r.Type.Plural() + "/" + r.ID, Message: "refers to it in " + r.Path})
		}
		return p
	}
	return nil
}

func place(where, path string) string {
	if path == "" {
		return where
	}
	return where + "." + path
}

// answerError writes the problem for an error and logs it when it is ours.
func (s *server) answerError(c *gin.Context, err error, where string) {
	p := problemOf(err, where)
	if p.Status == http.StatusInternalServerError {
		s.o.Log.LogAttrs(c.Request.Context(), slog.LevelError, "request failed",
			slog.String("id", requestID(c)), slog.String("route", c.FullPath()), slog.String("error", err.Error()))
	}
	writeProblem(c, p)
}

// writeProblem answers with a problem and ends the request.
func writeProblem(c *gin.Context, p *Problem) {
	c.Abort()
	if c.Writer.Written() {
		return
	}
	if p.Status == statusClientGone {
		c.Status(statusClientGone)
		return
	}
	answer := *p // problems may be shared
	answer.Instance = requestID(c)
	for name := range p.header {
		c.Header(name, p.header.Get(name))
	}
	body, err := encodeJSON(&answer)
	if err != nil { // strings and numbers always encode
		panic(err)
	}
	c.Header("Cache-Control", "no-store")
	c.Data(p.Status, "application/problem+json", body)
}
