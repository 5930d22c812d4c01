package allocate

import (
	"runtime"
	"sync"
)

// A team is the threads of a solver. What they do never depends on how many there are.
type team struct{ threads int }

func newTeam(threads int) *team {
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	return &team{threads}
}

// each divides 0..n between the threads.
func (t *team) each(n int, do func(from, to int)) {
	if t.threads == 1 || n < 2 {
		do(0, n)
		return
	}
	var wg sync.WaitGroup
	for k := 1; k < t.threads; k++ {
		from, to := n*k/t.threads, n*(k+1)/t.threads
		wg.Go(func() { do(from, to) })
	}
	do(0, n/t.threads)
	wg.Wait()
}

// both does the two halves of something.
func (t *team) both(do func(half int)) {
	if t.threads == 1 {
		do(0)
		do(1)
		return
	}
	var wg sync.WaitGroup
	wg.Go(func() { do(1) })
	do(0)
	wg.Wait()
}
