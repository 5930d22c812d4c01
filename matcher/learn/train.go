package learn

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"talentmatch/matcher/evaluate"
)

// Options says how to learn.
type Options struct {
	Folds    int                // of the outer cross-validation, from 2
	Seed     uint64             // of the fold assignment
	Asked    map[string]float64 // weights of the components that the defaults rank by
	Progress func(done, total int)
}

// lambdas are the strengths of the ridge that inner cross-validation chooses from.
var lambdas = []float64{0.1, 1, 10, 100}

const innerFolds = 3

// Train measures and fits. The model that it returns is fitted on everything; its
// HeldOut figures are of models that have not seen the groups they rank. Errors: too
// little to learn from, a malformed problem, the context's end.
func Train(ctx context.Context, p *Problem, o Options) (*Model, error) {
	if err := p.validate(); err != nil {
		return nil, err
	}
	if o.Folds < 2 {
		return nil, fmt.Errorf("%d folds, need at least 2", o.Folds)
	}
	t := &trainer{p: p, o: o, names: p.features()}
	if err := t.assign(); err != nil {
		return nil, err
	}
	known := make([]Known, len(p.Queries))
	for i := range p.Queries {
		known[i] = p.Queries[i].Known
	}
	t.memory = NewMemory(known)
	held := make([]heldOut, len(p.Queries))
	for k := range t.folds {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := t.fold(k, held); err != nil {
			return nil, err
		}
		if o.Progress != nil {
			o.Progress(k+1, t.folds+1)
		}
	}
	m, err := t.final(held)
	if err == nil && o.Progress != nil {
		o.Progress(t.folds+1, t.folds+1)
	}
	return m, err
}

type trainer struct {
	p      *Problem
	o      Options
	names  []string
	memory *Memory
	folds  int
	foldOf []int // query -> its fold
}

// heldOut is what a query's fold made of it.
type heldOut struct {
	learned   []float64 // per candidate
	suggested []float64
	outlook   Outlook // Explained is of the learned ranking
	evidence  Evidence
}

// assign deals the groups out to the folds.
func (t *trainer) assign() error {
	fold, n, err := dealGroups(t.p.Queries, t.o.Folds, t.o.Seed)
	t.foldOf, t.folds = fold, n
	return err
}

// dealGroups shuffles the groups and deals them out in turn, so that a fold has whole
// groups only. There are at most as many folds as groups.
func dealGroups(queries []Query, folds int, seed uint64) ([]int, int, error) {
	var groups []string
	for i := range queries {
		groups = append(groups, queries[i].Group)
	}
	slices.Sort(groups)
	groups = slices.Compact(groups)
	if len(groups) < 2 {
		return nil, 0, fmt.Errorf("all labelled queries are of one group: nothing could be held out")
	}
	folds = min(folds, len(groups))
	rand.New(rand.NewPCG(seed, 0)).Shuffle(len(groups), func(i, j int) { groups[i], groups[j] = groups[j], groups[i] })
	of := map[string]int{}
	for i, g := range groups {
		of[g] = i % folds
	}
	out := make([]int, len(queries))
	for i := range queries {
		out[i] = of[queries[i].Group]
	}
	return out, folds, nil
}

// evidence asks the memory about a query, without its group and without the queries that
// hidden names.
func (t *trainer) evidence(q int, hidden func(i int) bool) Evidence {
	alike := make([]float64, len(t.p.Queries))
	for i := range alike {
		if i != q {
			alike[i] = t.p.Alike(q, i)
		}
	}
	own := t.p.Queries[q].Group
	return t.memory.Evidence(t.p.Queries[q].Class, alike, func(i int) bool {
		return i == q || t.p.Queries[i].Group == own || hidden(i)
	})
}

// sample is a query in the form of the fit.
func (t *trainer) sample(q int, e Evidence) sample {
	query := &t.p.Queries[q]
	s := sample{rows: query.rows(e), gain: make([]float64, len(query.Candidates)), from: q}
	for i := range query.Candidates {
		s.gain[i] = query.Gains[query.Candidates[i].ID]
	}
	return s
}

