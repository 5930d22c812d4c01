package interchange

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"talentmatch/talent"
)

// maxColumns bounds a row of a table: no record type has 40 fields.
const maxColumns = 1000

// A cellRow is one row of a table as it stands in the file.
type cellRow struct {
	line  int // where it starts, from 1
	cells []string
	bad   string // why the row cannot be split into cells; "" if it can
}

// blank reports a row without content.
func (r cellRow) blank() bool {
	for _, c := range r.cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return r.bad == ""
}

// csvScanner splits CSV text into rows. It is our own because encoding/csv changes
// \r\n inside quotes to \n, which would make an export differ from its import.
// Quotes inside an unquoted cell are text, as in Excel.
type csvScanner struct {
	br   *bufio.Reader
	name string
	sep  byte
	max  int // bytes in one record
	line int // the line that the next byte is on
	cell []byte
	used int // bytes of the present record
	cr   bool
}

func newCSVScanner(br *bufio.Reader, name string, sep byte, max int) *csvScanner {
	return &csvScanner{br: br, name: name, sep: sep, max: max, line: 1}
}

// byte returns the next byte, counting lines and the record's length.
func (s *csvScanner) byte() (byte, error) {
	c, err := s.br.ReadByte()
	if err != nil {
		if err != io.EOF {
			err = fmt.Errorf("%s: read: %w", Position{File: s.name, Line: s.line}, err)
		}
		return 0, err
	}
	s.used++
	if c == '\r' || c == '\n' && !s.cr {
		s.line++
	}
	s.cr = c == '\r'
	return c, nil
}

// peek is the next byte, 0 at the end.
func (s *csvScanner) peek() byte {
	b, _ := s.br.Peek(1)
	if len(b) == 0 {
		return 0
	}
	return b[0]
}

// next returns the next row, blank ones too; io.EOF at the end. Other errors end
// the file.
func (s *csvScanner) next() (cellRow, error) {
	row := cellRow{line: s.line}
	s.used = 0
	if _, err := s.br.Peek(1); err == io.EOF {
		return row, io.EOF
	}
	for {
		end, err := s.readCell(&row)
		if err != nil {
			return row, err
		}
		if end {
			return row, nil
		}
		if len(row.cells) >= maxColumns && row.bad == "" {
			row.bad = fmt.Sprintf("has more than %d columns", maxColumns)
			row.cells = nil
		}
	}
}

// readCell reads one cell and its separator; end says that the row ends with it.
func (s *csvScanner) readCell(row *cellRow) (end bool, err error) {
	s.cell = s.cell[:0]
	if s.peek() == '"' {
		if err := s.readQuoted(row); err != nil {
			return true, err
		}
		return s.endOfQuoted(row)
	}
	for {
		c, err := s.byte()
		if err != nil && err != io.EOF {
			return true, err
		}
		if err == io.EOF || c == s.sep || s.lineEnd(c) {
			s.take(row)
			return err == io.EOF || c != s.sep, nil
		}
		s.cell = append(s.cell, c)
		if s.used > s.max {
			return true, unreadable(Position{File: s.name, Line: row.line}, "the row is longer than %d bytes", s.max)
		}
	}
}

// take adds the cell that was read to the row.
func (s *csvScanner) take(row *cellRow) {
	if row.bad == "" {
		row.cells = append(row.cells, string(s.cell))
	}
}

// lineEnd reports whether c ends a line, taking the \n of a \r\n with it.
func (s *csvScanner) lineEnd(c byte) bool {
	if c == '\r' && s.peek() == '\n' {
		_, _ = s.byte()
	}
	return c == '\r' || c == '\n'
}

// readQuoted reads from the opening to the closing quote.
func (s *csvScanner) readQuoted(row *cellRow) error {
	start := s.line
	if _, err := s.byte(); err != nil {
		return err
	}
	for {
		c, err := s.byte()
		switch {
		case err == io.EOF:
			return unreadable(Position{File: s.name, Line: start}, "the quote that opens in this line is never closed")
		case err != nil:
			return err
		case s.used > s.max:
			return unreadable(Position{File: s.name, Line: start},
				"the row is longer than %d bytes; is the quote that opens in this line closed?", s.max)
		case c != '"':
			s.cell = append(s.cell, c)
		case s.peek() == '"':
			_, _ = s.byte()
			s.cell = append(s.cell, '"')
		default:
			return nil
		}
	}
}

