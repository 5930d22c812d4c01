package fill

import (
	"cmp"
	"context"
	"slices"
	"sort"
)

// classes is a market without some limits, by what still tells supplies and openings apart.
// What a relaxed limit looks at is the same for all.
type classes struct {
	market *Market
	kinds  []kind // of each supply
	wants  []want // of each opening
}

// A kind is what matters of a supply. Kinds sort by holder and place, so that what an
// opening of any program can use is a few ranges.
type kind struct {
	holder    int32 // Free: anyone's
	place     int32 // Anywhere: it moves, or it is not known where it is
	education int32 // how many of the least levels asked for it reaches
	leaves    int32 // by number: months between which no opening tells are one
	follows   int32 // the holder to whom it goes though it is at a place; Free: nobody
}

// A want is what matters of an opening. It can use a kind when holder and place are its own
// or anyone's (the place of those who follow its holder does not matter), education is least or more, and
// leaves is in from..to-1.
type want struct {
	holder, place   int32
	least, from, to int32
}

func compareKinds(a, b kind) int {
	return cmp.Or(cmp.Compare(a.holder, b.holder), cmp.Compare(a.place, b.place),
		cmp.Compare(a.education, b.education), cmp.Compare(a.leaves, b.leaves), cmp.Compare(a.follows, b.follows))
}

func (w *want) takes(k *kind) bool {
	return (k.holder == Free || k.holder == w.holder) &&
		(k.place == Anywhere || w.place == Anywhere || k.place == w.place || k.follows != Free && k.follows == w.holder) && w.inTime(k)
}

// inTime says that a kind's education and month of leaving do.
func (w *want) inTime(k *kind) bool {
	return k.education >= w.least && w.from <= k.leaves && k.leaves < w.to
}

// newClasses leaves out what relaxed limits look at.
func (m *Market) newClasses(relaxed Set) *classes {
	c := &classes{market: m, kinds: make([]kind, len(m.Supplies)), wants: make([]want, len(m.Openings))}
	for i := range c.kinds {
		c.kinds[i] = kind{holder: Free, place: Anywhere, follows: Free}
	}
	for d := range c.wants {
		c.wants[d] = want{holder: Free, place: Anywhere, to: 1}
	}
	if !relaxed.Has(Education) {
		c.setEducation()
	}
	if !relaxed.Has(Timing) {
		c.setTiming()
	}
	if !relaxed.Has(Place) {
		c.setPlace(relaxed.Has(Reservations))
	}
	if !relaxed.Has(Reservations) {
		for i := range c.kinds {
			c.kinds[i].holder = m.Supplies[i].Holder
		}
	}
	c.setHolder()
	return c
}

func (c *classes) setEducation() {
	m := c.market
	var asked [256]bool
	for d := range m.Openings {
		asked[m.Openings[d].MinEducation] = true
	}
	var reaches [256]int32 // of each level, how many levels asked for are not above it
	n := int32(0)
	for e, yes := range asked {
		if yes {
			n++
		}
		reaches[e] = n
	}
	for d := range m.Openings {
		c.wants[d].least = reaches[m.Openings[d].MinEducation]
	}
	for i := range m.Supplies {
		c.kinds[i].education = reaches[m.Supplies[i].Education]
	}
}

// setTiming numbers months of leaving, so that months get one number when each opening takes
// both or neither.
func (c *classes) setTiming() {
	m := c.market
	months := make([]int32, len(m.Supplies))
	for i := range months {
		months[i] = m.Supplies[i].Leaves
	}
	slices.Sort(months)
	months = slices.Compact(months)
	month := func(at int64) int32 { // the first that is not before
		return int32(sort.Search(len(months), func(i int) bool { return int64(months[i]) >= at }))
	}
	cut := make([]bool, len(months)+1) // an opening's range begins or ends there
	for d := range m.Openings {
		w := &c.wants[d]
		if w.from, w.to = 0, int32(len(months)); m.Openings[d].Start != NoStart {
			start := int64(m.Openings[d].Start)
			w.from, w.to = month(start-monthsAfter), month(start+monthsBefore+1)
		}
		cut[w.from], cut[w.to] = true, true
	}
	number, n := make([]int32, len(cut)), int32(0) // number[i]: cuts at 1..i
	for i := 1; i < len(cut); i++ {
		if cut[i] {
			n++
		}
		number[i] = n
	}
	for d := range c.wants {
		c.wants[d].from, c.wants[d].to = number[c.wants[d].from], number[c.wants[d].to]
	}
	for i := range m.Supplies {
		c.kinds[i].leaves = number[month(int64(m.Supplies[i].Leaves))]
	}
}

