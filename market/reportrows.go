package market

import (
	"encoding/json"
	"io"
	"strconv"
	"strings"
)

// plainNumber writes a number in the shortest form that reads back the same.
func plainNumber(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func optionalNumber(v *float64) string {
	if v == nil {
		return ""
	}
	return plainNumber(*v)
}

// noFormula keeps a spreadsheet from taking a text of ours, a name or a key, for a formula. Some
// pass over a tab or an end of line that stands before one.
func noFormula(s string) string {
	if s != "" && s != unsaid && strings.ContainsRune("=+-@\t\r\n", rune(s[0])) {
		return "'" + s
	}
	return s
}

// writeLines writes each item as a line of JSON.
func writeLines[T any](w io.Writer, items []T) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for i := range items {
		if err := e.Encode(&items[i]); err != nil {
			return err
		}
	}
	return nil
}
