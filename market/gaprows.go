package market

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"
)

// A gapColumn is a column of the CSV.
type gapColumn struct {
	name string
	of   func(c *GapCell) string
}

func gapNumber(name string, of func(c *GapCell) *float64) gapColumn {
	return gapColumn{name, func(c *GapCell) string { return optionalNumber(of(c)) }}
}

func gapCount(name string, of func(c *GapCell) int) gapColumn {
	return gapColumn{name, func(c *GapCell) string { return strconv.Itoa(of(c)) }}
}

func gapIDs(name string, of func(c *GapCell) []string) gapColumn {
	return gapColumn{name, func(c *GapCell) string { return noFormula(strings.Join(of(c), " ")) }}
}

// The columns behind the dimensions', in their order.
var (
	gapFirst = []gapColumn{
		gapNumber("demand", func(c *GapCell) *float64 { return c.Demand }),
		gapNumber("supply", func(c *GapCell) *float64 { return c.Supply }),
		gapNumber("gap", func(c *GapCell) *float64 { return c.Gap }),
		gapNumber("ratio", func(c *GapCell) *float64 { return c.Ratio }),
		gapCount("demands", func(c *GapCell) int { return c.Demands }),
		gapCount("programs", func(c *GapCell) int { return c.Programs }),
	}
	gapBehind = []gapColumn{
		gapIDs("demand_ids", func(c *GapCell) []string { return c.DemandIDs }),
		gapIDs("program_ids", func(c *GapCell) []string { return c.ProgramIDs }),
	}
	gapFactors = []gapColumn{
		gapNumber("supply_at_level", func(c *GapCell) *float64 { return c.SupplyAtLevel }),
		gapNumber("gap_at_level", func(c *GapCell) *float64 { return c.GapAtLevel }),
		gapNumber("further_study", func(c *GapCell) *float64 { return c.FurtherStudy }),
		gapNumber("outflow", func(c *GapCell) *float64 { return c.Outflow }),
		gapNumber("in_migration", func(c *GapCell) *float64 { return c.InMigration }),
		gapNumber("below_level", func(c *GapCell) *float64 { return c.BelowLevel }),
		gapNumber("effective_supply", func(c *GapCell) *float64 { return c.EffectiveSupply }),
		gapNumber("effective_gap", func(c *GapCell) *float64 { return c.EffectiveGap }),
		gapNumber("no_eligible", func(c *GapCell) *float64 { return c.NoEligible }),
		gapCount("no_further_study_rate", func(c *GapCell) int { return c.NoFurtherStudyRate }),
		gapCount("no_retention", func(c *GapCell) int { return c.NoRetention }),
	}
	gapIntervals = []gapColumn{ // with a bootstrap
		gapNumber("gap_lo80", func(c *GapCell) *float64 { return c.GapLo80 }),
		gapNumber("gap_hi80", func(c *GapCell) *float64 { return c.GapHi80 }),
		gapNumber("gap_lo95", func(c *GapCell) *float64 { return c.GapLo95 }),
		gapNumber("gap_hi95", func(c *GapCell) *float64 { return c.GapHi95 }),
		gapNumber("p_shortage", func(c *GapCell) *float64 { return c.Shortage }),
		gapNumber("effective_gap_lo80", func(c *GapCell) *float64 { return c.EffectiveGapLo80 }),
		gapNumber("effective_gap_hi80", func(c *GapCell) *float64 { return c.EffectiveGapHi80 }),
		gapNumber("effective_gap_lo95", func(c *GapCell) *float64 { return c.EffectiveGapLo95 }),
		gapNumber("effective_gap_hi95", func(c *GapCell) *float64 { return c.EffectiveGapHi95 }),
		gapNumber("p_effective_shortage", func(c *GapCell) *float64 { return c.EffectiveShortage }),
	}
)

// WriteGapCSV writes a page of the gap report as CSV with a header: for each dimension the
// columns DIMENSION and DIMENSION_name, then numbers. ids says whether demand_ids and
// program_ids, separated by spaces, are among them. An empty number is no data, which is not 0.
func WriteGapCSV(w io.Writer, a *GapAnswer, ids bool) error {
	columns := slices.Clone(gapFirst)
	if ids {
		columns = append(columns, gapBehind...)
	}
	columns = append(columns, gapFactors...)
	if a.Meta.Bootstrap != nil {
		columns = append(columns, gapIntervals...)
	}
	var header []string
	for _, dim := range a.Meta.By {
		header = append(header, dim, dim+"_name")
	}
	for _, c := range columns {
		header = append(header, c.name)
	}
	rows := [][]string{header}
	for i := range a.Items {
		cell := &a.Items[i]
		var row []string
		for _, dim := range a.Meta.By {
			row = append(row, noFormula(cell.Keys[dim]), noFormula(cell.Names[dim]))
		}
		for _, c := range columns {
			row = append(row, c.of(cell))
		}
		rows = append(rows, row)
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// WriteGapNDJSON writes a page of the gap report, a GapCell a line.
func WriteGapNDJSON(w io.Writer, a *GapAnswer) error { return writeLines(w, a.Items) }
