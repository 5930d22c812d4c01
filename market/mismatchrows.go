package market

import (
	"encoding/csv"
	"io"
	"strconv"
)

// A mismatchRow is a row of the CSV; numbers are empty where they say nothing.
type mismatchRow struct {
	index, part, year, cells     string
	keys                         []string // key and name of each dimension
	demand, supply               string
	demandShare, supplyShare     string
	value, partOfIndex, distance string
	side, heads, within, note    string
}

func (r *mismatchRow) list() []string {
	return append(append([]string{r.index, r.part, r.year}, r.keys...),
		r.cells, r.demand, r.supply, r.demandShare, r.supplyShare, r.value, r.partOfIndex, r.distance, r.side, r.heads, r.within, r.note)
}

// WriteMismatchCSV writes the answer as CSV with a header: index, part, year, for each
// dimension DIMENSION and DIMENSION_name, then cells, demand, supply, demand_share, supply_share,
// value, part_of_index, distance, side, heads, within and note. part says what a row is:
//
//	index         the index itself; note says why there is none
//	contribution  a cell's contribution, the largest first
//	rest          all cells that are not listed: value is their sum
//	margin        the index over one of two dimensions, which note names; within is what it leaves
//	group         a group of that dimension: value lies between groups, within inside it
//	group_rest    all groups that are not listed
//	year          the index of a year
//
// An empty number is no data, which is not 0.
func WriteMismatchCSV(w io.Writer, a *MismatchAnswer) error {
	header := []string{"index", "part", "year"}
	for _, dim := range a.Meta.By {
		header = append(header, dim, dim+"_name")
	}
	rows := [][]string{append(header, "cells", "demand", "supply", "demand_share", "supply_share", "value", "part_of_index", "distance", "side", "heads", "within", "note")}
	for i := range a.Items {
		for _, r := range a.Items[i].rows(a.Meta.By) {
			rows = append(rows, r.list())
		}
	}
	return csv.NewWriter(w).WriteAll(rows)
}

func (x *MismatchIndex) rows(by []string) []mismatchRow {
	blank := make([]string, 2*len(by))
	_, why := MismatchReason(x.None)
	out := []mismatchRow{{index: x.Index, part: "index", keys: blank, cells: strconv.Itoa(x.Cells), demand: plainNumber(x.Demand), supply: plainNumber(x.Supply),
		value: optionalNumber(x.Value), distance: optionalNumber(x.Distance), heads: optionalNumber(x.Structural), note: why}}
	for i := range x.Contributions {
		c := &x.Contributions[i]
		var keys []string
		for _, dim := range by {
			keys = append(keys, noFormula(c.Keys[dim]), noFormula(c.Names[dim]))
		}
		out = append(out, mismatchRow{index: x.Index, part: "contribution", keys: keys, cells: "1", demand: plainNumber(c.Demand), supply: plainNumber(c.Supply),
			demandShare: plainNumber(c.DemandShare), supplyShare: plainNumber(c.SupplyShare), value: plainNumber(c.Value), partOfIndex: optionalNumber(c.Part), side: c.Side, heads: plainNumber(c.Heads)})
	}
	if r := x.Rest; r != nil {
		out = append(out, mismatchRow{index: x.Index, part: "rest", keys: blank, cells: strconv.Itoa(r.Cells), demand: plainNumber(r.Demand), supply: plainNumber(r.Supply),
			demandShare: plainNumber(r.DemandShare), supplyShare: plainNumber(r.SupplyShare), value: plainNumber(r.Value), partOfIndex: optionalNumber(r.Part), heads: plainNumber(r.Heads)})
	}
	for d := range x.Margins {
		out = append(out, x.marginRows(d, blank)...)
	}
	if x.Trend == nil {
		return out
	}
	for i := range x.Trend.Points {
		p := &x.Trend.Points[i]
		_, why := MismatchReason(p.None)
		out = append(out, mismatchRow{index: x.Index, part: "year", year: strconv.Itoa(p.Year), keys: blank, cells: strconv.Itoa(p.Cells), demand: plainNumber(p.Demand), supply: plainNumber(p.Supply),
			value: optionalNumber(p.Value), note: why})
	}
	return out
}

// marginRows are those of one dimension, the d-th.
func (x *MismatchIndex) marginRows(d int, blank []string) []mismatchRow {
	m := &x.Margins[d]
	out := []mismatchRow{{index: x.Index, part: "margin", keys: blank, value: optionalNumber(m.Value), within: optionalNumber(m.Within), note: m.By}}
	for i := range m.Groups {
		g := &m.Groups[i]
		keys := append([]string{}, blank...)
		keys[2*d], keys[2*d+1] = noFormula(g.Key), noFormula(g.Name)
		out = append(out, mismatchRow{index: x.Index, part: "group", keys: keys, demandShare: plainNumber(g.DemandShare), supplyShare: plainNumber(g.SupplyShare),
			value: plainNumber(g.Between), within: plainNumber(g.Within), note: m.By})
	}
	if r := m.Rest; r != nil {
		out = append(out, mismatchRow{index: x.Index, part: "group_rest", keys: blank, cells: strconv.Itoa(r.Groups), value: plainNumber(r.Between), within: plainNumber(r.Within), note: m.By})
	}
	return out
}

// WriteMismatchNDJSON writes a MismatchIndex a line.
func WriteMismatchNDJSON(w io.Writer, a *MismatchAnswer) error { return writeLines(w, a.Items) }
