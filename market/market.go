package market

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"talentmatch/index"
	"talentmatch/index/taxonomy"
	"talentmatch/matcher"
	"talentmatch/store"
	"talentmatch/talent"
)

// Options says how a market is opened.
type Options struct {
	Dir       string // the data folder, made if missing; "" = a temporary one, removed by Close
	NoBuiltin bool   // do not load the built-in taxonomy into a new store
	Log       *slog.Logger
	Software  string        // version of the program, for reports and the snapshot's file
	Exactly   func() string // the same as exactly as can be, for reports, where finding out takes time; nil for Software
}

// Market is an open data folder. It is safe for concurrent use.
type Market struct {
	options   Options
	dir       string
	temporary bool
	store     store.Store

	write sync.Mutex // one writer at a time: guards everything below but current and ready
	lex   *lexicon
	orgs  organizations

	worldStale bool // a skill, occupation, region or crosswalk was written

	// What follows is for readers, who never wait for a writer.
	opened   atomic.Pointer[index.Index] // index, once it stands at the store's version
	index    atomic.Pointer[index.Index] // nil until needed: opening it locks out other processes
	world    atomic.Pointer[world]
	current  atomic.Pointer[state] // nil until the snapshot is needed
	ready    atomic.Bool
	merging  sync.WaitGroup
	busy     atomic.Bool // a merge is running
	spacing  spacing     // of the statistics of skills, in the background
	keeping  keeping     // of the snapshot's file
	folder   folderModel
	readLast readAllocation

	background context.Context // ends when the market closes
	stop       context.CancelFunc
}

// state is what a reader sees: one version of the world and of the snapshot.
type state struct {
	version int64
	world   *world
	stats   *skillStats // the space's; of this world and its baskets, or of earlier ones until respace is done
	snap    *matcher.Snapshot
	// worked out when first asked for
	fits     fitCache
	reach    reachCache
	arrivals arrivalCache
	hires    hireCache
	peers    peerCache
	causes   causesCache
}

// with is the state with another snapshot.
func (s *state) with(snap *matcher.Snapshot) *state {
	return &state{version: s.version, world: s.world, stats: s.stats, snap: snap}
}

// in is the state with another world of the same basis.
func (s *state) in(w *world) *state {
	return &state{version: s.version, world: w, stats: s.stats, snap: s.snap}
}

// Names of the files in a data folder.
const (
	storeFile   = "talentmatch.db"
	indexFolder = "index"
)

// Keys of the store's meta table.
const (
	metaBuiltin       = "taxonomy.builtin" // version of the built-in pack that was loaded
	metaIndexTaxonomy = "index.taxonomy"   // basis of the world that the index was built with
	metaKeyPrefix     = "key."
)

