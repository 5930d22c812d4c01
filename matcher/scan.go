package matcher

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// An exact top-k search in five steps:
//
//  1. Every window gets an upper bound of its rows' scores, from its tiles' tops.
//  2. Windows are visited best bound first: their tiles add up an upper bound for each
//     row. No score can be above its bound, so windows whose bounds reach the k-th best
//     bound of a row must be visited whatever the scores are.
//  3. The rows found so far are scored exactly, best bound first, until no bound reaches
//     the k-th score.
//  4. Rows of visited windows that were left out too soon are looked at again (hardly
//     ever any), with what is known by now.
//  5. So are the windows left, until no bound reaches the k-th score.
//
// Bounds are never too low, and ties go to exact scoring, so the result is that of
// scoring every row.

// A side that is searched: what bounds need to know of it.
type scanner interface {
	// windowBound refines a window's bound by its regions; below 0 it can be left out. part
	// is what was noted with it (ranking.add); place what place adds to bounds at most.
	windowBound(segment int, w uint32, part float32) (bound, place float32)
	// soon says that the window is going to be asked about.
	soon(segment int, w uint32)
	// gather adds up the bounds of the rows' skills, and appends the rows whose bounds reach
	// floor and that neither the filter nor a gate leaves out. Required skills need not be
	// looked at. place is windowBound's.
	gather(segment int, w uint32, place, floor float32, out []candidate) []candidate
	// ahead says that exact is going to be asked.
	ahead(c *candidate)
	// exact is the score, or ok = false when it is below floor or a gate stops the row.
	exact(c *candidate, floor float64) (total float64, ok bool)
	id(segment int, doc uint32) string
	// order is the place of a row's id among the ids of its segment.
	order(segment int, doc uint32) uint32
}

// A windowRef is a window that is still to be visited.
type windowRef struct {
	bound   float32
	part    float32 // of the bound, for windowBound
	place   float32 // windowBound's
	segment int32
	window  uint32
}

// boundSlack covers the rounding of bounds, which are float32 sums.
const boundSlack = 1e-5

// A ranking is the state of one search.
type ranking struct {
	refs   []windowRef // every window that may matter
	sorted []windowRef // the same by bucket of bound, best first
	later  []windowRef // whose bounds turned out to be lower
	seen   []windowRef // visited while the floor was not known; bound is what rows had to reach
	bounds []float32
	place  []int32
	starts [buckets]int32
	counts [buckets]int32 // candidates by bucket of bound
	sums   []uint32       // per window of a segment, while its bounds are made
	cands  []candidate
	spare  []candidate
	top    []winner // heap, worst on top
	known  []uint64 // of the top, ascending, when windows are visited again
	k      int
	margin float32 // how far bounds are off, about
	scored int
}

// hopeless reports whether a row whose bound says that its score is 0 comes behind k
// others, all of which are no better: ids decide then, and are looked at first.
func (r *ranking) hopeless(bound float32, s scanner, segment int, doc uint32) bool {
	return bound <= boundSlack && len(r.top) == r.k && r.top[0].total >= 0 && after(s, int32(segment), doc, r.top[0].segment, r.top[0].doc)
}

// after reports whether the first row's id comes after the second's.
func after(s scanner, segmentA int32, docA uint32, segmentB int32, docB uint32) bool {
	if segmentA == segmentB {
		return s.order(int(segmentA), docA) > s.order(int(segmentB), docB)
	}
	return s.id(int(segmentA), docA) > s.id(int(segmentB), docB)
}

type candidate struct {
	bound   float32
	text    float32 // bound of the text component
	segment int32
	doc     uint32
}

// lower puts another bound of the text component, which counts so much, in the place of
// the one before.
func (c *candidate) lower(share, text float32) {
	if text < c.text {
		c.bound -= share * (c.text - text)
		c.text = text
	}
}

// A winner is a row among the best k so far.
type winner struct {
	total   float64
	segment int32
	doc     uint32
}

// buckets is the resolution of the coarse sort by bound.
const buckets = 512

func bucketOf(bound float32) int {
	return min(max(int(bound*(buckets-1)), 0), buckets-1)
}

