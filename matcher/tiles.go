package matcher

import (
	"encoding/binary"
	"math"
	"math/bits"
	"runtime"
	"slices"
	"sync"
)

// A window is a stretch of 256 rows of a segment, so that a position in it is a byte.
const window = 256

// A tile says which rows of one window have something for one key (a skill), each with a
// code of one byte that stands for an upper bound of what it is worth. Its form follows
// from the number of its rows:
//
//   - few: (position, code) pairs;
//   - more: a bitmap of 32 bytes, and the codes of its rows;
//   - nearly all: a code for every position, 0 for nothing.
//
// Bitmaps and codes for every position go by slots (vector.go).
const (
	pairsBelow = 24 // rows; a bitmap takes less memory from 33 on, and less time from a dozen
	denseFrom  = window - window/8
)

// tiles is an index of a segment's rows by key. It only bounds scores: what it finds is
// scored from the rows. Bytes lie window by window, the directory key by key: entries of
// keys[i] follow one another by window, and its blocks say which windows they are of.
type tiles struct {
	keys   []int32 // ascending
	slot   []uint32
	blocks offsets[tileBlock]
	at     []uint32 // entry -> where its bytes begin, in pairs of bytes
	rows   []uint8  // entry -> of how many rows it is, less one
	top    []uint8  // entry -> a code that bounds its rows'
	data   []byte   // and tileSlack bytes behind
}

// A tileBlock says of 64 windows which have a tile.
type tileBlock struct {
	windows uint64 // a bit each
	number  uint32 // of the block
	before  uint32 // the first one's entry
}

// A tileList is the blocks of one key, by number.
type tileList []tileBlock

// of lists the tiles of a key.
func (t *tiles) of(key int32) tileList {
	if t.slot != nil {
		if key < 0 || int(key) >= len(t.slot) || t.slot[key] == 0 {
			return nil
		}
		return t.blocks.row(t.slot[key] - 1)
	}
	i, ok := slices.BinarySearch(t.keys, key)
	if !ok {
		return nil
	}
	return t.blocks.row(uint32(i))
}

func windows(rows int) int { return (rows + window - 1) / window }

// find is the entry of a window's tile.
func (l tileList) find(w uint32) (entry uint32, ok bool) {
	number := w >> 6
	i := int(number)
	if i >= len(l) || l[i].number != number {
		lo, hi := 0, min(i, len(l))
		for lo < hi {
			m := int(uint(lo+hi) >> 1)
			if l[m].number < number {
				lo = m + 1
			} else {
				hi = m
			}
		}
		if i = lo; i >= len(l) || l[i].number != number {
			return 0, false
		}
	}
	b, bit := &l[i], uint64(1)<<(w&63)
	if b.windows&bit == 0 {
		return 0, false
	}
	return b.before + uint32(bits.OnesCount64(b.windows&(bit-1))), true
}

// each calls yield with every tile's window and entry.
func (l tileList) each(yield func(w, entry uint32) bool) {
	for i := range l {
		entry := l[i].before
		for m := l[i].windows; m != 0; m &= m - 1 {
			if !yield(l[i].number<<6|uint32(bits.TrailingZeros64(m)), entry) {
				return
			}
			entry++
		}
	}
}

// A stretch is windows from..to-1, those that a query can find something in.
type stretch struct{ from, to uint32 }

// addTops adds what the tops of tiles in a stretch are worth, and of some windows about it.
func (l tileList) addTops(sums []uint32, within stretch, top []uint8, worth *[256]uint16) {
	for i := range l {
		b := &l[i]
		if b.number < within.from>>6 {
			continue
		}
		if b.number<<6 >= within.to {
			return
		}
		sums, entry := sums[b.number<<6:], b.before
		for m := b.windows; m != 0; m &= m - 1 {
			sums[bits.TrailingZeros64(m)] += uint32(worth[top[entry]])
			entry++
		}
	}
}

