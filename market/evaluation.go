package market

import (
	"context"
	"errors"
	"fmt"

	"talentmatch/matcher/evaluate"
)

// What an evaluation is made from; cmd reads them from files.
type (
	EvaluationRow       = evaluate.Row
	EvaluationJudgement = evaluate.Judgement
)

// EvaluationInput is everything that one evaluation needs.
type EvaluationInput struct {
	Run         []EvaluationRow
	Qrels       []EvaluationJudgement
	Negatives   []string        // queries that have no answer; their rows are in Run, or else in NegativeRun
	NegativeRun []EvaluationRow // a run over such queries only; not together with Negatives
	Intervals   bool
	Seed        uint64 // of the intervals
}

// Evaluation is a run measured against judgements. Figures are rounded to six
// decimals.
type Evaluation struct {
	Items      []EvaluationItem `json:"items" doc:"every query with a relevant document, by its id"`
	NextCursor string           `json:"next_cursor" doc:"empty at the end"`
	Meta       EvaluationMeta   `json:"meta"`
}

// EvaluationMetrics are defined as in trec_eval, but the run's rank decides the
// order and not its score.
type EvaluationMetrics struct {
	NDCG10 float64 `json:"ndcg_10" doc:"gain = grade, discount log2(1+place), ideal from the judgements"`
	MAP    float64 `json:"map" doc:"average precision over the full run"`
	MRR    float64 `json:"mrr" doc:"1/place of the first relevant document of the full run"`
	P1     float64 `json:"p_1" doc:"is the first document relevant?"`
	R10    float64 `json:"r_10" doc:"share of the relevant documents within the first 10"`
	Hit10  float64 `json:"hit_10" doc:"is any of the first 10 relevant?"`
	RP5    float64 `json:"rp_5" doc:"relevant ones of the first 5 over min(5, all relevant)"`
}

// EvaluationItem is how the run did on one query.
type EvaluationItem struct {
	Query string `json:"query"`
	EvaluationMetrics
	Relevant  int `json:"relevant" doc:"documents judged 1 or more"`
	Retrieved int `json:"retrieved" doc:"rows of the run; 0 counts 0 everywhere"`
	Found     int `json:"found" doc:"relevant ones among them"`
}

// EvaluationMeta holds the means over the queries, and what they are means of.
type EvaluationMeta struct {
	EvaluationMetrics
	Queries     int                    `json:"queries" doc:"judged queries with a relevant document"`
	NotInRun    int                    `json:"not_in_run" doc:"of them without a row in the run; they count 0"`
	NoRelevant  int                    `json:"no_relevant" doc:"judged queries without a relevant document, left out"`
	NotJudged   int                    `json:"not_judged" doc:"queries of the run that nobody judged, left out; negative ones are not counted"`
	AUROC       *EvaluationAUROC       `json:"auroc,omitempty"`
	Intervals   *EvaluationIntervals   `json:"intervals,omitempty"`
	Reliability *EvaluationReliability `json:"reliability,omitempty"`
}

// EvaluationAUROC says how well the first row's confidence tells queries with an
// answer from queries without.
type EvaluationAUROC struct {
	Value         float64 `json:"value" doc:"ties count half"`
	By            string  `json:"by" enum:"score,probability" doc:"what the first rows are compared by"`
	Positive      int     `json:"positive" doc:"judged queries with a relevant document"`
	PositiveEmpty int     `json:"positive_empty" doc:"of them without a row; below every confidence"`
	Negative      int     `json:"negative"`
	NegativeEmpty int     `json:"negative_empty"`
}

// EvaluationIntervals are the middle 95 % of bootstrap samples over queries.
type EvaluationIntervals struct {
	Resamples int                           `json:"resamples"`
	Seed      uint64                        `json:"seed"`
	Of        map[string]EvaluationInterval `json:"of" doc:"by the metric's name"`
}

// EvaluationInterval is one of them.
type EvaluationInterval struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// EvaluationReliability sets probabilities beside the share that was right: of the
// first row of each query, and of all rows. It covers positive and negative queries.
type EvaluationReliability struct {
	First []EvaluationBin `json:"first"`
	All   []EvaluationBin `json:"all"`
}

// EvaluationBin holds the rows with a probability in [From, To), the last one 1 too.
type EvaluationBin struct {
	From        float64  `json:"from"`
	To          float64  `json:"to"`
	N           int      `json:"n"`
	Probability *float64 `json:"probability" doc:"mean; null without rows"`
	Right       *float64 `json:"right" doc:"share of rows whose document is relevant; null without rows"`
}