func (r *ranking) reset() {
	r.refs, r.top, r.scored = r.refs[:0], r.top[:0], 0
}

// add notes a window with its bound, and what its side wants to be given back when the
// bound is refined.
func (r *ranking) add(segment int, w uint32, bound, part float32) {
	r.refs = append(r.refs, windowRef{bound: bound, part: part, segment: int32(segment), window: w})
}

// order sorts windows by bucket, best first.
func (r *ranking) order() {
	r.bounds = grow(r.bounds, len(r.refs))
	for i := range r.refs {
		r.bounds[i] = r.refs[i].bound
	}
	r.sorted = grow(r.sorted, len(r.refs))
	r.places()
	for i, place := range r.place {
		r.sorted[place] = r.refs[i]
	}
}

// byBucket orders candidates by bucket of bound, best first.
func (r *ranking) byBucket(cands []candidate) []candidate {
	r.bounds = grow(r.bounds, len(cands))
	for i := range cands {
		r.bounds[i] = cands[i].bound
	}
	r.spare = grow(r.spare, len(cands))
	r.places()
	for i, place := range r.place {
		r.spare[place] = cands[i]
	}
	return r.spare
}

// places works out where each bound comes when they are sorted by bucket, best first.
func (r *ranking) places() {
	r.place = grow(r.place, len(r.bounds))
	low, high := buckets-1, 0 // what is counted lies between
	for i, v := range r.bounds {
		b := bucketOf(v)
		r.place[i] = int32(b)
		low, high = min(low, b), max(high, b)
	}
	clear(r.starts[min(low, high) : high+1])
	for _, b := range r.place {
		r.starts[b]++
	}
	at := int32(0)
	for b := high; b >= low; b-- {
		at, r.starts[b] = at+r.starts[b], at
	}
	for i, b := range r.place {
		r.place[i] = r.starts[b]
		r.starts[b]++
	}
}

// floor is what a row must reach to enter the top.
func (r *ranking) floor(k int) float64 {
	if len(r.top) == k {
		return r.top[0].total
	}
	return -1
}

// search leaves the k best rows in r.top, best first.
func (r *ranking) search(ctx context.Context, k int, s scanner) error {
	r.k = k
	r.order()
	r.cands, r.later, r.seen = r.cands[:0], r.later[:0], r.seen[:0]
	next, err := r.explore(ctx, k, s)
	if err == nil {
		err = r.settle(ctx, k, s)
	}
	if err == nil {
		err = r.again(ctx, k, s)
	}
	if err == nil {
		err = r.finish(ctx, r.later, false, k, s)
	}
	if err == nil {
		err = r.finish(ctx, r.sorted[next:], true, k, s)
	}
	if err != nil {
		return err
	}
	slices.SortFunc(r.top, func(a, b winner) int {
		if a.total != b.total {
			return cmp.Compare(b.total, a.total)
		}
		return cmp.Compare(s.id(int(a.segment), a.doc), s.id(int(b.segment), b.doc))
	})
	return nil
}

