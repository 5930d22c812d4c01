package matcher

import (
	"maps"
	"slices"
	"sort"

	"talentmatch/matcher/memory"
)

// A programSegment is an immutable block of programs.
type programSegment struct {
	ids      []string
	names    nameTable
	labels   labelColumn
	index    idIndex
	order    []uint32 // row -> place of its id among the segment's
	region   []int32
	class    []int32
	meta     []programMeta
	classes  []programClass
	profiles []timingProfile
	census   census
	frames   []frame
	regions  offsets[int32] // window -> its regions, each once
	groupOf  []uint16       // of the census's regions
	held     heldRows
	focus    focusBound
	texts    textRows
	courses  offsets[uint32] // names
	cohorts  offsets[cohort]
	sample   rowSample
}

// A programMeta is what is rarely looked at.
type programMeta struct {
	doubt        float32
	attrs        [NumAttrs]int32
	study, stays float64 // rates; below 0 where nothing is said
}

// packed is a rate in one number, below 0 where nothing is said.
func (r Rate) packed() float64 {
	if !r.Said {
		return -1
	}
	return r.Share
}

func unpackRate(v float64) Rate {
	if v < 0 {
		return Rate{}
	}
	return Rate{v, true}
}

// A cohort is a CohortSize in half its memory.
type cohort struct{ year, graduates int32 }

// A programClass is what the gates and timing look at. Rows share few classes, so a
// query works each out once.
type programClass struct {
	profile   int32
	education uint8
	known     bool
	flags     uint8 // flagHeld, flagText, flagDoubt, flagWide
}

// Flags of a program, and of a window: flagDoubt, flagEmpty, flagMute, flagWide and flagBlank say
// that there are such rows.
const (
	flagHeld = 1 << iota
	flagText
	flagDoubt
	flagEmpty // no skills at all
	flagMute  // no text
	flagWide  // too many skills for tiles
	flagBlank // no known skills: required ones cannot be checked
)

// A frame is what bounds need to know of a window.
type frame struct {
	first, last uint16 // its groups of regions, by number
	flags       uint8
}

// A demandSegment is an immutable block of demands.
type demandSegment struct {
	ids      []string
	names    nameTable
	labels   labelColumn
	index    idIndex
	order    []uint32 // row -> place of its id among the segment's
	region   []int32
	class    []int32
	meta     []demandMeta
	classes  []demandClass
	census   census
	frames   []frame
	regions  offsets[int32]
	groupOf  []uint16
	needs    offsets[Need]
	texts    textRows
	sample   rowSample
	required postings[requiredPosting]
}

type demandMeta struct {
	headcount int32
	required  int32
	attrs     [NumAttrs]int32
}

// A demandClass is what the gates, timing and the norm of the score look at.
type demandClass struct {
	start     int32
	education uint8
	open      bool
	hasSkills bool
	hasText   bool
	gated     bool // some need is required
}

type requiredPosting struct {
	doc   uint32
	level uint8
}

// offsets is a list of lists in one block of memory.
type offsets[T any] struct {
	off  []uint32
	data []T
}

// newOffsets has room for so many lists with so many elements in all: growing by
// doubling would hold a large segment's memory three times over.
func newOffsets[T any](rows, total int) offsets[T] {
	return offsets[T]{off: append(make([]uint32, 0, rows+1), 0), data: make([]T, 0, total)}
}

func (o *offsets[T]) add(row []T) {
	o.data = append(o.data, row...)
	o.off = append(o.off, uint32(len(o.data)))
}

func (o *offsets[T]) row(i uint32) []T { return o.data[o.off[i]:o.off[i+1]] }

// postings lists, per skill, the documents that have it.
type postings[T any] struct {
	skills []int32 // ascending
	lists  offsets[T]
	dense  []uint32 // skill -> position in skills + 1, only in large segments
}

// directFrom is the size from which a segment spends memory on direct lookup.
const directFrom = 4096

