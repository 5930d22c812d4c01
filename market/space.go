package market

import (
	"context"
	"fmt"
	"math"
	"slices"
	"unicode/utf8"

	"talentmatch/index"
	"talentmatch/index/taxonomy"
	"talentmatch/matcher"
	"talentmatch/matcher/skillspace"
	"talentmatch/talent"
)

// The likeness of skills has two sources. What the taxonomy's authors said (broader,
// related, crosswalks) is part of the world and follows every change at once. What
// statistics say (which skills occupations, demands and programs ask for together, what
// labels and texts share) is worked out in the background (spacekeep.go) from a world and
// the baskets of the store (spacebaskets.go), kept in a file of the data folder, and named
// by version in every answer.

// skillStats is what statistics say about one world's skills.
type skillStats struct {
	Format  int               `json:"format"`
	Version string            `json:"version"` // of skillspace: input, options and seed
	World   string            `json:"world"`   // fingerprint of the world that it was made from
	Baskets basketMark        `json:"baskets"` // of demands and programs
	IDs     []string          `json:"ids"`     // of the skills, ascending
	Words   []string          `json:"words"`   // that reasons name
	Near    [][]statNeighbour `json:"near"`    // per needed skill
}

// statNeighbour is a held skill with what statistics say it is worth, in thousandths, and
// why: the baskets that hold both, third skills that both are found with, and terms that
// both texts have, best first. Skills and words of reasons are numbered from 1; 0 is none.
type statNeighbour struct {
	Skill    int32              `json:"s"`
	Company  uint16             `json:"c,omitempty"`
	Text     uint16             `json:"t,omitempty"`
	Together int32              `json:"b,omitempty"`
	With     [statReasons]int32 `json:"w,omitzero"`
	Words    [statReasons]int32 `json:"x,omitzero"`
}

const (
	spaceSkills = 30_000 // in a larger taxonomy only structure counts: the time grows with the square
	statReasons = 3      // of each kind are kept
)

// spaceOptions are skillspace's, but more careful: a statistic alone never meets a
// required skill, which takes 0.5, and what it says below 0.15 claims too much
// (skillspace's package comment). On testdata/labelled the ranking of occupations for
// programs by skills alone goes from nDCG@10 0.842 (structure) to 0.849 (all 40
// programs), and is flat between 0.05 and 0.2; with the baskets of the five alliances'
// demands and programs it goes to 0.861.
func spaceOptions() skillspace.Options {
	o := skillspace.DefaultOptions()
	o.Most, o.Least = .45, .15
	return o
}

// skillNumbers numbers the skills that a space is made of, all but headings, by id.
type skillNumbers struct {
	skills []*talent.Skill
	at     map[string]int32
}

func (w *world) skillNumbers() skillNumbers {
	n := skillNumbers{at: map[string]int32{}}
	for _, s := range w.catalogue.Skills() { // by id
		if s.Kind != talent.SkillGroup {
			n.at[s.ID] = int32(len(n.skills))
			n.skills = append(n.skills, s)
		}
	}
	return n
}

// spaceInput is what a world and baskets say about which skills are close: edges, the
// occupations as baskets beside those given, labels and descriptions as terms.
func (w *world) spaceInput(n skillNumbers, baskets []skillspace.Basket) (in skillspace.Input, terms *interner) {
	in = skillspace.Input{Skills: len(n.skills), Terms: make([][]skillspace.Term, len(n.skills))}
	terms = newInterner()
	edges := func(from int32, to []string, list *[]skillspace.Edge) {
		for _, id := range to {
			if m, ok := n.at[id]; ok {
				*list = append(*list, skillspace.Edge{From: from, To: m, Weight: 1})
			}
		}
	}
	for i, s := range n.skills {
		edges(int32(i), s.Broader, &in.Broader)
		edges(int32(i), s.Related, &in.Related)
		for _, field := range []struct {
			texts  []string
			weight float64
		}{{append([]string{s.Name, s.NameEN}, s.Aliases...), 1}, {[]string{s.Text, s.TextEN}, .5}} {
			for _, text := range field.texts {
				for _, t := range index.Terms(text) {
					if r, size := utf8.DecodeRuneInString(t); size == len(t) && taxonomy.IsCJK(r) {
						continue // one character in common says nothing: 手焊, 手切
					}
					in.Terms[i] = append(in.Terms[i], skillspace.Term{ID: terms.of(t), Weight: field.weight})
				}
			}
		}
	}
	in.Terms = skillspace.ByRarity(in.Terms)
	in.Baskets = slices.Clone(baskets)
	for _, o := range w.catalogue.Occupations() {
		b := skillspace.Basket{Weight: 1}
		for _, s := range o.Skills {
			if m, ok := n.at[s.Skill]; ok {
				b.Items = append(b.Items, skillspace.Item{Skill: m, Weight: talent.ImportanceOf(s.Importance)})
			}
		}
		in.Baskets = append(in.Baskets, b)
	}
	return in, terms
}

