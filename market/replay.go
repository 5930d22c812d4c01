package market

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// A Replay is what came of making a report again.
type Replay struct {
	Kind        string
	Same        bool        // byte for byte
	Versions    []Differing // versions that are others now: data, taxonomy, skill_space, software
	Differences []Differing // the first mostDifferences values that are others, apart from versions
	Differ      int         // all of them
	Torn        []Differing // where the file contradicts itself: what its answer's meta.versions says, and what its own versions say
	Now         *Report     // as it would be kept now
}

// Differing is a value that was one thing and is another; "(none)" is no value.
type Differing struct{ Path, Was, Is string }

const mostDifferences = 20

// Replay makes a report again from its file and compares byte for byte. Errors: a file that
// is no report, a request that is refused now.
func (m *Market) Replay(ctx context.Context, file []byte) (*Replay, error) {
	was, err := ReadReport(file)
	if err != nil {
		return nil, err
	}
	request, answer, err := reportRuns[was.Kind](ctx, m, was.Request)
	if err != nil {
		return nil, fmt.Errorf("report %s: %w", was.Kind, err)
	}
	now, err := NewReport(was.Kind, request, answer)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := now.Write(&b); err != nil {
		return nil, err
	}
	out := &Replay{Kind: was.Kind, Same: bytes.Equal(b.Bytes(), file), Now: now}
	if out.Same {
		return out, nil
	}
	for _, v := range []struct{ name, was, is string }{
		{"data", fmt.Sprint(was.Versions.Data), fmt.Sprint(now.Versions.Data)}, {"taxonomy", was.Versions.Taxonomy, now.Versions.Taxonomy},
		{"skill_space", was.Versions.SkillSpace, now.Versions.SkillSpace}, {"software", was.Versions.Software, now.Versions.Software},
	} {
		if v.was != v.is {
			out.Versions = append(out.Versions, Differing{v.name, v.was, v.is})
		}
	}
	if out.Torn, err = tornVersions(was); err != nil {
		return nil, err
	}
	for _, part := range []struct {
		name    string
		was, is any
	}{{"seed", was.Seed, now.Seed}, {"request", was.Request, now.Request}, {"answer", was.Answer, now.Answer}} {
		if err := out.compare(part.name, part.was, part.is); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// tornVersions holds the versions that a file's answer says against those of its envelope: a report as
// it was kept has the same twice.
func tornVersions(r *Report) ([]Differing, error) {
	var of struct {
		Meta struct {
			Versions json.RawMessage `json:"versions"`
		} `json:"meta"`
	}
	if err := json.Unmarshal(r.Answer, &of); err != nil {
		return nil, fmt.Errorf("report %s: answer: %w", r.Kind, err)
	}
	if of.Meta.Versions == nil {
		of.Meta.Versions = json.RawMessage("null")
	}
	inner := Replay{Kind: r.Kind}
	err := inner.compare("answer.meta.versions", of.Meta.Versions, r.Versions)
	return inner.Differences, err
}

// compare compares two values by their JSON.
func (r *Replay) compare(name string, was, is any) error {
	values := [2]any{}
	for i, v := range []any{was, is} {
		raw, err := json.Marshal(v)
		if err != nil {
			return fmt.Errorf("report %s: %s: %w", r.Kind, name, err)
		}
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber() // as written
		if err := d.Decode(&values[i]); err != nil {
			return fmt.Errorf("report %s: %s: %w", r.Kind, name, err)
		}
	}
	r.walk(name, values[0], values[1])
	return nil
}

// absent stands for a value that one side lacks.
type absent struct{}

// walk compares two decoded values, in the order of names and places.
func (r *Replay) walk(path string, was, is any) {
	switch a := was.(type) {
	case map[string]any:
		if b, ok := is.(map[string]any); ok {
			all := maps.Clone(a)
			maps.Copy(all, b)
			for _, name := range slices.Sorted(maps.Keys(all)) {
				if path == "answer.meta" && name == "versions" {
					continue
				}
				r.walk(path+"."+name, valueOf(a, name), valueOf(b, name))
			}
			return
		}
	case []any:
		if b, ok := is.([]any); ok {
			for i := range max(len(a), len(b)) {
				r.walk(fmt.Sprintf("%s[%d]", path, i), placeOf(a, i), placeOf(b, i))
			}
			return
		}
	default:
		if was == is { // values of other types are never equal
			return
		}
	}
	r.Differ++
	if len(r.Differences) < mostDifferences {
		r.Differences = append(r.Differences, Differing{path, show(was), show(is)})
	}
}

func valueOf(m map[string]any, name string) any {
	if v, ok := m[name]; ok {
		return v
	}
	return absent{}
}

func placeOf(list []any, i int) any {
	if i < len(list) {
		return list[i]
	}
	return absent{}
}

// show is a value in a line.
func show(v any) string {
	if v == (any)(absent{}) {
		return "(none)"
	}
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	const most = 120
	if r := []rune(string(b)); len(r) > most {
		return string(r[:most]) + "…"
	}
	return string(b)
}
