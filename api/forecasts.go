package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"reflect"
	"strconv"

	"talentmatch/market"
	"talentmatch/talent"

	"github.com/danielgtaylor/huma/v2"
)

// forecastBody is the body of POST /v1/forecasts.
type forecastBody struct {
	Source     string          `json:"source,omitempty" enum:"series,demands" default:"series" doc:"series records (or values); heads of demands by the period in which they were posted"`
	Values     json.RawMessage `json:"values,omitempty" doc:"forecast these series instead of records"`
	IDs        []string        `json:"ids,omitempty" maxItems:"1000" doc:"these series records alone"`
	Measure    string          `json:"measure,omitempty" maxLength:"64" doc:"series of this measure alone"`
	By         []string        `json:"by,omitempty" enum:"skill,occupation,region,industry,education" maxItems:"2" doc:"tell demands apart; none: one total"`
	RegionAt   string          `json:"region_at,omitempty" enum:"province,prefecture,region" default:"province" doc:"how far regions of demands are rolled up"`
	Period     string          `json:"period,omitempty" enum:"month,quarter,year" default:"month" doc:"of demands"`
	From       string          `json:"from,omitempty" maxLength:"7" doc:"first period of demands counted; default: of the oldest"`
	Until      string          `json:"until,omitempty" maxLength:"7" doc:"last period of demands counted; default: of the newest"`
	Skill      []string        `json:"skill,omitempty" maxItems:"1000"`
	Occupation []string        `json:"occupation,omitempty" maxItems:"1000"`
	Region     []string        `json:"region,omitempty" maxItems:"1000" doc:"regions; what lies inside counts"`
	Industry   []string        `json:"industry,omitempty" maxItems:"1000"`
	Horizon    int             `json:"horizon,omitempty" minimum:"1" maximum:"1000" doc:"periods ahead; default: 18 months, 8 quarters, 5 years"`
	Counts     bool            `json:"counts,omitempty" doc:"whole numbers, not below 0"`
	Separate   bool            `json:"separate,omitempty" doc:"do not make sums and parts agree"`
	History    bool            `json:"history,omitempty" doc:"give the past values too"`
	Limit      int             `json:"limit,omitempty" minimum:"1" maximum:"1000" default:"50"`
	Cursor     string          `json:"cursor,omitempty" maxLength:"64" doc:"from the last answer to the same body"`
}

// forecastsAtOnce is how many series records are forecast while the request waits; more, or
// all, are a job.
const forecastsAtOnce = 100

// forecastBodyAtOnce is how large a body with values may be to be answered at once, in bytes.
const forecastBodyAtOnce = 1 << 20

// forecastsKept is how many jobs' forecasts are remembered until the server stops.
const forecastsKept = 10

// A keptForecast is an answer with the head of its report, which rows are marked by.
type keptForecast struct {
	head   *market.Report
	answer *market.ForecastAnswer
}

// values reads the series that came along.
func (b *forecastBody) values() ([]market.ForecastInput, error) {
	if len(b.Values) == 0 {
		return nil, nil
	}
	var items []json.RawMessage
	if !bytes.HasPrefix(b.Values, []byte("[")) || json.Unmarshal(b.Values, &items) != nil {
		return nil, invalid(ProblemError{Location: "body.values", Message: "must be a list"})
	}
	if len(items) > market.MostForecastValues {
		return nil, invalid(ProblemError{Location: "body.values", Message: fmt.Sprintf("must have at most %d series", market.MostForecastValues)})
	}
	out := make([]market.ForecastInput, len(items))
	for i, item := range items {
		at := fmt.Sprintf("body.values[%d]", i)
		var row struct {
			ID     string          `json:"id" maxLength:"500"`
			Period string          `json:"period" enum:"year,quarter,month"`
			Start  string          `json:"start" maxLength:"10"`
			Values json.RawMessage `json:"values"`
		}
		if errs := decodeObject(item, at, reflect.ValueOf(&row).Elem()); len(errs) > 0 {
			return nil, invalid(errs...)
		}
		out[i] = market.ForecastInput{ID: row.ID, Period: row.Period, Start: row.Start}
		if !bytes.HasPrefix(row.Values, []byte("[")) || json.Unmarshal(row.Values, &out[i].Values) != nil {
			return nil, invalid(ProblemError{Location: at + ".values", Message: "must be a list of numbers, null for a gap"})
		}
		for k, v := range out[i].Values {
			if v != nil && math.Abs(*v) > 1e100 {
				return nil, invalid(ProblemError{Location: fmt.Sprintf("%s.values[%d]", at, k), Message: "is too large"})
			}
		}
	}
	return out, nil
}

