package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"talentmatch/market"
	"talentmatch/matcher/evaluate"
)

// evaluationBodyText: for 电工 the grades 1 and 2 are at places 2 and 3, so that nDCG is
// (1/log2(3) + 1) / (2 + 1/log2(3)) = .619906 and the average precision (1/2 + 2/3) / 2;
// 焊工 is not in the run; 钳工 has no relevant document; 司机 is not judged.
const evaluationBodyText = `{"run":[
	{"query":"电工","id":"c","rank":3,"score":0.1},
	{"query":"电工","id":"a","rank":1,"score":0.1},
	{"query":"电工","id":"b","rank":2,"score":0.9},
	{"query":"钳工","id":"a","rank":1,"score":1},
	{"query":"司机","id":"a","rank":1,"score":1}],
	"qrels":[{"query":"焊工","id":"a","grade":1},{"query":"电工","id":"b","grade":1},{"query":"电工","id":"c","grade":2},{"query":"钳工","id":"a","grade":0}]`

func TestEvaluation(t *testing.T) {
	c := newClient(t, Options{})
	r := c.do("POST", "/v1/evaluations", evaluationBodyText+"}").want(t, 200, nil)
	want := `{"items":[` + // in the order of the ids' bytes
		`{"query":"焊工","ndcg_10":0,"map":0,"mrr":0,"p_1":0,"r_10":0,"hit_10":0,"rp_5":0,"relevant":1,"retrieved":0,"found":0},` +
		`{"query":"电工","ndcg_10":0.619906,"map":0.583333,"mrr":0.5,"p_1":0,"r_10":1,"hit_10":1,"rp_5":1,"relevant":2,"retrieved":3,"found":2}` +
		`],"next_cursor":"","meta":{"ndcg_10":0.309953,"map":0.291667,"mrr":0.25,"p_1":0,"r_10":0.5,"hit_10":0.5,"rp_5":0.5,` +
		`"queries":2,"not_in_run":1,"no_relevant":1,"not_judged":1}}` + "\n"
	if r.text() != want {
		t.Errorf("got\n%s\nwant\n%s", r.body, want)
	}
	var with market.Evaluation
	c.do("POST", "/v1/evaluations", evaluationBodyText+`,"intervals":true,"seed":7}`).want(t, 200, &with)
	in := with.Meta.Intervals
	if in == nil || in.Seed != 7 || in.Resamples != 1000 || len(in.Of) != int(evaluate.NumMetrics) || in.Of["mrr"] != (market.EvaluationInterval{Low: 0, High: 0.5}) {
		t.Errorf("intervals %+v", in)
	}
}

// TestEvaluationPages walks five queries in pages of two and meets each once.
func TestEvaluationPages(t *testing.T) {
	c := newClient(t, Options{})
	var run, qrels []string
	for i := range 5 {
		run = append(run, fmt.Sprintf(`{"query":"q%d","id":"d","rank":1,"score":1}`, i))
		qrels = append(qrels, fmt.Sprintf(`{"query":"q%d","id":"d","grade":1}`, i))
	}
	body := `{"run":[` + strings.Join(run, ",") + `],"qrels":[` + strings.Join(qrels, ",") + `]}`
	var met []string
	var sizes []int
	for cursor := ""; ; {
		var page market.Evaluation
		c.do("POST", "/v1/evaluations?limit=2&cursor="+cursor, body).want(t, 200, &page)
		for _, item := range page.Items {
			met = append(met, item.Query)
		}
		sizes = append(sizes, len(page.Items))
		if page.Meta.Queries != 5 || page.Meta.MAP != 1 {
			t.Errorf("the means are over the page: %+v", page.Meta)
		}
		if cursor = page.NextCursor; cursor == "" {
			break
		}
	}
	if !reflect.DeepEqual(met, []string{"q0", "q1", "q2", "q3", "q4"}) || !reflect.DeepEqual(sizes, []int{2, 2, 1}) {
		t.Errorf("pages of %v hold %v", sizes, met)
	}
}

