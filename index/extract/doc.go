// Package extract finds the skills of a taxonomy that a text names.
//
// What goes in: a catalogue (New) and any text, in Chinese, English or both, tidy
// or not (Extract). What comes out: each place where a label stands, with byte
// offsets in the text as it was given, the skill that the label means, and a
// confidence. What is left out: skills that a text means without naming them,
// levels and negations in the words around, and misspellings.
//
// The text is folded as taxonomy.Fold folds labels and walked through a trie of
// them from left to right; at each place the longest label counts, and the search
// goes on behind it. Chinese needs no segmentation. Words of spaced scripts match
// as whole words only (see boundary.go), so that C, C++ and C# are three things;
// names that are also common English words or single letters are more particular
// (see ambiguous.go); English plurals count as their singulars (see inflect.go).
package extract
