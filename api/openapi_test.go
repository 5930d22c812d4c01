package api

import (
	"bytes"
	"encoding/json"
	"reflect"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"testing"

	"talentmatch/talent"

	"github.com/danielgtaylor/huma/v2"
)

func typeOf[T any]() reflect.Type { return reflect.TypeFor[T]() }

// TestPathsGolden keeps the list of operations in a file that people can read.
func TestPathsGolden(t *testing.T) {
	s := newServer(openMarket(t), Options{})
	var lines []string
	for path, item := range s.api.OpenAPI().Paths {
		for method, op := range operations(item) {
			var parameters []string
			for _, p := range op.Parameters {
				parameters = append(parameters, p.In+":"+p.Name)
			}
			var codes []string
			for code := range op.Responses {
				codes = append(codes, code)
			}
			sort.Strings(codes)
			lines = append(lines, path+" "+method+" "+op.OperationID+"\n  parameters "+strings.Join(parameters, " ")+"\n  answers "+strings.Join(codes, " ")+"\n")
		}
	}
	sort.Strings(lines)
	golden(t, "testdata/paths.txt", []byte(strings.Join(lines, "")))
}

func operations(item *huma.PathItem) map[string]*huma.Operation {
	out := map[string]*huma.Operation{}
	for method, op := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "DELETE": item.Delete,
		"PATCH": item.Patch, "HEAD": item.Head, "OPTIONS": item.Options, "TRACE": item.Trace} {
		if op != nil {
			out[method] = op
		}
	}
	return out
}

// TestDocumentMatchesRoutes: what is documented is served and the other way round.
// Only the documentation's own pages are not in it.
func TestDocumentMatchesRoutes(t *testing.T) {
	s := newServer(openMarket(t), Options{})
	documented := map[string]bool{}
	for path, item := range s.api.OpenAPI().Paths {
		for method := range operations(item) {
			documented[method+" "+path] = true
		}
	}
	parameter := regexp.MustCompile(`:([a-z]+)`)
	served := map[string]bool{}
	for _, r := range s.engine.Routes() {
		if !isDocs(r.Path) {
			served[r.Method+" "+parameter.ReplaceAllString(r.Path, "{$1}")] = true
		}
	}
	if !reflect.DeepEqual(documented, served) {
		t.Errorf("documented and served differ:\n%v\n%v", documented, served)
	}
	for _, typ := range talent.Types {
		for _, want := range []string{"GET /v1/%", "POST /v1/%", "GET /v1/%/{id}", "PUT /v1/%/{id}", "DELETE /v1/%/{id}", "POST /v1/%/bulk"} {
			if want = strings.ReplaceAll(want, "%", typ.Plural()); !served[want] {
				t.Errorf("%s is not served", want)
			}
		}
	}
}

// TestDocument: OpenAPI 3.1, the same bytes from every server, no other host, and no
// reference that leads nowhere.
func TestDocument(t *testing.T) {
	m := openMarket(t)
	c := serveMarket(t, m, m, Options{Software: "1.2.3"})
	first := c.get("/openapi.json").want(t, 200, nil)
	if again := serveMarket(t, m, m, Options{Software: "1.2.3", Listen: "localhost:80"}).get("/openapi.json"); !bytes.Equal(first.body, again.body) {
		t.Error("two servers answer different documents")
	}
	var doc struct {
		OpenAPI    string
		Info       struct{ Version string }
		Components struct{ Schemas map[string]json.RawMessage }
	}
	first.want(t, 200, &doc)
	if !strings.HasPrefix(doc.OpenAPI, "3.1.") || doc.Info.Version != "1.2.3" {
		t.Errorf("openapi %q of version %q", doc.OpenAPI, doc.Info.Version)
	}
	for _, m := range regexp.MustCompile(`"\$ref":"#/components/schemas/([^"]+)"`).FindAllSubmatch(first.body, -1) {
		if doc.Components.Schemas[string(m[1])] == nil {
			t.Errorf("reference to an unknown schema %s", m[1])
		}
	}
	for _, path := range []string{"/openapi.json", "/docs", "/docs/"} {
		page := c.get(path).want(t, 200, nil)
		if found := regexp.MustCompile(`(src|href)="(https?:)?//[^"]*|127\.0\.0\.1:|localhost:`).Find(page.body); found != nil {
			t.Errorf("%s names a host: %s", path, found)
		}
	}
	for _, asset := range []string{"swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-standalone-preset.js"} {
		c.get("/docs/"+asset).want(t, 200, nil)
	}
	var demand struct {
		Required   []string
		Properties map[string]struct {
			Type        any
			Enum        []string
			Minimum     *float64
			MaxItems    *int
			Pattern     string
			Description string
		}
	}
	if err := json.Unmarshal(doc.Components.Schemas["Demand"], &demand); err != nil {
		t.Fatal(err)
	}
	p := demand.Properties
	if strings.Join(demand.Required, " ") != "id employer title region headcount" || len(p["education"].Enum) != 6 || *p["headcount"].Minimum != 0 ||
		*p["skills"].MaxItems != 1000 || p["skills"].Type != "array" || !strings.HasPrefix(p["id"].Pattern, "^[A-Z") || p["start"].Description != "YYYY-MM" {
		t.Errorf("the schema of a demand has lost what the tags say: %s", doc.Components.Schemas["Demand"])
	}
}

