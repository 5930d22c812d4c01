package api

import (
	"context"
	"net/http"
	"sync/atomic"
)

// mostWaiting is how many requests for reports may wait for their turn.
const mostWaiting = 64

// A gate lets some in at a time and some others wait. A report takes a core, or all of them, and memory: more at
// once would all be late, and in the end answer nobody.
type gate struct {
	places  chan struct{}
	waiting atomic.Int64
	most    int64
}

func newGate(places, most int) *gate {
	return &gate{places: make(chan struct{}, places), most: int64(most)}
}

// enter waits for a place until ctx ends, and returns what gives it back. When too many wait already
// the answer is 503 at once.
func (g *gate) enter(ctx context.Context) (leave func(), err error) {
	leave = func() { <-g.places }
	select {
	case g.places <- struct{}{}:
		return leave, nil
	default:
	}
	defer g.waiting.Add(-1)
	if g.waiting.Add(1) > g.most {
		return nil, newProblem(http.StatusServiceUnavailable, "too many reports are being made; try again").with("Retry-After", "5")
	}
	select {
	case g.places <- struct{}{}:
		return leave, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// heavy is a handler that waits for its turn among those that make reports.
func heavy[P any](s *server, handle func(context.Context, *request[P]) (*reply, error)) func(context.Context, *request[P]) (*reply, error) {
	return func(ctx context.Context, in *request[P]) (*reply, error) {
		leave, err := s.reports.enter(ctx)
		if err != nil {
			return nil, err
		}
		defer leave()
		return handle(ctx, in)
	}
}
