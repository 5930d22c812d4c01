package taxonomy

import (
	"cmp"
	"slices"

	"talentmatch/talent"
)

// A crossing is one end of a crosswalk as seen from the other.
type crossing struct {
	to     int32
	weight float64
}

// crossings lists the counterparts of each record by position, in both directions:
// the best first, of equal ones the smallest id. Of several crosswalks between two
// records the greatest weight counts. Crosswalks of which an end is not there, and
// those of a record with itself, are passed over.
func crossings(at map[string]int32, crosswalks []*talent.Crosswalk) map[int32][]crossing {
	out := map[int32][]crossing{}
	for _, x := range crosswalks {
		if x == nil {
			continue
		}
		from, ok1 := at[x.From]
		to, ok2 := at[x.To]
		if ok1 && ok2 && from != to {
			out[from] = append(out[from], crossing{to, x.Weight})
			out[to] = append(out[to], crossing{from, x.Weight})
		}
	}
	for i, list := range out {
		slices.SortFunc(list, func(a, b crossing) int { // positions have the order of ids
			return cmp.Or(cmp.Compare(a.to, b.to), cmp.Compare(b.weight, a.weight))
		})
		list = slices.CompactFunc(list, func(a, b crossing) bool { return a.to == b.to })
		slices.SortStableFunc(list, func(a, b crossing) int { return cmp.Compare(b.weight, a.weight) })
		out[i] = list
	}
	return out
}

// closeMatch is the least weight of a crosswalk by which an occupation takes another's
// skills: exact and close matches have it, broader and narrower ones do not.
const closeMatch = 0.8

// counterparts finds, for occupations without skills, the best match that has some.
func counterparts(occupations []*talent.Occupation, at map[string]int32, crosswalks []*talent.Crosswalk) map[int32]int32 {
	out := map[int32]int32{}
	for i, list := range crossings(at, crosswalks) {
		if len(occupations[i].Skills) > 0 {
			continue
		}
		for _, l := range list { // best first
			if l.weight >= closeMatch && len(occupations[l.to].Skills) > 0 {
				out[i] = l.to
				break
			}
		}
	}
	return out
}

// SkillsOf lists what an occupation needs: its own skills; if it has none, those of its
// best counterpart by a crosswalk of weight 0.8 or more that has some, of equal ones
// the smallest id. nil for an unknown id.
func (c *Catalogue) SkillsOf(occupation string) []talent.OccupationSkill {
	i, ok := c.occAt[occupation]
	if !ok {
		return nil
	}
	if j, ok := c.counterpart[i]; ok {
		i = j
	}
	return c.occupations[i].Skills
}
