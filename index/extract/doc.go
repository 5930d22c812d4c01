// Package extract finds the skills of a taxonomy that a text names, and reads what
// the text says about them.
//
// What goes in: a catalogue (New) and any text, in Chinese, English or both, tidy
// or not (Extract, Read). What comes out: each place where a label stands, with byte
// offsets in the text as it was given, the skill that the label means, how it was
// found and how surely; the level that the words around give it, and whether it is
// required or preferred. What the text names without asking for it (不要求PLC, a field
// of study, the employer's line of business) comes out apart. What is left out:
// skills that a text means without naming them.
//
// A text goes one way, once, in a window of some thousand characters:
//
//	fold (taxonomy.Folder)   one form for case, width, traditional characters
//	find.go, trie.go         the longest label at each place, else a misspelt one
//	  boundary, ambiguous, straddle   where a label is a word, and meant
//	  inflect                         English plurals count as singulars
//	  spelling                        Latin words with one edit, long ones with two
//	  sound, soundtable               Chinese labels with one character mistaken
//	reader.go                marks and cues (cues.go: the one table of such words)
//	clause.go                at a clause's end: levels, needs, negation
//
// Words of spaced scripts match as whole words only, so that C, C++ and C# are three
// things; Chinese needs no segmentation. A misspelt label is taken only where no
// exact one stands, where the written word is no known one, and where one skill
// alone comes into question. Everything takes time linear in the text.
package extract
