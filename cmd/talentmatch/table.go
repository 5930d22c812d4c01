package main

import (
	"bufio"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// table lines up cells for a terminal, where a Chinese character takes two
// columns. The first row is the header; numeric columns are set right.
type table struct {
	indent string
	right  []bool // per column
	rows   [][]string
}

// newTable makes a table with a header; a name that begins with ">" makes its
// column right-aligned.
func newTable(indent string, header ...string) *table {
	t := &table{indent: indent, right: make([]bool, len(header))}
	row := make([]string, len(header))
	for i, h := range header {
		row[i], t.right[i] = strings.TrimPrefix(h, ">"), strings.HasPrefix(h, ">")
	}
	t.rows = [][]string{row}
	return t
}

// add appends a row of as many cells as the header has.
func (t *table) add(cells ...string) {
	for i := range cells {
		cells[i] = plain(cells[i])
	}
	t.rows = append(t.rows, cells)
}

// write prints the rows; the last column is not padded.
func (t *table) write(w *bufio.Writer) {
	widths := make([]int, len(t.right))
	for _, row := range t.rows {
		for i, cell := range row {
			widths[i] = max(widths[i], displayWidth(cell))
		}
	}
	var line strings.Builder
	for _, row := range t.rows {
		line.Reset()
		line.WriteString(t.indent)
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-displayWidth(cell))
			if i > 0 {
				line.WriteString("  ")
			}
			if t.right[i] {
				line.WriteString(pad)
			}
			line.WriteString(cell)
			if !t.right[i] {
				line.WriteString(pad)
			}
		}
		w.WriteString(strings.TrimRight(line.String(), " "))
		w.WriteByte('\n')
	}
}

// displayWidth is the number of terminal columns that s takes.
func displayWidth(s string) int {
	n := 0
	for _, r := range s {
		n += runeWidth(r)
	}
	return n
}

func runeWidth(r rune) int {
	if r < 0x300 { // nothing below is wide or combining
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// plain replaces what would move the cursor or colour the terminal: names come
// from files.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
}

// cut shortens s to at most n columns, the last one being "…".
func cut(s string, n int) string {
	if displayWidth(s) <= n {
		return s
	}
	w := 0
	for i, r := range s {
		if w += runeWidth(r); w > n-1 {
			return s[:i] + "…"
		}
	}
	return s
}

// cutMiddle is cut for what may differ at its end alone, as ids do: the last third stays.
func cutMiddle(s string, n int) string {
	if displayWidth(s) <= n {
		return s
	}
	runes, from, w := []rune(s), 0, 0
	for from = len(runes); from > 0 && w+runeWidth(runes[from-1]) <= n/3; from-- {
		w += runeWidth(runes[from-1])
	}
	return cut(s, n-w) + string(runes[from:])
}
