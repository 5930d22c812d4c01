package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"talentmatch/matcher"
	"talentmatch/talent"
)

// A Source makes the rows of a market: row i is a function of i.
type Source interface {
	Name() string
	Space() *matcher.Space
	Regions() []string // ids by number
	Program(i int) matcher.Program
	Demand(i int) matcher.Demand
}

// What can be measured.
const (
	WhatQuery   = "query"   // one query at a time by skills alone (the other weights 0)
	WhatFull    = "full"    // one query at a time by the full score, with the default weights
	WhatBatch   = "batch"   // every demand with every program, on all cores, both sides and scores
	WhatUpdates = "updates" // readers with and without writes beside them
	WhatMemory  = "memory"  // heap a row
	WhatRestart = "restart" // from opening a data folder to the first answer: the command's
)

// Options says what to measure, and how much.
type Options struct {
	Programs, Demands int
	What              []string
	Queries           int           // of each measurement
	Top               int           // results a query
	BatchTop          int           // results a query of a batch
	Check             int           // queries of each measurement that are compared with brute force
	Limit             time.Duration // the longest that one batch, or readers with or without writes, go on
	Updates           int           // writes a second
	UpdateRows        int           // rows a change: so many writes become visible together
	Readers           int           // beside the writes
	Chunk             int           // rows put in at once: the size of the first segments
}

// DefaultOptions measures everything but a restart on 60,000 programs and 100,000 demands.
func DefaultOptions() Options {
	return Options{
		Programs: 60_000, Demands: 100_000, What: []string{WhatQuery, WhatFull, WhatBatch, WhatUpdates, WhatMemory},
		Queries: 300, Top: 50, BatchTop: 20, Check: 4, Limit: 15 * time.Second, Updates: 1000, UpdateRows: 1,
		Readers: max(1, runtime.GOMAXPROCS(0)-1), Chunk: 1 << 20,
	}
}

// Validate names the first option that is out of range.
func (o *Options) Validate() error {
	for _, v := range []struct {
		name             string
		value, low, high int
	}{
		{"programs", o.Programs, 1, MostRecords}, {"demands", o.Demands, 1, MostRecords}, {"queries", o.Queries, 1, 100_000},
		{"top", o.Top, 1, matcher.MaxTop}, {"batch-top", o.BatchTop, 1, matcher.MaxTop}, {"check", o.Check, 0, o.Queries},
		{"updates", o.Updates, 1, 1_000_000}, {"update-rows", o.UpdateRows, 1, min(o.Updates, o.Programs)}, {"readers", o.Readers, 1, 1024},
		{"chunk", o.Chunk, 1, MostRecords},
	} {
		if v.value < v.low || v.value > v.high {
			return talent.Invalid(v.name, fmt.Sprint(v.value), "must be from %d to %d", v.low, v.high)
		}
	}
	if o.Limit <= 0 {
		return talent.Invalid("limit", o.Limit.String(), "must be above 0")
	}
	for _, w := range o.What {
		if !slices.Contains([]string{WhatQuery, WhatFull, WhatBatch, WhatUpdates, WhatMemory, WhatRestart}, w) {
			return talent.Invalid("what", w, "is nothing that can be measured")
		}
	}
	return nil
}

// A Measurement is one figure with what it is of. A field that does not apply is left
// out.
type Measurement struct {
	Market   string `json:"market"`
	Programs int    `json:"programs"`
	Demands  int    `json:"demands"`
	What     string `json:"what"`
	Side     string `json:"side,omitempty"`   // what is ranked, or what rows are of: programs or demands
	Score    string `json:"score,omitempty"`  // skills: the other weights are 0; full: the defaults; answer: those, with components and counts
	Filter   string `json:"filter,omitempty"` // mix, none
	Top      int    `json:"top,omitempty"`

	Queries int     `json:"queries,omitempty"`
	Mean    float64 `json:"mean_ms,omitempty"`
	P50     float64 `json:"p50_ms,omitempty"`
	P99     float64 `json:"p99_ms,omitempty"`
	Max     float64 `json:"max_ms,omitempty"`
	Results float64 `json:"results,omitempty"` // a query, on average

	Readers  int     `json:"readers,omitempty"`
	Writes   float64 `json:"writes_per_s,omitempty"` // rows a second that became visible meanwhile
	Merges   int     `json:"merges,omitempty"`       // that ended meanwhile
	P99Ratio float64 `json:"p99_ratio,omitempty"`    // to the p99 of the same readers without writes

	PerSecond   float64 `json:"queries_per_s,omitempty"`
	PairsPer    float64 `json:"pairs_per_s,omitempty"`
	Seconds     float64 `json:"seconds,omitempty"`
	WholeSecond float64 `json:"all_seconds,omitempty"` // all queries at that rate

	BytesPerRow float64 `json:"bytes_per_row,omitempty"`

	Checked int `json:"checked,omitempty"` // answers compared with brute force
	Unequal int `json:"unequal"`
}

// Machine is what figures were taken on.
type Machine struct {
	GOMAXPROCS int    `json:"gomaxprocs"`
	Go         string `json:"go"`
	CPU        string `json:"cpu,omitempty"` // as Linux says it
}

