package main

import (
	"encoding/csv"
	"strconv"

	"talentmatch/market"
	"talentmatch/talent"
)

// linkCmd ranks skills or occupations for free texts.
//
// trec is a standard run as match writes it: "qid Q0 docno rank score talentmatch",
// texts in the order of the file, ranks from 1, scores with 9 decimals and never rising.
// csv has the columns of linkColumns. ndjson has the API's candidates, each with the
// text that it answers as "query".
type linkCmd struct {
	dataFlag
	inputFlags
	To     string `required:"" enum:"skill,occupation" placeholder:"skill|occupation" help:"Rank the store's records of this type."`
	Top    int    `default:"10" help:"Records per text: the best K, or all if fewer, zero scores included."`
	Format string `enum:"trec,ndjson,csv" default:"trec" help:"trec, ndjson or csv."`
	Pack   string `enum:",builtin" default:"" placeholder:"builtin" help:"Let the records of the built-in taxonomy take part; they do anyway when the store has no others."`
}

// linkColumns is the header of link --format csv: score unrounded, ids as they are.
var linkColumns = []string{"query", "id", "rank", "score", "name", "name_en"}

// Help says what texts may be, and shows the way to measure.
func (*linkCmd) Help() string {
	return `Examples:

  talentmatch link --data DIR --to occupation --input titles.tsv --format trec > run.trec
  talentmatch link --data DIR --to skill --input sentences.tsv --top 5 --format csv
  talentmatch eval --run run.trec --qrels qrels.tsv

` + inputHelp + `
A text has at most 1 MiB; an empty one is like nothing: all scores are 0, in the order of ids. csv has
the columns query, id, rank, score, name, name_en.`
}

// Run links the texts.
func (c *linkCmd) Run(s *session) (err error) {
	switch {
	case c.Input == "":
		return usage("missing flags: --input=FILE")
	case c.Top < 1 || c.Top > market.MaxLinks:
		return usage("--top must be 1..%d", market.MaxLinks)
	}
	texts, err := readTexts(c.inputFlags, market.MaxLinkText)
	if err != nil {
		return err
	}
	m, err := c.open(s)
	if err != nil {
		return err
	}
	defer closing(m, &err)
	bar := s.progress("linking", false)
	defer bar.done()
	rows := csv.NewWriter(s.out)
	if c.Format == "csv" {
		if err := rows.Write(linkColumns); err != nil {
			return err
		}
	}
	none := false
	show := func(done, total int) { bar.set(int64(done), int64(total)) }
	r := market.LinkRequest{To: talent.Type(c.To), Pack: c.Pack, Top: c.Top, Texts: texts}
	err = m.Link(s.ctx, r, show, func(a market.LinkAnswer) error {
		none = len(a.Items) == 0
		return c.write(s, rows, a)
	})
	rows.Flush()
	if err == nil {
		err = rows.Error()
	}
	if err == nil && none {
		s.note("the store has no %s to rank", talent.Type(c.To).Plural())
	}
	return err
}

func (c *linkCmd) write(s *session, rows *csv.Writer, a market.LinkAnswer) error {
	for _, it := range a.Items {
		var err error
		switch c.Format {
		case "trec":
			(&matchWriter{s: s}).trec(a.ID, it.ID, it.Rank, it.Score)
		case "csv":
			err = rows.Write([]string{a.ID, it.ID, strconv.Itoa(it.Rank), number(it.Score), cellText(it.Name), cellText(it.NameEN)})
		default:
			err = s.line(struct {
				Query string `json:"query"`
				market.LinkItem
			}{a.ID, it})
		}
		if err != nil {
			return err
		}
	}
	return nil
}
