package main

import (
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"

	"talentmatch/market"
	"talentmatch/talent"
	"talentmatch/talent/interchange"
)

// importCmd imports files and folders, or explains the files' columns.
type importCmd struct {
	Data       string   `env:"TALENTMATCH_DATA" placeholder:"DIR" help:"Data folder, made if there is none (${env})."`
	DryRun     bool     `help:"Change nothing; report every error and what would be added, changed and left alone."`
	SkipBad    bool     `help:"Import the good records of files that also hold bad ones."`
	Type       string   `placeholder:"TYPE" help:"Record type, where a file does not say."`
	Encoding   string   `enum:",utf-8,gb18030" default:"" placeholder:"ENC" help:"utf-8 or gb18030, where telling them apart goes wrong."`
	Format     string   `enum:"text,ndjson" default:"text" help:"Report as text on standard error, or as one line of JSON on standard output."`
	NoBuiltin  bool     `help:"Do not load the built-in taxonomy into a new store."`
	HelpFields bool     `help:"Explain the columns of CSV and XLSX files and exit."`
	Files      []string `arg:"" optional:"" name:"file" help:".ndjson, .csv, .tsv or .xlsx; or a folder with a taxonomy."`
}

// Help says what folders are taken and what becomes of their records.
func (*importCmd) Help() string {
	return `A folder with a taxonomy is taken as its publisher delivers it: ESCO's CSV files, O*NET's text database, a crosswalk
between the two, or our own .ndjson files of skills, occupations and crosswalks. pack.json in the folder may say name,
version, source and licence. Several taxonomies live side by side under their names. A newer version of one changes what
it brought before; records that it no longer has are listed and stay; records that users have written over are kept and
counted; a record that would change another taxonomy's is an error.`
}

// shownErrors bounds the errors printed as text.
const shownErrors = 50

// shownUnresolved bounds the unresolved skill names printed as text.
const shownUnresolved = 10

// Run imports the files and reports.
func (c *importCmd) Run(s *session) (err error) {
	want, err := recordType(c.Type)
	if err != nil {
		return err
	}
	if c.HelpFields {
		_, err := io.WriteString(s.out, interchange.Help(want))
		return err
	}
	if len(c.Files) == 0 {
		return usage("expected \"<file> ...\"")
	}
	m, err := c.open(s)
	if err != nil {
		return err
	}
	defer closing(m, &err)
	if !c.DryRun { // locks out a running server, which would not notice what is written
		if err := m.OpenIndex(s.ctx); err != nil {
			if locked(err) {
				return fmt.Errorf("import: %w (stop the server to import files, or send NDJSON to POST /v1/bulk, which stores line by line)", err)
			}
			return fmt.Errorf("import: %w", err)
		}
	}
	bar := s.progress("importing", true)
	report, err := m.Import(s.ctx, c.Files, market.ImportOptions{
		DryRun: c.DryRun, SkipBad: c.SkipBad, Type: want, Encoding: c.Encoding, Progress: bar.set,
	})
	bar.done()
	if report == nil {
		return err
	}
	if c.Format == "ndjson" {
		if err := s.line(report); err != nil {
			return err
		}
	} else {
		writeImportReport(s, report)
	}
	if err != nil && report.Errored > 0 && errors.Is(err, talent.ErrInvalid) {
		s.note("talentmatch: nothing was imported: %s (--skip-bad imports the rest)", counted(report.Errored, "error"))
		return quietError{err}
	}
	return err
}

// open opens the store to import into. A dry run into a folder that does not exist
// leaves it so: it is tried on a temporary store.
func (c *importCmd) open(s *session) (*market.Market, error) {
	data := dataFlag{c.Data}
	exists, err := data.exists()
	if err != nil {
		return nil, err
	}
	o := market.Options{Dir: c.Data, NoBuiltin: c.NoBuiltin}
	if c.DryRun && !exists {
		o.Dir = ""
	}
	return openMarket(s, o)
}

// recordType checks a --type; "" is any.
func recordType(name string) (talent.Type, error) {
	if name == "" {
		return "", nil
	}
	for _, t := range talent.Types {
		if string(t) == name || t.Plural() == name {
			return t, nil
		}
	}
	return "", usage("--type: there is no record type %q (there are %s)", name, typeNames())
}

