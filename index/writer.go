package index

import (
	"context"
	"sync/atomic"
)

// A stint of a Writer's work, one batch of bleve's, is at most so many documents and,
// unless a single one is larger, so many bytes of text. While bleve works on a batch it
// takes some sixty times its text in memory; smaller batches cost more time in all, as
// the dictionary of each is built, written and merged.
const (
	stintDocs  = 1000
	stintBytes = 2 << 20
)

// A Writer applies a long stretch of changes, batch by batch, while its caller prepares
// what comes next. It belongs to one goroutine. Other writers wait until Close;
// searches do not, and see batch after batch. Every batch commits the version up to
// which the index is then complete, so that a crash at any time leaves an index that
// resumes from its version.
type Writer struct {
	x    *Index
	work chan stint
	done chan struct{} // closed when all work is done
	err  atomic.Pointer[error]
}

type stint struct {
	puts    []Doc
	deletes []Key
	version int64 // 0 to leave it
}

// Writer begins a stretch of changes. Close must follow.
func (x *Index) Writer(ctx context.Context) *Writer {
	x.apply.Lock()
	w := &Writer{x: x, work: make(chan stint), done: make(chan struct{})}
	go func() {
		defer close(w.done)
		for s := range w.work {
			if w.failed() != nil {
				continue
			}
			if s.version == 0 {
				s.version = x.Version()
			}
			if err := x.write(ctx, s.puts, s.deletes, s.version); err != nil {
				w.err.Store(&err)
			}
		}
	}()
	return w
}

func (w *Writer) failed() error {
	if err := w.err.Load(); err != nil {
		return *err
	}
	return nil
}

// Put puts, then deletes, and takes the version; 0 leaves it as it is, for a part of
// what leads to the next one. It returns when the writer has taken the last batch of it,
// before that is on disk or searchable. Its error is that of an earlier batch and comes
// again from Close. The lists belong to the Writer then.
func (w *Writer) Put(puts []Doc, deletes []Key, version int64) error {
	for {
		n := stintOf(puts)
		s := stint{puts: puts[:n]}
		if puts = puts[n:]; len(puts) == 0 {
			s.deletes, s.version = deletes, version
		}
		w.work <- s
		if err := w.failed(); err != nil || len(puts) == 0 {
			return err
		}
	}
}

// stintOf is how many of the documents, from the first, make a stint.
func stintOf(puts []Doc) int {
	bytes := 0
	for i, d := range puts {
		bytes += len(d.Title) + len(d.TitleEN) + len(d.Text)
		for _, s := range d.Names {
			bytes += len(s)
		}
		if i > 0 && (i == stintDocs || bytes > stintBytes) {
			return i
		}
	}
	return len(puts)
}

// Close waits until everything is on disk and searchable. After an error the index has
// the version of the last batch that succeeded; what comes behind it is left out.
func (w *Writer) Close() error {
	close(w.work)
	<-w.done
	w.x.apply.Unlock()
	return w.failed()
}
