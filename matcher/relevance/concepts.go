package relevance

import (
	"math"
	"slices"
)

// Cluster is one kind of work with the names that people give it.
type Cluster struct {
	Code  string   // its place in a classification: kin share a prefix
	Names []string // interchangeable titles, in any language
	About []string // words for tasks, objects and tools
}

// Concepts are clusters of names. A text is described by the clusters that it is like
// (explicit semantic analysis, Gabrilovich and Markovitch 2007), so that two texts that
// share no word can be found to mean kindred work. Safe for concurrent use.
type Concepts struct {
	ranker *Ranker
	kin    [][]kinship // per cluster, itself included
}

type kinship struct {
	cluster int32
	weight  float32
}

// kinWeights are what a cluster passes on to one whose code shares so many leading
// digits: the same unit group, minor group, sub-major group.
var kinWeights = [...]float32{2: .01, 3: .0625, 4: .25}

// usualKin is how many others share so many leading digits in a well-divided
// classification. Where more do, each passes on less, or large groups would be like
// everything (TalentCLEF en MAP .511 without, .517 with).
var usualKin = [...]float64{2: 30, 3: 9, 4: 2.6}

// theme parameters: how many clusters describe a text, and how much more the nearest
// ones count. The ranking is flat around them.
const (
	themeClusters = 10
	themePower    = 3
)

// NewConcepts indexes clusters.
func NewConcepts(a Analysis, clusters []Cluster) *Concepts {
	docs := make([]Doc, len(clusters))
	for i, c := range clusters {
		docs[i] = Doc{ID: c.Code, Names: c.Names, Bodies: c.About}
	}
	out := &Concepts{ranker: New(a, docs, nil), kin: make([][]kinship, len(clusters))}
	shared := make([]int, len(clusters))
	for i, a := range clusters {
		var size [len(kinWeights)]float64
		for j, b := range clusters {
			shared[j] = min(common(a.Code, b.Code), len(size)-1)
			size[shared[j]]++
		}
		size[len(size)-1]-- // itself
		var weights [len(kinWeights)]float32
		for n, w := range kinWeights {
			weights[n] = w * float32(min(1, math.Sqrt(usualKin[n]/max(size[n], 1))))
		}
		for j := range clusters {
			if i == j {
				out.kin[i] = append(out.kin[i], kinship{int32(j), 1})
			} else if n := shared[j]; n >= 2 {
				out.kin[i] = append(out.kin[i], kinship{int32(j), weights[n]})
			}
		}
	}
	return out
}

func common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// A theme is a unit vector over clusters, in their order, and how like the text is to
// the likest of them, 0..1: a text in a language that no cluster has is a little like
// many, which says nothing.
type theme struct {
	parts    []kinship
	strength float32
}

// affinity is how like a text is to each cluster: the nearest name, and a little of
// what the work is about.
var affinity = [NumParts]float64{NamePieces: .5, NameWords: .5, AllWords: .3}

// theme describes a text by the clusters that it is like and their kin; empty when it
// is like none.
func (c *Concepts) theme(text string) theme {
	r := c.ranker
	s := r.scratch.Get().(*scratch)
	defer r.scratch.Put(s)
	for _, p := range []Part{NamePieces, NameWords, AllWords} {
		s.parts[p] = zeroed(s.parts[p], len(r.ids))
	}
	words := r.analysis.Words(text)
	r.nearest(r.namePieces.cosines, count(r.analysis.Grams(text)), s, NamePieces)
	r.nearest(r.nameWords.cosines, count(words, pairsOf(words)), s, NameWords)
	r.allWords.cosines(count(words), s.parts[AllWords])
	s.total = zeroed(s.total, len(r.ids))
	var like []int32
	for i := range s.total {
		for p, w := range affinity {
			if w > 0 {
				s.total[i] += w * float64(s.parts[p][i])
			}
		}
		if s.total[i] > 0 {
			like = append(like, int32(i))
		}
	}
	slices.SortFunc(like, func(a, b int32) int {
		switch {
		case s.total[a] > s.total[b]:
			return -1
		case s.total[a] < s.total[b]:
			return 1
		}
		return int(a - b)
	})
	like = like[:min(themeClusters, len(like))]
	if len(like) == 0 {
		return theme{}
	}
	out := theme{strength: float32(min(1, s.total[like[0]]))}
	slices.Sort(like)
	spread := map[int32]float64{}
	for _, i := range like {
		v := math.Pow(s.total[i], themePower)
		for _, k := range c.kin[i] {
			spread[k.cluster] += v * float64(k.weight)
		}
	}
	sum := 0.0
	for i := range int32(len(r.ids)) {
		if v := spread[i]; v > 0 {
			out.parts = append(out.parts, kinship{i, float32(v)})
			sum += v * v
		}
	}
	for i := range out.parts {
		out.parts[i].weight = float32(float64(out.parts[i].weight) / math.Sqrt(sum))
	}
	return out
}

// themes are the themes of documents, inverted: cluster -> documents.
type themes struct{ lists [][]posting }

// fewNames is how many of a document's names describe its theme beside the title: the
// first ones are the usual ones.
const fewNames = 6

// add describes a document by its title and by its first names together.
func (t *themes) add(c *Concepts, doc int, names []string) {
	if t.lists == nil {
		t.lists = make([][]posting, len(c.ranker.ids))
	}
	if len(names) == 0 {
		return
	}
	together := ""
	for _, n := range names[:min(fewNames, len(names))] {
		together += n + " "
	}
	for _, text := range []string{names[0], together} {
		for _, k := range c.theme(text).parts {
			t.lists[k.cluster] = append(t.lists[k.cluster], posting{int32(doc), k.weight / 2})
		}
	}
}

func (t *themes) cosines(text theme, out []float32) {
	if t.lists == nil {
		return // no documents
	}
	for _, k := range text.parts {
		for _, p := range t.lists[k.cluster] {
			out[p.row] += text.strength * k.weight * p.weight
		}
	}
}
