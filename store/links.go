package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"talentmatch/talent"
)

// bounds is how much a transaction keeps in memory about references.
type bounds struct {
	pending int // links not yet written
	cached  int // rows of keys lately referred to, twice over
	waiting int // missing records: more is a broken file, not forward references
}

// defaultBounds come to some 60 MB at the very most. Pending links are many
// (4 MB) because the longer a sorted run is, the cheaper each insert.
var defaultBounds = bounds{pending: 1 << 18, cached: 1 << 15, waiting: 2 << 20}

// link is one row of the table refs.
type link struct{ to, from int64 }

// compare orders links as their table does.
func (a link) compare(b link) int {
	if a.to != b.to {
		return cmp.Compare(a.to, b.to)
	}
	return cmp.Compare(a.from, b.from)
}

// links is what a transaction remembers about references.
type links struct {
	bounds
	unwritten []link // to be inserted; none of them is in the table
	// young and old map keys that are referred to onto their rows: young is
	// filled, and when it is full becomes old, so that what is in use stays.
	young, old map[key]int64
	// missing holds the rows that are referred to and were not live when that
	// was noticed. A row that arrives leaves; the rest is judged at the end.
	missing map[int64]struct{}
}

func newLinks(b bounds) links {
	return links{bounds: b, young: map[key]int64{}, missing: map[int64]struct{}{}}
}

// arrived notes that a row is live now.
func (l *links) arrived(row int64) { delete(l.missing, row) }

// left notes that a key is no longer live, so that the next reference to it
// looks again.
func (l *links) left(k key) {
	delete(l.young, k)
	delete(l.old, k)
}

func (l *links) lookUp(k key) (int64, bool) {
	row, ok := l.young[k]
	if !ok {
		if row, ok = l.old[k]; ok {
			l.remember(k, row)
		}
	}
	return row, ok
}

func (l *links) remember(k key, row int64) {
	if len(l.young) >= l.cached {
		l.young, l.old = map[key]int64{}, l.young
	}
	l.young[k] = row
}

// relink replaces the links of a record: those of its old body (nil if it had
// none) by those of its new references.
func (t *tx) relink(k key, row int64, oldBody []byte, refs []talent.Ref) error {
	now, err := t.targets(refs)
	if err != nil {
		return err
	}
	var before []int64
	if oldBody != nil {
		rec, err := talent.Parse(k.t, oldBody)
		if err != nil {
			return t.fail("read "+k.String()+" of", err)
		}
		if before, err = t.targets(talent.Refs(rec)); err != nil {
			return err
		}
	}
	for _, to := range before {
		if _, kept := slices.BinarySearch(now, to); !kept {
			if err := t.unlink(link{to, row}); err != nil {
				return err
			}
		}
	}
	for _, to := range now {
		if _, had := slices.BinarySearch(before, to); !had {
			t.links.unwritten = append(t.links.unwritten, link{to, row})
		}
	}
	if len(t.links.unwritten) >= t.links.pending {
		return t.flush()
	}
	return nil
}

// targets is the rows that refs point at, sorted, each once.
func (t *tx) targets(refs []talent.Ref) ([]int64, error) {
	rows := make([]int64, 0, len(refs))
	for _, r := range refs {
		row, err := t.target(key{r.Type, r.ID})
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	slices.Sort(rows)
	return slices.Compact(rows), nil
}

// target is the row of a key that is referred to. A key without a row gets one,
// so that references forward and to built-in regions have something to point at.
func (t *tx) target(k key) (int64, error) {
	if row, ok := t.links.lookUp(k); ok {
		return row, nil
	}
	var row int64
	var deleted bool
	err := t.queryRow("SELECT rowid, deleted FROM records WHERE type = $1 AND id = $2", []any{&row, &deleted}, string(k.t), k.id)
	if errors.Is(err, sql.ErrNoRows) {
		row, deleted = t.newRow(), true
		_, err = t.exec("INSERT INTO records (rowid, type, id, version, pack, deleted, body) VALUES ($1, $2, $3, NULL, '', true, NULL)",
			row, string(k.t), k.id)
	}
	if err != nil {
		return 0, t.fail("refer to "+k.String()+" in", err)
	}
	if deleted && !k.builtin() {
		if _, known := t.links.missing[row]; !known && len(t.links.missing) >= t.links.waiting {
			t.failed = fmt.Errorf("update %s: references to more than %d missing records, the last of them %s: %w",
				t.store.name, t.links.waiting, k, talent.ErrTooLarge)
			return 0, t.failed
		}
		t.links.missing[row] = struct{}{}
	}
	t.links.remember(k, row)
	return row, nil
}

func (t *tx) unlink(l link) error {
	if err := t.flush(); err != nil { // it may be pending: put twice in this transaction
		return err
	}
	_, err := t.exec("DELETE FROM refs WHERE to_row = $1 AND from_row = $2", l.to, l.from)
	return t.fail("unlink in", err)
}

// insertBatch is how many links one statement inserts; what does not fill one
// goes one by one.
const insertBatch = 64

var insertLinks = func() string {
	var b strings.Builder
	b.WriteString("INSERT INTO refs (to_row, from_row) VALUES ")
	for i := range insertBatch {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("($" + strconv.Itoa(2*i+1) + ", $" + strconv.Itoa(2*i+2) + ")")
	}
	return b.String()
}()

// flush writes the pending links, in the order of the table, which is kinder to
// its B-tree than the order of the records.
func (t *tx) flush() error {
	p := t.links.unwritten
	slices.SortFunc(p, link.compare)
	args := make([]any, 2*insertBatch)
	for len(p) >= insertBatch {
		for i, l := range p[:insertBatch] {
			args[2*i], args[2*i+1] = l.to, l.from
		}
		if _, err := t.exec(insertLinks, args...); err != nil {
			return t.fail("link in", err)
		}
		p = p[insertBatch:]
	}
	for _, l := range p {
		if _, err := t.exec("INSERT INTO refs (to_row, from_row) VALUES ($1, $2)", l.to, l.from); err != nil {
			return t.fail("link in", err)
		}
	}
	t.links.unwritten = t.links.unwritten[:0]
	return nil
}

// finish writes what is pending and judges what is still waiting: a missing
// record that is referred to is dangling; one that no longer is, because the
// referrer changed its mind, loses its row.
func (t *tx) finish() error {
	if err := t.ready(); err != nil {
		return err
	}
	if err := t.flush(); err != nil {
		return err
	}
	rows := make([]int64, 0, len(t.links.missing))
	for row := range t.links.missing {
		rows = append(rows, row)
	}
	slices.Sort(rows)
	var dangling DanglingError
	for _, row := range rows {
		if err := t.judge(row, &dangling); err != nil {
			return t.fail("check references of", err)
		}
	}
	if dangling.Total > 0 {
		return &dangling
	}
	return nil
}

func (t *tx) judge(row int64, dangling *DanglingError) error {
	var k key
	if err := t.queryRow("SELECT type, id FROM records WHERE rowid = $1", []any{&k.t, &k.id}, row); err != nil {
		return err
	}
	list, total, err := referrers(context.Background(), t.sql, k, row, maxDangling-len(dangling.List))
	if err != nil {
		return err
	}
	if total == 0 {
		_, err := t.exec("DELETE FROM records WHERE rowid = $1 AND version IS NULL", row)
		return err
	}
	dangling.Total += total
	for _, r := range list {
		dangling.List = append(dangling.List, Dangling{From: r, ToType: k.t, ToID: k.id})
	}
	return nil
}