// addScaledTops is addTops for demands.
func (l tileList) addScaledTops(sums []uint32, within stretch, top []uint8, credit *[8]uint16) {
	for i := range l {
		b := &l[i]
		if b.number < within.from>>6 {
			continue
		}
		if b.number<<6 >= within.to {
			return
		}
		sums, entry := sums[b.number<<6:], b.before
		for m := b.windows; m != 0; m &= m - 1 {
			c := top[entry]
			sums[bits.TrailingZeros64(m)] += uint32(scaled(credit[c&7], needWorth[c>>3]))
			entry++
		}
	}
}

// clearSums puts the sums that addTops may touch to zero.
func clearSums(sums []uint32, within stretch) {
	if within.from < within.to {
		clear(sums[within.from&^63 : min(len(sums), int(within.to|63)+1)])
	}
}

// size is how many tiles there are.
func (l tileList) size() int {
	if len(l) == 0 {
		return 0
	}
	last := &l[len(l)-1]
	return int(last.before-l[0].before) + bits.OnesCount64(last.windows)
}

// bytesOf is the bytes of a tile of so many rows.
func bytesOf(rows int) int {
	switch {
	case rows < pairsBelow:
		return 2 * rows
	case rows < denseFrom:
		return window/8 + rows + rows&1
	}
	return window
}

// pairs are the bytes of a tile in pairs; ok is false for one in another form.
func (t *tiles) pairs(entry uint32) (pairs []byte, ok bool) {
	n, at := int(t.rows[entry])+1, 2*int(t.at[entry])
	if n >= pairsBelow {
		return nil, false
	}
	return t.data[at : at+2*n], true
}

// codes is the first byte of a tile that is not in pairs, and whether it is dense.
func (t *tiles) codes(entry uint32) (codes *byte, dense uint64) {
	if int(t.rows[entry])+1 >= denseFrom {
		dense = 1
	}
	return &t.data[2*int(t.at[entry])], dense
}

// code is that of one row, 0 for none.
func (t *tiles) code(entry uint32, row uint8) uint8 {
	if pairs, ok := t.pairs(entry); ok {
		for i := 0; i+1 < len(pairs); i += 2 {
			if pairs[i] == row {
				return pairs[i+1]
			}
		}
		return 0
	}
	codes, dense := t.codes(entry)
	data, slot := slack(codes), int(row&^63|slots[row&63])
	if dense == 1 {
		return data[slot]
	}
	at := window / 8
	for part := range slot / 64 {
		at += bits.OnesCount64(binary.LittleEndian.Uint64(data[8*part:]))
	}
	m, bit := binary.LittleEndian.Uint64(data[slot/64*8:]), uint64(1)<<(slot&63)
	if m&bit == 0 {
		return 0
	}
	return data[at+bits.OnesCount64(m&(bit-1))]
}

// eachCode calls yield with each row that a tile has a code for.
func (t *tiles) eachCode(entry uint32, yield func(row, code uint8)) {
	pairs, ok := t.pairs(entry)
	if !ok {
		codes, dense := t.codes(entry)
		eachVector(slack(codes), dense == 1, yield)
		return
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		yield(pairs[i], pairs[i+1])
	}
}

// A tileWindow collects one window's codes.
type tileWindow struct {
	slot    []uint32 // key -> 1 + its block
	touched []int32
	blocks  [][window]uint8
	join    *[256][256]uint8 // of what one row has
	bound   *[256][256]uint8 // of different rows
	own     [1]Neighbour
}

// put joins a code with what the row has for the key so far.
func (b *tileWindow) put(key int32, row uint8, code uint8) {
	if int(key) >= len(b.slot) {
		b.slot = append(b.slot, make([]uint32, int(key)+1-len(b.slot)+len(b.slot)/2)...)
	}
	s := b.slot[key]
	if s == 0 {
		b.touched = append(b.touched, key)
		s = uint32(len(b.touched))
		b.slot[key] = s
		if int(s) > len(b.blocks) {
			b.blocks = append(b.blocks, [window]uint8{})
		}
	}
	cell := &b.blocks[s-1][row]
	if *cell == 0 {
		*cell = code
		return
	}
	*cell = b.join[*cell][code]
}