func TestEvaluationRefuses(t *testing.T) {
	c := newClient(t, Options{MaxBody: 20_000})
	const row, known = `{"query":"q","id":"d","rank":1,"score":1}`, `{"query":"q","id":"d","grade":1}`
	body := func(run, qrels string) string { return `{"run":[` + run + `],"qrels":[` + qrels + `]}` }
	for _, test := range []struct{ query, body, want string }{
		{"", body(row, known)[1:], "422 body must be a JSON object"},
		{"", `{"qrels":[]}`, "422 body.run is required"},
		{"", `{"run":null,"qrels":[]}`, "422 body.run is required"},
		{"", `{"run":[` + row + `]}`, "422 body.qrels is required"},
		{"", `{"run":{},"qrels":[]}`, "422 body.run must be a list (got {})"},
		{"", body("", known), "422 body.run must not be empty"},
		{"", body(row, ""), "422 body.qrels must not be empty"},
		{"", body("3", known), "422 body.run[0] must be a JSON object"},
		{"", body("null", known), "422 body.run[0] must be a JSON object"},
		{"", body(row+`,{"query":"q","id":"e","rank":2}`, known), "422 body.run[1].score is required"},
		{"", body(`{"query":"q","id":"e","rank":2,"score":null}`, known), "422 body.run[0].score must not be null"},
		{"", body(`{"query":"q","id":"e","rank":2,"score":1,"得分":1}`, known), "422 body.run[0].得分 is not a field here; known: query, id, rank, score"},
		{"", body(`{"query":"","id":7,"rank":1.5,"score":"1"}`, known), `422 body.run[0].query must not be empty (got "") (and 3 more)
body.run[0].id must be a string (got 7)
body.run[0].rank must be a whole number (got 1.5)
body.run[0].score must be a number (got "1")`},
		{"", body(`{"query":"q","id":"e","rank":-1,"score":1e999}`, known), `422 body.run[0].rank must be from 0 to 1000000000 (got -1) (and 1 more)
body.run[0].score must be a finite number (got 1e999)`},
		{"", body(row, `{"query":"q","id":"d","grade":1000001}`), "422 body.qrels[0].grade must be from -1000000 to 1000000 (got 1000001)"},
		{"", body(row+","+`{"query":"q","id":"d","rank":2,"score":1}`, known), "422 body.run[1].id d is ranked twice for query q (first in run[0])"},
		{"", body(row+","+`{"query":"q","id":"e","rank":1,"score":1}`, known), "422 body.run[1].rank 1 is given twice for query q (first in run[0])"},
		{"", body(row, known+","+known), "422 body.qrels[1].id d is judged twice for query q (first in qrels[0])"},
		{"", body(row, `{"query":"q","id":"d","grade":0}`), "422 body.qrels no query has a relevant document (grade 1 or more)"},
		{"", `{"run":[` + row + `],"qrels":[` + known + `],"seed":-1}`, "422 body.seed must be from 0 to 2147483647 (got -1)"},
		{"", `{"run":[` + row + `],"qrels":[` + known + `],"negatives":[]}`, "422 body.negatives is not a field here; known: run, qrels, intervals, seed"},
		{"?cursor=abc", body(row, known), "422 query.cursor is not a cursor of this list (got abc)"},
		{"?limit=1001", body(row, known), "422 query.limit must be from 1 to 1000 (got 1001)"},
		{"", strings.Repeat(" ", 20_001), "413 the body is larger than 20000 bytes; POST /v1/bulk takes any number of records"},
	} {
		r := c.do("POST", "/v1/evaluations"+test.query, test.body)
		if r.StatusCode < 400 || r.StatusCode >= 500 {
			t.Errorf("%s: %s, want a refusal: %s", test.body, r.Status, r.body)
			continue
		}
		if got := render(r.problem(t, r.StatusCode)); got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.body, got, test.want)
		}
	}
	many := body(strings.TrimSuffix(strings.Repeat("{},", 200), ","), known)
	if p := c.do("POST", "/v1/evaluations", many).problem(t, 422); len(p.Errors) != maxValues {
		t.Errorf("%d errors are listed", len(p.Errors))
	}
}

// TestEvaluationFitsSchema checks the request and the fullest answers against the
// document.
func TestEvaluationFitsSchema(t *testing.T) {
	s := newServer(openMarket(t), Options{Listen: "127.0.0.1:1"})
	op := s.api.OpenAPI().Paths["/v1/evaluations"].Post
	body := evaluationBodyText + `,"intervals":true}`
	validate(t, s, op.RequestBody.Content["application/json"].Schema, []byte(body), "the request")
	w := inProcess(s.engine, "POST", "/v1/evaluations", "", body)
	if w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	answer := op.Responses["200"].Content["application/json"].Schema
	validate(t, s, answer, w.Body.Bytes(), "the answer")
	p := 0.5
	full, err := market.Evaluate(t.Context(), market.EvaluationInput{Run: []market.EvaluationRow{{Query: "q", ID: "d", Rank: 1, Probability: &p}},
		Qrels: []market.EvaluationJudgement{{Query: "q", ID: "d", Grade: 1}}, Negatives: []string{"n"}, Intervals: true})
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(full)
	if err != nil {
		t.Fatal(err)
	}
	validate(t, s, answer, data, "an answer with everything")
}

// TestEvaluationBounds: the tags say what evaluate checks.
func TestEvaluationBounds(t *testing.T) {
	rank := find(rulesOf(reflect.TypeFor[runRow](), "json"), "rank")
	grade := find(rulesOf(reflect.TypeFor[judgementRow](), "json"), "grade")
	if rank.min != 0 || rank.max != evaluate.MaxRank || grade.min != -evaluate.MaxGrade || grade.max != evaluate.MaxGrade {
		t.Errorf("rank %g..%g, grade %g..%g", rank.min, rank.max, grade.min, grade.max)
	}
}

