package allocate

import (
	"context"
	"math/bits"
	"slices"
	"sync/atomic"
	"unsafe"

	"talentmatch/matcher/memory"
)

// The auction finds a nearly optimal seating: open heads bid for the supply that is
// worth most to them at the prices of the moment, up to where the second best becomes as good, and
// a little more (eps); a supply keeps the highest bids that it has seats for, and its
// price is the lowest that it kept (Bertsekas and Castañon 1989, with several units a
// node and one outside option of value 0 for all). eps falls from phase to phase; prices
// are let down a little before each, so that few seats stay free at a price above 0.
//
// Bids are made for a block of demands at once against the prices before the block, and
// taken in order, by supplies in two halves. So the outcome does not depend on the number
// of threads.
type auction[A packed] struct {
	t      *Transport
	shift  uint // of an arc's value
	mask   A
	arcs   []A      // Arcs, packed; those of value 0 and to supplies without seats are left out
	off    []uint32 // demand -> arcs
	price  []int32  // of a seat, in parts of a value
	holds  []holding
	open   []int32 // heads of a demand that are to bid
	queue  []int32 // of demands with open heads
	head   int     // of queue
	eps    int32
	block  []bid
	evict  [halves][]unit
	team   *team
	bids   int64
	scans  atomic.Int64 // arcs looked at
	phases int
}

// An arc is packed into as few bytes as it fits in, since memory is what an auction waits for.
type packed interface{ ~uint32 | ~uint64 }

// parts is how many steps of price are in one value: with eps of one step at the end, the
// exact part has little left to do.
const parts = 4

// A holding is what a supply keeps: a heap of bids, lowest first.
type holding struct {
	bids []held
	free int32 // seats
}

type held struct {
	bid    int32
	demand int32
	units  int32
}

type unit struct{ demand, units int32 }

// A bid is by a demand for all its open units; supply < 0 when nothing is worth while.
type bid struct {
	demand, supply, units, bid int32
}

const halves = 2

func newAuction[A packed](t *Transport, team *team) *auction[A] {
	a := &auction[A]{t: t, team: team, shift: uint(bits.Len(uint(len(t.Seats))))}
	a.mask = 1<<a.shift - 1
	a.off = make([]uint32, len(t.Heads)+1)
	for d := range t.Heads {
		n := uint32(0)
		for _, arc := range t.Arcs[t.Off[d]:t.Off[d+1]] {
			if arc.Value > 0 && t.Seats[arc.Supply] > 0 {
				n++
			}
		}
		a.off[d+1] = a.off[d] + n
	}
	a.arcs = make([]A, a.off[len(t.Heads)])
	team.each(len(t.Heads), func(from, to int) {
		for d := from; d < to; d++ {
			k := a.off[d]
			for _, arc := range t.Arcs[t.Off[d]:t.Off[d+1]] {
				if arc.Value > 0 && t.Seats[arc.Supply] > 0 {
					a.arcs[k] = A(arc.Value)<<a.shift | A(arc.Supply)
					k++
				}
			}
		}
	})
	memory.Huge(a.arcs)
	a.price = make([]int32, len(t.Seats))
	a.holds = make([]holding, len(t.Seats))
	a.open = slices.Clone(t.Heads)
	for s, n := range t.Seats {
		a.holds[s].free = n
	}
	return a
}

// best is what a demand's best and second best supply leave it, and the best; outside
// options of 0 count.
func (a *auction[A]) best(d int32) (first, second, supply, value int32) {
	supply = -1
	for _, arc := range a.arcs[a.off[d]:a.off[d+1]] {
		v := int32(arc>>a.shift) * parts
		net := v - a.price[arc&a.mask]
		second = max(second, min(first, net))
		if net > first {
			first, supply, value = net, int32(arc&a.mask), v
		}
	}
	return first, second, supply, value
}

