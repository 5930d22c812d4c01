package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// backtestPages are the questions of a page; GAPS and FUTURE stand for reports that are kept first.
var backtestPages = []question{
	{"Series as of two dates 两个起点的序列", "--as-of 2024-12,2025-12 --horizon 6 --limit 3"},
	{"Postings as of the end of 2025, by province 截至 2025 年底各省的发布", "--as-of 2025-12 --by region --limit 4 --lang zh"},
	{"A gap report of skills, 2025 技能缺口报告", "GAPS --year 2025 --limit 6"},
}

// backtestOwn: the alliance of the park has no demands of 2024.
var backtestOwn = map[string][]question{}

func init() {
	for _, x := range []string{"a", "b", "c", "d"} {
		backtestOwn[x] = []question{{"What was known in 2024 of 2025 2024 年已知的 2025 年需求", "FUTURE --until 2025 --limit 6 --lang zh"}}
	}
}

// backtestKept are the commands whose reports the questions name.
var backtestKept = map[string]string{"GAPS": "gaps --by skill --limit 200", "FUTURE": "future-gaps --by occupation --source known --as-of 2024 --limit 200"}

// TestBacktestPages: how well each alliance's reports have foreseen what came, as the golden files have it, and
// each backtest replayed from its file. UPDATE=1 writes them anew.
func TestBacktestPages(t *testing.T) {
	reportPages(t, "backtest", "backtest", backtestPages, backtestOwn, []int{0, 2, 3}, func(alliance, args string) (words []string, shown string) {
		shown = args
		for _, a := range strings.Fields(args) {
			if command := backtestKept[a]; command != "" {
				file := filepath.Join(t.TempDir(), strings.ToLower(a)+".json")
				must(t, append(strings.Fields(command), "--data", scenario(t, alliance), "--save", file)...)
				shown = strings.Replace(shown, a, "<(talentmatch "+command+" --save)", 1)
				a = file
			}
			words = append(words, a)
		}
		return words, shown
	})
}

// granuleCame is what came of d.1, which asks 3 heads: 1 hire.
const granuleCame = `{"type":"outcome","demand":"d.1","program":"p.1","year":2027,"hired":1}
`

// TestBacktest: a gap report is kept, what came is imported, and the score is kept and made again.
func TestBacktest(t *testing.T) {
	data := granuleStore(t)
	folder := t.TempDir()
	kept, scored, book := filepath.Join(folder, "缺口.json"), filepath.Join(folder, "scored.json"), filepath.Join(folder, "scored.xlsx")
	must(t, "gaps", "--data", data, "--by", "skill", "--save", kept)
	must(t, "import", "--data", data, write(t, "came.ndjson", granuleCame))
	table := must(t, "backtest", "--data", data, "--year", "2027", "--lang", "zh", "--save", scored, "--xlsx", book, kept)
	for _, says := range []string{"缺口.json：所预见的缺口与未满足名额，2027 年", "需求 3 个名额，录用 1，未满足 2（其中 0 无结果记录），其后录用 0，撤回 0；3 个单元格中 3 个已评分", "干法制粒"} {
		if !strings.Contains(table, says) {
			t.Errorf("no %q in\n%s", says, table)
		}
	}
	if out := must(t, "replay", "--data", data, scored); out != scored+": same bytes\n" {
		t.Error(out)
	}
	if out := must(t, "backtest", "--data", data, "--year", "2027", "--format", "csv", kept); !strings.Contains(out, "缺口.json,gaps,came,,,,unfilled,2,") {
		t.Error(out)
	}
	if out := must(t, "backtest", "--data", data, "--year", "2027", "--format", "ndjson", "--limit", "0", kept); strings.Count(out, "\n") != 1 || !strings.Contains(out, `"listed":[]`) {
		t.Error(out)
	}
	if info, err := os.Stat(book); err != nil || info.Size() == 0 {
		t.Error(err)
	}
}

// TestBacktestAsOf: a series that goes up by 2 a year, as of two dates.
func TestBacktestAsOf(t *testing.T) {
	data := granuleStore(t)
	must(t, "import", "--data", data, write(t, "s.ndjson", `{"type":"series","id":"s.up","measure":"openings","start":"2014","period":"year","values":[2,4,6,8,10,12,14,16,18]}`+"\n"))
	out := must(t, "backtest", "--data", data, "--as-of", "2019,2021-12", "--horizon", "2")
	if !strings.Contains(out, "\n2019 ") || !strings.Contains(out, "\n2021-12 ") || !strings.Contains(out, "before you use these numbers") || !strings.Contains(out, "s.up") {
		t.Error(out)
	}
	if out := must(t, "backtest", "--data", data, "--as-of", "2019", "--horizon", "2", "--format", "csv"); !strings.Contains(out, "2019,as_of,value,s.up,,2020,came,14,") {
		t.Error(out)
	}
}

// TestBacktestNames: files of different folders may be called alike.
func TestBacktestNames(t *testing.T) {
	data := granuleStore(t)
	var kept []string
	for range 2 {
		kept = append(kept, filepath.Join(t.TempDir(), "gaps.json"))
		must(t, "gaps", "--data", data, "--save", kept[len(kept)-1])
	}
	out := must(t, "backtest", "--data", data, "--year", "2027", kept[0], kept[1])
	if !strings.Contains(out, kept[0]+": gaps foreseen") || !strings.Contains(out, kept[1]+": gaps foreseen") {
		t.Errorf("%s", out)
	}
	if out := must(t, "backtest", "--data", data, "--year", "2027", kept[0]); !strings.Contains(out, "\ngaps.json: gaps foreseen") {
		t.Errorf("%s", out)
	}
}

func TestBacktestRefuses(t *testing.T) {
	data := granuleStore(t)
	kept, other := filepath.Join(t.TempDir(), "gaps.json"), filepath.Join(t.TempDir(), "mismatch.json")
	must(t, "gaps", "--data", data, "--save", kept)
	must(t, "mismatch", "--data", data, "--by", "region", "--save", other)
	for _, tt := range []struct {
		args   []string
		status int
		want   string
	}{
		{nil, exitUsage, "missing a report, or --as-of"},
		{[]string{kept}, exitUsage, "years: must say which years"},
		{[]string{kept, "--by", "region"}, exitUsage, "--by belongs to --as-of"},
		{[]string{kept, "--as-of", "2020"}, exitUsage, "--as-of takes no reports"},
		{[]string{kept, "--year", "2027", "--top", "0"}, exitUsage, "--top must be at least 1"},
		{[]string{"--as-of", "2020-13"}, exitUsage, "as_of: must be YYYY"},
		{[]string{"--as-of", "2020", "--year", "2020"}, exitUsage, "years: belongs to gap reports"},
		{[]string{other}, exitFailed, "kind: must be one of forecast, gaps, future-gap (got mismatch)"},
		{[]string{write(t, "x.json", "{}")}, exitFailed, "no report"},
		{[]string{filepath.Join(t.TempDir(), "没有.json")}, exitFailed, "没有.json"},
	} {
		status, out, errs := talentmatch(t, append([]string{"backtest", "--data", data}, tt.args...)...)
		if status != tt.status || out != "" || !strings.Contains(errs, tt.want) {
			t.Errorf("%v: exit %d, %q %q, want %q", tt.args, status, out, errs, tt.want)
		}
	}
}
