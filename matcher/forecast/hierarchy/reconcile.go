package hierarchy

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// Method is where the weights W come from.
type Method string

const (
	// Auto is MinT with enough errors, else WLSVariance with variances, else
	// WLSStructural.
	Auto Method = "auto"
	// MinT has the shrunk covariance of the errors, with Variances for its diagonal if
	// they are given.
	MinT Method = "mint_shrink"
	// WLSVariance has its diagonal only: the variances, or the mean squares of the errors.
	WLSVariance Method = "wls_variance"
	// WLSStructural takes a node's variance to be the number of bottom series it sums:
	// right when those are alike and independent. Athanasopoulos, Hyndman, Kourentzes &
	// Petropoulos, "Forecasting with Temporal Hierarchies", EJOR 262 (2017).
	WLSStructural Method = "wls_structural"
	// OLS weighs all nodes alike. Hyndman, Ahmed, Athanasopoulos & Shang (2011).
	OLS Method = "ols"
)

// Input is what is known before reconciliation, one row per node in the order of
// Structure.Nodes.
type Input struct {
	Base [][]float64 // nodes x H, H >= 1: base forecasts, finite
	// Errors are one-step errors of the past, nodes x T, NaN for missing, columns the
	// same times for all nodes; nil for none.
	Errors [][]float64
	// Variances of the base forecasts, nodes x H, >= 0; nil when they are not known. They
	// carry the growth of uncertainty with the horizon.
	Variances [][]float64
}

// Options of Reconcile.
type Options struct {
	Method      Method
	MinErrors   int  // errors a node must have for MinT, >= 2
	NonNegative bool // no mean below 0
	Round       bool // means in whole numbers, after all else
}

// DefaultOptions take what the data allow, and six errors as enough: then a variance is
// known to within about 60 %, which shrinking over all pairs can bear. Our judgement.
func DefaultOptions() Options { return Options{Method: Auto, MinErrors: 6} }

// Code names a note for programs.
type Code string

const (
	TooFewErrors Code = "too_few_errors" // a node has fewer than MinErrors
	Missing      Code = "missing_errors" // some errors are missing and count as uncorrelated
	ZeroVariance Code = "zero_variance"  // some nodes have variance 0 and are held all but fixed
	AllZero      Code = "all_zero"       // all have; weights are those of the structure
	OneStep      Code = "one_step"       // deviations are those of one step at every horizon
	NoDeviation  Code = "no_deviation"   // neither errors nor variances: no deviations
	Ridged       Code = "ridged"         // weights were singular and had to be disturbed
)

// Note is something to know about a result, as a code and as a sentence.
type Note struct {
	Code Code
	Text string
}

// Result holds coherent forecasts, rows in the order of Structure.Nodes.
type Result struct {
	Method Method   // used; never Auto
	Lambda *float64 // shrinkage, 0..1, of MinT
	Notes  []Note

	Mean   [][]float64 // nodes x H; aggregates are exactly Structure.Sum of the bottom series
	Bottom [][]float64 // its last rows
	// Std are standard deviations of the means' errors, nodes x H; nil when neither
	// errors nor variances are known. Those of MinT take W for the truth. Bounds and
	// rounding do not change them.
	Std [][]float64

	horizons []horizon
}

// horizon is how one horizon was weighed, and what is believed of its base errors.
type horizon struct {
	p       *projector
	believe *covariance // nil when nothing is known
	scale   float64     // factor of the variances believed
}

// Reconcile makes base forecasts coherent. It fails, naming the node, when a row is missing
// or of another length, when a number is not finite or a variance negative, when the
// method asked for lacks its data (Auto never does), and when options are out of range.
func Reconcile(s *Structure, in Input, o Options) (*Result, error) {
	if err := check(s, &in, &o); err != nil {
		return nil, err
	}
	r := &reconciling{s: s, in: &in, o: &o, out: &Result{Method: o.Method}}
	if err := r.choose(); err != nil {
		return nil, err
	}
	if err := r.prepare(); err != nil {
		return nil, err
	}
	if err := r.means(); err != nil {
		return nil, err
	}
	r.deviations()
	return r.out, nil
}

