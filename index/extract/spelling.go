package extract

import (
	"cmp"
	"slices"
	"strings"
)

// spelling finds the words of labels behind misspelt Latin words. Every word of a
// label is listed under what remains when one letter is left out, a
// long one also when two are (a deletion neighbourhood): two words that are an edit
// apart share a remainder.
type spelling struct {
	words []string    // the words, sorted
	known hashSet     // words that are no misspellings: of labels, of the catalogue's texts, of English
	seen  bitSet      // the remainders' hashes, to turn most words away quickly
	rest  []remainder // by hash
}

type remainder struct {
	hash uint32
	word int32
}

const (
	nearLetters   = 5  // a word of a label that is found misspelt has at least so many letters
	strictLetters = 6  // shorter ones only with two letters exchanged
	substLetters  = 7  // a letter may be another one from this length on
	farLetters    = 9  // two edits are forgiven from this length on
	wordLetters   = 32 // longer words are not looked at
	knownLetters  = 3  // shorter words are of no concern
	nearBack      = 40 // runes of a label before its misspelt word
)

func newSpelling(b *builder) spelling {
	set, known := map[string]bool{}, map[string]bool{}
	for key, at := range b.keys {
		base := b.labels[at].how != ByInflected // the base form stands for both
		eachWord(key, func(w string) {
			known[w] = true
			if base && len(w) >= nearLetters {
				set[w] = true
			}
		})
	}
	for _, list := range []map[string]bool{commonWords, englishWords} {
		for w := range list {
			known[w] = true
		}
	}
	for _, s := range b.catalogue.Skills() {
		eachWord(strings.ToLower(s.Text), func(w string) { known[w] = true })
		eachWord(strings.ToLower(s.TextEN), func(w string) { known[w] = true })
	}
	for _, o := range b.catalogue.Occupations() {
		for _, text := range append([]string{o.Name, o.NameEN, o.Text, o.TextEN}, o.Aliases...) {
			eachWord(strings.ToLower(text), func(w string) { known[w] = true })
		}
	}

	s := spelling{known: newHashSet(len(known))}
	for w := range known {
		s.known.add(hashWord(w))
	}
	for w := range set {
		s.words = append(s.words, w)
	}
	slices.Sort(s.words)
	for i, w := range s.words {
		var p partHashes
		p.of(w)
		p.near(len(w) >= farLetters, func(h uint64) bool {
			s.rest = append(s.rest, remainder{uint32(h >> 32), int32(i)})
			return true
		})
	}
	slices.SortFunc(s.rest, func(a, b remainder) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.word, b.word))
	})
	s.rest = slices.Clip(slices.Compact(s.rest))
	s.seen = newBitSet(16 * len(s.rest))
	for _, r := range s.rest {
		s.seen.add(r.hash)
	}
	return s
}

// eachWord calls f for every run of small Latin letters in s that has a length of
// interest.
func eachWord(s string, f func(string)) {
	for i := 0; i < len(s); {
		j := i
		for j < len(s) && s[j] >= 'a' && s[j] <= 'z' {
			j++
		}
		if n := j - i; n >= knownLetters && n <= wordLetters {
			f(s[i:j])
		}
		i = j + 1
	}
}

// candidates appends the words that word may be a misspelling of, those with fewer
// edits first.
func (s *spelling) candidates(dst []candidate, word string) []candidate {
	var p partHashes
	p.of(word)
	if s.known.has(p.whole()) {
		return dst
	}
	p.near(len(word) >= farLetters-1, func(h uint64) bool {
		hash := uint32(h >> 32)
		if !s.seen.has(hash) {
			return true
		}
		at, _ := slices.BinarySearchFunc(s.rest, hash, func(r remainder, h uint32) int { return cmp.Compare(r.hash, h) })
		for ; at < len(s.rest) && s.rest[at].hash == hash; at++ {
			c := candidate{s.words[s.rest[at].word], 0}
			if c.edits = edits(word, c.word); c.edits > 0 && !slices.Contains(dst, c) {
				dst = append(dst, c)
			}
		}
		return len(dst) < maxCandidates
	})
	if len(dst) > 0 && s.inflected(word, &p) {
		dst = slices.DeleteFunc(dst, func(c candidate) bool { return !undoubled(word, c.word) })
	}
	slices.SortFunc(dst, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.edits, b.edits), cmp.Compare(a.word, b.word))
	})
	return dst
}

