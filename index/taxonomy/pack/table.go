package pack

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"talentmatch/talent"
)

// maxLine bounds a line of a tab-separated file and what is looked at to tell a
// file's separator.
const maxLine = 8 << 20

// A table is a delimited file with a header, read row by row.
type table struct {
	name  string // of the file, without its folder
	file  *os.File
	read  func() (cells []string, line int, err error)
	cols  map[string]int // folded header -> position
	asked map[string]int // first name of a column -> position
	heads []string
	cells []string // of the current row
	line  int      // where it begins
	csv   *csv.Reader
	bad   int // position of a cell of the current row that is not UTF-8; -1 if all are
}

// A format is how a file separates its cells.
type format struct {
	tabs   bool // O*NET: tabs, no quotes, perhaps Windows-1252
	header func(cells []string) bool
}

// headerWithin is how many rows may stand before the header, where any may.
const headerWithin = 100

// openTable opens a file and reads its header: the first row, or the first that
// f.header accepts.
func openTable(path string, f format) (*table, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("taxonomy folder: %w", err)
	}
	t := &table{name: filepath.Base(path), file: file}
	if err := t.start(file, f); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return t, nil
}

// start reads up to the header.
func (t *table) start(in io.Reader, f format) error {
	br := bufio.NewReaderSize(in, 64<<10)
	head, err := br.Peek(4096)
	if err != nil && err != io.EOF && err != bufio.ErrBufferFull {
		return t.fail(0, "cannot be read: %v", err)
	}
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) || bytes.IndexByte(head, 0) >= 0 {
		return t.fail(0, "looks like UTF-16 or a binary file; it should be text in UTF-8")
	}
	if bytes.HasPrefix(head, []byte("\xef\xbb\xbf")) {
		if _, err := br.Discard(3); err != nil {
			return t.fail(0, "cannot be read: %v", err)
		}
	}
	if f.tabs {
		t.read = t.tabs(br)
	} else {
		t.csv = csv.NewReader(br)
		t.csv.Comma, t.csv.FieldsPerRecord, t.csv.ReuseRecord = separator(head), -1, true
		t.csv.LazyQuotes = f.header != nil // prose stands before the header
		t.read = t.commas
	}
	for range headerWithin {
		cells, line, err := t.read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if f.header == nil || f.header(cells) {
			t.line = line
			t.setHeader(cells)
			return nil
		}
	}
	return t.fail(1, "has no header row")
}

func (t *table) setHeader(cells []string) {
	t.heads, t.cols, t.asked = make([]string, len(cells)), make(map[string]int, len(cells)), map[string]int{}
	for i, c := range cells {
		t.heads[i] = strings.TrimSpace(c)
		if _, ok := t.cols[foldHead(c)]; !ok {
			t.cols[foldHead(c)] = i
		}
	}
}

// foldHead makes headers comparable: letters and digits in lower case.
func foldHead(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// separator is the most frequent of comma, semicolon and tab in the first line.
func separator(head []byte) rune {
	if i := bytes.IndexByte(head, '\n'); i >= 0 {
		head = head[:i]
	}
	best, most := ',', bytes.Count(head, []byte(","))
	for _, c := range []rune{';', '\t'} {
		if n := bytes.Count(head, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

func (t *table) close() error { return t.file.Close() }

// fail is an error that ends the reading of the file.
func (t *table) fail(line int, message string, args ...any) error {
	at := t.name
	if line > 0 {
		at = fmt.Sprintf("%s:%d", t.name, line)
	}
	return fmt.Errorf("%s: %w: %s", at, talent.ErrInvalid, fmt.Sprintf(message, args...))
}

// commas reads one row of CSV.
func (t *table) commas() ([]string, int, error) {
	cells, err := t.csv.Read()
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return nil, 0, t.fail(parse.Line, "the row that begins in line %d cannot be split into cells, at byte %d of the line: %v", parse.StartLine, parse.Column, parse.Err)
	}
	if err == io.EOF {
		return nil, 0, io.EOF
	}
	if err != nil {
		return nil, 0, t.fail(0, "cannot be read: %v", err)
	}
	line, _ := t.csv.FieldPos(0)
	return cells, line, nil
}

// tabs makes a reader of tab-separated rows.
func (t *table) tabs(br *bufio.Reader) func() ([]string, int, error) {
	line := 0
	var long []byte
	return func() ([]string, int, error) {
		for {
			line++
			data, err := br.ReadSlice('\n')
			for err == bufio.ErrBufferFull {
				if long = append(long, data...); len(long) > maxLine {
					return nil, 0, t.fail(line, "is longer than %d bytes", maxLine)
				}
				data, err = br.ReadSlice('\n')
			}
			if len(long) > 0 {
				data, long = append(long, data...), nil
			}
			if err != nil && err != io.EOF {
				return nil, 0, t.fail(line, "cannot be read: %v", err)
			}
			if err == io.EOF && len(data) == 0 {
				return nil, 0, io.EOF
			}
			if data = bytes.TrimRight(data, "\r\n"); len(data) == 0 {
				continue
			}
			if !utf8.Valid(data) {
				data, _ = charmap.Windows1252.NewDecoder().Bytes(data) // every byte means something there
			}
			return strings.Split(string(data), "\t"), line, nil
		}
	}
}

// next reads the next row with content; io.EOF after the last.
func (t *table) next() error {
	for {
		cells, line, err := t.read()
		if err != nil {
			return err
		}
		t.cells, t.line, t.bad = cells, line, -1
		content := false
		for i, c := range cells {
			content = content || c != ""
			if !utf8.ValidString(c) {
				t.bad = i
			}
		}
		if content {
			return nil
		}
	}
}

// col is the position of a column, by the first of its names that is there; -1 if
// none is.
func (t *table) col(names ...string) int {
	if i, ok := t.asked[names[0]]; ok { // a column is always asked for under the same names
		return i
	}
	found := -1
	for _, n := range names {
		if i, ok := t.cols[foldHead(n)]; ok {
			found = i
			break
		}
	}
	t.asked[names[0]] = found
	return found
}

// missing is an error that names the columns that are not there, nil if all are.
// "a|b" stands for either.
func (t *table) missing(names ...string) error {
	var lack []string
	for _, n := range names {
		if t.col(strings.Split(n, "|")...) < 0 {
			lack = append(lack, strings.ReplaceAll(n, "|", " or "))
		}
	}
	if len(lack) == 0 {
		return nil
	}
	return t.fail(t.line, "has no column %s (it has %s)", strings.Join(lack, ", "), talent.Shorten(strings.Join(t.heads, ", ")))
}

// cell is the text in a column of the current row, trimmed; "" where there is none.
func (t *table) cell(col int) string {
	if col < 0 || col >= len(t.cells) {
		return ""
	}
	return strings.TrimSpace(t.cells[col])
}

// problem is what is wrong with the current row's cell.
func (t *table) problem(col int, message string, args ...any) Problem {
	p := Problem{File: t.name, Line: t.line, Field: talent.FieldError{Message: fmt.Sprintf(message, args...)}}
	if col >= 0 && col < len(t.heads) {
		p.Column, p.Field.Value = t.heads[col], talent.Shorten(t.cell(col))
		if t.csv != nil && col < len(t.cells) {
			p.Line, _ = t.csv.FieldPos(col)
		}
	}
	return p
}
