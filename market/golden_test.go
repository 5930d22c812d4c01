package market

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"talentmatch/testdata"
)

// TestFirstMatchesGolden: the explanations of each scenario's hand-written first
// matches, in files that a person can read. UPDATE=1 writes them anew; the diff then
// shows what a change of the ranking does.
func TestFirstMatchesGolden(t *testing.T) {
	for _, info := range testdata.Scenarios {
		t.Run(info.Letter, func(t *testing.T) {
			m := openMarket(t, info.Letter)
			var b strings.Builder
			fmt.Fprintf(&b, "%s / %s\n", info.NameZH, info.NameEN)
			for _, e := range testdata.Expected {
				if e.Scenario == info.Letter {
					writeFirstMatch(t, &b, m, e)
				}
			}
			golden(t, filepath.Join("first-matches", info.Letter+".txt"), b.String())
		})
	}
}

func writeFirstMatch(t *testing.T, b *strings.Builder, m *Market, e testdata.Expectation) {
	r := MatchRequest{DemandID: e.Demand, Top: 2, Weights: defaultWeights, Explain: true}
	if !e.ToProgram {
		r.DemandID, r.ProgramID = "", e.Program
	}
	a, err := m.Match(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(b, "\n%s%s\n  %s\n", r.DemandID, r.ProgramID, e.Why)
	for _, it := range a.Items {
		fmt.Fprintf(b, "  %d. %.6f %s %s, %s\n", it.Rank, it.Score, it.ID, it.Name, it.OwnerName)
		var parts []string
		for k, v := range it.Components {
			parts = append(parts, fmt.Sprintf("%s %.3f", k, v))
		}
		slices.Sort(parts)
		fmt.Fprintf(b, "     %s\n", strings.Join(parts, ", "))
		if it.Rank > 1 {
			continue
		}
		for _, s := range it.Skills {
			required := ""
			if s.Required {
				required = " required"
			}
			fmt.Fprintf(b, "     %-7s %.3f %s level %d%s", s.Status, s.Credit, s.Name, s.Level, required)
			if s.ByName != "" {
				fmt.Fprintf(b, " <- %s level %d (sim %.2f, %s)", s.ByName, s.ByLevel, s.Similarity, s.Course)
			}
			b.WriteByte('\n')
		}
		for _, s := range it.Surplus {
			fmt.Fprintf(b, "     surplus %s level %d (%s)\n", s.Name, s.Level, s.Course)
		}
	}
	fmt.Fprintf(b, "  %d considered, %d eligible, gates %v\n", a.Meta.Considered, a.Meta.Eligible, a.Meta.Gates)
}

// golden compares text with a file of testdata/golden.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("..", "testdata", "golden", name)
	if os.Getenv("UPDATE") != "" {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; UPDATE=1 go test ./market writes it anew. Got:\n%s", name, got)
	}
}
