package extract

import (
	"unicode/utf8"

	"talentmatch/index/taxonomy"
	"talentmatch/talent"
)

// label is one spelling of one skill.
type label struct {
	skill      string
	how        string
	confidence float64
	written    []string // the exact spellings, for an ambiguous label only
}

// maxLabel is the most folded characters of a label that is looked for. It bounds
// the work at one place of a text.
const maxLabel = 160

// builder collects labels by folded spelling.
type builder struct {
	catalogue *taxonomy.Catalogue
	labels    []label
	keys      map[string]int32 // folded label -> position in labels
}

func (b *builder) addSkill(s *talent.Skill) {
	b.add(s.ID, s.Name, ByLabel, nameConfidence)
	b.add(s.ID, s.NameEN, ByLabel, nameConfidence)
	for _, a := range s.Aliases {
		b.add(s.ID, a, ByAlias, aliasConfidence)
	}
}

func (b *builder) add(skill, written, how string, confidence float64) {
	key := taxonomy.Fold(written)
	runes := utf8.RuneCountInString(key)
	if winner, _, ok := b.catalogue.Resolve(written); !ok || winner != skill || runes > maxLabel {
		return
	}
	if i, ok := b.keys[key]; ok { // the same skill, a further spelling
		if l := &b.labels[i]; l.written != nil {
			l.written = append(l.written, written)
		}
		return
	}
	l := label{skill: skill, how: how, confidence: confidence}
	if runes <= shortRunes {
		l.confidence = min(l.confidence, shortConfidence)
	}
	if ambiguous(key) {
		l.written = []string{written}
	}
	b.keys[key] = int32(len(b.labels))
	b.labels = append(b.labels, l)
}
