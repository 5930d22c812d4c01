package pack

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"talentmatch/talent"
)

// own is a folder of our own NDJSON.
type own struct{ paths []string }

func findOwn(dir string, names []string) part {
	o := &own{}
	for _, name := range names {
		if ext := strings.ToLower(filepath.Ext(name)); ext == ".ndjson" || ext == ".jsonl" {
			o.paths = append(o.paths, filepath.Join(dir, name))
		}
	}
	if len(o.paths) == 0 {
		return nil
	}
	sort.Strings(o.paths)
	return o
}

func (o *own) files() []string          { return o.paths }
func (o *own) check() error             { return nil }
func (o *own) version() (string, error) { return "", nil }

func (o *own) rows(r *reading) error {
	for _, path := range o.paths {
		if err := o.file(r, path); err != nil {
			return err
		}
	}
	return nil
}

func (o *own) file(r *reading, path string) error {
	in, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("taxonomy folder: %w", err)
	}
	defer in.Close()
	name, before := filepath.Base(path), r.folder.done
	br := bufio.NewReaderSize(in, 64<<10)
	for line := 1; ; line++ {
		data, long, err := readLine(br)
		if err == io.EOF {
			r.folder.done = before + offset(in)
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s:%d: cannot be read: %w", name, line, err)
		}
		if line == 1 {
			data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
		}
		if data = bytes.TrimSpace(data); len(data) == 0 && !long {
			continue
		}
		if line%256 == 0 {
			r.folder.done = before + offset(in)
		}
		if err := r.row(ownRow(name, line, data, long)); err != nil {
			return err
		}
	}
}

// ownRow decodes one line.
func ownRow(name string, line int, data []byte, long bool) Row {
	row := Row{File: name, Line: line}
	fail := func(f talent.FieldError) {
		row.Problems = append(row.Problems, Problem{File: name, Line: line, Field: f})
	}
	if long {
		fail(talent.FieldError{Message: fmt.Sprintf("is longer than %d bytes", maxLine)})
		return row
	}
	rec, err := talent.Decode(data, "")
	var invalid *talent.InvalidError
	switch {
	case errors.As(err, &invalid):
		row.Type = invalid.Type
		if talent.ValidID(invalid.ID) {
			row.ID = invalid.ID
		}
		for _, f := range invalid.Fields {
			fail(f)
		}
		return row
	case err != nil:
		fail(talent.FieldError{Message: err.Error()})
		return row
	}
	row.Type, row.ID = rec.RecordType(), rec.RecordID()
	switch rec.(type) {
	case *talent.Skill, *talent.Occupation, *talent.Crosswalk:
		row.Record = rec
	default:
		fail(talent.FieldError{Path: "type", Value: string(row.Type), Message: "must be skill, occupation or crosswalk in a taxonomy folder; import files of other records by name"})
	}
	return row
}

// readLine reads one line without its end; one that is too long is passed over.
func readLine(br *bufio.Reader) (data []byte, long bool, err error) {
	var buf []byte
	for {
		piece, err := br.ReadSlice('\n')
		if !long {
			buf = append(buf, piece...)
		}
		if len(buf) > maxLine {
			long, buf = true, nil
		}
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case err == io.EOF && (len(buf) > 0 || long):
			return buf, long, nil
		case err != nil:
			return nil, false, err
		}
		return buf, long, nil
	}
}
