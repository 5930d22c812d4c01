package market

import (
	"context"
	"fmt"
	"sort"

	"talentmatch/index"
	"talentmatch/store"
	"talentmatch/talent"
)

// A difference between store and index.
type difference struct {
	missing, stale []index.Doc
	extra          []index.Key
	records        int
}

// compare finds, for one type, the documents that the index lacks, holds in an
// older state, or holds too many. both lists are walked in the order of ids.
func compare(ctx context.Context, s store.Store, x *index.Index, conv *converter, t talent.Type) (difference, error) {
	have := map[string]uint64{}
	err := x.Keys(ctx, t, func(id string, hash uint64) bool {
		have[id] = hash
		return true
	})
	if err != nil {
		return difference{}, err
	}
	var d difference
	err = eachPage(ctx, s, t, func(items []store.Item) error {
		recs, err := convertAll(ctx, conv, items)
		if err != nil {
			return err
		}
		for i := range recs {
			if !recs[i].searchable {
				continue
			}
			d.records++
			hash, ok := have[items[i].ID]
			delete(have, items[i].ID)
			switch {
			case !ok:
				d.missing = append(d.missing, recs[i].doc)
			case hash != recs[i].doc.Hash():
				d.stale = append(d.stale, recs[i].doc)
			}
		}
		return nil
	})
	for id := range have {
		d.extra = append(d.extra, index.Key{Type: t, ID: id})
	}
	sort.Slice(d.extra, func(i, j int) bool { return d.extra[i].ID < d.extra[j].ID })
	return d, err
}

// reconcile makes the index equal to the store. The caller holds write.
func (m *Market) reconcile(ctx context.Context, conv *converter) error {
	for _, t := range talent.Types {
		if !index.Searchable(t) {
			continue
		}
		d, err := compare(ctx, m.store, m.index.Load(), conv, t)
		if err != nil {
			return err
		}
		puts := append(d.missing, d.stale...)
		for len(puts) > 0 {
			n := min(len(puts), advanceBatch)
			if err := m.index.Load().Apply(ctx, puts[:n], nil, m.index.Load().Version()); err != nil {
				return err
			}
			puts = puts[n:]
		}
		if len(d.extra) > 0 {
			if err := m.index.Load().Apply(ctx, nil, d.extra, m.index.Load().Version()); err != nil {
				return err
			}
		}
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
	list := func(to *[]string, k index.Key) {
		r.Differences++
		if len(*to) < maxListed {
			*to = append(*to, k.String())
		}
	}
	conv := m.converter(ctx, w)
	for _, t := range talent.Types {
		if !index.Searchable(t) {
			continue
		}
		d, err := compare(ctx, m.store, x, conv, t)
		if err != nil {
			return nil, fmt.Errorf("verify %s: %w", t, err)
		}
		r.Records[string(t)] = d.records
		for i := range d.missing {
			list(&r.Missing, d.missing[i].Key())
		}
		for i := range d.stale {
			list(&r.Stale, d.stale[i].Key())
		}
		for _, k := range d.extra {
			list(&r.Extra, k)
		}
	}
	if err := m.store.Check(ctx); err != nil {
		r.StoreError = err.Error()
	} else {
		r.StoreOK = true
	}
	return r, nil
}
