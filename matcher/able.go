package matcher

import (
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

// Able is who is able for a demand: two lists that have nobody in common, ascending. They
// are shared or good until the next question: read only.
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

// Has says whether a program is one of them.
func (a *Able) Has(p int32) bool {
	_, shown := slices.BinarySearch(a.Shown, p)
	_, unshown := slices.BinarySearch(a.Unshown, p)
	return shown || unshown
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
	sum     []float64 // of each program: of weight times credit
	met     []uint16  // required needs
	seen    []bool
	touched []int32
	best    []uint32 // for a need that is not kept
	credits []ableCredit
	shown   []int32
}

// Query prepares to ask.
func (a *Ables) Query() *AbleQuery {
	return &AbleQuery{a: a, sum: make([]float64, a.programs), met: make([]uint16, a.programs), seen: make([]bool, a.programs), best: make([]uint32, a.programs)}
}

// For is who is able for these needs. Sums are those of the score, in the same order.
func (q *AbleQuery) For(needs []Need) Able {
	a := q.a
	weight, required := 0.0, 0
	for i := range needs {
		weight += needs[i].Weight
		if needs[i].Required {
			required++
		}
	}
	if weight <= 0 && required == 0 {
		return Able{Unshown: a.all}
	}
	for i := range needs {
		q.count(&needs[i])
	}
	out, without := Able{}, uint8(isUntaught)
	switch {
	case weight <= 0:
		out.Unshown, without = a.open, isOpen
	case required > 0:
		out.Unshown, without = a.unstopped, isUntaught|isOpen
	default:
		out.Unshown = a.untaught
	}
	q.shown = q.shown[:0]
	for _, p := range q.touched {
		stopped := a.known[p] && int(q.met[p]) < required
		if !stopped && a.is[p]&without != without && (weight <= 0 || doubted(q.sum[p]/(weight*wholeCredit), a.doubt[p]) >= a.least) {
			q.shown = append(q.shown, p)
		}
		q.sum[p], q.met[p], q.seen[p] = 0, 0, false
	}
	q.touched = q.touched[:0]
	slices.Sort(q.shown)
	out.Shown = q.shown
	return out
}

// count adds what a need is worth.
func (q *AbleQuery) count(n *Need) {
	for _, c := range q.earned(ableNeed{n.Skill, n.Level}) {
		if !q.seen[c.program] {
			q.seen[c.program] = true
			q.touched = append(q.touched, c.program)
		}
		q.sum[c.program] += n.Weight * float64(c.credit)
		if n.Required && c.credit >= requiredCredit {
			q.met[c.program]++
		}
	}
}

// earned lists the credits for a need.
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
	slices.SortFunc(q.credits, func(x, y ableCredit) int { return int(x.program) - int(y.program) })
	if a.kept.Add(int64(len(q.credits))) > mostKept {
		a.kept.Add(-int64(len(q.credits)))
		return q.credits
	}
	list := slices.Clone(q.credits)
	a.credits.Store(n, list)
	return list
}
