package learn

import (
	"fmt"
	"math"
	"slices"
)

// Calibration turns what is known about a query and one of its matches into the
// probability that the match is a real one: the probability that anything fits the query
// times that, if so, this match does.
type Calibration struct {
	Fits Logit  `json:"fits"`          // terms TermExplained, TermCompany, TermAnswered
	Item Logit  `json:"item"`          // terms TermRank, TermBehind
	Map  []Knot `json:"map,omitempty"` // straightens the product; none leaves it
}

// Names of the calibration's terms.
const (
	TermExplained = "explained" // ln(1 + nats of the query that one of its best matches explains)
	TermCompany   = "company"   // likeness of the query's names to those of its nearest kind
	TermAnswered  = "answered"  // share of the nearest known queries that have a match
	TermRank      = "rank"      // ln(rank), rank from 1
	TermBehind    = "behind"    // ln(1 + how many standard deviations of the market the score lies behind the best)
)

// A Logit is a logistic function of standardised terms: 1/(1+e^-(bias + sum of
// weight * (x - mean) / scale)).
type Logit struct {
	Bias  float64 `json:"bias"`
	Terms []Term  `json:"terms"`
}

// A Term is one weight of a Logit. Scale 0 leaves it out.
type Term struct {
	Name   string  `json:"name"`
	Weight float64 `json:"weight"`
	Mean   float64 `json:"mean"`
	Scale  float64 `json:"scale"`
}

// value is the log-odds. NaN is not known: it counts as the mean.
func (l *Logit) value(x func(name string) float64) float64 {
	sum := l.Bias
	for _, t := range l.Terms {
		if v := x(t.Name); t.Scale > 0 && !math.IsNaN(v) {
			sum += t.Weight * (v - t.Mean) / t.Scale
		}
	}
	return sum
}

// A Knot is a point of a monotone map from probability to probability.
type Knot struct {
	From float64 `json:"from"`
	To   float64 `json:"to"`
}

// Outlook is what is known about a query as a whole.
type Outlook struct {
	Explained float64 // nats of its text that one of its three best matches explains, the most of the three
	Company   float64 // mean likeness of its names to the nearest twentieth of its kind; NaN with too few of them
	Answered  float64 // share of the nearest known queries that have a match; NaN without known ones
}

// Behind is how far a score lies behind the query's best, in standard deviations of the
// market's scores; 0 where nothing varies.
func Behind(best, score, deviation float64) float64 {
	if deviation < 1e-9 || score >= best {
		return 0
	}
	return (best - score) / deviation
}

// AnyFits is the probability that anything fits the query.
func (c *Calibration) AnyFits(o Outlook) float64 {
	return sigmoid(c.Fits.value(func(name string) float64 {
		switch name {
		case TermExplained:
			return math.Log1p(o.Explained)
		case TermCompany:
			return o.Company
		case TermAnswered:
			return o.Answered
		}
		return math.NaN()
	}))
}

