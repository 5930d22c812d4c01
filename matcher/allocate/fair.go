package allocate

import (
	"cmp"
	"context"
	"maps"
	"math/bits"
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
	f, err := m.newFairness(), error(nil)
	for _, reserved := range []bool{true, false} {
		if reserved && len(m.Reservations) == 0 {
			continue
		}
		open := make([]bool, len(m.Groups))
		for g := range open {
			open[g] = f.size[g] > 0
		}
		for some := true; some; {
			if sum(m.Headcount) > fewHeads {
				if f, err = f.level(ctx, open, reserved); err != nil {
					return nil, err
				}
			}
			if some, err = f.rise(ctx, open, reserved); err != nil {
				return nil, err
			}
		}
		if reserved { // what no group asks for
			for o := range f.heads {
				for f.group[o] < 0 && f.heads[o] > 0 && f.chain([]int32{int32(o)}, f.heads[o], true) > 0 {
				}
			}
		}
	}
	return f.filled, nil
}

// fewHeads is how many heads are filled one turn after another.
const fewHeads = 100_000

// rise fills heads in turn until a group has no more; some is false when none has.
func (f *fairness) rise(ctx context.Context, open []bool, reserved bool) (some bool, err error) {
	for n := 0; ; n++ {
		if n%256 == 0 && ctx.Err() != nil {
			return false, ctx.Err()
		}
		g, units := f.lowest(open)
		if g < 0 {
			return false, nil
		}
		if !f.fill(g, units, reserved) {
			open[g] = false
			return true, nil
		}
	}
}

// level fills open groups up to the highest share, of a fine scale, that all of them can
// have: as far as taking turns would fill all of them without refusing one.
func (f *fairness) level(ctx context.Context, open []bool, reserved bool) (*fairness, error) {
	const whole = 1 << 30
	at := int64(0)
	for step := int64(whole); step > 0; step /= 2 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if at+step > whole {
			continue
		}
		higher := f.clone()
		if higher.raise(open, at+step, whole, reserved) {
			f, at = higher, at+step
		}
	}
	return f, nil
}

// raise fills every open group up to a share, if it can.
func (f *fairness) raise(open []bool, share, whole int64, reserved bool) bool {
	for g := range open {
		if !open[g] {
			continue
		}
		high, low := bits.Mul64(uint64(share), uint64(f.size[g]))
		to, rest := bits.Div64(high, low, uint64(whole))
		if rest > 0 {
			to++ // all whose turn comes below that share
		}
		for f.filled[g] < int64(to) {
			if !f.fill(g, int64(to)-f.filled[g], reserved) {
				return false
			}
		}
	}
	return true
}

func (f *fairness) clone() *fairness {
	out := *f
	out.filled, out.free, out.heads = slices.Clone(f.filled), slices.Clone(f.free), slices.Clone(f.heads)
	out.units = make([]map[int32]int64, len(f.units))
	for s := range f.units {
		out.units[s] = maps.Clone(f.units[s])
	}
	return &out
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
// most, and then the first; -1 when none is open or all are full. It may have so many heads
// before it would be another's turn.
func (f *fairness) lowest(open []bool) (best int, units int64) {
	best, next := -1, -1
	for g := range open {
		switch {
		case !open[g] || f.filled[g] >= f.size[g]:
		case best < 0 || f.before(g, best):
			best, next = g, best
		case next < 0 || f.before(g, next):
			next = g
		}
	}
	if best < 0 {
		return -1, 0
	}
	if next < 0 {
		return best, f.size[best] - f.filled[best]
	}
	high, low := bits.Mul64(uint64(f.filled[next]), uint64(f.size[best]))
	as, _ := bits.Div64(high, low, uint64(f.size[next])) // heads with which its share is not above next's
	return best, max(1, int64(as)-f.filled[best])
}

func (f *fairness) before(a, b int) bool {
	return cmp.Or(compareShares(f.filled[a], f.size[a], f.filled[b], f.size[b]), cmp.Compare(f.size[a], f.size[b])) < 0
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

// fill fills up to so many more heads of a group.
func (f *fairness) fill(g int, units int64, reserved bool) bool {
	var from []int32
	for _, o := range f.m.Groups[g].Openings {
		if f.heads[o] > 0 {
			from = append(from, o)
		}
	}
	units = f.chain(from, units, reserved)
	f.filled[g] += units
	return units > 0
}

// chain moves units to one of the openings, others to where those were, and so on from
// free seats; on reserved seats alone, or on all. It says how many, up to most.
func (f *fairness) chain(from []int32, most int64, reserved bool) int64 {
	n := int32(len(f.m.Graduates))
	byOpening, bySupply := map[int32]int32{}, map[int32]int32{} // how they were reached
	queue := slices.Clone(from)
	for _, o := range from {
		byOpening[o] = -1
	}
	// finish moves as many units as can go all the way to o and on from there.
	finish := func(supply, o int32) int64 {
		units := min(most, f.free[supply])
		at := o
		for byOpening[at] >= 0 {
			before := byOpening[at]
			units = min(units, f.units[before][at])
			at = bySupply[before]
		}
		units = min(units, f.heads[at])
		f.free[supply] -= units
		for {
			f.units[supply][o] += units
			before := byOpening[o]
			if before < 0 {
				f.heads[o] -= units
				return units
			}
			if f.units[before][o] -= units; f.units[before][o] == 0 {
				delete(f.units[before], o)
			}
			supply, o = before, bySupply[before]
		}
	}
	visit := func(supply, o int32) int64 {
		if _, seen := bySupply[supply]; seen {
			return 0
		}
		bySupply[supply] = o
		if f.free[supply] > 0 {
			return finish(supply, o)
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
		return 0
	}
	for ; len(queue) > 0; queue = queue[1:] {
		o := queue[0]
		for _, k := range f.byOpening[o] {
			if p, ok := f.m.pair(o, f.m.Reservations[k].Cohort); ok && p.Value > 0 {
				if units := visit(n+k, o); units > 0 {
					return units
				}
			}
		}
		if reserved {
			continue
		}
		for _, p := range f.m.Pairs[f.m.Off[o]:f.m.Off[o+1]] {
			if p.Value > 0 {
				if units := visit(p.Cohort, o); units > 0 {
					return units
				}
			}
		}
	}
	return 0
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
