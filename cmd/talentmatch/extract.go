package main

import (
	"encoding/csv"
	"fmt"
	"strconv"

	"talentmatch/market"
)

// extractCmd finds skills in texts. csv has the columns of extractColumns, one find a
// row; ndjson has the API's items, each with the id of its text.
type extractCmd struct {
	dataFlag
	inputFlags
	Format  string   `enum:"table,ndjson,csv" default:"table" help:"table, ndjson or csv."`
	Latent  bool     `help:"Add skills that a sentence means without naming one; about half of them are right."`
	Removed bool     `help:"Add what is named but not asked for, marked as removed."`
	Texts   []string `arg:"" optional:"" name:"text" help:"Texts, in place of --input; their ids are 1, 2 and so on."`
}

// extractColumns is the header of extract --format csv. start and end are bytes of the
// UTF-8 text; level and required (true, or false for preferred) are empty where the
// text does not say; removed is true or empty.
var extractColumns = []string{"id", "start", "end", "text", "skill", "name", "level", "required", "how", "confidence", "removed"}

// Help says what is found and how it is written.
func (*extractCmd) Help() string {
	return `Examples:

  talentmatch extract --data DIR "任职要求：精通PLC编程，熟悉EPLAN者优先，不要求会机器人。"
  talentmatch extract --data DIR --input ads.tsv --latent --format ndjson

A row is one find: id of the text, start and end in bytes of the UTF-8 text, the words there, the skill, level (1 aware
.. 5 expert) and required (true, or false for preferred) as far as the text says, how (label, alias, inflected, near for
misspelt, latent) and confidence. A latent find is a whole sentence that names no skill; a skill that the text names is
never latent. csv has the columns id, start, end, text, skill, name, level, required, how, confidence,
removed; ndjson also counts in characters (start_char, end_char).

` + inputHelp
}

// Run finds the skills.
func (c *extractCmd) Run(s *session) (err error) {
	texts, err := c.texts()
	if err != nil {
		return err
	}
	m, err := c.open(s)
	if err != nil {
		return err
	}
	defer closing(m, &err)
	bar := s.progress("extracting", false)
	defer bar.done()
	w := extractWriter{s: s, csv: csv.NewWriter(s.out), table: newTable("", "id", ">start", ">end", "text", "skill", "name", ">level", "required", "how", ">confidence")}
	if c.Format == "csv" {
		if err := w.csv.Write(extractColumns); err != nil {
			return err
		}
	}
	if c.Removed {
		w.table = newTable("", "id", ">start", ">end", "text", "skill", "name", ">level", "required", "how", ">confidence", "removed")
	}
	show := func(done, total int) { bar.set(int64(done), int64(total)) }
	r := market.ExtractRequest{Texts: texts, Latent: c.Latent, Removed: c.Removed}
	err = m.Extract(s.ctx, r, show, func(a market.ExtractAnswer) error {
		for i := range a.Items {
			if err := w.item(c.Format, a.ID, &a.Items[i], c.Removed); err != nil {
				return err
			}
		}
		return nil
	})
	w.csv.Flush()
	if err == nil {
		err = w.csv.Error()
	}
	if err == nil && c.Format == "table" {
		w.table.write(s.out)
	}
	return err
}

// texts are those of the command line or of the input.
func (c *extractCmd) texts() ([]market.LinkText, error) {
	switch {
	case len(c.Texts) > 0 && c.Input != "":
		return nil, usage("--input and texts can't be used together")
	case c.Input != "":
		return readTexts(c.inputFlags, 0)
	case len(c.Texts) == 0:
		return nil, usage("expected --input=FILE or \"<text> ...\"")
	}
	out := make([]market.LinkText, len(c.Texts)) // kong has put U+FFFD for bytes that are no UTF-8
	for i, t := range c.Texts {
		out[i] = market.LinkText{ID: strconv.Itoa(i + 1), Text: t}
	}
	return out, nil
}

// extractWriter renders finds.
type extractWriter struct {
	s     *session
	csv   *csv.Writer
	table *table
}

func (w *extractWriter) item(format, id string, it *market.ExtractItem, removed bool) error {
	if format == "ndjson" {
		return w.s.line(struct {
			ID string `json:"id"`
			*market.ExtractItem
		}{id, it})
	}
	level, required, gone := "", "", ""
	if it.Level > 0 {
		level = strconv.Itoa(it.Level)
	}
	if it.Required != nil {
		required = strconv.FormatBool(*it.Required)
	}
	if it.Removed {
		gone = "true"
	}
	start, end := strconv.Itoa(it.Start), strconv.Itoa(it.End)
	if format == "csv" {
		return w.csv.Write([]string{id, start, end, cellText(it.Text), it.Skill, cellText(it.Name), level, required, it.How, number(it.Confidence), gone})
	}
	row := []string{cut(id, 24), start, end, cut(plain(it.Text), 40), it.Skill, it.Name, level, required, it.How, fmt.Sprintf("%.2f", it.Confidence)}
	if removed {
		row = append(row, gone)
	}
	w.table.add(row...)
	return nil
}
