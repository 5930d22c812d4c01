package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

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
	s.addCausesJobs()
}

// causesKept is how many answers of jobs are remembered until the server stops.
const causesKept = 10

// A keptCauses is an answer with the report that holds it.
type keptCauses struct {
	report *market.Report
	answer *market.CausesAnswer
}

type keptCausesParams struct {
	ID string `path:"id" maxLength:"20"`
}

// addCausesJobs adds the same question as a job, for markets that take minutes.
func (s *server) addCausesJobs() {
	kept := newKeptAnswers[keptCauses]("causes", causesKept)
	start := huma.Operation{OperationID: "causes-job", Method: http.MethodPost, Path: "/v1/gaps/causes", Tags: []string{"reports"}, Errors: []int{403, 503},
		Summary:     "Why openings stay unfilled, as a job: for markets of more openings than a request waits for",
		Description: fmt.Sprintf("Parameters go in the query, as of the GET; a body is refused. The job's result is the path of the answer, of which the newest %d are remembered until the server stops.", causesKept),
		Responses:   answers(http.StatusAccepted, schemaOf[jobAnswer](s))}
	start.Responses["202"].Headers["Location"] = &huma.Param{Schema: &huma.Schema{Type: huma.TypeString}}
	route(s, start, func(ctx context.Context, in *request[causesParams]) (*reply, error) {
		if hasBody(in.gin, s.o.Timeout) {
			return nil, invalid(ProblemError{Location: "body", Message: "must be empty: the parameters go in the query"})
		}
		r := in.Params.request()
		if err := s.market.CheckCauses(ctx, r); err != nil {
			return nil, err
		}
		job, err := s.jobs.start(ctx, "causes", func(ctx context.Context, progress func(string, int, int)) (string, error) {
			r.Progress = progress
			report, answer, err := s.market.ReportCauses(ctx, r)
			if err != nil {
				return "", err
			}
			return "/v1/gaps/causes/kept/" + kept.add(keptCauses{report, answer}), nil
		})
		if err != nil {
			return nil, err
		}
		return accepted(job)
	})
	at := reportAt{id: "causes-kept", path: "/v1/gaps/causes/kept/{id}", file: "causes", method: http.MethodGet, errors: []int{404}}
	report := func(_ context.Context, in *request[keptCausesParams]) (*market.Report, *market.CausesAnswer, error) {
		k, err := kept.get(in.Params.ID)
		return k.report, k.answer, err
	}
	addAnswer(s, at, at.id, "The causes of unfilled heads that a job worked out", func(ctx context.Context, in *request[keptCausesParams]) (*market.CausesAnswer, error) {
		_, a, err := report(ctx, in)
		return a, err
	})
	addReport(s, at, "The causes that a job worked out, with their request and versions", only(report))
	addForms(s, at, report,
		reportForm[keptCausesParams, *market.CausesAnswer]{workbookForm, "The causes that a job worked out as a workbook (XLSX)", written[keptCausesParams](market.WriteCausesWorkbook)},
		reportForm[keptCausesParams, *market.CausesAnswer]{csvForm, "The causes that a job worked out as CSV", inRows[keptCausesParams]((*market.Report).CSV, market.WriteCausesCSV)},
		reportForm[keptCausesParams, *market.CausesAnswer]{ndjsonForm, "The causes that a job worked out, a group a line", inRows[keptCausesParams]((*market.Report).NDJSON, market.WriteCausesNDJSON)})
}
