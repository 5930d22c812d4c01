package market

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"talentmatch/index/extract"
	"talentmatch/index/taxonomy"
	"talentmatch/matcher/relevance"
	"talentmatch/talent"
)

// ExtractRequest asks which skills free texts name.
type ExtractRequest struct {
	Texts   []LinkText // of different ids, of any length
	Latent  bool       // add the skills that a sentence means without naming one
	Removed bool       // add what is named but not asked for, marked
}

// ExtractAnswer is the skills of one text, in the order of the text.
type ExtractAnswer struct {
	ID       string
	Items    []ExtractItem
	Versions Versions
}

// ExtractItem is one place where a text names or means a skill. Text is
// text[Start:End].
type ExtractItem struct {
	Start      int     `json:"start" doc:"in bytes of the UTF-8 text, from 0"`
	End        int     `json:"end" doc:"behind the last byte"`
	StartChar  int     `json:"start_char" doc:"in characters (Unicode code points), from 0"`
	EndChar    int     `json:"end_char"`
	Text       string  `json:"text" doc:"the words that name it; of a latent one the sentence"`
	Skill      string  `json:"skill" doc:"id"`
	Name       string  `json:"name"`
	NameEN     string  `json:"name_en,omitempty"`
	Level      int     `json:"level,omitempty" minimum:"1" maximum:"5" doc:"as the words around say, absent when they do not"`
	Required   *bool   `json:"required,omitempty" doc:"true required, false preferred, absent when not said"`
	How        string  `json:"how" enum:"label,alias,inflected,near,latent" doc:"by name, alias, plural or singular, misspelt; latent: meant, not named"`
	Confidence float64 `json:"confidence" doc:"above 0, at most 1"`
	Removed    bool    `json:"removed,omitempty" doc:"named, but not asked for"`
}

// ByLatent is the ExtractItem.How of a skill that a sentence means without naming it;
// the others are package extract's.
const ByLatent = "latent"

// Extract finds the skills of each text, in order, on all cores. yield is called from
// one goroutine at a time. Errors: talent.ErrInvalid for an id given twice.
func (m *Market) Extract(ctx context.Context, r ExtractRequest, progress func(done, total int), yield func(ExtractAnswer) error) error {
	w, versions, err := m.readVersions(ctx)
	if err != nil {
		return err
	}
	ids, text, err := byID(r.Texts)
	if err != nil {
		return err
	}
	var ranker *relevance.Ranker
	if r.Latent {
		if ranker, err = w.linker(talent.TypeSkill, builtinPack); err != nil {
			return err
		}
	}
	work := func(id string) ([]ExtractItem, error) { return w.extract(ctx, text[id], ranker, r.Removed) }
	return inOrder(ctx, ids, work, func(i int, items []ExtractItem) error {
		if progress != nil {
			progress(i+1, len(ids))
		}
		return yield(ExtractAnswer{ID: ids[i], Items: items, Versions: versions})
	})
}

// readVersions is the world that a reader gets, and its versions.
func (m *Market) readVersions(ctx context.Context) (*world, Versions, error) {
	version, err := m.store.Version(ctx)
	if err != nil {
		return nil, Versions{}, err
	}
	w, err := m.readWorld(ctx)
	if err != nil {
		return nil, Versions{}, err
	}
	return w, m.versions(version, w, nil), nil
}

// byID lists the ids of texts, which must differ, and the texts by them.
func byID(texts []LinkText) (ids []string, text map[string]string, err error) {
	text = make(map[string]string, len(texts))
	for i, t := range texts {
		if _, twice := text[t.ID]; twice {
			return nil, nil, talent.Invalid(fmt.Sprintf("texts[%d].id", i), t.ID, "is given twice")
		}
		ids, text[t.ID] = append(ids, t.ID), t.Text
	}
	return ids, text, nil
}

// extract lists the skills of a text; those only meant with a ranker, those not asked
// for when removed.
func (w *world) extract(ctx context.Context, text string, ranker *relevance.Ranker, removed bool) ([]ExtractItem, error) {
	reading := w.extractor.Read(text)
	items := make([]ExtractItem, 0, len(reading.Found))
	for _, f := range reading.Found {
		items = append(items, w.extractItem(f, false))
	}
	if removed {
		for _, f := range reading.Removed {
			items = append(items, w.extractItem(f, true))
		}
	}
	if ranker != nil {
		meant, err := w.latent(ctx, text, reading, ranker)
		if err != nil {
			return nil, err
		}
		for _, f := range meant {
			items = append(items, w.extractItem(f, false))
		}
	}
	slices.SortFunc(items, func(a, b ExtractItem) int { return cmp.Compare(a.Start, b.Start) }) // none overlap
	at, chars := 0, 0
	for i := range items {
		it := &items[i]
		chars += utf8.RuneCountInString(text[at:it.Start])
		it.StartChar, it.EndChar = chars, chars+utf8.RuneCountInString(it.Text)
		at, chars = it.End, it.EndChar
	}
	return items, nil
}

