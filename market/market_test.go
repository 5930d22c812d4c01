package market

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"talentmatch/matcher"
	"talentmatch/talent"
	"talentmatch/testdata"
)

// openMarket opens a market in a temporary folder with the given scenarios.
func openMarket(t testing.TB, scenarios ...string) *Market {
	t.Helper()
	m, err := Open(context.Background(), Options{Dir: t.TempDir(), Software: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, s := range scenarios {
		importFiles(t, m, scenarioFiles(t, s)...)
	}
	return m
}

func scenarioFiles(t testing.TB, scenario string) []string {
	t.Helper()
	files, err := testdata.Scenario(scenario)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range files {
		out = append(out, writeFile(t, filepath.Base(f.Name), string(f.Data)))
	}
	return out
}

func writeFile(t testing.TB, name, data string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func importFiles(t testing.TB, m *Market, files ...string) *ImportReport {
	t.Helper()
	r, err := m.Import(context.Background(), files, ImportOptions{})
	if err != nil {
		for _, e := range r.Errors[:min(5, len(r.Errors))] {
			t.Logf("%+v", e)
		}
		t.Fatal(err)
	}
	return r
}

var defaultWeights = matcher.DefaultWeights()

// compareRuns holds every ranking of both sides of two markets against each other.
func compareRuns(t *testing.T, a, b *Market) {
	t.Helper()
	for _, side := range []string{"programs", "demands"} {
		var runs [2]strings.Builder
		for i, m := range []*Market{a, b} {
			err := m.MatchAll(context.Background(), side, 20, defaultWeights, nil, func(q string, matches []matcher.Match) error {
				fmt.Fprintf(&runs[i], "%s %+v\n", q, matches)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if runs[0].Len() == 0 || runs[0].String() != runs[1].String() {
			t.Errorf("rankings for %s differ (or are empty: %d bytes)", side, runs[0].Len())
		}
	}
}

// TestExpectedFirstMatches: for each scenario, the hand-written demands and programs
// find the counterpart that a person in the trade would name.
func TestExpectedFirstMatches(t *testing.T) {
	for _, info := range testdata.Scenarios {
		t.Run(info.Letter, func(t *testing.T) {
			m := openMarket(t, info.Letter)
			n := 0
			for _, e := range testdata.Expected {
				if e.Scenario != info.Letter {
					continue
				}
				n++
				r := MatchRequest{DemandID: e.Demand, Top: 3, Weights: matcher.DefaultWeights(), Explain: true}
				want := e.Program
				if e.ToProgram {
					r.DemandID, r.ProgramID, want = "", e.Program, e.Demand
				}
				a, err := m.Match(context.Background(), r)
				if err != nil {
					t.Fatal(err)
				}
				if len(a.Items) == 0 || a.Items[0].ID != want {
					t.Errorf("%s%s: first is %+v, want %s (%s)", r.DemandID, r.ProgramID, a.Items, want, e.Why)
				}
			}
			if n < 6 {
				t.Errorf("only %d expectations", n)
			}
		})
	}
}

func TestVerifyAfterImport(t *testing.T) {
	m := openMarket(t, "c")
	r, err := m.Verify(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if !r.OK() || r.Records["demand"] < 300 {
		t.Errorf("verify: %+v", r)
	}
}

func TestSearchCrossesLanguages(t *testing.T) {
	m := openMarket(t, "b")
	for _, q := range []string{"PLC programming", "PLC编程", "可编程控制器编程"} {
		a, err := m.Search(context.Background(), SearchRequest{Text: q, Types: []talent.Type{talent.TypeDemand}, Limit: 10, Facets: []string{"region", "education"}, Highlight: true})
		if err != nil {
			t.Fatal(err)
		}
		if a.Meta.Total == 0 || len(a.Meta.Facets["region"]) == 0 {
			t.Errorf("%s: %+v", q, a.Meta)
		}
		for i, it := range a.Items {
			if !(it.Score > 0) || (i > 0 && it.Score > a.Items[i-1].Score) { // NaN is not > 0
				t.Errorf("%s: hit %d of %s scores %v", q, i+1, it.ID, it.Score)
			}
		}
	}
}
