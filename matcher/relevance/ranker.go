package relevance

import (
	"cmp"
	"slices"
	"sync"
	"unicode/utf8"
)

// Analysis turns text into terms, in order of appearance, with repeats.
type Analysis struct {
	Words func(string) []string
	Grams func(string) []string // overlapping pieces of words
}

// Doc is something that texts are linked to.
type Doc struct {
	ID     string
	Names  []string // the first is the title; repeats are ignored
	Bodies []string // what is written about it
}

// Part is one comparison of a text with a document.
type Part int

// The comparisons. Pairs are two Latin words that follow each other.
const (
	NamePieces  Part = iota // the nearest name, by pieces
	NamesPieces             // all names, by pieces
	TitlePieces             // the title, by pieces
	NameWords               // the nearest name, by words and pairs
	NamesWords              // all names, by words and pairs
	Concept                 // the work that text and names are about (Concepts)
	AllWords                // names and bodies, by words
	AllPairs                // names and bodies, by words and pairs
	Cover                   // how much of the best covered name the text holds
	NumParts
)

// partNames are the names in JSON.
var partNames = [NumParts]string{"name_pieces", "names_pieces", "title_pieces", "name_words", "names_words", "concept", "all_words", "all_pairs", "cover"}

// String is the part's name in JSON.
func (p Part) String() string { return partNames[p] }

// weights are what the parts count: comparisons with names for a text as short as a
// name, Cover for a long one, AllWords and AllPairs however long it is.
var weights = [NumParts]float64{.3, .3, .2, .5, .5, .8, .5, .5, .4}

// nameTerms is how many different words a text has that is compared half with names
// and half with what is written.
const nameTerms = 10

// share is how much comparisons with names count for a text of n different words: 1
// for a title, 1/2 at nameTerms, little for a paragraph, which names nothing whole.
func share(n int) float64 {
	r := float64(n) / nameTerms
	return 1 / (1 + r*r)
}

// titleCount is how many occurrences one in a title stands for among everything.
const titleCount = 3

// Ranker ranks a fixed list of documents. It is safe for concurrent use.
type Ranker struct {
	analysis Analysis
	concepts *Concepts
	ids      []string
	owner    []int32 // row of single names -> document
	namePieces, namesPieces, titlePieces,
	nameWords, namesWords, allWords, allPairs, cover *field
	themes  themes
	scratch sync.Pool
}

// New indexes documents. concepts may be nil.
func New(a Analysis, docs []Doc, concepts *Concepts) *Ranker {
	r := &Ranker{analysis: a, concepts: concepts}
	var one, all, title, oneW, allW, everything, pairs [][]counted
	for i, d := range docs {
		r.ids = append(r.ids, d.ID)
		names := distinct(d.Names)
		var grams, words, paired [][]string
		for _, n := range names {
			g, w := a.Grams(n), a.Words(n)
			p := append(slices.Clone(w), pairsOf(w)...)
			grams, words, paired = append(grams, g), append(words, w), append(paired, p)
			one, oneW = append(one, count(g)), append(oneW, count(p))
			r.owner = append(r.owner, int32(i))
		}
		all, allW = append(all, count(grams...)), append(allW, count(paired...))
		title = append(title, count(grams[:min(1, len(grams))]...))
		for range titleCount - 1 {
			words, paired = append(words, words[:min(1, len(words))]...), append(paired, paired[:min(1, len(paired))]...)
		}
		for _, b := range d.Bodies {
			w := a.Words(b)
			words, paired = append(words, w), append(paired, w, pairsOf(w))
		}
		everything, pairs = append(everything, count(words...)), append(pairs, count(paired...))
		if concepts != nil {
			r.themes.add(concepts, i, names)
		}
	}
	r.namePieces, r.namesPieces, r.titlePieces = newField(one), newField(all), newField(title)
	r.nameWords, r.namesWords = newField(oneW), newField(allW)
	r.allWords, r.allPairs = newField(everything), newField(pairs)
	r.cover = newCover(oneW)
	r.scratch.New = func() any { return &scratch{} }
	return r
}

// Len is the number of documents.
func (r *Ranker) Len() int { return len(r.ids) }

// scratch is one text's working memory.
type scratch struct {
	names []float32 // per single name
	parts [NumParts][]float32
	total []float64
}

// Hit is one document's rank for a text.
type Hit struct {
	ID    string
	Score float64 // in [0,1]
	Parts [NumParts]float64
}

