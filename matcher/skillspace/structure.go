package skillspace

import (
	"cmp"
	"math"
	"slices"
)

// A tie is what structure says of one held skill.
type tie struct {
	skill int32
	sim   uint16 // thousandths
}

// graph holds the edges by skill, in both directions.
type graph struct{ narrower, broader, related [][]Edge }

func newGraph(c *input) *graph {
	g := &graph{narrower: make([][]Edge, c.n), broader: make([][]Edge, c.n), related: make([][]Edge, c.n)}
	for _, e := range c.broader {
		g.broader[e.From] = append(g.broader[e.From], e)
		g.narrower[e.To] = append(g.narrower[e.To], Edge{e.To, e.From, e.Weight})
	}
	for _, e := range c.related {
		g.related[e.From] = append(g.related[e.From], e)
		g.related[e.To] = append(g.related[e.To], Edge{e.To, e.From, e.Weight})
	}
	return g
}

// ties lists what structure says of one needed skill, itself not among it, by
// similarity, then by number.
func (g *graph) ties(start int32, o *Options) []tie {
	best := map[int32]tie{}
	offer := func(s int32, sim float64) {
		if t := thousandths(sim); s != start && sim >= o.StructureLeast && t > best[s].sim {
			best[s] = tie{s, t}
		}
	}
	walk(start, g.narrower, o.Narrower, o.StructureLeast, offer)
	walk(start, g.broader, o.Broader, o.StructureLeast, offer)
	for _, e := range g.related[start] {
		offer(e.To, o.Related*e.Weight)
	}
	out := make([]tie, 0, len(best))
	for _, t := range best {
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b tie) int {
		return cmp.Or(cmp.Compare(b.sim, a.sim), cmp.Compare(a.skill, b.skill))
	})
	return slices.Clip(out[:min(len(out), o.StructureMost)])
}

// walk goes from start along edges, multiplying by factor and the edge's weight at
// each step, as long as the similarity is worth keeping. A skill may be offered
// several times; a better way to it is followed again, so in the end each has been
// offered with its best.
func walk(start int32, edges [][]Edge, factor, least float64, offer func(int32, float64)) {
	best := map[int32]float64{start: 1}
	level := []int32{start}
	for len(level) > 0 {
		var next []int32
		for _, from := range level {
			for _, e := range edges[from] {
				if sim := best[from] * factor * e.Weight; sim >= least && sim > best[e.To] {
					best[e.To] = sim
					next = append(next, e.To)
					offer(e.To, sim)
				}
			}
		}
		level = next
	}
}

// thousandths rounds a similarity in [0,1].
func thousandths(v float64) uint16 { return uint16(math.Round(1000 * min(max(v, 0), 1))) }
