package extract

import (
	"strings"

	"talentmatch/index/taxonomy"
)

// A reader goes through one text once, from left to right: it finds labels, takes
// note of the words and marks around them, and gives each clause, when it ends, to
// resolve (clause.go).
type reader struct {
	x       *Extractor
	w       window
	base    int // position in the folded text of w.runes[0]
	lastEnd int // position in w.runes behind the last find
	out     []Found
	removed []bool  // of out: named as not needed
	tokens  []token // of the clause that is being read
	clause  int     // position in the folded text where it began
	section Need    // what the last heading says
}

// A token is a skill, a cue or a mark of the clause that is being read.
type token struct {
	kind     tokenKind
	cue      int32 // position in cues, for a tokenCue
	find     int   // position in out, for a tokenSkill
	from, to int   // in the folded text
	latin    bool  // it begins with a Latin letter
}

type tokenKind uint8

const (
	tokenSkill tokenKind = iota
	tokenCue
	tokenComma
	tokenColon // or a dash that stands free
	tokenOpen
	tokenClose
)

// maxTokens bounds what is held of one clause; a longer one is read in pieces.
const maxTokens = 256

func (r *reader) reset(x *Extractor, text string) {
	r.x = x
	r.w.reset(text)
	r.base, r.lastEnd, r.clause, r.section = 0, 0, 0, NotSaid
	r.tokens, r.out, r.removed = r.tokens[:0], nil, r.removed[:0]
}

// release gives the reader back without a hold on the text. An unusually long
// label or text may have made it grow; such a one is left to the garbage collector.
func (r *reader) release() {
	r.reset(nil, "")
	if cap(r.w.runes) <= 4*windowSize && cap(r.removed) <= windowSize {
		readers.Put(r)
	}
}

func (r *reader) read() {
	w, x := &r.w, r.x
	var path path
	for i, cueEnd := 0, 0; w.have(i, x.trie.depth+lookAhead); {
		if i > 0 && small(w.runes[i].Rune) && small(w.runes[i-1].Rune) {
			i++ // nothing begins inside a word
		} else {
			r.gap(i)
			end, at, depth := x.longest(w, i, &path)
			if n := x.near(w, i, r.lastEnd, end, depth, &path); n.end > 0 {
				r.found(n.start, n.end, n.label, ByNear, n.confidence)
				i = n.end
			} else if at >= 0 {
				r.found(i, end, at, x.labels[at].how, 1)
				i = end
			} else {
				if i >= cueEnd {
					cueEnd = r.mark(i)
				}
				i++
			}
		}
		if i >= windowSize {
			drop := w.slide(i)
			i, cueEnd, r.lastEnd, r.base = i-drop, cueEnd-drop, max(0, r.lastEnd-drop), r.base+drop
		}
	}
	r.endClause(r.base + len(w.runes))
}

func small(r rune) bool { return r >= 'a' && r <= 'z' }

// found takes note of a find in w.runes[start:end].
func (r *reader) found(start, end int, at int32, how string, confidence float64) {
	l := &r.x.labels[at]
	from, to := r.w.runes[start].Start, r.w.runes[end-1].End
	r.token(token{kind: tokenSkill, find: len(r.out), from: r.base + start, to: r.base + end, latin: r.w.runes[start].Rune < 0x80})
	r.out = append(r.out, Found{Skill: l.skill, Start: from, End: to, Text: r.w.text[from:to], How: how, Confidence: l.confidence * confidence})
	r.removed = append(r.removed, false)
	r.lastEnd = end
}

func (r *reader) token(t token) {
	for n := len(r.tokens); n > 0 && r.tokens[n-1].to > t.from; n-- {
		r.tokens = r.tokens[:n-1] // a cue that reached into what proved to be a label
	}
	if len(r.tokens) == maxTokens {
		r.endClause(t.from)
	}
	r.tokens = append(r.tokens, t)
}

// gap looks at the separators before position i, which folding has dropped or
// made a space: a line's end, or a dash that stands free.
func (r *reader) gap(i int) {
	if i == 0 {
		return
	}
	from, to := r.w.runes[i-1].End, r.w.runes[i].Start
	if r.w.runes[i].Rune == ' ' {
		to = r.w.runes[i].End
	}
	if to <= from {
		return
	}
	switch gap := r.w.text[from:to]; {
	case strings.IndexByte(gap, '\n') >= 0:
		if !r.wrapped(i, to) {
			r.endClause(r.base + i)
		}
	case len(gap) > 1 && (strings.IndexByte(gap, '-') >= 0 || strings.Contains(gap, "—") || strings.Contains(gap, "–")):
		r.token(token{kind: tokenColon, from: r.base + i, to: r.base + i})
	}
}

