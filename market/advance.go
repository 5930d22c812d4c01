package market

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"

	"talentmatch/store"
	"talentmatch/talent"
)

// advanceBatch is how many changes are read and converted at once.
const advanceBatch = 1000

// advance applies the store's changes to the snapshot and to the index, as far as they
// are open, each from the version it stands at: after a write, after opening, after a
// crash. The caller holds write. Both stand at the new version before a write is
// acknowledged.
func (m *Market) advance(ctx context.Context) error {
	return m.derive(ctx, m.current.Load() != nil)
}

// derive is advance, and makes the snapshot if it is wanted and there is none.
//
// A record's forms depend on the record, on the basis of the world and on the
// organizations it refers to. While the basis stays, the change feed says all that
// changes. When it is another one than the snapshot's, the snapshot is built anew
// (readers keep the old one until then); when it is another one than the index's, every
// document is compared, and those that differ are indexed anew. Each record is
// converted once for both.
func (m *Market) derive(ctx context.Context, snapshot bool) error {
	w, err := m.theWorld(ctx)
	if err != nil {
		return err
	}
	f := feed{m: m, w: w, index: m.index.Load()}
	fresh, another := false, false // the index is empty; it was built with another basis
	if f.index != nil {
		built, err := m.store.Meta(ctx, metaIndexTaxonomy)
		if err != nil {
			return err
		}
		fresh, another = f.index.Version() == 0, built != w.basis
		if another && built != "" {
			// From the first document on, the index is complete with no taxonomy: cut off
			// in between, it must not be taken for the old one's when that comes back.
			if err := m.markIndex(ctx, ""); err != nil {
				return err
			}
		}
	}
	var b *builder
	var l *loadedRows
	s := m.current.Load()
	if snapshot && s == nil {
		if l, err = m.loadSnapshot(ctx, w); err != nil {
			return err
		}
	}
	switch {
	case l != nil:
		f.rows = l
	case snapshot && (s == nil || s.world.basis != w.basis):
		if b, err = m.newBuilder(ctx, w); err != nil {
			return err
		}
		if fresh {
			f.rows = b // the feed brings everything
		}
	case s != nil:
		m.exchangeWorld(w)
		f.rows = &liveRows{m: m}
	}
	err = f.run(ctx)
	if l != nil && err == nil {
		l.publish()
	}
	x := f.index
	if fresh || !another {
		x = nil // nothing to compare
	}
	switch {
	case b != nil && fresh && err == nil:
		b.publish()
	case b != nil || x != nil:
		err = errors.Join(err, m.sweep(ctx, w, b, x))
	}
	if err != nil {
		return err
	}
	m.respace()
	if another {
		err = m.markIndex(ctx, w.basis)
	}
	m.keepBehind()
	return err
}

// markIndex notes the basis that every document of the index was made with; "" none.
func (m *Market) markIndex(ctx context.Context, basis string) error {
	return m.store.Update(ctx, func(tx store.Tx) error { return tx.SetMeta(metaIndexTaxonomy, basis) })
}

// exchangeWorld gives the current state a world of the same basis, which has other
// texts for the same skills, say.
func (m *Market) exchangeWorld(w *world) {
	for {
		s := m.current.Load()
		if s.world == w || m.current.CompareAndSwap(s, s.in(w)) {
			return
		}
	}
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
			if now == nil || now.world.basis != s.world.basis {
				return // rebuilt meanwhile
			}
			merged := now.with(plan.Apply(now.snap))
			if m.current.CompareAndSwap(now, merged) {
				return
			}
		}
	}()
}

// buildSnapshot makes the snapshot, if there is none: from its file and what has changed
// since, or from the whole store. The caller holds write.
func (m *Market) buildSnapshot(ctx context.Context) error {
	if m.current.Load() != nil {
		return nil
	}
	w, err := m.theWorld(ctx)
	if err != nil {
		return err
	}
	l, err := m.loadSnapshot(ctx, w)
	if err != nil {
		return err
	}
	if l != nil {
		if err := (&feed{m: m, w: w, rows: l}).run(ctx); err != nil {
			return err
		}
		l.publish()
		return nil
	}
	b, err := m.newBuilder(ctx, w)
	if err != nil {
		return err
	}
	if err := m.sweep(ctx, w, b, nil); err != nil {
		return fmt.Errorf("build the snapshot: %w", err)
	}
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
// items, and those of which the converter makes nothing, are left empty.
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
				if items[i].Deleted || !conv.makes(items[i].Type) {
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
