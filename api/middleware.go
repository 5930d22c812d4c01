package api

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
)

const requestIDKey = "request-id"

var sane = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// requestID is the id of the request, which its answer, its problem and its log
// line carry.
func requestID(c *gin.Context) string { return c.GetString(requestIDKey) }

// newRequestID takes the client's id if it is harmless to log and echo.
func newRequestID(given string) string {
	if sane.MatchString(given) {
		return given
	}
	var b [8]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// slack is how long a connection may live beyond the time that its request had, so
// that the refusal can still be written.
const slack = 10 * time.Second

// observe gives the request its id and deadlines, counts and logs it, and turns a
// panic into a 500.
func (s *server) observe(c *gin.Context) {
	start := time.Now()
	id := newRequestID(c.GetHeader("X-Request-ID"))
	c.Set(requestIDKey, id)
	c.Header("X-Request-ID", id)
	// Recorders in tests have no deadlines; connections always do. The read deadline
	// comes after the request's own, because net/http takes it for the client's end.
	conn := http.NewResponseController(c.Writer)
	_ = conn.SetReadDeadline(start.Add(s.o.Timeout + slack))
	_ = conn.SetWriteDeadline(start.Add(s.o.Timeout + slack))
	s.metrics.inFlight.Inc()
	defer func() {
		s.metrics.inFlight.Dec()
		abort := s.recovered(c, recover())
		s.finish(c, id, time.Since(start))
		if abort {
			panic(http.ErrAbortHandler)
		}
	}()
	c.Next()
}

// recovered answers for a handler that panicked. It reports whether the answer was
// under way already, so that only closing the connection tells the client.
func (s *server) recovered(c *gin.Context, cause any) (abort bool) {
	if cause == nil {
		return false
	}
	if cause == http.ErrAbortHandler {
		return true
	}
	s.o.Log.LogAttrs(c.Request.Context(), slog.LevelError, "panic", slog.String("id", requestID(c)),
		slog.String("route", c.FullPath()), slog.String("cause", fmt.Sprint(cause)), slog.String("stack", string(debug.Stack())))
	if c.Writer.Written() {
		return true
	}
	s.answerError(c, fmt.Errorf("panic: %v", cause), "body")
	return false
}

// finish counts and logs an answered request.
func (s *server) finish(c *gin.Context, id string, took time.Duration) {
	template := c.FullPath()
	if template == "" {
		template = "unmatched"
	}
	status := c.Writer.Status()
	s.metrics.count(c.Request.Method, template, status, took)
	level := slog.LevelInfo
	if template == "/healthz" || template == "/readyz" || template == "/metrics" {
		level = slog.LevelDebug
	}
	s.o.Log.LogAttrs(c.Request.Context(), level, "request", slog.String("method", c.Request.Method),
		slog.String("route", template), slog.Int("status", status), slog.Float64("ms", float64(took.Microseconds())/1000),
		slog.Int("bytes", max(c.Writer.Size(), 0)), slog.String("id", id))
}

var crossOrigin = http.NewCrossOriginProtection()

// secure sets the headers that keep browsers from misusing an answer, and refuses
// writes that another site's page sends through a visitor's browser.
func secure(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	if isDocs(c.Request.URL.Path) {
		h.Set("Content-Security-Policy", docsPolicy)
	} else {
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Cache-Control", "private, no-cache") // an ETag is asked for anew each time
	}
	if err := crossOrigin.Check(c.Request); err != nil {
		writeProblem(c, newProblem(http.StatusForbidden, "the request comes from another site's page"))
	}
}

func isDocs(path string) bool { return path == "/docs" || strings.HasPrefix(path, "/docs/") }
