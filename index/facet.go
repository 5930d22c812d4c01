package index

import (
	"fmt"
	"sort"
	"strings"
	"sync"

	"github.com/blevesearch/bleve/v2/index/scorch"
	bleveindex "github.com/blevesearch/bleve_index_api"
)

// FacetCount is how many hits have a value.
type FacetCount struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

// facets counts the values of some fields over the hits that it visits.
//
// bleve's doc values cost about a third of a microsecond a hit and field, which is
// most of a search with many hits. So each segment's values are read once into
// columns: segments never change, and a column serves until its segment is merged
// away. It takes 4 bytes a record and field.
type facets struct {
	names    []string // as asked for
	fields   []string // where they are indexed
	segments []segment
	values   bleveindex.DocValueReader
	columns  *columns
	at       int // the segment of the last hit
}

// segment is the records first..end-1 of an index snapshot.
type segment struct {
	id         uint64
	first, end uint64
	columns    []*column // by field; nil until a hit lies in the segment
	hits       [][]int   // by field, by set of values
}

// column is one field of one segment.
type column struct {
	sets [][]string // the distinct sets of values
	of   []uint32   // by record, its set
}

// columns keeps the columns of an index. Searches share it.
type columns struct {
	mu   sync.Mutex
	kept map[columnKey]*column
}

type columnKey struct {
	segment uint64
	field   string
}

func newFacets(r bleveindex.IndexReader, c *columns, names []string) (*facets, error) {
	f := &facets{columns: c}
	for _, name := range distinct(names) {
		f.names, f.fields = append(f.names, name), append(f.fields, facetFields[name])
	}
	if len(f.fields) == 0 {
		return f, nil
	}
	snapshot, ok := r.(*scorch.IndexSnapshot)
	if !ok {
		return nil, fmt.Errorf("facets need a scorch index, this is %T", r)
	}
	at := uint64(0)
	for _, s := range snapshot.Segments() {
		n := uint64(s.FullSize())
		f.segments = append(f.segments, segment{id: s.Id(), first: at, end: at + n})
		at += n
	}
	c.prune(f.segments)
	var err error
	f.values, err = r.DocValueReader(f.fields)
	return f, err
}

// visit counts a hit.
func (f *facets) visit(doc uint64) error {
	if len(f.fields) == 0 {
		return nil
	}
	s := &f.segments[f.at]
	if doc < s.first || doc >= s.end {
		f.at = sort.Search(len(f.segments), func(i int) bool { return doc < f.segments[i].end })
		s = &f.segments[f.at]
	}
	if s.columns == nil {
		if err := f.load(s); err != nil {
			return err
		}
	}
	for i, c := range s.columns {
		s.hits[i][c.of[doc-s.first]]++
	}
	return nil
}

// load finds the columns of a segment, reading those that are missing.
func (f *facets) load(s *segment) error {
	have := make(map[string]*column, len(f.fields))
	var missing []string
	for _, field := range f.fields {
		if c := f.columns.get(columnKey{s.id, field}); c != nil {
			have[field] = c
		} else {
			missing = append(missing, field)
		}
	}
	fresh, err := f.read(s, missing)
	if err != nil {
		return err
	}
	for field, c := range fresh {
		have[field] = c
		f.columns.put(columnKey{s.id, field}, c)
	}
	for _, field := range f.fields {
		s.columns, s.hits = append(s.columns, have[field]), append(s.hits, make([]int, len(have[field].sets)))
	}
	return nil
}

// read makes the columns of some fields of a segment.
func (f *facets) read(s *segment, fields []string) (map[string]*column, error) {
	out := make(map[string]*column, len(fields))
	known := make(map[string]map[string]uint32, len(fields)) // set, joined, to its number
	for _, field := range fields {
		out[field] = &column{of: make([]uint32, 0, s.end-s.first)}
		known[field] = map[string]uint32{}
	}
	if len(fields) == 0 {
		return out, nil
	}
	record := make(map[string][]string, len(fields))
	var id bleveindex.IndexInternalID
	for doc := s.first; doc < s.end; doc++ {
		clear(record)
		id = bleveindex.NewIndexInternalID(id, doc)
		err := f.values.VisitDocValues(id, func(field string, value []byte) {
			record[field] = append(record[field], string(value))
		})
		if err != nil {
			return nil, err
		}
		for _, field := range fields {
			values := record[field]
			joined := strings.Join(values, "\xff") // no valid text holds this byte
			n, ok := known[field][joined]
			if !ok {
				n = uint32(len(out[field].sets))
				known[field][joined] = n
				out[field].sets = append(out[field].sets, values)
			}
			out[field].of = append(out[field].of, n)
		}
	}
	return out, nil
}

// counts are the most frequent values of each facet; nil if none was asked for.
func (f *facets) counts(size int) map[string][]FacetCount {
	if len(f.names) == 0 {
		return nil
	}
	if size == 0 {
		size = defaultFacets
	}
	out := make(map[string][]FacetCount, len(f.names))
	for i, name := range f.names {
		list := []FacetCount{}
		for v, n := range f.sum(i) {
			list = append(list, FacetCount{v, n})
		}
		sort.Slice(list, func(i, j int) bool {
			if list[i].Count != list[j].Count {
				return list[i].Count > list[j].Count
			}
			return list[i].Value < list[j].Value
		})
		out[name] = list[:min(size, len(list))]
	}
	return out
}

// sum is how many hits have each value of the i-th field.
func (f *facets) sum(i int) map[string]int {
	out := map[string]int{}
	for _, s := range f.segments {
		if s.columns == nil {
			continue
		}
		for set, n := range s.hits[i] {
			if n == 0 {
				continue
			}
			for _, v := range s.columns[i].sets[set] {
				out[v] += n
			}
		}
	}
	return out
}

func (c *columns) get(k columnKey) *column {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.kept[k]
}

func (c *columns) put(k columnKey, col *column) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept == nil {
		c.kept = map[columnKey]*column{}
	}
	c.kept[k] = col
}

// prune drops the columns of segments that are gone, once they are many. A search
// of an older snapshot that still needs one reads it again.
func (c *columns) prune(present []segment) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.kept) <= 2*len(facetFields)*(len(present)+1) {
		return
	}
	live := make(map[uint64]bool, len(present))
	for _, s := range present {
		live[s.id] = true
	}
	for k := range c.kept {
		if !live[k.segment] {
			delete(c.kept, k)
		}
	}
}

// clear drops every column: segments of a new index count from 1 again.
func (c *columns) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept = nil
}
