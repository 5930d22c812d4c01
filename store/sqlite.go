package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"talentmatch/talent"
)

//go:embed migrations/sqlite/*.sql
var migrations embed.FS

// busyTimeout is how long a writer waits for another process's transaction.
const busyTimeout = 5 * time.Second

// OpenSQLite opens the store in the SQLite file at path. A new file is readable
// by its owner only; its folder must exist. ":memory:" is a private store that
// Close forgets: files in a temporary folder, so that it behaves like any other
// (SQLite's own in-memory databases make readers wait for the writer), without
// waiting for the disk.
//
// A file that is not a store, or that a newer talentmatch wrote, is
// talent.ErrUnsupported.
func OpenSQLite(path string) (Store, error) { return openSQLite(path, busyTimeout) }

func openSQLite(path string, busy time.Duration) (*sqlStore, error) {
	s := &sqlStore{name: path, explain: explainSQLite, bounds: defaultBounds, turn: make(chan struct{}, 1), done: make(chan struct{})}
	if path == ":memory:" {
		dir, err := os.MkdirTemp("", "talentmatch-store-")
		if err != nil {
			return nil, fmt.Errorf("open store %s: %w", path, err)
		}
		s.private, path = dir, filepath.Join(dir, "store.db")
	}
	if err := s.open(path, busy); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func (s *sqlStore) open(path string, busy time.Duration) error {
	path, err := filepath.Abs(path)
	if err == nil {
		err = createPrivate(path)
	}
	if err != nil {
		return fmt.Errorf("open store %s: %w", s.name, err)
	}
	durable := s.private == ""
	if s.writer, err = sql.Open("sqlite", writerDSN(path, busy, durable)); err != nil {
		return s.fail("open store", err)
	}
	s.writer.SetMaxOpenConns(1)
	if err := s.migrate(context.Background()); err != nil {
		return err
	}
	if s.readers, err = sql.Open("sqlite", readerDSN(path, busy, durable)); err != nil {
		return s.fail("open store", err)
	}
	s.copyDSN = dsn(path, busy, durable, url.Values{})
	n := max(4, 2*runtime.GOMAXPROCS(0))
	s.readers.SetMaxOpenConns(n)
	s.readers.SetMaxIdleConns(n)
	return s.fail("open store", s.readers.Ping())
}

// createPrivate makes an empty file for its owner only, unless there is one; the
// files that SQLite puts beside it inherit its mode.
func createPrivate(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// writerDSN is for the one connection that writes: its transactions take the
// write lock at once, so that two processes cannot both read first and then
// deadlock. 64 MB of cache keep the references' B-tree in memory during imports;
// the write-ahead log is cut to 64 MB after a big one.
func writerDSN(path string, busy time.Duration, durable bool) string {
	return dsn(path, busy, durable, url.Values{"_txlock": {"immediate"}}, "cache_size(-65536)", "journal_size_limit(67108864)")
}

func readerDSN(path string, busy time.Duration, durable bool) string {
	return dsn(path, busy, durable, url.Values{}, "cache_size(-8192)", "query_only(1)")
}

// dsn names the database in a form that takes any path, with the pragmas that
// each new connection runs first: most of them hold for a connection, not for
// the file.
func dsn(path string, busy time.Duration, durable bool, query url.Values, more ...string) string {
	synchronous := "synchronous(FULL)"
	if !durable {
		synchronous = "synchronous(OFF)"
	}
	query["_pragma"] = append([]string{
		fmt.Sprintf("busy_timeout(%d)", busy.Milliseconds()),
		"journal_mode(WAL)", synchronous, "foreign_keys(1)",
	}, more...)
	query.Set("_dqs", "0") // a misspelt column is an error, not a string
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: query.Encode()}
	return u.String()
}

func (s *sqlStore) migrate(ctx context.Context) error {
	dir, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, s.writer, dir,
		goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return s.fail("migrate store", err)
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return s.fail("open store", err)
	}
	if have > want {
		return fmt.Errorf("open store %s: it has schema %d and this program knows up to %d; use a newer talentmatch: %w",
			s.name, have, want, talent.ErrUnsupported)
	}
	if have < want {
		_, err = p.Up(ctx)
	}
	return s.fail("migrate store", err)
}

// explainSQLite puts SQLite's result codes into a kind and plain words. The
// extended codes share their low byte with the primary one.
func explainSQLite(err error) (why string, kind error) {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return "", nil
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL:
		return "locked by another process", talent.ErrUnavailable
	case sqlite3.SQLITE_FULL:
		return "the disk is full", talent.ErrUnavailable
	case sqlite3.SQLITE_IOERR:
		return "the disk cannot be read or written", talent.ErrUnavailable
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY:
		return "the file cannot be opened for writing", talent.ErrUnavailable
	case sqlite3.SQLITE_NOTADB:
		return "the file is not a store", talent.ErrUnsupported
	}
	return "", nil
}

// Backup writes a compact copy of the last committed state to a new file,
// durably. It does not overwrite: an existing file is an error (fs.ErrExist).
func (s *sqlStore) Backup(ctx context.Context, path string) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("backup to %s: %w", path, err)
	}
	// SQLite writes into an empty file, but not into any other: making it first
	// decides who owns it and keeps the copy as private as the store.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	defer f.Close()
	if err = s.copyTo(ctx, path); err == nil {
		err = errors.Join(f.Sync(), syncDir(filepath.Dir(path)))
	}
	if err != nil {
		os.Remove(path)
		return s.fail("backup to "+path, err)
	}
	return nil
}

// copyTo copies over a connection of its own: the readers' may not write at all,
// and the writer should not wait for a copy of everything.
func (s *sqlStore) copyTo(ctx context.Context, path string) error {
	if s.isClosed() {
		return errClosed // opening it again would make SQLite's files anew
	}
	db, err := sql.Open("sqlite", s.copyDSN)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, "VACUUM INTO $1", path)
	return err
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
