package matcher

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"sync"

	"talentmatch/matcher/columns"
)

// A snapshot can be kept as two streams of columns, a side each, and read again without
// making its rows anew. Kept are the rows, in the order in which their segments have
// them, which of them are dead, the statistics, and what takes long to make of these:
// tiles, with a sum of the space that the programs' are of, and indexes of texts, with
// the statistics that they are of. The rest (how to find ids, counts, frames, postings)
// is made when reading.
//
// What is read has been checked as far as a number that is out of range could end in a
// panic or in memory without bound. That the numbers are those that were saved is for
// the checksums of the blocks.

// Limits are how many skills, terms, regions and attributes have numbers: those of a
// stream must lie below.
type Limits struct{ Skills, Terms, Regions, Attrs int }

// A Kept snapshot has been read and waits for its space and atlas.
type Kept struct {
	programs []side[*programSegment]
	demands  []side[*demandSegment]
	stats    *Stats
	space    uint64 // sum of the one that the programs' tiles are of
}

// SavePrograms writes the programs' part. It may run while the snapshot is in use.
func (s *Snapshot) SavePrograms(w *columns.Writer) error {
	columns.Put64(w, []uint64{s.space.sum()})
	saveSide(w, s.programs)
	return w.Err()
}

// SaveDemands writes the demands' part and the statistics that the snapshot has. It may
// run while the snapshot is in use.
func (s *Snapshot) SaveDemands(w *columns.Writer) error {
	saveSide(w, s.demands)
	s.stats.save(w)
	return w.Err()
}

// Load reads both parts at the same time. Errors wrap columns.ErrDamaged unless they are
// the readers' own.
func Load(programs, demands *columns.Reader, l Limits) (*Kept, error) {
	k := &Kept{}
	var other sync.WaitGroup
	other.Go(func() {
		k.demands = loadSide(demands, &l, loadDemands)
		k.stats = loadStats(demands, &l)
		_ = demands.Done()
	})
	if sum := columns.Read64[uint64](programs); len(sum) == 1 {
		k.space = sum[0]
	}
	k.programs = loadSide(programs, &l, loadPrograms)
	_ = programs.Done()
	other.Wait()
	if err := programs.Err(); err != nil {
		return nil, fmt.Errorf("programs: %w", err)
	}
	if err := demands.Err(); err != nil {
		return nil, fmt.Errorf("demands: %w", err)
	}
	k.settle()
	return k, nil
}

// settle makes the indexes of texts that are not kept. The statistics of the others share
// memory with the snapshot's, and it is worked out how far they are behind.
func (k *Kept) settle() {
	known := []*Stats{k.stats}
	settle := func(words *textIndex, texts *textRows, rows int) (*textIndex, textDrift) {
		if rows < keptWords {
			words = newTextIndex(texts, rows, k.stats)
			return words, words.since()
		}
		if words == nil {
			return nil, textDrift{}
		}
		words.stats = words.stats.sharing(known)
		known = append(known, words.stats)
		d := words.between(k.stats)
		d.texts = max(words.stats.n-k.stats.n, k.stats.n-words.stats.n)
		return words, d
	}
	for i := range k.programs {
		s := &k.programs[i]
		s.words, s.drift = settle(s.words, &s.seg.texts, len(s.seg.ids))
	}
	for i := range k.demands {
		s := &k.demands[i]
		s.words, s.drift = settle(s.words, &s.seg.texts, len(s.seg.ids))
	}
}

// Snapshot is the snapshot with a space and an atlas: it answers as the one that was
// saved would with these. Tiles of another space are made anew, on all cores.
func (k *Kept) Snapshot(space *Space, atlas *Atlas) *Snapshot {
	same := space.sum() == k.space
	for i := range k.programs {
		s := &k.programs[i]
		s.seg.frame(atlas)
		if !same {
			s.tiles = s.seg.tiles(space)
		}
	}
	for i := range k.demands {
		k.demands[i].seg.frame(atlas)
	}
	return &Snapshot{space: space, atlas: atlas, stats: k.stats, programs: k.programs, demands: k.demands}
}

// mostSegments is far more than merging ever leaves.
const mostSegments = 1 << 16

// A savable is a segment.
type savable interface {
	save(w *columns.Writer)
	size() int
}

func (s *programSegment) size() int { return len(s.ids) }
func (s *demandSegment) size() int  { return len(s.ids) }

