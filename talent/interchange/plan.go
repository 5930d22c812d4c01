package interchange

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"talentmatch/talent"
)

// headerRows is how many rows with content may be looked at for a header.
const headerRows = 20

// planner finds the header of one table and what its columns mean.
type planner struct {
	file, sheet string
	want        talent.Type // the type that the caller asks for, or ""
	name        string      // the name of the sheet or file, which may tell the type
	strict      bool
}

// plan is a table that can be read.
type plan struct {
	table  *table
	ahead  []cellRow // rows below the header that have been read
	header int       // the last line of the header
	notes  []string
}

// noHeaderError says that no row looks like a header.
type noHeaderError struct {
	blank   bool // there are no rows with content at all
	pos     Position
	message string
}

func (e *noHeaderError) Error() string { return unreadable(e.pos, "%s", e.message).Error() }

func (e *noHeaderError) Unwrap() error { return talent.ErrInvalid }

// plan reads up to the first row below the header. It returns a *noHeaderError or a
// *HeaderError if there is none that can be used.
func (p planner) plan(next func() (cellRow, error)) (*plan, error) {
	var rows []cellRow
	for len(rows) < headerRows {
		row, err := next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if row.blank() {
			continue
		}
		rows = append(rows, row)
		if p.isHeader(row.cells) {
			return p.withHeader(row, next)
		}
	}
	pos := Position{File: p.file, Sheet: p.sheet}
	if len(rows) == 0 {
		return nil, &noHeaderError{true, pos, "has no rows, expected a header row"}
	}
	pos.Line = rows[0].line
	return nil, &noHeaderError{false, pos, fmt.Sprintf("no header row: none of the first %d rows names columns of %s; the first begins %q",
		len(rows), p.wanted(), talent.Shorten(strings.Join(rows[0].cells, " ")))}
}

func (p planner) wanted() string {
	if p.want != "" {
		return "a " + string(p.want)
	}
	return "any record type"
}

// isHeader reports whether at least two cells, and more than half of those with
// content, are known headers of one type.
func (p planner) isHeader(cells []string) bool {
	filled := 0
	for _, c := range cells {
		if strings.TrimSpace(c) != "" && !ignored()[foldHeader(c)] {
			filled++
		}
	}
	known := knownHeaders(cells, p.want)
	return known >= 2 && 2*known > filled
}

// knownHeaders is how many of the cells are headers of the wanted type, or of the
// type that most of them are headers of.
func knownHeaders(cells []string, want talent.Type) int {
	most := 0
	for _, t := range talent.Types {
		if want != "" && t != want {
			continue
		}
		known := 0
		for _, c := range cells {
			if columnsOf(t).find(c) != nil {
				known++
			}
		}
		most = max(most, known)
	}
	return most
}

// withHeader makes the plan for the header row head.
func (p planner) withHeader(head cellRow, next func() (cellRow, error)) (*plan, error) {
	out := &plan{header: head.line}
	row, err := nextFilled(next)
	if err == nil && isMarks(row) {
		out.header = row.line
		out.notes = append(out.notes, fmt.Sprintf("row %d passed over: it says what is required", row.line))
		row, err = nextFilled(next)
	}
	if err == nil {
		out.ahead = []cellRow{row}
	} else if err != io.EOF {
		return nil, err
	}
	t, how, err := p.chooseType(head, out.ahead)
	if err != nil {
		return nil, err
	}
	cols, problems := p.columns(head, t)
	if len(problems) > 0 {
		return nil, &HeaderError{problems}
	}
	out.table = &table{typ: t, columns: cols, pos: Position{File: p.file, Sheet: p.sheet}, strict: p.strict}
	if how != "" {
		out.notes = append(out.notes, "records are "+t.Plural()+", by "+how)
	}
	for _, c := range cols {
		if c.ignored {
			out.notes = append(out.notes, "column "+c.title+" only numbers the rows: not read")
		}
	}
	return out, nil
}

// nextFilled is the next row with content.
func nextFilled(next func() (cellRow, error)) (cellRow, error) {
	for {
		row, err := next()
		if err != nil || !row.blank() {
			return row, err
		}
	}
}

