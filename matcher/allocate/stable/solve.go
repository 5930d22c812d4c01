package stable

import (
	"context"
	"slices"
)

// StudentOptimal finds the stable matching that is best for all students at once, and
// worst for all hospitals: for any k, no other stable matching has more units of a
// student at the first k hospitals of its list, or fewer of a hospital from the first k
// students of its own. Students propose (Gale and Shapley 1962). Equal ranks are broken
// by the lower index of the other side.
//
// It fails for a bad Problem and when ctx ends. The Problem is only read. Where there
// are no ties, every stable matching fills every hospital with the same number of units,
// and a hospital with units left has the same students (the rural hospitals theorem,
// Roth 1984 and 1986): another matching would not help those who are left out.
func StudentOptimal(ctx context.Context, p *Problem) (*Matching, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	order, err := studentLists(ctx, p)
	if err != nil {
		return nil, err
	}
	offers := make([]offer, len(order))
	for i, e := range order {
		offers[i] = offer{to: p.Hospital[e], rank: p.HospitalRank[e]}
	}
	return propose(ctx, p.StudentQuota, p.HospitalQuota, p.Off, order, offers)
}

// HospitalOptimal finds the stable matching that is best for all hospitals, in the sense
// of StudentOptimal, and worst for all students: hospitals propose.
func HospitalOptimal(ctx context.Context, p *Problem) (*Matching, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	off, order, err := hospitalLists(ctx, p)
	if err != nil {
		return nil, err
	}
	student := make([]int32, len(order))
	for s := range p.StudentQuota {
		for e := p.Off[s]; e < p.Off[s+1]; e++ {
			student[e] = int32(s)
		}
	}
	offers := make([]offer, len(order))
	for i, e := range order {
		offers[i] = offer{to: student[e], rank: p.StudentRank[e]}
	}
	return propose(ctx, p.HospitalQuota, p.StudentQuota, off, order, offers)
}

// propose runs deferred acceptance. order has the edge of each offer.
func propose(ctx context.Context, quota, room []int32, off []int, order []int32, offers []offer) (*Matching, error) {
	if err := newDeferred(quota, room, off, offers).run(ctx); err != nil {
		return nil, err
	}
	m := &Matching{Flow: make([]int32, len(order))}
	for i, e := range order {
		if units := offers[i].flow; units > 0 {
			m.Flow[e] = units
		}
	}
	return m, nil
}

// preference packs a rank and what breaks its ties, an index, so that the smaller number
// is preferred.
func preference(rank, index int32) uint64 {
	return uint64(uint32(rank)^1<<31)<<32 | uint64(uint32(index))
}

// studentLists gives the edges of each student, the best first, in the rows of p.Off.
func studentLists(ctx context.Context, p *Problem) ([]int32, error) {
	order := make([]int32, len(p.Hospital))
	edge := make([]int32, len(p.HospitalQuota)) // of the student at hand
	var row []uint64
	for s := range p.StudentQuota {
		if s%4096 == 0 && ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		row = row[:0]
		for e := p.Off[s]; e < p.Off[s+1]; e++ {
			h := p.Hospital[e]
			edge[h] = int32(e)
			row = append(row, preference(p.StudentRank[e], h))
		}
		slices.Sort(row)
		for i, key := range row {
			order[p.Off[s]+i] = edge[uint32(key)]
		}
	}
	return order, nil
}

// hospitalLists gives the edges of each hospital, the best first: those of hospital h
// from off[h] up to off[h+1].
func hospitalLists(ctx context.Context, p *Problem) (off []int, order []int32, err error) {
	off, order = byHospital(len(p.HospitalQuota), p.Hospital)
	var row, spare []uint64
	for h := range p.HospitalQuota {
		if ctx.Err() != nil {
			return nil, nil, context.Cause(ctx)
		}
		list := order[off[h]:off[h+1]]
		row = row[:0]
		for _, e := range list {
			// Edges ascend with students, so they break ties as students do.
			row = append(row, preference(p.HospitalRank[e], e))
		}
		row, spare = sortByRank(row, spare)
		for i, key := range row {
			list[i] = int32(uint32(key))
		}
	}
	return off, order, nil
}

// fewKeys is how many keys are sorted faster by comparing than by counting.
const fewKeys = 256

// sortByRank sorts keys whose lower halves, the indices, already ascend, by counting
// bytes of the upper halves. It needs a second slice, which grows, and gives back the
// sorted one first.
func sortByRank(keys, spare []uint64) (sorted, other []uint64) {
	if len(keys) < fewKeys {
		slices.Sort(keys)
		return keys, spare
	}
	spare = slices.Grow(spare[:0], len(keys))[:len(keys)]
	differ := uint64(0)
	for _, k := range keys {
		differ |= k ^ keys[0]
	}
	for shift := 32; shift < 64; shift += 8 {
		if differ>>shift&255 == 0 {
			continue
		}
		var next [256]int
		for _, k := range keys {
			next[k>>shift&255]++
		}
		sum := 0
		for b, n := range next {
			next[b] = sum
			sum += n
		}
		for _, k := range keys {
			b := k >> shift & 255
			spare[next[b]] = k
			next[b]++
		}
		keys, spare = spare, keys
	}
	return keys, spare
}