func (p *postings[T]) of(skill int32) []T {
	if p.dense != nil {
		if int(skill) >= len(p.dense) || p.dense[skill] == 0 {
			return nil
		}
		return p.lists.row(p.dense[skill] - 1)
	}
	i, ok := slices.BinarySearch(p.skills, skill)
	if !ok {
		return nil
	}
	return p.lists.row(uint32(i))
}

// A postingsBuilder makes postings from rows that are seen twice: counted, then added.
type postingsBuilder[T any] struct {
	postings postings[T]
	next     map[int32]uint32 // skill -> how many, then where its next posting goes
}

func newPostings[T any](docs int, skills func(doc int, yield func(skill int32))) *postingsBuilder[T] {
	b := &postingsBuilder[T]{next: map[int32]uint32{}}
	for doc := range docs {
		skills(doc, func(s int32) { b.next[s]++ })
	}
	p := &b.postings
	p.skills = slices.Sorted(maps.Keys(b.next))
	p.lists.off = make([]uint32, 1, len(p.skills)+1)
	at := uint32(0)
	for _, s := range p.skills {
		n := b.next[s]
		b.next[s] = at
		at += n
		p.lists.off = append(p.lists.off, at)
	}
	p.lists.data = make([]T, at)
	if docs >= directFrom && len(p.skills) > 0 {
		p.dense = make([]uint32, p.skills[len(p.skills)-1]+1)
		for i, s := range p.skills {
			p.dense[s] = uint32(i) + 1
		}
	}
	return b
}

func (b *postingsBuilder[T]) add(skill int32, posting T) {
	b.postings.lists.data[b.next[skill]] = posting
	b.next[skill]++
}

func newProgramSegment(rows []Program, atlas *Atlas, by layout) *programSegment {
	s := &programSegment{names: newNameTable(), labels: make(labelColumn, 0, len(rows)), region: make([]int32, 0, len(rows)), class: make([]int32, 0, len(rows)), meta: make([]programMeta, 0, len(rows))}
	held, courses, cohorts := 0, 0, 0
	for i := range rows {
		held, courses, cohorts = held+len(rows[i].Held), courses+len(rows[i].Courses), cohorts+len(rows[i].Cohorts)
	}
	s.held, s.courses, s.cohorts = newHeldRows(len(rows), held), newOffsets[uint32](len(rows), courses), newOffsets[cohort](len(rows), cohorts)
	profiles, classes := map[string]int32{}, map[programClass]int32{}
	order := arrange(len(rows), atlas, by, func(i int) (int32, uint8, string) { return rows[i].Region, rows[i].Education, rows[i].ID },
		func(i int, add func(int32)) {
			for k := range rows[i].Held {
				add(rows[i].Held[k].Skill)
			}
		})
	s.ids = inOneBlock(order, func(i int) string { return rows[i].ID })
	s.texts = newTextRows(order, func(i int) *TextVector { return &rows[i].Text })
	var taught []uint32
	var years []cohort
	for _, at := range order {
		p := &rows[at]
		s.labels = append(s.labels, s.names.addLabel(p.Label))
		s.held.add(p.Held)
		taught = taught[:0]
		for _, c := range p.Courses {
			taught = append(taught, s.names.add(c))
		}
		s.courses.add(taught)
		years = years[:0]
		for _, c := range p.Cohorts {
			years = append(years, cohort{int32(c.Year), int32(c.Graduates)})
		}
		s.cohorts.add(years)
		class := programClass{s.profile(p.Cohorts, profiles), min(p.Education, educations-1), known(p.Held), flagsOf(len(p.Held), !p.Text.empty(), p.Doubt)}
		c, ok := classes[class]
		if !ok {
			c = int32(len(s.classes))
			classes[class] = c
			s.classes = append(s.classes, class)
		}
		s.region, s.class = append(s.region, p.Region), append(s.class, c)
		s.meta = append(s.meta, programMeta{doubt: p.Doubt, attrs: p.Attrs, study: p.FurtherStudy.packed(), stays: p.Retention.packed()})
	}
	s.names.done()
	s.focus = newFocusBound(&s.held, len(s.ids))
	s.ready()
	s.census = newCensus(len(s.classes), len(s.meta), func(i int) (int32, int32) { return s.region[i], s.class[i] })
	s.frames, s.regions, s.groupOf = newFrames(atlas, &s.census, len(s.meta), func(i int) (int32, uint8) {
		return s.region[i], s.frameFlags(i)
	})
	return s
}

