package matcher

import (
	"cmp"
	"hash/fnv"
	"math/bits"
	"slices"
	"sync"
	"sync/atomic"
)

// Ables finds the programs whose skills are enough for a demand, whatever its other gates
// say: its required skills are met as at the gate, and the skills component is at least some share.
// A program for which no skill that a taxonomy knows is entered or found in its text has nothing
// to go by: it is able for every demand, unverified, as it is at the gate. A demand without
// skills is one for which all programs are able. Programs are numbered in the order of ids, as
// VisitPrograms goes.
//
// Inside they have places: a part of them is a sample of the programs, drawn by ids, and in each
// part those of a group of regions stand together.
type Ables struct {
	space    *Space
	least    float64
	programs int
	number   []int32 // of the program at each place
	place    []int32
	parts    int
	groups   int
	start    []int32   // where part 0's groups begin, part 1's, and so on; one more
	doubt    []float32 // by place, as all that follows
	known    []bool    // required skills can be checked
	off      []uint32
	held     []ablePosting // by skill: who teaches it

	// Able without any credit, ascending: by the component (all of them, and those whom no
	// required skill stops), by the gate alone, and everybody.
	untaught, unstopped, open, all []int32
	is                             []uint8 // isUntaught and so on, of each program
	blank                          []int32 // nothing to go by
	doubtful                       float32 // the greatest doubt

	credits sync.Map // need -> []ableCredit
	kept    atomic.Int64
}

const (
	isUntaught = 1 << iota
	isOpen     // required skills cannot be checked
)

// mostKept is how many credits are kept, of 8 bytes; beyond, they are worked out anew.
const mostKept = 1 << 26

type ablePosting struct {
	place int32
	grade grade
}

// An ableNeed is what credits depend on.
type ableNeed struct {
	skill int32
	level uint8
}

// An ableCredit is the best credit, above 0, that a program earns for a need.
type ableCredit struct {
	place  int32
	credit uint32
}

// Able is who is able for a demand, or those of a part of the programs. It is good until the
// next question.
type Able struct {
	number         []int32
	shown, unshown []int32 // places; nobody is in both
}

// Len is how many are able.
func (a *Able) Len() int { return len(a.shown) + len(a.unshown) }

// At is one of them, 0..Len()-1, in an order that depends on the records alone.
func (a *Able) At(i int) int32 {
	if i < len(a.shown) {
		return a.number[a.shown[i]]
	}
	return a.number[a.unshown[i-len(a.shown)]]
}

// Ables prepares to find who is able, with a least share of the skills component, 0..1, in so
// many parts. group is of a region, 0..groups-1.
func (s *Snapshot) Ables(least float64, parts, groups int, group func(region int32) int) *Ables {
	at := s.programsByID()
	n := len(at)
	a := &Ables{space: s.space, least: least, programs: n, parts: parts, groups: groups, doubt: make([]float32, n), known: make([]bool, n), is: make([]uint8, n)}
	at = a.draw(s, at, group)
	blank := make([]bool, n)
	for p, row := range at {
		seg := s.programs[row.segment].seg
		a.doubt[p], a.known[p] = seg.meta[row.doc].doubt, seg.classes[seg.class[row.doc]].known
		blank[p] = !a.known[p]
		for k := seg.held.off[row.doc]; k < seg.held.off[row.doc+1]; k++ {
			blank[p] = blank[p] && seg.held.grade[k]&gradeExtracted == 0
		}
		a.all = append(a.all, int32(p))
		a.sort(int32(p), blank[p])
	}
	a.post(s, at, blank)
	return a
}

// draw gives the programs their places.
func (a *Ables) draw(s *Snapshot, byID []programAt, group func(region int32) int) []programAt {
	lot, in := make([]uint64, len(byID)), make([]int32, len(byID))
	a.start = make([]int32, a.parts*a.groups+1)
	for p, row := range byID {
		seg := s.programs[row.segment].seg
		h := fnv.New64a()
		h.Write([]byte(seg.ids[row.doc]))
		lot[p] = h.Sum64() * 0x9e3779b97f4a7c15 // ids that differ at their end only are far apart
		part := int(lot[p] >> 32 % uint64(a.parts))
		in[p] = int32(part*a.groups + group(seg.region[row.doc]))
		a.start[in[p]+1]++
		a.number = append(a.number, int32(p))
	}
	for i := 1; i < len(a.start); i++ {
		a.start[i] += a.start[i-1]
	}
	slices.SortFunc(a.number, func(x, y int32) int {
		return cmp.Or(cmp.Compare(in[x], in[y]), cmp.Compare(lot[x], lot[y]), cmp.Compare(x, y))
	})
	a.place = make([]int32, len(byID))
	out := make([]programAt, len(byID))
	for place, p := range a.number {
		a.place[p], out[place] = int32(place), byID[p]
	}
	return out
}

