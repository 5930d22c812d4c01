package interchange

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"talentmatch/talent"
)

// parsed is the JSON value of a cell and what is wrong with it.
type parsed struct {
	json  json.RawMessage // nil if the cell says nothing or nothing could be read
	items []string        // the cell's entries as written, when it is a list of things
	bad   []problem
}

// problem is one thing wrong with a cell.
type problem struct {
	item    int    // the entry it is in; -1 is the cell as a whole
	path    string // inside the entry, e.g. ".level"
	message string
}

// at is the problem's path below the column's: "[1].level".
func (p problem) at() string {
	if p.item < 0 {
		return p.path
	}
	return fmt.Sprintf("[%d]%s", p.item, p.path)
}

// reading is what reading a cell depends on besides the cell.
type reading struct {
	date1904 bool // the workbook counts dates from 1904
}

// A codec reads and writes the cells of one kind of column. format is the inverse
// of parse for every valid value.
type codec struct {
	parse   func(x reading, c *column, cell string) parsed
	format  func(raw json.RawMessage) string
	numeric bool   // a spreadsheet shows it as a number
	syntax  string // for Help
	example string
}

func scalar(v any) parsed { return parsed{json: mustJSON(v)} }

func wrong(format string, args ...any) parsed {
	return parsed{bad: []problem{{item: -1, message: fmt.Sprintf(format, args...)}}}
}

// mustJSON renders values made of strings, finite numbers and lists of them, which
// always succeeds.
func mustJSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic("interchange: " + err.Error())
	}
	return b
}

// value decodes JSON that talent.Encode wrote.
func value[T any](raw json.RawMessage) T {
	var v T
	if err := json.Unmarshal(raw, &v); err != nil {
		panic("interchange: " + err.Error())
	}
	return v
}

func formatText(raw json.RawMessage) string { return value[string](raw) }

var textCodec = &codec{
	parse:  func(_ reading, _ *column, cell string) parsed { return scalar(cell) },
	format: formatText,
	syntax: "text",
}

var enumCodec = &codec{
	parse: func(_ reading, c *column, cell string) parsed {
		word, ok := enumWord(c.typ, c.field, cell)
		if !ok {
			return wrong("%s", enumHelp(c.typ, c.field))
		}
		return scalar(word)
	},
	format: formatText,
	syntax: "one word",
}

var wholeCodec = numberCodec("whole number", "人", "名", "个", "位", "席")

var yearCodec = numberCodec("year", "年", "届")

var plainNumberCodec = numberCodec("number")

func numberCodec(syntax string, units ...string) *codec {
	return &codec{
		parse: func(_ reading, _ *column, cell string) parsed {
			v, ok := parseNumber(cell, units...)
			if !ok {
				return wrong("must be one %s, without other text", syntax)
			}
			return scalar(json.Number(formatNumber(v)))
		},
		format:  func(raw json.RawMessage) string { return string(raw) },
		numeric: true,
		syntax:  syntax,
	}
}

var shareCodec = &codec{
	parse: func(_ reading, _ *column, cell string) parsed {
		v, ok := parseShare(cell)
		if !ok {
			return wrong("must be a share, 0 to 1 or a percentage")
		}
		return scalar(json.Number(formatNumber(v)))
	},
	format:  func(raw json.RawMessage) string { return string(raw) },
	numeric: true,
	syntax:  "share, 0.93 or 93%",
	example: "0.93",
}

var dateCodec = &codec{
	parse: func(x reading, _ *column, cell string) parsed {
		c, ok := parseCalendar(cell, x.date1904)
		switch {
		case !ok:
			return wrong("must be a date, e.g. 2026-09-01, 2026/9/1 or 2026年9月1日")
		case c.day == 0:
			return wrong("must be a date with its day, e.g. %s-01", c.yearMonth())
		}
		return scalar(c.date())
	},
	format:  formatText,
	syntax:  "date: 2026-09-01, 2026/9/1, 2026年9月1日 or an Excel date",
	example: "2026-09-01",
}

