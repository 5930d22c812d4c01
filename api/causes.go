package api

import (
	"context"
	"net/http"

	"talentmatch/market"
)

type causesParams struct {
	By         string `query:"by" enum:"skill,occupation,region,education,year,industry,employer_kind" default:"occupation" doc:"what openings are grouped by"`
	RegionAt   string `query:"region_at" enum:"province,prefecture,region" default:"province" doc:"how far regions of groups are rolled up"`
	IndustryAt string `query:"industry_at" enum:"section,division" default:"section" doc:"how far GB/T 4754 codes are rolled up"`
	gapFilterParams
	Alliance   string  `query:"alliance" doc:"openings of its members are shown; as with every filter, others compete all the same"`
	Programs   string  `query:"programs" enum:"all,inside" default:"all" doc:"the market: all, or the programs and openings inside the regions and the alliance alone"`
	Cohorts    []int   `query:"cohort" minimum:"1900" maximum:"2200" doc:"cohorts that leave in these years alone"`
	Reach      string  `query:"reach" enum:"prefecture,province,country" default:"province" doc:"where graduates stay who do not move"`
	MinSkills  float64 `query:"min_skills" minimum:"0" maximum:"1" default:"0.5" doc:"least share of the skills asked for that a program must cover"`
	Candidates int     `query:"candidates" minimum:"1" maximum:"1000" default:"20" doc:"able programs listed an opening where all of them are too many"`
	Cures      int     `query:"cures" minimum:"0" maximum:"20" default:"3" doc:"what would help, a group; at most 3000 in all groups of a page"`
	SurplusBy  string  `query:"surplus_by" enum:"region,education,program" default:"region" doc:"what graduates left over are grouped by"`
	pageParams
}

// request is what the parameters ask for.
func (p *causesParams) request() market.CausesRequest {
	return market.CausesRequest{
		By: p.By, RegionAt: p.RegionAt, IndustryAt: p.IndustryAt, Programs: p.Programs, Cohorts: p.Cohorts, Reach: p.Reach, MinSkills: p.MinSkills,
		Candidates: p.Candidates, Cures: p.Cures, SurplusBy: p.SurplusBy, Limit: p.Limit, Cursor: p.Cursor,
		Filter: market.CausesFilter{Alliance: p.Alliance, GapFilter: p.filter()},
	}
}

// addCauses adds the causes of unfilled heads, as JSON, as they are kept and as files.
func (s *server) addCauses() {
	at := reportAt{id: "causes", path: "/v1/gaps/causes", file: "causes", method: http.MethodGet}
	answer := func(ctx context.Context, in *request[causesParams]) (*market.CausesAnswer, error) {
		return s.market.Causes(ctx, in.Params.request())
	}
	addAnswer(s, at, "causes", "Why openings stay unfilled: numbers, education, timing, skills, place or reservations; certain and possible shortages and surpluses; what would help", answer)
	report := func(ctx context.Context, in *request[causesParams]) (*market.Report, *market.CausesAnswer, error) {
		return s.market.ReportCauses(ctx, in.Params.request())
	}
	addReport(s, at, "The causes of unfilled heads with their request and versions", only(report))
	addForms(s, at, report,
		reportForm[causesParams, *market.CausesAnswer]{workbookForm, "The causes of unfilled heads as a workbook (XLSX) with charts and definitions, headings in Chinese and English", written[causesParams](market.WriteCausesWorkbook)},
		reportForm[causesParams, *market.CausesAnswer]{csvForm, "A page of the causes of unfilled heads as CSV", inRows[causesParams]((*market.Report).CSV, market.WriteCausesCSV)},
		reportForm[causesParams, *market.CausesAnswer]{ndjsonForm, "A page of the causes of unfilled heads, a group a line", inRows[causesParams]((*market.Report).NDJSON, market.WriteCausesNDJSON)})
}
