package taxonomy

import (
	"cmp"
	"math"
	"slices"

	"talentmatch/talent"
)

// Why a held skill counts for a needed one.
const (
	WhySame      = "same"      // it is the needed skill
	WhyCrosswalk = "crosswalk" // a crosswalk between two taxonomies says so
	WhyNarrower  = "narrower"  // it is a special case of the needed skill
	WhyBroader   = "broader"   // the needed skill is a special case of it
	WhyRelated   = "related"   // one of the two lists the other as related
)

// similarity holds the constants of the rule by which a held skill counts for a
// needed one; see Neighbours.
var similarity = struct {
	Narrower float64 // for each step down: who can do the special case mostly covers the general one
	Broader  float64 // for each step up: the general skill covers the special case half
	Related  float64 // a peer, one step only
	Least    float64 // what is less similar does not count
	Most     int     // at most so many neighbours are kept, the skill itself among them
}{Narrower: 0.8, Broader: 0.5, Related: 0.5, Least: 0.3, Most: 64}

// A Neighbour is a held skill that counts for a needed one.
type Neighbour struct {
	Skill string
	Sim   float64 // (0,1], rounded to 3 decimals
	Why   string  // WhySame, WhyCrosswalk, WhyNarrower, WhyBroader or WhyRelated
}

// Neighbours lists the held skills that count for the NEEDED skill id, and how
// much: id itself with 1, then by similarity, then by id. The relation is not
// symmetric. The rule:
//
//	the same skill                              1
//	crosswalk, in either direction              its weight
//	narrower, k steps below through `broader`   0.8^k   (child 0.8, grandchild 0.64 ...)
//	broader, k steps above                      0.5^k   (parent 0.5; a grandparent falls below 0.3)
//	related, listed in either direction         0.5
//
// Steps up and down are not mixed, so siblings do not count by themselves; nor does
// a step follow a crosswalk, which says something about the two skills alone. Of
// several ways the best counts (of equal ones crosswalk before narrower before
// broader before related); anything below 0.3 is dropped and the best 64 are kept. Cycles in
// `broader` are harmless. nil for an unknown id.
func (c *Catalogue) Neighbours(id string) []Neighbour {
	start, ok := c.skillAt[id]
	if !ok {
		return nil
	}
	best := map[int32]Neighbour{start: {id, 1, WhySame}}
	for _, l := range c.graph.crossed[start] {
		c.offer(l.to, l.weight, WhyCrosswalk, best)
	}
	c.walk(start, c.graph.narrower, similarity.Narrower, WhyNarrower, best)
	c.walk(start, c.graph.broader, similarity.Broader, WhyBroader, best)
	for _, s := range c.graph.related[start] {
		c.offer(s, similarity.Related, WhyRelated, best)
	}

	out := make([]Neighbour, 0, len(best))
	for _, n := range best {
		out = append(out, n)
	}
	slices.SortFunc(out, func(a, b Neighbour) int {
		if b.Sim == a.Sim && a.Why == WhySame { // a crosswalk can weigh 1 too
			return -1
		}
		if b.Sim == a.Sim && b.Why == WhySame {
			return 1
		}
		return cmp.Or(cmp.Compare(b.Sim, a.Sim), cmp.Compare(a.Skill, b.Skill))
	})
	return out[:min(len(out), similarity.Most)]
}

// walk goes breadth first from start along edges, multiplying by factor at each
// step, as long as the similarity is worth keeping. Breadth first meets each skill
// on its shortest, so its most similar, way.
func (c *Catalogue) walk(start int32, edges [][]int32, factor float64, why string, best map[int32]Neighbour) {
	seen := map[int32]bool{start: true}
	level := []int32{start}
	for sim := factor; sim >= similarity.Least && len(level) > 0; sim *= factor {
		var next []int32
		for _, from := range level {
			for _, s := range edges[from] {
				if !seen[s] {
					seen[s] = true
					next = append(next, s)
					c.offer(s, sim, why, best)
				}
			}
		}
		level = next
	}
}

// offer keeps the better of what is known about skill s and a new way to it.
func (c *Catalogue) offer(s int32, sim float64, why string, best map[int32]Neighbour) {
	sim = math.Round(sim*1000) / 1000
	if sim >= similarity.Least && sim > best[s].Sim {
		best[s] = Neighbour{c.skills[s].ID, sim, why}
	}
}

// graph holds the edges between skills by position, in both directions, each list
// sorted and without repeats.
type graph struct {
	narrower, broader, related [][]int32
	crossed                    map[int32][]crossing
}

func newGraph(skills []*talent.Skill, at map[string]int32, crosswalks []*talent.Crosswalk) graph {
	g := graph{
		crossed:  crossings(at, crosswalks),
		narrower: make([][]int32, len(skills)),
		broader:  make([][]int32, len(skills)),
		related:  make([][]int32, len(skills)),
	}
	for i, s := range skills {
		i := int32(i)
		for _, id := range s.Broader {
			if b, ok := at[id]; ok && b != i {
				g.broader[i] = append(g.broader[i], b)
				g.narrower[b] = append(g.narrower[b], i)
			}
		}
		for _, id := range s.Related {
			if r, ok := at[id]; ok && r != i {
				g.related[i] = append(g.related[i], r)
				g.related[r] = append(g.related[r], i)
			}
		}
	}
	for _, edges := range [][][]int32{g.narrower, g.broader, g.related} {
		for i := range edges {
			slices.Sort(edges[i])
			edges[i] = slices.Compact(edges[i])
		}
	}
	return g
}
