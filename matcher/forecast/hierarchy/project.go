package hierarchy

import (
	"fmt"

	"gonum.org/v1/gonum/mat"
)

// projector makes values coherent with the weights W: M y = y - W C' K^-1 C y, K = C W C'.
type projector struct {
	s    *Structure
	w    *covariance
	clow *mat.Dense // C low, aggregates x T; nil without low
	k    mat.Cholesky
}

// ridge is added to the diagonal of K, in parts of it, when rounding has made K singular.
const ridge = 1e-10

// newProjector factors K; ridged says that it took a ridge.
func newProjector(s *Structure, w *covariance) (p *projector, ridged bool, err error) {
	p = &projector{s: s, w: w}
	a := s.aggregatesOf()
	if a == 0 {
		return p, false, nil
	}
	k := mat.NewSymDense(a, nil)
	p.sumDiagonal(k)
	if w.low != nil {
		p.clow = p.gapLow(w.low)
		k.SymOuterK(1, p.clow)
		base := mat.NewSymDense(a, nil)
		p.sumDiagonal(base)
		k.AddSym(k, base)
	}
	if p.k.Factorize(k) {
		return p, false, nil
	}
	for i := range a {
		k.SetSym(i, i, k.At(i, i)*(1+ridge))
	}
	if !p.k.Factorize(k) {
		return nil, true, fmt.Errorf("hierarchy: the %d aggregates from %q on cannot be told apart by their weights", a, s.names[0])
	}
	return p, true, nil
}

// sumDiagonal writes C diag C': the aggregates' own numbers, and for every two of them
// those of the bottom series they share.
func (p *projector) sumDiagonal(k *mat.SymDense) {
	a := p.s.aggregatesOf()
	raw := k.RawSymmetric()
	for i := range a {
		raw.Data[i*raw.Stride+i] = p.w.diag[i]
	}
	for b, ps := range p.s.parents {
		for i, one := range ps {
			for _, other := range ps[i:] { // ascending: the upper half
				raw.Data[one*raw.Stride+other] += p.w.diag[a+b]
			}
		}
	}
}

func (p *projector) gapLow(low *mat.Dense) *mat.Dense {
	a := p.s.aggregatesOf()
	_, t := low.Dims()
	out := mat.NewDense(a, t, nil)
	for k, m := range p.s.members {
		row := out.RawRowView(k)
		copy(row, low.RawRowView(k))
		for _, b := range m {
			for j, v := range low.RawRowView(a + b) {
				row[j] -= v
			}
		}
	}
	return out
}

// bottoms are the reconciled bottom series of base values y, one per node.
func (p *projector) bottoms(y []float64) []float64 {
	a := p.s.aggregatesOf()
	out := make([]float64, len(p.s.parents))
	copy(out, y[a:])
	if a == 0 {
		return out
	}
	for i, v := range p.correction(y)[a:] {
		out[i] -= v
	}
	return out
}

// correction is W C' K^-1 C y.
func (p *projector) correction(y []float64) []float64 {
	x := mat.NewVecDense(p.s.aggregatesOf(), p.s.gap(y))
	must(p.k.SolveVecTo(x, x))
	return p.w.times(p.s.spread(x.RawVector().Data))
}

// must swallows gonum's warning about the condition number: aggregates of very different
// size make it large without harm, since Cholesky does not depend on their scale.
func must(err error) {
	if _, ok := err.(mat.Condition); err != nil && !ok {
		panic(err)
	}
}

// columns are C W e and K^-1 C W e for some nodes, aggregates x nodes each.
func (p *projector) columns(nodes []int) (y, x *mat.Dense) {
	a := p.s.aggregatesOf()
	y, x = mat.NewDense(a, len(nodes), nil), &mat.Dense{}
	if p.clow != nil {
		_, t := p.clow.Dims()
		rows := mat.NewDense(len(nodes), t, nil)
		for j, n := range nodes {
			rows.SetRow(j, p.w.row(n))
		}
		y.Mul(p.clow, rows.T())
	}
	for j, n := range nodes {
		if n < a {
			y.Set(n, j, y.At(n, j)+p.w.diag[n])
			continue
		}
		for _, k := range p.s.parents[n-a] {
			y.Set(k, j, y.At(k, j)-p.w.diag[n])
		}
	}
	must(p.k.SolveTo(x, y))
	return y, x
}

// block is how many nodes are solved at a time: enough for the matrix product to be fast.
const block = 128

// influences calls f with each node's row of M: how much every base value counts in it.
func (p *projector) influences(nodes []int, f func(j int, row []float64)) {
	a := p.s.aggregatesOf()
	for from := 0; from < len(nodes); from += block {
		some := nodes[from:min(from+block, len(nodes))]
		var x *mat.Dense
		if a > 0 {
			_, x = p.columns(some)
		}
		for j, n := range some {
			row := make([]float64, len(p.s.names))
			if a > 0 {
				row = p.s.spread(mat.Col(nil, j, x))
				for i := range row {
					row[i] = -row[i]
				}
			}
			row[n]++
			f(from+j, row)
		}
	}
}

// variances are those of the reconciled nodes when base errors have covariance
// v: the diagonal of M v M'. Sums of squares throughout, so never negative.
func (p *projector) variances(v *covariance) []float64 {
	out := make([]float64, len(p.s.names))
	all := make([]int, len(out))
	for i := range all {
		all[i] = i
	}
	p.influences(all, func(j int, row []float64) {
		for i, r := range row {
			out[j] += v.diag[i] * r * r
		}
		inner := v.inner(row)
		out[j] += dot(inner, inner)
	})
	return out
}

// inner is low' x; nil without low.
func (c *covariance) inner(x []float64) []float64 {
	if c.low == nil {
		return nil
	}
	_, t := c.low.Dims()
	out := make([]float64, t)
	v := mat.NewVecDense(t, out)
	v.MulVec(c.low.T(), mat.NewVecDense(len(x), x))
	return out
}

// between are the covariances of some reconciled nodes, M v M' at their rows.
func (p *projector) between(v *covariance, nodes []int) *mat.SymDense {
	rows, inner := make([][]float64, len(nodes)), make([][]float64, len(nodes))
	p.influences(nodes, func(j int, row []float64) { rows[j], inner[j] = row, v.inner(row) })
	out := mat.NewSymDense(len(nodes), nil)
	for i := range rows {
		for j := i; j < len(rows); j++ {
			sum := dot(inner[i], inner[j])
			for k, d := range v.diag {
				sum += d * rows[i][k] * rows[j][k]
			}
			out.SetSym(i, j, sum)
		}
	}
	return out
}
