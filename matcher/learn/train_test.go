package learn

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// world makes a problem of so many queries in groups of 4 and classes of 8, each with 30
// candidates in the order of a noisy default. label says which candidates match.
func world(queries int, label func(q int, rng *rand.Rand) []int) *Problem {
	rng := rand.New(rand.NewPCG(11, 0))
	p := &Problem{Features: []string{"names", "noise"}, Components: []string{"text", "place"}, Alike: func(a, b int) float64 {
		if a/8 == b/8 {
			return 0.6
		}
		return 0.1
	}}
	for q := range queries {
		query := Query{Known: Known{ID: fmt.Sprintf("职业%03d", q), Group: fmt.Sprint("g", q/4), Class: fmt.Sprint("c", q/8), Gains: map[string]float64{}}, Company: 0.2}
		matches := map[int]bool{}
		for _, c := range label(q, rng) {
			matches[c] = true
			query.Gains[candidateID(c)] = 1
		}
		for c := range 30 {
			names := rng.Float64()
			if matches[c] {
				names += 0.4
			}
			query.Candidates = append(query.Candidates, Candidate{ID: candidateID(c), Features: []float32{float32(names), rng.Float32()},
				Parts: []float32{float32(names), rng.Float32()}, Default: 1 - float64(c)/30, Mass: 20 * names})
		}
		p.Queries = append(p.Queries, query)
	}
	return p
}

func candidateID(c int) string { return fmt.Sprintf("项目%02d", c) }

func train(t *testing.T, p *Problem) *Model {
	t.Helper()
	m, err := Train(context.Background(), p, Options{Folds: 5, Seed: 1, Asked: map[string]float64{"text": 0.6, "place": 0.4}})
	if err != nil {
		t.Fatal(err)
	}
	m.For, m.AsOf = "programs", "2026-01-01"
	return m
}

// TestTrainFindsTheSignal: matches of a class agree, so that both the feature and the
// evidence help; the model beats a default that ranks at random.
func TestTrainFindsTheSignal(t *testing.T) {
	m := train(t, world(96, func(q int, _ *rand.Rand) []int { return []int{(q / 8 * 7) % 30, (q/8*7 + 3) % 30} }))
	if !m.Applicable || m.HeldOut.Learned["ndcg_10"] < 0.8 || m.HeldOut.Defaults["ndcg_10"] > 0.5 {
		t.Errorf("applicable %v, learned %v, defaults %v", m.Applicable, m.HeldOut.Learned["ndcg_10"], m.HeldOut.Defaults["ndcg_10"])
	}
	if m.Suggested["text"] < 0.9 || math.Abs(m.Suggested["text"]+m.Suggested["place"]-1) > 1e-9 {
		t.Errorf("suggested %v: text is what matters, and weights add up to 1", m.Suggested)
	}
	if err := m.Validate(); err != nil {
		t.Error(err)
	}
}

// TestPoisonedLabels: each group of 4 queries has a match of its own at random, which
// nothing else tells. A look at a query's own labels, or at its group's, would find it
// every time; held out, the evidence finds nothing. Chance for one match of 30 is an
// nDCG@10 of sum over the first ten places of 1/log2(i+1) / 30 = .151, with a standard
// error of about .02 over 200 queries.
func TestPoisonedLabels(t *testing.T) {
	poisoned := make([]int, 50)
	p := world(200, func(q int, rng *rand.Rand) []int {
		if q%4 == 0 {
			poisoned[q/4] = rng.IntN(30)
		}
		return []int{poisoned[q/4]}
	})
	for q := range p.Queries {
		rng := rand.New(rand.NewPCG(uint64(q), 5))
		for c := range p.Queries[q].Candidates {
			p.Queries[q].Candidates[c].Features = []float32{rng.Float32(), rng.Float32()}
		}
	}
	m := train(t, p)
	if m.Applicable && m.HeldOut.Gain > 0.06 || m.HeldOut.Learned["ndcg_10"] > 0.25 {
		t.Errorf("random labels were learned: %v against %v", m.HeldOut.Learned["ndcg_10"], m.HeldOut.Defaults["ndcg_10"])
	}
}

// TestEvidenceIsHeldOut: neither a query's own labels nor its group's, nor those of
// hidden queries, ever vote.
func TestEvidenceIsHeldOut(t *testing.T) {
	p := world(40, func(q int, _ *rand.Rand) []int { return []int{q % 30} })
	for q := range p.Queries { // every query has a match that no other has
		p.Queries[q].Gains = map[string]float64{p.Queries[q].ID: 1}
	}
	tr := &trainer{p: p, o: Options{Folds: 3}, names: p.features()}
	if err := tr.assign(); err != nil {
		t.Fatal(err)
	}
	var known []Known
	for i := range p.Queries {
		known = append(known, p.Queries[i].Known)
	}
	tr.memory = NewMemory(known)
	for k := range tr.folds {
		for q := range p.Queries {
			e := tr.evidence(q, func(i int) bool { return tr.foldOf[i] == k })
			for _, id := range e.Candidates() {
				for i := range p.Queries {
					if p.Queries[i].ID == id && (p.Queries[i].Group == p.Queries[q].Group || tr.foldOf[i] == k) {
						t.Fatalf("fold %d: %s votes on %s", k, id, p.Queries[q].ID)
					}
				}
			}
		}
	}
}

