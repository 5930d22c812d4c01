package index

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/token/porter"
	"github.com/blevesearch/bleve/v2/registry"
)

// The two analyzers of the mapping, under the names that bleve knows them by.
const (
	pairsAnalyzer   = "talentmatch-pairs"   // Chinese as pairs only: long text
	singlesAnalyzer = "talentmatch-singles" // and as single characters: titles, names
)

func init() {
	for name, singles := range map[string]bool{pairsAnalyzer: false, singlesAnalyzer: true} {
		err := registry.RegisterAnalyzer(name, func(map[string]any, *registry.Cache) (analysis.Analyzer, error) {
			return analyzer{singles}, nil
		})
		if err != nil {
			panic(err) // two packages claim the name: a programmer's mistake
		}
	}
}

// Terms is the analysis of text as a list of terms in order of appearance, with
// repeats: Latin words as the package comment says, Chinese as single characters
// and pairs. The same text always gives the same terms; calls share nothing.
func Terms(text string) []string {
	out := make([]string, 0, len(text)/3+1)
	scan(text, true, func(t token) { out = append(out, t.term) })
	return out
}

// token is one term of a text.
type token struct {
	term       string
	start, end int // bytes of the text that it stands for
	pos        int // from 1; pair and character that begin together share one
}

// tokens is the analysis of text without single characters: what a query asks.
func tokens(text string) []token {
	var out []token
	scan(text, false, func(t token) { out = append(out, t) })
	return out
}

// analyzer makes scan a bleve analyzer.
type analyzer struct{ singles bool }

// Analyze implements analysis.Analyzer.
func (a analyzer) Analyze(input []byte) analysis.TokenStream {
	text := string(input)
	out := make(analysis.TokenStream, 0, len(text)/4+1)
	var block []analysis.Token // tokens are allocated by the hundred
	scan(text, a.singles, func(t token) {
		if len(block) == cap(block) {
			block = make([]analysis.Token, 0, min(128, len(text)/4+1))
		}
		block = append(block, analysis.Token{Term: []byte(t.term), Start: t.start, End: t.end, Position: t.pos})
		out = append(out, &block[len(block)-1])
	})
	return out
}

// scan walks text once and emits its tokens. With singles, each Chinese character
// comes before the pair that it begins.
func scan(text string, singles bool, emit func(token)) {
	s := scanner{text: text, singles: singles, emit: emit, pos: 1}
	for i := 0; i < len(text); {
		r, size := runeAt(text, i)
		switch {
		case isIdeograph(r):
			i = s.ideographs(i)
		case isWord(r):
			i = s.word(i)
		case r == '.' && s.dotNet(i) > 0 && !s.hostBefore(i):
			end := s.dotNet(i)
			s.put(".net", i, end)
			i = end
		default:
			i += size
		}
	}
}

type scanner struct {
	text    string
	singles bool
	emit    func(token)
	pos     int
}

func (s *scanner) put(term string, start, end int) {
	s.emit(token{term: term, start: start, end: end, pos: s.pos})
	s.pos++
}

// ideographs emits the run of Chinese characters at i and returns its end. A run
// of n characters takes n-1 positions (1 if n is 1) in either mode, so that
// phrases find the same distances in titles and in text.
func (s *scanner) ideographs(i int) int {
	_, size := runeAt(s.text, i)
	start, end := i, i+size
	first := true
	for end < len(s.text) {
		r, size := runeAt(s.text, end)
		if !isIdeograph(r) {
			break
		}
		if s.singles {
			s.emit(token{s.text[start:end], start, end, s.pos})
		}
		s.put(s.text[start:end+size], start, end+size)
		start, end, first = end, end+size, false
	}
	switch {
	case first:
		s.put(s.text[start:end], start, end)
	case s.singles:
		s.emit(token{s.text[start:end], start, end, s.pos - 1})
	}
	return end
}

// word emits the word at i, or nothing for a stop word, and returns its end.
func (s *scanner) word(i int) int {
	end := s.wordEnd(i)
	raw := s.text[i:end]
	if whole, ok := s.compound(i, end); ok {
		s.put(lower(s.text[i:whole]), i, whole)
		return whole
	}
	term := strings.TrimSuffix(lower(raw), "'s")
	if stopWords[term] && !capitals[raw] {
		return end
	}
	s.put(stem(term), i, end)
	return end
}

// wordEnd is where the word at i ends: letters and digits, an apostrophe between
// letters, a point between digits.
func (s *scanner) wordEnd(i int) int {
	var last rune
	for i < len(s.text) {
		r, size := runeAt(s.text, i)
		if !isWord(r) {
			next, _ := runeAt(s.text, i+size)
			apostrophe := (r == '\'' || r == '’') && isLetter(last) && isLetter(next)
			point := r == '.' && isDigit(last) && isDigit(next)
			if !apostrophe && !point {
				return i
			}
		}
		last = r
		i += size
	}
	return i
}

