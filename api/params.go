package api

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"talentmatch/talent"
)

// The bounds of a parameter whose tags give none.
const (
	maxValues     = 100 // of a list
	maxValueRunes = 200 // of a text
)

// A rule is what the tags of one field say about one parameter, or one member of
// a JSON body: path, query, header or json for the name, then default, enum,
// minimum, maximum, maxLength, maxItems and required. huma reads the same tags for
// the OpenAPI document, so that what is documented is what is checked.
type rule struct {
	in, name  string
	field     reflect.StructField
	index     []int // from the root struct
	list      bool
	kind      reflect.Kind // of one value
	enum      []string
	min, max  float64
	maxLength int
	maxItems  int
	def       string
	required  bool
}

// rulesOf reads the rules of a parameter struct. A struct field with the tag
// `prefix` holds parameters whose names begin with it; embedded structs add
// theirs.
func rulesOf(t reflect.Type, places ...string) []rule {
	return collectRules(t, nil, "", places)
}

func collectRules(t reflect.Type, index []int, prefix string, places []string) []rule {
	var out []rule
	for i := range t.NumField() {
		f := t.Field(i)
		at := append(append([]int{}, index...), i)
		more, nested := f.Tag.Lookup("prefix")
		if f.Anonymous || nested {
			out = append(out, collectRules(f.Type, at, prefix+more, places)...)
			continue
		}
		for _, in := range places {
			if name, _, _ := strings.Cut(f.Tag.Get(in), ","); name != "" {
				out = append(out, newRule(f, in, prefix+name, at))
			}
		}
	}
	return out
}

func newRule(f reflect.StructField, in, name string, index []int) rule {
	r := rule{in: in, name: name, field: f, index: index, kind: f.Type.Kind(), def: f.Tag.Get("default"),
		min: math.Inf(-1), max: math.Inf(1), maxLength: maxValueRunes, maxItems: maxValues,
		required: in == "path" || f.Tag.Get("required") == "true"}
	if r.kind == reflect.Slice && f.Type.Elem().Kind() != reflect.Uint8 {
		r.list, r.kind = true, f.Type.Elem().Kind()
	}
	if e := f.Tag.Get("enum"); e != "" {
		r.enum = strings.Split(e, ",")
	}
	for tag, to := range map[string]*float64{"minimum": &r.min, "maximum": &r.max} {
		if v := f.Tag.Get(tag); v != "" {
			*to = mustNumber(v)
		}
	}
	for tag, to := range map[string]*int{"maxLength": &r.maxLength, "maxItems": &r.maxItems} {
		if v := f.Tag.Get(tag); v != "" {
			*to = int(mustNumber(v))
		}
	}
	return r
}

// mustNumber reads a number of a struct tag; a bad one is a programmer's mistake.
func mustNumber(s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		panic("api: bad number in a struct tag: " + s)
	}
	return v
}

// bind fills dst, a struct, from the parameters of a request by its rules, and
// returns everything that is wrong with them.
func bind(r *http.Request, path func(string) string, rules []rule, dst reflect.Value) []ProblemError {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return []ProblemError{{Location: "query", Message: "is not a well-formed query string: " + talent.Shorten(err.Error())}}
	}
	errs := unknownParameters(query, rules)
	for i := range rules {
		p := &rules[i]
		var values []string
		switch p.in {
		case "path":
			values = []string{path(p.name)}
		case "query":
			values = query[p.name]
		case "header":
			values = r.Header.Values(p.name)
		}
		if message, value := p.set(dst.FieldByIndex(p.index), values); message != "" {
			errs = append(errs, ProblemError{Location: p.in + "." + p.name, Message: message, Value: talent.Shorten(value)})
		}
	}
	return errs
}

// unknownParameters refuses query parameters that no rule names: a typo must not
// pass as an unfiltered answer.
func unknownParameters(query url.Values, rules []rule) []ProblemError {
	var known []string
	for i := range rules {
		if rules[i].in == "query" {
			known = append(known, rules[i].name)
		}
	}
	var errs []ProblemError
	for name := range query {
		if !contains(known, name) {
			message := "is not a parameter here; known: " + strings.Join(known, ", ")
			if len(known) == 0 {
				message = "is not a parameter here; there are none"
			}
			errs = append(errs, ProblemError{Location: "query." + talent.Shorten(strings.ToValidUTF8(name, "\uFFFD")), Message: message})
		}
	}
	sort.Slice(errs, func(i, j int) bool { return errs[i].Location < errs[j].Location })
	return errs[:min(len(errs), maxValues)]
}

