package api

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"talentmatch/market"
	"talentmatch/matcher"
)

// hiring is four trades of eight programs and demands; labels is who hired whom.
func hiring() (records, labels string) {
	var b, l strings.Builder
	for i, trade := range [][2]string{{"机电一体化", "产线值守"}, {"护理", "病区助手"}, {"茶艺", "门店接待"}, {"大数据", "报表专员"}} {
		for k := range 8 {
			fmt.Fprintf(&b, `{"type":"program","id":"p%d.%d","school":"school","name":"%s","code":"5%d","region":"440600","education":"associate"}`+"\n", i, k, trade[0], i)
			fmt.Fprintf(&b, `{"type":"demand","id":"d%d.%d","employer":"plant","title":"%s","region":"440600","headcount":2}`+"\n", i, k, trade[1])
			fmt.Fprintf(&b, `{"type":"outcome","demand":"d%d.%d","program":"p%d.%d","year":2026,"hired":1}`+"\n", i, k, i, k%2)
			fmt.Fprintf(&l, `,{"query":"d%d.%d","id":"p%d.%d","grade":1}`, i, k, i, k%2)
		}
	}
	return b.String(), "[" + l.String()[1:] + "]"
}

func hiringMarket(t *testing.T) (m *market.Market, labels string) {
	t.Helper()
	m = openMarket(t)
	records, labels := hiring()
	if err := m.Bulk(context.Background(), strings.NewReader(records), "", func(l market.BulkLine) error {
		if l.Status != "added" {
			t.Fatalf("line %d: %+v", l.Line, l)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return m, labels
}

// TestModel: none, then one of the data folder, which ranks only when asked for.
func TestModel(t *testing.T) {
	m, _ := hiringMarket(t)
	c := serveMarket(t, m, m, Options{})
	c.get("/v1/model").want(t, 404, nil)
	if r := c.get("/v1/demands/d2.3/matches?learned=true"); r.StatusCode != 422 || !strings.Contains(r.text(), "query.learned") || !strings.Contains(r.text(), "talentmatch learn writes one") {
		t.Errorf("%d %s", r.StatusCode, r.text())
	}
	report, err := m.Learn(context.Background(), market.LearnRequest{For: "demands", Folds: 5, Seed: 1, AsOf: "2026-07-01", Weights: matcher.DefaultWeights()})
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Create(filepath.Join(m.Dir(), market.ModelFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := report.Model.Encode(file); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	s := newServer(m, Options{Listen: "127.0.0.1:1"})
	r := c.get("/v1/model")
	r.want(t, 200, nil)
	validate(t, s, operations(s.api.OpenAPI().Paths["/v1/model"])["GET"].Responses["200"].Content["application/json"].Schema, r.body, "answer of GET /v1/model")

	var plain, learned struct {
		Items []market.MatchItem
		Meta  market.MatchMeta
	}
	c.get("/v1/demands/d2.3/matches?limit=2").want(t, 200, &plain)
	r = c.get("/v1/demands/d2.3/matches?limit=2&learned=true")
	r.want(t, 200, &learned)
	validate(t, s, operations(s.api.OpenAPI().Paths["/v1/demands/{id}/matches"])["GET"].Responses["200"].Content["application/json"].Schema, r.body, "learned matches")
	if plain.Meta.Learned != nil || learned.Meta.Learned == nil || learned.Meta.Learned.Known != 33 {
		t.Errorf("meta %+v, %+v", plain.Meta.Learned, learned.Meta.Learned)
	}
	if !strings.HasPrefix(learned.Items[0].ID, "p2.") || strings.HasPrefix(plain.Items[0].ID, "p2.") {
		t.Errorf("first is %s, without the model %s", learned.Items[0].ID, plain.Items[0].ID)
	}
	if r := c.get("/v1/programs/p2.3/matches?learned=true"); r.StatusCode != 422 {
		t.Errorf("a model for demands answers a program: %d %s", r.StatusCode, r.text())
	}
}

// TestLearn fits from a body and from the store alike, and stores nothing.
func TestLearn(t *testing.T) {
	m, labels := hiringMarket(t)
	c := serveMarket(t, m, m, Options{})
	s := newServer(m, Options{Listen: "127.0.0.1:1"})
	var report market.LearnReport
	r := c.do("POST", "/v1/models", `{"for":"demands","as_of":"2026-07-01","labels":`+labels+`}`)
	r.want(t, 200, &report)
	validate(t, s, operations(s.api.OpenAPI().Paths["/v1/models"])["POST"].Responses["200"].Content["application/json"].Schema, r.body, "answer of POST /v1/models")
	if report.Model.Queries != 32 || report.Model.Labels != "qrels" || !report.Model.Applicable {
		t.Errorf("%d queries from %s, applicable %v", report.Model.Queries, report.Model.Labels, report.Model.Applicable)
	}
	c.do("POST", "/v1/models", `{"for":"demands","as_of":"2026-07-01"}`).want(t, 200, &report)
	if report.Model.Queries != 33 || report.Model.Labels != "outcomes" { // d1 has hired too
		t.Errorf("%d queries from %s", report.Model.Queries, report.Model.Labels)
	}
	c.get("/v1/model").want(t, 404, nil)
	for body, says := range map[string]string{
		`{"for":"demands","as_of":"soon"}`:                                                         "as_of",
		`{"for":"demands"}`:                                                                        "as_of",
		`{"for":"skills","as_of":"2026-07-01"}`:                                                    "body.for",
		`{"for":"programs","as_of":"2026-07-01","group":"employer"}`:                               "body.group",
		`{"for":"demands","as_of":"2026-07-01","labels":[]}`:                                       "body.labels",
		`{"for":"demands","as_of":"2026-07-01","labels":[{"query":"x"}]}`:                          "body.labels[0]",
		`{"for":"demands","as_of":"2026-07-01","labels":[{"query":"d0.1","id":"p0.1","grade":1}]}`: "at least 20",
		`{"for":"demands","as_of":"2026-07-01","folds":1}`:                                         "body.folds",
	} {
		if r := c.do("POST", "/v1/models", body); r.StatusCode != 422 || !strings.Contains(r.text(), says) {
			t.Errorf("%s: %d %s", body, r.StatusCode, r.text())
		}
	}
}

// TestNearest: a cut that nothing passes names the best and what it lacks.
func TestNearest(t *testing.T) {
	c := newClient(t, Options{})
	s := newServer(c.m, Options{Listen: "127.0.0.1:1"})
	var a struct {
		Items []market.MatchItem
		Meta  market.MatchMeta
	}
	r := c.get("/v1/demands/d1/matches?min_probability=1")
	r.want(t, 200, &a)
	if len(a.Items) != 0 || a.Meta.Nearest == nil || a.Meta.Nearest.ID != "auto" || len(a.Meta.Nearest.Skills) != 2 || a.Meta.Fits == nil || !strings.Contains(r.text(), `"items":[]`) {
		t.Errorf("got %s", r.text())
	}
	validate(t, s, operations(s.api.OpenAPI().Paths["/v1/demands/{id}/matches"])["GET"].Responses["200"].Content["application/json"].Schema, r.body, "nearest")
	c.get("/v1/demands/d1/matches").want(t, 200, &a)
	if len(a.Items) == 0 || a.Items[0].Probability == nil {
		t.Errorf("no probability in %+v", a.Items)
	}
	c.do("POST", "/v1/match", `{"demand":{"title":"焊工","region":"110000"},"min_probability":1}`).want(t, 200, &a)
	if len(a.Items) != 0 {
		t.Errorf("a body's min_probability leaves %d", len(a.Items))
	}
	for path, says := range map[string]string{
		"/v1/demands/d1/matches?min_probability=2": "query.min_probability must be from 0 to 1",
		"/v1/demands/d1/matches?learned=yes":       "query.learned must be true or false",
		"/v1/demands/d1/matches?min_probability=高": "query.min_probability",
	} {
		if r := c.get(path); r.StatusCode != 422 || !strings.Contains(r.text(), strings.Split(says, " ")[0]) {
			t.Errorf("%s: %d %s", path, r.StatusCode, r.text())
		}
	}
}
