package fill

import (
	"cmp"
	"slices"
)

// Near is a supply that an opening could use but for some limits.
type Near struct {
	Supply int32
	Broken Set   // why it cannot; never empty
	Heads  int64 // how many heads it could fill at most, were one limit relaxed; 0 when it breaks several
}

// Cure is what would help an opening.
type Cure struct {
	Nearest []Near // fewest broken limits first, then by supply
	// One is how many heads relaxing one limit alone could fill at most, by the candidates that
	// break no other. Their units may be in use elsewhere: an upper bound.
	One [Limits]int64
}

// Nearest finds the k candidates that break fewest limits for an opening, and what each limit
// alone is worth to it. empty is how many of its heads are unfilled. Candidates that break
// none are left out: the opening can use them already. A candidate that is named twice counts once.
// Errors: what is out of range; the market itself must be valid.
func (m *Market) Nearest(d int32, candidates []int32, empty int64, k int) (*Cure, error) {
	if d < 0 || int(d) >= len(m.Openings) {
		return nil, invalid("opening", "opening %d, of %d", d, len(m.Openings))
	}
	if empty < 0 || empty > m.Openings[d].Heads || k < 0 {
		return nil, invalid("empty", "%d of %d heads, %d candidates asked for", empty, m.Openings[d].Heads, k)
	}
	if err := members("candidates", candidates, len(m.Supplies)); err != nil {
		return nil, err
	}
	ids := slices.Clone(candidates)
	slices.Sort(ids)
	cure := &Cure{}
	for _, s := range slices.Compact(ids) {
		n := Near{Supply: s, Broken: m.Broken(d, s)}
		if n.Broken == 0 {
			continue
		}
		if limit, one := n.Broken.only(); one {
			n.Heads = min(empty, m.Supplies[s].Units)
			cure.One[limit] = min(empty, cure.One[limit]+n.Heads)
		}
		cure.Nearest = append(cure.Nearest, n)
	}
	slices.SortStableFunc(cure.Nearest, func(a, b Near) int { return cmp.Compare(a.Broken.Len(), b.Broken.Len()) })
	cure.Nearest = slices.Clip(cure.Nearest[:min(k, len(cure.Nearest))])
	return cure, nil
}
