package extract

import (
	"strings"

	"talentmatch/index/taxonomy"
)

// sounds finds Chinese labels of which one character is replaced by one that
// sounds or looks alike (西门子PLC编成). A slip in the third character or a later one
// is found from the exact beginning in the trie; one in the first two by the table
// here, which leads from a beginning with one character made its group's to the
// trie's nodes.
type sounds struct {
	seen   bitSet
	starts map[uint64][]start
}

// start is a beginning of two characters.
type start struct {
	first, second rune
	node          int32
}

const (
	soundExact = 2  // exact characters from which on the trie leads the search
	soundRunes = 4  // a label that is found has at least so many characters,
	soundHan   = 2  // of which at least so many are Chinese,
	soundMost  = 24 // and at most so many altogether
)

// alike are the groups of a character: 0 or a number.
type alike struct{ sound, shape uint16 }

// alikes are the groups of the common Chinese characters, by rune - hanFirst.
const hanFirst, hanLast = 0x4E00, 0x9FFF

var alikes = func() *[hanLast - hanFirst + 1]alike {
	table := new([hanLast - hanFirst + 1]alike)
	group := uint16(0)
	for g := range strings.FieldsSeq(homophones) {
		group++
		for _, r := range g {
			if a := &table[r-hanFirst]; a.sound == 0 {
				a.sound = group
			}
		}
	}
	for g := range strings.FieldsSeq(lookalikes) {
		group++
		for _, r := range g {
			if a := &table[r-hanFirst]; a.shape == 0 {
				a.shape = group
			}
		}
	}
	return table
}()

func alikeOf(r rune) alike {
	if r < hanFirst || r > hanLast {
		return alike{}
	}
	return alikes[r-hanFirst]
}

// confusable reports whether two different characters sound or look alike.
func confusable(a, b rune) bool {
	x, y := alikeOf(a), alikeOf(b)
	return a != b && (x.sound != 0 && x.sound == y.sound || x.shape != 0 && x.shape == y.shape)
}

// startKey is the table's key for a beginning of two characters, of which the one
// at position slip stands for its whole group.
func startKey(slip int, group uint16, exact rune) uint64 {
	return (uint64(slip)<<48 | uint64(group)<<32 | uint64(exact)) * hashBase
}

// eachStart calls f with the keys under which a beginning is listed.
func eachStart(first, second rune, f func(key uint64)) {
	if a := alikeOf(first); a != (alike{}) {
		if a.sound != 0 {
			f(startKey(0, a.sound, second))
		}
		if a.shape != 0 {
			f(startKey(0, a.shape, second))
		}
	}
	if a := alikeOf(second); a != (alike{}) {
		if a.sound != 0 {
			f(startKey(1, a.sound, first))
		}
		if a.shape != 0 {
			f(startKey(1, a.shape, first))
		}
	}
}

func newSounds(t *trie) sounds {
	s := sounds{starts: map[uint64][]start{}}
	long := t.reaching(soundRunes) // by node: begins a label that is long enough
	for first := t.first[0]; first < t.first[1]; first++ {
		for node := t.first[first]; node < t.first[first+1]; node++ {
			if long[node] {
				eachStart(t.in[first], t.in[node], func(key uint64) {
					s.starts[key] = append(s.starts[key], start{t.in[first], t.in[node], node})
				})
			}
		}
	}
	s.seen = newBitSet(16 * len(s.starts))
	for key := range s.starts {
		s.seen.add(uint32(key >> 32))
	}
	return s
}

// misheard finds a Chinese label with one character replaced that begins at
// position i. Exact labels end at exactEnd (0 for none); some label agrees with the
// text for depth runes from i on, and path has the nodes behind them.
func (x *Extractor) misheard(w *window, i, exactEnd, depth int, path *path) (best nearFind) {
	if i+1 >= len(w.runes) {
		return best
	}
	s := search{x: x, w: w, start: i}
	if depth >= soundExact {
		s.later(path[:min(depth, len(path))])
	}
	first, second := w.runes[i].Rune, w.runes[i+1].Rune
	if first >= hanFirst || second >= hanFirst {
		eachStart(first, second, func(key uint64) {
			if x.sounds.seen.has(uint32(key>>32)) && w.startsWord(i) {
				s.early(first, second, x.sounds.starts[key])
			}
		})
	}
	if s.end == 0 || s.two || exactEnd > 0 && s.end < exactEnd+soundExact || x.explained(w, i, s.slip, exactEnd, s.end) {
		return best
	}
	return nearFind{start: i, end: s.end, label: s.label, confidence: nearConfidence}
}

// A search keeps the longest label found so far.
type search struct {
	x     *Extractor
	w     *window
	start int
	end   int
	label int32
	slip  int  // position of the replaced character
	two   bool // two skills have a label of that length
}

// later tries a slip behind the exact beginning that leads along the path.
func (s *search) later(path []int32) {
	t := &s.x.trie
	for k := soundExact; k <= len(path) && s.start+k < len(s.w.runes); k++ {
		j, node := s.start+k, path[k-1]
		r := s.w.runes[j].Rune
		if alikeOf(r) == (alike{}) {
			continue
		}
		for c := t.first[node]; c < t.first[node+1]; c++ {
			if confusable(t.in[c], r) {
				s.walk(c, j, j+1)
			}
		}
	}
}

// early tries the beginnings of two characters that differ in one.
func (s *search) early(first, second rune, starts []start) {
	for _, b := range starts {
		switch {
		case b.second == second && confusable(b.first, first):
			s.walk(b.node, s.start, s.start+2)
		case b.first == first && confusable(b.second, second):
			s.walk(b.node, s.start+1, s.start+2)
		}
	}
}

// walk goes on exactly from a node with the text from position j.
func (s *search) walk(node int32, slip, j int) {
	t, w := &s.x.trie, s.w
	for {
		if at := t.label[node]; at >= 0 && s.long(j) && s.x.labels[at].written == nil && w.endsWord(s.start, j) {
			switch {
			case j > s.end:
				s.end, s.label, s.slip, s.two = j, at, slip, false
			case j == s.end && s.x.labels[at].skill != s.x.labels[s.label].skill:
				s.two = true
			}
		}
		if j == len(w.runes) || j-s.start >= soundMost {
			return
		}
		if node = t.child(node, w.runes[j].Rune); node < 0 {
			return
		}
		j++
	}
}

// long reports whether a label that ends before position j is long enough to be
// found with a slip.
func (s *search) long(j int) bool {
	han := 0
	for _, r := range s.w.runes[s.start:j] {
		if taxonomy.IsCJK(r.Rune) {
			han++
		}
	}
	return j-s.start >= soundRunes && han >= soundHan
}

// explained reports whether the character at slip is no slip: a label covers it,
// the find ends or begins inside another label or word, or the character makes a
// common word with a neighbour.
func (x *Extractor) explained(w *window, start, slip, exactEnd, end int) bool {
	if exactEnd > slip || commonPairs[[2]rune{w.at(start - 1), w.at(start)}] {
		return true
	}
	for i := start + 1; i < end; i++ {
		stop, at, _ := x.longest(w, i, nil)
		if at >= 0 && (i <= slip && stop > slip || stop > end) {
			return true
		}
	}
	return commonPairs[[2]rune{w.at(slip - 1), w.at(slip)}] || commonPairs[[2]rune{w.at(slip), w.at(slip + 1)}]
}