func saveSide[S savable](w *columns.Writer, sides []side[S]) {
	columns.Put32(w, []uint32{uint32(len(sides))})
	for i := range sides {
		s := &sides[i]
		s.seg.save(w)
		columns.Put64(w, s.dead)
		s.tiles.save(w)
		if s.seg.size() >= keptWords {
			s.words.save(w)
		}
	}
}

func loadSide[S savable](r *columns.Reader, l *Limits, load func(*columns.Reader, *Limits) S) []side[S] {
	count := columns.Read32[uint32](r)
	if len(count) != 1 || count[0] > mostSegments {
		r.Fail("%d counts of segments", len(count))
		return nil
	}
	var out []side[S]
	for range count[0] {
		s := side[S]{seg: load(r, l)}
		if r.Err() != nil {
			return nil
		}
		rows := s.seg.size()
		s.alive, s.dead = rows, columns.Read64[uint64](r)
		if len(s.dead) == 0 {
			s.dead = nil
		} else if len(s.dead) != (rows+63)/64 || rows%64 != 0 && s.dead[len(s.dead)-1]>>(rows%64) != 0 {
			r.Fail("dead marks of other rows")
		}
		for _, w := range s.dead {
			s.alive -= bits.OnesCount64(w)
		}
		s.tiles, s.texts = loadTiles(r, rows, l.Skills), &lengths{}
		if rows >= keptWords {
			s.words = loadTextIndex(r, rows, l)
		}
		if r.Err() != nil {
			return nil
		}
		if (s.tiles != nil) != (rows >= tilesFrom) {
			r.Fail("tiles of %d rows", rows)
			return nil
		}
		out = append(out, s)
	}
	return out
}

func (s *programSegment) save(w *columns.Writer) {
	saveNames(w, s.ids, &s.names, s.labels)
	columns.Put32(w, s.region)
	columns.Put32(w, s.class)
	saveRows(w, s.meta, func(m *programMeta) uint32 { return math.Float32bits(m.doubt) })
	for a := range NumAttrs {
		saveRows(w, s.meta, func(m *programMeta) uint32 { return uint32(m.attrs[a]) })
	}
	for _, rate := range []func(*programMeta) float64{func(m *programMeta) float64 { return m.study }, func(m *programMeta) float64 { return m.stays }} {
		w.Column(len(s.meta), 8, func(b []byte, from, to int) {
			for i := from; i < to; i++ {
				binary.LittleEndian.PutUint64(b[8*(i-from):], math.Float64bits(rate(&s.meta[i])))
			}
		})
	}
	saveRows(w, s.classes, func(c *programClass) uint32 { return uint32(c.profile) })
	saveRows(w, s.classes, func(c *programClass) uint32 { return uint32(c.education)<<16 | uint32(c.flags)<<8 | bit(c.known) })
	years := newOffsets[int](len(s.profiles), 0)
	for i := range s.profiles {
		years.add(s.profiles[i].years)
	}
	saveRows(w, s.profiles, func(p *timingProfile) uint32 { return bit(p.listed) })
	columns.Put32(w, years.off)
	saveRows(w, years.data, func(y *int) uint32 { return uint32(*y) })
	columns.Put32(w, s.held.off)
	columns.Put32(w, s.held.skill)
	columns.Put16(w, s.held.grade)
	columns.Put16(w, s.held.course)
	columns.PutFloats(w, s.held.value)
	columns.Put8(w, s.focus.group)
	w.Column(len(s.focus.rows), 8, func(b []byte, from, to int) {
		for i, row := range s.focus.rows[from:to] {
			copy(b[8*i:], row[:])
		}
	})
	saveTexts(w, &s.texts)
	columns.Put32(w, s.courses.off)
	columns.Put32(w, s.courses.data)
	columns.Put32(w, s.cohorts.off)
	saveRows(w, s.cohorts.data, func(c *cohort) uint32 { return uint32(c.year) })
	saveRows(w, s.cohorts.data, func(c *cohort) uint32 { return uint32(c.graduates) })
}

