package hierarchy

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// covariance is diag + low low': n numbers and n x T, or no low at all.
type covariance struct {
	diag []float64
	low  *mat.Dense
}

func (c *covariance) row(i int) []float64 {
	if c.low == nil {
		return nil
	}
	return c.low.RawRowView(i)
}

// variance is the i-th number of the whole diagonal.
func (c *covariance) variance(i int) float64 { return c.diag[i] + dot(c.row(i), c.row(i)) }

// at is a single number of the whole.
func (c *covariance) at(i, j int) float64 {
	v := dot(c.row(i), c.row(j))
	if i == j {
		v += c.diag[i]
	}
	return v
}

// times is the whole times x.
func (c *covariance) times(x []float64) []float64 {
	out := make([]float64, len(x))
	var inner []float64
	if c.low != nil {
		_, t := c.low.Dims()
		inner = make([]float64, t)
		for i, v := range x {
			if v != 0 {
				for k, l := range c.row(i) {
					inner[k] += v * l
				}
			}
		}
	}
	for i, v := range x {
		out[i] = c.diag[i]*v + dot(c.row(i), inner)
	}
	return out
}

func dot(a, b []float64) float64 {
	var v float64
	for i := range a {
		v += a[i] * b[i]
	}
	return v
}

// leastLambda keeps the shrunk correlation well away from singular when errors are
// many and alike; it changes correlations in the fourth digit.
const leastLambda = 1e-4

// correlation is lambda I + (1-lambda) Z Z'/T, where Z has unit mean squares: a node's
// errors over their root mean square, 0 where missing.
type correlation struct {
	lambda   float64
	z        *mat.Dense // nodes x T, times sqrt((1-lambda)/T)
	variance []float64  // mean squares of the errors
}

// shrink estimates the correlation of the errors, nodes x T with NaN for missing; each node
// has at least one.
//
// Errors are not centred, as in the source of MinT: a bias is an error too. Lambda is
// sum var(r) / sum r^2 over all pairs of nodes, kept in 1e-4..1, var(r) the estimated
// variance of the mean of T products: sum (w - mean w)^2 / (T (T-1)) (Schaefer & Strimmer
// 2005, target D with standardised data). The sums over pairs come from the T x T products
// of columns and from sums of squares per column, so that n^2 pairs are never listed.
//
// Missing errors count as products of 0. For nodes with n_i and n_j errors and the pairs
// seen together that is r = sum e e / (s s sqrt(n_i n_j)): smaller than over the pairs
// alone, but always a correlation matrix, which pairwise estimates need not be.
func shrink(errors [][]float64) *correlation {
	n, t := len(errors), len(errors[0])
	c := &correlation{z: mat.NewDense(n, t, nil), variance: make([]float64, n)}
	for i, es := range errors {
		c.variance[i] = standardise(es, c.z.RawRowView(i))
	}
	c.lambda = lambda(c.z)
	c.z.Scale(math.Sqrt((1-c.lambda)/float64(t)), c.z)
	return c
}

// standardise writes errors with mean square 1 over all T, and returns the mean square of
// those seen. Errors that are all 0 stay so.
func standardise(es, to []float64) float64 {
	var most, squares float64
	seen := 0
	for _, e := range es {
		if !math.IsNaN(e) {
			seen++
			most = max(most, math.Abs(e))
		}
	}
	if most == 0 {
		return 0
	}
	for _, e := range es {
		if !math.IsNaN(e) {
			squares += (e / most) * (e / most)
		}
	}
	scale := math.Sqrt(float64(len(es)) / squares)
	for k, e := range es {
		if !math.IsNaN(e) {
			to[k] = e / most * scale
		}
	}
	return squares / float64(seen) * most * most
}

// lambda of standardised errors; 1 when there are no correlations, or a single error.
func lambda(z *mat.Dense) float64 {
	n, t := z.Dims()
	if t < 2 {
		return 1
	}
	var gram mat.Dense
	gram.Mul(z.T(), z)
	f := float64(t)
	products := sumSquares(gram.RawMatrix().Data) // sum over i, j of (sum_t z z)^2
	fourth := 0.0                                 // sum over i, j, t of (z z)^2
	for k := range t {
		fourth += gram.At(k, k) * gram.At(k, k)
	}
	for i := range n { // less i = j
		row := z.RawRowView(i)
		own := sumSquares(row)
		products -= own * own
		for _, v := range row {
			fourth -= v * v * v * v
		}
	}
	variances := (fourth - products/f) / (f * (f - 1))
	squares := products / (f * f)
	if squares <= 1e-12*float64(n) {
		return 1
	}
	return min(1, max(leastLambda, variances/squares))
}

func sumSquares(v []float64) float64 { return dot(v, v) }

// scaled is the covariance with these variances, one per node. Nodes without errors other
// than 0 have no correlations.
func (c *correlation) scaled(variance []float64) *covariance {
	n, t := c.z.Dims()
	out := &covariance{diag: make([]float64, n), low: mat.NewDense(n, t, nil)}
	for i, v := range variance {
		if c.variance[i] == 0 {
			out.diag[i] = v
			continue
		}
		out.diag[i] = c.lambda * v
		s := math.Sqrt(v)
		for k, z := range c.z.RawRowView(i) {
			out.low.Set(i, k, s*z)
		}
	}
	return out
}
