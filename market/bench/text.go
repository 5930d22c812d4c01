package bench

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"talentmatch/index"
	"talentmatch/matcher"
)

// Texts are analysed once, piece by piece, and rows put together from the pieces. A
// piece is a name, or what stands between two stops in a longer text; terms do not reach
// over a stop. What a term counts is market's rule, which TestRecordsMatchLikeRows
// watches: occurrences in a demand's title count three times in the body space, two Latin
// words of a name that follow each other half, and names go by pieces of words into a
// space of their own.
const (
	titleCount = 3
	pairCount  = 0.5
	gramPrefix = "#"
)

// A piece is an analysed text: what each term of it counts once.
type piece struct {
	grams []counted // of a name
	terms []counted // in the order of the text
	pairs []counted // of a name
}

type counted struct {
	term  int32
	count float64
}

// vocabulary numbers terms at first use, as market does: frequent ones come first.
type vocabulary struct {
	index map[string]int32
	terms []string
	rank  []int32 // by number: place in the order of texts, in which rows list terms
}

func newVocabulary() *vocabulary { return &vocabulary{index: map[string]int32{}} }

func (v *vocabulary) number(term string) int32 {
	n, ok := v.index[term]
	if !ok {
		n = int32(len(v.terms))
		v.index[term] = n
		v.terms = append(v.terms, term)
	}
	return n
}

// close ends the numbering; only then can rows be made.
func (v *vocabulary) close() {
	order := make([]int32, len(v.terms))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(v.terms[a], v.terms[b]) })
	v.rank = make([]int32, len(order))
	for place, n := range order {
		v.rank[n] = int32(place)
	}
	v.index = nil
}

// body analyses a piece of a text.
func (v *vocabulary) body(text string) (p piece) {
	for _, t := range index.Terms(text) {
		p.terms = append(p.terms, counted{v.number(t), 1})
	}
	return p
}

// name analyses a name.
func (v *vocabulary) name(text string) piece {
	p := v.body(text)
	for _, g := range index.Grams(text) {
		p.grams = append(p.grams, counted{v.number(gramPrefix + g), 1})
	}
	last := ""
	for _, t := range index.Terms(text) {
		if latin(last) && latin(t) {
			p.pairs = append(p.pairs, counted{v.number(last + " " + t), pairCount})
		}
		last = t
	}
	return p
}

func latin(term string) bool {
	r, _ := utf8.DecodeRuneInString(term)
	return r < 0x2E80 && unicode.IsLetter(r)
}

// bilingual analyses both names of something.
func (v *vocabulary) bilingual(t twin) [2]piece { return [2]piece{v.name(t.zh), v.name(t.en)} }

// A textRow gathers the terms of one record.
type textRow struct {
	names, body []counted
}

func (t *textRow) addName(p *piece, count float64) {
	t.names = append(t.names, p.grams...)
	t.addBody(p, count)
	for _, c := range p.pairs {
		t.body = append(t.body, counted{c.term, c.count * count})
	}
}

func (t *textRow) addBody(p *piece, count float64) {
	for _, c := range p.terms {
		t.body = append(t.body, counted{c.term, c.count * count})
	}
}

// vector is the terms in the matcher's form.
func (v *vocabulary) vector(t *textRow) (out matcher.TextVector) {
	out[matcher.NamesSpace] = v.weigh(t.names)
	out[matcher.BodySpace] = v.weigh(t.body)
	return out
}

func (v *vocabulary) weigh(list []counted) []matcher.Term {
	slices.SortFunc(list, func(a, b counted) int { return cmp.Compare(v.rank[a.term], v.rank[b.term]) })
	different := 0
	for i := range list {
		if i == 0 || list[i].term != list[i-1].term {
			different++
		}
	}
	out := make([]matcher.Term, 0, different)
	for i := 0; i < len(list); {
		sum, from := 0.0, i
		for ; i < len(list) && list[i].term == list[from].term; i++ {
			sum += list[i].count
		}
		out = append(out, matcher.Term{ID: list[from].term, Weight: matcher.TermWeight(sum)})
	}
	return out
}

// The made-up words: as many as pairs of characters. Number and frequency fall together.
var hanziRunes = []rune(hanzi)

func wordCount() int { return len(hanziRunes) * len(hanziRunes) }

// scatter is prime to the number of Latin words, so that words that are alike are not of
// like frequency.
const scatter = 7919

func word(w int) twin {
	n := len(hanziRunes)
	first := w % n
	second := (w/n + 7*first) % n
	at := w * scatter % (len(beginnings) * len(roots) * len(endings))
	en := beginnings[at%len(beginnings)] + roots[at/len(beginnings)%len(roots)] + endings[at/len(beginnings)/len(roots)]
	return twin{string(hanziRunes[first]) + string(hanziRunes[second]), en}
}

// listing is the text of a lead and words in both languages, each of them a piece.
func listing(lead twin, words []int) string {
	var b strings.Builder
	b.WriteString(lead.zh)
	for i, w := range words {
		b.WriteString([]string{"、", "："}[first(i)])
		b.WriteString(word(w).zh)
	}
	b.WriteString("。")
	b.WriteString(lead.en)
	for i, w := range words {
		b.WriteString([]string{", ", ": "}[first(i)])
		b.WriteString(word(w).en)
	}
	b.WriteString(".")
	return b.String()
}

func first(i int) int {
	if i == 0 {
		return 1
	}
	return 0
}
