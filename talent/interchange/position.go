package interchange

import (
	"fmt"
	"strings"

	"talentmatch/talent"
)

// Position is a place in a file. Column, for tabular files, is the header as
// written and the column's letter: "人数 (F)"; the field name alone if the file
// has no such column.
type Position struct {
	File, Sheet string
	Line        int // from 1; 0 is the file or sheet as a whole
	Column      string
}

// String renders the position as "demands.csv:7 column 人数 (F)",
// "book.xlsx[需求]!F7" or "x.ndjson:3".
func (p Position) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Sheet != "" {
		b.WriteString("[" + p.Sheet + "]")
		if letter := p.letter(); letter != "" && p.Line > 0 {
			fmt.Fprintf(&b, "!%s%d", letter, p.Line)
			return b.String()
		}
		if p.Line > 0 {
			fmt.Fprintf(&b, "!%d", p.Line)
		}
	} else if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
	}
	if p.Column != "" {
		b.WriteString(" column " + p.Column)
	}
	return b.String()
}

// letter is the column letter at the end of Column; "" if it has none.
func (p Position) letter() string {
	i := strings.LastIndex(p.Column, "(")
	if i < 0 || !strings.HasSuffix(p.Column, ")") {
		return ""
	}
	return p.Column[i+1 : len(p.Column)-1]
}

// columnLetter is the spreadsheet name of column i, counted from 0: A, B, … Z, AA.
func columnLetter(i int) string {
	var b []byte
	for i++; i > 0; i = (i - 1) / 26 {
		b = append([]byte{byte('A' + (i-1)%26)}, b...)
	}
	return string(b)
}

// RowError is one thing wrong with one cell or field.
type RowError struct {
	Pos   Position
	Field talent.FieldError
}

// String renders the error in one line: position, field, message, value.
func (e RowError) String() string { return e.Pos.String() + ": " + e.Field.String() }

// HeaderError says everything that is wrong with the header rows of a file, which
// therefore cannot be read. errors.Is(err, talent.ErrInvalid) holds for it.
type HeaderError struct{ Problems []RowError }

// Error lists the problems, one a line.
func (e *HeaderError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Is reports that a HeaderError is a talent.ErrInvalid.
func (e *HeaderError) Is(target error) bool { return target == talent.ErrInvalid }

// unreadable is the error that ends the reading of a file.
func unreadable(pos Position, format string, args ...any) error {
	return fmt.Errorf("%s: %w: %s", pos, talent.ErrInvalid, fmt.Sprintf(format, args...))
}
