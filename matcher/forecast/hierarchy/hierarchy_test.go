package hierarchy

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s = %.15g, want %.15g", what, got, want)
	}
}

func structure(t *testing.T, bottom []string, aggregates ...Aggregate) *Structure {
	t.Helper()
	s, err := NewStructure(bottom, aggregates)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// three is a total of a and b.
func three(t *testing.T) *Structure {
	return structure(t, []string{"a", "b"}, Aggregate{"total", []string{"a", "b"}})
}

func column(v ...float64) [][]float64 {
	out := make([][]float64, len(v))
	for i := range v {
		out[i] = []float64{v[i]}
	}
	return out
}

func reconcile(t *testing.T, s *Structure, in Input, o Options) *Result {
	t.Helper()
	r, err := Reconcile(s, in, o)
	if err != nil {
		t.Fatal(err)
	}
	coherent(t, s, r)
	return r
}

// coherent: aggregates are sums to the last bit.
func coherent(t *testing.T, s *Structure, r *Result) {
	t.Helper()
	for h := range r.Mean[0] {
		b := make([]float64, s.Bottoms())
		for i := range b {
			b[i] = r.Bottom[i][h]
		}
		for i, v := range s.Sum(b) {
			if r.Mean[i][h] != v {
				t.Fatalf("node %q is %v, its parts are %v", s.names[i], r.Mean[i][h], v)
			}
		}
	}
}

func with(m Method) Options {
	o := DefaultOptions()
	o.Method = m
	return o
}

// Total 10, parts 3 and 4: the gap is 3. With W = diag(w, x, y) a node changes by its
// weight times 3 over w + x + y, the total down, parts up. Variances with W = V: that of
// a is x - x^2 / (w+x+y), of the total w - w^2 / (w+x+y).
func TestThreeNodes(t *testing.T) {
	tests := []struct {
		method    Method
		variances [][]float64
		means     []float64
		std       []float64
	}{
		{OLS, nil, []float64{9, 4, 5}, nil},                   // a third each
		{WLSStructural, nil, []float64{8.5, 3.75, 4.75}, nil}, // 2:1:1
		{WLSVariance, column(4, 1, 1), []float64{8, 3.5, 4.5}, []float64{math.Sqrt(4. / 3), math.Sqrt(5. / 6), math.Sqrt(5. / 6)}}, // 4:1:1
		{Auto, column(1, 4, 1), []float64{9.5, 5, 4.5}, []float64{math.Sqrt(5. / 6), math.Sqrt(4. / 3), math.Sqrt(5. / 6)}},
		// OLS with V = diag(4, 1, 1): a' = a + (t - a - b)/3, variance (4 + 4*1 + 1)/9 = 1;
		// t' = (2t + a + b)/3, (16 + 1 + 1)/9 = 2.
		{OLS, column(4, 1, 1), []float64{9, 4, 5}, []float64{math.Sqrt2, 1, 1}},
	}
	for _, c := range tests {
		r := reconcile(t, three(t), Input{Base: column(10, 3, 4), Variances: c.variances}, with(c.method))
		for i, want := range c.means {
			near(t, fmt.Sprint(c.method, " mean ", i), r.Mean[i][0], want, 1e-14)
			if c.std != nil {
				near(t, fmt.Sprint(c.method, " std ", i), r.Std[i][0], c.std[i], 1e-14)
			}
		}
		if (r.Std == nil) != (c.std == nil) {
			t.Errorf("%s: std %v", c.method, r.Std)
		}
	}
}

// Products that are all alike (1 -1 1 -1 and its double) have no variance: lambda is its
// least. 1 -1 1 -1 and 1 -1 -1 1 have r = 0, so nothing is left to shrink: 1. 1 1 -2 and
// 1 -2 1 have mean squares 2, products (1 -2 -2)/2 and r = -1/2; their deviations 1, -1/2,
// -1/2 have squares 3/2, over T (T-1) = 6 is 1/4, over r^2 is 1.
func TestLambda(t *testing.T) {
	tests := []struct {
		a, b []float64
		want float64
	}{
		{[]float64{1, -1, 1, -1}, []float64{2, -2, 2, -2}, leastLambda},
		{[]float64{1, -1, 1, -1}, []float64{1, -1, -1, 1}, 1},
		{[]float64{1, 1, -2}, []float64{1, -2, 1}, 1},
		// Mean squares 1; products 1 1 1 -1, r = 1/2; deviations 1/2 three times and -3/2,
		// squares 3, over 12 is 1/4, over r^2 is 1. Eight of them, two wrong: r = 1/2,
		// squares 6*(1/4) + 2*(9/4) = 6 over 56, over 1/4: 3/7.
		{[]float64{1, 1, 1, 1}, []float64{1, 1, 1, -1}, 1},
		{[]float64{1, 1, 1, 1, 1, 1, 1, 1}, []float64{1, 1, 1, 1, 1, 1, -1, -1}, 3. / 7},
	}
	for _, c := range tests {
		near(t, "lambda", shrink([][]float64{c.a, c.b}).lambda, c.want, 1e-12)
	}
}

// slowLambda is the definition, pair by pair.
func slowLambda(errors [][]float64) (lambda float64, r *mat.Dense, variance []float64) {
	n, T := len(errors), float64(len(errors[0]))
	x := make([][]float64, n)
	for i, es := range errors {
		var squares, seen float64
		for _, e := range es {
			if !math.IsNaN(e) {
				squares, seen = squares+e*e, seen+1
			}
		}
		variance = append(variance, squares/seen)
		for _, e := range es {
			if math.IsNaN(e) || squares == 0 {
				e = 0
			} else {
				e *= math.Sqrt(T / squares)
			}
			x[i] = append(x[i], e)
		}
	}
	r = mat.NewDense(n, n, nil)
	var top, bottom float64
	for i := range n {
		for j := range n {
			var mean, v float64
			for k := range x[i] {
				mean += x[i][k] * x[j][k] / T
			}
			for k := range x[i] {
				v += (x[i][k]*x[j][k] - mean) * (x[i][k]*x[j][k] - mean)
			}
			r.Set(i, j, mean)
			if i != j {
				top += v / (T * (T - 1))
				bottom += mean * mean
			}
		}
	}
	return min(1, max(leastLambda, top/bottom)), r, variance
}

// slowProjection is S (S' W^-1 S)^-1 S' W^-1, by inverses.
func slowProjection(s *Structure, w *mat.Dense) *mat.Dense {
	S := summing(s)
	var inverse, sw, inner, g, out mat.Dense
	must(inverse.Inverse(w))
	sw.Mul(S.T(), &inverse)
	inner.Mul(&sw, S)
	must(inner.Inverse(&inner))
	g.Mul(&inner, &sw)
	out.Mul(S, &g)
	return &out
}

func summing(s *Structure) *mat.Dense {
	S := mat.NewDense(len(s.names), s.Bottoms(), nil)
	for b := range s.Bottoms() {
		unit := make([]float64, s.Bottoms())
		unit[b] = 1
		S.SetCol(b, s.Sum(unit))
	}
	return S
}

// random makes a structure of overlapping groupings with base forecasts and errors.
func random(t *testing.T, r *rand.Rand) (*Structure, Input) {
	t.Helper()
	n := 2 + r.IntN(6)
	bottom := make([]string, n)
	for i := range bottom {
		bottom[i] = fmt.Sprint("b", i)
	}
	aggregates := []Aggregate{{"total", bottom}}
	for k := range r.IntN(5) {
		a := Aggregate{Name: fmt.Sprint("g", k)}
		for _, b := range bottom {
			if r.IntN(2) == 0 {
				a.Bottom = append(a.Bottom, b)
			}
		}
		if a.Bottom != nil {
			aggregates = append(aggregates, a)
		}
	}
	s := structure(t, bottom, aggregates...)
	in := Input{Base: table(len(s.names), 3), Variances: table(len(s.names), 3), Errors: table(len(s.names), 8)}
	for i := range s.names {
		for h := range 3 {
			in.Base[i][h] = 5 * r.NormFloat64()
			in.Variances[i][h] = math.Exp(r.NormFloat64())
		}
		for k := range 8 {
			in.Errors[i][k] = r.NormFloat64()*float64(1+i) + in.Errors[0][k]/2
		}
	}
	return s, in
}

func TestAgainstDense(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for round := range 60 {
		s, in := random(t, r)
		if round%3 == 0 {
			in.Variances = nil
		}
		if round%2 == 0 {
			in.Errors[0][3], in.Errors[len(in.Errors)-1][5] = math.NaN(), math.NaN()
		}
		n := len(s.names)
		lambda, corr, variance := slowLambda(in.Errors)
		res := reconcile(t, s, in, DefaultOptions())
		if res.Method != MinT {
			t.Fatalf("method %s", res.Method)
		}
		near(t, "lambda", *res.Lambda, lambda, 1e-10)
		for h := range 3 {
			w, y := mat.NewDense(n, n, nil), mat.NewVecDense(n, nil)
			if in.Variances != nil {
				for i := range variance {
					variance[i] = in.Variances[i][h]
				}
			}
			for i := range n {
				y.SetVec(i, in.Base[i][h])
				for j := range n {
					v := math.Sqrt(variance[i]*variance[j]) * corr.At(i, j)
					if i != j {
						v *= 1 - lambda
					}
					w.Set(i, j, v)
				}
			}
			against(t, s, res, h, w, y)
		}
	}
}

// against compares means, deviations and covariances of a horizon.
func against(t *testing.T, s *Structure, res *Result, h int, w *mat.Dense, y *mat.VecDense) {
	t.Helper()
	p := slowProjection(s, w)
	var mean mat.VecDense
	var pw, cov mat.Dense
	mean.MulVec(p, y)
	pw.Mul(p, w)
	cov.Mul(&pw, p.T())
	all := make([]int, len(s.names))
	for i := range all {
		all[i] = i
		near(t, "mean", res.Mean[i][h], mean.AtVec(i), 1e-8)
		near(t, "std", res.Std[i][h], math.Sqrt(cov.At(i, i)), 1e-8)
	}
	got, err := res.Covariance(h, all)
	if err != nil {
		t.Fatal(err)
	}
	if !mat.EqualApprox(got, &cov, 1e-8*(1+mat.Norm(&cov, 2))) {
		t.Errorf("covariances\n%v, want\n%v", mat.Formatted(got), mat.Formatted(&cov))
	}
}

// With W known, no linear unbiased reconciliation has a smaller sum of variances than
// MinT: not OLS, not structural scaling, not the diagonal, at no node.
func TestLeastTrace(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for range 60 {
		s, in := random(t, r)
		best := reconcile(t, s, in, with(MinT))
		for _, m := range []Method{OLS, WLSStructural, WLSVariance} {
			other := reconcile(t, s, in, with(m))
			for h := range 3 {
				for i := range best.Std {
					if best.Std[i][h] > other.Std[i][h]*(1+1e-9) {
						t.Fatalf("%s at node %d: %v below MinT's %v", m, i, other.Std[i][h], best.Std[i][h])
					}
				}
			}
		}
		for i := range best.Std { // nor than the base forecasts
			if best.Std[i][0] > math.Sqrt(in.Variances[i][0])*(1+1e-9) {
				t.Fatalf("node %d is worse than its base", i)
			}
		}
	}
}

// Bottom models without errors leave the bottom as it is; an aggregate without errors is
// kept, and its parts move.
func TestPerfectNodes(t *testing.T) {
	s := three(t)
	in := Input{Base: column(10, 3, 4), Errors: [][]float64{{1, -2, 1, 3, -1, 2}, {0, 0, 0, 0, 0, 0}, {0, 0, 0, 0, 0, 0}}}
	r := reconcile(t, s, in, DefaultOptions())
	near(t, "total", r.Mean[0][0], 7, 1e-7)
	near(t, "a", r.Mean[1][0], 3, 1e-7)
	near(t, "std", r.Std[0][0], 0, 1e-6)
	if len(r.Notes) != 1 || r.Notes[0].Code != ZeroVariance || !strings.Contains(r.Notes[0].Text, `2 of 3 nodes have variance 0 at horizon 0, first "a"`) {
		t.Errorf("notes %v", r.Notes)
	}
	r = reconcile(t, s, Input{Base: column(10, 3, 4), Variances: column(0, 1, 2)}, DefaultOptions())
	near(t, "total", r.Mean[0][0], 10, 1e-7)
	near(t, "a", r.Mean[1][0], 4, 1e-7)
	near(t, "b", r.Mean[2][0], 6, 1e-7)
	near(t, "std", r.Std[0][0], 0, 1e-6)
	// All certain: as though nothing were known of them.
	r = reconcile(t, s, Input{Base: column(10, 3, 4), Variances: column(0, 0, 0)}, DefaultOptions())
	near(t, "total", r.Mean[0][0], 8.5, 1e-12)
	if r.Notes[0].Code != AllZero || r.Std[1][0] != 0 {
		t.Errorf("%+v", r)
	}
	// Two aggregates of the same parts, both certain, that contradict each other: between.
	s = structure(t, []string{"a", "b"}, Aggregate{"x", []string{"a", "b"}}, Aggregate{"y", []string{"b", "a"}})
	r = reconcile(t, s, Input{Base: column(10, 20, 3, 4), Variances: column(0, 0, 1, 1)}, DefaultOptions())
	near(t, "x", r.Mean[0][0], 15, 1e-6)
}

// Coherent base forecasts stay, whatever the weights; nodes all alike stay alike.
func TestCoherentStays(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for range 20 {
		s, in := random(t, r)
		for h := range 3 {
			b := make([]float64, s.Bottoms())
			for i := range b {
				b[i] = r.Float64()
			}
			for i, v := range s.Sum(b) {
				in.Base[i][h] = v
			}
		}
		for _, m := range []Method{MinT, WLSVariance, WLSStructural, OLS} {
			res := reconcile(t, s, in, with(m))
			for i := range s.names {
				near(t, "mean", res.Mean[i][1], in.Base[i][1], 1e-12)
			}
		}
	}
	e := []float64{1, 2, -1, -2, 1, -1}
	same := reconcile(t, three(t), Input{Base: column(5, 5, 5), Errors: [][]float64{e, e, e}}, DefaultOptions())
	near(t, "a", same.Mean[1][0], same.Mean[2][0], 1e-9)
	near(t, "lambda", *same.Lambda, slowAlike(e), 1e-9)
}

// slowAlike is lambda of equal errors.
func slowAlike(e []float64) float64 {
	l, _, _ := slowLambda([][]float64{e, e})
	return l
}

func TestFallbacks(t *testing.T) {
	s := three(t)
	nan := math.NaN()
	few := [][]float64{{1, 2, 1, 2, 1, 2}, {1, 2, 1, nan, 1, 2}, {nan, nan, nan, nan, 1, 1}}
	r := reconcile(t, s, Input{Base: column(10, 3, 4), Errors: few}, DefaultOptions())
	near(t, "total", r.Mean[0][0], 8.5, 1e-12)
	if r.Method != WLSStructural || r.Std != nil || r.Lambda != nil || len(r.Notes) != 2 || r.Notes[1].Code != NoDeviation {
		t.Errorf("%+v", r)
	}
	if want := `2 of 3 nodes have fewer than 6 errors, first "a" with 5: covariances cannot be estimated.`; r.Notes[0] != (Note{TooFewErrors, want}) {
		t.Error(r.Notes[0])
	}
	if _, err := r.Covariance(0, []int{0}); err == nil || !strings.Contains(err.Error(), "neither errors nor variances") {
		t.Error(err)
	}
	r = reconcile(t, s, Input{Base: column(10, 3, 4), Errors: few, Variances: column(4, 1, 1)}, DefaultOptions())
	if r.Method != WLSVariance || r.Mean[0][0] != 8 {
		t.Errorf("%+v", r)
	}
	o := DefaultOptions()
	o.MinErrors = 2
	r = reconcile(t, s, Input{Base: [][]float64{{10, 10}, {3, 3}, {4, 4}}, Errors: few}, o)
	if r.Method != MinT || len(r.Notes) != 2 || r.Notes[0].Code != Missing || r.Notes[1].Code != OneStep {
		t.Errorf("%+v", r)
	}
	one := structure(t, []string{"a", "b"})
	r = reconcile(t, one, Input{Base: column(-1, 4.4), Variances: column(1, 4)}, DefaultOptions())
	if r.Mean[0][0] != -1 || r.Std[1][0] != 2 {
		t.Errorf("one level: %+v", r)
	}
	o = DefaultOptions()
	o.NonNegative, o.Round = true, true
	r = reconcile(t, one, Input{Base: column(-1, 4.4), Variances: column(1, 4)}, o)
	if r.Mean[0][0] != 0 || r.Mean[1][0] != 4 {
		t.Errorf("one level: %+v", r)
	}
}

// Variances in proportion share a projector and scale; a horizon alone gives the same.
func TestHorizons(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	s, in := random(t, r)
	for i := range in.Variances {
		in.Variances[i][1] = 4 * in.Variances[i][0]
	}
	all := reconcile(t, s, in, DefaultOptions())
	if all.horizons[1].p != all.horizons[0].p || all.horizons[2].p == all.horizons[0].p {
		t.Error("projectors are not shared as they should be")
	}
	for h := range 3 {
		alone := in
		alone.Base, alone.Variances = nil, nil
		for i := range in.Base {
			alone.Base = append(alone.Base, in.Base[i][h:h+1])
			alone.Variances = append(alone.Variances, in.Variances[i][h:h+1])
		}
		one := reconcile(t, s, alone, DefaultOptions())
		a, _ := one.Covariance(0, []int{0, 1})
		b, _ := all.Covariance(h, []int{0, 1})
		if !mat.EqualApprox(a, b, 1e-12) {
			t.Errorf("covariances %v, %v", a, b)
		}
		for i := range one.Mean {
			near(t, "mean", all.Mean[i][h], one.Mean[i][0], 1e-12)
			near(t, "std", all.Std[i][h], one.Std[i][0], 1e-12)
		}
	}
}

func TestDeterminism(t *testing.T) {
	s, in := random(t, rand.New(rand.NewPCG(5, 5)))
	o := DefaultOptions()
	o.NonNegative = true
	a, b := reconcile(t, s, in, o), reconcile(t, s, in, o)
	if !reflect.DeepEqual(a.Mean, b.Mean) || !reflect.DeepEqual(a.Std, b.Std) {
		t.Error("two runs differ")
	}
}

func TestStructureErrors(t *testing.T) {
	tests := []struct {
		bottom     []string
		aggregates []Aggregate
		says       string
	}{
		{nil, nil, "no bottom series"},
		{[]string{"a", ""}, nil, "node 1 has no name"},
		{[]string{"a", "a"}, nil, `node "a" is given twice`},
		{[]string{"a"}, []Aggregate{{"a", []string{"a"}}}, `node "a" is given twice`},
		{[]string{"a"}, []Aggregate{{"x", nil}}, `aggregate "x" sums nothing`},
		{[]string{"a"}, []Aggregate{{"x", []string{"焊工"}}}, `aggregate "x" sums "焊工", which is no bottom series`},
		{[]string{"a"}, []Aggregate{{"x", []string{"a"}}, {"y", []string{"x"}}}, `aggregate "y" sums "x", which is an aggregate`},
		{[]string{"a", "b"}, []Aggregate{{"x", []string{"a", "b", "a"}}}, `aggregate "x" sums "a" twice`},
	}
	for _, c := range tests {
		if _, err := NewStructure(c.bottom, c.aggregates); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("error %v, want %q", err, c.says)
		}
	}
	s := three(t)
	if i, ok := s.Index("b"); i != 2 || !ok || s.Aggregates() != 1 || !reflect.DeepEqual(s.Nodes(), []string{"total", "a", "b"}) {
		t.Error(s.Nodes())
	}
}

