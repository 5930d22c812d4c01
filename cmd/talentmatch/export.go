package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"talentmatch/market"
	"talentmatch/talent"
	"talentmatch/talent/interchange"
)

// exportCmd writes the records of one type, or of all as NDJSON, so that importing
// what it wrote changes nothing. Built-in regions are not written, imported ones are.
type exportCmd struct {
	dataFlag
	Type   string `required:"" placeholder:"TYPE" help:"Record type, or all (NDJSON only; what is referred to comes first)."`
	Format string `enum:",ndjson,csv,xlsx" default:"" placeholder:"FORMAT" help:"ndjson, csv or xlsx; by default what the ending of --output says, else ndjson."`
	Lang   string `enum:"en,zh" default:"en" help:"Language of the column headers, en or zh."`
	Output string `short:"o" placeholder:"FILE" help:"Write to a file, which appears when it is complete."`
	Force  bool   `help:"Overwrite the file if it exists."`
}

// endings are the formats that file names promise; tsv and xls are not written.
var endings = map[string]string{
	".ndjson": "ndjson", ".jsonl": "ndjson", ".csv": "csv", ".xlsx": "xlsx", ".tsv": "tsv", ".xls": "xls",
}

// Run writes the records and says how many.
func (c *exportCmd) Run(s *session) (err error) {
	if err := c.settleFormat(); err != nil {
		return err
	}
	types := talent.Types
	if c.Type != "all" {
		t, err := recordType(c.Type)
		if err != nil {
			return err
		}
		types = []talent.Type{t}
	} else if c.Format != "ndjson" {
		return usage("--type all needs --format ndjson: a table holds one type")
	}
	if err := c.spare(); err != nil {
		return err
	}
	m, err := c.open(s)
	if err != nil {
		return err
	}
	defer closing(m, &err)
	n := 0
	write := func(w io.Writer) error {
		n, err = c.export(s, m, w, types)
		return err
	}
	if c.Output == "" {
		err = write(s.out)
	} else {
		err = writeFile(c.Output, write)
	}
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	s.note("%d records", n)
	return nil
}

// settleFormat takes the format from the file's name where the command line does
// not say it, and refuses a name that promises another one.
func (c *exportCmd) settleFormat() error {
	promised := endings[strings.ToLower(filepath.Ext(c.Output))]
	switch {
	case promised == "" && c.Format == "":
		c.Format = "ndjson"
	case promised == "" || promised == c.Format:
	case c.Format != "":
		return usage("--format %s contradicts the ending of --output %s", c.Format, c.Output)
	case promised == "tsv" || promised == "xls":
		return usage("--output %s: %s is not written: use .ndjson, .csv or .xlsx", c.Output, promised)
	default:
		c.Format = promised
	}
	return nil
}

// spare refuses to overwrite a file that nobody gave up. Pipes and devices are
// there to be written to.
func (c *exportCmd) spare() error {
	if c.Output == "" || c.Force {
		return nil
	}
	if info, err := os.Stat(c.Output); err == nil && info.Mode().IsRegular() {
		return fmt.Errorf("export: %s exists (--force overwrites it)", c.Output)
	}
	return nil
}

// export writes the types one after the other.
func (c *exportCmd) export(s *session, m *market.Market, w io.Writer, types []talent.Type) (int, error) {
	only := talent.Type("")
	if len(types) == 1 {
		only = types[0]
	}
	out, err := interchange.NewWriter(w, c.Format, only, c.Lang)
	if err != nil {
		return 0, err
	}
	total := 0
	for _, t := range types {
		n, err := m.Export(s.ctx, out, t)
		if err != nil {
			return total, fmt.Errorf("%s: %w", t.Plural(), err)
		}
		total += n
	}
	return total, out.Close()
}

// writeFile writes a file beside its place and moves it there when it is complete,
// so that a failure leaves what was there. What is no regular file (a pipe, a
// device) is written directly.
func writeFile(path string, write func(io.Writer) error) (err error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return fill(f, write)
	}
	f, err := os.Create(path + ".partial")
	if err != nil {
		return err
	}
	if err = fill(f, write); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// fill writes through a buffer and closes the file.
func fill(f *os.File, write func(io.Writer) error) error {
	w := bufio.NewWriterSize(f, 1<<16)
	err := write(w)
	if err == nil {
		err = w.Flush()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}
