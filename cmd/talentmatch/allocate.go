package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"talentmatch/market"
	"talentmatch/matcher"
)

// allocateCmd seats graduates at openings, and compares seatings.
type allocateCmd struct {
	Run  allocateRunCmd  `cmd:"" default:"withargs" help:"Seat the graduates of a market, check a saved seating, or solve a DIMACS file."`
	Diff allocateDiffCmd `cmd:"" help:"Say who gained and who lost from one saved seating to another."`
}

// allocateRunCmd makes a seating. json is the whole market.Allocation, which --save keeps
// and --verify and diff read; ndjson has a line {"opening": ...}, {"cohort": ...},
// {"seat": ...}, {"reservation": ...} or {"bound": ...} each and a last one {"meta": ...,
// "summary": ...}; csv has the columns demand, program, year, units, value, agreement.
type allocateRunCmd struct {
	Data     string   `env:"TALENTMATCH_DATA" placeholder:"DIR" help:"Data folder (${env})."`
	Policy   string   `default:"max-total" enum:"max-total,max-filled,stable,stable-employers,fair" help:"${enum}."`
	FairBy   string   `enum:",size,region,prefecture,province,enterprise,priority" default:"" placeholder:"WHAT" help:"What policy fair is even among: openings by their employer's size, by region, prefecture, province, enterprise or priority."`
	Region   []string `placeholder:"REGION,..." help:"Openings and programs in these regions alone, ids or names."`
	Alliance string   `placeholder:"ID" help:"Openings and programs of this alliance's members alone."`
	Year     []int    `placeholder:"YEAR,..." help:"Cohorts that leave in these years alone."`
	Top      int      `default:"20" help:"How many of the best programs of each opening, and of the best openings of each program, may be seated: 1..1000."`
	MinScore float64  `default:"0.3" help:"Pairs with a lower score are not seated."`
	WaitCost float64  `default:"0" help:"What each year costs that graduates wait for the start, in scores; the score's timing counts besides."`
	Bounds   string   `placeholder:"FILE" help:"Bounds: a JSON list of {enterprise|school|program|demand|region, of, min, max}."`
	Save     string   `placeholder:"FILE" help:"Keep the seating, with its proof, in a file."`
	XLSX     string   `name:"xlsx" placeholder:"FILE" help:"Write the seating as a workbook, headings in Chinese and English."`
	Format   string   `enum:"table,json,ndjson,csv" default:"table" help:"table, json, ndjson or csv."`
	Lang     string   `enum:"en,zh" default:"en" help:"Language of the tables: en or zh."`
	Limit    int      `default:"20" help:"Rows of each table."`

	WriteDIMACS string `name:"write-dimacs" placeholder:"FILE" help:"Write the problem as a DIMACS minimum-cost flow, for other solvers."`
	DIMACS      string `name:"dimacs" placeholder:"FILE" help:"Solve a DIMACS minimum-cost flow file instead, and write the DIMACS solution."`
	Verify      string `placeholder:"FILE" help:"Prove a saved seating again instead, from the file alone."`
}

// Help says what a seating is.
func (*allocateRunCmd) Help() string {
	return `Examples:

  talentmatch allocate --data DIR --alliance c.alliance --save seating.json
  talentmatch allocate --data DIR --policy max-filled --bounds bounds.json
  talentmatch allocate --verify seating.json
  talentmatch allocate diff before.json after.json
  talentmatch allocate --dimacs problem.min

Policies: max-total has the greatest sum of scores; max-filled fills as many heads as can
be and then has the greatest sum; stable leaves no cohort and opening that would both
rather have each other, and is the best such seating for students, stable-employers for
employers; fair fills groups of openings (--fair-by) as evenly as can be, the lowest share
first, and says what that costs. The sums count a demand of priority 1 to 5 as 0.5, 0.75, 1, 1.25, 1.5.

Graduates are those of the cohorts less those whom outcome records say were hired, and
heads likewise. Agreements of kind order-class or apprenticeship (or of none) keep their
seats for the enterprise and come first; what cannot be kept is listed with the reason.
A demand without a start draws on the newest cohorts. A bound's min is kept as far as possible, its max always. Every answer is proven to be
the best before it is written: its prices say what one more seat or head would add.`
}

// Run does what the flags ask for.
func (c *allocateRunCmd) Run(s *session) (err error) {
	if c.Limit < 1 {
		return usage("--limit must be 1 or more")
	}
	instead := 0
	for _, v := range []string{c.DIMACS, c.Verify} {
		if v != "" {
			instead++
		}
	}
	switch {
	case instead > 0 && (instead > 1 || c.Save+c.XLSX+c.WriteDIMACS+c.Bounds != ""):
		return usage("--dimacs and --verify go with no other work")
	case c.DIMACS != "":
		return c.dimacs(s)
	case c.Verify != "":
		return c.verify(s)
	case c.Data == "":
		return usage("--data, --dimacs or --verify is needed")
	case c.WriteDIMACS != "" && strings.HasPrefix(c.Policy, "stable"):
		return usage("--write-dimacs: a stable seating is no minimum-cost flow")
	}
	r := market.AllocationRequest{Policy: c.Policy, FairBy: c.FairBy, Region: c.Region, Alliance: c.Alliance, Years: c.Year, Top: c.Top, MinScore: c.MinScore, WaitCost: c.WaitCost, Weights: matcher.DefaultWeights()}
	if c.Bounds != "" {
		if r.Bounds, err = readBounds(c.Bounds); err != nil {
			return err
		}
	}
	m, err := dataFlag{c.Data}.open(s)
	if err != nil {
		return err
	}
	defer closing(m, &err)
	bar := s.progress("seating", false)
	defer bar.done()
	r.Progress = func(_ string, done, total int) { bar.set(int64(done), int64(total)) }
	if c.WriteDIMACS != "" {
		r.Problem = func(write func(io.Writer) error) error { return writeFile(c.WriteDIMACS, write) }
	}
	a, err := m.Allocate(s.ctx, r)
	if err != nil {
		return asked(err)
	}
	bar.done()
	if c.Save != "" {
		if err := writeFile(c.Save, func(w io.Writer) error { return market.WriteAllocation(w, a) }); err != nil {
			return err
		}
	}
	if c.XLSX != "" {
		if err := writeFile(c.XLSX, func(w io.Writer) error { return market.WriteAllocationWorkbook(w, a) }); err != nil {
			return err
		}
	}
	return c.write(s, a)
}

