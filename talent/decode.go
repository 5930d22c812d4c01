package talent

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Decode reads one record from a JSON object and validates it. want is the type
// when the context fixes it (an API collection, a sheet); "" takes it from the
// "type" field. Unknown and duplicate fields, wrong JSON types, missing and
// out-of-range values are all reported together in an *InvalidError; only what is
// no JSON object, or of no known type, is reported alone. A field that is null is
// absent.
func Decode(data []byte, want Type) (Record, error) {
	if !utf8.Valid(data) {
		return nil, Invalid("", "", "is not valid UTF-8 at byte %d", invalidAt(data))
	}
	fields, err := splitObject(data)
	if err != nil {
		return nil, err
	}
	t := want
	for _, f := range fields {
		if f.name != "type" || string(f.value) == "null" {
			continue
		}
		var s string
		if json.Unmarshal(f.value, &s) != nil {
			return nil, Invalid("type", string(f.value), "must be a string")
		}
		if want != "" && Type(s) != want {
			return nil, Invalid("type", s, "must be %s here", want)
		}
		t = Type(s)
	}
	if t == "" {
		return nil, Invalid("type", "", "is required: %s", oneOf(typeNames()))
	}
	rec := New(t)
	if rec == nil {
		return nil, Invalid("type", string(t), "%s", oneOf(typeNames()))
	}
	var errs fieldErrors
	decodeFields(fields, reflect.ValueOf(rec).Elem(), "", &errs)
	rec.setType()
	normalize(reflect.ValueOf(rec).Elem())
	validate(rec, &errs)
	if err := errs.err(t, Shorten(rec.RecordID())); err != nil {
		return nil, err
	}
	return rec, nil
}

// Encode writes the record as one line of canonical JSON, without a line end:
// fixed field order, empty fields omitted, no HTML escaping.
func Encode(rec Record) ([]byte, error) {
	rec.setType()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(rec); err != nil {
		return nil, fmt.Errorf("encode %s %s: %w", rec.RecordType(), rec.RecordID(), err)
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// Parse reads canonical JSON that Encode wrote and a store kept; it trusts it.
func Parse(t Type, data []byte) (Record, error) {
	rec := New(t)
	if rec == nil {
		return nil, fmt.Errorf("record type %q: %w", t, ErrUnsupported)
	}
	if err := json.Unmarshal(data, rec); err != nil {
		return nil, fmt.Errorf("parse stored %s: %w", t, err)
	}
	return rec, nil
}

func typeNames() []string {
	out := make([]string, len(Types))
	for i, t := range Types {
		out[i] = string(t)
	}
	return out
}

func invalidAt(data []byte) int {
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n <= 1 {
			return i
		}
		i += n
	}
	return len(data)
}

type rawField struct {
	name  string
	value json.RawMessage
}

// splitObject reads a JSON object into its fields, in order, refusing anything
// after it.
func splitObject(data []byte) ([]rawField, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, Invalid("", "", "is empty, expected a JSON object")
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	tok, err := dec.Token()
	if err != nil {
		return nil, syntaxError(err, data)
	}
	if tok != json.Delim('{') {
		return nil, Invalid("", string(bytes.TrimSpace(data)), "must be a JSON object")
	}
	var out []rawField
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, syntaxError(err, data)
		}
		name, _ := key.(string)
		var v json.RawMessage
		if err := dec.Decode(&v); err != nil {
			return nil, syntaxError(err, data)
		}
		out = append(out, rawField{name, v})
	}
	if _, err := dec.Token(); err != nil {
		return nil, syntaxError(err, data)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, Invalid("", "", "has something after the end of the JSON object")
	}
	return out, nil
}

func syntaxError(err error, data []byte) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return Invalid("", "", "is not complete JSON: it ends too early")
	}
	// A decoder that reads in steps miscounts offsets; one that reads the whole
	// does not.
	var whole json.RawMessage
	if se, ok := json.Unmarshal(data, &whole).(*json.SyntaxError); ok {
		return Invalid("", "", "is not JSON: %s at byte %d", strings.TrimPrefix(se.Error(), "json: "), se.Offset)
	}
	return Invalid("", "", "is not JSON: %s", Shorten(err.Error()))
}

