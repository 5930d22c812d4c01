package allocate

import (
	"cmp"
	"context"
	"slices"
)

// A Group is openings whose share of filled heads fairness looks at, by ascending number.
// No opening is in two groups.
type Group struct {
	Openings []int32
}

// fairFills finds how many heads of each group are filled in the fairest way: the lowest
// share of filled heads is as high as can be, then the next lowest, and so on (leximin).
//
// What groups can have together is a polymatroid, since a chain of moves that fills one more
// head of a group empties none of another. So it is right to fill one more head of the group
// with the lowest share as long as that is possible (Federgruen and Groenevelt 1986). Units on reserved
// seats come first, and are spread in the same way.
func (m *Market) fairFills(ctx context.Context) ([]int64, error) {
	f := m.newFairness()
	for _, reserved := range []bool{true, false} {
		if reserved && len(m.Reservations) == 0 {
			continue
		}
		open := make([]bool, len(m.Groups))
		for g := range open {
			open[g] = f.size[g] > 0
		}
		for n := 0; ; n++ {
			if n%256 == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			g := f.lowest(open)
			if g < 0 {
				break
			}
			if !f.fill(g, reserved) {
				open[g] = false
			}
		}
		if reserved { // what no group asks for
			for o := range f.heads {
				for f.group[o] < 0 && f.heads[o] > 0 && f.chain([]int32{int32(o)}, true) {
				}
			}
		}
	}
	return f.filled, nil
}

// A fairness is a seating on its way: units by supply (cohorts' seats that are not
// reserved, then reservations) and opening.
type fairness struct {
	m            *Market
	group        []int32 // of an opening; -1
	size, filled []int64 // heads of a group
	free         []int64 // seats of a supply
	heads        []int64 // of an opening, not filled
	units        []map[int32]int64
	byOpening    [][]int32 // reservations
}

func (m *Market) newFairness() *fairness {
	f := &fairness{m: m, size: make([]int64, len(m.Groups)), filled: make([]int64, len(m.Groups)), byOpening: m.reservationsByOpening()}
	f.group, f.heads = make([]int32, len(m.Headcount)), make([]int64, len(m.Headcount))
	for o, n := range m.Headcount {
		f.group[o], f.heads[o] = -1, int64(n)
	}
	for g := range m.Groups {
		for _, o := range m.Groups[g].Openings {
			f.group[o] = int32(g)
			f.size[g] += int64(m.Headcount[o])
		}
	}
	f.free = make([]int64, len(m.Graduates)+len(m.Reservations))
	for c, n := range m.Graduates {
		f.free[c] = int64(n)
	}
	for k := range m.Reservations {
		r := &m.Reservations[k]
		f.free[r.Cohort] -= int64(r.Seats)
		f.free[len(m.Graduates)+k] = int64(r.Seats)
	}
	f.units = make([]map[int32]int64, len(f.free))
	for s := range f.units {
		f.units[s] = map[int32]int64{}
	}
	return f
}

// lowest is the open group with the lowest share, of equals the one that a head raises
// most, and then the first; -1 when none is open or all are full.
func (f *fairness) lowest(open []bool) int {
	best := -1
	for g := range open {
		if open[g] && f.filled[g] < f.size[g] && (best < 0 ||
			cmp.Or(compareShares(f.filled[g], f.size[g], f.filled[best], f.size[best]), cmp.Compare(f.size[g], f.size[best])) < 0) {
			best = g
		}
	}
	return best
}

// compareShares compares a/n and b/m without dividing; they are below 2^61 together.
func compareShares(a, n, b, m int64) int {
	return wideOf(a, m).compare(wideOf(b, n))
}

func wideOf(a, b int64) wide {
	var w wide
	w.add(a, b)
	return w
}

func (w wide) compare(o wide) int {
	return cmp.Or(cmp.Compare(w.high, o.high), cmp.Compare(w.low, o.low))
}

// fill fills one more head of a group.
func (f *fairness) fill(g int, reserved bool) bool {
	var from []int32
	for _, o := range f.m.Groups[g].Openings {
		if f.heads[o] > 0 {
			from = append(from, o)
		}
	}
	if !f.chain(from, reserved) {
		return false
	}
	f.filled[g]++
	return true
}

// chain moves a unit to one of the openings, another to where that was, and so on from a
// free seat; on reserved seats alone, or on all.
func (f *fairness) chain(from []int32, reserved bool) bool {
	n := int32(len(f.m.Graduates))
	byOpening, bySupply := map[int32]int32{}, map[int32]int32{} // how they were reached
	queue := slices.Clone(from)
	for _, o := range from {
		byOpening[o] = -1
	}
	visit := func(supply, o int32) bool {
		if _, seen := bySupply[supply]; seen {
			return false
		}
		bySupply[supply] = o
		if f.free[supply] > 0 {
			f.free[supply]--
			for {
				f.units[supply][o]++
				before := byOpening[o]
				if before < 0 {
					f.heads[o]--
					return true
				}
				if f.units[before][o]--; f.units[before][o] == 0 {
					delete(f.units[before], o)
				}
				supply, o = before, bySupply[before]
			}
		}
		next := make([]int32, 0, len(f.units[supply]))
		for o := range f.units[supply] {
			if _, seen := byOpening[o]; !seen {
				next = append(next, o)
			}
		}
		slices.Sort(next)
		for _, o := range next {
			byOpening[o] = supply
			queue = append(queue, o)
		}
		return false
	}
	for ; len(queue) > 0; queue = queue[1:] {
		o := queue[0]
		for _, k := range f.byOpening[o] {
			if p, ok := f.m.pair(o, f.m.Reservations[k].Cohort); ok && p.Value > 0 && visit(n+k, o) {
				return true
			}
		}
		if reserved {
			continue
		}
		for _, p := range f.m.Pairs[f.m.Off[o]:f.m.Off[o+1]] {
			if p.Value > 0 && visit(p.Cohort, o) {
				return true
			}
		}
	}
	return false
}

// withFills is the market whose groups have just these fills.
func (m *Market) withFills(fills []int64) *Market {
	out := *m
	out.Limits, out.Groups = nil, nil
	for g, n := range fills {
		if len(m.Groups[g].Openings) > 0 {
			out.Limits = append(out.Limits, Limit{Openings: m.Groups[g].Openings, AtLeast: n, AtMost: n})
		}
	}
	return &out
}

// seatFairly has the greatest value of the seatings with the fairest fills.
func (m *Market) seatFairly(ctx context.Context, o Options) (*Seating, error) {
	fills, err := m.fairFills(ctx)
	if err != nil {
		return nil, err
	}
	s, err := m.withFills(fills).seatWithin(ctx, MaxTotal, o)
	if err != nil {
		return nil, err
	}
	s.Policy, s.Fills = Fair, fills
	return s, nil
}
