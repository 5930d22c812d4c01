package mismatch

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

func TestRandomByHand(t *testing.T) {
	tests := []struct {
		name                string
		demand, supply      []float64
		expected, remaining float64
		method              string
	}{
		// One head of each side in one cell each: d/D is 1 or 0, apart either way.
		{"two heads", []float64{1, 0}, []float64{0, 1}, 1, 0, Exact},
		// Two cells of two heads, two of each side: 6 draws, 4 of them even (0), 2 apart (1).
		{"four heads", []float64{2, 0}, []float64{0, 2}, 1. / 3, 1, Exact},
		{"even", []float64{1, 1}, []float64{1, 1}, 1. / 3, -1, Exact},
		// The small example of R's segregation (dissimilarity_expected): ten schools of 1
		// and 9. E|x-1| = 2 P(x=0) = 2 C(90,10)/C(100,10) = 2 * .3304762, times ten cells
		// times 100/(2*10*90).
		{"schools", []float64{1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, []float64{9, 9, 9, 9, 9, 9, 9, 9, 9, 9}, .3671958, -1, Exact},
		{"one cell", []float64{5}, []float64{7}, 0, 0, Exact},
		// Normal: N = 5, D = S = 2.5, n = 2.5:
		// variance 2.5 * 1/4 * 2.5/4 = .390625, deviation .625 * .7978846 = .4986779;
		// two cells * 5/(2*6.25) = .8 times that.
		{"normal", []float64{2.5, 0}, []float64{0, 2.5}, .3989423, 1, Normal},
	}
	for _, c := range tests {
		b, err := Random(cells(c.demand, c.supply))
		if err != nil {
			t.Fatal(err)
		}
		near(t, c.name, b.Expected, c.expected, 1e-7)
		near(t, c.name+" systematic", b.Systematic, c.remaining, 1e-7)
		if b.Method != c.method {
			t.Errorf("%s: %s", c.name, b.Method)
		}
	}
	if b, err := Random(cells([]float64{0}, []float64{3})); b != nil || err != nil {
		t.Errorf("without demand: %v, %v", b, err)
	}
	if b, err := Random(cells([]float64{.5}, []float64{.5})); b != nil || err != nil {
		t.Errorf("one head: %v, %v", b, err)
	}
	if _, err := Random(cells([]float64{-2}, []float64{.5})); err == nil {
		t.Error("a negative amount passed")
	}
}

// enumerate goes through every split of the demand heads over cells of the given sizes,
// with its number of ways, and adds up ways times the index, in exact fractions.
func enumerate(sizes []int64, demand, supply int64) float64 {
	total, ways := new(big.Rat), new(big.Int)
	var walk func(i int, left int64, way *big.Int, index *big.Rat)
	walk = func(i int, left int64, way *big.Int, index *big.Rat) {
		if i == len(sizes) {
			if left == 0 {
				ways.Add(ways, way)
				total.Add(total, new(big.Rat).Mul(index, new(big.Rat).SetInt(way)))
			}
			return
		}
		for d := int64(0); d <= min(left, sizes[i]); d++ {
			part := new(big.Rat).Sub(big.NewRat(d, demand), big.NewRat(sizes[i]-d, supply))
			part.Abs(part).Mul(part, big.NewRat(1, 2))
			w := new(big.Int).Mul(way, new(big.Int).Binomial(sizes[i], d))
			walk(i+1, left-d, w, part.Add(part, index))
		}
	}
	walk(0, demand, big.NewInt(1), new(big.Rat))
	v, _ := total.Quo(total, new(big.Rat).SetInt(ways)).Float64()
	return v
}

func TestRandomEnumerated(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 60 {
		n := 1 + r.IntN(4)
		d, s, sizes := make([]float64, n), make([]float64, n), make([]int64, n)
		var demand, supply int64
		for i := range n {
			a, b := r.Int64N(6), r.Int64N(6)
			d[i], s[i], sizes[i] = float64(a), float64(b), a+b
			demand, supply = demand+a, supply+b
		}
		if demand == 0 || supply == 0 {
			continue
		}
		b, err := Random(cells(d, s))
		if err != nil {
			t.Fatal(err)
		}
		near(t, "expected", b.Expected, enumerate(sizes, demand, supply), 1e-12)
	}
}

// Exact and normal meet in large cells, also just around the limit of the exact one.
func TestRandomLarge(t *testing.T) {
	for _, heads := range []float64{1e3, 1e5, 1e6 - 1, 1e9} {
		a, err := Random(cells([]float64{heads, heads, 2 * heads}, []float64{heads, heads, heads}))
		if err != nil {
			t.Fatal(err)
		}
		b, err := Random(cells([]float64{heads + .25, heads - .25, 2 * heads}, []float64{heads, heads, heads}))
		if err != nil {
			t.Fatal(err)
		}
		near(t, "ratio", a.Expected/b.Expected, 1, 1/heads+1e-5)
	}
}

func TestSystematicBounds(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 300 {
		cs := random(r, 1+r.IntN(6))
		b, err := Random(cs)
		if err != nil {
			t.Fatal(err)
		}
		if b != nil && (math.Abs(b.Systematic) > 1 || b.Expected < 0 || b.Expected > 1) {
			t.Fatalf("%+v", b)
		}
	}
}
