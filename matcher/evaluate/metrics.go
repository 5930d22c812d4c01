package evaluate

import (
	"math"
	"slices"
)

// Metric is one figure per query; over a set of queries it is their mean.
type Metric int

// The metrics. A document is relevant from grade 1 on. Each is in [0,1].
const (
	NDCG10 Metric = iota // gain = grade (at least 0), discount log2(1+place), ideal from the judgements
	MAP                  // mean of the precisions at the relevant documents; one not returned counts 0
	MRR                  // 1/place of the first relevant document of the full run
	P1                   // is the first document relevant?
	R10                  // share of the relevant documents within the first 10
	Hit10                // is any of the first 10 relevant? (trec_eval: success_10)
	RP5                  // relevant ones of the first 5 over min(5, all relevant)
	NumMetrics
)

var (
	metricKeys   = [NumMetrics]string{"ndcg_10", "map", "mrr", "p_1", "r_10", "hit_10", "rp_5"}
	metricLabels = [NumMetrics]string{"nDCG@10", "MAP", "MRR", "P@1", "R@10", "Hit@10", "RP@5"}
)

// String is the metric's key in JSON and CSV.
func (m Metric) String() string { return metricKeys[m] }

// Label is the metric's usual name.
func (m Metric) Label() string { return metricLabels[m] }

// Values are the metrics of one query, or their means.
type Values [NumMetrics]float64

// A QueryResult is how the run did on one query.
type QueryResult struct {
	Query     string
	Values    Values
	Relevant  int // judged relevant
	Retrieved int // rows of the run
	Found     int // relevant among them
}

// A Result is how the run did on every query that has a relevant document.
type Result struct {
	Queries    []QueryResult // sorted by query
	Mean       Values        // 0 when there are no queries
	NotInRun   int           // of Queries: the run has no row for them; they count 0
	NoRelevant int           // judged queries without a relevant document, left out
}

// Evaluate measures a run. Queries of the run that nobody judged are left out.
func Evaluate(run *Run, qrels *Qrels) *Result {
	out := &Result{}
	for _, query := range qrels.queries {
		r := measure(query, run.rankings[query], qrels.grades[query])
		if r.Relevant == 0 {
			out.NoRelevant++
			continue
		}
		if r.Retrieved == 0 {
			out.NotInRun++
		}
		out.Queries = append(out.Queries, r)
		for m, v := range r.Values {
			out.Mean[m] += v
		}
	}
	if n := len(out.Queries); n > 0 {
		for m := range out.Mean {
			out.Mean[m] /= float64(n)
		}
	}
	return out
}

// measure computes every metric in one walk down the ranking.
func measure(query string, ranking []Row, grades map[string]int) QueryResult {
	r := QueryResult{Query: query, Retrieved: len(ranking)}
	var gains []int
	for _, grade := range grades {
		if grade > 0 {
			gains = append(gains, grade)
		}
	}
	r.Relevant = len(gains)
	if r.Relevant == 0 {
		return r
	}
	slices.SortFunc(gains, func(a, b int) int { return b - a })
	relevant, gained, precisions := float64(len(gains)), 0.0, 0.0
	v := &r.Values
	for i, row := range ranking {
		grade := grades[row.ID]
		if grade <= 0 {
			continue
		}
		r.Found++
		place := float64(i + 1)
		precisions += float64(r.Found) / place
		if r.Found == 1 {
			v[MRR] = 1 / place
		}
		if i == 0 {
			v[P1] = 1
		}
		if i < 5 {
			v[RP5] = float64(r.Found) / min(5, relevant)
		}
		if i < 10 {
			v[R10], v[Hit10] = float64(r.Found)/relevant, 1
			gained += discounted(grade, i)
		}
	}
	ideal := 0.0
	for i, grade := range gains[:min(10, len(gains))] {
		ideal += discounted(grade, i)
	}
	v[NDCG10], v[MAP] = gained/ideal, precisions/relevant
	return r
}

// discounted is the gain of a grade at index i of a ranking.
func discounted(grade, i int) float64 { return float64(grade) / math.Log2(float64(i+2)) }
