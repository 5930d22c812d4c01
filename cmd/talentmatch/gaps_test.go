package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// gapPages are the questions of a page, by their heading.
var gapPages = []struct{ heading, args string }{
	{"Which skills are short? 哪些技能短缺？", "--by skill --sort effective_gap --limit 12"},
	{"Which skills lack the level asked? 哪些技能达不到所需水平？", "--by skill --sort gap_at_level --level asked --limit 8 --lang zh"},
	{"By province, with 80 % intervals 各省及 80 % 区间", "--by region --sort effective_gap --limit 12 --bootstrap 400 --seed 1"},
	{"By occupation 职业", "--by occupation --sort effective_gap --limit 10 --bootstrap 400 --seed 1 --lang zh"},
	{"By year 年份", "--by year --limit 10"},
	{"By education 学历", "--by education --lang zh"},
	{"By industry 行业", "--by industry --sort demand --limit 8 --lang zh"},
	{"By kind of employer 用人单位类型", "--by employer_kind --sort demand"},
	{"Openings without any eligible program 没有合格专业的岗位", "--by occupation,region --sort no_eligible --limit 6 --drill 3"},
}

// TestGapPages: each alliance's gaps on a page, as the golden files have them, and each
// report replayed from its file. UPDATE=1 writes them anew.
func TestGapPages(t *testing.T) {
	if testing.Short() { // the race stage: other tests share the code, and five imports take minutes there
		t.Skip("pages are compared without -short")
	}
	for _, x := range []string{"a", "b", "c", "d", "e"} {
		data := filepath.Join(t.TempDir(), "data")
		files, err := filepath.Glob(filepath.Join("..", "..", "testdata", "scenarios", x, "*.ndjson"))
		if err != nil || len(files) == 0 {
			t.Fatal(err, files)
		}
		must(t, append([]string{"import", "--data", data}, files...)...)
		var b strings.Builder
		for i, p := range gapPages {
			args := strings.Fields(p.args)
			saved := filepath.Join(t.TempDir(), "report.json")
			if i == 0 {
				args = append(args, "--save", saved)
			}
			fmt.Fprintf(&b, "# %s\n# talentmatch gaps %s\n\n%s\n", p.heading, p.args, must(t, append([]string{"gaps", "--data", data}, args...)...))
			if i == 0 {
				if out := must(t, "replay", "--data", data, saved); out != saved+": same bytes\n" {
					t.Errorf("%s: %s", x, out)
				}
			}
		}
		path := filepath.Join("..", "..", "testdata", "golden", "reports", "gaps-"+x+".txt")
		if os.Getenv("UPDATE") != "" {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if b.String() != string(want) {
			t.Errorf("%s differs; UPDATE=1 go test ./cmd/talentmatch -run GapPages writes it anew. Got:\n%s", path, b.String())
		}
	}
}

// TestReplaySaysWhatChanged: a report of a store that has changed fails with the versions and
// the first values, on one line and in the lines of standard output.
func TestReplaySaysWhatChanged(t *testing.T) {
	data := granuleStore(t)
	saved := filepath.Join(t.TempDir(), "report.json")
	must(t, "gaps", "--data", data, "--save", saved, "--xlsx", filepath.Join(t.TempDir(), "gaps.xlsx"))
	must(t, "import", "--data", data, write(t, "more.ndjson", strings.Replace(granules, `"headcount":3`, `"headcount":4`, 1)))
	status, out, errs := talentmatch(t, "replay", "--data", data, saved)
	if status != exitFailed || !strings.HasPrefix(out, "version  data  ") || !strings.Contains(out, "\ndiffers  answer.items[0].demand  3 -> 4\n") || !strings.Contains(errs, "values differ; other versions: data ") {
		t.Errorf("exit %d\n%s\n%s", status, out, errs)
	}
	if status, _, errs := talentmatch(t, "replay", "--data", data, write(t, "x.json", "{}")); status != exitFailed || !strings.Contains(errs, "no report") {
		t.Errorf("no report: exit %d, %s", status, errs)
	}
}
