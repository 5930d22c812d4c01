package matcher

import (
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
type Ables struct {
	space    *Space
	least    float64
	programs int
	doubt    []float32
	known    []bool // required skills can be checked
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
	program int32
	grade   grade
}

// An ableNeed is what credits depend on.
type ableNeed struct {
	skill int32
	level uint8
}

// An ableCredit is the best credit, above 0, that a program earns for a need.
type ableCredit struct {
	program int32
	credit  uint32
}

// Able is who is able for a demand: two lists that have nobody in common, of those who have
// shown it and, ascending, of those who need not. They are good until the next question: read only.
type Able struct{ Shown, Unshown []int32 }

// Len is how many are able.
func (a *Able) Len() int { return len(a.Shown) + len(a.Unshown) }

// At is one of them, 0..Len()-1, those who have shown it first.
func (a *Able) At(i int) int32 {
	if i < len(a.Shown) {
		return a.Shown[i]
	}
	return a.Unshown[i-len(a.Shown)]
}

// Ables prepares to find who is able, with a least share of the skills component, 0..1.
func (s *Snapshot) Ables(least float64) *Ables {
	at := s.programsByID()
	n := len(at)
	a := &Ables{space: s.space, least: least, programs: n, doubt: make([]float32, n), known: make([]bool, n), is: make([]uint8, n)}
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

// Blank are the programs that have nothing to go by, ascending: read only.
func (a *Ables) Blank() []int32 { return a.blank }

// An AbleQuery asks for one demand after the other, on one goroutine.
type AbleQuery struct {
	a       *Ables
	able    Able
	shown   []int32
	isShown []uint32 // of each program: the question in which it was shown last
	asked   uint32

	needs   []asked
	sum     []float64 // of each program: of weight times credit, in any order
	met     []uint16  // required needs
	seen    []bool
	touched []int32
	best    []uint32
	credits []ableCredit
}

// asked is a need with who earns anything for it.
type asked struct {
	*Need
	list []ableCredit // by program
}

// Query prepares to ask.
func (a *Ables) Query() *AbleQuery {
	n := a.programs
	return &AbleQuery{a: a, isShown: make([]uint32, n), sum: make([]float64, n), met: make([]uint16, n), seen: make([]bool, n), best: make([]uint32, n)}
}

// Has says whether a program is able in the last answer.
func (q *AbleQuery) Has(p int32) bool {
	if q.isShown[p] == q.asked {
		return true
	}
	_, unshown := slices.BinarySearch(q.able.Unshown, p)
	return unshown
}

// For is who is able for these needs.
func (q *AbleQuery) For(needs []Need) Able {
	a := q.a
	weight, required := 0.0, 0
	for i := range needs {
		weight += needs[i].Weight
		if needs[i].Required {
			required++
		}
	}
	q.asked++
	q.shown = q.shown[:0]
	without := uint8(isUntaught)
	switch {
	case weight <= 0 && required == 0:
		q.able = Able{Unshown: a.all}
		return q.able
	case weight <= 0:
		q.able.Unshown, without = a.open, isOpen
	case required > 0:
		q.able.Unshown, without = a.unstopped, isUntaught|isOpen
	default:
		q.able.Unshown = a.untaught
	}
	q.count(needs, weight, required)
	for _, p := range q.touched {
		stopped := a.known[p] && int(q.met[p]) < required
		if !stopped && a.is[p]&without != without && (weight <= 0 || q.reaches(p, needs, weight)) {
			q.shown = append(q.shown, p)
			q.isShown[p] = q.asked
		}
		q.sum[p], q.met[p], q.seen[p] = 0, 0, false
	}
	q.touched = q.touched[:0]
	q.able.Shown = q.shown
	return q.able
}

// count adds up what the needs are worth to those who can still be able: required needs first,
// then those that few earn anything for.
func (q *AbleQuery) count(needs []Need, weight float64, required int) {
	q.needs = q.needs[:0]
	for i := range needs {
		q.needs = append(q.needs, asked{&needs[i], q.earned(ableNeed{needs[i].Skill, needs[i].Level})})
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
		if !q.seen[c.program] {
			if out != nil && out[c.program] {
				continue
			}
			q.seen[c.program] = true
			q.touched = append(q.touched, c.program)
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
		if q.seen[c.program] {
			q.earn(n, c)
		}
	}
}

func (q *AbleQuery) earn(n *asked, c ableCredit) {
	q.sum[c.program] += n.Weight * float64(c.credit)
	if n.Required && c.credit >= requiredCredit {
		q.met[c.program]++
	}
}

func creditIn(list []ableCredit, p int32) uint32 {
	i, ok := slices.BinarySearchFunc(list, p, func(c ableCredit, p int32) int { return int(c.program) - int(p) })
	if !ok {
		return 0
	}
	return list[i].credit
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
	for i := range needs {
		sum += needs[i].Weight * float64(creditIn(q.earned(ableNeed{needs[i].Skill, needs[i].Level}), p))
	}
	return doubted(sum/(weight*wholeCredit), a.doubt[p]) >= a.least
}

// earned lists the credits for a need, by program.
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
			if q.best[h.program] == 0 && c > 0 {
				q.credits = append(q.credits, ableCredit{program: h.program})
			}
			q.best[h.program] = max(q.best[h.program], c)
		}
	}
	for i := range q.credits {
		c := &q.credits[i]
		c.credit, q.best[c.program] = q.best[c.program], 0
	}
	list := slices.Clone(q.credits)
	slices.SortFunc(list, func(x, y ableCredit) int { return int(x.program) - int(y.program) })
	if a.kept.Add(int64(len(list))) > mostKept {
		a.kept.Add(-int64(len(list)))
		return list
	}
	a.credits.Store(n, list)
	return list
}
