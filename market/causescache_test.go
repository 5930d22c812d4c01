package market

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"

	"talentmatch/matcher/gap/cause"
)

// TestCausesCache: a problem is solved once for all who ask; one that is solved waits for nobody; when whoever
// solves it goes away another does; errors are not kept; what is asked for longest ago goes first, and what is
// too large is not kept.
func TestCausesCache(t *testing.T) {
	defer func(most int, slots chan struct{}) { mostCachedCauses, causesSlots = most, slots }(mostCachedCauses, causesSlots)
	synctest.Test(t, func(t *testing.T) {
		causesSlots = make(chan struct{}, 1)
		c, ctx := &causesCache{}, context.Background()
		problem := func(openings int) *causesProblem {
			return &causesProblem{market: &cause.Market{Openings: make([]cause.Opening, openings)}}
		}
		solved := 0
		one := func() (*causesProblem, error) { solved++; return problem(1), nil }
		never := func() (*causesProblem, error) { t.Error("solved again"); return nil, nil }
		if _, err := c.of(ctx, "known", one); err != nil {
			t.Fatal(err)
		}

		going, leave := context.WithCancel(ctx)
		var all sync.WaitGroup
		all.Go(func() {
			_, err := c.of(going, "slow", func() (*causesProblem, error) { <-going.Done(); return nil, going.Err() })
			if !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
		synctest.Wait()
		for range 3 {
			all.Go(func() {
				if p, err := c.of(ctx, "slow", one); err != nil || p == nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		if _, err := c.of(ctx, "known", never); err != nil { // while the only slot is taken
			t.Error(err)
		}
		ended, end := context.WithCancel(ctx)
		end()
		for _, key := range []string{"slow", "other"} {
			if _, err := c.of(ended, key, never); !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v", key, err)
			}
		}
		leave()
		all.Wait()
		if solved != 2 {
			t.Errorf("solved %d times", solved)
		}

		bad := errors.New("bad")
		if _, err := c.of(ctx, "bad", func() (*causesProblem, error) { return nil, bad }); !errors.Is(err, bad) || len(c.solved) != 2 {
			t.Errorf("%v, %d kept", err, len(c.solved))
		}
		mostCachedCauses = 2 * problem(1).size()
		if _, err := c.of(ctx, "known", never); err != nil {
			t.Error(err)
		}
		if _, err := c.of(ctx, "third", one); err != nil || c.solved["slow"] != nil || c.solved["known"] == nil || c.solved["third"] == nil {
			t.Errorf("%v: %v", err, c.solved)
		}
		if p, err := c.of(ctx, "large", func() (*causesProblem, error) { return problem(100), nil }); err != nil || p == nil || len(c.solved) != 2 {
			t.Errorf("%v: %v", err, c.solved)
		}
	})
}

// Problems that are solved at the same time, fail and panic, while others ask how large all are: for
// the race detector, and nobody waits for ever.
func TestCausesCacheSolvesSeveral(t *testing.T) {
	c, bad := &causesCache{}, errors.New("bad")
	var all sync.WaitGroup
	for i := range 200 {
		all.Go(func() {
			defer func() { _ = recover() }() // of the panics below
			p, err := c.of(context.Background(), strconv.Itoa(i%40), func() (*causesProblem, error) {
				switch i % 5 {
				case 3:
					return &causesProblem{}, bad
				case 4:
					panic("broken")
				}
				return &causesProblem{market: &cause.Market{Openings: make([]cause.Opening, 3)}}, nil
			})
			if i%5 < 3 && (err != nil || p == nil) || i%5 == 3 && !errors.Is(err, bad) {
				t.Errorf("%d: %v %v", i, p, err)
			}
		})
	}
	all.Wait()
	if len(c.solved) != 24 { // the three of five of forty that have an answer
		t.Errorf("%d kept", len(c.solved))
	}
	if len(causesSlots) != 0 {
		t.Errorf("%d slots taken", len(causesSlots))
	}
}
