package index

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"
	bleveindex "github.com/blevesearch/bleve_index_api"
	zap "github.com/blevesearch/zapx/v17"

	"talentmatch/talent"
)

func init() {
	// Before it encodes a batch, zap reserves as much memory a document as the last
	// batch of this process took: after a single record of 100,000 characters, gigabytes
	// for a thousand short ones. Growing as needed costs nothing that can be measured.
	zap.NewSegmentBufferNumResultsFactor = 0
}

// What the index keeps beside its documents, each committed with a batch.
var (
	keyVersion = []byte("talentmatch.version") // of the change feed, decimal
	keyMapping = []byte("talentmatch.mapping") // mappingVersion at creation
)

// lockTimeout is how long Open waits for another process to let go.
const lockTimeout = "1s"

// Index is an open index. Its methods may be called concurrently; searches never
// wait for Apply.
type Index struct {
	dir     string // "" is in memory
	mapping *mapping.IndexMappingImpl
	rebuilt bool

	apply sync.Mutex // one Apply or Writer at a time

	// mu is held for reading during every use of idx, for writing while it is
	// replaced or closed.
	mu      sync.RWMutex
	idx     bleve.Index // nil once closed
	version atomic.Int64

	columns columns // of facets
}

// Open opens the index in dir, making it if there is none; "" makes one in memory.
// An index that is corrupt or was written with another mapping is thrown away and
// made anew, empty: Version is then 0 and Rebuilt true. Only the two entries that
// bleve made in dir are ever deleted.
//
// It is talent.ErrUnavailable if another process has the folder open, or if the
// system is out of space, files or rights.
func Open(dir string) (*Index, error) {
	x := &Index{dir: dir, mapping: newMapping()}
	if !x.exists() {
		return x, x.create()
	}
	err := x.load()
	if err == nil {
		return x, nil
	}
	if errors.Is(err, talent.ErrUnavailable) {
		return nil, err
	}
	if err := x.remove(); err != nil {
		return nil, err
	}
	x.rebuilt = true
	return x, x.create()
}

// files are the entries that bleve makes in a folder.
func (x *Index) files() []string {
	return []string{
		filepath.Join(x.dir, "index_meta.json"),
		filepath.Join(x.dir, "index_meta.json_temp"),
		filepath.Join(x.dir, "store"),
	}
}

func (x *Index) exists() bool {
	if x.dir == "" {
		return false
	}
	for _, f := range x.files() {
		if _, err := os.Lstat(f); !errors.Is(err, fs.ErrNotExist) {
			return true
		}
	}
	return false
}

func (x *Index) remove() error {
	if x.dir == "" {
		return nil
	}
	for _, f := range x.files() {
		if err := os.RemoveAll(f); err != nil {
			return x.wrap("delete", err)
		}
	}
	return nil
}

// create makes an empty index.
func (x *Index) create() error {
	version, err := mappingVersion(x.mapping)
	if err != nil {
		return err
	}
	idx, err := bleve.NewUsing(x.dir, x.mapping, scorch.Name, scorch.Name, map[string]any{"bolt_timeout": lockTimeout})
	if err != nil {
		return x.wrap("create", err)
	}
	if err := idx.SetInternal(keyMapping, []byte(version)); err != nil {
		idx.Close()
		return x.wrap("create", err)
	}
	x.idx = idx
	x.columns.clear()
	x.version.Store(0)
	return nil
}

// load opens what is in the folder and checks that it is ours.
func (x *Index) load() (err error) {
	// bleve panics on some broken folders (it closes a channel that it has not
	// made yet): that is a corrupt index like any other.
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("open index %s: corrupt: %v", x.dir, p)
		}
	}()
	idx, err := bleve.OpenUsing(x.dir, map[string]any{"bolt_timeout": lockTimeout})
	if err != nil {
		return x.wrap("open", err)
	}
	version, err := x.recognise(idx)
	if err != nil {
		idx.Close()
		return err
	}
	x.idx = idx
	x.version.Store(version)
	return nil
}

// recognise is the version of an index that was written with our mapping.
func (x *Index) recognise(idx bleve.Index) (int64, error) {
	want, err := mappingVersion(x.mapping)
	if err != nil {
		return 0, err
	}
	have, err := idx.GetInternal(keyMapping)
	if err != nil {
		return 0, x.wrap("open", err)
	}
	if string(have) != want {
		return 0, fmt.Errorf("open index %s: written with mapping %q, this program has %q", x.dir, have, want)
	}
	version, err := idx.GetInternal(keyVersion)
	if err != nil {
		return 0, x.wrap("open", err)
	}
	return parseVersion(version)
}

// parseVersion reads a stored version; none is 0.
func parseVersion(b []byte) (int64, error) {
	if len(b) == 0 {
		return 0, nil
	}
	v, err := strconv.ParseInt(string(b), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("index version: %w", err)
	}
	return v, nil
}

