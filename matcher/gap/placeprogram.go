package gap

import "talentmatch/matcher"

// Programs calls yield with every program with cohorts that a report of this plan could count, in the order of
// ids, and the cells that it is supply of, its year apart. *Program and the keys are good
// until yield returns. The plan needs no Reach, and By may be empty: then the one cell is Key{}.
func (p *Plan) Programs(snap *matcher.Snapshot, yield func(of *matcher.Program, cells []Key) bool) {
	read := newReader(p)
	var cells []Key
	snap.VisitPrograms(func(of *matcher.Program) bool {
		if len(of.Cohorts) == 0 || !read.program(of, false) {
			return true
		}
		cells = cells[:0]
		read.cells(func(key uint64, _ uint8, _ int) { cells = append(cells, unpack(key)) })
		return yield(of, cells)
	})
}
