package interchange

import (
	"fmt"
	"strings"

	"talentmatch/talent"
)

const helpIntro = `Columns of CSV and XLSX files (NDJSON has the same fields as JSON).

Headers may be English or Chinese, in any order; case, spaces, width and a trailing * or (必填) do not matter. Unknown
headers are refused. Title rows above the header and blank rows are passed over; a column 序号 is not read. One sheet or
CSV file holds one record type, told by the sheet's name, the headers, a column type (记录类型), or the file's name.
CSV may be UTF-8 or GB18030, separated by comma, semicolon or tab.

Lists stand in one cell, separated by ; or ； or line breaks (where there is none of them, by 、 or ，). A \ before a
separator makes it part of the text. Text that begins with = + - @ carries an apostrophe before it in files written here.

* marks required columns.
`

// Help explains the columns of type t, of all types for "": both headers, what is
// required, the words accepted, the syntax of lists, an example. The text has no
// markup; lines are not wrapped.
func Help(t talent.Type) string {
	var b strings.Builder
	types := []talent.Type{t}
	if t == "" {
		types = talent.Types
	}
	b.WriteString(helpIntro)
	for _, t := range types {
		if talent.New(t) != nil {
			helpType(&b, t)
		}
	}
	return b.String()
}

func helpType(b *strings.Builder, t talent.Type) {
	fmt.Fprintf(b, "\n%s (%s)\n", t, strings.Join(typeNames[t], ", "))
	for _, c := range columnsOf(t).all {
		if c.name == typeHeader.name {
			continue // in the introduction
		}
		mark := " "
		if c.field.Required {
			mark = "*"
		}
		fmt.Fprintf(b, "%s %-18s %s\n", mark, c.en, c.zh)
		if c.also != "" {
			helpLine(b, "also", strings.Join(strings.Fields(c.also), ", "))
		}
		helpLine(b, "form", helpForm(c))
		if c.codec == enumCodec {
			for _, term := range enumTerms(t, c.field) {
				helpLine(b, term.Value, strings.Join(nonEmpty(append([]string{term.ZH, term.EN}, term.Also...)), ", "))
			}
		}
		if c.codec == membersCodec {
			helpLine(b, "roles", strings.TrimPrefix(enumHelp(t, subField(c.field, "role")), "must be one of "))
		}
		if e := c.example(); e != "" {
			helpLine(b, "example", e)
		}
	}
}

func helpLine(b *strings.Builder, label, text string) {
	fmt.Fprintf(b, "      %-10s %s\n", label, text)
}

// example is a cell as it may stand in the column; "" for enumerated ones.
func (c *column) example() string {
	for _, key := range []string{string(c.typ) + "." + c.name, c.name} {
		if e, ok := examples[key]; ok {
			return e
		}
	}
	return c.codec.example
}

// helpForm says what a cell holds: syntax, what it refers to, the field's own
// documentation.
func helpForm(c *column) string {
	s := c.codec.syntax
	switch {
	case c.name == "id":
		s = "id"
	case c.field.Ref != "" && c.codec == textCodec:
		s = "id of " + article(string(c.field.Ref))
	}
	if c.codec == enumCodec && c.typ == talent.TypeDemand && c.field.Name == "education" {
		s += " (不限 leaves it out)"
	}
	if c.field.Doc != "" {
		s += "; " + c.field.Doc
	}
	return s
}

func article(noun string) string {
	if strings.ContainsAny(noun[:1], "aeio") {
		return "an " + noun
	}
	return "a " + noun
}
