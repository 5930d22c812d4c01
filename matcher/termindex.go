package matcher

import (
	"cmp"
	"slices"
)

// A termIndex says which rows of a segment have a term, to bound the text component
// without reading texts. Terms that many rows have are left out: they weigh little.
//
// The bound: the cosine of two texts is at most the root of the share of the query's
// squared length that lies on terms in common (Cauchy and Schwarz), and a mean of roots
// is at most the root of the mean. So with x the shares of the terms in common, each
// space by its own share, the mean cosine is at most the root of x, and sharpened
//
//	text <= min(1, x^2 / sameText^4)
//
// which needs neither the other text's length nor its weights. Terms that are left out
// count as if every row had them.
type termIndex struct {
	off  []uint32 // term -> its rows; one more than terms
	rows []uint32 // ascending for each term
	// whole says that every row with a text has terms in every space, so that the shares
	// of the spaces are the same for all.
	whole  bool
	common []uint64 // bit per term that is left out
}

// commonTerm is the share of a segment's rows, as a divisor, from which a term is left
// out, but never below fewRows.
const (
	commonTerm = 48
	fewRows    = 32
)

func newTermIndex(texts *textRows, rows int) *termIndex {
	if rows < tilesFrom {
		return nil
	}
	x := &termIndex{whole: true}
	size := 0
	for s := range texts {
		for i := range texts[s].data {
			size = max(size, int(texts[s].data[i].ID)+1)
		}
	}
	count := make([]uint32, size+1)
	for s := range texts {
		for i := range texts[s].data {
			count[texts[s].data[i].ID+1]++
		}
	}
	x.common = make([]uint64, (size+63)/64)
	most := uint32(max(rows/commonTerm, fewRows))
	for t := 1; t <= size; t++ {
		if count[t] > most {
			x.common[(t-1)>>6] |= 1 << ((t - 1) & 63)
			count[t] = 0
		}
		count[t] += count[t-1]
	}
	x.off = count
	x.rows = make([]uint32, count[size])
	next := slices.Clone(count[:size])
	for doc := range uint32(rows) {
		spaces := 0
		for s := range texts {
			terms := texts[s].row(doc)
			if len(terms) > 0 {
				spaces++
			}
			for i := range terms {
				if t := terms[i].ID; !x.isCommon(t) {
					x.rows[next[t]] = doc
					next[t]++
				}
			}
		}
		if spaces > 0 && spaces < int(NumTextSpaces) {
			x.whole = false
		}
	}
	return x
}

func (x *termIndex) isCommon(term int32) bool {
	w := int(term) >> 6
	return w < len(x.common) && x.common[w]&(1<<(uint32(term)&63)) != 0
}

// of lists the rows that have a term.
func (x *termIndex) of(term int32) []uint32 {
	if int(term) >= len(x.off)-1 {
		return nil
	}
	return x.rows[x.off[term]:x.off[term+1]]
}

// bytes is the heap memory that an index takes.
func (x *termIndex) bytes() int {
	if x == nil {
		return 0
	}
	return 4*len(x.off) + 4*len(x.rows) + 8*len(x.common)
}

// textBounds are the bounds of one query's text in one segment.
type textBounds struct {
	on    bool     // otherwise every text may be the same
	rest  uint16   // what the terms that are left out add to every row
	rows  []uint16 // row -> sum of the shares of its terms, in units of 1/one
	most  []uint16 // window -> the largest of its rows
	marks []uint32 // rows that are not 0
	terms []textShareOf
}

type textShareOf struct {
	share float64
	rows  []uint32
}

// ignored is the share of the query's squared length that may lie on terms whose rows
// are not looked up; the ones with the longest lists are not.
const ignored = 0.04

// fill adds up the shares. share is what each space counts at most.
func (b *textBounds) fill(x *termIndex, rows int, text *TextVector, share, length *[NumTextSpaces]float64, stats *Stats) {
	b.clear()
	if b.on = x != nil; !b.on {
		return
	}
	b.rows = zeroed(b.rows, rows)
	b.most = zeroed(b.most, windows(rows))
	b.terms = b.terms[:0]
	rest := 0.0
	for s := range text {
		if length[s] <= 0 {
			continue
		}
		for i := range text[s] {
			t := &text[s][i]
			v := float64(t.Weight) * stats.idf(t.ID) / length[s]
			v *= v * share[s]
			if x.isCommon(t.ID) {
				rest += v
			} else if list := x.of(t.ID); len(list) > 0 {
				b.terms = append(b.terms, textShareOf{v, list})
			}
		}
	}
	slices.SortFunc(b.terms, func(p, q textShareOf) int { return cmp.Compare(len(q.rows), len(p.rows)) })
	skipped := 0.0
	for _, t := range b.terms {
		if skipped+t.share <= ignored {
			skipped += t.share
			rest += t.share
			continue
		}
		add := uint16(min(t.share, 1)*one) + 1
		for _, row := range t.rows {
			v := b.rows[row]
			if v == 0 {
				b.marks = append(b.marks, row)
			}
			if v += add; v < add { // more than a whole
				v = 1<<16 - 1
			}
			b.rows[row] = v
			b.most[row/window] = max(b.most[row/window], v)
		}
	}
	b.rest = uint16(min(rest, 1)*one) + 1
}

// off says nothing about texts.
func (b *textBounds) off() {
	b.clear()
	b.on = false
}

// clear puts the rows back to 0.
func (b *textBounds) clear() {
	for _, row := range b.marks {
		b.rows[row] = 0
		b.most[row/window] = 0
	}
	b.marks = b.marks[:0]
}

// bound is the greatest text component for a sum of shares.
func (b *textBounds) bound(shares uint16) float32 {
	x := (float32(shares) + float32(b.rest)) / one
	return min(1, x*x/(sameText*sameText*sameText*sameText)+boundSlack)
}

// row is the bound of a row, window of a window's rows.
func (b *textBounds) row(doc uint32) float32 {
	if !b.on {
		return 1
	}
	return b.bound(b.rows[doc])
}

func (b *textBounds) window(w uint32) float32 {
	if !b.on {
		return 1
	}
	return b.bound(b.most[w])
}
