package store

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"talentmatch/talent"
)

// model is a store that is too simple to be wrong: every record, live or
// deleted, under its key.
type model struct {
	items   map[key]Item
	version int64
}

func (m *model) clone() *model { return &model{maps.Clone(m.items), m.version} }

func (m *model) live(k key) bool { it, ok := m.items[k]; return ok && !it.Deleted }

// links is every pair of a referring and a referred-to key.
func (m *model) links() map[[2]key]bool {
	out := map[[2]key]bool{}
	for k, it := range m.items {
		if it.Deleted {
			continue
		}
		rec, err := it.Record()
		if err != nil {
			panic(err)
		}
		for _, r := range talent.Refs(rec) {
			out[[2]key{k, {r.Type, r.ID}}] = true
		}
	}
	return out
}

func (m *model) referrers(k key) int {
	n := 0
	for l := range m.links() {
		if l[1] == k && l[0] != k {
			n++
		}
	}
	return n
}

func (m *model) dangling() int {
	n := 0
	for l := range m.links() {
		if !m.live(l[1]) && !l[1].builtin() {
			n++
		}
	}
	return n
}

func (m *model) put(rec talent.Record, pack string, ifVersion int64) (Status, error) {
	k := key{rec.RecordType(), rec.RecordID()}
	body, err := talent.Encode(rec)
	if err != nil {
		panic(err)
	}
	old := m.items[k]
	if ifVersion != Any && (m.live(k) != (ifVersion != 0) || m.live(k) && old.Version != ifVersion) {
		return "", talent.ErrConflict
	}
	status := Added
	if m.live(k) {
		status = Changed
		if string(old.Body) == string(body) {
			return Unchanged, nil
		}
	}
	m.version++
	m.items[k] = Item{Type: k.t, ID: k.id, Version: m.version, Pack: pack, Body: body}
	return status, nil
}

func (m *model) delete(k key, ifVersion int64) error {
	switch it := m.items[k]; {
	case !m.live(k):
		return talent.ErrNotFound
	case ifVersion != Any && ifVersion != it.Version:
		return talent.ErrConflict
	case !k.builtin() && m.referrers(k) > 0:
		return talent.ErrReferenced
	default:
		m.version++
		m.items[k] = Item{Type: k.t, ID: k.id, Version: m.version, Pack: it.Pack, Deleted: true}
		return nil
	}
}

// changes is the feed after since.
func (m *model) changes(since int64) []Item {
	out := slices.DeleteFunc(slices.Collect(maps.Values(m.items)), func(it Item) bool { return it.Version <= since })
	slices.SortFunc(out, func(a, b Item) int { return cmp.Compare(a.Version, b.Version) })
	return out
}

// drawRecord makes one of few keys, with few contents, so that collisions,
// repetitions and references in every direction are common.
func drawRecord(t *rapid.T) talent.Record {
	id := rapid.SampledFrom([]string{"a", "b", "c", "d"})
	some := func() []string { return rapid.SliceOfNDistinct(id, 0, 3, rapid.ID[string]).Draw(t, "ids") }
	name := rapid.SampledFrom([]string{"电工", "焊工"}).Draw(t, "name")
	switch rapid.IntRange(0, 3).Draw(t, "kind") {
	case 0:
		return &talent.Region{ID: rapid.SampledFrom([]string{"440600", "440605", "zone"}).Draw(t, "region"), Name: name, Parent: "440000"}
	case 1:
		return &talent.Organization{ID: id.Draw(t, "id"), Name: name, Kind: "college",
			Region: rapid.SampledFrom([]string{"440600", "zone"}).Draw(t, "region")}
	case 2:
		return demand(id.Draw(t, "id"), id.Draw(t, "employer"), some()...)
	default:
		s := skill(id.Draw(t, "id"), name, some()...)
		s.Broader = slices.DeleteFunc(s.Broader, func(b string) bool { return b == s.ID })
		return s
	}
}

// TestAgainstModel runs random Updates against the model: every answer must
// agree, failed Updates must leave nothing, and a reader that resumes the feed
// at random points must end up with the same records.
func TestAgainstModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, err := openSQLite(":memory:", busyTimeout)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		// Tiny bounds, so that what usually happens in big imports happens here.
		s.bounds.pending = rapid.IntRange(1, 10).Draw(t, "pending")
		s.bounds.cached = rapid.IntRange(1, 5).Draw(t, "cached")
		m := &model{items: map[key]Item{}}
		follower, seen := map[key]Item{}, int64(0)
		for range rapid.IntRange(1, 8).Draw(t, "updates") {
			m = randomUpdate(t, s, m)
			for range rapid.IntRange(0, 3).Draw(t, "pages") {
				seen = follow(t, s, follower, seen, rapid.IntRange(1, 4).Draw(t, "page"))
			}
			compare(t, s, m)
		}
		for before := int64(-1); before != seen; {
			before, seen = seen, follow(t, s, follower, seen, 3)
		}
		if err := s.Check(context.Background()); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(follower, m.items) {
			t.Fatalf("the follower has %v, want %v", follower, m.items)
		}
	})
}

