package main

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"talentmatch/market"
)

// gapsCmd prints the gap report, largest first. csv has, for each dimension of --by, the
// columns DIMENSION and DIMENSION_name, then demand, supply, gap, ratio, demands, programs,
// with --drill demand_ids and program_ids separated by spaces, then what else is known of a cell
// (market.WriteGapCSV).
// An empty number is no data, which is not 0. ndjson has a market.GapCell a line. --save
// keeps a market.Report, which talentmatch replay makes again.
type gapsCmd struct {
	dataFlag
	By         []string `default:"skill" placeholder:"DIM,..." help:"One to three of skill, occupation, region, education, year, industry, employer_kind."`
	RegionAt   string   `enum:"province,prefecture,region" default:"province" help:"How far regions are rolled up: province, prefecture or region."`
	IndustryAt string   `enum:"section,division" default:"section" help:"How far GB/T 4754 codes are rolled up: section or division."`
	Level      string   `enum:"any,asked" default:"any" help:"Of whom supply, gap and ratio are: graduates at any level of a skill, or those who count at the levels asked."`
	Sort       string   `enum:"gap,gap_at_level,effective_gap,demand,no_eligible" default:"gap" help:"What the largest comes first by: ${enum}."`
	Filter     []string `sep:"none" placeholder:"DIM=VALUE" help:"Count only what has the value; - is what records do not say."`
	Limit      int      `default:"20" help:"Cells shown, 1..1000."`
	Cursor     string   `help:"Go on where an earlier answer ended."`
	Drill      int      `placeholder:"N" help:"List up to N record ids per cell and side, and the levels asked, 0..100."`
	Bootstrap  int      `placeholder:"N" help:"Draw N replicates, up to 1000, and give intervals of the gaps and the probability of a shortage."`
	Seed       uint64   `default:"0" help:"Seed of the replicates."`
	Format     string   `enum:"table,csv,ndjson,json" default:"table" help:"table, csv, ndjson or json."`
	keepFlags
}

// Help says what the numbers are.
func (*gapsCmd) Help() string {
	var b strings.Builder
	b.WriteString("A number that is left empty, or -, is no data, which is not 0.\n\n")
	for _, d := range market.GapDefinitions {
		b.WriteString("  " + d.Field + ": " + d.EN + "\n")
	}
	return b.String()
}

// gapDimensions are the words of --by and --filter.
var gapDimensions = []string{"skill", "occupation", "region", "education", "year", "industry", "employer_kind"}

// request is what the flags ask for.
func (c *gapsCmd) request() (market.GapRequest, error) {
	values, err := fieldValues("--filter", c.Filter, gapDimensions)
	return market.GapRequest{
		By: c.By, RegionAt: c.RegionAt, IndustryAt: c.IndustryAt, Level: c.Level, Sort: c.Sort, Limit: c.Limit, Cursor: c.Cursor, DrillDown: c.Drill, Bootstrap: c.Bootstrap, Seed: c.Seed,
		Filter: gapFilter(values),
	}, err
}

// Run asks for the report.
func (c *gapsCmd) Run(s *session) (err error) {
	request, err := c.request()
	if err != nil {
		return err
	}
	m, err := c.open(s)
	if err != nil {
		return err
	}
	defer closing(m, &err)
	report, answer, err := m.ReportGaps(s.ctx, request)
	if err != nil {
		return asked(err)
	}
	if err := deliver(s, c.keepFlags, c.Format, report, answer, forms[*market.GapAnswer]{market.WriteGapWorkbook, func(w io.Writer, a *market.GapAnswer) error { return market.WriteGapCSV(w, a, c.Drill > 0) }, market.WriteGapNDJSON, writeGaps}); err != nil {
		return err
	}
	writeGapSums(s, &answer.Meta, answer.Items, c.Lang == "zh")
	if answer.NextCursor != "" {
		s.note(gapWords(c.Lang == "zh")("more with --cursor %s"), answer.NextCursor)
	}
	return nil
}

// writeGapSums says what the report is about as a whole.
func writeGapSums(s *session, meta *market.GapMeta, shown []market.GapCell, zh bool) {
	note := func(text string, of ...any) { s.note(gapWords(zh)(text), of...) }
	supply := number(meta.Supply)
	if meta.Supply == 0 && !slices.ContainsFunc(shown, func(c market.GapCell) bool { return c.Supply != nil }) {
		supply = "-" // no data
	}
	note("%d of %d cells; demand %s heads, supply %s graduates, each counted once", len(shown), meta.Cells, number(meta.Demand), supply)
	if len(meta.Years) > 0 {
		var years []string
		for _, y := range meta.Years {
			years = append(years, strconv.Itoa(y))
		}
		note("graduates of %s count", strings.Join(years, ", "))
	} else if len(meta.Filter.Year) == 0 && !slices.Contains(meta.By, "year") {
		note("graduates of each program's newest cohort count")
	}
	if n := meta.NoFurtherStudyRate; n.Programs > 0 {
		note("%d of %d programs (%s graduates) do not say how many go on to study, and count in full", n.Programs, meta.Programs, number(n.Graduates))
	}
	if n := meta.NoRetention; n.Programs > 0 {
		note("%d of %d programs (%s graduates) do not say how many stay in the region, and count in full", n.Programs, meta.Programs, number(n.Graduates))
	}
	if in := meta.InMigration; in.Series > in.Counted {
		note("%d of %d series of in-migration say nothing of just these cells", in.NotAttributable, in.Series)
	}
	for _, c := range meta.Caveats {
		s.note("%s", caveatText(&c, zh))
	}
	if zh {
		s.note("%s", meta.Counting.ZH)
	} else {
		s.note("%s", meta.Counting.EN)
	}
}

// caveatText is a caveat in one language.
func caveatText(c *market.Caveat, zh bool) string {
	if zh {
		return c.ZH
	}
	return c.EN
}
