package matcher

import (
	"math"
	"math/bits"
	"slices"
	"sort"
)

// Snapshot is one immutable state of the market for the matcher: segments of both
// sides, which of their rows are dead, the space, the atlas and the corpus
// statistics.
type Snapshot struct {
	space    *Space
	atlas    *Atlas
	stats    *Stats
	programs []side[*programSegment]
	demands  []side[*demandSegment]
}

// A side is a segment with its dead rows and its index. (The programs' depends on the
// space, so it is not the segment's own.)
type side[S any] struct {
	seg   S
	tiles *tiles // nil for a small segment
	words *textIndex
	drift textDrift // of words
	texts *lengths
	dead  []uint64 // bit per row; nil when all live
	alive int
}

func (s *side[S]) isDead(doc uint32) bool {
	return s.dead != nil && s.dead[doc>>6]&(1<<(doc&63)) != 0
}

// drifted notes that some terms' document frequencies and some texts have changed.
func (s *side[S]) drifted(now *Stats, changed map[int32]int32, texts int) {
	s.texts = &lengths{}
	if s.words != nil {
		s.drift = s.words.after(s.drift, now, changed)
		s.drift.texts += texts
	}
}

// stale reports whether the index of texts should be made anew: it bounds loosely, or not
// at all, and so much has changed that making it is worth the while.
func (s *side[S]) stale(now *Stats) bool {
	if s.words == nil || s.drift.texts <= s.alive/uselessTexts {
		return false
	}
	f := s.words.factor(s.drift, now)
	return math.IsInf(f, 1) || s.drift.faded.count() > s.alive/uselessTexts || f > staleDrift && s.drift.texts > s.alive/staleTexts
}

// An index of texts is stale when this share of its rows, as a divisor, has changed in
// the market and drift loosens its bounds by so much; or a smaller share, and it is of no
// use any more, or as many rows are bounded loosely.
const (
	staleTexts   = 16
	staleDrift   = 1.2
	uselessTexts = 64
)

// eachDead calls yield with every dead row.
func (s *side[S]) eachDead(yield func(doc uint32)) {
	for i, w := range s.dead {
		for ; w != 0; w &= w - 1 {
			yield(uint32(i*64 + bits.TrailingZeros64(w)))
		}
	}
}

// kill marks one more row dead. The bitmap is copied unless owned says that this
// change has made its own copy already.
func (s *side[S]) kill(doc uint32, rows int, owned bool) {
	if !owned {
		fresh := make([]uint64, (rows+63)/64)
		copy(fresh, s.dead)
		s.dead = fresh
	}
	s.dead[doc>>6] |= 1 << (doc & 63)
	s.alive--
}

// A killer marks rows dead within one change.
type killer struct {
	snapshot          *Snapshot
	delta             statsDelta
	programs, demands map[int]bool // sides whose bitmap is this change's own
}

func (k *killer) program(id string) {
	if i, doc, ok := k.snapshot.findProgram(id); ok {
		p := &k.snapshot.programs[i]
		k.delta.count(p.seg.texts.row(doc), -1)
		p.kill(doc, len(p.seg.ids), k.programs[i])
		k.programs[i] = true
	}
}

func (k *killer) demand(id string) {
	if i, doc, ok := k.snapshot.findDemand(id); ok {
		d := &k.snapshot.demands[i]
		k.delta.count(d.seg.texts.row(doc), -1)
		d.kill(doc, len(d.seg.ids), k.demands[i])
		k.demands[i] = true
	}
}

// Change is what happened since the last snapshot. A put replaces the row of the
// same id. The same id must not occur twice in one list.
type Change struct {
	PutPrograms    []Program
	PutDemands     []Demand
	DeletePrograms []string
	DeleteDemands  []string
}

// Empty is a snapshot without records.
func Empty(space *Space, atlas *Atlas) *Snapshot {
	return &Snapshot{space: space, atlas: atlas, stats: &Stats{}}
}

// Space, Atlas and Stats are those the snapshot scores with.
func (s *Snapshot) Space() *Space { return s.space }

// Atlas is the atlas of the snapshot.
func (s *Snapshot) Atlas() *Atlas { return s.atlas }

// WithAtlas returns the snapshot with an atlas that covers more regions.
func (s *Snapshot) WithAtlas(a *Atlas) *Snapshot {
	out := *s
	out.atlas = a
	return &out
}

// A Respace gives snapshots another likeness of skills. It is planned on one snapshot,
// which costs seconds for a million programs and holds nothing up, and applied to a
// later one.
type Respace struct {
	space *Space
	tiles map[*programSegment]*tiles
}

// PlanSpace prepares another likeness of skills.
func (s *Snapshot) PlanSpace(space *Space) *Respace {
	r := &Respace{space, map[*programSegment]*tiles{}}
	for i := range s.programs {
		r.tiles[s.programs[i].seg] = s.programs[i].seg.tiles(space)
	}
	return r
}

// Apply returns a snapshot with the planned likeness. Segments that have come since the
// plan are indexed now. Not for concurrent use.
func (r *Respace) Apply(s *Snapshot) *Snapshot {
	out := *s
	out.space = r.space
	out.programs = slices.Clone(s.programs)
	for i := range out.programs {
		p := &out.programs[i]
		t, planned := r.tiles[p.seg]
		if !planned {
			t = p.seg.tiles(r.space)
			r.tiles[p.seg] = t // should this have to be tried again
		}
		p.tiles = t
	}
	return &out
}

