package interchange

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMain keeps the property tests short unless -rapid.checks asks for more.
func TestMain(m *testing.M) {
	flag.Parse()
	asked := false
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == "rapid.checks" })
	if !asked {
		_ = flag.Set("rapid.checks", "25")
	}
	os.Exit(m.Run())
}

// file writes a file for a test and returns its path.
func file(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// report renders rows in few words: the JSON of records, the text of errors, with
// the file's folder taken out.
func report(t testing.TB, path string, rows []Row) string {
	t.Helper()
	var out []string
	for _, row := range rows {
		if row.Record != nil {
			out = append(out, encode(t, row.Record))
		}
		for _, e := range row.Errors {
			out = append(out, e.String())
		}
	}
	return strings.ReplaceAll(strings.Join(out, "\n"), filepath.Dir(path)+"/", "")
}
