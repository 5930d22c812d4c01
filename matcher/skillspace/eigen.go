package skillspace

import (
	"cmp"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// eigenpairs are the leading ones of a symmetric matrix, best first.
type eigenpairs struct {
	values   []float64
	vectors  []float64 // n x len(values), by rows
	residual []float64 // |A v - lambda v| / |lambda_1| of each, measured at the end
	products int       // columns that A was multiplied with
	restarts int
}

const (
	eigenBlock = 32  // columns that A is multiplied with at once
	eigenFresh = 8   // new random ones that join them after the first round
	eigenSpare = 128 // columns of the basis beside twice the pairs asked for
	eigenTries = 12  // restarts
	eigenDense = 400 // up to this size the matrix is small enough to be solved whole
	rowPiece   = 1024
)

// errNumbers is what should never be: the small dense problem has no solution.
var errNumbers = errors.New("the small eigenvalue problem did not converge")

// leading finds the k largest eigenpairs of a, k or fewer when there are no more, by a
// randomized block Krylov method: the space of X, AX, A^2 X ... of a random block X
// (Halko, Martinsson, Shkolnisky and Tygert 2011; Musco and Musco 2015), kept
// orthonormal throughout, and the best approximations that it holds (Rayleigh-Ritz).
// When the space is full it starts again from the best vectors found and the residual
// block (a thick restart), so that memory stays bounded; the first time some new random
// columns join, which find what the first block missed, such as copies of one
// eigenvalue. It ends, at the earliest after one restart, when every positive pair
// asked for has a residual below tol |lambda_1|, else after eigenTries restarts:
// whoever uses a pair looks at its residual.
//
// Against subspace iteration on one block the same products give polynomials of every
// degree at once, so a small part of the work reaches the same residual.
func leading(ctx context.Context, a *csr, k int, tol float64, seed uint64) (*eigenpairs, error) {
	if k = min(k, a.n); k == 0 {
		return &eigenpairs{}, nil
	}
	if a.n <= eigenDense {
		return dense(a, k)
	}
	return krylov(ctx, a, k, tol, seed)
}

// dense solves a small matrix whole.
func dense(a *csr, k int) (*eigenpairs, error) {
	m := mat.NewSymDense(a.n, nil)
	for i := range a.n {
		cols, vals := a.row(i)
		for p, c := range cols {
			m.SetSym(i, int(c), float64(vals[p]))
		}
	}
	values, vectors, err := solve(m)
	if err != nil {
		return nil, err
	}
	e := &eigenpairs{values: values[:k], vectors: make([]float64, a.n*k)}
	for i := range a.n {
		for j := range k {
			e.vectors[i*k+j] = vectors.At(i, j)
		}
	}
	e.measure(a)
	return e, nil
}

// solve is the eigendecomposition of a small symmetric matrix, largest values first.
func solve(m *mat.SymDense) ([]float64, *mat.Dense, error) {
	var eig mat.EigenSym
	if !eig.Factorize(m, true) {
		return nil, nil, errNumbers
	}
	values := eig.Values(nil)
	var ascending mat.Dense
	eig.VectorsTo(&ascending)
	slices.Reverse(values)
	n := len(values)
	vectors := mat.NewDense(n, n, nil)
	for i := range n {
		for j := range n {
			vectors.Set(i, j, ascending.At(i, n-1-j))
		}
	}
	return values, vectors, nil
}

// basis is an orthonormal basis under construction, with the matrix seen in it.
type basis struct {
	n, m, cap int
	q         []float64 // n x cap by rows, m columns used
	t         *mat.Dense
}

func krylov(ctx context.Context, a *csr, k int, tol float64, seed uint64) (*eigenpairs, error) {
	n := a.n
	size := min(n, 2*k+eigenSpare)
	keep := max(1, min(k+eigenBlock, size-eigenSpare/2)) // over a restart
	b := &basis{n: n, cap: size, q: make([]float64, n*size), t: mat.NewDense(size, size, nil)}
	e := &eigenpairs{}
	fresh := func(width int) []float64 {
		// Rows are drawn in order, so the numbers depend on the seed alone.
		r := rand.New(rand.NewPCG(seed, uint64(e.restarts)<<32|uint64(b.m)))
		w := make([]float64, n*width)
		for i := range w {
			w[i] = r.NormFloat64()
		}
		return w
	}
	block, width := b.orthonormal(fresh(eigenBlock), eigenBlock)
	for {
		var rest []float64 // what A times the last block has outside the basis
		var restWidth int
		for {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			lo := b.m
			b.add(block, width)
			rest, restWidth = make([]float64, n*width), width
			a.mul(rest, block, width)
			e.products += width
			b.project(rest, width, lo)
			block, width = b.orthonormal(slices.Clone(rest), width)
			if width == 0 { // nothing outside: another part of the space, if there is one
				block, width = b.orthonormal(fresh(eigenBlock), eigenBlock)
			}
			if width == 0 || b.m+width > b.cap {
				break
			}
		}
		values, s, err := b.ritz()
		if err != nil {
			return nil, err
		}
		last := b.m - restWidth
		limit := tol * max(math.Abs(values[0]), math.Abs(values[b.m-1]))
		worst := 0.0
		for j, r := range residuals(rest, restWidth, s, last, min(k, b.m)) {
			if values[j] > limit { // those about zero are of no use, and inside the spectrum hard to find
				worst = max(worst, r)
			}
		}
		// The first round has seen one random block only; a restart brings another.
		if b.m == n || worst <= limit/2 && e.restarts > 0 || e.restarts == eigenTries {
			k = min(k, b.m)
			e.values = values[:k]
			e.vectors = b.rotate(s, k)
			e.measure(a)
			return e, nil
		}
		b.restart(b.rotate(s, min(keep, b.m)), values[:min(keep, b.m)])
		if e.restarts++; e.restarts == 1 {
			rest = beside(rest, restWidth, fresh(eigenFresh), eigenFresh, n)
			restWidth += eigenFresh
		}
		if block, width = b.orthonormal(rest, restWidth); width == 0 {
			block, width = b.orthonormal(fresh(eigenBlock), eigenBlock)
		}
	}
}

// add appends a block of orthonormal columns.
func (b *basis) add(block []float64, width int) {
	parallel(b.n, rowPiece, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			copy(b.q[i*b.cap+b.m:], block[i*width:(i+1)*width])
		}
	})
	b.m += width
}

