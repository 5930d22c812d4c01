package bench

import (
	"fmt"
	"slices"

	"talentmatch/matcher"
	"talentmatch/talent"
)

// The shape of the national market's skills: 15,000 with all fields.
const (
	Fields      = 150                       // domains x aspects
	perField    = fieldObjects * fieldVerbs // 98
	sharedRange = 300                       // surroundings x abilities
	related     = 10                        // drawn by each skill; as many draw it
	sharedIn    = 6                         // one in so many skills of a record is a shared one
)

// skills is the made-up taxonomy. Skills are numbered in no order, so that nothing about
// fields can be read off numbers, and their ids have the order of the numbers.
type skills struct {
	fields    int
	number    []int32 // by place: field by field, then the shared ones, frequent ones first
	names     []twin  // by number
	links     []link
	inField   zipf
	shared    zipf
	neighbour [][]matcher.Neighbour // by number
}

// A link is the likeness of two skills, in thousandths, in both directions.
type link struct {
	a, b int32
	sim  uint16
}

const (
	leastLike = 300
	mostLike  = 900
)

func newSkills(seed uint64, fields int) *skills {
	n := fields*perField + sharedRange
	s := &skills{fields: fields, number: make([]int32, n), names: make([]twin, n), inField: newZipf(perField, 0), shared: newZipf(sharedRange, 0),
		neighbour: make([][]matcher.Neighbour, n)}
	for i := range s.number {
		s.number[i] = int32(i)
	}
	d := newDice(seed, kindSkills, 0)
	d.Shuffle(n, func(i, j int) { s.number[i], s.number[j] = s.number[j], s.number[i] })
	for f := range fields {
		domain, aspect := fieldOf(f)
		for k := range perField {
			// Both turn, so that a field's frequent skills are of several kinds.
			o, v := aspect.objects[k%fieldObjects], aspect.verbs[(k/fieldObjects+k)%fieldVerbs]
			s.names[s.number[f*perField+k]] = twin{domain.zh + o.zh + v.zh, domain.en + " " + o.en + " " + v.en}
		}
		s.relate(d, s.number[f*perField:(f+1)*perField])
	}
	shared := s.number[fields*perField:]
	for k, number := range shared {
		a := k % len(abilities)
		in := surroundings[(k/len(abilities)+a)%len(surroundings)]
		s.names[number] = twin{in.zh + abilities[a].zh, in.en + " " + abilities[a].en}
	}
	s.relate(d, shared)
	return s
}

// fieldOf is a field's domain and aspect; the frequent fields are one of each domain.
func fieldOf(f int) (domain twin, a *aspect) {
	return domains[f%len(domains)].twin, &aspects[(f/len(domains)+f)%len(aspects)]
}

// relate makes skills of one group alike: each draws some, so that each has about twice
// as many.
func (s *skills) relate(d dice, group []int32) {
	for i, a := range group {
		for range related {
			j := d.IntN(len(group) - 1)
			if j >= i {
				j++
			}
			b, sim := group[j], uint16(d.between(leastLike, mostLike))
			if s.alike(a, b) {
				continue
			}
			s.links = append(s.links, link{a, b, sim})
			s.neighbour[a] = append(s.neighbour[a], matcher.Neighbour{Skill: b, Sim: sim})
			s.neighbour[b] = append(s.neighbour[b], matcher.Neighbour{Skill: a, Sim: sim})
		}
	}
}

func (s *skills) alike(a, b int32) bool {
	for _, nb := range s.neighbour[a] {
		if nb.Skill == b {
			return true
		}
	}
	return false
}

// draw is so many different skills of a field, one in sharedIn of them a shared one.
func (s *skills) draw(d dice, field, count int) []int32 {
	out := make([]int32, 0, count)
	for len(out) < count {
		group, share := s.number[s.fields*perField:], s.shared
		if d.IntN(sharedIn) > 0 {
			group, share = s.number[field*perField:(field+1)*perField], s.inField
		}
		number := group[share.draw(d)]
		for slices.Contains(out, number) {
			number = group[share.draw(d)]
		}
		out = append(out, number)
	}
	return out
}

func skillID(number int32) string { return fmt.Sprintf("b.sk.%05d", number) }

// record is a skill as a record.
func (s *skills) record(number int32) *talent.Skill {
	return &talent.Skill{ID: skillID(number), Name: s.names[number].zh, NameEN: s.names[number].en, Kind: "skill"}
}

// record is a link as a record: the only one that can say any likeness.
func (l link) record() *talent.Crosswalk {
	return &talent.Crosswalk{From: skillID(l.a), To: skillID(l.b), Weight: float64(l.sim) / 1000, Source: "talentmatch bench"}
}
