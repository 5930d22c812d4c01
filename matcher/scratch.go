package matcher

import "sync"

// scratch is a query's working memory. Arrays indexed by skill, term or row are
// all zero between queries; who writes an entry clears it.
type scratch struct {
	first   []int32     // skill -> 1 + first link of its list of needs
	links   []needLink  // lists of needs that a held skill counts for
	touched []int32     // skills with an entry in first
	terms   []float32   // term -> its weight in the query
	best    []bestEntry // row -> running maximum for the current need
	sum     []float32   // row -> bound of the skills component
	met     []uint16    // row -> required needs met
	seen    []bool      // row -> some skill is related
	credits []float64   // need -> credit of the row being scored
	cands   []candidate
	sorted  []candidate
	levels  [][6]float64 // slot -> best credit per needed level
	slots   []int32      // skill -> 1 + slot in levels
	place   []float32    // region -> place component, -1 unknown yet
	timing  []timingAt   // profile -> timing for the query's start
	months  []timingAt   // month -> timing of the query's cohorts
}

type needLink struct {
	need int32
	next int32 // 1 + next link, 0 at the end
	sim  uint16
}

type bestEntry struct {
	stamp  uint32
	credit float32
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

// placeTable is a table of place values to be filled on demand.
func (sc *scratch) placeTable(regions int) []float32 {
	sc.place = grow(sc.place, regions)
	for i := range sc.place {
		sc.place[i] = -1
	}
	return sc.place
}

// setTerms spreads a text's weights over the term table; clearTerms undoes it.
func (sc *scratch) setTerms(terms []Term, weight func(*Term) float64) {
	size := 0
	for i := range terms {
		size = max(size, int(terms[i].ID)+1)
	}
	sc.terms = zeroed(sc.terms, max(size, cap(sc.terms)))
	for i := range terms {
		sc.terms[terms[i].ID] = float32(weight(&terms[i]))
	}
}

func (sc *scratch) clearTerms(terms []Term) {
	for i := range terms {
		sc.terms[terms[i].ID] = 0
	}
}
