package pack

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"talentmatch/talent"
)

// TestRelationsProperty: whatever relations a folder holds, in whatever order and
// however often, the records say of each pair what looking through all rows says.
func TestRelationsProperty(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "skills")
		skill := func(i int) string { return fmt.Sprintf("x://y/esco/skill/s%d", i) }
		occupation := func(i int) string { return fmt.Sprintf("x://y/esco/occupation/o%d", i) }
		pairs := func(label string, from, to int) [][2]int {
			return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) [2]int {
				return [2]int{rapid.IntRange(0, from).Draw(t, "from"), rapid.IntRange(0, to).Draw(t, "to")}
			}), 0, 20).Draw(t, label)
		}
		needs, tree := pairs("needs", 2, n), pairs("tree", n, n) // the last of each is not there
		essential := rapid.SliceOfN(rapid.Bool(), len(needs), len(needs)).Draw(t, "essential")

		files := map[string]*strings.Builder{}
		line := func(file, head, format string, args ...any) {
			if files[file] == nil {
				files[file] = &strings.Builder{}
				files[file].WriteString(head + "\n")
			}
			if format != "" {
				fmt.Fprintf(files[file], format+"\n", args...)
			}
		}
		for i := range n {
			line("skills_en.csv", "preferredLabel,conceptUri", "skill %d,%s", i, skill(i))
		}
		for i := range 2 {
			line("occupations_en.csv", "conceptUri,preferredLabel", "%s,occupation %d", occupation(i), i)
		}
		line("occupationSkillRelations.csv", "occupationUri,relationType,skillUri", "")
		for i, p := range needs {
			word := "optional"
			if essential[i] {
				word = "essential"
			}
			line("occupationSkillRelations.csv", "", "%s,%s,%s", occupation(p[0]), word, skill(p[1]))
		}
		line("broaderRelationsSkillPillar_en.csv", "conceptUri,broaderUri", "")
		for _, p := range tree {
			line("broaderRelationsSkillPillar_en.csv", "", "%s,%s", skill(p[0]), skill(p[1]))
		}
		for name, b := range files {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(b.String()), 0o600); err != nil {
				t.Fatal(err)
			}
		}

		f, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		records := 0
		for row, err := range f.Records() {
			if err != nil || row.Record == nil {
				t.Fatal(err, row.Problems)
			}
			records++
			switch r := row.Record.(type) {
			case *talent.Skill:
				var want []string
				for j := range n {
					if id := escoID(skill(j)); id != r.ID && slices.Contains(tree, [2]int{indexOf(r.ID, n, skill), j}) {
						want = append(want, id)
					}
				}
				if !slices.Equal(r.Broader, want) {
					t.Fatalf("%s: broader %v, want %v", r.ID, r.Broader, want)
				}
			case *talent.Occupation:
				var want, got []string
				for _, importance := range []float64{1, 0.5} {
					for j := range n {
						if strongest(needs, essential, [2]int{indexOf(r.ID, 2, occupation), j}) == importance {
							want = append(want, fmt.Sprint(escoID(skill(j)), importance))
						}
					}
				}
				for _, s := range r.Skills {
					got = append(got, fmt.Sprint(s.Skill, *s.Importance))
				}
				if !slices.Equal(got, want) {
					t.Fatalf("%s: skills %v, want %v", r.ID, got, want)
				}
			}
		}
		if records != n+2 {
			t.Fatalf("%d records, want %d", records, n+2)
		}
	})
}

func indexOf(id string, n int, uri func(int) string) int {
	for i := range n {
		if escoID(uri(i)) == id {
			return i
		}
	}
	return -1
}

// strongest is the greatest importance that any row gives a pair; 0 if none does.
func strongest(rows [][2]int, essential []bool, pair [2]int) float64 {
	best := 0.0
	for i, row := range rows {
		if row == pair {
			best = max(best, 0.5)
			if essential[i] {
				best = 1
			}
		}
	}
	return best
}

// TestIDs: an id says where a concept stands, and never breaks the rules of ids.
func TestIDs(t *testing.T) {
	for uri, want := range map[string]string{
		"http://data.europa.eu/esco/skill/0a-1":        "esco.skill.0a-1",
		"http://data.europa.eu/esco/occupation/b":      "esco.occ.b",
		"http://data.europa.eu/esco/isco/C2512":        "esco.isco.C2512",
		"http://data.europa.eu/esco/isced-f/0613":      "esco.isced-f.0613",
		"https://mirror.example/a/esco/skill/S1.2/":    "esco.skill.S1.2",
		"http://other.example/skill/ä b":               "esco.skill.--b",
		"skill/x":                                      "",
		"http://other.example":                         "",
		"http://other.example/esco/":                   "",
		"x://y/esco/skill/" + strings.Repeat("a", 500): "",
	} {
		if got := escoID(uri); got != want {
			t.Errorf("%s: %q, want %q", uri, got, want)
		}
	}
	seen := map[string]string{}
	for _, name := range []string{"C", "C++", "C#", ".NET", "R", "r", "C ++", "数控 CAM", strings.Repeat("long name ", 40), "—"} {
		id := toolID(name)
		if !talent.ValidID(id) || seen[id] != "" {
			t.Errorf("%s: id %q, that of %q", name, id, seen[id])
		}
		seen[id] = name
	}
	rapid.Check(t, func(t *rapid.T) {
		if id := escoID(rapid.String().Draw(t, "uri")); id != "" && !talent.ValidID(id) {
			t.Fatalf("id %q", id)
		}
		if id := toolID(rapid.String().Draw(t, "name")); !talent.ValidID(id) {
			t.Fatalf("id %q", id)
		}
	})
}
