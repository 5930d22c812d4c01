package interchange

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"pgregory.net/rapid"

	"talentmatch/talent"
)

// nasty are pieces of text that files tend to spoil.
var nasty = []string{
	"PLC编程", "a", "；", ";", "：", ":", "、", "，", ",", "|", "｜", `\`, `\\`, `"`, `""`, "'", "=", "+", "-", "@", "#", " #", "(", ")", "（上）", "[", "]",
	"【", "】", "id=", "sk.", "4", "0.8", "80%", "必备", " ", "\u3000", "\u00a0", "\u2028", "\ufeff", "_x0041_", "_x005F_", "_x", "_x005F_x0041_", "#N/A", "<b>&amp;", "𠮷", "é",
	"\u200b", "2026-09", "1,234", "\ufffd", "null", "true", "~", "/", "\t", "\n", "\r\n", "\r", "`", "=1+1", "C#", "Node.js", "@x", "()",
}

func drawText(t *rapid.T, lines bool, label string) string {
	parts := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(nasty), rapid.StringN(0, 4, 12)), 0, 6).Draw(t, label)
	s := strings.Map(func(r rune) rune {
		if r == 0xFFFE || r == 0xFFFF || (r < ' ' || r >= 0x7f && r < 0xa0) && !(lines && (r == '\n' || r == '\r' || r == '\t')) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(strings.Join(parts, ""), ""))
	return strings.TrimSpace(s)
}

func drawID(t *rapid.T) string {
	return rapid.OneOf(rapid.SampledFrom([]string{"sk.plc", "440605", "a:b", "-1", "a.b", "CN", "1e5", "00123", "2026-09-01", "46266", "-", "1.50"}),
		rapid.StringMatching(`[A-Za-z0-9._:-]{1,12}`)).Draw(t, "id")
}

// drawRecord makes a random valid record of type typ with every kind of value.
func drawRecord(t *rapid.T, typ talent.Type) talent.Record {
	for {
		rec := talent.New(typ)
		fill(t, typ, reflect.ValueOf(rec).Elem(), "")
		if d, ok := rec.(*talent.Demand); ok && d.Salary != nil && *d.Salary == (talent.Salary{}) {
			d.Salary = nil
		}
		if talent.Validate(rec) == nil {
			return rec
		}
		rec = repair(rec)
		if talent.Validate(rec) == nil {
			return rec
		}
	}
}

// repair makes a record valid where its fields contradict one another.
func repair(rec talent.Record) talent.Record {
	switch r := rec.(type) {
	case *talent.Demand:
		r.Until, r.Salary = "", nil
		r.Skills = slices.DeleteFunc(r.Skills, func(s talent.DemandSkill) bool { return s.Skill == "" && s.Name == "" })
	case *talent.Program:
		r.Cohorts = r.Cohorts[:min(1, len(r.Cohorts))]
		r.Courses = r.Courses[:min(1, len(r.Courses))]
		for i := range r.Courses {
			r.Courses[i].Skills = slices.DeleteFunc(r.Courses[i].Skills, func(s talent.CourseSkill) bool { return s.Skill == "" && s.Name == "" })
		}
		r.Skills = slices.DeleteFunc(r.Skills, func(s talent.ProgramSkill) bool { return s.Skill == "" && s.Name == "" })
	case *talent.Agreement:
		r.Until, r.Program = "", "p1"
	case *talent.Region:
		r.Lat, r.Lon, r.Parent = nil, nil, ""
	case *talent.Alliance:
		r.Members = r.Members[:min(1, len(r.Members))]
	case *talent.Series:
		r.Period, r.Start = "", "2020"
	case *talent.Skill:
		r.Broader, r.Related = nil, nil
	}
	return rec
}

func fill(t *rapid.T, typ talent.Type, v reflect.Value, path string) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "type" {
			continue
		}
		required := f.Tag.Get("required") == "true"
		if !required && rapid.IntRange(0, 2).Draw(t, name+"?") == 0 {
			continue
		}
		fillValue(t, typ, v.Field(i), f, name, required)
	}
}

func fillValue(t *rapid.T, typ talent.Type, v reflect.Value, f reflect.StructField, name string, required bool) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillValue(t, typ, v.Elem(), f, name, required)
	case reflect.String:
		s := drawString(t, typ, f, name)
		if s == "" && required {
			s = "x"
		}
		v.SetString(s)
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, name))
	case reflect.Int:
		v.SetInt(int64(rapid.IntRange(int(bound(f, "minimum", 0)), int(bound(f, "maximum", 1e9))).Draw(t, name)))
	case reflect.Float64:
		v.SetFloat(rapid.OneOf(rapid.Float64Range(bound(f, "minimum", -1e300), bound(f, "maximum", 1e300)), rapid.SampledFrom([]float64{0, 1, 0.5})).Draw(t, name))
	case reflect.Struct:
		fill(t, typ, v, name+".")
	case reflect.Slice:
		n := rapid.IntRange(1, 3).Draw(t, name+"#")
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			fillValue(t, typ, v.Index(i), f, name, true)
		}
	}
}

func bound(f reflect.StructField, tag string, or float64) float64 {
	if s := f.Tag.Get(tag); s != "" {
		or, _ = strconv.ParseFloat(s, 64)
	}
	return or
}

func drawString(t *rapid.T, typ talent.Type, f reflect.StructField, name string) string {
	if words := f.Tag.Get("enum"); words != "" {
		return rapid.SampledFrom(strings.Split(words, ",")).Draw(t, name)
	}
	switch {
	case f.Tag.Get("format") == "id":
		return drawID(t)
	case f.Tag.Get("format") == "date":
		return rapid.SampledFrom([]string{"2026-09-01", "0001-01-01", "2027-12-31", "2024-02-29"}).Draw(t, name)
	case f.Tag.Get("format") == "year-month":
		return rapid.SampledFrom([]string{"2026-09", "1999-12"}).Draw(t, name)
	case typ == talent.TypeSeries && name == "start":
		return rapid.SampledFrom([]string{"2020", "2020-Q1", "2020Q4", "2020-01"}).Draw(t, name)
	}
	limit, _ := strconv.Atoi(f.Tag.Get("maxLength"))
	s := drawText(t, limit >= 2000, name)
	for n := 0; ; n++ {
		if len([]rune(s)) <= limit {
			return strings.TrimSpace(s)
		}
		s = string([]rune(s)[:limit])
	}
}
