package matcher

import (
	"cmp"
	"maps"
	"slices"
)

// DemandRows is how many rows the demands take, dead ones included: what VisitDemands
// numbers.
func (s *Snapshot) DemandRows() (n int) {
	for i := range s.demands {
		n += len(s.demands[i].seg.ids)
	}
	return n
}

// visitBlock is how many rows in a row one visitor takes.
const visitBlock = 4096

// VisitDemands calls yield with the live demands of one of so many parts, 0..parts-1, that
// are about equal and together everything; row is the demand's number in this snapshot. Labels and
// terms are left out, and *Demand is the visitor's own, good until yield returns: a million
// demands cost no allocation.
func (s *Snapshot) VisitDemands(part, parts int, yield func(row int, d *Demand) bool) {
	var d Demand
	first := 0
	for i := range s.demands {
		sd := &s.demands[i]
		seg := sd.seg
		for from := part * visitBlock; from < len(seg.ids); from += parts * visitBlock {
			for doc := from; doc < min(from+visitBlock, len(seg.ids)); doc++ {
				if sd.isDead(uint32(doc)) {
					continue
				}
				m, c := &seg.meta[doc], &seg.classes[seg.class[doc]]
				d = Demand{
					ID: seg.ids[doc], Region: seg.region[doc], Education: c.education, Open: c.open, Start: int(c.start),
					Headcount: int(m.headcount), Needs: seg.needs.row(uint32(doc)), Attrs: m.attrs,
				}
				if !yield(first+doc, &d) {
					return
				}
			}
		}
		first += len(seg.ids)
	}
}

// VisitPrograms calls yield with every live program in the order of ids, whatever the
// order of rows, so that sums of fractions do not depend on it. Labels, courses and terms
// are left out; *Program is the visitor's own, good until yield returns.
func (s *Snapshot) VisitPrograms(yield func(p *Program) bool) {
	var p Program
	for _, at := range s.programsByID() {
		seg := s.programs[at.segment].seg
		m := &seg.meta[at.doc]
		p.ID, p.Region, p.Education, p.Doubt, p.Attrs = seg.ids[at.doc], seg.region[at.doc], seg.classes[seg.class[at.doc]].education, m.doubt, m.attrs
		p.FurtherStudy, p.Retention = unpackRate(m.study), unpackRate(m.stays)
		p.Cohorts = p.Cohorts[:0]
		for _, c := range seg.cohorts.row(at.doc) {
			p.Cohorts = append(p.Cohorts, CohortSize{int(c.year), int(c.graduates)})
		}
		p.Held = seg.held.appendRow(p.Held[:0], at.doc)
		if !yield(&p) {
			return
		}
	}
}

// A programAt is where a program's row lies.
type programAt struct {
	segment int32
	doc     uint32
}

// programsByID lists the live programs by id. Segments know their own order, so that few
// texts are compared.
func (s *Snapshot) programsByID() []programAt {
	n, _ := s.Size()
	out := make([]programAt, 0, n)
	for i := range s.programs {
		seg := s.programs[i].seg
		byID := make([]uint32, len(seg.ids))
		for doc, place := range seg.order {
			byID[place] = uint32(doc)
		}
		own := make([]programAt, 0, len(byID))
		for _, doc := range byID {
			if !s.programs[i].isDead(doc) {
				own = append(own, programAt{int32(i), doc})
			}
		}
		out = s.mergeByID(out, own)
	}
	return out
}

// mergeByID joins two lists that are in the order of ids.
func (s *Snapshot) mergeByID(a, b []programAt) []programAt {
	if len(a) == 0 {
		return b
	}
	id := func(p programAt) string { return s.programs[p.segment].seg.ids[p.doc] }
	out := make([]programAt, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if cmp.Less(id(a[0]), id(b[0])) {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return slices.Concat(out, a, b)
}

// DemandAttrs lists the numbers that live and dead demands have of a property, ascending.
func (s *Snapshot) DemandAttrs(of Attr) []int32 {
	seen := map[int32]bool{}
	last := int32(-1)
	for i := range s.demands {
		for k := range s.demands[i].seg.meta {
			if n := s.demands[i].seg.meta[k].attrs[of]; n != last {
				seen[n], last = true, n
			}
		}
	}
	return slices.Sorted(maps.Keys(seen))
}
