package fill

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
)

// Groups are sets of openings or of supplies: those of an occupation, a skill, a region. They
// may overlap, and need not hold everything. The members of group i are
// Member[Off[i]:Off[i+1]], ascending.
type Groups struct {
	Off    []int64
	Member []int32
}

// Interval is what greatest placements do with a group: the heads of its openings that are
// filled, or the units of its supplies that are used. Every number from Least to Most is that
// of some greatest placement.
type Interval struct {
	All         int64 // its heads or units
	Least, Most int64 // 0 <= Least <= Most <= All
}

// Certain is the shortage (openings) or surplus (supplies) that every greatest placement has.
func (v Interval) Certain() int64 { return v.All - v.Most }

// Possible is the shortage or surplus of the greatest placement that has most of it; it holds
// what is certain.
func (v Interval) Possible() int64 { return v.All - v.Least }

// Openings finds how many heads of each group greatest placements fill: at most f(the group),
// at least f(all) - f(all but the group), as in every base polytope (Fujishige 2005,
// "Submodular Functions and Optimization", 3.3). Errors: what is wrong with groups, and the
// context's end.
func (p *Placement) Openings(ctx context.Context, groups Groups, o Options) ([]Interval, error) {
	g := p.graph
	if err := groups.validate(len(g.Heads)); err != nil {
		return nil, err
	}
	p.turn.Do(p.turnRound)
	side := side{ask: p.flow.near, capacity: g.Units, amount: g.Heads, kept: p.Filled, node: g.list, turned: p.turned}
	return side.intervals(ctx, groups, o)
}

// Supplies finds how many units of each group greatest placements use. Bounds and errors are
// those of Openings, with sides exchanged.
func (p *Placement) Supplies(ctx context.Context, groups Groups, o Options) ([]Interval, error) {
	g := p.graph
	if err := groups.validate(len(g.Units)); err != nil {
		return nil, err
	}
	p.turn.Do(p.turnRound)
	heads := make([]int64, len(p.flow.near))
	for d, n := range g.Heads {
		heads[g.list(d)] += n
	}
	own := func(s int) int32 { return int32(s) }
	side := side{ask: p.turned.near, capacity: heads, amount: g.Units, kept: p.Used, node: own, turned: p.flow}
	return side.intervals(ctx, groups, o)
}

// MayBeFree says whether some greatest placement leaves units of a supply unused: whether it
// can get at a free unit, in distances as turnRound measures them.
func (p *Placement) MayBeFree(s int32) bool {
	p.turn.Do(p.turnRound)
	return p.flow.giverAt[s] != dead
}

// validate checks groups of n things.
func (g *Groups) validate(n int) error {
	if err := offsets("groups", g.Off, len(g.Member)); err != nil {
		return err
	}
	for i := range len(g.Off) - 1 {
		last := int32(none)
		for _, m := range g.Member[g.Off[i]:g.Off[i+1]] {
			if m <= last || int(m) >= n {
				return invalid("groups", "group %d has member %d after %d, of %d", i, m, last, n)
			}
			last = m
		}
	}
	return nil
}

// A side is what is asked about: openings or supplies. Each is a part of a node, a list or a
// supply, which takes from nodes of the other side.
type side struct {
	ask          [][]int32 // of each node, who gives to it
	capacity     []int64   // of who gives
	amount, kept []int64   // of each opening or supply: heads or units, and how many are filled or used
	node         func(int) int32
	turned       *flow // the greatest placement, in which nodes give: free is what they lack
	lacking      int64 // by all
}

// stage is one thread's work space.
type stage struct {
	*side
	alone *flow // in which nodes take, with nothing given
	rest  *flow // a copy of turned
	kept  []int64
	lack  []int64 // of each node, of the group at hand
	nodes []int32 // those of the group
	freed []int64 // of each taker in rest
	loose []int32 // those with something freed
}

// intervals shares groups out; each is worked out from the same state.
func (s *side) intervals(ctx context.Context, groups Groups, o Options) ([]Interval, error) {
	n := len(groups.Off) - 1
	count := o.counter("groups", n)
	for m, n := range s.amount {
		s.lacking += n - s.kept[m]
	}
	found := make([]Interval, n)
	var next atomic.Int64
	var done sync.WaitGroup
	for range o.threads(n) {
		done.Go(func() {
			w := s.newStage()
			for i := int(next.Add(1)) - 1; i < n && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				found[i] = w.interval(groups.Member[groups.Off[i]:groups.Off[i+1]])
				count()
			}
		})
	}
	done.Wait()
	if err := ended(ctx); err != nil {
		return nil, err
	}
	return found, nil
}

func (s *side) newStage() *stage {
	w := &stage{side: s}
	w.kept, w.lack = make([]int64, len(s.ask)), make([]int64, len(s.ask))
	w.freed = make([]int64, len(s.capacity))
	w.setAlone()
	w.setRest()
	return w
}

func (w *stage) setAlone() {
	w.alone = newFlow(w.ask, nil, slices.Clone(w.capacity))
	w.alone.mark()
}

func (w *stage) setRest() {
	w.rest = w.turned.clone()
	w.rest.mark()
}

func (w *stage) interval(members []int32) (v Interval) {
	kept := w.gather(members)
	v.All = kept
	for _, t := range w.nodes {
		v.All += w.lack[t]
	}
	v.Most, v.Least = v.All, kept
	if v.All > kept {
		v.Most = w.most()
	}
	if kept > 0 {
		v.Least = kept - w.gain()
	}
	for _, t := range w.nodes {
		w.kept[t], w.lack[t] = 0, 0
	}
	return v
}

// gather adds up by node what members keep and lack, and says what they keep in all.
func (w *stage) gather(members []int32) (kept int64) {
	w.nodes = w.nodes[:0]
	for _, m := range members {
		t := w.node(int(m))
		if w.kept[t] == 0 && w.lack[t] == 0 && w.amount[m] > 0 {
			w.nodes = append(w.nodes, t)
		}
		w.kept[t] += w.side.kept[m]
		w.lack[t] += w.amount[m] - w.side.kept[m]
		kept += w.side.kept[m]
	}
	return kept
}

// most is what the group gets when nobody else is there.
func (w *stage) most() (most int64) {
	for _, t := range w.nodes {
		most += w.alone.push(t, w.kept[t]+w.lack[t])
	}
	if !w.alone.rollback() {
		w.setAlone()
	}
	return most
}

// gain is how much more everyone else gets once the group is gone. What the group had is free:
// its givers look for others who lack something. Without the group nobody comes nearer to
// those, so the bounds hold.
func (w *stage) gain() (gain int64) {
	f, others := w.rest, w.lacking
	for _, t := range w.nodes {
		f.spend(t, w.lack[t])
		others -= w.lack[t]
		w.release(t, w.kept[t])
	}
	for _, g := range w.loose {
		if gain < others { // otherwise everyone else has all
			gain += f.push(g, w.freed[g])
		}
		w.freed[g] = 0
	}
	w.loose = w.loose[:0]
	if !f.rollback() {
		w.setRest()
	}
	return gain
}

// release takes x from what a node has; which units does not matter.
func (w *stage) release(t int32, x int64) {
	f := w.rest
	for e := f.start(t); x > 0; e = f.after(e) {
		s := f.shares[e]
		if y := min(x, s.amount); y > 0 {
			f.change(e, -y)
			if w.freed[s.taker] == 0 {
				w.loose = append(w.loose, s.taker)
			}
			w.freed[s.taker] += y
			x -= y
		}
	}
}
