package main

import (
	"bufio"
	"fmt"
	"io"
	"os"

	"talentmatch/market"
	"talentmatch/talent"
	"talentmatch/talent/interchange"
)

// exportCmd writes the records of one type, or of all as NDJSON, so that importing
// what it wrote changes nothing. Built-in regions are not written, imported ones are.
type exportCmd struct {
	dataFlag
	Type   string `required:"" placeholder:"TYPE" help:"Record type, or all (NDJSON only; what is referred to comes first)."`
	Format string `enum:"ndjson,csv,xlsx" default:"ndjson" help:"ndjson, csv or xlsx."`
	Lang   string `enum:"en,zh" default:"en" help:"Language of the column headers, en or zh."`
	Output string `short:"o" placeholder:"FILE" help:"Write to a file, which appears when it is complete."`
}

// Run writes the records and says how many.
func (c *exportCmd) Run(s *session) (err error) {
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
