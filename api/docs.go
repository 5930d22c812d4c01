package api

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"

	"talentmatch/market"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
	"github.com/swaggest/swgui"
	"github.com/swaggest/swgui/v5emb"
)

const description = `Talent demands and program outputs of industry-education alliances: records, search, matches with
their reasons, alignment, allocations (who is seated where, proven to be the best by a policy), and the planner's
reports: gaps and how sure they are, causes of unfilled heads, mismatch, forecasts, gaps of the years to come with
scenarios, and how well was foreseen what came. Reports are also workbooks, CSV and NDJSON; what /report answers can be
kept, and talentmatch replay makes it again, byte for byte.

Writes are idempotent by id; ETag and If-Match guard concurrent edits. Lists page by cursor. Errors are RFC 9457
problems that name every bad value. Parameters that take several values accept a=1,2 and a=1&a=2; a parameter that
is not listed is refused. Long work is a job: 202 with the path of a job that says how far it is, and can be cancelled.`

// documentConfig sets huma up for one thing: the document. Its own documentation
// pages load assets from other hosts, and its create hooks put the Host header
// into answers, so neither is used.
func (s *server) documentConfig() huma.Config {
	config := huma.DefaultConfig("talentmatch", s.o.Software)
	config.OpenAPIPath, config.DocsPath, config.SchemasPath, config.CreateHooks = "", "", "", nil
	config.Info.Description = description
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"bearer": {Type: "http", Scheme: "bearer", Description: "An API key; needed as soon as one exists"},
		"apiKey": {Type: "apiKey", In: "header", Name: "X-API-Key", Description: "The same key in a header of its own"},
	}
	config.Security = []map[string][]string{{}, {"bearer": {}}, {"apiKey": {}}}
	return config
}

// schema is the (reference to the) schema of a Go type.
func (s *server) schema(t reflect.Type) *huma.Schema {
	return s.api.OpenAPI().Components.Schemas.Schema(t, true, "")
}

func schemaOf[T any](s *server) *huma.Schema { return s.schema(reflect.TypeFor[T]()) }

// jsonBody is a required request body of one schema.
func jsonBody(schema *huma.Schema) *huma.RequestBody {
	return &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}}
}

// answers documents a successful answer with a JSON body, nil for none.
func answers(status int, schema *huma.Schema, headers ...string) map[string]*huma.Response {
	out := &huma.Response{Description: http.StatusText(status), Headers: map[string]*huma.Param{}}
	if schema != nil {
		out.Content = map[string]*huma.MediaType{"application/json": {Schema: schema}}
	}
	for _, name := range headers {
		out.Headers[name] = &huma.Param{Schema: &huma.Schema{Type: huma.TypeString}}
	}
	return map[string]*huma.Response{strconv.Itoa(status): out}
}

// merge adds further answers of an operation.
func merge(into map[string]*huma.Response, more ...map[string]*huma.Response) map[string]*huma.Response {
	for _, m := range more {
		for status, r := range m {
			into[status] = r
		}
	}
	return into
}

// documentParameters describes the parameters by their rules' tags.
func (s *server) documentParameters(op *huma.Operation, rules []rule) {
	for i := range rules {
		r := &rules[i]
		schema := huma.SchemaFromField(s.api.OpenAPI().Components.Schemas, r.field, "")
		schema.Nullable = false
		if r.list {
			schema.MaxItems = &r.maxItems
			if r.kind == reflect.String {
				schema.Items.MaxLength = &r.maxLength
			}
		} else if r.kind == reflect.String {
			schema.MaxLength = &r.maxLength
		}
		op.Parameters = append(op.Parameters, &huma.Param{Name: r.name, In: r.in, Required: r.required,
			Description: r.field.Tag.Get("doc"), Schema: schema})
	}
}

// documentErrors adds what every operation may answer beside success.
func (s *server) documentErrors(op *huma.Operation) {
	statuses := []int{422, 500, 503}
	if !open[op.Path] {
		statuses = append(statuses, 401, 421, 429)
	}
	if op.RequestBody != nil {
		statuses = append(statuses, 403, 408, 413, 415)
	}
	for _, status := range append(statuses, op.Errors...) {
		op.Responses[strconv.Itoa(status)] = &huma.Response{Description: http.StatusText(status),
			Content: map[string]*huma.MediaType{"application/problem+json": {Schema: schemaOf[Problem](s)}}}
	}
	op.Errors = nil
}

