package matcher

import (
	"cmp"
	"slices"
	"sync/atomic"
)

// MaxSample bounds how many rows a sample has.
const MaxSample = 1024

// SamplePrograms returns at most n (up to MaxSample) live programs with their terms:
// those whose ids hash lowest. So the sample is a function of the records alone,
// whatever order they came in, and a write changes at most one of them. The slices
// are shared: read only.
func (s *Snapshot) SamplePrograms(n int) []Program {
	rows := sampleSides(s.programs, n, func(seg *programSegment) (*rowSample, []string) { return &seg.sample, seg.ids })
	out := make([]Program, len(rows))
	for i, r := range rows {
		out[i] = s.programs[r.segment].seg.full(r.doc)
	}
	return out
}

// SampleDemands is SamplePrograms for demands.
func (s *Snapshot) SampleDemands(n int) []Demand {
	rows := sampleSides(s.demands, n, func(seg *demandSegment) (*rowSample, []string) { return &seg.sample, seg.ids })
	out := make([]Demand, len(rows))
	for i, r := range rows {
		out[i] = s.demands[r.segment].seg.full(r.doc)
	}
	return out
}

// background is the totals of the sampled programs, in the sample's order. Gates and
// filters do not matter: this is how a demand scores against the market at large.
func (e *demandScorer) background(n int) []float64 {
	var out []float64
	for _, r := range sampleSides(e.s.programs, n, func(seg *programSegment) (*rowSample, []string) { return &seg.sample, seg.ids }) {
		total, _ := e.total(r.segment, r.doc, 1, -1)
		out = append(out, total)
	}
	return out
}

func (e *programScorer) background(n int) []float64 {
	var out []float64
	for _, r := range sampleSides(e.s.demands, n, func(seg *demandSegment) (*rowSample, []string) { return &seg.sample, seg.ids }) {
		total, _ := e.total(r.segment, r.doc, 1, -1)
		out = append(out, total)
	}
	return out
}

// A rowSample remembers the rows of a segment whose ids hash lowest, best first: at
// most sampleKeep, dead ones included.
type rowSample struct {
	lowest atomic.Pointer[[]hashedRow]
}

type hashedRow struct {
	hash uint64
	doc  uint32
}

// sampleKeep leaves room for rows that have died since: only when more have is the
// segment hashed anew.
const sampleKeep = 2 * MaxSample

type sampledRow struct {
	hash    uint64
	segment int
	doc     uint32
}

// sampleSides finds the n live rows with the lowest hashes over all segments.
func sampleSides[S any](sides []side[S], n int, of func(S) (*rowSample, []string)) []sampledRow {
	n = min(n, MaxSample)
	var all []sampledRow
	for i := range sides {
		cache, ids := of(sides[i].seg)
		lowest := cache.lowest.Load()
		if lowest == nil {
			list := lowestRows(ids, sampleKeep)
			lowest = &list
			cache.lowest.Store(lowest)
		}
		list, taken := *lowest, 0
		if alive := liveRows(&sides[i], list, n); alive < n && len(list) < len(ids) {
			list = lowestRows(ids, len(ids))
			cache.lowest.Store(&list) // many have died: all are kept from now on
		}
		for _, r := range list {
			if taken == n {
				break
			}
			if !sides[i].isDead(r.doc) {
				all = append(all, sampledRow{r.hash, i, r.doc})
				taken++
			}
		}
	}
	slices.SortFunc(all, func(a, b sampledRow) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.segment, b.segment), cmp.Compare(a.doc, b.doc))
	})
	return all[:min(n, len(all))]
}

func liveRows[S any](s *side[S], list []hashedRow, enough int) int {
	live := 0
	for _, r := range list {
		if !s.isDead(r.doc) {
			if live++; live == enough {
				break
			}
		}
	}
	return live
}

// lowestRows is the n rows whose ids hash lowest, in that order.
func lowestRows(ids []string, n int) []hashedRow {
	n = min(n, len(ids))
	order := func(a, b hashedRow) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.doc, b.doc)) }
	var kept []hashedRow
	for doc, id := range ids {
		kept = append(kept, hashedRow{hashID(id), uint32(doc)})
		if len(kept) >= 2*n+64 { // sorting now and then keeps memory and work small
			slices.SortFunc(kept, order)
			kept = kept[:n]
		}
	}
	slices.SortFunc(kept, order)
	return slices.Clip(kept[:min(n, len(kept))])
}

// hashID is FNV-1a with the finalizer of MurmurHash3, since ids that differ in their
// last digit only would otherwise lie close together.
func hashID(id string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(id) {
		h = (h ^ uint64(id[i])) * 1099511628211
	}
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}
