package index

import (
	"context"
	"math"
	"sort"

	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	bleveindex "github.com/blevesearch/bleve_index_api"
)

// some matches the records that at least least of its parts match. It stands in
// for bleve's disjunction and conjunction over text for two reasons. Its score is
// the plain sum of the parts' (bleve multiplies with the share of the parts that
// matched, so that a concept of twenty labels counts for a twentieth of a word),
// or ranks by that share where ranked is set. And it skips records that cannot
// reach least, where bleve looks at every record of every part.
type some struct {
	parts  []query.Query
	least  int
	ranked bool // multiply with the share that matched, and lift those with all
}

// Searcher implements query.Query.
func (q some) Searcher(ctx context.Context, r bleveindex.IndexReader, m mapping.IndexMapping, options search.SearcherOptions) (search.Searcher, error) {
	s := &someSearcher{least: q.least, ranked: q.ranked}
	for _, p := range q.parts {
		sub, err := p.Searcher(ctx, r, m, options)
		if err != nil {
			s.Close()
			return nil, err
		}
		s.subs = append(s.subs, part{Searcher: sub, spent: true})
		s.order = append(s.order, len(s.order))
	}
	s.SetQueryNorm(1 / math.Sqrt(s.Weight()))
	return s, nil
}

// unscored matches what its query does, with score 0 and without the cost of
// scoring: bleve then intersects bitmaps.
type unscored struct{ query.Query }

// Searcher implements query.Query.
func (q unscored) Searcher(ctx context.Context, r bleveindex.IndexReader, m mapping.IndexMapping, options search.SearcherOptions) (search.Searcher, error) {
	options.Score = "none"
	return q.Query.Searcher(ctx, r, m, options)
}

// part is one part's searcher and where it stands.
type part struct {
	search.Searcher
	match *search.DocumentMatch // its present match; nil if spent or at the end
	at    uint64                // the match's record number; end behind the last
	spent bool                  // the match was handed out, or none was fetched yet
}

// end is behind every record number.
const end = math.MaxUint64

// advance moves the part to its first match that is not before target, nor one
// that was handed out.
func (p *part) advance(sc *search.SearchContext, target bleveindex.IndexInternalID) (err error) {
	if p.match != nil {
		sc.DocumentMatchPool.Put(p.match)
	}
	if target == nil {
		p.match, err = p.Next(sc)
	} else {
		p.match, err = p.Advance(sc, target)
	}
	p.spent, p.at = false, end
	if p.match != nil {
		p.at = p.match.IndexInternalID.Value()
	}
	return err
}

// someSearcher implements search.Searcher.
type someSearcher struct {
	subs   []part
	order  []int // of subs, by at
	least  int
	ranked bool
	target bleveindex.IndexInternalID // a copy of the record to move to
}

// Next is the next record that enough parts match; nil at the end.
func (s *someSearcher) Next(sc *search.SearchContext) (*search.DocumentMatch, error) {
	for i := range s.subs {
		if s.subs[i].spent && s.subs[i].at != end {
			if err := s.subs[i].advance(sc, nil); err != nil {
				return nil, err
			}
		}
	}
	return s.settle(sc)
}

// Advance is the first record from id on that enough parts match.
func (s *someSearcher) Advance(sc *search.SearchContext, id bleveindex.IndexInternalID) (*search.DocumentMatch, error) {
	s.target = append(s.target[:0], id...)
	for i := range s.subs {
		p := &s.subs[i]
		var err error
		switch {
		case p.at == end:
		case p.at < id.Value() || p.fresh():
			err = p.advance(sc, s.target)
		case p.spent:
			err = p.advance(sc, nil)
		}
		if err != nil {
			return nil, err
		}
	}
	return s.settle(sc)
}

// fresh reports whether nothing was fetched yet.
func (p *part) fresh() bool { return p.spent && p.at == 0 && p.match == nil }

// settle moves parts forward until enough of them stand at one record. The record
// of the least-th part in order is the first that can have enough, so whatever
// lies before it is skipped.
func (s *someSearcher) settle(sc *search.SearchContext) (*search.DocumentMatch, error) {
	for {
		s.sort()
		pivot := s.subs[s.order[s.least-1]].at
		if pivot == end {
			return nil, nil
		}
		if s.subs[s.order[0]].at == pivot {
			return s.take(sc, pivot), nil
		}
		s.target = append(s.target[:0], s.subs[s.order[s.least-1]].match.IndexInternalID...)
		for _, i := range s.order[:s.least-1] {
			if s.subs[i].at < pivot {
				if err := s.subs[i].advance(sc, s.target); err != nil {
					return nil, err
				}
			}
		}
	}
}

// sort orders the parts by where they stand: by insertion, for they are few and
// nearly in order.
func (s *someSearcher) sort() {
	o := s.order
	for i := 1; i < len(o); i++ {
		for j := i; j > 0 && s.subs[o[j]].at < s.subs[o[j-1]].at; j-- {
			o[j], o[j-1] = o[j-1], o[j]
		}
	}
}

// take hands out the record at which the first parts in order stand. Scores are
// summed in the order of the query, not of the index, so that the sum is always
// the same.
func (s *someSearcher) take(sc *search.SearchContext, at uint64) *search.DocumentMatch {
	var out *search.DocumentMatch
	score, n := 0.0, 0
	for i := range s.subs {
		p := &s.subs[i]
		if p.at != at {
			continue
		}
		score += p.match.Score
		n++
		if out == nil {
			out = p.match
		} else {
			sc.DocumentMatchPool.Put(p.match)
		}
		p.match, p.spent = nil, true
	}
	if s.ranked {
		score *= float64(n) / float64(len(s.subs))
		if n == len(s.subs) {
			score *= wholeBoost
		}
	}
	out.Score = score
	return out
}

// Close closes every part.
func (s *someSearcher) Close() error {
	var first error
	for _, p := range s.subs {
		if err := p.Close(); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// Weight is the sum of the parts' squared weights.
func (s *someSearcher) Weight() float64 {
	sum := 0.0
	for _, p := range s.subs {
		sum += p.Weight()
	}
	return sum
}

// SetQueryNorm hands the common factor of all scores down.
func (s *someSearcher) SetQueryNorm(norm float64) {
	for _, p := range s.subs {
		p.SetQueryNorm(norm)
	}
}

// Count is an upper bound of the matches: those that the rarest parts leave
// possible.
func (s *someSearcher) Count() uint64 {
	counts := make([]uint64, len(s.subs))
	for i, p := range s.subs {
		counts[i] = p.Count()
	}
	sort.Slice(counts, func(i, j int) bool { return counts[i] < counts[j] })
	sum := uint64(0)
	for _, c := range counts[:len(counts)-s.least+1] {
		sum += c
	}
	return sum
}

// Min is how many parts must match.
func (s *someSearcher) Min() int { return s.least }

// Size is the memory of the parts, in bytes.
func (s *someSearcher) Size() int {
	sum := 0
	for _, p := range s.subs {
		sum += p.Size()
	}
	return sum
}

// DocumentMatchPoolSize is how many matches may be held at once.
func (s *someSearcher) DocumentMatchPoolSize() int {
	sum := len(s.subs)
	for _, p := range s.subs {
		sum += p.DocumentMatchPoolSize()
	}
	return sum
}
