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

// futureGapBody is the body of POST /v1/gaps/future.
type futureGapBody struct {
	By         string          `json:"by,omitempty" enum:"skill,occupation,region,education,industry" doc:"none: all together"`
	Source     string          `json:"source,omitempty" enum:"demands,known,series,employment" default:"demands" doc:"posted demands and a forecast of those to come; posted ones alone; a forecast of series of a measure; expansion and replacement, of series of employment by age group"`
	Measure    string          `json:"measure,omitempty" maxLength:"64" doc:"of source series; default openings"`
	RegionAt   string          `json:"region_at,omitempty" enum:"province,prefecture,region" default:"province" doc:"how far regions are rolled up"`
	AsOf       int             `json:"as_of,omitempty" minimum:"1950" maximum:"2200" doc:"the last year that is known; default: the last with posted demands, or with values"`
	Years      int             `json:"years,omitempty" minimum:"1" maximum:"10" default:"3" doc:"how many years after it"`
	Skill      []string        `json:"skill,omitempty" maxItems:"1000"`
	Occupation []string        `json:"occupation,omitempty" maxItems:"1000"`
	Region     []string        `json:"region,omitempty" maxItems:"1000" doc:"regions; what lies inside counts"`
	Industry   []string        `json:"industry,omitempty" maxItems:"1000"`
	Scenarios  json.RawMessage `json:"scenarios,omitempty" doc:"held against the answer without them"`
	Sort       string          `json:"sort,omitempty" enum:"effective_gap,gap,demand,change" default:"effective_gap" doc:"the largest of any year comes first"`
	Limit      int             `json:"limit,omitempty" minimum:"1" maximum:"1000" default:"50"`
	Cursor     string          `json:"cursor,omitempty" maxLength:"64" doc:"from the last answer to the same body"`
}

// request is what a body asks for.
func (s *server) futureGapRequest(body []byte) (r market.FutureGapRequest, err error) {
	var b futureGapBody
	if errs := decodeObject(body, "body", reflect.ValueOf(&b).Elem()); len(errs) > 0 {
		return r, invalid(errs...)
	}
	r = market.FutureGapRequest{
		By: b.By, Source: b.Source, Measure: b.Measure, RegionAt: b.RegionAt, AsOf: b.AsOf, Years: b.Years, Sort: b.Sort, Limit: b.Limit, Cursor: b.Cursor,
		Filter: market.ForecastFilter{Skill: b.Skill, Occupation: b.Occupation, Region: b.Region, Industry: b.Industry},
	}
	if len(b.Scenarios) == 0 {
		return r, nil
	}
	var items []json.RawMessage
	if !bytes.HasPrefix(b.Scenarios, []byte("[")) || json.Unmarshal(b.Scenarios, &items) != nil {
		return r, invalid(ProblemError{Location: "body.scenarios", Message: "must be a list"})
	}
	if len(items) > market.MostScenarios {
		return r, invalid(ProblemError{Location: "body.scenarios", Message: fmt.Sprintf("must have at most %d scenarios", market.MostScenarios)})
	}
	for i, raw := range items {
		sc, err := market.ReadScenario(raw, i)
		if err != nil {
			return r, err
		}
		r.Scenarios = append(r.Scenarios, *sc)
	}
	return r, nil
}

// futureGapSchema is the schema of the body with its scenarios.
func (s *server) futureGapSchema() *huma.Schema {
	body := schemaOf[futureGapBody](s)
	properties := s.api.OpenAPI().Components.Schemas.SchemaFromRef(body.Ref).Properties
	most := market.MostScenarios
	properties["scenarios"] = &huma.Schema{Type: huma.TypeArray, Items: schemaOf[market.Scenario](s), MaxItems: &most, Description: properties["scenarios"].Description}
	return body
}

// addFutureGaps adds the gap of the years to come, as JSON, as it is kept and as files.
func (s *server) addFutureGaps() {
	at := reportAt{id: "future-gap", path: "/v1/gaps/future", file: "future-gaps", method: http.MethodPost, body: jsonBody(s.futureGapSchema())}
	answer := func(ctx context.Context, in *request[struct{}]) (*market.FutureGapAnswer, error) {
		r, err := s.futureGapRequest(in.Body)
		if err != nil {
			return nil, err
		}
		return s.market.FutureGap(ctx, r)
	}
	addAnswer(s, at, "future-gaps", "Demand of the years to come, less the pipeline of programs, with intervals of 80 and 95 %, without and with scenarios", answer)
	report := func(ctx context.Context, in *request[struct{}]) (*market.Report, *market.FutureGapAnswer, error) {
		r, err := s.futureGapRequest(in.Body)
		if err != nil {
			return nil, nil, err
		}
		return s.market.ReportFutureGap(ctx, r)
	}
	addReport(s, at, "The same with its request and versions", only(report))
	addForms(s, at, report,
		reportForm[struct{}, *market.FutureGapAnswer]{workbookForm, "The same as a workbook (XLSX) with charts and definitions, headings in Chinese and English", written[struct{}](market.WriteFutureGapWorkbook)},
		reportForm[struct{}, *market.FutureGapAnswer]{csvForm, "The same as CSV", inRows[struct{}]((*market.Report).CSV, market.WriteFutureGapCSV)},
		reportForm[struct{}, *market.FutureGapAnswer]{ndjsonForm, "The same, a cell a line", inRows[struct{}]((*market.Report).NDJSON, market.WriteFutureGapNDJSON)})
}
