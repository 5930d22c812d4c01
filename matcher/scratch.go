package matcher

import (
	"sync"
	"unsafe"

	"talentmatch/matcher/memory"
)

// scratch is a query's working memory. Arrays indexed by skill, term or row are
// all zero between queries; who writes an entry clears it.
type scratch struct {
	links    linkTable
	sims     simTable
	terms    []float32 // term -> its weight in the query
	bits     []uint64  // term -> is it in the query? Small enough to stay in the nearest cache
	credits  []uint32  // need -> credit of the row being scored
	likest   []uint16  // held skill -> its best similarity to a need of that row
	rank     ranking
	worth    []needLookup // need -> what a code adds to a tally
	found    [2]foundTiles
	ops      []tileOp // of the window that is visited
	scaleds  []scaledOp
	places   []float32 // window -> what place adds at most, while its bound is made
	segments []segmentQuery
	levels   [][8]uint32 // slot of links -> best credit per needed level
	scaled   [][8]uint16 // slot -> best credit per needed level, in units of 1/one
	met      []int32     // row -> required needs that a program meets, all 0 between queries
}

// A segmentQuery is what a query works out about one segment.
type segmentQuery struct {
	classes  []classBound
	lists    []tileList   // per need, or per touched skill
	mixes    []mix        // of a segment of demands
	tops     []mix        // those that bound its windows
	likest   [256]float32 // group of held skills -> the best similarity to a need
	placing  placing
	text     textBounds
	required *requirement // nil until asked for
	unmet    []uint64     // bit per window: no row that can be checked meets the required needs
	rest     float32      // what timing adds to a bound at most, below 0 when every class is stopped
}

// foundTiles are the entries of a window in each of a query's lists, found ahead of its
// visit, with their bytes on the way.
type foundTiles struct {
	segment int
	window  uint32
	tiles   []foundTile
}

type foundTile struct {
	list  int32
	entry uint32
}

// find looks for a window's tiles and asks for them from memory. Two windows are kept: the
// one that is visited and the one after it.
func (sc *scratch) find(t *tiles, lists []tileList, segment int, w uint32) {
	sc.found[0], sc.found[1] = sc.found[1], sc.found[0]
	f := &sc.found[1]
	f.segment, f.window, f.tiles = segment, w, f.tiles[:0]
	for i, list := range lists {
		if entry, ok := list.find(w); ok {
			f.tiles = append(f.tiles, foundTile{int32(i), entry})
			at := 2 * int(t.at[entry])
			memory.Prefetch(unsafe.Pointer(&t.data[at]), bytesOf(int(t.rows[entry])+1))
		}
	}
}

// foundOf is what find has found of a window, or finds now.
func (sc *scratch) foundOf(t *tiles, lists []tileList, segment int, w uint32) *foundTiles {
	for i := range sc.found {
		if f := &sc.found[i]; f.window == w && f.segment == segment {
			return f
		}
	}
	sc.find(t, lists, segment, w)
	return &sc.found[1]
}

// A needLookup is what the codes of a need's tiles are worth.
type needLookup struct {
	words  [256]uint16
	lo, hi [256]uint8
}

func (n *needLookup) lookup() lookup { return lookup{&n.words, &n.lo, &n.hi} }

// A classBound is what the gates and the bound need to know of a class.
type classBound struct {
	gate     Gate
	timing   float64 // that component
	bound    float32 // timing's part
	filtered bool    // by education
	mix      int32   // of a demand: which of the segment's mixes
	flags    uint8   // of a program
}

// reset forgets the last query's segments and tiles; segment begins the next one's.
func (sc *scratch) reset() {
	sc.segments = sc.segments[:0]
	sc.found[0].segment, sc.found[1].segment = -1, -1
}

// letGo puts the tables back to all zero, and forgets what belongs to segments: these may
// be gone before the scratch is used again.
func (sc *scratch) letGo() {
	sc.links.clear()
	for i := range sc.segments {
		p := &sc.segments[i]
		clear(p.lists)
		clear(p.text.lists)
		clear(p.text.ops)
		p.text.index, p.required = nil, nil
	}
	clear(sc.ops)
	clear(sc.scaleds)
}

func (sc *scratch) segment() *segmentQuery {
	if len(sc.segments) < cap(sc.segments) {
		sc.segments = sc.segments[:len(sc.segments)+1]
	} else {
		sc.segments = append(sc.segments, segmentQuery{})
	}
	return &sc.segments[len(sc.segments)-1]
}

// A linkTable lists for skills which of a record's own they count for: of a held skill
// needs, of a needed one held skills.
type linkTable struct {
	slot    []int32 // 1 + skill -> 1 + its place among touched; slot[0] is 0
	touched []int32
	spans   []span   // by slot, less one
	likest  []uint16 // slot -> the greatest similarity of its links, 0 for slot 0
	links   []link
	linked  bool // otherwise links are still to be made
	own     int
	related relatedSkills
}

// relatedSkills lists the skills that count for own skill i, and says its level.
type relatedSkills func(i int, buffer *[1]Neighbour) (list []Neighbour, level uint8)

type span struct{ from, to uint32 }

type link struct {
	to    int32 // index of the record's own
	sim   uint16
	level uint8
}

