package matcher

import "sync"

// scratch is a query's working memory. Arrays indexed by skill, term or row are
// all zero between queries; who writes an entry clears it.
type scratch struct {
	first    []int32    // skill -> 1 + first link of its list of needs
	links    []needLink // lists of needs that a held skill counts for
	touched  []int32    // skills with an entry in first
	terms    []float32  // term -> its weight in the query
	bits     []uint64   // term -> is it in the query? Small enough to stay in the nearest cache
	credits  []float64  // need -> credit of the row being scored
	rank     ranking
	worth    [][256]uint16 // need -> what a code adds to a tally
	segments []segmentQuery
	levels   [][6]float64 // slot -> best credit per needed level
	slots    []int32      // skill -> 1 + slot in levels
	scaled   [][8]uint32  // slot -> best credit per needed level, in units of 1/one
	met      []int32      // row -> required needs that a program meets, all 0 between queries
}

// A segmentQuery is what a query works out about one segment.
type segmentQuery struct {
	classes  []classBound
	lists    [][]tile // per need, or per touched skill
	mixes    []mix    // of a segment of demands
	tops     []mix    // those that bound its windows
	placing  placing
	text     textBounds
	required *requirement // nil until asked for
	rest     float32      // what timing adds to a bound at most, below 0 when every class is stopped
}

// A classBound is what the gates and the bound need to know of a class.
type classBound struct {
	gate     Gate
	bound    float32 // timing's part
	filtered bool    // by education
	mix      int32   // of a demand: which of the segment's mixes
}

// reset forgets the last query's segments; segment begins the next one's.
func (sc *scratch) reset() { sc.segments = sc.segments[:0] }

func (sc *scratch) segment() *segmentQuery {
	if len(sc.segments) < cap(sc.segments) {
		sc.segments = sc.segments[:len(sc.segments)+1]
	} else {
		sc.segments = append(sc.segments, segmentQuery{})
	}
	return &sc.segments[len(sc.segments)-1]
}

type needLink struct {
	need int32
	next int32 // 1 + next link, 0 at the end
	sim  uint16
	// credit by held level, at full confidence; of a demand's links only
	credit [8]float64
}

// mix finds or adds a mix.
func (p *segmentQuery) mix(m mix) int32 {
	for i := range p.mixes {
		was := p.mixes[i]
		was.open = false
		if was == m {
			return int32(i)
		}
	}
	p.mixes = append(p.mixes, m)
	return int32(len(p.mixes) - 1)
}

// choose keeps in tops the open mixes that can bound a window: of those that differ in
// rest only, the greatest.
func (p *segmentQuery) choose() {
	p.tops = p.tops[:0]
	for _, m := range p.mixes {
		if !m.open {
			continue
		}
		known := false
		for i := range p.tops {
			t := &p.tops[i]
			if was := *t; was.skills == m.skills && was.focus == m.focus && was.place == m.place && was.text == m.text && was.empty == m.empty {
				t.rest = max(t.rest, m.rest)
				known = true
				break
			}
		}
		if !known {
			p.tops = append(p.tops, m)
		}
	}
}

// bound is the greatest bound of the open mixes; below 0 without any.
func (p *segmentQuery) bound(place, skills, text, doubt float32) float32 {
	b := float32(-1)
	for i := range p.tops {
		b = max(b, p.tops[i].of(place, skills, text, doubt))
	}
	return b
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// zeroed returns a slice of length n with all zero, given that s is all zero up to
// its capacity.
func zeroed[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n+n/4)[:n]
	}
	return s[:n]
}

// setText spreads a text's weights over the term table; clearText undoes it.
func (sc *scratch) setText(text *TextVector, weight func(*Term) float64) {
	size := 0
	for s := range text {
		for i := range text[s] {
			size = max(size, int(text[s][i].ID)+1)
		}
	}
	sc.terms = zeroed(sc.terms, max(size, cap(sc.terms)))
	sc.bits = zeroed(sc.bits, max((size+63)/64, cap(sc.bits)))
	for s := range text {
		for i := range text[s] {
			id := text[s][i].ID
			sc.terms[id] = float32(weight(&text[s][i]))
			sc.bits[id>>6] |= 1 << (id & 63)
		}
	}
}

func (sc *scratch) clearText(text *TextVector) {
	for s := range text {
		for i := range text[s] {
			sc.terms[text[s][i].ID] = 0
			sc.bits[text[s][i].ID>>6] = 0
		}
	}
}

// asks reports whether a term is in the query.
func (sc *scratch) asks(id int32) bool {
	w := int(uint32(id) >> 6)
	return w < len(sc.bits) && sc.bits[w]&(1<<(uint32(id)&63)) != 0
}
