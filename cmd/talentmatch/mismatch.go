package main

import (
	"strings"

	"talentmatch/market"
)

// mismatchCmd prints mismatch indices. csv has the rows that market.WriteMismatchCSV says,
// ndjson a market.MismatchIndex a line, json the whole answer. --save keeps a market.Report,
// which talentmatch replay makes again.
type mismatchCmd struct {
	dataFlag
	By         []string `default:"occupation" placeholder:"DIM" help:"One or two of skill, occupation, region, education, year; programs carry no industry and employer_kind."`
	Index      []string `placeholder:"NAME" help:"Of duncan, jackman-roper, jackman-roper-geometric, sahin, sahin-efficiency, jensen-shannon; all that apply when none is named."`
	Alpha      float64  `default:"0.5" help:"Demand's weight in the matching function of sahin and sahin-efficiency, between 0 and 1, both excluded."`
	Supply     string   `enum:"graduates,effective" default:"graduates" help:"What is held against demand: graduates, or the gap report's effective supply."`
	Trend      bool     `help:"Show the indices by year too."`
	RegionAt   string   `enum:"province,prefecture,region" default:"province" help:"How far regions are rolled up: province, prefecture or region."`
	IndustryAt string   `enum:"section,division" default:"section" help:"How far GB/T 4754 codes are rolled up: section or division."`
	Filter     []string `sep:"none" placeholder:"DIM=VALUE" help:"Count only what has the value; - is what records do not say."`
	Limit      int      `default:"10" help:"Cells listed an index, 0..1000; the others are one sum."`
	Format     string   `enum:"table,csv,ndjson,json" default:"table" help:"table, csv, ndjson or json."`
	keepFlags
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
		Filter: gapFilter(values),
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
	return deliver(s, c.keepFlags, c.Format, report, answer, forms[*market.MismatchAnswer]{market.WriteMismatchWorkbook, market.WriteMismatchCSV, market.WriteMismatchNDJSON, writeMismatch})
}
