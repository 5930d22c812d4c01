package gap

import (
	"cmp"
	"math"
	"slices"
)

// Figures are a cell in numbers. nil is "no data", which is not 0: a side is nil where its records
// cannot say these dimensions or none of them speaks of it (demandKnown, supplyKnown), a factor
// where no record says it.
type Figures struct {
	Demand, Supply   *float64
	AtLevel          *float64 // supply at the levels asked; nil where cells have no levels
	Study, Away, In  *float64 // what becomes of graduates, and who comes in
	BelowLevel       *float64 // of those who are left: do not count at the levels asked
	Effective        *float64 // Supply - Study - Away + In - BelowLevel; of In alone where Supply is nil
	Gap, GapAtLevel  *float64 // Demand - Supply, Demand - AtLevel
	EffectiveGap     *float64 // Demand - Effective
	Ratio            *float64 // Supply / Demand; nil without demand
	Unreached        *float64 // share of heads without any eligible program; nil without heads
	UnreachedHeads   int64
	Demands          int
	Programs         int
	NoStudy, NoStays int
	NoCohorts        int // programs without any cohort
	OtherYears       int // programs with cohorts in other years only
}

// Cells is how many cells there are.
func (r *Report) Cells() int { return len(r.cells.keys) }

// Key is a cell's.
func (r *Report) Key(cell int32) Key { return unpack(r.cells.keys[cell]) }

// Arrive says how many people come into cells; cells that nobody asks or teaches are left
// out, and it says how many those were.
func (r *Report) Arrive(people map[Key]float64) (left int) {
	r.arrivals = map[uint64]float64{}
	for k, n := range people {
		if r.cells.find(k.packed()) < 0 {
			left++
			continue
		}
		r.arrivals[k.packed()] = n
	}
	return left
}

// total is all levels together.
func total(by *[levels]float64) (sum float64) {
	for _, v := range by {
		sum += v
	}
	return sum
}

// atLevels is how many of the people can count at the levels asked: the least, over the
// levels l that some demand asks, of those who have l or more plus the heads that ask
// less than l. One who has a level serves every lower one, so the levels are nested, and by Hall's
// theorem (P. Hall, "On representatives of subsets", 1935, in its deficiency form) demand
// less this number is exactly the heads that cannot be filled at their level when everyone
// fills one seat; where one level is asked, it is those who have it. more is people who
// have every level.
func atLevels(asked *[levels]float64, mask uint8, by *[levels]float64, more float64) float64 {
	above := total(by)
	least, below := above+more, 0.0
	for l := range by {
		if mask&(1<<l) != 0 {
			least = min(least, above+more+below)
		}
		above -= by[l]
		below += asked[l]
	}
	return least
}

// heads are the heads asked, by level.
func (o *Openings) heads() (by [levels]float64) {
	for l, n := range o.Asked {
		by[l] = float64(n)
	}
	return by
}

// settled adds those who come in to those who stay: more people, of every level. When more go than come, they are
// taken off, of every level its part, as far as there are any. moved is what that makes in all.
func settled(staying [levels]float64, in float64) (by [levels]float64, more, moved float64) {
	if in >= 0 {
		return staying, in, in
	}
	all := total(&staying)
	if all <= 0 {
		return staying, 0, 0
	}
	moved = max(in, -all)
	for l := range staying {
		staying[l] *= 1 + moved/all
	}
	return staying, 0, moved
}

// counted is how many of those who stay and come in count at the levels asked, or all of them
// where cells have none.
func (r *Report) counted(asked *[levels]float64, mask uint8, by *[levels]float64, more float64) float64 {
	if !r.Totals.Leveled {
		return total(by) + more
	}
	return atLevels(asked, mask, by, more)
}

// Figures are a cell's numbers.
func (r *Report) Figures(cell int32) Figures {
	o, s := &r.cells.sums[cell], &r.supply[cell]
	f := Figures{
		Demands: int(o.Records), Programs: int(s.Programs + s.silent()), UnreachedHeads: o.Unreached, NoStudy: int(s.NoStudy), NoStays: int(s.NoRetention),
		NoCohorts: int(s.NoCohorts), OtherYears: int(s.OtherYears),
	}
	if r.demandKnown(cell) {
		f.Demand = number(float64(o.Heads))
		if o.Heads > 0 {
			f.Unreached = number(float64(o.Unreached) / float64(o.Heads))
		}
	}
	asked := o.heads()
	if r.supplyKnown(cell) {
		f.Supply = number(total(&s.Graduates))
		if s.NoStudy < s.Programs {
			f.Study = number(s.Study)
		}
		if s.Retained > 0 {
			f.Away = number(s.Away)
		}
		if r.Totals.Leveled {
			f.AtLevel = number(atLevels(&asked, o.Levels, &s.Graduates, 0))
		}
	}
	in, arrives := r.arrivals[r.cells.keys[cell]]
	by, more, moved := settled(s.Staying, in)
	switch {
	case !arrives:
	case f.Supply == nil && in < 0: // of how many, nobody knows
		f.In = number(in)
	default:
		f.In = number(moved)
	}
	if f.Supply != nil || arrives && in >= 0 {
		effective := r.counted(&asked, o.Levels, &by, more)
		f.Effective = number(effective)
		if r.Totals.Leveled {
			f.BelowLevel = number(total(&by) + more - effective)
		}
	}
	f.compare()
	return f
}

