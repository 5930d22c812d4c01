package taxonomy

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold brings a label to the form in which labels are compared everywhere:
//
//   - Unicode NFKC (full-width forms become half-width, ① becomes 1), lower case,
//     common traditional characters to simplified ones; invisible format
//     characters go.
//   - White space, underscores, hyphens and dashes, middle dots, quotation and
//     book-title marks and ™ ® © separate. A run of them becomes one space
//     between words of spaced scripts ("E-Commerce_site" → "e commerce site") and
//     nothing beside Chinese or punctuation ("PLC 编程" → "plc编程", "CI / CD" →
//     "ci/cd"); none is left at the ends.
//   - Other punctuation stays, so that C++, C#, .NET, Node.js, CI/CD and TCP/IP
//     stay themselves; sentence marks at the very end go ("熟悉PLC。").
//
// Invalid UTF-8 is kept as U+FFFD, one for each byte.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	var chunk [64]FoldedRune
	var f Folder
	f.Reset(s)
	for {
		runes := f.Append(chunk[:0], len(chunk)/2)
		if len(runes) == 0 {
			return strings.TrimRight(b.String(), " .,;:!?。、")
		}
		for _, r := range runes {
			b.WriteRune(r.Rune)
		}
	}
}

// A FoldedRune is one rune of folded text and the bytes [Start, End) of the
// original that it stands for. Runes that come from one indivisible piece of the
// original (both letters of the ligature ﬁ) share the same Start.
type FoldedRune struct {
	Rune       rune
	Start, End int
}

// A Folder folds a text from left to right as Fold does, keeping the way back to
// the original. Unlike Fold it leaves sentence marks at the end alone. Reset it to
// a text before use; it may be reused.
type Folder struct {
	s                string
	pos              int  // next byte of s
	prev             rune // last rune given out, 0 before the first
	sep              bool // separators were met since prev
	sepStart, sepEnd int
	iter             *norm.Iter // made when first needed, then reused
}

// Reset makes f fold s from its beginning. It keeps no hold on an earlier text.
func (f *Folder) Reset(s string) {
	iter := f.iter
	if iter != nil {
		iter.InitString(norm.NFKC, " ")
	}
	*f = Folder{s: s, iter: iter}
}

// Append appends at least n further folded runes to dst, fewer only at the end of
// the text, and returns it. It may append a few more than n, and then never stops
// inside an indivisible piece. Nothing appended means that the text has ended.
func (f *Folder) Append(dst []FoldedRune, n int) []FoldedRune {
	want := len(dst) + n
	for f.pos < len(f.s) && len(dst) < want {
		if r := f.ascii(); r != 0 {
			dst = append(dst, FoldedRune{r, f.pos, f.pos + 1})
			f.prev = r
			f.pos++
		} else if r, size := plain(f.s[f.pos:]); size > 0 && boundaryAt(f.s, f.pos+size) {
			start := f.pos
			f.pos += size
			dst = f.emit(dst, r, start)
		} else {
			dst = f.slow(dst)
		}
	}
	return dst
}

// ascii is the next character folded when it needs no thought: ASCII that is no
// separator and follows none, with ASCII behind it. Else it is 0.
func (f *Folder) ascii() rune {
	if f.sep || f.pos+1 >= len(f.s) || f.s[f.pos] >= utf8.RuneSelf || f.s[f.pos+1] >= utf8.RuneSelf {
		return 0
	}
	if r := asciiLower[f.s[f.pos]]; r != ' ' {
		return rune(r)
	}
	return 0
}

// plain folds the first character of s if it is one of those that make up nearly
// all text and need no normalization tables: ASCII, the common Han characters, the
// Chinese comma and full stop, full-width punctuation and capitals. Else size is 0.
func plain(s string) (r rune, size int) {
	c := s[0]
	if c < utf8.RuneSelf {
		return rune(asciiLower[c]), 1
	}
	if c < 0xE3 {
		return 0, 0
	}
	r, size = utf8.DecodeRuneInString(s)
	switch {
	case r >= hanFirst && r <= hanLast, r >= '！' && r <= '＿':
		return lower(r), size
	case r == '、', r == '。':
		return r, size
	}
	return 0, 0
}

// boundaryAt reports whether s certainly can be cut before byte i without parting
// a character from marks that combine with it. It looks at lead bytes only: ASCII,
// U+3000-3029, U+4000-9FFF and U+FF00-FF3F never combine with what precedes them.
func boundaryAt(s string, i int) bool {
	if i >= len(s) {
		return i == len(s)
	}
	switch c := s[i]; {
	case c < utf8.RuneSelf, c >= 0xE4 && c <= 0xE9:
		return true
	case c == 0xE3:
		return i+2 < len(s) && s[i+1] == 0x80 && s[i+2] < 0xAA
	case c == 0xEF:
		return i+1 < len(s) && s[i+1] == 0xBC
	}
	return false
}

// maxSegment bounds the runes that are normalized together; real text has at most
// a handful of marks on one base character.
const maxSegment = 32