var monthCodec = &codec{
	parse: func(x reading, _ *column, cell string) parsed {
		c, ok := parseCalendar(cell, x.date1904)
		if !ok {
			return wrong("must be a month, e.g. 2026-09, 2026/9 or 2026年9月")
		}
		return scalar(c.yearMonth())
	},
	format:  formatText,
	syntax:  "month: 2026-09, 2026/9, 2026年9月, or a date in it",
	example: "2026-09",
}

var periodCodec = &codec{
	parse:   func(x reading, _ *column, cell string) parsed { return scalar(parsePeriod(cell, x.date1904)) },
	format:  formatText,
	syntax:  "year 2020, quarter 2020-Q1 or month 2020-01",
	example: "2020-Q1",
}

var regionCodec = &codec{
	parse: func(_ reading, _ *column, cell string) parsed {
		id, message := regionID(cell)
		if message != "" {
			return wrong("%s", message)
		}
		return scalar(id)
	},
	format:  formatText,
	syntax:  "region: GB/T 2260 code, id of an imported region, or a name that is unique",
	example: "440605, 佛山市南海区",
}

// typeCodec reads the record type; it is never written.
var typeCodec = &codec{
	parse: func(_ reading, _ *column, cell string) parsed {
		if t := typeWord(cell); t != "" {
			return scalar(t)
		}
		return scalar(cell)
	},
	syntax: "record type; the same in every row",
}

// enumTerms is the words of an enumerated field, in the vocabulary's order.
func enumTerms(t talent.Type, f talent.Field) []talent.Term {
	var out []talent.Term
	vocabulary := talent.Vocabulary(t, f.Name)
	for _, word := range f.Enum {
		term := talent.Term{Value: word}
		for _, v := range vocabulary {
			if v.Value == word {
				term = v
			}
		}
		out = append(out, term)
	}
	return out
}

type enumKey struct {
	typ  talent.Type
	name string
}

var enumTables sync.Map // enumKey -> map[string]string, by folded word

// enumWord finds the word that a cell means: the word itself, a label or a synonym
// in either language.
func enumWord(t talent.Type, f talent.Field, cell string) (string, bool) {
	key := enumKey{t, f.Name}
	table, ok := enumTables.Load(key)
	if !ok {
		m := map[string]string{}
		terms := enumTerms(t, f)
		for _, term := range terms { // synonyms first: a word or a label overrules them
			for _, s := range term.Also {
				m[foldWord(s)] = term.Value
			}
		}
		for _, term := range terms {
			m[foldWord(term.ZH)], m[foldWord(term.EN)] = term.Value, term.Value
		}
		for _, term := range terms {
			m[foldWord(term.Value)] = term.Value
		}
		delete(m, "")
		if t == talent.TypeDemand && f.Name == "education" {
			for _, s := range []string{"不限", "学历不限", "无", "无要求", "any"} {
				m[s] = ""
			}
		}
		table, _ = enumTables.LoadOrStore(key, m)
	}
	word, ok := table.(map[string]string)[foldWord(cell)]
	return word, ok
}

// foldWord makes words comparable: width, case and spaces do not count.
func foldWord(s string) string {
	return strings.Join(strings.Fields(strings.ToLower(foldWidth(s))), " ")
}

// enumHelp lists the words of a field with their Chinese labels.
func enumHelp(t talent.Type, f talent.Field) string {
	var words []string
	for _, term := range enumTerms(t, f) {
		w := term.Value
		if term.ZH != "" {
			w += " (" + term.ZH + ")"
		}
		words = append(words, w)
	}
	return "must be one of " + strings.Join(words, ", ")
}

// subField is the field of that name in an object or in the entries of a list.
func subField(f talent.Field, name string) talent.Field {
	for _, g := range f.Fields {
		if g.Name == name {
			return g
		}
	}
	return talent.Field{Name: name}
}
