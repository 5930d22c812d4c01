package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// gapPages are the questions of a page, by their heading.
var gapPages = []question{
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
	reportPages(t, "gaps", "gaps", gapPages, nil, []int{0}, nil)
}

// TestGapNotes: notes and caveats are in the language of the table.
func TestGapNotes(t *testing.T) {
	data := granuleStore(t)
	for lang, want := range map[string][]string{
		"en": {"2 of ", " cells; demand ", "graduates of ", "Education is told apart by its label alone", "A demand counts its headcount"},
		"zh": {"个单元格中的 ", "年的毕业生", "学历只按标签区分", "一个需求的名额"},
	} {
		status, _, errs := talentmatch(t, "gaps", "--data", data, "--by", "education", "--lang", lang)
		for _, w := range want {
			if status != 0 || !strings.Contains(errs, w) {
				t.Errorf("%s: exit %d, no %q in\n%s", lang, status, w, errs)
			}
		}
		if lang == "zh" && strings.Contains(errs, "each counted once") {
			t.Errorf("English among\n%s", errs)
		}
	}
	for _, bad := range [][]string{{"--by", "region", "--level", "asked"}, {"--by", "region", "--sort", "gap_at_level"}, {"--filter", "skill=typo"}, {"--filter", "year=soon"}} {
		if status, out, errs := talentmatch(t, append([]string{"gaps", "--data", data}, bad...)...); status != exitUsage || out != "" {
			t.Errorf("%v: exit %d, %s", bad, status, errs)
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
	if status, out, errs := talentmatch(t, "replay", "--data", data, "--lang", "zh", saved); status != exitFailed || !strings.HasPrefix(out, "版本  data  ") || !strings.Contains(out, "\n不同  answer.items[0].demand  3 -> 4\n") || !strings.Contains(errs, "个值不同；版本不同：data ") {
		t.Errorf("in Chinese: exit %d\n%s\n%s", status, out, errs)
	}
	if status, _, errs := talentmatch(t, "replay", "--data", data, write(t, "x.json", "{}")); status != exitFailed || !strings.Contains(errs, "no report") {
		t.Errorf("no report: exit %d, %s", status, errs)
	}
}
