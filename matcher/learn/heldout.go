package learn

import (
	"math"

	"talentmatch/matcher/evaluate"
)

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
