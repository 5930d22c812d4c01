package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"talentmatch/talent"
)

func TestSearch(t *testing.T) {
	data := granuleStore(t)
	status, out, errs := talentmatch(t, "search", "--data", data, "--type", "programs", "中药")
	if status != exitDone || errs != "1 found, 1 shown\n" {
		t.Errorf("exit %d, %q", status, errs)
	}
	if lines := strings.Split(out, "\n"); len(lines) != 3 || !strings.HasPrefix(lines[1], "program  p.1  中药制药  ") {
		t.Errorf("search prints\n%s", out)
	}
	for args, ids := range map[string]string{
		"--type program":                                     "p.1 p.2 p.3",
		"--type program --filter region=520000":              "p.2 p.3",
		"--type program --exclude region=520000":             "p.1",
		"--type program --filter education=secondary":        "p.3",
		"--type program --type demand --filter region=南海":    "d.1 d.2 p.1", // a name
		"--type demand --filter status=filled":               "d.2",
		"--type program --limit 2":                           "p.1 p.2",
		"--type demand --filter unresolved=true":             "d.1",
		"--type program --filter region=520000 --text 中药":    "",
		"--type program,demand --filter skill=sk.granulate":  "d.1 p.1",
		"--type program --filter year=2027 --exclude skill=": "usage",
	} {
		args := append([]string{"search", "--data", data, "--format", "ndjson"}, strings.Fields(args)...)
		if ids == "usage" {
			if status, _, _ := talentmatch(t, args...); status != exitUsage {
				t.Errorf("%v: exit %d", args, status)
			}
			continue
		}
		var got []string
		for line := range strings.Lines(must(t, args...)) {
			var item struct{ ID string }
			if err := json.Unmarshal([]byte(line), &item); err != nil {
				t.Fatal(err)
			}
			got = append(got, item.ID)
		}
		if strings.Join(got, " ") != ids {
			t.Errorf("%v finds %v, want %s", args, got, ids)
		}
	}
}

// TestSearchExcludes runs the two forms that the help shows.
func TestSearchExcludes(t *testing.T) {
	data := granuleStore(t)
	for _, test := range []struct {
		words []string
		ids   []string
	}{
		{[]string{"药"}, []string{"p.1", "p.2", "p.3"}},
		{[]string{"药 -制药"}, []string{"p.2", "p.3"}},
		{[]string{"--", "药", "-制药"}, []string{"p.2", "p.3"}},
	} {
		out := must(t, append([]string{"search", "--data", data, "--type", "program", "--format", "ndjson"}, test.words...)...)
		if strings.Count(out, "\n") != len(test.ids) {
			t.Errorf("%q finds\n%s", test.words, out)
		}
		for _, id := range test.ids {
			if !strings.Contains(out, `"id":"`+id+`"`) {
				t.Errorf("%q does not find %s:\n%s", test.words, id, out)
			}
		}
	}
	if help := must(t, "search", "--help"); !strings.Contains(help, `talentmatch search "机器人 -焊接"`) {
		t.Errorf("the help shows no exclusion:\n%s", help)
	}
}

func TestSearchFacets(t *testing.T) {
	data := granuleStore(t)
	out := must(t, "search", "--data", data, "--type", "program", "--facets", "region,education", "--limit", "1")
	want := `
region
  count  value
      2  520000 贵州省
      1  440000 广东省

education
  count  value
      2  associate 高职专科
      1  secondary 中职
`
	if _, facets, _ := strings.Cut(out, "\n\n"); "\n"+facets != want {
		t.Errorf("got\n%s", out)
	}
}

func TestGaps(t *testing.T) {
	data := granuleStore(t)
	rows, err := csv.NewReader(strings.NewReader(must(t, "gaps", "--data", data, "--by", "skill", "--format", "csv", "--drill", "5"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"skill", "skill_name", "demand", "supply", "gap", "ratio", "demands", "programs", "demand_ids", "program_ids",
			"supply_at_level", "gap_at_level", "further_study", "outflow", "in_migration", "below_level", "effective_supply", "effective_gap", "no_eligible", "no_further_study_rate", "no_retention"},
		{"会看苗", "会看苗", "3", "0", "3", "0", "1", "0", "d.1", "", "0", "3", "", "", "", "0", "0", "3", "0", "0", "0"},
		{"sk.granulate", "干法制粒", "3", "40", "-37", fmt.Sprint(40.0 / 3), "1", "1", "d.1", "p.1", "40", "-37", "", "", "", "0", "40", "-37", "0", "1", "0"},
		// p.2 teaches it below the level that d.1 asks: 40 of the 50 count.
		{"sk.extract", "中药提取", "3", "50", "-47", fmt.Sprint(50.0 / 3), "1", "2", "d.1", "p.1 p.2", "40", "-37", "", "", "", "10", "40", "-37", "0", "2", "0"},
	}
	rows = withoutProvenance(t, rows)
	if len(rows) == len(want) {
		rows[1][0] = want[1][0] // how a name without an id is keyed is market's to say
	}
	if fmt.Sprint(rows) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", rows, want)
	}
	got := must(t, "gaps", "--data", data, "--by", "region")
	table := "region  demand  supply  gap  ratio  effective  effective gap  no eligible  demands  programs\n"
	if !strings.HasPrefix(got, table) || !strings.Contains(got, "\n广东省") || !strings.Contains(got, "\n贵州省") {
		t.Errorf("gaps by region prints\n%s", got)
	}
}

