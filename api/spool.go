package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"talentmatch/talent"
)

const (
	// spoolMemory is how many bytes of unread answers of one stream stay in memory.
	spoolMemory = 256 << 10
	// spoolLimit is how many more of one stream may wait in temporary files: some three
	// million answers.
	spoolLimit = 256 << 20
	// spoolRoom bounds the temporary files of all streams of a server together.
	spoolRoom = 1 << 30
	// segmentSize is how large a temporary file grows before the next is begun, and so
	// how soon the disk gets back what was read.
	segmentSize = 4 << 20
)

// A spool is a queue of bytes between one writer and one reader. What is too much for
// memory waits in temporary files that nobody else may open. Only when these are full
// too does the writer wait, and only for a while.
type spool struct {
	memoryLimit int           // bytes; a single larger write into an empty spool passes
	limit       int64         // bytes of the files together
	segment     int64         // bytes of one file, but for its last write
	patience    time.Duration // how long Write waits for a reader that takes nothing
	room        *room         // of the files of all spools

	arrived chan struct{} // has a token when something was written since the last wait
	taken   chan struct{} // has a token when something was read, or failed was set
	ended   chan struct{} // closed by end

	mu       sync.Mutex
	memory   bytes.Buffer // older than anything in the files
	segments []*segment   // oldest first; each has unread bytes
	used     int64        // bytes of the segments, read or not
	failed   error        // what the reader's side said
}

// A segment is one temporary file.
type segment struct {
	file       *os.File
	name       string // where an open file cannot be unlinked, else ""
	read, size int64  // bytes; read < size
}

// errFull means that the spool has no place for a write now.
var errFull = errors.New("no room for answers")

func newSpool(memory int, limit int64, patience time.Duration, r *room) *spool {
	return &spool{memoryLimit: memory, limit: limit, segment: segmentSize, patience: patience, room: r,
		arrived: make(chan struct{}, 1), taken: make(chan struct{}, 1), ended: make(chan struct{})}
}

// Write queues all of p or nothing. Without room it waits for the reader, as long as
// that takes something within the patience. Errors: talent.ErrTooLarge when the reader
// took nothing, those of the files then, ctx's, and what fail was given.
func (s *spool) Write(ctx context.Context, p []byte) error {
	var patience *time.Timer
	for {
		freed := s.room.freed() // before looking, so that nothing is missed
		err := s.put(p)
		if err == nil || !errors.Is(err, errFull) {
			return err
		}
		if patience == nil {
			patience = time.NewTimer(s.patience)
			defer patience.Stop()
		}
		select {
		case <-s.taken:
			patience.Reset(s.patience)
		case <-freed:
		case <-ctx.Done():
			return ctx.Err()
		case <-patience.C:
			var file *fileError
			if errors.As(err, &file) {
				return fmt.Errorf("keep answers that are not read: %w", file.cause)
			}
			return fmt.Errorf("too many answers wait, and none was read for %s; read them while sending, or send fewer lines at once: %w",
				s.patience, talent.ErrTooLarge)
		}
	}
}

// fileError means that there is no room because a file could not be written.
type fileError struct{ cause error }

func (e *fileError) Error() string        { return e.cause.Error() }
func (e *fileError) Is(target error) bool { return target == errFull }

func (s *spool) put(p []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed != nil {
		return s.failed
	}
	if n := s.memory.Len(); len(s.segments) == 0 && (n == 0 || n+len(p) <= s.memoryLimit) {
		s.memory.Write(p)
	} else if err := s.store(p); err != nil {
		return err
	}
	signal(s.arrived)
	return nil
}

// store puts p into the newest file, or a new one.
func (s *spool) store(p []byte) error {
	n := int64(len(p))
	if s.used+n > s.limit || !s.room.take(n) {
		return errFull
	}
	if err := s.append(p); err != nil {
		s.room.give(n)
		return &fileError{err}
	}
	s.used += n
	return nil
}

func (s *spool) append(p []byte) error {
	var last *segment
	if i := len(s.segments) - 1; i >= 0 && s.segments[i].size < s.segment {
		last = s.segments[i]
	} else {
		made, err := newSegment()
		if err != nil {
			return err
		}
		last = made
	}
	// A write that fails half-way leaves bytes that do not count.
	if _, err := last.file.WriteAt(p, last.size); err != nil {
		if last.size == 0 {
			last.remove()
		}
		return err
	}
	if last.size == 0 {
		s.segments = append(s.segments, last)
	}
	last.size += int64(len(p))
	return nil
}

// newSegment makes a file without a name, so that nothing is left behind even when
// the process is killed.
func newSegment() (*segment, error) {
	f, err := os.CreateTemp("", "talentmatch-answers-*") // for its owner only
	if err != nil {
		return nil, err
	}
	out := &segment{file: f}
	if os.Remove(f.Name()) != nil { // Windows keeps the name of an open file
		out.name = f.Name()
	}
	return out, nil
}

// remove gives the file back. Nothing depends on whether that succeeds.
func (g *segment) remove() {
	_ = g.file.Close()
	if g.name != "" {
		_ = os.Remove(g.name)
	}
}

// Read takes what is there, and does not wait: io.EOF means nothing for now.
func (s *spool) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := s.memory.Read(p)
	if err == io.EOF && len(s.segments) > 0 {
		n, err = s.readFile(p)
	}
	if n > 0 {
		signal(s.taken)
	}
	return n, err
}

func (s *spool) readFile(p []byte) (int, error) {
	first := s.segments[0]
	n := min(int64(len(p)), first.size-first.read)
	if _, err := first.file.ReadAt(p[:n], first.read); err != nil {
		return 0, fmt.Errorf("read answers that were kept: %w", err)
	}
	if first.read += n; first.read == first.size {
		s.drop()
	}
	return int(n), nil
}

// drop removes the oldest file.
func (s *spool) drop() {
	first := s.segments[0]
	first.remove()
	s.segments[0], s.segments = nil, s.segments[1:]
	s.used -= first.size
	s.room.give(first.size)
}

// wait returns true once something was written, and false after the end. What was
// written last is to be read in either case.
func (s *spool) wait() bool {
	select {
	case <-s.arrived:
		return true
	case <-s.ended:
		return false
	}
}

// end says that nothing more is written.
func (s *spool) end() { close(s.ended) }

// fail makes every later write return err, and one that waits: nobody reads any more.
func (s *spool) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed = err
	signal(s.taken)
}

// remove forgets what is unread. Neither side may go on.
func (s *spool) remove() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.memory = bytes.Buffer{}
	for len(s.segments) > 0 {
		s.drop()
	}
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// A room is a number of bytes that spools share.
type room struct {
	mu   sync.Mutex
	left int64
	more chan struct{} // closed when some were given back
}

func newRoom(size int64) *room { return &room{left: size, more: make(chan struct{})} }

// take takes n bytes, or none and returns false.
func (r *room) take(n int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n > r.left {
		return false
	}
	r.left -= n
	return true
}

func (r *room) give(n int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.left += n
	close(r.more)
	r.more = make(chan struct{})
}

// freed is closed when bytes are given back after the call.
func (r *room) freed() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.more
}
