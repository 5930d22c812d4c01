// Package taxonomy is the catalogue of skills and occupations: what they are
// called in both languages, which name means which of them, and which skills are
// close to which.
//
// What goes in: skill, occupation and crosswalk records of the store (NewCatalogue), or
// nothing (Builtin, the bilingual pack of our own that is embedded in the binary
// and loaded on first start). What comes out: an immutable Catalogue that any
// number of goroutines may read, and Fold, the one folding under which two
// spellings of a label count as the same everywhere in the system. What is left
// out: keeping the records (store), finding labels inside running text
// (index/extract), and similarity learned from data (matcher/skillspace).
//
// Nothing here does I/O.
package taxonomy
