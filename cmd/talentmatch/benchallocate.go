package main

import (
	"fmt"
	"io"
	"strings"

	"talentmatch/market"
	"talentmatch/market/bench"
)

// benchAllocateCmd measures seatings. ndjson has one line a size with the fields of
// bench.AllocateMeasurement, the seed and the machine.
type benchAllocateCmd struct {
	Sizes       []string `default:"10000x50000" placeholder:"PxD,..." help:"Programs x demands, one market after the other."`
	Seed        uint64   `default:"1" help:"Seed of the market."`
	Fields      int      `default:"150" help:"Fields of work, 1..150."`
	Top         int      `default:"20" help:"How many of the best programs of a demand may be seated there."`
	Seats       float64  `default:"0" help:"Seats as a share of heads, the same for every program; 0: the graduates of its first cohort."`
	Round       int      `default:"1" help:"Values, ten-thousandths of a score, are multiples of this."`
	Threads     int      `default:"0" help:"Threads; 0: one a core. The answer is the same."`
	Repeat      int      `default:"3" help:"Runs; the median is shown, and the fastest."`
	WriteDIMACS string   `name:"write-dimacs" placeholder:"FILE" help:"Write the last problem as a DIMACS minimum-cost flow, for other solvers."`
	Format      string   `enum:"table,ndjson" default:"table" help:"table or ndjson."`
}

// Help says what the figures are of.
func (*benchAllocateCmd) Help() string {
	return `A market is made in memory, all its demands are matched in full, and each one's best
programs become edges valued by the score. Solving is timed from the edges to the seating
with its prices, the check that proves it beside it; then 0.1 % of the demands get other
values and heads, and the seating is mended from the solution before.
testdata/peers/allocate.sh gives the file of --write-dimacs to LEMON.`
}

// benchAllocateLine is a measurement with what it was taken on.
type benchAllocateLine struct {
	bench.AllocateMeasurement
	Seed    uint64        `json:"seed"`
	Machine bench.Machine `json:"machine"`
}

// Run measures size after size.
func (c *benchAllocateCmd) Run(s *session) error {
	src, err := bench.NewNational(c.Seed, c.Fields)
	if err != nil {
		return asked(err)
	}
	machine := bench.ThisMachine()
	s.note("%d cores used, %s, %s", machine.GOMAXPROCS, machine.Go, plain(machine.CPU))
	t := newTable("", ">programs", ">demands", ">edges", ">seats", ">heads", ">match s", ">solve ms", ">least", ">check", ">B/edge", ">filled", ">value", ">bids", ">changed", ">mend ms", ">anew")
	for _, size := range c.Sizes {
		o := bench.AllocateOptions{Top: c.Top, Seats: c.Seats, Round: c.Round, Threads: c.Threads, Repeat: c.Repeat}
		if n, err := fmt.Sscanf(strings.ToLower(size), "%dx%d", &o.Programs, &o.Demands); n != 2 || err != nil {
			return usage("--sizes: %q is not PROGRAMSxDEMANDS", size)
		}
		p, matching, err := bench.MakeTransport(s.ctx, src, o, s.note)
		if err != nil {
			return asked(err)
		}
		if c.WriteDIMACS != "" {
			if err := writeFile(c.WriteDIMACS, func(w io.Writer) error { return market.WriteTransport(w, p) }); err != nil {
				return err
			}
		}
		m, err := bench.MeasureAllocate(s.ctx, p, o)
		if err != nil {
			return err
		}
		m.Market, m.Matching = src.Name(), float64(matching.Milliseconds())
		if c.Format == "ndjson" {
			if err := s.line(benchAllocateLine{*m, c.Seed, machine}); err != nil {
				return err
			}
			continue
		}
		t.add(fmt.Sprint(m.Programs), fmt.Sprint(m.Demands), fmt.Sprint(m.Edges), fmt.Sprint(m.Seats), fmt.Sprint(m.Heads), fmt.Sprintf("%.1f", m.Matching/1000),
			fmt.Sprintf("%.0f", m.Solve), fmt.Sprintf("%.0f", m.Least), fmt.Sprintf("%.0f", m.Check), fmt.Sprintf("%.0f", m.PerEdge), fmt.Sprint(m.Filled), fmt.Sprint(m.Value),
			fmt.Sprint(m.Bids), fmt.Sprint(m.Changed), fmt.Sprintf("%.0f", m.Resolve), fmt.Sprintf("%.0f", m.Anew))
	}
	if c.Format == "table" {
		t.write(s.out)
	}
	return nil
}
