package interchange

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"

	"talentmatch/talent"
)

// A column is one column that tables of a type may have.
type column struct {
	header
	typ   talent.Type
	field talent.Field
}

// columnSet is the columns of one type.
type columnSet struct {
	all      []*column          // in the order of an export
	byHeader map[string]*column // by folded header
}

var columnSets = sync.OnceValue(func() map[talent.Type]*columnSet {
	out := map[talent.Type]*columnSet{}
	for _, t := range talent.Types {
		set := &columnSet{byHeader: map[string]*column{}}
		fields := fieldPaths(t)
		for _, h := range append(slices.Clone(headers[t]), typeHeader) {
			c := &column{header: h, typ: t, field: fields[h.name]}
			if c.en == "" {
				c.en = c.name
			}
			if c.codec == nil {
				c.codec = defaultCodec(c.field)
			}
			set.all = append(set.all, c)
			for _, name := range append(strings.Fields(c.also), c.en, c.zh) {
				set.byHeader[foldHeader(name)] = c
			}
		}
		out[t] = set
	}
	return out
})

func columnsOf(t talent.Type) *columnSet { return columnSets()[t] }

// fieldPaths are the fields of a type by path, with those inside objects.
func fieldPaths(t talent.Type) map[string]talent.Field {
	out := map[string]talent.Field{}
	for _, f := range talent.FieldsOf(t) {
		out[f.Name] = f
		if f.Kind == talent.Object {
			for _, g := range f.Fields {
				out[f.Name+"."+g.Name] = g
			}
		}
	}
	return out
}

func defaultCodec(f talent.Field) *codec {
	switch {
	case len(f.Enum) > 0:
		return enumCodec
	case f.Ref == talent.TypeRegion && f.Kind == talent.Text:
		return regionCodec
	}
	switch f.Kind {
	case talent.Whole:
		return wholeCodec
	case talent.Number:
		return plainNumberCodec
	case talent.ListOfText:
		return textListCodec
	case talent.ListOfNumbers:
		return numberListCodec
	}
	return textCodec
}

// exported lists the columns that an export writes: all but type, which the sheet
// or the headers tell, and salary, which is written as its four parts.
func (s *columnSet) exported() []*column {
	var out []*column
	for _, c := range s.all {
		if c.codec.format != nil {
			out = append(out, c)
		}
	}
	return out
}

// header is the column's header in a language.
func (c *column) headerIn(lang string) string {
	if lang == "zh" {
		return c.zh
	}
	return c.en
}

// covers reports whether a field path lies in this column.
func (c *column) covers(path string) bool {
	rest, ok := strings.CutPrefix(path, c.name)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// label names the column in messages: "headcount (招聘人数)".
func (c *column) label() string { return c.en + " (" + c.zh + ")" }

// find is the column that a header names; nil for an unknown one. "人数（人）" is
// 人数, "headcount (招聘人数)" is headcount.
func (s *columnSet) find(text string) *column {
	if c, ok := s.byHeader[foldHeader(text)]; ok {
		return c
	}
	before, inside, ok := strings.Cut(strings.ReplaceAll(strings.ReplaceAll(text, "（", "("), "）", ")"), "(")
	if !ok {
		return nil
	}
	c := s.byHeader[foldHeader(before)]
	inside, rest, _ := strings.Cut(inside, ")")
	switch {
	case c == nil || foldHeader(rest) != "":
		return nil
	case s.byHeader[foldHeader(inside)] == c, foldedWords(unitNotes)[foldHeader(inside)]:
		return c
	}
	return nil
}

// foldHeader makes headers comparable: width, case, spaces, _ and - do not count,
// nor does a mark for a required column.
func foldHeader(s string) string {
	s = strings.ToLower(foldWidth(s))
	for _, mark := range []string{"(必填)", "(required)", "(选填)", "(optional)"} {
		s = strings.ReplaceAll(s, mark, "")
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("_-*•:\ufeff", r) {
			return -1
		}
		return r
	}, s)
}

func foldedWords(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[foldHeader(w)] = true
	}
	return out
}

var ignored = sync.OnceValue(func() map[string]bool { return foldedWords(ignoredHeaders) })

// typeWord is the type that a word means: its name, plural or a Chinese one; "" if
// it is none.
func typeWord(s string) talent.Type {
	s = foldHeader(s)
	for _, t := range talent.Types {
		if s == string(t) || s == t.Plural() || slices.Contains(typeNames[t], s) {
			return t
		}
	}
	return ""
}

// typeInName is the type that the name of a sheet or file speaks of: 岗位需求2026,
// demands-foshan. Of several words the last counts (企业需求 are demands); "" if
// there is none.
func typeInName(name string) talent.Type {
	name = strings.ToLower(foldWidth(name))
	words := map[string]talent.Type{}
	for t, names := range typeNames {
		for _, n := range names {
			words[n] = t
		}
	}
	var found talent.Type
	end, length := -1, 0
	for _, w := range slices.Sorted(maps.Keys(words)) {
		i := strings.LastIndex(name, w)
		if i < 0 {
			continue
		}
		if e := i + len(w); e > end || e == end && len(w) > length {
			found, end, length = words[w], e, len(w)
		}
	}
	if found != "" {
		return found
	}
	latin := strings.FieldsFunc(name, func(r rune) bool { return r < 'a' || r > 'z' })
	for _, w := range latin {
		if t := typeWord(w); t != "" {
			found = t
		}
	}
	return found
}
