package matcher

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"sort"
	"sync/atomic"
)

// A programSegment is an immutable block of programs with the postings of their
// skills.
type programSegment struct {
	ids      []string
	labels   []Label
	index    map[string]uint32
	meta     []programMeta
	runs     []regionRun
	held     offsets[Held]
	texts    textRows
	courses  offsets[string]
	cohorts  offsets[CohortSize]
	profiles []timingProfile
	post     postings[programPosting]
	lengths  lengthCache
	sample   rowSample
}

type programMeta struct {
	region    int32
	profile   int32
	doubt     float32
	education uint8
	flags     uint8 // flagHeld, flagText
	known     bool
	attrs     [NumAttrs]int32
}

// Flags of a program.
const (
	flagHeld = 1 << iota
	flagText
)

// A regionRun is a stretch of rows of one region.
type regionRun struct {
	region   int32
	from, to uint32
}

type programPosting struct {
	doc        uint32
	level      uint8
	confidence uint8
}

// A demandSegment is an immutable block of demands with the postings of their
// needs.
type demandSegment struct {
	ids     []string
	labels  []Label
	index   map[string]uint32
	meta    []demandMeta
	needs   offsets[Need]
	texts   textRows
	lengths lengthCache
	sample  rowSample
	post    postings[demandPosting]
}

type demandMeta struct {
	region    int32
	start     int32
	headcount int32
	required  uint16
	education uint8
	open      bool
	hasSkills bool
	hasText   bool
	attrs     [NumAttrs]int32
}

