package fill

import (
	"context"
	"fmt"
	"sync"
)

// Causes says why heads stay empty. Shares are in 120ths of a head (Whole), so that they are
// whole numbers and add up exactly:
//
//	Share[0] + ... + Share[4] + Whole*Numbers = Whole*Unfilled[0]
//
// and the same of each opening.
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

// OpeningCauses has the parts of Causes by opening. They are those of the placements that
// fill early openings first, so between openings that compete their order decides who is short.
// A share may be negative: where a limit keeps competitors away, relaxing it costs the opening heads.
type OpeningCauses struct {
	Unfilled []int64         // with no limit relaxed
	Numbers  []int64         // with every limit relaxed
	Share    [Limits][]int64 // in 120ths
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
		c.Openings.Share[k] = make([]int64, n)
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

// fillSets works the sets out, several at once. Sums are of whole numbers: who is ready first
// does not matter.
func (c *Causes) fillSets(ctx context.Context, m *Market, o Options) error {
	idle := m.idle()
	jobs := make(chan Set, Sets)
	for s := range Set(Sets) { // those with skills have most pairs and come first
		if s&idle == 0 && !s.Has(Skills) {
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
	heads, count := m.heads(), o.counter("limits", len(jobs))
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var lock sync.Mutex
	var done sync.WaitGroup
	for range o.threads(min(most, len(jobs))) {
		done.Go(func() {
			for s := range jobs {
				filled, err := m.fill(ctx, s, heads)
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

// fill is how many heads of each opening are filled without some limits.
func (m *Market) fill(ctx context.Context, relaxed Set, heads []int64) ([]int64, error) {
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
	f := newFlow(l.near, l.base, n.units)
	return f.fill(ctx, heads, func(d int) int32 { return l.of[d] }, &Options{})
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

// add counts what stays empty with relaxed, and with relaxed and idle limits.
func (c *Causes) add(relaxed, idle Set, heads, filled []int64) {
	for s := range Set(Sets) {
		if s&^idle != relaxed {
			continue
		}
		for d, n := range heads {
			c.Unfilled[s] += n - filled[d]
		}
	}
	coefficient := coefficients(relaxed, idle)
	for k, x := range coefficient {
		if x == 0 {
			continue
		}
		share := c.Openings.Share[k]
		for d, n := range heads {
			share[d] += x * (n - filled[d])
		}
	}
	if relaxed == 0 {
		for d, n := range heads {
			c.Openings.Unfilled[d] = n - filled[d]
		}
	}
	if relaxed == AllLimits&^idle {
		for d, n := range heads {
			c.Openings.Numbers[d] = n - filled[d]
		}
	}
}

// coefficients is how often u(relaxed) counts in each limit's share, in 120ths: plus as what
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
