package matcher

import (
	"container/heap"
	"context"
	"sort"
)

// A candidate is an eligible row with the upper bound of its score.
type candidate struct {
	bound   float32
	segment int32
	doc     uint32
}

// topK keeps the best k matches; the worst of them is on top.
type topK struct {
	k    int
	list []Match
}

func (t *topK) Len() int           { return len(t.list) }
func (t *topK) Less(i, j int) bool { return better(&t.list[j], &t.list[i]) }
func (t *topK) Swap(i, j int)      { t.list[i], t.list[j] = t.list[j], t.list[i] }
func (t *topK) Push(x any)         { t.list = append(t.list, x.(Match)) }
func (t *topK) Pop() any {
	m := t.list[len(t.list)-1]
	t.list = t.list[:len(t.list)-1]
	return m
}

// better orders matches: higher score first, then the smaller id.
func better(a, b *Match) bool {
	if a.Score.Total != b.Score.Total {
		return a.Score.Total > b.Score.Total
	}
	return a.ID < b.ID
}

func (t *topK) offer(m Match) {
	if len(t.list) < t.k {
		heap.Push(t, m)
		return
	}
	if better(&m, &t.list[0]) {
		t.list[0] = m
		heap.Fix(t, 0)
	}
}

// full reports whether no candidate of this bound can enter any more.
func (t *topK) full(bound float32) bool {
	return len(t.list) == t.k && float64(bound) < t.list[0].Score.Total
}

// buckets is the resolution of the first, coarse sort by bound.
const buckets = 512

// selectTop scores candidates in the order of their bounds until the k best are
// proven. Candidates are sorted coarsely by counting, and finely only in the
// buckets that are reached. score gives the exact match, or ok = false to leave it
// out. It returns the matches in order and how many were scored.
func selectTop(ctx context.Context, k int, cands []candidate, sc *scratch, score func(candidate) (Match, bool)) ([]Match, int, error) {
	var count [buckets + 1]int32
	for i := range cands {
		count[bucketOf(cands[i].bound)+1]++
	}
	for b := 1; b <= buckets; b++ {
		count[b] += count[b-1]
	}
	start := count
	sc.sorted = grow(sc.sorted, len(cands))
	sorted := sc.sorted
	for i := range cands {
		b := bucketOf(cands[i].bound)
		sorted[count[b]] = cands[i]
		count[b]++
	}
	top := topK{k: k, list: make([]Match, 0, min(k, len(cands)))}
	scored := 0
	for b := 0; b < buckets; b++ {
		in := sorted[start[b]:start[b+1]]
		if len(in) == 0 {
			continue
		}
		if err := stopped(ctx); err != nil {
			return nil, scored, err
		}
		sort.Slice(in, func(i, j int) bool { return in[i].bound > in[j].bound })
		if top.full(in[0].bound) {
			break
		}
		for i := range in {
			if top.full(in[i].bound) {
				break
			}
			if scored&1023 == 1023 {
				if err := stopped(ctx); err != nil {
					return nil, scored, err
				}
			}
			scored++
			if m, ok := score(in[i]); ok {
				top.offer(m)
			}
		}
	}
	sort.Slice(top.list, func(i, j int) bool { return better(&top.list[i], &top.list[j]) })
	return top.list, scored, nil
}

// bucketOf maps a bound in [0, 1+slack] to a bucket, best first.
func bucketOf(bound float32) int {
	b := buckets - 1 - int(bound*(buckets-1))
	return min(max(b, 0), buckets-1)
}

// grow returns a slice of length n, reusing the memory of s.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n+n/4)[:n]
	}
	return s[:n]
}
