package api

import (
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
	conn    *http.ResponseController
	idle    time.Duration
	answers *spool
	sent    chan error // one value when the goroutine has ended

	closed bool

	mu      sync.Mutex
	hurried bool
}

func newBulkWriter(to gin.ResponseWriter, conn *http.ResponseController, idle time.Duration) *bulkWriter {
	return &bulkWriter{to: to, conn: conn, idle: idle, answers: newSpool(spoolLimit), sent: make(chan error, 1)}
}

// start begins sending; from here to close only the goroutine touches the answer.
func (w *bulkWriter) start() {
	go func() {
		err := w.send()
		if err != nil {
			w.answers.fail(err)
		}
		w.sent <- err
	}()
}

func (w *bulkWriter) line(l market.BulkLine) error {
	data, err := encodeJSON(l)
	if err != nil {
		return err
	}
	_, err = w.answers.Write(data)
	return err
}

// send passes on what is queued until the queue has ended.
func (w *bulkWriter) send() error {
	buf := make([]byte, 16<<10)
	for more := true; more; {
		if more = w.answers.wait(); more {
			select { // for others to come along
			case <-time.After(flushDelay):
			case <-w.answers.ended:
			}
		}
		for {
			n, err := w.answers.Read(buf)
			if err == io.EOF {
				break
			}
			if err != nil {
				return err
			}
			w.extend()
			if _, err := w.to.Write(buf[:n]); err != nil {
				return err
			}
		}
		w.extend()
		w.to.Flush()
	}
	return nil
}

// extend gives the next bytes their time. While the body comes, a client need not
// read at all, and the body's own deadline is the only one.
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

// close sends what waits, and then last unless it is nil. The error says why not
// all was sent.
func (w *bulkWriter) close(last *market.BulkLine) error {
	w.closed = true
	w.answers.end()
	err := <-w.sent
	if err == nil && last != nil {
		var data []byte
		if data, err = encodeJSON(last); err == nil {
			w.extend()
			_, err = w.to.Write(data)
			w.to.Flush()
		}
	}
	return errors.Join(err, w.answers.remove())
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
	w.hurry()
	_ = w.close(nil) // the panic says more
}
