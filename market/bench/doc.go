// Package bench makes markets of any size for measuring, and measures matching on them.
//
// What comes out of a market: records in the interchange format (National.Write), and
// the rows that market's converter would make of the same records (Source), so that the
// matcher is measured without a store. TestRecordsMatchLikeRows holds the two against
// each other. What comes out of Measure: times, rates and sizes, each of which says what
// it is of, and how many answers were compared with brute force.
//
// National is made up: Zipf's law for skills within 150 fields, for fields, provinces and
// words. Profiles takes its skills, and which of them go together, from occupations in a
// folder that the caller names, such as ESCO's; nothing of them is kept in this project.
//
// Record i of a market depends on the seed and on i alone, so that a million can be made
// one after the other in constant memory, by several goroutines, and a smaller market is
// the beginning of a larger one.
//
// What is left out: reading and writing stores (the command's `restart` does it), and
// judging the figures.
package bench