// loadPrograms reads what save has written, all numbers checked, and what follows from
// the rows alone.
func loadPrograms(r *columns.Reader, l *Limits) *programSegment {
	s := &programSegment{}
	s.ids, s.names, s.labels = loadNames(r)
	n := len(s.ids)
	s.region, s.class, s.meta = columns.Read32[int32](r), columns.Read32[int32](r), make([]programMeta, n)
	loadRows(r, s.meta, func(m *programMeta, v uint32) { m.doubt = math.Float32frombits(v) })
	for a := range NumAttrs {
		loadRows(r, s.meta, func(m *programMeta, v uint32) { m.attrs[a] = int32(v) })
	}
	for _, set := range []func(*programMeta, float64){func(m *programMeta, v float64) { m.study = v }, func(m *programMeta, v float64) { m.stays = v }} {
		rates := columns.Read64[uint64](r)
		if len(rates) != n {
			r.Fail("%d rates of %d programs", len(rates), n)
			return nil
		}
		for i, v := range rates {
			set(&s.meta[i], math.Float64frombits(v))
		}
	}
	for _, p := range columns.Read32[int32](r) {
		s.classes = append(s.classes, programClass{profile: p})
	}
	loadRows(r, s.classes, func(c *programClass, v uint32) {
		c.education, c.flags, c.known = uint8(min(v>>16, educations)), uint8(v>>8), v&1 == 1
	})
	for _, listed := range columns.Read32[uint32](r) {
		s.profiles = append(s.profiles, timingProfile{listed: listed == 1})
	}
	years := offsets[int]{off: columns.Read32[uint32](r)}
	for _, y := range columns.Read32[int32](r) {
		years.data = append(years.data, int(y))
	}
	checkOffsets(r, years.off, len(s.profiles), len(years.data))
	s.held.off, s.held.skill = columns.Read32[uint32](r), columns.Read32[int32](r)
	s.held.grade, s.held.course = columns.Read16[grade](r), columns.Read16[uint16](r)
	s.held.value = columns.ReadFloats(r)
	s.focus.group = columns.Read8(r)
	r.Column(8, func(n int) { s.focus.rows = make([][8]uint8, n) }, func(b []byte, from, to int) {
		for i := range s.focus.rows[from:to] {
			s.focus.rows[from+i] = [8]uint8(b[8*i:])
		}
	})
	if (n >= clusterFrom) != (len(s.focus.rows) > 0) || len(s.focus.rows) > 0 && len(s.focus.rows) != n {
		r.Fail("bounds of focus of %d rows, not %d", len(s.focus.rows), n)
	}
	checkOffsets(r, s.held.off, n, len(s.held.skill))
	if len(s.region) != n || len(s.class) != n {
		r.Fail("columns of other rows")
	}
	if k := len(s.held.skill); len(s.held.grade) != k || len(s.held.course) != k || len(s.held.value) != k {
		r.Fail("held skills of different lengths")
	}
	s.texts = loadTexts(r, n, l)
	s.courses = offsets[uint32]{columns.Read32[uint32](r), columns.Read32[uint32](r)}
	s.names.check(r, s.courses.data)
	checkOffsets(r, s.courses.off, n, len(s.courses.data))
	s.cohorts.off = columns.Read32[uint32](r)
	for _, y := range columns.Read32[int32](r) {
		s.cohorts.data = append(s.cohorts.data, cohort{year: y})
	}
	loadRows(r, s.cohorts.data, func(c *cohort, v uint32) { c.graduates = int32(v) })
	checkOffsets(r, s.cohorts.off, n, len(s.cohorts.data))
	if r.Err() != nil {
		return nil
	}
	for i := range s.profiles {
		s.profiles[i].years = years.row(uint32(i))
	}
	for _, c := range s.classes {
		if c.profile < 0 || int(c.profile) >= len(s.profiles) || c.education >= educations {
			r.Fail("a class of profile %d, education %d", c.profile, c.education)
		}
	}
	for i := range s.meta {
		s.checkRow(r, l, uint32(i))
	}
	if r.Err() != nil {
		return nil
	}
	s.ready()
	s.census = newCensus(len(s.classes), n, func(i int) (int32, int32) { return s.region[i], s.class[i] })
	return s
}

// checkRow refuses numbers that are out of range, and rows of another class.
func (s *programSegment) checkRow(r *columns.Reader, l *Limits, doc uint32) {
	m := &s.meta[doc]
	if !isRow(s.region[doc], s.class[doc], len(s.classes), &m.attrs, l) || !(m.doubt >= 0 && m.doubt <= 1) || !isRate(m.study) || !isRate(m.stays) {
		r.Fail("program %d: a number is out of range", doc)
		return
	}
	from, to := s.held.off[doc], s.held.off[doc+1]
	courses := s.courses.off[doc+1] - s.courses.off[doc]
	known := false
	for k := from; k < to; k++ {
		g, c := s.held.grade[k], s.held.course[k]
		if skill := s.held.skill[k]; skill < 0 || int(skill) >= l.Skills || !isLevel(g.level()) || g.confidence() > 100 ||
			!isAmount(float64(s.held.value[k])) || c != noCourse && uint32(c) >= courses {
			r.Fail("program %d: skill %d is out of range", doc, skill)
			return
		}
		known = known || g&gradeKnown != 0
	}
	if c := &s.classes[s.class[doc]]; c.known != known || c.flags != flagsOf(int(to-from), !s.texts.empty(doc), m.doubt) {
		r.Fail("program %d: another class", doc)
	}
}

