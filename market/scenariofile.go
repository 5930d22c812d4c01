package market

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"talentmatch/talent"
)

// mostScenarioBytes bounds a scenario: a hundred changes take less than a tenth of it.
const mostScenarioBytes = 1 << 20

// ReadScenario reads a scenario from its JSON. n is its number in the request, which error
// paths begin with (scenarios[n]). An unknown field, one that stands twice and a value of
// the wrong kind are errors, by the path of the field. What it says is checked when it is applied, and by checkScenarios.
func ReadScenario(file []byte, n int) (*Scenario, error) {
	at := fmt.Sprintf("scenarios[%d]", n)
	if len(file) > mostScenarioBytes {
		return nil, fmt.Errorf("%s: is longer than %d bytes: %w", at, mostScenarioBytes, talent.ErrTooLarge)
	}
	file = bytes.TrimPrefix(file, []byte("\ufeff")) // as some editors write
	fields, err := jsonMembers(file, at)
	if err != nil {
		return nil, err
	}
	s := &Scenario{}
	for _, f := range fields {
		if f.name == "changes" {
			if s.Changes, err = readChanges(f.value, at+".changes"); err != nil {
				return nil, err
			}
			continue
		}
		to := map[string]*string{"name": &s.Name, "name_en": &s.NameEN, "note": &s.Note}[f.name]
		if to == nil {
			return nil, talent.Invalid(at+"."+talent.Shorten(f.name), "", "is not a field here; known: name, name_en, note, changes")
		}
		if err := json.Unmarshal(f.value, to); err != nil {
			return nil, talent.Invalid(at+"."+f.name, string(f.value), "must be a string")
		}
	}
	return s, nil
}

func readChanges(raw json.RawMessage, at string) ([]ScenarioChange, error) {
	var items []json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil {
		return nil, talent.Invalid(at, string(raw), "must be a list")
	}
	if len(items) > mostChanges {
		return nil, talent.Invalid(at, strconv.Itoa(len(items)), "must be at most %d", mostChanges)
	}
	out := make([]ScenarioChange, len(items))
	for i, item := range items {
		if err := out[i].read(item, fmt.Sprintf("%s[%d]", at, i)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (c *ScenarioChange) read(raw json.RawMessage, at string) error {
	kinds, err := jsonMembers(raw, at)
	if err != nil {
		return err
	}
	for _, k := range kinds {
		var to any
		switch k.name {
		case "delay":
			c.Delay = &ScenarioDelay{}
			to = c.Delay
		case "headcount":
			c.Headcount = &ScenarioHeadcount{}
			to = c.Headcount
		case "postings":
			c.Postings = &ScenarioPostings{}
			to = c.Postings
		case "intake":
			c.Intake = &ScenarioIntake{}
			to = c.Intake
		case "completion":
			c.Completion = &ScenarioCompletion{}
			to = c.Completion
		case "employment_growth":
			c.Growth = &ScenarioGrowth{}
			to = c.Growth
		default:
			return talent.Invalid(at+"."+talent.Shorten(k.name), "", "is no kind of change; known: delay, headcount, postings, intake, completion, employment_growth")
		}
		if err := readStrict(k.value, to, at+"."+k.name); err != nil {
			return err
		}
	}
	return nil
}

// readStrict decodes an object field by field, so that errors can name each.
func readStrict(raw json.RawMessage, to any, at string) error {
	fields, err := jsonMembers(raw, at)
	if err != nil {
		return err
	}
	for _, f := range fields {
		one, _ := json.Marshal(map[string]json.RawMessage{f.name: f.value}) // was JSON
		d := json.NewDecoder(bytes.NewReader(one))
		d.DisallowUnknownFields()
		err := d.Decode(to)
		var kind *json.UnmarshalTypeError
		switch {
		case errors.As(err, &kind):
			return talent.Invalid(at+"."+talent.Shorten(f.name), string(f.value), "must be a %s", kindWord(kind.Type.Kind().String()))
		case err != nil:
			return talent.Invalid(at+"."+talent.Shorten(f.name), "", "is not a field here")
		}
	}
	return nil
}

func kindWord(kind string) string {
	switch kind {
	case "int":
		return "whole number"
	case "float64":
		return "number"
	}
	return kind
}

// A jsonMember is a name and value of a JSON object.
type jsonMember struct {
	name  string
	value json.RawMessage
}

// jsonMembers takes an object apart, in its order. Names that differ only in case are
// encoding/json's to mix up, so they are refused like repeated ones.
func jsonMembers(raw []byte, at string) (out []jsonMember, err error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	token, err := d.Token()
	if err != nil {
		return nil, talent.Invalid(at, "", "is not JSON: %v", err)
	}
	if token != json.Delim('{') {
		return nil, talent.Invalid(at, string(raw), "must be a JSON object")
	}
	seen := map[string]bool{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, talent.Invalid(at, "", "is not JSON: %v", err)
		}
		m := jsonMember{name: key.(string)} // a decoder takes nothing else for a name
		if low := strings.ToLower(m.name); low != m.name {
			return nil, talent.Invalid(at+"."+talent.Shorten(m.name), "", "is not a field here: names are in small letters")
		} else if seen[low] {
			return nil, talent.Invalid(at+"."+talent.Shorten(m.name), "", "stands there twice")
		}
		seen[m.name] = true
		if err := d.Decode(&m.value); err != nil {
			return nil, talent.Invalid(at+"."+talent.Shorten(m.name), "", "is not JSON: %v", err)
		}
		if string(m.value) == "null" {
			continue // as if it were not there
		}
		out = append(out, m)
	}
	if _, err := d.Token(); err != nil {
		return nil, talent.Invalid(at, "", "is not JSON: %v", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, talent.Invalid(at, "", "has something behind the end of the object")
	}
	return out, nil
}

// scenarioPath is where error paths begin that are about a scenario.
var scenarioPath = regexp.MustCompile(`^scenarios\[(\d+)\](?:\.changes\[(\d+)\])?\.?`)

// otherChange is another change of the same scenario in a message.
var otherChange = regexp.MustCompile(`changes\[\d+\]`)

// NameScenarioFiles turns the paths of an error about scenarios that came from files into
// what people see in these: file, number of the change from 1, field.
func NameScenarioFiles(err error, files []string) error {
	var bad *talent.InvalidError
	if !errors.As(err, &bad) {
		return err
	}
	out := &talent.InvalidError{Type: bad.Type, ID: bad.ID}
	for _, f := range bad.Fields {
		if m := scenarioPath.FindStringSubmatch(f.Path); m != nil {
			if n, _ := strconv.Atoi(m[1]); n < len(files) {
				where := files[n]
				if m[2] != "" {
					change, _ := strconv.Atoi(m[2])
					where += fmt.Sprintf(": change %d", change+1)
				}
				if field := f.Path[len(m[0]):]; field != "" {
					where += ": " + field
				}
				f.Path = where
				f.Message = otherChange.ReplaceAllStringFunc(f.Message, func(other string) string {
					change, _ := strconv.Atoi(other[len("changes[") : len(other)-1])
					return fmt.Sprintf("change %d", change+1)
				})
			}
		}
		out.Fields = append(out.Fields, f)
	}
	return out
}
