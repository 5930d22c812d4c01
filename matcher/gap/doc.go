// Package gap computes the planner's first numbers: demand, supply, gap and ratio
// per cell of up to three dimensions, and how one program is aligned with the
// openings it reaches.
//
// What goes in: observations (an amount and its values per dimension), or a
// matcher.Snapshot and a program. What comes out: cells with the ids behind them,
// and an alignment in skill numbers. What is left out: names and record types
// (market), forecasts, causes and uncertainty (a later issue deepens them).
package gap