type forecastParams struct {
	ID     string `path:"id" maxLength:"20"`
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"50"`
	Cursor string `query:"cursor" maxLength:"20"`
}

func (s *server) addForecasts() {
	answer := schemaOf[market.ForecastAnswer](s)
	start := huma.Operation{OperationID: "forecast", Method: http.MethodPost, Path: "/v1/forecasts", Tags: []string{"reports"},
		Summary:   "Forecast series, or demands as they were posted, with intervals of 80 and 95 %",
		Responses: answers(200, answer), Errors: []int{503}, RequestBody: jsonBody(s.forecastSchema())}
	start.Description = fmt.Sprintf("Values (in a body of up to 1 MiB), or up to %d series by id, are answered at once. Everything else is a job: 202, and the job's result is the path of the forecasts, of which the newest %d are remembered until the server stops.", forecastsAtOnce, forecastsKept)
	start.Responses["202"] = answers(202, schemaOf[jobAnswer](s))["202"]
	start.Responses["202"].Headers["Location"] = &huma.Param{Schema: &huma.Schema{Type: huma.TypeString}}
	route(s, start, s.forecast)
	at := reportAt{id: "forecasts", path: "/v1/forecasts/{id}", file: "forecasts", method: http.MethodGet, errors: []int{404}}
	made := func(_ context.Context, in *request[forecastParams]) (*market.Report, *market.ForecastAnswer, error) {
		return s.forecastPage(&in.Params)
	}
	addAnswer(s, at, "forecasts", "Forecasts that a job has made", func(_ context.Context, in *request[forecastParams]) (*market.ForecastAnswer, error) {
		_, a, err := s.forecastPage(&in.Params)
		return a, err
	})
	addForms(s, at, made,
		reportForm[forecastParams, *market.ForecastAnswer]{workbookForm, "A page of a job's forecasts as a workbook (XLSX) with definitions, and charts where the past was asked for, headings in Chinese and English", written[forecastParams](market.WriteForecastWorkbook)},
		reportForm[forecastParams, *market.ForecastAnswer]{csvForm, "A page of a job's forecasts as CSV, a step a row", inRows[forecastParams]((*market.Report).CSV, market.WriteForecastCSV)},
		reportForm[forecastParams, *market.ForecastAnswer]{ndjsonForm, "A page of a job's forecasts, a series a line", inRows[forecastParams]((*market.Report).NDJSON, market.WriteForecastNDJSON)})
}

// forecastPage is a page of what a job has made.
func (s *server) forecastPage(p *forecastParams) (*market.Report, *market.ForecastAnswer, error) {
	kept, err := s.forecasts.get(p.ID)
	if err != nil {
		return nil, nil, err
	}
	all, from := kept.answer, 0
	if c := p.Cursor; c != "" {
		if from, err = strconv.Atoi(c); err != nil || from < 0 || from > len(all.Items) {
			return nil, nil, problemOf(talent.Invalid("cursor", c, "is not one that was given out for these forecasts"), "query")
		}
	}
	to := min(len(all.Items), from+p.Limit)
	page := &market.ForecastAnswer{Items: append([]market.ForecastItem{}, all.Items[from:to]...), Meta: all.Meta}
	if to < len(all.Items) {
		page.NextCursor = strconv.Itoa(to)
	}
	return kept.head, page, nil
}

// forecastSchema is the schema of the body with its values.
func (s *server) forecastSchema() *huma.Schema {
	body := schemaOf[forecastBody](s)
	properties := s.api.OpenAPI().Components.Schemas.SchemaFromRef(body.Ref).Properties
	most := market.MostForecastValues
	properties["values"] = &huma.Schema{Type: huma.TypeArray, Items: schemaOf[market.ForecastInput](s), MaxItems: &most, Description: properties["values"].Description}
	return body
}

func (s *server) forecast(ctx context.Context, in *request[struct{}]) (*reply, error) {
	body := forecastBody{Limit: 50}
	if errs := decodeObject(in.Body, "body", reflect.ValueOf(&body).Elem()); len(errs) > 0 {
		return nil, invalid(errs...)
	}
	values, err := body.values()
	if err != nil {
		return nil, err
	}
	r := market.ForecastRequest{Source: body.Source, Values: values, IDs: body.IDs, Measure: body.Measure, By: body.By, RegionAt: body.RegionAt, Period: body.Period,
		From: body.From, Until: body.Until, Horizon: body.Horizon, Counts: body.Counts, Separate: body.Separate, History: body.History, Limit: body.Limit, Cursor: body.Cursor,
		Filter: market.ForecastFilter{Skill: body.Skill, Occupation: body.Occupation, Region: body.Region, Industry: body.Industry}}
	if len(values) > 0 && len(in.Body) <= forecastBodyAtOnce || len(r.IDs) > 0 && len(r.IDs) <= forecastsAtOnce {
		select { // each takes all cores
		case s.forecasting <- struct{}{}:
			defer func() { <-s.forecasting }()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		a, err := s.market.Forecast(ctx, r)
		if err != nil {
			return nil, problemOf(err, "body")
		}
		return answerJSON(a)
	}
	if r.Cursor != "" {
		return nil, invalid(ProblemError{Location: "body.cursor", Message: "belongs to values and ids; a job's forecasts have pages of their own"})
	}
	if err := s.market.CheckForecast(r); err != nil {
		return nil, problemOf(err, "body")
	}
	job, err := s.jobs.start(ctx, "forecast", func(ctx context.Context, progress func(string, int, int)) (string, error) {
		a, err := s.market.ForecastAll(ctx, r, func(done, of int) { progress("forecasting", done, of) })
		if err != nil {
			return "", err
		}
		head, err := market.ForecastHead(r, a)
		if err != nil {
			return "", err
		}
		return "/v1/forecasts/" + s.forecasts.add(keptForecast{head, a}), nil
	})
	if err != nil {
		return nil, err
	}
	return accepted(job)
}
