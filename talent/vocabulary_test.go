package talent

import (
	"slices"
	"strings"
	"testing"
)

// TestVocabulariesCoverEnums: every enumerated field has a vocabulary of exactly
// its words, and every vocabulary belongs to a field.
func TestVocabulariesCoverEnums(t *testing.T) {
	used := map[string]bool{}
	var check func(Type, []Field)
	check = func(typ Type, fields []Field) {
		for _, f := range fields {
			check(typ, f.Fields)
			enum := f.Enum
			switch {
			case f.Name == "type":
				if !slices.Equal(enum, []string{string(typ)}) {
					t.Errorf("%s.type: %v", typ, enum)
				}
				continue
			case f.Name == "required" && f.Kind == Truth: // words for true and false
				enum = []string{"true", "false"}
			}
			if _, ok := Vocabularies[string(typ)+"."+f.Name]; ok {
				used[string(typ)+"."+f.Name] = true
			} else if len(enum) > 0 {
				used[f.Name] = true
			}
			if len(enum) == 0 {
				continue
			}
			var words []string
			for _, term := range Vocabulary(typ, f.Name) {
				words = append(words, term.Value)
			}
			if !slices.Equal(words, enum) {
				t.Errorf("%s.%s: the vocabulary has %v, the field %v", typ, f.Name, words, enum)
			}
		}
	}
	for _, typ := range Types {
		check(typ, FieldsOf(typ))
	}
	for key := range Vocabularies {
		if !used[key] {
			t.Errorf("no field has the vocabulary %s", key)
		}
	}
}

// TestVocabularyWords: inside a vocabulary every way of writing names one word.
func TestVocabularyWords(t *testing.T) {
	for key, terms := range Vocabularies {
		means := map[string]string{}
		for _, term := range terms {
			if term.ZH == "" || term.EN == "" {
				t.Errorf("%s.%s has no label", key, term.Value)
			}
			for _, w := range append([]string{term.Value, term.ZH, term.EN}, term.Also...) {
				w = strings.ToLower(w)
				if v, ok := means[w]; ok && v != term.Value {
					t.Errorf("%s: %s is %s and %s", key, w, v, term.Value)
				}
				means[w] = term.Value
			}
		}
	}
}

func TestLabel(t *testing.T) {
	for _, tc := range []struct {
		typ                      Type
		field, value, lang, want string
	}{
		{TypeDemand, "education", "bachelor", "zh", "本科"},
		{TypeProgram, "education", "associate", "en", "associate"},
		{TypeOrganization, "kind", "college", "zh", "高职院校"},
		{TypeAgreement, "kind", "internship", "zh", "实习"},
		{TypeSkill, "kind", "tool", "zh", "工具"},
		{TypeDemand, "kind", "tool", "zh", "tool"},
		{TypeDemand, "education", "phd", "zh", "phd"},
		{TypeDemand, "title", "焊工", "en", "焊工"},
	} {
		if got := Label(tc.typ, tc.field, tc.value, tc.lang); got != tc.want {
			t.Errorf("%s.%s %s in %s: %s, want %s", tc.typ, tc.field, tc.value, tc.lang, got, tc.want)
		}
	}
	if Vocabulary(TypeDemand, "title") != nil {
		t.Error("titles are free")
	}
}

func TestISCED(t *testing.T) {
	want := map[Education]int{Secondary: 3, Postsecondary: 4, Associate: 5, Bachelor: 6, Master: 7, Doctorate: 8, "": 0, "本科": 0, "Bachelor": 0}
	for e, n := range want {
		if e.ISCED() != n {
			t.Errorf("%q: %d, want %d", e, e.ISCED(), n)
		}
	}
	if len(Educations) != 6 || !slices.IsSortedFunc(Educations, func(a, b Education) int { return a.ISCED() - b.ISCED() }) {
		t.Errorf("%v", Educations)
	}
}

func TestFieldKinds(t *testing.T) {
	want := map[string]FieldKind{"id": Text, "headcount": Whole, "education": Text, "salary": Object, "priority": Whole, "skills": ListOfObjects}
	for _, f := range FieldsOf(TypeDemand) {
		if k, ok := want[f.Name]; ok && f.Kind != k {
			t.Errorf("%s is %s, want %s", f.Name, f.Kind, k)
		}
		if f.Name == "skills" && (f.Fields[0].Name != "skill" || f.Fields[0].Ref != TypeSkill || f.Fields[4].Kind != Truth) {
			t.Errorf("%+v", f.Fields)
		}
		if f.Required != slices.Contains([]string{"id", "employer", "title", "region", "headcount"}, f.Name) {
			t.Errorf("%s required: %v", f.Name, f.Required)
		}
	}
	for _, f := range FieldsOf(TypeSeries) {
		if f.Name == "values" && f.Kind != ListOfNumbers || f.Name == "keys" && f.Kind != Object {
			t.Errorf("%s is %s", f.Name, f.Kind)
		}
	}
}
