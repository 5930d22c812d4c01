package matcher

import (
	"context"
	"runtime"
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
	batchChunk   = 64
	batchMatches = 50_000
)

// MatchAll ranks the other side's records for every live record of a side, in the order
// of their ids, on so many goroutines (0: one a core). yield is called from one
// goroutine at a time, in order, and may stop the batch by an error; it owns the result.
// No more than a few hundred results are held at any time. Errors: an invalid query,
// yield's, or the context's end.
func (s *Snapshot) MatchAll(ctx context.Context, side Side, q Query, workers int, yield func(id string, res *Result) error) error {
	if err := q.validate(); err != nil {
		return err
	}
	ids := s.DemandIDs
	match := func(ctx context.Context, id string) (*Result, error) {
		d, _ := s.Demand(id)
		return s.MatchPrograms(ctx, &d, q)
	}
	if side == ForPrograms {
		ids = s.ProgramIDs
		match = func(ctx context.Context, id string) (*Result, error) {
			p, _ := s.Program(id)
			return s.MatchDemands(ctx, &p, q)
		}
	}
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	return inChunks(ctx, ids(), workers, max(1, min(batchChunk, batchMatches/q.Top)), match, yield)
}

// inChunks works on chunks of ids in parallel and yields in order.
func inChunks(ctx context.Context, ids []string, workers, size int, match func(context.Context, string) (*Result, error), yield func(string, *Result) error) error {
	type chunk struct {
		results []*Result
		err     error
	}
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	chunks := (len(ids) + size - 1) / size
	// Each slot is filled by one worker and emptied by the loop below, so that nobody
	// runs further ahead than there are slots.
	slots := make([]chan chunk, 2*workers)
	for i := range slots {
		slots[i] = make(chan chunk, 1)
	}
	for w := range min(workers, chunks) {
		wg.Go(func() {
			for c := w; c < chunks; c += workers {
				part := ids[c*size : min(len(ids), (c+1)*size)]
				out := chunk{results: make([]*Result, 0, len(part))}
				for _, id := range part {
					res, err := match(ctx, id)
					if err != nil {
						out.err = err
						break
					}
					out.results = append(out.results, res)
				}
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
		for i, res := range got.results {
			if err := yield(ids[c*size+i], res); err != nil {
				return err
			}
		}
		if got.err != nil {
			return got.err
		}
	}
	return nil
}
