package relevance

import (
	"math"
	"slices"
)

// A field is an inverted index of one kind of terms over rows, each row a unit vector.
type field struct {
	terms map[string]int32
	idf   []float64
	lists [][]posting
}

type posting struct {
	row    int32
	weight float32 // of the unit vector
}

// counted is a bag of terms in the order of their text, so that sums do not depend on
// the order of a map.
type counted struct {
	term string
	n    float64
}

func count(lists ...[]string) []counted {
	var all []string
	for _, l := range lists {
		all = append(all, l...)
	}
	slices.Sort(all)
	var out []counted
	for _, t := range all {
		if n := len(out); n > 0 && out[n-1].term == t {
			out[n-1].n++
			continue
		}
		out = append(out, counted{t, 1})
	}
	return out
}

func weigh(tf float64) float64 { return math.Log2(1 + tf) }

func newField(rows [][]counted) *field {
	f := &field{terms: map[string]int32{}}
	var df []int
	for _, row := range rows {
		for _, c := range row {
			id, ok := f.terms[c.term]
			if !ok {
				id = int32(len(df))
				f.terms[c.term] = id
				df = append(df, 0)
			}
			df[id]++
		}
	}
	f.idf = make([]float64, len(df))
	f.lists = make([][]posting, len(df))
	for id, n := range df {
		f.idf[id] = math.Log(float64(len(rows)+1) / (float64(n) + .5))
		f.lists[id] = make([]posting, 0, n)
	}
	for i, row := range rows {
		sum := 0.0
		for _, c := range row {
			v := weigh(c.n) * f.idf[f.terms[c.term]]
			sum += v * v
		}
		if sum == 0 {
			continue
		}
		length := math.Sqrt(sum)
		for _, c := range row {
			id := f.terms[c.term]
			f.lists[id] = append(f.lists[id], posting{int32(i), float32(weigh(c.n) * f.idf[id] / length)})
		}
	}
	return f
}

// cosines adds each row's cosine with a text to out. Terms that no row has count in
// neither length: what a text says beside is no evidence against anything.
func (f *field) cosines(text []counted, out []float32) {
	sum := 0.0
	for _, c := range text {
		if id, ok := f.terms[c.term]; ok {
			v := weigh(c.n) * f.idf[id]
			sum += v * v
		}
	}
	if sum == 0 {
		return
	}
	length := math.Sqrt(sum)
	for _, c := range text {
		id, ok := f.terms[c.term]
		if !ok {
			continue
		}
		v := float32(weigh(c.n) * f.idf[id] / length)
		for _, p := range f.lists[id] {
			out[p.row] += v * p.weight
		}
	}
}

// newCover is a field whose rows add up to 1, each term counting its idf: a sentence
// that holds a whole name means it, however much it says beside. Latin names only: of a
// Chinese name the common characters alone make up too much (csco-zh loses 0.01 to 0.03
// with them; sentences linked to English skills gain 0.02 to 0.04 in RP@5).
func newCover(rows [][]counted) *field {
	names := make([][]counted, len(rows))
	for i, row := range rows {
		if latinWords(row) == len(row) {
			names[i] = row
		}
	}
	f := newField(names)
	for id := range f.lists {
		f.lists[id] = f.lists[id][:0]
	}
	for i, row := range names {
		sum := 0.0
		for _, c := range row {
			sum += f.idf[f.terms[c.term]]
		}
		for _, c := range row {
			id := f.terms[c.term]
			f.lists[id] = append(f.lists[id], posting{int32(i), float32(f.idf[id] / sum)})
		}
	}
	return f
}

// covered adds to out how much of each row a text holds.
func (f *field) covered(text []counted, out []float32) {
	for _, c := range text {
		if id, ok := f.terms[c.term]; ok {
			for _, p := range f.lists[id] {
				out[p.row] += p.weight
			}
		}
	}
}
