package fill

import (
	"math/rand/v2"
	"slices"
)

// pairs is a market as plain as can be: of each opening, the supplies it can use.
type pairs struct {
	units, heads []int64
	near         [][]int32
}

func plain(g *Graph) *pairs {
	p := &pairs{units: g.Units, heads: g.Heads}
	for d := range g.Heads {
		l := g.list(d)
		p.near = append(p.near, g.Near[g.Off[l]:g.Off[l+1]])
	}
	return p
}

// slowFill fills head by head (Kuhn 1955), in order. Nothing here is shared with flow.
func (p *pairs) slowFill() []int64 {
	var heads []int
	for d, n := range p.heads {
		heads = append(heads, slices.Repeat([]int{d}, int(n))...)
	}
	return p.slowFillOf(heads)
}

// slowFillOf fills heads one by one, named by their openings.
func (p *pairs) slowFillOf(heads []int) []int64 {
	var seats []int // of each unit, the opening that has it; -1
	var first []int
	for _, n := range p.units {
		first = append(first, len(seats))
		for range n {
			seats = append(seats, -1)
		}
	}
	var seen []bool
	var try func(d int) bool
	try = func(d int) bool {
		for _, s := range p.near[d] {
			if seen[s] {
				continue
			}
			seen[s] = true
			for u := first[s]; u < first[s]+int(p.units[s]); u++ {
				if seats[u] < 0 || try(seats[u]) {
					seats[u] = d
					return true
				}
			}
		}
		return false
	}
	filled := make([]int64, len(p.heads))
	for _, d := range heads {
		if seen = make([]bool, len(p.units)); try(d) {
			filled[d]++
		}
	}
	return filled
}

// maxFlow is f: the most heads of the openings given that the supplies given can fill, by
// Dinic's algorithm on a network of arcs. nil stands for all.
func (p *pairs) maxFlow(openings, supplies func(int) bool) int64 {
	n := newNetwork(2 + len(p.heads) + len(p.units))
	for d, heads := range p.heads {
		if openings == nil || openings(d) {
			n.arc(0, 2+d, heads)
			for _, s := range p.near[d] {
				n.arc(2+d, 2+len(p.heads)+int(s), mostUnits)
			}
		}
	}
	for s, units := range p.units {
		if supplies == nil || supplies(s) {
			n.arc(2+len(p.heads)+s, 1, units)
		}
	}
	return n.dinic(0, 1)
}

type network struct {
	arcs  [][]int // of each node
	to    []int
	left  []int64 // of each arc; arc i^1 is the other way
	level []int
	at    []int
}

func newNetwork(nodes int) *network {
	return &network{arcs: make([][]int, nodes), level: make([]int, nodes), at: make([]int, nodes)}
}

func (n *network) arc(a, b int, capacity int64) {
	n.arcs[a], n.arcs[b] = append(n.arcs[a], len(n.to)), append(n.arcs[b], len(n.to)+1)
	n.to, n.left = append(n.to, b, a), append(n.left, capacity, 0)
}

func (n *network) dinic(from, to int) (total int64) {
	for n.levels(from, to) {
		clear(n.at)
		for {
			x := n.block(from, to, mostUnits)
			if x == 0 {
				break
			}
			total += x
		}
	}
	return total
}

func (n *network) levels(from, to int) bool {
	for i := range n.level {
		n.level[i] = -1
	}
	n.level[from] = 0
	for queue := []int{from}; len(queue) > 0; queue = queue[1:] {
		for _, a := range n.arcs[queue[0]] {
			if n.left[a] > 0 && n.level[n.to[a]] < 0 {
				n.level[n.to[a]] = n.level[queue[0]] + 1
				queue = append(queue, n.to[a])
			}
		}
	}
	return n.level[to] >= 0
}

func (n *network) block(v, to int, most int64) int64 {
	if v == to {
		return most
	}
	for ; n.at[v] < len(n.arcs[v]); n.at[v]++ {
		a := n.arcs[v][n.at[v]]
		if n.left[a] > 0 && n.level[n.to[a]] == n.level[v]+1 {
			if x := n.block(n.to[a], to, min(most, n.left[a])); x > 0 {
				n.left[a] -= x
				n.left[a^1] += x
				return x
			}
		}
	}
	return 0
}

// everyGreatest calls see with the fills and uses of every greatest placement, some of them
// several times.
func (p *pairs) everyGreatest(see func(filled, used []int64)) {
	type pair struct{ d, s int }
	var all []pair
	for d, near := range p.near {
		for _, s := range slices.Compact(slices.Sorted(slices.Values(near))) {
			all = append(all, pair{d, int(s)})
		}
	}
	most := p.maxFlow(nil, nil)
	filled, used := make([]int64, len(p.heads)), make([]int64, len(p.units))
	var walk func(i int, total int64)
	walk = func(i int, total int64) {
		if i == len(all) {
			if total == most {
				see(filled, used)
			}
			return
		}
		d, s := all[i].d, all[i].s
		room := min(p.heads[d]-filled[d], p.units[s]-used[s])
		for x := range room + 1 {
			filled[d], used[s] = filled[d]+x, used[s]+x
			walk(i+1, total+x)
			filled[d], used[s] = filled[d]-x, used[s]-x
		}
	}
	walk(0, 0)
}

// randomGraph has up to so many supplies and openings; half of the time openings share lists.
func randomGraph(r *rand.Rand, supplies, openings, degree int, most int64) *Graph {
	g := &Graph{Off: []int64{0}}
	for range 1 + r.IntN(supplies) {
		g.Units = append(g.Units, r.Int64N(most+1))
	}
	for range 1 + r.IntN(openings) {
		g.Heads = append(g.Heads, r.Int64N(most+1))
	}
	lists := len(g.Heads)
	if r.IntN(2) == 0 {
		lists = 1 + r.IntN(lists)
		for range g.Heads {
			g.List = append(g.List, int32(r.IntN(lists)))
		}
	}
	degree = 1 + r.IntN(degree)
	for range lists {
		for range r.IntN(degree + 1) {
			g.Near = append(g.Near, int32(r.IntN(len(g.Units))))
		}
		g.Off = append(g.Off, int64(len(g.Near)))
	}
	return g
}

// randomGroups has n groups of up to size of so many things, some empty.
func randomGroups(r *rand.Rand, n, size, things int) Groups {
	g := Groups{Off: []int64{0}}
	for range n {
		var member []int32
		for range r.IntN(size + 1) {
			member = append(member, int32(r.IntN(things)))
		}
		slices.Sort(member)
		g.Member = append(g.Member, slices.Compact(member)...)
		g.Off = append(g.Off, int64(len(g.Member)))
	}
	return g
}

func (g *Groups) has(i int) func(int) bool {
	return func(m int) bool { return slices.Contains(g.Member[g.Off[i]:g.Off[i+1]], int32(m)) }
}

func not(f func(int) bool) func(int) bool { return func(i int) bool { return !f(i) } }
