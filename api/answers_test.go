package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"talentmatch/index"
	"talentmatch/market"
	"talentmatch/matcher"
	"talentmatch/talent"

	"github.com/xuri/excelize/v2"
)

// TestDefaultsAgree guards the words and numbers that tags repeat.
func TestDefaultsAgree(t *testing.T) {
	rules := rulesOf(typeOf[searchParams](), "query")
	if got := find(rules, "facets").enum; !slices.Equal(got, index.FacetFields()) {
		t.Errorf("facets %v, index has %v", got, index.FacetFields())
	}
	for _, field := range index.FilterFields() {
		if find(rules, field) == nil || find(rules, "not."+field) == nil {
			t.Errorf("search lacks the filter %s", field)
		}
	}
	want := matcher.DefaultWeights().Array()
	for k, name := range []string{"skills", "text", "focus", "place", "timing"} {
		if got := mustNumber(find(rulesOf(typeOf[weights](), "query"), name).def); got != want[k] {
			t.Errorf("weight %s is %g by default, matcher's is %g", name, got, want[k])
		}
	}
}

type matchBodyAnswer struct {
	Items []struct {
		ID     string
		Score  float64
		Skills []struct{ Skill, Status, Course string }
	}
	Meta struct {
		Query, Side string
		Considered  int
		Weights     map[string]float64
	}
}

func TestMatches(t *testing.T) {
	c := newClient(t, Options{})
	var a, b matchBodyAnswer
	c.get("/v1/demands/d1/matches").want(t, 200, &a)
	if len(a.Items) != 1 || a.Items[0].ID != "auto" || a.Meta.Side != "programs" || a.Meta.Query != "d1" {
		t.Fatalf("%+v", a)
	}
	if s := a.Items[0].Skills; len(s) != 2 || s[0].Status != "met" || s[1].Course != "电气制图" {
		t.Errorf("explained by %+v", s)
	}
	c.get("/v1/programs/auto/matches").want(t, 200, &b)
	if b.Items[0].ID != "d1" || b.Items[0].Score != a.Items[0].Score {
		t.Errorf("the other side says %+v, want d1 with the same score %g", b.Items[0], a.Items[0].Score)
	}
	tests := []struct {
		path string
		want []string
	}{
		{"/v1/programs/auto/matches?limit=1", []string{"d1"}},
		{"/v1/programs/auto/matches?exclude=d1", []string{"d2"}},
		{"/v1/programs/auto/matches?min_score=0.7", []string{"d1"}},
		{"/v1/programs/auto/matches?region=130000", []string{}},
		{"/v1/programs/auto/matches?region=130000,110000&limit=1", []string{"d1"}},
		{"/v1/programs/auto/matches?region=130000&region=110000&limit=1", []string{"d1"}},
		{"/v1/programs/auto/matches?occupation=tech", []string{"d1"}},
		{"/v1/programs/auto/matches?industry=C34&limit=1", []string{"d1"}},
		{"/v1/programs/auto/matches?industry=" + url.QueryEscape("农业"), []string{}},
		{"/v1/demands/d2/matches?owner=school&limit=1", []string{"weldp"}},
		{"/v1/demands/d2/matches?owner=" + url.QueryEscape("不存在"), []string{}},
		{"/v1/demands/d2/matches?education=bachelor", []string{}},
	}
	for _, tt := range tests {
		if got := ids(t, c.get(tt.path).want(t, 200, nil).body); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.path, got, tt.want)
		}
	}
	// Zero means zero, and what is not given keeps its default.
	var w matchBodyAnswer
	c.get("/v1/demands/d1/matches?w.text=0&w.skills=2&explain=false").want(t, 200, &w)
	if w.Meta.Weights["text"] != 0 || w.Meta.Weights["skills"] != 2 || w.Meta.Weights["focus"] != 0.1 {
		t.Errorf("weights %v", w.Meta.Weights)
	}
	if w.Items[0].Skills == nil || len(w.Items[0].Skills) != 0 {
		t.Errorf("unexplained skills are %v, want an empty list", w.Items[0].Skills)
	}
}