// sort puts a program where it belongs by what it is without any credit.
func (a *Ables) sort(p int32, blank bool) {
	if blank {
		a.blank = append(a.blank, p)
	}
	a.doubtful = max(a.doubtful, a.doubt[p])
	if !a.known[p] {
		a.is[p] |= isOpen
		a.open = append(a.open, p)
	}
	if blank || doubted(0, a.doubt[p]) >= a.least {
		a.is[p] |= isUntaught
		a.untaught = append(a.untaught, p)
		if !a.known[p] {
			a.unstopped = append(a.unstopped, p)
		}
	}
}

// post lists, by skill, who teaches it; those who are able anyway need no credit.
func (a *Ables) post(s *Snapshot, at []programAt, blank []bool) {
	each := func(yield func(p, skill int32, g grade)) {
		for p, row := range at {
			if blank[p] {
				continue
			}
			held := &s.programs[row.segment].seg.held
			for k := held.off[row.doc]; k < held.off[row.doc+1]; k++ {
				yield(int32(p), held.skill[k], held.grade[k])
			}
		}
	}
	each(func(_, skill int32, _ grade) {
		for int(skill)+1 >= len(a.off) {
			a.off = append(a.off, 0)
		}
		a.off[skill+1]++
	})
	for i := 1; i < len(a.off); i++ {
		a.off[i] += a.off[i-1]
	}
	if len(a.off) == 0 {
		return
	}
	a.held = make([]ablePosting, a.off[len(a.off)-1])
	next := slices.Clone(a.off)
	each(func(p, skill int32, g grade) {
		a.held[next[skill]] = ablePosting{p, g}
		next[skill]++
	})
}

// Programs is how many programs there are.
func (a *Ables) Programs() int { return a.programs }

// Blank are the programs that have nothing to go by, ascending.
func (a *Ables) Blank() []int32 {
	out := make([]int32, len(a.blank))
	for i, place := range a.blank {
		out[i] = a.number[place]
	}
	slices.Sort(out)
	return out
}

// An AbleQuery asks for one demand after the other, on one goroutine. Needs must not be changed
// while they are asked about: what the last ones earn is kept.
type AbleQuery struct {
	a        *Ables
	able     Able
	from, to int32 // places of the part
	shown    []int32

	of      []Need // that full is of
	full    []asked
	needs   []asked
	sum     []float64 // of each place: of weight times credit, in any order
	met     []uint16  // required needs
	seen    []bool
	touched []int32
	best    []uint32
	credits []ableCredit
}

// asked is a need with who earns anything for it.
type asked struct {
	*Need
	list []ableCredit // by place
}

// Query prepares to ask.
func (a *Ables) Query() *AbleQuery {
	n := a.programs
	return &AbleQuery{a: a, sum: make([]float64, n), met: make([]uint16, n), seen: make([]bool, n), best: make([]uint32, n)}
}

// For is who is able for these needs.
func (q *AbleQuery) For(needs []Need) Able { return q.between(needs, 0, int32(q.a.programs)) }

// Part is who is able of a part of the programs.
func (q *AbleQuery) Part(needs []Need, part int) Able {
	a := q.a
	return q.between(needs, a.start[part*a.groups], a.start[(part+1)*a.groups])
}

// Group is who is able of a group in a part of the programs.
func (q *AbleQuery) Group(needs []Need, part, group int) Able {
	a := q.a
	return q.between(needs, a.start[part*a.groups+group], a.start[part*a.groups+group+1])
}

// Able says whether one program is able for these needs.
func (q *AbleQuery) Able(needs []Need, p int32) bool {
	able := q.between(needs, q.a.place[p], q.a.place[p]+1)
	return able.Len() > 0
}

// between is who is able of the places from..to-1.
func (q *AbleQuery) between(needs []Need, from, to int32) Able {
	a := q.a
	q.from, q.to = from, to
	q.able = Able{number: a.number}
	weight, required := 0.0, 0
	for i := range needs {
		weight += needs[i].Weight
		if needs[i].Required {
			required++
		}
	}
	q.shown = q.shown[:0]
	without := uint8(isUntaught)
	switch {
	case weight <= 0 && required == 0:
		q.able.unshown = q.within(a.all)
		return q.able
	case weight <= 0:
		q.able.unshown, without = q.within(a.open), isOpen
	case required > 0:
		q.able.unshown, without = q.within(a.unstopped), isUntaught|isOpen
	default:
		q.able.unshown = q.within(a.untaught)
	}
	q.count(needs, weight, required)
	for _, p := range q.touched {
		stopped := a.known[p] && int(q.met[p]) < required
		if !stopped && a.is[p]&without != without && (weight <= 0 || q.reaches(p, needs, weight)) {
			q.shown = append(q.shown, p)
		}
		q.sum[p], q.met[p], q.seen[p] = 0, 0, false
	}
	q.touched = q.touched[:0]
	q.able.shown = q.shown
	return q.able
}

// within is the places of the part.
func (q *AbleQuery) within(places []int32) []int32 {
	from, _ := slices.BinarySearch(places, q.from)
	to, _ := slices.BinarySearch(places, q.to)
	return places[from:to]
}