// Open opens a data folder: the store only. The index and the snapshot are opened
// when a question first needs them; Prepare does it at once. A new store gets the
// built-in taxonomy (unless Options.NoBuiltin, which it remembers), an old one the
// records that a newer program brings, unless users have changed them.
func Open(ctx context.Context, o Options) (*Market, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	m := &Market{options: o, dir: o.Dir, lex: newLexicon(), spacing: newSpacing(), keeping: keeping{least: keptFrom}}
	m.background, m.stop = context.WithCancel(context.WithoutCancel(ctx))
	if m.dir == "" {
		dir, err := os.MkdirTemp("", "talentmatch-")
		if err != nil {
			return nil, fmt.Errorf("temporary data folder: %w", err)
		}
		m.dir, m.temporary = dir, true
	} else if err := os.MkdirAll(m.dir, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	s, err := store.OpenSQLite(filepath.Join(m.dir, storeFile))
	if err != nil {
		return nil, errors.Join(err, m.removeTemporary())
	}
	m.store = s
	m.orgs.store = s
	if err := m.loadBuiltin(ctx); err != nil {
		return nil, errors.Join(err, m.Close())
	}
	return m, nil
}

// loadBuiltin brings the built-in taxonomy into the store once per version of it.
// Records that users wrote over are left as they are.
func (m *Market) loadBuiltin(ctx context.Context) error {
	version := taxonomy.BuiltinVersion()
	have, err := m.store.Meta(ctx, metaBuiltin)
	if err != nil || have == version || have == noBuiltin {
		return err
	}
	if m.options.NoBuiltin {
		if have != "" {
			return nil // it has an older one, which stays
		}
		return m.store.Update(ctx, func(tx store.Tx) error { return tx.SetMeta(metaBuiltin, noBuiltin) })
	}
	records, err := taxonomy.Builtin()
	if err != nil {
		return err
	}
	return m.store.Update(ctx, func(tx store.Tx) error {
		for _, rec := range records {
			it, err := tx.Get(rec.RecordType(), rec.RecordID())
			if err == nil && it.Pack != builtinPack {
				continue
			}
			if err != nil && !errors.Is(err, talent.ErrNotFound) {
				return err
			}
			if _, _, err := tx.Put(rec, builtinPack, store.Any); err != nil {
				return err
			}
		}
		return tx.SetMeta(metaBuiltin, version)
	})
}

const builtinPack = "builtin"

// noBuiltin marks a store that was made without the built-in taxonomy and stays so.
const noBuiltin = "none"

// Close waits for what runs in the background and closes everything. A temporary
// folder is removed.
func (m *Market) Close() error {
	m.ready.Store(false)
	m.write.Lock()
	defer m.write.Unlock()
	m.stop()
	m.merging.Wait()
	m.keepNow()
	var errs []error
	if m.index.Load() != nil {
		m.opened.Store(nil)
		errs = append(errs, m.index.Load().Close())
		m.index.Store(nil)
	}
	if m.store != nil {
		errs = append(errs, m.store.Close())
	}
	return errors.Join(append(errs, m.removeTemporary())...)
}

func (m *Market) removeTemporary() error {
	if !m.temporary {
		return nil
	}
	return os.RemoveAll(m.dir)
}

// Dir is the data folder.
func (m *Market) Dir() string { return m.dir }

// Prepare opens the index and builds the snapshot now, so that the first question
// does not wait for them.
func (m *Market) Prepare(ctx context.Context) error {
	m.write.Lock()
	defer m.write.Unlock()
	if err := m.openIndex(ctx, true); err != nil {
		return err
	}
	if err := m.buildSnapshot(ctx); err != nil {
		return err
	}
	m.ready.Store(true)
	return nil
}

// Ready is nil once Prepare is done, and talent.ErrUnavailable before and after.
func (m *Market) Ready() error {
	if !m.ready.Load() {
		return fmt.Errorf("the market is not open yet: %w", talent.ErrUnavailable)
	}
	return nil
}

// theWorld is the current world, loaded when first needed and when a record has
// changed it; readers have the old one until the new one stands. The caller holds
// write.
func (m *Market) theWorld(ctx context.Context) (*world, error) {
	if w := m.world.Load(); w != nil && !m.worldStale {
		return w, nil
	}
	w, err := loadWorld(ctx, m.store)
	if err != nil {
		return nil, err
	}
	m.world.Store(w)
	m.worldStale = false
	return w, nil
}

// readWorld is the current world for a reader.
func (m *Market) readWorld(ctx context.Context) (*world, error) {
	if w := m.world.Load(); w != nil {
		return w, nil
	}
	m.write.Lock()
	defer m.write.Unlock()
	return m.theWorld(ctx)
}

// state is the current snapshot, built when first needed.
func (m *Market) state(ctx context.Context) (*state, error) {
	if s := m.current.Load(); s != nil {
		return s, nil
	}
	m.write.Lock()
	defer m.write.Unlock()
	if err := m.buildSnapshot(ctx); err != nil {
		return nil, err
	}
	return m.current.Load(), nil
}

// searchIndex is the index, opened when first needed. It does not wait for writers.
func (m *Market) searchIndex(ctx context.Context) (*index.Index, error) {
	if x := m.index.Load(); x != nil && m.ready.Load() {
		return x, nil
	}
	if x := m.opened.Load(); x != nil {
		return x, nil
	}
	m.write.Lock()
	defer m.write.Unlock()
	if err := m.openIndex(ctx, false); err != nil {
		return nil, err
	}
	return m.index.Load(), nil
}

// OpenIndex opens the index and brings it up to the store. It locks the data folder
// against other writers: what changes much does it first.
func (m *Market) OpenIndex(ctx context.Context) error {
	m.write.Lock()
	defer m.write.Unlock()
	return m.openIndex(ctx, false)
}

// openIndex opens the index and brings it up to the store; if the snapshot is wanted
// too, records are converted once for both. The caller holds write.
func (m *Market) openIndex(ctx context.Context, snapshot bool) error {
	if m.index.Load() != nil {
		return nil
	}
	x, err := index.Open(filepath.Join(m.dir, indexFolder))
	if err != nil {
		return err
	}
	m.index.Store(x)
	if err := m.dropNewer(ctx); err != nil {
		m.index.Store(nil)
		return errors.Join(err, x.Close())
	}
	if err := m.derive(ctx, snapshot || m.current.Load() != nil); err != nil {
		m.index.Store(nil)
		return errors.Join(err, x.Close())
	}
	m.opened.Store(x)
	return nil
}

// dropNewer starts the index over when it is ahead of the store: then an older copy
// of the store was put in its place.
func (m *Market) dropNewer(ctx context.Context) error {
	version, err := m.store.Version(ctx)
	if err != nil || m.index.Load().Version() <= version {
		return err
	}
	m.options.Log.Warn("the index is newer than the store and is built anew", "index", m.index.Load().Version(), "store", version)
	return m.index.Load().Reset()
}

// versions says what an answer was computed from; stats is nil where the likeness of
// skills has no part in it.
func (m *Market) versions(version int64, w *world, stats *skillStats) Versions {
	v := Versions{Data: version, Taxonomy: w.fingerprint, Software: m.options.Software}
	if m.options.Exactly != nil {
		v.Software = m.options.Exactly()
	}
	if stats != nil {
		v.SkillSpace = stats.Version
	}
	return v
}

// Versions says what the next answer would be computed from.
func (m *Market) Versions(ctx context.Context) (Versions, error) {
	w, err := m.readWorld(ctx)
	if err != nil {
		return Versions{}, err
	}
	v, err := m.store.Version(ctx)
	var stats *skillStats
	if s := m.current.Load(); s != nil {
		stats = s.stats
	}
	return m.versions(v, w, stats), err
}

// Counts is the number of records of each type, without the built-in regions.
func (m *Market) Counts(ctx context.Context) (map[talent.Type]int, error) {
	return m.store.Counts(ctx)
}

// Backup writes a consistent copy of the store to a new file.
func (m *Market) Backup(ctx context.Context, path string) error { return m.store.Backup(ctx, path) }

// organizations remembers the organizations that records refer to.
type organizations struct {
	store store.Store
	known sync.Map     // id -> *talent.Organization
	gone  atomic.Int64 // counts forgets: what was read before one is not remembered
}

// get is the organization of that id; nil if there is none.
func (o *organizations) get(ctx context.Context, id string) *talent.Organization {
	if id == "" {
		return nil
	}
	if v, ok := o.known.Load(id); ok {
		return v.(*talent.Organization)
	}
	gone := o.gone.Load()
	it, err := o.store.Get(ctx, talent.TypeOrganization, id)
	if err != nil {
		return nil
	}
	rec, err := it.Record()
	if err != nil {
		return nil
	}
	org := rec.(*talent.Organization)
	if o.gone.Load() == gone {
		o.known.Store(id, org)
	}
	return org
}

func (o *organizations) forget(id string) {
	o.gone.Add(1)
	o.known.Delete(id)
}

func (m *Market) converter(ctx context.Context, w *world) *converter {
	return &converter{w: w, lex: m.lex, org: func(id string) *talent.Organization { return m.orgs.get(ctx, id) }}
}
