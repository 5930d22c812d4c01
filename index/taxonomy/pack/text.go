package pack

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"talentmatch/index/taxonomy"
)

// clean brings a label onto one line: runs of white space become one space, other
// control characters go.
func clean(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] >= 0x7f || (s[i] == ' ' && (i == 0 || i == len(s)-1 || s[i-1] == ' ')) {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// cleanText drops control characters but line ends and tabs, and cuts a text to what
// a record holds.
func cleanText(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' {
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(cut(s, maxText))
}

// cut is the first n characters of a text.
func cut(s string, n int) string {
	if len(s) > n && utf8.RuneCountInString(s) > n {
		return string([]rune(s)[:n])
	}
	return s
}

// labels collects what a record is called, without repeats under the catalogue's
// folding.
type labels struct {
	list []string
	seen map[string]bool
	long int // how many were too long
}

// newLabels begins with the names that the record has already.
func newLabels(names ...string) *labels {
	l := &labels{seen: map[string]bool{}}
	for _, n := range names {
		l.seen[taxonomy.Fold(n)] = true
	}
	return l
}

func (l *labels) add(label string) {
	label = clean(label)
	if len(label) > maxLabel && utf8.RuneCountInString(label) > maxLabel {
		l.long++
		return
	}
	key := taxonomy.Fold(label)
	if key == "" || l.seen[key] {
		return
	}
	l.seen[key] = true
	l.list = append(l.list, label)
}

// addCell adds the labels of one cell: one a line, or separated by " | " as ESCO's
// collections and some of its releases write them.
func (l *labels) addCell(cell string) {
	if cell == "" {
		return
	}
	for line := range strings.SplitSeq(cell, "\n") {
		for label := range strings.SplitSeq(line, " | ") {
			l.add(label)
		}
	}
}

// aliases is at most as many as a record may have.
func (l *labels) aliases() []string { return l.list[:min(len(l.list), maxAliases)] }
