package interchange

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"

	"talentmatch/talent"
)

// lineBuffer is how much of a stream is read at once; nothing waits for it to
// fill.
const lineBuffer = 64 << 10

// NewNDJSON reads records from a stream of JSON lines; name stands for it in
// positions. A line is returned as soon as it has arrived. If r is an io.Closer,
// Close closes it. Bad options are reported by the first Next.
func NewNDJSON(r io.Reader, name string, o Options) *Reader {
	o, err := o.check()
	if err != nil {
		err = fmt.Errorf("%s: %w", name, err)
	}
	return &Reader{src: newLines(r, name, o), err: err}
}

// lines reads NDJSON.
type lines struct {
	in   io.Reader
	br   *bufio.Reader
	name string
	opt  Options
	line int
	buf  []byte // a line longer than the buffer
}

func newLines(r io.Reader, name string, o Options) *lines {
	text := r
	if o.Encoding == "gb18030" {
		text = transform.NewReader(r, simplifiedchinese.GB18030.NewDecoder())
	}
	return &lines{in: r, br: bufio.NewReaderSize(text, lineBuffer), name: name, opt: o}
}

func (l *lines) close() error {
	if c, ok := l.in.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

var utf8BOM = []byte("\xef\xbb\xbf")

func (l *lines) next() (Row, error) {
	for {
		data, tooLong, err := l.readLine()
		if err != nil {
			return Row{}, err
		}
		row := Row{Pos: Position{File: l.name, Line: l.line}, Type: l.opt.Type}
		if tooLong {
			row.fail(fmt.Sprintf("is longer than %d bytes", l.opt.MaxLine))
			return row, nil
		}
		if l.line == 1 {
			data = bytes.TrimPrefix(data, utf8BOM)
		}
		if len(bytes.TrimSpace(data)) == 0 {
			continue
		}
		rec, err := talent.Decode(data, l.opt.Type)
		row.setRecord(rec)
		if err != nil {
			row.identify(data)
		}
		row.Errors = fieldErrors(err, func(talent.FieldError) Position { return row.Pos })
		return row, nil
	}
}

// setRecord gives the row its record; nil changes nothing.
func (r *Row) setRecord(rec talent.Record) {
	if rec == nil {
		return
	}
	r.Record = tidy(rec)
	r.Type, r.ID = rec.RecordType(), rec.RecordID()
}

// identify reads type and id of a line that is no valid record.
func (r *Row) identify(data []byte) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(data, &fields) != nil {
		return
	}
	text := func(name string) (s string) {
		_ = json.Unmarshal(fields[name], &s) // what is no string is as if absent
		return s
	}
	if t := talent.Type(text("type")); r.Type == "" && talent.New(t) != nil {
		r.Type = t
	}
	r.setID(text("id"))
}

// setID gives the row the id, if it is one.
func (r *Row) setID(id string) {
	if id = strings.TrimSpace(id); talent.ValidID(id) {
		r.ID = id
	}
}

// fail marks the row as bad as a whole.
func (r *Row) fail(message string) {
	r.Errors = append(r.Errors, RowError{Pos: r.Pos, Field: talent.FieldError{Message: message}})
}

// readLine returns the next line without its end; the bytes are valid until the
// next call. A line beyond the limit is passed over and reported as tooLong.
func (l *lines) readLine() (data []byte, tooLong bool, err error) {
	l.line++
	l.buf = l.buf[:0]
	for {
		part, err := l.br.ReadSlice('\n')
		switch {
		case err == nil && len(l.buf) == 0 && !tooLong:
			data = part // the usual case: no copy
		case !tooLong:
			l.buf = append(l.buf, part...)
			data = l.buf
		}
		if len(data) > l.opt.MaxLine+len("\r\n") {
			tooLong, l.buf, data = true, l.buf[:0], nil
		}
		if err == bufio.ErrBufferFull {
			continue
		}
		if err == io.EOF && (len(data) > 0 || tooLong) {
			err = nil // the last line has no line end
		}
		if err == io.EOF {
			return nil, false, io.EOF
		}
		if err != nil {
			return nil, false, fmt.Errorf("%s: read: %w", Position{File: l.name, Line: l.line}, err)
		}
		data = bytes.TrimRight(data, "\r\n")
		return data, tooLong || len(data) > l.opt.MaxLine, nil
	}
}

// fieldErrors unpacks an error of talent.Decode; at finds the place of each.
func fieldErrors(err error, at func(talent.FieldError) Position) []RowError {
	if err == nil {
		return nil
	}
	var invalid *talent.InvalidError
	if !errors.As(err, &invalid) {
		invalid = &talent.InvalidError{Fields: []talent.FieldError{{Message: err.Error()}}}
	}
	out := make([]RowError, len(invalid.Fields))
	for i, f := range invalid.Fields {
		out[i] = RowError{Pos: at(f), Field: f}
	}
	return out
}

// tidy drops a salary object without content: it says nothing, and no table could
// hold it.
func tidy(rec talent.Record) talent.Record {
	if d, ok := rec.(*talent.Demand); ok && d.Salary != nil && *d.Salary == (talent.Salary{}) {
		d.Salary = nil
	}
	return rec
}
