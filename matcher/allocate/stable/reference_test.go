package stable

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// The reference: definitions written down unit by unit, in the plainest way. A problem is
// a table of both sides' ranks, a matching a list of units.

// nowhere is where a free unit is.
const nowhere = -1

// drawn are the limits of random problems.
type drawn struct {
	students, hospitals int
	quota               func(*rand.Rand) int32
	ties                bool
}

// upTo draws a quota from 0.
func upTo(most int32) func(*rand.Rand) int32 {
	return func(rng *rand.Rand) int32 { return rng.Int32N(most + 1) }
}

// mixed draws small quotas and great ones.
func mixed(small, great int32) func(*rand.Rand) int32 {
	return func(rng *rand.Rand) int32 {
		if rng.IntN(2) == 0 {
			return rng.Int32N(small + 1)
		}
		return great/2 + rng.Int32N(great/2+1)
	}
}

var tiny = drawn{3, 3, upTo(3), true}

// each runs a test on random problems: their seeds are 0, 1, ...
func each(t *testing.T, problems int, one func(rng *rand.Rand)) {
	t.Helper()
	for seed := range problems {
		func() {
			defer func() {
				if t.Failed() {
					t.Logf("seed %d", seed)
				}
			}()
			one(rand.New(rand.NewPCG(uint64(seed), 1962)))
		}()
	}
}

// large draws from 0 to most, more often above the middle.
func large(rng *rand.Rand, most int) int { return max(rng.IntN(most+1), rng.IntN(most+1)) }

// draw makes a random problem: rows in any order, ranks anywhere. Half the problems are
// as large as can be with all pairs acceptable and as many places as students' units, so
// that there is much to choose from: several stable matchings are rare elsewhere.
func (d drawn) draw(rng *rand.Rand) *Problem {
	students, hospitals := d.students, d.hospitals
	full := rng.IntN(2) == 0
	if !full {
		students, hospitals = large(rng, students), large(rng, hospitals)
	}
	p := &Problem{Off: []int{0}}
	for range students {
		p.StudentQuota = append(p.StudentQuota, d.quota(rng))
	}
	for range hospitals {
		p.HospitalQuota = append(p.HospitalQuota, d.quota(rng))
	}
	if full {
		clear(p.HospitalQuota)
		for i, s := range rng.Perm(students) {
			p.StudentQuota[s] = max(p.StudentQuota[s], 1)
			p.HospitalQuota[i%hospitals] += p.StudentQuota[s]
		}
	}
	ties := d.ties && rng.IntN(2) == 0
	ranks := func(n int) []int32 {
		list := shuffled(rng, n)
		if ties {
			for i := range list {
				list[i] = rng.Int32N(int32(n)/2 + 1)
			}
		}
		switch rng.IntN(3) { // ranks need not be dense, nor positive
		case 1:
			for i := range list {
				list[i] -= int32(n) / 2
			}
		case 2:
			for i := range list {
				list[i] = int32(int64(list[i])*(1<<32/int64(n+1)) - 1<<31)
			}
		}
		return list
	}
	rankOf := make([][]int32, hospitals)
	for h := range rankOf {
		rankOf[h] = ranks(students)
	}
	for s := range students {
		list := shuffled(rng, hospitals)
		if !full {
			list = list[:large(rng, hospitals)]
		}
		p.Hospital = append(p.Hospital, list...)
		p.StudentRank = append(p.StudentRank, ranks(len(list))...)
		for _, h := range list {
			p.HospitalRank = append(p.HospitalRank, rankOf[h][s])
		}
		p.Off = append(p.Off, len(p.Hospital))
	}
	return p
}

func shuffled(rng *rand.Rand, n int) []int32 {
	list := make([]int32, n)
	for i, v := range rng.Perm(n) {
		list[i] = int32(v)
	}
	return list
}

// studentsOf gives the student of each edge.
func studentsOf(p *Problem) []int {
	var list []int
	for s := range p.StudentQuota {
		for range p.Off[s+1] - p.Off[s] {
			list = append(list, s)
		}
	}
	return list
}

// untied breaks ties as the package says: ranks become the number of edges of the same
// side that are better, or as good and of a lower index.
func untied(p *Problem) *Problem {
	q := *p
	q.StudentRank, q.HospitalRank = make([]int32, len(p.Hospital)), make([]int32, len(p.Hospital))
	student := studentsOf(p)
	for e, h := range p.Hospital {
		for f, g := range p.Hospital {
			if student[e] == student[f] && (p.StudentRank[f] < p.StudentRank[e] || p.StudentRank[f] == p.StudentRank[e] && g < h) {
				q.StudentRank[e]++
			}
			if h == g && (p.HospitalRank[f] < p.HospitalRank[e] || p.HospitalRank[f] == p.HospitalRank[e] && student[f] < student[e]) {
				q.HospitalRank[e]++
			}
		}
	}
	return &q
}

