package arima

import "math"

// minimizer is a Levenberg-Marquardt search for the x of least squared residuals
// of one likelihood. Derivatives are forward differences once, then Broyden's
// rank-one updates until those stop helping: an evaluation costs far more than an
// update. Sources: Marquardt, SIAM Journal on Applied Mathematics 11, 1963;
// Broyden, Mathematics of Computation 19, 1965.
type minimizer struct {
	n, k     int
	x, trial []float64
	res, new []float64
	jac      []float64 // column j at j*n
	normal   []float64 // k*k, J'J
	chol     []float64
	grad     []float64
	step     []float64
}

func newMinimizer(n, k int) *minimizer {
	return &minimizer{
		x: make([]float64, k), trial: make([]float64, k),
		res: make([]float64, n), new: make([]float64, n), jac: make([]float64, n*k),
		normal: make([]float64, k*k), chol: make([]float64, k*k),
		grad: make([]float64, k), step: make([]float64, k), n: n,
	}
}

const (
	differenceStep = 1e-6 // the square root of rounding in residuals of size 1, times 100
	maxStep        = 1.5  // of one x in one move: tanh saturates beyond
)

// effort says how hard a minimizer works.
type effort struct {
	rounds int     // moves tried at most
	tol    float64 // it stops when the sum of squares falls by less than this fraction
	// sure makes it stop on fresh derivatives only. Without, it may stop where
	// Broyden's no longer help, a little short of the minimum.
	sure bool
	// bar is the sum of squares that must be reached for the result to matter, 0
	// for any. A run that promises to stay above it ends early.
	bar float64
}

// run starts from x[:k] and leaves the best x there, and the likelihood evaluated at
// it. With warm it begins with the derivatives left by the run before, of a
// likelihood whose residuals are much the same.
func (m *minimizer) run(l *likelihood, k int, how effort, warm bool) {
	m.k = k
	best := m.eval(l, m.x[:k], m.res)
	if k == 0 {
		return
	}
	damp, fresh := 1e-3, false
	if !warm {
		m.derivatives(l)
		fresh = true
	}
	last := true // the likelihood stands at x
	for round := 0; round < how.rounds && best > 0; round++ {
		m.prepare()
		if !m.solve(damp) {
			damp *= 10
			continue
		}
		if how.bar > 0 && best-hope*m.promise() > how.bar {
			break
		}
		sum := m.eval(l, m.trial[:k], m.new)
		last = false
		gain := (best - sum) / best
		if gain > 0 {
			m.accept()
			best, last = sum, true
			damp = math.Max(damp/8, 1e-9)
		}
		switch {
		case gain >= how.tol:
			fresh = false
		case fresh && (gain > -how.tol || damp > 1e4), !fresh && !how.sure && gain > -how.tol:
			round = how.rounds
		case fresh && !(gain > 0):
			damp *= 8
		default:
			m.derivatives(l)
			fresh, last = true, false
		}
	}
	if !last {
		m.eval(l, m.x[:k], m.new)
	}
}

// hope is how many times the promised fall a run may bring before it is given up:
// the first promise comes from the derivatives of another likelihood.
const hope = 15

// promise is how far the sum of squares should fall by the undamped move: for
// residuals r, derivatives J and move s it is -r'J s.
func (m *minimizer) promise() float64 {
	s := 0.0
	for j := range m.k {
		s -= m.grad[j] * m.step[j]
	}
	return s
}

// accept makes trial the new x.
func (m *minimizer) accept() {
	m.broyden()
	m.x, m.trial = m.trial, m.x
	m.res, m.new = m.new, m.res
}

func (m *minimizer) eval(l *likelihood, x, out []float64) float64 {
	l.residuals(x, out)
	s := 0.0
	for _, v := range out {
		s += v * v
	}
	if math.IsNaN(s) {
		return math.Inf(1)
	}
	return s
}

// derivatives fills jac at x, whose residuals are res.
func (m *minimizer) derivatives(l *likelihood) {
	k := m.k
	copy(m.trial[:k], m.x[:k])
	for j := range k {
		h := differenceStep
		if m.x[j] > 0 {
			h = -h // towards the middle, where tanh is steeper
		}
		m.trial[j] = m.x[j] + h
		m.eval(l, m.trial[:k], m.new)
		m.trial[j] = m.x[j]
		col := m.jac[j*m.n:][:m.n]
		for i, v := range m.new {
			col[i] = (v - m.res[i]) / h
		}
	}
}

// broyden corrects jac by the move just made from x to trial.
func (m *minimizer) broyden() {
	k, size := m.k, 0.0
	for j := range k {
		m.step[j] = m.trial[j] - m.x[j]
		size += m.step[j] * m.step[j]
	}
	if !(size > 1e-20) {
		return
	}
	// res is overwritten with what the linear model missed; the caller drops it next.
	for i, v := range m.new {
		m.res[i] = v - m.res[i]
	}
	for j := range k {
		col := m.jac[j*m.n:][:m.n]
		for i, c := range col {
			m.res[i] -= c * m.step[j]
		}
	}
	for j := range k {
		f := m.step[j] / size
		col := m.jac[j*m.n:][:m.n]
		for i, r := range m.res {
			col[i] += r * f
		}
	}
}

// prepare fills normal and grad.
func (m *minimizer) prepare() {
	k := m.k
	for i := range k {
		a := m.jac[i*m.n:][:m.n]
		m.grad[i] = dot(a, m.res)
		for j := 0; j <= i; j++ {
			m.normal[i*k+j] = dot(a, m.jac[j*m.n:][:m.n])
		}
	}
}

// solve writes the damped Gauss-Newton move from x into trial, and reports whether
// the equations could be solved.
func (m *minimizer) solve(damp float64) bool {
	k, c := m.k, m.chol
	top := 0.0
	for i := range k {
		top = math.Max(top, m.normal[i*k+i])
	}
	for i := range k {
		for j := 0; j <= i; j++ {
			s := m.normal[i*k+j]
			if i == j {
				s += damp*s + 1e-12*top
			}
			for t := range j {
				s -= c[i*k+t] * c[j*k+t]
			}
			switch {
			case i != j:
				c[i*k+j] = s / c[j*k+j]
			case s > 0:
				c[i*k+i] = math.Sqrt(s)
			default:
				return false
			}
		}
	}
	m.substitute()
	for j := range k {
		d := math.Max(-maxStep, math.Min(maxStep, m.step[j]))
		m.trial[j] = math.Max(-limitX, math.Min(limitX, m.x[j]+d))
	}
	return true
}

// substitute solves chol chol' step = -grad.
func (m *minimizer) substitute() {
	k, c, s := m.k, m.chol, m.step
	for i := range k {
		v := -m.grad[i]
		for t := range i {
			v -= c[i*k+t] * s[t]
		}
		s[i] = v / c[i*k+i]
	}
	for i := k - 1; i >= 0; i-- {
		v := s[i]
		for t := i + 1; t < k; t++ {
			v -= c[t*k+i] * s[t]
		}
		s[i] = v / c[i*k+i]
	}
}