type demandPosting struct {
	doc      uint32
	weight   float32 // over the demand's sum of weights
	level    uint8
	required bool
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

// textRows keeps the terms of texts, space by space.
type textRows [NumTextSpaces]offsets[Term]

// newTextRows has room for the texts of n rows.
func newTextRows(n int, text func(int) *TextVector) (t textRows) {
	for s := range t {
		total := 0
		for i := range n {
			total += len(text(i)[s])
		}
		t[s] = newOffsets[Term](n, total)
	}
	return t
}

func (t *textRows) add(text TextVector) {
	for s := range t {
		t[s].add(text[s])
	}
}

// row is the text at a position, sharing memory.
func (t *textRows) row(i uint32) (out TextVector) {
	for s := range t {
		out[s] = t[s].row(i)
	}
	return out
}

// textLengths remembers, for one version of the statistics, the lengths of each
// text, as float bits; 0 is not worked out yet.
type textLengths struct {
	stats  *Stats
	values [][NumTextSpaces]atomic.Uint64
}

// A lengthCache holds the lengths for the statistics that were last asked for.
type lengthCache struct{ current atomic.Pointer[textLengths] }

// of is the length of a row's text in one space.
func (c *lengthCache) of(rows *textRows, doc uint32, space TextSpace, stats *Stats) float64 {
	cache := c.current.Load()
	if cache == nil || cache.stats != stats {
		cache = &textLengths{stats, make([][NumTextSpaces]atomic.Uint64, len(rows[space].off)-1)}
		c.current.Store(cache)
	}
	if bits := cache.values[doc][space].Load(); bits != 0 {
		return math.Float64frombits(bits)
	}
	v := lengthOf(rows[space].row(doc), stats)
	cache.values[doc][space].Store(math.Float64bits(v))
	return v
}

// postings lists, per skill, the documents that have it.
type postings[T any] struct {
	skills []int32 // ascending
	lists  offsets[T]
	dense  []uint32 // skill -> position in skills + 1, only in large segments
}

// denseFrom is the size from which a segment spends memory on direct lookup.
const denseFrom = 4096

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
	if docs >= denseFrom && len(p.skills) > 0 {
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

func newProgramSegment(rows []Program) *programSegment {
	s := &programSegment{index: make(map[string]uint32, len(rows)), ids: make([]string, 0, len(rows)), labels: make([]Label, 0, len(rows)),
		meta: make([]programMeta, 0, len(rows))}
	held, courses, cohorts := 0, 0, 0
	for i := range rows {
		held, courses, cohorts = held+len(rows[i].Held), courses+len(rows[i].Courses), cohorts+len(rows[i].Cohorts)
	}
	s.held, s.courses, s.cohorts = newOffsets[Held](len(rows), held), newOffsets[string](len(rows), courses), newOffsets[CohortSize](len(rows), cohorts)
	s.texts = newTextRows(len(rows), func(i int) *TextVector { return &rows[i].Text })
	profiles := map[string]int32{}
	post := newPostings[programPosting](len(rows), func(i int, yield func(int32)) {
		for k := range rows[i].Held {
			yield(rows[i].Held[k].Skill)
		}
	})
	for i, at := range byRegion(len(rows), func(i int) (int32, uint8, string) { return rows[i].Region, rows[i].Education, rows[i].ID }) {
		p := &rows[at]
		doc := uint32(i)
		s.ids = append(s.ids, p.ID)
		s.labels = append(s.labels, p.Label)
		s.index[p.ID] = doc
		s.held.add(p.Held)
		s.texts.add(p.Text)
		s.courses.add(p.Courses)
		s.cohorts.add(p.Cohorts)
		s.meta = append(s.meta, programMeta{
			region: p.Region, doubt: p.Doubt, education: min(p.Education, educations-1), attrs: p.Attrs,
			profile: s.profile(p.Cohorts, profiles), known: known(p.Held), flags: flagsOf(p),
		})
		if n := len(s.runs); n > 0 && s.runs[n-1].region == p.Region {
			s.runs[n-1].to = doc + 1
		} else {
			s.runs = append(s.runs, regionRun{p.Region, doc, doc + 1})
		}
		for _, h := range p.Held {
			post.add(h.Skill, programPosting{doc, h.Level, h.Confidence})
		}
	}
	s.post = post.postings
	return s
}

func flagsOf(p *Program) (f uint8) {
	if len(p.Held) > 0 {
		f |= flagHeld
	}
	if !p.Text.empty() {
		f |= flagText
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
	return Program{
		ID: s.ids[doc], Label: s.labels[doc], Region: m.region, Education: m.education, Cohorts: s.cohorts.row(doc),
		Held: s.held.row(doc), Doubt: m.doubt, Courses: s.courses.row(doc), Attrs: m.attrs,
	}
}

// full is the program at a position with its terms.
func (s *programSegment) full(doc uint32) Program {
	p := s.row(doc)
	p.Text = s.texts.row(doc)
	return p
}

func newDemandSegment(rows []Demand) *demandSegment {
	s := &demandSegment{index: make(map[string]uint32, len(rows)), ids: make([]string, 0, len(rows)), labels: make([]Label, 0, len(rows)),
		meta: make([]demandMeta, 0, len(rows))}
	needs := 0
	for i := range rows {
		needs += len(rows[i].Needs)
	}
	s.needs = newOffsets[Need](len(rows), needs)
	s.texts = newTextRows(len(rows), func(i int) *TextVector { return &rows[i].Text })
	post := newPostings[demandPosting](len(rows), func(i int, yield func(int32)) {
		for k := range rows[i].Needs {
			yield(rows[i].Needs[k].Skill)
		}
	})
	for i, at := range byRegion(len(rows), func(i int) (int32, uint8, string) { return rows[i].Region, rows[i].Education, rows[i].ID }) {
		d := &rows[at]
		doc := uint32(i)
		s.ids = append(s.ids, d.ID)
		s.labels = append(s.labels, d.Label)
		s.index[d.ID] = doc
		s.needs.add(d.Needs)
		s.texts.add(d.Text)
		sum := d.weight()
		s.meta = append(s.meta, demandMeta{
			region: d.Region, start: int32(d.Start), headcount: int32(d.Headcount), education: d.Education, open: d.Open,
			required: uint16(d.required()), hasSkills: sum > 0, hasText: !d.Text.empty(), attrs: d.Attrs,
		})
		for _, n := range d.Needs {
			p := demandPosting{doc: doc, level: n.Level, required: n.Required}
			if sum > 0 {
				p.weight = float32(n.Weight / sum)
			}
			post.add(n.Skill, p)
		}
	}
	s.post = post.postings
	return s
}

// byRegion orders rows by region, education and id, so that the rows that a filter
// keeps lie together in memory.
func byRegion(n int, key func(int) (int32, uint8, string)) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		ra, ea, ia := key(a)
		rb, eb, ib := key(b)
		return cmp.Or(cmp.Compare(ra, rb), cmp.Compare(ea, eb), cmp.Compare(ia, ib))
	})
	return order
}

// row is the demand at a position, sharing the segment's memory, without its terms.
func (s *demandSegment) row(doc uint32) Demand {
	m := &s.meta[doc]
	return Demand{
		ID: s.ids[doc], Label: s.labels[doc], Region: m.region, Education: m.education, Open: m.open, Start: int(m.start),
		Headcount: int(m.headcount), Needs: s.needs.row(doc), Attrs: m.attrs,
	}
}

// full is the demand at a position with its terms.
func (s *demandSegment) full(doc uint32) Demand {
	d := s.row(doc)
	d.Text = s.texts.row(doc)
	return d
}
