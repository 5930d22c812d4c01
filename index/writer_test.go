package index

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"talentmatch/talent"
)

// TestWriterAgainstApply: a Writer leaves what one Apply after another leaves, and
// the version is never ahead of the documents.
func TestWriterAgainstApply(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, err1 := Open("")
		b, err2 := Open("")
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		defer b.Close()
		version := int64(0)
		for range rapid.IntRange(1, 3).Draw(t, "stretches") {
			w := b.Writer(ctx)
			free := rapid.Permutation([]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}).Draw(t, "ids")
			for len(free) > 0 && rapid.IntRange(0, 6).Draw(t, "stop") > 0 {
				n := rapid.IntRange(0, len(free)).Draw(t, "n")
				var puts []Doc
				var deletes []Key
				for _, id := range free[:n] {
					d := rapid.Custom(drawDoc).Draw(t, "doc")
					if d.ID = fmt.Sprint(id); rapid.IntRange(0, 3).Draw(t, "delete") == 0 {
						deletes = append(deletes, d.Key())
						continue
					}
					puts = append(puts, d)
				}
				free = free[n:]
				v := int64(0)
				if rapid.Bool().Draw(t, "versioned") {
					version++
					v = version
				}
				if err := a.Apply(ctx, puts, deletes, version); err != nil {
					t.Fatal(err)
				}
				if err := w.Put(puts, deletes, v); err != nil {
					t.Fatal(err)
				}
				if b.Version() > version {
					t.Fatalf("version %d before %d is done", b.Version(), version)
				}
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			if a.Version() != version || b.Version() != version {
				t.Fatalf("versions %d and %d, want %d", a.Version(), b.Version(), version)
			}
			for _, typ := range modelTypes {
				if got, want := hashes(t, b, typ), hashes(t, a, typ); !reflect.DeepEqual(got, want) {
					t.Fatalf("%s: %v, want %v", typ, got, want)
				}
			}
		}
	})
}

func hashes(t *rapid.T, x *Index, typ talent.Type) map[string]uint64 {
	out := map[string]uint64{}
	if err := x.Keys(ctx, typ, func(id string, hash uint64) bool { out[id] = hash; return true }); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestWriterInStints: many and large documents are written in several stints, all of
// which are there after a reopening.
func TestWriterInStints(t *testing.T) {
	dir := t.TempDir()
	x := open(t, dir)
	w := x.Writer(ctx)
	var docs []Doc
	for i := range 3*stintDocs + 1 {
		docs = append(docs, demand(fmt.Sprint(i), "电工"))
	}
	docs[5].Text = strings.Repeat("焊", stintBytes)
	docs[6].Text = docs[5].Text
	if err := w.Put(docs, nil, 7); err != nil {
		t.Fatal(err)
	}
	if err := w.Put(nil, []Key{{talent.TypeDemand, "none"}}, 9); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Close(), x.Close()); err != nil {
		t.Fatal(err)
	}
	x = open(t, dir)
	if n, err := x.Count(); err != nil || int(n) != len(docs) || x.Version() != 9 {
		t.Errorf("%d documents at version %d, %v; want %d at 9", n, x.Version(), err, len(docs))
	}
}

// TestWriterFails: after an error the index keeps a version up to which it is
// complete, and the same changes can be applied again.
func TestWriterFails(t *testing.T) {
	x := open(t, "")
	apply(t, x, 3, demand("a", "电工"))
	w := x.Writer(ctx)
	if err := w.Put(nil, nil, 2); err != nil && !errors.Is(err, talent.ErrConflict) {
		t.Errorf("going back: %v", err)
	}
	if err := w.Close(); !errors.Is(err, talent.ErrConflict) || x.Version() != 3 {
		t.Errorf("going back: %v, version %d", err, x.Version())
	}
	w = x.Writer(ctx)
	for i := range 6 {
		d := demand(fmt.Sprint("b", i), "焊工")
		if i == 2 {
			d.ID = "b:焊"
		}
		err := w.Put([]Doc{d}, nil, int64(4+i))
		if err != nil && !errors.Is(err, talent.ErrInvalid) {
			t.Fatal(err)
		}
	}
	if err := w.Close(); !errors.Is(err, talent.ErrInvalid) || x.Version() != 5 {
		t.Errorf("got %v at version %d", err, x.Version())
	}
	apply(t, x, 9, demand("c", "钳工"))
	if len(find(t, x, Query{Text: "钳工", Limit: 1})) != 1 || x.Version() != 9 {
		t.Errorf("version %d", x.Version())
	}
}
