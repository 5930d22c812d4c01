package api

import (
	"io"
	"net/http"
	"sync"
	"time"
)

// bulkReader reads the body of a bulk stream and gives each read a deadline of its
// own. It stays safe to use when the handler has ended: market.Bulk may leave a
// goroutine behind that wants to read on.
type bulkReader struct {
	body  io.Reader
	conn  *http.ResponseController
	idle  time.Duration
	ended func() // called when no more is read

	reading sync.Mutex // held by a read

	mu      sync.Mutex
	stopped bool  // reads are refused
	over    error // why nothing more comes
}

// readError marks that the client's side of the stream failed, not ours.
type readError struct{ cause error }

func (e *readError) Error() string { return "read the body: " + e.cause.Error() }
func (e *readError) Unwrap() error { return e.cause }

func (r *bulkReader) Read(p []byte) (int, error) {
	r.reading.Lock()
	defer r.reading.Unlock()
	r.mu.Lock()
	over, stopped := r.over, r.stopped
	if over == nil && !stopped {
		r.deadline(r.idle)
	}
	r.mu.Unlock()
	switch {
	case over != nil:
		return 0, over
	case stopped:
		return 0, &readError{http.ErrBodyReadAfterClose}
	}
	return r.read(p)
}

// read is Read for those who hold reading.
func (r *bulkReader) read(p []byte) (int, error) {
	n, err := r.body.Read(p)
	if err == nil {
		return n, nil
	}
	if err != io.EOF {
		err = &readError{err}
	}
	r.mu.Lock()
	r.over = err
	if err == io.EOF {
		// The server watches the connection from now on; it must not time out while
		// the last lines are written.
		_ = r.conn.SetReadDeadline(time.Time{})
	}
	r.mu.Unlock()
	r.ended()
	return n, err
}

// deadline is for those who hold mu.
func (r *bulkReader) deadline(in time.Duration) {
	_ = r.conn.SetReadDeadline(time.Now().Add(in)) // recorders have none
}

// renew gives a read that is under way its whole time again: the client may have been
// waiting for us.
func (r *bulkReader) renew() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.over == nil && !r.stopped {
		r.deadline(r.idle)
	}
}

// drain reads and drops what the client still sends, until it pauses for quiet, at
// most for the idle time. A client that reads only once it has sent everything would
// not get to see why its stream has failed otherwise. No other read succeeds from now on.
func (r *bulkReader) drain(quiet time.Duration) {
	end := time.Now().Add(r.idle)
	r.mu.Lock()
	r.stopped = true
	if r.over == nil {
		r.deadline(quiet) // for a read that is under way, too
	}
	r.mu.Unlock()
	r.reading.Lock()
	defer r.reading.Unlock()
	buf := make([]byte, 32<<10)
	for {
		r.mu.Lock()
		left := time.Until(end)
		done := r.over != nil || left <= 0
		if !done {
			r.deadline(min(quiet, left))
		}
		r.mu.Unlock()
		if done {
			return
		}
		_, _ = r.read(buf) // keeps its error
	}
}

// stop refuses further reads and ends one that is under way.
func (r *bulkReader) stop() {
	r.mu.Lock()
	r.stopped = true
	if r.over == nil {
		r.deadline(0)
	}
	r.mu.Unlock()
	r.reading.Lock()
	defer r.reading.Unlock() // not before that read has returned
}

// whole reports whether the body was read to its end.
func (r *bulkReader) whole() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.over == io.EOF
}
