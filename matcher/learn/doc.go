// Package learn fits a ranking and its probabilities to labelled pairs: who was really
// hired, or what experts judged.
//
// What goes in: per query the candidates with named features, the labels, and how alike
// the queries are among themselves (Problem). What comes out: a Model, which is a small
// JSON file with the weights, what they were measured by and on what, and whether they
// may be used at all; and the probability that a match is a real one (Calibration), which
// has documented defaults where nothing was learned. What is left out: records, text and
// files of labels; market turns them into numbers.
//
// The ranking is a linear function of standardised features, fitted by conditional
// logistic regression (McFadden 1974): each labelled match against every candidate of its
// query that is none. It is convex, so the fit has one answer. Beside the candidate's own
// features it has evidence from the nearest known queries (Memory): what suited those that
// are like the query. A query's evidence never comes from its own labels or from its
// group's.
//
// Everything is measured on groups that the fit has not seen (Train), the defaults on the
// same folds beside it; a model that does not beat them there is marked as not applicable.
package learn
