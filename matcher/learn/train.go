package learn

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
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
