package learn

import (
	"bytes"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

func TestModelRoundTrip(t *testing.T) {
	m := train(t, world(64, func(q int, _ *rand.Rand) []int { return []int{q / 8} }))
	var b bytes.Buffer
	if err := m.Encode(&b); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	got, err := ReadModel(&b)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, m) {
		t.Errorf("got %+v\nwant %+v", got, m)
	}
	score, err := got.Score([]string{"names", "noise"})
	if err != nil {
		t.Fatal(err)
	}
	if !(score([]float32{1, 0, 1, 1}) > score([]float32{0, 0, 0, 0})) {
		t.Error("a candidate with everything does not rank above one with nothing")
	}
	if _, err := got.Score([]string{"names"}); err == nil {
		t.Error("a missing feature was accepted")
	}
	if _, err := got.Score([]string{"names", "other"}); err == nil {
		t.Error("an unknown feature was accepted")
	}
	for _, tt := range []struct{ says, old, new string }{
		{"not a model file", "{", "["},
		{"unknown field", `"format"`, `"formal"`},
		{"format is", modelFormat, "something-else"},
		{"version 9", `"version": 1`, `"version": 9`},
		{"must be programs or demands", `"for": "programs"`, `"for": "occupations"`},
		{"must be YYYY-MM-DD", "2026-01-01", "soon"},
		{"unknown term", `"name": "rank"`, `"name": "luck"`},
		{"occurs twice", `"name": "noise"`, `"name": "names"`},
		{"no number", `"scale": `, `"scale": -`},
		{"something follows", "\n}\n", "\n}\n{}"},
	} {
		spoilt := strings.Replace(text, tt.old, tt.new, 1)
		if spoilt == text {
			t.Fatalf("%q is not in the file", tt.old)
		}
		if _, err := ReadModel(strings.NewReader(spoilt)); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%q: got %v, want an error that says %q", tt.new, err, tt.says)
		}
	}
	for _, cut := range []int{0, 1, len(text) / 2, len(text) - 3} {
		if _, err := ReadModel(strings.NewReader(text[:cut])); err == nil {
			t.Errorf("a file cut at %d was accepted", cut)
		}
	}
	if _, err := ReadModel(strings.NewReader(strings.Repeat(" ", MaxModelBytes+1))); err == nil {
		t.Error("a huge file was accepted")
	}
}

// TestNotApplicable: a model that says it may be used must have earned it.
func TestNotApplicable(t *testing.T) {
	m := train(t, world(64, func(q int, _ *rand.Rand) []int { return []int{q / 8} }))
	m.HeldOut.Gain, m.HeldOut.StandardError = 0.01, 0.02
	if err := m.Validate(); err == nil {
		t.Error("a model with a gain below its standard error was accepted as applicable")
	}
}

func FuzzReadModel(f *testing.F) {
	f.Add([]byte(`{"format":"talentmatch-model","version":1,"for":"programs","as_of":"2026-01-01","features":[{"name":"a","weight":1,"mean":0,"scale":1}]}`))
	f.Add([]byte("{}"))
	f.Add([]byte{0xff, 0xfe})
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := ReadModel(bytes.NewReader(data))
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := m.Encode(&b); err != nil {
			t.Fatalf("read but not written: %v", err)
		}
	})
}