// ready ends the making of the rows.
func (s *programSegment) ready() {
	s.index, s.order = newIDIndex(s.ids), idOrder(s.ids)
	memory.Huge(s.held.off)
	memory.Huge(s.held.skill)
	memory.Huge(s.held.grade)
	memory.Huge(s.held.value)
	memory.Huge(s.class)
	memory.Huge(s.region)
	s.texts.ready()
}

// ready ends the making of the rows.
func (s *demandSegment) ready() {
	s.index, s.order = newIDIndex(s.ids), idOrder(s.ids)
	memory.Huge(s.needs.off)
	memory.Huge(s.needs.data)
	memory.Huge(s.class)
	memory.Huge(s.region)
	s.texts.ready()
}

// tiles indexes the programs by the needed skills that theirs count for.
func (s *programSegment) tiles(space *Space) *tiles {
	if len(s.ids) < tilesFrom {
		return nil
	}
	return buildTiles(len(s.ids), joinHeld(), joinHeld(), func(b *tileWindow, row int) {
		if s.classes[s.class[row]].flags&flagWide != 0 {
			return
		}
		for i := s.held.off[row]; i < s.held.off[row+1]; i++ {
			g := s.held.grade[i]
			for _, nb := range space.ForHeld(s.held.skill[i], &b.own) {
				if c := heldCode(nb.Sim, g.level(), g.confidence()); c != 0 {
					b.put(nb.Skill, uint8(row), c)
				}
			}
		}
	})
}

// tilesFrom is the size from which a segment has tiles; of smaller ones every row is
// scored.
const tilesFrom = 48

// mostTiled is how many skills a program may hold to be in tiles: a few with a million
// names each must not fill the memory. Wider ones are always scored.
const mostTiled = 2048

// flagsOf are the flags of a program with so many skills.
func flagsOf(held int, text bool, doubt float32) (f uint8) {
	if held > 0 {
		f |= flagHeld
	}
	if text {
		f |= flagText
	}
	if doubt != 0 {
		f |= flagDoubt
	}
	if held > mostTiled {
		f |= flagWide
	}
	return f
}

// profile interns the timing profile of a list of cohorts.
func (s *programSegment) profile(cohorts []CohortSize, seen map[string]int32) int32 {
	p := timingProfile{listed: len(cohorts) > 0}
	for _, c := range cohorts {
		if c.Graduates > 0 {
			p.years = append(p.years, c.Year)
		}
	}
	sort.Ints(p.years)
	key := make([]byte, 0, 1+2*len(p.years))
	if p.listed {
		key = append(key, 1)
	}
	for _, y := range p.years {
		key = append(key, byte(y>>8), byte(y))
	}
	if i, ok := seen[string(key)]; ok {
		return i
	}
	i := int32(len(s.profiles))
	s.profiles = append(s.profiles, p)
	seen[string(key)] = i
	return i
}

// row is the program at a position, sharing the segment's memory, without its terms.
func (s *programSegment) row(doc uint32) Program {
	m := &s.meta[doc]
	var cohorts []CohortSize
	if list := s.cohorts.row(doc); len(list) > 0 {
		cohorts = make([]CohortSize, len(list))
		for i, c := range list {
			cohorts[i] = CohortSize{int(c.year), int(c.graduates)}
		}
	}
	return Program{
		ID: s.ids[doc], Label: s.labels.row(&s.names, doc), Region: s.region[doc], Education: s.classes[s.class[doc]].education, Cohorts: cohorts,
		Held: s.held.row(doc), Doubt: m.doubt, Courses: s.names.list(s.courses.row(doc)), Attrs: m.attrs,
		FurtherStudy: unpackRate(m.study), Retention: unpackRate(m.stays),
	}
}