// TestAnswersFitSchemas checks real answers with huma's own validator against the
// documented schemas.
func TestAnswersFitSchemas(t *testing.T) {
	m := openMarket(t)
	s := newServer(m, Options{Listen: "127.0.0.1:1"})
	c := serveMarket(t, m, m, Options{})
	match := `{"demand":{"title":"电工","region":"110000","skills":[{"name":"PLC编程"}]}}`
	tests := []struct{ method, path, template, body string }{
		{"GET", "/v1/search?q=PLC&facets=region,kind&highlight=true", "/v1/search", ""},
		{"GET", "/v1/search?q=%E6%97%A0%E6%AD%A4%E4%BA%8B", "/v1/search", ""},
		{"GET", "/v1/demands/d1/matches", "/v1/demands/{id}/matches", ""},
		{"GET", "/v1/demands/d2/matches?explain=false", "/v1/demands/{id}/matches", ""},
		{"GET", "/v1/programs/weldp/matches", "/v1/programs/{id}/matches", ""},
		{"POST", "/v1/match", "/v1/match", match},
		{"POST", "/v1/skills/extract", "/v1/skills/extract", `{"text":"必须精通PLC编程，不要求焊接","removed":true}`},
		{"POST", "/v1/skills/extract", "/v1/skills/extract", `{"text":"五险一金","latent":true}`},
		{"POST", "/v1/link", "/v1/link", `{"to":"occupation","limit":2,"texts":[{"id":"a","text":"自动化"}]}`},
		{"GET", "/v1/gaps?by=skill,region", "/v1/gaps", ""},
		{"GET", "/v1/gaps?by=year&skill=plc", "/v1/gaps", ""},
		{"GET", "/v1/gaps?by=industry,employer_kind&level=asked&sort=no_eligible", "/v1/gaps", ""},
		{"GET", "/v1/gaps?by=skill&bootstrap=50&seed=3", "/v1/gaps", ""},
		{"GET", "/v1/gaps/report?by=skill,region&region=110000", "/v1/gaps/report", ""},
		{"GET", "/v1/mismatch?by=occupation", "/v1/mismatch", ""},
		{"GET", "/v1/mismatch?by=skill,region&trend=true&limit=1&supply=effective", "/v1/mismatch", ""},
		{"GET", "/v1/mismatch?by=industry&index=sahin-efficiency,duncan", "/v1/mismatch", ""},
		{"GET", "/v1/mismatch/report?by=region&index=sahin&alpha=0.3", "/v1/mismatch/report", ""},
		{"POST", "/v1/gaps/future", "/v1/gaps/future", futureGapExample},
		{"POST", "/v1/gaps/future", "/v1/gaps/future", `{"by":"skill","source":"known","as_of":2025}`},
		{"POST", "/v1/gaps/future", "/v1/gaps/future", `{"by":"industry","years":20}`},
		{"POST", "/v1/gaps/future/report", "/v1/gaps/future/report", futureGapExample},
		{"GET", "/v1/gaps/causes", "/v1/gaps/causes", ""},
		{"GET", "/v1/gaps/causes?by=skill&reach=country&surplus_by=program&region=110000&min_skills=0&limit=1", "/v1/gaps/causes", ""},
		{"GET", "/v1/gaps/causes/report?by=region", "/v1/gaps/causes/report", ""},
		{"POST", "/v1/gaps/causes?by=region", "/v1/gaps/causes", ""},
		{"GET", "/v1/gaps/causes/kept/0", "/v1/gaps/causes/kept/{id}", ""},
		{"GET", "/v1/programs/auto/alignment", "/v1/programs/{id}/alignment", ""},
		{"GET", "/v1/unresolved-skills", "/v1/unresolved-skills", ""},
		{"GET", "/v1/packs", "/v1/packs", ""},
		{"GET", "/v1/status", "/v1/status", ""},
		{"GET", "/healthz", "/healthz", ""},
		{"GET", "/readyz", "/readyz", ""},
		{"GET", "/v1/demands/nobody", "/v1/demands/{id}", ""},
		{"GET", "/v1/demands?limit=0", "/v1/demands", ""},
		{"DELETE", "/v1/organizations/plant", "/v1/organizations/{id}", ""},
		{"POST", "/v1/demands", "/v1/demands", "{}"},
	}
	var job jobAnswer
	c.do("POST", "/v1/allocations", `{"min_score":0}`).want(t, 202, &job)
	seated := finished(t, c, "/v1/jobs/"+job.ID).Result
	c.do("POST", "/v1/forecasts", "{}").want(t, 202, &job)
	foreseen := finished(t, c, "/v1/jobs/"+job.ID).Result
	scored := backtestJob(t, c, keptGapReport(t, c, "")).Result
	thenScored := backtestJob(t, c, `{"as_of":["2020"],"counts":true}`).Result
	tests = append(tests, []struct{ method, path, template, body string }{
		{"POST", "/v1/backtests", "/v1/backtests", `{"as_of":["2020-12"],"by":["region"],"period":"year"}`}, {"POST", "/v1/backtests", "/v1/backtests", keptGapReport(t, c, "")},
		{"GET", scored, "/v1/backtests/{id}", ""}, {"GET", scored + "/report", "/v1/backtests/{id}/report", ""}, {"GET", thenScored, "/v1/backtests/{id}", ""}, {"GET", "/v1/backtests/0", "/v1/backtests/{id}", ""},
	}...)
	fair := `{"policy":"fair","fair_by":"size","min_score":0.1,"years":[2026]}`
	tests = append(tests, []struct{ method, path, template, body string }{
		{"POST", "/v1/allocations", "/v1/allocations", fair}, {"POST", "/v1/allocations", "/v1/allocations", `{"bounds":[{"demand":"d1","min":1,"max":2}]}`},
		{"POST", "/v1/forecasts", "/v1/forecasts", forecastValuesBody}, {"POST", "/v1/forecasts", "/v1/forecasts", `{"source":"demands","by":["region"],"counts":true}`},
		{"POST", "/v1/forecasts", "/v1/forecasts", `{"horizon":-1}`}, {"GET", "/v1/forecasts/0", "/v1/forecasts/{id}", ""}, {"GET", foreseen, "/v1/forecasts/{id}", ""},
		{"GET", "/v1/allocations", "/v1/allocations", ""}, {"GET", "/v1/jobs/" + job.ID, "/v1/jobs/{id}", ""}, {"GET", "/v1/jobs/0", "/v1/jobs/{id}", ""},
		{"GET", seated, "/v1/allocations/{id}", ""}, {"GET", seated + "/seats", "/v1/allocations/{id}/seats", ""}, {"GET", seated + "/openings", "/v1/allocations/{id}/openings", ""},
		{"GET", seated + "/cohorts", "/v1/allocations/{id}/cohorts", ""}, {"GET", seated + "/reservations", "/v1/allocations/{id}/reservations", ""},
		{"GET", seated + "/bounds", "/v1/allocations/{id}/bounds", ""}, {"GET", seated + "/groups", "/v1/allocations/{id}/groups", ""},
		{"GET", seated + "/changes?from=" + strings.TrimPrefix(seated, "/v1/allocations/"), "/v1/allocations/{id}/changes", ""},
	}...)
	for _, line := range strings.Split(strings.TrimSpace(records), "\n") {
		rec, err := talent.Decode([]byte(line), "")
		if err != nil {
			t.Fatal(err)
		}
		coll := "/v1/" + rec.RecordType().Plural()
		one := coll + "/" + rec.RecordID()
		tests = append(tests, []struct{ method, path, template, body string }{
			{"GET", coll, coll, ""}, {"GET", one, coll + "/{id}", ""}, {"PUT", one, coll + "/{id}", line}, {"POST", coll, coll, line}}...)
	}
	for _, tt := range tests {
		r := c.do(tt.method, tt.path, tt.body)
		op := operations(s.api.OpenAPI().Paths[tt.template])[tt.method]
		if tt.body != "" && r.StatusCode < 300 {
			validate(t, s, op.RequestBody.Content["application/json"].Schema, []byte(tt.body), "request of "+tt.method+" "+tt.path)
		}
		documented := op.Responses[strconv.Itoa(r.StatusCode)]
		if documented == nil {
			t.Errorf("%s %s: status %d is not documented", tt.method, tt.path, r.StatusCode)
			continue
		}
		content := documented.Content[r.Header.Get("Content-Type")]
		if content == nil {
			t.Errorf("%s %s: content type %s of %d is not documented", tt.method, tt.path, r.Header.Get("Content-Type"), r.StatusCode)
			continue
		}
		validate(t, s, content.Schema, r.body, tt.method+" "+tt.path)
	}
}

func validate(t *testing.T, s *server, schema *huma.Schema, body []byte, what string) {
	t.Helper()
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	var res huma.ValidateResult
	schema.PrecomputeMessages()
	huma.Validate(s.api.OpenAPI().Components.Schemas, schema, huma.NewPathBuffer([]byte{}, 0), huma.ModeReadFromServer, value, &res)
	for _, err := range res.Errors {
		t.Errorf("%s does not fit its schema: %v", what, err)
	}
}

// TestValidatorBites makes sure that the check above can fail.
func TestValidatorBites(t *testing.T) {
	s := newServer(openMarket(t), Options{})
	var res huma.ValidateResult
	huma.Validate(s.api.OpenAPI().Components.Schemas, schemaOf[health](s), huma.NewPathBuffer([]byte{}, 0), huma.ModeReadFromServer,
		map[string]any{"status": "bad", "more": 1}, &res)
	if len(res.Errors) != 2 {
		t.Errorf("errors %v, want two", res.Errors)
	}
}
