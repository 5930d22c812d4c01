package index

import (
	"sort"

	bleveindex "github.com/blevesearch/bleve_index_api"
)

// FacetCount is how many hits have a value.
type FacetCount struct {
	Value string
	Count int
}

// facets counts the values of some fields over the hits that it visits.
type facets struct {
	names   []string // as asked for
	fields  []string // where they are indexed
	values  bleveindex.DocValueReader
	counted map[string]map[string]*int
	add     bleveindex.DocValueVisitor
}

func newFacets(r bleveindex.IndexReader, names []string) (*facets, error) {
	f := &facets{counted: map[string]map[string]*int{}}
	for _, name := range distinct(names) {
		field := facetFields[name]
		f.names, f.fields = append(f.names, name), append(f.fields, field)
		f.counted[field] = map[string]*int{}
	}
	f.add = func(field string, value []byte) {
		counts := f.counted[field]
		n := counts[string(value)]
		if n == nil {
			n = new(int)
			counts[string(value)] = n
		}
		*n++
	}
	var err error
	if len(f.fields) > 0 {
		f.values, err = r.DocValueReader(f.fields)
	}
	return f, err
}

func (f *facets) visit(doc bleveindex.IndexInternalID) error {
	if f.values == nil {
		return nil
	}
	return f.values.VisitDocValues(doc, f.add)
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
		for v, n := range f.counted[f.fields[i]] {
			list = append(list, FacetCount{v, *n})
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
