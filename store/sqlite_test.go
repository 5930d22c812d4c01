package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"talentmatch/talent"
)

func openAt(t testing.TB, path string) *sqlStore {
	t.Helper()
	s, err := openSQLite(path, 100*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestSQLite(t *testing.T) {
	testStore(t, func() Store { return openAt(t, filepath.Join(t.TempDir(), "store.db")) })
}

func TestSQLiteMemory(t *testing.T) {
	testStore(t, func() Store { return openAt(t, ":memory:") })
	a, b := openAt(t, ":memory:"), openAt(t, ":memory:")
	update(t, a, func(tx Tx) { put(t, tx, skill("sk.a", "甲")) })
	if v, err := b.Version(ctx); v != 0 || err != nil {
		t.Errorf("two private stores share version %d, %v", v, err)
	}
	dir := a.private
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s stays: %v", dir, err)
	}
}

// Paths that mean something in a URI or to SQLite are paths all the same.
func TestOddPathsReopenAndMode(t *testing.T) {
	for _, name := range []string{"store.db", "人才 库?mode=ro#1%41&.db", "file:x.db"} {
		path := filepath.Join(t.TempDir(), name)
		s := openAt(t, path)
		update(t, s, func(tx Tx) {
			put(t, tx, skill("sk.a", "甲"))
			put(t, tx, skill("sk.b", "乙", "sk.a"))
			if err := tx.SetMeta("k", "值"); err != nil {
				t.Error(err)
			}
		})
		for _, f := range []string{path, path + "-wal"} {
			if fi, err := os.Stat(f); err != nil || fi.Mode().Perm() != 0o600 {
				t.Errorf("%s: %v, %v", f, fi, err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = openAt(t, path)
		wantChanges(t, s, 0, 10, "sk.a@1 sk.b@2")
		if v, err := s.Meta(ctx, "k"); v != "值" || err != nil {
			t.Errorf("meta %q, %v", v, err)
		}
		update(t, s, func(tx Tx) {
			if _, v := put(t, tx, skill("sk.c", "丙")); v != 3 {
				t.Errorf("version goes on at %d", v)
			}
		})
		if err := s.Check(ctx); err != nil {
			t.Error(err)
		}
	}
}

// Most pragmas hold for one connection: every one of the pool must have them.
func TestPragmasOnEveryConnection(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "store.db"))
	want := map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "100"}
	check := func(db *sql.DB, n int, queryOnly string) {
		t.Helper()
		want["query_only"] = queryOnly
		var conns []*sql.Conn
		for range n {
			c, err := db.Conn(ctx)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			conns = append(conns, c) // all held at once, so all different
		}
		for i, c := range conns {
			for name, value := range want {
				var got string
				if err := c.QueryRowContext(ctx, "PRAGMA "+name).Scan(&got); err != nil || got != value {
					t.Errorf("connection %d: %s = %s, %v; want %s", i, name, got, err, value)
				}
			}
		}
	}
	check(s.writer, 1, "0")
	check(s.readers, s.readers.Stats().MaxOpenConnections, "1")
	if n := s.writer.Stats().MaxOpenConnections; n != 1 {
		t.Errorf("%d writing connections", n)
	}
}

func TestLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s, other := openAt(t, path), openAt(t, path)
	update(t, s, func(tx Tx) { // holds the lock, as another process would
		wantErr(t, other.Update(ctx, func(Tx) error { return nil }), talent.ErrUnavailable, "locked by another process", path)
		if _, err := other.Version(ctx); err != nil {
			t.Errorf("readers wait: %v", err)
		}
		put(t, tx, skill("sk.a", "甲"))
	})
	update(t, other, func(tx Tx) {
		if _, v := put(t, tx, skill("sk.b", "乙")); v != 2 {
			t.Errorf("version %d: the other's write was not seen", v)
		}
	})
}

// More links and keys than a Tx remembers at once.
func TestManyLinks(t *testing.T) {
	s := openAt(t, ":memory:")
	s.bounds = bounds{pending: 1000, cached: 50, waiting: 400}
	const skills, demands, each = 400, 30, 170
	update(t, s, func(tx Tx) {
		put(t, tx, employer("e1"))
		for d := range demands {
			list := make([]string, each)
			for i := range list {
				list[i] = fmt.Sprintf("s%d", (d*each+i)%skills)
			}
			put(t, tx, demand(fmt.Sprintf("d%d", d), "e1", list...))
		}
		for i := range skills {
			put(t, tx, skill(fmt.Sprintf("s%d", i), "名"))
		}
	})
	// 30 * 170 = 5,100 links over 400 skills: 12 each, and the first 300 one more.
	for id, want := range map[string]int{"s0": 13, "s299": 13, "s300": 12, "s399": 12} {
		if _, n, err := s.Referrers(ctx, talent.TypeSkill, id, 0); n != want || err != nil {
			t.Errorf("%s: %d referrers, %v; want %d", id, n, err, want)
		}
	}
	if err := s.Check(ctx); err != nil {
		t.Error(err)
	}
	err := s.Update(ctx, func(tx Tx) error {
		for i := range 401 {
			if _, _, err := tx.Put(demand(fmt.Sprintf("x%d", i), "e1", fmt.Sprintf("gone%d", i)), "", Any); err != nil && i < 400 {
				t.Fatal(i, err)
			}
		}
		return nil
	})
	wantErr(t, err, talent.ErrTooLarge, "more than 400 missing records", "skill gone400")
	if n, err := s.Counts(ctx); err != nil || n[talent.TypeDemand] != demands {
		t.Errorf("counts %v, %v", n, err)
	}
}

