package api

import (
	"context"
	"io"
	"net/http"

	"talentmatch/market"
)

type gapParams struct {
	By         []string `query:"by" required:"true" enum:"skill,occupation,region,education,year,industry,employer_kind" maxItems:"3" doc:"one to three dimensions"`
	RegionAt   string   `query:"region_at" enum:"province,prefecture,region" default:"province" doc:"how far regions are rolled up"`
	IndustryAt string   `query:"industry_at" enum:"section,division" default:"section" doc:"how far GB/T 4754 codes are rolled up"`
	Level      string   `query:"level" enum:"any,asked" default:"any" doc:"of whom supply, gap and ratio are: graduates at any level of a skill, or those who count at the levels asked"`
	Sort       string   `query:"sort" enum:"gap,gap_at_level,effective_gap,demand,no_eligible" default:"gap" doc:"the largest comes first"`
	gapFilterParams
	Drill     int `query:"drill" minimum:"0" maximum:"100" default:"20" doc:"ids listed a cell and side"`
	Bootstrap int `query:"bootstrap" minimum:"0" maximum:"1000" default:"0" doc:"replicates from which intervals and p_shortage are made; 0 for none"`
	Seed      int `query:"seed" minimum:"0" default:"0" doc:"of the replicates"`
	pageParams
}

// gapFilterParams narrow what the gap report and its relatives count.
type gapFilterParams struct {
	Skill      []string `query:"skill"`
	Occupation []string `query:"occupation" doc:"- where records say nothing"`
	Region     []string `query:"region" doc:"regions; what lies inside counts"`
	Education  []string `query:"education" doc:"secondary, postsecondary, associate, bachelor, master, doctorate, in either language; - where records say nothing"`
	Year       []string `query:"year" doc:"from 1900 to 2200; - where records say nothing"`
	Industry   []string `query:"industry" doc:"of demands: GB/T 4754 section or division by code or name, or another code, or -; programs say nothing of it"`
	Kind       []string `query:"employer_kind" doc:"of demands, a kind of organization in either language, or -; programs say nothing of it"`
}

func (p *gapFilterParams) filter() market.GapFilter {
	return market.GapFilter{Skill: p.Skill, Occupation: p.Occupation, Region: p.Region, Education: p.Education, Year: p.Year, Industry: p.Industry, EmployerKind: p.Kind}
}

// request is what the parameters ask for.
func (p *gapParams) request() market.GapRequest {
	return market.GapRequest{
		By: p.By, RegionAt: p.RegionAt, IndustryAt: p.IndustryAt, Level: p.Level, Sort: p.Sort, Limit: p.Limit, Cursor: p.Cursor, DrillDown: p.Drill, Bootstrap: p.Bootstrap, Seed: uint64(p.Seed),
		Filter: p.filter(),
	}
}

// addGaps adds the gap report, as JSON, as it is kept and as files.
func (s *server) addGaps() {
	at := reportAt{id: "gap", path: "/v1/gaps", file: "gaps", method: http.MethodGet}
	addAnswer(s, at, "gaps", "Demand, supply, effective supply and gap by up to three of skill, occupation, region, education, year, industry and employer_kind",
		func(ctx context.Context, in *request[gapParams]) (*market.GapAnswer, error) {
			return s.market.Gaps(ctx, in.Params.request())
		})
	report := func(ctx context.Context, in *request[gapParams]) (*market.Report, *market.GapAnswer, error) {
		return s.market.ReportGaps(ctx, in.Params.request())
	}
	addReport(s, at, "The gap report with its request and versions", only(report))
	addForms(s, at, report,
		reportForm[gapParams, *market.GapAnswer]{workbookForm, "The gap report as a workbook (XLSX) with charts and definitions, headings in Chinese and English", written[gapParams](market.WriteGapWorkbook)},
		reportForm[gapParams, *market.GapAnswer]{csvForm, "A page of the gap report as CSV", func(w io.Writer, r *market.Report, a *market.GapAnswer, p gapParams) error {
			return r.CSV(w, func(w io.Writer) error { return market.WriteGapCSV(w, a, p.Drill > 0) })
		}},
		reportForm[gapParams, *market.GapAnswer]{ndjsonForm, "A page of the gap report, a cell a line", inRows[gapParams]((*market.Report).NDJSON, market.WriteGapNDJSON)})
}
