package matcher

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// An exact top-k search in four steps:
//
//  1. Every window gets an upper bound of its rows' scores, from its tiles' tops.
//  2. Windows are visited best bound first.
//  3. Of a visited window the tiles add up an upper bound for each row's skills; rows
//     that may still enter the best k are scored exactly, best bound first.
//  4. The search ends when no window's bound reaches the k-th score.
//
// Bounds are never too low, and ties go to exact scoring, so the result is that of
// scoring every row.

// A side that is searched: what bounds need to know of it.
type scanner interface {
	// windowBound refines a window's bound by its regions; below 0 it can be left out. part
	// is what was noted with it (ranking.add).
	windowBound(segment int, w uint32, part float32) float32
	// tally adds up the bounds of the rows' skills.
	tally(segment int, w uint32, a *tally)
	// gather appends the window's rows whose bounds reach floor and that neither the
	// filter nor a gate leaves out, given the bounds of their skills. Required skills need
	// not be looked at.
	gather(segment int, w uint32, a *tally, floor float32, out []candidate) []candidate
	// exact is the score, or ok = false when it is below floor or a gate stops the row.
	exact(c *candidate, floor float64) (total float64, ok bool)
	id(segment int, doc uint32) string
}

// A windowRef is a window that is still to be visited.
type windowRef struct {
	bound   float32
	part    float32 // of the bound, for windowBound
	segment int32
	window  uint32
}

// boundSlack covers the rounding of bounds, which are float32 sums.
const boundSlack = 1e-5

// A ranking is the state of one search.
type ranking struct {
	refs   []windowRef // every window that may matter
	sorted []windowRef // the same by bucket of bound, best first
	starts [buckets + 1]int32
	sums   []uint32 // per window of a segment, while its bounds are made
	cands  []candidate
	spare  []candidate
	top    []winner // heap, worst on top
	k      int
	scored int
}

// hopeless reports whether a row whose bound says that its score is 0 comes behind k
// others, all of which are no better: ids decide then, and are looked at first.
func (r *ranking) hopeless(bound float32, s scanner, id string) bool {
	return bound <= boundSlack && len(r.top) == r.k && r.top[0].total >= 0 && id > s.id(int(r.top[0].segment), r.top[0].doc)
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
	r.refs = append(r.refs, windowRef{bound, part, int32(segment), w})
}

