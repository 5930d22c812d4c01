package allocate

import (
	"cmp"
	"context"
	"errors"
	"math/bits"
	"slices"

	"talentmatch/matcher/allocate/mincost"
)

// Options of a solver.
type Options struct {
	Threads int // 0: one a core; the solution is the same
	// Progress, if not nil, is told what is done, how far, and of how much; 0 when that is not
	// known. It is called from the goroutine that solves.
	Progress func(step string, done, total int)
}

func (o *Options) progress(step string, done, total int) {
	if o.Progress != nil {
		o.Progress(step, done, total)
	}
}

// network is how the network simplex is asked.
func (o *Options) network() mincost.Options {
	return mincost.Options{Progress: func(_ string, pivots int64) { o.progress("pivoting", int(pivots), 0) }}
}

// Solve finds a seating of the greatest value, and prices that prove it (Check). Errors:
// what Validate says, and the context's end.
func (t *Transport) Solve(ctx context.Context, o Options) (*Solution, error) {
	if err := t.Validate(); err != nil {
		return nil, err
	}
	if unit := t.unit(); unit > 1 {
		return t.inUnits(ctx, unit, o)
	}
	team := newTeam(o.Threads)
	defer team.stop()
	var sol *Solution
	var err error
	if bits.Len(uint(len(t.Seats)))+bits.Len(uint(t.dearest())) <= 32 {
		sol, err = solve[uint32](ctx, t, team, &o)
	} else {
		sol, err = solve[uint64](ctx, t, team, &o)
	}
	if errors.Is(err, errHard) {
		return t.bySimplex(ctx, &o)
	}
	return sol, err
}

// errHard says that an auction takes too long: prices climb in small steps where nodes have
// very many units, or one demand has very many supplies.
var errHard = errors.New("allocate: too many steps")

// budget is how many arcs an auction and its exact end may look at each before the problem counts as
// hard: some twenty times as many as they usually do.
func budget(t *Transport) int64 {
	return 300*int64(len(t.Arcs)+len(t.Heads)+len(t.Seats)) + 1<<20
}

// bySimplex solves by the network simplex, which does not mind how many units nodes have.
func (t *Transport) bySimplex(ctx context.Context, o *Options) (*Solution, error) {
	n := t.Network()
	for i := range n.Upper {
		n.Upper[i] = mincost.NoBound // nodes bound enough, and so potentials alone are prices
	}
	found, err := mincost.Solve(ctx, n, o.network())
	if err != nil {
		return nil, err
	}
	sol := &Solution{Prices: make([]int32, len(t.Seats)), Work: Work{Pivots: found.Pivots}}
	hub := found.Potential[n.Nodes-1]
	for s := range t.Seats {
		sol.Prices[s] = int32(max(0, found.Potential[s]-hub))
	}
	t.priceAbsent(sol.Prices)
	for d := range t.Heads {
		from := len(sol.Placements)
		for i := t.Off[d]; i < t.Off[d+1]; i++ {
			if f := found.Flow[i]; f > 0 && t.Arcs[i].Value > 0 {
				sol.Placements = append(sol.Placements, Placement{int32(d), t.Arcs[i].Supply, int32(f)})
			}
		}
		list := sol.Placements[from:]
		slices.SortFunc(list, func(a, b Placement) int { return cmp.Compare(a.Supply, b.Supply) })
		kept := list[:0]
		for _, p := range list { // of parallel arcs
			if k := len(kept) - 1; k >= 0 && kept[k].Supply == p.Supply {
				kept[k].Units += p.Units
				continue
			}
			kept = append(kept, p)
		}
		sol.Placements = sol.Placements[:from+len(kept)]
		for _, p := range kept {
			sol.Value += int64(p.Units) * int64(t.worth(p.Demand, p.Supply))
			sol.Filled += int64(p.Units)
		}
	}
	return sol, nil
}

// worth is what a supply is worth to a demand: 0 when there is no arc.
func (t *Transport) worth(d, s int32) int32 { return worthOf(t.Arcs[t.Off[d]:t.Off[d+1]], s) }

// worthOf is the value of the best of parallel arcs.
func worthOf(arcs []Arc, supply int32) (v int32) {
	for _, a := range arcs {
		if a.Supply == supply {
			v = max(v, a.Value)
		}
	}
	return v
}

