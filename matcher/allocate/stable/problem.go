package stable

import (
	"fmt"
	"math"
	"strconv"

	"talentmatch/talent"
)

// A Problem is two sides with quotas and the pairs both accept. The edges of student s
// are Off[s] up to Off[s+1], in any order; every edge has its place in Hospital,
// StudentRank and HospitalRank.
type Problem struct {
	StudentQuota  []int32 // units per student, from 0; 1 for a person
	HospitalQuota []int32 // units per hospital, from 0
	Off           []int   // one more than students, ascending from 0
	Hospital      []int32 // of each edge, once per student
	StudentRank   []int32 // what the student thinks of the edge's hospital: smaller is better, equal is a tie
	HospitalRank  []int32 // what the hospital thinks of the edge's student
}

// maxEdges lets an edge be an int32.
const maxEdges = math.MaxInt32

// Validate says whether the fields fit together: a talent.ErrInvalid names the first
// place where they do not, a talent.ErrTooLarge stands for more than 2^31-1 edges. All
// functions of the package that take a Problem and can fail begin with it.
func (p *Problem) Validate() error {
	if err := quotas("StudentQuota", p.StudentQuota); err != nil {
		return err
	}
	if err := quotas("HospitalQuota", p.HospitalQuota); err != nil {
		return err
	}
	if err := edges(len(p.StudentQuota), len(p.HospitalQuota), p.Off, p.Hospital); err != nil {
		return err
	}
	if err := sameLength("StudentRank", len(p.StudentRank), len(p.Hospital)); err != nil {
		return err
	}
	return sameLength("HospitalRank", len(p.HospitalRank), len(p.Hospital))
}

func quotas(name string, list []int32) error {
	for i, q := range list {
		if q < 0 {
			return invalid(name, i, q, "must not be negative")
		}
	}
	return nil
}

// edges checks that off cuts hospital into a row per student, and that every row names
// hospitals that exist, each once.
func edges(students, hospitals int, off []int, hospital []int32) error {
	if len(hospital) > maxEdges {
		return fmt.Errorf("%w: %d edges, at most %d", talent.ErrTooLarge, len(hospital), maxEdges)
	}
	if err := sameLength("Off", len(off), students+1); err != nil {
		return err
	}
	if off[0] != 0 {
		return invalid("Off", 0, off[0], "must be 0")
	}
	if last := off[students]; last != len(hospital) {
		return invalid("Off", students, last, "must be the number of edges, %d", len(hospital))
	}
	for s := range students {
		// Within the number of edges too: what follows may descend to a valid end.
		if off[s+1] < off[s] || off[s+1] > len(hospital) {
			return invalid("Off", s+1, off[s+1], "must be from %d to %d", off[s], len(hospital))
		}
	}
	seen := make([]int32, hospitals) // one more than the last student who named the hospital
	for s := range students {
		for e := off[s]; e < off[s+1]; e++ {
			h := hospital[e]
			if h < 0 || int(h) >= hospitals {
				return invalid("Hospital", e, h, "must be an index below %d", hospitals)
			}
			if seen[h] == int32(s+1) {
				return invalid("Hospital", e, h, "student %d has that hospital twice", s)
			}
			seen[h] = int32(s + 1)
		}
	}
	return nil
}

func sameLength(name string, got, want int) error {
	if got != want {
		return talent.Invalid(name, strconv.Itoa(got), "must have length %d", want)
	}
	return nil
}

func invalid[V int | int32](name string, at int, value V, format string, args ...any) error {
	return talent.Invalid(fmt.Sprintf("%s[%d]", name, at), strconv.Itoa(int(value)), format, args...)
}

// byHospital lists the edges of each hospital, those of hospital h from off[h] up to
// off[h+1], ascending and so by student.
func byHospital(hospitals int, hospital []int32) (off []int, list []int32) {
	off = make([]int, hospitals+1)
	for _, h := range hospital {
		off[h+1]++
	}
	for h := range hospitals {
		off[h+1] += off[h]
	}
	next := make([]int32, hospitals)
	for h := range next {
		next[h] = int32(off[h])
	}
	list = make([]int32, len(hospital))
	for e, h := range hospital {
		list[next[h]] = int32(e)
		next[h]++
	}
	return off, list
}
