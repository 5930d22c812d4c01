package mincost

import "fmt"

// A simplex is a spanning tree of the network and a root, which is node Nodes. It lies in
// arrays by node; what the search reads, by arc.
//
// Arcs that are not in the tree flow at a bound. One at its upper bound is kept turned
// round, with the cost negated, so that every such arc could carry more in the direction
// in which it is kept, and would lower the cost if its reduced cost is negative: nothing
// else need be known of it. Arcs in the tree have the reduced cost 0.
//
// The tree is strongly feasible: every node could send more to the root.
type simplex struct {
	net    *Network
	spread spread
	real   int   // arcs of the network; artificial ones follow, one for each node
	arcs   []arc // by position in spread
	link   []link
	order  []place
	pi     []int64 // potentials; 0 at the root
	name   []int32 // what the network calls each node

	block  int // arcs of a block
	least  int // that it has
	moved  int // nodes, since block was set
	strewn int // nodes moved since they were numbered
	from   int // where the next block starts
	pivots int64
	work   int // steps since the context was looked at
}

type arc struct {
	tail, head int32
	cost       int64
}

// A link joins a node to its parent by an arc of the tree.
type link struct {
	parent int32
	arc    int32 // position
	prev   int32 // node before, in preorder
	up     int64 // what more can flow to the parent
	down   int64 // and from it: together the arc's capacity
}

// A place is where a node is in preorder, which is a ring: what follows a node with a
// greater depth, up to the first with no greater one, is below it.
type place struct {
	next  int32
	depth int32 // 0 at the root
}

// A block has at least as many arcs as the root of all arcs, as is usual, and leastBlock.
// It has more, so that there are fewer pivots, where a pivot moves many nodes: moving one
// takes as long as looking at worth arcs. The block is set anew after stay pivots.
//
// Nodes are numbered anew after perNode moves for each node and perArc for each arc, so
// that numbering takes a tenth or so of the time of moving. It nearly halves the time of a
// transportation problem of 55,000 nodes and a million arcs, and does little to small ones.
const (
	leastBlock = 10
	worth      = 2
	stay       = 128
	perArc     = 2
	perNode    = 20
)

// reduced is the reduced cost of an arc in the direction in which it is kept.
func (s *simplex) reduced(at int32) int64 {
	a := &s.arcs[at]
	return a.cost + s.pi[a.tail] - s.pi[a.head]
}

// search gives the arc of the least reduced cost, below 0, of the next block that has
// any; -1 if no block has.
func (s *simplex) search() int32 {
	pi := s.pi
	for left := s.real; left > 0; {
		n := min(s.block, s.real-s.from, left)
		block := s.arcs[s.from : s.from+n]
		best, in := int64(0), -1
		for i := range block {
			a := &block[i]
			if c := a.cost + pi[a.tail] - pi[a.head]; c < best {
				best, in = c, i
			}
		}
		in += s.from
		if s.from += n; s.from == s.real {
			s.from = 0
		}
		left -= n
		s.work += n
		if best < 0 {
			return int32(in)
		}
	}
	return -1
}

// first gives arcs to begin with: the cheapest into each node that needs.
func (s *simplex) first() []int32 {
	into := make([]int32, s.net.Nodes)
	for v := range into {
		into[v] = -1
	}
	for at := range s.real {
		a := &s.arcs[at]
		if int(s.arcs[s.real+int(a.head)].tail) != s.net.Nodes {
			continue
		}
		if best := into[a.head]; best < 0 || a.cost < s.arcs[best].cost {
			into[a.head] = int32(at)
		}
	}
	n := 0
	for _, at := range into {
		if at >= 0 {
			into[n] = at
			n++
		}
	}
	return into[:n]
}

// capacity of a real arc, without its lower bound.
func (s *simplex) capacity(at int32) int64 {
	i := s.spread.arc(int(at))
	if s.net.Upper[i] == NoBound {
		return NoBound
	}
	return s.net.Upper[i] - s.net.Lower[i]
}

// turn keeps an arc in the other direction.
func (s *simplex) turn(at int32) {
	a := &s.arcs[at]
	a.tail, a.head, a.cost = a.head, a.tail, -a.cost
}

// pivot sends what can be sent along the cycle that an arc closes with the tree, in the
// direction in which it is kept, and takes it into the tree for one that blocks the cycle.
//
// Of the arcs that block it, the last leaves, from where the cycle's two sides join,
// along its direction: so trees stay strongly feasible. (Ahuja, Magnanti and Orlin,
// section 11.6.)
func (s *simplex) pivot(in int32) error {
	if s.pivots++; s.pivots%stay == 0 {
		s.block = max(s.least, worth*s.moved/stay)
		s.moved = 0
		if s.strewn > perArc*s.real+perNode*s.net.Nodes {
			s.number()
		}
	}
	link := s.link
	p, q := s.arcs[in].tail, s.arcs[in].head
	capacity := s.capacity(in)

	// From the join the cycle goes down to p and from q up to the join.
	const none = -1
	atP, atQ := int32(none), int32(none)
	leastP, leastQ := int64(NoBound), int64(NoBound)
	u, v := p, q
	deeper := s.order[p].depth - s.order[q].depth
	for ; deeper > 0; deeper-- {
		l := &link[u]
		if l.down < leastP {
			leastP, atP = l.down, u
		}
		u = l.parent
	}
	for ; deeper < 0; deeper++ {
		l := &link[v]
		if l.up <= leastQ {
			leastQ, atQ = l.up, v
		}
		v = l.parent
	}
	for u != v {
		a, b := &link[u], &link[v]
		if a.down < leastP {
			leastP, atP = a.down, u
		}
		if b.up <= leastQ {
			leastQ, atQ = b.up, v
		}
		u, v = a.parent, b.parent
	}
	join := u

	delta, out := capacity, int32(none)
	if atP != none && leastP < delta {
		delta, out = leastP, atP
	}
	fromQ := atQ != none && leastQ <= delta
	if fromQ {
		delta, out = leastQ, atQ
	}
	if out == none {
		if capacity == NoBound {
			return s.loose(in, join)
		}
		s.send(p, join, delta)
		s.send(q, join, -delta)
		s.turn(in)
		return nil
	}

	// The arc that leaves is kept so that it points against the cycle.
	l := &link[out]
	old := l.arc
	if along := fromQ == (s.arcs[old].tail == out); along {
		if l.up+l.down == NoBound {
			return s.loose(in, join)
		}
		s.turn(old)
	}

	if cost := s.reduced(in); fromQ {
		s.send(p, join, delta)
		s.send(l.parent, join, -delta)
		s.hang(q, p, out, in, -delta, cost, delta, capacity-delta)
	} else {
		s.send(q, join, -delta)
		s.send(l.parent, join, delta)
		s.hang(p, q, out, in, delta, -cost, capacity-delta, delta)
	}
	return nil
}

