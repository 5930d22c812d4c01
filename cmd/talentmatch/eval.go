package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"talentmatch/market"
)

// evalCmd measures a run. ndjson has the API's items (with --per-query) and a last
// line {"meta": ...}; csv has the columns of evalColumns, one figure a row. Both carry
// six decimals, the table four.
type evalCmd struct {
	RunFile     string   `name:"run" required:"" placeholder:"FILE" help:"Run to measure: TREC (qid Q0 docno rank score tag), or the NDJSON of match and link."`
	Qrels       string   `required:"" placeholder:"FILE" help:"What is relevant: TREC (qid 0 docno grade), or query, document and grade in columns separated by tabs."`
	Negatives   string   `placeholder:"FILE" help:"Queries without an answer, one id a line or a run over them: adds AUROC."`
	StripPrefix []string `sep:"none" placeholder:"PREFIX" help:"Take this off the ids that begin with it, in every file; repeatable."`
	Intervals   bool     `help:"Add 95 % bootstrap intervals: 1000 samples of the queries."`
	Seed        uint32   `default:"1" help:"Seed of the intervals; the same one gives the same figures."`
	PerQuery    bool     `help:"Add the figures of every query."`
	Format      string   `enum:"table,ndjson,csv" default:"table" help:"table, ndjson or csv."`
}

// Help defines what is measured.
func (*evalCmd) Help() string {
	return `Examples:

  talentmatch match --data DIR --for programs --top 100 --format trec > run.trec
  talentmatch eval --run run.trec --qrels qrels.tsv --strip-prefix cip. --strip-prefix soc.
  talentmatch eval --run run.ndjson --qrels qrels.tsv --negatives none.txt --intervals

Metrics are trec_eval's, averaged over the queries of the qrels that have a relevant
document (grade 1 or more); a query that the run lacks counts 0, queries of the run
without judgements are ignored, both are counted on standard error.

  nDCG@10  gain = grade, discount log2(1+place), ideal from the qrels
  MAP      average precision over the full run
  MRR      1/place of the first relevant document of the full run
  P@1      is the first document relevant?
  R@10     share of the relevant documents within the first 10
  Hit@10   is any of the first 10 relevant?
  RP@5     relevant ones of the first 5 over min(5, all relevant)
  AUROC    chance that the first row of a query with an answer has a higher confidence
           than that of a query without (--negatives); ties count half, a query without
           rows is below all. The confidence is the probability where the run has it,
           otherwise the score.

The rank column decides the order, not the score as in trec_eval; gaps in it mean
nothing. A document or a rank given twice for a query is an error. A run is NDJSON when
it begins with "{" and needs query, id, rank and score; its probabilities add a
reliability table of ten bins, for first rows and for all rows of the queries counted.
Qrels with tabs may have a header: with three columns or more when the third name holds
no digit, with two columns (all grades 1) when both are usual names such as qid, docno.
Columns behind the third are left out. Every file is UTF-8 or GB18030; they are told
apart.`
}

// Run reads the files and prints the figures.
func (c *evalCmd) Run(s *session) error {
	for _, prefix := range c.StripPrefix {
		if prefix == "" {
			return usage("--strip-prefix must not be empty")
		}
	}
	p := newPrefixes(c.StripPrefix)
	run, err := readEvalFile(c.RunFile, func(r io.Reader) (*judgedRun, error) { return readRun(r, p) })
	if err != nil {
		return err
	}
	qrels, err := readEvalFile(c.Qrels, func(r io.Reader) (*qrelsFile, error) { return readQrels(r, p) })
	if err != nil {
		return err
	}
	negatives := &negativesFile{}
	if c.Negatives != "" {
		if negatives, err = readEvalFile(c.Negatives, func(r io.Reader) (*negativesFile, error) { return readNegatives(r, p) }); err != nil {
			return err
		}
	}
	answer, err := market.Evaluate(s.ctx, market.EvaluationInput{Run: run.rows, Qrels: qrels.judgements,
		Negatives: negatives.ids, NegativeRun: negatives.run, Intervals: c.Intervals, Seed: uint64(c.Seed)})
	if err != nil {
		return c.located(err, run, qrels, negatives)
	}
	if err := c.write(s, answer); err != nil {
		return err
	}
	if qrels.header != "" {
		s.note("%s: the first line is read as a header: %s", c.Qrels, plain(qrels.header))
	}
	for i, used := range p.used {
		if !used {
			s.note("--strip-prefix %s: no id begins with it", plain(p.words[i]))
		}
	}
	writeEvalCounts(s, &answer.Meta)
	return nil
}

// located names the file and the line of a bad row, and of the one it contradicts.
func (c *evalCmd) located(err error, run *judgedRun, qrels *qrelsFile, negatives *negativesFile) error {
	files := map[string]struct {
		name  string
		lines []int
	}{
		market.EvaluationRun:       {c.RunFile, run.lines},
		market.EvaluationQrels:     {c.Qrels, qrels.lines},
		market.EvaluationNegatives: {c.Negatives, negatives.lines},
	}
	var bad *market.EvaluationError
	if errors.As(err, &bad) {
		file := files[bad.List]
		said := fmt.Sprintf("%s:%d: %s: %s", file.name, file.lines[bad.Row], bad.Field, plain(bad.Reason))
		if bad.First >= 0 {
			said += fmt.Sprintf(" (first in line %d)", file.lines[bad.First])
		}
		return errors.New(said)
	}
	if list, reason, found := strings.Cut(err.Error(), ": "); found && files[list].name != "" {
		return fmt.Errorf("%s: %s", files[list].name, reason)
	}
	return err
}

// writeEvalCounts says what the means are means of.
func writeEvalCounts(s *session, meta *market.EvaluationMeta) {
	said := fmt.Sprintf("queries: %d", meta.Queries)
	for _, part := range []struct {
		what string
		n    int
	}{
		{"of them not in the run, counting 0", meta.NotInRun},
		{"left out, without a relevant document", meta.NoRelevant},
		{"ignored, in the run without judgements", meta.NotJudged},
	} {
		if part.n > 0 {
			said += fmt.Sprintf("; %s: %d", part.what, part.n)
		}
	}
	s.note("%s", said)
	if a := meta.AUROC; a != nil {
		s.note("AUROC by the first row's %s: queries with an answer: %d (without a row: %d); without an answer: %d (without a row: %d)",
			a.By, a.Positive, a.PositiveEmpty, a.Negative, a.NegativeEmpty)
	}
	if meta.NotInRun == meta.Queries && meta.NotJudged > 0 {
		s.note("the run and the qrels have no query in common; does one side carry a prefix? See --strip-prefix")
	}
}
