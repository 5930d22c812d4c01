package market

import (
	"context"
	"math"
	"slices"
	"testing"

	"talentmatch/matcher"
	"talentmatch/talent"
	"talentmatch/testdata"
)

// TestLabelledMatches ranks every built-in occupation, as a demand of nobody's, for the
// judged programs of the five alliances: nDCG@10 with the grades of testdata/labelled,
// with and without what statistics say about skills. It prints dev and test apart.
func TestLabelledMatches(t *testing.T) {
	ctx := context.Background()
	m := openMarket(t, "a", "b", "c", "d", "e")
	judgements, err := testdata.Judgements()
	if err != nil {
		t.Fatal(err)
	}
	grades, split := map[string]map[string]int{}, map[string]string{}
	for _, j := range judgements {
		if grades[j.Program] == nil {
			grades[j.Program] = map[string]int{}
		}
		grades[j.Program][j.Occupation], split[j.Program] = j.Grade, j.Split
	}
	s, err := m.state(ctx)
	if err != nil {
		t.Fatal(err)
	}
	conv := m.converter(ctx, s.world)
	conv.org = func(string) *talent.Organization { return nil }
	var demands []matcher.Demand
	for _, o := range s.world.catalogue.Occupations() {
		demands = append(demands, *conv.record(&talent.Demand{ID: o.ID, Title: o.Name, TitleEN: o.NameEN, Occupation: o.ID, Region: "CN", Headcount: 1}).demand)
	}
	atlas := s.snap.Atlas().Extend(s.world.gazetteer, m.lex.regions.all())
	measure := func(space *matcher.Space, w matcher.Weights) map[string]float64 {
		snap := matcher.Empty(space, atlas).With(matcher.Change{PutDemands: demands})
		sum, n := map[string]float64{}, map[string]float64{}
		for id, grade := range grades {
			p, ok := s.snap.Program(id)
			if !ok {
				t.Fatalf("there is no program %s", id)
			}
			res, err := snap.MatchDemands(ctx, &p, matcher.Query{Top: 10, Weights: w})
			if err != nil {
				t.Fatal(err)
			}
			dcg, ideal := 0.0, 0.0
			for i, match := range res.Matches {
				dcg += float64(grade[match.ID]) / math.Log2(float64(i)+2)
			}
			var best []int
			for _, g := range grade {
				best = append(best, -g)
			}
			slices.Sort(best)
			for i, g := range best[:10] {
				ideal += float64(-g) / math.Log2(float64(i)+2)
			}
			for _, part := range []string{split[id], "all"} {
				sum[part] += dcg / ideal
				n[part]++
			}
		}
		for part := range sum {
			sum[part] /= n[part]
		}
		return sum
	}
	structure := s.world.space(m.lex, nil)
	for _, tt := range []struct {
		name  string
		space *matcher.Space
		w     matcher.Weights
		least float64
	}{
		{"skills, each like itself only", matcher.NewSpace(nil), matcher.Weights{Skills: 1}, 0},
		{"skills, structure", structure, matcher.Weights{Skills: 1}, 0},
		{"skills, structure and statistics", s.snap.Space(), matcher.Weights{Skills: 1}, .84},
		{"text", structure, matcher.Weights{Text: 1}, .7},
		{"defaults, structure", structure, matcher.DefaultWeights(), 0},
		{"defaults, structure and statistics", s.snap.Space(), matcher.DefaultWeights(), .85},
	} {
		got := measure(tt.space, tt.w)
		t.Logf("%-36s nDCG@10 dev %.4f test %.4f all %.4f", tt.name, got["dev"], got["test"], got["all"])
		if got["all"] < tt.least {
			t.Errorf("%s: %.4f, at least %.2f wanted", tt.name, got["all"], tt.least)
		}
	}
}
