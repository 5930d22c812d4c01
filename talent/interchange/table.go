package interchange

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"talentmatch/talent"
)

// tableColumn is a column of one particular table.
type tableColumn struct {
	*column        // nil: no header, or one that is ignored
	title   string // the header as written and the letter: "人数 (F)"
	ignored bool   // numbers the rows only
}

// table reads the rows under one header.
type table struct {
	typ     talent.Type
	columns []tableColumn
	pos     Position // file and sheet
	strict  bool     // rows must be as long as the header (CSV)
	reading reading
	note    func(string) // takes what is decided while rows are read
	totals  int          // rows of totals that were passed over
}

// errorCells are what Excel shows for a formula that failed.
var errorCells = map[string]bool{
	"#N/A": true, "#VALUE!": true, "#REF!": true, "#DIV/0!": true, "#NUM!": true, "#NAME?": true,
	"#NULL!": true, "#SPILL!": true, "#CALC!": true, "#GETTING_DATA": true, "#FIELD!": true, "#BLOCKED!": true,
}

// rowReader is the state of reading one row.
type rowReader struct {
	*table
	row    Row
	cells  []string
	values []parsed
	errors [][]RowError // by column; the last is for what belongs to none
}

// read turns a row of cells into a record or its errors.
func (t *table) read(in cellRow) Row {
	pos := t.pos
	pos.Line = in.line
	row := Row{Pos: pos, Type: t.typ}
	if in.bad != "" {
		row.fail(in.bad)
		return row
	}
	if t.strict && len(in.cells) < len(t.columns) {
		row.setID(t.cell(in, "id"))
		row.fail("has " + plural(len(in.cells), "cell") + ", the header has " + plural(len(t.columns), "column"))
		return row
	}
	r := &rowReader{table: t, row: row, cells: in.cells,
		values: make([]parsed, len(t.columns)), errors: make([][]RowError, len(t.columns)+1)}
	for i, cell := range in.cells {
		r.readCell(i, cell)
	}
	rec, err := talent.Decode(r.object(), t.typ)
	for _, e := range fieldErrors(err, func(talent.FieldError) Position { return pos }) {
		r.decodeError(e.Field)
	}
	for _, list := range r.errors {
		r.row.Errors = append(r.row.Errors, list...)
	}
	if len(r.row.Errors) == 0 {
		r.row.setRecord(rec)
	} else {
		r.row.setID(t.cell(in, "id"))
	}
	return r.row
}

// cell is the text in the column of a field; "" if there is none.
func (t *table) cell(in cellRow, name string) string {
	for i, c := range t.columns {
		if c.column != nil && c.name == name && i < len(in.cells) {
			return unguard(strings.TrimSpace(in.cells[i]))
		}
	}
	return ""
}

// readCell parses cell i.
func (r *rowReader) readCell(i int, cell string) {
	cell = strings.TrimSpace(cell)
	if cell == "" {
		return
	}
	if i >= len(r.columns) || r.columns[i].column == nil && !r.columns[i].ignored {
		title := columnLetter(i)
		r.add(len(r.columns), "("+title+")", talent.FieldError{Value: talent.Shorten(cell), Message: "stands in a column without a header"})
		return
	}
	c := r.columns[i].column
	if c == nil {
		return
	}
	switch {
	case !utf8.ValidString(cell):
		r.values[i] = wrong("is not valid UTF-8")
	case errorCells[cell]:
		r.values[i] = wrong("is the result of a formula that failed")
	default:
		cell = unguard(cell)
		r.values[i] = c.codec.parse(r.reading, c, cell)
	}
	for _, p := range r.values[i].bad {
		value := cell
		if p.item >= 0 {
			value = r.values[i].items[p.item]
		}
		r.add(i, r.columns[i].title, talent.FieldError{Path: c.name + p.at(), Value: talent.Shorten(strings.ToValidUTF8(value, "\uFFFD")), Message: p.message})
	}
}

func (r *rowReader) add(i int, title string, f talent.FieldError) {
	pos := r.row.Pos
	pos.Column = title
	r.errors[i] = append(r.errors[i], RowError{Pos: pos, Field: f})
}

// object is the row as the JSON object that an NDJSON line would hold.
func (r *rowReader) object() []byte {
	var b bytes.Buffer
	b.WriteByte('{')
	field := func(name string, value []byte) {
		if b.Bytes()[b.Len()-1] != '{' {
			b.WriteByte(',')
		}
		b.WriteByte('"')
		b.WriteString(name)
		b.WriteString(`":`)
		b.Write(value)
	}
	var groups []string // objects made of several columns
	members := map[string][]int{}
	for i, v := range r.values {
		if v.json == nil {
			continue
		}
		if group, _, ok := strings.Cut(r.columns[i].name, "."); ok {
			if members[group] == nil {
				groups = append(groups, group)
			}
			members[group] = append(members[group], i)
			continue
		}
		field(r.columns[i].name, v.json)
	}
	for _, g := range groups {
		field(g, []byte("{"))
		for _, i := range members[g] {
			_, name, _ := strings.Cut(r.columns[i].name, ".")
			field(name, r.values[i].json)
		}
		b.WriteByte('}')
	}
	b.WriteByte('}')
	return b.Bytes()
}

// decodeError places an error of the validation in its column, unless reading the
// cell has said it already.
func (r *rowReader) decodeError(f talent.FieldError) {
	at := -1
	for i, c := range r.columns {
		if c.column != nil && c.covers(f.Path) {
			at = i
		}
	}
	if at < 0 {
		title := ""
		if f.Path != "" {
			title, _, _ = strings.Cut(f.Path, "[")
		}
		r.add(len(r.columns), title, f)
		return
	}
	c := r.columns[at]
	v := r.values[at]
	inside := f.Path[len(c.name):]
	if ref := refAt(c.field, inside); ref != "" && hasHan(f.Value) {
		f.Message = "is a name: give the " + string(ref) + "'s id"
	}
	for _, p := range v.bad {
		item := problem{item: p.item}.at()
		if item == "" || inside == item || strings.HasPrefix(inside, item+".") || strings.HasPrefix(inside, item+"[") {
			return
		}
	}
	if at < len(r.cells) {
		f.Value = talent.Shorten(strings.TrimSpace(r.cells[at]))
	}
	for i, item := range v.items {
		p := problem{item: i}.at()
		if inside == p || strings.HasPrefix(inside, p+".") || strings.HasPrefix(inside, p+"[") {
			f.Value = talent.Shorten(item)
		}
	}
	r.add(at, c.title, f)
}

// refAt is the type that the part of a field at a path inside it refers to, e.g. at
// "[0].organization" of members; "" if it refers to nothing.
func refAt(f talent.Field, inside string) talent.Type {
	for _, name := range strings.Split(inside, ".")[1:] {
		name, _, _ = strings.Cut(name, "[")
		f = subField(f, name)
	}
	return f.Ref
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// guarded reports whether a spreadsheet would take the text for a formula or an
// error, or we for a mark below the header, or whether it is such a text with
// apostrophes before it.
func guarded(s string) bool {
	t := strings.TrimLeft(s, "'")
	if t == "" {
		return false
	}
	return strings.ContainsRune("=+-@", rune(t[0])) || errorCells[t] || isMark(t)
}

// guard puts an apostrophe before text that would be taken for a formula or a mark;
// a plain number stays.
func guard(s string) string {
	if _, number := parseDecimal(s); number || !guarded(s) {
		return s
	}
	return "'" + s
}

// unguard is the inverse of guard.
func unguard(s string) string {
	if strings.HasPrefix(s, "'") && guarded(s) {
		return s[1:]
	}
	return s
}