// wrapped reports whether the line's end before position i only breaks a long
// English sentence: the next line goes on in small letters.
func (r *reader) wrapped(i, next int) bool {
	c := r.w.byteAt(next)
	return c >= 'a' && c <= 'z' && taxonomy.IsWord(r.w.runes[i-1].Rune) && !strings.Contains(r.w.text[r.w.runes[i-1].End:next], "-")
}

// mark takes note of a mark or a cue at position i. It returns the position
// behind it.
func (r *reader) mark(i int) int {
	w, at := &r.w, r.base+i
	kind := tokenCue
	switch c := w.runes[i].Rune; c {
	case '。', ';', '!', '?':
		r.endClause(at)
		return i + 1
	case '.':
		if r.fullStop(i) {
			r.endClause(at)
			return i + 1
		}
	case ',', '|':
		if !digit(w.at(i-1)) || !digit(w.at(i+1)) {
			kind = tokenComma
		}
	case ':':
		kind = tokenColon
	case '(', '[':
		kind = tokenOpen
	case '【': // around headings
		r.endClause(at)
		kind = tokenOpen
	case ')', ']', '】':
		if r.numbered(i) {
			r.endClause(at + 1)
			return i + 1
		}
		kind = tokenClose
	case '、':
		if r.numbered(i) {
			r.endClause(at + 1)
			return i + 1
		}
		r.token(token{kind: tokenCue, cue: listMarkCue, from: at, to: at + 1})
		return i + 1
	case '/':
		r.token(token{kind: tokenCue, cue: listMarkCue, from: at, to: at + 1})
		return i + 1
	default:
		return r.cue(i)
	}
	if kind != tokenCue {
		r.token(token{kind: kind, from: at, to: at + 1})
	}
	return i + 1
}

// fullStop reports whether the dot at position i ends a sentence or a number in
// front of a list's item.
func (r *reader) fullStop(i int) bool {
	w := &r.w
	next := w.at(i + 1)
	if digit(w.at(i - 1)) {
		return r.numbered(i)
	}
	if taxonomy.IsCJK(w.at(i-1)) || taxonomy.IsCJK(next) {
		return true
	}
	if next != 0 && next != ' ' && w.runes[i].End == w.runes[i+1].Start {
		return false
	}
	before := w.at(i - 2) // not the dot of an initial or of e.g.
	return before != ' ' && before != '.' && before != 0
}

// numbered reports whether the mark at position i closes the number of a list's
// item: one or two digits at the beginning of a clause or behind a space.
func (r *reader) numbered(i int) bool {
	w, j := &r.w, i
	for j > 0 && i-j < 3 && digit(w.at(j-1)) {
		j--
	}
	if j == i || i-j > 2 || digit(w.at(i+1)) {
		return false
	}
	if r.base+j == r.clause || j == 0 {
		return true
	}
	before := w.runes[j-1]
	if before.Rune == '(' || before.Rune == ' ' {
		return w.byteAt(w.runes[j].Start-1) != '-' // S7-12
	}
	return before.End < w.runes[j].Start && w.byteAt(w.runes[j].Start-1) != '-'
}

// cue takes note of the longest cue at position i.
func (r *reader) cue(i int) int {
	w := &r.w
	node := cueTrie.root(w.runes[i].Rune)
	if node < 0 || !w.startsWord(i) {
		return i + 1
	}
	end, found := i+1, int32(-1)
	for j := i + 1; ; j++ {
		if at := cueTrie.label[node]; at >= 0 && w.endsWord(i, j) {
			end, found = j, at
		}
		if j == len(w.runes) || j == i+1 && !cueTrie.pairs.has(pairHash(w.runes[i].Rune, w.runes[j].Rune)) {
			break
		}
		if node = cueTrie.child(node, w.runes[j].Rune); node < 0 {
			break
		}
	}
	if found >= 0 && cues[found].kind != cueNothing {
		r.token(token{kind: tokenCue, cue: found, from: r.base + i, to: r.base + end, latin: w.runes[i].Rune < 0x80})
	}
	return end
}

// endClause reads the words around the skills of the clause that ends at a
// position of the folded text.
func (r *reader) endClause(end int) {
	if len(r.tokens) > 0 {
		r.resolve(end)
		r.tokens = r.tokens[:0]
	}
	r.clause = end
}

// reading parts what is needed from what is not.
func (r *reader) reading() Reading {
	out := Reading{Found: r.out}
	kept := r.out[:0]
	for i, f := range r.out {
		if r.removed[i] {
			f.Level, f.Required = 0, NotSaid
			out.Removed = append(out.Removed, f)
		} else {
			kept = append(kept, f)
		}
	}
	if out.Found = kept; len(kept) == 0 {
		out.Found = nil
	}
	return out
}
