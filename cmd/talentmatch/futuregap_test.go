package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"talentmatch/market"
)

// futurePages are the questions of a page; WHAT-IF stands for the alliance's scenarios.
var futurePages = []question{
	{"All together, with what is yet to be posted 合计，含预计发布", "--years 5"},
	{"What is known already, and what if 已知需求与情景", "--by occupation --source known --sort change --limit 8 WHAT-IF"},
	{"The same with a forecast, five years 含预测，五年", "--by occupation --years 5 --sort change --limit 4 --lang zh WHAT-IF"},
	{"By province 各省", "--by region --limit 6 --lang zh"},
	{"Skills short in any year 技能短缺", "--by skill --limit 6"},
	{"By education 学历", "--by education --lang zh"},
	{"By industry: no supply 行业", "--by industry --sort demand --limit 4"},
}

// futureOwn are questions of one alliance: that its own series answer, say.
var futureOwn = map[string][]question{
	"b": {{"From series of postings in Jiangsu 据江苏招聘量序列", "--by occupation --source series --measure postings --filter region=320000 --limit 5 --lang zh --scenario ../../testdata/whatif/fewer-postings.json"}},
	"c": {{"Herb identification, and more students 中药验收员与扩招", "--by occupation --filter occupation=oc.herb-identifier --years 5 --lang zh WHAT-IF"}},
	"e": {{"The park's place: Shangrao 园区所在：上饶", "--by region --region-at prefecture --source known --filter region=361100 --lang zh WHAT-IF"}},
}

// whatIf are the scenario files of an alliance.
func whatIf(t *testing.T, alliance string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "testdata", "whatif", alliance+"-*.json"))
	if err != nil || len(files) != 2 {
		t.Fatal(err, files)
	}
	var args []string
	for _, f := range files {
		args = append(args, "--scenario", f)
	}
	return args
}

// TestFuturePages: each alliance's years to come on a page, as the golden files have them, and
// a report with scenarios replayed from its file. UPDATE=1 writes them anew.
func TestFuturePages(t *testing.T) {
	reportPages(t, "future-gaps", "future", futurePages, futureOwn, []int{1}, func(alliance, args string) (words []string, shown string) {
		for _, a := range strings.Fields(args) {
			if a == "WHAT-IF" {
				words = append(words, whatIf(t, alliance)...)
			} else {
				words = append(words, a)
			}
		}
		return words, strings.NewReplacer("WHAT-IF", "--scenario testdata/whatif/"+alliance+"-*.json", "../../", "").Replace(args)
	})
}

// postedGranules are granules with dates of posting, a demand a month.
func postedGranules() string {
	var b strings.Builder
	b.WriteString(granules)
	for n := range 6 {
		fmt.Fprintf(&b, `{"type":"demand","id":"d.m%d","employer":"o.yf","title":"制粒工","region":"440605","headcount":2,"posted":"2026-0%d-01","start":"2027-0%d","skills":[{"skill":"sk.granulate"}]}`+"\n", n, n+1, n+1)
	}
	return b.String()
}

// TestFutureGapForms: the table, CSV, NDJSON and JSON say the same, in either language, and files are
// written.
func TestFutureGapForms(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	must(t, "import", "--data", data, write(t, "posted.ndjson", postedGranules()))
	late := write(t, "晚.json", `{"name":"晚一年","name_en":"A year late","changes":[{"delay":{"demand":"d.m0","months":12}}]}`)
	args := []string{"future-gaps", "--data", data, "--by", "skill", "--source", "known", "--years", "2", "--scenario", late, "--filter", "skill=sk.granulate"}
	zh := must(t, append(args, "--lang", "zh")...)
	if !strings.HasPrefix(zh, "A = 晚一年\n    1: 1 个需求、2 个名额移动 +12 个月\n\n技能 ") || !strings.Contains(zh, "\n干法制粒  2027    15") {
		t.Errorf("in Chinese\n%s", zh)
	}
	if _, _, errs := talentmatch(t, append(args, "--lang", "zh", "--limit", "1", "--filter", "region=440000")...); !strings.HasPrefix(errs, "1 个单元格中的 1 个，2027 至 2028 年；") || !strings.Contains(errs, "个名额，最近发布于 2026-06\n") || strings.Contains(errs, "%!") {
		t.Errorf("notes in Chinese: %s", errs)
	}
	en := must(t, args...)
	if !strings.HasPrefix(en, "A = A year late\n    1: demands that move by +12 months: 1, of 2 heads\n\nskill ") {
		t.Errorf("in English\n%s", en)
	}
	var cell market.FutureCell
	if err := json.Unmarshal([]byte(must(t, append(args, "--format", "ndjson")...)), &cell); err != nil || *cell.Years[0].Demand != 15 || *cell.Years[1].Scenarios[0].Demand != 2 {
		t.Errorf("%+v (%v)", cell, err)
	}
	var answer market.FutureGapAnswer
	if err := json.Unmarshal([]byte(must(t, append(args, "--format", "json")...)), &answer); err != nil || answer.Meta.AsOf != 2026 || len(answer.Meta.Definitions) == 0 {
		t.Errorf("%+v (%v)", answer.Meta, err)
	}
	if csv := must(t, append(args, "--format", "csv")...); !strings.HasPrefix(csv, "key,name,year,scenario,demand,") || !strings.Contains(csv, "\nsk.granulate,干法制粒,2028,晚一年,2,") {
		t.Errorf("%s", csv)
	}
	book := filepath.Join(t.TempDir(), "future.xlsx")
	must(t, append(args, "--xlsx", book)...)
	if raw, err := os.ReadFile(book); err != nil || !bytes.HasPrefix(raw, []byte("PK")) {
		t.Errorf("no workbook: %v", err)
	}
}

// TestFutureGapRefuses: a wrong flag is wrong usage, a wrong file fails the command by its name.
func TestFutureGapRefuses(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	must(t, "import", "--data", data, write(t, "posted.ndjson", postedGranules()))
	bad := write(t, "坏.json", `{"name":"x","changes":[{"delay":{"demand":"d.m0","months":1}},{"delay":{"demand":"d.none","months":1}}]}`)
	typo := write(t, "typo.json", `{"name":"x","changes":[{"delay":{"demand":"d.m0","month":1}}]}`)
	for _, tt := range []struct {
		args   string
		status int
		says   string
	}{
		{"--by colour", exitUsage, "--by"},
		{"--years 11", exitUsage, "years: must be from 1 to 10"},
		{"--years 0", exitUsage, "--years must be from 1 to 10"},
		{"--as-of 1999", exitUsage, "as_of: lies before the data"},
		{"--filter colour=red", exitUsage, "there is no field"},
		{"--source known --scenario " + bad, exitFailed, "坏.json: change 2: delay.demand: there is no such demand (got d.none)"},
		{"--source known --scenario " + typo, exitFailed, "typo.json: change 1: delay.month: is not a field here"},
		{"--scenario " + bad + ".gone", exitFailed, "no such file"},
	} {
		status, out, errs := talentmatch(t, append([]string{"future-gaps", "--data", data}, strings.Fields(tt.args)...)...)
		if status != tt.status || out != "" || !strings.Contains(errs, tt.says) {
			t.Errorf("%s: exit %d, %q, %q", tt.args, status, out, errs)
		}
	}
}
