package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// TestMain removes the stores of the scenarios, which tests share.
func TestMain(m *testing.M) {
	status := m.Run()
	for _, dir := range scenarios.dirs {
		os.RemoveAll(dir) // best effort: it is a temporary folder
	}
	os.Exit(status)
}

var scenarios struct {
	mu   sync.Mutex
	dirs map[string]string
}

// scenario is a data folder with an alliance's records, to be read only: importing it takes
// seconds, and many tests read it.
func scenario(t *testing.T, alliance string) string {
	t.Helper()
	scenarios.mu.Lock()
	defer scenarios.mu.Unlock()
	if dir := scenarios.dirs[alliance]; dir != "" {
		return dir
	}
	files, err := filepath.Glob(filepath.Join("..", "..", "testdata", "scenarios", alliance, "*.ndjson"))
	if err != nil || len(files) == 0 {
		t.Fatal(err, files)
	}
	dir, err := os.MkdirTemp("", "scenario-"+alliance+"-")
	if err != nil {
		t.Fatal(err)
	}
	if scenarios.dirs == nil {
		scenarios.dirs = map[string]string{}
	}
	scenarios.dirs[alliance] = dir
	must(t, append([]string{"import", "--data", dir}, files...)...)
	return dir
}

// golden holds text against a file below testdata/golden. UPDATE=1 writes it anew.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("..", "..", "testdata", "golden", name)
	if os.Getenv("UPDATE") != "" {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; UPDATE=1 go test ./cmd/talentmatch -run %s writes it anew. Got:\n%s", path, t.Name(), got)
	}
}

// A question is one part of a page: a heading, and the arguments of the command.
type question struct{ heading, args string }

// reportPages holds what a command answers each alliance against testdata/golden/reports/NAME-x.txt.
// questions of all and of one alliance are asked in turn; those at the places in keep are
// saved, and replayed to the same bytes. Arguments may be made of words by expand, which also
// says how they are shown.
func reportPages(t *testing.T, command, name string, all []question, own map[string][]question, keep []int, expand func(alliance, args string) (words []string, shown string)) {
	t.Helper()
	if testing.Short() {
		t.Skip("compares pages of text that other tests make too: minutes with the race detector")
	}
	for _, x := range []string{"a", "b", "c", "d", "e"} {
		data := scenario(t, x)
		var b strings.Builder
		for i, q := range slices.Concat(all, own[x]) {
			words, shown := strings.Fields(q.args), q.args
			if expand != nil {
				words, shown = expand(x, q.args)
			}
			args := append([]string{command, "--data", data}, words...)
			saved := filepath.Join(t.TempDir(), "report.json")
			if slices.Contains(keep, i) {
				args = append(args, "--save", saved)
			}
			fmt.Fprintf(&b, "# %s\n# talentmatch %s %s\n\n%s\n", q.heading, command, shown, must(t, args...))
			if slices.Contains(keep, i) {
				if out := must(t, "replay", "--data", data, saved); out != saved+": same bytes\n" {
					t.Errorf("%s: %s", x, out)
				}
			}
		}
		golden(t, filepath.Join("reports", name+"-"+x+".txt"), b.String())
	}
}
