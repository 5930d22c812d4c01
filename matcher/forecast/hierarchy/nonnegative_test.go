package hierarchy

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// Total 2, a -3, b 4, OLS: free a = -3 + 1/3. With a = 0, b minimises (2-b)^2 + (4-b)^2: 3.
// Clipping would keep b = 4 1/3.
func TestNonNegativeByHand(t *testing.T) {
	o := with(OLS)
	o.NonNegative = true
	r := reconcile(t, three(t), Input{Base: column(2, -3, 4)}, o)
	for i, want := range []float64{3, 0, 3} {
		near(t, "mean", r.Mean[i][0], want, 1e-12)
	}
	r = reconcile(t, three(t), Input{Base: column(-2, -3, -4)}, o)
	if r.Mean[0][0] != 0 {
		t.Errorf("all negative: %v", r.Mean)
	}
	r = reconcile(t, three(t), Input{Base: column(10, 3, 4)}, o)
	near(t, "nothing to do", r.Mean[0][0], 9, 1e-12)
}

// dense is W of a horizon in full.
func (c *covariance) dense() *mat.Dense {
	n := len(c.diag)
	out := mat.NewDense(n, n, nil)
	for i := range n {
		for j := range n {
			out.Set(i, j, c.at(i, j))
		}
	}
	return out
}

// kkt checks b >= 0, gradient S' W^-1 (S b - y) >= 0, and their product 0: necessary and
// sufficient for the only minimum, as the quadratic form is positive definite.
func kkt(t *testing.T, s *Structure, w *mat.Dense, b, y []float64) {
	t.Helper()
	var inverse mat.Dense
	must(inverse.Inverse(w))
	residual := mat.NewVecDense(len(y), s.Sum(b))
	residual.SubVec(residual, mat.NewVecDense(len(y), y))
	var weighed, gradient mat.VecDense
	weighed.MulVec(&inverse, residual)
	gradient.MulVec(summing(s).T(), &weighed)
	scale := 1e-7 * (1 + mat.Norm(&weighed, 2))
	for i, v := range b {
		g := gradient.AtVec(i)
		if v < 0 || g < -scale || (v > 0 && math.Abs(g) > scale) {
			t.Errorf("series %d: %v with gradient %v", i, v, g)
		}
	}
}

func TestNonNegativeKKT(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	held := 0
	for range 150 {
		s, in := random(t, r)
		for _, m := range []Method{MinT, WLSVariance, WLSStructural, OLS} {
			o := with(m)
			o.NonNegative = true
			res := reconcile(t, s, in, o)
			for h := range 3 {
				b, y := make([]float64, s.Bottoms()), make([]float64, len(s.names))
				for i := range y {
					y[i] = in.Base[i][h]
				}
				for i := range b {
					b[i] = res.Bottom[i][h]
					if b[i] == 0 {
						held++
					}
				}
				p := res.horizons[h].p
				kkt(t, s, p.w.dense(), b, y)
				slow, err := p.nonNegative(p.bottoms(y), 0)
				if err != nil {
					t.Fatal(err)
				}
				for i := range b {
					near(t, "Murty's rule alone", slow[i], b[i], 1e-7)
				}
			}
		}
	}
	if held < 1000 {
		t.Errorf("only %d series were held", held)
	}
}

// More series than a guess can get right at once, two groupings over each other.
func TestNonNegativeLarge(t *testing.T) {
	s, in := grid(t, 12, 12, 3, 10)
	lower(s, in, 40)
	o := DefaultOptions()
	o.NonNegative = true
	res := reconcile(t, s, in, o)
	b, y := make([]float64, s.Bottoms()), make([]float64, len(s.names))
	for i := range y {
		y[i] = in.Base[i][0]
	}
	held := 0
	for i := range b {
		if b[i] = res.Bottom[i][0]; b[i] == 0 {
			held++
		}
	}
	kkt(t, s, res.horizons[0].p.w.dense(), b, y)
	if held < 60 || held == len(b) {
		t.Errorf("%d of %d held", held, len(b))
	}
}