// explore visits the windows whose bounds reach the k-th best bound of a row, and gathers
// their rows without scoring any: those whose bounds are not far below the k-th. It
// returns how many of the sorted windows it is through with.
func (r *ranking) explore(ctx context.Context, k int, s scanner) (int, error) {
	clear(r.counts[:])
	above, cut := 0, 0 // rows in bucket cut or above; cut rises while they are enough
	i := 0
	// next finds the next window to visit, and asks for it from memory.
	next := func() (ref windowRef, ok bool) {
		for ; i < len(r.sorted); i++ {
			ref := r.sorted[i]
			if bucketOf(ref.bound) < cut || float64(bucketOf(ref.bound)+1)/(buckets-1) < r.floor(k) || cut == 0 && len(r.cands) > unsorted+4*k {
				break
			}
			ref.bound, ref.place = s.windowBound(int(ref.segment), ref.window, ref.part)
			if ref.bound < 0 {
				continue
			}
			if ref.bound < float32(cut)/(buckets-1) {
				r.later = append(r.later, ref)
				continue
			}
			i++
			s.soon(int(ref.segment), ref.window)
			return ref, true
		}
		return windowRef{}, false
	}
	enough := 4*k + manyExplored
	for ref, ok := next(); ok; {
		if len(r.seen)&255 == 255 && ctx.Err() != nil {
			return 0, ctx.Err()
		}
		following, more := next()
		ref.bound *= unsureShare
		if cut > 0 {
			ref.bound = float32(cut)/(buckets-1) - r.margin
		}
		ref.bound = max(ref.bound, float32(r.floor(k)))
		r.seen = append(r.seen, ref)
		n := len(r.cands)
		r.cands = s.gather(int(ref.segment), ref.window, ref.place, ref.bound, r.cands)
		for j := range r.cands[n:] {
			b := bucketOf(r.cands[n+j].bound)
			r.counts[b]++
			if b >= cut {
				above++
			}
		}
		for cut < buckets-1 && above-int(r.counts[cut]) >= k {
			above -= int(r.counts[cut])
			cut++
		}
		if len(r.cands) > enough {
			if err := r.probe(ctx, k, s); err != nil {
				return 0, err
			}
			enough = max(enough, 2*len(r.cands))
		}
		ref, ok = following, more
	}
	return i, nil
}

// When bounds are loose and many rows have them, manyExplored candidates are enough to
// score some: what these reach leaves out more than guessing does.
const manyExplored = 2048

// probe scores the k candidates of the best bounds, and keeps the others that may enter
// the top.
func (r *ranking) probe(ctx context.Context, k int, s scanner) error {
	sorted := r.byBucket(r.cands)
	first := min(k, len(sorted))
	if err := r.score(ctx, sorted[:first], k, s); err != nil {
		return err
	}
	floor := r.floor(k)
	r.cands = r.cands[:0]
	for _, c := range sorted[first:] {
		if float64(c.bound) >= floor {
			r.cands = append(r.cands, c)
		}
	}
	return nil
}

// unsureShare of a window's bound is what its rows must reach while there are not k rows to
// go by: looking at a window again is cheaper than looking at all rows of the first ones.
const unsureShare = 0.05

// unsorted rows of hardly any worth are enough to see that the k-th score may be that low,
// and that ids decide: see hopeless.
const unsorted = 4096

// again visits windows of which rows were left out that may enter the top.
func (r *ranking) again(ctx context.Context, k int, s scanner) error {
	first := true
	for i := range r.seen {
		ref := &r.seen[i]
		floor := r.floor(k)
		if float64(ref.bound) <= floor {
			continue
		}
		if first {
			first = false
			r.known = r.known[:0]
			for _, w := range r.top {
				r.known = append(r.known, uint64(w.segment)<<32|uint64(w.doc))
			}
			slices.Sort(r.known)
		}
		s.soon(int(ref.segment), ref.window)
		r.cands = s.gather(int(ref.segment), ref.window, ref.place, float32(floor), r.cands)
		n := 0
		for _, c := range r.cands {
			if _, has := slices.BinarySearch(r.known, uint64(c.segment)<<32|uint64(c.doc)); !has {
				r.cands[n] = c
				n++
			}
		}
		r.cands = r.cands[:n]
		if err := r.settle(ctx, k, s); err != nil {
			return err
		}
	}
	return nil
}

// finish visits windows as far as their bounds reach the k-th score. sorted says that they
// are, by bucket of bound.
func (r *ranking) finish(ctx context.Context, refs []windowRef, sorted bool, k int, s scanner) error {
	for i := range refs {
		if i&63 == 63 && ctx.Err() != nil {
			return ctx.Err()
		}
		ref := &refs[i]
		floor := r.floor(k)
		if sorted && float64(bucketOf(ref.bound)+1)/(buckets-1) < floor {
			break // and so are all that follow
		}
		if float64(ref.bound) < floor {
			continue
		}
		bound, place := s.windowBound(int(ref.segment), ref.window, ref.part)
		if bound < 0 || float64(bound) < floor {
			continue
		}
		s.soon(int(ref.segment), ref.window)
		r.cands = s.gather(int(ref.segment), ref.window, place, float32(floor), r.cands)
		if err := r.settle(ctx, k, s); err != nil {
			return err
		}
	}
	return nil
}

