package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strconv"

	"talentmatch/market"
	"talentmatch/matcher"
)

// labelFlags say where labels come from; without a file the store's outcomes are.
type labelFlags struct {
	Qrels       string `placeholder:"FILE" help:"Labels instead of the store's outcomes: TREC (qid 0 docno grade), or query, document and grade in columns separated by tabs."`
	QueryPrefix string `placeholder:"P" help:"Put this before the query ids of the files, where the store's begin with it."`
	DocPrefix   string `placeholder:"P" help:"Put this before the document ids."`
}

// labels reads the file; nil without one.
func (f *labelFlags) labels() ([]market.Label, error) {
	if f.Qrels == "" {
		return nil, nil
	}
	file, err := readEvalFile(f.Qrels, func(r io.Reader) (*qrelsFile, error) { return readQrels(r, newPrefixes(nil)) })
	if err != nil {
		return nil, err
	}
	labels := make([]market.Label, len(file.judgements))
	for i, j := range file.judgements {
		labels[i] = market.Label{Query: f.QueryPrefix + j.Query, ID: f.DocPrefix + j.ID, Gain: max(0, float64(j.Grade))}
	}
	return labels, nil
}

// learnCmd fits a model.
type learnCmd struct {
	dataFlag
	labelFlags
	For       string `enum:"programs,demands" default:"programs" help:"Which side asks: programs (demands are ranked for them) or demands."`
	Unmatched string `placeholder:"FILE" help:"Queries that are known to have no match, one id a line."`
	Group     string `placeholder:"FIELD" help:"Hold records out together that share this: code:N (the first N letters and digits of a program's code), school, employer, occupation or industry. Default: each query by itself."`
	Folds     int    `default:"5" help:"Folds of the cross-validation, 2 to 20."`
	Seed      uint32 `default:"1" help:"Seed of the folds; the same one gives the same model."`
	AsOf      string `required:"" placeholder:"DATE" help:"Date of the model, YYYY-MM-DD. Nothing is computed from it."`
	Out       string `placeholder:"FILE" help:"Write the model here. match --learned looks for model.json in the data folder."`
	Format    string `enum:"table,ndjson" default:"table" help:"table, or ndjson (the model in one line)."`
}

// Help says what is learned and when it is used.
func (*learnCmd) Help() string {
	return `Examples:

  talentmatch learn --data DIR --for demands --as-of 2026-07-01 --out DIR/model.json
  talentmatch learn --data DIR --qrels qrels.tsv --query-prefix cip. --doc-prefix soc. --group code:4 --as-of 2026-07-01
  talentmatch match --data DIR --for demands --learned

The labels are the store's outcomes (a hire counts ln(1+hired), times rating/3) or a
file. The model weighs the parts of the score, the likeness of names and of everything
written, and what is known of other queries: what suited the nearest 20 of them, and
those of the same field (the first two letters or digits of a program's code; a demand's
occupation or industry). It is measured on groups that the fit has not seen, with the
defaults beside it, and is applicable only if its nDCG@10 there is better by more than
the standard error. Nothing uses a model unless match is told to (--learned, --model).`
}

// Run fits, writes the model and prints what it is worth.
func (c *learnCmd) Run(s *session) (err error) {
	if c.Folds < 2 || c.Folds > 20 {
		return usage("--folds must be 2..20")
	}
	r := market.LearnRequest{For: c.For, Group: c.Group, Folds: c.Folds, Seed: uint64(c.Seed), AsOf: c.AsOf, Weights: matcher.DefaultWeights()}
	if r.Labels, err = c.labels(); err != nil {
		return err
	}
	if c.Unmatched != "" {
		none, err := readEvalFile(c.Unmatched, func(r io.Reader) (*negativesFile, error) { return readNegatives(r, newPrefixes(nil)) })
		if err != nil {
			return err
		}
		if none.run != nil {
			return fmt.Errorf("%s: must have one id a line", c.Unmatched)
		}
		for _, id := range none.ids {
			r.Unmatched = append(r.Unmatched, c.QueryPrefix+id)
		}
	}
	m, err := c.open(s)
	if err != nil {
		return err
	}
	defer closing(m, &err)
	bar := s.progress("learning", false)
	r.Progress = func(done, total int) { bar.set(int64(done), int64(total)) }
	report, err := m.Learn(s.ctx, r)
	bar.done()
	if err != nil {
		return asked(err)
	}
	if report.Unknown > 0 {
		s.note("%d labels name records that the store does not have", report.Unknown)
	}
	if report.LeftOut > 0 {
		s.note("%d labelled queries were left out: at most %d are learned from", report.LeftOut, market.MaxLearned)
	}
	if c.Out != "" {
		if err := writeModel(c.Out, report.Model); err != nil {
			return err
		}
	}
	if c.Format == "ndjson" {
		return s.line(report.Model)
	}
	writeModelTable(s, report.Model)
	return nil
}