func TestWhole(t *testing.T) {
	s := structure(t, []string{"a", "b", "c", "d"}, Aggregate{"total", []string{"a", "b", "c", "d"}})
	tests := []struct{ in, want []float64 }{
		// 1.4 + 2.4 + 3.4 + .2 = 7.4: floors 1 2 3 0 are 6, one more to the first of equals.
		{[]float64{1.4, 2.4, 3.4, .2}, []float64{2, 2, 3, 0}},
		{[]float64{.5, .5, .5, .5}, []float64{1, 1, 0, 0}},
		// -1.5 + .25 + .25 + 0 = -1: floors -2 0 0 0, remainders .5 .25 .25.
		{[]float64{-1.5, .25, .25, 0}, []float64{-1, 0, 0, 0}},
		{[]float64{1, 2, 3, 4}, []float64{1, 2, 3, 4}},
	}
	for _, c := range tests {
		got, err := whole(s, c.in)
		if err != nil || fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%v rounds to %v (%v), want %v", c.in, got, err, c.want)
		}
	}
	if _, err := whole(s, []float64{1, 1e16, 0, 0}); err == nil {
		t.Error("10^16 was rounded")
	}
	r := rand.New(rand.NewPCG(7, 7))
	for range 50 {
		s, in := random(t, r)
		o := DefaultOptions()
		o.Round, o.NonNegative = true, true
		exact := o
		exact.Round = false
		a, b := reconcile(t, s, in, o), reconcile(t, s, in, exact)
		for i := range a.Mean {
			if v := a.Mean[i][0]; v != math.Trunc(v) || v < 0 {
				t.Errorf("%v is not whole", v)
			}
		}
		for i := range a.Bottom {
			if math.Abs(a.Bottom[i][0]-b.Bottom[i][0]) >= 1 {
				t.Errorf("%v became %v", b.Bottom[i][0], a.Bottom[i][0])
			}
		}
		near(t, "total", a.Mean[0][0], b.Mean[0][0], .5)
	}
}

// grid is rows x columns bottom series with a total, a sum per row and per column, h
// horizons and errors that share a common part.
func grid(tb testing.TB, rows, columns, h, errors int) (*Structure, Input) {
	tb.Helper()
	r := rand.New(rand.NewPCG(8, 8))
	var bottom []string
	aggregates := make([]Aggregate, 1+rows+columns)
	aggregates[0].Name = "total"
	for i := range rows {
		aggregates[1+i].Name = fmt.Sprint("row", i)
		for j := range columns {
			aggregates[1+rows+j].Name = fmt.Sprint("column", j)
			name := fmt.Sprint(i, "/", j)
			bottom = append(bottom, name)
			for _, k := range []int{0, 1 + i, 1 + rows + j} {
				aggregates[k].Bottom = append(aggregates[k].Bottom, name)
			}
		}
	}
	s, err := NewStructure(bottom, aggregates)
	if err != nil {
		tb.Fatal(err)
	}
	n := len(s.names)
	in := Input{Base: table(n, h), Errors: table(n, errors), Variances: table(n, h)}
	for k := range errors {
		b := make([]float64, len(bottom))
		common := r.NormFloat64()
		for i := range b {
			b[i] = common + 3*r.NormFloat64()
		}
		for i, v := range s.Sum(b) {
			in.Errors[i][k] = v + r.NormFloat64()
		}
	}
	for k := range h {
		b := make([]float64, len(bottom))
		for i := range b {
			b[i] = 20 + 40*r.Float64()
		}
		for i, v := range s.Sum(b) {
			in.Base[i][k] = v + 2*r.NormFloat64()*float64(k+1)
			in.Variances[i][k] = float64(k+1) * (4 + v)
		}
	}
	return s, in
}

// lower takes so much from every bottom forecast of the first horizon, which lie in 20..60,
// and from the sums.
func lower(s *Structure, in Input, by float64) {
	ones := make([]float64, s.Bottoms())
	for i := range ones {
		ones[i] = by
	}
	for i, v := range s.Sum(ones) {
		in.Base[i][0] -= v
	}
}

// BenchmarkReconcile: series in a grid with sums over rows, columns and all, three
// horizons, twelve errors, bounds and deviations.
//
//	go test -run - -bench Reconcile ./matcher/forecast/hierarchy
//
// On two slow cores five thousand series take 1 to 2 s when variances grow alike over
// horizons, and 4 to 6 s when every horizon is solved.
func BenchmarkReconcile(b *testing.B) {
	for _, size := range [][2]int{{30, 30}, {100, 40}, {250, 20}, {500, 10}} {
		for _, same := range []bool{true, false} {
			b.Run(fmt.Sprintf("%dx%d/same=%v", size[0], size[1], same), func(b *testing.B) {
				s, in := grid(b, size[0], size[1], 3, 12)
				if same {
					in.Variances = nil
				}
				lower(s, in, 25)
				o := DefaultOptions()
				o.NonNegative = true
				for b.Loop() {
					if _, err := Reconcile(s, in, o); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
