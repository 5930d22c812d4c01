package matcher

import (
	"context"
	"runtime"
	"sync"
)

// A Reach says which demands have any eligible program at all: one that passes every gate
// of Match (the demand is open, the award suffices, some cohort leaves in time, required
// skills are met or cannot be checked).
type Reach struct{ rows []uint64 }

// Has reports whether the demand of a row (VisitDemands) has an eligible program.
func (r *Reach) Has(row int) bool { return r.rows[row>>6]&(1<<(row&63)) != 0 }

// Reach works out which demands have an eligible program, without looking at pairs: what
// education and timing let through is worked out once per class of demands and class of
// programs, and required skills by lists of the programs that meet each, of which the shortest
// is gone through until one program has all. Error: the context's end.
func (s *Snapshot) Reach(ctx context.Context) (*Reach, error) {
	b := newReachBuilder(s)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	out := &Reach{make([]uint64, (s.DemandRows()+63)/64)}
	parts := runtime.GOMAXPROCS(0)
	found := make([][]int32, parts) // rows; several parts share words
	var work sync.WaitGroup
	for part := range parts {
		work.Go(func() {
			q := reachQuery{b: b, passing: map[demandGate]*reachClasses{}}
			n := 0
			s.VisitDemands(part, parts, func(row int, d *Demand) bool {
				if q.reached(d) {
					found[part] = append(found[part], int32(row))
				}
				n++
				return n%4096 != 0 || ctx.Err() == nil
			})
		})
	}
	work.Wait()
	for _, rows := range found {
		for _, row := range rows {
			out.rows[row>>6] |= 1 << (row & 63)
		}
	}
	return out, ctx.Err()
}

// A reachBuilder holds what is worked out once for all demands.
type reachBuilder struct {
	programs []int32 // place of a program that lists known skills -> its class
	classes  []reachClass
	meeting  [][]meeting // skill -> programs that meet a need of it; those of skills that are required alone
}

// A reachClass is programs that education and timing cannot tell apart.
type reachClass struct {
	education       uint8
	profile         *timingProfile
	any, unverified bool // live programs; some of them without known skills
}

// A meeting is a program that meets a need of some skill up to a level, 1..5.
type meeting struct {
	program int32
	level   uint8
}

func newReachBuilder(s *Snapshot) *reachBuilder {
	b := &reachBuilder{}
	need := s.requiredSkills()
	b.meeting = make([][]meeting, len(need))
	classes := map[string]int32{}
	for i := range s.programs {
		seg := s.programs[i].seg
		numbers := b.number(seg, classes)
		parts := make([]reachPart, runtime.GOMAXPROCS(0))
		rows := (len(seg.ids) + len(parts) - 1) / len(parts)
		var work sync.WaitGroup
		for k := range parts {
			from, to := min(k*rows, len(seg.ids)), min((k+1)*rows, len(seg.ids))
			work.Go(func() { parts[k] = s.reachPart(&s.programs[i], uint32(from), uint32(to), need) })
		}
		work.Wait()
		for k := range parts {
			b.join(&parts[k], numbers)
		}
	}
	return b
}

// A reachPart is what a stretch of a segment's live rows says.
type reachPart struct {
	classes  []int32        // of rows that list known skills, as the segment numbers them
	unlisted map[int32]bool // classes of the others
	meeting  [][]meeting
}

// reachPart goes through the rows from..to-1; programs are numbered from 0.
func (s *Snapshot) reachPart(sd *side[*programSegment], from, to uint32, need []bool) reachPart {
	out := reachPart{meeting: make([][]meeting, len(need)), unlisted: map[int32]bool{}}
	best := make([]uint8, len(need))
	var touched []int32
	for doc := from; doc < to; doc++ {
		class := sd.seg.class[doc]
		switch {
		case sd.isDead(doc):
			continue
		case !sd.seg.classes[class].known:
			out.unlisted[class] = true
			continue
		}
		touched = s.bestLevels(sd.seg, doc, need, best, touched[:0])
		for _, skill := range touched {
			out.meeting[skill] = append(out.meeting[skill], meeting{int32(len(out.classes)), best[skill]})
			best[skill] = 0
		}
		out.classes = append(out.classes, class)
	}
	return out
}

// join adds a part behind what there is; numbers are those of the segment's classes.
func (b *reachBuilder) join(p *reachPart, numbers []int32) {
	first := int32(len(b.programs))
	for _, class := range p.classes {
		b.programs = append(b.programs, numbers[class])
		b.classes[numbers[class]].any = true
	}
	for class := range p.unlisted {
		b.classes[numbers[class]].any, b.classes[numbers[class]].unverified = true, true
	}
	for skill, list := range p.meeting {
		for _, m := range list {
			b.meeting[skill] = append(b.meeting[skill], meeting{first + m.program, m.level})
		}
	}
}

