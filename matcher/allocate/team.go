package allocate

import (
	"runtime"
	"sync/atomic"
)

// A team is the threads of a solver. What they do never depends on how many there are.
//
// Members wait for the next piece of work by watching for it a while, since blocks of an
// auction take less time than waking a thread, and only then sleep. stop ends them.
type team struct {
	members []*member
	left    atomic.Int32        // members still at work
	failed  atomic.Pointer[any] // what a member panicked with
}

type member struct {
	work  atomic.Pointer[func()]
	sleep atomic.Bool
	wake  chan struct{}
}

// watching is how often work is looked for before sleeping.
const watching = 20_000

func newTeam(threads int) *team {
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	t := &team{}
	for range threads - 1 {
		m := &member{wake: make(chan struct{}, 1)}
		t.members = append(t.members, m)
		go t.serve(m)
	}
	return t
}

func (t *team) serve(m *member) {
	for {
		work := m.next()
		if *work == nil {
			return
		}
		t.do(*work)
	}
}

// do does a piece of work. A panic is the caller's, who may know what to do about it: on a
// goroutine of its own it would end the process.
func (t *team) do(work func()) {
	defer func() {
		if v := recover(); v != nil {
			t.failed.Store(&v)
		}
		t.left.Add(-1)
	}()
	work()
}

// next waits for work.
func (m *member) next() *func() {
	for i := 0; ; i++ {
		if work := m.work.Swap(nil); work != nil {
			return work
		}
		if i%1024 == 1023 {
			runtime.Gosched()
		}
		if i < watching {
			continue
		}
		i = 0
		m.sleep.Store(true)
		if m.work.Load() == nil {
			<-m.wake
		}
		m.sleep.Store(false)
	}
}

// give hands a member work; nil ends it.
func (m *member) give(work func()) {
	m.work.Store(&work)
	if m.sleep.Load() {
		select {
		case m.wake <- struct{}{}:
		default: // it has been woken already
		}
	}
}

func (t *team) stop() {
	for _, m := range t.members {
		m.give(nil)
	}
}

// finish waits for the members.
func (t *team) finish() {
	for i := 0; t.left.Load() > 0; i++ {
		if i%1024 == 1023 {
			runtime.Gosched()
		}
	}
	if v := t.failed.Swap(nil); v != nil {
		panic(*v)
	}
}

// each divides 0..n between the threads.
func (t *team) each(n int, do func(from, to int)) {
	threads := len(t.members) + 1
	if threads == 1 || n < 2 {
		do(0, n)
		return
	}
	t.left.Store(int32(threads - 1))
	for k, m := range t.members {
		from, to := n*(k+1)/threads, n*(k+2)/threads
		m.give(func() { do(from, to) })
	}
	do(0, n/threads)
	t.finish()
}

// both does the two halves of something.
func (t *team) both(do func(half int)) {
	if len(t.members) == 0 {
		do(0)
		do(1)
		return
	}
	t.left.Store(1)
	t.members[0].give(func() { do(1) })
	do(0)
	t.finish()
}
