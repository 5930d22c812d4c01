package market

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"talentmatch/index"
	"talentmatch/index/taxonomy"
	"talentmatch/matcher/relevance"
	"talentmatch/talent"
	"talentmatch/testdata"
)

// A linkTask is labelled data for linking as the ranker sees it.
type linkTask struct {
	docs    []relevance.Doc
	jobs    bool // occupations: the thesaurus takes part
	texts   []LinkText
	gains   map[string]map[string]float64 // text -> what is right, above 0
	metric  func(places []place) float64  // of one text
	linking float64                       // the metric's mean as Market.Link reaches it
}

// A place is where a right document stands in a ranking, from 1, and what it is worth;
// rank 0 is nowhere.
type place struct {
	rank int
	gain float64
}

func averagePrecision(places []place) float64 {
	sum, hits := 0.0, 0.0
	for _, p := range sorted(places) {
		hits++
		sum += hits / float64(p.rank)
	}
	return sum / float64(len(places))
}

func reciprocalRank(places []place) float64 {
	if s := sorted(places); len(s) > 0 {
		return 1 / float64(s[0].rank)
	}
	return 0
}

func rPrecision5(places []place) float64 {
	hits := 0.0
	for _, p := range sorted(places) {
		if p.rank <= 5 {
			hits++
		}
	}
	return hits / math.Min(5, float64(len(places)))
}

func ndcg10(places []place) float64 {
	dcg, ideal := 0.0, 0.0
	for _, p := range sorted(places) {
		if p.rank <= 10 {
			dcg += p.gain / math.Log2(float64(p.rank)+1)
		}
	}
	best := slices.Clone(places)
	slices.SortFunc(best, func(a, b place) int { return cmp.Compare(b.gain, a.gain) })
	for i, p := range best[:min(10, len(best))] {
		ideal += p.gain / math.Log2(float64(i)+2)
	}
	return dcg / ideal
}

// sorted is the places that are anywhere, best first.
func sorted(places []place) []place {
	out := slices.DeleteFunc(slices.Clone(places), func(p place) bool { return p.rank == 0 })
	slices.SortFunc(out, func(a, b place) int { return a.rank - b.rank })
	return out
}

// linkTasks are the columns: public data where it is there, and the programs of
// testdata/labelled.
var linkTasks = []struct {
	name string
	task func(*testing.T) *linkTask
}{
	{"en MAP", func(t *testing.T) *linkTask {
		return taskOf(t, talentCLEF(t, "en"), averagePrecision, func(m linkMetrics) float64 { return m.MAP })
	}},
	{"es MAP", func(t *testing.T) *linkTask {
		return taskOf(t, talentCLEF(t, "es"), averagePrecision, func(m linkMetrics) float64 { return m.MAP })
	}},
	{"de MAP", func(t *testing.T) *linkTask {
		return taskOf(t, talentCLEF(t, "de"), averagePrecision, func(m linkMetrics) float64 { return m.MAP })
	}},
	{"csco MRR", func(t *testing.T) *linkTask {
		return taskOf(t, csco(t), reciprocalRank, func(m linkMetrics) float64 { return m.MRR })
	}},
	{"titles MRR", func(t *testing.T) *linkTask {
		return taskOf(t, vacancyTitles(t, 10), reciprocalRank, func(m linkMetrics) float64 { return m.MRR })
	}},
	{"TECH RP@5", func(t *testing.T) *linkTask {
		return taskOf(t, skillSentences(t, "tech"), rPrecision5, func(m linkMetrics) float64 { return m.RP5 })
	}},
	{"HOUSE RP@5", func(t *testing.T) *linkTask {
		return taskOf(t, skillSentences(t, "house"), rPrecision5, func(m linkMetrics) float64 { return m.RP5 })
	}},
	{"programs nDCG@10", labelledTask},
}

func taskOf(t *testing.T, s *linkSet, metric func([]place) float64, reached func(linkMetrics) float64) *linkTask {
	k := &linkTask{jobs: s.to == talent.TypeOccupation, texts: s.texts, gains: map[string]map[string]float64{}, metric: metric, linking: reached(s.measure(t))}
	for _, r := range s.records {
		switch x := r.(type) {
		case *talent.Occupation:
			k.docs = append(k.docs, occupationDoc(x))
		case *talent.Skill:
			k.docs = append(k.docs, relevance.Doc{ID: x.ID, Names: append([]string{x.Name, x.NameEN}, x.Aliases...), Bodies: []string{x.Text, x.TextEN}})
		}
	}
	for text, right := range s.right {
		k.gains[text] = map[string]float64{}
		for id := range right {
			k.gains[text][id] = 1
		}
	}
	return k
}

