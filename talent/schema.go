package talent

import (
	"math"
	"reflect"
	"strconv"
	"strings"
	"sync"
)

func itoa(n int) string { return strconv.Itoa(n) }

// A fieldRule is what the tags of one struct field say.
type fieldRule struct {
	name      string // JSON name
	index     int    // position in the struct
	required  bool
	enum      []string
	format    string // "", "id", "year-month", "date"
	min, max  float64
	maxLength int // runes
	maxItems  int
	ref       Type
}

// schema is the rules of one struct type.
type schema struct {
	fields []fieldRule
	byName map[string]*fieldRule
}

var schemas sync.Map // reflect.Type -> *schema

// schemaOf reads the tags of a struct type once.
func schemaOf(t reflect.Type) *schema {
	if s, ok := schemas.Load(t); ok {
		return s.(*schema)
	}
	s := &schema{byName: map[string]*fieldRule{}}
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		r := fieldRule{
			name: name, index: i, required: f.Tag.Get("required") == "true",
			format: f.Tag.Get("format"), ref: Type(f.Tag.Get("ref")),
			min: math.Inf(-1), max: math.Inf(1), maxLength: math.MaxInt, maxItems: math.MaxInt,
		}
		if e := f.Tag.Get("enum"); e != "" {
			r.enum = strings.Split(e, ",")
		}
		if v := f.Tag.Get("minimum"); v != "" {
			r.min = mustFloat(v)
		}
		if v := f.Tag.Get("maximum"); v != "" {
			r.max = mustFloat(v)
		}
		if v := f.Tag.Get("maxLength"); v != "" {
			r.maxLength = int(mustFloat(v))
		}
		if v := f.Tag.Get("maxItems"); v != "" {
			r.maxItems = int(mustFloat(v))
		}
		s.fields = append(s.fields, r)
	}
	for i := range s.fields {
		s.byName[s.fields[i].name] = &s.fields[i]
	}
	actual, _ := schemas.LoadOrStore(t, s)
	return actual.(*schema)
}

// mustFloat reads a number of a struct tag; a bad one is a programmer's mistake.
func mustFloat(s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		panic("talent: bad number in a struct tag: " + s)
	}
	return v
}

// A Field describes one field of a record type for import help and for mapping
// spreadsheet columns.
type Field struct {
	Name     string
	Kind     FieldKind
	Required bool
	Enum     []string
	Ref      Type
	Doc      string
	Fields   []Field // of the element, when Kind is ListOfObjects or Object
}

// FieldKind is the shape of a field's value.
type FieldKind string

// The shapes of field values.
const (
	Text          FieldKind = "text"
	Number        FieldKind = "number"
	Whole         FieldKind = "whole"
	Truth         FieldKind = "truth"
	ListOfText    FieldKind = "list of text"
	ListOfNumbers FieldKind = "list of numbers"
	ListOfObjects FieldKind = "list of objects"
	Object        FieldKind = "object"
)

// FieldsOf lists the fields of record type t in their written order; nil for an
// unknown type.
func FieldsOf(t Type) []Field {
	r := New(t)
	if r == nil {
		return nil
	}
	return describe(reflect.TypeOf(r).Elem())
}

func describe(t reflect.Type) []Field {
	s := schemaOf(t)
	out := make([]Field, 0, len(s.fields))
	for _, r := range s.fields {
		sf := t.Field(r.index)
		ft := sf.Type
		if ft.Kind() == reflect.Pointer {
			ft = ft.Elem()
		}
		f := Field{Name: r.name, Required: r.required, Enum: r.enum, Ref: r.ref, Doc: sf.Tag.Get("doc")}
		switch ft.Kind() {
		case reflect.String:
			f.Kind = Text
		case reflect.Int:
			f.Kind = Whole
		case reflect.Float64:
			f.Kind = Number
		case reflect.Bool:
			f.Kind = Truth
		case reflect.Struct:
			f.Kind, f.Fields = Object, describe(ft)
		case reflect.Slice:
			switch ft.Elem().Kind() {
			case reflect.Struct:
				f.Kind, f.Fields = ListOfObjects, describe(ft.Elem())
			case reflect.String:
				f.Kind = ListOfText
			default:
				f.Kind = ListOfNumbers
			}
		}
		out = append(out, f)
	}
	return out
}
