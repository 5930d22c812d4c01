package market

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"talentmatch/talent"
)

// NeighbourRequest asks which skills count for one, and why.
type NeighbourRequest struct {
	Skill string // id, or a name in either language
	Limit int    // 1..MaxPage
}

// NeighbourAnswer is the skills that count for one where it is asked for, most like it
// first.
type NeighbourAnswer struct {
	Items []NeighbourItem `json:"items"`
	Meta  NeighbourMeta   `json:"meta"`
}

// NeighbourItem is a skill that counts, with what each source says. Sim is the larger of
// what the taxonomy says and what statistics say: together and text joined as
// 1 - (1-together)(1-text), at most 0.45, and 0 below 0.15.
type NeighbourItem struct {
	ID        string           `json:"id"`
	Name      string           `json:"name"`
	NameEN    string           `json:"name_en,omitempty"`
	Sim       float64          `json:"sim" doc:"0..1: what the skill counts for where the other is asked for"`
	Structure *StructureReason `json:"structure,omitempty" doc:"what the taxonomy says"`
	Together  *TogetherReason  `json:"together,omitempty" doc:"what the lists of occupations, demands and programs say"`
	Text      *TextReason      `json:"text,omitempty" doc:"what names and descriptions say"`
}

// StructureReason is how the taxonomy joins a skill to the one asked for.
type StructureReason struct {
	Sim float64 `json:"sim" doc:"0..1"`
	Why string  `json:"why" enum:"crosswalk,narrower,broader,related" doc:"the skill is a special case of the one asked for (narrower), the general skill (broader), a peer (related), or the same in another taxonomy (crosswalk)"`
}

// TogetherReason says that two skills are found in the same company. That they are in the
// same lists is part of it, but no condition.
type TogetherReason struct {
	Sim             float64       `json:"sim" doc:"0..1"`
	Lists           int           `json:"lists" doc:"different lists with both: occupations', and demands' and programs' where these are enough to count"`
	Occupations     []NamedRecord `json:"occupations" doc:"the first 3 by id of the occupations that need both"`
	OccupationCount int           `json:"occupation_count" doc:"all of them"`
	With            []NamedRecord `json:"with" doc:"up to 3 skills that both are found with more often than by chance, best first"`
}

// TextReason says that two skills are called or described in the same words.
type TextReason struct {
	Sim   float64  `json:"sim" doc:"0..1"`
	Words []string `json:"words" doc:"up to 3 words (stems, pairs of Chinese characters) of both, what says most first"`
}

// NamedRecord is a record by id and name.
type NamedRecord struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	NameEN string `json:"name_en,omitempty"`
}

// NeighbourMeta says what the neighbours are of, and how many there are.
type NeighbourMeta struct {
	Skill    NamedRecord `json:"skill" doc:"the skill asked for"`
	Total    int         `json:"total" doc:"skills that count for it"`
	Versions Versions    `json:"versions"`
}

// Neighbours lists the skills that count for one, as matching does. Errors:
// talent.ErrNotFound for an unknown skill, talent.ErrInvalid for a bad limit.
func (m *Market) Neighbours(ctx context.Context, r NeighbourRequest) (*NeighbourAnswer, error) {
	if r.Limit < 1 || r.Limit > MaxPage {
		return nil, talent.Invalid("limit", fmt.Sprint(r.Limit), "must be from 1 to %d", MaxPage)
	}
	w, stats, version, err := m.likenesses(ctx)
	if err != nil {
		return nil, err
	}
	need := w.catalogue.Skill(w.skillIDs([]string{r.Skill})[0])
	if need == nil {
		return nil, fmt.Errorf("skill %s: %w", talent.Shorten(r.Skill), talent.ErrNotFound)
	}
	list := w.alike(stats, need.ID)
	slices.SortFunc(list, func(a, b likeness) int {
		return cmp.Or(cmp.Compare(b.sim, a.sim), cmp.Compare(a.skill, b.skill))
	})
	a := &NeighbourAnswer{Items: []NeighbourItem{}, Meta: NeighbourMeta{Skill: w.namedSkill(need.ID), Total: len(list), Versions: m.versions(version, w, stats)}}
	list = list[:min(len(list), r.Limit)]
	both := w.occupationsWith(need.ID, list)
	for _, l := range list {
		a.Items = append(a.Items, w.neighbourItem(stats, &l, both[l.skill]))
	}
	return a, nil
}

