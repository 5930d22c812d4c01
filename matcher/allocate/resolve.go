package allocate

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// A Resolver keeps a solved transportation problem, so that after a small change the
// solution is mended and not found anew: what no longer fits is taken out, and each head or seat that is
// then free at a profit is dealt with by one shortest augmenting path over reduced costs
// (Ahuja, Magnanti and Orlin 1993, chapter 9), which leaves prices that prove the rest. It
// takes about 60 bytes an arc beside the problem's own, and is not safe for concurrent use.
type Resolver struct {
	seats, heads []int32
	arcs         [][]Arc   // of a demand
	reach        [][]near  // of a supply: its arcs
	at           [][]place // of a demand, without those that are out
	holders      [][]int32 // of a supply: demands with units at it
	free, out    []int32   // seats, heads
	price        []int32
	lefts        []int32 // what its best supply leaves a demand
	excess       []int32 // demands that may have heads out at a profit
	deficit      []int32 // supplies that may have free seats at a price
	search       search
	work         Work
}

// NewResolver begins with a solution of a problem, which Check must prove; both are copied.
func NewResolver(t *Transport, sol *Solution) (*Resolver, error) {
	if err := t.Check(sol); err != nil {
		return nil, err
	}
	r := &Resolver{seats: slices.Clone(t.Seats), heads: slices.Clone(t.Heads), free: slices.Clone(t.Seats), out: slices.Clone(t.Heads), price: slices.Clone(sol.Prices)}
	r.lefts = make([]int32, len(t.Heads))
	all := slices.Clone(t.Arcs)
	r.arcs, r.at = make([][]Arc, len(t.Heads)), make([][]place, len(t.Heads))
	counts := make([]int, len(t.Seats))
	for i := range all {
		counts[all[i].Supply]++
	}
	r.reach, r.holders = make([][]near, len(t.Seats)), make([][]int32, len(t.Seats))
	arcs := make([]near, len(all))
	for s, n := range counts {
		r.reach[s], arcs = arcs[:0:n], arcs[n:]
	}
	for d := range t.Heads {
		r.arcs[d] = all[t.Off[d]:t.Off[d+1]:t.Off[d+1]]
		for _, a := range r.arcs[d] {
			r.reach[a.Supply] = append(r.reach[a.Supply], near{int32(d), a.Value})
		}
		r.lefts[d] = r.left(int32(d))
	}
	for _, p := range sol.Placements {
		r.put(p.Demand, p.Supply, p.Units)
	}
	return r, nil
}

// SetDemand gives a demand other heads and arcs; the number after the last one makes a new
// demand. Arcs are checked as Transport.Validate does.
func (r *Resolver) SetDemand(d int32, heads int32, arcs []Arc) error {
	one := Transport{Seats: r.seats, Heads: []int32{heads}, Off: []uint32{0, uint32(len(arcs))}, Arcs: arcs}
	if d < 0 || int(d) > len(r.heads) {
		return invalid("demand", "number %d of %d", d, len(r.heads))
	}
	if err := one.Validate(); err != nil {
		return err
	}
	if int(d) == len(r.heads) {
		r.heads, r.out = append(r.heads, 0), append(r.out, 0)
		r.arcs, r.at, r.lefts = append(r.arcs, nil), append(r.at, nil), append(r.lefts, 0)
	}
	for len(r.at[d]) > 0 {
		p := r.at[d][0]
		r.take(d, p.supply, p.units)
		r.deficit = append(r.deficit, p.supply)
	}
	for _, a := range r.arcs[d] {
		r.reach[a.Supply] = slices.DeleteFunc(r.reach[a.Supply], func(n near) bool { return n.demand == d })
	}
	r.heads[d], r.out[d], r.arcs[d] = heads, heads, slices.Clone(arcs)
	for _, a := range arcs {
		r.reach[a.Supply] = append(r.reach[a.Supply], near{d, a.Value})
	}
	r.lefts[d] = r.left(d)
	r.excess = append(r.excess, d)
	return nil
}

