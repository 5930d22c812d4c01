package relevance

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// plain is an analysis for tests: words at blanks, and pieces of three letters.
var plain = Analysis{
	Words: strings.Fields,
	Grams: func(s string) []string {
		var out []string
		for i := 0; i+3 <= len(s); i++ {
			out = append(out, s[i:i+3])
		}
		return out
	},
}

// The reference: every part as a cosine of plain maps, written down document by
// document.

type bag map[string]float64

func bagOf(lists ...[]string) bag {
	b := bag{}
	for _, l := range lists {
		for _, t := range l {
			b[t]++
		}
	}
	return b
}

func idfs(rows []bag) map[string]float64 {
	df := map[string]float64{}
	for _, r := range rows {
		for t := range r {
			df[t]++
		}
	}
	for t, n := range df {
		df[t] = math.Log(float64(len(rows)+1) / (n + .5))
	}
	return df
}

func refCosine(a, b bag, idf map[string]float64) float64 {
	dot, la, lb := 0.0, 0.0, 0.0
	for t, n := range a {
		v := math.Log2(1+n) * idf[t]
		la += v * v
		dot += v * math.Log2(1+b[t]) * idf[t]
	}
	for t, n := range b {
		v := math.Log2(1+n) * idf[t]
		lb += v * v
	}
	if dot == 0 {
		return 0
	}
	return dot / math.Sqrt(la*lb)
}

func withPairs(s string) []string {
	w := plain.Words(s)
	out := slices.Clone(w)
	for i := 1; i < len(w); i++ {
		out = append(out, w[i-1]+" "+w[i])
	}
	return out
}

// refCover is how much of a name, by idf, a text holds.
func refCover(text, name bag, idf map[string]float64) float64 {
	held, all := 0.0, 0.0
	for t := range name {
		all += idf[t]
		if text[t] > 0 {
			held += idf[t]
		}
	}
	if all == 0 {
		return 0
	}
	return held / all
}

func reference(docs []Doc, text string) map[string][NumParts]float64 {
	var oneGrams, oneWords []bag
	var owner []int
	var grams, words, titles, all, pairs []bag
	for i, d := range docs {
		names := distinct(d.Names)
		g, w, a, p := bag{}, bag{}, bag{}, bag{}
		add := func(to bag, list []string) {
			for _, t := range list {
				to[t]++
			}
		}
		title := bag{}
		for k, n := range names {
			oneGrams, oneWords, owner = append(oneGrams, bagOf(plain.Grams(n))), append(oneWords, bagOf(withPairs(n))), append(owner, i)
			times := 1
			if k == 0 {
				title, times = bagOf(plain.Grams(n)), titleCount
			}
			add(g, plain.Grams(n))
			add(w, withPairs(n))
			for range times {
				add(a, plain.Words(n))
				add(p, withPairs(n))
			}
		}
		for _, b := range d.Bodies {
			add(a, plain.Words(b))
			add(p, withPairs(b))
		}
		grams, words, titles, all, pairs = append(grams, g), append(words, w), append(titles, title), append(all, a), append(pairs, p)
	}
	qg, qw, qp := bagOf(plain.Grams(text)), bagOf(plain.Words(text)), bagOf(withPairs(text))
	// Terms that no document has count in no length.
	cut := func(q bag, idf map[string]float64) bag {
		out := bag{}
		for t, n := range q {
			if _, ok := idf[t]; ok {
				out[t] = n
			}
		}
		return out
	}
	out := map[string][NumParts]float64{}
	for i, d := range docs {
		var s [NumParts]float64
		for k, o := range owner {
			if o == i {
				s[NamePieces] = math.Max(s[NamePieces], refCosine(cut(qg, idfs(oneGrams)), oneGrams[k], idfs(oneGrams)))
				s[NameWords] = math.Max(s[NameWords], refCosine(cut(qp, idfs(oneWords)), oneWords[k], idfs(oneWords)))
				s[Cover] = math.Max(s[Cover], refCover(qp, oneWords[k], idfs(oneWords)))
			}
		}
		s[NamesPieces] = refCosine(cut(qg, idfs(grams)), grams[i], idfs(grams))
		s[TitlePieces] = refCosine(cut(qg, idfs(titles)), titles[i], idfs(titles))
		s[NamesWords] = refCosine(cut(qp, idfs(words)), words[i], idfs(words))
		s[AllWords] = refCosine(cut(qw, idfs(all)), all[i], idfs(all))
		s[AllPairs] = refCosine(cut(qp, idfs(pairs)), pairs[i], idfs(pairs))
		out[d.ID] = s
	}
	return out
}

func randomDocs(r *rand.Rand) ([]Doc, func() string) {
	vocabulary := strings.Fields("weld robot plc nurse care teach code data net farm drive sell cook law")
	phrase := func(n int) string {
		var out []string
		for range r.IntN(n + 1) {
			out = append(out, vocabulary[r.IntN(len(vocabulary))])
		}
		return strings.Join(out, " ")
	}
	docs := make([]Doc, r.IntN(12))
	for i := range docs {
		docs[i].ID = fmt.Sprintf("d%02d", i)
		for range r.IntN(4) {
			docs[i].Names = append(docs[i].Names, phrase(3))
		}
		for range r.IntN(3) {
			docs[i].Bodies = append(docs[i].Bodies, phrase(8))
		}
	}
	return docs, func() string { return phrase(14) }
}