func (w *world) extractItem(f extract.Found, removed bool) ExtractItem {
	it := ExtractItem{
		Start: f.Start, End: f.End, Text: f.Text, Skill: f.Skill, Level: f.Level, How: f.How,
		Confidence: round6(f.Confidence), Removed: removed,
	}
	if s := w.catalogue.Skill(f.Skill); s != nil {
		it.Name, it.NameEN = s.Name, s.NameEN
	}
	if f.Required != extract.NotSaid {
		required := f.Required == extract.Required
		it.Required = &required
	}
	return it
}

// A sentence that names no skill may mean one: the skill whose names and description
// share most words with it, by the cosine of tf-idf vectors. latentLeast keeps half of
// the finds right on the development half of testdata/labelled/sentences.ndjson
// (testdata/golden/chinese-quality.txt has the figures of both halves); sentences that
// name a skill and second best skills added wrong ones only. The confidence is the
// logistic regression of "right" on the cosine there, up to latentMost: few sentences
// of that set are likelier.
const (
	latentLeast  = 0.2
	latentOffset = -2.8
	latentSlope  = 11
	latentMost   = 0.65
)

// Bounds of the search for latent skills, which costs a ranking of the taxonomy a
// sentence: pages of one-word lines are no job advertisement.
const (
	latentPool     = 50   // of the best ranked skills the likest is taken
	latentMaxBytes = 2000 // of a sentence
	latentMinChars = 5
	latentMaxCount = 1000 // sentences of a text
)

// latent finds the skills that the sentences of a text mean without naming one: one a
// sentence, each skill once, none that the text names anywhere, asked for or not.
func (w *world) latent(ctx context.Context, text string, reading extract.Reading, ranker *relevance.Ranker) ([]extract.Found, error) {
	named := map[string]bool{}
	places := slices.Concat(reading.Found, reading.Removed) // without overlaps; one may reach over a line's end
	slices.SortFunc(places, func(a, b extract.Found) int { return cmp.Compare(a.Start, b.Start) })
	for _, f := range places {
		named[f.Skill] = true
	}
	best := map[string]extract.Found{}
	count := 0
	for start, end := range sentences(text) {
		for len(places) > 0 && places[0].End <= start {
			places = places[1:]
		}
		if len(places) > 0 && places[0].Start < end || end-start > latentMaxBytes || utf8.RuneCountInString(text[start:end]) < latentMinChars {
			continue
		}
		if count++; count > latentMaxCount {
			break
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		skill, like := w.meant(text[start:end], ranker)
		if like < latentLeast || named[skill] {
			continue
		}
		confidence := min(latentMost, 1/(1+math.Exp(-latentOffset-latentSlope*like)))
		if confidence > best[skill].Confidence {
			best[skill] = extract.Found{Skill: skill, Start: start, End: end, Text: text[start:end], How: ByLatent, Confidence: confidence}
		}
	}
	out := make([]extract.Found, 0, len(best))
	for _, f := range best {
		out = append(out, f)
	}
	return out, nil // extract sorts by place
}

// meant is the skill that is described most like a sentence, and how like. Tools,
// certificates and attitudes are named or not asked for at all; so are skills whose
// label stands in the sentence and is not meant there, or it would have been found ("Go
// big or go home").
func (w *world) meant(sentence string, ranker *relevance.Ranker) (skill string, like float64) {
	folded := taxonomy.Fold(sentence)
	for _, h := range ranker.Rank(sentence, latentPool) {
		v := h.Parts[relevance.AllWords]
		if v <= like {
			continue
		}
		s := w.catalogue.Skill(h.ID)
		if s == nil || s.Kind == "tool" || s.Kind == "certificate" || s.Kind == "attitude" || names(s, folded) {
			continue
		}
		skill, like = h.ID, v
	}
	return skill, like
}

// names reports whether a folded text holds a label of the skill.
func names(s *talent.Skill, folded string) bool {
	for _, label := range append([]string{s.Name, s.NameEN}, s.Aliases...) {
		if f := taxonomy.Fold(label); f != "" && strings.Contains(folded, f) {
			return true
		}
	}
	return false
}

// sentences yields the byte ranges of a text's sentences, without their end marks and
// the space around them. A full stop ends one before space or at the end only.
func sentences(text string) func(yield func(start, end int) bool) {
	return func(yield func(start, end int) bool) {
		start := 0
		for i, r := range text {
			switch r {
			case '。', '；', ';', '！', '!', '？', '?', '\n', '\r':
			case '.':
				if i+1 < len(text) && !strings.ContainsRune(" \t\r\n", rune(text[i+1])) {
					continue
				}
			default:
				continue
			}
			if a, b := trimmed(text, start, i); a < b && !yield(a, b) {
				return
			}
			start = i + utf8.RuneLen(r)
		}
		if a, b := trimmed(text, start, len(text)); a < b {
			yield(a, b)
		}
	}
}

// trimmed takes the space off both ends of text[start:end].
func trimmed(text string, start, end int) (int, int) {
	left := strings.TrimLeftFunc(text[start:end], unicode.IsSpace)
	start = end - len(left)
	return start, start + len(strings.TrimRightFunc(left, unicode.IsSpace))
}
