package index

import (
	"context"
	"fmt"
	"html"
	"sort"
	"strings"
	"unicode/utf8"

	bleveindex "github.com/blevesearch/bleve_index_api"
)

// The size of highlights.
const (
	fragmentBytes  = 240     // of text a fragment, 80 Chinese characters
	contextBytes   = 48      // of them before the first mark
	textFragments  = 2       // a record
	nameFragments  = 3       // names a record, each whole
	maxMark        = 120     // bytes of neighbouring matches that become one mark
	highlightBytes = 1 << 16 // of a record's text that are looked at
)

// highlight marks the query's words in the hits. The stored texts are analysed
// again, for the few hits of a page only: asking bleve for the places of every
// match would slow the search of all.
func (s *searching) highlight(ctx context.Context, hits []Hit) error {
	m := newMarker(s.plan.marks)
	for i := range hits {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("search: %w", err)
		}
		doc, err := s.r.Document(Key{hits[i].Type, hits[i].ID}.String())
		if err != nil {
			return s.x.wrap("read", err)
		}
		hits[i].Highlights = map[string][]string{}
		if doc != nil {
			m.mark(doc, hits[i].Highlights)
		}
	}
	return nil
}

// mark adds the fragments of a record, none for a field without a match.
func (m marker) mark(doc bleveindex.Document, out map[string][]string) {
	most := map[string]int{fieldTitle: 2, fieldNames: nameFragments, fieldText: textFragments}
	doc.VisitFields(func(f bleveindex.Field) {
		name := f.Name()
		room := most[name] - len(out[name])
		if room <= 0 {
			return
		}
		value := string(f.Value())
		if len(value) > highlightBytes {
			value = strings.ToValidUTF8(value[:highlightBytes], "")
		}
		size := len(value)
		if name == fieldText {
			size = fragmentBytes
		}
		if fragments := m.fragments(value, size, room); len(fragments) > 0 {
			out[name] = append(out[name], fragments...)
		}
	})
}

// marker knows the terms to mark: sequences by their first term.
type marker map[string][][]string

func newMarker(units []unit) marker {
	m := marker{}
	add := func(terms []string) {
		if len(terms) > 0 {
			m[terms[0]] = append(m[terms[0]], terms)
		}
	}
	for _, u := range units {
		if u.phrase {
			add(u.terms)
		} else {
			for _, t := range u.terms {
				add([]string{t})
			}
		}
		for _, c := range u.concepts {
			for _, l := range c.labels() {
				add(l)
			}
		}
	}
	return m
}

// span is a part of a text, in bytes.
type span struct{ start, end int }

// spans are the parts of text to mark, in order, without overlaps.
func (m marker) spans(text string) []span {
	var toks []token
	scan(text, true, func(t token) { toks = append(toks, t) })
	var found []span
	for i, t := range toks {
		for _, terms := range m[t.term] {
			if end := follow(toks[i:], terms); end > 0 {
				found = append(found, span{t.start, end})
			}
		}
	}
	sort.Slice(found, func(i, j int) bool { return found[i].start < found[j].start })
	var out []span
	for _, f := range found {
		if n := len(out); n > 0 && f.start <= out[n-1].end {
			last := &out[n-1]
			if f.end-last.start <= maxMark {
				last.end = max(last.end, f.end)
				continue
			}
			f.start = last.end // a mark must fit into a fragment
		}
		if f.start < f.end {
			out = append(out, f)
		}
	}
	return out
}

// follow is where the sequence of terms that begins with toks[0] ends; 0 if
// something else follows.
func follow(toks []token, terms []string) (end int) {
	pos, k := toks[0].pos, 0
	for _, t := range toks {
		if t.pos > pos+k {
			return 0
		}
		if t.pos == pos+k && t.term == terms[k] {
			if k++; k == len(terms) {
				return t.end
			}
		}
	}
	return 0
}

// fragments are at most n parts of text of about size bytes, those with the most
// marks, in the order of the text.
func (m marker) fragments(text string, size, n int) []string {
	marks := m.spans(text)
	var chosen []span
	for len(chosen) < n {
		best, most := span{}, 0
		for i, s := range marks {
			w := window(text, s.start, size)
			count := 0
			for _, t := range marks[i:] {
				if t.end > w.end {
					break
				}
				count++
			}
			if count > most && !overlaps(chosen, w) {
				best, most = w, count
			}
		}
		if most == 0 {
			break
		}
		chosen = append(chosen, best)
	}
	sort.Slice(chosen, func(i, j int) bool { return chosen[i].start < chosen[j].start })
	var out []string
	for _, w := range chosen {
		out = append(out, render(text, w, marks))
	}
	return out
}

// window is the part of text of about size bytes around a mark that begins at i.
func window(text string, i, size int) span {
	if len(text) <= size {
		return span{0, len(text)}
	}
	start := max(0, i-contextBytes)
	end := min(len(text), start+size)
	return span{border(text, start, i), border(text, end, len(text))}
}

// border is the first place from i on, and before limit, where text can be cut:
// not inside a character nor, within a few bytes, inside a Latin word.
func border(text string, i, limit int) int {
	for i < limit && !utf8.RuneStart(text[i]) {
		i++
	}
	for j := i; j < min(limit, i+20) && j > 0; {
		before, _ := utf8.DecodeLastRuneInString(text[:j])
		r, size := utf8.DecodeRuneInString(text[j:])
		if !isLatinWord(before) || !isLatinWord(r) {
			return j
		}
		j += size
	}
	return i
}

func overlaps(windows []span, w span) bool {
	for _, o := range windows {
		if w.start < o.end && o.start < w.end {
			return true
		}
	}
	return false
}

// render is the window as HTML, with an ellipsis where it is cut.
func render(text string, w span, marks []span) string {
	var b strings.Builder
	if w.start > 0 {
		b.WriteString("…")
	}
	at := w.start
	for _, m := range marks {
		if m.start < at || m.end > w.end {
			continue
		}
		b.WriteString(html.EscapeString(text[at:m.start]))
		b.WriteString("<mark>" + html.EscapeString(text[m.start:m.end]) + "</mark>")
		at = m.end
	}
	b.WriteString(html.EscapeString(text[at:w.end]))
	if w.end < len(text) {
		b.WriteString("…")
	}
	return b.String()
}
