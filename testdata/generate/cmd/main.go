// Command cmd writes testdata/scenarios/*/generated.ndjson anew:
//
//	go run ./testdata/generate/cmd [scenario folder, default testdata/scenarios]
//
// Run it after a change of trades.txt, scenarios.go, a core.ndjson or the built-in
// taxonomy; the test in talent/scenariotest says when that was forgotten.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"talentmatch/talent"
	"talentmatch/testdata"
	"talentmatch/testdata/generate"
)

func main() {
	dir := filepath.Join("testdata", "scenarios")
	if len(os.Args) > 1 {
		dir = os.Args[1]
	}
	for _, s := range testdata.Scenarios {
		if err := write(filepath.Join(dir, s.Letter, "generated.ndjson"), s.Letter); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

func write(path, letter string) error {
	records, err := generate.Scenario(letter)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	for _, rec := range records {
		line, err := talent.Encode(rec)
		if err != nil {
			return err
		}
		b.Write(append(line, '\n'))
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}
