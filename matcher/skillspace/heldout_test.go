package skillspace

import (
	"bufio"
	"context"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"talentmatch/index/taxonomy"
	"talentmatch/talent"
)

// trade is a set of skills and of occupations with their skills, to measure with.
type trade struct {
	ids         []string
	catalogue   *taxonomy.Catalogue // of the built-in one
	input       Input               // without the baskets
	occupations [][]Item            // each a list of skills
}

// words are the terms of a text for measuring: Latin words, Chinese characters and
// pairs of them. The product's own analysis is index's.
func words(text string, weight float64, to map[string]float64) {
	var word []rune
	var han rune
	flush := func() {
		if len(word) > 0 {
			to[string(word)] += weight
			word = word[:0]
		}
	}
	for _, r := range strings.ToLower(text) {
		switch {
		case unicode.Is(unicode.Han, r):
			flush()
			to[string(r)] += weight
			if han != 0 {
				to[string([]rune{han, r})] += weight
			}
			han = r
			continue
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '+' || r == '#':
			word = append(word, r)
		default:
			flush()
		}
		han = 0
	}
	flush()
}

type field struct {
	text   string
	weight float64
}

func termLists(skills [][]field) [][]Term {
	number := map[string]int32{}
	lists := make([][]Term, len(skills))
	for i, fields := range skills {
		tf := map[string]float64{}
		for _, f := range fields {
			words(f.text, f.weight, tf)
		}
		names := make([]string, 0, len(tf))
		for w := range tf {
			names = append(names, w)
		}
		slices.Sort(names)
		for _, w := range names {
			if _, ok := number[w]; !ok {
				number[w] = int32(len(number))
			}
			lists[i] = append(lists[i], Term{number[w], math.Sqrt(tf[w])})
		}
	}
	return ByRarity(lists)
}