// Covariance is that of some nodes' coherent forecasts at a horizon, 0-based, in the order
// given. It fails when nothing is known about errors or a number is out of range. It
// takes a^2 + n steps per node and n per pair.
func (r *Result) Covariance(h int, nodes []int) (*mat.SymDense, error) {
	if h < 0 || h >= len(r.horizons) {
		return nil, fmt.Errorf("hierarchy: there is no horizon %d among %d", h, len(r.horizons))
	}
	if r.Std == nil {
		return nil, fmt.Errorf("hierarchy: there are neither errors nor variances, so no covariances")
	}
	if len(nodes) == 0 {
		return nil, fmt.Errorf("hierarchy: covariances of no nodes were asked for")
	}
	for _, n := range nodes {
		if n < 0 || n >= len(r.Mean) {
			return nil, fmt.Errorf("hierarchy: there is no node %d among %d", n, len(r.Mean))
		}
	}
	z := &r.horizons[h]
	v := z.p.between(z.believe, nodes)
	v.ScaleSym(z.scale, v)
	return v, nil
}

// reconciling is one run.
type reconciling struct {
	s    *Structure
	in   *Input
	o    *Options
	corr *correlation // with enough errors
	out  *Result
}

func (r *reconciling) note(code Code, format string, args ...any) {
	r.out.Notes = append(r.out.Notes, Note{code, fmt.Sprintf(format, args...)})
}

// choose estimates the correlation if it can, and settles the method.
func (r *reconciling) choose() error {
	if r.in.Errors != nil {
		r.estimate()
	}
	switch {
	case r.o.Method == Auto && r.corr != nil:
		r.out.Method = MinT
	case r.o.Method == Auto && r.in.Variances != nil:
		r.out.Method = WLSVariance
	case r.o.Method == Auto:
		r.out.Method = WLSStructural
	case r.o.Method == MinT && r.corr == nil:
		return fmt.Errorf("hierarchy: %s needs at least %d errors of every node", MinT, r.o.MinErrors)
	case r.o.Method == WLSVariance && r.corr == nil && r.in.Variances == nil:
		return fmt.Errorf("hierarchy: %s needs variances, or at least %d errors of every node", WLSVariance, r.o.MinErrors)
	}
	if r.corr == nil && r.in.Variances == nil {
		r.note(NoDeviation, "Neither errors nor variances are known, so there are no standard deviations.")
	}
	if r.corr != nil && r.in.Variances == nil && len(r.in.Base[0]) > 1 {
		r.note(OneStep, "Variances by horizon are not known: standard deviations are those of one step ahead at all %d horizons.", len(r.in.Base[0]))
	}
	return nil
}

// estimate sets corr when every node has enough errors.
func (r *reconciling) estimate() {
	missing, short, first, few := 0, 0, 0, 0
	for i, es := range r.in.Errors {
		seen := 0
		for _, e := range es {
			if !math.IsNaN(e) {
				seen++
			}
		}
		missing += len(es) - seen
		if seen < r.o.MinErrors {
			if short == 0 {
				first, few = i, seen
			}
			short++
		}
	}
	if short > 0 {
		r.note(TooFewErrors, "%d of %d nodes have fewer than %d errors, first %q with %d: covariances cannot be estimated.",
			short, len(r.s.names), r.o.MinErrors, r.s.names[first], few)
		return
	}
	if missing > 0 {
		r.note(Missing, "%d of %d errors are missing; where one of two is, the pair counts as uncorrelated.",
			missing, len(r.s.names)*len(r.in.Errors[0]))
	}
	r.corr = shrink(r.in.Errors)
}

// prepare makes the projector of every horizon, once for those whose variances are in
// proportion.
func (r *reconciling) prepare() error {
	if r.out.Method == MinT {
		l := r.corr.lambda
		r.out.Lambda = &l
	}
	for h := range r.in.Base[0] {
		z := horizon{scale: 1}
		if k, ok := r.proportion(h); ok {
			z = r.out.horizons[0]
			z.scale = k
		} else if err := r.weigh(h, &z); err != nil {
			return err
		}
		r.out.horizons = append(r.out.horizons, z)
	}
	return nil
}

// proportion is the factor from the first horizon's variances to those of h, if one factor
// fits all nodes.
func (r *reconciling) proportion(h int) (float64, bool) {
	vs := r.in.Variances
	if h == 0 || vs == nil {
		return 1, h > 0
	}
	factor := 0.0
	for i := range vs {
		a, b := vs[i][0], vs[i][h]
		if a == 0 && b == 0 {
			continue
		}
		if a == 0 || b == 0 {
			return 0, false
		}
		if factor == 0 {
			factor = b / a
		}
		if math.Abs(b-factor*a) > 1e-12*b {
			return 0, false
		}
	}
	if factor == 0 { // all are 0 at both
		factor = 1
	}
	return factor, true
}

// weigh sets belief and projector of a horizon.
func (r *reconciling) weigh(h int, z *horizon) error {
	z.believe = r.belief(h)
	w := r.weights(z.believe, h)
	p, ridged, err := newProjector(r.s, w)
	if err != nil {
		return err
	}
	if ridged {
		r.note(Ridged, "The weights at horizon %d are singular up to rounding; one part in 10^10 was added.", h)
	}
	z.p = p
	return nil
}

