package market

import (
	"slices"
	"strconv"
	"sync"

	"talentmatch/index/taxonomy"
	"talentmatch/matcher"
	"talentmatch/talent"
)

// complete turns words of either language, names of industries and years into what reports have as keys,
// and refuses what cannot be one. "-" stands for records that say nothing.
func (f *GapFilter) complete() error {
	for _, x := range []struct {
		values *[]string
		key    func(value string) (string, error)
	}{{&f.Year, yearFilter}, {&f.Industry, industryFilter}, {&f.EmployerKind, kindFilter}} {
		var keys []string
		for _, v := range *x.values {
			key, err := x.key(v)
			if err != nil {
				return err
			}
			keys = append(keys, key)
		}
		*x.values = keys
	}
	var err error
	f.Education, err = educationWords("education", f.Education)
	return err
}

// The years of a filter.
const firstFilterYear, lastFilterYear = 1900, 2200

func yearFilter(value string) (string, error) {
	if value == unsaid {
		return value, nil
	}
	y, err := strconv.Atoi(value)
	if err != nil || y < firstFilterYear || y > lastFilterYear {
		return "", talent.Invalid("year", value, "must be a year from %d to %d, or %s", firstFilterYear, lastFilterYear, unsaid)
	}
	return strconv.Itoa(y), nil
}

// industryFilter finds a section or division of GB/T 4754 by its code or name. A finer code is refused, since reports
// go to divisions: it would silently stand for more. Codes of other systems stay.
func industryFilter(value string) (string, error) {
	ind, ok := industryNamed(value)
	if !ok {
		return value, nil
	}
	if _, code := talent.IndustryOf(value); code && value[len(value)-len(ind.Code):] != ind.Code {
		return "", talent.Invalid("industry", value, "is finer than a division of GB/T 4754, as far as industries are told apart: %s has it", ind.Code)
	}
	return ind.Code, nil
}

// industryNamed finds a section or division of GB/T 4754 by a code, or by its name in either language, as records
// may say it, too.
func industryNamed(value string) (talent.Industry, bool) {
	if ind, ok := talent.IndustryOf(value); ok {
		return ind, true
	}
	ind, ok := industriesByName()[taxonomy.Fold(value)]
	return ind, ok
}

var industriesByName = sync.OnceValue(func() map[string]talent.Industry {
	out := map[string]talent.Industry{}
	for _, ind := range slices.Backward(talent.Industries()) { // the first of a name stays: a section before its division
		out[taxonomy.Fold(ind.Name)], out[taxonomy.Fold(ind.NameEN)] = ind, ind
	}
	delete(out, "")
	return out
})

func kindFilter(value string) (string, error) {
	word := vocabularyWord("organization.kind", value)
	if value != unsaid && !slices.ContainsFunc(talent.Vocabularies["organization.kind"], func(t talent.Term) bool { return t.Value == word }) {
		return "", talent.Invalid("employer_kind", value, "is no kind of organization")
	}
	return word, nil
}

// vocabulary is what taxonomies and records name.
type vocabulary struct {
	m *Market
	s *state
}

// holds refuses values of a completed filter that neither a taxonomy nor any record has: a slip of
// the pen must not look like an empty market.
func (v *vocabulary) holds(f *GapFilter) error {
	for _, x := range []struct {
		field  string
		values []string
		known  func(value string) bool
	}{{"skill", f.Skill, v.skill}, {"occupation", f.Occupation, v.occupation}, {"industry", f.Industry, v.industry}} {
		for _, value := range x.values {
			if !x.known(value) {
				return talent.Invalid(x.field, value, "there is no such %s in any taxonomy or record", x.field)
			}
		}
	}
	return nil
}

func (v *vocabulary) skill(value string) bool {
	w := v.s.world
	if w.catalogue.Skill(w.skillIDs([]string{value})[0]) != nil {
		return true
	}
	numbers := v.m.skillNumbers(value)
	return len(numbers) > 0 && (v.someDemand(func(d *matcher.Demand) bool {
		return slices.ContainsFunc(d.Needs, func(n matcher.Need) bool { return slices.Contains(numbers, n.Skill) })
	}) || v.someProgram(func(p *matcher.Program) bool {
		return slices.ContainsFunc(p.Held, func(h matcher.Held) bool { return slices.Contains(numbers, h.Skill) })
	}))
}

// skillNumbers are the numbers of a skill, by its id or as a name that no taxonomy knows.
func (m *Market) skillNumbers(skill string) (out []int32) {
	for _, name := range []string{skill, unknownPrefix + taxonomy.Fold(skill)} {
		if n, ok := m.lex.skills.find(name); ok {
			out = append(out, n)
		}
	}
	return out
}

func (v *vocabulary) occupation(value string) bool {
	w := v.s.world
	return value == unsaid || w.catalogue.Occupation(w.occupationIDs([]string{value})[0]) != nil || v.demandSays(matcher.AttrOccupation, value)
}

func (v *vocabulary) industry(value string) bool {
	_, ok := industryNamed(value)
	return ok || value == unsaid || v.demandSays(matcher.AttrIndustry, value)
}

// demandSays reports whether some demand has a property.
func (v *vocabulary) demandSays(of matcher.Attr, value string) bool {
	n, ok := v.m.lex.attrs.find(value)
	return ok && value != "" && v.someDemand(func(d *matcher.Demand) bool { return d.Attrs[of] == n })
}

func (v *vocabulary) someDemand(is func(d *matcher.Demand) bool) (some bool) {
	v.s.snap.VisitDemands(0, 1, func(_ int, d *matcher.Demand) bool {
		some = is(d)
		return !some
	})
	return some
}

func (v *vocabulary) someProgram(is func(p *matcher.Program) bool) (some bool) {
	v.s.snap.VisitPrograms(func(p *matcher.Program) bool {
		some = is(p)
		return !some
	})
	return some
}
