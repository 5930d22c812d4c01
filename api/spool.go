package api

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"talentmatch/talent"
)

const (
	// spoolMemory is how many bytes of unread answers stay in memory.
	spoolMemory = 64 << 10
	// spoolLimit is how many more may wait in a temporary file: some ten million answers.
	spoolLimit = 1 << 30
)

// A spool is a queue of bytes between a writer, who never waits for the reader, and
// a reader. What is too much for memory waits in a temporary file, which nobody else
// may read and whose name is gone as soon as it is open.
type spool struct {
	limit   int64         // bytes of the file, which is filled round and round
	arrived chan struct{} // has a token when something was written since the last wait
	ended   chan struct{} // closed by end

	mu       sync.Mutex
	memory   bytes.Buffer // older than anything in the file
	file     *os.File     // nil until memory was too small once
	name     string       // of the file, where an open file cannot be unlinked
	from, to int64        // what of the file is unread; places are modulo limit
	failed   error        // what the reader's side said
}

func newSpool(limit int64) *spool {
	return &spool{limit: limit, arrived: make(chan struct{}, 1), ended: make(chan struct{})}
}

// Write queues all of p or nothing. Errors: talent.ErrTooLarge when the reader has
// left too much unread, those of the file, and what fail was given.
func (s *spool) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed != nil {
		return 0, s.failed
	}
	if s.from < s.to || s.memory.Len()+len(p) > spoolMemory {
		if err := s.writeFile(p); err != nil {
			return 0, err
		}
	} else {
		s.memory.Write(p)
	}
	select {
	case s.arrived <- struct{}{}:
	default:
	}
	return len(p), nil
}

func (s *spool) writeFile(p []byte) error {
	if s.to-s.from+int64(len(p)) > s.limit {
		return fmt.Errorf("more than %d bytes of answers wait unread, read them while sending: %w", s.limit, talent.ErrTooLarge)
	}
	if s.file == nil {
		f, err := os.CreateTemp("", "talentmatch-answers-*") // for its owner only
		if err != nil {
			return fmt.Errorf("spool answers: %w", err)
		}
		s.file = f
		if os.Remove(f.Name()) != nil { // Windows keeps the name of an open file
			s.name = f.Name()
		}
	}
	at := s.to % s.limit
	first := min(int64(len(p)), s.limit-at)
	if _, err := s.file.WriteAt(p[:first], at); err != nil {
		return fmt.Errorf("spool answers: %w", err)
	}
	if _, err := s.file.WriteAt(p[first:], 0); err != nil {
		return fmt.Errorf("spool answers: %w", err)
	}
	s.to += int64(len(p))
	return nil
}

// Read takes what is there, and does not wait: io.EOF means nothing for now.
func (s *spool) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.memory.Len() > 0 || s.from == s.to {
		return s.memory.Read(p)
	}
	at := s.from % s.limit
	n := min(int64(len(p)), s.to-s.from, s.limit-at)
	if _, err := s.file.ReadAt(p[:n], at); err != nil && err != io.EOF {
		return 0, fmt.Errorf("read spooled answers: %w", err)
	}
	if s.from += n; s.from == s.to {
		s.from, s.to = 0, 0
	}
	return int(n), nil
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

// fail makes every later write return err: nobody reads any more.
func (s *spool) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed = err
}

// remove gives the file back. Neither side may go on.
func (s *spool) remove() error {
	if s.file == nil {
		return nil
	}
	err := s.file.Close()
	if s.name != "" {
		err = errors.Join(err, os.Remove(s.name))
	}
	if err != nil {
		return fmt.Errorf("remove spooled answers: %w", err)
	}
	return nil
}