const maxCandidates = 8

type candidate struct {
	word  string
	edits int // 1 or 2
}

// inflected reports whether word is a known one with an English ending.
func (s *spelling) inflected(word string, p *partHashes) bool {
	for _, end := range endings {
		if n := len(word) - len(end.cut); n >= knownLetters && strings.HasSuffix(word, end.cut) {
			h := p.prefix[n]
			for i := range len(end.put) {
				h = next(h, end.put[i])
			}
			if s.known.has(finish(h)) {
				return true
			}
		}
	}
	return false
}

// undoubled reports whether word only lacks the doubling of a consonant before an
// ending: programing, modeling.
func undoubled(word, label string) bool {
	if len(label) < farLetters || len(word)+1 != len(label) {
		return false
	}
	i := 0
	for i < len(word) && word[i] == label[i] {
		i++
	}
	return i > 0 && label[i] == label[i-1] && word[i:] == label[i+1:]
}

var endings = []struct{ cut, put string }{
	{"s", ""}, {"es", ""}, {"ies", "y"}, {"ed", ""}, {"d", ""}, {"ied", "y"}, {"ing", ""}, {"ing", "e"}, {"er", ""}, {"r", ""},
	{"ers", ""}, {"rs", ""}, {"or", ""}, {"or", "e"}, {"ors", "e"}, {"ly", ""}, {"y", ""}, {"al", ""}, {"ally", ""}, {"able", ""}, {"able", "e"},
	{"ment", ""}, {"ness", ""}, {"ful", ""}, {"less", ""}, {"ion", ""}, {"ion", "e"}, {"ions", "e"}, {"ive", "e"}, {"ive", "ion"},
	{"ist", ""}, {"ize", ""}, {"ized", ""}, {"ise", ""}, {"ised", ""}, {"ic", ""}, {"ical", ""}, {"ist", "y"}, {"er", "ing"}, {"ers", "ing"}, {"ed", "ing"},
}

// edits is how many edits part the text's word from the label's: 1 or 2, or 0 when
// the one is no likely misspelling of the other. An edit leaves out, adds or
// replaces a letter, exchanges two neighbours, or moves one letter elsewhere. The
// first letter must agree, and so must the last unless letters are only in another
// order: a different ending is a different form of a word.
func edits(text, label string) int {
	n := len(label)
	if text == label || text[0] != label[0] || len(text)-n > 2 || n-len(text) > 2 {
		return 0
	}
	if len(text) == n && moved(text, label) {
		if n >= strictLetters || transposed(text, label) {
			return 1
		}
		return 0
	}
	if text[len(text)-1] != label[n-1] || n < strictLetters {
		return 0
	}
	d, replaced := distance(text, label)
	switch {
	case d == 1 && (replaced == 0 || n >= substLetters && !learned(label)):
		return 1
	case d == 2 && n >= farLetters && replaced <= 1 && text[len(text)-2] == label[n-2] && !learned(label):
		return 2
	}
	return 0
}

// learned reports whether a word ends like the names of sciences and arts, which
// differ from each other in little: hematology and hepatology.
func learned(word string) bool {
	return hasAnySuffix(word, "logy", "logies", "graphy", "metry", "nomy", "tomy", "therapy", "netics", "matics", "mistry")
}