// SetSeats gives a supply other seats; the number after the last one makes a new supply.
func (r *Resolver) SetSeats(s int32, seats int32) error {
	if s < 0 || int(s) > len(r.seats) || seats < 0 || seats > MaxUnits {
		return invalid("supply", "number %d of %d with %d seats", s, len(r.seats), seats)
	}
	if int(s) == len(r.seats) {
		r.seats, r.free, r.price = append(r.seats, 0), append(r.free, 0), append(r.price, 0)
		r.reach, r.holders = append(r.reach, nil), append(r.holders, nil)
	}
	if r.seats[s] == 0 && seats > 0 { // nobody has looked at its price: nobody may want it at once
		r.price[s] = 0
		for _, n := range r.reach[s] {
			r.price[s] = max(r.price[s], n.value-r.lefts[n.demand])
		}
	}
	more := seats - r.seats[s]
	r.seats[s] = seats
	for r.free[s]+more < 0 { // somebody has to go
		d := r.holders[s][len(r.holders[s])-1]
		p := r.placeAt(d, s)
		r.take(d, s, min(p.units, -more-r.free[s]))
		r.excess = append(r.excess, d)
	}
	r.free[s] += more
	if seats == 0 {
		for _, n := range r.reach[s] {
			if r.lefts[n.demand] == n.value-r.price[s] {
				r.lefts[n.demand] = r.left(n.demand)
			}
		}
	}
	r.deficit = append(r.deficit, s)
	return nil
}

func (r *Resolver) placeAt(d, s int32) *place {
	for i := range r.at[d] {
		if r.at[d][i].supply == s {
			return &r.at[d][i]
		}
	}
	return nil
}

// put places units, take takes them out.
func (r *Resolver) put(d, s, units int32) {
	r.free[s] -= units
	r.out[d] -= units
	if p := r.placeAt(d, s); p != nil {
		p.units += units
		return
	}
	r.at[d] = append(r.at[d], place{supply: s, units: units})
	r.holders[s] = append(r.holders[s], d)
}

func (r *Resolver) take(d, s, units int32) {
	r.free[s] += units
	r.out[d] += units
	p := r.placeAt(d, s)
	if p.units -= units; p.units > 0 {
		return
	}
	r.at[d] = slices.DeleteFunc(r.at[d], func(p place) bool { return p.units == 0 })
	list := r.holders[s]
	i := slices.Index(list, d)
	list[i] = list[len(list)-1]
	r.holders[s] = list[:len(list)-1]
}

// left works out what a demand's best supply leaves it.
func (r *Resolver) left(d int32) int32 {
	most := int32(0)
	for _, a := range r.arcs[d] {
		if r.seats[a.Supply] > 0 {
			most = max(most, a.Value-r.price[a.Supply])
		}
	}
	return most
}

// Solve mends the solution after the changes. Errors: the context's end, after which Solve
// may be called again.
func (r *Resolver) Solve(ctx context.Context) (*Solution, error) {
	for n := 0; len(r.excess)+len(r.deficit) > 0; n++ {
		if n%256 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		// Heads first: they may well take the seats that they left.
		if k := len(r.excess) - 1; k >= 0 {
			if d := r.excess[k]; r.out[d] > 0 && r.lefts[d] > 0 {
				r.place(d)
			} else {
				r.excess = r.excess[:k]
			}
			continue
		}
		k := len(r.deficit) - 1
		if s := r.deficit[k]; r.free[s] > 0 && r.price[s] > 0 {
			r.fill(s)
		} else {
			r.deficit = r.deficit[:k]
		}
	}
	return r.solution(), nil
}