func TestMatchUnsaved(t *testing.T) {
	c := newClient(t, Options{})
	before := c.dataVersion()
	var a matchBodyAnswer
	c.do("POST", "/v1/match", `{"demand":{"title":"自动化技术员","region":"130000","skills":[{"name":"可编程控制器"},{"name":"冥想"}]},
		"limit":1,"weights":{"text":0},"filter":{"owner":["school"],"exclude":[]}}`).want(t, 200, &a)
	if len(a.Items) != 1 || a.Items[0].ID != "auto" || a.Meta.Query != "" || a.Meta.Weights["text"] != 0 || a.Meta.Weights["skills"] != 0.5 {
		t.Errorf("%+v", a)
	}
	c.do("POST", "/v1/match", `{"program":{"name":"焊接","region":"130000","education":"associate","skills":[{"skill":"weld"}]},"filter":{"occupation":null}}`).want(t, 200, &a)
	if a.Items[0].ID != "d2" || a.Meta.Side != "demands" {
		t.Errorf("%+v", a)
	}
	if after := c.dataVersion(); after != before {
		t.Errorf("an unsaved match wrote: version %d, was %d", after, before)
	}
}

// refusingMarket is a market that refuses what it is asked to match.
type refusingMarket struct {
	Market
	err error
}

func (m refusingMarket) Match(context.Context, market.MatchRequest) (*market.MatchAnswer, error) {
	return nil, m.err
}

// TestMatchRefused: what market refuses is said at its place in the body, though the
// record and the filter have fields of the same name.
func TestMatchRefused(t *testing.T) {
	m := openMarket(t)
	demand, program := `{"demand":{"title":"电工","region":"110000"}}`, `{"program":{"name":"电气","region":"130000","education":"associate"}}`
	fields := []talent.FieldError{{Path: "region", Value: "火星", Message: "there is no such region"}, {Path: "skills[0].skill", Value: "x", Message: "there is no such skill"}}
	for _, tt := range []struct {
		body string
		err  error
		want string
	}{
		{demand, &talent.InvalidError{Type: talent.TypeDemand, Fields: fields},
			"422 body.demand.region there is no such region (got 火星) (and 1 more)\nbody.demand.skills[0].skill there is no such skill (got x)"},
		{program, fmt.Errorf("match: %w", &talent.InvalidError{Type: talent.TypeProgram, Fields: fields}),
			"422 body.program.region there is no such region (got 火星) (and 1 more)\nbody.program.skills[0].skill there is no such skill (got x)"},
		{demand, talent.Invalid("region", "火星", "there is no such region"), "422 body.filter.region there is no such region (got 火星)"},
		{program, errors.New("secret"), "500 something went wrong inside; the server's log has it under this request's id"},
	} {
		r := serveMarket(t, m, refusingMarket{m, tt.err}, Options{}).do("POST", "/v1/match", tt.body)
		if got := render(r.problem(t, r.StatusCode)); got != tt.want {
			t.Errorf("%v: got\n%s\nwant\n%s", tt.err, got, tt.want)
		}
	}
}

func TestSearch(t *testing.T) {
	c := newClient(t, Options{})
	tests := []struct {
		query string
		want  []string
	}{
		{"q=PLC&type=demand", []string{"d1"}},
		{"q=programming&type=skill", []string{"plc"}},
		{"q=" + url.QueryEscape("焊接") + "&type=program", []string{"weldp"}},
		{"type=demand&sort=id", []string{"d1", "d2"}},
		{"type=demand&not.education=associate", []string{"d2"}},
		{"type=demand,program&skill=plc&sort=id", []string{"d1", "auto"}},
		{"type=program&unresolved=true", []string{"weldp"}},
		{"type=demand&organization=plant&year=2026", []string{"d1"}},
	}
	for _, tt := range tests {
		if got := ids(t, c.get("/v1/search?"+tt.query).want(t, 200, nil).body); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.query, got, tt.want)
		}
	}
	var a searchAnswer
	c.get("/v1/search?type=demand&sort=id&limit=1&facets=education,kind").want(t, 200, &a)
	if a.Meta.Total != 2 || a.NextCursor == "" || len(a.Meta.Facets["education"]) != 1 || a.Meta.Facets["education"][0] != (facetCount{"associate", 1}) {
		t.Errorf("%+v", a)
	}
	if got := ids(t, c.get("/v1/search?type=demand&sort=id&limit=1&cursor="+url.QueryEscape(a.NextCursor)).want(t, 200, nil).body); !slices.Equal(got, []string{"d2"}) {
		t.Errorf("second page %v", got)
	}
	if r := c.get("/v1/search?q=PLC&highlight=true&type=demand"); !strings.Contains(r.text(), "<mark>PLC</mark>") {
		t.Errorf("no highlight: %s", r.body)
	}
}