// transposed reports whether two neighbours are exchanged and nothing else.
func transposed(a, b string) bool {
	i := 0
	for a[i] == b[i] {
		i++
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

// moved reports whether one letter of a stands elsewhere in b, of equal length and
// different.
func moved(a, b string) bool {
	i, j := 0, len(a)
	for a[i] == b[i] {
		i++
	}
	for a[j-1] == b[j-1] {
		j--
	}
	return a[i+1:j] == b[i:j-1] && a[i] == b[j-1] || a[i:j-1] == b[i+1:j] && a[j-1] == b[i]
}

// distance is the Damerau-Levenshtein distance of two words (no part edited
// twice), and how many letters are replaced on one of the shortest ways: the
// fewest.
func distance(a, b string) (d, replaced int) {
	type cell struct{ d, replaced int }
	var rows [3][wordLetters + 4]cell
	better := func(x, y cell) cell {
		if y.d < x.d || y.d == x.d && y.replaced < x.replaced {
			return y
		}
		return x
	}
	for j := range len(b) + 1 {
		rows[0][j] = cell{j, 0}
	}
	for i := 1; i <= len(a); i++ {
		before, last, row := &rows[(i+1)%3], &rows[(i+2)%3], &rows[i%3]
		row[0] = cell{i, 0}
		for j := 1; j <= len(b); j++ {
			c := last[j-1]
			if a[i-1] != b[j-1] {
				c.d++
				c.replaced++
			}
			c = better(c, cell{last[j].d + 1, last[j].replaced})
			c = better(c, cell{row[j-1].d + 1, row[j-1].replaced})
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				c = better(c, cell{before[j-2].d + 1, before[j-2].replaced})
			}
			row[j] = c
		}
	}
	end := rows[len(a)%3][len(b)]
	return end.d, end.replaced
}

// misspelt finds a label with one misspelt Latin word, which is the word that
// stands at position i. The label may have begun before it, but not before from.
func (x *Extractor) misspelt(w *window, i, from int) nearFind {
	var buf [wordLetters]byte
	word := buf[:0]
	j := i
	for ; j < len(w.runes) && len(word) < wordLetters; j++ {
		c := w.runes[j].Rune
		if c < 'a' || c > 'z' {
			break
		}
		word = append(word, byte(c))
	}
	if len(word) < nearLetters || len(word) == wordLetters {
		return nearFind{}
	}
	var list [maxCandidates]candidate
	found := x.spelling.candidates(list[:0], string(word))
	if len(found) == 0 {
		return nearFind{}
	}
	for start := max(from, i-nearBack, 0); start <= i; start++ {
		if n := x.mended(w, start, i, j, found); n.end > 0 {
			return n
		}
	}
	return nearFind{}
}

// mended finds the longest label that begins at start and has one of the
// candidates in place of the word w.runes[i:j]; none if two skills have one.
func (x *Extractor) mended(w *window, start, i, j int, list []candidate) (best nearFind) {
	if !w.startsWord(start) {
		return best
	}
	node := int32(0)
	for k := start; k < i; k++ {
		if node = x.trie.child(node, w.runes[k].Rune); node < 0 {
			return best
		}
	}
	bestEdits := 0
	for _, c := range list {
		if bestEdits > 0 && c.edits > bestEdits {
			break
		}
		at := node
		for k := 0; k < len(c.word) && at >= 0; k++ {
			at = x.trie.child(at, rune(c.word[k]))
		}
		n := x.rest(w, start, j, at)
		if n.end == 0 || n.end < best.end {
			continue
		}
		if n.end == best.end && x.labels[n.label].skill != x.labels[best.label].skill {
			return nearFind{}
		}
		if n.confidence = nearConfidence; c.edits > 1 {
			n.confidence = farConfidence
		}
		best, bestEdits = n, c.edits
	}
	return best
}

// rest walks on from a node with the text from position j and finds the longest
// label that began at start. One that is also an English word is believed in
// Chinese only.
func (x *Extractor) rest(w *window, start, j int, node int32) (n nearFind) {
	for node >= 0 {
		if at := x.trie.label[node]; at >= 0 && w.endsWord(start, j) && (x.labels[at].written == nil || w.amongChinese(start, j)) {
			n = nearFind{start: start, end: j, label: at}
		}
		if j == len(w.runes) {
			break
		}
		node = x.trie.child(node, w.runes[j].Rune)
		j++
	}
	return n
}
