package fill

import (
	"math"
	"math/bits"
	"slices"
)

// A flow is units on their way from givers to takers. For openings, takers are the lists and
// givers the supplies; turned round, supplies take and lists give.
//
// push brings a taker more units along augmenting paths: a free unit goes to some taker,
// which lets another of its units go to the next. Takers on the way keep as many as they had.
//
// Paths are found by distances (Ahuja and Orlin 1991, "Distance-directed augmenting path
// algorithms for maximum flow and parametric maximum flow problems"): each node has a lower
// bound of how many givers a path from it to a free unit passes before the last. All paths
// are shortest ones, so a bound stays one for ever, for all takers, and only rises. A node that
// no free unit can be reached from is dead, at once and for ever.
type flow struct {
	near, base [][]int32 // of each taker, its givers; base is nil, or has more of them
	free       []int64   // of each giver
	shares     []share   // by blocks of blockShares, each of one giver
	blocks     []block
	first      []int32 // of each giver, the latest of its blocks; none when it has none
	table      []int32 // where the share of a pair is: its number plus 1, or 0
	pairs      int     // in the table
	shift      uint8   // of a hash, so that it is a place in table

	takerAt, giverAt []int32  // bounds; dead when nothing is free
	takerCur         []cursor // the first of near and base that may be on a shortest path
	giverCur         []cursor // the first share that may be
	epoch            int32    // cursors of another epoch stand at the start

	path     []link
	work     int // pairs and shares looked at
	patience int // how much of it one search by distances may need
	sweep    sweep

	log     []change // what rollback takes back
	logging bool
}

// A share is what one giver gives one taker; it may have run empty. Those of a giver are
// looked at one after the other: blocks keep them together.
type share struct {
	amount int64
	taker  int32
}

// A block is where a giver's shares stand. Its first filled places are in use.
type block struct {
	giver, next int32 // next: an earlier one of the same giver, or none
	filled      int32
}

const blockShares = 4

type cursor struct{ epoch, at int32 }

// A link of a path: the taker gets from the giver, and what the giver has not free it takes
// from a share (none: the giver has free units).
type link struct{ taker, giver, share int32 }

const (
	dead = math.MaxInt32
	none = -1
)

// newFlow starts with nothing given.
func newFlow(near, base [][]int32, free []int64) *flow {
	f := &flow{near: near, base: base, free: free, patience: leastPatience, epoch: 1}
	f.first = make([]int32, len(free))
	for g := range f.first {
		f.first[g] = none
	}
	f.takerAt, f.giverAt = make([]int32, len(near)), make([]int32, len(free))
	f.takerCur, f.giverCur = make([]cursor, len(near)), make([]cursor, len(free))
	f.resize(1 << 8)
	return f
}

// clone has the same state, nodes and shares of its own, and nothing to take back.
func (f *flow) clone() *flow {
	c := newFlow(f.near, f.base, slices.Clone(f.free))
	copy(c.first, f.first)
	copy(c.takerAt, f.takerAt)
	copy(c.giverAt, f.giverAt)
	c.shares, c.blocks = slices.Clone(f.shares), slices.Clone(f.blocks)
	c.table, c.pairs, c.shift = slices.Clone(f.table), f.pairs, f.shift
	return c
}

// push gives a taker up to need more units, and says how many. When there were fewer, the
// taker is dead.
func (f *flow) push(t int32, need int64) (pushed int64) {
	for pushed < need && f.takerAt[t] != dead && f.find(t) {
		pushed += f.augment(need - pushed)
	}
	return pushed
}

// augment moves as much along the path as it bears, at most need; at least 1.
func (f *flow) augment(need int64) int64 {
	last := f.path[len(f.path)-1].giver
	x := min(need, f.free[last])
	for _, l := range f.path[:len(f.path)-1] {
		x = min(x, f.shares[l.share].amount)
	}
	for _, l := range f.path {
		f.give(l.taker, l.giver, x)
		if l.share != none {
			f.change(l.share, -x)
		}
	}
	f.spend(last, x)
	return x
}

// give adds to the share of a pair.
func (f *flow) give(t, g int32, x int64) {
	at, e := f.lookup(t, g)
	if e == none {
		if 2*f.pairs >= len(f.table) {
			f.resize(2 * len(f.table))
			at, _ = f.lookup(t, g)
		}
		e = f.newShare(t, g)
		f.table[at] = e + 1
		f.pairs++
		f.note(newShare, e, 0)
	}
	f.change(e, x)
}

