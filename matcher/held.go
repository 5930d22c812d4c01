package matcher

import "math"

// heldRows keeps the skills of a segment's programs column by column, of 12 bytes a
// skill, since scoring reads the skills of many rows and the rest of few.
type heldRows struct {
	off    []uint32 // row -> its first skill; one more than rows
	skill  []int32
	grade  []grade
	course []uint16 // noCourse for none
	value  []float32
}

// A grade packs level (3 bits), known, extracted, and confidence (8 bits).
type grade uint16

const (
	gradeKnown     = 1 << 3
	gradeExtracted = 1 << 4
	noCourse       = math.MaxUint16 // also stands for a course beyond the 65,535th
)

func (g grade) level() uint8      { return uint8(g & 7) }
func (g grade) confidence() uint8 { return uint8(g >> 8) }

func newHeldRows(rows, total int) heldRows {
	return heldRows{
		off: append(make([]uint32, 0, rows+1), 0), skill: make([]int32, 0, total), grade: make([]grade, 0, total),
		course: make([]uint16, 0, total), value: make([]float32, 0, total),
	}
}

func (r *heldRows) add(held []Held) {
	for i := range held {
		h := &held[i]
		g := grade(h.Level&7) | grade(h.Confidence)<<8
		if h.Known {
			g |= gradeKnown
		}
		if h.Extracted {
			g |= gradeExtracted
		}
		c := uint16(noCourse)
		if h.Course >= 0 && h.Course < noCourse {
			c = uint16(h.Course)
		}
		r.skill, r.grade, r.course, r.value = append(r.skill, h.Skill), append(r.grade, g), append(r.course, c), append(r.value, h.Value)
	}
	r.off = append(r.off, uint32(len(r.skill)))
}

// row is the skills of a row, made anew.
func (r *heldRows) row(doc uint32) []Held {
	if r.off[doc] == r.off[doc+1] {
		return nil
	}
	return r.appendRow(make([]Held, 0, r.off[doc+1]-r.off[doc]), doc)
}

// appendRow adds the skills of a row to a list.
func (r *heldRows) appendRow(out []Held, doc uint32) []Held {
	for k := r.off[doc]; k < r.off[doc+1]; k++ {
		g := r.grade[k]
		h := Held{
			Skill: r.skill[k], Course: -1, Value: r.value[k], Level: g.level(), Confidence: g.confidence(),
			Known: g&gradeKnown != 0, Extracted: g&gradeExtracted != 0,
		}
		if c := r.course[k]; c != noCourse {
			h.Course = int32(c)
		}
		out = append(out, h)
	}
	return out
}