// slow folds the next segment: one character with all marks that combine with it.
func (f *Folder) slow(dst []FoldedRune) []FoldedRune {
	start := f.pos
	first, size := utf8.DecodeRuneInString(f.s[start:])
	f.pos += size
	if first == utf8.RuneError && size == 1 {
		return f.emit(dst, utf8.RuneError, start)
	}
	for n := 1; n < maxSegment && f.pos < len(f.s); n++ {
		r, size := utf8.DecodeRuneInString(f.s[f.pos:])
		if (r == utf8.RuneError && size == 1) || norm.NFKC.PropertiesString(f.s[f.pos:]).BoundaryBefore() {
			break
		}
		f.pos += size
	}
	if strings.ContainsRune("™®©℠", first) {
		return f.emit(dst, ' ', start)
	}
	segment := f.s[start:f.pos]
	if norm.NFKC.QuickSpanString(segment) == len(segment) { // normal already
		for _, r := range segment {
			dst = f.emit(dst, lower(r), start)
		}
		return dst
	}
	if f.iter == nil {
		f.iter = new(norm.Iter)
	}
	for f.iter.InitString(norm.NFKC, segment); !f.iter.Done(); {
		for b := f.iter.Next(); len(b) > 0; {
			r, size := utf8.DecodeRune(b)
			b = b[size:]
			dst = f.emit(dst, lower(r), start)
		}
	}
	return dst
}

// lower folds one rune: case, separators of ASCII, traditional form.
func lower(r rune) rune {
	switch {
	case r < utf8.RuneSelf:
		return rune(asciiLower[r])
	case r >= '！' && r <= '＿': // full-width '!' to '_'; plain comes here before NFKC
		return rune(asciiLower[r-'！'+'!'])
	case r >= hanFirst && r <= hanLast:
		if t := simplified[r-hanFirst]; t != 0 {
			return rune(t)
		}
		return r
	}
	return unicode.ToLower(r)
}

// emit gives out one folded rune of the segment [start, f.pos), or takes note of
// a separator.
func (f *Folder) emit(dst []FoldedRune, r rune, start int) []FoldedRune {
	if r == ' ' || r >= utf8.RuneSelf && r < hanFirst && separates(r) {
		if !f.sep {
			f.sep, f.sepStart = true, start
		}
		f.sepEnd = f.pos
		return dst
	}
	if r >= utf8.RuneSelf && invisible(r) {
		return dst
	}
	if r == '’' {
		r = '\''
	}
	if f.sep {
		if f.prev != 0 && keepsSpace(f.prev) && keepsSpace(r) {
			dst = append(dst, FoldedRune{' ', f.sepStart, f.sepEnd})
		}
		f.sep = false
	}
	f.prev = r
	return append(dst, FoldedRune{r, start, f.pos})
}

// asciiLower folds ASCII: lower case, separators and control characters to a
// space.
var asciiLower = func() (table [utf8.RuneSelf]byte) {
	for c := range table {
		switch b := byte(c); {
		case b >= 'A' && b <= 'Z':
			table[c] = b + 'a' - 'A'
		case b <= ' ', b == 0x7F, b == '_', b == '-', b == '"':
			table[c] = ' '
		default:
			table[c] = b
		}
	}
	return table
}()

// separates reports whether a rune beyond ASCII, after NFKC, is a separator.
func separates(r rune) bool {
	switch r {
	case '·', '•', '‧', '・', '“', '”', '„', '«', '»', '《', '》', '〈', '〉', '「', '」', '『', '』', '−':
		return true
	}
	return r >= 0x2010 && r <= 0x2015 || unicode.IsSpace(r) || unicode.IsControl(r)
}

// invisible reports whether a rune has no shape of its own and is dropped: format
// characters such as the zero-width space and the direction marks, and variation
// selectors.
func invisible(r rune) bool {
	if r >= hanFirst && r <= hanLast {
		return false
	}
	return r >= 0xFE00 && r <= 0xFE0F || unicode.Is(unicode.Cf, r)
}

// keepsSpace reports whether a separator beside r counts: beside words and the
// marks that names begin or end with (.NET, C++, C#), not beside Chinese or other
// punctuation.
func keepsSpace(r rune) bool {
	return r == '.' || r == '+' || r == '#' || IsWord(r)
}

// IsWord reports whether a folded rune belongs to a word of a script that writes
// spaces between words: a letter, digit or mark that is not Chinese or Japanese.
func IsWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z'
	}
	if IsCJK(r) {
		return false
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// IsCJK reports whether r is Chinese or Japanese, which are written without
// spaces: characters, kana, and their punctuation.
func IsCJK(r rune) bool {
	switch {
	case r < 0x2E80:
		return false
	case r <= 0x312F, r >= 0x31A0 && r <= hanLast:
		return true // radicals, punctuation, kana, bopomofo, Extension A, unified
	case r >= 0xF900 && r <= 0xFAFF, r >= 0x20000 && r <= 0x3FFFF:
		return true // compatibility and supplementary characters
	}
	return false
}
