// Package allocate seats a whole market: which cohorts of graduates fill which openings,
// so that by a policy nothing is better.
//
// What goes in: a Market in numbers: graduates of each cohort, heads of each opening, which
// cohort each opening can take and what one unit is worth there; seats that are reserved,
// limits on what goes where, groups that are to be filled evenly. What comes out: a Seating
// with prices that prove it, and for everything that stays empty the reason (Unfilled,
// Unplaced) or what is in the way (Conflict). Check proves a seating from the market alone and shares
// nothing with what found it. What is left out: scores, names, where the records come from.
//
// Values are whole numbers, so that optimal means optimal. A Transport is the part of most
// markets that has to be fast: a sparse transportation problem without limits, of up to
// tens of millions of arcs, solved by an auction with an exact end; a Resolver mends its
// solution after small changes. SolveNetwork finds such problems in networks (mincost).
// Stable policies are deferred acceptance (stable).
//
// The same input gives the same seating, on any number of threads. The order of cohorts and
// openings decides between seatings that are equally good. Memory is about 20 to 30 bytes
// an arc while a Transport is solved, beside its own 8.
package allocate