// The lists of an evaluation, as its errors name them.
const (
	EvaluationRun       = "run"
	EvaluationQrels     = "qrels"
	EvaluationNegatives = "negatives"
)

// EvaluationError says which row of which list is wrong.
type EvaluationError struct {
	List   string // EvaluationRun, EvaluationQrels or EvaluationNegatives
	Row    int    // index in the list, from 0
	First  int    // index of the earlier row that it contradicts, -1 if none
	Field  string
	Reason string
}

// Error names the row by its place in the list, from 1.
func (e *EvaluationError) Error() string {
	return fmt.Sprintf("%s: row %d: %s: %s", e.List, e.Row+1, e.Field, e.Reason)
}

// in says which list an error of package evaluate is about.
func inList(list string, err error) error {
	var bad *evaluate.RowError
	if errors.As(err, &bad) {
		return &EvaluationError{list, bad.Row, bad.First, bad.Field, bad.Reason}
	}
	return fmt.Errorf("%s: %w", list, err)
}

// Evaluate measures a run. It is the use case behind POST /v1/evaluations and
// `talentmatch eval`, and touches no market. Errors: *EvaluationError; a run without
// rows; no query with a relevant document; the context's end.
func Evaluate(ctx context.Context, input EvaluationInput) (*Evaluation, error) {
	if len(input.Run) == 0 {
		return nil, errors.New("run: has no rows")
	}
	run, err := evaluate.NewRun(input.Run)
	if err != nil {
		return nil, inList(EvaluationRun, err)
	}
	qrels, err := evaluate.NewQrels(input.Qrels)
	if err != nil {
		return nil, inList(EvaluationQrels, err)
	}
	e := &evaluation{input: input, run: run, qrels: qrels, result: evaluate.Evaluate(run, qrels)}
	if len(e.result.Queries) == 0 {
		return nil, errors.New("qrels: no query has a relevant document (grade 1 or more)")
	}
	if err := e.readNegatives(); err != nil {
		return nil, err
	}
	return e.answer(ctx)
}

// evaluation is one evaluation under way.
type evaluation struct {
	input     EvaluationInput
	run       *evaluate.Run
	qrels     *evaluate.Qrels
	result    *evaluate.Result
	others    *evaluate.Run // where the rows of negative queries are
	negatives []string
}

// readNegatives finds the negative queries. One that has a relevant document cannot
// be negative.
func (e *evaluation) readNegatives() error {
	e.others, e.negatives = e.run, e.input.Negatives
	rowOf := map[string]int{}
	for i, query := range e.negatives {
		if first, twice := rowOf[query]; twice {
			return &EvaluationError{EvaluationNegatives, i, first, "query", query + " is listed twice"}
		}
		rowOf[query] = i
	}
	if e.input.NegativeRun != nil {
		if len(e.negatives) > 0 {
			return errors.New("negatives: are given as a list and as a run")
		}
		others, err := evaluate.NewRun(e.input.NegativeRun)
		if err != nil {
			return inList(EvaluationNegatives, err)
		}
		e.others, e.negatives = others, others.Queries()
		for i := len(e.input.NegativeRun) - 1; i >= 0; i-- { // the first row of each is left
			rowOf[e.input.NegativeRun[i].Query] = i
		}
	}
	bad := -1
	for _, q := range e.result.Queries {
		if i, both := rowOf[q.Query]; both && (bad < 0 || i < bad) {
			bad = i
		}
	}
	if bad >= 0 {
		query := ""
		if e.input.NegativeRun != nil {
			query = e.input.NegativeRun[bad].Query
		} else {
			query = e.negatives[bad]
		}
		return &EvaluationError{EvaluationNegatives, bad, -1, "query", query + " has a relevant document in the qrels"}
	}
	return nil
}

