package market

import (
	"context"
	"errors"
	"fmt"

	"talentmatch/index"
	"talentmatch/matcher"
	"talentmatch/store"
	"talentmatch/talent"
)

// A feed brings rows and documents up to the store by its change feed. Records are
// read in batches and converted once; while the index writes one batch, the next is
// converted.
type feed struct {
	m     *Market
	w     *world
	rows  rows         // nil if there is no snapshot to bring up
	index *index.Index // nil if the index is closed; set to nil when it fails
}

// rows are what the feed brings to the matcher: the live snapshot, or a new one.
type rows interface {
	at() int64 // the version up to which they are complete
	// begin begins a stretch of so many versions. In a stretch no row occurs twice.
	begin(length int64)
	// add takes a change; version is 0 while what leads to the next one goes on.
	add(c matcher.Change, version int64)
	end() // applies what add has taken
}

// run applies everything up to the store's version. The rows go on when the index
// fails; its error is returned then.
func (f *feed) run(ctx context.Context) error {
	var failed error
	for {
		until, err := f.m.store.Version(ctx)
		if err != nil {
			return errors.Join(failed, err)
		}
		from := until
		if f.rows != nil {
			from = min(from, f.rows.at())
		}
		if f.index != nil {
			from = min(from, f.index.Version())
		}
		if from >= until {
			return failed
		}
		s := stretch{feed: f, until: until, conv: f.m.converter(ctx, f.w)}
		s.conv.noRows, s.conv.noDocs = f.rows == nil, f.index == nil
		if f.rows != nil {
			s.rowsFrom = f.rows.at()
			f.rows.begin(until - from)
		}
		if f.index != nil {
			s.docsFrom = f.index.Version()
			s.writer = f.index.Writer(ctx)
		}
		if err := s.run(ctx, from); err != nil {
			return errors.Join(failed, fmt.Errorf("bring the snapshot up to date: %w", err))
		}
		if s.failed != nil {
			failed = fmt.Errorf("bring the index up to date: %w", s.failed)
			f.index = nil
		}
	}
}

// A stretch is the change feed from where rows and index stand to a version that the
// store had when the stretch began. Whatever is converted meanwhile sees organizations
// in that version's state or a later one. So a changed organization, whose name and
// industry others take, concerns only records that have not changed since the stretch
// began: the others come, or came, with their own change.
type stretch struct {
	*feed
	conv     *converter
	writer   *index.Writer // nil without an index
	failed   error         // of the index; the rows go on
	rowsFrom int64
	docsFrom int64
	until    int64

	// What the present batch has brought so far.
	change  matcher.Change
	docs    []index.Doc
	deletes []index.Key
}

func (s *stretch) run(ctx context.Context, from int64) error {
	err := s.batches(ctx, from)
	if s.rows != nil {
		s.rows.end()
	}
	if s.writer != nil {
		if failed := s.writer.Close(); s.failed == nil {
			s.failed = failed
		}
	}
	return err
}

func (s *stretch) batches(ctx context.Context, from int64) error {
	for from < s.until && (s.rows != nil || s.failed == nil) {
		items, err := s.m.store.Changes(ctx, from, advanceBatch)
		if err != nil {
			return err
		}
		for len(items) > 0 && items[len(items)-1].Version > s.until {
			items = items[:len(items)-1] // of another stretch
		}
		if len(items) == 0 {
			return nil
		}
		if err := s.batch(ctx, items); err != nil {
			return err
		}
		from = items[len(items)-1].Version
		s.flush(from)
	}
	return nil
}

