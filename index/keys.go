package index

import (
	"context"
	"fmt"
	"strconv"

	bleveindex "github.com/blevesearch/bleve_index_api"

	"talentmatch/talent"
)

// Keys yields the id of every indexed record of type t, in byte order, with the
// Hash of the Doc that was indexed, until yield returns false. It is for
// verification: a hash that differs from the present Doc's is a stale entry. All
// of it is one view of the index; Apply may go on meanwhile.
func (x *Index) Keys(ctx context.Context, t talent.Type, yield func(id string, hash uint64) bool) error {
	return x.read(func(r bleveindex.IndexReader) error {
		dict, err := r.FieldDictPrefix("_id", []byte(Key{Type: t}.String()))
		if err != nil {
			return x.wrap("read", err)
		}
		defer dict.Close()
		for n := 0; ; n++ {
			if n%256 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			e, err := dict.Next()
			if err != nil {
				return x.wrap("read", err)
			}
			if e == nil {
				return nil
			}
			doc, err := r.Document(e.Term)
			if err != nil {
				return x.wrap("read", err)
			}
			if doc == nil {
				continue // deleted, and not yet merged away
			}
			hash, err := hashOf(doc)
			if err != nil {
				return fmt.Errorf("index %s: %w", e.Term, err)
			}
			if !yield(parseKey(e.Term).ID, hash) {
				return nil
			}
		}
	})
}

func hashOf(doc bleveindex.Document) (hash uint64, err error) {
	doc.VisitFields(func(f bleveindex.Field) {
		if f.Name() == fieldHash {
			hash, err = strconv.ParseUint(string(f.Value()), 16, 64)
		}
	})
	return hash, err
}