func TestReports(t *testing.T) {
	c := newClient(t, Options{})
	var gaps struct {
		Items []struct {
			Keys      map[string]string
			Demand    float64
			DemandIDs []string `json:"demand_ids"`
		}
		Next string `json:"next_cursor"`
	}
	c.get("/v1/gaps?by=skill&skill=plc").want(t, 200, &gaps)
	if len(gaps.Items) != 1 || gaps.Items[0].Keys["skill"] != "plc" || gaps.Items[0].Demand != 12 || !slices.Equal(gaps.Items[0].DemandIDs, []string{"d1"}) {
		t.Errorf("%+v", gaps)
	}
	c.get("/v1/gaps?by=region,skill&region_at=region&limit=1&drill=0").want(t, 200, &gaps)
	if len(gaps.Items) != 1 || gaps.Next == "" {
		t.Errorf("%+v", gaps)
	}
	var align struct {
		Items []struct{ ID string }
		Meta  struct {
			Missing []struct{ Skill string }
			Below   []struct{}
		}
	}
	c.get("/v1/programs/auto/alignment").want(t, 200, &align)
	if len(align.Items) != 1 || align.Items[0].ID != "d1" || len(align.Meta.Missing) != 1 || align.Meta.Missing[0].Skill != "weld" || align.Meta.Below == nil {
		t.Errorf("%+v", align)
	}
	if r := c.get("/v1/unresolved-skills").want(t, 200, nil); !strings.Contains(r.text(), `{"name":"不存在的手艺","count":1,"records":["program:weldp"]}`) {
		t.Errorf("%s", r.body)
	}
	if r := c.get("/v1/packs").want(t, 200, nil); !strings.Contains(r.text(), `{"items":[],"next_cursor":"","meta":{"versions":{"data":`) {
		t.Errorf("%s", r.body)
	}
	var st status
	c.get("/v1/status").want(t, 200, &st)
	if st.Records["demand"] != 2 || st.Versions.Data != c.dataVersion() || st.Versions.Software != "test" {
		t.Errorf("%+v", st)
	}
}

// TestSameBytes: the same question gives the same bytes.
func TestSameBytes(t *testing.T) {
	c := newClient(t, Options{})
	for _, path := range []string{"/v1/demands/d1/matches", "/v1/gaps?by=skill,region", "/v1/mismatch?by=skill,region&trend=true", "/v1/search?facets=kind,region", "/v1/programs/auto/alignment", "/v1/status"} {
		first := c.get(path).body
		for range 5 {
			if again := c.get(path).body; !bytes.Equal(first, again) {
				t.Errorf("%s answers\n%s\nthen\n%s", path, first, again)
			}
		}
		if !json.Valid(first) {
			t.Errorf("%s is not JSON", path)
		}
	}
}

// TestGapFiles: the workbook opens and has a row for each cell, and the report that is kept
// holds the answer.
func TestGapFiles(t *testing.T) {
	c := newClient(t, Options{})
	var answer market.GapAnswer
	c.get("/v1/gaps?by=skill,region").want(t, 200, &answer)
	book, err := excelize.OpenReader(bytes.NewReader(c.get("/v1/gaps/workbook?by=skill,region").want(t, 200, nil).body))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if rows, err := book.GetRows("缺口 Gaps"); err != nil || len(rows) != len(answer.Items)+2 || len(answer.Items) == 0 {
		t.Errorf("%d rows for %d cells (%v)", len(rows), len(answer.Items), err)
	}
	for path, want := range map[string]int{"/v1/gaps/csv?by=skill,region": len(answer.Items) + 1, "/v1/gaps/ndjson?by=skill,region": len(answer.Items)} {
		if body := c.get(path).want(t, 200, nil).body; bytes.Count(body, []byte("\n")) != want {
			t.Errorf("%s has not %d lines:\n%.500s", path, want, body)
		}
	}
	file := c.get("/v1/gaps/report?by=skill,region").want(t, 200, nil).body
	report, err := market.ReadReport(file)
	if err != nil {
		t.Fatal(err)
	}
	var kept market.GapAnswer
	if err := json.Unmarshal(report.Answer, &kept); err != nil || !reflect.DeepEqual(kept, answer) || report.Kind != "gaps" {
		t.Errorf("the report holds another answer (%v)", err)
	}
}
