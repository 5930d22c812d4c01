package main

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"talentmatch/market"
)

// gapsCmd prints the gap report, largest gap first. csv has, for each dimension of
// --by, the columns DIMENSION and DIMENSION_name, then demand, supply, gap, ratio,
// demands, programs, and with --drill demand_ids and program_ids separated by
// spaces. An empty number is no data, which is not 0.
type gapsCmd struct {
	dataFlag
	By       []string `default:"skill" placeholder:"DIM,..." help:"One to three of skill, occupation, region, education, year."`
	RegionAt string   `enum:"province,prefecture,region" default:"province" help:"How far regions are rolled up: province, prefecture or region."`
	Filter   []string `sep:"none" placeholder:"DIM=VALUE" help:"Count only what has the value."`
	Limit    int      `default:"20" help:"Cells shown, 1..1000."`
	Cursor   string   `help:"Go on where an earlier answer ended."`
	Drill    int      `placeholder:"N" help:"List up to N record ids per cell and side, 0..100."`
	Format   string   `enum:"table,csv,ndjson" default:"table" help:"table, csv or ndjson."`
}

// gapDimensions are the words of --by and --filter.
var gapDimensions = []string{"skill", "occupation", "region", "education", "year"}

// Run asks for the report.
func (c *gapsCmd) Run(s *session) (err error) {
	values, err := fieldValues("--filter", c.Filter, gapDimensions)
	if err != nil {
		return err
	}
	m, err := c.open(s)
	if err != nil {
		return err
	}
	defer closing(m, &err)
	answer, err := m.Gaps(s.ctx, market.GapRequest{
		By: c.By, RegionAt: c.RegionAt, Limit: c.Limit, Cursor: c.Cursor, DrillDown: c.Drill,
		Filter: market.GapFilter{
			Skill: values["skill"], Occupation: values["occupation"], Region: values["region"],
			Education: values["education"], Year: values["year"],
		},
	})
	if err != nil {
		return asked(err)
	}
	if err := c.write(s, answer); err != nil {
		return err
	}
	writeGapSums(s, answer.Meta, len(answer.Items))
	if answer.NextCursor != "" {
		s.note("more with --cursor %s", answer.NextCursor)
	}
	return nil
}

func (c *gapsCmd) write(s *session, a *market.GapAnswer) error {
	switch c.Format {
	case "csv":
		return c.rows(s, a)
	case "ndjson":
		for _, cell := range a.Items {
			if err := s.line(cell); err != nil {
				return err
			}
		}
		return nil
	}
	writeGaps(s, a)
	return nil
}

// writeGapSums says what the report is about as a whole.
func writeGapSums(s *session, meta market.GapMeta, shown int) {
	s.note("%d of %d cells; demand %s heads, supply %s graduates, each counted once", shown, meta.Cells, number(meta.Demand), number(meta.Supply))
	if meta.Counting != "" {
		s.note("%s", meta.Counting)
	}
}

// rows writes the report as CSV.
func (c *gapsCmd) rows(s *session, a *market.GapAnswer) error {
	var header []string
	for _, dim := range a.Meta.By {
		header = append(header, dim, dim+"_name")
	}
	header = append(header, "demand", "supply", "gap", "ratio", "demands", "programs")
	if c.Drill > 0 {
		header = append(header, "demand_ids", "program_ids")
	}
	w := csv.NewWriter(s.out)
	rows := [][]string{header}
	for _, cell := range a.Items {
		var row []string
		for _, dim := range a.Meta.By {
			row = append(row, cell.Keys[dim], cellText(cell.Names[dim]))
		}
		row = append(row, optional(cell.Demand), optional(cell.Supply), optional(cell.Gap), optional(cell.Ratio),
			strconv.Itoa(cell.Demands), strconv.Itoa(cell.Programs))
		if c.Drill > 0 {
			row = append(row, strings.Join(cell.DemandIDs, " "), strings.Join(cell.ProgramIDs, " "))
		}
		rows = append(rows, row)
	}
	return w.WriteAll(rows)
}

// writeGaps writes the report for people.
func writeGaps(s *session, a *market.GapAnswer) {
	if len(a.Items) == 0 {
		fmt.Fprintln(s.out, "no cells")
		return
	}
	header := append([]string{}, a.Meta.By...)
	t := newTable("", append(header, ">demand", ">supply", ">gap", ">ratio", ">demands", ">programs")...)
	for _, cell := range a.Items {
		var row []string
		for _, dim := range a.Meta.By {
			row = append(row, cut(gapLabel(cell, dim), 44))
		}
		t.add(append(row, whole(cell.Demand), whole(cell.Supply), whole(cell.Gap), twoDecimals(cell.Ratio),
			strconv.Itoa(cell.Demands), strconv.Itoa(cell.Programs))...)
	}
	t.write(s.out)
	for _, cell := range a.Items {
		writeDrill(s, a.Meta.By, cell)
	}
}

// gapLabel is a cell's label in one dimension; market keys what records do not say
// as "-".
func gapLabel(cell market.GapCell, dim string) string {
	key, label := cell.Keys[dim], cell.Names[dim]
	switch {
	case key == "-":
		return "(not said)"
	case label == "":
		return key
	}
	return label
}

// writeDrill lists the records behind a cell, when they were asked for.
func writeDrill(s *session, by []string, cell market.GapCell) {
	if len(cell.DemandIDs)+len(cell.ProgramIDs) == 0 {
		return
	}
	var labels []string
	for _, dim := range by {
		labels = append(labels, gapLabel(cell, dim))
	}
	fmt.Fprintf(s.out, "\n%s\n", plain(strings.Join(labels, " · ")))
	if len(cell.DemandIDs) > 0 {
		fmt.Fprintf(s.out, "  demands   %s\n", strings.Join(cell.DemandIDs, " "))
	}
	if len(cell.ProgramIDs) > 0 {
		fmt.Fprintf(s.out, "  programs  %s\n", strings.Join(cell.ProgramIDs, " "))
	}
}

// whole shows a number of people; "-" is no data.
func whole(v *float64) string {
	if v == nil {
		return "-"
	}
	return strconv.FormatFloat(*v, 'f', 0, 64)
}

// twoDecimals shows a ratio; "-" is no data.
func twoDecimals(v *float64) string {
	if v == nil {
		return "-"
	}
	return strconv.FormatFloat(*v, 'f', 2, 64)
}
