package market

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"talentmatch/matcher/evaluate"
	"talentmatch/talent"
	"talentmatch/testdata"
)

// TestChineseQuality measures on the labelled set of testdata how well skills are found
// in job-ad sentences, and occupations for programs, in a golden file: the numbers move
// in the diff when extraction or ranking changes (UPDATE=1 writes it anew). What was
// tuned was tuned on the dev halves.
func TestChineseQuality(t *testing.T) {
	m := openMarket(t)
	var b strings.Builder
	b.WriteString("Quality on testdata/labelled (TestChineseQuality in market; UPDATE=1 rewrites this file)\n")
	least := map[string]float64{}
	b.WriteString("\nskills in sentences\n")
	for _, split := range []string{testdata.Dev, testdata.Test} {
		q := measureSentences(t, m, split)
		fmt.Fprintf(&b, "  %-4s %d sentences\n%s", split, q.sentences, q)
		least["named F1 "+split], least["latent precision "+split] = q.named.f1(), q.latent.precision()
		least["latent recall "+split], least["all F1 with latent "+split] = q.latent.recall(), q.with.f1()
		if q.with.f1() <= q.without.f1() {
			t.Errorf("%s: latent skills make all skills worse: F1 %.3f, %.3f without", split, q.with.f1(), q.without.f1())
		}
	}
	b.WriteString("\noccupations for programs (name, text and names of courses; built-in occupations)\n")
	for _, split := range []string{testdata.Dev, testdata.Test} {
		ndcg, ap, p1, n := measurePrograms(t, m, split)
		fmt.Fprintf(&b, "  %-4s %d programs  nDCG@10 %.4f  MAP %.4f  P@1 (grade 2) %.4f\n", split, n, ndcg, ap, p1)
		least["nDCG@10 "+split] = ndcg
	}
	t.Logf("\n%s", b.String())
	for what, bound := range map[string]float64{
		"named F1 dev": .93, "named F1 test": .88,
		"latent precision dev": .5, "latent recall dev": .21, "latent precision test": .5, "latent recall test": .2,
		"all F1 with latent dev": .87, "all F1 with latent test": .83,
		"nDCG@10 dev": .79, "nDCG@10 test": .78,
	} {
		if least[what] < bound {
			t.Errorf("%s is %.3f, at least %.2f wanted", what, least[what], bound)
		}
	}
	golden(t, "chinese-quality.txt", b.String())
}

// counts are skills found and labelled.
type counts struct{ hit, wrong, missed int }

func (c counts) precision() float64 { return ratio(c.hit, c.hit+c.wrong) }
func (c counts) recall() float64    { return ratio(c.hit, c.hit+c.missed) }
func (c counts) f1() float64        { return ratio(2*c.hit, 2*c.hit+c.wrong+c.missed) }

func (c counts) String() string {
	return fmt.Sprintf("precision %.3f  recall %.3f  F1 %.3f  (%d right, %d wrong, %d missed)", c.precision(), c.recall(), c.f1(), c.hit, c.wrong, c.missed)
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// sentenceQuality compares finds with labels. Per sentence each skill counts once.
type sentenceQuality struct {
	sentences       int
	named           counts // skills that are named; one that is only meant is neither right nor wrong
	level, required int    // of named.hit: said as labelled
	latent          counts // skills that are only meant, against latent finds; a named one is neither
	confidence      float64
	without, with   counts // all labelled skills, without and with latent finds
}

func (q *sentenceQuality) String() string {
	rows := []struct{ what, says string }{
		{"named", q.named.String()},
		{"level", fmt.Sprintf("right %.3f  required right %.3f  of those found", ratio(q.level, q.named.hit), ratio(q.required, q.named.hit))},
		{"latent", q.latent.String()},
		{"", fmt.Sprintf("mean confidence %.3f", q.confidence/float64(max(1, q.latent.hit+q.latent.wrong)))},
		{"all, without latent", q.without.String()},
		{"all, with latent", q.with.String()},
	}
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "    %-20s %s\n", r.what, r.says)
	}
	return b.String()
}

