// Package matcher is the mathematics of matching: the score of DESIGN section 4
// for pairs of a demand and a program, exact top-k in both directions, and the
// explanation of every result.
//
// What goes in: demands and programs in numeric form (interned skills, terms and
// regions), a skill Space, an Atlas of regions, and Weights. What comes out:
// ranked results whose components are named, counts of what was rejected and why,
// and per-skill explanations. What is left out: reading records, names, text
// analysis and storage; market turns records into the numeric form.
//
// A Snapshot is immutable. Snapshot.With makes the next one by adding a segment
// and marking replaced rows dead, so readers never wait. Nothing here does I/O or
// takes a lock while scoring; scratch space is pooled, so that a candidate costs
// no allocation.
//
// Pruning is exact: tiles give every window of 256 rows, and then every row of the
// windows that are visited, an upper bound of its score; rows are scored exactly in the
// order of their bounds, and the search stops when the k-th score is above every bound
// that is left. Final scores always come from one function, so the pruned search returns
// what scoring every pair returns.
package matcher
