package gap

import "talentmatch/matcher"

// A Placer finds the cells of single demands by the rules of a report: of those that were
// filled, say, which no report counts. It is for one user at a time.
type Placer struct{ read *reader }

// Placer makes one for a plan.
func (p *Plan) Placer() *Placer { return &Placer{newReader(p)} }

// Cells calls yield with the cells that an open demand like d would be counted in; none
// when a filter stops it.
func (p *Placer) Cells(d *matcher.Demand, yield func(Key)) {
	open := *d
	open.Open = true
	if p.read.demand(&open) {
		p.read.cells(func(key uint64, _ uint8, _ int) { yield(unpack(key)) })
	}
}
