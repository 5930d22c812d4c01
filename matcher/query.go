package matcher

import "talentmatch/talent"

// MaxTop bounds how many results one query may ask for.
const MaxTop = 100_000

// A Query says how candidates are chosen and scored.
type Query struct {
	Top        int // how many results, 1..MaxTop
	Weights    Weights
	Filter     Filter
	Background int  // size of Result.Background, 0..MaxSample
	Totals     bool // ids and totals only: no components, counts or background, which take time of their own
}

// Filter narrows the candidates before the gates. A nil or empty field does not
// filter.
type Filter struct {
	Regions   []bool               // per interned region: allowed (Atlas.Within)
	Education []uint8              // ISCED numbers allowed
	Attrs     [NumAttrs][]int32    // values allowed
	Not       func(id string) bool // leaves a candidate out; nil leaves none
}

// allows reports whether the filter lets a region through.
func (f *Filter) allows(region int32) bool {
	return f.Regions == nil || region >= 0 && int(region) < len(f.Regions) && f.Regions[region]
}

// open reports whether the filter leaves nothing out, education apart.
func (f *Filter) open() bool { return f.Regions == nil && !f.byRow() }

// byRow reports whether the filter looks at more than region and education.
func (f *Filter) byRow() bool {
	if f.Not != nil {
		return true
	}
	for k := range f.Attrs {
		if len(f.Attrs[k]) > 0 {
			return true
		}
	}
	return false
}

func (f *Filter) passes(region int32, education uint8, attrs *[NumAttrs]int32) bool {
	if !f.allows(region) {
		return false
	}
	if len(f.Education) > 0 && !has(f.Education, education) {
		return false
	}
	for k := range f.Attrs {
		if len(f.Attrs[k]) > 0 && !has(f.Attrs[k], attrs[k]) {
			return false
		}
	}
	return true
}

func has[T comparable](list []T, v T) bool {
	for _, e := range list {
		if e == v {
			return true
		}
	}
	return false
}

// A Match is one result.
type Match struct {
	ID    string
	Score Score
}

// Result is the ranked matches and what became of the other candidates:
// Considered = Filtered + sum of Rejected + Eligible.
type Result struct {
	Matches    []Match // by score descending, then id
	Considered int     // live candidates
	Filtered   int     // left out by the filter
	Rejected   [NumGates]int
	Eligible   int
	Scored     int       // scored exactly; the others were pruned
	Background []float64 // totals of a sample of all candidates, gated ones too (SamplePrograms)
}

func (q *Query) validate() error {
	if q.Top < 1 || q.Top > MaxTop {
		return talent.Invalid("top", "", "must be from 1 to %d", MaxTop)
	}
	if q.Background < 0 || q.Background > MaxSample {
		return talent.Invalid("background", "", "must be from 0 to %d", MaxSample)
	}
	return q.Weights.Validate()
}
