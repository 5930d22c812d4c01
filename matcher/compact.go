package matcher

import "slices"

// A Merge replaces runs of segments by one each. It is planned on one snapshot,
// built without holding anything up, and applied to a later snapshot in which more
// rows may have died and more segments stand behind the run.
type Merge struct {
	space    *Space
	programs *mergedRun[*programSegment]
	demands  *mergedRun[*demandSegment]
	// indexes of texts that were stale, made anew
	programWords map[*programSegment]*textIndex
	demandWords  map[*demandSegment]*textIndex
}

type mergedRun[S any] struct {
	first   S // identifies the run's first segment
	count   int
	merged  side[S]
	sources []side[S] // as they were when the merge was planned
}

// mergeFanout is how many segments of like size may stand before they are merged;
// it bounds the number of segments to about fanout * log(rows).
const mergeFanout = 8

// planRun finds the run of newest segments to merge: walking back from the newest,
// a segment joins while it is at most twice as large as everything behind it.
func planRun(sizes []int) (from int, ok bool) {
	if len(sizes) < mergeFanout {
		return 0, false
	}
	from, sum := len(sizes)-1, sizes[len(sizes)-1]
	for from > 0 && (sizes[from-1] <= 2*sum || len(sizes)-from < 2) {
		from--
		sum += sizes[from]
	}
	return from, len(sizes)-from >= 2
}

// NeedsMerge reports whether there is something worth merging.
func (s *Snapshot) NeedsMerge() bool {
	stale := false
	for i := range s.programs {
		stale = stale || s.programs[i].stale(s.stats)
	}
	for i := range s.demands {
		stale = stale || s.demands[i].stale(s.stats)
	}
	return stale || len(s.programs) >= mergeFanout || len(s.demands) >= mergeFanout
}

// PlanMerge builds the merged segments. It reads only the snapshot and may run
// while others write.
func (s *Snapshot) PlanMerge() *Merge {
	m := &Merge{space: s.space}
	m.programs = planSide(s.programs, func(run []side[*programSegment]) side[*programSegment] { return s.mergePrograms(run, byPlace) })
	m.demands = planSide(s.demands, func(run []side[*demandSegment]) side[*demandSegment] { return s.mergeDemands(run, byPlace) })
	m.programWords = staleWords(s.programs, s.stats, func(seg *programSegment) (*textRows, int) { return &seg.texts, len(seg.ids) })
	m.demandWords = staleWords(s.demands, s.stats, func(seg *demandSegment) (*textRows, int) { return &seg.texts, len(seg.ids) })
	return m
}

// mergePrograms makes one segment of the live rows of others.
func (s *Snapshot) mergePrograms(run []side[*programSegment], by layout) side[*programSegment] {
	var rows []Program
	for i := range run {
		for doc := range run[i].seg.ids {
			if !run[i].isDead(uint32(doc)) {
				rows = append(rows, run[i].seg.full(uint32(doc)))
			}
		}
	}
	seg := newProgramSegment(rows, s.atlas, by)
	clear(rows)
	words := newTextIndex(&seg.texts, len(seg.ids), s.stats)
	return side[*programSegment]{seg: seg, tiles: seg.tiles(s.space), words: words, drift: words.since(), texts: &lengths{}, alive: len(seg.ids)}
}

// mergeDemands makes one segment of the live rows of others.
func (s *Snapshot) mergeDemands(run []side[*demandSegment], by layout) side[*demandSegment] {
	var rows []Demand
	for i := range run {
		for doc := range run[i].seg.ids {
			if !run[i].isDead(uint32(doc)) {
				rows = append(rows, run[i].seg.full(uint32(doc)))
			}
		}
	}
	seg := newDemandSegment(rows, s.atlas, by)
	clear(rows)
	words := newTextIndex(&seg.texts, len(seg.ids), s.stats)
	return side[*demandSegment]{seg: seg, tiles: seg.tiles(), words: words, drift: words.since(), texts: &lengths{}, alive: len(seg.ids)}
}

// staleWords makes the stale indexes of texts of a side anew.
func staleWords[S comparable](sides []side[S], stats *Stats, of func(S) (*textRows, int)) map[S]*textIndex {
	out := map[S]*textIndex{}
	for i := range sides {
		if sides[i].stale(stats) {
			texts, rows := of(sides[i].seg)
			out[sides[i].seg] = newTextIndex(texts, rows, stats)
		}
	}
	return out
}

// applyWords gives segments that are still there their new indexes of texts.
func applyWords[S comparable](sides []side[S], words map[S]*textIndex, stats *Stats) []side[S] {
	if len(words) == 0 {
		return sides
	}
	out := slices.Clone(sides)
	for i := range out {
		if w, ok := words[out[i].seg]; ok {
			out[i].words, out[i].drift = w, w.between(stats)
		}
	}
	return out
}

func planSide[S any](sides []side[S], build func([]side[S]) side[S]) *mergedRun[S] {
	sizes := make([]int, len(sides))
	for i := range sides {
		sizes[i] = sides[i].alive
	}
	from, ok := planRun(sizes)
	if !ok {
		return nil
	}
	run := append([]side[S](nil), sides[from:]...)
	return &mergedRun[S]{first: run[0].seg, count: len(run), merged: build(run), sources: run}
}

// Apply puts the merged segments in the place of their runs. Rows of the run that
// died since the merge was planned are dead in the merged segment too. A run that
// is no longer there (another merge took it) is left out.
func (m *Merge) Apply(s *Snapshot) *Snapshot {
	out := *s
	if m.programs != nil {
		if m.space != s.space {
			m.programs.merged.tiles, m.space = m.programs.merged.seg.tiles(s.space), s.space
		}
		out.programs = applyRun(s.programs, m.programs, s.stats, func(seg *programSegment, doc uint32) string { return seg.ids[doc] },
			func(seg *programSegment, id string) (uint32, bool) { return seg.index.find(seg.ids, id) })
	}
	if m.demands != nil {
		out.demands = applyRun(s.demands, m.demands, s.stats, func(seg *demandSegment, doc uint32) string { return seg.ids[doc] },
			func(seg *demandSegment, id string) (uint32, bool) { return seg.index.find(seg.ids, id) })
	}
	out.programs = applyWords(out.programs, m.programWords, s.stats)
	out.demands = applyWords(out.demands, m.demandWords, s.stats)
	return &out
}

func applyRun[S comparable](now []side[S], run *mergedRun[S], stats *Stats, id func(S, uint32) string, find func(S, string) (uint32, bool)) []side[S] {
	at := -1
	for i := range now {
		if now[i].seg == run.first {
			at = i
		}
	}
	if at < 0 || at+run.count > len(now) {
		return now
	}
	merged := run.merged
	merged.drift, merged.texts = merged.words.between(stats), &lengths{}
	var dead []uint64
	for i, was := range run.sources {
		is := now[at+i]
		if is.seg != was.seg {
			return now
		}
		for w := range is.dead {
			died := is.dead[w]
			if was.dead != nil {
				died &^= was.dead[w]
			}
			for b := range uint32(64) {
				if died&(1<<b) == 0 {
					continue
				}
				doc, ok := find(merged.seg, id(is.seg, uint32(w)*64+b))
				if !ok {
					continue
				}
				if dead == nil {
					dead = make([]uint64, (run.merged.alive+63)/64)
				}
				dead[doc>>6] |= 1 << (doc & 63)
				merged.alive--
			}
		}
	}
	merged.dead = dead
	out := append([]side[S](nil), now[:at]...)
	out = append(out, merged)
	return append(out, now[at+run.count:]...)
}
