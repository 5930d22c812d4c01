package matcher

// A placing is what place adds to the bounds of one segment, under a filter.
type placing struct {
	groups []float32 // greatest of the group's regions, -1 when the filter allows none
	any    bool      // otherwise all is 0 and no filter by region is set
}

// fill works a placing out. at is the place component of a region, part what it counts.
func (p *placing) fill(c *census, groupOf []uint16, f *Filter, part float32, at func(region int32) float64) {
	p.any = part > 0 || f.Regions != nil
	p.groups = p.groups[:0]
	if !p.any {
		return
	}
	for i, r := range c.regions {
		g := int(groupOf[i])
		for g >= len(p.groups) {
			p.groups = append(p.groups, -1)
		}
		if f.allows(r) {
			p.groups[g] = max(p.groups[g], part*float32(at(r)))
		}
	}
}

// stretch works out of for all windows, and where it is not below 0.
func (p *placing) stretch(frames []frame, places []float32) (s stretch) {
	if !p.any {
		clear(places)
		return stretch{0, uint32(len(frames))}
	}
	s.from = uint32(len(frames))
	for w := range frames {
		if places[w] = p.of(&frames[w]); places[w] >= 0 {
			s.from, s.to = min(s.from, uint32(w)), uint32(w+1)
		}
	}
	s.from = min(s.from, s.to)
	return s
}

// of is the greatest of a window's groups.
func (p *placing) of(f *frame) float32 {
	if !p.any {
		return 0
	}
	best := float32(-1)
	for _, v := range p.groups[f.first : int(f.last)+1] {
		best = max(best, v)
	}
	return best
}

// refine is the greatest of a window's own regions, -1 when the filter allows none.
func (p *placing) refine(regions []int32, f *Filter, part float32, at func(region int32) float64) float32 {
	if !p.any {
		return 0
	}
	best := float32(-1)
	for _, r := range regions {
		if f.allows(r) {
			best = max(best, part*float32(at(r)))
		}
	}
	return best
}
