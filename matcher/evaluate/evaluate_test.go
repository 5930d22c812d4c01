package evaluate

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// ranked is a ranking of ids for a query, best first.
func ranked(query string, ids ...string) []Row {
	rows := make([]Row, len(ids))
	for i, id := range ids {
		rows[i] = Row{Query: query, ID: id, Rank: i + 1, Score: 1 / float64(i+1)}
	}
	return rows
}

func judged(query string, grades map[string]int) []Judgement {
	var out []Judgement
	for id, grade := range grades {
		out = append(out, Judgement{query, id, grade})
	}
	return out
}

func newRun(t testing.TB, rows []Row) *Run {
	t.Helper()
	run, err := NewRun(rows)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

func newQrels(t testing.TB, list []Judgement) *Qrels {
	t.Helper()
	qrels, err := NewQrels(list)
	if err != nil {
		t.Fatal(err)
	}
	return qrels
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-12 }

func TestByHand(t *testing.T) {
	log3 := math.Log2(3)
	many := map[string]int{}
	for i := range 20 {
		many[fmt.Sprint("r", i)] = 1
	}
	for _, test := range []struct {
		name   string
		run    []Row
		grades map[string]int
		want   Values
	}{
		// Grades 1 at place 2 and 2 at place 3: DCG 1/log2(3) + 2/2, ideal 2/1 + 1/log2(3);
		// precisions 1/2 and 2/3.
		{"second and third", ranked("q", "a", "b", "c"), map[string]int{"b": 1, "c": 2},
			Values{NDCG10: (1/log3 + 1) / (2 + 1/log3), MAP: (1.0/2 + 2.0/3) / 2, MRR: 1.0 / 2, R10: 1, Hit10: 1, RP5: 1}},
		// One of three found, first: ideal 1 + 1/log2(3) + 1/2.
		{"one of three", ranked("q", "a"), map[string]int{"a": 1, "b": 1, "c": 1},
			Values{NDCG10: 1 / (1.5 + 1/log3), MAP: 1.0 / 3, MRR: 1, P1: 1, R10: 1.0 / 3, Hit10: 1, RP5: 1.0 / 3}},
		// Place 11 counts for MAP and MRR alone.
		{"eleventh", ranked("q", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "a"), map[string]int{"a": 3},
			Values{MAP: 1.0 / 11, MRR: 1.0 / 11}},
		// Place 6 is behind RP@5; two of the first five over five, though 20 are relevant.
		{"of twenty", ranked("q", "x", "r1", "r2", "y", "z", "r3"), many,
			Values{NDCG10: (1/log3 + 1.0/2 + 1/math.Log2(7)) / idealOfOnes(10), MAP: (1.0/2 + 2.0/3 + 3.0/6) / 20, MRR: 1.0 / 2,
				R10: 3.0 / 20, Hit10: 1, RP5: 2.0 / 5}},
		// A negative grade is not relevant and gains nothing.
		{"negative grade", ranked("q", "bad", "none", "good"), map[string]int{"bad": -2, "none": 0, "good": 1},
			Values{NDCG10: 1.0 / 2, MAP: 1.0 / 3, MRR: 1.0 / 3, R10: 1, Hit10: 1, RP5: 1}},
		{"nothing found", ranked("q", "a", "b"), map[string]int{"c": 1}, Values{}},
		{"not in the run", ranked("other", "a"), map[string]int{"a": 1}, Values{}},
		{"Chinese", ranked("q", "电工", "焊工"), map[string]int{"焊工": 1},
			Values{NDCG10: 1 / log3, MAP: 1.0 / 2, MRR: 1.0 / 2, R10: 1, Hit10: 1, RP5: 1}},
	} {
		result := Evaluate(newRun(t, test.run), newQrels(t, judged("q", test.grades)))
		if len(result.Queries) != 1 {
			t.Fatalf("%s: %d queries", test.name, len(result.Queries))
		}
		for m, got := range result.Queries[0].Values {
			if !near(got, test.want[m]) {
				t.Errorf("%s: %s = %.15f, want %.15f", test.name, Metric(m).Label(), got, test.want[m])
			}
		}
	}
}

func idealOfOnes(n int) float64 {
	sum := 0.0
	for i := range n {
		sum += 1 / math.Log2(float64(i+2))
	}
	return sum
}

// TestRankDecides: the order is the rank's where the score says otherwise or ties, and
// gaps in it mean nothing.
func TestRankDecides(t *testing.T) {
	run := newRun(t, []Row{
		{Query: "q", ID: "z", Rank: 7, Score: 0.1}, {Query: "q", ID: "a", Rank: 40, Score: 0.9}, {Query: "q", ID: "b", Rank: 0, Score: 0.1},
	})
	result := Evaluate(run, newQrels(t, []Judgement{{"q", "z", 1}}))
	if got := result.Mean[MRR]; got != 0.5 {
		t.Errorf("MRR %g, want 1/2: z is second of b, z, a", got)
	}
}

// TestWhichQueriesCount: 1 (found), 0 (not in the run); one is without a relevant
// document, one is not judged.
func TestWhichQueriesCount(t *testing.T) {
	run := newRun(t, append(append(ranked("found", "a"), ranked("irrelevant", "a")...), ranked("unjudged", "a")...))
	result := Evaluate(run, newQrels(t, []Judgement{{"lost", "a", 1}, {"found", "a", 1}, {"irrelevant", "a", 0}}))
	if len(result.Queries) != 2 || result.Queries[0].Query != "found" || result.Queries[1].Query != "lost" ||
		result.NotInRun != 1 || result.NoRelevant != 1 {
		t.Errorf("got %+v", result)
	}
	for m, v := range result.Mean {
		if v != 0.5 {
			t.Errorf("mean %s = %g, want 1/2", Metric(m), v)
		}
	}
	if none := Evaluate(run, newQrels(t, nil)); len(none.Queries) != 0 || none.Mean != (Values{}) {
		t.Errorf("without judgements: %+v", none)
	}
}

func TestRowErrors(t *testing.T) {
	over, ok := 1.5, Row{Query: "q", ID: "a", Rank: 1}
	with := func(change func(*Row)) []Row {
		row := Row{Query: "q", ID: "b", Rank: 2}
		change(&row)
		return []Row{ok, row}
	}
	for _, test := range []struct {
		rows []Row
		want string
	}{
		{with(func(r *Row) { r.Query = "" }), "row 2: query: is empty"},
		{with(func(r *Row) { r.ID = "" }), "row 2: id: is empty"},
		{with(func(r *Row) { r.Rank = -1 }), "row 2: rank: must be from 0 to 1000000000 (got -1)"},
		{with(func(r *Row) { r.Score = math.NaN() }), "row 2: score: must be a finite number (got NaN)"},
		{with(func(r *Row) { r.Score = math.Inf(-1) }), "row 2: score: must be a finite number (got -Inf)"},
		{with(func(r *Row) { r.Probability = &over }), "row 2: probability: must be from 0 to 1 (got 1.5)"},
		{with(func(r *Row) { r.ID = "a" }), "row 2: id: a is ranked twice for query q (first in row 1)"},
		{with(func(r *Row) { r.Rank = 1 }), "row 2: rank: 1 is given twice for query q (first in row 1)"},
		{with(func(r *Row) { r.Query, r.Rank = "p", 1 }), ""},
		// The reader meets the later query's mistake first.
		{[]Row{{"z", "a", 1, 0, nil}, {"b", "a", 1, 0, nil}, {"z", "a", 2, 0, nil}, {"b", "a", 2, 0, nil}},
			"row 3: id: a is ranked twice for query z (first in row 1)"},
	} {
		_, err := NewRun(test.rows)
		if got := fmt.Sprint(err); got != test.want && (err != nil || test.want != "") {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
	for _, test := range []struct {
		list []Judgement
		want string
	}{
		{[]Judgement{{"", "a", 1}}, "row 1: query: is empty"},
		{[]Judgement{{"q", "", 1}}, "row 1: id: is empty"},
		{[]Judgement{{"q", "a", 1000001}}, "row 1: grade: must be from -1000000 to 1000000 (got 1000001)"},
		{[]Judgement{{"q", "a", 1}, {"p", "a", 1}, {"q", "a", 0}}, "row 3: id: a is judged twice for query q (first in row 1)"},
	} {
		var bad *RowError
		if _, err := NewQrels(test.list); !errors.As(err, &bad) || bad.Error() != test.want {
			t.Errorf("got %v, want %s", err, test.want)
		}
	}
}

// anyCase draws judgements and a run over a few queries and documents, so that they
// meet often.
func anyCase(t *rapid.T) (rows []Row, list []Judgement) {
	for q := range rapid.IntRange(1, 5).Draw(t, "queries") {
		query := fmt.Sprint("q", q)
		docs := rapid.Permutation([]string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n"})
		for i, id := range docs.Draw(t, "ranking")[:rapid.IntRange(0, 14).Draw(t, "retrieved")] {
			rows = append(rows, Row{Query: query, ID: id, Rank: i*3 + 1, Score: float64(rapid.IntRange(0, 3).Draw(t, "score"))})
		}
		for _, id := range docs.Draw(t, "judged")[:rapid.IntRange(0, 14).Draw(t, "judgements")] {
			list = append(list, Judgement{query, id, rapid.IntRange(-1, 3).Draw(t, "grade")})
		}
	}
	return rows, list
}

func TestEqualsReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, list := anyCase(t)
		run, err := NewRun(rows)
		if err != nil {
			t.Fatal(err)
		}
		qrels, err := NewQrels(list)
		if err != nil {
			t.Fatal(err)
		}
		result := Evaluate(run, qrels)
		grades := map[string]map[string]int{}
		hasRelevant := map[string]bool{}
		for _, j := range list {
			if grades[j.Query] == nil {
				grades[j.Query] = map[string]int{}
			}
			grades[j.Query][j.ID] = j.Grade
			hasRelevant[j.Query] = hasRelevant[j.Query] || j.Grade > 0
		}
		if want := having(hasRelevant, true); len(result.Queries) != want || result.NoRelevant != having(hasRelevant, false) {
			t.Fatalf("%d queries and %d without, want %d and %d", len(result.Queries), result.NoRelevant, want, having(hasRelevant, false))
		}
		var mean Values
		for _, q := range result.Queries {
			var ids []string
			for _, row := range rows { // drawn in the order of ranks
				if row.Query == q.Query {
					ids = append(ids, row.ID)
				}
			}
			for m, want := range slowValues(ids, grades[q.Query]) {
				if !near(q.Values[m], want) {
					t.Errorf("%s of %v against %v: %g, want %g", Metric(m), ids, grades[q.Query], q.Values[m], want)
				}
				if q.Values[m] < 0 || q.Values[m] > 1 {
					t.Errorf("%s = %g is out of range", Metric(m), q.Values[m])
				}
				mean[m] += want / float64(len(result.Queries))
			}
		}
		for m := range mean {
			if !near(mean[m], result.Mean[m]) {
				t.Errorf("mean %s = %g, want %g", Metric(m), result.Mean[m], mean[m])
			}
		}
	})
}

func having(m map[string]bool, what bool) (n int) {
	for _, v := range m {
		if v == what {
			n++
		}
	}
	return n
}

// TestOrderOfLines: shuffled rows and judgements give the very same result.
func TestOrderOfLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, list := anyCase(t)
		measured := func(rows []Row, list []Judgement) *Result {
			run, err := NewRun(rows)
			if err != nil {
				t.Fatal(err)
			}
			qrels, err := NewQrels(list)
			if err != nil {
				t.Fatal(err)
			}
			return Evaluate(run, qrels)
		}
		want := measured(rows, list)
		if len(rows) > 0 {
			rows = rapid.Permutation(rows).Draw(t, "rows")
		}
		if len(list) > 0 {
			list = rapid.Permutation(list).Draw(t, "list")
		}
		if got := measured(rows, list); !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
}

