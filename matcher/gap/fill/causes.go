package fill

import (
	"context"
	"fmt"
	"slices"
	"sync"
)

// Causes says why heads stay empty. Shares are in 120ths of a head (Whole), so that they are
// whole numbers and add up exactly:
//
//	Share[0] + ... + Share[4] + Whole*Numbers = Whole*Unfilled[0]
//
// and the same of each opening (OpeningCauses).
type Causes struct {
	// Unfilled is u(S): how many heads stay empty when the limits of each Set are relaxed.
	Unfilled [Sets]int64
	// Share is what each limit is to blame for, >= 0.
	Share [Limits]int64
	// Numbers is heads that stay empty when every limit is relaxed: Unfilled[AllLimits].
	Numbers int64
	// Openings are the same by opening; add them up by occupation or region as you like.
	Openings OpeningCauses
}

// OpeningCauses has the parts of Causes by opening. As things are (Unfilled), early openings are
// filled first. Whatever is relaxed, an opening keeps the heads that it has then; of those that
// compete for what is gained none comes first: they are filled in their order and in the opposite
// one, and the mean counts. So Numbers are never more than what is empty, and two openings that compete
// share alike; of more, those between them depend on the order. A share may be negative: where a
// limit keeps competitors from what another one brings, relaxing it costs the opening heads.
//
// All but Unfilled are in 120ths of a head.
type OpeningCauses struct {
	Unfilled    []int64 // heads, with no limit relaxed
	Numbers     []int64 // with every limit relaxed
	Share       [Limits][]int64
	First, Last [Limits][]int64 // as Causes has them
}

// Whole is how many parts one head has in a share: 5!, the orders of the limits.
const Whole = 120

// weight[n] is the orders of 5 limits in which a given set of n comes first and a given one
// next: n! (4-n)!, in 120ths (Shapley 1953, "A value for n-person games").
var weight = [Limits]int64{24, 6, 4, 6, 24}

// Heads is a share in heads.
func Heads(share int64) float64 { return float64(share) / Whole }

// First is how many heads the limit alone keeps empty: those filled when it is the first to be relaxed.
func (c *Causes) First(k Limit) int64 { return c.Unfilled[0] - c.Unfilled[Set(0).With(k)] }

// Last is how many heads it keeps empty when nothing else does: those filled when it is
// relaxed last.
func (c *Causes) Last(k Limit) int64 {
	return c.Unfilled[AllLimits.Without(k)] - c.Unfilled[AllLimits]
}

// Causes fills the market without each set of limits, and shares the heads that stay empty out
// among limits by Shapley's value: what each limit fills when it is relaxed after others, on
// average over all orders. Two threads at most unless more are asked for, since each has a graph
// of up to 4 bytes a pair.
//
// Errors: what Validate says, the context's end.
func (m *Market) Causes(ctx context.Context, o Options) (*Causes, error) {
	if err := m.Validate(); err != nil {
		return nil, err
	}
	c := &Causes{}
	n := len(m.Openings)
	c.Openings.Unfilled, c.Openings.Numbers = make([]int64, n), make([]int64, n)
	for k := range Limits {
		o := &c.Openings
		o.Share[k], o.First[k], o.Last[k] = make([]int64, n), make([]int64, n), make([]int64, n)
	}
	if err := c.fillSets(ctx, m, o); err != nil {
		return nil, err
	}
	c.Numbers = c.Unfilled[AllLimits]
	for k := range Limits {
		for _, x := range c.Openings.Share[k] {
			c.Share[k] += x
		}
	}
	return c, c.check()
}

