package matcher

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// A textDrift is how far the statistics have moved since an index was made, the number
// of texts apart.
type textDrift struct {
	terms float64 // the greatest loss of idf among the index's terms that are not faded, as a ratio
	low   float64 // the least idf that one has, were the number of texts still the same
	texts int     // how many texts have come and gone
	faded *faded  // nil when none is
}

// faded are the terms that have lost more of their idf than is good for the bounds of
// all rows: the rows that have them are bounded as if these terms had lost everything.
// What remains of such a row's length is the root of 1 - (sum of the squares of their
// parts), whatever they lose later. It is never changed once made.
type faded struct {
	terms   []int32   // ascending
	every   float64   // what any row may have lost of common terms, as squares
	rows    []uint32  // ascending
	squares []float32 // of a row: the sum of the squares of its faded parts that are rare, or more
}

func (f *faded) has(term int32) bool {
	if f == nil {
		return false
	}
	_, ok := slices.BinarySearch(f.terms, term)
	return ok
}

// count is the number of rows with faded terms.
func (f *faded) count() int {
	if f == nil {
		return 0
	}
	return len(f.rows)
}

// A term has faded when this much of its idf is lost, as a ratio. Rows with faded terms
// are at most this share of all, as a divisor: each costs every query.
const (
	fadedFrom = 1.02
	fadedRows = 32
	mostEvery = .05 // and what every row may have lost of common ones
)

// since is the drift of an index that has just been made.
func (x *textIndex) since() textDrift {
	if x == nil {
		return textDrift{}
	}
	d := textDrift{terms: 1, low: x.low}
	if len(x.loose) > 0 {
		d.faded = &faded{rows: x.loose, squares: slices.Repeat([]float32{1}, len(x.loose))}
	}
	return d
}

// after is the drift once some terms' document frequencies have changed.
func (x *textIndex) after(d textDrift, now *Stats, changed map[int32]int32) textDrift {
	var fading []int32
	for t, by := range changed {
		if by != 0 && x.afterTerm(&d, now, t) {
			fading = append(fading, t)
		}
	}
	return x.fade(d, now, fading)
}

// afterTerm takes a term into the drift, or says that it fades.
func (x *textIndex) afterTerm(d *textDrift, now *Stats, term int32) (fades bool) {
	if x.stats.df(term) <= 0 || x.stats.idf(term) < faintIDF || d.faded.has(term) {
		return false // no text had it, or it counts for nothing already
	}
	n, ok := x.numberOf(term)
	if !ok || !x.isCommon(n) && x.off[n] == x.off[n+1] {
		return false // no row has it
	}
	if v := x.idfNow(now, term); v <= 0 || x.stats.idf(term) > fadedFrom*v {
		return true
	}
	x.light(d, now, term)
	return false
}

// idfNow is a term's idf now, were the number of texts still the same.
func (x *textIndex) idfNow(now *Stats, term int32) float64 {
	return now.idf(term) - now.logN + x.stats.logN
}

// light takes a term into what holds for every row.
func (x *textIndex) light(d *textDrift, now *Stats, term int32) {
	v := x.idfNow(now, term)
	if v <= 0 {
		d.terms = math.Inf(1)
		return
	}
	d.terms, d.low = max(d.terms, x.stats.idf(term)/v), min(d.low, v)
}

// fade takes terms for faded, except those that too many rows have too much of.
func (x *textIndex) fade(d textDrift, now *Stats, terms []int32) textDrift {
	if len(terms) == 0 {
		return d
	}
	slices.Sort(terms)
	was := d.faded
	if was == nil {
		was = &faded{}
	}
	every, count, most := was.every, 0, x.count/fadedRows-len(was.rows)
	terms = slices.DeleteFunc(terms, func(t int32) bool {
		n, _ := x.numberOf(t)
		if x.isCommon(n) {
			if p := x.greatest(t); every+p*p <= mostEvery {
				every += p * p
				return false
			}
		} else if rows := int(x.off[n+1] - x.off[n]); count+rows <= most {
			count += rows
			return false
		}
		x.light(&d, now, t)
		return true
	})
	if len(terms) == 0 {
		return d
	}
	type part struct {
		row    uint32
		square float32
	}
	parts := make([]part, 0, count)
	for _, t := range terms {
		n, _ := x.numberOf(t)
		rows, codes := x.of(n) // none of a common one
		for i, row := range rows {
			p := float32(partOf[codes[i]])
			parts = append(parts, part{row, p * p})
		}
	}
	slices.SortStableFunc(parts, func(a, b part) int { return cmp.Compare(a.row, b.row) })
	next := &faded{terms: append(slices.Clone(was.terms), terms...), every: every * (1 + 1e-9), rows: make([]uint32, 0, len(was.rows)+count), squares: make([]float32, 0, len(was.rows)+count)}
	slices.Sort(next.terms)
	add := func(row uint32, square float32) {
		if n := len(next.rows); n > 0 && next.rows[n-1] == row {
			next.squares[n-1] += square
			return
		}
		next.rows, next.squares = append(next.rows, row), append(next.squares, square)
	}
	for i, row := range was.rows {
		for len(parts) > 0 && parts[0].row < row {
			add(parts[0].row, parts[0].square)
			parts = parts[1:]
		}
		add(row, was.squares[i])
	}
	for _, p := range parts {
		add(p.row, p.square)
	}
	d.faded = next
	return d
}

// greatest is the greatest part that a common term has in a row.
func (x *textIndex) greatest(term int32) float64 {
	top := uint8(0)
	for _, b := range x.tiles.of(term) {
		for k := range bits.OnesCount64(b.windows) {
			top = max(top, x.tiles.top[int(b.before)+k])
		}
	}
	return partOf[top]
}

// excess is how much longer a unit vector's part can be than without the faded terms, as
// a share of itself; at most 1, which leaves a likeness unbounded.
func excess(square float64) float64 {
	left := 1 - square*(1+1e-5)
	if left <= .25 {
		return 1
	}
	return 1/math.Sqrt(left) - 1
}

// between is the drift from the statistics of the index to others.
func (x *textIndex) between(now *Stats) textDrift {
	d := x.since()
	if x == nil {
		return d
	}
	var fading []int32
	for c := range x.stats.chunks {
		if c < len(now.chunks) && now.chunks[c] == x.stats.chunks[c] {
			continue
		}
		for i := range int32(1 << chunkBits) {
			if t := int32(c)<<chunkBits | i; x.afterTerm(&d, now, t) {
				fading = append(fading, t)
			}
		}
	}
	return x.fade(d, now, fading)
}

// most is the largest drift with which an index is of use.
const mostDrift = 3

// lost is what any row may have lost, as squares: well below 1.
func (x *textIndex) lost(d textDrift) float64 {
	if d.faded == nil {
		return x.faint
	}
	return x.faint + d.faded.every
}

// factor is how many times longer a unit vector's part can be now; infinite when it can
// be too long to say.
func (x *textIndex) factor(d textDrift, now *Stats) float64 {
	out := d.terms / math.Sqrt(1-x.lost(d))
	if loss := x.stats.logN - now.logN; loss > 0 && !math.IsInf(d.low, 1) { // fewer texts: every term loses that
		if loss > d.low/2 {
			return math.Inf(1)
		}
		out *= d.low / (d.low - loss)
	}
	if !(out <= mostDrift) {
		return math.Inf(1)
	}
	return out
}
