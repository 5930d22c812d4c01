package taxonomy

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"talentmatch/talent"
)

func builtin(t *testing.T) (skills []*talent.Skill, occupations []*talent.Occupation) {
	t.Helper()
	records, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		switch r := r.(type) {
		case *talent.Skill:
			if len(occupations) > 0 {
				t.Fatalf("skill %s comes after an occupation", r.ID)
			}
			skills = append(skills, r)
		case *talent.Occupation:
			occupations = append(occupations, r)
		}
	}
	return skills, occupations
}

// TestBuiltin checks the embedded pack as a whole: its size, and that it is
// consistent and bilingual.
func TestBuiltin(t *testing.T) {
	skills, occupations := builtin(t)
	if len(skills) < 600 || len(occupations) < 150 {
		t.Errorf("%d skills and %d occupations, want at least 600 and 150", len(skills), len(occupations))
	}
	c := NewCatalogue(skills, occupations)
	if len(c.Skills()) != len(skills) || len(c.Occupations()) != len(occupations) {
		t.Errorf("%d skills have %d ids, %d occupations have %d", len(skills), len(c.Skills()), len(occupations), len(c.Occupations()))
		reportRepeats(t, skills, occupations)
	}
	for _, s := range skills {
		checkLanguages(t, s.ID, s.Name, s.NameEN, s.Aliases)
		for _, ref := range talent.Refs(s) {
			checkRef(t, c, s.ID, ref)
		}
	}
	for _, o := range occupations {
		checkLanguages(t, o.ID, o.Name, o.NameEN, o.Aliases)
		if len(o.Skills) < 5 {
			t.Errorf("%s has only %d skills", o.ID, len(o.Skills))
		}
		for _, ref := range talent.Refs(o) {
			checkRef(t, c, o.ID, ref)
		}
	}
	for label, ids := range c.skillNames {
		if len(ids) > 3 {
			t.Errorf("label %q is shared by %q", label, ids)
		}
	}
}

func reportRepeats(t *testing.T, skills []*talent.Skill, occupations []*talent.Occupation) {
	t.Helper()
	count := map[string]int{}
	for _, s := range skills {
		count[s.ID]++
	}
	for _, o := range occupations {
		count[o.ID]++
	}
	for id, n := range count {
		if n > 1 {
			t.Errorf("%s occurs %d times", id, n)
		}
	}
}

func checkRef(t *testing.T, c *Catalogue, from string, ref talent.Ref) {
	t.Helper()
	ok := ref.Type == talent.TypeSkill && c.Skill(ref.ID) != nil ||
		ref.Type == talent.TypeOccupation && c.Occupation(ref.ID) != nil
	if !ok {
		t.Errorf("%s: %s refers to %s %s, which is not there", from, ref.Path, ref.Type, ref.ID)
	}
}

// latinName is a brand or standard that Chinese texts write in Latin letters, too.
var latinName = regexp.MustCompile(`^[\w .+#/&()-]+$`)

func checkLanguages(t *testing.T, id, name, nameEN string, aliases []string) {
	t.Helper()
	if !hasHan(name) && !latinName.MatchString(name) {
		t.Errorf("%s: name %q is neither Chinese nor a Latin name", id, name)
	}
	if nameEN == "" || hasHan(nameEN) {
		t.Errorf("%s: English name %q", id, nameEN)
	}
	if !hasHan(name + strings.Join(aliases, "")) {
		t.Errorf("%s has no Chinese label", id)
	}
}

func hasHan(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) }) >= 0
}

// TestBuiltinHasNoCycle follows `broader` upwards from every skill.
func TestBuiltinHasNoCycle(t *testing.T) {
	skills, _ := builtin(t)
	c := NewCatalogue(skills, nil)
	const onPath, done = 1, 2
	state := map[string]int{}
	var visit func(id string, path []string)
	visit = func(id string, path []string) {
		s := c.Skill(id)
		if s == nil || state[id] == done {
			return
		}
		path = append(path, id)
		if state[id] == onPath {
			t.Errorf("cycle in broader: %s", strings.Join(path, " > "))
			return
		}
		state[id] = onPath
		for _, b := range s.Broader {
			visit(b, path)
		}
		state[id] = done
	}
	for _, s := range c.Skills() {
		visit(s.ID, nil)
	}
}

func TestBuiltinVersion(t *testing.T) {
	if v := BuiltinVersion(); !regexp.MustCompile(`^builtin-[0-9a-f]{12}$`).MatchString(v) || v != BuiltinVersion() {
		t.Errorf("version %q", v)
	}
	one := packVersion([]packFile{{"a", []byte("x")}, {"b", nil}})
	other := packVersion([]packFile{{"a", nil}, {"b", []byte("x")}})
	if one == other {
		t.Error("moving text between files leaves the version as it is")
	}
}

func TestDecodePack(t *testing.T) {
	occ := `{"type":"occupation","id":"oc.a","name":"电工"}`
	skill := `{"type":"skill","id":"sk.a","name":"焊接"}`
	got, err := decodePack([]packFile{{"a", []byte(occ + "\n\n" + skill)}, {"b", []byte(`{"type":"skill","id":"sk.0","name":"钳工"}` + "\r\n")}})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, r := range got {
		ids = append(ids, r.RecordID())
	}
	if s := strings.Join(ids, " "); s != "sk.a sk.0 oc.a" {
		t.Errorf("order %s", s)
	}
	for _, bad := range []string{`{"type":"skill","id":"sk.a"}`, `{"type":"region","id":"r","name":"区"}`} {
		_, err := decodePack([]packFile{{"bad.ndjson", []byte(skill + "\n" + bad)}})
		if !errors.Is(err, talent.ErrInvalid) || !strings.Contains(err.Error(), "bad.ndjson line 2") {
			t.Errorf("decodePack(%s): %v", bad, err)
		}
	}
}