// order sorts windows by bucket, best first.
func (r *ranking) order() {
	clear(r.starts[:])
	for i := range r.refs {
		r.starts[buckets-1-bucketOf(r.refs[i].bound)+1]++
	}
	for b := range buckets {
		r.starts[b+1] += r.starts[b]
	}
	r.sorted = grow(r.sorted, len(r.refs))
	for i := range r.refs {
		b := buckets - 1 - bucketOf(r.refs[i].bound)
		r.sorted[r.starts[b]] = r.refs[i]
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

// Rows are scored some windows at a time: a row scored before better ones are known is
// often scored in vain. After the first few windows the rows of the best bounds give the
// search its first floor.
const (
	firstBatch = 2
	batch      = 16
)

// search leaves the k best rows in r.top, best first.
func (r *ranking) search(ctx context.Context, k int, s scanner) error {
	r.k = k
	r.order()
	var a tally
	gathered, next, enough := 0, firstBatch, 4*k
	r.cands = r.cands[:0]
	for i := range r.sorted {
		if i&255 == 255 && ctx.Err() != nil {
			return ctx.Err()
		}
		ref := &r.sorted[i]
		floor := r.floor(k)
		// All windows that follow are in this bucket or below.
		if float64(bucketOf(ref.bound)+1)/(buckets-1) < floor {
			break
		}
		if float64(ref.bound) < floor {
			continue
		}
		bound := s.windowBound(int(ref.segment), ref.window, ref.part)
		if bound < 0 || float64(bound) < floor {
			continue
		}
		s.tally(int(ref.segment), ref.window, &a)
		r.cands = s.gather(int(ref.segment), ref.window, &a, float32(floor), r.cands)
		if gathered++; gathered == next {
			var err error
			if len(r.top) < k && len(r.cands) > enough {
				err = r.found(ctx, k, s)
			} else {
				err = r.settle(ctx, k, s)
			}
			if err != nil {
				return err
			}
			next, enough = gathered+batch, 2*max(enough, len(r.cands))
		}
	}
	if err := r.settle(ctx, k, s); err != nil {
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

// found scores the rows of the k best bounds, and keeps the others that may enter the
// top for later.
func (r *ranking) found(ctx context.Context, k int, s scanner) error {
	first := r.foremost(k)
	if err := r.score(ctx, r.cands[:first], k, s); err != nil {
		return err
	}
	rest := r.cands[first:]
	floor, n := r.floor(k), 0
	for _, c := range rest {
		if float64(c.bound) >= floor {
			r.cands[n] = c
			n++
		}
	}
	r.cands = r.cands[:n]
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
	err := r.score(ctx, r.cands[:n], k, s)
	r.cands = r.cands[:0]
	return err
}

// foremost moves the candidates of the best bounds, at least n, to the front.
func (r *ranking) foremost(n int) int {
	clear(r.starts[:])
	for i := range r.cands {
		r.starts[bucketOf(r.cands[i].bound)]++
	}
	cut, sum := buckets, 0
	for cut > 0 && sum < n {
		cut--
		sum += int(r.starts[cut])
	}
	at := 0
	for i, c := range r.cands {
		if bucketOf(c.bound) >= cut {
			r.cands[at], r.cands[i] = c, r.cands[at]
			at++
		}
	}
	return at
}

// many candidates are scored in the order of their rows, as they lie in memory: reading
// on is several times as fast as reading here and there, and makes up for rows that a
// better floor would have spared.
const many = 1024

// score scores candidates until they cannot enter the top, those of better bounds
// first: exactly for few, by bucket for many.
func (r *ranking) score(ctx context.Context, cands []candidate, k int, s scanner) error {
	if len(cands) > 24 {
		if len(cands) < many || len(r.top) < k {
			cands = r.byBucket(cands)
		}
	} else if len(cands) > 1 {
		slices.SortFunc(cands, func(a, b candidate) int { return cmp.Compare(b.bound, a.bound) })
	}
	for i := range cands {
		c := &cands[i]
		floor := r.floor(k)
		if float64(c.bound) < floor {
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

// byBucket orders candidates by bucket of bound, best first.
func (r *ranking) byBucket(cands []candidate) []candidate {
	clear(r.starts[:])
	for i := range cands {
		r.starts[buckets-bucketOf(cands[i].bound)]++
	}
	for b := range buckets {
		r.starts[b+1] += r.starts[b]
	}
	r.spare = grow(r.spare, len(cands))
	for i := range cands {
		b := buckets - 1 - bucketOf(cands[i].bound)
		r.spare[r.starts[b]] = cands[i]
		r.starts[b]++
	}
	return r.spare
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
	return s.id(int(a.segment), a.doc) > s.id(int(b.segment), b.doc)
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

// A placing is what place adds to the bounds of one segment, under a filter.
type placing struct {
	groups []float32 // greatest of the group's regions, -1 when the filter allows none
	any    bool      // otherwise all is 0 and no filter by region is set
}

// fill works a placing out. at is the place component of a region, part what it counts.
func (p *placing) fill(c *census, groupOf []uint16, f *Filter, part float32, at func(region int32) float64) {
	p.any = part > 0 || f.Regions != nil
	p.groups = p.groups[:0]
	if !p.any {
		return
	}
	for i, r := range c.regions {
		g := int(groupOf[i])
		for g >= len(p.groups) {
			p.groups = append(p.groups, -1)
		}
		if f.allows(r) {
			p.groups[g] = max(p.groups[g], part*float32(at(r)))
		}
	}
}

// of is the greatest of a window's groups.
func (p *placing) of(f *frame) float32 {
	if !p.any {
		return 0
	}
	best := float32(-1)
	for _, v := range p.groups[f.first : int(f.last)+1] {
		best = max(best, v)
	}
	return best
}

// refine is the greatest of a window's own regions, -1 when the filter allows none.
func (p *placing) refine(regions []int32, f *Filter, part float32, at func(region int32) float64) float32 {
	if !p.any {
		return 0
	}
	best := float32(-1)
	for _, r := range regions {
		if f.allows(r) {
			best = max(best, part*float32(at(r)))
		}
	}
	return best
}

// grow returns a slice of length n, reusing the memory of s.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n+n/4)[:n]
	}
	return s[:n]
}
