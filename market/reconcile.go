package market

import (
	"context"
	"errors"
	"fmt"
	"sort"

	"talentmatch/index"
	"talentmatch/store"
	"talentmatch/talent"
)

// A sweep reads the whole store, type by type, and converts each record once.
type sweep struct {
	m    *Market
	conv *converter
	rows func([]converted) // nil if no rows are wanted

	// nil if no documents are compared. Of each page, what the index lacks and what it
	// holds in an older state; of each type, what it holds too many.
	docs   func(missing, stale []index.Doc) error
	extra  func([]index.Key) error
	index  *index.Index
	counts map[talent.Type]int // of documents compared
}

func (s *sweep) run(ctx context.Context) error {
	s.conv.noRows, s.conv.noDocs = s.rows == nil, s.docs == nil
	for _, t := range talent.Types {
		if !s.conv.makes(t) {
			continue
		}
		if err := s.ofType(ctx, t); err != nil {
			return fmt.Errorf("%s: %w", t.Plural(), err)
		}
	}
	return nil
}

func (s *sweep) ofType(ctx context.Context, t talent.Type) error {
	compared := s.docs != nil && index.Searchable(t)
	have := map[string]uint64{}
	if compared {
		s.counts[t] = 0
		err := s.index.Keys(ctx, t, func(id string, hash uint64) bool {
			have[id] = hash
			return true
		})
		if err != nil {
			return err
		}
	}
	err := eachPage(ctx, s.m.store, t, func(items []store.Item) error {
		recs, err := convertAll(ctx, s.conv, items)
		if err != nil {
			return err
		}
		if s.rows != nil {
			s.rows(recs)
		}
		if !compared {
			return nil
		}
		var missing, stale []index.Doc
		for i := range recs {
			if !recs[i].searchable {
				continue
			}
			s.counts[t]++
			hash, ok := have[items[i].ID]
			delete(have, items[i].ID)
			switch {
			case !ok:
				missing = append(missing, recs[i].doc)
			case hash != recs[i].doc.Hash():
				stale = append(stale, recs[i].doc)
			}
		}
		return s.docs(missing, stale)
	})
	if err != nil || len(have) == 0 {
		return err
	}
	var extra []index.Key
	for id := range have {
		extra = append(extra, index.Key{Type: t, ID: id})
	}
	sort.Slice(extra, func(i, j int) bool { return extra[i].ID < extra[j].ID })
	return s.extra(extra)
}

// sweep makes a new snapshot, unless b is nil, and makes the index equal to the store,
// unless x is nil. The caller holds write.
func (m *Market) sweep(ctx context.Context, w *world, b *builder, x *index.Index) (err error) {
	s := sweep{m: m, conv: m.converter(ctx, w), index: x, counts: map[talent.Type]int{}}
	if b != nil {
		if b.version, err = m.store.Version(ctx); err != nil {
			return err
		}
		s.rows = b.rows
	}
	if x != nil {
		wr := x.Writer(ctx)
		defer func() { err = errors.Join(err, wr.Close()) }()
		var puts []index.Doc
		flush := func() error {
			defer func() { puts = nil }()
			return wr.Put(puts, nil, 0)
		}
		s.docs = func(missing, stale []index.Doc) error {
			puts = append(append(puts, missing...), stale...)
			if len(puts) < pageSize {
				return nil
			}
			return flush()
		}
		s.extra = func(keys []index.Key) error { return wr.Put(nil, keys, 0) }
		defer func() {
			if err == nil && len(puts) > 0 {
				err = flush()
			}
		}()
	}
	if err := s.run(ctx); err != nil {
		return err
	}
	if b != nil {
		b.publish()
	}
	return nil
}

// maxListed bounds the ids that a report lists.
const maxListed = 100

// Verify compares the index with the store, document by document, and checks the
// store itself. It changes nothing but what opening the index brings up to date.
func (m *Market) Verify(ctx context.Context) (*VerifyReport, error) {
	x, err := m.searchIndex(ctx)
	if err != nil {
		return nil, err
	}
	m.write.Lock()
	defer m.write.Unlock()
	w, err := m.theWorld(ctx)
	if err != nil {
		return nil, err
	}
	r := &VerifyReport{IndexVersion: x.Version(), Records: map[string]int{}, Missing: []string{}, Stale: []string{}, Extra: []string{}}
	if r.Version, err = m.store.Version(ctx); err != nil {
		return nil, err
	}
	if r.Packs, err = m.packsOf(ctx, w); err != nil {
		return nil, err
	}
	list := func(to *[]string, k index.Key) {
		r.Differences++
		if len(*to) < maxListed {
			*to = append(*to, k.String())
		}
	}
	check := sweep{m: m, conv: m.converter(ctx, w), index: x, counts: map[talent.Type]int{}}
	check.docs = func(missing, stale []index.Doc) error {
		for i := range missing {
			list(&r.Missing, missing[i].Key())
		}
		for i := range stale {
			list(&r.Stale, stale[i].Key())
		}
		return nil
	}
	check.extra = func(keys []index.Key) error {
		for _, k := range keys {
			list(&r.Extra, k)
		}
		return nil
	}
	if err := check.run(ctx); err != nil {
		return nil, fmt.Errorf("verify %w", err)
	}
	for t, n := range check.counts {
		r.Records[string(t)] = n
	}
	if err := m.store.Check(ctx); err != nil {
		r.StoreError = err.Error()
	} else {
		r.StoreOK = true
	}
	return r, nil
}
