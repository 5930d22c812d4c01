package pack

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"talentmatch/talent"
)

// render is a folder as a person reads it: what it is, its records, what is wrong.
func render(t testing.TB, dir string) string {
	t.Helper()
	f, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s %s\nsource: %s\nlicence: %s\n\n", f.Kind, f.Name, f.Version, f.Source, f.Licence)
	for row, err := range f.Records() {
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range row.Problems {
			fmt.Fprintf(&b, "problem: %s\n", p)
		}
		if row.Record == nil {
			continue
		}
		if row.Type != row.Record.RecordType() || row.ID != row.Record.RecordID() {
			t.Errorf("row of %s says %s %s", row.Record.RecordID(), row.Type, row.ID)
		}
		body, err := talent.Encode(row.Record)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s:%d %s\n", row.File, row.Line, bytes.TrimSpace(body))
	}
	b.WriteString("\n")
	for _, w := range f.Warnings() {
		fmt.Fprintf(&b, "warning: %s\n", w)
	}
	if f.Offset() != f.Size() {
		t.Errorf("read %d of %d bytes", f.Offset(), f.Size())
	}
	return b.String()
}

// TestFolders: every kind of folder, against files that a person has read. UPDATE=1
// writes them anew.
func TestFolders(t *testing.T) {
	for _, c := range []struct {
		golden, folder string
		files          map[string]string
	}{
		{"esco-v11", "plain name", escoV11},
		{"esco-v12", "ESCO dataset - v1.2.1 - classification - en - csv", escoV12()},
		{"onet-old", "onet", onetOld},
		{"onet-new", "db_30_3_text", onetNew},
		{"own", "clay", ownFolder},
		{"crosswalk", "x", map[string]string{"my crosswalk.csv": escoV12()["ONET_(Occupations)_0_updated.csv"]}},
	} {
		t.Run(c.golden, func(t *testing.T) {
			dir := folder(t, c.folder, c.files)
			got := render(t, dir)
			if again := render(t, dir); again != got {
				t.Errorf("read twice, it says something else:\n%s", again)
			}
			path := filepath.Join("testdata", c.golden+".txt")
			if os.Getenv("UPDATE") != "" {
				if err := os.MkdirAll("testdata", 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("differs from %s (UPDATE=1 writes it anew):\n%s", path, got)
			}
		})
	}
}

// TestSpellingsAgree: the columns of v1.2 and those of v1.1 give the same records.
func TestSpellingsAgree(t *testing.T) {
	v12 := with(escoV11,
		"occupationSkillRelations.csv", "",
		"occupationSkillRelations_en.csv", addColumn(escoV11["occupationSkillRelations.csv"], 1, "occupationLabel"),
		"broaderRelationsOccPillar_en.csv", addColumn(addColumn(escoV11["broaderRelationsOccPillar_en.csv"], 2, "conceptLabel"), 5, "broaderLabel"),
		"broaderRelationsSkillPillar_en.csv", addColumn(escoV11["broaderRelationsSkillPillar_en.csv"], 2, "conceptLabel"),
	)
	old, recent := recordsOf(t, folder(t, "v", escoV11)), recordsOf(t, folder(t, "v", v12))
	if old != recent {
		t.Errorf("v1.1:\n%s\nv1.2:\n%s", old, recent)
	}
}

// addColumn puts a column before position at of a file without quotes.
func addColumn(text string, at int, name string) string {
	var out []string
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		cells := strings.Split(line, ",")
		cell := name
		if i > 0 {
			cell = "a label"
		}
		out = append(out, strings.Join(append(append(append([]string{}, cells[:at]...), cell), cells[at:]...), ","))
	}
	return strings.Join(out, "\n") + "\n"
}

func recordsOf(t testing.TB, dir string) string {
	t.Helper()
	f, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for row, err := range f.Records() {
		if err != nil {
			t.Fatal(err)
		}
		if row.Record == nil {
			fmt.Fprintln(&b, row.Problems)
			continue
		}
		body, err := talent.Encode(row.Record)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(body)
	}
	return b.String()
}

