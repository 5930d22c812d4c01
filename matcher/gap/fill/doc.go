// Package fill counts: how many heads can be filled, which shortages are certain, and why
// heads stay empty.
//
// What goes in: a Graph (units of supplies, heads of openings, which supply each opening can
// use), or a Market, which says of supplies and openings what decides about that. What comes
// out: a Placement with the most heads filled and, of all that fill so many, the one that
// fills early openings first; for any group of openings or supplies the Interval of what
// greatest placements fill or use of it (Openings, Supplies); for a Market the Causes of its
// empty heads, and what stands between an opening and supplies near it (Nearest). What is left
// out: names, scores, what a pair is worth (matcher/allocate), where the records come from.
//
// What a greatest placement fills is a base of a polymatroid (Edmonds 1970, "Submodular
// functions, matroids, and certain polyhedra"; Megiddo 1974, "Optimal flows in networks with
// multiple sources and sinks"): all that is said here of heads follows from f(A), the most
// heads that can be filled when only the openings A are there. So the answers are numbers of
// the input alone and do not depend on the algorithm or on threads. Which supply fills which
// opening is not such a number, and is not handed out.
//
// Memory is 4 bytes a pair for a Fill, as much again once intervals are asked for, and about
// 60 bytes a node and a thread.
package fill