// compare fills what is of both sides.
func (f *Figures) compare() {
	if f.Demand == nil {
		return
	}
	less := func(v *float64) *float64 {
		if v == nil {
			return nil
		}
		return number(*f.Demand - *v)
	}
	f.Gap, f.GapAtLevel, f.EffectiveGap = less(f.Supply), less(f.AtLevel), less(f.Effective)
	if *f.Demand > 0 && f.Supply != nil {
		ratio := *f.Supply / *f.Demand
		f.Ratio = &ratio
	}
}

// Overdrawn counts the cells that more people are said to leave, on balance, than there are.
func (r *Report) Overdrawn() (cells int) {
	for key, in := range r.arrivals {
		cell := r.cells.find(key)
		if _, _, moved := settled(r.supply[cell].Staying, in); moved > in && r.supplyKnown(cell) {
			cells++
		}
	}
	return cells
}

// number rounds to a millionth: rates make fractions of people.
func number(v float64) *float64 {
	if w := math.Round(v*1e6) / 1e6; !math.IsInf(w, 0) {
		v = w
	}
	v += 0 // no -0
	return &v
}

// Level is what is asked and held of one level in a cell.
type Level struct {
	Level  int
	Asked  int64   // heads that ask exactly this level
	Having float64 // graduates who have it or more
}

// Levels are those that the demands of a cell ask, the lowest first; none where cells have no levels.
func (r *Report) Levels(cell int32) (out []Level) {
	if !r.Totals.Leveled {
		return nil
	}
	o, s := &r.cells.sums[cell], &r.supply[cell]
	above := total(&s.Graduates)
	for l := range levels {
		if o.Levels&(1<<l) != 0 {
			out = append(out, Level{l + 1, o.Asked[l], *number(above)})
		}
		above -= s.Graduates[l]
	}
	return out
}

// A Sort is what the largest comes first by.
type Sort int

// The sorts. Without data the missing side counts 0.
const (
	ByGap Sort = iota
	ByGapAtLevel
	ByEffectiveGap
	ByDemand
	ByUnreached // heads
)

// worth is what a cell is sorted by.
func (r *Report) worth(cell int32, by Sort) float64 {
	o, s := &r.cells.sums[cell], &r.supply[cell]
	heads := float64(o.Heads)
	switch by {
	case ByDemand:
		return heads
	case ByUnreached:
		return float64(o.Unreached)
	case ByGapAtLevel:
		if r.Totals.Leveled {
			asked := o.heads()
			return heads - atLevels(&asked, o.Levels, &s.Graduates, 0)
		}
	case ByEffectiveGap:
		asked := o.heads()
		by, more, _ := settled(s.Staying, r.arrivals[r.cells.keys[cell]])
		return heads - r.counted(&asked, o.Levels, &by, more)
	}
	return heads - total(&s.Graduates)
}

// First is the first n cells: the largest first, then by demand, then by key as before says.
func (r *Report) First(by Sort, n int, before func(a, b Key) int) []int32 {
	worth := make([]float64, r.Cells())
	for i := range worth {
		worth[i] = r.worth(int32(i), by)
	}
	order := func(a, b int32) int {
		return cmp.Or(cmp.Compare(worth[b], worth[a]), cmp.Compare(r.cells.sums[b].Heads, r.cells.sums[a].Heads), before(r.Key(a), r.Key(b)))
	}
	first := make([]int32, len(worth))
	for i := range first {
		first[i] = int32(i)
	}
	if n < len(first)/16 {
		first = atLeast(first, worth, n)
	}
	slices.SortFunc(first, order)
	return first[:min(n, len(first))]
}

// atLeast leaves out cells that are worth less than the n-th.
func atLeast(cells []int32, worth []float64, n int) []int32 {
	if n <= 0 {
		return nil
	}
	best := make([]float64, 0, 4*n) // at most this many are sorted at a time
	floor := math.Inf(-1)
	for _, w := range worth {
		if w < floor {
			continue
		}
		if best = append(best, w); len(best) == cap(best) {
			slices.SortFunc(best, func(a, b float64) int { return cmp.Compare(b, a) })
			best = best[:n]
			floor = best[n-1]
		}
	}
	slices.SortFunc(best, func(a, b float64) int { return cmp.Compare(b, a) })
	floor = best[min(n, len(best))-1]
	return slices.DeleteFunc(cells, func(c int32) bool { return worth[c] < floor })
}
