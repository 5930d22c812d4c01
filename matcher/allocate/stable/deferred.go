package stable

import (
	"context"
	"math"
)

// A deferred is one run of deferred acceptance (Gale and Shapley 1962): proposers offer
// their units down their lists, receivers hold the best units offered so far and turn
// away the rest, who look on. In whatever order the offers are made, the result is the
// same: the stable matching best for proposers.
//
// Units move together, as in the stable allocations of Baïou and Balinski (2002): a
// receiver that is offered 40 units turns away up to 40 of its worst. They move in rounds,
// in which every proposer offers what it was left with: units turned away at different
// times go on together, which took half the time of following each at once on a market
// of 20 million edges.
//
// Rounds alone can take as many steps as there are units: one unit that pushes out
// another, round and round the same proposers. A receiver's worst units are turned away
// for good, so an edge is emptied once and used once; steps that do neither are calm.
// When there were more calm steps than edges, chains are followed instead, and circle
// does at once what goes round until an edge is empty. So the number of steps is at most
// about edges times proposers, however large quotas are, and near the number of offers
// in ordinary problems; a step takes the logarithm of what a receiver holds.
type deferred struct {
	proposers []proposer
	offers    []offer // the proposers' lists, one after the other
	receivers []receiver
	held      []entry // the receivers' heaps, side by side

	waiting []int32 // proposers with free units whose turn is in the next round
	steps   int
	calm    int // steps of rounds, up to one more than edges
}

type proposer struct {
	next, end int32 // of its offers: the best not refused yet, and one more than the last
	free      int32 // units to offer, when its turn comes
}

// An offer is an edge in a proposer's list, the best first.
type offer struct {
	to   int32 // receiver
	rank int32 // what the receiver thinks of the proposer
	flow int32 // units that the receiver holds
}

type receiver struct {
	bar   uint64 // the preference that an offer must be below: the worst held, when there is no room
	room  int32  // units it can take without turning any away
	size  int32  // of its heap
	first int    // of held: the heap has the offers with units, the worst first
}

// newDeferred is a run before its first step. The offers of proposer p are those from
// off[p] up to off[p+1]. A receiver never holds more offers than it gets, nor more than
// units.
func newDeferred(quota, room []int32, off []int, offers []offer) *deferred {
	d := &deferred{proposers: make([]proposer, len(quota)), offers: offers, receivers: make([]receiver, len(room))}
	for p := range d.proposers {
		d.proposers[p] = proposer{next: int32(off[p]), end: int32(off[p+1]), free: quota[p]}
	}
	count := make([]int32, len(room))
	for i := range offers {
		count[offers[i].to]++
	}
	size := 0
	for r, units := range room {
		d.receivers[r] = receiver{room: units, first: size}
		if units > 0 {
			d.receivers[r].bar = math.MaxUint64
		}
		size += int(min(count[r], units))
	}
	d.held = make([]entry, size)
	return d
}

// run lets all proposers offer their units, and then those whose units were turned away.
func (d *deferred) run(ctx context.Context) error {
	round := make([]int32, len(d.proposers))
	for p := range round {
		round[p] = int32(p)
	}
	for len(round) > 0 {
		for _, p := range round {
			if err := d.offer(ctx, p); err != nil {
				return err
			}
		}
		round, d.waiting = d.waiting, round[:0]
	}
	return nil
}

// offer offers the free units of p until they are held or have been refused by its whole
// list. Proposers that they push out wait. Where chains are followed, the last of these
// offers its units at once, and so on.
func (d *deferred) offer(ctx context.Context, p int32) error {
	// Calm steps of a chain that come back to a proposer go in a circle, as they leave
	// everything else as it is. The mark that finds it moves on after 1, 2, 4, ... steps
	// (Brent 1980).
	var mark int32
	since, limit := 0, 0 // steps since the mark, and at most; no mark when 0
	from := &d.proposers[p]
	units := from.free
	from.free = 0
	for units > 0 && from.next < from.end {
		if d.steps++; d.steps%65536 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		o := &d.offers[from.next]
		r := &d.receivers[o.to]
		own := entry{preference(o.rank, p), from.next}
		if own.key >= r.bar { // equal: the receiver is full of p's units and better ones
			from.next++
			limit = 0
			continue
		}
		fresh := o.flow == 0
		if r.room > 0 {
			n := min(units, r.room)
			units -= n
			o.flow += n
			if fresh {
				d.push(r, own)
			}
			if r.room -= n; r.room == 0 {
				r.bar = d.worst(r).key
			}
			limit = 0
			continue
		}
		worst := d.worst(r)
		w := &d.offers[worst.offer]
		n := min(units, w.flow)
		w.flow -= n
		o.flow += n
		gone := w.flow == 0
		switch {
		case gone && fresh:
			sink(d.heap(r), own)
		case gone:
			d.pop(r)
		case fresh:
			d.push(r, own)
		}
		r.bar = d.worst(r).key
		calm := !fresh && !gone
		follow := d.calm > len(d.offers)
		if calm && !follow {
			d.calm++
		}
		out := worst.proposer()
		if n < units || !follow {
			units -= n
			if d.proposers[out].free == 0 {
				d.waiting = append(d.waiting, out)
			}
			d.proposers[out].free += n
			limit = 0
			continue
		}
		if calm && limit == 0 {
			mark, since, limit = p, 0, 1
		}
		p, from = out, &d.proposers[out]
		since++
		switch {
		case !calm:
			limit = 0
		case p == mark:
			d.circle(p)
			limit = 0
		case since == limit:
			mark, since, limit = p, 0, 2*limit
		}
	}
	return nil
}

// circle moves units round the circle of calm steps that p is in, as many and as often
// as is possible without emptying an edge: the next round empties one.
func (d *deferred) circle(p int32) {
	least := int32(math.MaxInt32)
	d.around(p, func(_, out *offer) { least = min(least, out.flow) })
	d.around(p, func(in, out *offer) {
		in.flow += least - 1
		out.flow -= least - 1
	})
}

// around calls step for each calm step from p back to p, with the offer that is made and
// the one that it pushes out units of.
func (d *deferred) around(p int32, step func(in, out *offer)) {
	for q := p; ; {
		o := &d.offers[d.proposers[q].next]
		worst := d.worst(&d.receivers[o.to])
		step(o, &d.offers[worst.offer])
		if q = worst.proposer(); q == p {
			return
		}
	}
}
