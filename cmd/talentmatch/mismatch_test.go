package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"talentmatch/market"
)

// mismatchPages are the questions of a page, by their heading.
var mismatchPages = []question{
	{"Do occupations match? 职业是否错配？", "--by occupation --limit 10"},
	{"职业错配（有效供给）", "--by occupation --supply effective --index duncan,sahin --limit 6 --lang zh"},
	{"技能错配", "--by skill --index duncan,jensen-shannon --limit 10 --lang zh"},
	{"Within provinces or between them? 省内还是省间？", "--by occupation,region --index jensen-shannon,duncan --limit 6"},
	{"Education 学历", "--by education --index duncan,sahin --alpha 0.3 --limit 6 --lang zh"},
	{"Is it getting worse? 错配在加剧吗？", "--by region --index duncan,sahin,jensen-shannon --trend --limit 5"},
	{"职业错配逐年", "--by occupation --index duncan,jensen-shannon --trend --limit 0 --lang zh"},
}

// TestMismatchPages: each alliance's mismatch on a page, as the golden files have it, and a
// report replayed from its file. UPDATE=1 writes them anew.
func TestMismatchPages(t *testing.T) {
	reportPages(t, "mismatch", "mismatch", mismatchPages, nil, []int{0}, nil)
}

// TestMismatchFormats: every format says the same. 3 heads ask two known skills, of which 40 and
// 50 graduates have one: half of |1/2 - 4/9| twice.
func TestMismatchFormats(t *testing.T) {
	data := granuleStore(t)
	args := []string{"mismatch", "--data", data, "--by", "skill", "--index", "duncan", "--format"}
	var a market.MismatchAnswer
	if err := json.Unmarshal([]byte(must(t, append(args, "json")...)), &a); err != nil {
		t.Fatal(err)
	}
	if len(a.Items) != 1 || *a.Items[0].Value != 0.055555555556 || a.Meta.Cells.Unresolved.Cells != 1 {
		t.Errorf("%+v", a)
	}
	var line market.MismatchIndex
	if err := json.Unmarshal([]byte(must(t, append(args, "ndjson")...)), &line); err != nil || *line.Value != *a.Items[0].Value {
		t.Errorf("%+v, %v", line, err)
	}
	rows, err := csv.NewReader(strings.NewReader(must(t, append(args, "csv", "--limit", "1")...))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"index", "part", "year", "skill", "skill_name", "cells", "demand", "supply", "demand_share", "supply_share", "value", "part_of_index", "distance", "side", "heads", "within", "note"},
		{"duncan", "index", "", "", "", "2", "6", "90", "", "", "0.055555555556", "", "", "", "", "", ""},
		{"duncan", "contribution", "", "sk.extract", "中药提取", "1", "3", "50", "0.5", "0.555555555556", "0.027777777778", "0.5", "", "surplus", "5", "", ""},
		{"duncan", "rest", "", "", "", "1", "3", "40", "0.5", "0.444444444444", "0.027777777778", "0.5", "", "", "-5", "", ""},
	}
	rows = withoutProvenance(t, rows)
	if fmt.Sprint(rows) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", rows, want)
	}
	for lang, says := range map[string]string{"en": "before you use these numbers\n", "zh": "使用前须知\n"} {
		if out := must(t, append(args, "table", "--lang", lang)...); !strings.Contains(out, says) {
			t.Errorf("%s prints\n%s", lang, out)
		}
	}
	out := must(t, "mismatch", "--data", data, "--by", "skill", "--index", "sahin-efficiency", "--filter", "region=522600")
	if !strings.Contains(out, "0 heads asked, 10 graduates") || !strings.Contains(out, "no outcome says") {
		t.Errorf("prints\n%s", out)
	}
	if out := must(t, "mismatch", "--data", data, "--by", "skill", "--index", "duncan", "--trend"); strings.Contains(out, "trends of these years") {
		t.Errorf("a trend without two years:\n%s", out)
	}
	for _, bad := range [][]string{{"--by", "industry"}, {"--alpha", "1"}, {"--by", "year", "--trend"}, {"--index", "gini"}, {"--filter", "colour=red"}, {"--by", "skill,region,year"}} {
		if status, out, errs := talentmatch(t, append([]string{"mismatch", "--data", data}, bad...)...); status != exitUsage || out != "" || !strings.Contains(errs, "talentmatch mismatch --help") {
			t.Errorf("%v: exit %d, %s", bad, status, errs)
		}
	}
}
