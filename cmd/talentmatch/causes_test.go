package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"talentmatch/market"
)

// causesPages are the questions of a page, by their heading.
var causesPages = []struct{ heading, args string }{
	{"Why do openings stay unfilled, by occupation? 各职业的岗位为何空缺？", "--limit 10"},
	{"By province 各省", "--by region --surplus-by education --limit 12 --lang zh"},
	{"By skill 技能", "--by skill --cures 1 --limit 8 --lang zh"},
	{"The graduates of 2026 and 2027 alone, staying in their prefecture 仅 2026、2027 届，留在所在地市", "--by education --cohort 2026,2027 --reach prefecture --cures 2 --surplus-by program --limit 8"},
}

// TestCausesPages: why each alliance's openings stay unfilled, on a page, as the golden files
// have it, and each report replayed from its file. UPDATE=1 writes them anew.
func TestCausesPages(t *testing.T) {
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
		for i, p := range causesPages {
			args := strings.Fields(p.args)
			saved := filepath.Join(t.TempDir(), "report.json")
			if i == 0 {
				args = append(args, "--save", saved)
			}
			fmt.Fprintf(&b, "# %s\n# talentmatch causes %s\n\n%s\n", p.heading, p.args, must(t, append([]string{"causes", "--data", data}, args...)...))
			if i == 0 {
				if out := must(t, "replay", "--data", data, saved); out != saved+": same bytes\n" {
					t.Errorf("%s: %s", x, out)
				}
			}
		}
		path := filepath.Join("..", "..", "testdata", "golden", "reports", "causes-"+x+".txt")
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
			t.Errorf("%s differs; UPDATE=1 go test ./cmd/talentmatch -run CausesPages writes it anew. Got:\n%s", path, b.String())
		}
	}
}

// TestCausesFormats: every format says the same, a workbook opens, and bad flags are usage errors.
func TestCausesFormats(t *testing.T) {
	data := granuleStore(t)
	var a market.CausesAnswer
	book := filepath.Join(t.TempDir(), "causes.xlsx")
	if err := json.Unmarshal([]byte(must(t, "causes", "--data", data, "--by", "region", "--format", "json", "--xlsx", book)), &a); err != nil {
		t.Fatal(err)
	}
	if len(a.Items) != 1 || a.Items[0].Heads != 3 {
		t.Fatalf("%+v", a.Items)
	}
	rows, err := csv.NewReader(strings.NewReader(must(t, "causes", "--data", data, "--by", "region", "--format", "csv"))).ReadAll()
	if err != nil || len(rows) != 2 || rows[1][0] != a.Items[0].Key || rows[1][4] != "3" {
		t.Errorf("%v: %v", rows, err)
	}
	var g market.CausesGroup
	if err := json.Unmarshal([]byte(must(t, "causes", "--data", data, "--by", "region", "--format", "ndjson")), &g); err != nil || g.Key != a.Items[0].Key {
		t.Errorf("%+v: %v", g, err)
	}
	f, err := excelize.OpenFile(book)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if list, err := f.GetRows("原因 Causes"); err != nil || len(list) != 3 {
		t.Errorf("%v: %v", list, err)
	}
	if out := must(t, "causes", "--data", data, "--filter", "year=2031"); out != "no openings\n" {
		t.Errorf("%q", out)
	}
	if out := must(t, "causes", "--data", data, "--filter", "year=2031", "--lang", "zh"); out != "没有岗位\n" {
		t.Errorf("%q", out)
	}
	for _, args := range [][]string{{"--by", "colour"}, {"--reach", "village"}, {"--min-skills", "2"}, {"--limit", "0"}, {"--region", "火星"}, {"--alliance", "none"}, {"--filter", "colour=red"}, {"--cursor", "x"}} {
		if status, _, errs := talentmatch(t, append([]string{"causes", "--data", data}, args...)...); status != exitUsage {
			t.Errorf("%v: exit %d, %s", args, status, errs)
		}
	}
}

// TestBenchCauses: a small market is measured.
func TestBenchCauses(t *testing.T) {
	var m benchCausesLine
	if err := json.Unmarshal([]byte(must(t, "bench", "causes", "--sizes", "50x200", "--fields", "3", "--format", "ndjson")), &m); err != nil {
		t.Fatal(err)
	}
	if m.Programs != 50 || m.Heads == 0 || m.Unfilled > m.Heads || m.Total <= 0 || !m.Exact {
		t.Errorf("%+v", m)
	}
	if out := must(t, "bench", "causes", "--sizes", "20x50", "--fields", "3"); !strings.Contains(out, "placement s") {
		t.Errorf("%s", out)
	}
	if status, _, _ := talentmatch(t, "bench", "causes", "--sizes", "many"); status != exitUsage {
		t.Errorf("exit %d", status)
	}
}