// blocking lists the edges that block, unit by unit.
func blocking(p *Problem, flow []int32) []int {
	student := studentsOf(p)
	units := make([][]int, len(p.StudentQuota)) // the edge of each unit, or nowhere
	seats := make([][]int, len(p.HospitalQuota))
	for e, n := range flow {
		for range n {
			units[student[e]] = append(units[student[e]], e)
			seats[p.Hospital[e]] = append(seats[p.Hospital[e]], e)
		}
	}
	for s, quota := range p.StudentQuota {
		for len(units[s]) < int(quota) {
			units[s] = append(units[s], nowhere)
		}
	}
	for h, quota := range p.HospitalQuota {
		for len(seats[h]) < int(quota) {
			seats[h] = append(seats[h], nowhere)
		}
	}
	var list []int
	for e, h := range p.Hospital {
		blocks := false
		for _, u := range units[student[e]] {
			for _, v := range seats[h] {
				if (u == nowhere || p.StudentRank[e] < p.StudentRank[u]) && (v == nowhere || p.HospitalRank[e] < p.HospitalRank[v]) {
					blocks = true
				}
			}
		}
		if blocks {
			list = append(list, e)
		}
	}
	return list
}

// matchings calls yield with everything that quotas allow.
func matchings(p *Problem, yield func(flow []int32)) {
	student := studentsOf(p)
	placed, filled := slices.Clone(p.StudentQuota), slices.Clone(p.HospitalQuota) // what is left
	flow := make([]int32, len(p.Hospital))
	var from func(e int)
	from = func(e int) {
		if e == len(flow) {
			yield(flow)
			return
		}
		s, h := student[e], p.Hospital[e]
		most := min(placed[s], filled[h])
		for n := int32(0); n <= most; n++ {
			flow[e] = n
			placed[s] -= n
			filled[h] -= n
			from(e + 1)
			placed[s] += n
			filled[h] += n
		}
		flow[e] = 0
	}
	from(0)
}

// unitByUnit is deferred acceptance by persons and seats: each person asks the next on
// the list, a hospital that is full looks for its worst.
func unitByUnit(p *Problem) []int32 {
	p = untied(p)
	flow := make([]int32, len(p.Hospital))
	lists := make([][]int, len(p.StudentQuota)) // edges, the best first
	for e, s := range studentsOf(p) {
		lists[s] = append(lists[s], e)
	}
	type person struct{ student, next int }
	var free []person
	for s, quota := range p.StudentQuota {
		slices.SortFunc(lists[s], func(a, b int) int { return int(p.StudentRank[a] - p.StudentRank[b]) })
		for range quota {
			free = append(free, person{student: s})
		}
	}
	held := make([][]person, len(p.HospitalQuota)) // whose next is where they are
	for len(free) > 0 {
		who := free[0]
		free = free[1:]
		if who.next == len(lists[who.student]) {
			continue
		}
		rank := func(x person) int32 { return p.HospitalRank[lists[x.student][x.next]] }
		h := p.Hospital[lists[who.student][who.next]]
		held[h] = append(held[h], who)
		if len(held[h]) > int(p.HospitalQuota[h]) {
			worst := 0
			for i, x := range held[h] {
				if rank(x) >= rank(held[h][worst]) {
					worst = i
				}
			}
			out := held[h][worst]
			held[h] = slices.Delete(held[h], worst, worst+1)
			free = append(free, person{out.student, out.next + 1})
		}
	}
	for _, list := range held {
		for _, who := range list {
			flow[lists[who.student][who.next]]++
		}
	}
	return flow
}

// turnedRound has hospitals for students. at[e] is the edge of p that edge e is of.
func turnedRound(p *Problem) (q *Problem, at []int) {
	q = &Problem{StudentQuota: p.HospitalQuota, HospitalQuota: p.StudentQuota, Off: []int{0}}
	student := studentsOf(p)
	for h := range p.HospitalQuota {
		for e, other := range p.Hospital {
			if int(other) == h {
				at = append(at, e)
				q.Hospital = append(q.Hospital, int32(student[e]))
				q.StudentRank = append(q.StudentRank, p.HospitalRank[e])
				q.HospitalRank = append(q.HospitalRank, p.StudentRank[e])
			}
		}
		q.Off = append(q.Off, len(q.Hospital))
	}
	return q, at
}

// within counts, for each edge, the units that its side has there and at better edges:
// whoever has more of them, for every edge, is better off. Ranks have no ties.
func within(flow, rank []int32, side []int) []int32 {
	sum := make([]int32, len(flow))
	for e := range flow {
		for f := range flow {
			if side[e] == side[f] && rank[f] <= rank[e] {
				sum[e] += flow[f]
			}
		}
	}
	return sum
}

func studentGain(p *Problem, flow []int32) []int32 {
	return within(flow, p.StudentRank, studentsOf(p))
}

func hospitalGain(p *Problem, flow []int32) []int32 {
	side := make([]int, len(flow))
	for e, h := range p.Hospital {
		side[e] = int(h)
	}
	return within(flow, p.HospitalRank, side)
}

// neverLess says whether a is at least b everywhere.
func neverLess(a, b []int32) bool {
	for i := range a {
		if a[i] < b[i] {
			return false
		}
	}
	return true
}