func TestAlign(t *testing.T) {
	data := granuleStore(t)
	got := must(t, "align", "--data", data, "p.2", "--min-skills", "0.2")
	want := `program p.2  药学 · 10 graduates
eligible  1 openings for 3 people
reached   1 openings for 3 people (at least 0.2 of the skills)
coverage  0.25 of what eligible openings ask, weighted by headcount

openings reached
`
	if !strings.HasPrefix(got, want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for _, says := range []string{"\nasked for, not taught (2)\n", "\n  干法制粒  ", "\ntaught below the level asked for (1)\n  skill", "中药提取 / extraction"} {
		if !strings.Contains(got, says) {
			t.Errorf("align does not say %q:\n%s", says, got)
		}
	}
}

func TestVerify(t *testing.T) {
	data := granuleStore(t)
	out := must(t, "verify", "--data", data)
	if !strings.Contains(out, "\nprogram             3\n") || !strings.HasSuffix(out, "\nno differences\n") {
		t.Errorf("verify prints\n%s", out)
	}
}

func TestKeys(t *testing.T) {
	data := filepath.Join(t.TempDir(), "new")
	secret := must(t, "key", "add", "--data", data, "--label", "教务处")
	if strings.Count(secret, "\n") != 1 || len(secret) < 32 {
		t.Errorf("key add prints %q", secret)
	}
	var key struct{ ID, Label string }
	listed := must(t, "key", "list", "--data", data, "--format", "ndjson")
	if err := json.Unmarshal([]byte(listed), &key); err != nil || key.Label != "教务处" {
		t.Errorf("key list prints %q: %v", listed, err)
	}
	if strings.Contains(listed, strings.TrimSpace(secret)) {
		t.Error("key list shows the secret")
	}
	must(t, "key", "remove", "--data", data, key.ID)
	if left := must(t, "key", "list", "--data", data, "--format", "ndjson"); left != "" {
		t.Errorf("after key remove: %q", left)
	}
}

func TestBackup(t *testing.T) {
	data := granuleStore(t)
	folder := t.TempDir()
	file := filepath.Join(folder, storeFile)
	must(t, "backup", "--data", data, file)
	if got, want := must(t, "export", "--data", folder, "--type", "all"), must(t, "export", "--data", data, "--type", "all"); got != want {
		t.Error("the backup holds something else than the store")
	}
	if status, _, _ := talentmatch(t, "backup", "--data", data, file); status != exitFailed {
		t.Errorf("backup over an existing file: exit %d", status)
	}
}

// TestFolderCannotBeOpened guesses at another process only where there is one.
func TestFolderCannotBeOpened(t *testing.T) {
	data := t.TempDir()
	if err := os.Mkdir(filepath.Join(data, storeFile), 0o700); err != nil { // stops root, whom no mode stops
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"search", "--data", data, "提取"},
		{"import", "--data", data, write(t, "granules.ndjson", granules)},
		{"serve", "--data", data, "--listen", "127.0.0.1:0"},
	} {
		status, out, errs := talentmatch(t, args...)
		if status != exitFailed || out != "" || !strings.Contains(errs, storeFile) || strings.Contains(errs, "another") || strings.Contains(errs, "server") {
			t.Errorf("%s: exit %d, %q", args[0], status, errs)
		}
	}
	for says, want := range map[string]bool{
		"open store x.db: locked by another process":                                      true,
		"open index 索引: another process has it open; stop that one or use another folder": true,
		"open store x.db: the file cannot be opened for writing":                          false,
		"open index x: open x/store/root.bolt: permission denied":                         false,
	} {
		if got := locked(fmt.Errorf("%s: %w", says, talent.ErrUnavailable)); got != want {
			t.Errorf("locked(%q) = %v", says, got)
		}
	}
}

// TestDataFolder guards the name that tells a data folder from any other.
func TestDataFolder(t *testing.T) {
	if _, err := os.Stat(filepath.Join(granuleStore(t), storeFile)); err != nil {
		t.Error(err)
	}
}
