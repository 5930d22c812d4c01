// Package skillspace works out how close skills are to each other: which held skills
// count for a needed one, how much, and why. Pure mathematics on numbered skills; it
// reads no records and no text, does no I/O and knows no names.
//
// In goes an Input: edges of the taxonomy (broader, related), baskets of skills
// that occur together (occupations, demands, programs) and weighted terms of labels
// and descriptions. Out comes an immutable Space:
//
//	space, err := skillspace.Build(ctx, input, skillspace.DefaultOptions())
//	space.Neighbours(need)    // []Neighbour: skill, similarity in thousandths, its parts
//	space.Reasons(a, b, 3)    // why statistics call two alike: baskets with both, third skills, shared terms
//	space.Report()            // version, dimensions, residual, explained share, ...
//
// Neighbours has the shape of matcher.Neighbour (same unit, no entry for the skill
// itself), so lists[i] of matcher.NewSpace are filled by copying Skill and Sim.
//
// # The parts
//
// Structure is the rule of index/taxonomy, but for crosswalks: a child counts 0.8, a
// grandchild 0.64, a parent 0.5, a related skill 0.5, best way first, nothing below 0.3;
// edges may carry weights. It is directed: a special case covers the general skill more
// than the other way round. So similarity as a whole is not symmetric; the two other
// parts are.
//
// Co-occurrence compares the company that two skills keep: rows of a symmetric PPMI
// matrix (newContexts), made dense and rid of noise by its leading positive eigenpairs
// (leading), compared by cosine. Negative eigenvalues are left out: they say who
// avoids whom, and measured worse. Skills seen in few baskets are believed less:
// sqrt(a/(a+d)) sqrt(b/(b+d)) with d = Doubt observations.
//
// Text is the cosine of the term vectors, as weighted by the caller.
//
// # The blend
//
//	sim = max(structure, min(Most, 1 - (1 - cooccurrence) (1 - text)))
//
// with cooccurrence = 0.45 cosine belief and text = 0.8 cosine by default. What people
// said is never lowered, and statistics never claim more than 0.6, so never sameness.
// Company alone stays below 0.5, the least that a required skill takes. The scales
// come from the built-in taxonomy: over all its pairs with a given cosine the mean
// structural similarity (0 where there is no tie) is about 0.45 times the believed
// cosine of company and 1.1 times that of text; a blend of 0.24 stands for 0.24 given
// by the authors, 0.34 for 0.41, but 0.14 for 0.07 and 0.07 for 0.01: below 0.2 the
// statistics rank well and claim too much (TestBlendIsCalibrated). What each part
// gains is measured by hiding skills of occupations (TestHeldOutAblation).
//
// Every needed skill lists all its structural neighbours and, up to Neighbours in all,
// the best by statistics. Every pair is looked at, so the lists are exact.
//
// # The same numbers every time
//
// The same input gives the same bytes, in whatever order baskets, items, edges and
// terms come, and however many processors work: sums are taken in one order, and work
// is shared out by independent rows. (Different processor families may round
// differently.) The numbering matters for ties and for the random start, so number
// skills by id. Timings are the only part of a Report that varies.
//
// # Size
//
// 15,000 skills, 60,000 baskets of 12-40 and 40 terms a skill take about 10 s of
// processor time, nearly all of it shared by the processors there are, and a process
// of 430 MB, the input included (BenchmarkBuild15kSkills60kBaskets). The time grows
// with the square of the number of skills. A space keeps about 6 KB a skill, so that
// Reasons can answer.
package skillspace
