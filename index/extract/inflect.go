package extract

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// addInflections adds English number to every label that ends in an English word:
// the plural ("PLCs", "databases", "technologies"), and for labels of several words
// that are plurals themselves the singular ("operating systems"). A label of the
// taxonomy is never displaced. Ambiguous and short words are not inflected.
func (b *builder) addInflections() {
	labels := make([]string, 0, len(b.keys))
	for key, at := range b.keys {
		if b.labels[at].written == nil {
			labels = append(labels, key)
		}
	}
	slices.Sort(labels) // two labels may have one inflection: the first keeps it
	for _, key := range labels {
		for _, form := range inflections(key) {
			if _, taken := b.keys[form]; !taken && !commonWords[form] {
				l := b.labels[b.keys[key]]
				l.how = ByInflected
				b.keys[form] = int32(len(b.labels))
				b.labels = append(b.labels, l)
			}
		}
	}
}

// Words that are inflected have at least so many letters: "PLC" but not "UG".
const inflectLetters = 3

// inflections are the other numbers of a folded label, none if its last word is
// not an English one.
func inflections(key string) []string {
	start := len(key)
	for start > 0 && key[start-1] >= 'a' && key[start-1] <= 'z' {
		start--
	}
	last := key[start:]
	if len(last) < inflectLetters {
		return nil
	}
	if before, _ := utf8.DecodeLastRuneInString(key[:start]); start > 0 && before != ' ' && before != '/' {
		return nil // a word with digits or accents, or a Chinese label
	}
	out := []string{plural(key)}
	if start > 0 {
		if form := singular(last); form != "" {
			out = append(out, key[:start]+form)
		}
	}
	return out
}

func plural(word string) string {
	stem, end := word[:len(word)-1], word[len(word)-1]
	switch {
	case end == 'y' && !strings.ContainsRune("aeiou", rune(word[len(word)-2])):
		return stem + "ies"
	case end == 's' || end == 'x' || end == 'z', strings.HasSuffix(word, "ch"), strings.HasSuffix(word, "sh"):
		return word + "es"
	}
	return word + "s"
}

// singular undoes plural; "" for words that only look like plurals (logistics,
// analysis, process, status, news).
func singular(word string) string {
	switch {
	case len(word) < 5 || !strings.HasSuffix(word, "s"):
		return ""
	case hasAnySuffix(word, "ss", "us", "is", "ics"):
		return ""
	case strings.HasSuffix(word, "ies"):
		return strings.TrimSuffix(word, "ies") + "y"
	case hasAnySuffix(word, "sses", "ches", "shes", "xes"):
		return strings.TrimSuffix(word, "es")
	}
	return strings.TrimSuffix(word, "s")
}

func hasAnySuffix(word string, ends ...string) bool {
	return slices.ContainsFunc(ends, func(end string) bool { return strings.HasSuffix(word, end) })
}