// project takes from w = A q(lo..m) its part inside the basis, and notes that part as
// the columns lo..m of the matrix seen in the basis.
func (b *basis) project(w []float64, width, lo int) {
	c := b.inner(w, width)
	b.subtract(w, width, c)
	for i := range b.m {
		for j := range width {
			b.t.Set(i, lo+j, c.At(i, j))
			b.t.Set(lo+j, i, c.At(i, j))
		}
	}
}

// inner is Q' w, m x width. Pieces are summed in their order.
func (b *basis) inner(w []float64, width int) *mat.Dense {
	return pieceSum(b.n, b.m, width, func(lo, hi int, c blas64.General) {
		blas64.Gemm(blas.Trans, blas.NoTrans, 1,
			blas64.General{Rows: hi - lo, Cols: b.m, Stride: b.cap, Data: b.q[lo*b.cap:]},
			blas64.General{Rows: hi - lo, Cols: width, Stride: width, Data: w[lo*width:]}, 0, c)
	})
}

// pieceSum adds up one rows x cols matrix for each piece of 0..n, in order.
func pieceSum(n, rows, cols int, f func(lo, hi int, c blas64.General)) *mat.Dense {
	parts := make([]*mat.Dense, (n+rowPiece-1)/rowPiece)
	parallel(n, rowPiece, func(lo, hi int) {
		p := mat.NewDense(rows, cols, nil)
		f(lo, hi, p.RawMatrix())
		parts[lo/rowPiece] = p
	})
	sum := parts[0]
	for _, p := range parts[1:] {
		sum.Add(sum, p)
	}
	return sum
}

// subtract sets w -= Q c.
func (b *basis) subtract(w []float64, width int, c *mat.Dense) {
	parallel(b.n, rowPiece, func(lo, hi int) {
		blas64.Gemm(blas.NoTrans, blas.NoTrans, -1,
			blas64.General{Rows: hi - lo, Cols: b.m, Stride: b.cap, Data: b.q[lo*b.cap:]}, c.RawMatrix(), 1,
			blas64.General{Rows: hi - lo, Cols: width, Stride: width, Data: w[lo*width:]})
	})
}

// rotate is Q times the first k columns of s.
func (b *basis) rotate(s *mat.Dense, k int) []float64 {
	out := make([]float64, b.n*k)
	raw := s.RawMatrix()
	parallel(b.n, rowPiece, func(lo, hi int) {
		blas64.Gemm(blas.NoTrans, blas.NoTrans, 1,
			blas64.General{Rows: hi - lo, Cols: b.m, Stride: b.cap, Data: b.q[lo*b.cap:]},
			blas64.General{Rows: b.m, Cols: k, Stride: raw.Stride, Data: raw.Data}, 0,
			blas64.General{Rows: hi - lo, Cols: k, Stride: k, Data: out[lo*k:]})
	})
	return out
}

// ritz solves the matrix as seen in the basis.
func (b *basis) ritz() ([]float64, *mat.Dense, error) {
	t := mat.NewSymDense(b.m, nil)
	for i := range b.m {
		for j := i; j < b.m; j++ {
			t.SetSym(i, j, b.t.At(i, j))
		}
	}
	return solve(t)
}

// restart makes the basis the given k Ritz vectors, in which A is diagonal.
func (b *basis) restart(v, values []float64) {
	b.m = 0
	b.t.Zero()
	b.add(v, len(values))
	for i := range values {
		b.t.Set(i, i, values[i])
	}
}

