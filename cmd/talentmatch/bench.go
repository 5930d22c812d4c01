package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"talentmatch/market"
	"talentmatch/market/bench"
	"talentmatch/matcher"
)

// benchCmd makes markets of any size and measures matching on them.
type benchCmd struct {
	Market   benchMarketCmd   `cmd:"" help:"Write a realistic made-up market as NDJSON, ready for import."`
	Allocate benchAllocateCmd `cmd:"" help:"Measure seatings of made-up markets, each proven, and write their problems for other solvers."`
	Causes   benchCausesCmd   `cmd:"" help:"Measure what explaining the unfilled heads of made-up markets takes."`
	Forecast benchForecastCmd `cmd:"" help:"Score forecasts against what came, with every method beside them."`
	Match    benchMatchCmd    `cmd:"" help:"Measure matching on a market in memory, and hold answers against brute force."`
}

type benchMarketCmd struct {
	Programs int    `default:"60000" help:"How many programs."`
	Demands  int    `default:"100000" help:"How many demands."`
	Seed     uint64 `default:"1" help:"Another seed is another market; the same one gives the same bytes, and a larger market begins with a smaller one."`
	Fields   int    `default:"150" help:"Fields of work with 98 skills each, beside 300 skills that all share: 1..150."`
	Out      string `short:"o" placeholder:"FILE" help:"Write to a file, which appears when it is complete."`
	Force    bool   `help:"Overwrite the file if it exists."`
}

// Run writes the market. A record is made when its turn comes, so memory does not grow.
func (c *benchMarketCmd) Run(s *session) error {
	n, err := bench.NewNational(c.Seed, c.Fields)
	if err != nil {
		return asked(err)
	}
	bar := s.progress("writing", false)
	defer bar.done()
	write := func(w io.Writer) error {
		return n.Write(s.ctx, w, c.Programs, c.Demands, func(done, total int) { bar.set(int64(done), int64(total)) })
	}
	if c.Out == "" {
		return asked(write(s.out))
	}
	if info, err := os.Stat(c.Out); err == nil && info.Mode().IsRegular() && !c.Force {
		return fmt.Errorf("bench market: %s exists (--force overwrites it)", c.Out)
	}
	return asked(writeFile(c.Out, write))
}

// benchMatchCmd measures. ndjson has one line a measurement, with the fields of
// bench.Measurement, the seed and the machine; the table shows the same.
type benchMatchCmd struct {
	Programs   []int         `default:"60000" sep:"," placeholder:"N" help:"Sizes, one market after the other."`
	Demands    int           `default:"100000" help:"Demands of each market."`
	Seed       uint64        `default:"1" help:"Seed of the market."`
	Fields     int           `default:"150" help:"Fields of work with 98 skills each, beside 300 skills that all share: 1..150."`
	Profiles   string        `placeholder:"DIR" help:"Make the market from the occupations of this folder instead: occupations.jsonl, and qrels.tsv for the skills they need."`
	What       []string      `enum:"query,full,batch,updates,memory,restart" default:"query,full,batch,updates,memory" help:"Parts: ${enum}. restart writes and imports the market first."`
	Queries    int           `default:"300" help:"Queries of each measurement."`
	Top        int           `default:"50" help:"Results a query."`
	BatchTop   int           `default:"20" help:"Results a query of the batch."`
	Check      int           `default:"4" help:"Queries of each measurement that are compared with brute force."`
	Limit      time.Duration `default:"15s" help:"The longest that one batch goes on, and how long readers read beside writes and without."`
	Updates    int           `default:"1000" help:"Programs written a second beside the readers."`
	UpdateRows int           `default:"1" help:"Programs that become visible together."`
	Readers    int           `default:"0" help:"Readers beside the writes; 0: one less than there are cores."`
	Chunk      int           `default:"1048576" help:"Rows put in at once: the size of the first segments."`
	Format     string        `enum:"table,ndjson" default:"table" help:"table or ndjson."`
}

// Help says what the figures are of.
func (*benchMatchCmd) Help() string {
	return `Parts:

  query    one query at a time on one core, by skills alone (the other weights are 0)
  full     the same by the full score, with the default weights; once more as answer, with
           every component and the counts of what the gates stopped
  batch    all demands with all programs on all cores, by skills and in full
  updates  readers of programs alone, then beside writes: eight of ten replace a program,
           one is new, one takes a program out; segments are merged in the background
  memory   growth of the heap a program and a demand, once a few queries were asked
  restart  from opening the data folder of the imported market to the first answer

A query's time goes from the record in numbers to the ranked ids and scores. Filter mix: one query in four has none, two are bound to the record's
province, one to its prefecture; none: the same queries without filters. query and full
rank programs for demands and demands for programs.

Brute force scores every pair by itself. An answer whose ids, scores or count of eligible
rows differ is counted and makes the exit status 1.`
}

// benchLine is a measurement with what it was taken on.
type benchLine struct {
	bench.Measurement
	Seed    uint64        `json:"seed"`
	Machine bench.Machine `json:"machine"`
}