func isRow(region, class int32, classes int, attrs *[NumAttrs]int32, l *Limits) bool {
	ok := region >= 0 && int(region) < l.Regions && class >= 0 && int(class) < classes
	for _, a := range attrs {
		ok = ok && a >= 0 && int(a) < l.Attrs
	}
	return ok
}

// isRate reports whether v is a share, or the mark of none.
func isRate(v float64) bool { return v == -1 || v >= 0 && v <= 1 }

func isLevel(l uint8) bool { return l >= 1 && l <= 5 }

// isAmount reports whether v is finite and not below 0.
func isAmount(v float64) bool { return v >= 0 && v <= math.MaxFloat64 }

func (s *demandSegment) save(w *columns.Writer) {
	saveNames(w, s.ids, &s.names, s.labels)
	columns.Put32(w, s.region)
	columns.Put32(w, s.class)
	saveRows(w, s.meta, func(m *demandMeta) uint32 { return uint32(m.headcount) })
	for a := range NumAttrs {
		saveRows(w, s.meta, func(m *demandMeta) uint32 { return uint32(m.attrs[a]) })
	}
	saveRows(w, s.classes, func(c *demandClass) uint32 { return uint32(c.start) })
	saveRows(w, s.classes, func(c *demandClass) uint32 {
		return uint32(c.education)<<4 | bit(c.open)<<3 | bit(c.hasSkills)<<2 | bit(c.hasText)<<1 | bit(c.gated)
	})
	columns.Put32(w, s.needs.off)
	w.Column(len(s.needs.data), needSize, func(b []byte, from, to int) {
		for i := from; i < to; i++ {
			n, b := &s.needs.data[i], b[needSize*(i-from):]
			binary.LittleEndian.PutUint32(b, uint32(n.Skill))
			binary.LittleEndian.PutUint32(b[4:], uint32(n.Level)<<2|bit(n.Required)<<1|bit(n.Extracted))
			binary.LittleEndian.PutUint64(b[8:], math.Float64bits(n.Weight))
		}
	})
	saveTexts(w, &s.texts)
}

const needSize = 16

func loadDemands(r *columns.Reader, l *Limits) *demandSegment {
	s := &demandSegment{}
	s.ids, s.names, s.labels = loadNames(r)
	n := len(s.ids)
	s.region, s.class, s.meta = columns.Read32[int32](r), columns.Read32[int32](r), make([]demandMeta, n)
	loadRows(r, s.meta, func(m *demandMeta, v uint32) { m.headcount = int32(v) })
	for a := range NumAttrs {
		loadRows(r, s.meta, func(m *demandMeta, v uint32) { m.attrs[a] = int32(v) })
	}
	for _, start := range columns.Read32[int32](r) {
		s.classes = append(s.classes, demandClass{start: start})
	}
	loadRows(r, s.classes, func(c *demandClass, v uint32) {
		c.education, c.open = uint8(min(v>>4, math.MaxUint8)), v&8 != 0
		c.hasSkills, c.hasText, c.gated = v&4 != 0, v&2 != 0, v&1 != 0
	})
	s.needs.off = columns.Read32[uint32](r)
	r.Column(needSize, func(n int) { s.needs.data = make([]Need, n) }, func(b []byte, from, to int) {
		for i := from; i < to; i++ {
			b := b[needSize*(i-from):]
			v := binary.LittleEndian.Uint32(b[4:])
			s.needs.data[i] = Need{
				Skill: int32(binary.LittleEndian.Uint32(b)), Level: uint8(min(v>>2, math.MaxUint8)), Required: v&2 != 0, Extracted: v&1 != 0,
				Weight: math.Float64frombits(binary.LittleEndian.Uint64(b[8:])),
			}
		}
	})
	checkOffsets(r, s.needs.off, n, len(s.needs.data))
	s.texts = loadTexts(r, n, l)
	if len(s.region) != n || len(s.class) != n {
		r.Fail("columns of other rows")
	}
	if r.Err() != nil {
		return nil
	}
	for i := range s.meta {
		s.checkRow(r, l, uint32(i))
	}
	if r.Err() != nil {
		return nil
	}
	required := newPostings[requiredPosting](n, func(doc int, yield func(int32)) {
		s.eachRequired(uint32(doc), func(need *Need) { yield(need.Skill) })
	})
	for doc := range uint32(n) {
		s.eachRequired(doc, func(need *Need) { required.add(need.Skill, requiredPosting{doc, need.Level}) })
	}
	s.required = required.postings
	s.ready()
	s.census = newCensus(len(s.classes), n, func(i int) (int32, int32) { return s.region[i], s.class[i] })
	return s
}

