package skillspace

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Explanation is why a held skill counts for a needed one, or does not.
type Explanation struct {
	Need int32
	Neighbour
	Listed bool // it is among Neighbours(Need); else its similarity is not used

	// Company: what baskets say.
	Cosine      float64 // of the two skills' vectors, -1..1; 0 when one never met others
	Belief      float64 // 0..1, how far it is believed: few observations, little belief
	NeedSeen    float64 // weight of the baskets with the needed skill
	HeldSeen    float64
	Together    int     // baskets with both
	TogetherSum float64 // what they weigh
	PPMI        float64 // how much more often together than by chance, in natural logarithms; 0 when not
	Company     []Company

	// Words.
	TextCosine float64 // 0..1
	Terms      []SharedTerm
}

// Company is a third skill that both are found with more often than by chance.
type Company struct {
	Skill      int32
	Need, Held float64 // PPMI of the third skill with each of the two
}

const explainMost = 10 // third skills and terms named

// Explain says what the similarity of any pair is made of. It fails when a number is
// outside the space.
func (s *Space) Explain(need, held int32) (Explanation, error) {
	n := s.report.Skills
	for _, skill := range [...]int32{need, held} {
		if err := checkSkill(skill, n); err != nil {
			return Explanation{}, fmt.Errorf("%w: explain %d, %d: %w", ErrInput, need, held, err)
		}
	}
	e := Explanation{Need: need, Belief: float64(s.belief[need] * s.belief[held])}
	x := s.contexts
	e.NeedSeen, e.HeldSeen = x.support[need], x.support[held]
	e.Together, e.TogetherSum = x.together(need, held)
	e.PPMI, e.Company = x.ppmi.at(int(need), int(held)), x.company(int(need), int(held))
	cosine := float32(0)
	for d := range s.width {
		cosine += s.vectors[int(need)*s.width+d] * s.vectors[int(held)*s.width+d]
	}
	e.Cosine = float64(cosine)
	e.TextCosine, e.Terms = s.texts.shared(need, held)
	e.Terms = e.Terms[:min(len(e.Terms), explainMost)]

	if need == held {
		e.Neighbour = Neighbour{Skill: held, Sim: 1000, Structure: 1000, Why: WhySame}
		return e, nil
	}
	if at := slices.IndexFunc(s.near[need], func(nb Neighbour) bool { return nb.Skill == held }); at >= 0 {
		e.Neighbour, e.Listed = s.near[need][at], true
		return e, nil
	}
	c, w := s.worth(int(need), int(held), cosine, float32(e.TextCosine))
	if s.o.TextMost == 0 {
		w = 0
	}
	e.Neighbour = Neighbour{Skill: held, Sim: Blend(0, c, w, thousandths(s.o.Most)), Cooccurrence: c, Text: w}
	return e, nil
}

// company lists the third skills that both rows of the matrix hold, by the smaller of
// the two entries, then by number.
func (x *contexts) company(i, j int) []Company {
	a, av := x.ppmi.row(i)
	b, bv := x.ppmi.row(j)
	var out []Company
	for p, q := 0, 0; p < len(a) && q < len(b); {
		switch {
		case a[p] < b[q]:
			p++
		case a[p] > b[q]:
			q++
		default:
			out = append(out, Company{a[p], float64(av[p]), float64(bv[q])})
			p, q = p+1, q+1
		}
	}
	slices.SortFunc(out, func(c, d Company) int {
		return cmp.Or(cmp.Compare(math.Min(d.Need, d.Held), math.Min(c.Need, c.Held)), cmp.Compare(c.Skill, d.Skill))
	})
	return out[:min(len(out), explainMost)]
}
