package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"

	"talentmatch/market"

	"github.com/danielgtaylor/huma/v2"
)

// backtestBody is the body of POST /v1/backtests.
type backtestBody struct {
	Reports    json.RawMessage `json:"reports,omitempty" doc:"kept reports of kind forecast, gaps or future-gap (of source demands or known), as talentmatch writes them"`
	AsOf       []string        `json:"as_of,omitempty" maxItems:"24" maxLength:"7" doc:"instead of reports: forecast as if the store ended with each of these periods, YYYY-MM (YYYY, YYYY-Qn)"`
	Source     string          `json:"source,omitempty" enum:"series,demands" doc:"as_of: series records, or heads of demands as they were posted; default: demands with by, else series"`
	IDs        []string        `json:"ids,omitempty" maxItems:"1000" doc:"as_of: these series records alone"`
	Measure    string          `json:"measure,omitempty" maxLength:"64" doc:"as_of: series of this measure alone"`
	By         []string        `json:"by,omitempty" enum:"skill,occupation,region,industry,education" maxItems:"2" doc:"as_of: tell demands apart"`
	RegionAt   string          `json:"region_at,omitempty" enum:"province,prefecture,region" doc:"as_of: how far regions of demands are rolled up; default province"`
	Period     string          `json:"period,omitempty" enum:"month,quarter,year" doc:"as_of: of demands; default month"`
	Skill      []string        `json:"skill,omitempty" maxItems:"1000"`
	Occupation []string        `json:"occupation,omitempty" maxItems:"1000"`
	Region     []string        `json:"region,omitempty" maxItems:"1000" doc:"as_of: regions; what lies inside counts"`
	Industry   []string        `json:"industry,omitempty" maxItems:"1000"`
	Horizon    int             `json:"horizon,omitempty" minimum:"1" maximum:"1000" doc:"as_of: periods ahead; default: 18 months, 8 quarters, 5 years"`
	Counts     bool            `json:"counts,omitempty" doc:"as_of: whole numbers, not below 0"`
	Years      []int           `json:"years,omitempty" minimum:"1900" maximum:"2200" maxItems:"100" doc:"score gap reports by these years; needed for one that tells no years apart and has no filter of them"`
	Until      string          `json:"until,omitempty" maxLength:"7" doc:"the last period that is over; default: what the records say"`
	Top        int             `json:"top,omitempty" minimum:"1" maximum:"1000" default:"10" doc:"of how many of the largest shortages it is said whether they came"`
	Limit      int             `json:"limit,omitempty" minimum:"0" maximum:"1000" default:"50" doc:"series or cells listed a report; the sums have all"`
}

// backtestsKept is how many backtests are remembered until the server stops.
const backtestsKept = 10

// A keptBacktest is an answer with the report that holds it.
type keptBacktest struct {
	report *market.Report
	answer *market.BacktestAnswer
}

// reports reads the kept reports.
func (b *backtestBody) reports() ([]market.BacktestReport, error) {
	if len(b.Reports) == 0 {
		return nil, nil
	}
	var items []json.RawMessage
	if !bytes.HasPrefix(b.Reports, []byte("[")) || json.Unmarshal(b.Reports, &items) != nil {
		return nil, invalid(ProblemError{Location: "body.reports", Message: "must be a list of kept reports"})
	}
	var out []market.BacktestReport
	for i, item := range items {
		r, err := market.ReadReport(item)
		if err != nil {
			return nil, invalid(ProblemError{Location: fmt.Sprintf("body.reports[%d]", i), Message: "is " + err.Error()})
		}
		out = append(out, market.BacktestReport{Report: r})
	}
	return out, nil
}

// request is what the body asks for.
func (b *backtestBody) request() (market.BacktestRequest, error) {
	r := market.BacktestRequest{AsOf: b.AsOf, Years: b.Years, Until: b.Until, Top: b.Top, Limit: b.Limit}
	var err error
	if r.Reports, err = b.reports(); err != nil {
		return r, err
	}
	source := b.Source
	if source == "" && len(b.By) > 0 {
		source = market.FromDemands
	}
	f := market.ForecastRequest{Source: source, IDs: b.IDs, Measure: b.Measure, By: b.By, RegionAt: b.RegionAt, Period: b.Period, Horizon: b.Horizon, Counts: b.Counts,
		Filter: market.ForecastFilter{Skill: b.Skill, Occupation: b.Occupation, Region: b.Region, Industry: b.Industry}}
	if len(b.AsOf) > 0 {
		r.Forecast = &f
		return r, nil
	}
	if !reflect.ValueOf(f).IsZero() {
		return r, invalid(ProblemError{Location: "body.as_of", Message: "is what the fields of a forecast belong to: a kept report has its own request"})
	}
	return r, nil
}

