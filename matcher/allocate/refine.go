package allocate

import (
	"context"
	"math"
	"slices"
)

// The exact part starts from a nearly optimal seating and finds prices that prove it, or
// units to move. Prices prove a seating when every unit is where its demand is left most
// at these prices; that is a system of upper bounds on prices by one another:
//
//	price(s) <= value(d, s) - left(d)     for every unit of d at s
//	left(d)   = max over arcs of value(d, s') - price(s'), and over staying out
//
// They are lowered until all hold (label correcting, Bellman and Ford). Lowering without
// end goes round a cycle of supplies; moving a unit of each to the next gains what the
// cycle lacks. Heads that are out are at a supply of value 0 and no end of seats, number
// len(Seats) here, and free seats are taken by units that are worth 0 everywhere, so that
// both are bounds like the others.
//
// Only arcs that come close to being best are looked at. In the end all arcs are, and
// those that were wrongly left aside are added.
type refiner struct {
	t       *Transport
	out     int32   // the supply that those without one are at
	price   []int32 // of supplies and of out, which may go below 0 and is put back to it in the end
	left    []int32 // of a demand, over its near arcs
	at      []place // what is placed, by demand
	atOff   []uint32
	moved   map[int32][]place // of demands whose units the exact part has moved
	free    []int32           // seats
	near    []near            // by supply
	nearOff []uint32
	parent  []cause
	queue   []int32
	queued  []bool
	relaxed int64
	cycles  int
	steps   int64 // of everything
}

type place struct{ supply, value, units int32 }

// A near arc is one that may matter.
type near struct{ demand, value int32 }

// A cause says why a supply's price was lowered: a unit of a demand at it would go to
// another supply. demand is -1 for a unit of no demand on a free seat.
type cause struct{ demand, to int32 }

const noCause = -2

// reach is how much worse than the best an arc may be to be looked at first, in values.
const reach = 128

// newRefiner takes prices in whole values, >= 0, and what is placed, by demand.
func newRefiner(t *Transport, price []int32, at []place, atOff []uint32, free []int32) *refiner {
	n := len(t.Seats)
	r := &refiner{t: t, out: int32(n), price: append(price, 0), at: at, atOff: atOff, free: free, moved: map[int32][]place{}}
	r.left = make([]int32, len(t.Heads))
	r.parent = make([]cause, n+1)
	r.queued = make([]bool, n+1)
	for s := range r.parent {
		r.parent[s].demand = noCause
	}
	return r
}

// run lowers prices and moves units until the prices prove the seating.
func (r *refiner) run(ctx context.Context, team *team) (repeated int, err error) {
	for within := int32(reach); ; within *= 8 {
		r.look(team, within)
		r.start()
		if err := r.settle(ctx); err != nil {
			return repeated, err
		}
		if r.proven(team) {
			break
		}
		repeated++
	}
	for s := range r.price[:r.out] {
		r.price[s] -= r.price[r.out]
	}
	r.price = r.price[:r.out]
	return repeated, nil
}

// usable arcs are those that a unit may be on.
func (r *refiner) usable(a Arc) bool { return a.Value > 0 && r.t.Seats[a.Supply] > 0 }

// look finds what arcs leave every demand at the prices now, and the near ones.
func (r *refiner) look(team *team, within int32) {
	n := len(r.t.Seats)
	team.each(len(r.t.Heads), func(from, to int) {
		for d := from; d < to; d++ {
			r.left[d], _ = r.bestOf(int32(d))
		}
	})
	count := make([]uint32, n+1)
	each := func(yield func(d int32, a Arc)) {
		for d := range r.t.Heads {
			if r.t.Heads[d] == 0 {
				continue
			}
			floor := r.left[d] - within
			for _, a := range r.t.Arcs[r.t.Off[d]:r.t.Off[d+1]] {
				if r.usable(a) && a.Value-r.price[a.Supply] >= floor {
					yield(int32(d), a)
				}
			}
		}
	}
	each(func(_ int32, a Arc) { count[a.Supply+1]++ })
	for s := range n {
		count[s+1] += count[s]
	}
	r.nearOff = count
	r.near = make([]near, count[n])
	next := slices.Clone(count[:n])
	each(func(d int32, a Arc) {
		r.near[next[a.Supply]] = near{d, a.Value}
		next[a.Supply]++
	})
}

// start queues the supplies whose prices bound others too tightly.
func (r *refiner) start() {
	r.wake(r.out)
	for d := range r.t.Heads {
		r.bound(int32(d))
	}
}

// bound wakes the supply that leaves a demand most, if that bounds what the demand's units
// are at.
func (r *refiner) bound(d int32) {
	for _, p := range r.units(d) {
		if p.value-r.left[d] < r.price[p.supply] {
			_, to := r.bestOf(d)
			r.left[d] = math.MinInt32 // so that it is raised
			r.wake(to)
			return
		}
	}
}

// bestOf is the supply that leaves a demand most, all arcs counted, and how much.
func (r *refiner) bestOf(d int32) (left, to int32) {
	left, to = -r.price[r.out], r.out
	for _, a := range r.t.Arcs[r.t.Off[d]:r.t.Off[d+1]] {
		if net := a.Value - r.price[a.Supply]; r.usable(a) && net > left {
			left, to = net, a.Supply
		}
	}
	return left, to
}