// fold fits without the k-th fold and ranks it.
func (t *trainer) fold(k int, held []heldOut) error {
	hidden := func(i int) bool { return t.foldOf[i] == k }
	var train []sample
	var groups []Query
	for q := range t.p.Queries {
		if !hidden(q) {
			train = append(train, t.sample(q, t.evidence(q, hidden)))
			groups = append(groups, Query{Known: t.p.Queries[q].Known})
		}
	}
	lambda, err := chooseLambda(train, groups, len(t.names), t.o.Seed)
	if err != nil {
		return err
	}
	l, err := fitLinear(train, len(t.names), lambda)
	if err != nil {
		return err
	}
	suggested, err := t.suggest(train)
	if err != nil {
		return err
	}
	for q := range t.p.Queries {
		if hidden(q) {
			held[q] = t.rank(q, l, suggested, t.evidence(q, hidden))
		}
	}
	return nil
}

// rank scores a query's candidates.
func (t *trainer) rank(q int, l *linear, suggested map[string]float64, e Evidence) heldOut {
	query := &t.p.Queries[q]
	h := heldOut{evidence: e, outlook: Outlook{Company: query.Company, Answered: e.Answered}}
	rows, width := query.rows(e), len(t.names)
	for i := range query.Candidates {
		h.learned = append(h.learned, l.score(rows[i*width:(i+1)*width]))
		sum := 0.0
		for k, name := range t.p.Components {
			sum += suggested[name] * float64(query.Candidates[i].Parts[k])
		}
		h.suggested = append(h.suggested, sum)
	}
	h.outlook.Explained = mostExplained(query, ranked(query, h.learned))
	return h
}

// BestOf is how many of the best matches are looked at for what they explain.
const BestOf = 3

func mostExplained(q *Query, order []int) float64 {
	most := 0.0
	for _, i := range order[:min(BestOf, len(order))] {
		most = max(most, q.Candidates[i].Mass)
	}
	return most
}

// ranked is the candidates in the order of their values, ties in the order of the
// defaults.
func ranked(q *Query, values []float64) []int {
	order := make([]int, len(q.Candidates))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(values[b], values[a]) })
	return order
}

// chooseLambda is the strength with the least loss on groups held out of the samples.
func chooseLambda(samples []sample, queries []Query, width int, seed uint64) (float64, error) {
	fold, folds, err := dealGroups(queries, innerFolds, seed+1)
	if err != nil {
		return 1, nil // one group left: nothing to choose by
	}
	best, bestLoss := lambdas[0], math.Inf(1)
	for _, lambda := range lambdas {
		sum := 0.0
		for k := range folds {
			var in, out []sample
			for i, s := range samples {
				if fold[i] == k {
					out = append(out, s)
				} else {
					in = append(in, s)
				}
			}
			l, err := fitLinear(in, width, lambda)
			if err != nil {
				return 0, err
			}
			sum += heldOutLoss(out, l)
		}
		if sum < bestLoss {
			best, bestLoss = lambda, sum
		}
	}
	return best, nil
}

// heldOutLoss is the sum of the samples' losses without the ridge.
func heldOutLoss(samples []sample, l *linear) float64 {
	work := &lossWork{negative: make([]float64, len(l.weight))}
	grad, sum := make([]float64, len(l.weight)), 0.0
	for _, s := range samples {
		sum += work.query(&sample{rows: standardised(s.rows, l.mean, l.scale), gain: s.gain}, l.weight, grad)
	}
	return sum
}

// suggest fits weights of the score's components alone. They are not negative (the worst
// is dropped until none is) and add up to 1. Where nothing varies, what was asked stays.
func (t *trainer) suggest(samples []sample) (map[string]float64, error) {
	var columns []int
	for k := range t.p.Components {
		columns = append(columns, k)
	}
	for len(columns) > 0 {
		narrow := make([]sample, len(samples))
		for i, s := range samples {
			narrow[i].gain = s.gain
			for _, c := range t.p.Queries[s.from].Candidates {
				for _, k := range columns {
					narrow[i].rows = append(narrow[i].rows, c.Parts[k])
				}
			}
		}
		l, err := fitLinear(narrow, len(columns), 1)
		if err != nil {
			return nil, err
		}
		worst, sum := -1, 0.0
		out := map[string]float64{}
		for k := range columns {
			switch {
			case l.scale[k] == 0 || l.weight[k] < 0:
				if worst < 0 || l.weight[k] < l.weight[worst] {
					worst = k
				}
			default:
				out[t.p.Components[columns[k]]] = l.weight[k] / l.scale[k]
				sum += l.weight[k] / l.scale[k]
			}
		}
		if worst >= 0 {
			columns = slices.Delete(columns, worst, worst+1)
			continue
		}
		if sum > 0 {
			for name := range out {
				out[name] /= sum
			}
			return out, nil
		}
		break
	}
	return t.o.Asked, nil
}

