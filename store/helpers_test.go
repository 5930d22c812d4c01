package store

import (
	"context"
	"testing"

	"talentmatch/talent"
)

// update runs fn in an Update that must succeed.
func update(t testing.TB, s Store, fn func(Tx)) {
	t.Helper()
	if err := s.Update(context.Background(), func(tx Tx) error { fn(tx); return nil }); err != nil {
		t.Fatal(err)
	}
}

// put stores a record of the users' own, whatever is there.
func put(t testing.TB, tx Tx, rec talent.Record) (Status, int64) {
	t.Helper()
	st, v, err := tx.Put(rec, "", Any)
	if err != nil {
		t.Fatalf("put %s %s: %v", rec.RecordType(), rec.RecordID(), err)
	}
	return st, v
}