// batch converts a batch of changes and what depends on it.
func (s *stretch) batch(ctx context.Context, items []store.Item) error {
	recs, err := convertAll(ctx, s.conv, items)
	if err != nil {
		return err
	}
	for i, it := range items {
		if s.rows != nil && it.Version > s.rowsFrom {
			s.row(it, &recs[i])
		}
		if s.writer != nil && it.Version > s.docsFrom {
			s.doc(it, &recs[i])
		}
	}
	for _, it := range items {
		if it.Type == talent.TypeOrganization && !it.Deleted {
			if err := s.dependents(ctx, it); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *stretch) row(it store.Item, rec *converted) {
	switch {
	case it.Deleted && it.Type == talent.TypeProgram:
		s.change.DeletePrograms = append(s.change.DeletePrograms, it.ID)
	case it.Deleted && it.Type == talent.TypeDemand:
		s.change.DeleteDemands = append(s.change.DeleteDemands, it.ID)
	case rec.program != nil:
		s.change.PutPrograms = append(s.change.PutPrograms, *rec.program)
	case rec.demand != nil:
		s.change.PutDemands = append(s.change.PutDemands, *rec.demand)
	}
}

func (s *stretch) doc(it store.Item, rec *converted) {
	switch {
	case it.Deleted && index.Searchable(it.Type):
		s.deletes = append(s.deletes, index.Key{Type: it.Type, ID: it.ID})
	case rec.searchable:
		s.docs = append(s.docs, rec.doc)
	}
}

// dependents adds what takes something from a changed organization: the documents
// that carry its name, and the demands that have its kind and industry.
func (s *stretch) dependents(ctx context.Context, org store.Item) error {
	// Nothing is newer than 0: where there is nothing yet, there are no dependents.
	rowsUpTo, docsUpTo := int64(0), int64(0)
	if s.rows != nil && org.Version > s.rowsFrom {
		rowsUpTo = s.rowsFrom
	}
	if s.writer != nil && org.Version > s.docsFrom {
		docsUpTo = s.docsFrom
	}
	upTo := max(rowsUpTo, docsUpTo)
	for after, more := int64(0), upTo > 0; more; more = after != 0 {
		items, next, err := s.m.store.Referring(ctx, org.Type, org.ID, upTo, after, advanceBatch)
		if err != nil {
			return err
		}
		recs, err := convertAll(ctx, s.conv, items)
		if err != nil {
			return err
		}
		for i, it := range items {
			if it.Version <= rowsUpTo && recs[i].demand != nil {
				s.row(it, &recs[i])
			}
			if it.Version <= docsUpTo && takesNames(it.Type) {
				s.doc(it, &recs[i])
			}
		}
		if len(s.docs) > advanceBatch || len(s.change.PutDemands) > advanceBatch { // a large employer's demands, say
			s.flush(0)
		}
		after = next
	}
	return nil
}

// takesNames reports whether documents of records of type t carry the names of the
// organizations they refer to.
func takesNames(t talent.Type) bool {
	return t == talent.TypeDemand || t == talent.TypeProgram || t == talent.TypeAgreement
}

// flush hands over what there is. version is 0 while the batch goes on.
func (s *stretch) flush(version int64) {
	if s.rows != nil && (version == 0 || version > s.rowsFrom) {
		s.rows.add(s.change, version)
	}
	if s.writer != nil && s.failed == nil && (version == 0 || version > s.docsFrom) {
		s.failed = s.writer.Put(s.docs, s.deletes, version)
	}
	s.change, s.docs, s.deletes = matcher.Change{}, nil, nil
}

// liveRows brings changes to the current snapshot. Every addition is a segment, and
// merging segments takes time and, for long ones, much memory; so a long stretch makes
// few.
type liveRows struct {
	m       *Market
	pending matcher.Change
	rows    int   // a segment of a long stretch
	version int64 // of pending
}

func (r *liveRows) at() int64 { return r.m.current.Load().version }

func (r *liveRows) begin(length int64) { r.rows = int(min(length/6, builderRows)) }

func (r *liveRows) add(c matcher.Change, version int64) {
	join(&r.pending, &c)
	r.version = max(r.version, version)
	if len(r.pending.PutPrograms)+len(r.pending.PutDemands) >= r.rows {
		r.end()
	}
}

func (r *liveRows) end() {
	if r.version == 0 && empty(&r.pending) {
		return
	}
	for { // a merge may exchange the state meanwhile
		s := r.m.current.Load()
		snap := s.snap.WithAtlas(s.snap.Atlas().Extend(s.world.gazetteer, r.m.lex.regions.all()))
		next := s.with(snap.With(r.pending))
		next.version = max(r.version, s.version)
		if r.m.current.CompareAndSwap(s, next) {
			r.m.mergeBehind(next)
			break
		}
	}
	r.pending, r.version = matcher.Change{}, 0
}

func join(to, c *matcher.Change) {
	to.PutPrograms = append(to.PutPrograms, c.PutPrograms...)
	to.PutDemands = append(to.PutDemands, c.PutDemands...)
	to.DeletePrograms = append(to.DeletePrograms, c.DeletePrograms...)
	to.DeleteDemands = append(to.DeleteDemands, c.DeleteDemands...)
}

func empty(c *matcher.Change) bool {
	return len(c.PutPrograms)+len(c.PutDemands)+len(c.DeletePrograms)+len(c.DeleteDemands) == 0
}

// A builder makes a snapshot of everything. Rows are put into segments of builderRows:
// while they are rows, they take several times the memory that they take in a segment.
type builder struct {
	m       *Market
	w       *world
	stats   *skillStats
	snap    *matcher.Snapshot
	change  matcher.Change
	version int64
	atlas   *matcher.Atlas // of the regions so far
}

const builderRows = 1 << 14

// newBuilder begins a snapshot of a world. The first one of a process waits for what
// statistics say about its skills; later ones take what there is, until respace has
// worked out what is new.
func (m *Market) newBuilder(ctx context.Context, w *world) (*builder, error) {
	var stats *skillStats
	if s := m.current.Load(); s != nil {
		stats = s.stats
	} else {
		var err error
		if stats, err = m.firstStats(ctx, w); err != nil {
			return nil, err
		}
	}
	return &builder{m: m, w: w, stats: stats, snap: matcher.Empty(w.space(m.lex, stats), nil)}, nil
}

func (b *builder) at() int64 { return b.version }

func (b *builder) begin(int64) {}

func (b *builder) add(c matcher.Change, version int64) {
	join(&b.change, &c)
	b.version = max(b.version, version)
	if len(b.change.PutPrograms)+len(b.change.PutDemands) >= builderRows {
		b.end()
	}
}

// rows adds the rows of a page of records.
func (b *builder) rows(recs []converted) {
	var c matcher.Change
	for i := range recs {
		switch {
		case recs[i].program != nil:
			c.PutPrograms = append(c.PutPrograms, *recs[i].program)
		case recs[i].demand != nil:
			c.PutDemands = append(c.PutDemands, *recs[i].demand)
		}
	}
	b.add(c, b.version)
}

func (b *builder) end() {
	if b.atlas == nil {
		b.atlas = matcher.NewAtlas(b.w.gazetteer, b.m.lex.regions.all())
	}
	b.atlas = b.atlas.Extend(b.w.gazetteer, b.m.lex.regions.all()) // rows are arranged by it
	b.snap = b.snap.WithAtlas(b.atlas)
	b.snap, b.change = b.snap.With(b.change), matcher.Change{}
	for b.snap.NeedsMerge() {
		b.snap = b.snap.PlanMerge().Apply(b.snap)
	}
}

// publish makes what has been built the current snapshot.
func (b *builder) publish() {
	b.end()
	b.m.current.Store(&state{version: b.version, world: b.w, stats: b.stats, snap: b.snap})
}