// TestChinese: with a Chinese file the Chinese label is the name and the English one
// its twin.
func TestChinese(t *testing.T) {
	zh := "conceptType,conceptUri,skillType,preferredLabel,altLabels,description\n" +
		"KnowledgeSkillCompetence," + glazing + ",skill/competence,施釉,上釉,给陶器上釉。\n"
	got := recordsOf(t, folder(t, "esco", map[string]string{"skills_zh.csv": zh, "skills_en.csv": escoV11["skills_en.csv"]}))
	want := `"name":"施釉","name_en":"glaze pots","text":"给陶器上釉。","text_en":"Put a glaze on, \"dipped\" or brushed.","kind":"skill","aliases":["上釉","put glaze on pots","dip pots in glaze","glasing"]`
	if !strings.Contains(got, want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestRefused: what cannot be read, with the words that the error must have.
func TestRefused(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		kind  error
		words []string
	}{
		{"empty", nil, talent.ErrUnsupported, []string{"holds no taxonomy", "skills_en.csv", "Occupation Data.txt"}},
		{"other files", map[string]string{"demands.csv": "id\n"}, talent.ErrUnsupported, []string{"holds no taxonomy"}},
		{"two taxonomies", with(escoV11, "Occupation Data.txt", onetOld["Occupation Data.txt"]), talent.ErrInvalid, []string{"several taxonomies"}},
		{"missing columns", with(escoV11, "skills_en.csv", "conceptType,preferredlabel\nx,y\n", "occupationSkillRelations.csv", "occupationUri,skillUri\n"), talent.ErrInvalid,
			[]string{"skills_en.csv:1:", "has no column conceptUri (it has conceptType, preferredlabel)", "occupationSkillRelations.csv:1:", "has no column relationType"}},
		{"missing columns of O*NET", with(onetOld, "Skills.txt", "O*NET-SOC Code\tElement ID\r\n", "Technology Skills.txt", "O*NET-SOC Code\r\n"), talent.ErrInvalid,
			[]string{"Skills.txt:1:", "has no column Element Name, Scale ID, Data Value", "Technology Skills.txt:1:", "Example or Workplace Example"}},
		{"empty file", with(escoV11, "skills_en.csv", " "), talent.ErrInvalid, []string{"skills_en.csv:1: invalid: has no column conceptUri, preferredLabel"}},
		{"UTF-16", with(escoV11, "skills_en.csv", "\xff\xfec\x00o\x00"), talent.ErrInvalid, []string{"skills_en.csv", "UTF-16"}},
		{"binary", with(onetOld, "Occupation Data.txt", "PK\x03\x04\x00\x00"), talent.ErrInvalid, []string{"Occupation Data.txt", "binary"}},
		{"crosswalk without header", map[string]string{"crosswalk.csv": "a,b\n1,2\n"}, talent.ErrInvalid, []string{"crosswalk.csv", "has no header row", "Type of Match"}},
		{"header with a typo", with(ownFolder, "pack.json", `{"nome":"x"}`), talent.ErrInvalid, []string{"pack.json", `unknown field "nome"`, "licence"}},
		{"header with a bad name", with(ownFolder, "pack.json", `{"name":"陶"}`), talent.ErrInvalid, []string{"pack.json", "A-Za-z0-9"}},
		{"header with more", with(ownFolder, "pack.json", `{"name":"x"} {}`), talent.ErrInvalid, []string{"pack.json", "behind the object"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Open(folder(t, "f", c.files))
			if !errors.Is(err, c.kind) {
				t.Fatalf("got %v, want %v", err, c.kind)
			}
			for _, w := range c.words {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("error %q lacks %q", err, w)
				}
			}
		})
	}
	if _, err := Open(filepath.Join(t.TempDir(), "nowhere")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
	outer := filepath.Dir(folder(t, "ESCO v1.2.0", escoV11))
	if _, err := Open(outer); err == nil || !strings.Contains(err.Error(), `its folder "ESCO v1.2.0" holds ESCO`) {
		t.Errorf("a folder around a taxonomy: %v", err)
	}
}

// TestProblems: rows that make no record are named with file, line and column, and
// the others come all the same.
func TestProblems(t *testing.T) {
	for _, c := range []struct {
		name, file, old, new string
		files                map[string]string
		want                 string
	}{
		{"no label", "skills_en.csv", "kiln types,", ",", escoV11, "skills_en.csv:5: column preferredLabel: is empty"},
		{"no URI", "skills_en.csv", kilns, "", escoV11, "skills_en.csv:5: column conceptUri: is empty"},
		{"half a URI", "skills_en.csv", kilns, "kilns", escoV11, `skills_en.csv:5: column conceptUri: is no URI that makes an id (got kilns)`},
		{"half a character", "skills_en.csv", "kiln types", "kiln \xe7\x9a", escoV11, "skills_en.csv:5: column preferredLabel: is not valid UTF-8 (got kiln"},
		{"same id", "skills_en.csv", kilns, "https://other.example/esco/skill/00000000-0000-4000-8000-00000000000a", escoV11, "skills_en.csv:5: column conceptUri: makes the same id as"},
		{"relation type", "occupationSkillRelations.csv", "optional", "perhaps", escoV11, "occupationSkillRelations.csv:2: column relationType: must be essential or optional (got perhaps)"},
		{"long name", "ISCOGroups_en.csv", "Clay trades", strings.Repeat("泥", 501), escoV11, "ISCOGroups_en.csv:2: column preferredLabel: name: has 501 characters"},
		{"a code", "Occupation Data.txt", "99-2222.00", "99-2222", onetOld, "Occupation Data.txt:4: column O*NET-SOC Code: is no O*NET-SOC code, such as 15-1252.00 (got 99-2222)"},
		{"no title", "Occupation Data.txt", "Master Potters", " ", onetOld, "Occupation Data.txt:3: column Title: is empty"},
		{"no number", "Skills.txt", "4.00", "four", onetOld, "Skills.txt:2: column Data Value: must be a number from 1 to 5 on the scale IM (got four)"},
		{"off the scale", "Skills.txt", "5.25", "7.01", onetOld, "Skills.txt:3: column Data Value: must be a number from 0 to 7 on the scale LV (got 7.01)"},
		{"NaN", "Skills.txt", "5.25", "NaN", onetOld, "Skills.txt:3: column Data Value: must be a number"},
		{"element", "Skills.txt", "2.B.9.a", "2 B", onetOld, "Skills.txt:2: column Element ID: is no element"},
		{"scale", "Scales Reference.txt", "\t5\r", "\t1\r", onetOld, "Scales Reference.txt:2: column Maximum: must be above the minimum 1 (got 1)"},
		{"product", "Technology Skills.txt", "KilnControl", "", onetOld, "Technology Skills.txt:2: column Example: is empty"},
		{"class of products", "Technology Skills.txt", "99990101", "9 9", onetOld, "Technology Skills.txt:2: column Commodity Code: is no class"},
		{"crosswalk code", "ONET_(Occupations)_0_updated.csv", "99-1111.01", "99", escoV12(), "ONET_(Occupations)_0_updated.csv:9: column O*NET Id: is neither"},
		{"own type", "a.ndjson", `"skill","id"`, `"region","id"`, ownFolder, "a.ndjson:1: type: must be skill, occupation or crosswalk"},
		{"own field", "b.ndjson", `"level":4`, `"level":6`, ownFolder, "b.ndjson:1: skills[0].level: must be from 1 to 5 (got 6)"},
		{"no JSON", "b.ndjson", `{`, `[`, ownFolder, "b.ndjson:1: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := Open(folder(t, "f", replaced(t, c.files, c.file, c.old, c.new)))
			if err != nil {
				t.Fatal(err)
			}
			var problems []string
			records := 0
			for row, err := range f.Records() {
				if err != nil {
					t.Fatal(err)
				}
				if row.Record != nil {
					records++
				}
				for _, p := range row.Problems {
					problems = append(problems, p.String())
				}
			}
			if len(problems) != 1 || !strings.HasPrefix(problems[0], c.want) {
				t.Errorf("got %q, want %q", problems, c.want)
			}
			if records == 0 {
				t.Error("no record is left")
			}
		})
	}
}

