// Package mismatch says with one number how differently demand and supply are spread
// over cells (occupations, skills, regions), and which cells make up that number.
//
// What goes in: cells with an amount of either side (heads per year or any other unit,
// the same for all cells of a side). A nil amount is "no data", which is not 0: such a
// cell is left out and counted. What comes out: an index in 0..1, the contribution of
// every cell, and the sums behind it. Contributions are >= 0 and add up to the index.
//
//   - Of: one index over cells; the kinds are listed at Kind, with their sources.
//   - Random: the dissimilarity that chance alone would give, and what is left beyond it.
//   - TwoWay: joint cells of two dimensions, both margins, and the share between and
//     within groups where the index divides exactly.
//   - Trend: the index per year, its slope and test, and when not to believe it.
//
// Every index compares shares, so neither the unit nor the size of either side matters.
// None of them says whether there are enough heads: twice as many graduates in every
// cell leave them as they are. Nor do they know which cells are close: a shortage of
// one kind of welder counts as far from a surplus of another as from one of nurses. Finer
// cells never lower an index and mostly raise it, so only indices over the same cells can
// be compared.
//
// What is left out: names, records and where the amounts come from (matcher/gap), causes,
// and forecasts. Nothing here draws random numbers; the same input gives the same
// result, in whatever order the cells come.
package mismatch