// chooseType decides what the records are: as asked for; by the type column; by
// the name if the headers fit; by the headers if they fit one type only; by the
// name; by the headers that fit best.
func (p planner) chooseType(head cellRow, ahead []cellRow) (t talent.Type, how string, err error) {
	if p.want != "" {
		return p.want, "", nil
	}
	for i, text := range head.cells {
		c := columnsOf(talent.Types[0]).find(text) // every type has the column
		if c == nil || c.name != typeHeader.name || len(ahead) == 0 || i >= len(ahead[0].cells) {
			continue
		}
		if t := typeWord(ahead[0].cells[i]); t != "" {
			return t, "the column " + strings.TrimSpace(text), nil
		}
	}
	named := typeInName(p.name)
	var fit, best []talent.Type
	most := 0
	for _, t := range talent.Types {
		if _, problems := p.columns(head, t); len(problems) == 0 {
			fit = append(fit, t)
		}
		switch known := knownHeaders(head.cells, t); {
		case known > most:
			best, most = []talent.Type{t}, known
		case known == most:
			best = append(best, t)
		}
	}
	switch {
	case named != "" && slices.Contains(fit, named):
		return named, "the name", nil
	case len(fit) == 1:
		return fit[0], "the headers", nil
	case named != "":
		return named, "the name", nil
	case len(fit) == 0 && len(best) == 1:
		return best[0], "the headers", nil
	case len(fit) > 0:
		best = fit
	}
	pos := Position{File: p.file, Sheet: p.sheet, Line: head.line}
	return "", "", unreadable(pos, "the headers fit several record types (%s): say which by a type column or the name of the sheet or file", joinTypes(best))
}

func joinTypes(types []talent.Type) string {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = string(t)
	}
	return strings.Join(names, ", ")
}

// columns finds what each header means in a table of type t, and everything that
// is wrong with them: unknown and repeated ones, required ones that are missing.
func (p planner) columns(head cellRow, t talent.Type) ([]tableColumn, []RowError) {
	cells := head.cells
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	pos := Position{File: p.file, Sheet: p.sheet, Line: head.line}
	var problems []RowError
	add := func(title, path, value, message string) {
		at := pos
		at.Column = title
		problems = append(problems, RowError{at, talent.FieldError{Path: path, Value: value, Message: message}})
	}
	set := columnsOf(t)
	out := make([]tableColumn, len(cells))
	var seen []tableColumn
	for i, text := range cells {
		text = strings.Join(strings.Fields(text), " ")
		title := strings.TrimSpace(talent.Shorten(text) + " (" + columnLetter(i) + ")")
		out[i] = tableColumn{title: title}
		if text == "" {
			continue
		}
		c := set.find(text)
		if c == nil {
			out[i].ignored = ignored()[foldHeader(text)]
			if !out[i].ignored {
				hint := ""
				if near := set.nearest(text); near != "" {
					hint = ": did you mean " + near + "?"
				}
				add(title, "", talent.Shorten(text), "is no column of a "+string(t)+hint+" (columns: "+set.names()+")")
			}
			continue
		}
		out[i].column = c
		for _, s := range seen {
			if s.covers(c.name) || c.covers(s.name) {
				add(title, c.name, talent.Shorten(text), "means the same field as column "+s.title)
			}
		}
		seen = append(seen, out[i])
	}
	for _, c := range set.all {
		if c.field.Required && !slices.ContainsFunc(seen, func(s tableColumn) bool { return s.column == c }) {
			add("", c.name, "", "there is no column "+c.label()+", which every "+string(t)+" needs")
		}
	}
	return out, problems
}

// names lists the headers of a type in both languages.
func (s *columnSet) names() string {
	var out []string
	for _, c := range s.all {
		out = append(out, c.en+" "+c.zh)
	}
	return strings.Join(out, ", ")
}

func plural(n int, noun string) string {
	s := strconv.Itoa(n) + " " + noun
	if n != 1 {
		s += "s"
	}
	return s
}