// backtestSchema is the schema of the body with its reports.
func (s *server) backtestSchema() *huma.Schema {
	body := schemaOf[backtestBody](s)
	properties := s.api.OpenAPI().Components.Schemas.SchemaFromRef(body.Ref).Properties
	most := market.MostBacktests
	properties["reports"] = &huma.Schema{Type: huma.TypeArray, Items: schemaOf[market.Report](s), MaxItems: &most, Description: properties["reports"].Description}
	return body
}

type backtestParams struct {
	ID string `path:"id" maxLength:"20"`
}

func (s *server) addBacktests() {
	op := func(id, method, path, summary string, status int, schema *huma.Schema, errs ...int) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary, Tags: []string{"reports"}, Responses: answers(status, schema), Errors: errs}
	}
	start := op("backtest", http.MethodPost, "/v1/backtests", "Score kept forecasts, gap reports and future gaps, or forecasts as of an earlier date, against what came: a job", 202, schemaOf[jobAnswer](s), 503)
	start.Description = fmt.Sprintf("The job's result is the path of the backtest, of which the newest %d are remembered until the server stops.", backtestsKept)
	start.RequestBody = jsonBody(s.backtestSchema())
	start.Responses["202"].Headers["Location"] = &huma.Param{Schema: &huma.Schema{Type: huma.TypeString}}
	route(s, start, s.backtest)
	at := reportAt{id: "backtest", path: "/v1/backtests/{id}", file: "backtest", method: http.MethodGet, errors: []int{404}}
	report := func(_ context.Context, in *request[backtestParams]) (*market.Report, *market.BacktestAnswer, error) {
		k, err := s.backtests.get(in.Params.ID)
		return k.report, k.answer, err
	}
	addAnswer(s, at, "backtest-answer", "How well was foreseen what came", func(_ context.Context, in *request[backtestParams]) (*market.BacktestAnswer, error) {
		k, err := s.backtests.get(in.Params.ID)
		return k.answer, err
	})
	addReport(s, at, "A backtest with its request and versions", only(report))
	addForms(s, at, report,
		reportForm[backtestParams, *market.BacktestAnswer]{workbookForm, "A backtest as a workbook (XLSX) with charts and definitions, headings in Chinese and English", written[backtestParams](market.WriteBacktestWorkbook)},
		reportForm[backtestParams, *market.BacktestAnswer]{csvForm, "A backtest as CSV, one number a row", inRows[backtestParams]((*market.Report).CSV, market.WriteBacktestCSV)},
		reportForm[backtestParams, *market.BacktestAnswer]{ndjsonForm, "A backtest, one report a line", inRows[backtestParams]((*market.Report).NDJSON, market.WriteBacktestNDJSON)})
}

func (s *server) backtest(ctx context.Context, in *request[struct{}]) (*reply, error) {
	body := backtestBody{Top: 10, Limit: 50}
	if errs := decodeObject(in.Body, "body", reflect.ValueOf(&body).Elem()); len(errs) > 0 {
		return nil, invalid(errs...)
	}
	r, err := body.request()
	if err != nil {
		return nil, err
	}
	if err := s.market.CheckBacktest(r); err != nil {
		return nil, problemOf(err, "body")
	}
	job, err := s.jobs.start(ctx, "backtest", func(ctx context.Context, progress func(string, int, int)) (string, error) {
		report, answer, err := s.market.ReportBacktest(ctx, r, func(done, of int) { progress("scoring", done, of) })
		if err != nil {
			return "", err
		}
		return "/v1/backtests/" + s.backtests.add(keptBacktest{report, answer}), nil
	})
	if err != nil {
		return nil, err
	}
	return accepted(job)
}
