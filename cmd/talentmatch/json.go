package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
)

// line writes v as one line of JSON, in which < > & stay as they are.
func (s *session) line(v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	_, err := s.out.Write(b.Bytes())
	return err
}

// number writes a float in the shortest form that reads back the same.
func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// optional is number, or "" for no data.
func optional(v *float64) string {
	if v == nil {
		return ""
	}
	return number(*v)
}
