package matcher

import (
	"math"
	"slices"
	"unsafe"

	"talentmatch/matcher/memory"
)

// textOne is a whole in the sums of text, which must stay below eight. The product of two
// unit vectors is at most one in each space; times the drift, the greatest growth of an
// idf, and what steps and faint terms are too large, with one more for faded terms, it must
// be below mostSum; and every term is rounded up, which mostTerms keeps below one half.
const (
	textOne   = 1 << 13
	mostSum   = 7
	mostTerms = textOne / 2
)

// textBounds are the bounds of one query's text in one segment.
type textBounds struct {
	on    bool     // otherwise every text may be the same
	rows  []uint16 // row -> sum over its rare terms, in units of 1/textOne
	sums  []uint32 // window -> the largest sum of its rows, or more
	marks []uint32 // rows that are not 0
	index *textIndex
	lists []tileList // of the query's common terms
	worth []lookup
	found []foundTile
	ops   []tileOp
	tally tally // of the window that is visited, rare terms included
}

// fill adds up what can be said before windows are visited, of those within a stretch.
// share is what each space counts at most.
func (b *textBounds) fill(x *textIndex, d textDrift, rows int, within stretch, text *TextVector, share, length *[NumTextSpaces]float64, stats *Stats) {
	b.off()
	if x == nil {
		return
	}
	drift, growth, whole, terms := x.factor(d, stats), 1.0, 0.0, 0
	for s := range text {
		if length[s] <= 0 {
			continue
		}
		whole += share[s]
		terms += len(text[s])
		for i := range text[s] {
			if _, ok := x.numberOf(text[s][i].ID); ok {
				growth = max(growth, stats.idf(text[s][i].ID)/x.idf(text[s][i].ID))
			}
		}
	}
	if !(whole*(drift*growth*stepsOff*(1+mostFaint)+1) < mostSum) || terms > mostTerms {
		return
	}
	b.on, b.index = true, x
	b.rows = zeroed(b.rows, rows)
	b.sums = grow(b.sums, windows(rows))
	clearSums(b.sums, within)
	b.lists, b.worth = b.lists[:0], b.worth[:0]
	for s := range text {
		if length[s] <= 0 {
			continue
		}
		for i := range text[s] {
			t := &text[s][i]
			n, ok := x.numberOf(t.ID)
			if !ok {
				continue
			}
			now := stats.idf(t.ID)
			scale := share[s] * float64(t.Weight) * now / length[s] * (now / x.idf(t.ID)) * drift * (1 + 1e-6)
			if !(scale > 0) {
				continue
			}
			if x.isCommon(n) {
				b.addCommon(t.ID, scale)
			} else {
				b.addRare(n, scale, within)
			}
		}
	}
	b.addFaded(d.faded, x.lost(d), whole, within)
	for _, row := range b.marks {
		w := row / window
		b.sums[w] = max(b.sums[w], uint32(b.rows[row])) // only rare ones so far
	}
	for i, list := range b.lists {
		list.addTops(b.sums, within, b.index.tiles.top, b.worth[i].words)
	}
}

func (b *textBounds) addCommon(term int32, scale float64) {
	list := b.index.tiles.of(term)
	if len(list) == 0 {
		return
	}
	b.lists, b.worth = append(b.lists, list), append(b.worth, worthOf(scale))
}

// worths are what parts are worth at steps of scale: code c at scale 2^(k/partSteps) is
// entry c+k+worthBase, since both go by the same steps; worthBytes are the low and high
// bytes.
var worths, worthBytes = func() (t [numWorths]uint16, b [2][numWorths]uint8) {
	for i := range t {
		t[i] = uint16(min(math.Exp2(float64(i-worthBase-255)/partSteps), mostDrift)*textOne) + 1
		b[0][i], b[1][i] = uint8(t[i]), uint8(t[i]>>8)
	}
	return t, b
}()

