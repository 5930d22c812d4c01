package market

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"

	"talentmatch/index"
	"talentmatch/matcher"
	"talentmatch/store"
	"talentmatch/talent"
)

// advanceBatch is how many changes are applied at once.
const advanceBatch = 2000

// advance applies the store's changes to the snapshot and to the index, each from
// the version it stands at: after a write, after opening, after a crash. The caller
// holds write. The snapshot is published before the index, both before a write is
// acknowledged.
func (m *Market) advance(ctx context.Context) error {
	changed, err := m.advanceWorld(ctx)
	if err != nil {
		return err
	}
	if changed { // readers keep the old snapshot until the new one stands
		if err := m.rebuildSnapshot(ctx); err != nil {
			return err
		}
	}
	if m.current.Load() != nil {
		if err := m.advanceSnapshot(ctx); err != nil {
			return fmt.Errorf("bring the snapshot up to date: %w", err)
		}
	}
	if m.index.Load() != nil {
		if err := m.advanceIndex(ctx); err != nil {
			return fmt.Errorf("bring the index up to date: %w", err)
		}
	}
	return nil
}

// advanceWorld loads the world anew if a skill, occupation or region has changed.
// It reports whether the world is another than the snapshot's.
func (m *Market) advanceWorld(ctx context.Context) (bool, error) {
	w, err := m.theWorld(ctx)
	if err != nil {
		return false, err
	}
	s := m.current.Load()
	return s != nil && s.world.fingerprint != w.fingerprint, nil
}

// advanceSnapshot adds the changes since the current state's version.
func (m *Market) advanceSnapshot(ctx context.Context) error {
	for {
		s := m.current.Load()
		items, err := m.store.Changes(ctx, s.version, advanceBatch)
		if err != nil || len(items) == 0 {
			return err
		}
		c, err := m.changeOf(ctx, m.converter(ctx, s.world), items)
		if err != nil {
			return err
		}
		for { // a merge may exchange the state meanwhile
			snap := s.snap.WithAtlas(s.snap.Atlas().Extend(s.world.gazetteer, m.lex.regions.all()))
			next := &state{version: items[len(items)-1].Version, world: s.world, snap: snap.With(c)}
			if m.current.CompareAndSwap(s, next) {
				m.mergeBehind(next)
				break
			}
			s = m.current.Load()
		}
	}
}

// changeOf is what a stretch of the change feed means for the matcher.
func (m *Market) changeOf(ctx context.Context, conv *converter, items []store.Item) (c matcher.Change, err error) {
	recs, err := convertAll(ctx, conv, items)
	if err != nil {
		return c, err
	}
	for i, it := range items {
		switch {
		case it.Deleted && it.Type == talent.TypeProgram:
			c.DeletePrograms = append(c.DeletePrograms, it.ID)
		case it.Deleted && it.Type == talent.TypeDemand:
			c.DeleteDemands = append(c.DeleteDemands, it.ID)
		case recs[i].program != nil:
			c.PutPrograms = append(c.PutPrograms, *recs[i].program)
		case recs[i].demand != nil:
			c.PutDemands = append(c.PutDemands, *recs[i].demand)
		}
	}
	return c, m.inheritIndustry(ctx, conv, items, &c)
}

// inheritIndustry adds the demands of changed employers, whose industry they have
// where they name none.
func (m *Market) inheritIndustry(ctx context.Context, conv *converter, items []store.Item, c *matcher.Change) error {
	in := map[string]bool{}
	for i := range c.PutDemands {
		in[c.PutDemands[i].ID] = true
	}
	for _, id := range c.DeleteDemands {
		in[id] = true
	}
	for _, it := range items {
		if it.Type != talent.TypeOrganization || it.Deleted {
			continue
		}
		refs, _, err := m.store.Referrers(ctx, it.Type, it.ID, maxDependents)
		if err != nil {
			return err
		}
		for _, r := range refs {
			if r.Type != talent.TypeDemand || in[r.ID] {
				continue
			}
			in[r.ID] = true
			ref, err := m.store.Get(ctx, r.Type, r.ID)
			if errors.Is(err, talent.ErrNotFound) || (err == nil && ref.Version > items[len(items)-1].Version) {
				continue // it comes with its own change
			}
			if err != nil {
				return err
			}
			rec, err := ref.Record()
			if err != nil {
				return err
			}
			c.PutDemands = append(c.PutDemands, *conv.record(rec).demand)
		}
	}
	return nil
}