func (r *refiner) lower(s, price int32, by cause) {
	r.price[s], r.parent[s] = price, by
	r.relaxed++
	r.wake(s)
}

func (r *refiner) wake(s int32) {
	if !r.queued[s] {
		r.queued[s] = true
		r.queue = append(r.queue, s)
	}
}

// units is where a demand's units are.
func (r *refiner) units(d int32) []place {
	if len(r.moved) > 0 {
		if list, ok := r.moved[d]; ok {
			return list
		}
	}
	return r.at[r.atOff[d]:r.atOff[d+1]]
}

// settle lowers prices until every bound over near arcs holds, and mends what lies on cycles.
func (r *refiner) settle(ctx context.Context) error {
	most := budget(r.t)
	for n := 0; len(r.queue) > 0; n++ {
		if n&1023 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if r.steps > most {
			return errHard
		}
		s := r.queue[0]
		r.queue = r.queue[1:]
		r.queued[s] = false
		r.relax(s)
	}
	return nil
}

// relax passes on that a supply's price is lower now.
func (r *refiner) relax(s int32) {
	price := r.price[s]
	if s == r.out {
		r.steps += int64(len(r.t.Heads))
		for p, free := range r.free {
			if free > 0 && r.price[p] > price {
				r.reach(int32(p), price, cause{-1, s})
			}
		}
		for d := range int32(len(r.t.Heads)) {
			r.raise(d, -price, s)
		}
		return
	}
	if price < r.price[r.out] {
		r.reach(r.out, price, cause{-1, s})
	}
	arcs := r.near[r.nearOff[s]:r.nearOff[s+1]]
	r.steps += int64(len(arcs)) + 1
	for _, a := range arcs {
		r.raise(a.demand, a.value-price, s)
	}
}

// raise notes that a supply would leave a demand so much.
func (r *refiner) raise(d, left, to int32) {
	if left <= r.left[d] {
		return
	}
	r.left[d] = left
	for _, p := range r.units(d) {
		if p.value-left < r.price[p.supply] && r.reach(p.supply, p.value-left, cause{d, to}) {
			return // the demand's units are elsewhere now
		}
	}
}

// reach lowers a price, or mends the cycle that this would close.
func (r *refiner) reach(s, price int32, by cause) (mended bool) {
	if r.closes(s, by.to) && r.mend(s, by) {
		if by.demand < 0 {
			r.wake(by.to) // more may be too high
		}
		return true
	}
	r.lower(s, price, by)
	return false
}

// closes reports whether the price of a supply was lowered because of that of another.
func (r *refiner) closes(of, from int32) bool {
	for s := from; ; s = r.parent[s].to {
		r.steps++
		if s == of {
			return true
		}
		if r.parent[s].demand == noCause {
			return false
		}
	}
}

// mend moves as many units as can round the cycle that by closes at s.
func (r *refiner) mend(s int32, by cause) bool {
	type step struct {
		from int32
		cause
	}
	steps := []step{{s, by}}
	for at := by.to; at != s; at = r.parent[at].to {
		steps = append(steps, step{at, r.parent[at]})
	}
	gain, units := int64(0), int32(MaxUnits)
	for _, x := range steps {
		if x.demand < 0 {
			if x.from != r.out {
				units = min(units, r.free[x.from])
			}
			continue
		}
		have := int32(0)
		for _, p := range r.units(x.demand) {
			if p.supply == x.from {
				have = p.units
				gain -= int64(p.value)
			}
		}
		units = min(units, have)
		gain += int64(r.t.worth(x.demand, x.to))
	}
	for _, x := range steps {
		r.parent[x.from] = cause{noCause, 0}
	}
	if units <= 0 || gain <= 0 {
		return false
	}
	r.cycles++
	for _, x := range steps {
		switch {
		case x.demand >= 0:
			r.move(x.demand, x.from, x.to, units)
		case x.from == r.out:
			r.free[x.to] += units
		default:
			r.free[x.from] -= units
		}
	}
	for _, x := range steps {
		if x.demand >= 0 {
			r.left[x.demand], _ = r.bestOf(x.demand)
			r.bound(x.demand)
		}
		if x.from != r.out && r.free[x.from] > 0 {
			r.wake(r.out)
		}
	}
	return true
}

func (r *refiner) move(d, from, to, units int32) {
	list := slices.Clone(r.units(d))
	found := false
	for i := range list {
		switch list[i].supply {
		case from:
			list[i].units -= units
		case to:
			list[i].units += units
			found = true
		}
	}
	if !found {
		list = append(list, place{to, r.t.worth(d, to), units}) // staying out is worth 0
	}
	r.moved[d] = slices.DeleteFunc(list, func(p place) bool { return p.units == 0 })
}

// proven holds the prices against every arc.
func (r *refiner) proven(team *team) bool {
	bad := make([]int32, (len(r.t.Heads)+provenPart-1)/provenPart)
	team.each(len(bad), func(from, to int) {
		for k := from; k < to; k++ {
			for d := k * provenPart; d < min((k+1)*provenPart, len(r.t.Heads)); d++ {
				left, _ := r.bestOf(int32(d))
				for _, p := range r.units(int32(d)) {
					if p.value-left < r.price[p.supply] {
						bad[k]++
					}
				}
			}
		}
	})
	return !slices.ContainsFunc(bad, func(n int32) bool { return n > 0 })
}

const provenPart = 1024