// send adds to what can flow up from a node to one above it, and takes it from what can
// flow down.
func (s *simplex) send(from, to int32, more int64) {
	if more == 0 {
		return
	}
	for v := from; v != to; {
		l := &s.link[v]
		l.up += more
		l.down -= more
		v = l.parent
	}
}

// hang takes what hangs at node out and hangs it below a node by an arc at its node top:
// that turns round the path from top to out. The nodes of the path get more to send up
// before, all nodes step more potential; up and down are the new arc's.
//
// In preorder what hung below top comes first. Then comes its former parent with what hung
// there, but not below top, and so on. All these nodes are visited once.
func (s *simplex) hang(top, below, out, by int32, more, step, up, down int64) {
	links, order, pi := s.link, s.order, s.pi
	before := links[out].prev
	var (
		after int32   // what follows, in the old order, the nodes done
		end   = below // the last of these in the new order
		child = int32(-1)
		x     = top
		depth = order[below].depth + 1 // of x, now
		moved = 0
	)
	for {
		was := links[x]
		links[x] = link{parent: below, arc: by, prev: end, up: up, down: down}
		y, at := x, &order[x]
		level, next := at.depth, at.next
		sink := depth - level
		at.depth = depth
		pi[y] += step
		moved++
		if child >= 0 {
			order[end].next = x
			for next != child {
				y, at = next, &order[next]
				at.depth += sink
				pi[y] += step
				next = at.next
				moved++
			}
			if next = after; order[next].depth > level {
				at.next, links[next].prev = next, y
			}
		}
		for {
			at = &order[next]
			if at.depth <= level {
				break
			}
			at.depth += sink
			y = next
			pi[y] += step
			next = at.next
			moved++
		}
		after, end = next, y
		if x == out {
			break
		}
		up, down = was.down-more, was.up+more
		by, below, child, x = was.arc, x, x, was.parent
		depth++
	}
	order[before].next, links[after].prev = after, before
	under := links[top].parent
	after = order[under].next
	order[under].next, order[end].next = top, after
	links[after].prev = end
	s.work += moved
	s.moved += moved
	s.strewn += moved
}

// number numbers nodes anew, in preorder, so that most of what pivots visit one after the
// other lies together in memory for a while. The root keeps its number.
func (s *simplex) number() {
	root := int32(s.net.Nodes)
	to := make([]int32, root+1)
	to[root] = root
	for v, i := s.order[root].next, int32(0); v != root; v = s.order[v].next {
		to[v] = i
		i++
	}
	links, order, pi, name := make([]link, root+1), make([]place, root+1), make([]int64, root+1), make([]int32, root+1)
	for v, w := range to {
		l := s.link[v]
		l.prev = to[l.prev]
		if l.parent >= 0 {
			l.parent = to[l.parent]
		}
		links[w], pi[w], name[w] = l, s.pi[v], s.name[v]
		order[w] = place{next: to[s.order[v].next], depth: s.order[v].depth}
	}
	s.link, s.order, s.pi, s.name = links, order, pi, name
	for i := range s.arcs {
		a := &s.arcs[i]
		a.tail, a.head = to[a.tail], to[a.head]
	}
	s.strewn = 0
	s.work += s.real
}

// loose says why a cycle, which an arc closes with the tree, cannot be blocked: it has no
// arc with a bound, or the flow of one without does not fit.
func (s *simplex) loose(in, join int32) error {
	var down, up []int32 // arcs from p up to the join and from q up
	bounded := s.capacity(in) != NoBound
	add := func(to *[]int32, from int32, toward bool) {
		for v := from; v != join; v = s.link[v].parent {
			l := &s.link[v]
			if l.up+l.down != NoBound || (s.arcs[l.arc].tail == v) != toward || int(l.arc) >= s.real {
				bounded = true
				return
			}
			*to = append(*to, int32(s.spread.arc(int(l.arc))))
		}
	}
	add(&down, s.arcs[in].tail, false)
	add(&up, s.arcs[in].head, true)
	if bounded {
		return &Overflow{What: fmt.Sprintf("the flow of an arc without upper bound, after %d pivots", s.pivots)}
	}
	cycle := make([]int32, 0, len(down)+1+len(up))
	for i := len(down) - 1; i >= 0; i-- {
		cycle = append(cycle, down[i])
	}
	cycle = append(cycle, int32(s.spread.arc(int(in))))
	return &Unbounded{Arcs: append(cycle, up...)}
}
