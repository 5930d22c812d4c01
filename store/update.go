package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"talentmatch/talent"
)

// Update runs fn in one transaction of the writing connection.
func (s *sqlStore) Update(ctx context.Context, fn func(Tx) error) error {
	leave, err := s.takeTurn(ctx)
	if err != nil {
		return s.fail("update", err)
	}
	defer leave()
	// The transaction does not watch ctx by itself: rolling back behind fn's
	// back would surprise it, and watching costs a goroutine per statement.
	// Every call of Tx looks at ctx instead.
	sqlTx, err := s.writer.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return s.fail("update", err)
	}
	defer sqlTx.Rollback() // nothing, after a commit; also when fn panics
	t, err := beginTx(ctx, s, sqlTx)
	if err != nil {
		return err
	}
	if err := fn(t); err != nil {
		return err
	}
	if err := t.finish(); err != nil {
		return err
	}
	return s.fail("commit to", sqlTx.Commit())
}

// tx is the Tx of one Update.
type tx struct {
	ctx   context.Context // of the caller: asked before each call
	store *sqlStore
	sql   *sql.Tx
	stmts map[string]*sql.Stmt // prepared, by text
	// failed is the first error of the database. SQLite may have rolled back
	// by itself then, and anything further would be committed on its own.
	failed error

	version int64 // of the newest change, this transaction's included
	lastRow int64 // the greatest rowid in use
	adding  bool  // the last record that was put was new
	links   links
}

func beginTx(ctx context.Context, s *sqlStore, sqlTx *sql.Tx) (*tx, error) {
	t := &tx{ctx: ctx, store: s, sql: sqlTx, stmts: map[string]*sql.Stmt{}, links: newLinks(s.bounds)}
	err := t.queryRow("SELECT (SELECT coalesce(max(version), 0) FROM records), (SELECT coalesce(max(rowid), 0) FROM records)",
		[]any{&t.version, &t.lastRow})
	if err != nil {
		return nil, t.fail("update", err)
	}
	return t, nil
}

// ready refuses to go on after a failure or when the caller has given up.
func (t *tx) ready() error {
	if t.failed != nil {
		return t.failed
	}
	if err := t.ctx.Err(); err != nil {
		return fmt.Errorf("update %s: %w", t.store.name, err)
	}
	return nil
}

// fail ends the transaction because of a database error.
func (t *tx) fail(op string, err error) error {
	if err != nil && t.failed == nil {
		t.failed = t.store.fail(op, err)
	}
	return t.failed
}

func (t *tx) prepare(query string) (*sql.Stmt, error) {
	if st, ok := t.stmts[query]; ok {
		return st, nil
	}
	st, err := t.sql.PrepareContext(context.Background(), query)
	if err == nil {
		t.stmts[query] = st
	}
	return st, err
}

