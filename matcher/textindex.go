package matcher

import (
	"math"
	"slices"
)

// A textIndex bounds the text components of a segment's rows for a query, so that few
// texts are compared term by term. For each term of a row it has the term's part of the
// row's unit vector, rounded up to a code of one byte: the terms of many rows in tiles,
// looked up for the windows that are visited; those of few rows in lists, added up
// before. So the sum of a row's codes times the query's weights is never below its mean
// cosine.
//
// Unit vectors change with the corpus statistics. Codes are of the statistics that the
// segment was made with. They are corrected by how the term's idf has changed since, and
// by how much shorter any row can have become (textDrift).
type textIndex struct {
	terms  []int32  // ascending: their places number the terms; nil when terms number themselves
	off    []uint32 // number -> its rows; one more than terms
	rows   []uint32 // ascending for each term
	codes  []uint8
	tiles  *tiles   // of the terms in common
	common []uint64 // bit per number, of terms in tiles
	stats  *Stats   // that codes were made with
	low    float64  // the least idf of a term then that is not faint
	faint  float64  // the greatest sum, of a row, of squares of faint terms' parts
	loose  []uint32 // rows without codes, ascending: they may say anything
	whole  bool     // every row with a text has terms in every space
	count  int      // of rows
}

// commonTerm is the share of a segment's rows, as a divisor, from which a term is in
// tiles, but never below fewRows.
const (
	commonTerm = 96
	fewRows    = 32
)

// A term that nearly every text has is faint: its idf may become many times greater or
// nothing by little that is written. It is taken for faintIDF where codes are made, and for nothing
// where lengths are bounded. Rows of little else, whose sum of squares is greater than
// mostFaint, are not bounded.
const (
	faintIDF  = .05
	mostFaint = .1
)

// partSteps is how many codes halve a part of a unit vector: errors of 3 %.
const partSteps = 24

// stepsOff is more than how far codes and scales can be too large together.
const stepsOff = 1.07

// partOf is the greatest part that a code stands for; 0 is none.
var partOf = func() (t [256]float64) {
	for c := 1; c < 256; c++ {
		t[c] = math.Exp2(float64(c-255) / partSteps)
	}
	return t
}()

// partCode is the smallest code for a part, of (0, 1].
func partCode(part float64) uint8 {
	switch {
	case !(part > partOf[1]): // or no number: a text of weights 0 has no length
		return 1
	case part >= 1:
		return 255
	}
	c := min(255, int(math.Ceil(255+math.Log2(part)*partSteps)))
	for c < 255 && partOf[c] < part { // rounding of the logarithm
		c++
	}
	return uint8(c)
}

// greater is the join of two parts.
var greater = func() *[256][256]uint8 {
	out := new([256][256]uint8)
	for a := range 256 {
		for b := range 256 {
			out[a][b] = uint8(max(a, b))
		}
	}
	return out
}()

func newTextIndex(texts *textRows, rows int, stats *Stats) *textIndex {
	if rows < tilesFrom {
		return nil
	}
	x := &textIndex{whole: true, stats: stats, low: math.Inf(1), count: rows}
	size := x.number(texts)
	if size == 0 {
		return nil
	}
	lengths, loose := x.measure(texts)
	count := make([]uint32, size+1)
	for doc := range uint32(rows) {
		if loose[doc>>6]&(1<<(doc&63)) != 0 {
			continue
		}
		for s := range texts {
			terms := texts[s].row(doc)
			for i := range terms.len() {
				n, _ := x.numberOf(terms.id(i))
				count[n+1]++
			}
		}
	}
	x.common = make([]uint64, (size+63)/64)
	most := uint32(max(rows/commonTerm, fewRows))
	for t := 1; t <= size; t++ {
		if count[t] > 0 {
			if idf := stats.idf(x.term(t - 1)); idf >= faintIDF {
				x.low = min(x.low, idf)
			}
		}
		if count[t] > most {
			x.common[(t-1)>>6] |= 1 << ((t - 1) & 63)
			count[t] = 0
		}
		count[t] += count[t-1]
	}
	x.off = count
	x.rows, x.codes = make([]uint32, count[size]), make([]uint8, count[size])
	next := slices.Clone(count[:size])
	// each calls yield with a row's terms and their parts.
	each := func(doc uint32, yield func(term int32, n int, part float64)) {
		if loose[doc>>6]&(1<<(doc&63)) != 0 {
			return
		}
		for s := range texts {
			terms := texts[s].row(doc)
			for i := range terms.len() {
				t := terms.id(i)
				n, _ := x.numberOf(t)
				yield(t, n, float64(terms.weight(i))*x.idf(t)/float64(lengths[s][doc]))
			}
		}
	}
	for doc := range uint32(rows) {
		each(doc, func(_ int32, n int, part float64) {
			if !x.isCommon(n) {
				k := next[n]
				next[n]++
				x.rows[k], x.codes[k] = doc, partCode(part)
			}
		})
	}
	x.tiles = buildTiles(rows, greater, greater, func(b *tileWindow, row int) {
		each(uint32(row), func(t int32, n int, part float64) {
			if x.isCommon(n) && part > 0 {
				b.put(t, uint8(row), partCode(part))
			}
		})
	})
	return x
}

