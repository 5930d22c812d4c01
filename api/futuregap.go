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
	"github.com/gin-gonic/gin"
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

// addFutureGaps adds the gap of the years to come, as JSON, as a kept report and as files.
func (s *server) addFutureGaps() {
	body := s.futureGapSchema()
	op := func(id, path, summary string, schema *huma.Schema) huma.Operation {
		return huma.Operation{OperationID: id, Method: http.MethodPost, Path: path, Summary: summary, Tags: []string{"reports"}, Responses: answers(200, schema), RequestBody: jsonBody(body)}
	}
	route(s, op("future-gaps", "/v1/gaps/future", "Demand of the years to come, less the pipeline of programs, with intervals of 80 and 95 %, without and with scenarios", schemaOf[market.FutureGapAnswer](s)), s.futureGaps)
	route(s, op("future-gap-report", "/v1/gaps/future/report", "The same with its request and versions: what talentmatch replay makes again", schemaOf[market.Report](s)), s.futureGapReport)
	text, binary := &huma.Schema{Type: huma.TypeString}, &huma.Schema{Type: huma.TypeString, Format: "binary"}
	for _, f := range []struct {
		id, path, summary, mediaType, file string
		schema                             *huma.Schema
		write                              func(w *bytes.Buffer, a *market.FutureGapAnswer) error
	}{
		{"future-gap-workbook", "/v1/gaps/future/workbook", "The same as a workbook (XLSX) with charts and definitions, headings in Chinese and English", workbookType, "future-gaps.xlsx", binary,
			func(w *bytes.Buffer, a *market.FutureGapAnswer) error { return market.WriteFutureGapWorkbook(w, a) }},
		{"future-gap-csv", "/v1/gaps/future/csv", "The same as CSV", "text/csv; charset=utf-8", "future-gaps.csv", text,
			func(w *bytes.Buffer, a *market.FutureGapAnswer) error { return market.WriteFutureGapCSV(w, a) }},
		{"future-gap-ndjson", "/v1/gaps/future/ndjson", "The same, a cell a line", "application/x-ndjson", "future-gaps.ndjson", text,
			func(w *bytes.Buffer, a *market.FutureGapAnswer) error { return market.WriteFutureGapNDJSON(w, a) }},
	} {
		o := op(f.id, f.path, f.summary, nil)
		o.Responses["200"].Content = map[string]*huma.MediaType{f.mediaType: {Schema: f.schema}}
		stream(s, o, func(c *gin.Context, _ struct{}) {
			b, err := s.futureGapFile(c, f.write)
			if err != nil {
				s.answerError(c, err, "body")
				return
			}
			c.Header("Content-Disposition", "attachment; filename="+f.file)
			c.Data(http.StatusOK, f.mediaType, b)
		})
	}
}

func (s *server) futureGaps(ctx context.Context, in *request[struct{}]) (*reply, error) {
	r, err := s.futureGapRequest(in.Body)
	if err != nil {
		return nil, err
	}
	a, err := s.market.FutureGap(ctx, r)
	if err != nil {
		return nil, err
	}
	return answerJSON(a)
}

func (s *server) futureGapReport(ctx context.Context, in *request[struct{}]) (*reply, error) {
	r, err := s.futureGapRequest(in.Body)
	if err != nil {
		return nil, err
	}
	report, _, err := s.market.ReportFutureGap(ctx, r)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = report.Write(&b)
	return &reply{status: http.StatusOK, body: b.Bytes()}, err
}

// futureGapFile answers a body with a file, in the time that a request has.
func (s *server) futureGapFile(c *gin.Context, write func(*bytes.Buffer, *market.FutureGapAnswer) error) ([]byte, error) {
	ctx, cancel := context.WithTimeout(c.Request.Context(), s.o.Timeout)
	defer cancel()
	body, err := readJSON(c, s.o.MaxBody, s.o.Timeout)
	if err != nil {
		return nil, err
	}
	r, err := s.futureGapRequest(body)
	if err != nil {
		return nil, err
	}
	a, err := s.market.FutureGap(ctx, r)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = write(&b, a)
	return b.Bytes(), err
}
