// Package mincost solves minimum-cost flow problems exactly, on any directed network.
//
// What goes in: a Network, made in memory or read from a DIMACS file (ReadDIMACS): nodes
// that supply or need whole units, and arcs with a lower and an upper bound of their flow
// and a cost per unit. Bounds and costs may be negative, an arc may have no upper bound,
// arcs may be parallel or begin and end at one node, the network may fall apart.
//
// What comes out of Solve: a Solution, with a flow of least cost in whole units and
// potentials that prove it; or an error that says why there is none: *Infeasible with a
// set of nodes that proves it, *Unbounded with a cycle that does, *Overflow where numbers
// would leave 64 bits. There is never a wrong number. Check proves a Solution from the
// definitions, with nothing of the solver's; Infeasible and Unbounded have a Verify
// of the same kind. The same network always gives the same flow.
//
// The method is the primal network simplex: Ahuja, Magnanti and Orlin, Network Flows
// (1993), chapter 11, with strongly feasible trees (Cunningham 1976), so that it cannot
// cycle, and the block search of Kovács, Minimum-cost flow algorithms: an experimental
// evaluation (2015). It is fast on sparse networks; its worst case is exponential, though
// none is met in practice.
//
// What is left out: convex costs, gains and losses on the way, fractions of units, many
// commodities, restarts from an earlier solution. Large bipartite problems have better
// solvers than this general one.
package mincost
