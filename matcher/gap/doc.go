// Package gap counts the planner's numbers: demand, supply and what becomes of it, gap and
// its certainty per cell of up to three dimensions, and how one program is aligned with the
// openings it reaches.
//
// What goes in: a matcher.Snapshot and a Plan (what is counted, by which properties, in
// numbers), or a program. What comes out: a Report (Figures and Levels of cells, in order, the
// ids behind them, people who arrive, intervals by bootstrap), and an Alignment in skill numbers. What is
// left out: names and record types (market), how many of the openings can be filled at once and why not
// (fill), indices over cells (mismatch), forecasts (matcher/forecast).
//
// Sums are of whole numbers, or in the order of ids, so a report is the same whatever the
// order of rows and however many threads count. reference_test.go counts with maps, record by record, and every
// number is held against it.
package gap