func TestInputErrors(t *testing.T) {
	s, base := three(t), column(1, 2, 3)
	o := DefaultOptions()
	loose := o
	loose.MinErrors = 1
	tests := []struct {
		in   Input
		o    Options
		says string
	}{
		{Input{}, o, `no base forecasts for "total"`},
		{Input{Base: column(1, 2)}, o, `no base forecasts for node "b"`},
		{Input{Base: column(1, 2, 3, 4)}, o, "4 rows of base forecasts for 3 nodes"},
		{Input{Base: [][]float64{{1}, {2}, {3, 4}}}, o, `node "b" has 2 base forecasts, and "total" has 1`},
		{Input{Base: column(1, math.NaN(), 3)}, o, `base forecasts of node "a", column 0, is NaN`},
		{Input{Base: base, Variances: column(1, 2, -3)}, o, `variances of node "b", column 0, is -3`},
		{Input{Base: base, Errors: column(1, math.Inf(1), 3)}, o, `errors of node "a", column 0, is +Inf`},
		{Input{Base: base, Errors: column(1, 3)}, o, `no errors for node "b"`},
		{Input{Base: base}, with("best"), `no method "best"`},
		{Input{Base: base}, loose, "MinErrors must be 2"},
		{Input{Base: base, Variances: base}, with(MinT), "needs at least 6 errors"},
		{Input{Base: base}, with(WLSVariance), "needs variances"},
	}
	for _, c := range tests {
		if _, err := Reconcile(s, c.in, c.o); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("error %v, want %q", err, c.says)
		}
	}
	r := reconcile(t, s, Input{Base: base, Variances: base}, o)
	for _, c := range []struct {
		h     int
		nodes []int
	}{{1, []int{0}}, {-1, []int{0}}, {0, []int{3}}, {0, nil}} {
		if _, err := r.Covariance(c.h, c.nodes); err == nil {
			t.Errorf("covariances of %v at %d", c.nodes, c.h)
		}
	}
}