func decodeFields(fields []rawField, dst reflect.Value, path string, errs *fieldErrors) {
	s := schemaOf(dst.Type())
	present, seen := map[string]bool{}, map[string]bool{}
	for _, f := range fields {
		if seen[f.name] {
			errs.add(join(path, Shorten(f.name)), "", "is given twice")
			continue
		}
		seen[f.name] = true
		rule, ok := s.byName[f.name]
		if !ok {
			errs.add(join(path, Shorten(f.name)), "", "is not a field here; known: %s", s.names())
			continue
		}
		if string(f.value) == "null" {
			continue // as if absent
		}
		present[f.name] = true
		decodeValue(f.value, dst.Field(rule.index), rule, join(path, f.name), errs)
	}
	for _, r := range s.fields {
		if r.required && !present[r.name] {
			errs.add(join(path, r.name), "", "is required")
		}
	}
}

func (s *schema) names() string {
	out := make([]string, len(s.fields))
	for i, f := range s.fields {
		out[i] = f.name
	}
	return strings.Join(out, ", ")
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func decodeValue(raw json.RawMessage, dst reflect.Value, rule *fieldRule, path string, errs *fieldErrors) {
	switch dst.Kind() {
	case reflect.Pointer:
		v := reflect.New(dst.Type().Elem())
		n := errs.n
		decodeValue(raw, v.Elem(), rule, path, errs)
		if errs.n == n || v.Elem().Kind() == reflect.Struct {
			dst.Set(v)
		}
	case reflect.String:
		var s string
		if json.Unmarshal(raw, &s) != nil {
			errs.add(path, string(raw), "must be a string")
			return
		}
		dst.SetString(s)
	case reflect.Bool:
		var b bool
		if json.Unmarshal(raw, &b) != nil {
			errs.add(path, string(raw), "must be true or false")
			return
		}
		dst.SetBool(b)
	case reflect.Int:
		f, ok := number(raw)
		switch {
		case !ok || f != math.Trunc(f):
			errs.add(path, string(raw), "must be a whole number")
		case f < rule.min || f > rule.max || math.Abs(f) > 1e15:
			errs.add(path, string(raw), "must be %s", rule.span())
		default:
			dst.SetInt(int64(f))
		}
	case reflect.Float64:
		f, ok := number(raw)
		switch {
		case !ok:
			errs.add(path, string(raw), "must be a number")
		case math.IsInf(f, 0):
			errs.add(path, string(raw), "must be %s", rule.span())
		default:
			dst.SetFloat(f)
		}
	case reflect.Struct:
		if len(raw) == 0 || raw[0] != '{' {
			errs.add(path, string(raw), "must be an object")
			return
		}
		fields, err := splitObject(raw)
		if err != nil {
			errs.add(path, string(raw), "must be an object")
			return
		}
		decodeFields(fields, dst, path, errs)
	case reflect.Slice:
		var items []json.RawMessage
		if json.Unmarshal(raw, &items) != nil {
			errs.add(path, string(raw), "must be a list")
			return
		}
		if len(items) > rule.maxItems {
			errs.add(path, "", "has %d entries, at most %d are accepted", len(items), rule.maxItems)
			return
		}
		out := reflect.MakeSlice(dst.Type(), len(items), len(items))
		for i, it := range items {
			p := path + "[" + strconv.Itoa(i) + "]"
			if string(it) == "null" {
				errs.add(p, "null", "must not be null")
				continue
			}
			decodeValue(it, out.Index(i), rule, p, errs)
		}
		dst.Set(out)
	}
}

// number reads a JSON number, one beyond float64 as infinite; strings are not
// numbers.
func number(raw json.RawMessage) (float64, bool) {
	if len(raw) == 0 || (raw[0] != '-' && (raw[0] < '0' || raw[0] > '9')) {
		return 0, false
	}
	f, err := strconv.ParseFloat(string(raw), 64)
	return f, err == nil || math.IsInf(f, 0)
}

// span words a rule's range.
func (r *fieldRule) span() string {
	lo, hi := strconv.FormatFloat(r.min, 'f', -1, 64), strconv.FormatFloat(r.max, 'f', -1, 64)
	switch {
	case math.IsInf(r.min, -1) && math.IsInf(r.max, 1):
		return "a finite number"
	case math.IsInf(r.max, 1):
		return "at least " + lo
	case math.IsInf(r.min, -1):
		return "at most " + hi
	}
	return "from " + lo + " to " + hi
}