// newShare takes the next place of a giver's latest block, or a block.
func (f *flow) newShare(t, g int32) int32 {
	b := f.first[g]
	if b == none || f.blocks[b].filled == blockShares {
		f.blocks = append(f.blocks, block{giver: g, next: b})
		b = int32(len(f.blocks) - 1)
		f.first[g] = b
		f.shares = append(f.shares, make([]share, blockShares)...)
	}
	e := b*blockShares + f.blocks[b].filled
	f.blocks[b].filled++
	f.shares[e] = share{taker: t}
	return e
}

// dropShare takes out the latest share there is.
func (f *flow) dropShare(e int32) {
	at, _ := f.lookup(f.shares[e].taker, f.giver(e))
	f.empty(at)
	f.shares[e] = share{}
	b := &f.blocks[e/blockShares]
	if b.filled--; b.filled == 0 {
		f.first[b.giver] = b.next
		f.blocks = f.blocks[:e/blockShares]
		f.shares = f.shares[:e]
	}
}

// empty empties a place of the table and moves up those behind it that were kept from it
// (Knuth, The Art of Computer Programming 3, 6.4, algorithm R).
func (f *flow) empty(at int) {
	f.pairs--
	mask := len(f.table) - 1
	for i := (at + 1) & mask; f.table[i] != 0; i = (i + 1) & mask {
		e := f.table[i] - 1
		home := int(pairHash(f.shares[e].taker, f.giver(e)) >> f.shift)
		if (i-home)&mask >= (i-at)&mask {
			f.table[at] = f.table[i]
			at = i
		}
	}
	f.table[at] = 0
}

func (f *flow) giver(e int32) int32 { return f.blocks[e/blockShares].giver }

// after is the giver's next share, none at the end; start is its first.
func (f *flow) after(e int32) int32 {
	b := &f.blocks[e/blockShares]
	if e++; e%blockShares < b.filled && e%blockShares != 0 {
		return e
	}
	return f.from(b.next)
}

func (f *flow) start(g int32) int32 { return f.from(f.first[g]) }

func (f *flow) from(b int32) int32 {
	if b == none {
		return none
	}
	return b * blockShares
}

// lookup finds the share of a pair, or none and where it belongs in the table.
func (f *flow) lookup(t, g int32) (at int, e int32) {
	mask := len(f.table) - 1
	for at = int(pairHash(t, g) >> f.shift); ; at = (at + 1) & mask {
		e = f.table[at] - 1
		if e == none || f.shares[e].taker == t && f.giver(e) == g {
			return at, e
		}
	}
}

// pairHash multiplies by the golden ratio (Knuth, The Art of Computer Programming 3, 6.4).
func pairHash(t, g int32) uint64 {
	h := (uint64(uint32(t))<<32 | uint64(uint32(g))) * 0x9E3779B97F4A7C15
	return (h ^ h>>32) * 0x9E3779B97F4A7C15
}

// resize makes a table for n/2 pairs; n is a power of 2.
func (f *flow) resize(n int) {
	f.table = make([]int32, n)
	f.shift = uint8(64 - bits.TrailingZeros(uint(n)))
	for b := range f.blocks {
		for i := range f.blocks[b].filled {
			e := int32(b)*blockShares + i
			at, _ := f.lookup(f.shares[e].taker, f.giver(e))
			f.table[at] = e + 1
		}
	}
}

func (f *flow) change(e int32, x int64) {
	f.note(oldAmount, e, f.shares[e].amount)
	f.shares[e].amount += x
}

func (f *flow) spend(g int32, x int64) {
	f.note(oldFree, g, f.free[g])
	f.free[g] -= x
}

// setTaker sets a bound and the cursor.
func (f *flow) setTaker(t, at, cur int32) {
	f.note(oldTaker, t, int64(f.takerAt[t]))
	f.takerAt[t] = at
	f.takerCur[t] = cursor{f.epoch, cur}
}

func (f *flow) setGiver(g, at, cur int32) {
	f.note(oldGiver, g, int64(f.giverAt[g]))
	f.giverAt[g] = at
	f.giverCur[g] = cursor{f.epoch, cur}
}
