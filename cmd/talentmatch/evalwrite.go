package main

import (
	"encoding/csv"
	"fmt"
	"strconv"

	"talentmatch/market"
)

// evalColumns is the header of eval --format csv: one figure a row. query is empty
// for what is over all queries, and then n is how many rows or queries it is over; low
// and high are empty without an interval; value is empty for a bin without rows.
//
// The metrics are ndcg_10, map, mrr, p_1, r_10, hit_10, rp_5, then auroc, then of each
// bin of the reliability table (for the rows first and all, from 0.0 to 0.9)
// first_0.0_probability and first_0.0_right, and so on.
var evalColumns = []string{"query", "metric", "value", "low", "high", "n"}

func (c *evalCmd) write(s *session, e *market.Evaluation) error {
	switch c.Format {
	case "ndjson":
		return c.lines(s, e)
	case "csv":
		return c.rows(s, e)
	}
	c.tables(s, e)
	return nil
}

func (c *evalCmd) lines(s *session, e *market.Evaluation) error {
	if c.PerQuery {
		for _, item := range e.Items {
			if err := s.line(item); err != nil {
				return err
			}
		}
	}
	return s.line(struct {
		Meta market.EvaluationMeta `json:"meta"`
	}{e.Meta})
}

// figures are the means and AUROC in the order in which they are shown.
func figures(meta *market.EvaluationMeta) []market.NamedMetric {
	out := meta.Named()
	if meta.AUROC != nil {
		out = append(out, market.NamedMetric{Key: "auroc", Label: "AUROC", Value: meta.AUROC.Value})
	}
	return out
}

// queriesBehind is how many queries a figure is over.
func queriesBehind(meta *market.EvaluationMeta, key string) string {
	if key == "auroc" {
		return strconv.Itoa(meta.AUROC.Positive + meta.AUROC.Negative)
	}
	return strconv.Itoa(meta.Queries)
}

// binSets are the two halves of the reliability table.
func binSets(r *market.EvaluationReliability) []struct {
	rows string
	bins []market.EvaluationBin
} {
	return []struct {
		rows string
		bins []market.EvaluationBin
	}{{"first", r.First}, {"all", r.All}}
}

func (c *evalCmd) rows(s *session, e *market.Evaluation) error {
	rows := [][]string{evalColumns}
	if c.PerQuery {
		for _, item := range e.Items {
			for _, m := range item.Named() {
				rows = append(rows, []string{item.Query, m.Key, number(m.Value), "", "", ""})
			}
		}
	}
	for _, m := range figures(&e.Meta) {
		row := []string{"", m.Key, number(m.Value), "", "", queriesBehind(&e.Meta, m.Key)}
		if e.Meta.Intervals != nil {
			of := e.Meta.Intervals.Of[m.Key]
			row[3], row[4] = number(of.Low), number(of.High)
		}
		rows = append(rows, row)
	}
	if e.Meta.Reliability != nil {
		for _, set := range binSets(e.Meta.Reliability) {
			for _, b := range set.bins {
				name, n := fmt.Sprintf("%s_%.1f_", set.rows, b.From), strconv.Itoa(b.N)
				rows = append(rows, []string{"", name + "probability", optional(b.Probability), "", "", n},
					[]string{"", name + "right", optional(b.Right), "", "", n})
			}
		}
	}
	return csv.NewWriter(s.out).WriteAll(rows)
}

// tables writes the figures for people.
func (c *evalCmd) tables(s *session, e *market.Evaluation) {
	if c.PerQuery {
		header := []string{"query"}
		for _, m := range e.Meta.Named() {
			header = append(header, ">"+m.Label)
		}
		t := newTable("", append(header, ">relevant", ">retrieved", ">found")...)
		for _, item := range e.Items {
			row := []string{cut(item.Query, 44)}
			for _, m := range item.Named() {
				row = append(row, four(m.Value))
			}
			t.add(append(row, strconv.Itoa(item.Relevant), strconv.Itoa(item.Retrieved), strconv.Itoa(item.Found))...)
		}
		t.write(s.out)
		fmt.Fprintln(s.out)
	}
	header := []string{"metric", ">value"}
	if e.Meta.Intervals != nil {
		header = append(header, ">low", ">high")
	}
	t := newTable("", append(header, ">queries")...)
	for _, m := range figures(&e.Meta) {
		row := []string{m.Label, four(m.Value)}
		if e.Meta.Intervals != nil {
			of := e.Meta.Intervals.Of[m.Key]
			row = append(row, four(of.Low), four(of.High))
		}
		t.add(append(row, queriesBehind(&e.Meta, m.Key))...)
	}
	t.write(s.out)
	if e.Meta.Reliability == nil {
		return
	}
	for _, set := range binSets(e.Meta.Reliability) {
		fmt.Fprintf(s.out, "\nreliability, %s\n", map[string]string{"first": "first rows", "all": "all rows"}[set.rows])
		t := newTable("  ", "probability", ">mean", ">right", ">rows")
		for _, b := range set.bins {
			t.add(fmt.Sprintf("%.1f..%.1f", b.From, b.To), someFour(b.Probability), someFour(b.Right), strconv.Itoa(b.N))
		}
		t.write(s.out)
	}
}

func four(v float64) string { return strconv.FormatFloat(v, 'f', 4, 64) }

// someFour is four, or "-" for no data.
func someFour(v *float64) string {
	if v == nil {
		return "-"
	}
	return four(*v)
}
