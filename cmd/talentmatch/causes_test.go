package main

import (
	"encoding/csv"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"talentmatch/market"
)

// causesPages are the questions of a page, by their heading.
var causesPages = []question{
	{"Why do openings stay unfilled, by occupation? 各职业的岗位为何空缺？", "--limit 10"},
	{"By province 各省", "--by region --surplus-by education --limit 12 --lang zh"},
	{"By skill 技能", "--by skill --cures 1 --limit 8 --lang zh"},
	{"Guangdong's openings, with those elsewhere competing 广东省的岗位，别处的岗位与之相争", "--region 440000 --by education --cures 1 --surplus-by education --lang zh"},
	{"The graduates of 2026 and 2027 alone, staying in their prefecture 仅 2026、2027 届，留在所在地市", "--by education --cohort 2026,2027 --reach prefecture --cures 2 --surplus-by program --limit 8"},
}

// TestCausesPages: why each alliance's openings stay unfilled, on a page, as the golden files
// have it, and each report replayed from its file. UPDATE=1 writes them anew.
func TestCausesPages(t *testing.T) {
	reportPages(t, "causes", "causes", causesPages, nil, []int{0}, nil)
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
	for _, args := range [][]string{{"--by", "colour"}, {"--reach", "village"}, {"--min-skills", "2"}, {"--limit", "0"}, {"--cohort", "1"}, {"--limit", "1000", "--cures", "20"}, {"--region", "火星"}, {"--alliance", "none"}, {"--filter", "colour=red"}, {"--cursor", "x"}} {
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
