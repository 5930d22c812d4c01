package market

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"talentmatch/matcher"
	"talentmatch/matcher/columns"
	"talentmatch/store"
)

// The snapshot is kept in a file of the data folder, so that the next process need not
// convert every record again. The file says which version of the store it is of; what
// has changed since is applied as it is after a write. It is nothing but a shortcut:
// whatever is wrong with it, the snapshot is made from the store, as it is without it.
//
// Whether a file is of this store's history is told by a random mark: it is in the file,
// and was written into the store when the store had the file's version behind it. So
// neither another store's file nor one that is newer than a restored copy of the store
// is ever taken.
//
// The file: 24 bytes (magic, format, where the directory begins), then streams of
// columns: the lexicon, the programs, the demands, the directory.

const (
	snapshotFile = "snapshot.bin"
	// snapshotNew is the file while it is written. Only the process that has the index
	// open writes, so one name will do, and what a crash leaves is written over.
	snapshotNew    = "snapshot.bin.new"
	snapshotMagic  = "tmsnap\r\n"
	snapshotFormat = 4 // another one when columns change, or what a record is converted to
	snapshotHead   = 24
	metaSnapshot   = "snapshot.marks" // of the file, and of the one before while it is replaced

	keptFrom    = 5_000 // rows, from which reading a file is worth it: fewer are converted in a second or two
	keepRunning = 10    // part of the rows that must have changed before a running market replaces the file
	keepClosing = 500   // the same for one that closes: what remains takes a second or so to apply
	keepRest    = 9     // times as long as writing took, it rests before it writes again
)

// keeping is what a market knows of its file.
type keeping struct {
	least   int // rows, from which there is one
	mu      sync.Mutex
	mark    string // of the file, "" if there is none that this process has read or written
	version int64  // of the store that the file is of
	until   time.Time
	running bool
}

// A snapshotHeader is the directory of a file.
type snapshotHeader struct {
	mark     string
	software string // codeMark
	basis    string // of the world that records were converted with
	version  int64  // of the store
	limits   matcher.Limits
	at       [snapshotParts + 1]int64 // where each part begins; the last is the directory
}

const (
	partLexicon = iota
	partPrograms
	partDemands
	snapshotParts
)

// codeMark names the program by which records were converted. A build that has no
// version of its own goes by its file.
func codeMark(software string) string {
	if software != "" && software != "(devel)" && !strings.Contains(software, "+dirty") {
		return software
	}
	if path, err := os.Executable(); err == nil {
		if info, err := os.Stat(path); err == nil {
			return fmt.Sprintf("%s %d %d", software, info.Size(), info.ModTime().UnixNano())
		}
	}
	return software
}

// keepBehind replaces the file in the background when enough has changed since. Readers
// and writers go on. The caller holds write.
func (m *Market) keepBehind() {
	s := m.current.Load()
	k := &m.keeping
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.running || time.Now().Before(k.until) || !m.worthKeeping(s, keepRunning) {
		return
	}
	k.running = true
	m.merging.Go(func() {
		began := time.Now()
		m.keep(m.background, s)
		k.mu.Lock()
		defer k.mu.Unlock()
		k.running, k.until = false, time.Now().Add(keepRest*time.Since(began))
	})
}

// keepNow replaces the file when the market closes.
func (m *Market) keepNow() {
	s := m.current.Load()
	m.keeping.mu.Lock()
	worth := m.worthKeeping(s, keepClosing)
	m.keeping.mu.Unlock()
	if worth {
		m.keep(context.Background(), s)
	}
}

// worthKeeping reports whether this process may write the file and this part of the rows
// has changed since. Only who has the index open may: nobody else writes then.
func (m *Market) worthKeeping(s *state, part int64) bool {
	if s == nil || m.temporary || m.index.Load() == nil {
		return false
	}
	programs, demands := s.snap.Size()
	rows := int64(programs + demands)
	return rows >= int64(m.keeping.least) && s.version-m.keeping.version >= max(1, rows/part)
}

