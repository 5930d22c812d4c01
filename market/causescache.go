package market

import (
	"context"
	"sync"
)

// causesCache keeps the problems of one state that were asked for last: pages and other groups of
// one are asked for one after the other. A problem is solved once, whoever asks for it meanwhile; who asks for
// one that is solved waits for nobody.
type causesCache struct {
	mu     sync.Mutex
	solved map[string]*solvedCauses
	turn   int // of the latest question
}

// solvedCauses is a problem, or why there is none, once ready is closed.
type solvedCauses struct {
	ready   chan struct{}
	problem *causesProblem
	err     error
	gone    bool // whoever was to solve it did not wait for it
	asked   int  // turn
}

// mostCachedCauses bounds the bytes that are kept, in a state. Tests change it.
var mostCachedCauses = 512 << 20

// causesSlots bounds how many problems are solved at a time, in the process: each takes all cores and
// much memory.
var causesSlots = make(chan struct{}, 2)

// of finds the problem or solves it. When whoever was solving it goes away, another one does.
func (c *causesCache) of(ctx context.Context, key string, solve func() (*causesProblem, error)) (*causesProblem, error) {
	for {
		c.mu.Lock()
		c.turn++
		x := c.solved[key]
		mine := x == nil
		if mine {
			if c.solved == nil {
				c.solved = map[string]*solvedCauses{}
			}
			x = &solvedCauses{ready: make(chan struct{})}
			c.solved[key] = x
		}
		x.asked = c.turn
		c.mu.Unlock()
		if mine {
			c.solve(ctx, key, x, solve)
			return x.problem, x.err
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-x.ready:
		}
		if !x.gone {
			return x.problem, x.err
		}
	}
}

func (c *causesCache) solve(ctx context.Context, key string, x *solvedCauses, solve func() (*causesProblem, error)) {
	var problem *causesProblem
	err, gone := context.Canceled, true // of a solve that panics
	defer func() {
		defer close(x.ready) // whatever happens, others must not wait for it
		c.mu.Lock()
		defer c.mu.Unlock()
		if x.err, x.gone = err, gone; err == nil {
			x.problem = problem
		}
		if err != nil || problem.size() > mostCachedCauses {
			delete(c.solved, key)
		}
		c.forget()
	}()
	select {
	case <-ctx.Done():
		err = context.Cause(ctx)
	case causesSlots <- struct{}{}:
		defer func() { <-causesSlots }()
		problem, err = solve()
		gone = err != nil && ctx.Err() != nil
	}
}

// forget drops those that were asked for longest ago until the others are small enough.
func (c *causesCache) forget() {
	for {
		oldest, size := "", 0
		for key, x := range c.solved {
			if x.problem == nil {
				continue
			}
			if size += x.problem.size(); oldest == "" || x.asked < c.solved[oldest].asked {
				oldest = key
			}
		}
		if size <= mostCachedCauses {
			return
		}
		delete(c.solved, oldest)
	}
}

// size is about how many bytes it takes: lists and the graph, both ways round, and what is known of
// openings and supplies.
func (p *causesProblem) size() int {
	return 12*len(p.market.Fill.Able) + 400*len(p.market.Openings) + 200*len(p.market.Supplies)
}
