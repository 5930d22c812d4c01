package extract

import (
	"cmp"
	"slices"
	"sync"
	"unicode/utf8"

	"talentmatch/index/taxonomy"
	"talentmatch/talent"
)

// How a skill was found.
const (
	ByName  = "name"  // by its name in either language
	ByAlias = "alias" // by an alias
)

// Confidences of a find. A label of one or two characters is weak evidence however
// it belongs to the skill.
const (
	nameConfidence  = 1
	aliasConfidence = 0.95
	shortConfidence = 0.6
	shortRunes      = 2
)

// Found is one place where a text names a skill.
type Found struct {
	Skill      string  // its id
	Start, End int     // byte offsets in the original text, Start < End
	Text       string  // the original text between them
	How        string  // ByName or ByAlias
	Confidence float64 // (0,1]
}

// label is one spelling of one skill.
type label struct {
	skill      string
	how        string
	confidence float64
	written    []string // the exact spellings, for an ambiguous label only
}

// An Extractor finds the labels of one catalogue. It is immutable and safe for
// concurrent use.
type Extractor struct {
	labels []label
	trie   trie
}

// New prepares the extraction of the catalogue's skills. A label that several
// skills carry means the one that Catalogue.Resolve names.
func New(c *taxonomy.Catalogue) *Extractor {
	b := builder{catalogue: c, keys: make(map[string]int32, 16*len(c.Skills()))}
	for _, s := range c.Skills() {
		b.addSkill(s)
	}
	b.addInflections()
	return &Extractor{labels: b.labels, trie: newTrie(b.keys)}
}

// builder collects labels by folded spelling.
type builder struct {
	catalogue *taxonomy.Catalogue
	labels    []label
	keys      map[string]int32 // folded label -> position in labels
}

func (b *builder) addSkill(s *talent.Skill) {
	b.add(s.ID, s.Name, ByName, nameConfidence)
	b.add(s.ID, s.NameEN, ByName, nameConfidence)
	for _, a := range s.Aliases {
		b.add(s.ID, a, ByAlias, aliasConfidence)
	}
}

func (b *builder) add(skill, written, how string, confidence float64) {
	key := taxonomy.Fold(written)
	if winner, _, ok := b.catalogue.Resolve(written); !ok || winner != skill {
		return
	}
	if i, ok := b.keys[key]; ok { // the same skill, a further spelling
		if l := &b.labels[i]; l.written != nil {
			l.written = append(l.written, written)
		}
		return
	}
	l := label{skill: skill, how: how, confidence: confidence}
	if utf8.RuneCountInString(key) <= shortRunes {
		l.confidence = min(l.confidence, shortConfidence)
	}
	if ambiguous(key) {
		l.written = []string{written}
	}
	b.keys[key] = int32(len(b.labels))
	b.labels = append(b.labels, l)
}

// Extract lists every place where the text names a skill, from left to right and
// without overlaps. Any bytes are accepted.
func (x *Extractor) Extract(text string) []Found {
	var out []Found
	w := windows.Get().(*window)
	defer w.release()
	w.reset(text)
	for i := 0; w.have(i, x.trie.depth+lookAhead); {
		end, l := x.longest(w, i)
		if l == nil {
			i++
		} else {
			start, stop := w.runes[i].Start, w.runes[end-1].End
			out = append(out, Found{l.skill, start, stop, text[start:stop], l.how, l.confidence})
			i = end
		}
		i = w.slide(i)
	}
	return out
}

// longest finds the longest label that stands at w.runes[i]; it returns the
// position behind it, or nil when there is none.
func (x *Extractor) longest(w *window, i int) (end int, found *label) {
	node := x.trie.root(w.runes[i].Rune)
	if node < 0 || !w.startsWord(i) {
		return 0, nil
	}
	for j := i + 1; ; j++ {
		if at := x.trie.label[node]; at >= 0 {
			if l := &x.labels[at]; w.endsWord(i, j) && w.believed(i, j, l) {
				end, found = j, l
			}
		}
		if j == len(w.runes) {
			return end, found
		}
		if node = x.trie.child(node, w.runes[j].Rune); node < 0 {
			return end, found
		}
	}
}

// believed applies the rules for labels that easily occur by chance.
func (w *window) believed(i, j int, l *label) bool {
	if l.written != nil {
		return w.meant(i, j, l)
	}
	return j-i != 2 || !w.straddles(i)
}

// Skills lists each skill that the text names once, by id: where it is found most
// surely, of equal places the first.
func (x *Extractor) Skills(text string) []Found {
	all := x.Extract(text)
	slices.SortStableFunc(all, func(a, b Found) int { // Extract gives text order
		return cmp.Or(cmp.Compare(a.Skill, b.Skill), cmp.Compare(b.Confidence, a.Confidence))
	})
	return slices.CompactFunc(all, func(a, b Found) bool { return a.Skill == b.Skill })
}

// windows are kept for reuse: they hold nothing of a text between uses.
var windows = sync.Pool{New: func() any { return new(window) }}