// answer puts the figures together.
func (e *evaluation) answer(ctx context.Context) (*Evaluation, error) {
	positive := make([]string, len(e.result.Queries))
	out := &Evaluation{Items: make([]EvaluationItem, len(e.result.Queries))}
	for i, q := range e.result.Queries {
		positive[i] = q.Query
		out.Items[i] = EvaluationItem{Query: q.Query, EvaluationMetrics: metricsOf(q.Values),
			Relevant: q.Relevant, Retrieved: q.Retrieved, Found: q.Found}
	}
	meta := &out.Meta
	*meta = EvaluationMeta{EvaluationMetrics: metricsOf(e.result.Mean), Queries: len(positive),
		NotInRun: e.result.NotInRun, NoRelevant: e.result.NoRelevant, NotJudged: e.notJudged()}
	firsts := e.run.First(positive)
	negativeFirsts := e.others.First(e.negatives)
	var separation *evaluate.Separation
	if e.input.Negatives != nil || e.input.NegativeRun != nil {
		var err error
		if separation, err = evaluate.Separate(firsts, negativeFirsts); err != nil {
			return nil, err
		}
		meta.AUROC = &EvaluationAUROC{Value: round6(separation.AUROC), By: separation.By,
			Positive: separation.Positive, PositiveEmpty: separation.PositiveEmpty,
			Negative: separation.Negative, NegativeEmpty: separation.NegativeEmpty}
	}
	if first, ok := evaluate.Reliability(append(firsts, negativeFirsts...), e.qrels); ok {
		all, _ := evaluate.Reliability(append(allRows(e.run, positive), allRows(e.others, e.negatives)...), e.qrels)
		meta.Reliability = &EvaluationReliability{First: binsOf(first), All: binsOf(all)}
	}
	if !e.input.Intervals {
		return out, nil
	}
	var err error
	meta.Intervals, err = e.intervals(ctx, separation)
	return out, err
}

// notJudged counts the run's queries that are in no judgement and not negative.
func (e *evaluation) notJudged() int {
	negative := map[string]bool{}
	for _, query := range e.negatives {
		negative[query] = true
	}
	n := 0
	for _, query := range e.run.Queries() {
		if !e.qrels.Judged(query) && !negative[query] {
			n++
		}
	}
	return n
}

func (e *evaluation) intervals(ctx context.Context, separation *evaluate.Separation) (*EvaluationIntervals, error) {
	of, err := e.result.Intervals(ctx, e.input.Seed)
	if err != nil {
		return nil, err
	}
	out := &EvaluationIntervals{Resamples: evaluate.Resamples, Seed: e.input.Seed, Of: map[string]EvaluationInterval{}}
	for m, v := range of {
		out.Of[evaluate.Metric(m).String()] = EvaluationInterval{round6(v.Low), round6(v.High)}
	}
	if separation != nil {
		v, err := separation.Interval(ctx, e.input.Seed)
		if err != nil {
			return nil, err
		}
		out.Of["auroc"] = EvaluationInterval{round6(v.Low), round6(v.High)}
	}
	return out, nil
}

// allRows are the rows of the queries, best first.
func allRows(run *evaluate.Run, queries []string) []*evaluate.Row {
	var out []*evaluate.Row
	for _, query := range queries {
		ranking := run.Ranking(query)
		for i := range ranking {
			out = append(out, &ranking[i])
		}
	}
	return out
}

func metricsOf(v evaluate.Values) EvaluationMetrics {
	for m := range v {
		v[m] = round6(v[m])
	}
	return EvaluationMetrics{NDCG10: v[evaluate.NDCG10], MAP: v[evaluate.MAP], MRR: v[evaluate.MRR], P1: v[evaluate.P1],
		R10: v[evaluate.R10], Hit10: v[evaluate.Hit10], RP5: v[evaluate.RP5]}
}

// A NamedMetric is one of the metrics with its names and value.
type NamedMetric struct {
	Key   string // as in JSON
	Label string // as people write it
	Value float64
}

// Named lists the metrics in the order in which they are shown.
func (m EvaluationMetrics) Named() []NamedMetric {
	values := evaluate.Values{evaluate.NDCG10: m.NDCG10, evaluate.MAP: m.MAP, evaluate.MRR: m.MRR, evaluate.P1: m.P1,
		evaluate.R10: m.R10, evaluate.Hit10: m.Hit10, evaluate.RP5: m.RP5}
	var out []NamedMetric
	for i := range evaluate.NumMetrics {
		out = append(out, NamedMetric{i.String(), i.Label(), values[i]})
	}
	return out
}

func binsOf(bins [evaluate.NumBins]evaluate.Bin) []EvaluationBin {
	out := make([]EvaluationBin, len(bins))
	for i, b := range bins {
		out[i] = EvaluationBin{From: b.From, To: b.To, N: b.N}
		if b.N > 0 {
			p, right := round6(b.Probability), round6(b.Right)
			out[i].Probability, out[i].Right = &p, &right
		}
	}
	return out
}
