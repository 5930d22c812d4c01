package matcher

// Attr is an interned property by which candidates can be filtered.
type Attr int

// The filterable properties of both sides.
const (
	AttrOwner      Attr = iota // the school or the employer
	AttrIndustry               // the demand's (or its employer's) GB/T 4754 division or other code
	AttrOccupation             // the demand's occupation
	AttrMode                   // the demand's cooperation mode
	AttrKind                   // the kind of organization that the demand's employer is
	NumAttrs
)

// A Label is what a row is called, in both languages. The matcher only carries it, so
// that an answer's names are of the same version as its numbers.
type Label struct{ Name, NameEN string }

// A Need is one skill that a demand asks for.
type Need struct {
	Skill     int32
	Level     uint8   // 1..5
	Required  bool    // a gate: credit below 0.5 stops the pair
	Extracted bool    // found in text, not entered
	Weight    float64 // importance (times the confidence, when extracted), >= 0
}

// Held is one skill that a program teaches, at its best level.
type Held struct {
	Skill      int32
	Course     int32   // index into Program.Courses, -1 none
	Value      float32 // v_s of focus: hours, or the level
	Level      uint8   // 1..5
	Confidence uint8   // hundredths; 100 unless extracted from text
	Known      bool    // entered, and a taxonomy knows it: can be held against a required skill
	Extracted  bool
}

// Demand is a demand in numeric form.
type Demand struct {
	ID        string
	Label     Label
	Region    int32
	Education uint8 // ISCED minimum, 0 none
	Open      bool
	Start     int // months since year 0, or NoStart
	Headcount int
	Needs     []Need // in the record's order
	Text      TextVector
	Attrs     [NumAttrs]int32
}

// weight is sum of the needs' weights; 0 means that the demand has no data for
// skills and focus.
func (d *Demand) weight() float64 {
	sum := 0.0
	for i := range d.Needs {
		sum += d.Needs[i].Weight
	}
	return sum
}

// required counts the needs that gate.
func (d *Demand) required() int {
	n := 0
	for i := range d.Needs {
		if d.Needs[i].Required {
			n++
		}
	}
	return n
}

// A Rate is a share in [0,1] that a record may say; its zero value says nothing.
type Rate struct {
	Share float64
	Said  bool
}

// CohortSize is one year's graduates.
type CohortSize struct {
	Year      int
	Graduates int
}

// Program is a program in numeric form.
type Program struct {
	ID        string
	Label     Label
	Region    int32
	Education uint8 // ISCED award
	Cohorts   []CohortSize
	Held      []Held  // one entry per skill
	Doubt     float32 // 0 entered .. 1 worthless: how far skills and focus move towards "no data"
	Courses   []string
	Text      TextVector
	Attrs     [NumAttrs]int32

	FurtherStudy Rate // of graduates: goes on to study
	Retention    Rate // of graduates: stays in the region
}

// known reports whether a required skill can be checked against the program.
func known(held []Held) bool {
	for i := range held {
		if held[i].Known {
			return true
		}
	}
	return false
}

// value is sum of v_s; 0 means no data for focus.
func value(held []Held) float64 {
	sum := 0.0
	for i := range held {
		sum += float64(held[i].Value)
	}
	return sum
}
