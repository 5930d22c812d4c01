package main

import (
	"encoding/csv"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"talentmatch/market"
	"talentmatch/matcher"
	"talentmatch/talent"
)

// matchColumns is the header of match --format csv. A part that does not count for
// the query is empty. Where probabilities were asked for (--min-probability, --learned,
// --model) a column probability follows.
var matchColumns = []string{"query", "id", "rank", "score", "skills", "text", "focus", "place", "timing", "name", "owner"}

// parts are the components of a score in the order in which they are shown.
var parts = func() []string {
	var names []string
	for c := range matcher.NumComponents {
		names = append(names, c.String())
	}
	return names
}()

// matchWriter renders rankings in one format.
type matchWriter struct {
	s      *session
	m      *market.Market
	format string
	csv    *csv.Writer
	any    bool // something has been written
	likely bool // show probabilities in the table and in csv
}

func newMatchWriter(s *session, m *market.Market, format string) *matchWriter {
	return &matchWriter{s: s, m: m, format: format}
}

// answer writes the ranking for one query.
func (w *matchWriter) answer(side talent.Type, query string, a *market.MatchAnswer) error {
	switch w.format {
	case "table":
		return w.table(side, query, a)
	case "csv":
		return w.rows(query, a.Items)
	}
	for _, item := range a.Items {
		if w.format == "trec" {
			w.trec(query, item.ID, item.Rank, item.Score)
			continue
		}
		line := struct {
			Query string `json:"query"`
			market.MatchItem
		}{query, item}
		if err := w.s.line(line); err != nil {
			return err
		}
	}
	return nil
}

func (w *matchWriter) trec(query, id string, rank int, score float64) {
	fmt.Fprintf(w.s.out, "%s Q0 %s %d %.9f talentmatch\n", query, id, rank, score)
}

// rows writes the ranking as CSV, after the header the first time.
func (w *matchWriter) rows(query string, items []market.MatchItem) error {
	if w.csv == nil {
		w.csv = csv.NewWriter(w.s.out)
		header := matchColumns
		if w.likely {
			header = append(slices.Clone(header), "probability")
		}
		if err := w.csv.Write(header); err != nil {
			return err
		}
	}
	for _, item := range items {
		row := []string{query, item.ID, strconv.Itoa(item.Rank), number(item.Score)}
		for _, part := range parts {
			cell := ""
			if v, counts := item.Components[part]; counts {
				cell = number(v)
			}
			row = append(row, cell)
		}
		row = append(row, cellText(item.Name), cellText(item.OwnerName))
		if w.likely && item.Probability != nil {
			row = append(row, number(*item.Probability))
		}
		if err := w.csv.Write(row); err != nil {
			return err
		}
	}
	w.csv.Flush()
	return w.csv.Error()
}

// cellText keeps a spreadsheet from taking a name for a formula.
func cellText(s string) string {
	if s != "" && strings.ContainsRune("=+-@", rune(s[0])) {
		return "'" + s
	}
	return s
}

// table writes the ranking for people: one line a match, then what met or failed
// each skill.
func (w *matchWriter) table(side talent.Type, query string, a *market.MatchAnswer) error {
	if w.any {
		fmt.Fprintln(w.s.out)
	}
	w.any = true
	if err := writeHeadline(w.s, w.m, side, query); err != nil {
		return err
	}
	writeRanking(w.s, a, w.likely)
	return nil
}

// writeHeadline says what is being matched.
func writeHeadline(s *session, m *market.Market, side talent.Type, id string) error {
	item, err := m.Get(s.ctx, side, id)
	if err != nil {
		return err
	}
	rec, err := item.Record()
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s %s  %s\n", side, id, plain(headline(rec)))
	return nil
}

// headline is what a person asks of a demand or a program at a glance.
func headline(rec talent.Record) string {
	switch r := rec.(type) {
	case *talent.Demand:
		return strings.Join(filled(r.Title, r.TitleEN, "headcount "+strconv.Itoa(r.Headcount), "region "+placeName(r.Region),
			prefixed("start ", r.Start), prefixed("at least ", string(r.Education))), " · ")
	case *talent.Program:
		return strings.Join(filled(r.Name, r.NameEN, prefixed("code ", r.Code), "region "+placeName(r.Region), string(r.Education)), " · ")
	}
	return ""
}

// placeName is the name of a region that is built in, the id of another.
func placeName(id string) string {
	if r := talent.BuiltinRegion(id); r != nil {
		return r.Name
	}
	return id
}

// filled leaves out what is empty.
func filled(words ...string) []string {
	kept := words[:0]
	for _, w := range words {
		if w != "" {
			kept = append(kept, w)
		}
	}
	return kept
}

// prefixed is word behind prefix, or "" when there is no word.
func prefixed(prefix, word string) string {
	if word == "" {
		return ""
	}
	return prefix + word
}

