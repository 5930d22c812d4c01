package market

import (
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"talentmatch/matcher"
	"talentmatch/matcher/evaluate"
	"talentmatch/talent"
)

// cipSOCUnmatched is the programmes that lead to no occupation, as records.
func cipSOCUnmatched(t testing.TB) (file string, ids []string) {
	var b strings.Builder
	eachLine(t, filepath.Join(evalFolder(t, "cip-soc"), "programmes_no_match.dev.jsonl"), func(line []byte) {
		var p struct{ CIP, Title, Definition, Examples string }
		if err := json.Unmarshal(line, &p); err != nil {
			t.Fatal(err)
		}
		rec, err := talent.Encode(&talent.Program{ID: "cip." + p.CIP, School: "school", Name: p.Title, Text: p.Definition + " " + p.Examples,
			Code: p.CIP, Region: "US", Education: talent.Bachelor, Cohorts: []talent.Cohort{{Year: 2027, Graduates: 100}}})
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(rec, '\n'))
		ids = append(ids, "cip."+p.CIP)
	})
	return writeFile(t, "unmatched.ndjson", b.String()), ids
}

func labelsOf(qrels map[string]map[string]bool) []Label {
	var out []Label
	for q, rel := range qrels {
		for id := range rel {
			out = append(out, Label{Query: q, ID: id, Gain: 1})
		}
	}
	return out
}

// TestCipSOCLearned measures learning from the crosswalk's labels, held out by 4-digit
// group. The floor of issue 3 is 0.66 (lexical
// and nearest labelled programmes).
func TestCipSOCLearned(t *testing.T) {
	file, qrels := cipSOC(t)
	m := openMarket(t)
	importFiles(t, m, file)
	r := LearnRequest{For: "programs", Labels: labelsOf(qrels), Group: "code:4", Folds: 5, Seed: 1, AsOf: "2026-01-01", Weights: matcher.DefaultWeights()}
	report, err := m.Learn(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	h := report.Model.HeldOut
	for _, key := range []string{"ndcg_10", "map", "mrr", "hit_10"} {
		t.Logf("%-8s defaults %.4f, suggested weights %.4f, learned %.4f", key, h.Defaults[key], h.Suggested[key], h.Learned[key])
	}
	for _, f := range report.Model.Features {
		t.Logf("%-12s %8.3f", f.Name, f.Weight)
	}
	for _, b := range h.Reliability {
		t.Logf("%.1f to %.1f: probability %.3f, right %.3f of %d", b.From, b.To, b.Probability, b.Right, b.N)
	}
	if got := h.Learned["ndcg_10"]; got < 0.72 {
		t.Errorf("learned nDCG@10 %.4f, want at least 0.72", got)
	}
}

// TestCipSOCAbstains measures how well probabilities tell programmes that lead somewhere
// from those that do not, without labels and with them.
func TestCipSOCAbstains(t *testing.T) {
	file, qrels := cipSOC(t)
	more, unmatched := cipSOCUnmatched(t)
	m := openMarket(t)
	importFiles(t, m, file, more)
	var positive, negative []*evaluate.Row
	var length [2][]*evaluate.Row
	first := func(id string) *evaluate.Row {
		a, err := m.Match(context.Background(), MatchRequest{ProgramID: id, Top: 10, Weights: matcher.DefaultWeights()})
		if err != nil {
			t.Fatal(err)
		}
		return &evaluate.Row{Query: id, ID: a.Items[0].ID, Rank: 1, Score: a.Items[0].Score, Probability: a.Items[0].Probability}
	}
	words := func(id string) *evaluate.Row {
		p, _ := m.current.Load().snap.Program(id)
		n := float64(len(p.Text[matcher.BodySpace])) / 1000
		return &evaluate.Row{Query: id, Rank: 1, Probability: &n}
	}
	for id := range qrels {
		positive, length[0] = append(positive, first(id)), append(length[0], words(id))
	}
	for _, id := range unmatched {
		negative, length[1] = append(negative, first(id)), append(length[1], words(id))
	}
	got, err := evaluate.Separate(positive, negative)
	if err != nil {
		t.Fatal(err)
	}
	alone, _ := evaluate.Separate(length[0], length[1])
	t.Logf("AUROC of the first match's probability %.4f, of the number of words %.4f", got.AUROC, alone.AUROC)
	if got.AUROC < 0.87 {
		t.Errorf("AUROC without labels %.4f, want at least 0.87", got.AUROC)
	}

	report, err := m.Learn(context.Background(), LearnRequest{For: "programs", Labels: labelsOf(qrels), Unmatched: unmatched, Group: "code:4", Folds: 5, Seed: 1, AsOf: "2026-01-01", Weights: matcher.DefaultWeights()})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("learned, held out: AUROC %.4f, log loss %.4f", *report.Model.HeldOut.AUROC, report.Model.HeldOut.LogLoss)
	if got := *report.Model.HeldOut.AUROC; got < 0.87 {
		t.Errorf("AUROC with labels, held out, %.4f, want at least 0.87", got)
	}
}