// ThisMachine looks.
func ThisMachine() Machine {
	m := Machine{GOMAXPROCS: runtime.GOMAXPROCS(0), Go: runtime.Version()}
	facts, _ := os.ReadFile("/proc/cpuinfo") // Linux only; elsewhere the model stays unsaid
	for line := range strings.Lines(string(facts)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			m.CPU = strings.TrimSpace(value)
			break
		}
	}
	return m
}

// ErrUnequal says that an answer was not brute force's.
var ErrUnequal = errors.New("an answer differs from brute force")

// Measure builds a market in memory and measures, one thing after the other, in the
// order of the constants. yield gets each measurement as soon as it is there, note what
// is going on. Errors: options out of range, the context's end, those of yield, and
// ErrUnequal after everything is measured.
func Measure(ctx context.Context, src Source, o Options, note func(format string, args ...any), yield func(Measurement) error) error {
	if err := o.Validate(); err != nil {
		return err
	}
	r := &run{ctx: ctx, src: src, Options: o, note: note, yield: yield}
	if err := r.build(); err != nil {
		return err
	}
	for _, step := range []struct {
		what string
		do   func() error
	}{
		{WhatQuery, func() error { return r.queries(WhatQuery, skillsOnly) }},
		{WhatFull, func() error { return errors.Join(r.queries(WhatFull, defaults), r.queries(WhatFull, wholeAnswers)) }},
		{WhatBatch, r.batches},
		{WhatUpdates, r.updates},
	} {
		if !slices.Contains(o.What, step.what) {
			continue
		}
		if err := step.do(); err != nil {
			return err
		}
	}
	if r.unequal > 0 {
		return fmt.Errorf("%w: %d times", ErrUnequal, r.unequal)
	}
	return nil
}

// A run is one measuring.
type run struct {
	Options
	ctx     context.Context
	src     Source
	note    func(format string, args ...any)
	yield   func(Measurement) error
	snap    *matcher.Snapshot
	unequal int
}

// A score is weights with the name that they go by.
type score struct {
	name    string
	weights matcher.Weights
	totals  bool // ids and totals only, as search engines give; otherwise components and counts too
}

var (
	skillsOnly   = score{"skills", matcher.Weights{Skills: 1}, true}
	defaults     = score{"full", matcher.DefaultWeights(), true}
	wholeAnswers = score{"answer", matcher.DefaultWeights(), false}
)

// give completes a measurement and hands it on.
func (r *run) give(m Measurement) error {
	m.Market, m.Programs, m.Demands = r.src.Name(), r.Programs, r.Demands
	return r.yield(m)
}

// setTimes fills in the distribution of what queries took; took is sorted here.
func (m *Measurement) setTimes(took []time.Duration) {
	slices.Sort(took)
	sum := time.Duration(0)
	for _, t := range took {
		sum += t
	}
	ms := func(t time.Duration) float64 { return t.Seconds() * 1000 }
	m.Queries = len(took)
	m.Mean = ms(sum) / float64(max(1, len(took)))
	m.P50, m.P99, m.Max = ms(quantile(took, 50)), ms(quantile(took, 99)), ms(quantile(took, 100))
}

// quantile is the smallest time that so many of a hundred do not exceed.
func quantile(sorted []time.Duration, percent int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[max(1, (len(sorted)*percent+99)/100)-1]
}

// build makes the snapshot and says what a row takes: programs first, then demands.
// Each figure is the growth of the heap once a few queries have filled what is filled
// then.
func (r *run) build() error {
	atlas := matcher.NewAtlas(talent.NewGazetteer(nil), r.src.Regions())
	r.snap = matcher.Empty(r.src.Space(), atlas)
	wants := slices.Contains(r.What, WhatMemory)
	for _, side := range []string{programs, demands} {
		size := r.size(side)
		before, started := heap(), time.Now()
		for from := 0; from < size; from += r.Chunk {
			var c matcher.Change
			rows := min(r.Chunk, size-from)
			var err error
			if side == programs {
				c.PutPrograms, err = made(r.ctx, from, rows, r.src.Program)
			} else {
				c.PutDemands, err = made(r.ctx, from, rows, r.src.Demand)
			}
			if err != nil {
				return err
			}
			r.snap = r.snap.With(c)
			for r.snap.NeedsMerge() {
				r.snap = r.snap.PlanMerge().Apply(r.snap)
			}
			r.note("%d of %d %s in %.1f s", from+rows, size, side, time.Since(started).Seconds())
		}
		if !wants {
			continue
		}
		m := Measurement{What: WhatMemory, Side: side, Seconds: time.Since(started).Seconds()}
		for i := range min(20, r.Queries) {
			if _, err := r.answer(&query{side: side, number: r.number(side, i)}, defaults, r.Top); err != nil {
				return err
			}
		}
		m.BytesPerRow = (heap() - before) / float64(size)
		if err := r.give(m); err != nil {
			return err
		}
	}
	return nil
}

// The two sides: what rows are of, and what queries rank.
const (
	programs = "programs"
	demands  = "demands"
)

func (r *run) size(side string) int {
	if side == programs {
		return r.Programs
	}
	return r.Demands
}

// made makes rows on all cores.
func made[T any](ctx context.Context, from, count int, row func(int) T) ([]T, error) {
	out := make([]T, count)
	err := eachCore(ctx, count, func(i int) { out[i] = row(from + i) })
	return out, err
}

// heap is the bytes that are in use after a collection; the second one empties pools.
func heap() float64 {
	runtime.GC()
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return float64(s.HeapAlloc)
}
