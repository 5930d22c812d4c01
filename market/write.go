package market

import (
	"context"
	"errors"
	"fmt"
	"io"

	"talentmatch/store"
	"talentmatch/talent"
	"talentmatch/talent/interchange"
)

// update commits a write and brings everything up to it before returning: the next
// query sees it. touched lists what fn wrote.
func (m *Market) update(ctx context.Context, fn func(store.Tx, *touched) error) error {
	m.write.Lock()
	defer m.write.Unlock()
	var t touched
	err := m.store.Update(ctx, func(tx store.Tx) error {
		t = touched{}
		return fn(tx, &t)
	})
	if err != nil {
		return err
	}
	return m.follow(ctx, &t)
}

// touched is what a write changed.
type touched struct {
	world bool
	orgs  []string
}

func (t *touched) note(typ talent.Type, id string) {
	if changesWorld(typ) {
		t.world = true
	}
	if typ == talent.TypeOrganization {
		t.orgs = append(t.orgs, id)
	}
}

// follow brings the derived parts up to a committed write. The client's
// cancellation must not stop it: the write is a fact.
func (m *Market) follow(ctx context.Context, t *touched) error {
	for _, id := range t.orgs {
		m.orgs.forget(id)
	}
	if t.world {
		m.worldStale = true
	}
	if m.index.Load() == nil && m.current.Load() == nil {
		if t.world {
			m.world.Store(nil) // nothing loads the new one: whoever reads next does
		}
		return nil
	}
	if err := m.advance(context.WithoutCancel(ctx)); err != nil {
		m.options.Log.Error("the write is stored, but the index or snapshot lags behind", "error", err)
		return fmt.Errorf("the write is stored, but not yet searchable: %w", err)
	}
	return nil
}

// Put upserts one record. ifVersion is store.Any, 0 (must not exist), or the
// version that the caller has read; otherwise talent.ErrConflict.
func (m *Market) Put(ctx context.Context, rec talent.Record, ifVersion int64) (store.Status, int64, error) {
	var status store.Status
	var version int64
	if err := talent.Validate(rec); err != nil {
		return "", 0, err
	}
	err := m.update(ctx, func(tx store.Tx, t *touched) (err error) {
		status, version, err = tx.Put(rec, "", ifVersion)
		if err == nil && status != store.Unchanged {
			t.note(rec.RecordType(), rec.RecordID())
		}
		return err
	})
	return status, version, err
}

// Delete removes one record that nothing refers to.
func (m *Market) Delete(ctx context.Context, t talent.Type, id string, ifVersion int64) error {
	return m.update(ctx, func(tx store.Tx, touched *touched) error {
		touched.note(t, id)
		_, err := tx.Delete(t, id, ifVersion)
		return err
	})
}

// Get is one record. Built-in regions are answered too, with version 0.
func (m *Market) Get(ctx context.Context, t talent.Type, id string) (store.Item, error) {
	it, err := m.store.Get(ctx, t, id)
	if errors.Is(err, talent.ErrNotFound) && t == talent.TypeRegion {
		if r := talent.BuiltinRegion(id); r != nil {
			body, err := talent.Encode(r)
			return store.Item{Type: t, ID: id, Pack: builtinPack, Body: body}, err
		}
	}
	return it, err
}

// MaxPage bounds a page of a list.
const MaxPage = 1000

// List is a page of a type's stored records in the order of ids, after a cursor.
func (m *Market) List(ctx context.Context, t talent.Type, after string, limit int) (Page, error) {
	if limit < 1 || limit > MaxPage {
		return Page{}, talent.Invalid("limit", fmt.Sprint(limit), "must be from 1 to %d", MaxPage)
	}
	items, err := m.store.List(ctx, t, after, limit+1)
	if err != nil {
		return Page{}, err
	}
	counts, err := m.store.Counts(ctx)
	if err != nil {
		return Page{}, err
	}
	p := Page{Items: items, Total: counts[t]}
	if len(items) > limit {
		p.Items = items[:limit]
		p.Next = items[limit-1].ID
	}
	return p, nil
}