// TestRankEqualsReference: every part of every document is what the reference says,
// the order is that of the scores, and no document is lost.
func TestRankEqualsReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		docs, text := randomDocs(r)
		ranker := New(plain, docs, nil)
		q := text()
		want := reference(docs, q)
		hits := ranker.Rank(q, len(docs)+3)
		if len(hits) != len(docs) {
			t.Fatalf("%d hits of %d documents", len(hits), len(docs))
		}
		w := ranker.weightsFor(count(plain.Words(q)))
		for k, h := range hits {
			total, sum := 0.0, 0.0
			for p := range NumParts {
				if math.Abs(h.Parts[p]-want[h.ID][p]) > 1e-5 {
					t.Fatalf("%q, %s: %v %v, reference %v", q, h.ID, p, h.Parts[p], want[h.ID][p])
				}
				total, sum = total+w[p]*want[h.ID][p], sum+w[p]
			}
			if math.Abs(h.Score-total/sum) > 1e-5 || h.Score < 0 || h.Score > 1 {
				t.Fatalf("%q, %s: score %v, reference %v", q, h.ID, h.Score, total/sum)
			}
			if k > 0 && cmp.Or(cmp.Compare(h.Score, hits[k-1].Score), cmp.Compare(hits[k-1].ID, h.ID)) > 0 {
				t.Fatalf("%v before %v", hits[k-1], h)
			}
		}
		top := r.IntN(len(docs) + 1)
		if got := ranker.Rank(q, top); !slices.Equal(got, hits[:top]) {
			t.Fatalf("the first %d of %d differ: %v, %v", top, len(docs), got, hits[:top])
		}
	})
}

// TestRankTogether: rankings that are worked out at the same time are those that are
// worked out one by one.
func TestRankTogether(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 1))
	docs, text := randomDocs(r)
	for len(docs) < 5 {
		docs, text = randomDocs(r)
	}
	ranker := New(plain, docs, NewConcepts(plain, []Cluster{{Code: "1111a", Names: []string{"weld robot"}}, {Code: "2222a", Names: []string{"nurse care"}}}))
	texts := make([]string, 64)
	want := make([][]Hit, len(texts))
	for i := range texts {
		texts[i] = text()
		want[i] = ranker.Rank(texts[i], 5)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range texts {
				if got := ranker.Rank(texts[i], 5); !slices.Equal(got, want[i]) {
					t.Errorf("%q: %v, alone %v", texts[i], got, want[i])
				}
			}
		})
	}
	wg.Wait()
}

// TestConceptsBridgeWords: texts without a common word meet in a cluster, kin lie
// nearer than strangers, and a text like no cluster has no theme.
func TestConceptsBridgeWords(t *testing.T) {
	concepts := NewConcepts(plain, []Cluster{
		{Code: "2611a", Names: []string{"lawyer", "attorney", "legal counsel"}, About: []string{"court"}},
		{Code: "2619a", Names: []string{"notary"}, About: []string{"deed"}},
		{Code: "5311a", Names: []string{"nanny", "babysitter"}, About: []string{"child"}},
	})
	docs := []Doc{{ID: "a", Names: []string{"attorney"}}, {ID: "b", Names: []string{"babysitter"}}, {ID: "n", Names: []string{"notary"}}, {ID: "z", Names: []string{"zzz"}}}
	ranker := New(plain, docs, concepts)
	part := map[string]float64{}
	for _, h := range ranker.Rank("lawyer", 4) {
		part[h.ID] = h.Parts[Concept]
	}
	if !(part["a"] > .9 && part["n"] > 0 && part["a"] > part["n"] && part["b"] == 0 && part["z"] == 0) {
		t.Errorf("lawyer: %v", part)
	}
	if best := ranker.Rank("nanny", 1)[0]; best.ID != "b" {
		t.Errorf("nanny: %+v", best)
	}
	if hits := New(plain, nil, concepts).Rank("lawyer", 3); len(hits) != 0 {
		t.Errorf("of nothing: %v", hits)
	}
	if th := concepts.theme("qqq"); th.parts != nil || th.strength != 0 {
		t.Errorf("qqq: %v", th)
	}
}

func TestSelectFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfNDistinct(rapid.Int32(), 0, 200, rapid.ID).Draw(t, "list")
		want := slices.Sorted(slices.Values(list))
		k := rapid.IntRange(0, len(list)).Draw(t, "k")
		got := best(slices.Clone(list), k, func(a, b int32) int { return cmp.Compare(a, b) })
		if !slices.Equal(got, want[:k]) {
			t.Fatalf("first %d: %v, want %v", k, got, want[:k])
		}
	})
}

// BenchmarkRank3000Occupations ranks 3,000 occupations of 8 names and 60 words for a
// title of three words.
func BenchmarkRank3000Occupations(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	word := func() string { return fmt.Sprintf("w%d", int(math.Pow(6000, r.Float64()))) }
	phrase := func(n int) string {
		out := make([]string, n)
		for i := range out {
			out[i] = word()
		}
		return strings.Join(out, " ")
	}
	docs := make([]Doc, 3000)
	for i := range docs {
		docs[i] = Doc{ID: fmt.Sprint(i), Bodies: []string{phrase(60)}}
		for range 8 {
			docs[i].Names = append(docs[i].Names, phrase(3))
		}
	}
	ranker := New(plain, docs, nil)
	b.ReportAllocs()
	for b.Loop() {
		ranker.Rank(phrase(3), 10)
	}
}