// Patterns of the formats in talent's tags that JSON Schema has no name for.
var formatPatterns = map[string]string{
	"id":         `^[A-Za-z0-9._:-]{1,128}$`,
	"year-month": `^[0-9]{4}-(0[1-9]|1[0-2])$`,
}

// finishSchemas corrects what reflection cannot know: lists are never null in our
// answers, and our formats are patterns.
func (s *server) finishSchemas() {
	for _, schema := range s.api.OpenAPI().Components.Schemas.Map() {
		for _, p := range schema.Properties {
			target := p
			if p.Type == huma.TypeArray {
				p.Nullable = false
				target = p.Items
			}
			if pattern := formatPatterns[target.Format]; pattern != "" {
				target.Pattern, target.Format = pattern, ""
			}
		}
		schema.PrecomputeMessages()
	}
}

// docsPolicy lets the documentation page run its own scripts and nothing from
// anywhere else.
const docsPolicy = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"

// addDocs serves the document and the pages that show it. It comes last, when
// every operation is known.
func (s *server) addDocs() {
	route(s, huma.Operation{OperationID: "openapi", Method: http.MethodGet, Path: "/openapi.json", Summary: "This document", Tags: []string{"server"},
		Responses: answers(200, &huma.Schema{Type: huma.TypeObject})},
		func(context.Context, *request[struct{}]) (*reply, error) {
			return &reply{status: http.StatusOK, body: s.spec}, nil
		})
	s.finishSchemas()
	spec, err := json.Marshal(s.api.OpenAPI())
	if err != nil { // a programmer's mistake in some tag
		panic(err)
	}
	s.spec = append(spec, '\n')
	pages := gin.WrapH(v5emb.NewHandlerWithConfig(swgui.Config{Title: "talentmatch", SwaggerJSON: "/openapi.json", BasePath: "/docs/"}))
	s.engine.GET("/docs", pages)
	s.engine.GET("/docs/*file", pages)
}

// addHealth serves what machines watch.
func (s *server) addHealth() {
	operation := func(path, summary string, schema *huma.Schema) huma.Operation {
		return huma.Operation{OperationID: path[1:], Method: http.MethodGet, Path: path, Summary: summary, Tags: []string{"server"},
			Responses: answers(200, schema)}
	}
	route(s, operation("/healthz", "Whether the process lives; never needs a key", schemaOf[health](s)),
		func(context.Context, *request[struct{}]) (*reply, error) { return answerJSON(health{"ok"}) })
	route(s, operation("/readyz", "Whether the market can be asked; never needs a key", schemaOf[health](s)),
		func(context.Context, *request[struct{}]) (*reply, error) {
			if err := s.market.Ready(); err != nil {
				return nil, newProblem(http.StatusServiceUnavailable, "not ready: %s", err).with("Retry-After", "2")
			}
			return answerJSON(health{"ready"})
		})
	metrics := operation("/metrics", "Figures for Prometheus", nil)
	metrics.Responses["200"].Content = map[string]*huma.MediaType{"text/plain": {Schema: &huma.Schema{Type: huma.TypeString}}}
	handler := s.metrics.handler()
	stream(s, metrics, func(c *gin.Context, _ struct{}) { handler.ServeHTTP(c.Writer, c.Request) })
	route(s, huma.Operation{OperationID: "status", Method: http.MethodGet, Path: "/v1/status", Summary: "What the market holds and in which version",
		Tags: []string{"server"}, Responses: answers(200, schemaOf[status](s))}, s.status)
}

type health struct {
	Status string `json:"status" enum:"ok,ready"`
}

type status struct {
	Records  map[string]int  `json:"records" doc:"stored records by type"`
	Versions market.Versions `json:"versions"`
}

func (s *server) status(ctx context.Context, _ *request[struct{}]) (*reply, error) {
	counts, err := s.market.Counts(ctx)
	if err != nil {
		return nil, err
	}
	versions, err := s.market.Versions(ctx)
	if err != nil {
		return nil, err
	}
	out := status{Records: map[string]int{}, Versions: versions}
	for t, n := range counts {
		out.Records[string(t)] = n
	}
	return answerJSON(out)
}
