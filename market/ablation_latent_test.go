package market

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// latentSpace is documents in the space of the largest singular vectors of their
// term matrix (latent semantic analysis, Deerwester et al. 1990), by randomized subspace
// iteration (Halko et al. 2011). No part of the product: TestAblation shows what it would
// gain.
type latentSpace struct {
	terms  map[string]int
	idf    []float64
	lists  [][]latentPosting // term -> documents, which are unit vectors
	u      [][]float64       // left singular vectors, the largest value's first
	sigma  []float64         // singular values
	length []map[int]float64 // document -> rank -> its length there
}

type latentPosting struct {
	doc    int
	weight float64
}

// The iteration keeps latentSpare vectors more than it is asked for, and is done after
// latentRounds: the values that are wanted lie far apart from the rest by then.
const (
	latentSpare  = 10
	latentRounds = 6
)

// newLatentSpace decomposes documents, given as their terms, for the given ranks,
// ascending.
func newLatentSpace(docs [][]string, ranks ...int) *latentSpace {
	l := &latentSpace{terms: map[string]int{}}
	rows, df := make([]map[int]float64, len(docs)), []float64{}
	for i, doc := range docs {
		rows[i] = map[int]float64{}
		for _, term := range doc {
			id, ok := l.terms[term]
			if !ok {
				id = len(df)
				l.terms[term], df = id, append(df, 0)
			}
			if rows[i][id]++; rows[i][id] == 1 {
				df[id]++
			}
		}
	}
	for _, n := range df {
		l.idf = append(l.idf, math.Log(float64(len(docs)+1)/(n+.5)))
	}
	l.lists = make([][]latentPosting, len(df))
	for i, row := range rows {
		ids := make([]int, 0, len(row))
		sum := 0.0
		for id, n := range row {
			row[id] = math.Log2(1+n) * l.idf[id]
			ids = append(ids, id)
		}
		slices.Sort(ids) // sums must not depend on the order of a map
		for _, id := range ids {
			sum += row[id] * row[id]
		}
		for _, id := range ids {
			l.lists[id] = append(l.lists[id], latentPosting{i, row[id] / math.Sqrt(sum)})
		}
	}
	l.decompose(len(docs), min(ranks[len(ranks)-1], len(docs)))
	l.length = make([]map[int]float64, len(docs))
	for i := range docs {
		l.length[i] = map[int]float64{}
		sum := 0.0
		for k := range l.u {
			sum += math.Pow(l.u[k][i]*l.sigma[k], 2)
			if slices.Contains(ranks, k+1) || k+1 == len(l.u) {
				l.length[i][k+1] = math.Sqrt(sum)
			}
		}
	}
	return l
}

// gram is A Aᵀ y for the matrix A of documents by terms.
func (l *latentSpace) gram(y []float64) []float64 {
	out := make([]float64, len(y))
	for _, list := range l.lists {
		sum := 0.0
		for _, p := range list {
			sum += p.weight * y[p.doc]
		}
		for _, p := range list {
			out[p.doc] += sum * p.weight
		}
	}
	return out
}

func (l *latentSpace) decompose(docs, rank int) {
	random := rand.New(rand.NewPCG(1, 1))
	q := make([][]float64, min(docs, rank+latentSpare))
	for k := range q {
		q[k] = make([]float64, docs)
		for i := range q[k] {
			q[k][i] = random.NormFloat64()
		}
	}
	orthonormalize(q)
	var y [][]float64
	for round := range latentRounds {
		y = y[:0]
		for k := range q {
			y = append(y, l.gram(q[k]))
		}
		if round < latentRounds-1 {
			q, y = y, q
			orthonormalize(q)
		}
	}
	small := mat.NewSymDense(len(q), nil) // Qᵀ A Aᵀ Q
	for i := range q {
		for j := range i + 1 {
			small.SetSym(i, j, floats.Dot(q[i], y[j]))
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(small, true) {
		panic("no eigenvalues") // of a finite symmetric matrix: cannot be
	}
	values, vectors := eigen.Values(nil), mat.Dense{}
	eigen.VectorsTo(&vectors)
	for k := len(q) - 1; k >= 0 && len(l.u) < rank && values[k] > 1e-9; k-- { // ascending
		u := make([]float64, docs)
		for i := range q {
			floats.AddScaled(u, vectors.At(i, k), q[i])
		}
		l.u, l.sigma = append(l.u, u), append(l.sigma, math.Sqrt(values[k]))
	}
}

// orthonormalize is the Gram-Schmidt process, each vector twice against rounding; what
// depends on the ones before becomes 0.
func orthonormalize(q [][]float64) {
	for k := range q {
		before := floats.Norm(q[k], 2)
		for range 2 {
			for j := range k {
				floats.AddScaled(q[k], -floats.Dot(q[j], q[k]), q[j])
			}
		}
		if length := floats.Norm(q[k], 2); length > 1e-9*before {
			floats.Scale(1/length, q[k])
		} else {
			clear(q[k])
		}
	}
}

// cosines is a text's likeness to each document in the space of a rank, 0..1.
func (l *latentSpace) cosines(text []string, rank int) []float64 {
	rank = min(rank, len(l.u))
	counts := map[int]float64{}
	for _, term := range text {
		if id, ok := l.terms[term]; ok {
			counts[id]++
		}
	}
	ids := make([]int, 0, len(counts))
	for id := range counts {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	products, out := make([]float64, len(l.length)), make([]float64, len(l.length))
	for _, id := range ids {
		for _, p := range l.lists[id] {
			products[p.doc] += math.Log2(1+counts[id]) * l.idf[id] * p.weight
		}
	}
	length := 0.0
	for k := range rank {
		v := floats.Dot(l.u[k], products)
		length += v / l.sigma[k] * v / l.sigma[k]
		floats.AddScaled(out, v, l.u[k])
	}
	for i := range out {
		if both := math.Sqrt(length) * l.length[i][rank]; both > 1e-12 {
			out[i] = max(0, out[i]/both)
		} else {
			out[i] = 0
		}
	}
	return out
}

// TestLatentSpace: at full rank the likeness is the plain cosine; at a low one, texts that
// share no word meet where documents hold both.
func TestLatentSpace(t *testing.T) {
	docs := [][]string{{"weld", "robot", "plc"}, {"plc", "robot"}, {"weld", "steel"}, {"nurse", "care"}, {"care", "patient"}, {"nurse", "patient", "ward"}}
	full := newLatentSpace(docs, 2, len(docs))
	for i, doc := range docs {
		got := full.cosines(doc, len(docs))
		for j := range docs {
			if alike := math.Abs(got[j]-1) < 1e-9; alike != (i == j) {
				t.Errorf("%v with %v: %v", doc, docs[j], got[j])
			}
		}
	}
	if low, high := full.cosines([]string{"steel"}, 2), full.cosines([]string{"steel"}, len(docs)); low[1] < .9 || high[1] > .01 || low[3] > .01 {
		t.Errorf("steel: %v at rank 2, %v at full rank", low, high)
	}
	if none := full.cosines([]string{"law"}, 2); slices.Max(none) != 0 {
		t.Errorf("an unknown word: %v", none)
	}
}