func typeNames() string {
	names := ""
	for i, t := range talent.Types {
		if i > 0 {
			names += ", "
		}
		names += string(t)
	}
	return names
}

// writeImportReport says on standard error what an import did.
func writeImportReport(s *session, r *market.ImportReport) {
	said := map[string]bool{}
	for _, n := range r.Notes {
		if !said[n] { // every file of a kind says the same
			s.note("note: %s", plain(n))
		}
		said[n] = true
	}
	for _, w := range r.Warnings {
		s.note("warning: %s", plain(w))
	}
	for i, e := range r.Errors {
		if i == shownErrors {
			break
		}
		s.note("%s", plain(importError(e)))
	}
	if r.Errored > shownErrors {
		s.note("and %s", counted(r.Errored-shownErrors, "more error"))
	}
	if r.Committed || r.DryRun {
		writeTallies(s, r)
		writePacks(s, r.Packs)
	}
	if r.Skipped > 0 && r.Committed {
		s.note("skipped %s", counted(r.Skipped, "bad record"))
	}
	writeUnresolved(s, r.Unresolved)
}

// counted is a number of things: "1 error", "2 errors".
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// writeTallies says how many records of each type an import changed, or would.
func writeTallies(s *session, r *market.ImportReport) {
	verb := "imported"
	if r.DryRun {
		verb = "dry run:"
	}
	for _, t := range talent.Types {
		n, ok := r.Types[t]
		if !ok {
			continue
		}
		own := ""
		if n.Kept > 0 {
			own = fmt.Sprintf(", %d kept as users have them", n.Kept)
		}
		s.note("%s %s: %d added, %d changed, %d unchanged%s", verb, t.Plural(), n.Added, n.Changed, n.Unchanged, own)
	}
}

// shownLacking bounds the ids printed of records that a new version lacks.
const shownLacking = 10

// writePacks says which versions of taxonomies came, and what they lack.
func writePacks(s *session, packs []market.PackReport) {
	for _, p := range packs {
		line := "taxonomy " + plain(p.Name) + ": version " + plain(p.Version)
		if p.Before != "" && p.Before != p.Version {
			line += ", before " + plain(p.Before)
		}
		if p.Licence != "" {
			line += "; licence: " + plain(p.Licence)
		}
		s.note("%s", line)
		if p.Lacking == 0 {
			continue
		}
		ids, more := p.LackingIDs, ""
		if len(ids) > shownLacking {
			ids = ids[:shownLacking]
		}
		if p.Lacking > len(ids) {
			more = fmt.Sprintf(" and %d more", p.Lacking-len(ids))
		}
		s.note("  %s not in this version and left in the store: %s%s", counted(p.Lacking, "record"), strings.Join(ids, " "), more)
	}
}

// importError is one error in one line: file[sheet]:line: column X: field: message
// (got "v").
func importError(e market.ImportError) string {
	where := e.File
	if e.Sheet != "" {
		where += "[" + e.Sheet + "]"
	}
	if e.Line > 0 {
		where += fmt.Sprintf(":%d", e.Line)
	}
	if e.Column != "" {
		where += ": column " + e.Column
	}
	if e.Field != "" {
		where += ": " + e.Field
	}
	where += ": " + e.Message
	if e.Value != "" {
		where += fmt.Sprintf(" (got %q)", e.Value)
	}
	return where
}

// writeUnresolved lists the skill names that no taxonomy knows, most frequent first.
func writeUnresolved(s *session, counts map[string]int) {
	if len(counts) == 0 {
		return
	}
	names := make([]string, 0, len(counts))
	for name := range counts {
		names = append(names, name)
	}
	sort.Slice(names, func(i, j int) bool {
		if counts[names[i]] != counts[names[j]] {
			return counts[names[i]] > counts[names[j]]
		}
		return names[i] < names[j]
	})
	s.note("%s that no taxonomy knows (kept as written, searchable):", counted(len(names), "skill name"))
	for i, name := range names {
		if i == shownUnresolved {
			s.note("  and %d more", len(names)-i)
			break
		}
		s.note("  %s  %d", plain(name), counts[name])
	}
}