// credited lists who earns what for each need, of all places; nothing is looked up when the needs
// are those of the question before.
func (q *AbleQuery) credited(needs []Need) []asked {
	if len(needs) == 0 || len(needs) == len(q.of) && &needs[0] == &q.of[0] {
		return q.full[:len(needs)]
	}
	q.of, q.full = needs, q.full[:0]
	for i := range needs {
		q.full = append(q.full, asked{&needs[i], q.earned(ableNeed{needs[i].Skill, needs[i].Level})})
	}
	return q.full
}

// firstAt is where the credits of a place, or of those behind it, begin.
func firstAt(list []ableCredit, place int32) int {
	from, to := 0, len(list)
	for from < to {
		if mid := int(uint(from+to) >> 1); list[mid].place < place {
			from = mid + 1
		} else {
			to = mid
		}
	}
	return from
}

// count adds up what the needs are worth to those who can still be able: required needs first,
// then those that few earn anything for.
func (q *AbleQuery) count(needs []Need, weight float64, required int) {
	q.needs = q.needs[:0]
	for _, n := range q.credited(needs) {
		if int(q.to-q.from) < q.a.programs {
			from := firstAt(n.list, q.from)
			n.list = n.list[from : from+firstAt(n.list[from:], q.to)]
		}
		q.needs = append(q.needs, n)
	}
	slices.SortStableFunc(q.needs, func(x, y asked) int {
		if x.Required != y.Required {
			if x.Required {
				return -1
			}
			return 1
		}
		return len(x.list) - len(y.list)
	})
	left := weight // of this need and those behind it
	for i := range q.needs {
		n := &q.needs[i]
		switch {
		case weight > 0 && !q.a.could(left/weight):
			q.addSeen(n)
		case required > 0 && i > 0:
			q.add(n, q.a.known) // of those who can be stopped, only who met the first
		default:
			q.add(n, nil)
		}
		left -= n.Weight
	}
}

// could reports whether a program can still be able who has nothing so far.
func (a *Ables) could(share float64) bool {
	share = min(1, share+ableSlack)
	return share+float64(a.doubtful)*max(noData-share, 0) >= a.least
}

// ableSlack is more than sums of another order differ by.
const ableSlack = 1e-9

// add adds a need for all but those new ones who are not to come in.
func (q *AbleQuery) add(n *asked, out []bool) {
	for _, c := range n.list {
		if !q.seen[c.place] {
			if out != nil && out[c.place] {
				continue
			}
			q.seen[c.place] = true
			q.touched = append(q.touched, c.place)
		}
		q.earn(n, c)
	}
}

// addSeen adds a need for those who are in.
func (q *AbleQuery) addSeen(n *asked) {
	if len(q.touched)*bits.Len(uint(len(n.list))) < len(n.list) {
		for _, p := range q.touched {
			if c := creditIn(n.list, p); c > 0 {
				q.earn(n, ableCredit{p, c})
			}
		}
		return
	}
	for _, c := range n.list {
		if q.seen[c.place] {
			q.earn(n, c)
		}
	}
}

func (q *AbleQuery) earn(n *asked, c ableCredit) {
	q.sum[c.place] += n.Weight * float64(c.credit)
	if n.Required && c.credit >= requiredCredit {
		q.met[c.place]++
	}
}

func creditIn(list []ableCredit, p int32) uint32 {
	if i := firstAt(list, p); i < len(list) && list[i].place == p {
		return list[i].credit
	}
	return 0
}

// reaches reports whether the skills component is the least or more. Where it is near, it is
// summed up as the score is, in the order of needs.
func (q *AbleQuery) reaches(p int32, needs []Need, weight float64) bool {
	a := q.a
	v := doubted(q.sum[p]/(weight*wholeCredit), a.doubt[p])
	if v < a.least-ableSlack || v > a.least+ableSlack {
		return v >= a.least
	}
	sum := 0.0
	for _, n := range q.credited(needs) {
		sum += n.Weight * float64(creditIn(n.list, p))
	}
	return doubted(sum/(weight*wholeCredit), a.doubt[p]) >= a.least
}

// earned lists the credits for a need, by place.
func (q *AbleQuery) earned(n ableNeed) []ableCredit {
	a := q.a
	if list, ok := a.credits.Load(n); ok {
		return list.([]ableCredit)
	}
	q.credits = q.credits[:0]
	var own [1]Neighbour
	for _, nb := range a.space.ForNeed(n.skill, &own) {
		if int(nb.Skill)+1 >= len(a.off) {
			continue
		}
		for _, h := range a.held[a.off[nb.Skill]:a.off[nb.Skill+1]] {
			c := creditOf(nb.Sim, h.grade.level(), n.level, h.grade.confidence())
			if q.best[h.place] == 0 && c > 0 {
				q.credits = append(q.credits, ableCredit{place: h.place})
			}
			q.best[h.place] = max(q.best[h.place], c)
		}
	}
	for i := range q.credits {
		c := &q.credits[i]
		c.credit, q.best[c.place] = q.best[c.place], 0
	}
	list := slices.Clone(q.credits)
	slices.SortFunc(list, func(x, y ableCredit) int { return int(x.place) - int(y.place) })
	if a.kept.Add(int64(len(list))) > mostKept {
		a.kept.Add(-int64(len(list)))
		return list
	}
	a.credits.Store(n, list)
	return list
}
