package matcher

import "sync"

// scratch is a query's working memory. Arrays indexed by skill, term or row are
// all zero between queries; who writes an entry clears it.
type scratch struct {
	first   []int32    // skill -> 1 + first link of its list of needs
	links   []needLink // lists of needs that a held skill counts for
	touched []int32    // skills with an entry in first
	terms   []float32  // term -> its weight in the query
	bits    []uint64   // term -> is it in the query? Small enough to stay in the nearest cache
	tally   []tally    // row -> what its skills add up to
	credits []float64  // need -> credit of the row being scored
	rank    ranking
	sizes   []int
	levels  [][6]float64 // slot -> best credit per needed level
	slots   []int32      // skill -> 1 + slot in levels
	place   []float64    // region -> place component
	rows    []uint32     // rows of a segment that pass filter and first gates
	classes []class      // timing profile x education -> gate and bound
	months  []timingAt   // month -> timing of the query's cohorts
}

type needLink struct {
	need int32
	next int32 // 1 + next link, 0 at the end
	sim  uint16
}

// A tally is one row's running total over the query's skills. It is kept in one
// place, since walking postings is bound by memory.
type tally struct {
	sum    float32 // bound of the skills component
	credit float32 // best credit for the need of stamp
	stamp  uint16  // 1 + the need that credit belongs to; 0 = nothing related yet
	met    uint16  // required needs met
}

type timingAt struct {
	value   float64
	data    bool
	stopped bool
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

// placeTable holds the place component of every interned region against one.
func (sc *scratch) placeTable(a *Atlas, region int32) []float64 {
	sc.place = grow(sc.place, len(a.regions))
	for i := range sc.place {
		sc.place[i] = a.Place(region, int32(i))
	}
	return sc.place
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