// compound is the end of the word text[i:end] with the sign that makes it another
// word: c++, c#, node.js, tcp/ip.
func (s *scanner) compound(i, end int) (int, bool) {
	r, size := runeAt(s.text, end)
	switch r {
	case '+':
		r2, size2 := runeAt(s.text, end+size)
		after, _ := runeAt(s.text, end+size+size2)
		if r2 == '+' && after != '+' && !isLatinWord(after) {
			return end + size + size2, true
		}
	case '#':
		after, _ := runeAt(s.text, end+size)
		if one, _ := runeAt(s.text, i); isLetter(one) && utf8.RuneCountInString(s.text[i:end]) == 1 && !isLatinWord(after) {
			return end + size, true
		}
	case '.':
		if e := s.wordEnd(end + size); lower(s.text[end+size:e]) == "js" {
			return e, true
		}
	case '/', '&':
		if e := s.wordEnd(end + size); e > end+size && pairs[lower(s.text[i:e])] {
			return e, true
		}
	}
	return 0, false
}

// dotNet is the end of a ".net" at i, 0 if there is none.
func (s *scanner) dotNet(i int) int {
	_, size := runeAt(s.text, i)
	if e := s.wordEnd(i + size); lower(s.text[i+size:e]) == "net" {
		return e
	}
	return 0
}

// hostBefore reports whether ".net" at i ends a host name: example.net, but not
// ASP.NET.
func (s *scanner) hostBefore(i int) bool {
	start := i
	for start > 0 {
		r, size := utf8.DecodeLastRuneInString(s.text[:start])
		if !isLatinWord(fold(r)) {
			break
		}
		start -= size
	}
	return start < i && !dotNetKin[lower(s.text[start:i])]
}

// dotNetKin are the words that stand before .NET.
var dotNetKin = map[string]bool{"asp": true, "vb": true, "ado": true, "ml": true}

// pairs are the words joined by a stroke or an ampersand that mean more than
// their parts.
var pairs = map[string]bool{
	"ci/cd": true, "tcp/ip": true, "i/o": true, "pl/sql": true, "b/s": true, "c/s": true,
	"gb/t": true, "o/d": true, "a/b": true, "r&d": true, "q&a": true, "m&a": true, "b/l": true,
}

// capitals are stop words that mean something else in capitals.
var capitals = map[string]bool{"IT": true, "ＩＴ": true}

// stopWords are bleve's English ones. Read only.
var stopWords = func() map[string]bool {
	m := analysis.NewTokenMap()
	if err := m.LoadBytes(en.EnglishStopWords); err != nil {
		panic(err) // a list inside the library: cannot fail
	}
	return m
}()

// stem is the Porter stem of a lower-case word; words of three letters or fewer
// and words that are not plain a-z stay as they are (ros, ios, s7, größe).
func stem(word string) string {
	if len(word) <= 3 || !stemmable(word) {
		return word
	}
	t := analysis.Token{Term: []byte(word)}
	porterStemmer.Filter(analysis.TokenStream{&t})
	return string(t.Term)
}

var porterStemmer = porter.NewPorterStemmer() // has no state

// stemmable reports whether Porter's rules can change the word: it is all a-z, and
// its last letter is one in which a suffix of the rules ends.
func stemmable(word string) bool {
	for i := 0; i < len(word); i++ {
		if word[i] < 'a' || word[i] > 'z' {
			return false
		}
	}
	return strings.IndexByte("cdegilmnrstuy", word[len(word)-1]) >= 0
}

// lower folds width and case; it returns s itself where nothing changes.
func lower(s string) string {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= utf8.RuneSelf || 'A' <= c && c <= 'Z' {
			return strings.Map(func(r rune) rune {
				if r = fold(r); r == '’' {
					return '\''
				}
				return unicode.ToLower(r)
			}, s)
		}
	}
	return s
}

// runeAt is the width-folded rune at byte i and the bytes that it takes; 0, 0 past
// the end.
func runeAt(s string, i int) (rune, int) {
	if i >= len(s) {
		return 0, 0
	}
	if s[i] < utf8.RuneSelf {
		return rune(s[i]), 1
	}
	r, size := utf8.DecodeRuneInString(s[i:])
	return fold(r), size
}

// fold turns a full-width ASCII variant into the plain character.
func fold(r rune) rune {
	if r >= 0xFF01 && r <= 0xFF5E {
		return r - 0xFEE0
	}
	return r
}

// isIdeograph reports whether r is written without spaces: Han and kana.
func isIdeograph(r rune) bool {
	switch {
	case r < 0x3005:
		return false
	case r >= 0x4E00 && r <= 0x9FFF, r >= 0x3400 && r <= 0x4DBF, r == 0x3005, r == 0x3007:
		return true
	case r >= 0x3041 && r <= 0x30FF:
		return r != 0x30FB // the middle dot
	case r >= 0xF900 && r <= 0xFAFF, r >= 0x20000 && r <= 0x3FFFF:
		return true
	}
	return false
}

// isWord reports whether r belongs to a word that spaces or signs end.
func isWord(r rune) bool { return isLetter(r) || isDigit(r) }

// isLatinWord is isWord for what could continue a Latin word.
func isLatinWord(r rune) bool { return isWord(r) && !isIdeograph(r) }

func isLetter(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r|0x20 && r|0x20 <= 'z'
	}
	return !isIdeograph(r) && (unicode.IsLetter(r) || unicode.IsMark(r))
}

func isDigit(r rune) bool {
	if r < utf8.RuneSelf {
		return '0' <= r && r <= '9'
	}
	return unicode.IsNumber(r)
}