// WithSpace returns the snapshot with another likeness of skills.
func (s *Snapshot) WithSpace(space *Space) *Snapshot { return s.PlanSpace(space).Apply(s) }

// With returns the snapshot after a change: a new segment for what was put, and
// dead marks on what it replaces. Cost is that of the change, plus a bitmap per
// touched segment. Call Compact when Segments grows.
func (s *Snapshot) With(c Change) *Snapshot {
	out := *s
	out.programs, out.demands = slices.Clone(s.programs), slices.Clone(s.demands)
	k := killer{snapshot: &out, programs: map[int]bool{}, demands: map[int]bool{}}
	for i := range c.PutPrograms {
		k.program(c.PutPrograms[i].ID)
		k.delta.count(c.PutPrograms[i].Text, 1)
	}
	for i := range c.PutDemands {
		k.demand(c.PutDemands[i].ID)
		k.delta.count(c.PutDemands[i].Text, 1)
	}
	for _, id := range c.DeletePrograms {
		k.program(id)
	}
	for _, id := range c.DeleteDemands {
		k.demand(id)
	}
	out.stats = s.stats.with(&k.delta)
	texts := len(c.PutPrograms) + len(c.PutDemands) + len(c.DeletePrograms) + len(c.DeleteDemands)
	for i := range out.programs {
		out.programs[i].drifted(out.stats, k.delta.terms, texts)
	}
	for i := range out.demands {
		out.demands[i].drifted(out.stats, k.delta.terms, texts)
	}
	if n := len(c.PutPrograms); n > 0 {
		seg := newProgramSegment(c.PutPrograms, s.atlas, byPlace)
		words := newTextIndex(&seg.texts, n, out.stats)
		out.programs = append(out.programs, side[*programSegment]{seg: seg, tiles: seg.tiles(s.space), words: words, drift: words.since(), texts: &lengths{}, alive: n})
	}
	if n := len(c.PutDemands); n > 0 {
		seg := newDemandSegment(c.PutDemands, s.atlas, byPlace)
		words := newTextIndex(&seg.texts, n, out.stats)
		out.demands = append(out.demands, side[*demandSegment]{seg: seg, tiles: seg.tiles(), words: words, drift: words.since(), texts: &lengths{}, alive: n})
	}
	return &out
}

func (s *Snapshot) findProgram(id string) (int, uint32, bool) {
	for i := len(s.programs) - 1; i >= 0; i-- {
		if doc, ok := s.programs[i].seg.index.find(s.programs[i].seg.ids, id); ok && !s.programs[i].isDead(doc) {
			return i, doc, true
		}
	}
	return 0, 0, false
}

func (s *Snapshot) findDemand(id string) (int, uint32, bool) {
	for i := len(s.demands) - 1; i >= 0; i-- {
		if doc, ok := s.demands[i].seg.index.find(s.demands[i].seg.ids, id); ok && !s.demands[i].isDead(doc) {
			return i, doc, true
		}
	}
	return 0, 0, false
}

// Program is the stored program of that id. Its slices are shared: read only.
func (s *Snapshot) Program(id string) (Program, bool) {
	i, doc, ok := s.findProgram(id)
	if !ok {
		return Program{}, false
	}
	return s.programs[i].seg.full(doc), true
}

// PeekProgram is Program without the terms, which cost a copy.
func (s *Snapshot) PeekProgram(id string) (Program, bool) {
	i, doc, ok := s.findProgram(id)
	if !ok {
		return Program{}, false
	}
	return s.programs[i].seg.row(doc), true
}

// PeekDemand is Demand without the terms, which cost a copy.
func (s *Snapshot) PeekDemand(id string) (Demand, bool) {
	i, doc, ok := s.findDemand(id)
	if !ok {
		return Demand{}, false
	}
	return s.demands[i].seg.row(doc), true
}

// Demand is the stored demand of that id. Its slices are shared: read only.
func (s *Snapshot) Demand(id string) (Demand, bool) {
	i, doc, ok := s.findDemand(id)
	if !ok {
		return Demand{}, false
	}
	return s.demands[i].seg.full(doc), true
}

// Programs calls yield with every live program, without its terms, segment by
// segment.
func (s *Snapshot) Programs(yield func(Program) bool) {
	for i := range s.programs {
		for doc := range s.programs[i].seg.ids {
			if !s.programs[i].isDead(uint32(doc)) && !yield(s.programs[i].seg.row(uint32(doc))) {
				return
			}
		}
	}
}

// Demands calls yield with every live demand, without its terms, segment by segment.
func (s *Snapshot) Demands(yield func(Demand) bool) {
	for i := range s.demands {
		for doc := range s.demands[i].seg.ids {
			if !s.demands[i].isDead(uint32(doc)) && !yield(s.demands[i].seg.row(uint32(doc))) {
				return
			}
		}
	}
}

// ProgramIDs and DemandIDs list the live ids in order.
func (s *Snapshot) ProgramIDs() []string {
	var out []string
	for p := range s.Programs {
		out = append(out, p.ID)
	}
	sort.Strings(out)
	return out
}

// DemandIDs lists the live demands' ids in order.
func (s *Snapshot) DemandIDs() []string {
	var out []string
	for d := range s.Demands {
		out = append(out, d.ID)
	}
	sort.Strings(out)
	return out
}

// Size is the number of live programs and demands.
func (s *Snapshot) Size() (programs, demands int) {
	for i := range s.programs {
		programs += s.programs[i].alive
	}
	for i := range s.demands {
		demands += s.demands[i].alive
	}
	return programs, demands
}
