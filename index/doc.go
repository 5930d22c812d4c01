// Package index is what is findable: a full-text index over records, with
// filters, exclusions, facets and highlighting. It is the only package that
// knows bleve.
//
// In come Docs, one a record, as market prepares them, together with the version
// of the store's change feed up to which they are complete. Out come Hits (type,
// id, score, marked fragments), exact totals and exact facet counts. The index
// is derived: it can be deleted at any time and built again from the store.
//
// # Analysis
//
// One analysis reads Chinese and English alike, because one line of an
// advertisement mixes both:
//
//   - Chinese characters (and kana) become overlapping pairs, as bleve's cjk
//     analyzer makes them: 数控车床 is 数控 控车 车床, so that the query 车床 finds it.
//     Titles and names also keep single characters, so that 焊 finds 焊工.
//   - Latin words are lower-cased, freed of the possessive 's, dropped when they
//     are English stop words (IT and CAN in capitals are kept: a trade and a bus)
//     and stemmed with bleve's Porter stemmer when they have more than three
//     letters: programs and programming are both "program", programmer is
//     "programm".
//   - Full-width letters, digits and signs count as their plain twins: Ｃ＋＋ is
//     c++. Traditional characters are not folded.
//   - c++ c# .net node.js ci/cd tcp/ip and their kind stay whole, see [Terms].
//
// bleve's own chain for this (the exception tokenizer before the unicode one,
// then the cjk filter) was measured at 1.8 MB/s here, most of it in the regular
// expression; the scanner in analysis.go does the same in one pass, many times
// faster. Stop words and the stemmer are bleve's.
//
// # Scores
//
// A score orders the hits of one query and means nothing else: bleve's scores
// are on no common scale. Title counts more than names, names more than text
// (plan.go), and records with every word of the query come before the others
// (some.go). Equal scores are in the order of type:id, whatever the batches in
// which the records came. The match score of the product is matcher's.
//
// # Left out
//
// No query language (see [Query]), no fuzzy matching, no word segmentation, no
// synonyms of its own: meaning enters through Concepts, which market takes from
// the taxonomy.
package index
