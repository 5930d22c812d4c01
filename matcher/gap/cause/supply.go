package cause

import "talentmatch/matcher/gap/fill"

// graduation is the month, from 0, in which a cohort leaves: July, as for the score.
const graduation = 6

func leaves(year int) int32 { return int32(year*12 + graduation) }

// supply makes supplies of what is left of the cohorts and of what is reserved. As many stay of
// both together as would if nothing were reserved.
func (b *builder) supply() {
	b.Fill.Programs = len(b.Programs)
	b.first = make([]int32, 0, len(b.Programs)+1)
	for p := range b.Programs {
		b.first = append(b.first, int32(len(b.Supplies)))
		place := b.o.Place(b.Programs[p].Region)
		for c := b.cohortAt[p]; c < b.cohortAt[p+1]; c++ {
			left := b.cohorts[c].left
			stay := b.staying(p, left)
			held := int64(0)
			for _, h := range b.held[c] {
				held += h.seats
			}
			home := b.staying(p, left+held) - stay // of those who are reserved
			for _, h := range b.held[c] {
				here := min(h.seats, home)
				home -= here
				b.add(p, c, fill.Supply{Units: here, Place: place, Holder: h.holder})
				b.add(p, c, fill.Supply{Units: h.seats - here, Place: place, Holder: h.holder, Moves: true})
			}
			b.Tally.Moving += left - stay
			b.add(p, c, fill.Supply{Units: stay, Place: place, Holder: fill.Free})
			b.add(p, c, fill.Supply{Units: left - stay, Place: place, Holder: fill.Free, Moves: true})
		}
	}
	b.first = append(b.first, int32(len(b.Supplies)))
}

// staying is how many of so many graduates stay in their region.
func (b *builder) staying(p int, n int64) int64 {
	if r := b.stays[p]; r.Said {
		return whole(n, r.Share)
	}
	return n
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