// keep replaces the file. What goes wrong is logged and no more: a full disk, say, must
// not keep a market from working.
func (m *Market) keep(ctx context.Context, s *state) {
	began := time.Now()
	size, err := m.writeSnapshot(ctx, s)
	switch {
	case ctx.Err() != nil: // the market closes, and writes a newer one then
	case err != nil:
		m.options.Log.Warn("the snapshot is not kept", "file", filepath.Join(m.dir, snapshotFile), "error", err.Error())
	default:
		m.options.Log.Debug("the snapshot is kept", "version", s.version, "bytes", size, "ms", time.Since(began).Milliseconds())
	}
}

// writeSnapshot writes the file beside the old one and exchanges them. The store has the
// marks of both meanwhile, so that either is taken after a crash. Nothing waits for the
// disk: a file that did not get there is found to be damaged.
func (m *Market) writeSnapshot(ctx context.Context, s *state) (size int64, err error) {
	fresh := filepath.Join(m.dir, snapshotNew)
	defer func() {
		if err != nil {
			if gone := os.Remove(fresh); !errors.Is(gone, fs.ErrNotExist) {
				err = errors.Join(err, gone)
			}
		}
	}()
	h := snapshotHeader{mark: rand.Text(), software: codeMark(m.options.Software), basis: s.world.basis, version: s.version}
	if size, err = h.write(ctx, fresh, s.snap, m.lex); err != nil {
		return 0, err
	}
	m.keeping.mu.Lock()
	marks := strings.TrimSpace(h.mark + " " + m.keeping.mark)
	m.keeping.mu.Unlock()
	if err := m.store.Update(ctx, func(tx store.Tx) error { return tx.SetMeta(metaSnapshot, marks) }); err != nil {
		return 0, err
	}
	if err := os.Rename(fresh, filepath.Join(m.dir, snapshotFile)); err != nil {
		return 0, err
	}
	m.keeping.mu.Lock()
	defer m.keeping.mu.Unlock()
	m.keeping.mark, m.keeping.version = h.mark, h.version
	return size, nil
}

// write writes a whole file. The lexicon may grow meanwhile: what it has now covers the
// snapshot.
func (h *snapshotHeader) write(ctx context.Context, path string, snap *matcher.Snapshot, lex *lexicon) (size int64, err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	to := &stoppable{ctx: ctx, to: f}
	if _, err := to.Write(make([]byte, snapshotHead)); err != nil {
		return 0, err
	}
	names := lex.lists()
	h.limits = matcher.Limits{Skills: len(names[0]), Terms: len(names[1]), Regions: len(names[2]), Attrs: len(names[3])}
	parts := [snapshotParts + 1]func(w *columns.Writer) error{
		partLexicon: func(w *columns.Writer) error {
			for _, list := range names {
				columns.PutStrings(w, len(list), func(i int) string { return list[i] })
			}
			return nil
		},
		partPrograms:  snap.SavePrograms,
		partDemands:   snap.SaveDemands,
		snapshotParts: h.save,
	}
	for i, part := range parts {
		h.at[i] = to.n
		w := columns.NewWriter(to)
		if err := errors.Join(part(w), w.Close()); err != nil {
			return 0, err
		}
	}
	head := append(make([]byte, 0, snapshotHead), snapshotMagic...)
	head = binary.LittleEndian.AppendUint64(head, snapshotFormat)
	head = binary.LittleEndian.AppendUint64(head, uint64(h.at[snapshotParts]))
	_, err = f.WriteAt(head, 0)
	return to.n, err
}

// stoppable writes until its context ends, and counts.
type stoppable struct {
	ctx context.Context
	to  io.Writer
	n   int64
}

func (s *stoppable) Write(b []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := s.to.Write(b)
	s.n += int64(n)
	return n, err
}

func (h *snapshotHeader) save(w *columns.Writer) error {
	words := []string{h.mark, h.software, h.basis}
	columns.PutStrings(w, len(words), func(i int) string { return words[i] })
	columns.Put64(w, []int64{h.version, int64(h.limits.Skills), int64(h.limits.Terms), int64(h.limits.Regions), int64(h.limits.Attrs)})
	columns.Put64(w, h.at[:])
	return nil
}

