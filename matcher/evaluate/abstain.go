package evaluate

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// What a Separation is measured by.
const (
	ByScore       = "score"
	ByProbability = "probability"
)

// A Separation says how well the confidence in the first answer tells queries that
// have an answer (positive) from queries that have none (negative).
type Separation struct {
	By                           string  // ByScore or ByProbability
	AUROC                        float64 // chance that a positive query's confidence is above a negative one's; ties count half
	Positive, Negative           int     // queries
	PositiveEmpty, NegativeEmpty int     // of them without a row: below every confidence

	levels   int   // distinct confidences
	pos, neg []int // per query: which of them it has, lowest first
}

// Separate compares the first rows of positive and negative queries, nil where a query
// has none. The confidence is the probability when the rows have it, the score when none
// has. Errors: no queries on one side; some rows with a probability and some without.
func Separate(positive, negative []*Row) (*Separation, error) {
	if len(positive) == 0 {
		return nil, errors.New("AUROC needs positive queries: no query has a relevant document")
	}
	if len(negative) == 0 {
		return nil, errors.New("AUROC needs negative queries: there are none")
	}
	s := &Separation{By: ByScore, Positive: len(positive), Negative: len(negative)}
	var with, without *Row
	for _, row := range slices.Concat(positive, negative) {
		if row != nil && row.Probability != nil {
			with = row
		} else if row != nil {
			without = row
		}
	}
	if with != nil && without != nil {
		return nil, fmt.Errorf("AUROC needs one measure: the first row of query %s has a probability, that of query %s has none", with.Query, without.Query)
	}
	if with != nil {
		s.By = ByProbability
	}
	levels := append(confidences(positive), confidences(negative)...)
	slices.Sort(levels)
	levels = slices.Compact(levels)
	s.levels = len(levels)
	s.pos, s.PositiveEmpty = placed(positive, levels)
	s.neg, s.NegativeEmpty = placed(negative, levels)
	s.AUROC = auroc(count(s.pos, s.levels), count(s.neg, s.levels))
	return s, nil
}

func confidences(rows []*Row) []float64 {
	out := make([]float64, len(rows))
	for i, row := range rows {
		out[i] = confidence(row)
	}
	return out
}

// confidence of no answer at all is the lowest.
func confidence(row *Row) float64 {
	switch {
	case row == nil:
		return math.Inf(-1)
	case row.Probability != nil:
		return *row.Probability
	}
	return row.Score
}

// placed is each row's index among the levels, and how many rows are nil.
func placed(rows []*Row, levels []float64) (at []int, empty int) {
	at = make([]int, len(rows))
	for i, row := range rows {
		at[i], _ = slices.BinarySearch(levels, confidence(row))
		if row == nil {
			empty++
		}
	}
	return at, empty
}

func count(at []int, levels int) []int {
	out := make([]int, levels)
	for _, level := range at {
		out[level]++
	}
	return out
}

// auroc counts pairs exactly, in halves, from how many queries stand at each level.
func auroc(pos, neg []int) float64 {
	halves, positives, below := 0, 0, 0
	for level, p := range pos {
		halves += p * (2*below + neg[level])
		positives += p
		below += neg[level]
	}
	return float64(halves) / float64(2*positives*below)
}

// Interval is the percentile bootstrap interval of AUROC: positive and negative
// queries are drawn with replacement, each as many as there are. Errors: the context's
// end.
func (s *Separation) Interval(ctx context.Context, seed uint64) (Interval, error) {
	rng := rand.New(rand.NewPCG(seed, aurocStream))
	values := make([]float64, 0, Resamples)
	draw := func(at, into []int) {
		clear(into)
		for range at {
			into[at[rng.IntN(len(at))]]++
		}
	}
	pos, neg := make([]int, s.levels), make([]int, s.levels)
	for range Resamples {
		if err := ctx.Err(); err != nil {
			return Interval{}, err
		}
		draw(s.pos, pos)
		draw(s.neg, neg)
		values = append(values, auroc(pos, neg))
	}
	return middle(values), nil
}

// NumBins is how many bins a reliability table has.
const NumBins = 10

// A Bin holds the rows with a probability in [From, To); the last bin has 1 too.
type Bin struct {
	From, To    float64
	Probability float64 // mean; 0 when N is 0
	Right       float64 // share of rows whose document is relevant; 0 when N is 0
	N           int
}

// Reliability sets the probabilities of rows beside the share of them that is right:
// in a calibrated run the two agree in every bin. Rows without a probability and nil
// are left out; ok is false when no row is left. Documents that nobody judged are wrong.
func Reliability(rows []*Row, qrels *Qrels) (bins [NumBins]Bin, ok bool) {
	for _, row := range rows {
		if row == nil || row.Probability == nil {
			continue
		}
		ok = true
		b := &bins[binOf(*row.Probability)]
		b.N++
		b.Probability += *row.Probability
		if qrels.Grade(row.Query, row.ID) > 0 {
			b.Right++
		}
	}
	for i := range bins {
		b := &bins[i]
		b.From, b.To = float64(i)/NumBins, float64(i+1)/NumBins
		if b.N > 0 {
			b.Probability /= float64(b.N)
			b.Right /= float64(b.N)
		}
	}
	return bins, ok
}

// binOf compares with the bins' own bounds: 10*p rounds up just below one.
func binOf(p float64) int {
	i := min(int(p*NumBins), NumBins-1)
	if i > 0 && p < float64(i)/NumBins {
		i--
	}
	return i
}