// writeRanking writes the matches with their reasons.
func writeRanking(s *session, a *market.MatchAnswer, likely bool) {
	if len(a.Items) == 0 {
		fmt.Fprintln(s.out, "  no match")
		if n := a.Meta.Nearest; n != nil {
			fmt.Fprintf(s.out, "  nearest, probability %.2f:\n", *n.Probability)
			writeItems(s, a.Meta.Side, []market.MatchItem{*n}, likely)
		}
		return
	}
	writeItems(s, a.Meta.Side, a.Items, likely)
}

// writeItems writes a table of matches, then what met or failed each skill; likely adds
// the probabilities.
func writeItems(s *session, side string, items []market.MatchItem, likely bool) {
	header := []string{">#", ">score"}
	if likely {
		header = append(header, ">prob")
	}
	for _, part := range parts {
		header = append(header, ">"+part)
	}
	people := ">heads"
	if side == "programs" {
		people = ">graduates"
	}
	t := newTable("  ", append(header, "id", "name", "owner", "region", people)...)
	for _, item := range items {
		row := []string{strconv.Itoa(item.Rank), fmt.Sprintf("%.4f", item.Score)}
		if likely {
			row = append(row, probabilityCell(item))
		}
		for _, part := range parts {
			row = append(row, partCell(item, part))
		}
		t.add(append(row, item.ID, cut(item.Name, 36), cut(item.OwnerName, 36), regionName(item), strconv.Itoa(item.Seats))...)
	}
	t.write(s.out)
	for _, item := range items {
		writeReasons(s, item)
	}
}

// probabilityCell is a probability in the table, "-" when there is none.
func probabilityCell(item market.MatchItem) string {
	if item.Probability == nil {
		return "-"
	}
	return fmt.Sprintf("%.2f", *item.Probability)
}

// partCell is a component in the table: "-" where the query has no data for it,
// marked where the program has none.
func partCell(item market.MatchItem, part string) string {
	v, counts := item.Components[part]
	if !counts {
		return "-"
	}
	cell := fmt.Sprintf("%.2f", v)
	if slices.Contains(item.NoData, part) {
		return cell + "?"
	}
	return cell
}

func regionName(item market.MatchItem) string {
	if item.RegionName != "" {
		return item.RegionName
	}
	return item.Region
}

// writeReasons writes what met each skill asked for, and what is missing.
func writeReasons(s *session, item market.MatchItem) {
	if len(item.Skills) == 0 && !item.Unverified && len(item.NoData) == 0 {
		return
	}
	fmt.Fprintf(s.out, "  #%d %s\n", item.Rank, plain(item.Name))
	if !slices.Contains(item.NoData, matcher.Skills.String()) {
		for _, k := range item.Skills {
			fmt.Fprintf(s.out, "     %-7s %s\n", k.Status, plain(reason(k)))
		}
	}
	if item.Unverified {
		fmt.Fprintln(s.out, "     required skills unverified: the program lists no known skill")
	}
	if len(item.NoData) > 0 {
		fmt.Fprintf(s.out, "     no data, counts 0.5: %s\n", strings.Join(item.NoData, ", "))
	}
}

// reason says what met a skill: "PLC编程 4 ← PLC编程 3 in 电气控制技术 (0.75)".
func reason(k market.SkillMatch) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %d", k.Name, k.Level)
	if k.Required {
		b.WriteString(" required")
	}
	if k.Extracted {
		b.WriteString(" (from the text)")
	}
	if k.ByName == "" && k.ByID == "" {
		return b.String()
	}
	by := k.ByName
	if by == "" {
		by = k.ByID
	}
	fmt.Fprintf(&b, " ← %s %d", by, k.ByLevel)
	if k.Course != "" {
		fmt.Fprintf(&b, " in %s", k.Course)
	}
	if k.Credit < 1 {
		fmt.Fprintf(&b, " (%.2f)", k.Credit)
	}
	return b.String()
}

// weightsLine says what each part counts: "weights: skills 0.5, text 0.2, ...".
func weightsLine(w matcher.Weights) string {
	values := w.Array()
	var words []string
	for i, part := range parts {
		words = append(words, part+" "+number(values[i]))
	}
	return "weights: " + strings.Join(words, ", ")
}

// tally says in a line what became of the candidates.
func tally(meta market.MatchMeta) string {
	s := fmt.Sprintf("%d %s considered", meta.Considered, meta.Side)
	if meta.Filtered > 0 {
		s += fmt.Sprintf(", %d filtered out", meta.Filtered)
	}
	s += fmt.Sprintf(", %d eligible", meta.Eligible)
	var gates []string
	for gate, n := range meta.Gates {
		if n > 0 {
			gates = append(gates, fmt.Sprintf("%s %d", gate, n))
		}
	}
	sort.Strings(gates)
	if len(gates) > 0 {
		s += "; rejected: " + strings.Join(gates, ", ")
	}
	if len(meta.Unresolved) > 0 {
		s += "; skill names that no taxonomy knows: " + plain(strings.Join(meta.Unresolved, ", "))
	}
	return s
}