// Rank is the min(top, Len) best documents for a text, zero scores included, ties by
// id. Parts without concepts stay 0.
func (r *Ranker) Rank(text string, top int) []Hit {
	s := r.scratch.Get().(*scratch)
	defer r.scratch.Put(s)
	n := len(r.ids)
	for p := range s.parts {
		s.parts[p] = zeroed(s.parts[p], n)
	}
	words, grams := r.analysis.Words(text), count(r.analysis.Grams(text))
	plain, paired := count(words), count(words, pairsOf(words))
	r.nearest(r.namePieces.cosines, grams, s, NamePieces)
	r.nearest(r.nameWords.cosines, paired, s, NameWords)
	r.nearest(r.cover.covered, paired, s, Cover)
	r.namesPieces.cosines(grams, s.parts[NamesPieces])
	r.titlePieces.cosines(grams, s.parts[TitlePieces])
	r.namesWords.cosines(paired, s.parts[NamesWords])
	r.allWords.cosines(plain, s.parts[AllWords])
	r.allPairs.cosines(paired, s.parts[AllPairs])
	if r.concepts != nil {
		r.themes.cosines(r.concepts.theme(text), s.parts[Concept])
	}

	w, sum := r.weightsFor(plain), 0.0
	for _, v := range w {
		sum += v
	}
	s.total = zeroed(s.total, n)
	order := make([]int32, n)
	for i := range order {
		order[i] = int32(i)
		for p, v := range w {
			s.total[i] += v * float64(s.parts[p][i])
		}
		s.total[i] /= sum
	}
	better := func(a, b int32) int {
		return cmp.Or(cmp.Compare(s.total[b], s.total[a]), cmp.Compare(r.ids[a], r.ids[b]))
	}
	top = min(top, n)
	order = best(order, top, better)
	out := make([]Hit, len(order))
	for k, i := range order {
		out[k] = Hit{ID: r.ids[i], Score: min(1, s.total[i])}
		for p := range s.parts {
			out[k].Parts[p] = float64(s.parts[p][i])
		}
	}
	return out
}

// weightsFor is what each part counts for a text of these different words.
func (r *Ranker) weightsFor(words []counted) [NumParts]float64 {
	w := weights
	short := share(len(words))
	for p := range AllWords {
		w[p] *= short
	}
	w[Cover] = 0
	if n := len(words); n > 0 {
		w[Cover] = weights[Cover] * (1 - short) * float64(latinWords(words)) / float64(n)
	}
	if r.concepts == nil {
		w[Concept] = 0
	}
	return w
}

func latinWords(words []counted) (n int) {
	for i := range words {
		if latin(words[i].term) {
			n++
		}
	}
	return n
}

// nearest fills a part with the best comparison over each document's single names.
func (r *Ranker) nearest(compare func([]counted, []float32), text []counted, s *scratch, p Part) {
	s.names = zeroed(s.names, len(r.owner))
	compare(text, s.names)
	for row, v := range s.names {
		if d := r.owner[row]; v > s.parts[p][d] {
			s.parts[p][d] = v
		}
	}
}

// best is the k first of a list by an order without ties, sorted.
func best(list []int32, k int, order func(a, b int32) int) []int32 {
	if k < len(list)/4 {
		list = selectFirst(list, k, order)
	}
	slices.SortFunc(list, order)
	return list[:k]
}

// selectFirst moves the k first to the front (quickselect; the middle of three as
// pivot, so that sorted input costs no more).
func selectFirst(list []int32, k int, order func(a, b int32) int) []int32 {
	all := list
	for len(list) > 12 && k > 0 {
		a, b, c := list[0], list[len(list)/2], list[len(list)-1]
		if order(a, b) > 0 {
			a, b = b, a
		}
		pivot := b
		if order(b, c) > 0 {
			pivot = c
			if order(a, c) > 0 {
				pivot = a
			}
		}
		i, j := 0, len(list)-1
		for i <= j {
			for order(list[i], pivot) < 0 {
				i++
			}
			for order(list[j], pivot) > 0 {
				j--
			}
			if i <= j {
				list[i], list[j] = list[j], list[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case k <= j+1:
			list = list[:j+1]
		case k > i:
			list, k = list[i:], k-i
		default:
			k = 0
		}
	}
	slices.SortFunc(list, order)
	return all[:]
}

// pairsOf is every two Latin words that follow each other. Chinese terms hold their
// neighbours already.
func pairsOf(words []string) []string {
	var out []string
	for i := 1; i < len(words); i++ {
		if latin(words[i-1]) && latin(words[i]) {
			out = append(out, words[i-1]+" "+words[i])
		}
	}
	return out
}

func latin(w string) bool {
	r, _ := utf8.DecodeRuneInString(w)
	return r < 0x2E80
}

func distinct(names []string) []string {
	var out []string
	for _, n := range names {
		if n != "" && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

func zeroed[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	s = s[:n]
	clear(s)
	return s
}