// phase lets demands bid until none has an open head that it can place with profit.
func (a *auction[A]) phase(ctx context.Context) error {
	a.phases++
	for a.head < len(a.queue) {
		if err := ctx.Err(); err != nil {
			return err
		}
		waiting := len(a.queue) - a.head
		n := min(blockMost, max(1, waiting/blockShare))
		block := a.queue[a.head : a.head+n]
		a.head += n
		a.block = slices.Grow(a.block[:0], n)[:n]
		if n < blockAlone {
			a.make(block, 0, n)
			for half := range int32(halves) {
				a.take(half)
			}
		} else {
			a.team.each(n, func(from, to int) { a.make(block, from, to) })
			a.team.both(func(half int) { a.take(int32(half)) })
		}
		a.bids += int64(n)
		if a.scans.Load() > budget(a.t) {
			return errHard
		}
		if a.head > len(a.queue)/2 {
			a.queue = a.queue[:copy(a.queue, a.queue[a.head:])]
			a.head = 0
		}
		for half := range a.evict {
			for _, u := range a.evict[half] {
				if a.open[u.demand] == 0 {
					a.queue = append(a.queue, u.demand)
				}
				a.open[u.demand] += u.units
			}
		}
	}
	return nil
}

// Blocks are a share of what waits, so that few bids are made at prices that no longer hold.
const (
	blockMost  = 4096
	blockShare = 16
	blockAlone = 128 // shorter ones are not worth two threads
)

// make makes the bids of a part of a block.
func (a *auction[A]) make(block []int32, from, to int) {
	scans := 0
	defer func() { a.scans.Add(int64(scans)) }()
	for i := from; i < min(from+ahead, to); i++ {
		a.ask(block[i])
	}
	for i := from; i < to; i++ {
		if i+ahead < to {
			a.ask(block[i+ahead])
		}
		d := block[i]
		first, second, supply, value := a.best(d)
		scans += int(a.off[d+1]-a.off[d]) + 1
		b := bid{demand: d, supply: -1, units: a.open[d]}
		a.open[d] = 0
		if first > 0 {
			b.supply, b.bid = supply, value-second+a.eps
		}
		a.block[i] = b
	}
}

// ahead is for how many demands memory is asked for before it is needed.
const ahead = 8

// ask asks for a demand's arcs.
func (a *auction[A]) ask(d int32) {
	if from, to := a.off[d], a.off[d+1]; from < to {
		memory.Prefetch(unsafe.Pointer(&a.arcs[from]), int(to-from)*int(unsafe.Sizeof(a.arcs[from])))
	}
}

// take lets the supplies of one half take the block's bids.
func (a *auction[A]) take(half int32) {
	out := a.evict[half][:0]
	for i := range a.block {
		if i+ahead < len(a.block) {
			if s := a.block[i+ahead].supply; s >= 0 && s&(halves-1) == half {
				if h := &a.holds[s]; len(h.bids) > 0 {
					memory.Prefetch(unsafe.Pointer(&h.bids[0]), 1)
				}
			}
		}
		if b := &a.block[i]; b.supply >= 0 && b.supply&(halves-1) == half {
			out = a.offer(b, out)
		}
	}
	a.evict[half] = out
}

// offer gives a bid to its supply, and appends what bids, its own included, now go without.
func (a *auction[A]) offer(b *bid, out []unit) []unit {
	h := &a.holds[b.supply]
	left := b.units
	took := min(left, h.free)
	h.free -= took
	left -= took
	for left > 0 && len(h.bids) > 0 && h.bids[0].bid < b.bid {
		low := &h.bids[0]
		if low.demand == b.demand { // its own: worth the new bid too
			took += low.units
			h.pop()
			continue
		}
		n := min(left, low.units)
		out = append(out, unit{low.demand, n})
		left, took = left-n, took+n
		if low.units -= n; low.units == 0 {
			h.pop()
		}
	}
	if took > 0 {
		h.push(held{b.bid, b.demand, took})
	}
	if left > 0 {
		out = append(out, unit{b.demand, left})
	}
	if h.free == 0 {
		a.price[b.supply] = max(a.price[b.supply], h.bids[0].bid)
	}
	return out
}

