package market

import (
	"encoding/csv"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
)

// A backtestNumber is a number of an answer by the name of its field; "" is no data.
type backtestNumber struct {
	field string
	value any // int, float64, bool; nil for no data
}

func (n *backtestNumber) text() string {
	switch v := n.value.(type) {
	case float64:
		return plainNumber(v)
	case int:
		return strconv.Itoa(v)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// numbersOf lists the numbers of a struct, those of structs in it included, in the order of its
// fields.
func numbersOf(s any) (out []backtestNumber) {
	v := reflect.Indirect(reflect.ValueOf(s))
	for i := range v.NumField() {
		f, x := v.Type().Field(i), v.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous {
			out = append(out, numbersOf(x.Interface())...)
			continue
		}
		of := f.Type
		if of.Kind() == reflect.Pointer {
			of = of.Elem()
		}
		switch of.Kind() {
		case reflect.Int, reflect.Float64, reflect.Bool:
			n := backtestNumber{field: name}
			if x = reflect.Indirect(x); x.IsValid() {
				n.value = x.Interface()
			}
			out = append(out, n)
		}
	}
	return out
}

// A backtestPart is a stretch of numbers of an item with what they are of.
type backtestPart struct {
	part, id, name, period string
	of                     any
}

// parts lists everything that an item says in numbers.
func (it *BacktestItem) parts() (out []backtestPart) {
	if f := it.Forecast; f != nil {
		out = append(out, backtestPart{part: "accuracy", of: f.Accuracy}, backtestPart{part: "no_data", of: f.NoData})
		if f.Origins != nil {
			out = append(out, backtestPart{part: "origins", of: f.Origins})
		}
		for i := range f.ByStep {
			out = append(out, backtestPart{part: "by_step", id: strconv.Itoa(f.ByStep[i].Step), of: f.ByStep[i]})
		}
		for i := range f.Series {
			s := &f.Series[i]
			out = append(out, backtestPart{part: "series", id: s.ID, name: seriesLabel(s.Names), of: s.Accuracy})
			for k := range s.Steps {
				out = append(out, backtestPart{part: "value", id: s.ID, name: seriesLabel(s.Names), period: s.Steps[k].Period, of: s.Steps[k]})
			}
		}
	}
	if g := it.Gaps; g != nil {
		out = append(out, backtestPart{part: "came", of: g.Came}, backtestPart{part: "cells", of: g.Cells})
		if g.Demand != nil {
			out = append(out, backtestPart{part: "demand", of: g.Demand})
		}
		for i := range g.Scores {
			out = append(out, backtestPart{part: "score", id: g.Scores[i].Of, of: g.Scores[i]})
		}
		for i := range g.Listed {
			c := &g.Listed[i]
			out = append(out, backtestPart{part: "cell", id: c.key(g.By), name: c.label(g.By), period: c.Keys["year"], of: c})
		}
		if g.Unforeseen != nil {
			out = append(out, backtestPart{part: "unforeseen", of: g.Unforeseen})
		}
	}
	return out
}

// seriesLabel is what a series is about, in the order of dimensions.
func seriesLabel(names map[string]string) string {
	var out []string
	for _, dim := range gapDimensions {
		if n := names[dim]; n != "" {
			out = append(out, n)
		}
	}
	return strings.Join(out, " · ")
}

// key is a cell as dimension=key, and label its names.
func (c *BacktestCell) key(by []string) string {
	var out []string
	for _, dim := range by {
		out = append(out, fmt.Sprintf("%s=%s", dim, c.Keys[dim]))
	}
	return strings.Join(out, ",")
}

func (c *BacktestCell) label(by []string) string {
	var out []string
	for _, dim := range by {
		out = append(out, c.Names[dim])
	}
	return strings.Join(out, " · ")
}

// WriteBacktestCSV writes the answer as CSV, one number a row: source, kind, part, id, name,
// period, field, value. part says what a row is of:
//
//	accuracy    all series of a forecast together; no_data and origins count what was not scored
//	by_step     all series so many steps ahead, the id
//	series      one series
//	value       one period of a series: foreseen and came
//	came        what became of the demands that a gap report counts; cells counts its cells
//	demand      heads foreseen and heads asked
//	score       one kind of gap, the id, against the heads that stayed unfilled
//	cell        one cell
//	unforeseen  what the report had no cell for
//
// An empty value is no data, which is not 0.
func WriteBacktestCSV(w io.Writer, a *BacktestAnswer) error {
	rows := [][]string{{"source", "kind", "part", "id", "name", "period", "field", "value"}}
	for i := range a.Items {
		it := &a.Items[i]
		for _, p := range it.parts() {
			for _, n := range numbersOf(p.of) {
				rows = append(rows, []string{noFormula(it.Source), it.Kind, p.part, noFormula(p.id), noFormula(p.name), p.period, n.field, n.text()})
			}
		}
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// WriteBacktestNDJSON writes a BacktestItem a line.
func WriteBacktestNDJSON(w io.Writer, a *BacktestAnswer) error { return writeLines(w, a.Items) }
