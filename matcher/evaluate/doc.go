// Package evaluate measures rankings against judgements, with the definitions of
// trec_eval, and how well a confidence tells queries that have an answer from
// queries that have none. Beside that it compares an order, or probabilities, with what
// came: rank correlations and the Brier score.
//
// What goes in: rows of a run (query, document, rank, score, perhaps a probability)
// and judgements (query, document, grade). What comes out: seven metrics per query
// and their means, bootstrap intervals, the area under the ROC curve, and a
// reliability table. What is left out: files and their formats (cmd), JSON (api).
//
// It departs from trec_eval in one thing: the run's rank decides the order, not its
// score. trec_eval sorts by score and breaks ties by document name, so that a ranking
// with ties is measured in an order that nobody was shown.
package evaluate