func (r *Resolver) solution() *Solution {
	sol := &Solution{Prices: slices.Clone(r.price), Work: r.work}
	absent := make([]bool, len(r.seats))
	any := false
	for s, n := range r.seats {
		if n == 0 {
			absent[s], any = true, true
		}
	}
	for d := range r.at {
		from := len(sol.Placements)
		for _, p := range r.at[d] {
			sol.Placements = append(sol.Placements, Placement{int32(d), p.supply, p.units})
			sol.Filled += int64(p.units)
			sol.Value += int64(p.units) * int64(worthOf(r.arcs[d], p.supply))
		}
		slices.SortFunc(sol.Placements[from:], func(a, b Placement) int { return cmp.Compare(a.Supply, b.Supply) })
	}
	if any { // a supply without seats costs what its best seat would be worth
		for d, n := range r.heads {
			if n == 0 {
				continue
			}
			for _, a := range r.arcs[d] {
				if absent[a.Supply] {
					sol.Prices[a.Supply] = max(sol.Prices[a.Supply], a.Value-r.lefts[d])
				}
			}
		}
	}
	return sol
}

// setPrice changes a price, and what demands are left by it.
func (r *Resolver) setPrice(s, price int32) {
	was := r.price[s]
	r.price[s] = price
	for _, n := range r.reach[s] {
		left := &r.lefts[n.demand]
		if price < was {
			*left = max(*left, n.value-price)
		} else if *left == n.value-was {
			*left = r.left(n.demand)
		}
	}
}

// A search is a shortest path over supplies (Dijkstra), ties by number.
type search struct {
	number uint32   // of the search
	dist   []int32  // of a supply, if seen in this search
	seen   []uint32 // the last search that saw it
	done   []uint32 // the last one that was done with it
	via    []step   // how it was reached
	order  []int32  // supplies that are done
	queue  []reached
}

// A step goes to a supply by a unit of a demand that is at another; -1: it is the first.
type step struct{ demand, from int32 }

type reached struct{ dist, supply int32 }

func (x reached) before(y reached) bool {
	return x.dist < y.dist || x.dist == y.dist && x.supply < y.supply
}

func (s *search) begin(supplies int) {
	if more := supplies - len(s.dist); more > 0 {
		s.dist, s.via = append(s.dist, make([]int32, more)...), append(s.via, make([]step, more)...)
		s.seen, s.done = append(s.seen, make([]uint32, more)...), append(s.done, make([]uint32, more)...)
	}
	if s.number++; s.number == 0 {
		clear(s.seen)
		clear(s.done)
		s.number = 1
	}
	s.order, s.queue = s.order[:0], s.queue[:0]
}

// reach notes a way to a supply if it is shorter than others and than most.
func (s *search) reach(supply, dist, most int32, by step) {
	if dist >= most || s.seen[supply] == s.number && s.dist[supply] <= dist {
		return
	}
	s.seen[supply], s.dist[supply], s.via[supply] = s.number, dist, by
	x := reached{dist, supply}
	s.queue = append(s.queue, x)
	i := len(s.queue) - 1
	for i > 0 && x.before(s.queue[(i-1)/2]) {
		s.queue[i] = s.queue[(i-1)/2]
		i = (i - 1) / 2
	}
	s.queue[i] = x
}

// next is the nearest supply that is not done.
func (s *search) next() (supply, dist int32, ok bool) {
	for len(s.queue) > 0 {
		top, n := s.queue[0], len(s.queue)-1
		x := s.queue[n]
		s.queue = s.queue[:n]
		for i := 0; n > 0; {
			c := 2*i + 1
			if c+1 < n && s.queue[c+1].before(s.queue[c]) {
				c++
			}
			if c >= n || !s.queue[c].before(x) {
				s.queue[i] = x
				break
			}
			s.queue[i] = s.queue[c]
			i = c
		}
		if s.done[top.supply] != s.number && s.dist[top.supply] == top.dist {
			s.done[top.supply] = s.number
			s.order = append(s.order, top.supply)
			return top.supply, top.dist, true
		}
	}
	return 0, 0, false
}

