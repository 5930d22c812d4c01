package market

import (
	"slices"
	"strings"

	"talentmatch/matcher/gap"
	"talentmatch/talent"
)

// label is a key as it is shown, with its names in both languages.
func (w *world) label(p gap.Property, k string) (key, zh, en string) {
	key, zh = k, k
	switch p {
	case gap.Skill:
		if name, ok := strings.CutPrefix(k, unknownPrefix); ok { // no taxonomy knows it
			return k, name, ""
		}
		if s := w.catalogue.Skill(k); s != nil {
			zh, en = s.Name, s.NameEN
		}
	case gap.Occupation:
		if o := w.catalogue.Occupation(k); o != nil {
			zh, en = o.Name, o.NameEN
		}
	case gap.Region:
		if r := w.gazetteer.Get(k); r != nil {
			zh, en = r.Name, r.NameEN
		}
	case gap.Education:
		zh, en = talent.Label("", "education", k, "zh"), talent.Label("", "education", k, "en")
	case gap.Industry:
		if ind, ok := talent.IndustryOf(k); ok {
			zh, en = ind.Name, ind.NameEN
		}
	case gap.EmployerKind:
		zh, en = talent.Label("organization", "kind", k, "zh"), talent.Label("organization", "kind", k, "en")
	}
	return key, zh, en
}

// labelOf is label by a dimension's word; a key of an unknown dimension is its own name.
func (w *world) labelOf(dimension, key string) (zh, en string) {
	if p := slices.Index(gapDimensions[:], dimension); p >= 0 {
		_, zh, en = w.label(gap.Property(p), key)
		return zh, en
	}
	return key, ""
}