// final fits on everything and puts the held-out figures together.
func (t *trainer) final(held []heldOut) (*Model, error) {
	none := func(int) bool { return false }
	var all []sample
	for q := range t.p.Queries {
		all = append(all, t.sample(q, t.evidence(q, none)))
	}
	lambda, err := chooseLambda(all, t.p.Queries, len(t.names), t.o.Seed)
	if err != nil {
		return nil, err
	}
	l, err := fitLinear(all, len(t.names), lambda)
	if err != nil {
		return nil, err
	}
	suggested, err := t.suggest(all)
	if err != nil {
		return nil, err
	}
	m := &Model{Format: modelFormat, Version: modelVersion, Lambda: lambda, Folds: t.folds, Seed: t.o.Seed,
		Asked: t.o.Asked, Suggested: suggested}
	for k, name := range t.names {
		m.Features = append(m.Features, Term{Name: name, Weight: l.weight[k], Mean: l.mean[k], Scale: l.scale[k]})
	}
	for i := range t.p.Queries {
		if n := len(t.p.Queries[i].Gains); n > 0 {
			m.Queries++
			m.Pairs += n
		} else {
			m.Unmatched++
		}
	}
	if err := t.measure(held, m); err != nil {
		return nil, err
	}
	return m, t.calibrate(held, m)
}

// measure compares defaults, suggested weights and learned ranking on held-out groups.
func (t *trainer) measure(held []heldOut, m *Model) error {
	var judged []evaluate.Judgement
	for i := range t.p.Queries {
		for id := range t.p.Queries[i].Gains {
			judged = append(judged, evaluate.Judgement{Query: t.p.Queries[i].ID, ID: id, Grade: 1})
		}
	}
	qrels, err := evaluate.NewQrels(judged)
	if err != nil {
		return err
	}
	results := [3]*evaluate.Result{}
	for r := range results {
		var rows []evaluate.Row
		for i := range t.p.Queries {
			q := &t.p.Queries[i]
			if len(q.Gains) == 0 {
				continue
			}
			order := ranked(q, make([]float64, len(q.Candidates)))
			switch r {
			case 1:
				order = ranked(q, held[i].suggested)
			case 2:
				order = ranked(q, held[i].learned)
			}
			for rank, c := range order {
				rows = append(rows, evaluate.Row{Query: q.ID, ID: q.Candidates[c].ID, Rank: rank + 1})
			}
		}
		run, err := evaluate.NewRun(rows)
		if err != nil {
			return err
		}
		results[r] = evaluate.Evaluate(run, qrels)
	}
	m.HeldOut.Defaults, m.HeldOut.Suggested, m.HeldOut.Learned = figures(results[0]), figures(results[1]), figures(results[2])
	gain, square := 0.0, 0.0
	n := float64(len(results[0].Queries))
	for i := range results[0].Queries {
		d := results[2].Queries[i].Values[evaluate.NDCG10] - results[0].Queries[i].Values[evaluate.NDCG10]
		gain += d / n
		square += d * d / n
	}
	m.HeldOut.Gain = gain
	m.HeldOut.StandardError = math.Sqrt(max(0, square-gain*gain) / n)
	m.Applicable = gain > m.HeldOut.StandardError && gain > 0
	return nil
}

// figures are a result's means by name.
func figures(r *evaluate.Result) map[string]float64 {
	out := map[string]float64{}
	for k, v := range r.Mean {
		out[evaluate.Metric(k).String()] = v
	}
	return out
}

// calibratedTop is how many of each query's best matches the calibration is fitted to.
const calibratedTop = 20

// observed is a held-out query with its best matches, as the calibration sees it.
type observed struct {
	query   int
	outlook Outlook
	ranks   []int
	behind  []float64
	right   []bool
}

func (t *trainer) observe(held []heldOut) []observed {
	out := make([]observed, len(held))
	for i := range held {
		q := &t.p.Queries[i]
		o := observed{query: i, outlook: held[i].outlook}
		_, deviation := MeanDeviation(held[i].learned)
		best := math.Inf(-1)
		for rank, c := range ranked(q, held[i].learned) {
			if rank == calibratedTop {
				break
			}
			o.ranks = append(o.ranks, rank+1)
			best = max(best, held[i].learned[c])
			o.behind = append(o.behind, Behind(best, held[i].learned[c], deviation))
			o.right = append(o.right, q.Gains[q.Candidates[c].ID] > 0)
		}
		out[i] = o
	}
	return out
}