// A tilePart is what one worker made of consecutive windows.
type tilePart struct {
	tiles []tileEntry // window by window, keys ascending
	data  []byte
}

type tileEntry struct {
	key       int32
	window    uint32
	at        uint32
	rows, top uint8
}

// flush writes the window's tiles and forgets them.
func (b *tileWindow) flush(w int, out *tilePart) {
	slices.Sort(b.touched)
	for _, key := range b.touched {
		block := &b.blocks[b.slot[key]-1]
		n, top := 0, uint8(0)
		for _, c := range block {
			if c != 0 {
				n++
				top = b.over(top, c)
			}
		}
		out.tiles = append(out.tiles, tileEntry{key, uint32(w), uint32(len(out.data) / 2), uint8(n - 1), top})
		out.data = appendTile(out.data, block, n)
		*block = [window]uint8{}
		b.slot[key] = 0
	}
	b.touched = b.touched[:0]
}

// appendTile appends the bytes of a tile of n rows.
func appendTile(data []byte, block *[window]uint8, n int) []byte {
	if n < pairsBelow {
		for i, c := range block {
			if c != 0 {
				data = append(data, uint8(i), c)
			}
		}
		return data
	}
	if n >= denseFrom {
		for i := range window {
			data = append(data, block[i&^63|int(rowsOfSlots[i&63])])
		}
		return data
	}
	at := len(data)
	data = append(data, make([]byte, window/8)...)
	for i := range window {
		if c := block[i&^63|int(rowsOfSlots[i&63])]; c != 0 {
			data[at+i/8] |= 1 << (i & 7)
			data = append(data, c)
		}
	}
	if n&1 != 0 {
		data = append(data, 0)
	}
	return data
}

func (b *tileWindow) over(a, c uint8) uint8 {
	if a == 0 {
		return c
	}
	return b.bound[a][c]
}

// buildTiles indexes rows: fill puts the codes of one row. It works on all cores;
// what comes out does not depend on how many there are.
func buildTiles(rows int, join, bound *[256][256]uint8, fill func(b *tileWindow, row int)) *tiles {
	n := windows(rows)
	workers := min(runtime.GOMAXPROCS(0), max(1, n/8))
	parts := make([]tilePart, workers)
	var wg sync.WaitGroup
	for k := range workers {
		from, to := n*k/workers, n*(k+1)/workers
		work := func() {
			b := &tileWindow{join: join, bound: bound}
			for w := from; w < to; w++ {
				for row := w * window; row < min(rows, (w+1)*window); row++ {
					fill(b, row)
				}
				b.flush(w, &parts[k])
			}
		}
		if k == workers-1 {
			work()
		} else {
			wg.Go(work)
		}
	}
	wg.Wait()
	return gatherTiles(parts, n)
}

// gatherTiles turns the parts, which go window by window, into a directory that goes key
// by key.
func gatherTiles(parts []tilePart, windows int) *tiles {
	t := &tiles{}
	size, entries, keys := 0, 0, int32(0)
	for i := range parts {
		size += len(parts[i].data)
		entries += len(parts[i].tiles)
		for _, e := range parts[i].tiles {
			keys = max(keys, e.key+1)
		}
	}
	count, blocks := make([]uint32, keys), make([]uint32, keys)
	last := make([]uint32, keys) // 1 + the last block
	for i := range parts {
		for _, e := range parts[i].tiles {
			count[e.key]++
			if b := e.window>>6 + 1; last[e.key] != b {
				last[e.key] = b
				blocks[e.key]++
			}
		}
	}
	t.blocks.off = append(t.blocks.off, 0)
	at, block := uint32(0), uint32(0)
	for k, c := range count {
		if c > 0 {
			t.keys = append(t.keys, int32(k))
			count[k], blocks[k], block = at, block, block+blocks[k]
			at += c
			t.blocks.off = append(t.blocks.off, block)
		}
	}
	t.keys, t.blocks.off = slices.Clip(t.keys), slices.Clip(t.blocks.off)
	t.blocks.data = make([]tileBlock, block)
	t.at, t.rows, t.top = make([]uint32, entries), make([]uint8, entries), make([]uint8, entries)
	t.data = make([]byte, 0, size+tileSlack)
	clear(last)
	for i := range parts {
		base := uint32(len(t.data) / 2)
		for _, e := range parts[i].tiles {
			entry := count[e.key]
			count[e.key]++
			t.at[entry], t.rows[entry], t.top[entry] = base+e.at, e.rows, e.top
			if b := e.window>>6 + 1; last[e.key] != b {
				last[e.key] = b
				t.blocks.data[blocks[e.key]] = tileBlock{number: b - 1, before: entry}
				blocks[e.key]++
			}
			t.blocks.data[blocks[e.key]-1].windows |= 1 << (e.window & 63)
		}
		t.data = append(t.data, parts[i].data...)
		parts[i] = tilePart{}
	}
	t.data = append(t.data, make([]byte, tileSlack)...)
	t.index(windows)
	return t
}

