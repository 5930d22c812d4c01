package gap

import (
	"fmt"
	"slices"

	"talentmatch/matcher"
	"talentmatch/talent"
)

// MaxDims is how many dimensions a report can have.
const MaxDims = 3

// A Property is something by which records can be told apart.
type Property int

// The properties. A program says nothing of the last two.
const (
	Skill Property = iota
	Occupation
	Region
	Education
	Year
	Industry
	EmployerKind
	NumProperties
)

// MostValues is how many values one dimension can have: three of them make one number.
const MostValues = 1 << keyBits

// Values turns a property's numbers, as matcher's rows have them, into the values of a
// report. The number of a year is the year, that of an education its ISCED number; both
// are 0 where nothing is said.
type Values struct {
	To    []int32 // number -> value, below 0 for none; nil: the number is the value
	Keep  []bool  // value -> it is counted; nil: all are
	Count int     // values are below it
}

// of is a number's value, below 0 when it is not counted.
func (v *Values) of(number int32) int32 {
	if v.To != nil {
		if number < 0 || int(number) >= len(v.To) {
			return -1
		}
		number = v.To[number]
	}
	if number < 0 || v.Keep != nil && (int(number) >= len(v.Keep) || !v.Keep[number]) {
		return -1
	}
	return number
}

// A Fit is an occupation that a program may serve: Coverage, 0..1, is the share of the
// occupation's skills, by importance, that the program covers.
type Fit struct {
	Occupation int32 // a value of Occupation, kept or not
	Coverage   float64
}

// FitFrom is the coverage from which a program counts as an occupation's supply;
// FitSpread is the standard deviation of an occupation's coverages under Bootstrap, and fits from
// LeastFit on, three of them below, can matter there. It is set, not measured: a tenth of the
// coverage asked.
const (
	FitFrom   = .5
	FitSpread = .05
	LeastFit  = FitFrom - 3*FitSpread
)

// A Plan says what a report counts and by what.
type Plan struct {
	By     []Property             // 1..MaxDims different ones
	Values [NumProperties]*Values // of what By names and of what filters; nil for the others
	Inside []bool                 // by region number: counted; nil counts all
	// Fits are a program's fits of at least LeastFit, by occupation; asked for when Values
	// has Occupation.
	Fits func(program string) []Fit
	// OccupationID names a value of Occupation for Bootstrap, so that its draws are the occupation's.
	OccupationID func(value int32) string

	OneSkill bool           // Values[Skill] keeps one skill: cells have levels, that dimension or not
	Leaves   bool           // graduates who do not stay in the region are no supply
	Whole    []bool         // by region number: all that is told apart there is a whole country, which nobody leaves; nil for none
	Reach    *matcher.Reach // of the snapshot that is counted
}

// leveled reports whether cells have levels.
func (p *Plan) leveled() bool { return p.OneSkill || p.dimension(Skill) >= 0 }

// leaves reports whether graduates of a region who do not stay are no supply.
func (p *Plan) leaves(region int32) bool {
	return p.Leaves && (region < 0 || int(region) >= len(p.Whole) || !p.Whole[region])
}

// supplies reports whether a program can be in a cell: it says nothing of industry and the kind of
// employer, and always what it awards.
func (p *Plan) supplies() bool {
	if p.Values[Industry] != nil || p.Values[EmployerKind] != nil {
		return false
	}
	v := p.Values[Education]
	return v == nil || v.Keep == nil || slices.Contains(v.Keep[1:], true)
}

func (p *Plan) validate() error {
	if len(p.By) < 1 || len(p.By) > MaxDims {
		return talent.Invalid("by", "", "must name 1 to %d dimensions", MaxDims)
	}
	for _, by := range p.By {
		if v := p.Values[by]; v == nil {
			return talent.Invalid("by", "", "dimension %d has no values", by)
		} else if v.Count > MostValues {
			return fmt.Errorf("dimension %d has %d values, a report at most %d: %w", by, v.Count, MostValues, talent.ErrTooLarge)
		}
	}
	return nil
}

// dimension is the place of a property in By, or -1.
func (p *Plan) dimension(of Property) int {
	for i, by := range p.By {
		if by == of {
			return i
		}
	}
	return -1
}

// A Key is a cell's value in each dimension; unused ones are 0.
type Key [MaxDims]int32

// keyBits hold a value: MostValues is what fits.
const keyBits = 21

// keyShift is where the value of a dimension lies in a packed key.
func keyShift(dimension int) uint { return uint(MaxDims-1-dimension) * keyBits }

func (k Key) packed() (out uint64) {
	for d, v := range k {
		out |= uint64(v) << keyShift(d)
	}
	return out
}

func unpack(k uint64) Key {
	var out Key
	for d := range out {
		out[d] = int32(k >> keyShift(d) & (MostValues - 1))
	}
	return out
}
