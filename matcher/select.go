package matcher

import (
	"cmp"
	"context"
	"slices"
)

// ineligible marks a row that the filter or a gate left out.
const ineligible = float32(-1)

// ranking is the state of one exact top-k search: the upper bound of every row of
// every segment, one after another.
type ranking struct {
	bounds []float32 // per row, ineligible or in [0, 1+slack]
	bases  []int     // segment -> its first row
	counts [buckets]int
	cands  []candidate
	top    []winner // heap, worst on top
}

type candidate struct {
	bound float32
	row   int32
}

// A winner is a row among the best k so far.
type winner struct {
	total float64
	row   int32
}

// buckets is the resolution of the coarse sort by bound.
const buckets = 1024

func bucketOf(bound float32) int {
	return min(max(int(bound*(buckets-1)), 0), buckets-1)
}

// reset prepares for segments of the given sizes.
func (r *ranking) reset(sizes []int) {
	r.bases = r.bases[:0]
	total := 0
	for _, n := range sizes {
		r.bases = append(r.bases, total)
		total += n
	}
	r.bounds = grow(r.bounds, total)
	clear(r.counts[:])
	r.top = r.top[:0]
}

// segment finds the segment and position of a row.
func (r *ranking) segment(row int32) (int, uint32) {
	i := len(r.bases) - 1
	for r.bases[i] > int(row) {
		i--
	}
	return i, uint32(int(row) - r.bases[i])
}

// A scorer gives exact scores. score may return ok = false as soon as it is sure
// that the total is below floor.
type scorer interface {
	exact(segment int, doc uint32, floor float64) (total float64, ok bool)
	id(segment int, doc uint32) string
}

// search scores rows in the order of their bounds until the k best are proven, and
// leaves them in r.top, best first. It returns how many rows were scored.
func (r *ranking) search(ctx context.Context, k int, s scorer) (int, error) {
	scored, hi, batch := 0, buckets, k+k/4+8
	for hi > 0 {
		if err := ctx.Err(); err != nil {
			return scored, err
		}
		lo, n := hi, 0
		for lo > 0 && n < batch {
			lo--
			n += r.counts[lo]
		}
		r.gather(lo, hi, k)
		for i, c := range r.cands {
			if len(r.top) == k && float64(c.bound) < r.top[0].total {
				return scored, r.finish(s)
			}
			if i&1023 == 1023 && ctx.Err() != nil {
				return scored, ctx.Err()
			}
			scored++
			r.try(c.row, k, s)
		}
		hi, batch = lo, 4*batch
	}
	return scored, r.finish(s)
}

// gather lists the rows of the buckets [lo, hi) by bound, best first, without those
// that cannot enter the top any more.
func (r *ranking) gather(lo, hi, k int) {
	floor := float32(0)
	if len(r.top) == k {
		floor = float32(r.top[0].total) - boundSlack
	}
	r.cands = r.cands[:0]
	for row, b := range r.bounds {
		if b < floor {
			continue
		}
		if k := bucketOf(b); k >= lo && k < hi {
			r.cands = append(r.cands, candidate{b, int32(row)})
		}
	}
	slices.SortFunc(r.cands, func(a, b candidate) int {
		if c := cmp.Compare(b.bound, a.bound); c != 0 {
			return c
		}
		return cmp.Compare(a.row, b.row)
	})
}

func (r *ranking) try(row int32, k int, s scorer) {
	floor := -1.0
	if len(r.top) == k {
		floor = r.top[0].total
	}
	seg, doc := r.segment(row)
	total, ok := s.exact(seg, doc, floor)
	if !ok {
		return
	}
	w := winner{total, row}
	switch {
	case len(r.top) < k:
		r.top = append(r.top, w)
		for i := len(r.top) - 1; i > 0 && r.worse(s, r.top[i], r.top[(i-1)/2]); i = (i - 1) / 2 {
			r.top[i], r.top[(i-1)/2] = r.top[(i-1)/2], r.top[i]
		}
	case r.worse(s, r.top[0], w):
		r.top[0] = w
		r.sink(s)
	}
}

func (r *ranking) sink(s scorer) {
	for i := 0; ; {
		c := 2*i + 1
		if c >= len(r.top) {
			return
		}
		if c+1 < len(r.top) && r.worse(s, r.top[c+1], r.top[c]) {
			c++
		}
		if !r.worse(s, r.top[c], r.top[i]) {
			return
		}
		r.top[i], r.top[c] = r.top[c], r.top[i]
		i = c
	}
}

// worse orders winners: lower total first, then the larger id.
func (r *ranking) worse(s scorer, a, b winner) bool {
	if a.total != b.total {
		return a.total < b.total
	}
	return r.idOf(s, a.row) > r.idOf(s, b.row)
}

func (r *ranking) idOf(s scorer, row int32) string {
	seg, doc := r.segment(row)
	return s.id(seg, doc)
}

func (r *ranking) finish(s scorer) error {
	slices.SortFunc(r.top, func(a, b winner) int {
		if a.total != b.total {
			return cmp.Compare(b.total, a.total)
		}
		return cmp.Compare(r.idOf(s, a.row), r.idOf(s, b.row))
	})
	return nil
}

// grow returns a slice of length n, reusing the memory of s.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n+n/4)[:n]
	}
	return s[:n]
}