// A writer that waits for its turn gives up with its context.
func TestWaitingGivesUp(t *testing.T) {
	s := openAt(t, ":memory:")
	update(t, s, func(Tx) {
		short, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
		defer cancel()
		wantErr(t, s.Update(short, func(Tx) error { return nil }), context.DeadlineExceeded)
	})
}

func TestDiskFull(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "store.db"))
	update(t, s, func(tx Tx) { put(t, tx, skill("sk.a", "甲")) })
	if _, err := s.writer.Exec("PRAGMA max_page_count = 40"); err != nil {
		t.Fatal(err)
	}
	big := skill("sk.big", "大")
	big.Text = strings.Repeat("长文本", 50_000)
	err := s.Update(ctx, func(tx Tx) error {
		put(t, tx, skill("sk.b", "乙"))
		_, _, first := tx.Put(big, "", Any)
		wantErr(t, first, talent.ErrUnavailable, "the disk is full")
		// SQLite has rolled back by itself: nothing may get in behind that.
		if _, _, err := tx.Put(skill("sk.c", "丙"), "", Any); err != first {
			t.Errorf("put after a failure: %v", err)
		}
		return nil // forgetting the error does not commit the rest
	})
	wantErr(t, err, talent.ErrUnavailable, "the disk is full")
	wantChanges(t, s, 0, 10, "sk.a@1")
	update(t, s, func(tx Tx) { put(t, tx, skill("sk.d", "丁")) })
	wantChanges(t, s, 0, 10, "sk.a@1 sk.d@2")
}

func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text.db")
	if err := os.WriteFile(text, []byte(strings.Repeat("这不是数据库\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := OpenSQLite(text)
	wantErr(t, err, talent.ErrUnsupported, text, "not a store")
	_, err = OpenSQLite(filepath.Join(dir, "no", "store.db"))
	wantErr(t, err, fs.ErrNotExist, "no")
	_, err = OpenSQLite(dir)
	wantErr(t, err, talent.ErrUnavailable, dir)

	newer := filepath.Join(dir, "newer.db")
	s := openAt(t, newer)
	if _, err := s.writer.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)"); err != nil {
		t.Fatal(err)
	}
	s.Close()
	_, err = OpenSQLite(newer)
	wantErr(t, err, talent.ErrUnsupported, "newer talentmatch")
}

func TestBackup(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "store.db"))
	update(t, s, func(tx Tx) {
		put(t, tx, employer("e1"))
		put(t, tx, demand("d1", "e1"))
		put(t, tx, skill("sk.gone", "删"))
		if _, err := tx.Delete(talent.TypeSkill, "sk.gone", Any); err != nil {
			t.Error(err)
		}
	})
	path := filepath.Join(t.TempDir(), "备份 1.db")
	update(t, s, func(tx Tx) { // while somebody writes
		put(t, tx, skill("sk.new", "新"))
		if err := s.Backup(ctx, path); err != nil {
			t.Fatal(err)
		}
	})
	wantErr(t, s.Backup(ctx, path), fs.ErrExist, path)
	if fi, err := os.Stat(path); err != nil || fi.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", fi, err)
	}
	b := openAt(t, path)
	wantChanges(t, b, 0, 10, "e1@1 d1@2 -sk.gone@4")
	if err := b.Check(ctx); err != nil {
		t.Error(err)
	}
	bad := filepath.Join(t.TempDir(), "no", "b.db")
	wantErr(t, s.Backup(ctx, bad), fs.ErrNotExist)
	gone, cancel := context.WithCancel(ctx)
	cancel()
	cut := filepath.Join(t.TempDir(), "cut.db")
	wantErr(t, s.Backup(gone, cut), context.Canceled)
	if _, err := os.Stat(cut); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("half a backup stays: %v", err)
	}
}

// Check must see what should never happen.
func TestCheckFindsDamage(t *testing.T) {
	for _, c := range []struct{ sql, want string }{
		{"DELETE FROM refs WHERE from_row = (SELECT rowid FROM records WHERE id = 'd1') AND to_row = (SELECT rowid FROM records WHERE id = 'sk.a')",
			"the link from demand d1 to skill sk.a is lost"},
		{"INSERT INTO refs SELECT rowid, rowid FROM records WHERE id = 'sk.a'", "1 links are kept that no record holds"},
		{"UPDATE records SET deleted = 1, body = NULL WHERE id = 'e1'", "demand d1: employer refers to organization e1: which does not exist"},
		{"UPDATE records SET id = 'd9' WHERE id = 'd1'", "demand d1 is kept as demand d9"},
		{"UPDATE records SET body = '{' WHERE id = 'd1'", "demand d1"},
	} {
		s := openAt(t, filepath.Join(t.TempDir(), "store.db"))
		update(t, s, func(tx Tx) {
			put(t, tx, employer("e1"))
			put(t, tx, skill("sk.a", "甲"))
			put(t, tx, demand("d1", "e1", "sk.a"))
		})
		if err := s.Check(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := s.writer.Exec(c.sql); err != nil {
			t.Fatal(err)
		}
		if err := s.Check(ctx); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.sql, err, c.want)
		}
	}
}

func TestCheckFindsBrokenFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := openAt(t, path)
	update(t, s, func(tx Tx) {
		for i := range 500 {
			put(t, tx, skill(fmt.Sprintf("sk.%d", i), strings.Repeat("名", 60)))
		}
	})
	s.Close()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	fi, err := f.Stat()
	if err == nil {
		_, err = f.WriteAt([]byte(strings.Repeat("坏", 5000)), fi.Size()/2)
	}
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	if err := openAt(t, path).Check(ctx); err == nil {
		t.Error("Check sees nothing in a file with 15 kB overwritten")
	}
}
