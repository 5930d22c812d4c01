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
}

// Help says what comes of it.
func (*replayCmd) Help() string {
	return `The report's request is answered again from the data folder, and compared with the file byte for
byte. "FILE: same bytes" and exit status 0 say that nothing differs, after a restart and on an
index that was built anew too. Otherwise the exit status is 1, and standard output has a line
for each version that is another now and for the first values that differ:

  version   data      120 -> 134
  differs   answer.items[0].demand   12 -> 14

Kinds of report: ` + strings.Join(market.ReportKinds(), ", ") + "."
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
	if r.Same {
		fmt.Fprintf(s.out, "%s: same bytes\n", c.Report)
		return nil
	}
	var others []string
	for _, v := range r.Versions {
		fmt.Fprintf(s.out, "version  %s  %s -> %s\n", v.Path, plain(v.Was), plain(v.Is))
		others = append(others, fmt.Sprintf("%s %s -> %s", v.Path, v.Was, v.Is))
	}
	for _, d := range r.Differences {
		fmt.Fprintf(s.out, "differs  %s  %s -> %s\n", plain(d.Path), plain(d.Was), plain(d.Is))
	}
	return fmt.Errorf("%s: %s", c.Report, whatChanged(r, others))
}

// whatChanged is the outcome in a line.
func whatChanged(r *market.Replay, versions []string) string {
	switch {
	case len(versions) == 0 && r.Differ == 0:
		return "the content is the same, the file is written otherwise"
	case len(versions) == 0:
		return fmt.Sprintf("%d values differ with the same versions", r.Differ)
	case r.Differ == 0:
		return "no value differs; other versions: " + strings.Join(versions, ", ")
	}
	return fmt.Sprintf("%d values differ; other versions: %s", r.Differ, strings.Join(versions, ", "))
}