// writeModel puts a model in its place at once, so that no reader sees half of one.
func writeModel(path string, model *market.Model) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), ".model-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	if err := errors.Join(model.Encode(file), file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Chmod(file.Name(), 0o644); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

// heldOutMetrics are the figures of the table, in its order.
var heldOutMetrics = []struct{ key, label string }{
	{"ndcg_10", "nDCG@10"}, {"map", "MAP"}, {"mrr", "MRR"}, {"p_1", "P@1"}, {"r_10", "R@10"}, {"hit_10", "Hit@10"},
}

// writeModelTable prints weights, held-out figures and reliability.
func writeModelTable(s *session, m *market.Model) {
	fmt.Fprintf(s.out, "model for %s, as of %s: %d matches of %d queries, %d queries without a match\n", m.For, m.AsOf, m.Pairs, m.Queries, m.Unmatched)
	fmt.Fprintf(s.out, "held out by %s in %d folds, seed %d; lambda %s\n\n", plain(m.Group), m.Folds, m.Seed, number(m.Lambda))

	t := newTable("  ", "held out", ">defaults", ">suggested", ">learned")
	for _, metric := range heldOutMetrics {
		t.add(metric.label, fixed(m.HeldOut.Defaults[metric.key]), fixed(m.HeldOut.Suggested[metric.key]), fixed(m.HeldOut.Learned[metric.key]))
	}
	t.write(s.out)

	fmt.Fprintln(s.out)
	t = newTable("  ", "weight", ">asked", ">suggested")
	for _, part := range parts {
		t.add(part, number(m.Asked[part]), fixed(m.Suggested[part]))
	}
	t.write(s.out)

	fmt.Fprintln(s.out)
	t = newTable("  ", "learned from", ">weight", ">mean", ">scale")
	features := append([]market.ModelTerm(nil), m.Features...)
	sort.SliceStable(features, func(i, j int) bool { return features[i].Weight > features[j].Weight })
	for _, f := range features {
		if f.Scale > 0 { // the others are the same everywhere
			t.add(f.Name, fixed(f.Weight), fixed(f.Mean), fixed(f.Scale))
		}
	}
	t.write(s.out)

	fmt.Fprintln(s.out)
	t = newTable("  ", "probability", ">mean", ">right", ">matches")
	for _, b := range m.HeldOut.Reliability {
		if b.N > 0 {
			t.add(fmt.Sprintf("%.1f to %.1f", b.From, b.To), fixed(b.Probability), fixed(b.Right), strconv.Itoa(b.N))
		}
	}
	t.write(s.out)
	if m.HeldOut.AUROC != nil {
		fmt.Fprintf(s.out, "  AUROC of the first match's probability: %s\n", fixed(*m.HeldOut.AUROC))
	}

	verdict := "applicable: match --learned (or --model FILE) uses it"
	if !m.Applicable {
		verdict = "NOT applicable: it does not beat the defaults on what it has not seen"
	}
	fmt.Fprintf(s.out, "\nnDCG@10 %+.4f over the defaults (standard error %.4f)\n%s\n", m.HeldOut.Gain, m.HeldOut.StandardError, verdict)
}

func fixed(v float64) string { return fmt.Sprintf("%.4f", v) }

// modelFlags say which model ranks; without them none does.
type modelFlags struct {
	Learned bool   `xor:"model" help:"Rank by the model in the data folder (model.json, see learn) instead of the weights."`
	Model   string `xor:"model" placeholder:"FILE" help:"Rank by the model in this file instead of the weights."`
	labelFlags
}

// load prepares the model; nil when none was asked for.
func (f *modelFlags) load(s *session, m *market.Market) (*market.Learned, error) {
	path := f.Model
	if f.Learned {
		path = filepath.Join(m.Dir(), market.ModelFile)
	}
	if path == "" {
		return nil, nil
	}
	labels, err := f.labels()
	if err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close() // only read
	model, err := market.ReadModel(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if labels == nil && model.Labels == "qrels" {
		s.note("the model was learned from a file of labels: without --qrels its evidence comes from the store's outcomes")
	}
	return m.Learned(s.ctx, model, labels)
}

// check refuses labels without a model.
func (f *modelFlags) check() error {
	if !f.Learned && f.Model == "" && f.labelFlags != (labelFlags{}) {
		return usage("--qrels, --query-prefix and --doc-prefix go with --learned or --model")
	}
	return nil
}