func randomUpdate(t *rapid.T, s Store, m *model) *model {
	next := m.clone()
	giveUp := errors.New("give up")
	stop := rapid.IntRange(0, 5).Draw(t, "give up") == 0
	err := s.Update(context.Background(), func(tx Tx) error {
		for range rapid.IntRange(0, 10).Draw(t, "ops") {
			randomOp(t, tx, next)
		}
		if stop {
			return giveUp
		}
		return nil
	})
	var d *DanglingError
	switch missing := next.dangling(); {
	case stop:
		if err != giveUp {
			t.Fatalf("update: %v", err)
		}
	case missing > 0:
		if !errors.As(err, &d) || d.Total != missing || len(d.List) != missing {
			t.Fatalf("update: %v, want %d dangling references", err, missing)
		}
	default:
		if err != nil {
			t.Fatalf("update: %v", err)
		}
		return next
	}
	return m
}

func randomOp(t *rapid.T, tx Tx, m *model) {
	rec := drawRecord(t)
	k := key{rec.RecordType(), rec.RecordID()}
	ifVersion := rapid.SampledFrom([]int64{Any, Any, Any, 0, m.items[k].Version, m.version}).Draw(t, "if version")
	if rapid.IntRange(0, 3).Draw(t, "delete") == 0 {
		want := m.delete(k, ifVersion)
		if v, err := tx.Delete(k.t, k.id, ifVersion); !errors.Is(err, want) || err == nil && v != m.version {
			t.Fatalf("delete %s if %d: %d, %v; want %d, %v", k, ifVersion, v, err, m.version, want)
		}
		return
	}
	pack := rapid.SampledFrom([]string{"", "builtin"}).Draw(t, "pack")
	status, want := m.put(rec, pack, ifVersion)
	got, v, err := tx.Put(rec, pack, ifVersion)
	if got != status || !errors.Is(err, want) || err == nil && v != m.items[k].Version {
		t.Fatalf("put %s if %d: %s %d %v; want %s %d %v", k, ifVersion, got, v, err, status, m.items[k].Version, want)
	}
	if has, err := tx.Has(k.t, k.id); has != m.live(k) || err != nil {
		t.Fatalf("has %s: %v %v", k, has, err)
	}
}

// follow applies one page of the feed and returns the version to resume from.
func follow(t *rapid.T, s Store, have map[key]Item, since int64, limit int) int64 {
	items, err := s.Changes(context.Background(), since, limit)
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range items {
		if it.Version <= since {
			t.Fatalf("version %d after %d", it.Version, since)
		}
		have[key{it.Type, it.ID}], since = it, it.Version
	}
	return since
}

// compareReferring pages through what refers to k, up to some version, and holds it
// against a look at every record.
func compareReferring(t *rapid.T, s Store, m *model, k key) {
	until := rapid.Int64Range(0, m.version).Draw(t, "until")
	limit := rapid.IntRange(1, 3).Draw(t, "limit")
	got := map[key]Item{}
	for after := int64(0); ; {
		items, next, err := s.Referring(context.Background(), k.t, k.id, until, after, limit)
		if err != nil || len(items) > limit || next != 0 && (next <= after || len(items) < limit) {
			t.Fatalf("referring to %s after %d: %v, %d, %v", k, after, items, next, err)
		}
		for _, it := range items {
			if _, twice := got[key{it.Type, it.ID}]; twice {
				t.Fatalf("referring to %s: %s %s twice", k, it.Type, it.ID)
			}
			got[key{it.Type, it.ID}] = it
		}
		if after = next; next == 0 {
			break
		}
	}
	want := map[key]Item{}
	for from, it := range m.items {
		if it.Deleted || from == k || it.Version > until {
			continue
		}
		rec, err := it.Record()
		if err != nil {
			t.Fatal(err)
		}
		for _, ref := range talent.Refs(rec) {
			if ref.Type == k.t && ref.ID == k.id {
				want[from] = it
			}
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("up to version %d %s is referred to by %v, want %v", until, k, got, want)
	}
}

func compare(t *rapid.T, s Store, m *model) {
	ctx := context.Background()
	if v, err := s.Version(ctx); v != m.version || err != nil {
		t.Fatalf("version %d, %v; want %d", v, err, m.version)
	}
	feed, err := s.Changes(ctx, 0, 1000)
	if want := m.changes(0); err != nil || len(feed)+len(want) > 0 && !reflect.DeepEqual(feed, want) {
		t.Fatalf("changes %v, %v\nwant %v", feed, err, want)
	}
	want := map[talent.Type]int{}
	for k, it := range m.items {
		got, err := s.Get(ctx, k.t, k.id)
		if it.Deleted != errors.Is(err, talent.ErrNotFound) || err == nil && !reflect.DeepEqual(got, it) {
			t.Fatalf("get %s: %v, %v", k, got, err)
		}
		if list, n, err := s.Referrers(ctx, k.t, k.id, 100); n != m.referrers(k) || len(list) != n || err != nil {
			t.Fatalf("referrers of %s: %v, %d, %v; want %d", k, list, n, err, m.referrers(k))
		}
		compareReferring(t, s, m, k)
		if !it.Deleted {
			want[k.t]++
		}
	}
	if got, err := s.Counts(ctx); err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("counts %v, %v; want %v", got, err, want)
	}
	for _, tt := range talent.Types {
		items, err := s.List(ctx, tt, "", 100)
		if err != nil || len(items) != want[tt] || !slices.IsSortedFunc(items, func(a, b Item) int { return cmp.Compare(a.ID, b.ID) }) {
			t.Fatalf("list %s: %s, %v", tt, ids(items), err)
		}
	}
}
