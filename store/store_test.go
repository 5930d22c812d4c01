package store

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"talentmatch/talent"
)

func skill(id, name string, broader ...string) *talent.Skill {
	return &talent.Skill{ID: id, Name: name, Broader: broader}
}

func employer(id string) *talent.Organization {
	return &talent.Organization{ID: id, Name: "佛山市某某智能装备有限公司", Kind: "enterprise", Region: "440600"}
}

func demand(id, employer string, skills ...string) *talent.Demand {
	d := &talent.Demand{ID: id, Employer: employer, Title: "电气装配技术员", Region: "440605", Headcount: 3}
	for _, s := range skills {
		d.Skills = append(d.Skills, talent.DemandSkill{Skill: s})
	}
	return d
}

// testStore is what every store must do; open makes an empty one, which the
// suite closes.
func testStore(t *testing.T, open func() Store) {
	for name, test := range map[string]func(*testing.T, Store){
		"empty": testEmpty, "crud": testCRUD, "unchanged": testUnchanged, "if version": testIfVersion,
		"bad keys": testBadKeys, "forward references": testForward, "dangling": testDangling,
		"many dangling": testManyDangling, "referenced": testReferenced, "builtin regions": testBuiltin,
		"relinking": testRelinking, "rollback": testRollback, "paging": testPaging, "meta": testMeta,
		"writers and readers": testConcurrent, "closed": testClosed,
	} {
		t.Run(name, func(t *testing.T) {
			s := open()
			defer s.Close()
			test(t, s)
			if name != "closed" {
				if err := s.Check(context.Background()); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

var ctx = context.Background()

func wantErr(t *testing.T, err, kind error, parts ...string) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Fatalf("error %v, want one that is %q", err, kind)
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("error %q does not say %q", err, p)
		}
	}
}

// ids renders items as "id@version", a deleted one with a "-" before it.
func ids(items []Item) string {
	var out []string
	for _, it := range items {
		s := fmt.Sprintf("%s@%d", it.ID, it.Version)
		if it.Deleted {
			s = "-" + s
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func wantChanges(t *testing.T, s Store, since int64, limit int, want string) {
	t.Helper()
	items, err := s.Changes(ctx, since, limit)
	if err != nil {
		t.Fatal(err)
	}
	if got := ids(items); got != want {
		t.Errorf("changes since %d: %q, want %q", since, got, want)
	}
}

func testEmpty(t *testing.T, s Store) {
	if v, err := s.Version(ctx); v != 0 || err != nil {
		t.Errorf("version %d, %v", v, err)
	}
	if n, err := s.Counts(ctx); len(n) != 0 || err != nil {
		t.Errorf("counts %v, %v", n, err)
	}
	wantChanges(t, s, 0, 10, "")
	_, err := s.Get(ctx, talent.TypeDemand, "没有")
	wantErr(t, err, talent.ErrNotFound, "demand 没有")
	update(t, s, func(Tx) {})
	if list, n, err := s.Referrers(ctx, talent.TypeSkill, "sk.x", 5); len(list) != 0 || n != 0 || err != nil {
		t.Errorf("referrers %v %d %v", list, n, err)
	}
}

func testCRUD(t *testing.T, s Store) {
	rec := skill("sk.plc", "可编程控制器编程（ＰＬＣ）😀")
	body, err := talent.Encode(rec)
	if err != nil {
		t.Fatal(err)
	}
	update(t, s, func(tx Tx) {
		if st, v, err := tx.Put(rec, "builtin", 0); st != Added || v != 1 || err != nil {
			t.Errorf("put: %s %d %v", st, v, err)
		}
		if has, err := tx.Has(talent.TypeSkill, "sk.plc"); !has || err != nil {
			t.Errorf("has its own write: %v %v", has, err)
		}
		if it, err := tx.Get(talent.TypeSkill, "sk.plc"); it.Version != 1 || it.Pack != "builtin" || err != nil {
			t.Errorf("gets its own write: %+v %v", it, err)
		}
	})
	want := Item{Type: talent.TypeSkill, ID: "sk.plc", Version: 1, Pack: "builtin", Body: body}
	got, err := s.Get(ctx, talent.TypeSkill, "sk.plc")
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("got %+v, %v", got, err)
	}
	if back, err := got.Record(); err != nil || !reflect.DeepEqual(back, talent.Record(rec)) {
		t.Errorf("back %+v, %v", back, err)
	}
	if n, err := s.Counts(ctx); err != nil || !reflect.DeepEqual(n, map[talent.Type]int{talent.TypeSkill: 1}) {
		t.Errorf("counts %v, %v", n, err)
	}

	update(t, s, func(tx Tx) {
		if v, err := tx.Delete(talent.TypeSkill, "sk.plc", Any); v != 2 || err != nil {
			t.Errorf("delete: %d %v", v, err)
		}
		_, err := tx.Delete(talent.TypeSkill, "sk.plc", Any)
		wantErr(t, err, talent.ErrNotFound, "skill sk.plc")
		_, err = tx.Get(talent.TypeSkill, "sk.plc")
		wantErr(t, err, talent.ErrNotFound)
	})
	_, err = s.Get(ctx, talent.TypeSkill, "sk.plc")
	wantErr(t, err, talent.ErrNotFound)
	wantChanges(t, s, 0, 10, "-sk.plc@2")
	items, err := s.Changes(ctx, 1, 1)
	if err != nil || len(items) != 1 || items[0].Body != nil {
		t.Fatalf("deleted: %+v, %v", items, err)
	}
	_, err = items[0].Record()
	wantErr(t, err, talent.ErrNotFound)
	if v, _ := s.Version(ctx); v != 2 {
		t.Errorf("version %d after deleting the newest record, want 2", v)
	}
	if n, err := s.Counts(ctx); len(n) != 0 || err != nil {
		t.Errorf("counts %v, %v", n, err)
	}
	update(t, s, func(tx Tx) {
		if st, v, err := tx.Put(rec, "", 0); st != Added || v != 3 || err != nil {
			t.Errorf("again: %s %d %v", st, v, err)
		}
	})
}

func testUnchanged(t *testing.T, s Store) {
	type step struct {
		name, pack string
		status     Status
		version    int64
	}
	for i, st := range []step{
		{"电工", "builtin", Added, 1},
		{"电工", "builtin", Unchanged, 1},
		{"电工", "", Unchanged, 1}, // an export that comes back changes nothing
		{"高级电工", "", Changed, 2}, // the users took it over
		{"电工", "", Changed, 3},
	} {
		update(t, s, func(tx Tx) {
			status, v, err := tx.Put(skill("sk.e", st.name), st.pack, Any)
			if status != st.status || v != st.version || err != nil {
				t.Errorf("step %d: %s %d %v, want %s %d", i, status, v, err, st.status, st.version)
			}
		})
	}
	wantChanges(t, s, 0, 10, "sk.e@3")
}

func testIfVersion(t *testing.T, s Store) {
	update(t, s, func(tx Tx) {
		_, _, err := tx.Put(skill("sk.a", "甲"), "", 7)
		wantErr(t, err, talent.ErrConflict, "skill sk.a", "7")
		_, _, err = tx.Put(skill("sk.a", "甲"), "", -2)
		wantErr(t, err, talent.ErrInvalid, "-2")
		put(t, tx, skill("sk.a", "甲"))
		_, _, err = tx.Put(skill("sk.a", "乙"), "", 0)
		wantErr(t, err, talent.ErrConflict, "exists already", "1")
		_, _, err = tx.Put(skill("sk.a", "甲"), "", 2) // even when nothing would change
		wantErr(t, err, talent.ErrConflict)
		if st, v, err := tx.Put(skill("sk.a", "乙"), "", 1); st != Changed || v != 2 || err != nil {
			t.Errorf("right version: %s %d %v", st, v, err)
		}
		_, err = tx.Delete(talent.TypeSkill, "sk.a", 1)
		wantErr(t, err, talent.ErrConflict, "version 2, not 1")
		if v, err := tx.Delete(talent.TypeSkill, "sk.a", 2); v != 3 || err != nil {
			t.Errorf("delete: %d %v", v, err)
		}
		_, _, err = tx.Put(skill("sk.a", "乙"), "", 3) // deleted: there is no version to match
		wantErr(t, err, talent.ErrConflict, "does not exist")
	})
	wantChanges(t, s, 0, 10, "-sk.a@3")
}

func testBadKeys(t *testing.T, s Store) {
	bad := []talent.Record{
		skill("", "空"), skill("技能", "中文编号"), skill("a b", "空格"), skill("a~b", "波浪"), skill(strings.Repeat("x", 129), "长"),
		&talent.Crosswalk{From: "a", To: "b~c"}, &talent.Crosswalk{From: "a"}, &talent.Outcome{Demand: "d", Year: 2026},
	}
	update(t, s, func(tx Tx) {
		for _, rec := range bad {
			_, _, err := tx.Put(rec, "", Any)
			wantErr(t, err, talent.ErrInvalid, "A-Za-z0-9._:-", string(rec.RecordType()))
		}
		_, _, err := tx.Put(&talent.Series{ID: "s", Start: "2026", Values: []float64{math.NaN()}}, "", Any)
		wantErr(t, err, talent.ErrInvalid)
		put(t, tx, &talent.Crosswalk{From: "51-2028", To: "560301", Weight: 0.5}) // usable after errors
	})
	wantChanges(t, s, 0, 10, "51-2028~560301@1")
}

func testRollback(t *testing.T, s Store) {
	update(t, s, func(tx Tx) { put(t, tx, skill("sk.a", "甲")) })
	stop := errors.New("stop")
	err := s.Update(ctx, func(tx Tx) error {
		put(t, tx, skill("sk.b", "乙"))
		if err := tx.SetMeta("k", "v"); err != nil {
			t.Error(err)
		}
		if _, err := tx.Delete(talent.TypeSkill, "sk.a", Any); err != nil {
			t.Error(err)
		}
		if v, err := s.Version(ctx); v != 1 || err != nil {
			t.Errorf("a reader sees version %d of an open Update, %v", v, err)
		}
		return stop
	})
	if err != stop {
		t.Errorf("got %v, want fn's own error", err)
	}
	func() {
		defer func() { _ = recover() }()
		_ = s.Update(ctx, func(tx Tx) error { put(t, tx, skill("sk.c", "丙")); panic("oops") })
	}()
	gaveUp, cancel := context.WithCancel(ctx)
	err = s.Update(gaveUp, func(tx Tx) error { put(t, tx, skill("sk.d", "丁")); cancel(); return nil })
	wantErr(t, err, context.Canceled)
	var kept Tx
	update(t, s, func(tx Tx) { kept = tx })
	if _, _, err := kept.Put(skill("sk.late", "迟"), "", Any); err == nil {
		t.Error("a Tx works after its Update")
	}
	wantChanges(t, s, 0, 10, "sk.a@1")
	if v, _ := s.Meta(ctx, "k"); v != "" {
		t.Errorf("meta %q", v)
	}
	update(t, s, func(tx Tx) {
		if _, v := put(t, tx, skill("sk.e", "戊")); v != 2 {
			t.Errorf("version %d", v)
		}
	})
}

func testPaging(t *testing.T, s Store) {
	update(t, s, func(tx Tx) {
		for _, id := range []string{"b", "B", "a.2", "a-1", "c", "a:3", "a_4"} {
			put(t, tx, skill(id, "名"))
		}
		put(t, tx, employer("a0"))
		if _, err := tx.Delete(talent.TypeSkill, "c", Any); err != nil {
			t.Error(err)
		}
	})
	var got []string
	for after := ""; ; {
		items, err := s.List(ctx, talent.TypeSkill, after, 2)
		if err != nil {
			t.Fatal(err)
		}
		if len(items) == 0 {
			break
		}
		for _, it := range items {
			got = append(got, it.ID)
		}
		after = got[len(got)-1]
	}
	if want := "B a-1 a.2 a:3 a_4 b"; strings.Join(got, " ") != want { // '-' < '.' < ':' < '_' in ASCII
		t.Errorf("list %q, want %q", got, want)
	}
	wantChanges(t, s, 0, 3, "b@1 B@2 a.2@3")
	wantChanges(t, s, 3, 100, "a-1@4 a:3@6 a_4@7 a0@8 -c@9")
	wantChanges(t, s, 9, 5, "")
	wantChanges(t, s, 1000, 5, "")
	for _, limit := range []int{0, -1} {
		_, err := s.List(ctx, talent.TypeSkill, "", limit)
		wantErr(t, err, talent.ErrInvalid, "limit")
		_, err = s.Changes(ctx, 0, limit)
		wantErr(t, err, talent.ErrInvalid, "limit")
	}
	_, _, err := s.Referrers(ctx, talent.TypeSkill, "b", -1)
	wantErr(t, err, talent.ErrInvalid, "limit")
	_, _, err = s.Referring(ctx, talent.TypeSkill, "b", 1, 0, 0)
	wantErr(t, err, talent.ErrInvalid, "limit")
}

func testMeta(t *testing.T, s Store) {
	update(t, s, func(tx Tx) {
		for k, v := range map[string]string{"key:a": "甲", "key:b": "乙", "key%": "x", "kez": "z", "钥匙:1": "一"} {
			if err := tx.SetMeta(k, v); err != nil {
				t.Error(err)
			}
		}
		wantErr(t, tx.SetMeta("", "v"), talent.ErrInvalid)
	})
	update(t, s, func(tx Tx) {
		_ = tx.SetMeta("key:a", "改")
		_ = tx.SetMeta("key:b", "")
	})
	if v, err := s.Meta(ctx, "key:a"); v != "改" || err != nil {
		t.Errorf("meta %q, %v", v, err)
	}
	if v, err := s.Meta(ctx, "key:b"); v != "" || err != nil {
		t.Errorf("meta %q, %v", v, err)
	}
	for prefix, want := range map[string]map[string]string{
		"key": {"key:a": "改", "key%": "x"}, "key%": {"key%": "x"}, "钥": {"钥匙:1": "一"}, "none": {},
		"": {"key:a": "改", "key%": "x", "kez": "z", "钥匙:1": "一"},
	} {
		if got, err := s.MetaPrefix(ctx, prefix); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("prefix %q: %v, %v", prefix, got, err)
		}
	}
	if v, _ := s.Version(ctx); v != 0 {
		t.Errorf("meta took version %d", v)
	}
}

func testConcurrent(t *testing.T, s Store) {
	const writers, readers, updates = 2, 3, 40
	var writing, reading sync.WaitGroup
	stop := make(chan struct{})
	for w := range writers {
		writing.Go(func() {
			for i := range updates {
				err := s.Update(ctx, func(tx Tx) error {
					_, _, err := tx.Put(skill(fmt.Sprintf("w%d.%d.a", w, i), "甲"), "", 0)
					if err == nil {
						_, _, err = tx.Put(skill(fmt.Sprintf("w%d.%d.b", w, i), "乙"), "", 0)
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range readers {
		reading.Go(func() {
			since := int64(0)
			for done := false; !done; {
				select {
				case <-stop:
					done = true // one last look
				default:
				}
				items, err := s.Changes(ctx, since, 1000)
				if err != nil {
					t.Error(err)
					return
				}
				if len(items)%2 != 0 {
					t.Errorf("saw half an Update: %s", ids(items))
				}
				for _, it := range items {
					if it.Version != since+1 {
						t.Errorf("version %d after %d", it.Version, since)
					}
					since = it.Version
				}
			}
			if since != 2*writers*updates {
				t.Errorf("saw up to version %d", since)
			}
		})
	}
	writing.Wait()
	close(stop)
	reading.Wait()
}

func testClosed(t *testing.T, s Store) {
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	wantErr(t, s.Update(ctx, func(Tx) error { return nil }), talent.ErrUnavailable, "closed")
	_, err := s.Version(ctx)
	wantErr(t, err, talent.ErrUnavailable, "closed")
	wantErr(t, s.Check(ctx), talent.ErrUnavailable)
	wantErr(t, s.Backup(ctx, filepath.Join(t.TempDir(), "b.db")), talent.ErrUnavailable, "closed")
}