// MeanDeviation is the mean and the standard deviation of values; 0, 0 without any.
func MeanDeviation(values []float64) (mean, deviation float64) {
	for _, v := range values {
		mean += v / float64(len(values))
	}
	for _, v := range values {
		deviation += (v - mean) * (v - mean) / float64(len(values))
	}
	return mean, math.Sqrt(deviation)
}

// calibrate fits the probabilities to held-out rankings, and measures them on folds that
// the calibration in turn has not seen.
func (t *trainer) calibrate(held []heldOut, m *Model) error {
	seen := t.observe(held)
	var positive, negative []*evaluate.Row // first matches
	var p []float64
	var right []bool
	folds := make([]Calibration, t.folds)
	for k := range t.folds {
		var rest []observed
		for i := range seen {
			if t.foldOf[i] != k {
				rest = append(rest, seen[i])
			}
		}
		c, err := t.fitCalibration(rest)
		if err != nil {
			return err
		}
		folds[k] = c
	}
	for i := range seen {
		o, c := &seen[i], &folds[t.foldOf[i]]
		var first *evaluate.Row
		for j, rank := range o.ranks {
			v := c.Probability(o.outlook, rank, o.behind[j])
			p, right = append(p, v), append(right, o.right[j])
			if j == 0 {
				first = &evaluate.Row{Query: t.p.Queries[i].ID, Rank: rank, Probability: &v}
			}
		}
		if len(t.p.Queries[i].Gains) > 0 {
			positive = append(positive, first)
		} else {
			negative = append(negative, first)
		}
	}
	var err error
	if m.Calibration, err = t.fitCalibration(seen); err != nil {
		return err
	}
	m.HeldOut.LogLoss = logLoss(p, right)
	// A monotone map on top is kept only where it helps on folds that it has not seen.
	if straight := t.straightened(seen, p, right); logLoss(straight, right) < m.HeldOut.LogLoss-1e-4 {
		m.Calibration.Map, p = isotonic(p, right), straight
		m.HeldOut.LogLoss = logLoss(p, right)
	}
	m.HeldOut.Reliability = reliability(p, right)
	if len(positive) > 0 && len(negative) > 0 {
		s, err := evaluate.Separate(positive, negative)
		if err != nil {
			return err
		}
		m.HeldOut.AUROC = &s.AUROC
	}
	return nil
}

// straightened maps each fold's probabilities by the others' isotonic map. p and right
// list the items of all queries in turn.
func (t *trainer) straightened(seen []observed, p []float64, right []bool) []float64 {
	out := make([]float64, len(p))
	for k := range t.folds {
		var otherP []float64
		var otherRight []bool
		at := 0
		for i := range seen {
			n := len(seen[i].right)
			if t.foldOf[i] != k {
				otherP, otherRight = append(otherP, p[at:at+n]...), append(otherRight, right[at:at+n]...)
			}
			at += n
		}
		knots := isotonic(otherP, otherRight)
		at = 0
		for i := range seen {
			n := len(seen[i].right)
			if t.foldOf[i] == k {
				for j := at; j < at+n; j++ {
					out[j] = straighten(knots, p[j])
				}
			}
			at += n
		}
	}
	return out
}

// minUnmatched is how many queries without a match it takes to learn which have none;
// below, the default calibration answers that.
const minUnmatched = 10

func (t *trainer) fitCalibration(seen []observed) (Calibration, error) {
	var items, queries []labelled
	unmatched := 0
	for _, o := range seen {
		with := len(t.p.Queries[o.query].Gains) > 0
		queries = append(queries, labelled{[]float64{math.Log1p(o.outlook.Explained), o.outlook.Company, o.outlook.Answered}, with})
		if !with {
			unmatched++
			continue
		}
		for j := range o.right {
			items = append(items, labelled{[]float64{math.Log(float64(o.ranks[j])), math.Log1p(o.behind[j])}, o.right[j]})
		}
	}
	c := Calibration{Fits: DefaultCalibration().Fits}
	var err error
	if c.Item, err = fitLogit([]string{TermRank, TermBehind}, items); err != nil {
		return c, err
	}
	for k := range c.Item.Terms { // a probability must not rise down the list
		c.Item.Terms[k].Weight = min(0, c.Item.Terms[k].Weight)
	}
	if unmatched >= minUnmatched {
		c.Fits, err = fitLogit([]string{TermExplained, TermCompany, TermAnswered}, queries)
	}
	return c, err
}
