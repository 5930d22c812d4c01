package learn

import (
	"math"
	"strconv"

	"talentmatch/matcher/evaluate"
)

// A Bin holds the probabilities in [From, To); the last bin has 1 too.
type Bin struct {
	From        float64 `json:"from"`
	To          float64 `json:"to"`
	Probability float64 `json:"probability" doc:"mean; 0 when empty"`
	Right       float64 `json:"right" doc:"share of real matches; 0 when empty"`
	N           int     `json:"n"`
}

// reliability sets probabilities beside what came of them.
func reliability(p []float64, right []bool) []Bin {
	rows, judged := make([]*evaluate.Row, len(p)), []evaluate.Judgement{}
	for i := range p {
		id := strconv.Itoa(i)
		rows[i] = &evaluate.Row{Query: "q", ID: id, Rank: i, Probability: &p[i]}
		if right[i] {
			judged = append(judged, evaluate.Judgement{Query: "q", ID: id, Grade: 1})
		}
	}
	out := make([]Bin, evaluate.NumBins)
	qrels, err := evaluate.NewQrels(judged)
	if err != nil {
		return out // not for such judgements
	}
	bins, _ := evaluate.Reliability(rows, qrels)
	for i, b := range bins {
		out[i] = Bin{From: b.From, To: b.To, Probability: b.Probability, Right: b.Right, N: b.N}
	}
	return out
}

// logLoss is the mean log loss, with probabilities kept off 0 and 1 by 1e-6; 0 without any.
func logLoss(p []float64, right []bool) float64 {
	sum := 0.0
	for i, v := range p {
		v = min(1-1e-6, max(1e-6, v))
		if !right[i] {
			v = 1 - v
		}
		sum -= math.Log(v)
	}
	return sum / float64(max(1, len(p)))
}