const (
	worthBase = 256           // steps below a scale of 1: all that are worth more than 1
	worthTop  = 3 * partSteps // steps above it
	numWorths = worthBase + 256 + worthTop
)

// worthOf is what codes are worth at a scale, a step too much at most.
func worthOf(scale float64) lookup {
	k := int(math.Ceil(math.Log2(scale)*partSteps + 1e-6))
	k = min(max(k, -worthBase), worthTop)
	k += worthBase
	return lookup{(*[256]uint16)(worths[k:]), (*[256]uint8)(worthBytes[0][k:]), (*[256]uint8)(worthBytes[1][k:])}
}

func (b *textBounds) addRare(n int, scale float64, within stretch) {
	rows, codes := b.index.of(n)
	first, end := 0, within.to*window
	if from := within.from * window; from > 0 {
		first, _ = slices.BinarySearch(rows, from)
	}
	worth := worthOf(scale).words
	for i := first; i < len(rows) && rows[i] < end; i++ {
		row := rows[i]
		v := uint32(worth[codes[i]])
		if b.rows[row] == 0 {
			b.marks = append(b.marks, row)
		}
		b.rows[row] = uint16(min(uint32(b.rows[row])+v, 1<<16-1))
	}
}

// addFaded adds what rows with faded terms can be worth more: their likeness is at most
// whole, so the excess of it is at most that of whole.
func (b *textBounds) addFaded(f *faded, lost, whole float64, within stretch) {
	if f == nil {
		return
	}
	first, _ := slices.BinarySearch(f.rows, within.from*window)
	for i := first; i < len(f.rows) && f.rows[i] < within.to*window; i++ {
		row := f.rows[i]
		if b.rows[row] == 0 {
			b.marks = append(b.marks, row)
		}
		v := uint32(math.Ceil(excess(float64(f.squares[i])+lost)*whole*textOne)) + 1
		b.rows[row] = uint16(min(uint32(b.rows[row])+v, 1<<16-1))
	}
}

// off says nothing about texts, and puts the rows back to 0.
func (b *textBounds) off() {
	b.on = false
	for _, row := range b.marks {
		b.rows[row] = 0
	}
	b.marks = b.marks[:0]
}

// textRowsFor terms take as long to look at in a window as the text of one row.
const textRowsFor = 16

// worthwhile reports whether so many rows are enough to visit a window for: looking at
// its tiles takes as long as scoring a few texts.
func (b *textBounds) worthwhile(rows int) bool { return b.on && rows > len(b.lists)/textRowsFor }

// visit adds up the terms of a window.
func (b *textBounds) visit(w uint32) {
	from := int(w) * window
	b.tally = tally{}
	copy(b.tally[:], b.rows[from:min(from+window, len(b.rows))])
	t := b.index.tiles
	b.found = b.found[:0]
	for i, list := range b.lists {
		if e, ok := list.find(w); ok {
			b.found = append(b.found, foundTile{int32(i), e})
			memory.Prefetch(unsafe.Pointer(&t.data[2*int(t.at[e])]), bytesOf(int(t.rows[e])+1))
		}
	}
	ops := b.ops[:0]
	for _, f := range b.found {
		ops = b.tally.addTile(t, f.entry, &b.worth[f.list], ops)
	}
	addTiles(&b.tally, ops)
	b.ops = ops[:max(len(ops), len(b.ops))]
}

// textBound is the greatest text component for a sum.
func textBound(sum uint32) float32 {
	v := min(1, float32(sum)/(sameText*textOne))
	return min(1, v*v*v*v+boundSlack)
}

// row is the bound of a row of the window that was visited last, by position.
func (b *textBounds) row(i uint32) float32 { return textBound(uint32(b.tally[i])) }

// window is the bound of a window's rows.
func (b *textBounds) window(w uint32) float32 {
	if !b.on {
		return 1
	}
	return textBound(b.sums[w])
}
