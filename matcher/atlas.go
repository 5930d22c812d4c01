package matcher

import (
	"sync/atomic"

	"talentmatch/talent"
)

// Values of the place component (DESIGN section 4).
const (
	placeSame       = 1.0 // same region, or one inside the other
	placePrefecture = 0.9
	placeProvince   = 0.7
	placeCountry    = 0.4
	placeAbroad     = 0.1
	placeUnknown    = 0.5
)

// Atlas answers how near two interned regions are. It is immutable; a new region
// makes a new Atlas.
type Atlas struct {
	regions []atlasRegion
	rows    [atlasRows]atomic.Pointer[atlasRow]
}

// atlasRows is how many regions' nearness to all others is kept: queries come from few
// regions at a time.
const atlasRows = 256

type atlasRow struct {
	region int32
	place  []float64
}

// row is the place component of one region against every region.
func (a *Atlas) row(region int32) []float64 {
	slot := &a.rows[uint32(region)%atlasRows]
	if r := slot.Load(); r != nil && r.region == region {
		return r.place
	}
	r := &atlasRow{region, make([]float64, len(a.regions))}
	for i := range r.place {
		r.place[i] = a.Place(region, int32(i))
	}
	slot.Store(r)
	return r.place
}

type atlasRegion struct {
	path     []string // from the region up to its root
	known    bool     // the root is a country; the place of any other is unknown
	located  bool
	lat, lon float64
}

// NewAtlas makes an atlas for the regions ids[i], whose interned number is i.
func NewAtlas(g *talent.Gazetteer, ids []string) *Atlas {
	return (&Atlas{}).Extend(g, ids)
}

// Extend returns an atlas that also covers the ids after those it has.
func (a *Atlas) Extend(g *talent.Gazetteer, ids []string) *Atlas {
	if len(ids) <= len(a.regions) {
		return a
	}
	out := &Atlas{regions: append(a.regions[:len(a.regions):len(a.regions)], make([]atlasRegion, len(ids)-len(a.regions))...)}
	for i := len(a.regions); i < len(ids); i++ {
		r := &out.regions[i]
		r.path = g.Path(ids[i])
		if n := len(r.path); n > 0 {
			r.known = talent.IsCountry(r.path[n-1])
		}
		r.lat, r.lon, r.located = g.Located(ids[i])
	}
	return out
}

// Place is the place component for two regions. The hierarchy decides where they
// share a root, which stands for the country, or have two countries. Where it cannot
// tell, coordinates do, if both have some:
// the same steps by great-circle distance with straight lines between them (to
// 50 km 0.9, 300 km 0.7, 1500 km 0.4, 4000 km and more 0.1). Otherwise unknown.
func (a *Atlas) Place(x, y int32) float64 {
	if x == y {
		return placeSame
	}
	if x < 0 || y < 0 || int(x) >= len(a.regions) || int(y) >= len(a.regions) {
		return placeUnknown
	}
	p, q := &a.regions[x], &a.regions[y]
	common := commonAncestor(p.path, q.path)
	switch {
	case common > 0 && (common == len(p.path) || common == len(q.path)):
		return placeSame
	case common == 0 && (!p.known || !q.known):
		return placeByDistance(p, q)
	case common == 0:
		return placeAbroad
	case common == 1:
		return placeCountry
	case common == 2:
		return placeProvince
	}
	return placePrefecture
}

func placeByDistance(p, q *atlasRegion) float64 {
	if !p.located || !q.located {
		return placeUnknown
	}
	steps := [...]struct{ km, value float64 }{{50, placePrefecture}, {300, placeProvince}, {1500, placeCountry}, {4000, placeAbroad}}
	d := talent.Distance(p.lat, p.lon, q.lat, q.lon)
	if d <= steps[0].km {
		return placePrefecture
	}
	for i := 1; i < len(steps); i++ {
		if d <= steps[i].km {
			share := (d - steps[i-1].km) / (steps[i].km - steps[i-1].km)
			return steps[i-1].value + share*(steps[i].value-steps[i-1].value)
		}
	}
	return placeAbroad
}

// commonAncestor counts the regions that two paths share, seen from the root.
func commonAncestor(p, q []string) int {
	n := 0
	for n < len(p) && n < len(q) && p[len(p)-1-n] == q[len(q)-1-n] {
		n++
	}
	return n
}

// Within lists, per interned region, whether it is one of the given region ids or
// inside one: the form in which a region filter is applied.
func (a *Atlas) Within(ids []string) []bool {
	want := make(map[string]bool, len(ids))
	for _, id := range ids {
		want[id] = true
	}
	out := make([]bool, len(a.regions))
	for i := range a.regions {
		for _, p := range a.regions[i].path {
			if want[p] {
				out[i] = true
				break
			}
		}
	}
	return out
}
