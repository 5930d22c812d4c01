package interchange

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/xuri/excelize/v2"

	"talentmatch/talent"
)

// maxSheets bounds the sheets of a workbook.
const maxSheets = 1000

// openXLSX opens a workbook and plans every sheet: a sheet without a header is
// passed over with a note unless its name says that it holds records.
func openXLSX(name string, o Options) (*Reader, error) {
	if err := checkArchive(name); err != nil {
		return nil, err
	}
	w, err := openWorkbook(name)
	if err != nil {
		return nil, err
	}
	r := &Reader{src: w}
	if err := w.planSheets(o, &r.notes); err != nil {
		w.close()
		return nil, err
	}
	for _, p := range w.sheets {
		p.table.note = func(s string) { r.note("sheet " + p.table.pos.Sheet + ": " + s) }
	}
	return r, nil
}

// workbook reads the planned sheets of a workbook one after the other.
type workbook struct {
	name     string
	file     *excelize.File
	tmp      string // for what excelize unpacks
	date1904 bool
	sheets   []*plan
	rows     *sheetRows // of sheets[0]; nil before it is begun
}

func openWorkbook(name string) (w *workbook, err error) {
	tmp, err := os.MkdirTemp("", "talentmatch-xlsx-")
	if err != nil {
		return nil, err
	}
	w = &workbook{name: name, tmp: tmp}
	err = w.guard(func() (err error) {
		if w.file, err = excelize.OpenFile(name, excelize.Options{
			RawCellValue: true, UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxInMemory, TmpDir: tmp,
		}); err != nil {
			return err
		}
		props, err := w.file.GetWorkbookProps()
		w.date1904 = props.Date1904 != nil && *props.Date1904
		return err
	})
	if err != nil {
		w.close()
		return nil, err
	}
	return w, nil
}

// guard runs a piece of excelize: its errors and panics on damaged workbooks
// become errors that name the file.
func (w *workbook) guard(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = unreadable(Position{File: w.name}, "the workbook is damaged: %v", p)
		}
	}()
	if err := f(); err != nil {
		return unreadable(Position{File: w.name}, "the workbook cannot be read: %v", err)
	}
	return nil
}

func (w *workbook) close() error {
	var errs []error
	if w.rows != nil {
		errs = append(errs, w.rows.close())
		w.rows = nil
	}
	if w.file != nil {
		errs = append(errs, w.guard(w.file.Close))
		w.file = nil
	}
	errs = append(errs, os.RemoveAll(w.tmp))
	return errors.Join(errs...)
}

// planSheets plans every sheet that has a header and collects the problems of all
// headers before it gives up.
func (w *workbook) planSheets(o Options, notes *[]string) error {
	var names []string
	if err := w.guard(func() error { names = w.file.GetSheetList(); return nil }); err != nil {
		return err
	}
	if len(names) > maxSheets {
		return fmt.Errorf("%s: %w: %d sheets, at most %d are accepted", w.name, talent.ErrTooLarge, len(names), maxSheets)
	}
	var bad HeaderError
	for _, sheet := range names {
		p, err := w.planSheet(sheet, o)
		var head *HeaderError
		var none *noHeaderError
		hint := typeInName(sheet)
		other := o.Type != "" && hint != "" && hint != o.Type
		switch {
		case err == nil:
			w.sheets = append(w.sheets, p)
			for _, n := range p.notes {
				*notes = append(*notes, "sheet "+sheet+": "+n)
			}
		case errors.As(err, &none) && none.blank:
			*notes = append(*notes, "sheet "+sheet+" skipped: it is empty")
		case errors.As(err, &none) && (hint == "" || other):
			*notes = append(*notes, "sheet "+sheet+" skipped: no header")
		case errors.As(err, &head) && other && w.fits(sheet, hint):
			*notes = append(*notes, "sheet "+sheet+" skipped: it holds "+hint.Plural())
		case errors.As(err, &head):
			bad.Problems = append(bad.Problems, head.Problems...)
		case errors.As(err, &none):
			bad.Problems = append(bad.Problems, RowError{none.pos, talent.FieldError{Message: none.message}})
		default:
			return err
		}
	}
	if len(bad.Problems) > 0 {
		return &bad
	}
	if len(w.sheets) == 0 {
		return unreadable(Position{File: w.name}, "no sheet has a header row that is known here; see talentmatch import --help-fields")
	}
	return nil
}

// fits reports whether a sheet can be read as records of type t.
func (w *workbook) fits(sheet string, t talent.Type) bool {
	_, err := w.planSheet(sheet, Options{Type: t})
	return err == nil
}

func (w *workbook) planSheet(sheet string, o Options) (*plan, error) {
	rows, err := w.open(sheet)
	if err != nil {
		return nil, err
	}
	defer rows.close()
	name := sheet
	if typeInName(name) == "" {
		name = strings.TrimSuffix(filepath.Base(w.name), filepath.Ext(w.name))
	}
	p, err := planner{file: w.name, sheet: sheet, want: o.Type, name: name}.plan(rows.next)
	if err != nil {
		return nil, err
	}
	p.table.reading.date1904 = w.date1904
	return p, nil
}

func (w *workbook) next() (Row, error) {
	for len(w.sheets) > 0 {
		p := w.sheets[0]
		if w.rows == nil {
			rows, err := w.open(p.table.pos.Sheet)
			if err != nil {
				return Row{}, err
			}
			w.rows = rows
		}
		in, err := w.rows.next()
		if err == nil {
			if in.line <= p.header || in.blank() || p.table.passOver(in) {
				continue
			}
			return p.table.read(in), nil
		}
		if err != io.EOF {
			return Row{}, err
		}
		err = w.rows.close()
		w.rows, w.sheets = nil, w.sheets[1:]
		if err != nil {
			return Row{}, err
		}
	}
	return Row{}, io.EOF
}

// sheetRows iterates over the rows of one sheet.
type sheetRows struct {
	book *workbook
	pos  Position
	rows *excelize.Rows
}

func (w *workbook) open(sheet string) (*sheetRows, error) {
	s := &sheetRows{book: w, pos: Position{File: w.name, Sheet: sheet}}
	err := w.guard(func() (err error) {
		s.rows, err = w.file.Rows(sheet)
		return err
	})
	return s, err
}

func (s *sheetRows) close() error { return s.book.guard(s.rows.Close) }

// next returns the next row with cells; io.EOF at the end.
func (s *sheetRows) next() (row cellRow, err error) {
	more := false
	err = s.book.guard(func() error {
		for s.rows.Next() {
			s.pos.Line++
			cells, err := s.rows.Columns()
			if err != nil {
				return fmt.Errorf("%s: %w", s.pos, err)
			}
			if len(cells) > 0 {
				row, more = cellRow{line: s.pos.Line, cells: cells}, true
				return nil
			}
		}
		return s.rows.Error()
	})
	if err != nil {
		return row, err
	}
	if !more {
		return row, io.EOF
	}
	if len(row.cells) > maxColumns { // not for the row alone: many such rows would take hours
		return row, unreadable(s.pos, "the row has %d columns, at most %d are accepted", len(row.cells), maxColumns)
	}
	return row, nil
}