// likenesses is what the next answer says of skills: the current state's, or, while no
// question has needed a snapshot, what one would be made with.
func (m *Market) likenesses(ctx context.Context) (*world, *skillStats, int64, error) {
	if s := m.current.Load(); s != nil {
		return s.world, s.stats, s.version, nil
	}
	w, err := m.readWorld(ctx)
	if err != nil {
		return nil, nil, 0, err
	}
	version, err := m.store.Version(ctx)
	if err != nil {
		return nil, nil, 0, err
	}
	stats, err := m.firstStats(ctx, w)
	return w, stats, version, err
}

func (w *world) neighbourItem(stats *skillStats, l *likeness, both []NamedRecord) NeighbourItem {
	named := w.namedSkill(l.skill)
	item := NeighbourItem{ID: named.ID, Name: named.Name, NameEN: named.NameEN, Sim: thousandths(l.sim)}
	if l.structure > 0 {
		item.Structure = &StructureReason{Sim: thousandths(l.structure), Why: l.why}
	}
	if l.stat == nil {
		return item
	}
	if l.stat.Company > 0 {
		item.Together = &TogetherReason{Sim: thousandths(l.stat.Company), Lists: int(l.stat.Together),
			Occupations: both[:min(len(both), statReasons):len(both)], OccupationCount: len(both), With: []NamedRecord{}}
		for _, n := range l.stat.With {
			if n > 0 && w.catalogue.Skill(stats.IDs[n-1]) != nil {
				item.Together.With = append(item.Together.With, w.namedSkill(stats.IDs[n-1]))
			}
		}
	}
	if l.stat.Text > 0 {
		item.Text = &TextReason{Sim: thousandths(l.stat.Text), Words: []string{}}
		for _, n := range l.stat.Words {
			if n > 0 {
				item.Text.Words = append(item.Text.Words, stats.Words[n-1])
			}
		}
	}
	return item
}

// occupationsWith lists, per neighbour of a skill, the occupations that need both, by id.
func (w *world) occupationsWith(skill string, neighbours []likeness) map[string][]NamedRecord {
	out := map[string][]NamedRecord{}
	for _, l := range neighbours {
		out[l.skill] = []NamedRecord{}
	}
	for _, o := range w.catalogue.Occupations() {
		if !slices.ContainsFunc(o.Skills, func(s talent.OccupationSkill) bool { return s.Skill == skill }) {
			continue
		}
		for i, s := range o.Skills {
			again := slices.ContainsFunc(o.Skills[:i], func(earlier talent.OccupationSkill) bool { return earlier.Skill == s.Skill })
			if list, ok := out[s.Skill]; ok && !again {
				out[s.Skill] = append(list, NamedRecord{ID: o.ID, Name: o.Name, NameEN: o.NameEN})
			}
		}
	}
	return out
}

func (w *world) namedSkill(id string) NamedRecord {
	s := w.catalogue.Skill(id)
	return NamedRecord{ID: id, Name: s.Name, NameEN: s.NameEN}
}

// thousandths is a similarity in 0..1.
func thousandths(v uint16) float64 { return float64(v) / 1000 }

// whyAlike says which source gives a held skill the likeness, 0..1, that it has to a needed
// one: "together" or "text", whichever says more, when statistics give it, else a word of
// the taxonomy; "" when they are not alike. Statistics are asked first: they are a look
// into a list.
func (w *world) whyAlike(stats *skillStats, need, held string, sim float64) string {
	near := stats.of(need)
	for i := range near {
		if n := &near[i]; stats.IDs[n.Skill] == held && thousandths(n.sim()) == sim {
			if n.Company > n.Text {
				return "together"
			}
			return "text"
		}
	}
	for _, nb := range w.catalogue.Neighbours(need) {
		if nb.Skill == held {
			return nb.Why
		}
	}
	return ""
}