func (c *allocateRunCmd) dimacs(s *session) error {
	f, err := os.Open(c.DIMACS)
	if err != nil {
		return err
	}
	defer f.Close()
	return market.SolveDIMACS(s.ctx, f, c.DIMACS, s.out)
}

func (c *allocateRunCmd) verify(s *session) error {
	a, err := readAllocation(c.Verify)
	if err != nil {
		return err
	}
	if err := market.VerifyAllocation(s.ctx, a); err != nil {
		return fmt.Errorf("%s: not proven: %w", c.Verify, err)
	}
	fmt.Fprintf(s.out, "%s: proven: %s, %d of %d heads filled, value %s\n", c.Verify, a.Summary.Policy, a.Summary.Filled, a.Summary.Headcount, trim(a.Summary.Value))
	return nil
}

func readBounds(path string) ([]market.AllocationBound, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []market.AllocationBound
	d := json.NewDecoder(f)
	d.DisallowUnknownFields()
	if err := d.Decode(&out); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: there is more after the list", path)
	}
	return out, nil
}

func readAllocation(path string) (*market.Allocation, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	a, err := market.ReadAllocation(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return a, nil
}

func (c *allocateRunCmd) write(s *session, a *market.Allocation) error {
	switch c.Format {
	case "json":
		return market.WriteAllocation(s.out, a)
	case "ndjson":
		return ndjsonAllocation(s, a)
	case "csv":
		w := csv.NewWriter(s.out)
		rows := [][]string{{"demand", "program", "year", "units", "value", "agreement"}}
		for _, x := range a.Seats {
			rows = append(rows, []string{x.Demand, x.Program, strconv.Itoa(x.Year), strconv.Itoa(int(x.Units)), trim(x.Value), x.Agreement})
		}
		return w.WriteAll(rows)
	}
	page := allocationPage{s, a, c.Limit, c.Lang == "zh"}
	page.write()
	return nil
}

func ndjsonAllocation(s *session, a *market.Allocation) error {
	var lines []any
	for i := range a.Openings {
		lines = append(lines, map[string]any{"opening": &a.Openings[i]})
	}
	for i := range a.Cohorts {
		lines = append(lines, map[string]any{"cohort": &a.Cohorts[i]})
	}
	for i := range a.Seats {
		lines = append(lines, map[string]any{"seat": &a.Seats[i]})
	}
	for i := range a.Reserved {
		lines = append(lines, map[string]any{"reservation": &a.Reserved[i]})
	}
	for i := range a.Bounds {
		lines = append(lines, map[string]any{"bound": &a.Bounds[i]})
	}
	lines = append(lines, map[string]any{"meta": &a.Meta, "summary": &a.Summary})
	for _, l := range lines {
		if err := s.line(l); err != nil {
			return err
		}
	}
	return nil
}

// trim writes a number without zeros behind it.
func trim(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// allocateDiffCmd compares two saved seatings.
type allocateDiffCmd struct {
	Before string `arg:"" help:"A seating that --save kept."`
	After  string `arg:"" help:"Another one."`
	Format string `enum:"table,ndjson,csv" default:"table" help:"table, ndjson or csv."`
}

// Run compares.
func (c *allocateDiffCmd) Run(s *session) error {
	before, err := readAllocation(c.Before)
	if err != nil {
		return err
	}
	after, err := readAllocation(c.After)
	if err != nil {
		return err
	}
	changes := market.DiffAllocations(before, after)
	s.note("value %s -> %s, heads filled %d -> %d", trim(before.Summary.Value), trim(after.Summary.Value), before.Summary.Filled, after.Summary.Filled)
	switch c.Format {
	case "ndjson":
		for i := range changes {
			if err := s.line(&changes[i]); err != nil {
				return err
			}
		}
		return nil
	case "csv":
		w := csv.NewWriter(s.out)
		rows := [][]string{{"kind", "id", "year", "name", "before", "after", "change", "value_change"}}
		for _, x := range changes {
			rows = append(rows, []string{x.Kind, x.ID, yearText(x.Year), x.Name, fmt.Sprint(x.Before), fmt.Sprint(x.After), fmt.Sprint(x.Change), trim(x.Value)})
		}
		return w.WriteAll(rows)
	}
	if len(changes) == 0 {
		fmt.Fprintln(s.out, "no change")
		return nil
	}
	t := newTable("", "kind", "id", "year", "name", ">before", ">after", ">change", ">value")
	for _, x := range changes {
		t.add(x.Kind, x.ID, yearText(x.Year), cut(x.Name, 40), fmt.Sprint(x.Before), fmt.Sprint(x.After), fmt.Sprintf("%+d", x.Change), fmt.Sprintf("%+.4f", x.Value))
	}
	t.write(s.out)
	return nil
}

func yearText(year int) string {
	if year == 0 {
		return ""
	}
	return strconv.Itoa(year)
}
