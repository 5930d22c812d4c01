package main

import (
	"fmt"
	"strconv"

	"talentmatch/market/bench"
)

// writeBench shows measurements for people: times, batches, and what is left, each in a
// table of its own.
func writeBench(s *session, lines []benchLine) {
	times := newTable("", "market", ">programs", ">demands", "what", "ranks", "score", "filter", ">readers", ">writes/s", ">queries", ">mean ms", ">p50", ">p99", ">max", ">results", ">unequal")
	batches := newTable("", "market", ">programs", ">demands", "batch ranks", "score", ">top", ">queries", ">seconds", ">queries/s", ">pairs/s", ">all in s")
	rest := newTable("", "market", ">programs", ">demands", "what", "of", ">bytes a row", ">seconds", ">unequal")
	for i := range lines {
		m := &lines[i].Measurement
		cells := []string{m.Market, strconv.Itoa(m.Programs), strconv.Itoa(m.Demands)}
		switch m.What {
		case bench.WhatQuery, bench.WhatFull, bench.WhatUpdates:
			times.add(append(cells, m.What, m.Side, m.Score, m.Filter, someInt(m.Readers), someOf("%.0f", m.Writes), strconv.Itoa(m.Queries),
				milli(m.Mean), milli(m.P50), milli(m.P99), milli(m.Max), someOf("%.1f", m.Results), unequal(m))...)
		case bench.WhatBatch:
			batches.add(append(cells, m.Side, m.Score, strconv.Itoa(m.Top), strconv.Itoa(m.Queries), fmt.Sprintf("%.1f", m.Seconds),
				fmt.Sprintf("%.0f", m.PerSecond), fmt.Sprintf("%.2e", m.PairsPer), fmt.Sprintf("%.1f", m.WholeSecond))...)
		default:
			rest.add(append(cells, m.What, m.Side, someOf("%.0f", m.BytesPerRow), fmt.Sprintf("%.2f", m.Seconds), unequal(m))...)
		}
	}
	written := false
	for _, t := range []*table{times, batches, rest} {
		if len(t.rows) == 1 {
			continue
		}
		if written {
			fmt.Fprintln(s.out)
		}
		t.write(s.out)
		written = true
	}
	for i := range lines {
		if m := &lines[i].Measurement; m.P99Ratio > 0 {
			fmt.Fprintf(s.out, "\n%d programs by %s beside %.0f writes/s: p99 x %.2f, %d merges\n", m.Programs, m.Score, m.Writes, m.P99Ratio, m.Merges)
		}
	}
}

// milli is a time in ms with the digits that mean something.
func milli(v float64) string {
	if v >= 10 {
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.3f", v)
}

// someInt and someOf leave zero out.
func someInt(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func someOf(format string, v float64) string {
	if v == 0 {
		return ""
	}
	return fmt.Sprintf(format, v)
}

// unequal is how many of the answers looked at were not brute force's.
func unequal(m *bench.Measurement) string {
	if m.Checked == 0 {
		return "-"
	}
	return fmt.Sprintf("%d of %d", m.Unequal, m.Checked)
}
