package interchange

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"talentmatch/talent"
)

// failer is what testing.T and rapid.T have in common.
type failer interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

// encode is a record's canonical JSON.
func encode(t failer, rec talent.Record) string {
	t.Helper()
	b, err := talent.Encode(rec)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// readAll reads a file to its end.
func readAll(path string, o Options) ([]Row, []string, error) {
	r, err := Open(path, o)
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	var rows []Row
	for {
		row, err := r.Next()
		if err == io.EOF {
			return rows, r.Notes(), nil
		}
		if err != nil {
			return rows, r.Notes(), err
		}
		rows = append(rows, row)
	}
}

// mustRoundTrip writes records and reads them back.
func mustRoundTrip(t failer, dir, format, lang string, recs []talent.Record) {
	t.Helper()
	var b bytes.Buffer
	w, err := NewWriter(&b, format, recs[0].RecordType(), lang)
	if err != nil {
		t.Fatal(err)
	}
	for _, rec := range recs {
		if err := w.Write(rec); err != nil {
			if format == "xlsx" && (errors.Is(err, talent.ErrTooLarge) || errors.Is(err, talent.ErrUnsupported)) {
				return // a cell cannot hold it, and it was said
			}
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "data."+format)
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	rows, _, err := readAll(path, Options{})
	if err != nil {
		t.Fatalf("%s: %v\n%s", format, err, b.String())
	}
	if len(rows) != len(recs) {
		t.Fatalf("%s: %d rows of %d records", format, len(rows), len(recs))
	}
	for i, row := range rows {
		want := encode(t, recs[i])
		if len(row.Errors) > 0 {
			t.Fatalf("%s %s: refused: %v\n%s", format, lang, row.Errors, want)
		}
		if got := encode(t, row.Record); got != want {
			t.Fatalf("%s %s:\n got %s\nwant %s", format, lang, got, want)
		}
	}
}

// TestRoundTrip: whatever is written reads back the same, in every format, without
// being told the type (the headers or the sheet tell it).
func TestRoundTrip(t *testing.T) {
	dir := t.TempDir()
	for _, typ := range talent.Types {
		for _, format := range []string{"ndjson", "csv", "xlsx"} {
			t.Run(fmt.Sprintf("%s/%s", typ, format), func(t *testing.T) {
				rapid.Check(t, func(rt *rapid.T) {
					n := rapid.IntRange(1, 2).Draw(rt, "records")
					var recs []talent.Record
					for range n {
						recs = append(recs, drawRecord(rt, typ))
					}
					mustRoundTrip(rt, dir, format, rapid.SampledFrom([]string{"en", "zh"}).Draw(rt, "lang"), recs)
				})
			})
		}
	}
}

func TestWriterLimits(t *testing.T) {
	long := &talent.Demand{ID: "d1", Employer: "o", Title: "操作工", Region: "440600", Text: strings.Repeat("很", 32768)}
	for _, tc := range []struct {
		rec  talent.Record
		want error
		says []string
	}{
		{long, talent.ErrTooLarge, []string{"demand d1", "text (岗位描述)", "32768", "32767"}},
		{&talent.Demand{ID: "d2", Title: "a\uffffb", Employer: "o", Region: "440600"}, talent.ErrUnsupported, []string{"d2", "title", "U+FFFF"}},
		{&talent.Skill{ID: "s", Name: "x"}, talent.ErrInvalid, []string{"skill s in a file of demands"}},
	} {
		w, err := NewWriter(io.Discard, "xlsx", talent.TypeDemand, "")
		if err != nil {
			t.Fatal(err)
		}
		err = w.Write(tc.rec)
		if !errors.Is(err, tc.want) {
			t.Fatalf("%v, want %v", err, tc.want)
		}
		for _, s := range tc.says {
			if !strings.Contains(err.Error(), s) {
				t.Errorf("%q does not say %q", err, s)
			}
		}
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	}
	for _, tc := range [][3]string{{"pdf", "demand", "en"}, {"csv", "", "en"}, {"csv", "person", "en"}, {"csv", "demand", "fr"}} {
		if _, err := NewWriter(io.Discard, tc[0], talent.Type(tc[1]), tc[2]); !errors.Is(err, talent.ErrUnsupported) {
			t.Errorf("%v: %v", tc, err)
		}
	}
}
