package stable

import (
	"strconv"

	"talentmatch/talent"
)

// Nothing here is shared with what finds matchings, but for the Problem and its
// validation: these functions judge it.

// A Pair is a student and a hospital that accept each other.
type Pair struct {
	Student, Hospital int32
}

// somePairs is how many blocking pairs are named.
const somePairs = 10

// Check says whether m is a matching of p at all: a number of units from 0 for every
// edge, and no side above its quota. It says nothing of stability. Errors are a
// talent.ErrInvalid.
func Check(p *Problem, m *Matching) error {
	if err := p.Validate(); err != nil {
		return err
	}
	if err := sameLength("Flow", len(m.Flow), len(p.Hospital)); err != nil {
		return err
	}
	filled := make([]int64, len(p.HospitalQuota))
	for s, quota := range p.StudentQuota {
		placed := int64(0)
		for e := p.Off[s]; e < p.Off[s+1]; e++ {
			if m.Flow[e] < 0 {
				return invalid("Flow", e, m.Flow[e], "must not be negative")
			}
			placed += int64(m.Flow[e])
			filled[p.Hospital[e]] += int64(m.Flow[e])
		}
		if placed > int64(quota) {
			return talent.Invalid("Flow", strconv.FormatInt(placed, 10), "student %d has %d units", s, quota)
		}
	}
	for h, quota := range p.HospitalQuota {
		if filled[h] > int64(quota) {
			return talent.Invalid("Flow", strconv.FormatInt(filled[h], 10), "hospital %d has %d units", h, quota)
		}
	}
	return nil
}

// BlockingPairs counts the pairs that would rather be together, and names the first ten
// in the order of edges. A pair blocks when both have a unit that is free or with one
// whose rank is strictly worse: the weak sense of stability where there are ties.
// None is what stable means. Check must have accepted p and m.
func BlockingPairs(p *Problem, m *Matching) (count int, some []Pair) {
	// What a side would give up for a unit of a better rank. One with free units gives
	// up nothing, which is worse than any rank; one without units has nothing to give.
	const free, nothing = int64(1) << 40, -int64(1) << 40
	type side struct {
		left int64 // of the quota
		last int64 // the worst rank that it has units of
	}
	worst := func(s side) int64 {
		if s.left > 0 {
			return free
		}
		return s.last
	}
	hospitals := make([]side, len(p.HospitalQuota))
	for h, quota := range p.HospitalQuota {
		hospitals[h] = side{int64(quota), nothing}
	}
	for e, units := range m.Flow {
		if units > 0 {
			h := &hospitals[p.Hospital[e]]
			h.left -= int64(units)
			h.last = max(h.last, int64(p.HospitalRank[e]))
		}
	}
	for s, quota := range p.StudentQuota {
		student := side{int64(quota), nothing}
		for e := p.Off[s]; e < p.Off[s+1]; e++ {
			if m.Flow[e] > 0 {
				student.left -= int64(m.Flow[e])
				student.last = max(student.last, int64(p.StudentRank[e]))
			}
		}
		for e := p.Off[s]; e < p.Off[s+1]; e++ {
			h := p.Hospital[e]
			if int64(p.StudentRank[e]) < worst(student) && int64(p.HospitalRank[e]) < worst(hospitals[h]) {
				count++
				if len(some) < somePairs {
					some = append(some, Pair{int32(s), h})
				}
			}
		}
	}
	return count, some
}
