package main

import (
	"errors"
	"fmt"
	"sort"
	"strings"

	"talentmatch/market"
	"talentmatch/talent"
)

// verifyCmd compares the index with the store and fails when they differ.
type verifyCmd struct {
	dataFlag
	Format string `enum:"text,ndjson" default:"text" help:"text, or ndjson: one line of JSON."`
}

// Help says when the command cannot run.
func (*verifyCmd) Help() string { return needsFolderAlone }

var errDiffers = errors.New("index and store differ")

// Run verifies.
func (c *verifyCmd) Run(s *session) (err error) {
	m, err := c.open(s)
	if err != nil {
		return err
	}
	defer closing(m, &err)
	report, err := m.Verify(s.ctx)
	if err != nil {
		return err
	}
	if c.Format == "ndjson" {
		err = s.line(report)
	} else {
		writeVerify(s, report)
	}
	if err != nil || report.OK() {
		return err
	}
	if !report.StoreOK {
		return fmt.Errorf("the store is damaged: %s", report.StoreError)
	}
	return fmt.Errorf("%w in %d records (the index is rebuilt when its folder is deleted)", errDiffers, report.Differences)
}

func writeVerify(s *session, r *market.VerifyReport) {
	types := make([]string, 0, len(r.Records))
	for t := range r.Records {
		types = append(types, t)
	}
	sort.Strings(types)
	t := newTable("", "type", ">records")
	for _, name := range types {
		t.add(name, fmt.Sprint(r.Records[name]))
	}
	t.write(s.out)
	for _, p := range r.Packs {
		fmt.Fprintf(s.out, "taxonomy %s %s: %s\n", plain(p.Name), plain(p.Version), packRecords(p))
	}
	fmt.Fprintf(s.out, "store version %d, index version %d\n", r.Version, r.IndexVersion)
	for _, list := range []struct {
		title string
		keys  []string
	}{{"missing from the index", r.Missing}, {"indexed in an older state", r.Stale}, {"indexed and not stored", r.Extra}} {
		if len(list.keys) > 0 {
			fmt.Fprintf(s.out, "%s: %s\n", list.title, strings.Join(list.keys, " "))
		}
	}
	if r.OK() {
		fmt.Fprintln(s.out, "no differences")
	}
}

// packRecords counts a taxonomy's records: "2 skills, 1 occupation".
func packRecords(p market.PackInfo) string {
	var parts []string
	for _, t := range talent.Types {
		if n := p.Records[t]; n > 0 {
			parts = append(parts, counted(n, string(t)))
		}
	}
	if len(parts) == 0 {
		return "no records"
	}
	return strings.Join(parts, ", ")
}
