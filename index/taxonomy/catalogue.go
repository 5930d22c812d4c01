package taxonomy

import (
	"slices"
	"strings"

	"talentmatch/talent"
)

// A Catalogue is an immutable set of skills and occupations with the indexes to
// find them by name and to walk between them. It is safe for concurrent use. It
// keeps the records it was made from: nobody may change them, nor the slices that
// its methods return.
type Catalogue struct {
	skills      []*talent.Skill // by id
	occupations []*talent.Occupation
	skillAt     map[string]int32 // id -> position in skills
	occAt       map[string]int32
	skillNames  nameIndex
	occNames    nameIndex
	graph       graph
	counterpart map[int32]int32 // occupation without skills -> the one whose skills it takes
}

// NewCatalogue indexes the records. Of several records with one id the last
// counts, nil ones are skipped, and references to skills that are not there are
// ignored, as are crosswalks unless both ends are skills, or both occupations.
func NewCatalogue(skills []*talent.Skill, occupations []*talent.Occupation, crosswalks ...*talent.Crosswalk) *Catalogue {
	c := &Catalogue{}
	c.skills, c.skillAt = byID(skills, func(s *talent.Skill) string { return s.ID })
	c.occupations, c.occAt = byID(occupations, func(o *talent.Occupation) string { return o.ID })

	names := make(nameBuilder, 8*len(c.skills))
	for _, s := range c.skills {
		names.add(s.ID, s.Name, s.NameEN, s.Aliases, s.Kind == talent.SkillGroup)
	}
	c.skillNames = names.build()

	names = make(nameBuilder, 8*len(c.occupations))
	for _, o := range c.occupations {
		names.add(o.ID, o.Name, o.NameEN, o.Aliases, false)
	}
	c.occNames = names.build()

	c.graph = newGraph(c.skills, c.skillAt, crosswalks)
	c.counterpart = counterparts(c.occupations, c.occAt, crosswalks)
	return c
}

// byID sorts records by id, the last of each id only.
func byID[T any](records []*T, id func(*T) string) ([]*T, map[string]int32) {
	last := make(map[string]*T, len(records))
	for _, r := range records {
		if r != nil {
			last[id(r)] = r
		}
	}
	out := make([]*T, 0, len(last))
	for _, r := range last {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b *T) int { return strings.Compare(id(a), id(b)) })
	at := make(map[string]int32, len(out))
	for i, r := range out {
		at[id(r)] = int32(i)
	}
	return out, at
}

// Skill is the skill with that id, or nil.
func (c *Catalogue) Skill(id string) *talent.Skill {
	if i, ok := c.skillAt[id]; ok {
		return c.skills[i]
	}
	return nil
}

// Occupation is the occupation with that id, or nil.
func (c *Catalogue) Occupation(id string) *talent.Occupation {
	if i, ok := c.occAt[id]; ok {
		return c.occupations[i]
	}
	return nil
}

// Skills lists every skill by id.
func (c *Catalogue) Skills() []*talent.Skill { return c.skills }

// Occupations lists every occupation by id.
func (c *Catalogue) Occupations() []*talent.Occupation { return c.occupations }

// Resolve finds the skill that a name means: a skill beats a heading
// (talent.SkillGroup), a name beats an English name, which beats an alias; among
// equals the smallest id. All are compared folded. others
// are the further skills that carry the name, best first: the name is ambiguous
// when there are any. ok is false when no skill carries it.
func (c *Catalogue) Resolve(name string) (id string, others []string, ok bool) {
	return c.skillNames.resolve(name)
}

// ResolveOccupation is Resolve for occupations.
func (c *Catalogue) ResolveOccupation(name string) (id string, others []string, ok bool) {
	return c.occNames.resolve(name)
}

// Labels lists what a skill is called in both languages, as written: its name, its
// English name, then its aliases, without those that fold to an earlier one. nil
// for an unknown id.
func (c *Catalogue) Labels(id string) []string {
	s := c.Skill(id)
	if s == nil {
		return nil
	}
	return labels(s.Name, s.NameEN, s.Aliases)
}

// OccupationLabels is Labels for occupations.
func (c *Catalogue) OccupationLabels(id string) []string {
	o := c.Occupation(id)
	if o == nil {
		return nil
	}
	return labels(o.Name, o.NameEN, o.Aliases)
}

func labels(name, nameEN string, aliases []string) []string {
	out := make([]string, 0, 2+len(aliases))
	seen := make(map[string]bool, 2+len(aliases))
	add := func(s string) {
		if key := Fold(s); key != "" && !seen[key] {
			seen[key] = true
			out = append(out, s)
		}
	}
	add(name)
	add(nameEN)
	for _, a := range aliases {
		add(a)
	}
	return out
}
