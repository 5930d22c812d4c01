// Package testdata is the five alliances that talentmatch is built from, as
// records that people can read: for each a hand-written core.ndjson (the named
// members, roles, agreements and targets that the reports give, and a few demands
// and programs whose match is beyond doubt) and a generated.ndjson (everything
// that the reports do not give, made by package generate with a fixed seed).
//
// What comes out: the files as bytes, in an order in which one import reads them
// (the alliance record in a core names members of the generated file, so import
// both together), the list of scenarios with ready-made questions for a demo, and
// the matches that golden tests expect. What is left out: any claim that a record
// whose note says "generated" is a fact.
package testdata

import (
	"embed"
	"fmt"
	"strings"

	"talentmatch/talent"
)

//go:embed scenarios
var files embed.FS

// A File is one file of a scenario.
type File struct {
	Name string // "c/core.ndjson"
	Data []byte
}

// Scenario returns the files of a scenario, letter "a".."e" in either case, in
// reading order: core, then generated. An unknown letter is talent.ErrNotFound.
func Scenario(letter string) ([]File, error) {
	letter = strings.ToLower(letter)
	if Find(letter) == nil {
		return nil, fmt.Errorf("scenario %q (there are a, b, c, d, e): %w", letter, talent.ErrNotFound)
	}
	var out []File
	for _, part := range []string{"core", "generated"} {
		name := letter + "/" + part + ".ndjson"
		data, err := files.ReadFile("scenarios/" + name)
		if err != nil {
			return nil, fmt.Errorf("scenario %s: %w", letter, err)
		}
		out = append(out, File{name, data})
	}
	return out, nil
}

// Core returns a scenario's hand-written file alone; the generator starts from it.
func Core(letter string) ([]byte, error) {
	data, err := files.ReadFile("scenarios/" + strings.ToLower(letter) + "/core.ndjson")
	if err != nil {
		return nil, fmt.Errorf("scenario %q: %w", letter, err)
	}
	return data, nil
}

// Find is the description of a scenario; nil if there is none of that letter.
func Find(letter string) *Info {
	for i := range Scenarios {
		if Scenarios[i].Letter == strings.ToLower(letter) {
			return &Scenarios[i]
		}
	}
	return nil
}
