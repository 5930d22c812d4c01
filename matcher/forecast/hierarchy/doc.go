// Package hierarchy makes forecasts of parts and of their sums agree: skills within an
// occupation, regions within a province, and several such groupings at once.
//
// What goes in: which bottom series each aggregate sums (Structure), a base forecast of
// every node for every horizon, and, as far as there are any, the one-step errors of the
// models in their own past and the variances of the forecasts (Input). What comes out:
// means that add up exactly, their standard deviations and covariances, which method was
// used, and notes on everything that was not as asked (Result). On request no mean is
// negative, and all are whole numbers.
//
// The method is MinT: among all ways of making unbiased forecasts add up without bias, the
// one with the smallest sum of variances. Wickramasuriya, Athanasopoulos & Hyndman,
// "Optimal Forecast Reconciliation for Hierarchical and Grouped Time Series Through Trace
// Minimization", JASA 114 (2019). It needs the covariance W of the base errors, which is
// shrunk towards its diagonal: Schaefer & Strimmer, Statistical Applications in Genetics
// and Molecular Biology 4 (2005). Where there are too few errors simpler weights step in.
//
// Cost: with n nodes, a of them aggregates, T errors and g aggregates to a bottom series,
// nothing of size n x n is made. MinT is written with constraints, C y = 0 where C takes
// the sum of its parts from every aggregate: y - W C' (C W C')^-1 C y. W itself is a diagonal
// plus a factor of T columns and is never inverted, so it may have zeros. A solution takes
// a^3/3 + a^2 T + n (T + g^2) steps and a^2 + n T numbers; standard deviations of all nodes
// take n (a^2 + n g) more. All of this comes once when variances grow alike over horizons,
// else for every horizon. It is made for few aggregates over many series.
//
// What is left out: making the base forecasts, their distributions beyond mean and
// variance, sums with weights, and names (a node's is only used to find it). Nothing is
// drawn at random.
package hierarchy
