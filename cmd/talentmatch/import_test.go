package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"talentmatch/market"
	"talentmatch/talent"
	"talentmatch/testdata"
)

// scenarioFiles writes a scenario's files and returns their paths.
func scenarioFiles(t *testing.T, letter string) []string {
	t.Helper()
	files, err := testdata.Scenario(letter)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var paths []string
	for _, f := range files {
		path := filepath.Join(dir, strings.ReplaceAll(f.Name, "/", "-"))
		if err := os.WriteFile(path, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}

// scenarioStore is a data folder with a scenario and the built-in taxonomy.
func scenarioStore(t *testing.T, letter string) string {
	t.Helper()
	data := filepath.Join(t.TempDir(), "data")
	must(t, append([]string{"import", "--data", data}, scenarioFiles(t, letter)...)...)
	return data
}

// report runs an import and reads its report.
func report(t *testing.T, want int, args ...string) market.ImportReport {
	t.Helper()
	status, out, errs := talentmatch(t, append([]string{"import", "--format", "ndjson"}, args...)...)
	if status != want {
		t.Fatalf("import %s: exit %d, want %d: %s", strings.Join(args, " "), status, want, errs)
	}
	var r market.ImportReport
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("%v in %q", err, out)
	}
	return r
}

func TestImportTwiceChangesNothing(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	file := write(t, "granules.ndjson", granules)
	status, out, errs := talentmatch(t, "import", "--no-builtin", "--data", data, file)
	want := `imported skills: 2 added, 0 changed, 0 unchanged
imported organizations: 3 added, 0 changed, 0 unchanged
imported programs: 3 added, 0 changed, 0 unchanged
imported demands: 2 added, 0 changed, 0 unchanged
1 skill name that no taxonomy knows (kept as written, searchable):
  会看苗  1
`
	if status != exitDone || out != "" || errs != want {
		t.Errorf("exit %d, standard output %q, standard error\n%swant\n%s", status, out, errs, want)
	}
	for kind, n := range report(t, exitDone, "--no-builtin", "--data", data, file).Types {
		if n.Added+n.Changed > 0 || n.Unchanged == 0 {
			t.Errorf("the second import: %s %+v", kind, n)
		}
	}
}

func TestDryRunChangesNothing(t *testing.T) {
	none := filepath.Join(t.TempDir(), "none")
	file := write(t, "granules.ndjson", granules)
	r := report(t, exitDone, "--no-builtin", "--dry-run", "--data", none, file)
	if n := r.Types[talent.TypeProgram]; !r.DryRun || r.Committed || n.Added != 3 {
		t.Errorf("a dry run into a new folder: %+v", r)
	}
	if _, err := os.Stat(none); err == nil {
		t.Error("a dry run made the data folder")
	}
	data := granuleStore(t)
	before := must(t, "export", "--data", data, "--type", "all")
	changed := write(t, "changed.ndjson", strings.ReplaceAll(granules, "中药制药", "中药制药技术"))
	r = report(t, exitDone, "--no-builtin", "--dry-run", "--data", data, changed)
	if n := r.Types[talent.TypeProgram]; n != (market.ImportTally{Changed: 1, Unchanged: 2}) {
		t.Errorf("a dry run of one changed program: %+v", n)
	}
	if after := must(t, "export", "--data", data, "--type", "all"); after != before {
		t.Error("a dry run changed the store")
	}
}

// badDemands has one good row and two bad ones; the third refers to nobody.
const badDemands = "编号,企业编号,岗位名称,招聘人数,地区\nd.10,o.yf,提取工,5,南海区\nd.11,o.yf,制粒工,很多,南海区\nd.12,o.nobody,包装工,1,南海区\n"

func TestBadRecords(t *testing.T) {
	data := granuleStore(t)
	file := write(t, "demands.csv", badDemands)
	before := must(t, "export", "--data", data, "--type", "all")
	status, out, errs := talentmatch(t, "import", "--no-builtin", "--data", data, file)
	if status != exitFailed || out != "" {
		t.Errorf("exit %d, standard output %q", status, out)
	}
	for _, says := range []string{
		file + `:3: column 招聘人数 (D): headcount: `,
		`(got "很多")`,
		file + `:4: employer: d.12: there is no organization o.nobody (got "o.nobody")`,
		"talentmatch: nothing was imported: 2 errors (--skip-bad imports the rest)\n",
	} {
		if !strings.Contains(errs, says) {
			t.Errorf("standard error does not say %q:\n%s", says, errs)
		}
	}
	if after := must(t, "export", "--data", data, "--type", "all"); after != before {
		t.Error("bad records changed the store")
	}

	status, out, errs = talentmatch(t, "import", "--no-builtin", "--skip-bad", "--data", data, file)
	if status != exitDone || out != "" || !strings.Contains(errs, "imported demands: 1 added, 0 changed, 0 unchanged\nskipped 2 bad records\n") {
		t.Errorf("--skip-bad: exit %d, %s", status, errs)
	}
	if !strings.Contains(must(t, "export", "--data", data, "--type", "demand"), `"id":"d.10"`) {
		t.Error("--skip-bad left the good record out")
	}
}

func TestOneBadRecord(t *testing.T) {
	data := granuleStore(t)
	file := write(t, "demands.csv", strings.ReplaceAll(badDemands, "o.nobody", "o.yf"))
	status, _, errs := talentmatch(t, "import", "--no-builtin", "--data", data, file)
	if status != exitFailed || !strings.Contains(errs, "talentmatch: nothing was imported: 1 error (--skip-bad imports the rest)\n") {
		t.Errorf("exit %d, %s", status, errs)
	}
	status, _, errs = talentmatch(t, "import", "--no-builtin", "--skip-bad", "--data", data, file)
	if status != exitDone || !strings.Contains(errs, "\nskipped 1 bad record\n") {
		t.Errorf("--skip-bad: exit %d, %s", status, errs)
	}
}

func TestManyErrorsAreCounted(t *testing.T) {
	bad := strings.Repeat(`{"type":"demand"}`+"\n", 60)
	status, _, errs := talentmatch(t, "import", "--no-builtin", "--data", filepath.Join(t.TempDir(), "new"), write(t, "bad.ndjson", bad))
	if status != exitFailed || strings.Count(errs, "bad.ndjson:") != shownErrors || !strings.Contains(errs, " more errors\n") {
		t.Errorf("exit %d\n%s", status, errs)
	}
}

func TestImportGB18030(t *testing.T) {
	csv := "编号,名称,机构类型,地区\no.1,珠海𠮷造企业,企业,珠海市\n"
	encoded, err := simplifiedchinese.GB18030.NewEncoder().String(csv)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"type":"organization","id":"o.1","name":"珠海𠮷造企业","kind":"enterprise","region":"440400"}` + "\n"
	for name, content := range map[string]string{"utf8.csv": csv, "bom.csv": "\ufeff" + csv, "gb18030.csv": encoded} {
		data := filepath.Join(t.TempDir(), "data")
		must(t, "import", "--no-builtin", "--data", data, "--type", "organizations", write(t, name, content))
		if got := must(t, "export", "--data", data, "--type", "organization"); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// TestRoundTrip takes a scenario out in every format and puts it in again: nothing
// may change. Skills and occupations are left out, because those of the built-in
// pack become the user's own by importing them.
func TestRoundTrip(t *testing.T) {
	data := scenarioStore(t, "e")
	before := must(t, "export", "--data", data, "--type", "all")
	dir := t.TempDir()
	for _, format := range []string{"ndjson", "csv", "xlsx"} {
		for _, lang := range []string{"en", "zh"} {
			if testing.Short() && lang == "en" {
				continue
			}
			files := []string{"--data", data}
			for _, kind := range talent.Types {
				if kind == talent.TypeSkill || kind == talent.TypeOccupation {
					continue
				}
				file := filepath.Join(dir, lang+"-"+string(kind)+"."+format)
				status, _, errs := talentmatch(t, "export", "--data", data, "--type", string(kind), "--format", format, "--lang", lang, "--output", file)
				if status != exitDone {
					t.Fatal(errs)
				}
				if errs != "0 records\n" {
					files = append(files, file)
				}
			}
			r := report(t, exitDone, files...)
			total := 0
			for kind, n := range r.Types {
				total += n.Unchanged
				if n.Added+n.Changed > 0 {
					t.Errorf("%s %s: %s %+v", format, lang, kind, n)
				}
			}
			if total < 150 {
				t.Errorf("%s %s: only %d records went through", format, lang, total)
			}
		}
	}
	if after := must(t, "export", "--data", data, "--type", "all"); after != before {
		t.Error("the round trips changed the store")
	}
	copied := filepath.Join(t.TempDir(), "copy")
	must(t, "import", "--no-builtin", "--data", copied, write(t, "all.ndjson", before))
	if again := must(t, "export", "--data", copied, "--type", "all"); again != before {
		t.Error("a store made from an export of everything is another one")
	}
}

// TestExportFormat takes the format from the file's name.
func TestExportFormat(t *testing.T) {
	data := granuleStore(t)
	dir := t.TempDir()
	for name, begins := range map[string]string{
		"技能.xlsx": "PK\x03\x04", "技能.CSV": "id,name,name_en,", "skills.ndjson": `{"type":"skill",`,
		"skills.jsonl": `{"type":"skill",`, "skills": `{"type":"skill",`, "skills.txt": `{"type":"skill",`,
	} {
		must(t, "export", "--data", data, "--type", "skill", "-o", filepath.Join(dir, name))
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !bytes.HasPrefix(got, []byte(begins)) {
			t.Errorf("%s: %v, %.40q", name, err, got)
		}
	}
	named := filepath.Join(dir, "named.txt")
	must(t, "export", "--data", data, "--type", "skill", "--format", "csv", "-o", named)
	if got, err := os.ReadFile(named); err != nil || !bytes.HasPrefix(got, []byte("id,name,name_en,")) {
		t.Errorf("an ending that promises nothing: %v, %.40q", err, got)
	}
	must(t, "export", "--data", data, "--type", "skill", "-o", os.DevNull) // is there, and no file
}

func TestExportToFile(t *testing.T) {
	data := granuleStore(t)
	file := write(t, "skills.csv", "old")
	args := []string{"export", "--data", data, "--type", "skills", "--output", file}
	status, _, errs := talentmatch(t, args...)
	if want := "talentmatch: export: " + file + " exists (--force overwrites it)\n"; status != exitFailed || errs != want {
		t.Errorf("over an existing file: exit %d, %q", status, errs)
	}
	if got, err := os.ReadFile(file); err != nil || string(got) != "old" {
		t.Errorf("a refused export left %v, %q", err, got)
	}
	must(t, append(args, "--force")...)
	got, err := os.ReadFile(file)
	if err != nil || !bytes.HasPrefix(got, []byte("id,name,name_en,")) || bytes.Count(got, []byte("\n")) != 3 {
		t.Errorf("%v: %q", err, got)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(file), "*.partial")); len(left) > 0 {
		t.Errorf("export left %v", left)
	}
	if status, _, _ := talentmatch(t, "export", "--data", data, "--type", "skill", "--output", filepath.Join(data, "no", "where.csv")); status != exitFailed {
		t.Errorf("export into a folder that does not exist: exit %d", status)
	}
}

func TestHelpFields(t *testing.T) {
	one := must(t, "import", "--help-fields", "--type", "demand")
	all := must(t, "import", "--help-fields")
	for _, word := range []string{"headcount", "招聘人数"} {
		if !strings.Contains(one, word) || !strings.Contains(all, word) {
			t.Errorf("the help on fields does not mention %s", word)
		}
	}
	if len(all) < 3*len(one) {
		t.Error("the help on all fields is hardly longer than that on demands")
	}
}