// builtin is the built-in taxonomy.
func builtin(t testing.TB) *trade {
	t.Helper()
	records, err := taxonomy.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	var skills []*talent.Skill
	var occupations []*talent.Occupation
	for _, r := range records {
		switch r := r.(type) {
		case *talent.Skill:
			skills = append(skills, r)
		case *talent.Occupation:
			occupations = append(occupations, r)
		}
	}
	slices.SortFunc(skills, func(a, b *talent.Skill) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(occupations, func(a, b *talent.Occupation) int { return strings.Compare(a.ID, b.ID) })
	at := map[string]int32{}
	tr := &trade{catalogue: taxonomy.NewCatalogue(skills, occupations)}
	for i, s := range skills {
		at[s.ID] = int32(i)
		tr.ids = append(tr.ids, s.ID)
	}
	var texts [][]field
	for i, s := range skills {
		for _, b := range s.Broader {
			tr.input.Broader = append(tr.input.Broader, Edge{int32(i), at[b], 1})
		}
		for _, r := range s.Related {
			tr.input.Related = append(tr.input.Related, Edge{int32(i), at[r], 1})
		}
		texts = append(texts, []field{{s.Name, 2}, {s.NameEN, 2}, {strings.Join(s.Aliases, " | "), 1}, {s.Text, 1}, {s.TextEN, 1}})
	}
	tr.input.Skills = len(skills)
	tr.input.Terms = termLists(texts)
	for _, o := range occupations {
		var items []Item
		for _, s := range o.Skills {
			w := 1.0
			if s.Importance != nil {
				w = *s.Importance
			}
			items = append(items, Item{at[s.Skill], w})
		}
		if len(items) > 1 {
			tr.occupations = append(tr.occupations, items)
		}
	}
	return tr
}

// esco is the set job-skill-esco-ict in the folder that TALENTMATCH_EVAL names.
func esco(t testing.TB) *trade {
	t.Helper()
	dir := os.Getenv("TALENTMATCH_EVAL")
	if dir == "" {
		t.Skip("TALENTMATCH_EVAL names no folder")
	}
	dir = filepath.Join(dir, "job-skill-esco-ict")
	type skill struct {
		ID, Label, Description string
		Alt                    []string
	}
	var skills []*skill
	lines(t, filepath.Join(dir, "skills.jsonl"), func(line []byte) { skills = append(skills, decode[skill](t, line)) })
	slices.SortFunc(skills, func(a, b *skill) int { return strings.Compare(a.ID, b.ID) })
	at := map[string]int32{}
	tr := &trade{}
	var texts [][]field
	for i, s := range skills {
		at[s.ID] = int32(i)
		tr.ids = append(tr.ids, s.ID)
		texts = append(texts, []field{{s.Label, 2}, {strings.Join(s.Alt, " | "), 1}, {s.Description, 1}})
	}
	tr.input.Skills = len(skills)
	tr.input.Terms = termLists(texts)
	lists := map[string][]Item{}
	first := true
	lines(t, filepath.Join(dir, "qrels.tsv"), func(line []byte) {
		f := strings.Split(string(line), "\t")
		if s, ok := at[f[1]]; ok && !first {
			lists[f[0]] = append(lists[f[0]], Item{s, 1})
		}
		first = false
	})
	var names []string
	for o := range lists {
		names = append(names, o)
	}
	slices.Sort(names)
	for _, o := range names {
		tr.occupations = append(tr.occupations, lists[o])
	}
	return tr
}

func lines(t testing.TB, name string, f func([]byte)) {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	sc := bufio.NewScanner(file)
	sc.Buffer(nil, 1<<22)
	for sc.Scan() {
		if len(sc.Bytes()) > 0 {
			f(sc.Bytes())
		}
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
}

func decode[T any](t testing.TB, line []byte) *T {
	t.Helper()
	v := new(T)
	if err := json.Unmarshal(line, v); err != nil {
		t.Fatalf("%v in %s", err, line)
	}
	return v
}

const folds = 5

// heldOut hides a fifth of every occupation's skills, builds the space from the rest,
// ranks all other skills of the trade by the sum of their similarity to those left,
// and returns the mean average precision of what was hidden. It does so for the first
// runs of the five fifths. Without options it ranks by how many occupations have the
// skill.
func (tr *trade) heldOut(t testing.TB, o *Options, runs int) float64 {
	t.Helper()
	sum, n := 0.0, 0
	for fold := range runs {
		in := tr.input
		var hidden [][]int32
		r := rand.New(rand.NewPCG(1, 2)) // the same fifths in each run
		for _, items := range tr.occupations {
			var kept []Item
			var out []int32
			for k, p := range r.Perm(len(items)) {
				if k%folds == fold {
					out = append(out, items[p].Skill)
				} else {
					kept = append(kept, items[p])
				}
			}
			in.Baskets = append(in.Baskets, Basket{kept, 1})
			hidden = append(hidden, out)
		}
		score := popularity(in)
		if o != nil {
			s, err := Build(context.Background(), in, *o)
			if err != nil {
				t.Fatal(err)
			}
			score = func(b Basket) []float64 {
				sum := make([]float64, in.Skills)
				for _, it := range b.Items {
					for _, nb := range s.Neighbours(it.Skill) {
						sum[nb.Skill] += float64(nb.Sim)
					}
				}
				return sum
			}
		}
		for k, b := range in.Baskets {
			if len(hidden[k]) == 0 {
				continue
			}
			values := score(b)
			for _, it := range b.Items {
				values[it.Skill] = -1
			}
			sum += averagePrecision(values, hidden[k])
			n++
		}
	}
	return sum / float64(n)
}

func popularity(in Input) func(Basket) []float64 {
	count := make([]float64, in.Skills)
	for _, b := range in.Baskets {
		for _, it := range b.Items {
			count[it.Skill]++
		}
	}
	return func(Basket) []float64 { return slices.Clone(count) }
}

// averagePrecision ranks by score, of equal ones by number.
func averagePrecision(score []float64, relevant []int32) float64 {
	var ranks []int
	for _, s := range relevant {
		rank := 1
		for j, v := range score {
			if v > score[s] || v == score[s] && j < int(s) {
				rank++
			}
		}
		ranks = append(ranks, rank)
	}
	slices.Sort(ranks)
	sum := 0.0
	for k, r := range ranks {
		sum += float64(k+1) / float64(r)
	}
	return sum / float64(len(ranks))
}

// parts is a choice of parts for an ablation.
type parts struct{ structure, company, text bool }

func (p parts) options() *Options {
	o := DefaultOptions()
	if !p.structure {
		o.StructureMost = 0
	}
	if !p.company {
		o.CooccurrenceMost = 0
	}
	if !p.text {
		o.TextMost = 0
	}
	return &o
}

// TestHeldOutAblation prints what each part gains, on the built-in taxonomy and on
// ESCO's ICT occupations (which have no edges between skills):
//
//	TALENTMATCH_EVAL=../../../shared/eval go test ./matcher/skillspace -run HeldOutAblation -v
func TestHeldOutAblation(t *testing.T) {
	if os.Getenv("TALENTMATCH_EVAL") == "" {
		t.Skip("TALENTMATCH_EVAL names no folder")
	}
	for _, set := range []struct {
		name string
		tr   *trade
	}{{"built-in", builtin(t)}, {"esco-ict", esco(t)}} {
		t.Logf("%s: MAP by popularity      %.4f", set.name, set.tr.heldOut(t, nil, folds))
		for _, p := range []parts{
			{true, false, false}, {false, true, false}, {false, false, true},
			{true, true, false}, {true, false, true}, {false, true, true}, {true, true, true},
		} {
			t.Logf("%s: MAP of %+v %.4f", set.name, p, set.tr.heldOut(t, p.options(), folds))
		}
	}
}

// TestHeldOutBuiltin: each part finds hidden skills of the built-in occupations better
// than popularity does, and the blend better than any part alone. Measured on one
// fifth: .059 by popularity, .272 structure, .142 company, .186 text, .306 the blend.
func TestHeldOutBuiltin(t *testing.T) {
	tr := builtin(t)
	popular := tr.heldOut(t, nil, 1)
	best := 0.0
	for _, p := range []parts{{true, false, false}, {false, true, false}, {false, false, true}} {
		v := tr.heldOut(t, p.options(), 1)
		t.Logf("MAP of %+v %.4f", p, v)
		if best = max(best, v); v < 1.5*popular {
			t.Errorf("%+v alone: MAP %.4f, popularity has %.4f", p, v, popular)
		}
	}
	blend := tr.heldOut(t, parts{true, true, true}.options(), 1)
	t.Logf("MAP of the blend %.4f, by popularity %.4f", blend, popular)
	if blend < best {
		t.Errorf("the blend: MAP %.4f, the best part alone has %.4f", blend, best)
	}
}

// TestBlendIsCalibrated: over the pairs that statistics alone give a similarity, the
// mean structural similarity that the built-in taxonomy's authors gave is of the same
// size, so the two may be compared in one maximum.
func TestBlendIsCalibrated(t *testing.T) {
	tr := builtin(t)
	in := tr.input
	for _, items := range tr.occupations {
		in.Baskets = append(in.Baskets, Basket{items, 1})
	}
	full, err := Build(context.Background(), in, DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	in.Broader, in.Related = nil, nil
	o := DefaultOptions()
	o.Neighbours = 200
	s, err := Build(context.Background(), in, o)
	if err != nil {
		t.Fatal(err)
	}
	var count, said, given [10]float64 // by similarity in tenths
	for i := range in.Skills {
		structure := map[int32]float64{}
		for _, nb := range full.Neighbours(int32(i)) {
			structure[nb.Skill] = float64(nb.Structure)
		}
		for _, nb := range s.Neighbours(int32(i)) {
			at := nb.Sim / 100
			count[at]++
			given[at] += float64(nb.Sim)
			said[at] += structure[nb.Skill]
		}
	}
	for at := range count {
		if count[at] < 100 {
			continue
		}
		mean, want := given[at]/count[at], said[at]/count[at]
		t.Logf("similarity by statistics %.3f: the authors say %.3f (%v pairs)", mean/1000, want/1000, count[at])
		if math.Abs(mean-want) > 120 {
			t.Errorf("similarity by statistics %.0f, the authors say %.0f", mean, want)
		}
	}
}
