package market

import (
	"sort"
	"unicode"
	"unicode/utf8"

	"talentmatch/index"
	"talentmatch/matcher"
)

// texts are a record's texts by field, as the text component sees them.
type texts struct {
	titles []string // of a demand: what it is called, before its occupation's names
	names  []string // of a program, or of a demand's occupation, aliases included
	bodies []string // everything else
}

// titleCount is how many occurrences one in a title stands for in the body space,
// where it would drown in the rest.
const titleCount = 3

// pairCount is what two Latin words of a name that follow each other count for in the
// body space, beside the words themselves: "network engineering" is neither any network
// nor any engineering. (Chinese terms hold their neighbours already.) On cip-soc dev
// nDCG@10 goes from 0.615 to 0.621; pairs of all texts give 0.624, but twice the memory
// and a worse sense of what fits nothing (AUROC 0.867 for 0.878).
const pairCount = 0.5

// vector weighs the terms of a record's texts: names by pieces of words in one space,
// everything by words in the other.
func (c *converter) vector(t texts) (out matcher.TextVector) {
	if c.noRows {
		return out
	}
	names, body := map[string]float64{}, map[string]float64{}
	for _, field := range []struct {
		texts []string
		count float64
		named bool
	}{{t.titles, titleCount, true}, {t.names, 1, true}, {t.bodies, 1, false}} {
		for _, text := range field.texts {
			if field.named {
				for _, g := range index.Grams(text) {
					names[g]++
				}
			}
			last := ""
			for _, w := range index.Terms(text) {
				body[w] += field.count
				if field.named && latinWord(last) && latinWord(w) {
					body[last+" "+w] += pairCount * field.count
				}
				last = w
			}
		}
	}
	out[matcher.NamesSpace] = weigh(names, func(g string) int32 { return c.lex.terms.of(gramPrefix + g) })
	out[matcher.BodySpace] = weigh(body, c.lex.terms.of)
	return out
}

func latinWord(term string) bool {
	r, _ := utf8.DecodeRuneInString(term)
	return r < 0x2E80 && unicode.IsLetter(r)
}

// gramPrefix keeps pieces of names apart from words; no word begins with it.
const gramPrefix = "#"

// weigh lists terms in the order of their text: sums must not depend on the order in
// which terms were met.
func weigh(counts map[string]float64, number func(string) int32) []matcher.Term {
	words := make([]string, 0, len(counts))
	for w := range counts {
		words = append(words, w)
	}
	sort.Strings(words)
	out := make([]matcher.Term, len(words))
	for i, w := range words {
		out[i] = matcher.Term{ID: number(w), Weight: matcher.TermWeight(counts[w])}
	}
	return out
}