// setPlace says who is at a place. Those who are reserved are so where anyone may use them, but for
// their holder; where reservations bind nobody else asks.
func (c *classes) setPlace(anyone bool) {
	m := c.market
	for d := range c.wants {
		c.wants[d].place = m.Openings[d].Place
	}
	for i := range c.kinds {
		s, k := &m.Supplies[i], &c.kinds[i]
		if s.Moves || s.Place == Anywhere || s.Holder != Free && !anyone {
			continue
		}
		k.place, k.follows = s.Place, s.Holder
	}
}

// setHolder says whose openings are, of those for whom any supply is.
func (c *classes) setHolder() {
	held := map[int32]bool{}
	for i := range c.kinds {
		held[c.kinds[i].holder], held[c.kinds[i].follows] = true, true
	}
	for d := range c.wants {
		if h := c.market.Openings[d].Holder; held[h] {
			c.wants[d].holder = h
		}
	}
}

// nodes are supplies, or what is alike of them, by program where that counts.
type nodes struct {
	kinds   []kind
	units   []int64
	program []int32 // of each node; nil where skills do not count
	id      []int32 // of each node, its supply; nil where they are put together
}

// each makes a node of each supply, in the order of programs.
func (c *classes) each() *nodes {
	m := c.market
	n := &nodes{id: make([]int32, len(m.Supplies))}
	for i := range n.id {
		n.id[i] = int32(i)
	}
	slices.SortStableFunc(n.id, func(a, b int32) int { return cmp.Compare(m.Supplies[a].Program, m.Supplies[b].Program) })
	for _, s := range n.id {
		n.kinds, n.units = append(n.kinds, c.kinds[s]), append(n.units, m.Supplies[s].Units)
		n.program = append(n.program, m.Supplies[s].Program)
	}
	return n
}

// alike puts supplies of a kind (and of a program, where skills count) together. Supplies
// without units are left out.
func (c *classes) alike(skills bool) *nodes {
	m := c.market
	program := func(s int32) int32 {
		if skills {
			return m.Supplies[s].Program
		}
		return 0
	}
	var order []int32
	for i := range m.Supplies {
		if m.Supplies[i].Units > 0 {
			order = append(order, int32(i))
		}
	}
	compare := func(a, b int32) int {
		return cmp.Or(cmp.Compare(program(a), program(b)), compareKinds(c.kinds[a], c.kinds[b]))
	}
	slices.SortFunc(order, compare)
	n := &nodes{}
	for i, s := range order {
		if i == 0 || compare(order[i-1], s) != 0 {
			n.kinds, n.units = append(n.kinds, c.kinds[s]), append(n.units, 0)
			n.program = append(n.program, program(s))
		}
		n.units[len(n.units)-1] += m.Supplies[s].Units
	}
	if !skills {
		n.program = nil
	}
	return n
}

// number is a node's number: that of its supply, if it is one.
func (n *nodes) number(i int) int32 {
	if n.id == nil {
		return int32(i)
	}
	return n.id[i]
}

// lists is what openings can use. Those of opening d are near[of[d]] and base[of[d]].
type lists struct {
	of         []int32
	near, base [][]int32
}

// bySkills goes through the able programs of each opening. Nodes are in the order of programs.
func (c *classes) bySkills(ctx context.Context, n *nodes) (*lists, error) {
	m := c.market
	first := make([]int32, m.Programs+1) // of each program, its first node
	for _, p := range n.program {
		first[p+1]++
	}
	for p := range m.Programs {
		first[p+1] += first[p]
	}
	l := &lists{of: make([]int32, len(m.Openings))}
	found := newDistinct()
	var list []int32
	for d := range m.Openings {
		if d%stride == 0 {
			if err := ended(ctx); err != nil {
				return nil, err
			}
		}
		list = list[:0]
		w := c.wants[d]
		for _, p := range m.able(d) {
			for i := first[p]; i < first[p+1]; i++ {
				if w.takes(&n.kinds[i]) {
					list = append(list, n.number(int(i)))
				}
			}
		}
		l.of[d] = found.number(list)
	}
	l.near = found.lists
	return l, nil
}