// newSkillStats works out the statistics of a world and of what the store's demands and
// programs hold together.
func newSkillStats(ctx context.Context, w *world, baskets *skillBaskets) (*skillStats, error) {
	n := w.skillNumbers()
	out := &skillStats{Format: spaceFormat, World: w.fingerprint, Baskets: baskets.mark, Words: []string{}, Near: make([][]statNeighbour, len(n.skills))}
	for _, s := range n.skills {
		out.IDs = append(out.IDs, s.ID)
	}
	if len(n.skills) > spaceSkills {
		return out, nil
	}
	in, terms := w.spaceInput(n, baskets.list)
	space, err := skillspace.Build(ctx, in, spaceOptions())
	if err != nil {
		return nil, fmt.Errorf("likeness of skills: %w", err)
	}
	out.Version = space.Report().Version
	word := map[int32]int32{} // term -> its number among Words
	for i := range n.skills {
		for _, nb := range space.Neighbours(int32(i)) {
			if nb.Cooccurrence == 0 && nb.Text == 0 {
				continue
			}
			s := statNeighbour{Skill: nb.Skill, Company: nb.Cooccurrence, Text: nb.Text}
			why := space.Reasons(int32(i), nb.Skill, statReasons)
			if nb.Cooccurrence > 0 {
				s.Together = int32(why.Together)
				for k, third := range why.Company {
					s.With[k] = third + 1
				}
			}
			if nb.Text > 0 {
				for k, t := range why.Terms {
					if word[t] == 0 {
						out.Words = append(out.Words, terms.name(t))
						word[t] = int32(len(out.Words))
					}
					s.Words[k] = word[t]
				}
			}
			out.Near[i] = append(out.Near[i], s)
		}
	}
	return out, nil
}

// of lists what statistics say of the skills held for a needed one.
func (s *skillStats) of(need string) []statNeighbour {
	if s == nil {
		return nil
	}
	if i, ok := slices.BinarySearch(s.IDs, need); ok {
		return s.Near[i]
	}
	return nil
}

// sim is what a neighbour is worth by statistics, in thousandths; 0 when it is too
// little to count.
func (n *statNeighbour) sim() uint16 {
	o := spaceOptions()
	sim := skillspace.Blend(0, n.Company, n.Text, uint16(math.Round(o.Most*1000)))
	if sim < uint16(math.Round(o.Least*1000)) {
		return 0
	}
	return sim
}

// A likeness is a held skill that counts for a needed one.
type likeness struct {
	skill     string
	sim       uint16         // thousandths: the larger of the two below
	structure uint16         // what the taxonomy says
	why       string         // how structure joins them: taxonomy's words, "" for not at all
	stat      *statNeighbour // what statistics say, nil for nothing
}

// alike lists the skills that count for a needed one: those that the taxonomy names, and
// where statistics say more, or of others, what they say. In no particular order, the
// skill itself not among them.
func (w *world) alike(stats *skillStats, need string) []likeness {
	var out []likeness
	for _, nb := range w.catalogue.Neighbours(need) {
		if sim := uint16(math.Round(nb.Sim * 1000)); nb.Skill != need && sim > 0 {
			out = append(out, likeness{skill: nb.Skill, sim: sim, structure: sim, why: nb.Why})
		}
	}
	near := stats.of(need)
	for i := range near {
		n := &near[i]
		id := stats.IDs[n.Skill]
		if at := slices.IndexFunc(out, func(l likeness) bool { return l.skill == id }); at >= 0 {
			out[at].sim, out[at].stat = max(out[at].sim, n.sim()), n
		} else if sim := n.sim(); sim > 0 && w.catalogue.Skill(id) != nil { // not gone since
			out = append(out, likeness{skill: id, sim: sim, stat: n})
		}
	}
	return out
}

// space is the likeness of a world's skills in the matcher's form.
func (w *world) space(lex *lexicon, stats *skillStats) *matcher.Space {
	for _, s := range w.catalogue.Skills() {
		lex.skills.of(s.ID)
	}
	lists := make([][]matcher.Neighbour, len(lex.skills.all()))
	for _, s := range w.catalogue.Skills() {
		need := lex.skills.of(s.ID)
		for _, l := range w.alike(stats, s.ID) {
			lists[need] = append(lists[need], matcher.Neighbour{Skill: lex.skills.of(l.skill), Sim: l.sim})
		}
	}
	return matcher.NewSpace(lists)
}
