package market

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
)

// WriteCausesCSV writes a page of the answer as CSV with a header: key, name and name_en of a
// group, its numbers, and what would help, a sentence a line of the cell, in Chinese and in English.
func WriteCausesCSV(w io.Writer, a *CausesAnswer) error {
	rows := [][]string{{"key", "name", "name_en", "demands", "heads", "unfilled", "certain_shortage", "possible_shortage",
		"numbers", "education", "timing", "skills", "place", "reservations", "cures", "cures_en"}}
	whole := func(n int64) string { return strconv.FormatInt(n, 10) }
	for i := range a.Items {
		g := &a.Items[i]
		x := &g.Shares
		zh, en := g.curesText("\n")
		rows = append(rows, []string{noFormula(g.Key), noFormula(g.Name), noFormula(g.NameEN), strconv.Itoa(g.Demands), whole(g.Heads), whole(g.Unfilled), whole(g.CertainShortage), whole(g.PossibleShortage),
			plainNumber(x.Numbers), plainNumber(x.Education), plainNumber(x.Timing), plainNumber(x.Skills), plainNumber(x.Place), plainNumber(x.Reservations), noFormula(zh), noFormula(en)})
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// curesText is the sentences of a group's cures.
func (g *CausesGroup) curesText(between string) (zh, en string) {
	var all, english []string
	for i := range g.Cures {
		all, english = append(all, g.Cures[i].Text), append(english, g.Cures[i].TextEN)
	}
	return strings.Join(all, between), strings.Join(english, between)
}

// WriteCausesNDJSON writes a page of the answer, a CausesGroup a line.
func WriteCausesNDJSON(w io.Writer, a *CausesAnswer) error { return writeLines(w, a.Items) }
