package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"talentmatch/market"

	"github.com/gin-gonic/gin"
)

// bulkWriter queues answered lines and sends them from a goroutine of its own, soon
// but not one by one. Nobody who answers waits for the client: one that sends its
// whole body before it reads would otherwise wait for us while we wait for it.
type bulkWriter struct {
	to      gin.ResponseWriter
	conn    *http.ResponseController // of net/http's writer, whose Flush reports errors
	answers *spool
	took    func() // called when the client took something
	last    []byte // sent after the answers; belongs to the goroutine after end
	sent    chan error

	ended, closed bool // by the handler

	mu      sync.Mutex
	idle    time.Duration
	hurried bool
}

func newBulkWriter(to gin.ResponseWriter, conn *http.ResponseController, l bulkLimits) *bulkWriter {
	return &bulkWriter{to: to, conn: conn, idle: l.idle, sent: make(chan error, 1), took: func() {},
		answers: newSpool(l.memory, l.files, l.idle, l.room)}
}

// start begins the answer; from here to close only the goroutine touches it.
func (w *bulkWriter) start() {
	go func() {
		err := w.send()
		if err != nil {
			err = &sendError{err}
			w.answers.fail(err)
		}
		w.sent <- err
	}()
}

// sendError marks that an answer could not be sent.
type sendError struct{ cause error }

func (e *sendError) Error() string { return "send answers: " + e.cause.Error() }
func (e *sendError) Unwrap() error { return e.cause }

// line queues an answer. It waits only when the client has left too much unread.
func (w *bulkWriter) line(ctx context.Context, l market.BulkLine) error {
	data, err := encodeJSON(l)
	if err != nil {
		return err
	}
	return w.answers.Write(ctx, data)
}

// send passes on what is queued until the queue has ended.
func (w *bulkWriter) send() error {
	w.extend()
	w.to.WriteHeaderNow()
	if err := w.flush(); err != nil {
		return err
	}
	buf := make([]byte, 16<<10)
	for more := true; more; {
		if more = w.answers.wait(); more {
			select { // for others to come along
			case <-time.After(flushDelay):
			case <-w.answers.ended:
			}
		}
		if err := w.pass(buf); err != nil {
			return err
		}
	}
	if w.last == nil {
		return nil
	}
	if err := w.write(w.last); err != nil {
		return err
	}
	return w.flush()
}

// pass sends what is queued now.
func (w *bulkWriter) pass(buf []byte) error {
	for {
		n, err := w.answers.Read(buf)
		if err == io.EOF {
			return w.flush()
		}
		if err != nil {
			return err
		}
		if err := w.write(buf[:n]); err != nil {
			return err
		}
		w.took()
	}
}

func (w *bulkWriter) write(p []byte) error {
	w.extend()
	_, err := w.to.Write(p)
	return err
}

func (w *bulkWriter) flush() error {
	w.extend()
	if err := w.conn.Flush(); !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	return nil
}

// extend gives the next bytes their time. While the body comes, a client need not
// read at all, and only the body's deadline and the spool's bound hold.
func (w *bulkWriter) extend() {
	w.mu.Lock()
	defer w.mu.Unlock()
	var deadline time.Time
	if w.hurried {
		deadline = time.Now().Add(w.idle)
	}
	_ = w.conn.SetWriteDeadline(deadline) // recorders have none
}

// hurry says that the body has ended: the client has nothing left to do but read.
// It holds for bytes that wait to be taken already.
func (w *bulkWriter) hurry() {
	w.mu.Lock()
	w.hurried = true
	w.mu.Unlock()
	w.extend()
}

// end says that no answer follows but last, unless it is nil.
func (w *bulkWriter) end(last *market.BulkLine) {
	if last != nil {
		w.last, _ = encodeJSON(last) // of strings and numbers, which always encode
	}
	w.ended = true
	w.answers.end()
}

// close waits until everything is sent. The error says why not all was.
func (w *bulkWriter) close() error {
	w.closed = true
	w.hurry()
	err := <-w.sent
	w.answers.remove()
	return err
}

// abandon is for a handler that panics before close: the goroutine must not touch
// the connection after it.
func (w *bulkWriter) abandon() {
	if w.closed {
		return
	}
	w.mu.Lock()
	w.idle = 0
	w.mu.Unlock()
	if !w.ended {
		w.end(nil)
	}
	_ = w.close() // the panic says more
}