func contains(list []string, s string) bool {
	for _, e := range list {
		if e == s {
			return true
		}
	}
	return false
}

// set stores the values that a request gives, or the default. It returns what is
// wrong, and with which value. A parameter without a value counts as not given.
func (p *rule) set(dst reflect.Value, values []string) (message, value string) {
	given := splitValues(values, p.list)
	if len(given) == 0 && p.def != "" {
		given = splitValues([]string{p.def}, p.list)
	}
	switch {
	case len(given) == 0 && p.required:
		return "is required", ""
	case len(given) == 0:
		return "", ""
	case !p.list && len(given) > 1:
		return fmt.Sprintf("is given %d times, once is accepted", len(given)), given[1]
	case !p.list:
		return p.setOne(dst, given[0]), given[0]
	case len(given) > p.maxItems:
		return fmt.Sprintf("has %d values, at most %d are accepted", len(given), p.maxItems), ""
	}
	list := reflect.MakeSlice(dst.Type(), len(given), len(given))
	for i, v := range given {
		if message := p.setOne(list.Index(i), v); message != "" {
			return message, v
		}
	}
	dst.Set(list)
	return "", ""
}

// splitValues takes lists apart, which may be written a=1,2 and a=1&a=2, and drops
// empty values.
func splitValues(values []string, list bool) []string {
	var out []string
	for _, v := range values {
		parts := []string{v}
		if list {
			parts = strings.Split(v, ",")
		}
		for _, part := range parts {
			if part != "" {
				out = append(out, part)
			}
		}
	}
	return out
}

// setOne stores one value written as text and returns what is wrong with it.
func (p *rule) setOne(dst reflect.Value, text string) string {
	if message := p.checkText(text); message != "" {
		return message
	}
	switch p.kind {
	case reflect.String:
		dst.SetString(text)
	case reflect.Bool:
		if text != "true" && text != "false" {
			return "must be true or false"
		}
		dst.SetBool(text == "true")
	case reflect.Int:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil && !isRangeError(err) {
			return "must be a whole number"
		}
		if err != nil || float64(n) < p.min || float64(n) > p.max {
			return "must be " + p.span()
		}
		dst.SetInt(n)
	case reflect.Float64:
		f, err := strconv.ParseFloat(text, 64)
		if math.IsNaN(f) || err != nil && !isRangeError(err) {
			return "must be a number"
		}
		if err != nil || math.IsInf(f, 0) || f < p.min || f > p.max {
			return "must be " + p.span()
		}
		dst.SetFloat(f)
	default:
		panic("api: parameter " + p.name + " has a type that no rule knows")
	}
	return ""
}

func isRangeError(err error) bool {
	e, ok := err.(*strconv.NumError)
	return ok && e.Err == strconv.ErrRange
}

func (p *rule) checkText(text string) string {
	if !utf8.ValidString(text) {
		return "is not valid UTF-8"
	}
	if n := utf8.RuneCountInString(text); n > p.maxLength {
		return fmt.Sprintf("has %d characters, at most %d are accepted", n, p.maxLength)
	}
	for _, c := range text {
		if unicode.IsControl(c) && c != '\n' && c != '\r' && c != '\t' {
			return fmt.Sprintf("must not contain the control character U+%04X", c)
		}
	}
	if len(p.enum) > 0 && !contains(p.enum, text) {
		return "must be one of " + strings.Join(p.enum, ", ")
	}
	return ""
}

// span words a range of numbers.
func (p *rule) span() string {
	lo, hi := strconv.FormatFloat(p.min, 'f', -1, 64), strconv.FormatFloat(p.max, 'f', -1, 64)
	switch {
	case math.IsInf(p.max, 1) && math.IsInf(p.min, -1):
		return "a finite number"
	case math.IsInf(p.max, 1):
		return "a finite number of at least " + lo
	case math.IsInf(p.min, -1):
		return "at most " + hi
	}
	return "from " + lo + " to " + hi
}
