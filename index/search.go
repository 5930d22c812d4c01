package index

import (
	"container/heap"
	"context"
	"fmt"
	"math"
	"sort"

	"github.com/blevesearch/bleve/v2/search"
	bleveindex "github.com/blevesearch/bleve_index_api"

	"talentmatch/talent"
)

// Hit is one record that was found.
type Hit struct {
	Type talent.Type
	ID   string
	// Score orders the hits of one query and is comparable with nothing else; 0
	// where there is no text or the order is by id.
	Score float64
	// Highlights are fragments of "title", "names" and "text" with the query's
	// words in <mark>; all else is HTML-escaped. nil unless asked for.
	Highlights map[string][]string
}

// Result is one page of hits.
type Result struct {
	Hits       []Hit
	Total      int                     // of all hits, exact
	Facets     map[string][]FacetCount // by field; most frequent first, then by value
	NextCursor string                  // "" on the last page
	Version    int64                   // of the index as it was searched
}

// Search finds what the query asks for, in one consistent view of the index.
//
// The order is by score, falling, then by type:id; with Sort "id", or without any
// text, by type:id alone. Pages follow each other without gap or repeat while the
// index stands still; after a write the pages of Sort "id" still do, those by
// score may shift by what the write changed.
//
// Errors are talent.ErrInvalid and name the parameter, or the context's.
func (x *Index) Search(ctx context.Context, q Query) (Result, error) {
	if err := q.check(); err != nil {
		return Result{}, err
	}
	after, err := q.after()
	if err != nil {
		return Result{}, err
	}
	p := newPlan(q)
	var res Result
	err = x.read(func(r bleveindex.IndexReader) error {
		s := searching{x: x, r: r, q: q, plan: p, top: top{size: q.Limit + 1, after: after}}
		res, err = s.run(ctx)
		return err
	})
	return res, err
}

// searching is one search under way.
type searching struct {
	x    *Index
	r    bleveindex.IndexReader
	q    Query
	plan plan
	top  top
}

func (s *searching) run(ctx context.Context) (Result, error) {
	version, err := s.r.GetInternal(keyVersion)
	if err != nil {
		return Result{}, s.x.wrap("read", err)
	}
	res := Result{Hits: []Hit{}}
	if res.Version, err = parseVersion(version); err != nil {
		return Result{}, err
	}
	facets, err := newFacets(s.r, &s.x.columns, s.q.Facets)
	if err != nil {
		return Result{}, s.x.wrap("read", err)
	}
	if res.Total, err = s.collect(ctx, facets); err != nil {
		return Result{}, err
	}
	found := s.top.sorted()
	if len(found) > s.q.Limit {
		found = found[:s.q.Limit]
		res.NextCursor = s.q.cursor(found[len(found)-1])
	}
	res.Facets = facets.counts(s.q.FacetSize)
	for _, f := range found {
		k := parseKey(f.key)
		res.Hits = append(res.Hits, Hit{Type: k.Type, ID: k.ID, Score: f.score})
	}
	if s.q.Highlight {
		return res, s.highlight(ctx, res.Hits)
	}
	return res, nil
}

// collect walks over every hit once. It replaces bleve's own collector, which
// must load the id of each hit to break ties by it; here only those that reach
// the top do.
func (s *searching) collect(ctx context.Context, facets *facets) (total int, err error) {
	options := search.SearcherOptions{}
	if !s.plan.scored {
		options.Score = "none" // lets bleve intersect bitmaps instead of scoring
	}
	searcher, err := s.plan.root.Searcher(ctx, s.r, s.x.mapping, options)
	if err != nil {
		return 0, s.x.wrap("search", err)
	}
	defer searcher.Close()
	sc := &search.SearchContext{DocumentMatchPool: search.NewDocumentMatchPool(searcher.DocumentMatchPoolSize()+1, 0), IndexReader: s.r}
	for {
		if total%1024 == 0 && ctx.Err() != nil {
			return 0, fmt.Errorf("search: %w", ctx.Err())
		}
		m, err := searcher.Next(sc)
		if err != nil {
			return 0, s.x.wrap("search", err)
		}
		if m == nil {
			return total, nil
		}
		total++
		if err := s.visit(m, facets); err != nil {
			return 0, s.x.wrap("search", err)
		}
		sc.DocumentMatchPool.Put(m)
	}
}

func (s *searching) visit(m *search.DocumentMatch, facets *facets) error {
	if err := facets.visit(m.IndexInternalID.Value()); err != nil {
		return err
	}
	score := 0.0
	if s.plan.scored {
		// The last bits of a sum depend on the order of its parts, which depends on
		// the index's segments: rounded, equal records stay equal.
		score = float64(float32(m.Score))
		if math.IsNaN(score) || math.IsInf(score, 0) { // would break every comparison, and JSON
			score = 0
		}
	}
	if !s.top.reaches(score) {
		return nil
	}
	key, err := s.r.ExternalID(m.IndexInternalID)
	if err != nil {
		return err
	}
	s.top.add(ranked{score, key})
	return nil
}

// ranked is a hit's place in the order.
type ranked struct {
	score float64
	key   string
}

func (a ranked) before(b ranked) bool {
	if a.score != b.score {
		return a.score > b.score
	}
	return a.key < b.key
}

// top keeps the first size hits behind after; as a heap, the last of them on top.
type top struct {
	size  int
	after *ranked // the last hit of the page before; nil on the first page
	hits  []ranked
}

// reaches reports whether a hit of that score could belong to the top.
func (t *top) reaches(score float64) bool {
	if t.after != nil && score > t.after.score {
		return false
	}
	return len(t.hits) < t.size || score >= t.hits[0].score
}

func (t *top) add(r ranked) {
	switch {
	case t.after != nil && !t.after.before(r):
	case len(t.hits) < t.size:
		heap.Push(t, r)
	case r.before(t.hits[0]):
		t.hits[0] = r
		heap.Fix(t, 0)
	}
}

// sorted is the top in order; the heap is spent.
func (t *top) sorted() []ranked {
	sort.Slice(t.hits, func(i, j int) bool { return t.hits[i].before(t.hits[j]) })
	return t.hits
}

// Len, Less, Swap, Push and Pop implement heap.Interface.
func (t *top) Len() int           { return len(t.hits) }
func (t *top) Less(i, j int) bool { return t.hits[j].before(t.hits[i]) }
func (t *top) Swap(i, j int)      { t.hits[i], t.hits[j] = t.hits[j], t.hits[i] }
func (t *top) Push(v any)         { t.hits = append(t.hits, v.(ranked)) }
func (t *top) Pop() any {
	last := t.hits[len(t.hits)-1]
	t.hits = t.hits[:len(t.hits)-1]
	return last
}