// belief is the covariance of base errors at a horizon; nil when nothing is known.
func (r *reconciling) belief(h int) *covariance {
	var v []float64
	switch {
	case r.in.Variances != nil:
		v = make([]float64, len(r.s.names))
		for i := range v {
			v[i] = r.in.Variances[i][h]
		}
	case r.corr != nil:
		v = r.corr.variance
	default:
		return nil
	}
	if r.corr == nil {
		return &covariance{diag: v}
	}
	return r.corr.scaled(v)
}

// weights are W of the method.
func (r *reconciling) weights(believe *covariance, h int) *covariance {
	n := len(r.s.names)
	if r.out.Method == MinT || r.out.Method == WLSVariance {
		if w := r.floored(believe, h); w != nil {
			return w
		}
	}
	w := &covariance{diag: make([]float64, n)}
	for i := range w.diag {
		w.diag[i] = 1
		if i < len(r.s.members) && r.out.Method != OLS {
			w.diag[i] = float64(len(r.s.members[i]))
		}
	}
	return w
}

// leastVariance is how small a variance may be against those beside it.
const leastVariance = 1e-8

// floored is the belief as weights, the diagonal alone for WLSVariance. A bottom series
// has at least 1e-8 of the smallest variance above 0, an aggregate at least 1e-8 of what
// its parts add up to: such forecasts are all but fixed, and those that contradict each
// other still have an answer. Nil when all variances are 0.
func (r *reconciling) floored(believe *covariance, h int) *covariance {
	a := r.s.aggregatesOf()
	w := &covariance{diag: make([]float64, len(believe.diag)), low: believe.low}
	if r.out.Method == WLSVariance {
		w.low = nil
	}
	least, zeros, first := math.Inf(1), 0, -1
	for i := range w.diag {
		v := believe.variance(i)
		if w.diag[i] = believe.diag[i]; w.low == nil {
			w.diag[i] = v
		}
		if v > 0 {
			least = min(least, v)
		} else if zeros++; first < 0 {
			first = i
		}
	}
	if zeros == len(w.diag) {
		r.note(AllZero, "All variances at horizon %d are 0: nodes are weighed by the series they sum.", h)
		return nil
	}
	if zeros > 0 {
		r.note(ZeroVariance, "%d of %d nodes have variance 0 at horizon %d, first %q: they are all but fixed.",
			zeros, len(w.diag), h, r.s.names[first])
	}
	for b := range r.s.parents {
		w.diag[a+b] = max(w.diag[a+b], leastVariance*leastLambda*least)
	}
	for k, m := range r.s.members {
		parts := 0.0
		for _, b := range m {
			parts += w.diag[a+b]
		}
		w.diag[k] = max(w.diag[k], leastVariance*parts)
	}
	return w
}

// means fills Mean and Bottom.
func (r *reconciling) means() error {
	n, steps := len(r.s.names), len(r.in.Base[0])
	r.out.Mean = table(n, steps)
	y := make([]float64, n)
	for h := range steps {
		for i := range y {
			y[i] = r.in.Base[i][h]
		}
		p := r.out.horizons[h].p
		b := p.bottoms(y)
		var err error
		if r.o.NonNegative {
			if b, err = p.nonNegative(b, patience); err != nil {
				return fmt.Errorf("horizon %d: %w", h, err)
			}
		}
		if r.o.Round {
			if b, err = whole(r.s, b); err != nil {
				return fmt.Errorf("horizon %d: %w", h, err)
			}
		}
		for i, v := range r.s.Sum(b) {
			r.out.Mean[i][h] = v
		}
	}
	r.out.Bottom = r.out.Mean[r.s.aggregatesOf():]
	return nil
}

// deviations fills Std.
func (r *reconciling) deviations() {
	zs := r.out.horizons
	if zs[0].believe == nil {
		return
	}
	r.out.Std = table(len(r.s.names), len(zs))
	var last *projector
	var v []float64
	for h := range zs {
		if zs[h].p != last { // first, or a horizon of its own
			last, v = zs[h].p, zs[h].p.variances(zs[h].believe)
		}
		for i := range v {
			r.out.Std[i][h] = math.Sqrt(zs[h].scale * v[i])
		}
	}
}

func table(rows, columns int) [][]float64 {
	out, all := make([][]float64, rows), make([]float64, rows*columns)
	for i := range out {
		out[i] = all[i*columns : (i+1)*columns : (i+1)*columns]
	}
	return out
}
