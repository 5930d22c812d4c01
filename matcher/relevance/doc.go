// Package relevance ranks named things (occupations, skills) for a free text, on one
// scale across texts.
//
// What goes in: documents with names (the first is the title) and bodies, an Analysis
// that turns text into terms, and, if wanted, Concepts: clusters of names for the same
// work, which bridge different words. What comes out: for a text, every document's score
// in [0,1], best first, with the parts that it is made of. What is left out: reading
// records, analysing text, storage; market does that.
//
// Each part is a cosine of tf-idf vectors (Salton and Buckley 1988) whose term weight is
// log2(1+tf) * ln((N+1)/(df+0.5)). A text is compared with the documents' names by pieces
// of words and by words, name by name (the best counts) and all together, and with
// everything that is written about them. A short text is compared with names above all,
// a long one with what is written: see share. The weights were set on development halves
// of public data; market/link_test.go measures them.
package relevance