// TestEvaluateNegatives: what the command adds to the API's question.
func TestEvaluateNegatives(t *testing.T) {
	p := func(v float64) *float64 { return &v }
	run := []market.EvaluationRow{
		{Query: "yes", ID: "a", Rank: 1, Score: 1, Probability: p(0.9)}, {Query: "yes", ID: "b", Rank: 2, Score: 1, Probability: p(0.85)},
		{Query: "maybe", ID: "b", Rank: 1, Score: 1, Probability: p(0.3)},
		{Query: "no", ID: "a", Rank: 1, Score: 9, Probability: p(0.3)},
	}
	qrels := []market.EvaluationJudgement{{Query: "yes", ID: "a", Grade: 1}, {Query: "maybe", ID: "a", Grade: 1}}
	list, err := market.Evaluate(t.Context(), market.EvaluationInput{Run: run, Qrels: qrels, Negatives: []string{"no", "gone"}})
	if err != nil {
		t.Fatal(err)
	}
	// .9 and .3 against .3 and nothing: win, win, tie, win.
	if a := *list.Meta.AUROC; a != (market.EvaluationAUROC{Value: 0.875, By: "probability", Positive: 2, Negative: 2, NegativeEmpty: 1}) {
		t.Errorf("AUROC %+v", a)
	}
	if list.Meta.NotJudged != 0 {
		t.Errorf("%d queries not judged: negative ones are known", list.Meta.NotJudged)
	}
	// First rows: .3 twice, both wrong, and .9 right. All rows: .85 too, wrong, a bin below .9.
	first, all := list.Meta.Reliability.First, list.Meta.Reliability.All
	if first[3].N != 2 || *first[3].Right != 0 || first[9].N != 1 || *first[9].Right != 1 || first[8].N != 0 || first[8].Right != nil {
		t.Errorf("reliability of first rows: %+v", first)
	}
	if all[3].N != 2 || all[8].N != 1 || *all[8].Probability != 0.85 || *all[8].Right != 0 || all[9].N != 1 {
		t.Errorf("reliability of all rows: %+v", all)
	}
	apart, err := market.Evaluate(t.Context(), market.EvaluationInput{Run: run[:3], Qrels: qrels, NegativeRun: run[3:]})
	if err != nil || apart.Meta.AUROC.Value != 0.75 || apart.Meta.AUROC.Negative != 1 {
		t.Errorf("a run of negatives: %+v, %v", apart, err)
	}
	for _, test := range []struct {
		change func(*market.EvaluationInput)
		want   string
	}{
		{func(in *market.EvaluationInput) { in.Negatives = []string{"no", "yes"} }, "negatives: row 2: query: yes has a relevant document in the qrels"},
		{func(in *market.EvaluationInput) { in.Negatives = []string{"no", "no"} }, "negatives: row 2: query: no is listed twice"},
		{func(in *market.EvaluationInput) { in.NegativeRun = run[2:] }, "negatives: row 1: query: maybe has a relevant document in the qrels"},
		{func(in *market.EvaluationInput) { in.NegativeRun = []market.EvaluationRow{{Query: "no"}} }, "negatives: row 1: id: is empty"},
		{func(in *market.EvaluationInput) { in.Negatives, in.NegativeRun = []string{"no"}, run[3:] }, "negatives: are given as a list and as a run"},
		{func(in *market.EvaluationInput) { in.Run = nil }, "run: has no rows"},
	} {
		in := market.EvaluationInput{Run: run, Qrels: qrels}
		test.change(&in)
		if _, err := market.Evaluate(t.Context(), in); err == nil || err.Error() != test.want {
			t.Errorf("got %v, want %s", err, test.want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := market.Evaluate(ctx, market.EvaluationInput{Run: run, Qrels: qrels, Intervals: true}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled context: %v", err)
	}
}

// FuzzEvaluation: no body makes a 5xx, and an answer fits its own counts.
func FuzzEvaluation(f *testing.F) {
	h := New(openMarket(f), Options{Listen: "127.0.0.1:0", MaxBody: 1 << 16})
	f.Add(evaluationBodyText + "}")
	f.Add(evaluationBodyText + `,"intervals":true,"seed":3}`)
	f.Add(`{"run":[{"query":"q","id":"d","rank":1e0,"score":-0}],"qrels":[{"query":"q","id":"d","grade":1}]}`)
	f.Add(`{"run":[[]],"qrels":[{"query":"\ud800"}]}`)
	f.Fuzz(func(t *testing.T, body string) {
		w := inProcess(h, "POST", "/v1/evaluations", "", body)
		checkAnswer(t, w, "/v1/evaluations")
		if w.Code != 200 {
			return
		}
		var e market.Evaluation
		if err := json.Unmarshal(w.Body.Bytes(), &e); err != nil || len(e.Items) == 0 || len(e.Items) != min(50, e.Meta.Queries) {
			t.Errorf("%d items for %d queries, %v", len(e.Items), e.Meta.Queries, err)
		}
	})
}
