package arima

import "math"

// bandFactor is the factorisation L R L' of the covariance of w, with w[t] = z[t]
// for t < p and w[t] = phi(B) z[t] after. Beyond the first p rows the covariance
// has q bands, so a row costs q^2 and the rest is skipped. Source: Ansley, "An
// algorithm for the exact likelihood of a mixed autoregressive-moving average
// process", Biometrika 66, 1979; covariances as in Brockwell and Davis, Time
// Series: Theory and Methods, section 5.3.
//
// Departure: once the variance of a row is the shock variance to 1e-11, rows have
// converged to theta and are no longer computed.
type bandFactor struct {
	p, q, stride int
	rows         []float64 // row i holds columns first(i)..i-1
	r            []float64 // variances of the innovations, at least 1
	root         []float64 // 1/sqrt(r)
	tmp          []float64
	settled      int   // rows from here on are theta with variance 1
	lags         []lag // theta, for the settled rows
	logDet       float64
}

const settledLevel = 1e-11

// reserve makes room for n rows at orders p and q.
func (f *bandFactor) reserve(n, p, q int) {
	f.stride = max(p, q)
	f.rows = make([]float64, n*f.stride)
	f.r, f.root = make([]float64, n), make([]float64, n)
	f.tmp = make([]float64, f.stride)
}

// first is the first column of row i that may differ from zero.
func (f *bandFactor) first(i int) int {
	if i < f.p {
		return 0
	}
	return max(0, i-f.q)
}

// row returns row i left of the diagonal, starting at column first(i).
func (f *bandFactor) row(i int) []float64 {
	return f.rows[i*f.stride:][:i-f.first(i)]
}

// run factors n rows. head, cross and cov are what likelihood.covariances fills.
func (f *bandFactor) run(n, p int, head, cross, cov []float64, lags []lag) {
	f.p, f.q, f.lags, f.settled = p, len(cov)-1, lags, n
	f.logDet = 0
	product := 1.0
	for i := range n {
		f.fill(i, head, cross, cov)
		diagonal := cov[0]
		if i < p {
			diagonal = head[0]
		}
		diagonal = f.reduce(i, diagonal)
		f.r[i] = diagonal
		f.root[i] = 1 / math.Sqrt(diagonal)
		// One logarithm for many rows.
		if product *= diagonal; product > 1e100 {
			f.logDet += math.Log(product)
			product = 1
		}
		if i >= p && i >= f.q && diagonal-1 < settledLevel {
			f.settle(i+1, n)
			break
		}
	}
	f.logDet += math.Log(product)
}

// fill writes the covariances of w[i] with the columns of its row into tmp.
func (f *bandFactor) fill(i int, head, cross, cov []float64) {
	lo := f.first(i)
	g, c, split := f.tmp[:i-lo], cov, 0
	if i < f.p {
		c = head
	} else {
		split = max(0, min(f.p, i)-lo)
	}
	for j := range g[:split] {
		g[j] = cross[i-lo-j]
	}
	for j := split; j < len(g); j++ {
		g[j] = c[i-lo-j]
	}
}

// reduce eliminates the columns of row i, held in tmp, stores the row and returns
// the variance of its innovation.
func (f *bandFactor) reduce(i int, diagonal float64) float64 {
	lo := f.first(i)
	row, g := f.row(i), f.tmp[:i-lo]
	for j := 1; j < len(g); j++ {
		l := f.row(lo + j)
		g[j] -= dot(g[:j], l[len(l)-j:])
	}
	root := f.root[lo:][:len(g)]
	for j, v := range g {
		u := v * root[j]
		row[j] = u * root[j]
		diagonal -= u * u
	}
	// Rounding may take a variance below that of the shock, which is the least.
	return math.Max(diagonal, 1)
}

// settle marks the rows from from on as theta.
func (f *bandFactor) settle(from, n int) {
	f.settled = from
	for i := from; i < n; i++ {
		f.r[i], f.root[i] = 1, 1
	}
}

func dot(a, b []float64) float64 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float64
	i := 0
	for ; i+4 <= len(a); i += 4 {
		x, y := a[i:i+4:i+4], b[i:i+4:i+4]
		s0 += x[0] * y[0]
		s1 += x[1] * y[1]
		s2 += x[2] * y[2]
		s3 += x[3] * y[3]
	}
	for ; i < len(a); i++ {
		s0 += a[i] * b[i]
	}
	return s0 + s1 + s2 + s3
}

// solve turns w into its innovations in place.
func (f *bandFactor) solve(w []float64) {
	for i := range w {
		if i >= f.settled {
			filterMA(w, 0, i, f.lags)
			return
		}
		row := f.row(i)
		w[i] -= dot(row, w[i-len(row):i])
	}
}
