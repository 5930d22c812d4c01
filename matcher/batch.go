package matcher

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"sync"
)

// Side says for which records a batch ranks the other side's.
type Side int

// The two sides of a market.
const (
	ForDemands  Side = iota // programs for every demand
	ForPrograms             // demands for every program
)

// A worker takes batchChunk records at a time, or fewer, so that not many more than
// batchMatches matches are waiting for each.
const (
	batchChunk   = 1024
	batchMatches = 100_000
)

// A rowRef is a row of a side.
type rowRef struct {
	segment int32
	doc     uint32
}

// MatchAll ranks the other side's records for every live record of a side, in the order
// of their ids, on so many goroutines (0: one a core). yield is called from one
// goroutine at a time, in order, and may stop the batch by an error; it owns the result.
// Not many more than 100,000 matches a goroutine are held at any time. Errors: an invalid
// query, yield's, or the context's end.
//
// When there is much to do and nothing to leave out, the ranked side is first arranged by
// skills alone, which takes as much memory again as that side while the batch goes on.
func (s *Snapshot) MatchAll(ctx context.Context, of Side, q Query, workers int, yield func(id string, res *Result) error) error {
	if err := q.validate(); err != nil {
		return err
	}
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	s = s.forBatch(of, &q)
	var ids []string
	var refs []rowRef
	var cluster []uint16
	var match func(ctx context.Context, row rowRef) (*Result, error)
	if of == ForDemands {
		ids, refs = rowsByID(s.demands, func(seg *demandSegment) []string { return seg.ids })
		cluster = like(refs, func(row rowRef, add func(int32)) {
			for _, n := range s.demands[row.segment].seg.needs.row(row.doc) {
				add(n.Skill)
			}
		})
		match = func(ctx context.Context, row rowRef) (*Result, error) {
			d := s.demands[row.segment].seg.full(row.doc)
			return s.MatchPrograms(ctx, &d, q)
		}
	} else {
		ids, refs = rowsByID(s.programs, func(seg *programSegment) []string { return seg.ids })
		cluster = like(refs, func(row rowRef, add func(int32)) {
			held := &s.programs[row.segment].seg.held
			for _, skill := range held.skill[held.off[row.doc]:held.off[row.doc+1]] {
				add(skill)
			}
		})
		match = func(ctx context.Context, row rowRef) (*Result, error) {
			p := s.programs[row.segment].seg.full(row.doc)
			return s.MatchDemands(ctx, &p, q)
		}
	}
	size := max(1, min(batchChunk, batchMatches/q.Top, len(ids)/(4*workers)))
	return inChunks(ctx, len(ids), workers, size, func(ctx context.Context, from, to int, out []*Result) (err error) {
		// Records that are like each other one after the other: what they are compared with
		// is still in the cache.
		order := make([]int, to-from)
		for i := range order {
			order[i] = from + i
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(cluster[a], cluster[b]) })
		for _, i := range order {
			if out[i-from], err = match(ctx, refs[i]); err != nil {
				return err
			}
		}
		return nil
	}, func(i int, res *Result) error { return yield(ids[i], res) })
}

// forBatch is a snapshot that answers the same, faster when it is asked for every record
// of a side.
func (s *Snapshot) forBatch(of Side, q *Query) *Snapshot {
	programs, demands := s.Size()
	rows, queries := programs, demands
	if of == ForPrograms {
		rows, queries = demands, programs
	}
	if rows < clusterFrom || queries < rows/32 || q.Filter.Regions != nil || !q.Totals {
		return s
	}
	out := *s
	if of == ForPrograms {
		out.demands = []side[*demandSegment]{s.mergeDemands(s.demands, bySkills)}
	} else {
		out.programs = []side[*programSegment]{s.mergePrograms(s.programs, bySkills)}
	}
	return &out
}

// rowsByID lists a side's live rows by id.
func rowsByID[S any](sides []side[S], idsOf func(S) []string) (ids []string, refs []rowRef) {
	var unsorted []string
	var rows []rowRef
	for i := range sides {
		for doc, id := range idsOf(sides[i].seg) {
			if !sides[i].isDead(uint32(doc)) {
				unsorted, rows = append(unsorted, id), append(rows, rowRef{int32(i), uint32(doc)})
			}
		}
	}
	ids, refs = make([]string, len(rows)), make([]rowRef, len(rows))
	for i, place := range idOrder(unsorted) {
		ids[place], refs[place] = unsorted[i], rows[i]
	}
	return ids, refs
}

// like gives every row a cluster of rows with like skills.
func like(refs []rowRef, skills func(row rowRef, add func(int32))) []uint16 {
	off, flat := make([]uint32, 1, len(refs)+1), []int32(nil)
	for _, row := range refs {
		skills(row, func(s int32) { flat = append(flat, s) })
		off = append(off, uint32(len(flat)))
	}
	return clusters(off, flat, clusterRows[bySkills])
}

// inChunks works on chunks of 0..n-1 in parallel and yields in order. match fills the
// results of a chunk; if it fails, nothing of the chunk is yielded.
func inChunks(ctx context.Context, n, workers, size int, match func(ctx context.Context, from, to int, out []*Result) error, yield func(int, *Result) error) error {
	type chunk struct {
		results []*Result
		err     error
	}
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	chunks := (n + size - 1) / size
	// Each slot is filled by one worker and emptied by the loop below, so that nobody
	// runs further ahead than there are slots.
	slots := make([]chan chunk, 2*workers)
	for i := range slots {
		slots[i] = make(chan chunk, 1)
	}
	for w := range min(workers, chunks) {
		wg.Go(func() {
			for c := w; c < chunks; c += workers {
				from, to := c*size, min(n, (c+1)*size)
				out := chunk{results: make([]*Result, to-from)}
				out.err = match(ctx, from, to, out.results)
				select {
				case slots[c%len(slots)] <- out:
				case <-ctx.Done():
					return
				}
			}
		})
	}
	for c := range chunks {
		var got chunk
		select {
		case got = <-slots[c%len(slots)]:
		case <-ctx.Done():
			return ctx.Err()
		}
		if got.err != nil {
			return got.err
		}
		for i, res := range got.results {
			if err := yield(c*size+i, res); err != nil {
				return err
			}
		}
	}
	return nil
}
