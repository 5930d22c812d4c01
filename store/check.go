package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"talentmatch/talent"
)

// Check reads the whole store in one state and reports the first thing that is
// wrong: damage to the file, a body that is not its key's, a reference to a
// missing record, or links other than those that the bodies hold. Time grows
// with the store (the bodies of a million records are parsed).
func (s *sqlStore) Check(ctx context.Context) error {
	tx, err := s.readers.BeginTx(ctx, nil)
	if err != nil {
		return s.fail("check", err)
	}
	defer tx.Rollback()
	var result string
	if err := tx.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&result); err != nil {
		return s.fail("check", err)
	}
	if result != "ok" {
		return s.fail("check", errors.New("the file is damaged: "+result))
	}
	return s.fail("check", s.checkLinks(ctx, tx))
}

// checkLinks compares the links that the bodies say with those that are kept.
// They come in different orders, so both sides are summed up first; only when
// the sums differ are the links looked up one by one to name a wrong one.
func (s *sqlStore) checkLinks(ctx context.Context, tx *sql.Tx) error {
	var said, kept linkSum
	err := s.eachLink(ctx, tx, func(_ key, _ key, l link) error {
		said.add(l)
		return nil
	})
	if err != nil {
		return err
	}
	err = each(ctx, tx, func(rows *sql.Rows) error {
		var l link
		err := rows.Scan(&l.to, &l.from)
		kept.add(l)
		return err
	}, "SELECT to_row, from_row FROM refs")
	if err != nil || said == kept {
		return err
	}
	err = s.eachLink(ctx, tx, func(from, to key, l link) error {
		var n int
		err := tx.QueryRowContext(ctx, "SELECT count(*) FROM refs WHERE to_row = $1 AND from_row = $2", l.to, l.from).Scan(&n)
		if err == nil && n == 0 {
			err = fmt.Errorf("the link from %s to %s is lost", from, to)
		}
		return err
	})
	if err == nil {
		err = fmt.Errorf("%d links are kept that no record holds", kept.count-said.count)
	}
	return err
}

// linkSum is a sum of links that does not depend on their order.
type linkSum struct {
	count int
	hash  uint64
}

func (s *linkSum) add(l link) {
	s.count++
	// splitmix64's finalizer: neighbouring pairs must not cancel out.
	h := uint64(l.to)*0x9e3779b97f4a7c15 + uint64(l.from)
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	s.hash += h ^ h>>31
}

// checkPage is how many bodies are held at once; they are read in pages because
// a connection answers one query at a time.
const checkPage = 500

// eachLink reads every live record and hands over each of its links once.
func (s *sqlStore) eachLink(ctx context.Context, tx *sql.Tx, found func(from, to key, l link) error) error {
	targets := newLinks(s.bounds)
	for after := int64(0); ; {
		var page []stored
		var keys []key
		err := each(ctx, tx, func(rows *sql.Rows) error {
			var r stored
			var k key
			err := rows.Scan(&r.row, &k.t, &k.id, &r.body)
			page, keys = append(page, r), append(keys, k)
			return err
		}, "SELECT rowid, type, id, body FROM records WHERE rowid > $1 AND NOT deleted ORDER BY rowid LIMIT $2", after, checkPage)
		if err != nil || len(page) == 0 {
			return err
		}
		for i, r := range page {
			if err := linksOf(ctx, tx, &targets, keys[i], r, found); err != nil {
				return err
			}
		}
		after = page[len(page)-1].row
	}
}

func linksOf(ctx context.Context, tx *sql.Tx, targets *links, k key, r stored, found func(from, to key, l link) error) error {
	rec, err := talent.Parse(k.t, r.body)
	if err != nil {
		return fmt.Errorf("%s: %w", k, err)
	}
	if got := (key{rec.RecordType(), rec.RecordID()}); got != k {
		return fmt.Errorf("%s is kept as %s", got, k)
	}
	seen := map[int64]bool{}
	for _, ref := range talent.Refs(rec) {
		to := key{ref.Type, ref.ID}
		row, err := liveTarget(ctx, tx, targets, to)
		if err != nil {
			return fmt.Errorf("%s: %s refers to %s: %w", k, ref.Path, to, err)
		}
		if seen[row] {
			continue
		}
		seen[row] = true
		if err := found(k, to, link{row, r.row}); err != nil {
			return err
		}
	}
	return nil
}

// liveTarget is the row of a key that must exist.
func liveTarget(ctx context.Context, tx *sql.Tx, targets *links, k key) (int64, error) {
	if row, ok := targets.lookUp(k); ok {
		return row, nil
	}
	var row int64
	var deleted bool
	err := tx.QueryRowContext(ctx, "SELECT rowid, deleted FROM records WHERE type = $1 AND id = $2", string(k.t), k.id).Scan(&row, &deleted)
	if errors.Is(err, sql.ErrNoRows) || err == nil && deleted && !k.builtin() {
		return 0, errors.New("which does not exist")
	}
	if err == nil {
		targets.remember(k, row)
	}
	return row, err
}