// bulkBatch is how many lines are committed together at most. A batch ends early
// when the next line has not arrived yet.
const bulkBatch = 500

// Bulk reads NDJSON records from a stream and answers line by line, in order, each
// line once it is durable and visible. A reference must exist or have come earlier
// in the stream. want fixes the type when not "".
func (m *Market) Bulk(ctx context.Context, r io.Reader, want talent.Type, answer func(BulkLine) error) error {
	lines := make(chan interchange.Row, bulkBatch)
	failed := make(chan error, 1)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		defer close(lines)
		rd := interchange.NewNDJSON(r, "", interchange.Options{Type: want})
		for {
			row, err := rd.Next()
			if err != nil {
				if err != io.EOF {
					failed <- err
				}
				return
			}
			select {
			case lines <- row:
			case <-ctx.Done():
				return
			}
		}
	}()
	for {
		row, ok := <-lines
		if !ok {
			break
		}
		batch := []interchange.Row{row}
	gather:
		for len(batch) < bulkBatch {
			select {
			case row, ok := <-lines:
				if !ok {
					break gather
				}
				batch = append(batch, row)
			default:
				break gather
			}
		}
		answers, err := m.putBatch(ctx, batch)
		if err != nil {
			return err
		}
		for _, a := range answers {
			if err := answer(a); err != nil {
				return err
			}
		}
	}
	select {
	case err := <-failed:
		return err
	default:
		return ctx.Err()
	}
}

// putBatch commits the good lines of a batch together. A line whose references are
// missing is answered as an error, and the others are committed without it.
func (m *Market) putBatch(ctx context.Context, batch []interchange.Row) ([]BulkLine, error) {
	out := make([]BulkLine, len(batch))
	for i, row := range batch {
		out[i] = BulkLine{Line: row.Pos.Line, Status: "error"}
		for _, e := range row.Errors {
			out[i].Errors = append(out[i].Errors, BulkError{Field: e.Field.Path, Value: e.Field.Value, Message: e.Field.Message})
		}
		if row.Record != nil {
			out[i].Type, out[i].ID = row.Record.RecordType(), row.Record.RecordID()
		}
	}
	err := m.update(ctx, func(tx store.Tx, t *touched) error {
		for i, row := range batch {
			if row.Record == nil {
				continue
			}
			missing, err := missingRefs(tx, row.Record)
			if err != nil {
				return err
			}
			if len(missing) > 0 {
				out[i].Errors = missing
				continue
			}
			status, version, err := tx.Put(row.Record, "", store.Any)
			if err != nil {
				return err
			}
			if status != store.Unchanged {
				t.note(row.Record.RecordType(), row.Record.RecordID())
			}
			out[i].Status, out[i].Version = string(status), version
		}
		return nil
	})
	return out, err
}

// missingRefs lists the references of a record that lead nowhere.
func missingRefs(tx store.Tx, rec talent.Record) ([]BulkError, error) {
	var out []BulkError
	for _, ref := range talent.Refs(rec) {
		if ref.Type == talent.TypeRegion && talent.IsBuiltinRegion(ref.ID) {
			continue
		}
		if ref.Type == rec.RecordType() && ref.ID == rec.RecordID() {
			continue
		}
		ok, err := tx.Has(ref.Type, ref.ID)
		if err != nil {
			return nil, err
		}
		if !ok {
			out = append(out, BulkError{Field: ref.Path, Value: ref.ID, Message: fmt.Sprintf("there is no %s %s", ref.Type, ref.ID), to: ref.Type})
		}
	}
	return out, nil
}

// Export writes every record of a type, by id, and returns how many.
func (m *Market) Export(ctx context.Context, w interchange.Writer, t talent.Type) (int, error) {
	n := 0
	err := eachRecord(ctx, m.store, t, func(_ store.Item, rec talent.Record) error {
		n++
		return w.Write(rec)
	})
	return n, err
}