// place finds room for heads of a demand that are out: on a free seat, or instead of a
// unit that goes elsewhere, and so on, or instead of one that goes out; or nowhere, when
// that is best. Prices on the way rise.
func (r *Resolver) place(d int32) {
	r.work.Paths++
	sc := &r.search
	sc.begin(len(r.seats))
	left := r.lefts[d]
	total, leaves, last := left, int32(-1), int32(-1) // the best end so far: the demand stays out
	for _, a := range r.arcs[d] {
		if r.seats[a.Supply] > 0 && a.Value > 0 {
			sc.reach(a.Supply, left-(a.Value-r.price[a.Supply]), total, step{d, -1})
		}
	}
	for {
		s, dist, ok := sc.next()
		if !ok || dist >= total {
			break
		}
		if r.free[s] > 0 {
			total, leaves, last = dist, -1, s
			break
		}
		for _, h := range r.holders[s] {
			if h == d {
				continue // its own units give way to nobody of it
			}
			at := r.lefts[h]
			if dist+at < total {
				total, leaves, last = dist+at, h, s
			}
			for _, a := range r.arcs[h] {
				if r.seats[a.Supply] > 0 && a.Value > 0 {
					sc.reach(a.Supply, dist+at-(a.Value-r.price[a.Supply]), total, step{h, s})
				}
			}
		}
	}
	for _, s := range sc.order {
		if dist := sc.dist[s]; dist < total {
			r.setPrice(s, r.price[s]+total-dist)
		}
	}
	if last < 0 {
		return
	}
	units := r.out[d]
	if leaves >= 0 {
		units = min(units, r.placeAt(leaves, last).units)
	} else {
		units = min(units, r.free[last])
	}
	for s := last; sc.via[s].from >= 0; s = sc.via[s].from {
		units = min(units, r.placeAt(sc.via[s].demand, sc.via[s].from).units)
	}
	if leaves >= 0 {
		r.take(leaves, last, units)
	}
	for s := last; s >= 0; {
		by := sc.via[s]
		if by.from >= 0 {
			r.take(by.demand, by.from, units)
		}
		r.put(by.demand, s, units)
		s = by.from
	}
}

// fill finds units for free seats of a supply with a price: heads that are out, or units
// that leave a seat elsewhere, and so on to a supply whose price falls to 0; or none, when its own
// does. Prices on the way fall.
func (r *Resolver) fill(s int32) {
	r.work.Paths++
	sc := &r.search
	sc.begin(len(r.seats))
	total, comes, last := r.price[s], int32(-1), s
	sc.reach(s, 0, math.MaxInt32, step{-1, -1})
	for {
		x, dist, ok := sc.next()
		if !ok || dist >= total {
			break
		}
		if end := dist + r.price[x]; end < total {
			total, comes, last = end, -1, x
		}
		for _, n := range r.reach[x] {
			d := n.demand
			far := dist + r.lefts[d] - (n.value - r.price[x])
			if far >= total || n.value <= 0 {
				continue
			}
			if r.out[d] > 0 {
				total, comes, last = far, d, x
			}
			for _, p := range r.at[d] {
				if p.supply != x {
					sc.reach(p.supply, far, total, step{d, x})
				}
			}
		}
	}
	for _, x := range sc.order {
		if dist := sc.dist[x]; dist < total {
			r.setPrice(x, r.price[x]-(total-dist))
		}
	}
	if last == s && comes < 0 {
		return
	}
	units := r.free[s]
	if comes >= 0 {
		units = min(units, r.out[comes])
	}
	for x := last; sc.via[x].from >= 0; x = sc.via[x].from {
		units = min(units, r.placeAt(sc.via[x].demand, x).units)
	}
	if comes >= 0 {
		r.put(comes, last, units)
	}
	for x := last; sc.via[x].from >= 0; x = sc.via[x].from {
		by := sc.via[x]
		r.take(by.demand, x, units)
		r.put(by.demand, by.from, units)
	}
}
