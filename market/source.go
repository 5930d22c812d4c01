package market

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"talentmatch/index/taxonomy/pack"
	"talentmatch/talent"
	"talentmatch/talent/interchange"
)

// A source is one file of an import, or a folder with a taxonomy.
type source struct {
	path   string
	size   int64        // bytes, for progress
	folder *pack.Folder // nil for a file
}

// pack is the name of the pack that the source's records belong to; "" for users' own.
func (s *source) pack() string {
	if s.folder == nil {
		return ""
	}
	return s.folder.Name
}

// openSources looks at what is to be imported. Every pack comes from one folder, or
// what a new version lacks could not be told.
func openSources(paths []string) ([]*source, error) {
	var out []*source
	from := map[string]string{} // pack -> folder
	for _, path := range paths {
		st, err := os.Stat(path)
		if err != nil {
			return nil, fmt.Errorf("import: %w", err)
		}
		s := &source{path: path, size: st.Size()}
		if st.IsDir() {
			if s.folder, err = pack.Open(path); err != nil {
				return nil, fmt.Errorf("import: %w", err)
			}
			s.size = s.folder.Size()
			name := s.folder.Name
			if name == builtinPack {
				return nil, fmt.Errorf("import %s: %q is the name of the taxonomy that is built in, give the pack another one in pack.json: %w", path, name, talent.ErrInvalid)
			}
			if other, ok := from[name]; ok {
				return nil, fmt.Errorf("import: %s and %s are both pack %q: give one another name in pack.json, or import one after the other: %w", other, path, name, talent.ErrInvalid)
			}
			from[name] = path
		}
		out = append(out, s)
	}
	return out, nil
}

// rowReader is a source being read; interchange.Reader is one.
type rowReader interface {
	Next() (interchange.Row, error)
	Offset() int64
	Notes() []string
	Close() error
}

func (s *source) open(o ImportOptions) (rowReader, error) {
	if s.folder == nil {
		return interchange.Open(s.path, interchange.Options{Type: o.Type, Encoding: o.Encoding})
	}
	r := &folderReader{source: s}
	r.next, r.stop = iter.Pull2(s.folder.Records())
	return r, nil
}

// A folderReader reads a folder as if it were a file.
type folderReader struct {
	*source
	next func() (pack.Row, error, bool)
	stop func()
}

func (r *folderReader) Next() (interchange.Row, error) {
	row, err, ok := r.next()
	if !ok {
		return interchange.Row{}, io.EOF
	}
	if err != nil {
		return interchange.Row{}, fmt.Errorf("%s: %w", r.path, err)
	}
	at := func(file string, line int, column string) interchange.Position {
		return interchange.Position{File: filepath.Join(r.path, file), Line: line, Column: column}
	}
	out := interchange.Row{Pos: at(row.File, row.Line, ""), Type: row.Type, ID: row.ID, Record: row.Record}
	for _, p := range row.Problems {
		out.Errors = append(out.Errors, interchange.RowError{Pos: at(p.File, p.Line, p.Column), Field: p.Field})
	}
	return out, nil
}

func (r *folderReader) Offset() int64   { return r.folder.Offset() }
func (r *folderReader) Notes() []string { return nil }

func (r *folderReader) Close() error {
	r.stop()
	return nil
}

// eachRow reads the sources in turn. Headers, encodings and what a folder leaves out
// are noted on the first reading only.
func (im *importer) eachRow(ctx context.Context, first bool, yield func(interchange.Row) error) error {
	done, total := int64(0), int64(0)
	for _, s := range im.sources {
		total += s.size
	}
	progress := func(done int64) {
		if im.o.Progress != nil {
			im.o.Progress(done, total)
		}
	}
	for _, s := range im.sources {
		rd, err := s.open(im.o)
		if err != nil {
			return err
		}
		im.from = s
		err = eachRowOf(ctx, rd, func(offset int64) { progress(done + offset) }, yield)
		if first {
			im.report.Notes = append(im.report.Notes, rd.Notes()...)
		}
		if err := errors.Join(err, rd.Close()); err != nil {
			return err
		}
		if first && s.folder != nil {
			for _, w := range s.folder.Warnings() {
				w, _ = strings.CutPrefix(w, filepath.Base(s.path)+": ") // of the folder as a whole
				im.warn(s.path + ": " + w)
			}
		}
		done += s.size
		progress(done)
	}
	return nil
}

// eachRowOf reads and decodes ahead of yield: what comes next is parsed while rows are
// written to the store.
func eachRowOf(ctx context.Context, rd rowReader, progress func(offset int64), yield func(interchange.Row) error) error {
	ctx, cancel := context.WithCancel(ctx)
	runs := make(chan rowRun, 1)
	var reading sync.WaitGroup
	defer reading.Wait() // the reader is the caller's again
	defer cancel()
	reading.Go(func() {
		defer close(runs)
		for {
			run := readRun(rd)
			select {
			case runs <- run:
			case <-ctx.Done():
				return
			}
			if run.err != nil {
				return
			}
		}
	})
	for run := range runs {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		progress(run.offset)
		for _, row := range run.rows {
			if err := yield(row); err != nil {
				return err
			}
		}
		if run.err == io.EOF {
			return nil
		}
		if run.err != nil {
			return run.err
		}
	}
	return ctx.Err()
}

// A rowRun is some rows of a file, where they end, and what came instead of the next;
// io.EOF at the end of the file.
type rowRun struct {
	rows   []interchange.Row
	offset int64
	err    error
}

// runRows and runBytes bound a run, and so how much is read ahead.
const (
	runRows  = 256
	runBytes = 1 << 20
)

func readRun(rd rowReader) rowRun {
	var run rowRun
	for start := rd.Offset(); len(run.rows) < runRows && rd.Offset()-start < runBytes; {
		row, err := rd.Next()
		if err != nil {
			run.err = err
			break
		}
		run.rows = append(run.rows, row)
	}
	run.offset = rd.Offset()
	return run
}