// fill makes the table of so many own skills, whose related skills lie below size. sims,
// unless nil, gets the similarities side by side.
func (t *linkTable) fill(own, size int, related relatedSkills, sims *simTable) {
	t.touched, t.spans, t.likest = t.touched[:0], t.spans[:0], append(t.likest[:0], 0)
	t.linked, t.own, t.related = false, own, related
	t.slot = zeroed(t.slot, max(size+1, cap(t.slot)))
	var buffer [1]Neighbour
	for i := range own {
		list, _ := related(i, &buffer)
		for k := range list {
			nb := &list[k]
			s := t.slot[nb.Skill+1]
			if s == 0 {
				t.touched, t.spans, t.likest = append(t.touched, nb.Skill), append(t.spans, span{}), append(t.likest, 0)
				s = int32(len(t.spans))
				t.slot[nb.Skill+1] = s
				if sims != nil {
					sims.add()
				}
			}
			t.spans[s-1].to++
			t.likest[s] = max(t.likest[s], nb.Sim)
			if sims != nil {
				to := &sims.sims[s][i&(simLanes-1)]
				*to = max(*to, nb.Sim)
			}
		}
	}
}

// link makes the links.
func (t *linkTable) link() {
	at := uint32(0)
	for i := range t.spans {
		sp := &t.spans[i]
		n := sp.to
		sp.from, sp.to = at, at
		at += n
	}
	t.links = grow(t.links, int(at))
	var buffer [1]Neighbour
	for i := range t.own {
		list, level := t.related(i, &buffer)
		for k := range list {
			sp := &t.spans[t.slot[list[k].Skill+1]-1]
			t.links[sp.to] = link{int32(i), list[k].Sim, level}
			sp.to++
		}
	}
	t.linked = true
}

// of lists the links of a skill.
func (t *linkTable) of(skill int32) []link {
	if !t.linked {
		t.link()
	}
	s := t.slotOf(skill)
	if s == 0 {
		return nil
	}
	sp := &t.spans[s-1]
	return t.links[sp.from:sp.to]
}

// slotOf is 1 + a skill's place among touched, 0 for one that is not.
func (t *linkTable) slotOf(skill int32) int32 {
	if i := int(skill) + 1; i < len(t.slot) {
		return t.slot[i]
	}
	return 0
}

// clear puts the table back to all zero.
func (t *linkTable) clear() {
	for _, skill := range t.touched {
		t.slot[skill+1] = 0
	}
	t.related = nil
}

// reset begins with the levels of a demand's needs, of which there are lanes enough.
func (t *simTable) reset(needs []Need) {
	t.sims = append(t.sims[:0], [simLanes]uint16{})
	for m := range t.fits {
		for i := range needs {
			t.fits[m][i] = uint16(fit[m][needs[i].Level&7])
		}
	}
}

// add adds the row of the next slot.
func (t *simTable) add() { t.sims = append(t.sims, [simLanes]uint16{}) }

// mix finds or adds a mix.
func (p *segmentQuery) mix(m mix) int32 {
	for i := range p.mixes {
		was := p.mixes[i]
		was.open = false
		if was == m {
			return int32(i)
		}
	}
	p.mixes = append(p.mixes, m)
	return int32(len(p.mixes) - 1)
}

// choose keeps in tops the open mixes that can bound a window: of those that differ in
// rest only, the greatest.
func (p *segmentQuery) choose() {
	p.tops = p.tops[:0]
	for _, m := range p.mixes {
		if !m.open {
			continue
		}
		known := false
		for i := range p.tops {
			t := &p.tops[i]
			if was := *t; was.skills == m.skills && was.focus == m.focus && was.place == m.place && was.text == m.text && was.empty == m.empty {
				t.rest = max(t.rest, m.rest)
				known = true
				break
			}
		}
		if !known {
			p.tops = append(p.tops, m)
		}
	}
}

// bound is the greatest bound of the open mixes; below 0 without any.
func (p *segmentQuery) bound(place, skills, text, doubt float32) float32 {
	b := float32(-1)
	for i := range p.tops {
		b = max(b, p.tops[i].of(place, skills, text, doubt))
	}
	return b
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// zeroed returns a slice of length n with all zero, given that s is all zero up to
// its capacity.
func zeroed[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n+n/4)[:n]
	}
	return s[:n]
}

// setText spreads a text's weights over the term table; clearText undoes it.
func (sc *scratch) setText(text *TextVector, weight func(*Term) float64) {
	size := 0
	for s := range text {
		for i := range text[s] {
			size = max(size, int(text[s][i].ID)+1)
		}
	}
	sc.terms = zeroed(sc.terms, max(size, cap(sc.terms)))
	sc.bits = zeroed(sc.bits, max((size+63)/64, cap(sc.bits)))
	for s := range text {
		for i := range text[s] {
			id := text[s][i].ID
			sc.terms[id] = float32(weight(&text[s][i]))
			sc.bits[id>>6] |= 1 << (id & 63)
		}
	}
}

func (sc *scratch) clearText(text *TextVector) {
	for s := range text {
		for i := range text[s] {
			sc.terms[text[s][i].ID] = 0
			sc.bits[text[s][i].ID>>6] = 0
		}
	}
}

// asks reports whether a term is in the query.
func (sc *scratch) asks(id int32) bool {
	w := int(uint32(id) >> 6)
	return w < len(sc.bits) && sc.bits[w]&(1<<(uint32(id)&63)) != 0
}