// The heap's order is by bid and, of equal ones, demand, so that who loses is no accident.
func (x held) before(y held) bool {
	return x.bid < y.bid || x.bid == y.bid && x.demand > y.demand
}

func (h *holding) push(x held) {
	h.bids = append(h.bids, x)
	i := len(h.bids) - 1
	for i > 0 {
		up := (i - 1) / 2
		if !x.before(h.bids[up]) {
			break
		}
		h.bids[i] = h.bids[up]
		i = up
	}
	h.bids[i] = x
}

func (h *holding) pop() {
	n := len(h.bids) - 1
	x := h.bids[n]
	h.bids = h.bids[:n]
	if n > 0 {
		h.sift(0, x)
	}
}

// sift puts x in at i or below.
func (h *holding) sift(i int, x held) {
	n := len(h.bids)
	for {
		c := 2*i + 1
		if c >= n {
			break
		}
		if c+1 < n && h.bids[c+1].before(h.bids[c]) {
			c++
		}
		if !h.bids[c].before(x) {
			break
		}
		h.bids[i] = h.bids[c]
		i = c
	}
	h.bids[i] = x
}

func (h *holding) heapify() {
	for i := len(h.bids)/2 - 1; i >= 0; i-- {
		h.sift(i, h.bids[i])
	}
}

// restart begins a phase with a smaller eps: prices are let down by margin, what is no
// longer at its demand's best supply is opened, and so is what had gone without.
func (a *auction[A]) restart(margin, eps int32) {
	a.eps = eps
	for s := range a.price {
		a.price[s] = max(0, a.price[s]-margin)
	}
	a.team.each(len(a.holds), func(from, to int) {
		for s := from; s < to; s++ {
			h := &a.holds[s]
			kept := h.bids[:0]
			for _, x := range h.bids {
				first, second, supply, value := a.best(x.demand)
				if supply != int32(s) || first == second {
					h.free += x.units
					continue
				}
				x.bid = value - second + eps
				kept = append(kept, x)
			}
			h.bids = kept
			h.heapify()
		}
	})
	copy(a.open, a.t.Heads)
	for s := range a.holds {
		h := &a.holds[s]
		for _, x := range h.bids {
			a.open[x.demand] -= x.units
		}
		if h.free == 0 && len(h.bids) > 0 {
			a.price[s] = max(a.price[s], h.bids[0].bid)
		}
	}
	a.wait()
}

// wait queues all demands with open heads.
func (a *auction[A]) wait() {
	a.queue, a.head = a.queue[:0], 0
	for d, n := range a.open {
		if n > 0 && a.off[d] < a.off[d+1] {
			a.queue = append(a.queue, int32(d))
		}
	}
}

// run is the whole auction.
func (a *auction[A]) run(ctx context.Context, o *Options) error {
	eps, margin, more := max(1, a.t.dearest()/epsShare*parts), int32(marginFirst), 0
	a.eps = eps
	a.wait()
	phases := 1
	for e := eps; e > 1; e = max(1, e/epsFall) {
		phases++
	}
	for {
		o.progress("bidding", min(a.phases, phases), phases)
		if err := a.phase(ctx); err != nil {
			return err
		}
		high := a.high()
		if high > 0 {
			margin *= 2
		}
		if eps > 1 {
			was := eps
			eps = max(1, eps/epsFall)
			a.restart(margin*was, eps)
			continue
		}
		if more++; high <= highMost || more > phasesMore {
			return nil
		}
		a.restart(margin*epsFall, eps)
	}
}

// high is the number of supplies that have free seats and a price above 0.
func (a *auction[A]) high() (n int) {
	for s := range a.holds {
		if a.holds[s].free > 0 && a.price[s] > 0 {
			n++
		}
	}
	return n
}

// Prices fall by a margin of so many eps before a phase, twice as many when some were too
// high, and the last phase is repeated at most so often when more than a few are.
const (
	epsShare    = 40 // of the greatest value, the first eps
	epsFall     = 4
	marginFirst = 5
	highMost    = 3
	phasesMore  = 3
)
