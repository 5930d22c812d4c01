package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"talentmatch/talent"
)

// itemColumns is what scanItem reads. A key that was only named has version 0.
const itemColumns = "type, id, coalesce(version, 0), pack, deleted, body"

func scanItem(scan func(...any) error) (Item, error) {
	var it Item
	err := scan(&it.Type, &it.ID, &it.Version, &it.Pack, &it.Deleted, &it.Body)
	return it, err
}

// Get is one record.
func (s *sqlStore) Get(ctx context.Context, t talent.Type, id string) (Item, error) {
	k := key{t, id}
	it, err := scanItem(s.readers.QueryRowContext(ctx,
		"SELECT "+itemColumns+" FROM records WHERE type = $1 AND id = $2 AND NOT deleted", string(t), id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return Item{}, k.notFound()
	}
	return it, s.fail("get "+k.String(), err)
}

// List pages through a type by id.
func (s *sqlStore) List(ctx context.Context, t talent.Type, after string, limit int) ([]Item, error) {
	return s.items(ctx, "list "+t.Plural(), limit, "SELECT "+itemColumns+
		" FROM records WHERE type = $1 AND id > $2 AND NOT deleted ORDER BY id LIMIT $3", string(t), after, limit)
}

// Changes pages through the change feed.
func (s *sqlStore) Changes(ctx context.Context, since int64, limit int) ([]Item, error) {
	return s.items(ctx, "read changes of", limit, "SELECT "+itemColumns+
		" FROM records WHERE version > $1 ORDER BY version LIMIT $2", since, limit)
}

func (s *sqlStore) items(ctx context.Context, op string, limit int, query string, args ...any) ([]Item, error) {
	if limit < 1 {
		return nil, talent.Invalid("limit", strconv.Itoa(limit), "must be at least 1")
	}
	var out []Item
	err := each(ctx, s.readers, func(rows *sql.Rows) error {
		it, err := scanItem(rows.Scan)
		out = append(out, it)
		return err
	}, query, args...)
	if err != nil {
		return nil, s.fail(op, err)
	}
	return out, nil
}

// Referrers is who refers to a record.
func (s *sqlStore) Referrers(ctx context.Context, t talent.Type, id string, limit int) ([]Referrer, int, error) {
	k := key{t, id}
	if limit < 0 {
		return nil, 0, talent.Invalid("limit", strconv.Itoa(limit), "must be at least 0")
	}
	op := "find referrers of " + k.String() + " in"
	tx, err := s.readers.BeginTx(ctx, nil) // list and total of one state
	if err != nil {
		return nil, 0, s.fail(op, err)
	}
	defer tx.Rollback()
	var row int64
	err = tx.QueryRowContext(ctx, "SELECT rowid FROM records WHERE type = $1 AND id = $2", string(t), id).Scan(&row)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, s.fail(op, err)
	}
	list, total, err := referrers(ctx, tx, k, row, limit)
	return list, total, s.fail(op, err)
}

// referrers lists up to limit of the other records that refer to the key of
// that row, by row, and counts them all.
func referrers(ctx context.Context, q querier, k key, row int64, limit int) ([]Referrer, int, error) {
	var total int
	err := q.QueryRowContext(ctx, "SELECT count(*) FROM refs WHERE to_row = $1 AND from_row <> $1", row).Scan(&total)
	if err != nil || total == 0 || limit == 0 {
		return nil, total, err
	}
	var out []Referrer
	err = each(ctx, q, func(rows *sql.Rows) error {
		var r Referrer
		var body []byte
		if err := rows.Scan(&r.Type, &r.ID, &body); err != nil {
			return err
		}
		rec, err := talent.Parse(r.Type, body)
		if err != nil {
			return fmt.Errorf("%s %s: %w", r.Type, r.ID, err)
		}
		for _, ref := range talent.Refs(rec) {
			if ref.Type == k.t && ref.ID == k.id {
				r.Path = ref.Path
				break
			}
		}
		out = append(out, r)
		return nil
	}, `SELECT r.type, r.id, r.body FROM refs JOIN records r ON r.rowid = refs.from_row
	    WHERE refs.to_row = $1 AND refs.from_row <> $1 ORDER BY refs.from_row LIMIT $2`, row, limit)
	return out, total, err
}

// Referring pages through the older ones of those that refer to a record. Newer ones
// are not read, only looked at.
func (s *sqlStore) Referring(ctx context.Context, t talent.Type, id string, until, after int64, limit int) ([]Item, int64, error) {
	if limit < 1 {
		return nil, 0, talent.Invalid("limit", strconv.Itoa(limit), "must be at least 1")
	}
	var out []Item
	var last int64
	err := each(ctx, s.readers, func(rows *sql.Rows) error {
		it, err := scanItem(func(dst ...any) error { return rows.Scan(append([]any{&last}, dst...)...) })
		out = append(out, it)
		return err
	}, `SELECT r.rowid, `+itemColumns+` FROM refs JOIN records r ON r.rowid = refs.from_row
	    WHERE refs.to_row = (SELECT rowid FROM records WHERE type = $1 AND id = $2)
	      AND refs.from_row > $3 AND refs.from_row <> refs.to_row AND r.version <= $4
	    ORDER BY refs.from_row LIMIT $5`, string(t), id, after, until, limit)
	if err != nil {
		return nil, 0, s.fail("find referrers of "+key{t, id}.String()+" in", err)
	}
	if len(out) < limit {
		last = 0
	}
	return out, last, nil
}

// Version is that of the newest change. Rows of deleted records stay, so the
// greatest version is always there to be found.
func (s *sqlStore) Version(ctx context.Context) (int64, error) {
	var v int64
	err := s.readers.QueryRowContext(ctx, "SELECT coalesce(max(version), 0) FROM records").Scan(&v)
	return v, s.fail("read version of", err)
}

// Counts is all keys of each type less those that are not live.
func (s *sqlStore) Counts(ctx context.Context) (map[talent.Type]int, error) {
	out := map[talent.Type]int{}
	err := each(ctx, s.readers, func(rows *sql.Rows) error {
		var t talent.Type
		var n int
		if err := rows.Scan(&t, &n); err != nil {
			return err
		}
		if out[t] += n; out[t] == 0 {
			delete(out, t)
		}
		return nil
	}, `SELECT type, count(*) FROM records GROUP BY type
	    UNION ALL SELECT type, -count(*) FROM records WHERE deleted GROUP BY type`)
	if err != nil {
		return nil, s.fail("count records of", err)
	}
	return out, nil
}

// Meta is a named value.
func (s *sqlStore) Meta(ctx context.Context, name string) (string, error) {
	var v string
	err := s.readers.QueryRowContext(ctx, "SELECT value FROM meta WHERE key = $1", name).Scan(&v)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return v, s.fail("read meta "+talent.Shorten(name)+" of", err)
}

// MetaPrefix is every named value whose name starts with prefix.
func (s *sqlStore) MetaPrefix(ctx context.Context, prefix string) (map[string]string, error) {
	out := map[string]string{}
	err := each(ctx, s.readers, func(rows *sql.Rows) error {
		var name, value string
		if err := rows.Scan(&name, &value); err != nil {
			return err
		}
		if strings.HasPrefix(name, prefix) {
			out[name] = value
		}
		return nil
	}, "SELECT key, value FROM meta WHERE key >= $1 AND substr(key, 1, length($1)) = $1", prefix)
	if err != nil {
		return nil, s.fail("read meta "+talent.Shorten(prefix)+"* of", err)
	}
	return out, nil
}
