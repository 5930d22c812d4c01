package gap

import (
	"cmp"
	"math"
	"slices"
)

// Figures are a cell in numbers. nil is "no data", which is not 0: a side without any data
// for these dimensions is nil everywhere, and a factor is nil where no record says it.
type Figures struct {
	Demand, Supply   *float64
	AtLevel          *float64 // supply at the levels asked; nil without the dimension Skill
	Study, Away, In  *float64 // what becomes of graduates, and who comes in
	BelowLevel       *float64 // of those who are left: do not count at the levels asked
	Effective        *float64 // Supply - Study - Away + In - BelowLevel
	Gap, GapAtLevel  *float64 // Demand - Supply, Demand - AtLevel
	EffectiveGap     *float64 // Demand - Effective
	Ratio            *float64 // Supply / Demand; nil without demand
	Unreached        *float64 // share of heads without any eligible program; nil without heads
	UnreachedHeads   int64
	Demands          int
	Programs         int
	NoStudy, NoStays int
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
func atLevels(asked *[levels]int64, mask uint8, by *[levels]float64, more float64) float64 {
	above := total(by)
	least, below := above+more, 0.0
	for l := range by {
		if mask&(1<<l) != 0 {
			least = min(least, above+more+below)
		}
		above -= by[l]
		below += float64(asked[l])
	}
	return least
}

// Figures are a cell's numbers.
func (r *Report) Figures(cell int32) Figures {
	o, s := &r.cells.sums[cell], &r.supply[cell]
	f := Figures{Demands: int(o.Records), Programs: int(s.Programs), UnreachedHeads: o.Unreached, NoStudy: int(s.NoStudy), NoStays: int(s.NoRetention)}
	if r.Totals.AnyDemand {
		f.Demand = number(float64(o.Heads))
		if o.Heads > 0 {
			f.Unreached = number(float64(o.Unreached) / float64(o.Heads))
		}
	}
	if !r.Totals.AnySupply {
		return f
	}
	all := total(&s.Graduates)
	f.Supply = number(all)
	if s.NoStudy < s.Programs {
		f.Study = number(s.Study)
	}
	if r.plan.Leaves && s.NoRetention < s.Programs {
		f.Away = number(s.Away)
	}
	in, arrives := r.arrivals[r.cells.keys[cell]]
	if arrives {
		f.In = number(in)
	}
	effective := total(&s.Staying) + in
	if r.Totals.Leveled {
		f.AtLevel = number(atLevels(&o.Asked, o.Levels, &s.Graduates, 0))
		eff := atLevels(&o.Asked, o.Levels, &s.Staying, in)
		f.BelowLevel = number(effective - eff)
		effective = eff
	}
	f.Effective = number(effective)
	if f.Demand == nil {
		return f
	}
	f.Gap, f.EffectiveGap = number(*f.Demand-all), number(*f.Demand-effective)
	if f.AtLevel != nil {
		f.GapAtLevel = number(*f.Demand - *f.AtLevel)
	}
	if o.Heads > 0 {
		ratio := all / *f.Demand
		f.Ratio = &ratio
	}
	return f
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

// Levels are those that the demands of a cell ask, the lowest first; none in a report without Skill.
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
			return heads - atLevels(&o.Asked, o.Levels, &s.Graduates, 0)
		}
	case ByEffectiveGap:
		in := r.arrivals[r.cells.keys[cell]]
		if r.Totals.Leveled {
			return heads - atLevels(&o.Asked, o.Levels, &s.Staying, in)
		}
		return heads - total(&s.Staying) - in
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
