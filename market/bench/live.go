package bench

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"talentmatch/matcher"
)

// updates measures readers of programs that each ask one query after the other, first
// alone and then beside a writer, by both scores. What the writer leaves behind is held
// against brute force.
func (r *run) updates() error {
	for _, s := range []score{skillsOnly, defaults} {
		queries := r.mixed(programs)
		m := Measurement{What: WhatUpdates, Side: programs, Score: s.name, Filter: "mix", Top: r.Top, Readers: r.Readers}
		r.note("%d readers by %s, alone", r.Readers, s.name)
		runtime.GC()
		alone := newChain(r.snap)
		took, err := r.read(alone, queries, s)
		if err != nil {
			return err
		}
		m.setTimes(took)
		quiet := m.P99
		if err := r.give(m); err != nil {
			return err
		}

		pool, err := made(r.ctx, r.Programs, int(r.Limit.Seconds()*float64(r.Updates))+r.UpdateRows, r.src.Program)
		if err != nil {
			return err
		}
		r.note("%d readers by %s, %d writes a second", r.Readers, s.name, r.Updates)
		runtime.GC()
		c := newChain(r.snap)
		ctx, cancel := context.WithTimeout(r.ctx, r.Limit)
		var writing sync.WaitGroup
		written := 0
		writing.Go(func() { written = r.write(ctx, c, pool) })
		started := time.Now()
		took, err = r.read(c, queries, s)
		cancel()
		writing.Wait()
		if err != nil {
			return err
		}
		m.setTimes(took)
		m.Writes = float64(written) / time.Since(started).Seconds()
		m.P99Ratio = m.P99 / quiet
		c.merging.Wait()
		m.Merges = int(c.merges.Load())
		if err := r.checkAfter(c.current.Load(), queries, s, &m); err != nil {
			return err
		}
		if err := r.give(m); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) checkAfter(snap *matcher.Snapshot, queries []query, s score, m *Measurement) (err error) {
	queries = queries[:r.Check]
	answers := make([]*matcher.Result, len(queries))
	for i := range queries {
		if _, answers[i], err = r.timed(snap, &queries[i], s, r.Top); err != nil {
			return err
		}
	}
	m.Checked, m.Unequal, err = r.check(snap, queries, s, answers)
	return err
}

// read lets the readers ask until the limit, each the newest snapshot every time, and
// returns what every query took.
func (r *run) read(c *chain, queries []query, s score) ([]time.Duration, error) {
	var mu sync.Mutex
	var all []time.Duration
	var failed error
	var readers sync.WaitGroup
	until := time.Now().Add(r.Limit)
	for k := range r.Readers {
		readers.Go(func() {
			ready := make([]func(*matcher.Snapshot) (time.Duration, *matcher.Result, error), len(queries))
			for i := range queries {
				ready[i] = r.prepared(&queries[i], s, r.Top)
			}
			var took []time.Duration
			var err error
			for i := k; err == nil && time.Now().Before(until); i++ {
				var t time.Duration
				t, _, err = ready[i%len(ready)](c.current.Load())
				took = append(took, t)
			}
			mu.Lock()
			defer mu.Unlock()
			all = append(all, took...)
			if err != nil {
				failed = err
			}
		})
	}
	readers.Wait()
	return all, failed
}

// write changes programs at the rate that is asked for, or as fast as it can, until the
// context ends, and returns how many rows it wrote: of ten, eight take the place of a
// stored program, one is new, and one takes a program out that was new before.
func (r *run) write(ctx context.Context, c *chain, pool []matcher.Program) int {
	d := newDice(0, kindUpdate, r.Programs)
	every := time.Second * time.Duration(r.UpdateRows) / time.Duration(r.Updates)
	written, born, gone := 0, 0, 0
	for due := time.Now(); ctx.Err() == nil && written+r.UpdateRows <= len(pool); due = due.Add(every) {
		if wait := time.Until(due); wait > 0 {
			time.Sleep(wait)
		}
		var change matcher.Change
		used := map[string]bool{}
		for range r.UpdateRows {
			p := pool[written]
			switch written % 10 {
			case 0:
				p.ID = fmt.Sprintf("b.u%07d", born)
				born++
			case 9:
				id := fmt.Sprintf("b.u%07d", gone)
				gone++
				if !used[id] { // not one that is new in the same change
					change.DeletePrograms = append(change.DeletePrograms, id)
				}
				written++
				continue
			default:
				for p.ID = programID(d.IntN(r.Programs)); used[p.ID]; {
					p.ID = programID(d.IntN(r.Programs))
				}
			}
			used[p.ID] = true
			change.PutPrograms = append(change.PutPrograms, p)
			written++
		}
		c.put(change)
	}
	return written
}

// A chain is snapshots one after the other, merged behind, as market keeps them: a reader
// loads the current one and waits for nobody.
type chain struct {
	current atomic.Pointer[matcher.Snapshot]
	busy    atomic.Bool
	merging sync.WaitGroup
	merges  atomic.Int64
}

func newChain(s *matcher.Snapshot) *chain {
	c := &chain{}
	c.current.Store(s)
	return c
}

// put makes a change visible. Only one goroutine may write.
func (c *chain) put(change matcher.Change) {
	for {
		s := c.current.Load()
		next := s.With(change)
		if c.current.CompareAndSwap(s, next) { // else a merge came between
			c.mergeBehind(next)
			return
		}
	}
}

func (c *chain) mergeBehind(s *matcher.Snapshot) {
	if !s.NeedsMerge() || !c.busy.CompareAndSwap(false, true) {
		return
	}
	c.merging.Go(func() {
		defer c.busy.Store(false)
		plan := s.PlanMerge()
		for {
			now := c.current.Load()
			if c.current.CompareAndSwap(now, plan.Apply(now)) {
				c.merges.Add(1)
				return
			}
		}
	})
}
