package skillspace

import (
	"cmp"
	"math"
	"slices"
)

// contexts is what baskets say of skills: who is found with whom, and how much more
// often than by chance.
type contexts struct {
	of      [][]int32 // the baskets of each skill, ascending
	support []float64 // how much they weigh together
	ppmi    *csr      // symmetric, diagonal 0
}

// newContexts counts. A basket of weight w gives the pair of items (a, b) the mass
// w a b / S, S being the sum of its items' weights: each skill spreads about its own
// weight over the others, so a basket of forty skills does not count for a hundred of
// four. c(i,j) is the mass of a pair over all baskets, c(i) that of a skill with all
// others, and
//
//	PPMI(i,j) = max(0, ln c(i,j) - h(i) - h(j) - ln shift)
//	h(i)      = half of ( ln(c(i)/C) + ln(c(i)^smoothing/C') ) + half of ln C
//
// which is positive pointwise mutual information with context distribution smoothing
// (Levy, Goldberg and Dagan 2015), made symmetric by the mean of its two directions.
// C and C' are the sums of the masses and of the smoothed masses. Of each skill the
// PairsPerSkill largest entries are kept, and for symmetry their mirrors, so there
// are at most twice that many a skill on average.
func newContexts(c *input, o *Options) *contexts {
	x := &contexts{of: make([][]int32, c.n), support: make([]float64, c.n)}
	share := make([]float64, len(c.baskets)) // w / S
	mass := make([]float64, c.n)
	for k, b := range c.baskets {
		sum := 0.0
		for _, it := range b.Items {
			sum += it.Weight
		}
		share[k] = b.Weight / sum
		for _, it := range b.Items {
			x.of[it.Skill] = append(x.of[it.Skill], int32(k))
			x.support[it.Skill] += b.Weight
			mass[it.Skill] += share[k] * it.Weight * (sum - it.Weight)
		}
	}
	h := chance(mass, o.Smoothing)
	shift := math.Log(o.Shift)
	rows := make([][]entry, c.n)
	parallel(c.n, 256, func(lo, hi int) {
		acc := make([]float64, c.n)
		var met []int32
		for i := lo; i < hi; i++ {
			met = met[:0]
			for _, k := range x.of[i] {
				items := c.baskets[k].Items
				at, _ := slices.BinarySearchFunc(items, int32(i), func(it Item, s int32) int { return cmp.Compare(it.Skill, s) })
				own := items[at].Weight
				for _, it := range items {
					if acc[it.Skill] == 0 {
						met = append(met, it.Skill)
					}
					acc[it.Skill] += share[k] * (own * it.Weight) // the same value from both sides
				}
			}
			for _, j := range met {
				if v := float32(math.Log(acc[j]) - (h[i] + h[j]) - shift); v > 0 && int(j) != i {
					rows[i] = append(rows[i], entry{j, v})
				}
				acc[j] = 0
			}
			rows[i] = largest(rows[i], o.PairsPerSkill)
		}
	})
	x.ppmi = symmetric(rows)
	return x
}

// chance is h of newContexts for each skill, so that h(i)+h(j) is the logarithm of the
// mass that chance would give the pair.
func chance(mass []float64, smoothing float64) []float64 {
	sum, smoothed := 0.0, 0.0
	for _, m := range mass {
		if m > 0 {
			sum += m
			smoothed += math.Pow(m, smoothing)
		}
	}
	h := make([]float64, len(mass))
	for i, m := range mass {
		if m > 0 {
			h[i] = ((math.Log(m) - math.Log(sum)) + (smoothing*math.Log(m) - math.Log(smoothed)) + math.Log(sum)) / 2
		}
	}
	return h
}

// entry is one entry of a sparse row.
type entry struct {
	col int32
	val float32
}

// largest keeps the k largest entries (of equal ones those of smaller columns), in the
// order of the columns.
func largest(row []entry, k int) []entry {
	if len(row) > k {
		slices.SortFunc(row, func(a, b entry) int {
			return cmp.Or(cmp.Compare(b.val, a.val), cmp.Compare(a.col, b.col))
		})
		row = slices.Clone(row[:k])
	}
	slices.SortFunc(row, func(a, b entry) int { return cmp.Compare(a.col, b.col) })
	return row
}

// symmetric makes a matrix of rows, each entry with its mirror. Where both are there
// already they are equal.
func symmetric(rows [][]entry) *csr {
	n := len(rows)
	missing := make([][]entry, n) // ascending, since i ascends
	for i, row := range rows {
		for _, e := range row {
			if _, ok := slices.BinarySearchFunc(rows[e.col], int32(i), func(x entry, c int32) int { return cmp.Compare(x.col, c) }); !ok {
				missing[e.col] = append(missing[e.col], entry{int32(i), e.val})
			}
		}
	}
	a := &csr{n: n, off: make([]int, n+1)}
	for i := range rows {
		a.off[i+1] = a.off[i] + len(rows[i]) + len(missing[i])
	}
	a.col = make([]int32, a.off[n])
	a.val = make([]float32, a.off[n])
	for i, own := range rows {
		other := missing[i]
		for k := a.off[i]; k < a.off[i+1]; k++ {
			from := &own
			if len(own) == 0 || len(other) > 0 && other[0].col < own[0].col {
				from = &other
			}
			a.col[k], a.val[k] = (*from)[0].col, (*from)[0].val
			*from = (*from)[1:]
		}
	}
	return a
}

// active lists the skills with any entry, and the matrix of those alone.
func (a *csr) active() ([]int32, *csr) {
	at := make([]int32, a.n)
	var skills []int32
	for i := range a.n {
		if a.off[i+1] > a.off[i] {
			at[i] = int32(len(skills))
			skills = append(skills, int32(i))
		}
	}
	b := &csr{n: len(skills), off: make([]int, len(skills)+1), col: make([]int32, len(a.col)), val: a.val}
	for k, i := range skills {
		b.off[k+1] = a.off[i+1]
	}
	for k, c := range a.col {
		b.col[k] = at[c]
	}
	return skills, b
}

// together counts the baskets that hold both skills.
func (x *contexts) together(i, j int32) int {
	baskets := 0
	a, b := x.of[i], x.of[j]
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			a = a[1:]
		case a[0] > b[0]:
			b = b[1:]
		default:
			baskets++
			a, b = a[1:], b[1:]
		}
	}
	return baskets
}
