package evaluate

import (
	"fmt"
	"math"
	"slices"
)

// The bounds of what a row may say.
const (
	MaxRank  = 1_000_000_000
	MaxGrade = 1_000_000 // and -MaxGrade is the least
)

// A Row is one document that a run returns for a query.
type Row struct {
	Query       string
	ID          string   // of the document
	Rank        int      // 0..MaxRank, lower is better; gaps mean nothing
	Score       float64  // finite, higher is better
	Probability *float64 // 0..1 that the document is relevant; nil when the run has none
}

// A Judgement is what is known of one document for a query.
type Judgement struct {
	Query string
	ID    string // of the document
	Grade int    // the gain; from 1 on the document is relevant
}

// A RowError says which row of a list is wrong, and why.
type RowError struct {
	Row    int    // index in the list, from 0
	First  int    // index of the earlier row that it contradicts, -1 if none
	Field  string // query, id, rank, score, probability or grade
	Reason string
}

// Error names the row by its place in the list, from 1.
func (e *RowError) Error() string {
	s := fmt.Sprintf("row %d: %s: %s", e.Row+1, e.Field, e.Reason)
	if e.First >= 0 {
		s += fmt.Sprintf(" (first in row %d)", e.First+1)
	}
	return s
}

func badRow(row int, field, format string, args ...any) *RowError {
	return &RowError{Row: row, First: -1, Field: field, Reason: fmt.Sprintf(format, args...)}
}

// Run is a set of rankings, each in the order of its ranks.
type Run struct {
	rankings map[string][]Row
	queries  []string // sorted
}

// NewRun sorts rows into rankings; their order in the list means nothing. Errors: a
// *RowError about the first row that is out of bounds, or that repeats a document or a
// rank of its query.
func NewRun(rows []Row) (*Run, error) {
	places := map[string][]int{} // of each query's rows in the list
	for i := range rows {
		if err := rows[i].check(i); err != nil {
			return nil, err
		}
		places[rows[i].Query] = append(places[rows[i].Query], i)
	}
	run := &Run{rankings: make(map[string][]Row, len(places)), queries: sortedKeys(places)}
	var worst *RowError
	ids, ranks := map[string]int{}, map[int]int{}
	for _, query := range run.queries {
		clear(ids)
		clear(ranks)
		ranking := make([]Row, 0, len(places[query]))
		for _, i := range places[query] {
			row := rows[i]
			if first, twice := ids[row.ID]; twice {
				worst = earlier(worst, &RowError{i, first, "id", fmt.Sprintf("%s is ranked twice for query %s", row.ID, query)})
			}
			if first, twice := ranks[row.Rank]; twice {
				worst = earlier(worst, &RowError{i, first, "rank", fmt.Sprintf("%d is given twice for query %s", row.Rank, query)})
			}
			ids[row.ID], ranks[row.Rank] = i, i
			ranking = append(ranking, row)
		}
		slices.SortFunc(ranking, func(a, b Row) int { return a.Rank - b.Rank })
		run.rankings[query] = ranking
	}
	if worst != nil {
		return nil, worst
	}
	return run, nil
}

// earlier is the error that a reader of the list meets first.
func earlier(a, b *RowError) *RowError {
	if a == nil || b.Row < a.Row {
		return b
	}
	return a
}

func (r *Row) check(i int) error {
	switch {
	case r.Query == "":
		return badRow(i, "query", "is empty")
	case r.ID == "":
		return badRow(i, "id", "is empty")
	case r.Rank < 0 || r.Rank > MaxRank:
		return badRow(i, "rank", "must be from 0 to %d (got %d)", MaxRank, r.Rank)
	case math.IsNaN(r.Score) || math.IsInf(r.Score, 0):
		return badRow(i, "score", "must be a finite number (got %g)", r.Score)
	case r.Probability != nil && !(*r.Probability >= 0 && *r.Probability <= 1):
		return badRow(i, "probability", "must be from 0 to 1 (got %g)", *r.Probability)
	}
	return nil
}

// Queries are the queries that the run has rows for, sorted.
func (r *Run) Queries() []string { return r.queries }

// Ranking is the rows of a query, best first; empty when there are none.
func (r *Run) Ranking(query string) []Row { return r.rankings[query] }

// First is the best row of each query, nil where the run has none.
func (r *Run) First(queries []string) []*Row {
	out := make([]*Row, len(queries))
	for i, query := range queries {
		if ranking := r.rankings[query]; len(ranking) > 0 {
			out[i] = &ranking[0]
		}
	}
	return out
}

// Qrels are the grades of documents by query.
type Qrels struct {
	grades  map[string]map[string]int
	queries []string // sorted
}

// NewQrels sorts judgements by query. Errors: a *RowError about the first one that is
// out of bounds, or that judges a document of its query again.
func NewQrels(judgements []Judgement) (*Qrels, error) {
	q := &Qrels{grades: map[string]map[string]int{}}
	places := map[string]map[string]int{}
	for i, j := range judgements {
		switch {
		case j.Query == "":
			return nil, badRow(i, "query", "is empty")
		case j.ID == "":
			return nil, badRow(i, "id", "is empty")
		case j.Grade < -MaxGrade || j.Grade > MaxGrade:
			return nil, badRow(i, "grade", "must be from %d to %d (got %d)", -MaxGrade, MaxGrade, j.Grade)
		}
		if q.grades[j.Query] == nil {
			q.grades[j.Query], places[j.Query] = map[string]int{}, map[string]int{}
		}
		if first, twice := places[j.Query][j.ID]; twice {
			return nil, &RowError{i, first, "id", fmt.Sprintf("%s is judged twice for query %s", j.ID, j.Query)}
		}
		q.grades[j.Query][j.ID], places[j.Query][j.ID] = j.Grade, i
	}
	q.queries = sortedKeys(q.grades)
	return q, nil
}

// Queries are the judged queries, sorted.
func (q *Qrels) Queries() []string { return q.queries }

// Grade is the grade of a document for a query, 0 when nobody judged it.
func (q *Qrels) Grade(query, id string) int { return q.grades[query][id] }

// Judged reports whether a query has any judgement.
func (q *Qrels) Judged(query string) bool { return q.grades[query] != nil }

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
