// Package talent holds the nouns of the system: the record types that
// enterprises, colleges and planners exchange (DESIGN section 3), the code
// systems that those records speak (ISCED 2011 education, GB/T 2260 regions,
// GB/T 4754 industries, kinds and roles), their validation, and the kinds of
// error that every other package returns.
//
// What goes in: one JSON object per record (Decode). What comes out: a typed
// record that is valid by itself, or an *InvalidError that names every bad field
// at once. What is left out: whether the records that a record refers to exist
// (Refs lists them, market checks them), where records are kept (store), and how
// files other than JSON are read (talent/interchange).
//
// talent imports nothing else of ours.
package talent
