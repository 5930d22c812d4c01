package gap

import (
	"slices"

	"talentmatch/matcher"
)

// A reader finds the cells of one record after the other.
type reader struct {
	plan    *Plan
	dim     [NumProperties]int // place in By, or -1
	values  [MaxDims][]int32   // of the record, by dimension
	levels  []uint8            // beside the values of Skill, 1..5
	fits    []Fit              // of the program, beside the values of Occupation; one more for none
	cohorts []int              // of the program: places of those that count

	// To find a skill that a record names twice.
	seen []int32 // value -> the record that had it last
	at   []int32 // value -> its place
	now  int32   // the record
}

func newReader(p *Plan) *reader {
	r := &reader{plan: p}
	for k := range r.dim {
		r.dim[k] = p.dimension(Property(k))
	}
	if v := p.Values[Skill]; v != nil {
		r.seen, r.at = make([]int32, v.Count), make([]int32, v.Count)
	}
	return r
}

// one takes a property of which a record has one number; false leaves the record out.
func (r *reader) one(of Property, number int32) bool {
	v := r.plan.Values[of]
	if v == nil {
		return true
	}
	value := v.of(number)
	if value < 0 {
		return false
	}
	if d := r.dim[of]; d >= 0 {
		r.values[d] = append(r.values[d][:0], value)
	}
	return true
}

// beginSkills, skill and endSkills take a record's skills, each at its best level.
func (r *reader) beginSkills() {
	r.now++
	r.levels = r.levels[:0]
	if d := r.dim[Skill]; d >= 0 {
		r.values[d] = r.values[d][:0]
	}
}

func (r *reader) skill(number int32, level uint8) {
	value := r.plan.Values[Skill].of(number)
	if value < 0 {
		return
	}
	if r.seen[value] == r.now {
		at := r.at[value]
		r.levels[at] = max(r.levels[at], level)
		return
	}
	r.seen[value], r.at[value] = r.now, int32(len(r.levels))
	r.levels = append(r.levels, level)
	if d := r.dim[Skill]; d >= 0 {
		r.values[d] = append(r.values[d], value)
	}
}

// inside reports whether a region is counted.
func (r *reader) inside(region int32) bool {
	in := r.plan.Inside
	return in == nil || region >= 0 && int(region) < len(in) && in[region]
}

// demand takes an open demand; false leaves it out.
func (r *reader) demand(d *matcher.Demand) bool {
	year := int32(0)
	if d.Start != matcher.NoStart {
		year = int32(d.Start / 12)
	}
	if !d.Open || !r.inside(d.Region) || !r.one(Occupation, d.Attrs[matcher.AttrOccupation]) || !r.one(Region, d.Region) ||
		!r.one(Education, int32(d.Education)) || !r.one(Year, year) || !r.one(Industry, d.Attrs[matcher.AttrIndustry]) || !r.one(EmployerKind, d.Attrs[matcher.AttrKind]) {
		return false
	}
	if r.plan.Values[Skill] == nil {
		return true
	}
	r.beginSkills()
	for i := range d.Needs {
		r.skill(d.Needs[i].Skill, d.Needs[i].Level)
	}
	return len(r.levels) > 0
}

// program takes what a program is in every year; false leaves it out. A program says
// nothing of industry and the kind of employer, so it has no place in a report by them.
// With candidates, fits that are too small count as well.
func (r *reader) program(p *matcher.Program, candidates bool) bool {
	if !r.plan.supplies() || !r.inside(p.Region) || !r.one(Region, p.Region) || !r.one(Education, int32(p.Education)) {
		return false
	}
	if r.plan.Values[Occupation] != nil && !r.occupations(p.ID, candidates) {
		return false
	}
	if r.plan.Values[Skill] == nil {
		return true
	}
	r.beginSkills()
	for i := range p.Held {
		r.skill(p.Held[i].Skill, p.Held[i].Level)
	}
	return len(r.levels) > 0
}

// noFit marks, in fits, that a program serves no occupation.
const noFit = -1

// occupations takes the occupations that a program serves; one that serves none has the
// value of records that say nothing.
func (r *reader) occupations(program string, candidates bool) bool {
	v := r.plan.Values[Occupation]
	r.fits = r.fits[:0]
	served := false
	for _, f := range r.plan.Fits(program) {
		served = served || f.Coverage >= FitFrom
		if (candidates || f.Coverage >= FitFrom) && (v.Keep == nil || v.Keep[f.Occupation]) {
			r.fits = append(r.fits, f)
		}
	}
	if candidates || !served {
		if none := v.of(0); none >= 0 { // attribute 0 is nothing said
			r.fits = append(r.fits, Fit{none, noFit})
		}
	}
	if d := r.dim[Occupation]; d >= 0 {
		r.values[d] = r.values[d][:0]
		for _, f := range r.fits {
			r.values[d] = append(r.values[d], f.Occupation)
		}
	}
	return len(r.fits) > 0
}

// alone stands for the values of a property that is no dimension.
var alone = []int32{0}

// cells calls yield with every cell of the record: its key, its level there (0 without
// levels), and the place of its occupation in fits. Only skills and occupations can be several.
func (r *reader) cells(yield func(key uint64, level uint8, fit int)) {
	base := uint64(0)
	skills, occupations := alone, alone
	var toSkill, toOccupation uint
	for d, by := range r.plan.By {
		shift := keyShift(d)
		switch by {
		case Skill:
			skills, toSkill = r.values[d], shift
		case Occupation:
			occupations, toOccupation = r.values[d], shift
		default:
			base |= uint64(r.values[d][0]) << shift
		}
	}
	level := uint8(0)
	if r.plan.OneSkill {
		level = slices.Max(r.levels)
	}
	for fit, o := range occupations {
		key := base | uint64(o)<<toOccupation
		if r.dim[Skill] < 0 {
			yield(key, level, fit)
			continue
		}
		for i, s := range skills {
			yield(key|uint64(s)<<toSkill, r.levels[i], fit)
		}
	}
}
