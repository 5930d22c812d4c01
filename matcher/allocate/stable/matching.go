package stable

import (
	"cmp"
	"slices"
)

// A Matching says how many units of each edge of a Problem are together.
type Matching struct {
	Flow []int32 // per edge, from 0
}

// Units are what one student and one hospital have together.
type Units struct {
	Student, Hospital, Units int32
}

// Pairs lists the pairs with units, by student and then by hospital. p is the Problem
// that m is of.
func (m *Matching) Pairs(p *Problem) []Units {
	var list []Units
	for s := range p.StudentQuota {
		first := len(list)
		for e := p.Off[s]; e < p.Off[s+1]; e++ {
			if m.Flow[e] > 0 {
				list = append(list, Units{int32(s), p.Hospital[e], m.Flow[e]})
			}
		}
		slices.SortFunc(list[first:], func(a, b Units) int { return cmp.Compare(a.Hospital, b.Hospital) })
	}
	return list
}

// Placed counts the units of each student that have a hospital.
func (m *Matching) Placed(p *Problem) []int32 {
	placed := make([]int32, len(p.StudentQuota))
	for s := range placed {
		for _, units := range m.Flow[p.Off[s]:p.Off[s+1]] {
			placed[s] += units
		}
	}
	return placed
}

// Filled counts the units of each hospital that have a student.
func (m *Matching) Filled(p *Problem) []int32 {
	filled := make([]int32, len(p.HospitalQuota))
	for e, units := range m.Flow {
		filled[p.Hospital[e]] += units
	}
	return filled
}
