package main

import (
	"fmt"
	"os"
	"strings"

	"talentmatch/market"
)

// replayCmd makes a kept report again and compares.
type replayCmd struct {
	dataFlag
	Report string `arg:"" help:"A report that --save kept."`
	Lang   string `enum:"en,zh" default:"en" help:"Language of what is said: en or zh."`
}

// Help says what comes of it.
func (*replayCmd) Help() string {
	return `The report's request is answered again from the data folder, and compared with the file byte for
byte. "FILE: same bytes" and exit status 0 say that nothing differs, after a restart and on an
index that was built anew too. Otherwise the exit status is 1, and standard output has a line
for each version that is another now, for the first values that differ, and for each version of which the file
says one thing in its answer and another in its envelope, as no report does that was not edited:

  version   data      120 -> 134
  differs   answer.items[0].demand   12 -> 14
  edited    answer.meta.versions.data   119, versions.data 120

A file that was formatted anew has other bytes, which counts as a difference. Allocations are no reports:
talentmatch allocate --verify holds one against the data.

Kinds of report: ` + strings.Join(market.ReportKinds(), ", ") + "."
}

// replayWords are what is said in each language.
var replayWords = map[string]map[string]string{
	"en": {"same": "%s: same bytes\n", "version": "version  %s  %s -> %s\n", "differs": "differs  %s  %s -> %s\n", "edited": "edited   %s  %s, %s %s\n",
		"written": "the content is the same, the file is written otherwise", "values": "%d values differ", "no value": "no value differs", "alike": "%d values differ with the same versions",
		"others": "other versions: %s", "torn": "the file was edited: its answer and its envelope say other versions", "between": "; ", "listed": ", "},
	"zh": {"same": "%s：字节相同\n", "version": "版本  %s  %s -> %s\n", "differs": "不同  %s  %s -> %s\n", "edited": "改动  %s  %s，%s %s\n",
		"written": "内容相同，文件写法不同", "values": "%d 个值不同", "no value": "没有值不同", "alike": "版本相同而 %d 个值不同",
		"others": "版本不同：%s", "torn": "文件被改动过：答案与信封所说的版本不一致", "between": "；", "listed": "、"},
}

// Run compares.
func (c *replayCmd) Run(s *session) (err error) {
	file, err := os.ReadFile(c.Report)
	if err != nil {
		return err
	}
	m, err := c.open(s)
	if err != nil {
		return err
	}
	defer closing(m, &err)
	r, err := m.Replay(s.ctx, file)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Report, err)
	}
	words := replayWords[c.Lang]
	if r.Same {
		fmt.Fprintf(s.out, words["same"], c.Report)
		return nil
	}
	var others []string
	for _, v := range r.Versions {
		fmt.Fprintf(s.out, words["version"], v.Path, plain(v.Was), plain(v.Is))
		others = append(others, fmt.Sprintf("%s %s -> %s", v.Path, v.Was, v.Is))
	}
	for _, d := range r.Differences {
		fmt.Fprintf(s.out, words["differs"], plain(d.Path), plain(d.Was), plain(d.Is))
	}
	for _, d := range r.Torn {
		fmt.Fprintf(s.out, words["edited"], plain(d.Path), plain(d.Was), plain(strings.TrimPrefix(d.Path, "answer.meta.")), plain(d.Is))
	}
	return fmt.Errorf("%s: %s", c.Report, whatChanged(words, r, others))
}

// whatChanged is the outcome in a line.
func whatChanged(words map[string]string, r *market.Replay, versions []string) string {
	var out []string
	switch {
	case len(versions) == 0 && r.Differ > 0:
		out = append(out, fmt.Sprintf(words["alike"], r.Differ))
	case r.Differ > 0:
		out = append(out, fmt.Sprintf(words["values"], r.Differ))
	case len(versions) > 0:
		out = append(out, words["no value"])
	case len(r.Torn) == 0:
		return words["written"]
	}
	if len(versions) > 0 {
		out = append(out, fmt.Sprintf(words["others"], strings.Join(versions, words["listed"])))
	}
	if len(r.Torn) > 0 {
		out = append(out, words["torn"])
	}
	return strings.Join(out, words["between"])
}