// readSnapshotHeader reads the directory of a file of so many bytes.
func readSnapshotHeader(f io.ReaderAt, size int64) (*snapshotHeader, error) {
	var head [snapshotHead]byte
	if _, err := f.ReadAt(head[:], 0); err != nil {
		return nil, fmt.Errorf("its beginning: %w", err)
	}
	if string(head[:len(snapshotMagic)]) != snapshotMagic {
		return nil, fmt.Errorf("%w: it does not begin as a snapshot does", columns.ErrDamaged)
	}
	if format := binary.LittleEndian.Uint64(head[8:]); format != snapshotFormat {
		return nil, fmt.Errorf("it has format %d, not %d", format, snapshotFormat)
	}
	at := binary.LittleEndian.Uint64(head[16:])
	if at < snapshotHead || at > uint64(size) {
		return nil, fmt.Errorf("%w: a directory at %d of %d bytes", columns.ErrDamaged, at, size)
	}
	r := columns.NewReader(io.NewSectionReader(f, int64(at), size-int64(at)), size-int64(at))
	words, numbers, parts := columns.ReadStrings(r), columns.Read64[int64](r), columns.Read64[int64](r)
	if err := r.Done(); err != nil {
		return nil, fmt.Errorf("its directory: %w", err)
	}
	h := &snapshotHeader{}
	if len(words) != 3 || len(numbers) != 5 || len(parts) != len(h.at) || parts[0] != snapshotHead || parts[snapshotParts] != int64(at) {
		return nil, fmt.Errorf("%w: its directory", columns.ErrDamaged)
	}
	copy(h.at[:], parts)
	for i := range snapshotParts {
		if h.at[i] > h.at[i+1] {
			return nil, fmt.Errorf("%w: its directory", columns.ErrDamaged)
		}
	}
	for _, n := range numbers[1:] {
		if n < 0 || n > size { // a name takes four bytes and more
			return nil, fmt.Errorf("%w: %d names", columns.ErrDamaged, n)
		}
	}
	h.mark, h.software, h.basis, h.version = words[0], words[1], words[2], numbers[0]
	h.limits = matcher.Limits{Skills: int(numbers[1]), Terms: int(numbers[2]), Regions: int(numbers[3]), Attrs: int(numbers[4])}
	return h, nil
}

// part reads one part of a file.
func (h *snapshotHeader) part(f io.ReaderAt, i int) *columns.Reader {
	size := h.at[i+1] - h.at[i]
	return columns.NewReader(io.NewSectionReader(f, h.at[i], size), size)
}

// lists are a lexicon's names by number.
func (l *lexicon) lists() [4][]string {
	return [4][]string{l.skills.all(), l.terms.all(), l.regions.all(), l.attrs.all()}
}

// lexicon reads the lexicon of a file.
func (h *snapshotHeader) lexicon(f io.ReaderAt) (*lexicon, error) {
	r := h.part(f, partLexicon)
	var out [4]*interner
	for i, want := range []int{h.limits.Skills, h.limits.Terms, h.limits.Regions, h.limits.Attrs} {
		in := &interner{names: columns.ReadStrings(r)}
		in.index = make(map[string]int32, len(in.names))
		for n, name := range in.names {
			in.index[name] = int32(n)
		}
		if len(in.index) != want || len(in.names) != want {
			r.Fail("%d different names of %d, not %d", len(in.index), len(in.names), want)
		}
		out[i] = in
	}
	if err := r.Done(); err != nil {
		return nil, fmt.Errorf("names: %w", err)
	}
	if len(out[3].names) == 0 || out[3].names[0] != "" {
		return nil, fmt.Errorf("names: %w: the first attribute is not empty", columns.ErrDamaged)
	}
	return &lexicon{out[0], out[1], out[2], out[3]}, nil
}

// loadedRows is the snapshot of a file, to which the feed brings what has changed since.
// Nobody sees it before publish.
type loadedRows struct {
	m       *Market
	w       *world
	stats   *skillStats
	snap    *matcher.Snapshot
	pending matcher.Change
	most    int   // rows of pending
	version int64 // of snap and pending
}

func (l *loadedRows) at() int64 { return l.version }

func (l *loadedRows) begin(length int64) { l.most = int(min(length/6, builderRows)) }

func (l *loadedRows) add(c matcher.Change, version int64) {
	join(&l.pending, &c)
	l.version = max(l.version, version)
	if len(l.pending.PutPrograms)+len(l.pending.PutDemands) >= l.most {
		l.end()
	}
}