// fillSets works the sets out: first the empty one, whose heads the others keep, then several at
// once. Sums are of whole numbers: who is ready first does not matter.
func (c *Causes) fillSets(ctx context.Context, m *Market, o Options) error {
	idle := m.idle()
	jobs := make(chan Set, Sets)
	for s := range Set(Sets) { // those with skills have most pairs and come first
		if s&idle == 0 && s != 0 && !s.Has(Skills) {
			jobs <- s
		}
	}
	for s := range Set(Sets) {
		if s&idle == 0 && s.Has(Skills) {
			jobs <- s
		}
	}
	close(jobs)
	most := 2
	if o.Threads > 0 {
		most = o.Threads
	}
	heads, count := m.heads(), o.counter("limits", 1+len(jobs))
	kept, err := m.fill(ctx, 0, nil, heads)
	if err != nil {
		return err
	}
	c.add(0, idle, heads, kept)
	count()
	for d := range kept {
		kept[d] /= 2
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var lock sync.Mutex
	var done sync.WaitGroup
	for range o.threads(min(most, len(jobs))) {
		done.Go(func() {
			for s := range jobs {
				filled, err := m.fill(ctx, s, kept, heads)
				if err != nil {
					stop(err)
					return
				}
				lock.Lock()
				c.add(s, idle, heads, filled)
				lock.Unlock()
				count()
			}
		})
	}
	done.Wait()
	return ended(ctx)
}

// fill is how many heads of each opening are filled without some limits, in halves: those that
// are kept, and of the others the mean of what the order fills and the opposite one. Without kept heads
// the order alone counts.
func (m *Market) fill(ctx context.Context, relaxed Set, kept, heads []int64) ([]int64, error) {
	if err := ended(ctx); err != nil {
		return nil, err
	}
	c := m.newClasses(relaxed)
	skills := !relaxed.Has(Skills)
	n := c.alike(skills)
	var l *lists
	if skills {
		var err error
		if l, err = c.bySkills(ctx, n); err != nil {
			return nil, err
		}
	} else {
		l = c.byKinds(n)
	}
	f := filling{ctx: ctx, lists: l, units: n.units, kept: kept, rest: heads}
	if kept != nil {
		f.rest = slices.Clone(heads)
		for d, x := range kept {
			f.rest[d] -= x
		}
	}
	return f.both()
}

// A filling fills what is not kept in one order and in the opposite one.
type filling struct {
	ctx   context.Context
	lists *lists
	units []int64
	kept  []int64
	rest  []int64
	flow  *flow
}

// both is what both orders fill, added up.
func (f *filling) both() ([]int64, error) {
	if err := f.start(); err != nil {
		return nil, err
	}
	if f.kept != nil {
		f.flow.mark()
	}
	filled := make([]int64, len(f.rest))
	got, err := f.fill(filled, false)
	if err != nil {
		return nil, err
	}
	left := -got
	for _, n := range f.rest {
		left += n
	}
	if f.kept == nil || got == 0 || left == 0 { // any order fills as much of each
		for d := range filled {
			filled[d] *= 2
		}
	} else {
		if !f.flow.rollback() {
			if err := f.start(); err != nil {
				return nil, err
			}
		}
		again, err := f.fill(filled, true)
		if err != nil {
			return nil, err
		}
		if again != got {
			return nil, fmt.Errorf("fill: %d heads are filled in order, %d in the opposite one", got, again)
		}
	}
	for d, x := range f.kept {
		filled[d] += 2 * x
	}
	return filled, nil
}

// start fills what is kept.
func (f *filling) start() error {
	f.flow = newFlow(f.lists.near, f.lists.base, slices.Clone(f.units))
	if f.kept == nil {
		return nil
	}
	filled, err := f.flow.fill(f.ctx, f.kept, func(d int) int32 { return f.lists.of[d] }, &Options{})
	if err == nil && !slices.Equal(filled, f.kept) {
		err = fmt.Errorf("fill: relaxing limits empties heads")
	}
	return err
}

// fill adds what one order fills of the rest, and says how much that is.
func (f *filling) fill(filled []int64, opposite bool) (total int64, err error) {
	for i := range f.rest {
		if i%stride == 0 {
			if err := ended(f.ctx); err != nil {
				return 0, err
			}
		}
		d := i
		if opposite {
			d = len(f.rest) - 1 - i
		}
		if f.rest[d] > 0 {
			x := f.flow.push(f.lists.of[d], f.rest[d])
			filled[d] += x
			total += x
		}
	}
	return total, nil
}

// idle is limits that keep no supply from any opening: relaxing them changes nothing. Not all
// such are found; that only takes time.
func (m *Market) idle() (idle Set) {
	for k := range Limits {
		if k != Skills && !m.newClasses(AllLimits.Without(k)).bind() {
			idle = idle.With(k)
		}
	}
	return idle
}

// bind says that some opening may not be able to use some kind.
func (c *classes) bind() bool {
	least, first, last, apart := int32(most32), int32(most32), int32(none), false
	for i := range c.kinds {
		k := &c.kinds[i]
		if k.holder != Free {
			return true
		}
		least, first, last = min(least, k.education), min(first, k.leaves), max(last, k.leaves)
		apart = apart || k.place != Anywhere
	}
	for d := range c.wants {
		w := &c.wants[d]
		if w.least > least || w.from > first || w.to <= last || apart && w.place != Anywhere {
			return true
		}
	}
	return false
}

// add counts what stays empty with relaxed, and with relaxed and idle limits; filled is in halves.
func (c *Causes) add(relaxed, idle Set, heads, filled []int64) {
	empty, total := make([]int64, len(heads)), int64(0) // halves
	for d, n := range heads {
		empty[d] = 2*n - filled[d]
		total += empty[d]
	}
	for s := range Set(Sets) {
		if s&^idle == relaxed {
			c.Unfilled[s] += total / 2
		}
	}
	to := func(list []int64, x int64) {
		for d, n := range empty {
			list[d] += x / 2 * n
		}
	}
	for k, x := range coefficients(relaxed, idle) {
		if x != 0 {
			to(c.Openings.Share[k], x)
		}
	}
	if relaxed == 0 {
		for d, n := range empty {
			c.Openings.Unfilled[d] = n / 2
		}
	}
	all := AllLimits &^ idle
	if relaxed == all {
		to(c.Openings.Numbers, Whole)
	}
	for k := range Limits {
		if idle.Has(k) {
			continue
		}
		switch one := Set(0).With(k); relaxed {
		case 0:
			to(c.Openings.First[k], Whole)
		case one:
			to(c.Openings.First[k], -Whole)
		}
		switch relaxed {
		case all.Without(k):
			to(c.Openings.Last[k], Whole)
		case all:
			to(c.Openings.Last[k], -Whole)
		}
	}
}

// coefficients is how often u(relaxed) counts in each limit's share, in 120ths (even ones): plus as what
// is empty before the limit is relaxed, minus as what is after.
func coefficients(relaxed, idle Set) (x [Limits]int64) {
	for s := range Set(Sets) {
		if s&^idle != relaxed {
			continue
		}
		for k := range Limits {
			if s.Has(k) {
				x[k] -= weight[s.Len()-1]
			} else {
				x[k] += weight[s.Len()]
			}
		}
	}
	return x
}

// check holds what must be true whatever the market: relaxing a limit empties nothing, and
// shares add up.
func (c *Causes) check() error {
	sum := Whole * c.Numbers
	for k := range Limits {
		sum += c.Share[k]
		for s := range Set(Sets) {
			if c.Unfilled[s] < c.Unfilled[s.With(k)] {
				return fmt.Errorf("fill: %d heads are empty without %s, %d without %s", c.Unfilled[s], s, c.Unfilled[s.With(k)], s.With(k))
			}
		}
	}
	if sum != Whole*c.Unfilled[0] {
		return fmt.Errorf("fill: shares of %d empty heads add up to %d/%d", c.Unfilled[0], sum, Whole)
	}
	return nil
}
