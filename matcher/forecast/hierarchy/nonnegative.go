package hierarchy

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// patience is what the source advises.
const patience = 3

// nonNegative are the bottom series b >= 0 whose sums come closest to the base forecasts:
// min (y - S b)' W^-1 (y - S b). Wickramasuriya, Turlach & Hyndman, "Optimal Non-negative
// Forecast Reconciliation", Statistics and Computing 30 (2020). free is the solution
// without the bound.
//
// With V the covariance of the reconciled bottom series under W (the inverse of S' W^-1 S)
// the conditions of Karush, Kuhn and Tucker are b = free + V u, b >= 0, u >= 0 and b u = 0
// for each series: u is what the bound costs. V is positive definite, so there is one
// solution. Block principal pivoting finds it: guess which series are held at 0, solve
// for their u, and exchange all series that break a sign; when patience exchanges in a
// row do not leave fewer of them, only the last one is exchanged (Murty's rule), which ends
// after finitely many steps. Judice & Pires, Computers & Operations Research 21 (1994). V
// is only made for the series that were ever held: a^2 steps for each of those, and
// h^3/3 per exchange for h held ones. With patience 0 it is Murty's rule alone.
func (p *projector) nonNegative(free []float64, patience int) ([]float64, error) {
	q := &pivoting{p: p, free: free, held: make([]bool, len(free)), known: map[int][2][]float64{}}
	for _, v := range free {
		q.tiny = max(q.tiny, 1e-10*math.Abs(v))
	}
	for i, v := range free {
		q.held[i] = v < 0
	}
	fewest, tries := len(free)+1, patience
	for range 100 + 10*len(free) {
		if err := q.solve(); err != nil {
			return nil, err
		}
		wrong := q.wrong()
		switch {
		case len(wrong) == 0:
			return q.result(), nil
		case len(wrong) < fewest && patience > 0:
			fewest, tries = len(wrong), patience
		case tries > 0:
			tries--
		default:
			wrong = wrong[len(wrong)-1:]
		}
		for _, i := range wrong {
			q.held[i] = !q.held[i]
		}
	}
	return nil, fmt.Errorf("hierarchy: no non-negative solution was found within %d exchanges", 100+10*len(free))
}

type pivoting struct {
	p     *projector
	free  []float64
	held  []bool    // at 0
	b, u  []float64 // of all bottom series
	unit  []float64 // variance of the held ones, to compare u with b
	tiny  float64   // what counts as 0
	known map[int][2][]float64
}

// solve computes u for the held series and b for all.
func (q *pivoting) solve() error {
	var at []int
	for i, h := range q.held {
		if h {
			at = append(at, i)
		}
	}
	q.u, q.unit = make([]float64, len(q.free)), make([]float64, len(q.free))
	q.b = append([]float64(nil), q.free...)
	if len(at) == 0 {
		return nil
	}
	v := q.covariance(at)
	right := mat.NewVecDense(len(at), nil)
	for j, i := range at {
		right.SetVec(j, -q.free[i])
		q.unit[i] = v.At(j, j)
	}
	var chol mat.Cholesky
	if !chol.Factorize(v) {
		for j := range at {
			v.SetSym(j, j, v.At(j, j)*(1+ridge))
		}
		if !chol.Factorize(v) {
			a := q.p.s.aggregatesOf()
			return fmt.Errorf("hierarchy: the %d series held at 0, from %q on, leave no room to tell them apart", len(at), q.p.s.names[a+at[0]])
		}
	}
	must(chol.SolveVecTo(right, right))
	for j, i := range at {
		q.u[i] = right.AtVec(j)
	}
	for i, v := range q.p.reconciled(q.u) {
		q.b[i] += v
	}
	return nil
}

// covariance is V of the held series.
func (q *pivoting) covariance(at []int) *mat.SymDense {
	q.learn(at)
	a := q.p.s.aggregatesOf()
	v := mat.NewSymDense(len(at), nil)
	for i := range at {
		for j := i; j < len(at); j++ {
			v.SetSym(i, j, q.p.w.at(a+at[i], a+at[j])-dot(q.known[at[i]][0], q.known[at[j]][1]))
		}
	}
	return v
}

// learn computes the columns of series that were not held before.
func (q *pivoting) learn(at []int) {
	a := q.p.s.aggregatesOf()
	var fresh []int
	for _, i := range at {
		if _, ok := q.known[i]; !ok {
			fresh = append(fresh, i+a)
		}
	}
	if len(fresh) == 0 || a == 0 {
		return
	}
	y, x := q.p.columns(fresh)
	for j, n := range fresh {
		q.known[n-a] = [2][]float64{mat.Col(nil, j, y), mat.Col(nil, j, x)}
	}
}

// reconciled is V u, u one per bottom series.
func (p *projector) reconciled(u []float64) []float64 {
	a := p.s.aggregatesOf()
	all := make([]float64, len(p.s.names))
	copy(all[a:], u)
	return p.bottoms(p.w.times(all))
}

// wrong are the series that break a sign, ascending.
func (q *pivoting) wrong() []int {
	var out []int
	for i, h := range q.held {
		if (h && q.u[i]*q.unit[i] < -q.tiny) || (!h && q.b[i] < -q.tiny) {
			out = append(out, i)
		}
	}
	return out
}

func (q *pivoting) result() []float64 {
	for i, h := range q.held {
		if h || q.b[i] < 0 {
			q.b[i] = 0
		}
	}
	return q.b
}