// Probability is that of the match at a rank (from 1) that lies so far behind the best. It
// falls from rank to rank. What tells queries apart is AnyFits alone: how a score stands
// out from the market says more about the market than about the match.
func (c *Calibration) Probability(o Outlook, rank int, behind float64) float64 {
	item := c.Item.value(func(name string) float64 {
		switch name {
		case TermRank:
			return math.Log(float64(rank))
		case TermBehind:
			return math.Log1p(behind)
		}
		return math.NaN()
	})
	return straighten(c.Map, c.AnyFits(o)*sigmoid(item))
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// straighten maps a probability along the knots, flat outside them.
func straighten(knots []Knot, p float64) float64 {
	if len(knots) == 0 {
		return p
	}
	i, _ := slices.BinarySearchFunc(knots, p, func(k Knot, p float64) int {
		switch {
		case k.From < p:
			return -1
		case k.From > p:
			return 1
		}
		return 0
	})
	switch {
	case i == 0:
		return knots[0].To
	case i == len(knots):
		return knots[i-1].To
	}
	a, b := knots[i-1], knots[i]
	return a.To + (b.To-a.To)*(p-a.From)/(b.From-a.From)
}

// labelled is one observation for a Logit: the values of its terms (NaN is not known) and
// what came of it.
type labelled struct {
	x     []float64
	right bool
}

// logitLambda keeps weights finite where the classes can be told apart without error.
const logitLambda = 1

// fitLogit fits the weights of named terms. It needs both outcomes.
func fitLogit(names []string, data []labelled) (Logit, error) {
	right := 0
	for _, d := range data {
		if d.right {
			right++
		}
	}
	if right == 0 || right == len(data) {
		return Logit{}, fmt.Errorf("calibration needs matches and non-matches: %d of %d are matches", right, len(data))
	}
	l := Logit{}
	for k, name := range names {
		var values []float64
		for _, d := range data {
			if !math.IsNaN(d.x[k]) {
				values = append(values, d.x[k])
			}
		}
		mean, scale := MeanDeviation(values)
		if scale < 1e-9 {
			scale = 0
		}
		l.Terms = append(l.Terms, Term{Name: name, Mean: mean, Scale: scale})
	}
	w, err := minimize(len(names)+1, func(w, grad []float64) float64 { return logitLoss(l.Terms, data, w, grad) })
	if err != nil {
		return Logit{}, err
	}
	l.Bias = w[len(names)]
	for k := range l.Terms {
		l.Terms[k].Weight = w[k]
	}
	return l, nil
}

// logitLoss is the mean log loss with the ridge on everything but the bias, which is the
// last of w.
func logitLoss(terms []Term, data []labelled, w, grad []float64) float64 {
	clear(grad)
	loss, last, n := 0.0, len(terms), float64(len(data))
	z := make([]float64, len(terms))
	for _, d := range data {
		v := w[last]
		for k, t := range terms {
			z[k] = 0
			if t.Scale > 0 && !math.IsNaN(d.x[k]) {
				z[k] = (d.x[k] - t.Mean) / t.Scale
			}
			v += w[k] * z[k]
		}
		sign := -1.0
		if d.right {
			sign = 1
		}
		loss += math.Log1p(math.Exp(-math.Abs(v))) + math.Max(0, -sign*v) // ln(1+e^(-sign*v)) without overflow
		g := -sign * sigmoid(-sign*v)
		for k := range z {
			grad[k] += g * z[k]
		}
		grad[last] += g
	}
	for k := range terms {
		loss += logitLambda / 2.0 * w[k] * w[k]
		grad[k] += logitLambda * w[k]
	}
	for k := range grad {
		grad[k] /= n
	}
	return loss / n
}

// isotonic is the non-decreasing map with the least squared error (pool adjacent
// violators; Ayer et al. 1955), as knots at the means of its blocks. Equal p are one point.
func isotonic(p []float64, right []bool) []Knot {
	type block struct{ from, sum, n float64 }
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case p[a] < p[b]:
			return -1
		case p[a] > p[b]:
			return 1
		}
		return 0
	})
	var blocks []block
	for at := 0; at < len(order); {
		b := block{}
		for first := p[order[at]]; at < len(order) && p[order[at]] == first; at++ {
			b.from += p[order[at]]
			b.n++
			if right[order[at]] {
				b.sum++
			}
		}
		for len(blocks) > 0 && blocks[len(blocks)-1].sum*b.n >= b.sum*blocks[len(blocks)-1].n {
			last := blocks[len(blocks)-1]
			blocks = blocks[:len(blocks)-1]
			b.from, b.sum, b.n = b.from+last.from, b.sum+last.sum, b.n+last.n
		}
		blocks = append(blocks, b)
	}
	var out []Knot
	for _, b := range blocks {
		out = append(out, Knot{From: b.from / b.n, To: b.sum / b.n})
	}
	return out
}