// exec returns the number of rows that the statement wrote.
func (t *tx) exec(query string, args ...any) (int64, error) {
	st, err := t.prepare(query)
	if err != nil {
		return 0, err
	}
	r, err := st.ExecContext(context.Background(), args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (t *tx) queryRow(query string, dst []any, args ...any) error {
	st, err := t.prepare(query)
	if err != nil {
		return err
	}
	return st.QueryRowContext(context.Background(), args...).Scan(dst...)
}

// stored is the row of a key; row 0 if the key has none.
type stored struct {
	row     int64
	version int64
	pack    string
	deleted bool
	body    []byte
}

func (r stored) live() bool { return r.row != 0 && !r.deleted }

// expect compares with a version that the caller saw earlier.
func (r stored) expect(k key, ifVersion int64) error {
	switch {
	case ifVersion == Any:
		return nil
	case ifVersion < Any:
		return talent.Invalid("version", strconv.FormatInt(ifVersion, 10), "must be at least 0")
	case r.live() && ifVersion == 0:
		return fmt.Errorf("%s exists already, with version %d: %w", k, r.version, talent.ErrConflict)
	case r.live() && r.version != ifVersion:
		return fmt.Errorf("%s has version %d, not %d: %w", k, r.version, ifVersion, talent.ErrConflict)
	case !r.live() && ifVersion != 0:
		return fmt.Errorf("%s does not exist, expected version %d: %w", k, ifVersion, talent.ErrConflict)
	}
	return nil
}

func (t *tx) find(k key) (stored, error) {
	var r stored
	err := t.queryRow("SELECT rowid, coalesce(version, 0), pack, deleted, body FROM records WHERE type = $1 AND id = $2",
		[]any{&r.row, &r.version, &r.pack, &r.deleted, &r.body}, string(k.t), k.id)
	if errors.Is(err, sql.ErrNoRows) {
		return stored{}, nil
	}
	if err != nil {
		return stored{}, t.fail("read "+k.String()+" of", err)
	}
	return r, nil
}

// Put adds or replaces a record.
func (t *tx) Put(rec talent.Record, pack string, ifVersion int64) (Status, int64, error) {
	if err := t.ready(); err != nil {
		return "", 0, err
	}
	k := key{rec.RecordType(), rec.RecordID()}
	if err := k.check(); err != nil {
		return "", 0, err
	}
	body, err := talent.Encode(rec)
	if err != nil {
		return "", 0, fmt.Errorf("%w: %w", talent.ErrInvalid, err)
	}
	status, old, err := t.write(k, pack, body, ifVersion)
	if err != nil {
		return "", 0, err
	}
	if status == Unchanged {
		return status, old.version, nil
	}
	if err := t.relink(k, old.row, old.body, talent.Refs(rec)); err != nil {
		return "", 0, err
	}
	t.links.arrived(old.row)
	return status, t.version, nil
}

// write stores the record under a new version, unless it is stored already. It
// returns what was there before, under the row that it has now.
func (t *tx) write(k key, pack string, body []byte, ifVersion int64) (Status, stored, error) {
	// An import mostly adds. While it does, inserting without a look first
	// saves the look.
	if t.adding && (ifVersion == Any || ifVersion == 0) {
		if row, err := t.insert(k, pack, body); err != nil || row != 0 {
			return Added, stored{row: row}, err
		}
	}
	old, err := t.find(k)
	if err != nil {
		return "", old, err
	}
	if err := old.expect(k, ifVersion); err != nil {
		return "", old, err
	}
	if t.adding = old.row == 0; t.adding {
		old.row, err = t.insert(k, pack, body)
		return Added, old, err
	}
	if old.live() && bytes.Equal(old.body, body) {
		return Unchanged, old, nil
	}
	t.version++
	_, err = t.exec("UPDATE records SET version = $1, pack = $2, deleted = false, body = $3 WHERE rowid = $4",
		t.version, pack, body, old.row)
	if err != nil {
		return "", old, t.fail("put "+k.String()+" into", err)
	}
	if old.live() {
		return Changed, old, nil
	}
	return Added, old, nil
}

// insert stores a new record under a new version and returns its row; 0, and
// nothing is stored, if the key has a row already.
func (t *tx) insert(k key, pack string, body []byte) (int64, error) {
	n, err := t.exec(`INSERT INTO records (rowid, type, id, version, pack, deleted, body) VALUES ($1, $2, $3, $4, $5, false, $6)
	                  ON CONFLICT (type, id) DO NOTHING`, t.lastRow+1, string(k.t), k.id, t.version+1, pack, body)
	if err != nil {
		return 0, t.fail("put "+k.String()+" into", err)
	}
	if n == 0 {
		return 0, nil
	}
	t.version++
	return t.newRow(), nil
}

func (t *tx) newRow() int64 {
	t.lastRow++
	return t.lastRow
}

// Delete removes a record that nothing else refers to.
func (t *tx) Delete(typ talent.Type, id string, ifVersion int64) (int64, error) {
	if err := t.ready(); err != nil {
		return 0, err
	}
	k := key{typ, id}
	old, err := t.find(k)
	if err != nil {
		return 0, err
	}
	if !old.live() {
		return 0, k.notFound()
	}
	if err := old.expect(k, ifVersion); err != nil {
		return 0, err
	}
	if err := t.unreferenced(k, old.row); err != nil {
		return 0, err
	}
	t.version++
	_, err = t.exec("UPDATE records SET version = $1, deleted = true, body = NULL WHERE rowid = $2", t.version, old.row)
	if err != nil {
		return 0, t.fail("delete "+k.String()+" from", err)
	}
	if err := t.relink(k, old.row, old.body, nil); err != nil {
		return 0, err
	}
	t.links.left(k)
	return t.version, nil
}

// unreferenced returns a *ReferencedError if the record is still needed.
func (t *tx) unreferenced(k key, row int64) error {
	if k.builtin() {
		return nil // the built-in region takes its place
	}
	if err := t.flush(); err != nil {
		return err
	}
	list, total, err := referrers(context.Background(), t.sql, k, row, maxReferrers)
	if err != nil {
		return t.fail("find referrers of "+k.String()+" in", err)
	}
	if total > 0 {
		return &ReferencedError{Type: k.t, ID: k.id, Referrers: list, Total: total}
	}
	return nil
}

// Get is one record as the transaction sees it.
func (t *tx) Get(typ talent.Type, id string) (Item, error) {
	if err := t.ready(); err != nil {
		return Item{}, err
	}
	k := key{typ, id}
	r, err := t.find(k)
	if err != nil {
		return Item{}, err
	}
	if !r.live() {
		return Item{}, k.notFound()
	}
	return Item{Type: typ, ID: id, Version: r.version, Pack: r.pack, Body: r.body}, nil
}

// Has reports whether the record is stored.
func (t *tx) Has(typ talent.Type, id string) (bool, error) {
	if err := t.ready(); err != nil {
		return false, err
	}
	var n int
	err := t.queryRow("SELECT count(*) FROM records WHERE type = $1 AND id = $2 AND NOT deleted", []any{&n}, string(typ), id)
	if err != nil {
		return false, t.fail("look for "+key{typ, id}.String()+" in", err)
	}
	return n > 0, nil
}

// SetMeta keeps a named value.
func (t *tx) SetMeta(name, value string) error {
	if err := t.ready(); err != nil {
		return err
	}
	if name == "" {
		return talent.Invalid("key", "", "must not be empty")
	}
	var err error
	if value == "" {
		_, err = t.exec("DELETE FROM meta WHERE key = $1", name)
	} else {
		_, err = t.exec("INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value", name, value)
	}
	if err != nil {
		return t.fail("set meta "+talent.Shorten(name)+" of", err)
	}
	return nil
}
