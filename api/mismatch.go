package api

import (
	"context"
	"net/http"

	"talentmatch/market"
)

type mismatchParams struct {
	By         []string `query:"by" required:"true" enum:"skill,occupation,region,education,year" maxItems:"2" doc:"one or two dimensions; programs carry no industry and employer_kind"`
	Index      []string `query:"index" enum:"duncan,jackman-roper,jackman-roper-geometric,sahin,sahin-efficiency,jensen-shannon" maxItems:"6" doc:"all that apply when none is named"`
	Alpha      float64  `query:"alpha" minimum:"0" maximum:"1" default:"0.5" doc:"demand's weight in the matching function of sahin and sahin-efficiency; neither 0 nor 1"`
	Supply     string   `query:"supply" enum:"graduates,effective" default:"graduates" doc:"what is held against demand"`
	Trend      bool     `query:"trend" default:"false" doc:"the indices by year too"`
	RegionAt   string   `query:"region_at" enum:"province,prefecture,region" default:"province" doc:"how far regions are rolled up"`
	IndustryAt string   `query:"industry_at" enum:"section,division" default:"section" doc:"how far GB/T 4754 codes are rolled up"`
	gapFilterParams
	Limit int `query:"limit" minimum:"0" maximum:"1000" default:"10" doc:"cells listed an index; the others are one sum"`
}

// request is what the parameters ask for.
func (p *mismatchParams) request() market.MismatchRequest {
	return market.MismatchRequest{
		By: p.By, RegionAt: p.RegionAt, IndustryAt: p.IndustryAt, Index: p.Index, Supply: p.Supply, Alpha: p.Alpha, Trend: p.Trend, Limit: p.Limit,
		Filter: p.filter(),
	}
}

// addMismatch adds the mismatch indices, as JSON, as they are kept and as files.
func (s *server) addMismatch() {
	at := reportAt{id: "mismatch", path: "/v1/mismatch", file: "mismatch", method: http.MethodGet}
	answer := func(ctx context.Context, in *request[mismatchParams]) (*market.MismatchAnswer, error) {
		return s.market.Mismatch(ctx, in.Params.request())
	}
	addAnswer(s, at, "mismatch", "Mismatch indices over cells of one or two dimensions of the gap report, with what each cell contributes", answer)
	report := func(ctx context.Context, in *request[mismatchParams]) (*market.Report, *market.MismatchAnswer, error) {
		return s.market.ReportMismatch(ctx, in.Params.request())
	}
	addReport(s, at, "The mismatch indices with their request and versions", only(report))
	addForms(s, at, report,
		reportForm[mismatchParams, *market.MismatchAnswer]{workbookForm, "The mismatch indices as a workbook (XLSX) with charts and definitions, headings in Chinese and English", written[mismatchParams](market.WriteMismatchWorkbook)},
		reportForm[mismatchParams, *market.MismatchAnswer]{csvForm, "The mismatch indices, contributions, margins and years as CSV", inRows[mismatchParams]((*market.Report).CSV, market.WriteMismatchCSV)},
		reportForm[mismatchParams, *market.MismatchAnswer]{ndjsonForm, "The mismatch indices, one a line", inRows[mismatchParams]((*market.Report).NDJSON, market.WriteMismatchNDJSON)})
}