// requiredSkills marks the skills that some demand requires.
func (s *Snapshot) requiredSkills() []bool {
	var need []bool
	for i := range s.demands {
		for _, skill := range s.demands[i].seg.required.skills {
			for int(skill) >= len(need) {
				need = append(need, false)
			}
			need[skill] = true
		}
	}
	return need
}

// number gives a segment's classes numbers that are the same for all segments.
func (b *reachBuilder) number(seg *programSegment, known map[string]int32) []int32 {
	out := make([]int32, len(seg.classes))
	for i := range seg.classes {
		c := &seg.classes[i]
		p := &seg.profiles[c.profile]
		key := []byte{c.education, byte(bit(p.listed))}
		for _, y := range p.years {
			key = append(key, byte(y>>8), byte(y))
		}
		n, ok := known[string(key)]
		if !ok {
			n = int32(len(b.classes))
			known[string(key)] = n
			b.classes = append(b.classes, reachClass{education: c.education, profile: p})
		}
		out[i] = n
	}
	return out
}

// bestLevels sets, for each skill that is required somewhere and that a program meets at
// any level, the highest one that it meets, and lists these skills.
func (s *Snapshot) bestLevels(seg *programSegment, doc uint32, need []bool, best []uint8, touched []int32) []int32 {
	var own [1]Neighbour
	for i := seg.held.off[doc]; i < seg.held.off[doc+1]; i++ {
		g := seg.held.grade[i]
		for _, nb := range s.space.ForHeld(seg.held.skill[i], &own) {
			if int(nb.Skill) >= len(need) || !need[nb.Skill] {
				continue
			}
			if creditOf(nb.Sim, 5, 5, g.confidence()) < requiredCredit {
				continue // most neighbours, at any level
			}
			level := uint8(5)
			for level > 0 && creditOf(nb.Sim, g.level(), level, g.confidence()) < requiredCredit {
				level--
			}
			if level == 0 {
				continue
			}
			if best[nb.Skill] == 0 {
				touched = append(touched, nb.Skill)
			}
			best[nb.Skill] = max(best[nb.Skill], level)
		}
	}
	return touched
}

// A demandGate is what education and timing look at.
type demandGate struct {
	education uint8
	start     int
}

// reachClasses are the classes of programs that pass.
type reachClasses struct {
	passes          []bool
	any, unverified bool
}

// A reachQuery asks for one demand after the other.
type reachQuery struct {
	b       *reachBuilder
	passing map[demandGate]*reachClasses
	others  []Need
}

func (q *reachQuery) reached(d *Demand) bool {
	if !d.Open {
		return false
	}
	c := q.classes(d)
	required := q.others[:0]
	for i := range d.Needs {
		if d.Needs[i].Required {
			required = append(required, d.Needs[i])
		}
	}
	q.others = required
	switch {
	case !c.any, len(required) == 0:
		return c.any
	case c.unverified:
		return true
	}
	rarest := 0
	for i := range required {
		if len(q.b.meeting[required[i].Skill]) < len(q.b.meeting[required[rarest].Skill]) {
			rarest = i
		}
	}
	required[0], required[rarest] = required[rarest], required[0]
	for _, m := range q.b.meeting[required[0].Skill] {
		if m.level >= required[0].Level && c.passes[q.b.programs[m.program]] && q.meetsAll(m.program, required[1:]) {
			return true
		}
	}
	return false
}

// classes says which programs education and timing let through for a demand.
func (q *reachQuery) classes(d *Demand) *reachClasses {
	gate := demandGate{d.Education, d.Start}
	c := q.passing[gate]
	if c != nil {
		return c
	}
	c = &reachClasses{passes: make([]bool, len(q.b.classes))}
	for i := range q.b.classes {
		p := &q.b.classes[i]
		_, _, stopped := p.profile.at(d.Start)
		if p.education >= d.Education && !stopped && p.any {
			c.passes[i], c.any, c.unverified = true, true, c.unverified || p.unverified
		}
	}
	q.passing[gate] = c
	return c
}

func (q *reachQuery) meetsAll(program int32, needs []Need) bool {
	for i := range needs {
		list := q.b.meeting[needs[i].Skill]
		lo, hi := 0, len(list)
		for lo < hi {
			if mid := (lo + hi) / 2; list[mid].program < program {
				lo = mid + 1
			} else {
				hi = mid
			}
		}
		if lo == len(list) || list[lo].program != program || list[lo].level < needs[i].Level {
			return false
		}
	}
	return true
}