// unit is the greatest whole number that all values are multiples of; 0 when all are 0.
func (t *Transport) unit() int32 {
	u := int32(0)
	for i := range t.Arcs {
		for v := t.Arcs[i].Value; v > 0; {
			u, v = v, u%v
		}
		if u == 1 {
			break
		}
	}
	return u
}

// inUnits solves with smaller values, whose prices have fewer steps to climb.
func (t *Transport) inUnits(ctx context.Context, unit int32, o Options) (*Solution, error) {
	small := *t
	small.Arcs = slices.Clone(t.Arcs)
	for i := range small.Arcs {
		small.Arcs[i].Value /= unit
	}
	sol, err := small.Solve(ctx, o)
	if err != nil {
		return nil, err
	}
	sol.Value *= int64(unit)
	for s := range sol.Prices {
		sol.Prices[s] *= unit
	}
	return sol, nil
}

func solve[A packed](ctx context.Context, t *Transport, team *team, o *Options) (*Solution, error) {
	a := newAuction[A](t, team)
	if err := a.run(ctx, o); err != nil {
		return nil, err
	}
	sol := &Solution{Work: Work{Bids: a.bids, Phases: a.phases}}
	o.progress("proving", 0, 0)
	r := a.refiner()
	a = nil
	var err error
	if sol.Work.Repeated, err = r.run(ctx, team); err != nil {
		return nil, err
	}
	sol.Work.Cycles, sol.Work.Relaxed = r.cycles, r.relaxed
	sol.Prices = r.price
	t.priceAbsent(sol.Prices)
	for d := range int32(len(t.Heads)) {
		list := r.units(d)
		from := len(sol.Placements)
		for _, p := range list {
			if p.supply == r.out {
				continue
			}
			sol.Placements = append(sol.Placements, Placement{d, p.supply, p.units})
			sol.Value += int64(p.value) * int64(p.units)
			sol.Filled += int64(p.units)
		}
		slices.SortFunc(sol.Placements[from:], func(a, b Placement) int { return cmp.Compare(a.Supply, b.Supply) })
	}
	return sol, nil
}

// priceAbsent sets the prices of supplies without seats: what a seat would be worth.
func (t *Transport) priceAbsent(prices []int32) {
	absent := false
	for s, n := range t.Seats {
		if n == 0 {
			prices[s], absent = 0, true
		}
	}
	if !absent {
		return
	}
	for d, n := range t.Heads {
		if n == 0 {
			continue
		}
		arcs, left := t.Arcs[t.Off[d]:t.Off[d+1]], int32(0)
		for _, a := range arcs {
			if t.Seats[a.Supply] > 0 {
				left = max(left, a.Value-prices[a.Supply])
			}
		}
		for _, a := range arcs {
			if t.Seats[a.Supply] == 0 {
				prices[a.Supply] = max(prices[a.Supply], a.Value-left)
			}
		}
	}
}

// refiner takes what the auction found.
func (a *auction[A]) refiner() *refiner {
	t := a.t
	n := len(t.Heads)
	off := make([]uint32, n+1)
	free := make([]int32, len(t.Seats))
	out := slices.Clone(t.Heads)
	for s := range a.holds {
		a.holds[s].join()
		free[s] = a.holds[s].free
		for _, x := range a.holds[s].bids {
			off[x.demand+1]++
			out[x.demand] -= x.units
		}
	}
	for d := range n {
		if out[d] > 0 {
			off[d+1]++
		}
		off[d+1] += off[d]
	}
	at := make([]place, off[n])
	next := slices.Clone(off[:n])
	for s := range a.holds {
		for _, x := range a.holds[s].bids {
			at[next[x.demand]] = place{int32(s), t.worth(x.demand, int32(s)), x.units}
			next[x.demand]++
		}
	}
	for d, units := range out {
		if units > 0 {
			at[next[d]] = place{int32(len(t.Seats)), 0, units}
			next[d]++
		}
	}
	price := make([]int32, len(t.Seats), len(t.Seats)+1)
	for s, p := range a.price {
		price[s] = (p + parts - 1) / parts
	}
	return newRefiner(t, price, at, off, free)
}

// join makes one holding of each demand; they are no heap then.
func (h *holding) join() {
	slices.SortFunc(h.bids, func(a, b held) int { return cmp.Compare(a.demand, b.demand) })
	n := 0
	for _, x := range h.bids {
		if n > 0 && h.bids[n-1].demand == x.demand {
			h.bids[n-1].units += x.units
			continue
		}
		h.bids[n] = x
		n++
	}
	h.bids = h.bids[:n]
}