// TestPerfectRun: every judged document in the order of grades is 1 everywhere, but
// for R@10, which ten places bound.
func TestPerfectRun(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "relevant")
		var rows []Row
		var list []Judgement
		grade := rapid.IntRange(n, 2*n).Draw(t, "grade")
		for i := range n {
			id := fmt.Sprint("d", i)
			rows = append(rows, Row{Query: "q", ID: id, Rank: i})
			list = append(list, Judgement{"q", id, max(1, grade-rapid.IntRange(i, i+1).Draw(t, "step"))})
			if i > 0 && list[i].Grade > list[i-1].Grade {
				list[i].Grade = list[i-1].Grade
			}
		}
		run, _ := NewRun(rows)
		qrels, _ := NewQrels(list)
		for m, v := range Evaluate(run, qrels).Mean {
			want := 1.0
			if Metric(m) == R10 {
				want = math.Min(10, float64(n)) / float64(n)
			}
			if !near(v, want) {
				t.Errorf("%s = %g, want %g", Metric(m), v, want)
			}
		}
	})
}

// TestInterval: 50 of 100 hits have a mean of .5 with a standard error of .05, so the
// interval is near .402 to .598; the same seed gives the same, another not.
func TestInterval(t *testing.T) {
	result := &Result{}
	for i := range 100 {
		var v Values
		v[P1], v[MAP], v[MRR] = float64(i%2), 0.25, 1/float64(i+1)
		result.Queries = append(result.Queries, QueryResult{Values: v})
	}
	first, err := result.Intervals(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if in := first[P1]; math.Abs(in.Low-0.402) > 0.021 || math.Abs(in.High-0.598) > 0.021 {
		t.Errorf("got %+v, want about .402 to .598", in)
	}
	if first[MAP] != (Interval{0.25, 0.25}) || first[RP5] != (Interval{}) {
		t.Errorf("constant metrics have the intervals %+v and %+v", first[MAP], first[RP5])
	}
	again, _ := result.Intervals(t.Context(), 1)
	other, _ := result.Intervals(t.Context(), 2)
	if again != first || other == first {
		t.Errorf("seed 1 gives %+v and %+v, seed 2 %+v", first, again, other)
	}
	if none, err := (&Result{}).Intervals(t.Context(), 1); err != nil || none != ([NumMetrics]Interval{}) {
		t.Errorf("without queries: %+v, %v", none, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := result.Intervals(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled context: %v", err)
	}
}

func TestQuantile(t *testing.T) {
	for _, test := range []struct {
		values  []float64
		p, want float64
	}{
		{[]float64{7}, 0.025, 7}, {[]float64{0, 10}, 0.25, 2.5}, {[]float64{0, 1, 2, 3, 4}, 0.5, 2}, {[]float64{1, 2}, 1, 2},
		{[]float64{0, 1, 2, 3, 4}, 0.975, 3.9},
	} {
		if got := quantile(test.values, test.p); !near(got, test.want) {
			t.Errorf("quantile(%v, %g) = %g, want %g", test.values, test.p, got, test.want)
		}
	}
}
