package matcher

import (
	"encoding/binary"
	"math/bits"
	"slices"
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

// within is the blocks that have windows of a stretch.
func (l tileList) within(s stretch) tileList {
	for len(l) > 0 && l[0].number < s.from>>6 {
		l = l[1:]
	}
	for len(l) > 0 && l[len(l)-1].number<<6 >= s.to {
		l = l[:len(l)-1]
	}
	return l
}

// addTops adds what the tops of tiles in a stretch are worth, and of some windows about it.
func (l tileList) addTops(sums []uint32, within stretch, top []uint8, worth *[256]uint16) {
	l = l.within(within)
	for i := range l {
		b := &l[i]
		sums, entry := sums[b.number<<6:], b.before
		for m := b.windows; m != 0; m &= m - 1 {
			sums[bits.TrailingZeros64(m)] += uint32(worth[top[entry]])
			entry++
		}
	}
}

// addScaledTops is addTops for demands.
func (l tileList) addScaledTops(sums []uint32, within stretch, top []uint8, credit *[8]uint16) {
	l = l.within(within)
	for i := range l {
		b := &l[i]
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