// TestBroken: a file that cannot be read to its end ends the reading, with the line.
func TestBroken(t *testing.T) {
	f, err := Open(folder(t, "ESCO v1.1", replaced(t, escoV11, "occupations_en.csv", "Potters make pots.", `Potters make "pots`)))
	if err != nil {
		t.Fatal(err)
	}
	var last error
	for _, err := range f.Records() {
		last = err
	}
	if !errors.Is(last, talent.ErrInvalid) || !strings.HasPrefix(last.Error(), "occupations_en.csv:3:") {
		t.Errorf("got %v", last)
	}
}

// TestStop: whoever has enough gets nothing more.
func TestStop(t *testing.T) {
	f, err := Open(folder(t, "f", escoV11))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for range f.Records() {
		if n++; n == 3 {
			break
		}
	}
	if n != 3 {
		t.Errorf("%d rows", n)
	}
}

// TestVersions: where the version comes from.
func TestVersions(t *testing.T) {
	read := with(onetOld, "Read Me.txt", "")
	for _, c := range []struct {
		folder string
		files  map[string]string
		want   string
	}{
		{"ESCO dataset - v1.1.1 - classification - en - csv", escoV11, "1.1.1"},
		{"esco", escoV11, "modified-2021-05-06"},
		{"1.2.0", escoV11, "1.2.0"},
		{"db_28_3_text", read, "28.3"},
		{"db_28_3_text", onetOld, "29.2"},
		{"x", with(escoV11, "pack.json", `{"version":"mine"}`), "mine"},
	} {
		f, err := Open(folder(t, c.folder, c.files))
		if err != nil {
			t.Fatal(err)
		}
		if f.Version != c.want {
			t.Errorf("%s: version %q, want %q", c.folder, f.Version, c.want)
		}
	}
	version := func(files map[string]string) string {
		f, err := Open(folder(t, "my pack", files))
		if err != nil {
			t.Fatal(err)
		}
		if f.Name != "my-pack" || !strings.HasPrefix(f.Version, "content-") {
			t.Errorf("pack %s %s", f.Name, f.Version)
		}
		return f.Version
	}
	plain := with(ownFolder, "pack.json", "")
	if a, b := version(plain), version(plain); a != b {
		t.Errorf("the same content is %s and %s", a, b)
	}
	if a, b := version(plain), version(replaced(t, plain, "a.ndjson", "0.7", "0.8")); a == b {
		t.Errorf("another content has the same version %s", a)
	}
}

