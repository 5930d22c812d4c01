package talent

import (
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Validate checks a record that was made in Go rather than read by Decode. It
// returns nil or an *InvalidError that names every bad field.
func Validate(rec Record) error {
	var errs fieldErrors
	rec.setType()
	normalize(reflect.ValueOf(rec).Elem())
	validate(rec, &errs)
	return errs.err(rec.RecordType(), Shorten(rec.RecordID()))
}

// Refs lists every reference that the record holds, in field order.
func Refs(rec Record) []Ref {
	var out []Ref
	collectRefs(reflect.ValueOf(rec).Elem(), "", &out)
	return out
}

func collectRefs(v reflect.Value, path string, out *[]Ref) {
	s := schemaOf(v.Type())
	for i := range s.fields {
		r := &s.fields[i]
		f := v.Field(r.index)
		switch f.Kind() {
		case reflect.Struct:
			collectRefs(f, join(path, r.name), out)
		case reflect.String:
			if r.ref != "" && f.String() != "" {
				*out = append(*out, Ref{join(path, r.name), r.ref, f.String()})
			}
		case reflect.Slice:
			switch f.Type().Elem().Kind() {
			case reflect.Struct:
				for j := range f.Len() {
					collectRefs(f.Index(j), join(path, r.name)+"["+strconv.Itoa(j)+"]", out)
				}
			case reflect.String:
				if r.ref == "" {
					continue
				}
				for j := range f.Len() {
					*out = append(*out, Ref{join(path, r.name) + "[" + strconv.Itoa(j) + "]", r.ref, f.Index(j).String()})
				}
			}
		}
	}
}

var idPattern = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,128}$`)

// ValidID reports whether s can be a record's id.
func ValidID(s string) bool { return idPattern.MatchString(s) }

// normalize trims the space around every string, which is never meant (texts keep
// their inner layout), and drops objects that say nothing, such as a salary of {},
// because a table has no way to write them.
func normalize(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return
		}
		normalize(v.Elem())
		if e := v.Elem(); e.Kind() == reflect.Struct && e.IsZero() {
			v.SetZero()
		}
	case reflect.String:
		if s := v.String(); s != "" {
			if t := strings.TrimSpace(s); len(t) != len(s) {
				v.SetString(t)
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			normalize(v.Field(i))
		}
	case reflect.Slice:
		if k := v.Type().Elem().Kind(); k == reflect.Struct || k == reflect.String {
			for i := range v.Len() {
				normalize(v.Index(i))
			}
		}
	}
}

func validate(rec Record, errs *fieldErrors) {
	validateStruct(reflect.ValueOf(rec).Elem(), "", errs)
	rec.check(errs)
}

func validateStruct(v reflect.Value, path string, errs *fieldErrors) {
	s := schemaOf(v.Type())
	for i := range s.fields {
		r := &s.fields[i]
		p := join(path, r.name)
		if errs.is(p) {
			continue // decoding has said it
		}
		validateValue(v.Field(r.index), r, p, r.required, errs)
	}
}

func validateValue(v reflect.Value, r *fieldRule, path string, required bool, errs *fieldErrors) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			validateValue(v.Elem(), r, path, required, errs)
		}
	case reflect.Struct:
		validateStruct(v, path, errs)
	case reflect.String:
		validateString(v.String(), r, path, required, errs)
	case reflect.Int:
		if n := float64(v.Int()); n < r.min || n > r.max {
			errs.add(path, strconv.FormatInt(v.Int(), 10), "must be %s", r.span())
		}
	case reflect.Float64:
		if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) || f < r.min || f > r.max {
			errs.add(path, strconv.FormatFloat(f, 'g', -1, 64), "must be %s", r.span())
		}
	case reflect.Slice:
		if v.Len() > r.maxItems {
			errs.add(path, "", "has %d entries, at most %d are accepted", v.Len(), r.maxItems)
			return
		}
		for i := range v.Len() {
			p := path + "[" + strconv.Itoa(i) + "]"
			if errs.is(p) {
				continue
			}
			validateValue(v.Index(i), r, p, v.Type().Elem().Kind() == reflect.String, errs)
		}
	}
}

func validateString(s string, r *fieldRule, path string, required bool, errs *fieldErrors) {
	if s == "" {
		if required {
			errs.add(path, "", "must not be empty")
		}
		return
	}
	if !utf8.ValidString(s) {
		errs.add(path, "", "is not valid UTF-8")
		return
	}
	if len(s) > r.maxLength && utf8.RuneCountInString(s) > r.maxLength {
		errs.add(path, "", "has %d characters, at most %d are accepted", utf8.RuneCountInString(s), r.maxLength)
		return
	}
	long := r.maxLength >= 2000 // texts and notes may have several lines
	for _, c := range s {
		if unicode.IsControl(c) && !(long && (c == '\n' || c == '\r' || c == '\t')) {
			errs.add(path, s, "must not contain the control character U+%04X", c)
			return
		}
	}
	if len(r.enum) > 0 && !contains(r.enum, s) {
		errs.add(path, s, "%s", oneOf(r.enum))
		return
	}
	switch r.format {
	case "id":
		if !ValidID(s) {
			errs.add(path, s, "must be 1-128 characters of A-Za-z0-9._:-")
		}
	case "date":
		if _, err := time.Parse("2006-01-02", s); err != nil {
			errs.add(path, s, "must be a date written YYYY-MM-DD")
		}
	case "year-month":
		if _, ok := ParseMonth(s); !ok {
			errs.add(path, s, "must be a month written YYYY-MM")
		}
	}
}

func contains(list []string, s string) bool {
	for _, e := range list {
		if e == s {
			return true
		}
	}
	return false
}

// ParseMonth reads "YYYY-MM" as the number of months since year 0; false if s is
// something else.
func ParseMonth(s string) (int, bool) {
	t, err := time.Parse("2006-01", s)
	if err != nil {
		return 0, false
	}
	return t.Year()*12 + int(t.Month()) - 1, true
}

func (r *Organization) check(*fieldErrors) {}

func (r *Alliance) check(e *fieldErrors) {
	seen := map[string]int{}
	for i, m := range r.Members {
		key := m.Organization + "\x00" + m.Role
		if j, ok := seen[key]; ok && m.Organization != "" {
			e.add("members["+itoa(i)+"].organization", m.Organization, "has the same role already in members[%d]", j)
		}
		seen[key] = i
	}
}

func (r *Region) check(e *fieldErrors) {
	if r.Parent != "" && r.Parent == r.ID {
		e.add("parent", r.Parent, "must not be the region itself")
	}
	if (r.Lat == nil) != (r.Lon == nil) && !e.has("lat") && !e.has("lon") {
		e.add("lat", "", "lat and lon must be given together")
	}
}

func (r *Occupation) check(e *fieldErrors) {
	if r.Parent != "" && r.Parent == r.ID {
		e.add("parent", r.Parent, "must not be the occupation itself")
	}
}

func (r *Skill) check(e *fieldErrors) {
	for i, b := range r.Broader {
		if b == r.ID && b != "" {
			e.add("broader["+itoa(i)+"]", b, "must not be the skill itself")
		}
	}
	for i, b := range r.Related {
		if b == r.ID && b != "" {
			e.add("related["+itoa(i)+"]", b, "must not be the skill itself")
		}
	}
}

func (r *Demand) check(e *fieldErrors) {
	for i, s := range r.Skills {
		needsSkillOrName(e, "skills["+itoa(i)+"]", s.Skill, s.Name)
	}
	if r.Posted != "" && r.Until != "" && r.Until < r.Posted && !e.has("posted") && !e.has("until") {
		e.add("until", r.Until, "must not be before posted %s", r.Posted)
	}
	if s := r.Salary; s != nil && s.Min != nil && s.Max != nil && *s.Max < *s.Min && !e.has("salary.min") && !e.has("salary.max") {
		e.add("salary.max", strconv.FormatFloat(*s.Max, 'g', -1, 64), "must not be below salary.min %g", *s.Min)
	}
}

func (r *Program) check(e *fieldErrors) {
	for i, s := range r.Skills {
		needsSkillOrName(e, "skills["+itoa(i)+"]", s.Skill, s.Name)
	}
	ids := map[string]int{}
	for i, c := range r.Courses {
		p := "courses[" + itoa(i) + "]"
		if c.ID != "" {
			if j, ok := ids[c.ID]; ok {
				e.add(p+".id", c.ID, "is the id of courses[%d] too", j)
			}
			ids[c.ID] = i
		}
		for j, s := range c.Skills {
			needsSkillOrName(e, p+".skills["+itoa(j)+"]", s.Skill, s.Name)
		}
	}
	years := map[int]int{}
	for i, c := range r.Cohorts {
		if j, ok := years[c.Year]; ok && c.Year != 0 {
			e.add("cohorts["+itoa(i)+"].year", itoa(c.Year), "is the year of cohorts[%d] too", j)
		}
		years[c.Year] = i
	}
}

func needsSkillOrName(e *fieldErrors, path, skill, name string) {
	if skill == "" && name == "" && !e.is(path) && !e.has(path+".skill") && !e.has(path+".name") {
		e.add(path, "", "needs skill (an id) or name")
	}
}

func (r *Agreement) check(e *fieldErrors) {
	if r.Program == "" && r.School == "" && !e.has("program") && !e.has("school") {
		e.add("program", "", "program or school is required")
	}
	if r.From != "" && r.Until != "" && r.Until < r.From && !e.has("from") && !e.has("until") {
		e.add("until", r.Until, "must not be before from %s", r.From)
	}
}

func (r *Crosswalk) check(*fieldErrors) {}

func (r *Outcome) check(*fieldErrors) {}

var seriesStart = map[string]*regexp.Regexp{
	"year":    regexp.MustCompile(`^\d{4}$`),
	"quarter": regexp.MustCompile(`^\d{4}-?Q[1-4]$`),
	"month":   regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])$`),
}

func (r *Series) check(e *fieldErrors) {
	if len(r.Values) == 0 && !e.has("values") {
		e.add("values", "", "must not be empty")
	}
	if r.Start == "" || e.has("start") || e.has("period") {
		return
	}
	for period, re := range seriesStart {
		if re.MatchString(r.Start) && (r.Period == "" || r.Period == period) {
			return
		}
	}
	if r.Period == "" {
		e.add("start", r.Start, "must be written YYYY, YYYY-Qn or YYYY-MM")
	} else {
		e.add("start", r.Start, "must fit period %s", r.Period)
	}
}