// totals is the top as matches without components.
func (r *ranking) totals(s scanner) []Match {
	out := make([]Match, len(r.top))
	for i, w := range r.top {
		out[i] = Match{ID: s.id(int(w.segment), w.doc), Score: Score{Total: w.total}}
	}
	return out
}

// settle scores the rows that have been gathered, best bound first, as far as they may
// enter the top.
func (r *ranking) settle(ctx context.Context, k int, s scanner) error {
	floor, n := r.floor(k), 0
	for _, c := range r.cands {
		if float64(c.bound) >= floor {
			r.cands[n] = c
			n++
		}
	}
	err := r.score(ctx, r.sortedCands(r.cands[:n], k), k, s)
	r.cands = r.cands[:0]
	return err
}

// scoreAhead is how many rows before its turn one is asked for from memory.
const scoreAhead = 4

// many candidates are scored in the order of their rows, as they lie in memory: reading
// on is several times as fast as reading here and there, and makes up for rows that a
// better floor would have spared.
const many = 1024

// sortedCands puts candidates into the order in which they are scored, better bounds
// first: exactly for few, by bucket for more.
func (r *ranking) sortedCands(cands []candidate, k int) []candidate {
	switch {
	case len(cands) <= 24:
		slices.SortFunc(cands, func(a, b candidate) int { return cmp.Compare(b.bound, a.bound) })
	case len(cands) < many || len(r.top) < k:
		return r.byBucket(cands)
	}
	return cands
}

// score scores candidates in order, as far as they may enter the top.
func (r *ranking) score(ctx context.Context, cands []candidate, k int, s scanner) error {
	for i := range cands {
		c := &cands[i]
		floor := r.floor(k)
		if n := i + scoreAhead; n < len(cands) && float64(cands[n].bound) >= floor {
			s.ahead(&cands[n])
		}
		if float64(c.bound) < floor || r.hopeless(c.bound, s, int(c.segment), c.doc) {
			continue
		}
		if r.scored++; r.scored%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if total, ok := s.exact(c, floor); ok {
			r.enter(winner{total, c.segment, c.doc}, k, s)
		}
	}
	return nil
}

// enter puts a row into the top if it is better than the worst there.
func (r *ranking) enter(w winner, k int, s scanner) {
	if len(r.top) < k {
		r.top = append(r.top, w)
		for i := len(r.top) - 1; i > 0 && worse(s, &r.top[i], &r.top[(i-1)/2]); i = (i - 1) / 2 {
			r.top[i], r.top[(i-1)/2] = r.top[(i-1)/2], r.top[i]
		}
		return
	}
	if !worse(s, &r.top[0], &w) {
		return
	}
	r.top[0] = w
	for i := 0; ; {
		c := 2*i + 1
		if c >= len(r.top) {
			return
		}
		if c+1 < len(r.top) && worse(s, &r.top[c+1], &r.top[c]) {
			c++
		}
		if !worse(s, &r.top[c], &r.top[i]) {
			return
		}
		r.top[i], r.top[c] = r.top[c], r.top[i]
		i = c
	}
}

// worse orders winners: lower total first, then the larger id.
func worse(s scanner, a, b *winner) bool {
	if a.total != b.total {
		return a.total < b.total
	}
	return after(s, a.segment, a.doc, b.segment, b.doc)
}

// leastTally is the tally from which part*tally/one + rest reaches floor; 0 when any
// does, more than any tally when none can.
func leastTally(floor, part, rest float32) int {
	if floor <= rest+boundSlack {
		return 0
	}
	if part <= 0 {
		return math.MaxInt
	}
	v := float64(floor-rest-boundSlack) / float64(part) * one
	if v > 1<<17 {
		return math.MaxInt
	}
	return int(v)
}

// margin is about how far scores lie below their bounds, given what components count: the
// skills' steps are fine, focus has no bound, and texts are looked at late.
func margin(share *[NumComponents]float32) float32 {
	return .03*share[Skills] + .3*share[Text] + .3*share[Focus]
}

// grow returns a slice of length n, reusing the memory of s.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n+n/4)[:n]
	}
	return s[:n]
}
