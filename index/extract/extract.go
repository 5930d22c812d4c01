package extract

import (
	"cmp"
	"slices"
	"sync"

	"talentmatch/index/taxonomy"
	"talentmatch/talent"
)

// How a skill was found. What finds skills that a text means without naming them
// (another package) adds a further value.
const (
	ByLabel     = "label"     // by its name in either language
	ByAlias     = "alias"     // by an alias
	ByInflected = "inflected" // by a name or an alias in the other English number
	ByNear      = "near"      // by a label, misspelt
)

// Confidences of a find: 1 is a name as the catalogue has it, in either number. An
// alias may be the word for more than the one skill. A label of one or two
// characters is weak evidence however it belongs to the skill. Of a misspelt label
// the label's confidence is multiplied by nearConfidence, with two edits by
// farConfidence.
const (
	nameConfidence  = 1
	aliasConfidence = 0.95
	shortConfidence = 0.6
	shortRunes      = 2
	nearConfidence  = 0.7
	farConfidence   = 0.55
)

// A Need is what a text says about whether a skill is asked for.
type Need uint8

const (
	NotSaid Need = iota
	Required
	Preferred
)

// String is "", "required" or "preferred".
func (n Need) String() string { return [...]string{"", "required", "preferred"}[n] }

// Found is one place where a text names a skill.
type Found struct {
	Skill      string  // its id
	Start, End int     // byte offsets in the original text, Start < End
	Text       string  // the original text between them
	How        string  // ByLabel, ByAlias, ByInflected or ByNear
	Confidence float64 // (0,1]
	Level      int     // 1 (aware) .. 5 (expert) as the words around say, 0 when they do not
	Required   Need
}

// A Reading is what a text says about skills. Both lists are in text order and
// without overlaps, also between them.
type Reading struct {
	Found   []Found
	Removed []Found // named, but not asked for: "不要求PLC", fields of study, a maker's or the employer's line of business
}

// An Extractor finds the labels of one catalogue. It is immutable and safe for
// concurrent use.
type Extractor struct {
	labels   []label
	trie     trie
	spelling spelling
	sounds   sounds
}

// New prepares the extraction of the catalogue's skills. A label that several
// skills carry means the one that Catalogue.Resolve names. Labels of more than
// maxLabel characters are left out: nobody writes them into a text. So are those of
// headings (talent.SkillGroup): a text that says "education" or "arts" names no skill.
func New(c *taxonomy.Catalogue) *Extractor {
	b := builder{catalogue: c, keys: make(map[string]int32, 16*len(c.Skills()))}
	for _, s := range c.Skills() {
		if s.Kind != talent.SkillGroup {
			b.addSkill(s)
		}
	}
	b.addInflections()
	t := newTrie(b.keys)
	return &Extractor{labels: b.labels, trie: t, spelling: newSpelling(&b), sounds: newSounds(&t)}
}

// Extract lists every place where the text names a skill that is not Removed, from left to right and without overlaps. Any bytes are accepted.
func (x *Extractor) Extract(text string) []Found { return x.Read(text).Found }

// Read is Extract, with what is named but not asked for apart. Its time is linear in
// the length of the text, whatever the text.
func (x *Extractor) Read(text string) Reading {
	r := readers.Get().(*reader)
	defer r.release()
	r.reset(x, text)
	r.read()
	return r.reading()
}

// Skills lists each skill that the text names once, by id: where it is found most
// surely, of equal places the first; with the highest level that any place gives
// it, and required where any place requires it, else preferred where any prefers it.
func (x *Extractor) Skills(text string) []Found {
	all := x.Extract(text)
	slices.SortStableFunc(all, func(a, b Found) int { // Extract gives text order
		return cmp.Or(cmp.Compare(a.Skill, b.Skill), cmp.Compare(b.Confidence, a.Confidence))
	})
	out := all[:0]
	for _, f := range all {
		if n := len(out); n == 0 || out[n-1].Skill != f.Skill {
			out = append(out, f)
			continue
		}
		best := &out[len(out)-1]
		best.Level = max(best.Level, f.Level)
		if best.Required == NotSaid || f.Required == Required {
			best.Required = f.Required
		}
	}
	return out
}

// readers are kept for reuse: they hold nothing of a text between uses.
var readers = sync.Pool{New: func() any { return new(reader) }}