// residuals are |A v - theta v| of the first k Ritz vectors. All of A Q that is
// outside the basis comes from the last block, as rest.
func residuals(rest []float64, width int, s *mat.Dense, last, k int) []float64 {
	n := len(rest) / width
	g := gram(rest, n, width)
	out := make([]float64, k)
	for j := range out {
		sum := 0.0
		for x := range width {
			for y := range width {
				sum += s.At(last+x, j) * g.At(x, y) * s.At(last+y, j)
			}
		}
		out[j] = math.Sqrt(max(0, sum))
	}
	return out
}

func gram(w []float64, n, width int) *mat.Dense {
	return pieceSum(n, width, width, func(lo, hi int, c blas64.General) {
		piece := blas64.General{Rows: hi - lo, Cols: width, Stride: width, Data: w[lo*width:]}
		blas64.Gemm(blas.Trans, blas.NoTrans, 1, piece, piece, 0, c)
	})
}

// orthonormal makes of w's columns orthonormal ones that are also orthogonal to the
// basis, by the eigenvectors of their Gram matrix (Stathopoulos and Wu 2002),
// twice over. Columns that depend on others or lie inside the basis are left out, so
// there may be fewer, or none. w is used up.
func (b *basis) orthonormal(w []float64, width int) ([]float64, int) {
	for pass := range 2 {
		if b.m > 0 {
			b.subtract(w, width, b.inner(w, width))
		}
		g := gram(w, b.n, width)
		// After the first pass columns have length 1: one that loses half of it to the
		// basis was rounding noise, made large by the pass before.
		least := 0.0
		if pass > 0 {
			least = .25
		}
		var outside []int
		for i := range width {
			if g.At(i, i) > least {
				outside = append(outside, i)
			}
		}
		k := min(len(outside), b.n-b.m)
		if k == 0 {
			return nil, 0
		}
		unit := mat.NewSymDense(len(outside), nil)
		for x, i := range outside {
			for y := x; y < len(outside); y++ {
				j := outside[y]
				unit.SetSym(x, y, g.At(i, j)/math.Sqrt(g.At(i, i)*g.At(j, j)))
			}
		}
		values, vectors, err := solve(unit)
		if err != nil {
			return nil, 0
		}
		kept := 0
		for kept < k && values[kept] > 1e-12*values[0] {
			kept++
		}
		turn := mat.NewDense(width, kept, nil)
		for x, i := range outside {
			for j := range kept {
				turn.Set(i, j, vectors.At(x, j)/math.Sqrt(g.At(i, i)*values[j]))
			}
		}
		w, width = times(w, b.n, width, turn), kept
	}
	return w, width
}

// times is w turn for a block w of n rows.
func times(w []float64, n, width int, turn *mat.Dense) []float64 {
	_, k := turn.Dims()
	out := make([]float64, n*k)
	parallel(n, rowPiece, func(lo, hi int) {
		blas64.Gemm(blas.NoTrans, blas.NoTrans, 1,
			blas64.General{Rows: hi - lo, Cols: width, Stride: width, Data: w[lo*width:]}, turn.RawMatrix(), 0,
			blas64.General{Rows: hi - lo, Cols: k, Stride: k, Data: out[lo*k:]})
	})
	return out
}

// beside puts two blocks side by side.
func beside(x []float64, xw int, y []float64, yw, n int) []float64 {
	out := make([]float64, n*(xw+yw))
	for i := range n {
		copy(out[i*(xw+yw):], x[i*xw:(i+1)*xw])
		copy(out[i*(xw+yw)+xw:], y[i*yw:(i+1)*yw])
	}
	return out
}

// measure fixes the signs (the largest entry of a vector is positive, of equal ones
// the first) and works out what is left of A v - lambda v.
func (e *eigenpairs) measure(a *csr) {
	k := len(e.values)
	e.residual = make([]float64, k)
	for j := range k {
		most := 0.0
		for i := range a.n {
			if v := e.vectors[i*k+j]; math.Abs(v) > math.Abs(most) {
				most = v
			}
		}
		if most < 0 {
			for i := range a.n {
				e.vectors[i*k+j] = -e.vectors[i*k+j]
			}
		}
	}
	av := make([]float64, a.n*k)
	a.mul(av, e.vectors, k)
	e.products += k
	for i := range a.n {
		for j := range k {
			d := av[i*k+j] - e.values[j]*e.vectors[i*k+j]
			e.residual[j] += d * d
		}
	}
	first := 0.0
	if k > 0 {
		first = math.Abs(slices.MaxFunc(e.values, func(x, y float64) int { return cmp.Compare(math.Abs(x), math.Abs(y)) }))
	}
	for j := range k {
		e.residual[j] = math.Sqrt(e.residual[j])
		if first > 0 {
			e.residual[j] /= first
		}
	}
}
