package main

import (
	"fmt"
	"slices"
	"strings"

	"talentmatch/market/bench"
)

// benchCausesCmd measures what explaining unfilled heads takes. ndjson has one line a size with
// the fields of bench.CausesMeasurement, the seed and the machine.
type benchCausesCmd struct {
	Sizes      []string `default:"6000x100000" placeholder:"PxD,..." help:"Programs x demands, one market after the other."`
	Seed       uint64   `default:"1" help:"Seed of the market."`
	Fields     int      `default:"150" help:"Fields of work, 1..150."`
	Candidates int      `default:"20" help:"Able programs listed an opening where all of them are too many; 0: all, whatever it takes."`
	MinSkills  float64  `default:"0.5" help:"Least share of the skills asked for, 0..1."`
	Format     string   `enum:"table,ndjson" default:"table" help:"table or ndjson."`
}

// Help says what the figures are of.
func (*benchCausesCmd) Help() string {
	return `A market is made in memory. Timed are: finding the able programs of every demand (market),
filling the openings under each set of lifted limits (causes), the placement as things are (placement),
and certain and possible shortages of the 50 skills with most unfilled heads and surpluses of every province
(intervals). rows is the heap of the market's rows before, peak the most heap in use, rows
included, sys the most memory taken from the system. A third of the programs say how many study on and
stay; one in 50 has 20 seats reserved.`
}

// benchCausesLine is a measurement with what it was taken on.
type benchCausesLine struct {
	bench.CausesMeasurement
	Seed    uint64        `json:"seed"`
	Machine bench.Machine `json:"machine"`
}

// Run measures size after size.
func (c *benchCausesCmd) Run(s *session) error {
	src, err := bench.NewNational(c.Seed, c.Fields)
	if err != nil {
		return asked(err)
	}
	machine := bench.ThisMachine()
	s.note("%d cores used, %s, %s", machine.GOMAXPROCS, machine.Go, plain(machine.CPU))
	limits := []string{"education", "timing", "skills", "place", "reservations"}
	header := []string{">programs", ">demands", ">supplies", ">pairs", ">heads", ">available", ">unfilled", ">numbers"}
	for _, l := range limits {
		header = append(header, ">"+l)
	}
	t := newTable("", append(header, ">market s", ">causes s", ">placement s", ">intervals s", ">total s", ">rows MB", ">peak MB", ">sys MB")...)
	for _, size := range c.Sizes {
		o := bench.CausesOptions{Candidates: c.Candidates, MinSkills: c.MinSkills}
		if n, err := fmt.Sscanf(strings.ToLower(size), "%dx%d", &o.Programs, &o.Demands); n != 2 || err != nil {
			return usage("--sizes: %q is not PROGRAMSxDEMANDS", size)
		}
		m, err := bench.MeasureCauses(s.ctx, src, o, s.note)
		if err != nil {
			return asked(err)
		}
		if c.Format == "ndjson" {
			if err := s.line(benchCausesLine{*m, c.Seed, machine}); err != nil {
				return err
			}
			continue
		}
		row := []string{fmt.Sprint(m.Programs), fmt.Sprint(m.Demands), fmt.Sprint(m.Supplies), fmt.Sprint(m.Pairs), fmt.Sprint(m.Heads), fmt.Sprint(m.Available), fmt.Sprint(m.Unfilled), fmt.Sprint(m.Numbers)}
		for _, l := range limits {
			row = append(row, fmt.Sprintf("%.1f", m.Shares[l]))
		}
		for _, v := range []float64{m.Build, m.Causes, m.Fill, m.Intervals, m.Total} {
			row = append(row, fmt.Sprintf("%.1f", v))
		}
		t.add(slices.Concat(row, []string{fmt.Sprintf("%.0f", m.Rows), fmt.Sprintf("%.0f", m.Peak), fmt.Sprintf("%.0f", m.Memory)})...)
	}
	if c.Format == "table" {
		t.write(s.out)
	}
	return nil
}