// full is the program at a position with its terms.
func (s *programSegment) full(doc uint32) Program {
	p := s.row(doc)
	p.Text = s.texts.row(doc)
	return p
}

func newDemandSegment(rows []Demand, atlas *Atlas, by layout) *demandSegment {
	s := &demandSegment{names: newNameTable(), labels: make(labelColumn, 0, len(rows)), region: make([]int32, 0, len(rows)), class: make([]int32, 0, len(rows)), meta: make([]demandMeta, 0, len(rows))}
	needs := 0
	for i := range rows {
		needs += len(rows[i].Needs)
	}
	s.needs = newOffsets[Need](len(rows), needs)
	order := arrange(len(rows), atlas, by, func(i int) (int32, uint8, string) { return rows[i].Region, rows[i].Education, rows[i].ID },
		func(i int, add func(int32)) {
			for k := range rows[i].Needs {
				add(rows[i].Needs[k].Skill)
			}
		})
	required := newPostings[requiredPosting](len(rows), func(i int, yield func(int32)) {
		for _, n := range rows[order[i]].Needs {
			if n.Required {
				yield(n.Skill)
			}
		}
	})
	classes := map[demandClass]int32{}
	s.ids = inOneBlock(order, func(i int) string { return rows[i].ID })
	s.texts = newTextRows(order, func(i int) *TextVector { return &rows[i].Text })
	for i, at := range order {
		d := &rows[at]
		s.labels = append(s.labels, s.names.addLabel(d.Label))
		s.needs.add(d.Needs)
		count := d.required()
		class := demandClass{start: int32(d.Start), education: d.Education, open: d.Open, hasSkills: d.weight() > 0, hasText: !d.Text.empty(), gated: count > 0}
		c, ok := classes[class]
		if !ok {
			c = int32(len(s.classes))
			classes[class] = c
			s.classes = append(s.classes, class)
		}
		s.region, s.class = append(s.region, d.Region), append(s.class, c)
		s.meta = append(s.meta, demandMeta{headcount: int32(d.Headcount), required: int32(count), attrs: d.Attrs})
		for _, n := range d.Needs {
			if n.Required {
				required.add(n.Skill, requiredPosting{uint32(i), n.Level})
			}
		}
	}
	s.required = required.postings
	s.names.done()
	s.ready()
	s.census = newCensus(len(s.classes), len(s.meta), func(i int) (int32, int32) { return s.region[i], s.class[i] })
	s.frames, s.regions, s.groupOf = newFrames(atlas, &s.census, len(s.meta), func(i int) (int32, uint8) { return s.region[i], 0 })
	return s
}

// tiles indexes the demands by the skills that they need.
func (s *demandSegment) tiles() *tiles {
	if len(s.ids) < tilesFrom {
		return nil
	}
	return buildTiles(len(s.ids), joinNeed(), boundNeed(), func(b *tileWindow, row int) {
		needs := s.needs.row(uint32(row))
		sum := 0.0
		for i := range needs {
			sum += needs[i].Weight
		}
		if sum <= 0 {
			return
		}
		for i := range needs {
			b.put(needs[i].Skill, uint8(row), needCode(needs[i].Weight/sum, needs[i].Level))
		}
	})
}

// row is the demand at a position, sharing the segment's memory, without its terms.
func (s *demandSegment) row(doc uint32) Demand {
	m := &s.meta[doc]
	c := &s.classes[s.class[doc]]
	return Demand{
		ID: s.ids[doc], Label: s.labels.row(&s.names, doc), Region: s.region[doc], Education: c.education, Open: c.open, Start: int(c.start),
		Headcount: int(m.headcount), Needs: s.needs.row(doc), Attrs: m.attrs,
	}
}

// full is the demand at a position with its terms.
func (s *demandSegment) full(doc uint32) Demand {
	d := s.row(doc)
	d.Text = s.texts.row(doc)
	return d
}
