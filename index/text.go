package index

import (
	"sort"
	"strings"
	"unicode"
)

// typed is what a person typed, taken apart.
type typed struct {
	plain    string   // the words, one space between them
	phrases  []string // "in quotes"
	excluded []string // -word and -"in quotes"
}

// parse takes text apart. Everything is data but - at the start of a word and
// pairs of quotes; a quote without its twin is a space.
func parse(text string) typed {
	var t typed
	var plain []string
	r := []rune(strings.ToValidUTF8(text, " "))
	for i := 0; i < len(r); {
		if unicode.IsSpace(r[i]) {
			i++
			continue
		}
		exclude := isMinus(r[i])
		if exclude {
			i++
		}
		word, end, quoted := piece(r, i)
		i = end
		switch {
		case strings.TrimSpace(word) == "":
		case exclude:
			t.excluded = append(t.excluded, word)
		case quoted:
			t.phrases = append(t.phrases, word)
		default:
			plain = append(plain, word)
		}
	}
	t.plain = strings.Join(plain, " ")
	return t
}

// piece is the word or quoted phrase at r[i], and where it ends.
func piece(r []rune, i int) (word string, end int, quoted bool) {
	if i < len(r) && isQuote(r[i]) {
		for j := i + 1; j < len(r); j++ {
			if isQuote(r[j]) {
				return string(r[i+1 : j]), j + 1, true
			}
		}
		return "", i + 1, false
	}
	end = i
	for end < len(r) && !unicode.IsSpace(r[end]) && !isQuote(r[end]) {
		end++
	}
	return string(r[i:end]), end, false
}

func isMinus(r rune) bool { return r == '-' || r == '－' || r == '−' }

func isQuote(r rune) bool {
	return r == '"' || r == '“' || r == '”' || r == '＂' || r == '「' || r == '」'
}

// unit is one thing that the query asks for.
type unit struct {
	terms    []string  // of the analysis; together they are the literal reading
	phrase   bool      // terms must follow each other
	concepts []Concept // other readings of the same stretch
}

// stretch is a part of the plain text that concepts name, in runes.
type stretch struct {
	start, end int
	concepts   []Concept
}

// units divides a query's text. Concepts that name a stretch of it join that unit;
// loose ones name no stretch and answer for the whole. At most maxTokens terms are
// kept.
func (t typed) units(text string, concepts []Concept) (units []unit, loose []Concept) {
	if len(concepts) > maxConcepts {
		concepts = concepts[:maxConcepts]
	}
	plain := []rune(t.plain)
	stretches, loose := locate(text, plain, concepts)
	b := unitBuilder{seen: map[string]bool{}}
	at := 0
	for _, s := range stretches {
		b.words(string(plain[at:s.start]))
		b.add(unit{terms: termsOf(string(plain[s.start:s.end])), concepts: s.concepts})
		at = s.end
	}
	b.words(string(plain[at:]))
	for _, p := range t.phrases {
		b.add(unit{terms: termsOf(p), phrase: true})
	}
	return b.units, loose
}

// locate finds the stretch of each concept. Where stretches overlap, the longest
// wins and the others are dropped, as are concepts whose name stands only in
// quotes or behind a minus.
func locate(text string, plain []rune, concepts []Concept) (found []stretch, loose []Concept) {
	folded, all := foldRunes(string(plain)), foldRunes(text)
	var candidates []stretch
	for _, c := range concepts {
		if start, end := occurrence(folded, c); end > start {
			candidates = append(candidates, stretch{start, end, []Concept{c}})
		} else if start, end := occurrence(all, c); start == end {
			loose = append(loose, c)
		}
	}
	sort.SliceStable(candidates, func(i, j int) bool {
		a, b := candidates[i], candidates[j]
		if a.end-a.start != b.end-b.start {
			return a.end-a.start > b.end-b.start
		}
		return a.start < b.start
	})
	for _, c := range candidates {
		found = place(found, c)
	}
	sort.Slice(found, func(i, j int) bool { return found[i].start < found[j].start })
	return found, loose
}

// place adds a stretch unless it overlaps another; the same stretch twice is one
// with both concepts.
func place(found []stretch, c stretch) []stretch {
	for i, f := range found {
		if f.start == c.start && f.end == c.end {
			found[i].concepts = append(found[i].concepts, c.concepts...)
			return found
		}
		if c.start < f.end && f.start < c.end {
			return found
		}
	}
	return append(found, c)
}

// occurrence is where the concept's stretch, or its longest label, first stands in
// text as whole words; 0, 0 if nowhere.
func occurrence(text []rune, c Concept) (start, end int) {
	names := c.Labels
	if c.Text != "" {
		names = []string{c.Text}
	}
	for _, name := range names {
		n := foldRunes(strings.Join(strings.Fields(name), " "))
		if len(n) <= end-start {
			continue
		}
		for i := 0; i+len(n) <= len(text); i++ {
			if equalRunes(text[i:i+len(n)], n) && wholeWords(text, i, i+len(n)) {
				start, end = i, i+len(n)
				break
			}
		}
	}
	return start, end
}

func equalRunes(a, b []rune) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// wholeWords reports whether no Latin word is cut at i or j.
func wholeWords(text []rune, i, j int) bool {
	cut := func(k int) bool { return k > 0 && k < len(text) && isLatinWord(text[k-1]) && isLatinWord(text[k]) }
	return !cut(i) && !cut(j)
}

// foldRunes folds width and case, rune by rune.
func foldRunes(s string) []rune {
	r := []rune(s)
	for i := range r {
		r[i] = unicode.ToLower(fold(r[i]))
	}
	return r
}

func termsOf(text string) []string {
	var out []string
	for _, t := range tokens(text) {
		out = append(out, t.term)
	}
	return out
}

// unitBuilder collects units without repeats, up to maxTokens terms.
type unitBuilder struct {
	units []unit
	seen  map[string]bool
	terms int
}

// words adds each Latin word and each run of Chinese of a text as a unit.
func (b *unitBuilder) words(text string) {
	var run []string
	end := 0
	for _, t := range tokens(text) {
		if t.start >= end && len(run) > 0 { // pairs of one run overlap
			b.add(unit{terms: run})
			run = nil
		}
		run = append(run, t.term)
		end = t.end
	}
	b.add(unit{terms: run})
}

func (b *unitBuilder) add(u unit) {
	if len(u.terms) > maxTokens-b.terms {
		u.terms = u.terms[:maxTokens-b.terms]
	}
	if !u.phrase {
		u.terms = distinct(u.terms)
	}
	if len(u.terms) == 0 && len(u.concepts) == 0 {
		return
	}
	key := strings.Join(u.terms, " ")
	if u.phrase {
		key = `"` + key
	}
	if b.seen[key] {
		return
	}
	b.seen[key] = true
	b.terms += len(u.terms)
	b.units = append(b.units, u)
}