// TestConversions: the ends, the middle and the halves of O*NET's scales.
func TestConversions(t *testing.T) {
	for _, c := range []struct {
		im, lv     string
		importance string
		level      string
	}{
		{"1.00", "0.00", "0", "1"}, {"5.00", "7.00", "1", "5"}, {"3.00", "3.50", "0.5", "3"}, {"3.12", "0.87", "0.53", "1"},
		{"2.5", "0.88", "0.375", "2"}, {"4.25", "2.62", "0.8125", "2"}, {"4.25", "2.63", "0.8125", "3"}, {"4.25", "6.13", "0.8125", "5"},
	} {
		files := with(onetNew, "Essential Skills.txt", "", "Software Skills.txt", "", "Transferable Skills.txt",
			onetRatingHead+"99-1111.00\t2.B.9.a\tThrowing\tIM\t"+c.im+"\n99-1111.00\t2.B.9.a\tThrowing\tLV\t"+c.lv+"\n")
		got := recordsOf(t, folder(t, "f", files))
		want := fmt.Sprintf(`"skills":[{"skill":"onet.skill.2.B.9.a","importance":%s,"level":%s}]`, c.importance, c.level)
		if !strings.Contains(got, want) {
			t.Errorf("IM %s LV %s: got %s, want %s", c.im, c.lv, got, want)
		}
	}
}
