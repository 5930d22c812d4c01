package skillspace

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// matrixOf makes a symmetric matrix of entries (i, j, value), i < j.
func matrixOf(n int, entries map[[2]int]float32) *csr {
	rows := make([][]entry, n)
	for i := range n {
		for j := i + 1; j < n; j++ {
			if v := entries[[2]int{i, j}]; v > 0 {
				rows[i] = append(rows[i], entry{int32(j), v})
			}
		}
	}
	return symmetric(rows)
}

// reference is gonum's eigendecomposition, largest first.
func reference(t interface{ Fatal(...any) }, a *csr) []float64 {
	m := mat.NewSymDense(a.n, nil)
	for i := range a.n {
		for j := range i {
			m.SetSym(i, j, a.at(i, j))
		}
	}
	var eig mat.EigenSym
	if !eig.Factorize(m, false) {
		t.Fatal("gonum found no eigenvalues")
	}
	up := eig.Values(nil)
	out := make([]float64, len(up))
	for i, v := range up {
		out[len(up)-1-i] = v
	}
	return out
}

// checkPairs: the values are the reference's down to the tolerance, and the vectors
// orthonormal with the residuals that are claimed.
func checkPairs(t interface {
	Fatalf(string, ...any)
}, a *csr, e *eigenpairs, want []float64, k int, tol float64) {
	if len(e.values) != min(k, a.n) {
		t.Fatalf("%d pairs, asked for %d of %d", len(e.values), k, a.n)
	}
	first := e.values[0]
	for j, v := range e.values {
		if want[j] < 2*tol*first {
			break
		}
		// A residual r means an eigenvalue within r; that none is missed is the test.
		if math.Abs(v-want[j]) > tol*first || e.residual[j] > tol {
			t.Fatalf("pair %d of %d: value %v, reference %v, residual %v of %v", j, k, v, want[j], e.residual[j], first)
		}
	}
	w := len(e.values)
	for p := range w {
		for q := range p + 1 {
			dot, residual := 0.0, 0.0
			for i := range a.n {
				dot += e.vectors[i*w+p] * e.vectors[i*w+q]
			}
			if p == q {
				dot--
				for i := range a.n {
					cols, vals := a.row(i)
					sum := -e.values[p] * e.vectors[i*w+p]
					for x, c := range cols {
						sum += float64(vals[x]) * e.vectors[int(c)*w+p]
					}
					residual += sum * sum
				}
				if math.Abs(math.Sqrt(residual)/first-e.residual[p]) > 1e-9 {
					t.Fatalf("pair %d: residual %v, claimed %v", p, math.Sqrt(residual)/first, e.residual[p])
				}
			}
			if math.Abs(dot) > 1e-9 {
				t.Fatalf("vectors %d and %d: product off by %v", p, q, dot)
			}
		}
	}
}

// TestKrylovAgainstDense: random sparse matrices, clustered or not.
func TestKrylovAgainstDense(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		n := 2 + r.IntN(200)
		k := 1 + r.IntN(12)
		clusters := 1 + r.IntN(8)
		entries := map[[2]int]float32{}
		for range n * (1 + r.IntN(12)) {
			i, j := r.IntN(n), r.IntN(n)
			if i%clusters == j%clusters || r.IntN(10) == 0 {
				entries[[2]int{min(i, j), max(i, j)}] = 8 * r.Float32()
			}
		}
		entries[[2]int{0, 1}] = 1 // never empty
		_, a := matrixOf(n, entries).active()
		e, err := krylov(context.Background(), a, min(k, a.n), 1e-6, 7)
		if err != nil {
			t.Fatal(err)
		}
		checkPairs(t, a, e, reference(t, a), k, 1e-6)
		d, err := dense(a, min(k, a.n))
		if err != nil {
			t.Fatal(err)
		}
		checkPairs(t, a, d, reference(t, a), k, 1e-9)
	})
}

