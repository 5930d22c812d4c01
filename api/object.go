package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strconv"
	"strings"

	"talentmatch/talent"
)

// A member is one name and value of a JSON object.
type member struct {
	name  string
	value json.RawMessage
}

var errNotObject = errors.New("must be a JSON object")

// members takes a JSON object apart, in its order; it refuses anything else,
// anything after it, and a name given twice.
func members(data []byte) ([]member, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	token, err := dec.Token()
	if err != nil {
		return nil, syntax(err)
	}
	if token != json.Delim('{') {
		return nil, errNotObject
	}
	var out []member
	seen := map[string]bool{}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, syntax(err)
		}
		m := member{name: key.(string)} // the decoder takes nothing else for a name
		if seen[m.name] {
			return nil, errors.New("has the field " + talent.Shorten(m.name) + " twice")
		}
		seen[m.name] = true
		if err := dec.Decode(&m.value); err != nil {
			return nil, syntax(err)
		}
		out = append(out, m)
	}
	if _, err := dec.Token(); err != nil {
		return nil, syntax(err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errors.New("has something after the end of the JSON object")
	}
	return out, nil
}

func syntax(err error) error {
	var at *json.SyntaxError
	switch {
	case errors.As(err, &at):
		return errors.New("is not JSON: " + strings.TrimPrefix(at.Error(), "json: ") + " at byte " + strconv.FormatInt(at.Offset, 10))
	case err == io.EOF, err == io.ErrUnexpectedEOF:
		return errors.New("is not complete JSON: it ends too early")
	}
	return errors.New("is not JSON: " + talent.Shorten(err.Error()))
}

// fill puts fields into a JSON object that lacks them. What is no object is
// returned as it is, for talent.Decode to say so.
func fill(data []byte, fields ...member) []byte {
	have, err := members(data)
	if err != nil {
		return data
	}
	var b bytes.Buffer
	sep := byte('{')
	for _, f := range fields {
		if !given(have, f.name) {
			name, _ := json.Marshal(f.name) // strings always encode
			b.WriteByte(sep)
			b.Write(name)
			b.WriteByte(':')
			b.Write(f.value)
			sep = ','
		}
	}
	if b.Len() == 0 {
		return data
	}
	rest := bytes.TrimSpace(data)[1:]
	if len(have) > 0 {
		b.WriteByte(',')
	}
	b.Write(rest)
	return b.Bytes()
}

func given(list []member, name string) bool {
	for _, m := range list {
		if m.name == name {
			return true
		}
	}
	return false
}

// decodeObject fills dst, a struct whose json tags follow the rules of parameters,
// from a JSON object, and returns everything that is wrong. Fields that the object
// lacks, or that are null, keep what they hold; json.RawMessage is kept as it came.
func decodeObject(data []byte, path string, dst reflect.Value) []ProblemError {
	fields, err := members(data)
	if err != nil {
		return []ProblemError{{Location: path, Message: err.Error()}}
	}
	rules := rulesOf(dst.Type(), "json")
	var errs []ProblemError
	for _, f := range fields {
		at := path + "." + talent.Shorten(f.name)
		r := find(rules, f.name)
		switch {
		case r == nil:
			errs = append(errs, ProblemError{Location: at, Message: "is not a field here; known: " + names(rules)})
		case string(f.value) != "null":
			errs = append(errs, r.decode(f.value, at, dst.FieldByIndex(r.index))...)
		}
	}
	return errs
}

func find(rules []rule, name string) *rule {
	for i := range rules {
		if rules[i].name == name {
			return &rules[i]
		}
	}
	return nil
}

func names(rules []rule) string {
	out := make([]string, len(rules))
	for i := range rules {
		out[i] = rules[i].name
	}
	return strings.Join(out, ", ")
}

// decode stores one JSON value.
func (p *rule) decode(raw json.RawMessage, at string, dst reflect.Value) []ProblemError {
	bad := func(at, message string, value json.RawMessage) []ProblemError {
		return []ProblemError{{Location: at, Message: message, Value: talent.Shorten(strings.ToValidUTF8(string(value), "\uFFFD"))}}
	}
	switch {
	case p.kind == reflect.Struct:
		return decodeObject(raw, at, dst)
	case dst.Type() == reflect.TypeFor[json.RawMessage]():
		dst.SetBytes(raw)
		return nil
	case !p.list:
		if message := p.decodeOne(raw, dst); message != "" {
			return bad(at, message, raw)
		}
		return nil
	}
	var items []json.RawMessage
	if raw[0] != '[' || json.Unmarshal(raw, &items) != nil {
		return bad(at, "must be a list", raw)
	}
	if len(items) > p.maxItems {
		return bad(at, "has "+strconv.Itoa(len(items))+" values, at most "+strconv.Itoa(p.maxItems)+" are accepted", nil)
	}
	list := reflect.MakeSlice(dst.Type(), len(items), len(items))
	var errs []ProblemError
	for i, item := range items {
		if message := p.decodeOne(item, list.Index(i)); message != "" {
			errs = append(errs, bad(at+"["+strconv.Itoa(i)+"]", message, item)...)
		}
	}
	dst.Set(list)
	return errs
}

// decodeOne stores one JSON scalar of the rule's kind and returns what is wrong.
func (p *rule) decodeOne(raw json.RawMessage, dst reflect.Value) string {
	text := string(raw)
	switch first := raw[0]; {
	case p.kind == reflect.String:
		if first != '"' || json.Unmarshal(raw, &text) != nil {
			return "must be a string"
		}
		if text == "" {
			return "must not be empty"
		}
	case p.kind == reflect.Int && first != '-' && (first < '0' || first > '9'):
		return "must be a whole number"
	case p.kind == reflect.Float64 && first != '-' && (first < '0' || first > '9'):
		return "must be a number"
	}
	return p.setOne(dst, text)
}
