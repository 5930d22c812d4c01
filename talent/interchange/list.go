package interchange

import (
	"strings"
	"unicode"
)

// Lists in one cell share one syntax. Entries are separated by ; or ； or a line
// break; in a cell that has none of these, 、 and ， separate too. A backslash
// before punctuation, a symbol or space takes that character literally; before
// anything else it is itself.
const (
	strongSeparators = ";；\n\r"
	weakSeparators   = "、，"
)

// escapable reports whether a backslash before r is an escape.
func escapable(r rune) bool {
	return unicode.IsPunct(r) || unicode.IsSymbol(r) || unicode.IsSpace(r)
}

// scanRaw calls f with each character of s that is not escaped and its offset,
// until f returns false.
func scanRaw(s string, f func(i int, r rune) bool) {
	backslash := false
	for i, r := range s {
		switch {
		case backslash && escapable(r):
			backslash = false
			continue
		case r == '\\':
			backslash = true
			continue
		}
		backslash = false
		if !f(i, r) {
			return
		}
	}
}

// indexRaw is the offset of the first unescaped character of set in s, -1 if
// there is none.
func indexRaw(s, set string) int {
	at := -1
	scanRaw(s, func(i int, r rune) bool {
		if strings.ContainsRune(set, r) {
			at = i
		}
		return at < 0
	})
	return at
}

// splitRaw cuts s at the unescaped characters of set and trims the parts; they
// keep their escapes.
func splitRaw(s, set string) []string {
	var out []string
	start := 0
	scanRaw(s, func(i int, r rune) bool {
		if strings.ContainsRune(set, r) {
			out = append(out, strings.TrimSpace(s[start:i]))
			start = i + len(string(r))
		}
		return true
	})
	return append(out, strings.TrimSpace(s[start:]))
}

// cutRaw splits s at the first unescaped character of set.
func cutRaw(s, set string) (before, after string, found bool) {
	i := indexRaw(s, set)
	if i < 0 {
		return strings.TrimSpace(s), "", false
	}
	after = s[i:]
	for _, r := range after {
		after = after[len(string(r)):]
		break
	}
	return strings.TrimSpace(s[:i]), strings.TrimSpace(after), true
}

// splitItems cuts a cell into its entries, without empty ones.
func splitItems(cell string) []string {
	set := strongSeparators
	if indexRaw(cell, set) < 0 {
		set = weakSeparators
	}
	return nonEmpty(splitRaw(cell, set))
}

func nonEmpty(list []string) []string {
	out := list[:0]
	for _, s := range list {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// joinItems is the inverse of splitItems. A single entry with a weak separator in
// it gets a ; behind it, which makes the weak one part of the text.
func joinItems(items []string) string {
	s := strings.Join(items, "; ")
	if len(items) == 1 && strings.ContainsAny(s, weakSeparators) {
		s += ";"
	}
	return s
}

// unescape takes the escapes out of a part.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	backslash := false
	for _, r := range s {
		if backslash && !escapable(r) {
			b.WriteByte('\\')
		}
		if r == '\\' && !backslash {
			backslash = true
			continue
		}
		backslash = false
		b.WriteRune(r)
	}
	if backslash {
		b.WriteByte('\\')
	}
	return b.String()
}

// escape puts a backslash before every backslash and every character of special.
func escape(s, special string) string {
	special += `\`
	if !strings.ContainsAny(s, special) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune(special, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
