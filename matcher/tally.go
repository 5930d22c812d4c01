package matcher

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// A tally adds up, for the rows of one window, bounds in units of 1/one.
type tally [window]uint16

// one is a whole component in a tally. The share of a need and what it adds are rounded
// up, by less than two together, so that mostNeeds cannot overflow.
const (
	one       = 1 << 15
	mostNeeds = 1 << 14
)

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
