package allocate

import "fmt"

// checkFair proves that fills cannot be fairer: no chain of moves gives one more head to a
// group from a free seat, from an opening in no group, or from a group that would still be better off.
// That no such single move helps is enough, since what groups can have together is M-convex
// (Murota 2003).
func (m *Market) checkFair(s *Seating) error {
	if len(s.Fills) != len(m.Groups) {
		return fmt.Errorf("allocate: fills of %d groups, of %d", len(s.Fills), len(m.Groups))
	}
	group, size, filled := make([]int, len(m.Headcount)), make([]int64, len(m.Groups)), make([]int64, len(m.Groups))
	for o := range group {
		group[o] = -1
	}
	for g := range m.Groups {
		for _, o := range m.Groups[g].Openings {
			group[o] = g
			size[g] += int64(m.Headcount[o])
		}
	}
	cohorts, n := len(m.Graduates), len(m.Graduates)+len(m.Reservations)
	free, heads, at := make([]int64, n), make([]int64, len(m.Headcount)), make([][]int32, n)
	for c, k := range m.Graduates {
		free[c] = int64(k)
	}
	for k, r := range m.Reservations {
		free[r.Cohort] -= int64(r.Seats)
		free[cohorts+k] = int64(r.Seats)
	}
	for o, k := range m.Headcount {
		heads[o] = int64(k)
	}
	for _, f := range s.Flows {
		supply := int(f.Cohort)
		if f.Reservation != NoReservation {
			supply = cohorts + int(f.Reservation)
		}
		free[supply] -= int64(f.Units)
		heads[f.Opening] -= int64(f.Units)
		at[supply] = append(at[supply], f.Opening)
		if g := group[f.Opening]; g >= 0 {
			filled[g] += int64(f.Units)
		}
	}
	kept := m.reservationsByOpening()
	for g := range m.Groups {
		if filled[g] != s.Fills[g] {
			return fmt.Errorf("allocate: group %d has %d heads filled, not %d", g, filled[g], s.Fills[g])
		}
		seen, done := make([]bool, len(heads)), make([]bool, n)
		var queue []int32
		for _, o := range m.Groups[g].Openings {
			if heads[o] > 0 {
				seen[o] = true
				queue = append(queue, o)
			}
		}
		for ; len(queue) > 0; queue = queue[1:] {
			o := queue[0]
			var supplies []int
			for _, p := range m.Pairs[m.Off[o]:m.Off[o+1]] {
				if p.Value > 0 {
					supplies = append(supplies, int(p.Cohort))
				}
			}
			for _, k := range kept[o] {
				if p, ok := m.pair(o, m.Reservations[k].Cohort); ok && p.Value > 0 {
					supplies = append(supplies, cohorts+int(k))
				}
			}
			for _, supply := range supplies {
				if done[supply] {
					continue
				}
				done[supply] = true
				if free[supply] > 0 {
					return fmt.Errorf("allocate: group %d could have one more head filled", g)
				}
				for _, other := range at[supply] {
					if seen[other] {
						continue
					}
					seen[other] = true
					queue = append(queue, other)
					h := group[other]
					if h < 0 {
						return fmt.Errorf("allocate: group %d could have a head that is filled in no group", g)
					}
					if h != g && fairer(filled[g], size[g], filled[h], size[h]) {
						return fmt.Errorf("allocate: group %d with %d of %d could have a head of group %d with %d of %d", g, filled[g], size[g], h, filled[h], size[h])
					}
				}
			}
		}
	}
	return nil
}

// fairer reports whether shares a/n and b/m are fairer once b has given one to a: the lower of the
// two is higher then or, if it is not, the other is.
func fairer(a, n, b, m int64) bool {
	if b == 0 {
		return false
	}
	low, high := [2]int64{a, n}, [2]int64{b, m}
	if compareShares(a, n, b, m) > 0 {
		low, high = high, low
	}
	low2, high2 := [2]int64{a + 1, n}, [2]int64{b - 1, m}
	if compareShares(a+1, n, b-1, m) > 0 {
		low2, high2 = high2, low2
	}
	if c := compareShares(low2[0], low2[1], low[0], low[1]); c != 0 {
		return c > 0
	}
	return compareShares(high2[0], high2[1], high[0], high[1]) > 0
}
