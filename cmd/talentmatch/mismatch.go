package main

import (
	"io"
	"strings"

	"talentmatch/market"
)

// mismatchCmd prints mismatch indices. csv has the rows that market.WriteMismatchCSV says,
// ndjson a market.MismatchIndex a line, json the whole answer. --save keeps a market.Report,
// which talentmatch replay makes again.
type mismatchCmd struct {
	dataFlag
	By         []string `default:"occupation" placeholder:"DIM" help:"One or two of skill, occupation, region, education, year, industry, employer_kind."`
	Index      []string `placeholder:"NAME" help:"Of duncan, jackman-roper, jackman-roper-geometric, sahin, sahin-efficiency, jensen-shannon; all that apply when none is named."`
	Alpha      float64  `default:"0.5" help:"Demand's weight in the matching function of sahin and sahin-efficiency, between 0 and 1, both excluded."`
	Supply     string   `enum:"graduates,effective" default:"graduates" help:"What is held against demand: graduates, or the gap report's effective supply."`
	Trend      bool     `help:"Show the indices by year too."`
	RegionAt   string   `enum:"province,prefecture,region" default:"province" help:"How far regions are rolled up: province, prefecture or region."`
	IndustryAt string   `enum:"section,division" default:"section" help:"How far GB/T 4754 codes are rolled up: section or division."`
	Filter     []string `sep:"none" placeholder:"DIM=VALUE" help:"Count only what has the value."`
	Limit      int      `default:"10" help:"Cells listed an index, 0..1000; the others are one sum."`
	Format     string   `enum:"table,csv,ndjson,json" default:"table" help:"table, csv, ndjson or json."`
	Lang       string   `enum:"en,zh" default:"en" help:"Language of the table: en or zh."`
	XLSX       string   `name:"xlsx" placeholder:"FILE" help:"Write the report as a workbook with charts and definitions, headings in Chinese and English."`
	Save       string   `placeholder:"FILE" help:"Keep the report with its request and versions; talentmatch replay makes it again."`
}

// Help says what the numbers are.
func (*mismatchCmd) Help() string {
	var b strings.Builder
	b.WriteString("How differently are demand and supply spread over cells, and which cells make it so? A number that is left empty, or -, is no data, which is not 0.\n\n")
	for _, d := range market.MismatchDefinitions {
		b.WriteString("  " + d.Field + ": " + d.EN + "\n")
	}
	return b.String()
}

// request is what the flags ask for.
func (c *mismatchCmd) request() (market.MismatchRequest, error) {
	values, err := fieldValues("--filter", c.Filter, gapDimensions)
	return market.MismatchRequest{
		By: c.By, RegionAt: c.RegionAt, IndustryAt: c.IndustryAt, Index: c.Index, Supply: c.Supply, Alpha: c.Alpha, Trend: c.Trend, Limit: c.Limit,
		Filter: market.GapFilter{
			Skill: values["skill"], Occupation: values["occupation"], Region: values["region"], Education: values["education"],
			Year: values["year"], Industry: values["industry"], EmployerKind: values["employer_kind"],
		},
	}, err
}

// Run asks for the indices.
func (c *mismatchCmd) Run(s *session) (err error) {
	request, err := c.request()
	if err != nil {
		return err
	}
	m, err := c.open(s)
	if err != nil {
		return err
	}
	defer closing(m, &err)
	report, answer, err := m.ReportMismatch(s.ctx, request)
	if err != nil {
		return asked(err)
	}
	if c.Save != "" {
		if err := writeFile(c.Save, report.Write); err != nil {
			return err
		}
	}
	if c.XLSX != "" {
		if err := writeFile(c.XLSX, func(w io.Writer) error { return market.WriteMismatchWorkbook(w, answer) }); err != nil {
			return err
		}
	}
	return c.write(s, answer)
}

func (c *mismatchCmd) write(s *session, a *market.MismatchAnswer) error {
	switch c.Format {
	case "csv":
		return market.WriteMismatchCSV(s.out, a)
	case "json":
		return s.line(a)
	case "ndjson":
		return market.WriteMismatchNDJSON(s.out, a)
	}
	writeMismatch(s, a, c.Lang == "zh")
	return nil
}
