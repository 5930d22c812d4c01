// Package interchange turns files into records and records into files: NDJSON,
// CSV (also TSV) and XLSX, in the vocabulary of DESIGN section 3.
//
// What goes in: a path (Open) or a stream of NDJSON lines (NewNDJSON). What comes
// out: one Row per record, in file order, with either a valid record or every
// problem it has, each with file, sheet, line, column and the offending value; and
// the way back (NewWriter), so that reading what was written gives the same
// records. Help explains the columns to people.
//
// A tabular row becomes the JSON object that an NDJSON line would hold and goes
// through talent.Decode: there is one validator. What this package adds is what
// spreadsheets need: Chinese headers, words for codes, dates and numbers as people
// type them, lists in one cell (see list.go for their common syntax).
//
// What is left out: whether referred-to records exist, and what an import changes
// (market); nothing here is kept in memory beyond one row, a workbook's shared
// strings below 16 MiB, and the first rows of a table.
package interchange
