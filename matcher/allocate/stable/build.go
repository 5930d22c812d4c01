package stable

import (
	"fmt"
	"math"
	"slices"

	"talentmatch/talent"
)

// FromLists makes a Problem of preference lists, best first: students[s] of hospitals'
// indices, hospitals[h] of students'. A pair that only one side lists is not acceptable
// and gets no edge. The edges of a student are in the order of the list. Ranks are places
// in the whole lists, so there are no ties.
//
// Indices out of range, and the same index twice in a list, are a talent.ErrInvalid.
func FromLists(studentQuota, hospitalQuota []int32, students, hospitals [][]int32) (*Problem, error) {
	if err := sameLength("students", len(students), len(studentQuota)); err != nil {
		return nil, err
	}
	if err := sameLength("hospitals", len(hospitals), len(hospitalQuota)); err != nil {
		return nil, err
	}
	if err := lists("students", students, len(hospitals)); err != nil {
		return nil, err
	}
	if err := lists("hospitals", hospitals, len(students)); err != nil {
		return nil, err
	}
	off, lister, rank := turned(hospitals, len(students))
	// at is where the student's hospitals are in lister; lower places are of students
	// before.
	at := make([]int, len(hospitals))
	for h := range at {
		at[h] = -1
	}
	p := &Problem{StudentQuota: studentQuota, HospitalQuota: hospitalQuota, Off: make([]int, len(students)+1)}
	for s, list := range students {
		for k := off[s]; k < off[s+1]; k++ {
			at[lister[k]] = k
		}
		for r, h := range list {
			if at[h] >= off[s] {
				p.Hospital = append(p.Hospital, h)
				p.StudentRank = append(p.StudentRank, int32(r))
				p.HospitalRank = append(p.HospitalRank, rank[at[h]])
			}
		}
		p.Off[s+1] = len(p.Hospital)
	}
	return p, p.Validate()
}

// lists checks that every list holds indices below n, each once.
func lists(name string, all [][]int32, n int) error {
	seen := make([]int, n) // one more than the last list with the index
	for i, list := range all {
		for r, v := range list {
			if v < 0 || int(v) >= n {
				return invalid(fmt.Sprintf("%s[%d]", name, i), r, v, "must be an index below %d", n)
			}
			if seen[v] == i+1 {
				return invalid(fmt.Sprintf("%s[%d]", name, i), r, v, "is in the list twice")
			}
			seen[v] = i + 1
		}
	}
	return nil
}

// turned says for each of n students which hospitals list it and at what place: those
// from off[s] up to off[s+1].
func turned(hospitals [][]int32, n int) (off []int, lister, rank []int32) {
	off = make([]int, n+1)
	for _, list := range hospitals {
		for _, s := range list {
			off[s+1]++
		}
	}
	for s := range n {
		off[s+1] += off[s]
	}
	lister, rank = make([]int32, off[n]), make([]int32, off[n])
	next := slices.Clone(off[:n])
	for h, list := range hospitals {
		for r, s := range list {
			lister[next[s]], rank[next[s]] = int32(h), int32(r)
			next[s]++
		}
	}
	return off, lister, rank
}

// A Value orders what a side can get: larger is better.
type Value interface {
	~int32 | ~int64 | ~float32 | ~float64
}

// FromValues makes a Problem of what the edges are worth to either side, larger is
// better and equal is a tie. off and hospital are as in Problem and are kept, as the
// quotas are; values have a place per edge. Infinities are ordinary, NaN is a
// talent.ErrInvalid. Ranks count the different values above: 0 for the best.
func FromValues[V Value](studentQuota, hospitalQuota []int32, off []int, hospital []int32, studentValue, hospitalValue []V) (*Problem, error) {
	p := &Problem{
		StudentQuota: studentQuota, HospitalQuota: hospitalQuota, Off: off, Hospital: hospital,
		StudentRank: make([]int32, len(hospital)), HospitalRank: make([]int32, len(hospital)),
	}
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if err := numbers("studentValue", studentValue, len(hospital)); err != nil {
		return nil, err
	}
	if err := numbers("hospitalValue", hospitalValue, len(hospital)); err != nil {
		return nil, err
	}
	var row []worth[V]
	for s := range studentQuota {
		row = row[:0]
		for e := off[s]; e < off[s+1]; e++ {
			row = append(row, worth[V]{studentValue[e], int32(e)})
		}
		rankRow(row, p.StudentRank)
	}
	hospitalOff, list := byHospital(len(hospitalQuota), hospital)
	for h := range hospitalQuota {
		row = row[:0]
		for _, e := range list[hospitalOff[h]:hospitalOff[h+1]] {
			row = append(row, worth[V]{hospitalValue[e], e})
		}
		rankRow(row, p.HospitalRank)
	}
	return p, nil
}

func numbers[V Value](name string, values []V, n int) error {
	if err := sameLength(name, len(values), n); err != nil {
		return err
	}
	for e, v := range values {
		if math.IsNaN(float64(v)) {
			return talent.Invalid(fmt.Sprintf("%s[%d]", name, e), "NaN", "must be a number")
		}
	}
	return nil
}

// worth is an edge and its value to the side whose row it is in.
type worth[V Value] struct {
	value V
	edge  int32
}

// rankRow writes the ranks of a row's edges; it reorders the row.
func rankRow[V Value](row []worth[V], ranks []int32) {
	slices.SortFunc(row, func(a, b worth[V]) int {
		switch {
		case a.value > b.value:
			return -1
		case a.value < b.value:
			return 1
		}
		return 0
	})
	rank := int32(0)
	for i, w := range row {
		if i > 0 && w.value != row[i-1].value {
			rank++
		}
		ranks[w.edge] = rank
	}
}