func occupationDoc(o *talent.Occupation) relevance.Doc {
	return relevance.Doc{ID: o.ID, Names: append([]string{o.Name, o.NameEN}, o.Aliases...), Bodies: []string{o.Text, o.TextEN}}
}

// labelledTask is the judged programs, as texts, against the built-in occupations.
func labelledTask(t *testing.T) *linkTask {
	m := openMarket(t)
	w, err := m.readWorld(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	judgements, err := testdata.Judgements()
	if err != nil {
		t.Fatal(err)
	}
	k := &linkTask{jobs: true, gains: map[string]map[string]float64{}, metric: ndcg10}
	for _, o := range w.catalogue.Occupations() {
		k.docs = append(k.docs, occupationDoc(o))
	}
	texts := programTexts(t)
	for _, j := range judgements {
		if k.gains[j.Program] == nil {
			k.gains[j.Program] = map[string]float64{}
			k.texts = append(k.texts, LinkText{j.Program, texts[j.Program]})
		}
		if j.Grade > 0 {
			k.gains[j.Program][j.Occupation] = float64(j.Grade)
		}
	}
	sum, n := 0.0, 0
	for _, split := range []string{testdata.Dev, testdata.Test} {
		ndcg, _, _, queries := measurePrograms(t, m, split)
		sum, n = sum+ndcg*float64(queries), n+queries
	}
	k.linking = sum / float64(n)
	return k
}

// partWeights are what the parts count for a text as short as a name, and Cover for a
// long one. They and weightsOf are matcher/relevance's own, which has no switches:
// TestPartWeights and TestAblation fail when they do not give its scores.
var partWeights = [relevance.NumParts]float64{.3, .3, .2, .5, .5, .8, .5, .5, .4}

// weightsOf is what the parts count for a text; for one as short as a name when flat.
func weightsOf(text string, jobs, flat bool) [relevance.NumParts]float64 {
	w, words := partWeights, distinct(index.Terms(text))
	short := 1 / (1 + float64(len(words)*len(words))/100)
	if flat {
		short = 1
	}
	for p := range relevance.AllWords {
		w[p] *= short
	}
	latin := 0
	for _, word := range words {
		if r, _ := utf8.DecodeRuneInString(word); r < 0x2E80 {
			latin++
		}
	}
	w[relevance.Cover] = 0
	if len(words) > 0 {
		w[relevance.Cover] = partWeights[relevance.Cover] * (1 - short) * float64(latin) / float64(len(words))
	}
	if !jobs {
		w[relevance.Concept] = 0
	}
	return w
}

// partsOff are the rows that only leave comparisons out: families of them, then each.
func partsOff() (rows []string, off [][]relevance.Part) {
	add := func(row string, parts ...relevance.Part) { rows, off = append(rows, "- "+row), append(off, parts) }
	add("names by pieces", relevance.NamePieces, relevance.NamesPieces, relevance.TitlePieces)
	add("names by words", relevance.NameWords, relevance.NamesWords)
	add("everything by words and pairs", relevance.AllWords, relevance.AllPairs)
	for p := range relevance.NumParts {
		add("  "+strings.ReplaceAll(p.String(), "_", " "), p)
	}
	return rows, off
}

// linkRankers are the rows for which documents, terms or the thesaurus are others, with
// how such a ranker is made.
var linkRankers = []struct {
	row  string
	make func(k *linkTask) *relevance.Ranker
}{
	{"- bodies", func(k *linkTask) *relevance.Ranker {
		docs := slices.Clone(k.docs)
		for i := range docs {
			docs[i].Bodies = nil
		}
		return relevance.New(analysis, docs, k.concepts())
	}},
	{"- pairs of words", func(k *linkTask) *relevance.Ranker {
		unpaired := func(text string) []string {
			words := index.Terms(text)
			for i := range words {
				words[i] = "\ue000" + words[i] // not Latin: it makes no pairs
			}
			return words
		}
		return relevance.New(relevance.Analysis{Words: unpaired, Grams: analysis.Grams}, k.docs, k.concepts())
	}},
	{"- pieces of 3", func(k *linkTask) *relevance.Ranker {
		long := func(name string) []string { return index.Grams(name) }
		return relevance.New(relevance.Analysis{Words: index.Terms, Grams: long}, k.docs, k.concepts())
	}},
	{"- pieces of 5", func(k *linkTask) *relevance.Ranker {
		short := func(name string) []string { return index.Grams(name, 3) }
		return relevance.New(relevance.Analysis{Words: index.Terms, Grams: short}, k.docs, k.concepts())
	}},
	{"- thesaurus: kin", func(k *linkTask) *relevance.Ranker { return k.otherwise(func(c *relevance.Cluster) { c.Code = "" }) }},
	{"- thesaurus: words of the work", func(k *linkTask) *relevance.Ranker { return k.otherwise(func(c *relevance.Cluster) { c.About = nil }) }},
}

func (k *linkTask) concepts() *relevance.Concepts {
	if !k.jobs {
		return nil
	}
	return concepts()
}

// otherwise is the ranker with a changed thesaurus; nil where none takes part.
func (k *linkTask) otherwise(change func(*relevance.Cluster)) *relevance.Ranker {
	if !k.jobs {
		return nil
	}
	var clusters []relevance.Cluster
	for _, c := range taxonomy.Thesaurus() {
		cluster := relevance.Cluster{Code: c.Code, Names: c.Titles, About: c.About}
		change(&cluster)
		clusters = append(clusters, cluster)
	}
	return relevance.New(analysis, k.docs, relevance.NewConcepts(analysis, clusters))
}

// A latentPart is a latent-semantic part at some rank, blended into the score.
type latentPart struct {
	space *latentSpace
	terms func(string) []string
	of    string // what the terms are
}

var (
	latentRanks  = []int{100, 200}
	latentBlends = []float64{.05, .1, .2, .3}
)

// latentParts are names and bodies by words, and names by pieces.
func (k *linkTask) latentParts() []latentPart {
	words, pieces := make([][]string, len(k.docs)), make([][]string, len(k.docs))
	for i, d := range k.docs {
		for _, name := range d.Names {
			words[i], pieces[i] = append(words[i], index.Terms(name)...), append(pieces[i], analysis.Grams(name)...)
		}
		for _, body := range d.Bodies {
			words[i] = append(words[i], index.Terms(body)...)
		}
	}
	return []latentPart{
		{newLatentSpace(words, latentRanks...), index.Terms, "words"},
		{newLatentSpace(pieces, latentRanks...), analysis.Grams, "pieces"},
	}
}

// ablateLinking ranks with every comparison left out in turn, and with a latent-semantic
// one more.
func ablateLinking(t *testing.T) *ablation {
	a := newAblation("linking texts to occupations (TalentCLEF en, es, de; csco-zh; title-norm; testdata/labelled) and skills (TECH, HOUSE)")
	for _, column := range linkTasks {
		t.Run("linking "+column.name, func(t *testing.T) { column.task(t).ablate(t, a, column.name) })
	}
	return a
}

// ranking is one text's scores by document and what is right.
type ranking struct {
	docs  []relevance.Doc
	gains map[string]float64
	at    map[string]int // id -> document
}

func (r *ranking) places(scores []float64) []place {
	var out []place
	for id, gain := range r.gains {
		i, ok := r.at[id]
		if !ok {
			out = append(out, place{0, gain})
			continue
		}
		rank := 1
		for j, v := range scores {
			if v > scores[i] || v == scores[i] && r.docs[j].ID < id {
				rank++
			}
		}
		out = append(out, place{rank, gain})
	}
	return out
}

// scores is the hits' by document.
func (r *ranking) scores(hits []relevance.Hit) []float64 {
	out := make([]float64, len(r.docs))
	for _, h := range hits {
		out[r.at[h.ID]] = h.Score
	}
	return out
}

func weighted(hits []relevance.Hit, at map[string]int, w [relevance.NumParts]float64) []float64 {
	out, sum := make([]float64, len(at)), 0.0
	for _, v := range w {
		sum += v
	}
	for i := range hits {
		v := 0.0
		for p := range w {
			v += w[p] * hits[i].Parts[p]
		}
		if sum > 0 {
			out[at[hits[i].ID]] = v / sum
		}
	}
	return out
}

// addUp is an error when scores made of the parts are not the ranker's.
func addUp(text string, hits []relevance.Hit, at map[string]int, scores []float64) error {
	for _, h := range hits {
		if v := min(1, scores[at[h.ID]]); math.Abs(v-h.Score) > 1e-9 {
			return fmt.Errorf("%s for %q: score %v, by partWeights %v: matcher/relevance weighs its parts otherwise now", h.ID, text, h.Score, v)
		}
	}
	return nil
}

// TestPartWeights: what TestAblation takes apart is what ranks.
func TestPartWeights(t *testing.T) {
	records, err := taxonomy.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	k, at := &linkTask{}, map[string]int{}
	for _, r := range records {
		if o, ok := r.(*talent.Occupation); ok {
			at[o.ID] = len(k.docs)
			k.docs = append(k.docs, occupationDoc(o))
		}
	}
	for _, k.jobs = range []bool{true, false} {
		ranker := relevance.New(analysis, k.docs, k.concepts())
		for _, text := range []string{
			"", "焊工", "PLC programmer", "qqqq", "负责西门子PLC编程与工业机器人调试，会看电气图纸，能出差，熟悉EPLAN者优先。",
			"You will maintain and repair robot welding cells, read electrical drawings, and train the operators who work with them every day.",
		} {
			hits := ranker.Rank(text, len(k.docs))
			if err := addUp(text, hits, at, weighted(hits, at, weightsOf(text, k.jobs, false))); err != nil {
				t.Error(err)
			}
		}
	}
}

// rowValue is the metric of one text in one row.
type rowValue struct {
	row   string
	value float64
}

// ablate fills a column.
func (k *linkTask) ablate(t *testing.T, a *ablation, column string) {
	whole := relevance.New(analysis, k.docs, k.concepts())
	var others []*relevance.Ranker
	for _, o := range linkRankers {
		others = append(others, o.make(k))
	}
	latent := k.latentParts()
	at, text := map[string]int{}, map[string]string{}
	for i, d := range k.docs {
		at[d.ID] = i
	}
	var ids []string
	for _, x := range k.texts {
		ids, text[x.ID] = append(ids, x.ID), x.Text
	}
	var rows []string
	values := map[string][]float64{}
	work := func(id string) (out []rowValue, err error) {
		r := &ranking{k.docs, k.gains[id], at}
		add := func(row string, scores []float64) { out = append(out, rowValue{row, k.metric(r.places(scores))}) }
		hits := whole.Rank(text[id], len(k.docs))
		w := weightsOf(text[id], k.jobs, false)
		scores := weighted(hits, at, w)
		if err := addUp(text[id], hits, at, scores); err != nil {
			return nil, err
		}
		add(wholeRow, scores)
		names, off := partsOff()
		for i, parts := range off {
			without, changed := w, false
			for _, p := range parts {
				changed = changed || without[p] > 0
				without[p] = 0
			}
			if !changed {
				add(names[i], scores)
				continue
			}
			add(names[i], weighted(hits, at, without))
		}
		add("- long texts lean on bodies", weighted(hits, at, weightsOf(text[id], k.jobs, true)))
		for i, o := range others {
			if o != nil {
				add(linkRankers[i].row, r.scores(o.Rank(text[id], len(k.docs))))
			}
		}
		for _, part := range latent {
			for _, rank := range latentRanks {
				cosines := part.space.cosines(part.terms(text[id]), rank)
				for _, blend := range latentBlends {
					mixed := slices.Clone(scores)
					for i := range mixed {
						mixed[i] = (1-blend)*mixed[i] + blend*cosines[i]
					}
					add(fmt.Sprintf("+ latent %s, rank %d, %.2f", part.of, rank, blend), mixed)
				}
			}
		}
		return out, nil
	}
	err := inOrder(context.Background(), ids, work, func(_ int, figures []rowValue) error {
		for _, f := range figures {
			if values[f.row] == nil {
				rows = append(rows, f.row)
			}
			values[f.row] = append(values[f.row], f.value)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		a.set(row, column, meanOf(values[row]))
	}
	if got := mean(values[wholeRow]); math.Abs(got-k.linking) > 1e-9 {
		t.Errorf("%v, Market.Link reaches %v: the ranker that is taken apart is not the market's", got, k.linking)
	}
}
