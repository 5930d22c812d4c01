package skillspace

import "math"

// texts holds the terms of each skill at length 1, and for each term the skills that
// have it.
type texts struct {
	terms [][]Term // nil when there is no text
	at    map[int32]int32
	lists [][]posting
}

type posting struct {
	skill  int32
	weight float32
}

func newTexts(c *input) *texts {
	x := &texts{terms: make([][]Term, len(c.terms)), at: map[int32]int32{}}
	for i, list := range c.terms {
		sum := 0.0
		for _, t := range list {
			sum += t.Weight * t.Weight
		}
		if len(list) == 0 {
			continue
		}
		unit := make([]Term, len(list))
		for k, t := range list {
			unit[k] = Term{t.ID, t.Weight / math.Sqrt(sum)}
			at, ok := x.at[t.ID]
			if !ok {
				at = int32(len(x.lists))
				x.at[t.ID] = at
				x.lists = append(x.lists, nil)
			}
			x.lists[at] = append(x.lists[at], posting{int32(i), float32(unit[k].Weight)})
		}
		x.terms[i] = unit
	}
	return x
}

// add adds to acc the cosine of skill i's text with every other's.
func (x *texts) add(i int, acc []float32) {
	if len(x.terms) == 0 {
		return
	}
	for _, t := range x.terms[i] {
		w := float32(t.Weight)
		for _, p := range x.lists[x.at[t.ID]] {
			acc[p.skill] += w * p.weight
		}
	}
}

// shared lists the common terms of two skills, what adds most to the cosine first, at
// most so many.
func (x *texts) shared(i, j int32, most int) []int32 {
	if len(x.terms) == 0 {
		return nil
	}
	top := best{most: most}
	for a, b := x.terms[i], x.terms[j]; len(a) > 0 && len(b) > 0; {
		switch {
		case a[0].ID < b[0].ID:
			a = a[1:]
		case a[0].ID > b[0].ID:
			b = b[1:]
		default:
			top.offer(a[0].ID, a[0].Weight*b[0].Weight)
			a, b = a[1:], b[1:]
		}
	}
	return top.ids
}
