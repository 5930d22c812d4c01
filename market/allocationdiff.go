package market

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

// An AllocationChange is what one allocation gives beyond another.
type AllocationChange struct {
	Kind   string  `json:"kind" enum:"opening,cohort,enterprise,school"`
	ID     string  `json:"id"`
	Year   int     `json:"year,omitempty"`
	Name   string  `json:"name,omitempty"`
	Before int64   `json:"before"`
	After  int64   `json:"after"`
	Change int64   `json:"change"`
	Value  float64 `json:"value_change"`
}

// DiffAllocations says who gained and who lost seats from one allocation to another:
// enterprises and schools, then openings and cohorts; the greatest change first.
func DiffAllocations(before, after *Allocation) []AllocationChange {
	type key struct {
		kind, id string
		year     int
	}
	changes := map[key]*AllocationChange{}
	count := func(a *Allocation, sign int64) {
		names, employers, schools := map[key]string{}, map[string]string{}, map[string]string{}
		for _, o := range a.Openings {
			employers[o.Demand] = o.Employer
			names[key{"opening", o.Demand, 0}], names[key{"enterprise", o.Employer, 0}] = o.Title, o.EmployerName
		}
		for _, c := range a.Cohorts {
			schools[c.Program] = c.School
			names[key{"cohort", c.Program, c.Year}], names[key{"school", c.School, 0}] = c.Name, c.SchoolName
		}
		for _, s := range a.Seats {
			for _, k := range []key{{"enterprise", employers[s.Demand], 0}, {"school", schools[s.Program], 0}, {"opening", s.Demand, 0}, {"cohort", s.Program, s.Year}} {
				x := changes[k]
				if x == nil {
					x = &AllocationChange{Kind: k.kind, ID: k.id, Year: k.year}
					changes[k] = x
				}
				if names[k] != "" {
					x.Name = names[k]
				}
				if sign < 0 {
					x.Before += int64(s.Units)
				} else {
					x.After += int64(s.Units)
				}
				x.Value += float64(sign) * s.Value * float64(s.Units)
			}
		}
	}
	count(before, -1)
	count(after, 1)
	out := []AllocationChange{}
	order := map[string]int{"enterprise": 0, "school": 1, "opening": 2, "cohort": 3}
	keys := slices.SortedFunc(maps.Keys(changes), func(x, y key) int {
		a, b := changes[x], changes[y]
		return cmp.Or(cmp.Compare(order[x.kind], order[y.kind]), cmp.Compare(max(b.After-b.Before, b.Before-b.After), max(a.After-a.Before, a.Before-a.After)),
			cmp.Compare(x.id, y.id), cmp.Compare(x.year, y.year))
	})
	for _, k := range keys {
		x := changes[k]
		if x.Change, x.Value = x.After-x.Before, math.Round(x.Value*valueOne)/valueOne; x.Change != 0 || x.Value != 0 {
			out = append(out, *x)
		}
	}
	return out
}