// index ends the making: it makes a direct lookup of keys, when there are many windows.
func (t *tiles) index(windows int) {
	inHugePages(t.data)
	inHugePages(t.at)
	inHugePages(t.rows)
	inHugePages(t.top)
	inHugePages(t.blocks.data)
	if n := len(t.keys); windows >= 16 && n > 0 {
		t.slot = make([]uint32, t.keys[n-1]+1)
		for i, k := range t.keys {
			t.slot[k] = uint32(i) + 1
		}
	}
}

// A tally adds up, for the rows of one window, bounds in units of 1/one.
type tally [window]uint16

// one is a whole component in a tally. A need adds at most its share rounded up, so
// that up to one needs cannot overflow.
const one = 1 << 15

// addPairs adds what a table makes of each row's code.
func (a *tally) addPairs(pairs []byte, worth *[256]uint16) {
	for len(pairs) >= 8 { // four pairs in one load
		v := binary.LittleEndian.Uint64(pairs)
		a[uint8(v)] += worth[uint8(v>>8)]
		a[uint8(v>>16)] += worth[uint8(v>>24)]
		a[uint8(v>>32)] += worth[uint8(v>>40)]
		a[uint8(v>>48)] += worth[uint8(v>>56)]
		pairs = pairs[8:]
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		a[pairs[i]] += worth[pairs[i+1]]
	}
}

// addTile adds a tile that is in pairs, or notes one that is not.
func (a *tally) addTile(t *tiles, entry uint32, worth *lookup, ops []tileOp) []tileOp {
	if pairs, ok := t.pairs(entry); ok {
		a.addPairs(pairs, worth.words)
		return ops
	}
	codes, dense := t.codes(entry)
	return append(ops, tileOp{codes, worth.lo, worth.hi, dense})
}

// addScaledTile is addTile for demands: it adds what rows' needs weigh times the credit
// for the level that they ask.
// Demands with very many needs can exceed a whole: sums stop at the largest number.
func (a *tally) addScaledTile(t *tiles, entry uint32, credit *[8]uint16, ops []scaledOp) []scaledOp {
	pairs, ok := t.pairs(entry)
	if !ok {
		codes, dense := t.codes(entry)
		return append(ops, scaledOp{codes, credit, dense})
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		c := pairs[i+1]
		a.put(pairs[i], scaled(credit[c&7], needWorth[c>>3]))
	}
	return ops
}

// reaching lists the rows whose sums are at least so much.
func (a *tally) reaching(least int, out *[window]uint8) []uint8 {
	if least > math.MaxUint16 {
		return out[:0]
	}
	var rows [window / 64]uint64
	reaching(a, uint16(max(least, 0)), &rows)
	n := 0
	for part, m := range rows {
		for ; m != 0; m &= m - 1 {
			out[n&(window-1)] = uint8(64*part + bits.TrailingZeros64(m))
			n++
		}
	}
	return out[:n]
}

// needWorth is weightSteps in units of 1/one.
var needWorth = func() (t [32]uint16) {
	for i := range t {
		t[i] = uint16(math.Ceil(weightSteps[i] * one))
	}
	return t
}()
