package allocate

import (
	"sync/atomic"
	"testing"
	"time"
)

// TestTeam: every piece is done once, also after members have gone to sleep, and a
// member's panic reaches who asked for the work.
func TestTeam(t *testing.T) {
	for _, threads := range []int{1, 2, 5} {
		team := newTeam(threads)
		var sum atomic.Int64
		for round := range 200 {
			if round == 100 {
				time.Sleep(5 * time.Millisecond) // they sleep by now
			}
			team.each(1000, func(from, to int) {
				for i := from; i < to; i++ {
					sum.Add(int64(i))
				}
			})
			team.both(func(half int) { sum.Add(int64(half)) })
		}
		if want := int64(200 * (999*1000/2 + 1)); sum.Load() != want {
			t.Errorf("%d threads: %d, want %d", threads, sum.Load(), want)
		}
		func() {
			defer func() {
				if v := recover(); v != "no" {
					t.Errorf("%d threads: recovered %v", threads, v)
				}
			}()
			team.both(func(half int) {
				if half == 1 {
					panic("no")
				}
			})
		}()
		team.each(10, func(int, int) {}) // and the team goes on
		team.stop()
	}
}
