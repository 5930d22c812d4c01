package matcher

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"unsafe"

	"talentmatch/matcher/memory"
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
