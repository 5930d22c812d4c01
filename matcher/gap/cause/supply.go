package cause

import "talentmatch/matcher/gap/fill"

// graduation is the month, from 0, in which a cohort leaves: July, as for the score.
const graduation = 6

func leaves(year int) int32 { return int32(year*12 + graduation) }

// supply makes supplies of what is left of the cohorts and of what is reserved.
func (b *builder) supply() {
	b.Fill.Programs = len(b.Programs)
	b.first = make([]int32, 0, len(b.Programs)+1)
	for p := range b.Programs {
		b.first = append(b.first, int32(len(b.Supplies)))
		place := b.o.Place(b.Programs[p].Region)
		for c := b.cohortAt[p]; c < b.cohortAt[p+1]; c++ {
			for _, h := range b.held[c] {
				b.add(p, c, fill.Supply{Units: h.seats, Place: place, Holder: h.holder, Moves: true})
			}
			left := b.cohorts[c].left
			stay := left
			if r := b.stays[p]; r.Said {
				stay = whole(left, r.Share)
			}
			b.Tally.Moving += left - stay
			b.add(p, c, fill.Supply{Units: stay, Place: place, Holder: fill.Free})
			b.add(p, c, fill.Supply{Units: left - stay, Place: place, Holder: fill.Free, Moves: true})
		}
	}
	b.first = append(b.first, int32(len(b.Supplies)))
}

// add adds a supply of a cohort, unless it is nobody.
func (b *builder) add(p int, c int32, s fill.Supply) {
	if s.Units == 0 {
		return
	}
	s.Leaves, s.Program, s.Education = leaves(b.cohorts[c].year), int32(p), b.Programs[p].Education
	b.Fill.Supplies = append(b.Fill.Supplies, s)
	b.Supplies = append(b.Supplies, Supply{int32(p), b.cohorts[c].year})
}

// SuppliesOf are the supplies of a program: from..to-1.
func (m *Market) SuppliesOf(p int32) (from, to int32) { return m.first[p], m.first[p+1] }