func (l *loadedRows) end() {
	if empty(&l.pending) {
		return
	}
	many := len(l.pending.PutPrograms)+len(l.pending.PutDemands) >= builderRows
	l.snap = l.snap.WithAtlas(l.snap.Atlas().Extend(l.w.gazetteer, l.m.lex.regions.all())).With(l.pending)
	l.pending = matcher.Change{}
	for many && l.snap.NeedsMerge() { // an import since the file, say
		l.snap = l.snap.PlanMerge().Apply(l.snap)
	}
}

// publish makes it the current snapshot. Merging a few segments waits for who writes: a
// process that only reads may be asked a single question.
func (l *loadedRows) publish() {
	l.end()
	s := &state{version: l.version, world: l.w, stats: l.stats, snap: l.snap}
	l.m.current.Store(s)
	if l.m.index.Load() != nil {
		l.m.mergeBehind(s)
	}
}

// loadSnapshot reads the file, if there is one that fits: else nil, and the log says why.
// There must be no snapshot yet, since numbers change their meaning. The caller holds
// write.
func (m *Market) loadSnapshot(ctx context.Context, w *world) (*loadedRows, error) {
	began := time.Now()
	path := filepath.Join(m.dir, snapshotFile)
	unused := func(why string) { m.options.Log.Debug("the snapshot file is not used", "file", path, "reason", why) }
	f, err := os.Open(path)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			unused(err.Error())
		}
		return nil, nil
	}
	defer f.Close()
	info, err := f.Stat()
	var h *snapshotHeader
	if err == nil {
		h, err = readSnapshotHeader(f, info.Size())
	}
	if err != nil {
		unused(err.Error())
		return nil, nil
	}
	if why, err := m.misfit(ctx, h, w); err != nil || why != "" {
		if why != "" {
			unused(why)
		}
		return nil, err
	}
	l, lex, err := m.readRows(ctx, f, h, w)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		unused(err.Error())
		return nil, nil
	}
	m.lex = lex
	m.keeping.mu.Lock()
	m.keeping.mark, m.keeping.version = h.mark, h.version
	m.keeping.mu.Unlock()
	programs, demands := l.snap.Size()
	m.options.Log.Debug("the snapshot file is read", "version", h.version, "programs", programs, "demands", demands, "ms", time.Since(began).Milliseconds())
	return l, nil
}

// misfit says why a file is not of this store, world and program; "" if it is.
func (m *Market) misfit(ctx context.Context, h *snapshotHeader, w *world) (string, error) {
	if mark := codeMark(m.options.Software); h.software != mark {
		return fmt.Sprintf("it was written by %q, and this is %q", h.software, mark), nil
	}
	if h.basis != w.basis {
		return "skills, occupations or regions have changed", nil
	}
	marks, err := m.store.Meta(ctx, metaSnapshot)
	if err != nil {
		return "", err
	}
	version, err := m.store.Version(ctx)
	if err != nil {
		return "", err
	}
	if !has(strings.Fields(marks), h.mark) || h.version > version {
		return "it is not of this store", nil
	}
	return "", nil
}

// readRows reads the rows of a file while it works out the space of the world.
func (m *Market) readRows(ctx context.Context, f io.ReaderAt, h *snapshotHeader, w *world) (*loadedRows, *lexicon, error) {
	var kept *matcher.Kept
	var failed error
	var reading sync.WaitGroup
	reading.Go(func() { kept, failed = matcher.Load(h.part(f, partPrograms), h.part(f, partDemands), h.limits) })
	lex, err := h.lexicon(f)
	var stats *skillStats
	if err == nil {
		stats, err = m.firstStats(ctx, w)
	}
	var space *matcher.Space
	if err == nil {
		space = w.space(lex, stats)
	}
	reading.Wait()
	if err := errors.Join(failed, err); err != nil {
		return nil, nil, err
	}
	snap := kept.Snapshot(space, matcher.NewAtlas(w.gazetteer, lex.regions.all()))
	return &loadedRows{m: m, w: w, stats: stats, snap: snap, version: h.version}, lex, nil
}