// TestKrylovHardCases: copies of one eigenvalue, more of them than a block has columns;
// eigenvalues nearly alike; few that are not zero. All are known.
func TestKrylovHardCases(t *testing.T) {
	complete := func(size, copies int) map[[2]int]float32 {
		m := map[[2]int]float32{}
		for c := range copies {
			for i := range size {
				for j := range i {
					m[[2]int{c*size + j, c*size + i}] = 1
				}
			}
		}
		return m
	}
	star := map[[2]int]float32{}
	for i := 1; i < 500; i++ {
		star[[2]int{0, i}] = 1
	}
	r := rand.New(rand.NewPCG(1, 1))
	alike := map[[2]int]float32{}
	var weights []float64 // a triangle of weight w has eigenvalue 2w
	for c := range 200 {
		w := 1 + .2*r.Float32()
		alike[[2]int{3 * c, 3*c + 1}], alike[[2]int{3 * c, 3*c + 2}], alike[[2]int{3*c + 1, 3*c + 2}] = w, w, w
		weights = append(weights, 2*float64(w))
	}
	slices.SortFunc(weights, func(a, b float64) int { return cmp.Compare(b, a) })
	for _, c := range []struct {
		name    string
		n, k    int
		entries map[[2]int]float32
		want    func(j int) float64
	}{
		{"triangles nearly alike", 600, 60, alike, func(j int) float64 {
			if j < len(weights) {
				return weights[j]
			}
			return -1
		}},
		{"60 triangles and more", 900, 100, complete(3, 300), func(int) float64 { return 2 }},
		{"complete", 500, 20, complete(500, 1), func(j int) float64 {
			if j == 0 {
				return 499
			}
			return -1
		}},
		{"star", 500, 20, star, func(j int) float64 {
			if j == 0 {
				return math.Sqrt(499)
			}
			return 0
		}},
	} {
		a := matrixOf(c.n, c.entries)
		e, err := leading(context.Background(), a, c.k, 1e-3, 1)
		if err != nil {
			t.Fatal(err)
		}
		want := make([]float64, c.n)
		for j := range want {
			want[j] = c.want(j)
		}
		checkPairs(failer{t, c.name}, a, e, want, c.k, 1e-3)
		t.Logf("%s: %d products, %d restarts, largest residual %.2g", c.name, e.products, e.restarts, slices.Max(e.residual))
	}
}

type failer struct {
	*testing.T
	name string
}

func (f failer) Fatalf(format string, args ...any) {
	f.Helper()
	f.Errorf(f.name+": "+format, args...)
}

func path(n int) *csr {
	m := map[[2]int]float32{}
	for i := range n - 1 {
		m[[2]int{i, i + 1}] = 1
	}
	return matrixOf(n, m)
}

// TestWhatDoesNotConvergeIsSaid: the leading eigenvalues of a long path,
// 2 cos(j pi/(n+1)), lie so close together that no bounded work tells them apart. The
// residuals say so, and each value is still within its residual of an eigenvalue.
func TestWhatDoesNotConvergeIsSaid(t *testing.T) {
	const n = 3000
	a := path(n)
	e, err := leading(context.Background(), a, 10, 1e-6, 1)
	if err != nil {
		t.Fatal(err)
	}
	checkPairs(failer{t, "path"}, a, e, make([]float64, n), 10, 1e-6) // orthonormal, residuals as claimed
	if e.restarts != eigenTries || slices.Max(e.residual) < 1e-6 {
		t.Errorf("%d restarts, residuals %v: an easy matrix after all", e.restarts, e.residual)
	}
	for j, v := range e.values {
		at := math.Round(math.Acos(min(1, v/2)) * (n + 1) / math.Pi)
		nearest := min(math.Abs(v-2*math.Cos(at*math.Pi/(n+1))), math.Abs(v-2*math.Cos((at+1)*math.Pi/(n+1))))
		if nearest > e.residual[j]*e.values[0]+1e-12 {
			t.Errorf("value %v is %v from an eigenvalue, residual %v", v, nearest, e.residual[j])
		}
	}
}

func TestLeadingStopsWhenAsked(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := leading(ctx, path(600), 5, 1e-3, 1); err != context.Canceled {
		t.Errorf("error %v, want that it was cancelled", err)
	}
	if e, err := leading(ctx, matrixOf(0, nil), 5, 1e-3, 1); err != nil || len(e.values) != 0 {
		t.Errorf("an empty matrix: %v, %v", e, err)
	}
}
