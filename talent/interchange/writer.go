package interchange

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"talentmatch/talent"
)

// Writer writes records; Close finishes the file but does not close the stream
// under it.
type Writer interface {
	Write(rec talent.Record) error
	Close() error
}

// NewWriter writes records to w as "ndjson", "csv" or "xlsx"
// (talent.ErrUnsupported for others). Tables hold one type, t; NDJSON takes any
// when t is "". lang is the language of the headers, "en" (default) or "zh"; a
// Chinese CSV begins with a byte order mark, without which Excel takes it for
// GB18030. What is written reads back as the same valid records.
func NewWriter(w io.Writer, format string, t talent.Type, lang string) (Writer, error) {
	if lang == "" {
		lang = "en"
	}
	if lang != "en" && lang != "zh" {
		return nil, fmt.Errorf("header language %q (known: en, zh): %w", lang, talent.ErrUnsupported)
	}
	if t != "" && talent.New(t) == nil || t == "" && format != "ndjson" {
		return nil, fmt.Errorf("export of record type %q as %s: %w", t, format, talent.ErrUnsupported)
	}
	switch format {
	case "ndjson":
		return &lineWriter{bufio.NewWriter(w), t}, nil
	case "csv":
		return newCSVWriter(w, t, lang)
	case "xlsx":
		return newXLSXWriter(w, t, lang)
	}
	return nil, fmt.Errorf("export format %q (known: ndjson, csv, xlsx): %w", format, talent.ErrUnsupported)
}

// checkType refuses a record that does not belong in the file.
func checkType(rec talent.Record, t talent.Type) error {
	if t != "" && rec.RecordType() != t {
		return fmt.Errorf("%s %s in a file of %s: %w", rec.RecordType(), rec.RecordID(), t.Plural(), talent.ErrInvalid)
	}
	return nil
}

type lineWriter struct {
	w *bufio.Writer
	t talent.Type
}

func (l *lineWriter) Write(rec talent.Record) error {
	if err := checkType(rec, l.t); err != nil {
		return err
	}
	b, err := talent.Encode(rec)
	if err != nil {
		return err
	}
	_, _ = l.w.Write(b) // bufio keeps the error for WriteByte
	return l.w.WriteByte('\n')
}

func (l *lineWriter) Close() error { return l.w.Flush() }

// formatRow renders a record's fields as cells, in the order of columns.
func formatRow(rec talent.Record, columns []*column) ([]string, error) {
	b, err := talent.Encode(rec)
	if err != nil {
		return nil, err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(b, &fields); err != nil {
		return nil, fmt.Errorf("write %s %s: %w", rec.RecordType(), rec.RecordID(), err)
	}
	groups := map[string]map[string]json.RawMessage{}
	out := make([]string, len(columns))
	for i, c := range columns {
		raw := fields[c.name]
		if group, name, ok := strings.Cut(c.name, "."); ok && fields[group] != nil {
			if groups[group] == nil {
				groups[group] = value[map[string]json.RawMessage](fields[group])
			}
			raw = groups[group][name]
		}
		if raw != nil {
			out[i] = c.codec.format(raw)
		}
	}
	return out, nil
}

type csvWriter struct {
	w       *csv.Writer
	t       talent.Type
	columns []*column
}

func newCSVWriter(w io.Writer, t talent.Type, lang string) (*csvWriter, error) {
	c := &csvWriter{csv.NewWriter(w), t, columnsOf(t).exported()}
	if lang == "zh" {
		if _, err := w.Write(utf8BOM); err != nil {
			return nil, err
		}
	}
	return c, c.w.Write(titles(c.columns, lang))
}

func titles(columns []*column, lang string) []string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = c.headerIn(lang)
	}
	return out
}

func (c *csvWriter) Write(rec talent.Record) error {
	if err := checkType(rec, c.t); err != nil {
		return err
	}
	cells, err := formatRow(rec, c.columns)
	if err != nil {
		return err
	}
	for i, s := range cells {
		cells[i] = guard(s)
	}
	return c.w.Write(cells)
}

func (c *csvWriter) Close() error {
	c.w.Flush()
	return c.w.Error()
}

// maxSheetRows is how many rows a sheet has, the header included.
const maxSheetRows = 1 << 20

// maxCell is the length of the longest text that a cell of a workbook holds, in
// UTF-16 units.
const maxCell = 32767

type xlsxWriter struct {
	out     io.Writer
	file    *excelize.File
	sheet   *excelize.StreamWriter
	t       talent.Type
	columns []*column
	row     int
	closed  bool
}

func newXLSXWriter(w io.Writer, t talent.Type, lang string) (_ *xlsxWriter, err error) {
	x := &xlsxWriter{out: w, file: excelize.NewFile(), t: t, columns: columnsOf(t).exported()}
	defer func() {
		if err != nil {
			x.file.Close()
		}
	}()
	name := t.Plural()
	if lang == "zh" {
		name = typeNames[t][0]
	}
	if err := x.file.SetSheetName("Sheet1", name); err != nil {
		return nil, err
	}
	if x.sheet, err = x.file.NewStreamWriter(name); err != nil {
		return nil, err
	}
	if err := x.sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return nil, err
	}
	bold, err := x.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return nil, err
	}
	var head []any
	for _, s := range titles(x.columns, lang) {
		head = append(head, excelize.Cell{StyleID: bold, Value: s})
	}
	return x, x.add(head)
}

func (x *xlsxWriter) add(cells []any) error {
	x.row++
	if x.row > maxSheetRows {
		return fmt.Errorf("a sheet holds %d records at most: %w", maxSheetRows-1, talent.ErrTooLarge)
	}
	at, err := excelize.CoordinatesToCellName(1, x.row)
	if err != nil {
		return err
	}
	return x.sheet.SetRow(at, cells)
}

func (x *xlsxWriter) Write(rec talent.Record) error {
	if err := checkType(rec, x.t); err != nil {
		return err
	}
	texts, err := formatRow(rec, x.columns)
	if err != nil {
		return err
	}
	cells := make([]any, len(texts))
	for i, s := range texts {
		if s == "" {
			continue
		}
		if v, ok := parseDecimal(s); ok && x.columns[i].codec.numeric {
			cells[i] = v
			continue
		}
		s = guard(s)
		if err := fitsCell(s); err != nil {
			return fmt.Errorf("write %s %s: %s %w; export it as csv or ndjson", x.t, rec.RecordID(), x.columns[i].label(), err)
		}
		cells[i] = s
	}
	return x.add(cells)
}

// lostPattern is text that workbooks use to write UTF-16 surrogates and excelize
// drops.
var lostPattern = regexp.MustCompile(`(?i)_xD[89A-F][0-9A-F]{2}_`)

// fitsCell reports what a cell of a workbook cannot hold.
func fitsCell(s string) error {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
		if r == 0xFFFE || r == 0xFFFF {
			return fmt.Errorf("has the character U+%04X, which a workbook cannot hold: %w", r, talent.ErrUnsupported)
		}
	}
	if n > maxCell {
		return fmt.Errorf("has %d characters, a cell of a workbook holds %d: %w", n, maxCell, talent.ErrTooLarge)
	}
	if m := lostPattern.FindString(s); m != "" {
		return fmt.Errorf("has the text %s, which a workbook cannot hold: %w", m, talent.ErrUnsupported)
	}
	return nil
}

// Close writes the workbook.
func (x *xlsxWriter) Close() error {
	if x.closed {
		return nil
	}
	x.closed = true
	defer x.file.Close()
	if err := x.sheet.Flush(); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	if err := x.file.Write(x.out); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return nil
}
