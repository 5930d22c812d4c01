package interchange

import (
	"fmt"
	"strings"

	"talentmatch/talent"
)

// Rows of a table that are no records: totals, and the marks which templates put
// below their header.

var (
	totalWords = map[string]bool{"合计": true, "总计": true, "小计": true}
	markWords  = map[string]bool{"必填": true, "选填": true, "可选": true, "required": true, "optional": true}
)

// maxTotalNotes is how many rows of totals a table notes one by one.
const maxTotalNotes = 10

// foldMark makes marks comparable: （必填）* is 必填.
func foldMark(cell string) string { return strings.Trim(foldWord(cell), "()[]* ") }

// longestWord is how many bytes such a word may have with what stands around it.
const longestWord = 40

// isMark reports whether a cell says whether its column is required.
func isMark(cell string) bool {
	return len(cell) <= longestWord && markWords[foldMark(cell)]
}

// isMarks reports whether a row with content says only which columns are required.
func isMarks(row cellRow) bool {
	for _, cell := range row.cells {
		if strings.TrimSpace(cell) != "" && !isMark(strings.TrimSpace(cell)) {
			return false
		}
	}
	return row.bad == ""
}

// passOver reports whether a row is one of totals, and notes it.
func (t *table) passOver(row cellRow) bool {
	word, ok := t.total(row)
	if !ok {
		return false
	}
	t.totals++
	switch {
	case t.totals <= maxTotalNotes:
		t.note(fmt.Sprintf("row %d passed over: %s", row.line, word))
	case t.totals == maxTotalNotes+1:
		t.note("further rows of totals passed over")
	}
	return true
}

// total is the word that begins a row of totals: a record of that name has an id.
func (t *table) total(row cellRow) (word string, ok bool) {
	for _, cell := range row.cells {
		if cell = strings.TrimSpace(cell); cell != "" {
			if len(cell) <= longestWord {
				word = foldHeader(cell)
			}
			break
		}
	}
	if !totalWords[word] {
		return "", false
	}
	for _, name := range keyFields(t.typ) {
		if cell := t.cell(row, name); cell != "" && !totalWords[foldHeader(cell)] {
			return "", false
		}
	}
	return word, true
}

// keyFields are the fields that make the id of a type.
func keyFields(t talent.Type) []string {
	switch t {
	case talent.TypeCrosswalk:
		return []string{"from", "to"}
	case talent.TypeOutcome:
		return []string{"demand", "program"}
	}
	return []string{"id"}
}
