package matcher

import (
	"encoding/binary"
	"math/bits"
)

// Tiles with many rows are added up 64 rows at a time where the processor can
// (vector_amd64.s); what is written here in Go is what those instructions do, for all
// other processors and for the tests that hold one against the other.

// slots is the order in which bitmaps and codes of a tile keep 64 rows: rows 8i..8i+7 of
// the first 32 and of the last 32 are neighbours. Looking codes up yields the low and high
// bytes of numbers apart; interleaving them then brings the numbers into the rows' order.
var slots, rowsOfSlots = func() (slot, row [64]uint8) {
	for r := range uint8(64) {
		s := r%32/8*16 + r/32*8 + r%8
		slot[r], row[s] = s, r
	}
	return slot, row
}()

// simLanes is how many needs have their credits worked out side by side.
const simLanes = 32

// A simTable has the similarities of a demand's needs side by side, so that the credits of
// a row can be worked out without looking at each need. Nothing but what is said here
// depends on it: linkTable says the same.
type simTable struct {
	sims [][simLanes]uint16  // slot of a held skill (0: none) -> need -> similarity, thousandths
	fits [8][simLanes]uint16 // held level -> need -> fit, sixtieths
}

// weighGo is weigh without vector instructions.
func (n *needLookup) weighGo(worth *[256]uint16, share, more uint16) {
	for c, w := range worth {
		v := uint16(0)
		if w != 0 {
			v = uint16(uint32(w)*uint32(share)>>16) + more
		}
		n.words[c], n.lo[c], n.hi[c] = v, uint8(v), uint8(v>>8)
	}
}

// A lookup is what 256 codes are worth, in units of 1/one or 1/textOne, once as numbers
// and once as their low and high bytes. Code 0 is not looked up.
type lookup struct {
	words  *[256]uint16
	lo, hi *[256]uint8
}

// A tileOp adds one tile to a tally. Tiles in pairs are no ops: see tally.addPairs.
type tileOp struct {
	codes  *byte // of at least tileSlack bytes
	lo, hi *[256]uint8
	dense  uint64 // 1, or 0: a bitmap of 32 bytes and the codes of its rows
}

// tileSlack is how many bytes after the first of a tile may be read: a bitmap, 256 codes,
// and 63 more, since 64 are loaded at a time.
const tileSlack = window/8 + window + 63

// addTilesGo is addTiles without vector instructions.
func addTilesGo(a *tally, ops []tileOp) {
	for i := range ops {
		op := &ops[i]
		lo, hi := op.lo, op.hi
		op.each(func(row, code uint8) { a[row] += uint16(lo[code]) | uint16(hi[code])<<8 })
	}
}

// each calls yield with every row that has a code.
func (op *tileOp) each(yield func(row, code uint8)) {
	eachVector(slack(op.codes), op.dense == 1, yield)
}

// eachVector calls yield with every code of a tile that is not in pairs.
func eachVector(data *[tileSlack]byte, dense bool, yield func(row, code uint8)) {
	if dense {
		for s, c := range data[:window] {
			if c != 0 {
				yield(uint8(s&^63)|rowsOfSlots[s&63], c)
			}
		}
		return
	}
	at := window / 8
	for part := range window / 64 {
		for m := binary.LittleEndian.Uint64(data[8*part:]); m != 0; m &= m - 1 {
			yield(uint8(64*part)|rowsOfSlots[bits.TrailingZeros64(m)], data[at])
			at++
		}
	}
}

// addScaledTilesGo is addScaledTiles without vector instructions.
func addScaledTilesGo(a *tally, ops []scaledOp) {
	for i := range ops {
		op := &ops[i]
		credit := op.credit
		eachVector(slack(op.codes), op.dense == 1, func(row, code uint8) { a.put(row, scaled(credit[code&7], needWorth[code>>3])) })
	}
}

// A scaledOp adds one tile of demands: what its needs weigh times a credit by level.
type scaledOp struct {
	codes  *byte
	credit *[8]uint16 // in units of 1/one
	dense  uint64
}

// scaled is a bound of the product of two numbers in units of 1/one.
func scaled(credit, weight uint16) uint16 {
	return uint16(uint32(credit)*uint32(weight)>>16)*2 + 2
}

// put adds to a row's sum, which stops at the largest number.
func (a *tally) put(row uint8, v uint16) {
	a[row] = uint16(min(uint32(a[row])+uint32(v), 1<<16-1))
}

// reachingGo is reaching without vector instructions.
func reachingGo(a *tally, least uint16, out *[window / 64]uint64) {
	for part := range out {
		m := uint64(0)
		for i, v := range a[64*part : 64*part+64] {
			if v >= least {
				m |= 1 << i
			}
		}
		out[part] = m
	}
}
