package interchange

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"talentmatch/talent"
)

// DefaultMaxLine is the longest NDJSON line or CSV record that is accepted unless
// Options says otherwise, in bytes: 200,000 characters of text and 1,000 skills
// fit several times.
const DefaultMaxLine = 8 << 20

// Options says what the file itself does not.
type Options struct {
	// Type is the type of every record. "" takes it from the record's type field or
	// column, the sheet's name, the headers, or the file's name.
	Type talent.Type
	// Encoding is "utf-8" or "gb18030"; "" finds out (CSV) or expects UTF-8 (NDJSON).
	Encoding string
	// MaxLine bounds one NDJSON line or CSV record in bytes; 0 is DefaultMaxLine.
	MaxLine int
}

func (o Options) check() (Options, error) {
	if o.Type != "" && talent.New(o.Type) == nil {
		return o, fmt.Errorf("record type %q: %w", o.Type, talent.ErrUnsupported)
	}
	switch e := strings.ToLower(strings.ReplaceAll(o.Encoding, "_", "-")); e {
	case "", "utf-8", "gb18030":
		o.Encoding = e
	case "utf8":
		o.Encoding = "utf-8"
	case "gbk", "gb2312":
		o.Encoding = "gb18030" // which contains both
	default:
		return o, fmt.Errorf("encoding %q (known: utf-8, gb18030): %w", o.Encoding, talent.ErrUnsupported)
	}
	if o.MaxLine <= 0 {
		o.MaxLine = DefaultMaxLine
	}
	return o, nil
}

// Row is one record of a file, or what is wrong with it.
//
// Type and ID are those of Record. A row with Errors has them as far as they can be
// read, so that what refers to it can be told from what refers to nothing: Type is
// "" if it is not known, ID if the row gives no valid id, or has its id derived from
// other fields (crosswalk, outcome).
type Row struct {
	Pos    Position
	Type   talent.Type
	ID     string
	Record talent.Record // nil when Errors is not empty
	Errors []RowError    // one for each bad cell or field
}

// source is one kind of file being read.
type source interface {
	next() (Row, error)
	close() error
}

// Reader reads the records of one file. It is not safe for concurrent use.
type Reader struct {
	src   source
	file  *os.File // of line files, for Offset
	err   error    // why there is nothing more
	notes []string
}

// Open opens a file by its extension: .ndjson, .jsonl, .csv, .tsv or .xlsx
// (talent.ErrUnsupported for others). For tables the headers are read and checked
// at once: a *HeaderError lists everything that is wrong with them.
func Open(path string, o Options) (*Reader, error) {
	o, err := o.check()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, fmt.Errorf("%s is a folder, expected a file: %w", path, talent.ErrInvalid)
	}
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".ndjson", ".jsonl":
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		return &Reader{src: newLines(f, path, o), file: f}, nil
	case ".csv", ".tsv":
		return openCSV(path, o)
	case ".xlsx":
		return openXLSX(path, o)
	case ".xls":
		return nil, fmt.Errorf("%s: the old Excel format is %w: save it as .xlsx", path, talent.ErrUnsupported)
	default:
		return nil, fmt.Errorf("%s: file type %q is %w: use .ndjson, .jsonl, .csv, .tsv or .xlsx", path, ext, talent.ErrUnsupported)
	}
}

// Next returns the next row. A row with Errors does not end the reading; io.EOF
// is the end, any other error means that the file cannot be read further and names
// the position.
func (r *Reader) Next() (Row, error) {
	if r.err != nil {
		return Row{}, r.err
	}
	row, err := r.src.next()
	if err != nil {
		r.err = err
		return Row{}, err
	}
	return row, nil
}

// Offset is how many bytes of a line file (NDJSON, CSV) were read so far, for a
// progress bar; 0 for workbooks and streams.
func (r *Reader) Offset() int64 {
	if r.file == nil {
		return 0
	}
	n, err := r.file.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0
	}
	return n
}

// Close releases the file; Next returns an error afterwards.
func (r *Reader) Close() error {
	if r.err == nil || r.err == io.EOF {
		r.err = os.ErrClosed
	}
	return r.src.close()
}

// Notes lists what was decided in opening the file (its encoding, separator, the
// type of each table, sheets that were passed over) and in reading it so far (rows
// of totals that were passed over).
func (r *Reader) Notes() []string { return slices.Clone(r.notes) }

func (r *Reader) note(s string) { r.notes = append(r.notes, s) }
