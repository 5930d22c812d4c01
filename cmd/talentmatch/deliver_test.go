package main

import (
	"encoding/csv"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// withoutProvenance are rows without the six last columns, which TestRowsSayWhereTheyAreFrom checks.
func withoutProvenance(t *testing.T, rows [][]string) [][]string {
	t.Helper()
	for i, row := range rows {
		if n := len(row) - 6; n < 0 || i == 0 && row[n] != "data_version" {
			t.Fatalf("no provenance in %v", row)
		}
		rows[i] = row[:len(row)-6]
	}
	return rows
}

// TestRowsSayWhereTheyAreFrom: each report's rows end with what they were computed from, in CSV and NDJSON
// alike, and the same twice.
func TestRowsSayWhereTheyAreFrom(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	must(t, "import", "--data", data, write(t, "posted.ndjson", postedGranules()), write(t, "series.ndjson", `{"type":"series","id":"s.1","measure":"openings","start":"2016","values":[5,6,7,6,8,9,8,9]}`))
	for _, command := range []string{
		"gaps --by skill --bootstrap 5 --seed 3", "mismatch --by region", "causes", "future-gaps --by skill --source known", "forecast --horizon 2", "backtest --as-of 2021",
	} {
		args := append(strings.Fields(command), "--data", data)
		text := must(t, append(args, "--format", "csv")...)
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll() // every row as long as the header
		if err != nil || len(rows) < 2 {
			t.Fatalf("%s: %v\n%s", command, err, text)
		}
		n := len(rows[0]) - 6
		if got := strings.Join(rows[0][n:], " "); got != "data_version taxonomy skill_space software seed parameters" {
			t.Errorf("%s: %s", command, got)
		}
		seed := ""
		if strings.HasPrefix(command, "gaps") {
			seed = "3"
		}
		for _, row := range rows[1:] {
			if from := row[n:]; from[0] == "" || from[1] == "" || from[3] != softwareVersion() || from[4] != seed || !json.Valid([]byte(from[5])) || strings.Contains(from[5], ": ") {
				t.Errorf("%s: %v", command, from)
			}
		}
		if again := must(t, append(args, "--format", "csv")...); again != text {
			t.Errorf("%s: another text\n%s\n%s", command, text, again)
		}
		for line := range strings.Lines(must(t, append(args, "--format", "ndjson")...)) {
			var of struct {
				Provenance struct {
					Data       json.Number     `json:"data_version"`
					Parameters json.RawMessage `json:"parameters"`
				} `json:"provenance"`
			}
			if err := json.Unmarshal([]byte(line), &of); err != nil || of.Provenance.Data.String() != rows[1][n] || string(of.Provenance.Parameters) != rows[1][n+5] {
				t.Errorf("%s: %v %+v", command, err, of)
			}
		}
	}
}
