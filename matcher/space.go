package matcher

import "sort"

// Neighbour is a skill with its similarity in thousandths, 1..1000.
type Neighbour struct {
	Skill int32
	Sim   uint16
}

// Space holds, for every needed skill, the held skills that count for it, and the
// reverse. Skills outside it (names that no taxonomy knows) are like themselves
// only. It is immutable.
type Space struct {
	needOff, heldOff []uint32
	need, held       []Neighbour
}

// NewSpace makes a space from the neighbours of each needed skill 0..len(lists)-1.
// Every skill is its own neighbour with 1000 whether listed or not. Entries outside
// the range, or with sim 0, are dropped.
func NewSpace(lists [][]Neighbour) *Space {
	n := len(lists)
	s := &Space{needOff: make([]uint32, n+1), heldOff: make([]uint32, n+1)}
	count := make([]uint32, n)
	for r, list := range lists {
		row := []Neighbour{{int32(r), 1000}}
		for _, nb := range list {
			if nb.Skill != int32(r) && nb.Skill >= 0 && int(nb.Skill) < n && nb.Sim > 0 {
				nb.Sim = min(nb.Sim, 1000)
				row = append(row, nb)
			}
		}
		sort.Slice(row, func(i, j int) bool {
			if row[i].Sim != row[j].Sim {
				return row[i].Sim > row[j].Sim
			}
			return row[i].Skill < row[j].Skill
		})
		for _, nb := range row {
			count[nb.Skill]++
		}
		s.need = append(s.need, row...)
		s.needOff[r+1] = uint32(len(s.need))
	}
	for i, c := range count {
		s.heldOff[i+1] = s.heldOff[i] + c
	}
	s.held = make([]Neighbour, len(s.need))
	next := append([]uint32(nil), s.heldOff...)
	for r := range lists {
		for _, nb := range s.need[s.needOff[r]:s.needOff[r+1]] {
			s.held[next[nb.Skill]] = Neighbour{int32(r), nb.Sim}
			next[nb.Skill]++
		}
	}
	return s
}

// size is how many skills the space has, from 0 on.
func (s *Space) size() int {
	if s == nil {
		return 0
	}
	return len(s.needOff) - 1
}

// ForNeed lists the held skills that count for a needed one, best first. own is a
// buffer for skills outside the space.
func (s *Space) ForNeed(skill int32, own *[1]Neighbour) []Neighbour {
	if s != nil && int(skill) < len(s.needOff)-1 {
		return s.need[s.needOff[skill]:s.needOff[skill+1]]
	}
	own[0] = Neighbour{skill, 1000}
	return own[:]
}

// ForHeld lists the needed skills that a held one counts for.
func (s *Space) ForHeld(skill int32, own *[1]Neighbour) []Neighbour {
	if s != nil && int(skill) < len(s.heldOff)-1 {
		return s.held[s.heldOff[skill]:s.heldOff[skill+1]]
	}
	own[0] = Neighbour{skill, 1000}
	return own[:]
}

// Sim is the similarity of a held skill to a needed one, in thousandths.
func (s *Space) Sim(need, held int32) uint16 {
	var own [1]Neighbour
	return simIn(s.ForNeed(need, &own), held)
}
