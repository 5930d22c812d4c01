// Package cause makes the market whose empty heads package fill explains, of what a snapshot
// knows of programs and demands.
//
// What goes in: a snapshot, openings in the order in which they are filled, and what a snapshot
// does not know (who is hired already, which seats are reserved). What comes out: a fill.Market with what its
// supplies are of (Supply), and a count of what was left out and why (Tally). What is left out: names,
// the store, grouping.
//
// A supply is a part of a program's cohort: those who are reserved for an enterprise, those who
// stay in their region, those who go anywhere.
//
//	available = graduates * (1 - further_study_rate), in whole people, less those who are hired
//	reserved  = seats of agreements that the enterprise's openings can use, up to their heads; they go where it is
//	stay      = (available - reserved) * retention, in whole people; everybody where retention is not said
//
// For other openings those who are reserved stay too: as many as makes available * retention in all.
//
// A program is able for an opening by matcher.Ables. Every able program is listed while that is
// not too much (mostChecked, mostPairs). Beyond, an opening has so many of them (Options.Candidates) under each set of
// the other limits: those are enough to fill it in nearly every market, but some heads may seem
// to stay empty, or to lack skills, that would not. So what skills are to blame for is an upper bound
// then, as is what stays empty.
package cause
