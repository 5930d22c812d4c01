package allocate

import (
	"context"
	"slices"
)

// A Conflict is what keeps a limit from having what it asks at least: a smallest set of
// other limits and reservations which it cannot be kept with. None of them can be left out.
// When there are none, the openings and cohorts it is about cannot have so many units by themselves.
type Conflict struct {
	Limits       []int // numbers, ascending
	Reservations []int
}

// Conflict explains a limit whose AtLeast a seating lacks. It tries the others in turn, and
// solves a network each time: limits in the order of their numbers, and then reservations.
func (m *Market) Conflict(ctx context.Context, limit int) (*Conflict, error) {
	limits, reservations := make([]bool, len(m.Limits)), make([]bool, len(m.Reservations))
	limits[limit] = true
	out := &Conflict{}
	if ok, err := m.kept(ctx, limits, reservations); err != nil || !ok {
		return out, err
	}
	// others are numbered limits first.
	others := make([]int, 0, len(limits)+len(reservations)-1)
	for i := range len(limits) + len(reservations) {
		if i != limit {
			others = append(others, i)
		}
	}
	set := func(list []int, on bool) {
		for _, i := range list {
			if i < len(limits) {
				limits[i] = on
			} else {
				reservations[i-len(limits)] = on
			}
		}
	}
	// The last one without which it works is needed; then the one before, and so on: each found by
	// halving (QuickXplain, Junker 2004, in its simplest form).
	for {
		low, high := 0, len(others) // with the first low it can be kept, with the first high it cannot
		set(others, true)
		if ok, err := m.kept(ctx, limits, reservations); err != nil {
			return nil, err
		} else if ok && len(out.Limits)+len(out.Reservations) == 0 {
			return out, nil // nothing is wrong
		}
		set(others, false)
		set(chosen(out, len(limits)), true)
		if ok, err := m.kept(ctx, limits, reservations); err != nil {
			return nil, err
		} else if !ok {
			break
		}
		for high-low > 1 {
			mid := (low + high) / 2
			set(others[:mid], true)
			ok, err := m.kept(ctx, limits, reservations)
			if err != nil {
				return nil, err
			}
			set(others[:mid], false)
			set(chosen(out, len(limits)), true)
			if ok {
				low = mid
			} else {
				high = mid
			}
		}
		if i := others[high-1]; i < len(limits) {
			out.Limits = append(out.Limits, i)
		} else {
			out.Reservations = append(out.Reservations, i-len(limits))
		}
		others = others[:high-1]
	}
	slices.Sort(out.Limits)
	slices.Sort(out.Reservations)
	return out, nil
}

func chosen(c *Conflict, limits int) []int {
	out := slices.Clone(c.Limits)
	for _, k := range c.Reservations {
		out = append(out, limits+k)
	}
	return out
}

// kept reports whether some limits and reservations can have all they ask for together.
func (m *Market) kept(ctx context.Context, limits, reservations []bool) (bool, error) {
	part := *m
	part.Limits, part.Reservations, part.Groups = nil, nil, nil
	asked := int64(0)
	for i, on := range limits {
		if on {
			part.Limits = append(part.Limits, m.Limits[i])
			asked += m.Limits[i].AtLeast
		}
	}
	for k, on := range reservations {
		if on {
			part.Reservations = append(part.Reservations, m.Reservations[k])
			asked += int64(m.Reservations[k].Seats)
		}
	}
	g, err := part.network()
	if err != nil {
		return false, err
	}
	s, err := g.solve(ctx, MaxTotal, weights{first: 1}, Options{})
	if err != nil {
		return false, err
	}
	return s.Kept+s.Asked == asked, nil
}
