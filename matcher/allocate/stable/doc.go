// Package stable finds stable matchings between two sides that rank each other, where
// either side takes several units: cohorts of graduates and openings, students and
// hospitals. The names are those of the literature: students are the side whose
// edges lie together, hospitals the other; nothing else tells them apart.
//
// What goes in: quotas of both sides and the acceptable pairs, each with the rank either
// side gives it (a Problem; FromLists makes one of preference lists, FromValues one of
// values). A student of quota 40 is forty persons of the same preferences, whom every
// hospital ranks the same. They may end up at different hospitals, or many at one. Work
// and memory do not grow with quotas.
//
// What comes out: the units of every pair (a Matching) such that no pair blocks: no
// student and hospital would both rather be together than with what they have.
// StudentOptimal gives the best such matching for every student at once, HospitalOptimal
// the best for every hospital. BlockingPairs and Check judge a matching from anywhere.
//
// Ties, where a side gives several pairs one rank, are broken by the index of the other
// side, the lower first. The matching is then stable in the weak sense (Irving, Manlove
// and Scott 2000): a pair blocks only if both strictly gain. The optima are those among
// the stable matchings of the broken ties.
//
// What is left out: the weakly stable matching that places the most units (with ties the
// number depends on how they are broken, and the most is NP-hard to find), strong
// stability, limits on the units of a pair, couples, and lower quotas. Values count by
// their order alone; the greatest sum of values is a matter of package allocate.
package stable