// TestGroupsStayWhole: dealt out, and each in one fold only.
func TestGroupsStayWhole(t *testing.T) {
	p := world(60, func(int, *rand.Rand) []int { return []int{0} })
	fold, folds, err := dealGroups(p.Queries, 4, 9)
	if err != nil || folds != 4 {
		t.Fatal(folds, err)
	}
	of, sizes := map[string]int{}, make([]int, folds)
	for i := range p.Queries {
		if k, ok := of[p.Queries[i].Group]; ok && k != fold[i] {
			t.Errorf("group %s is in folds %d and %d", p.Queries[i].Group, k, fold[i])
		}
		of[p.Queries[i].Group] = fold[i]
		sizes[fold[i]]++
	}
	for _, n := range sizes { // 15 groups of 4 over 4 folds
		if n != 16 && n != 12 {
			t.Errorf("fold sizes %v", sizes)
		}
	}
	for i := range p.Queries {
		p.Queries[i].Group = "one"
	}
	if _, _, err := dealGroups(p.Queries, 4, 9); err == nil {
		t.Error("a single group was split")
	}
}

// TestTrainTwice: the same problem gives the same bytes.
func TestTrainTwice(t *testing.T) {
	make := func() *Problem {
		return world(48, func(q int, rng *rand.Rand) []int { return []int{rng.IntN(30), q % 30} })
	}
	var one, two bytes.Buffer
	if err := train(t, make()).Encode(&one); err != nil {
		t.Fatal(err)
	}
	if err := train(t, make()).Encode(&two); err != nil {
		t.Fatal(err)
	}
	if one.String() != two.String() {
		t.Error("two runs differ")
	}
}

// TestLearnsWhoHasNone: every fourth query has no match and texts that nothing explains.
func TestLearnsWhoHasNone(t *testing.T) {
	p := world(120, func(q int, _ *rand.Rand) []int {
		if q%4 == 0 {
			return nil
		}
		return []int{q % 30}
	})
	for q := range p.Queries {
		p.Queries[q].Group = fmt.Sprint(q)
		if q%4 == 0 {
			for c := range p.Queries[q].Candidates {
				p.Queries[q].Candidates[c].Mass /= 5
			}
		}
	}
	m := train(t, p)
	if m.HeldOut.AUROC == nil || *m.HeldOut.AUROC < 0.95 || m.Unmatched != 30 {
		t.Errorf("AUROC %v, %d without a match", m.HeldOut.AUROC, m.Unmatched)
	}
	low, high := Outlook{Explained: 3, Company: 0.2, Answered: .7}, Outlook{Explained: 25, Company: 0.2, Answered: .7}
	if m.Calibration.AnyFits(low) > 0.3 || m.Calibration.AnyFits(high) < 0.8 {
		t.Errorf("anything fits: %v with little explained, %v with much", m.Calibration.AnyFits(low), m.Calibration.AnyFits(high))
	}
}

func TestTrainRefuses(t *testing.T) {
	good := func() *Problem { return world(40, func(q int, _ *rand.Rand) []int { return []int{q % 30} }) }
	for _, tt := range []struct {
		says  string
		spoil func(*Problem) *Problem
		folds int
	}{
		{"at least 20", func(p *Problem) *Problem { p.Queries = p.Queries[:19]; return p }, 5},
		{"at least 2", func(p *Problem) *Problem { return p }, 1},
		{"not a number", func(p *Problem) *Problem {
			p.Queries[3].Candidates[2].Features[0] = float32(math.NaN())
			return p
		}, 5},
		{"has 1 features, want 2", func(p *Problem) *Problem {
			p.Queries[3].Candidates[2].Features = []float32{1}
			return p
		}, 5},
		{"must be above 0", func(p *Problem) *Problem { p.Queries[3].Gains["x"] = 0; return p }, 5},
		{"order of ids", func(p *Problem) *Problem { p.Queries[3].ID = p.Queries[2].ID; return p }, 5},
		{"one group", func(p *Problem) *Problem {
			for i := range p.Queries {
				p.Queries[i].Group = "g"
			}
			return p
		}, 5},
	} {
		_, err := Train(context.Background(), tt.spoil(good()), Options{Folds: tt.folds})
		if err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("got %v, want an error that says %q", err, tt.says)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Train(ctx, good(), Options{Folds: 3}); err == nil {
		t.Error("a cancelled training went on")
	}
}

// TestEvidenceByHand: two known queries of likeness .5 and .3, the second of the same
// class: votes .5^2 and (.3+.2)^2 are equal, so each match has half.
func TestEvidenceByHand(t *testing.T) {
	m := NewMemory([]Known{
		{ID: "a", Gains: map[string]float64{"x": 2, "y": 1}},
		{ID: "b", Class: "51", Gains: map[string]float64{"x": 7}},
		{ID: "c", Class: "51", Gains: map[string]float64{}},
		{ID: "d", Class: "51", Gains: map[string]float64{"z": 1}},
	})
	e := m.Evidence("51", []float64{0.5, 0.3, 0, 1}, func(i int) bool { return m.Known()[i].ID == "d" })
	// c votes as well, with (0+.2)^2 = .04 and no match: the sum is .25+.25+.04.
	near := func(got, want float64) bool { return math.Abs(got-want) < 1e-12 }
	if !near(e.Alike["x"], 0.5/0.54) || !near(e.Alike["y"], 0.125/0.54) || len(e.Alike) != 2 {
		t.Errorf("alike %v", e.Alike)
	}
	if !near(e.Kin["x"], 1) || len(e.Kin) != 1 {
		t.Errorf("kin %v", e.Kin)
	}
	if !near(e.Answered, 1) { // a and b; c has no likeness of its own
		t.Errorf("answered %v", e.Answered)
	}
	if got := e.Candidates(); len(got) != 2 || got[0] != "x" {
		t.Errorf("candidates %v", got)
	}
}