// endOfQuoted reads what may follow a closing quote: spaces, then the separator or
// the line's end. Anything else makes the row bad; the rest of its line is passed
// over.
func (s *csvScanner) endOfQuoted(row *cellRow) (end bool, err error) {
	stray := false
	for {
		c, err := s.byte()
		if err != nil && err != io.EOF {
			return true, err
		}
		isEnd := err == io.EOF || s.lineEnd(c)
		if isEnd || c == s.sep && !stray {
			if stray && row.bad == "" {
				row.bad = fmt.Sprintf("has text after the closing quote of %q: double the quotes inside a quoted cell", talent.Shorten(string(s.cell)))
				row.cells = nil
			}
			s.take(row)
			return isEnd, nil
		}
		stray = stray || c != ' ' && c != '\t'
		if s.used > s.max {
			return true, unreadable(Position{File: s.name, Line: row.line}, "the row is longer than %d bytes", s.max)
		}
	}
}

// sniff is how many bytes of a CSV file may be looked at to find its header and
// separator.
const sniff = 64 << 10

// openCSV opens a CSV or TSV file: its encoding from all its bytes (a pipe cannot
// be read twice and must be UTF-8 unless Options says otherwise), its separator
// from the header.
func openCSV(path string, o Options) (*Reader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	enc, bom := o.Encoding, false
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		if enc, bom, err = detectEncoding(f, path, o.Encoding, saveAsCSV); err != nil {
			f.Close()
			return nil, err
		}
	}
	r, err := newCSV(f, path, enc, bom, o)
	if err != nil {
		f.Close()
		return nil, err
	}
	r.file = f
	return r, nil
}

// newCSV reads CSV text in a known encoding; it closes f in the end.
func newCSV(f io.ReadCloser, path, enc string, bom bool, o Options) (*Reader, error) {
	br := decoded(f, enc)
	ext := strings.ToLower(filepath.Ext(path))
	seps := []byte{',', ';', '\t'}
	if ext == ".tsv" {
		seps = seps[2:]
	}
	start, _ := br.Peek(sniff)
	if len(bytes.TrimSpace(start)) == 0 {
		return nil, unreadable(Position{File: path}, "the file is empty, expected a header row")
	}
	sep := findSeparator(start, seps, o.Type)
	rows := newCSVScanner(br, path, sep, o.MaxLine)
	p := planner{file: path, want: o.Type, name: strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)), strict: true}
	plan, err := p.plan(rows.next)
	if err != nil {
		return nil, err
	}
	r := &Reader{src: &csvTable{file: f, rows: rows, table: plan.table, ahead: plan.ahead}}
	plan.table.note = r.note
	r.notes = append(r.notes, "encoding "+encodingName(enc, bom))
	if sep != ',' && ext != ".tsv" {
		r.notes = append(r.notes, fmt.Sprintf("separator %q", string(sep)))
	}
	r.notes = append(r.notes, plan.notes...)
	return r, nil
}

// findSeparator picks the separator under which the text shows a header with most
// known columns; the first when none does.
func findSeparator(start []byte, seps []byte, want talent.Type) byte {
	best, most := seps[0], 0
	for _, sep := range seps {
		s := newCSVScanner(bufio.NewReader(bytes.NewReader(start)), "", sep, len(start)+1)
		for range headerRows {
			row, err := s.next()
			if err != nil {
				break
			}
			if n := knownHeaders(row.cells, want); n > most {
				best, most = sep, n
			}
		}
	}
	return best
}

// csvTable is the data rows of a CSV file.
type csvTable struct {
	file  io.Closer
	rows  *csvScanner
	table *table
	ahead []cellRow // read while the header was looked for
}

func (c *csvTable) close() error { return c.file.Close() }

func (c *csvTable) next() (Row, error) {
	for {
		var row cellRow
		if len(c.ahead) > 0 {
			row, c.ahead = c.ahead[0], c.ahead[1:]
		} else {
			var err error
			if row, err = c.rows.next(); err != nil {
				return Row{}, err
			}
		}
		if !row.blank() && !c.table.passOver(row) {
			return c.table.read(row), nil
		}
	}
}
