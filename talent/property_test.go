package talent

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

// TestParseEncode: a valid record that is written and read, by Parse or by Decode,
// is the same record.
func TestParseEncode(t *testing.T) {
	for _, typ := range Types {
		t.Run(string(typ), func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				rec := drawRecord(rt, typ)
				if err := Validate(rec); err != nil {
					rt.Fatalf("the generator: %v", err)
				}
				written, err := Encode(rec)
				if err != nil {
					rt.Fatal(err)
				}
				parsed, err := Parse(typ, written)
				if err != nil {
					rt.Fatal(err)
				}
				if !reflect.DeepEqual(parsed, rec) {
					rt.Fatalf("parsed %+v, want %+v", parsed, rec)
				}
				decoded, err := Decode(written, "")
				if err != nil {
					rt.Fatalf("%v\n%s", err, written)
				}
				if !reflect.DeepEqual(decoded, rec) {
					rt.Fatalf("decoded %+v, want %+v", decoded, rec)
				}
				again, err := Encode(decoded)
				if err != nil || !bytes.Equal(again, written) {
					rt.Fatalf("%v\n got %s\nwant %s", err, again, written)
				}
			})
		})
	}
}

// drawRecord makes a valid record of type typ by its field rules.
func drawRecord(t *rapid.T, typ Type) Record {
	rec := New(typ)
	drawStruct(t, reflect.ValueOf(rec).Elem())
	reconcile(rec)
	rec.setType()
	return rec
}

func drawStruct(t *rapid.T, v reflect.Value) {
	for _, r := range schemaOf(v.Type()).fields {
		if r.name != "type" && (r.required || rapid.Bool().Draw(t, r.name+"?")) {
			drawValue(t, v.Field(r.index), r)
		}
	}
}

func drawValue(t *rapid.T, v reflect.Value, r fieldRule) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		drawValue(t, v.Elem(), r)
	case reflect.String:
		v.SetString(drawString(t, r))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, r.name))
	case reflect.Int:
		v.SetInt(int64(rapid.IntRange(int(r.min), int(r.max)).Draw(t, r.name)))
	case reflect.Float64:
		v.SetFloat(rapid.Float64Range(max(r.min, -1e308), min(r.max, 1e308)).Draw(t, r.name))
	case reflect.Struct:
		drawStruct(t, v)
	case reflect.Slice:
		n := rapid.IntRange(1, 3).Draw(t, r.name+"#")
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			drawValue(t, v.Index(i), r)
		}
	}
}

func drawString(t *rapid.T, r fieldRule) string {
	switch {
	case len(r.enum) > 0:
		return rapid.SampledFrom(r.enum).Draw(t, r.name)
	case r.format == "id":
		return rapid.StringMatching(`[A-Za-z0-9._:-]{1,128}`).Draw(t, r.name)
	case r.format == "date":
		return rapid.SampledFrom([]string{"2026-09-01", "0000-01-01", "9999-12-31", "2024-02-29"}).Draw(t, r.name)
	case r.format == "year-month":
		return rapid.SampledFrom([]string{"2026-09", "0000-01", "9999-12"}).Draw(t, r.name)
	case r.name == "start":
		return rapid.SampledFrom([]string{"2026", "2026-Q1", "2026Q4", "2026-12"}).Draw(t, r.name)
	}
	pieces := rapid.SliceOfN(rapid.OneOf(
		rapid.SampledFrom([]string{"焊", "PLC", "<&>", `"`, `\`, "\u2028", "\u00a0", "𠮷", "\ufffd", "\ufeff", "é", " ", "\n", "\t"}),
		rapid.StringN(0, 3, -1)), 0, 4).Draw(t, r.name)
	text := r.maxLength >= 2000
	s := strings.Map(func(c rune) rune {
		if unicode.IsControl(c) && !(text && strings.ContainsRune("\n\r\t", c)) {
			return -1
		}
		return c
	}, strings.Join(pieces, ""))
	if s = strings.TrimSpace(s); s == "" || len(s) > r.maxLength {
		return "x"
	}
	return s
}

// reconcile makes fields agree with one another.
func reconcile(rec Record) {
	switch r := rec.(type) {
	case *Alliance:
		r.Members = r.Members[:min(1, len(r.Members))]
	case *Region:
		if r.Lat == nil || r.Lon == nil {
			r.Lat, r.Lon = nil, nil
		}
		if r.Parent == r.ID {
			r.Parent = ""
		}
	case *Demand:
		for i := range r.Skills {
			if r.Skills[i].Skill == "" {
				r.Skills[i].Name = "焊接"
			}
		}
		if r.Until < r.Posted {
			r.Until = r.Posted
		}
		if s := r.Salary; s != nil && s.Min != nil && s.Max != nil && *s.Max < *s.Min {
			s.Min, s.Max = s.Max, s.Min
		}
		if r.Salary != nil && *r.Salary == (Salary{}) {
			r.Salary = nil
		}
	case *Program:
		for i := range r.Skills {
			if r.Skills[i].Skill == "" {
				r.Skills[i].Name = "焊接"
			}
		}
		for i := range r.Courses {
			r.Courses[i].ID = strings.Repeat("c", i)
			for j := range r.Courses[i].Skills {
				if r.Courses[i].Skills[j].Skill == "" {
					r.Courses[i].Skills[j].Name = "焊接"
				}
			}
		}
		for i := range r.Cohorts {
			r.Cohorts[i].Year = 2026 + i
		}
	case *Agreement:
		if r.Program == "" {
			r.School = "o"
		}
		if r.Until < r.From {
			r.Until = r.From
		}
	case *Series:
		r.Period = ""
	case *Occupation:
		if r.Parent == r.ID {
			r.Parent = ""
		}
	case *Skill:
		for _, list := range [][]string{r.Broader, r.Related} {
			for i := range list {
				if list[i] == r.ID {
					list[i] = strings.Repeat("x", len(r.ID)%128+1) // of another length
				}
			}
		}
	}
}