// measure is the length of every row's texts, rounded down, and which rows are loose.
func (x *textIndex) measure(texts *textRows) (lengths [NumTextSpaces][]float32, loose []uint64) {
	for s := range texts {
		lengths[s] = make([]float32, x.count)
	}
	loose = make([]uint64, (x.count+63)/64)
	for doc := range uint32(x.count) {
		spaces, most := 0, 0.0
		for s := range texts {
			terms := texts[s].row(doc)
			if terms.len() == 0 {
				continue
			}
			spaces++
			length, faint := lengthOfRow(&terms, x.stats), 0.0
			lengths[s][doc] = float32(length * (1 - 1e-6))
			for i := range terms.len() {
				if x.stats.idf(terms.id(i)) < faintIDF {
					w := float64(terms.weight(i)) * faintIDF / float64(lengths[s][doc])
					faint += w * w
				}
			}
			if !(faint <= mostFaint) { // or no number: a text of weights 0 has no length
				faint = math.Inf(1)
			}
			most = max(most, faint)
		}
		if most > mostFaint {
			x.loose = append(x.loose, doc)
			loose[doc>>6] |= 1 << (doc & 63)
		} else {
			x.faint = max(x.faint, most*(1+1e-6))
		}
		if spaces > 0 && spaces < int(NumTextSpaces) {
			x.whole = false
		}
	}
	return lengths, loose
}

// idf is what codes were made with.
func (x *textIndex) idf(term int32) float64 { return max(x.stats.idf(term), faintIDF) }

// number decides how terms are numbered, and returns how many numbers there are: in a
// small segment by their place among its terms, since a large market has millions.
func (x *textIndex) number(texts *textRows) int {
	size, occurrences := 0, 0
	for s := range texts {
		all := texts[s].all()
		occurrences += all.len()
		for i := range all.len() {
			size = max(size, int(all.id(i))+1)
		}
	}
	if occurrences >= size/4 {
		return size
	}
	x.terms = make([]int32, 0, occurrences)
	for s := range texts {
		all := texts[s].all()
		for i := range all.len() {
			x.terms = append(x.terms, all.id(i))
		}
	}
	slices.Sort(x.terms)
	x.terms = slices.Clip(slices.Compact(x.terms))
	return len(x.terms)
}

// numberOf is a term's number; ok is false for one that no row has.
func (x *textIndex) numberOf(term int32) (n int, ok bool) {
	if x.terms != nil {
		return slices.BinarySearch(x.terms, term)
	}
	return int(term), int(term) < len(x.off)-1
}

// term is the term of a number.
func (x *textIndex) term(n int) int32 {
	if x.terms != nil {
		return x.terms[n]
	}
	return int32(n)
}

func (x *textIndex) isCommon(n int) bool { return x.common[n>>6]&(1<<(n&63)) != 0 }

// of lists the rows that have a rare term, with their codes.
func (x *textIndex) of(n int) ([]uint32, []uint8) {
	from, to := x.off[n], x.off[n+1]
	return x.rows[from:to], x.codes[from:to]
}
