package store

import (
	"context"

	"talentmatch/talent"
)

// Item is one stored record, or what the feed says of a deleted one.
type Item struct {
	Type    talent.Type
	ID      string
	Version int64  // of its last change
	Pack    string // the pack that brought it, "" for users' own records
	Deleted bool
	Body    []byte // talent.Encode's bytes; nil when Deleted
}

// Record reads the item's body; talent.ErrNotFound for a deleted record.
func (it Item) Record() (talent.Record, error) {
	if it.Deleted {
		return nil, key{it.Type, it.ID}.notFound()
	}
	return talent.Parse(it.Type, it.Body)
}

// Status is what a write did, or would do, to a record.
type Status string

// The things that a write can do.
const (
	Added     Status = "added"
	Changed   Status = "changed"
	Unchanged Status = "unchanged"
	Deleted   Status = "deleted"
)

// Any is the ifVersion of a write that does not care what is stored.
const Any int64 = -1

// Tx is the writing side of one Update. It belongs to the goroutine that runs
// the function and ends with it. It sees its own writes. Errors of the kinds
// named below leave it usable; after any other (a full disk, say) every further
// call fails and the Update with it.
type Tx interface {
	// Put adds or replaces a record. The same body is Unchanged, keeps its pack and
	// takes no version; a record that was deleted is Added again.
	// It returns the record's version. ifVersion is Any; 0 when the record must
	// not exist; else the version that must be stored: talent.ErrConflict.
	// A malformed key is talent.ErrInvalid.
	Put(rec talent.Record, pack string, ifVersion int64) (Status, int64, error)
	// Delete removes a record and returns the version of that change:
	// talent.ErrNotFound if there is none, talent.ErrConflict as for Put, a
	// *ReferencedError if other records refer to it at this point of the
	// transaction. A record over a built-in region can always go.
	Delete(t talent.Type, id string, ifVersion int64) (int64, error)
	// Get is the record as the transaction sees it; talent.ErrNotFound.
	Get(t talent.Type, id string) (Item, error)
	// Has reports whether the record is stored. Built-in regions that nobody
	// imported are not: see talent.IsBuiltinRegion.
	Has(t talent.Type, id string) (bool, error)
	// SetMeta keeps a named value; "" forgets the name.
	SetMeta(key, value string) error
}

// Store is a system of record. Its methods may be called at the same time.
// A store that is closed, locked by another process, or out of disk space
// answers talent.ErrUnavailable.
type Store interface {
	// Update runs fn in one transaction, which is committed durably when Update
	// returns nil and leaves nothing behind otherwise. References may point
	// forward inside one Update; before the commit each must have arrived
	// (built-in regions always are there), else a *DanglingError. Updates take
	// turns, so fn must not call Update; reading from the store is allowed and
	// sees the state before.
	Update(ctx context.Context, fn func(Tx) error) error

	// Get is one record; talent.ErrNotFound.
	Get(ctx context.Context, t talent.Type, id string) (Item, error)
	// List is up to limit (>= 1) records of a type whose id is greater than
	// after, by id in byte order.
	List(ctx context.Context, t talent.Type, after string, limit int) ([]Item, error)
	// Changes is up to limit (>= 1) records whose last change is newer than
	// version since, by version, deleted ones included.
	Changes(ctx context.Context, since int64, limit int) ([]Item, error)
	// Referrers is up to limit (>= 0) records that refer to a record, each with
	// the first field that does so, in the order in which they were first
	// stored, and how many there are in all. Nothing refers to an unknown record.
	Referrers(ctx context.Context, t talent.Type, id string, limit int) ([]Referrer, int, error)
	// Referring is a page of the records that refer to a record and whose last
	// change is no newer than version until: up to limit (>= 1) of them, in the
	// order in which they were first stored, behind the page that ended at after
	// (0 for the first). next is the after of the next page, 0 when there is none.
	Referring(ctx context.Context, t talent.Type, id string, until, after int64, limit int) (items []Item, next int64, err error)
	// Version is that of the newest change; 0 for an empty store.
	Version(ctx context.Context) (int64, error)
	// Counts is the number of records of each type that has any.
	Counts(ctx context.Context) (map[talent.Type]int, error)
	// Meta is a named value, "" if there is none.
	Meta(ctx context.Context, key string) (string, error)
	// MetaPrefix is every named value whose name starts with prefix.
	MetaPrefix(ctx context.Context, prefix string) (map[string]string, error)

	// Check reads everything and compares it with itself: the database's own
	// integrity, every body with its key, every reference with the bodies.
	Check(ctx context.Context) error
	// Backup writes a consistent copy to a new file while the store is in use.
	Backup(ctx context.Context, path string) error
	// Close ends the store; a running Update finishes first.
	Close() error
}