// mergeBehind merges segments in the background when they have become many. Readers
// and writers go on meanwhile; only the exchange takes the write lock.
func (m *Market) mergeBehind(s *state) {
	if !s.snap.NeedsMerge() || !m.busy.CompareAndSwap(false, true) {
		return
	}
	m.merging.Add(1)
	go func() {
		defer m.merging.Done()
		defer m.busy.Store(false)
		plan := s.snap.PlanMerge()
		for {
			now := m.current.Load()
			if now == nil || now.world != s.world {
				return // rebuilt meanwhile
			}
			merged := &state{version: now.version, world: now.world, snap: plan.Apply(now.snap)}
			if m.current.CompareAndSwap(now, merged) {
				return
			}
		}
	}()
}

// buildSnapshot makes the snapshot, if there is none. The caller holds write.
func (m *Market) buildSnapshot(ctx context.Context) error {
	if m.current.Load() != nil {
		return nil
	}
	return m.rebuildSnapshot(ctx)
}

// rebuildSnapshot makes the snapshot from the whole store. The caller holds write.
func (m *Market) rebuildSnapshot(ctx context.Context) error {
	w, err := m.theWorld(ctx)
	if err != nil {
		return err
	}
	version, err := m.store.Version(ctx)
	if err != nil {
		return err
	}
	space := w.space(m.lex)
	conv := m.converter(ctx, w)
	var all matcher.Change
	for _, t := range []talent.Type{talent.TypeProgram, talent.TypeDemand} {
		err := eachPage(ctx, m.store, t, func(items []store.Item) error {
			c, err := m.changeOf(ctx, conv, items)
			all.PutPrograms = append(all.PutPrograms, c.PutPrograms...)
			all.PutDemands = append(all.PutDemands, c.PutDemands...)
			return err
		})
		if err != nil {
			return fmt.Errorf("build the snapshot: %w", err)
		}
	}
	atlas := matcher.NewAtlas(w.gazetteer, m.lex.regions.all())
	m.current.Store(&state{version: version, world: w, snap: matcher.Empty(space, atlas).With(all)})
	return nil
}

// eachPage calls yield with every page of a type's records, by id.
func eachPage(ctx context.Context, s store.Store, t talent.Type, yield func([]store.Item) error) error {
	for after := ""; ; {
		items, err := s.List(ctx, t, after, pageSize)
		if err != nil {
			return err
		}
		if len(items) == 0 {
			return nil
		}
		if err := yield(items); err != nil {
			return err
		}
		after = items[len(items)-1].ID
	}
}

// convertAll converts records on all cores; the result has their order. Deleted
// items are left empty.
func convertAll(ctx context.Context, conv *converter, items []store.Item) ([]converted, error) {
	out := make([]converted, len(items))
	g, ctx := errgroup.WithContext(ctx)
	workers := min(runtime.GOMAXPROCS(0), (len(items)+15)/16)
	for w := range workers {
		g.Go(func() error {
			for i := w; i < len(items); i += workers {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				if items[i].Deleted {
					continue
				}
				rec, err := items[i].Record()
				if err != nil {
					return err
				}
				out[i] = conv.record(rec)
			}
			return nil
		})
	}
	return out, g.Wait()
}