// byKinds is for openings of any skills: their lists are few, those of wants. What is
// reserved for a holder, or follows it, is near, what is anyone's is base, which holders share.
func (c *classes) byKinds(n *nodes) *lists {
	l := &lists{of: make([]int32, len(c.wants))}
	followers := map[int32][]int32{}
	for i := range n.kinds {
		if h := n.kinds[i].follows; h != Free {
			followers[h] = append(followers[h], int32(i))
		}
	}
	parts := map[want][]int32{}
	part := func(w want) []int32 {
		list, known := parts[w]
		if !known {
			list = n.within(w)
			parts[w] = list
		}
		return list
	}
	numbers := map[want]int32{}
	for d, w := range c.wants {
		i, known := numbers[w]
		if !known {
			i = int32(len(l.near))
			numbers[w] = i
			var own []int32
			if w.holder != Free {
				own = part(w)
				for _, k := range followers[w.holder] {
					if w.inTime(&n.kinds[k]) {
						own = append(own, k)
					}
				}
			}
			w.holder = Free
			l.near, l.base = append(l.near, own), append(l.base, part(w))
		}
		l.of[d] = i
	}
	return l
}

// within lists the nodes of exactly w's holder that w takes.
func (n *nodes) within(w want) (list []int32) {
	add := func(from, to kind) { // from <= holder and place < to
		from.follows, to.follows = Free, Free // the least
		i, _ := slices.BinarySearchFunc(n.kinds, from, compareKinds)
		for ; i < len(n.kinds) && compareKinds(n.kinds[i], to) < 0; i++ {
			if w.inTime(&n.kinds[i]) {
				list = append(list, int32(i))
			}
		}
	}
	if w.place == Anywhere {
		add(kind{holder: w.holder, place: Anywhere}, kind{holder: w.holder + 1, place: Anywhere})
		return list
	}
	for _, place := range []int32{Anywhere, w.place} {
		add(kind{holder: w.holder, place: place}, kind{holder: w.holder, place: place + 1})
	}
	return list
}

// distinct keeps lists, equal ones once, in blocks.
type distinct struct {
	lists  [][]int32
	hashes []uint32
	table  []int32 // a list's number plus 1, or 0; at most half is taken
	block  []int32
}

// Blocks double from the least size to the most.
const leastBlock, mostBlock = 1 << 10, 1 << 18

func newDistinct() *distinct { return &distinct{table: make([]int32, 1<<10)} }

// number finds a list or keeps a copy.
func (k *distinct) number(list []int32) int32 {
	if 2*len(k.lists) >= len(k.table) {
		k.table = make([]int32, 2*len(k.table))
		for i, h := range k.hashes {
			at := k.place(h, func(int32) bool { return false })
			k.table[at] = int32(i) + 1
		}
	}
	h := listHash(list)
	at := k.place(h, func(i int32) bool { return k.hashes[i] == h && slices.Equal(k.lists[i], list) })
	if k.table[at] == 0 {
		k.table[at] = int32(len(k.lists)) + 1
		k.lists, k.hashes = append(k.lists, k.keep(list)), append(k.hashes, h)
	}
	return k.table[at] - 1
}

// place is where a list is, or the free place where it belongs.
func (k *distinct) place(h uint32, same func(i int32) bool) int {
	mask := len(k.table) - 1
	at := int(h) & mask
	for k.table[at] != 0 && !same(k.table[at]-1) {
		at = (at + 1) & mask
	}
	return at
}

func (k *distinct) keep(list []int32) []int32 {
	if cap(k.block)-len(k.block) < len(list) {
		k.block = make([]int32, 0, max(min(2*cap(k.block), mostBlock), leastBlock, len(list)))
	}
	from := len(k.block)
	k.block = append(k.block, list...)
	return k.block[from:len(k.block):len(k.block)]
}

// listHash mixes numbers one by one.
func listHash(list []int32) uint32 {
	h := uint64(len(list))
	for _, n := range list {
		h = (h ^ uint64(uint32(n))) * 0x9E3779B97F4A7C15
		h ^= h >> 29
	}
	return uint32(h >> 32)
}