func measureSentences(t *testing.T, m *Market, split string) *sentenceQuality {
	all, err := testdata.Sentences()
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string]*testdata.Sentence{}
	r := ExtractRequest{Latent: true}
	for i := range all {
		if s := &all[i]; s.Split == split {
			byID[s.ID] = s
			r.Texts = append(r.Texts, LinkText{s.ID, s.Text})
		}
	}
	q := &sentenceQuality{}
	if err := m.Extract(context.Background(), r, nil, func(a ExtractAnswer) error {
		q.add(byID[a.ID], a.Items)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return q
}

func (q *sentenceQuality) add(s *testdata.Sentence, items []ExtractItem) {
	q.sentences++
	labels, used := map[string]*testdata.Mention{}, map[string]bool{}
	for i := range s.Skills {
		labels[s.Skills[i].Skill] = &s.Skills[i]
	}
	for i := range items {
		it := &items[i]
		if used[it.Skill] {
			continue
		}
		used[it.Skill] = true
		label := labels[it.Skill]
		latent := it.How == ByLatent
		to := []*counts{&q.with}
		if !latent {
			to = append(to, &q.without)
		}
		switch {
		case latent && (label == nil || label.Text == ""):
			to = append(to, &q.latent)
			q.confidence += it.Confidence
		case !latent && (label == nil || label.Text != ""):
			to = append(to, &q.named)
			if label != nil && it.Level == label.Level {
				q.level++
			}
			if label != nil && (it.Required == nil) == (label.Required == nil) && (it.Required == nil || *it.Required == *label.Required) {
				q.required++
			}
		}
		for _, c := range to {
			if label == nil {
				c.wrong++
			} else {
				c.hit++
			}
		}
	}
	found := func(skill string, latent bool) bool {
		for _, it := range items {
			if it.Skill == skill && (latent || it.How != ByLatent) {
				return true
			}
		}
		return false
	}
	for _, label := range s.Skills {
		named, any := found(label.Skill, false), found(label.Skill, true)
		if !named {
			q.without.missed++
		}
		if !any {
			q.with.missed++
		}
		switch {
		case label.Text != "" && !named:
			q.named.missed++
		case label.Text == "" && !any:
			q.latent.missed++
		}
	}
}

// measurePrograms ranks the built-in occupations for the judged programs of a split.
func measurePrograms(t *testing.T, m *Market, split string) (ndcg, ap, p1 float64, n int) {
	judgements, err := testdata.Judgements()
	if err != nil {
		t.Fatal(err)
	}
	texts := programTexts(t)
	r := LinkRequest{To: talent.TypeOccupation, Pack: builtinPack, Top: MaxLinks}
	var graded, best []evaluate.Judgement
	seen := map[string]bool{}
	for _, j := range judgements {
		if j.Split != split {
			continue
		}
		if !seen[j.Program] {
			seen[j.Program] = true
			r.Texts = append(r.Texts, LinkText{j.Program, texts[j.Program]})
		}
		graded = append(graded, evaluate.Judgement{Query: j.Program, ID: j.Occupation, Grade: j.Grade})
		if j.Grade == 2 {
			best = append(best, evaluate.Judgement{Query: j.Program, ID: j.Occupation, Grade: 1})
		}
	}
	var rows []evaluate.Row
	if err := m.Link(context.Background(), r, nil, func(a LinkAnswer) error {
		for _, it := range a.Items {
			rows = append(rows, evaluate.Row{Query: a.ID, ID: it.ID, Rank: it.Rank, Score: it.Score})
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	run, err := evaluate.NewRun(rows)
	if err != nil {
		t.Fatal(err)
	}
	mean := func(judgements []evaluate.Judgement) *evaluate.Result {
		qrels, err := evaluate.NewQrels(judgements)
		if err != nil {
			t.Fatal(err)
		}
		return evaluate.Evaluate(run, qrels)
	}
	all := mean(graded)
	return all.Mean[evaluate.NDCG10], all.Mean[evaluate.MAP], mean(best).Mean[evaluate.P1], len(all.Queries)
}

// programTexts are the programs of the scenarios as texts.
func programTexts(t *testing.T) map[string]string {
	out := map[string]string{}
	for _, info := range testdata.Scenarios {
		files, err := testdata.Scenario(info.Letter)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			for line := range strings.Lines(string(f.Data)) {
				rec, err := talent.Decode([]byte(line), "")
				if err != nil {
					t.Fatal(err)
				}
				if p, ok := rec.(*talent.Program); ok {
					parts := []string{p.Name, p.Text}
					for _, c := range p.Courses {
						parts = append(parts, c.Name)
					}
					out[p.ID] = strings.Join(parts, "。")
				}
			}
		}
	}
	return out
}