// options are the flags for one size.
func (c *benchMatchCmd) options(programs int) bench.Options {
	o := bench.Options{
		Programs: programs, Demands: c.Demands, What: c.What, Queries: c.Queries, Top: c.Top, BatchTop: c.BatchTop, Check: c.Check,
		Limit: c.Limit, Updates: c.Updates, UpdateRows: c.UpdateRows, Readers: c.Readers, Chunk: c.Chunk,
	}
	if o.Readers == 0 {
		o.Readers = bench.DefaultOptions().Readers
	}
	return o
}

// Run measures size after size. What was measured is shown whatever comes of the rest.
func (c *benchMatchCmd) Run(s *session) error {
	restart := slices.Contains(c.What, bench.WhatRestart)
	if restart && c.Profiles != "" {
		return usage("--what restart imports records, and --profiles makes none")
	}
	for _, programs := range c.Programs {
		o := c.options(programs)
		if err := o.Validate(); err != nil {
			return usageError{err}
		}
	}
	src, national, err := c.source(s)
	if err != nil {
		return err
	}
	machine := bench.ThisMachine()
	s.note("%d cores used, %s, %s", machine.GOMAXPROCS, machine.Go, plain(machine.CPU))
	var lines []benchLine
	take := func(m bench.Measurement) error {
		line := benchLine{m, c.Seed, machine}
		lines = append(lines, line)
		if c.Format != "ndjson" {
			return nil
		}
		if err := s.line(line); err != nil {
			return err
		}
		return s.out.Flush()
	}
	var failed error
	for _, programs := range c.Programs {
		o := c.options(programs)
		if len(c.What) > 1 || !restart {
			failed = errors.Join(failed, bench.Measure(s.ctx, src, o, s.note, take))
		}
		if restart && s.ctx.Err() == nil {
			failed = errors.Join(failed, measureRestart(s, national, o, take))
		}
		if failed != nil && !errors.Is(failed, bench.ErrUnequal) {
			break
		}
	}
	if c.Format == "table" {
		writeBench(s, lines)
	}
	return failed
}

// source is the market, and the national one when it is that.
func (c *benchMatchCmd) source(s *session) (bench.Source, *bench.National, error) {
	if c.Profiles == "" {
		n, err := bench.NewNational(c.Seed, c.Fields)
		return n, n, asked(err)
	}
	p, err := bench.ReadProfiles(c.Profiles, c.Seed)
	if err != nil {
		return nil, nil, err
	}
	if p.FromText {
		s.note("%s does not say what occupations need: the words that tell them apart stand in for skills", c.Profiles)
	}
	s.note("%d different skills", p.Skills)
	return p, nil, nil
}

// measureRestart imports the market into a temporary folder, opens it once so that
// everything is there that a process leaves to the next, and then measures from opening
// it to the first answer. The files are in the page cache. What a process answered
// before must be answered after.
func measureRestart(s *session, n *bench.National, o bench.Options, take func(bench.Measurement) error) (err error) {
	dir, err := os.MkdirTemp("", "talentmatch-bench-")
	if err != nil {
		return fmt.Errorf("bench match: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	file, data := filepath.Join(dir, "market.ndjson"), filepath.Join(dir, "data")
	s.note("restart: writing %d programs and %d demands", o.Programs, o.Demands)
	if err := writeFile(file, func(w io.Writer) error { return n.Write(s.ctx, w, o.Programs, o.Demands, nil) }); err != nil {
		return err
	}
	first := market.MatchRequest{Top: o.Top, Weights: matcher.DefaultWeights()}
	second := first
	first.DemandID, second.ProgramID = n.Demand(0).ID, n.Program(0).ID
	var before, after [2]*market.MatchAnswer
	var took time.Duration
	session := func(do func(m *market.Market) error) (err error) {
		m, err := openMarket(s, market.Options{Dir: data, NoBuiltin: true})
		if err != nil {
			return err
		}
		defer closing(m, &err)
		return do(m)
	}
	ask := func(m *market.Market, r market.MatchRequest, to **market.MatchAnswer) (err error) {
		*to, err = m.Match(s.ctx, r)
		return err
	}
	err = session(func(m *market.Market) error {
		s.note("restart: importing")
		_, err := m.Import(s.ctx, []string{file}, market.ImportOptions{})
		return err
	})
	if err == nil {
		err = session(func(m *market.Market) error {
			s.note("restart: the first process")
			// As a server does; it leaves a snapshot file behind when it closes.
			return errors.Join(m.Prepare(s.ctx), ask(m, first, &before[0]), ask(m, second, &before[1]))
		})
	}
	if err == nil {
		started := time.Now()
		err = session(func(m *market.Market) error {
			err := ask(m, first, &after[0])
			took = time.Since(started)
			return errors.Join(err, ask(m, second, &after[1]))
		})
	}
	if err != nil {
		return fmt.Errorf("bench match: restart: %w", err)
	}
	m := bench.Measurement{Market: n.Name(), Programs: o.Programs, Demands: o.Demands, What: bench.WhatRestart, Score: "full", Top: o.Top, Seconds: took.Seconds(), Checked: 2}
	for i := range before {
		same := func(a, b market.MatchItem) bool { return a.ID == b.ID && a.Score == b.Score }
		if len(before[i].Items) == 0 || !slices.EqualFunc(before[i].Items, after[i].Items, same) {
			m.Unequal++
		}
	}
	if err := take(m); err != nil || m.Unequal == 0 {
		return err
	}
	return fmt.Errorf("%w: after a restart", bench.ErrUnequal)
}