// advanceIndex adds the changes since the index's version. When the world is not
// the one that the index was built with, every document is compared and those that
// differ are indexed anew.
func (m *Market) advanceIndex(ctx context.Context) error {
	w, err := m.theWorld(ctx)
	if err != nil {
		return err
	}
	built, err := m.store.Meta(ctx, metaIndexTaxonomy)
	if err != nil {
		return err
	}
	if built != "" && built != w.fingerprint {
		// From the first document on, the index is complete with no taxonomy: cut off
		// in between, it must not be taken for the old one's when that comes back.
		if err := m.markIndex(ctx, ""); err != nil {
			return err
		}
	}
	fresh := m.index.Load().Version() == 0
	conv := m.converter(ctx, w)
	for {
		items, err := m.store.Changes(ctx, m.index.Load().Version(), advanceBatch)
		if err != nil {
			return err
		}
		if len(items) == 0 {
			break
		}
		if err := m.indexItems(ctx, conv, items, fresh); err != nil {
			return err
		}
	}
	if built == w.fingerprint {
		return nil
	}
	if !fresh {
		if err := m.reconcile(ctx, conv); err != nil {
			return err
		}
	}
	return m.markIndex(ctx, w.fingerprint)
}

// markIndex notes the world that every document of the index was made with; "" none.
func (m *Market) markIndex(ctx context.Context, fingerprint string) error {
	return m.store.Update(ctx, func(tx store.Tx) error { return tx.SetMeta(metaIndexTaxonomy, fingerprint) })
}

// indexItems applies one batch of changes to the index, with the records whose
// documents name a changed organization. alone skips those: when everything is
// indexed anyway, they come by themselves.
func (m *Market) indexItems(ctx context.Context, conv *converter, items []store.Item, alone bool) error {
	recs, err := convertAll(ctx, conv, items)
	if err != nil {
		return err
	}
	var puts []index.Doc
	var deletes []index.Key
	for i, it := range items {
		if it.Deleted {
			if index.Searchable(it.Type) {
				deletes = append(deletes, index.Key{Type: it.Type, ID: it.ID})
			}
			continue
		}
		if recs[i].searchable {
			puts = append(puts, recs[i].doc)
		}
	}
	version := items[len(items)-1].Version
	if !alone {
		more, err := m.dependents(ctx, conv, items)
		if err != nil {
			return err
		}
		// A dependent that stands in the batch itself is there already, in the same
		// state; one that changed later comes again with its own change.
		in := map[index.Key]bool{}
		for _, d := range puts {
			in[d.Key()] = true
		}
		for _, d := range more {
			if !in[d.Key()] {
				in[d.Key()] = true
				puts = append(puts, d)
			}
		}
	}
	for len(puts) > advanceBatch { // a large employer's demands, say
		if err := m.index.Load().Apply(ctx, puts[:advanceBatch], nil, m.index.Load().Version()); err != nil {
			return err
		}
		puts = puts[advanceBatch:]
	}
	return m.index.Load().Apply(ctx, puts, deletes, version)
}

// dependents are the documents of records that refer to the organizations among
// the items, whose names they carry.
func (m *Market) dependents(ctx context.Context, conv *converter, items []store.Item) ([]index.Doc, error) {
	var out []index.Doc
	for _, it := range items {
		if it.Type != talent.TypeOrganization || it.Deleted {
			continue
		}
		refs, _, err := m.store.Referrers(ctx, it.Type, it.ID, maxDependents)
		if err != nil {
			return nil, err
		}
		for _, r := range refs {
			ref, err := m.store.Get(ctx, r.Type, r.ID)
			if errors.Is(err, talent.ErrNotFound) || (err == nil && ref.Version > items[len(items)-1].Version) {
				continue // it comes with its own change
			}
			if err != nil {
				return nil, err
			}
			rec, err := ref.Record()
			if err != nil {
				return nil, err
			}
			if cv := conv.record(rec); cv.searchable {
				out = append(out, cv.doc)
			}
		}
	}
	return out, nil
}

// maxDependents bounds the records that one changed organization makes us index
// again at once.
const maxDependents = 1_000_000
