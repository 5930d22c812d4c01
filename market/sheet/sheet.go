// Package sheet writes reports as workbooks (XLSX): a sheet for each table, headings in
// Chinese and English, native charts of their columns, and a last sheet that says what every
// column means.
//
// What goes in: sheets with columns and rows of values, and charts that name columns. What comes out: one workbook,
// the same bytes for the same sheets and charts. What is left out: what the values are about;
// records, which talent/interchange writes so that they can be imported again.
package sheet

import (
	"archive/zip"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"regexp"
	"slices"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"talentmatch/talent"
)

// A Column has a heading and a meaning in both languages.
type Column struct {
	ZH, EN               string
	Width                float64 // in characters; 0: 12
	Format               string  // of numbers, as Excel writes it; "" for none
	MeaningZH, MeaningEN string
}

// A Sheet is one table. Each row has a value for each column: a string, a number, or nil
// for an empty cell.
type Sheet struct {
	ZH, EN  string
	Columns []Column
	Rows    [][]any
}

func (s *Sheet) name() string { return s.ZH + " " + s.EN }

// Bounds of a workbook.
const (
	MostRows = 1<<20 - 2 // below two rows of headings
	mostCell = 32_767    // characters of UTF-16
)

// Write writes a workbook, charts on a sheet of their own before the definitions. Its error
// is talent.ErrTooLarge when a sheet has more than MostRows rows. A text that is longer than
// a cell may be is cut.
func Write(w io.Writer, sheets []Sheet, charts ...Chart) (err error) {
	f := excelize.NewFile()
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DDE6F0"}}})
	if err != nil {
		return err
	}
	for i, s := range append(sheets[:len(sheets):len(sheets)], definitions(sheets)) {
		name := s.name()
		if i == 0 {
			err = f.SetSheetName("Sheet1", name)
		} else {
			_, err = f.NewSheet(name)
		}
		if err != nil {
			return err
		}
		if err := write(f, name, &s, bold); err != nil {
			return fmt.Errorf("sheet %s: %w", name, err)
		}
		if i == len(sheets)-1 && len(charts) > 0 {
			if err := draw(f, sheets, charts); err != nil {
				return fmt.Errorf("charts: %w", err)
			}
		}
	}
	book, err := f.WriteToBuffer()
	if err != nil {
		return err
	}
	return inOrder(w, book.Bytes())
}

// inOrder writes a workbook with its parts in the order of their names, and the file types
// of the first part in that of theirs: excelize writes both in any order.
func inOrder(w io.Writer, book []byte) error {
	r, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		return err
	}
	slices.SortFunc(r.File, func(a, b *zip.File) int { return cmp.Compare(a.Name, b.Name) })
	out := zip.NewWriter(w)
	for _, part := range r.File {
		if part.Name == contentTypes {
			err = copyTypes(out, part)
		} else {
			err = out.Copy(part)
		}
		if err != nil {
			return err
		}
	}
	return out.Close()
}

// contentTypes is the part that lists what every other part is.
const contentTypes = "[Content_Types].xml"

var defaultType = regexp.MustCompile(`<Default [^>]*></Default>`)

// copyTypes copies the list of types, those by file ending in order. A drawing adds the
// endings of every kind of picture, from a map.
func copyTypes(out *zip.Writer, part *zip.File) error {
	f, err := part.Open()
	if err != nil {
		return err
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		return err
	}
	var types []string
	for _, t := range defaultType.FindAll(text, -1) {
		types = append(types, string(t))
	}
	slices.Sort(types)
	text = defaultType.ReplaceAllFunc(text, func([]byte) (next []byte) {
		next, types = []byte(types[0]), types[1:]
		return next
	})
	w, err := out.CreateHeader(&zip.FileHeader{Name: part.Name, Method: part.Method})
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

func write(f *excelize.File, name string, s *Sheet, bold int) error {
	if len(s.Rows) > MostRows {
		return fmt.Errorf("%d rows, a sheet holds %d: %w", len(s.Rows), MostRows, talent.ErrTooLarge)
	}
	out, err := f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 2, TopLeftCell: "A3", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	styles, zh, en := make([]int, len(s.Columns)), make([]any, len(s.Columns)), make([]any, len(s.Columns))
	for i, c := range s.Columns {
		width := c.Width
		if width == 0 {
			width = 12
		}
		if err := out.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
		if c.Format != "" {
			if styles[i], err = f.NewStyle(&excelize.Style{CustomNumFmt: &c.Format}); err != nil {
				return err
			}
		}
		zh[i], en[i] = excelize.Cell{StyleID: bold, Value: c.ZH}, excelize.Cell{StyleID: bold, Value: c.EN}
	}
	rows := append([][]any{zh, en}, s.Rows...)
	for r, row := range rows {
		at, err := excelize.CoordinatesToCellName(1, r+1)
		if err != nil {
			return err
		}
		cells := make([]any, len(row))
		for i, v := range row {
			if text, ok := v.(string); ok {
				v = cut(text)
			}
			cells[i] = v
			if r >= 2 && styles[i] != 0 && v != nil {
				cells[i] = excelize.Cell{StyleID: styles[i], Value: v}
			}
		}
		if err := out.SetRow(at, cells); err != nil {
			return err
		}
	}
	return out.Flush()
}

// cut shortens a text to what a cell holds.
func cut(s string) string {
	n := 0
	for i, r := range s {
		if n += max(1, utf16.RuneLen(r)); n > mostCell {
			return s[:i]
		}
	}
	return s
}

// definitions is the sheet that says what columns mean.
func definitions(sheets []Sheet) Sheet {
	out := Sheet{ZH: "说明", EN: "Definitions", Columns: []Column{
		{ZH: "工作表", EN: "sheet", Width: 24}, {ZH: "列", EN: "column", Width: 18}, {ZH: "列（英文）", EN: "column (English)", Width: 24},
		{ZH: "含义", EN: "meaning (Chinese)", Width: 50}, {ZH: "含义（英文）", EN: "meaning (English)", Width: 60},
	}}
	for _, s := range sheets {
		for _, c := range s.Columns {
			out.Rows = append(out.Rows, []any{s.name(), c.ZH, c.EN, c.MeaningZH, c.MeaningEN})
		}
	}
	return out
}