func (s *demandSegment) eachRequired(doc uint32, yield func(*Need)) {
	if s.meta[doc].required == 0 {
		return
	}
	needs := s.needs.row(doc)
	for i := range needs {
		if needs[i].Required {
			yield(&needs[i])
		}
	}
}

// checkRow refuses numbers that are out of range, and counts the required needs.
func (s *demandSegment) checkRow(r *columns.Reader, l *Limits, doc uint32) {
	m := &s.meta[doc]
	if !isRow(s.region[doc], s.class[doc], len(s.classes), &m.attrs, l) || m.headcount < 0 {
		r.Fail("demand %d: a number is out of range", doc)
		return
	}
	d := Demand{Needs: s.needs.row(doc)}
	for i := range d.Needs {
		n := &d.Needs[i]
		if n.Skill < 0 || int(n.Skill) >= l.Skills || !isLevel(n.Level) || !isAmount(n.Weight) {
			r.Fail("demand %d: skill %d is out of range", doc, n.Skill)
			return
		}
	}
	count := d.required()
	m.required = int32(count)
	if c := &s.classes[s.class[doc]]; c.gated != (count > 0) || c.hasSkills != (d.weight() > 0) || !isAmount(d.weight()) || c.hasText == s.texts.empty(doc) {
		r.Fail("demand %d: another class", doc)
	}
}

func bit(is bool) uint32 {
	if is {
		return 1
	}
	return 0
}

// saveRows writes one number of each row.
func saveRows[T any](w *columns.Writer, rows []T, of func(*T) uint32) {
	w.Column(len(rows), 4, func(b []byte, from, to int) {
		for i := from; i < to; i++ {
			binary.LittleEndian.PutUint32(b[4*(i-from):], of(&rows[i]))
		}
	})
}

// loadRows sets one number of each row; there must be as many.
func loadRows[T any](r *columns.Reader, rows []T, set func(*T, uint32)) {
	r.Column(4, func(n int) {
		if n != len(rows) {
			r.Fail("a column of %d for %d rows", n, len(rows))
		}
	}, func(b []byte, from, to int) {
		for i := from; i < to; i++ {
			set(&rows[i], binary.LittleEndian.Uint32(b[4*(i-from):]))
		}
	})
}

// checkOffsets refuses offsets that do not cut so many elements into rows.
func checkOffsets(r *columns.Reader, off []uint32, rows, elements int) {
	if r.Err() != nil {
		return
	}
	if len(off) != rows+1 || off[0] != 0 || int(off[rows]) != elements {
		r.Fail("offsets of other rows")
		return
	}
	for i := range rows {
		if off[i] > off[i+1] {
			r.Fail("offsets that go back")
			return
		}
	}
}

// frame makes what depends on the atlas.
func (s *programSegment) frame(atlas *Atlas) {
	s.frames, s.regions, s.groupOf = newFrames(atlas, &s.census, len(s.meta), func(i int) (int32, uint8) {
		return s.region[i], s.frameFlags(i)
	})
}

func (s *demandSegment) frame(atlas *Atlas) {
	s.frames, s.regions, s.groupOf = newFrames(atlas, &s.census, len(s.meta), func(i int) (int32, uint8) { return s.region[i], 0 })
}

// frameFlags are what a row says of its window.
func (s *programSegment) frameFlags(row int) uint8 {
	f := s.classes[s.class[row]].flags
	if f&flagHeld == 0 {
		f |= flagEmpty
	}
	if f&flagText == 0 {
		f |= flagMute
	}
	if !s.classes[s.class[row]].known {
		f |= flagBlank
	}
	return f
}
