package testdata

import (
	"bytes"
	_ "embed" // for the two files below
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// The labelled set: judged by hand after the rules in labelled/README.md, from
// which this file takes its checks.

//go:embed labelled/program-occupation.tsv
var judgementFile []byte

//go:embed labelled/sentences.ndjson
var sentenceFile []byte

// The two halves of the labelled set: tune on one, report the other.
const (
	Dev  = "dev"
	Test = "test"
)

// A Judgement says how well an occupation suits the graduates of a program. All
// judgements of a program are in one split.
type Judgement struct {
	Program    string // id of a program of the scenarios; its first letter is the scenario
	Occupation string // id of an occupation of the built-in taxonomy
	Grade      int    // 2 what the program trains for, 1 related, 0 not
	Split      string // Dev or Test
}

// A Sentence is a job-ad sentence with the skills that it asks for, in the order in
// which it names them, those that it means without naming them last.
type Sentence struct {
	ID       string    `json:"id"`
	Scenario string    `json:"scenario"` // "a".."e"
	Split    string    `json:"split"`    // Dev or Test
	Text     string    `json:"text"`
	Skills   []Mention `json:"skills"` // empty, not null, when there are none
}

// A Mention is one skill of a sentence; a sentence has each skill once.
type Mention struct {
	Skill    string `json:"skill"`    // id of a skill of the built-in taxonomy
	Text     string `json:"text"`     // the first words that name it, "" when it is only meant
	Level    int    `json:"level"`    // 1..5, 0 when no level word goes with it
	Required *bool  `json:"required"` // true required, false preferred, nil not said
}

// Judgements returns the program-occupation judgements in file order. An error
// names file and line.
func Judgements() ([]Judgement, error) {
	return ParseJudgements("labelled/program-occupation.tsv", judgementFile)
}

// Sentences returns the labelled sentences in file order. An error names file and
// line.
func Sentences() ([]Sentence, error) {
	return ParseSentences("labelled/sentences.ndjson", sentenceFile)
}

// ParseJudgements reads tab-separated values: the header "program occupation grade
// split", then one judgement a line, none twice. An error begins with name:line.
func ParseJudgements(name string, data []byte) ([]Judgement, error) {
	const header = "program\toccupation\tgrade\tsplit"
	var out []Judgement
	seen, split := map[[2]string]bool{}, map[string]string{}
	lines := 0
	for raw := range bytes.Lines(data) {
		lines++
		row := strings.TrimRight(string(raw), "\r\n")
		if lines == 1 {
			if row != header {
				return nil, fmt.Errorf("%s:1: the header is %q, want %q", name, row, header)
			}
			continue
		}
		j, err := parseJudgement(row)
		if err == nil && seen[[2]string{j.Program, j.Occupation}] {
			err = fmt.Errorf("%s and %s are judged twice", j.Program, j.Occupation)
		}
		if err == nil && split[j.Program] != "" && split[j.Program] != j.Split {
			err = fmt.Errorf("%s is in both splits", j.Program)
		}
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, lines, err)
		}
		seen[[2]string{j.Program, j.Occupation}] = true
		split[j.Program] = j.Split
		out = append(out, j)
	}
	if lines == 0 {
		return nil, fmt.Errorf("%s:1: the header is missing", name)
	}
	return out, nil
}

func parseJudgement(row string) (Judgement, error) {
	cells := strings.Split(row, "\t")
	if len(cells) != 4 {
		return Judgement{}, fmt.Errorf("%d columns, want 4", len(cells))
	}
	grade := slices.Index([]string{"0", "1", "2"}, cells[2])
	switch {
	case cells[0] == "" || cells[1] == "":
		return Judgement{}, errors.New("program or occupation is empty")
	case grade < 0:
		return Judgement{}, fmt.Errorf("grade %q, want 0, 1 or 2", cells[2])
	}
	return Judgement{cells[0], cells[1], grade, cells[3]}, checkSplit(cells[3])
}

func checkSplit(split string) error {
	if split != Dev && split != Test {
		return fmt.Errorf("split %q, want %s or %s", split, Dev, Test)
	}
	return nil
}

// ParseSentences reads one JSON object a line, without unknown fields, ids and
// texts unique. An error begins with name:line.
func ParseSentences(name string, data []byte) ([]Sentence, error) {
	var out []Sentence
	seen := map[string]bool{}
	line := 0
	for raw := range bytes.Lines(data) {
		line++
		s, err := parseSentence(raw)
		if err == nil && (seen["id "+s.ID] || seen["text "+s.Text]) {
			err = fmt.Errorf("%s: id or text stands there twice", s.ID)
		}
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, line, err)
		}
		seen["id "+s.ID], seen["text "+s.Text] = true, true
		out = append(out, s)
	}
	return out, nil
}

func parseSentence(raw []byte) (Sentence, error) {
	var s Sentence
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return s, fmt.Errorf("not a sentence: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return s, errors.New("more than one JSON value in the line")
	}
	switch {
	case s.ID == "" || s.Text == "":
		return s, errors.New("id or text is empty")
	case !utf8.Valid(raw):
		return s, fmt.Errorf("%s: not UTF-8", s.ID)
	case Find(s.Scenario) == nil || s.Scenario != strings.ToLower(s.Scenario):
		return s, fmt.Errorf("%s: scenario %q, want a to e", s.ID, s.Scenario)
	case s.Skills == nil:
		return s, fmt.Errorf("%s: skills are missing", s.ID)
	}
	seen := map[string]bool{}
	for _, m := range s.Skills {
		switch {
		case m.Skill == "" || seen[m.Skill]:
			return s, fmt.Errorf("%s: skill %q is empty or stands there twice", s.ID, m.Skill)
		case !strings.Contains(s.Text, m.Text):
			return s, fmt.Errorf("%s: %s: %q is not in the text", s.ID, m.Skill, m.Text)
		case m.Level < 0 || m.Level > 5:
			return s, fmt.Errorf("%s: %s: level %d, want 1 to 5 or none", s.ID, m.Skill, m.Level)
		}
		seen[m.Skill] = true
	}
	return s, checkSplit(s.Split)
}