// wrap names the folder, and tells what time or the operator can mend from what
// cannot be mended.
func (x *Index) wrap(op string, err error) error {
	name := x.dir
	if name == "" {
		name = "in memory"
	}
	// bolt's lock error is known by its text alone, without a new dependency.
	if err.Error() == "timeout" {
		return fmt.Errorf("%s index %s: %w: another process has it open; stop that one or use another folder", op, name, talent.ErrUnavailable)
	}
	for _, e := range []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EMFILE, syscall.ENFILE, syscall.EACCES, syscall.EPERM, syscall.EROFS, syscall.ENOMEM} {
		// bleve formats some causes with %v, which leaves only their text.
		if errors.Is(err, e) || strings.HasSuffix(err.Error(), ": "+e.Error()) {
			return fmt.Errorf("%s index %s: %w: %w", op, name, talent.ErrUnavailable, err)
		}
	}
	return fmt.Errorf("%s index %s: %w", op, name, err)
}

// errClosed is what every method of a closed index answers.
var errClosed = fmt.Errorf("index: %w: it is closed", talent.ErrUnavailable)

// Rebuilt reports whether Open threw an unusable index away.
func (x *Index) Rebuilt() bool { return x.rebuilt }

// Version is the version of the change feed up to which the index is complete; 0
// for a new one.
func (x *Index) Version() int64 { return x.version.Load() }

// Apply deletes, then puts, and takes the version, all or nothing: when it returns
// nil this is on disk and the next search sees it. Several thousand docs a call
// index fastest; all of them are held in memory meanwhile.
//
// A version below the index's own is a talent.ErrConflict: the change feed has
// been set back, and only Reset helps. After an error from the disk (mostly
// talent.ErrUnavailable) the same call may be repeated.
func (x *Index) Apply(ctx context.Context, puts []Doc, deletes []Key, version int64) error {
	x.apply.Lock()
	defer x.apply.Unlock()
	return x.write(ctx, puts, deletes, version)
}

// write is Apply for who holds apply.
func (x *Index) write(ctx context.Context, puts []Doc, deletes []Key, version int64) error {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.idx == nil {
		return errClosed
	}
	if current := x.Version(); version < current {
		return fmt.Errorf("index: %w: it is at version %d and cannot go back to %d", talent.ErrConflict, current, version)
	}
	batch, err := newBatch(ctx, x.idx, puts, deletes)
	if err != nil {
		return err
	}
	batch.SetInternal(keyVersion, strconv.AppendInt(nil, version, 10))
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := x.idx.Batch(batch); err != nil {
		return x.wrap("write", err)
	}
	x.version.Store(version)
	return nil
}

func newBatch(ctx context.Context, idx bleve.Index, puts []Doc, deletes []Key) (*bleve.Batch, error) {
	batch := idx.NewBatch()
	for _, k := range deletes {
		if err := k.check(); err != nil {
			return nil, err
		}
		batch.Delete(k.String())
	}
	for i, d := range puts {
		if i%256 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err := d.Key().check(); err != nil {
			return nil, err
		}
		if err := batch.Index(d.Key().String(), newEntry(d)); err != nil {
			return nil, fmt.Errorf("index %s %s: %w", d.Type, d.ID, err)
		}
	}
	return batch, nil
}

// Count is the number of records in the index.
func (x *Index) Count() (uint64, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.idx == nil {
		return 0, errClosed
	}
	return x.idx.DocCount()
}

// Reset empties the index and sets its version to 0. It waits for searches to
// end.
func (x *Index) Reset() error {
	x.apply.Lock()
	defer x.apply.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.idx == nil {
		return errClosed
	}
	err := x.idx.Close()
	x.idx = nil
	x.version.Store(0)
	if err != nil {
		return x.wrap("close", err)
	}
	if err := x.remove(); err != nil {
		return err
	}
	return x.create()
}

// Close waits for searches to end and lets go of the folder. Closing twice is no
// error.
func (x *Index) Close() error {
	x.apply.Lock()
	defer x.apply.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.idx == nil {
		return nil
	}
	err := x.idx.Close()
	x.idx = nil
	if err != nil {
		return x.wrap("close", err)
	}
	return nil
}

// read calls fn with one consistent view of the index.
func (x *Index) read(fn func(r bleveindex.IndexReader) error) (err error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.idx == nil {
		return errClosed
	}
	low, err := x.idx.Advanced()
	if err != nil {
		return x.wrap("read", err)
	}
	r, err := low.Reader()
	if err != nil {
		return x.wrap("read", err)
	}
	defer func() {
		if cerr := r.Close(); err == nil && cerr != nil {
			err = x.wrap("read", cerr)
		}
	}()
	return fn(r)
}
