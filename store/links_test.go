package store

import (
	"errors"
	"fmt"
	"reflect"
	"testing"

	"talentmatch/talent"
)

// The part of testStore that is about references.

func testForward(t *testing.T, s Store) {
	update(t, s, func(tx Tx) {
		put(t, tx, demand("d1", "e1", "sk.a", "sk.b"))
		put(t, tx, skill("sk.b", "乙", "sk.a"))
		put(t, tx, skill("sk.a", "甲", "sk.b")) // a circle is legal here
		put(t, tx, employer("e1"))
	})
	wantChanges(t, s, 0, 10, "d1@1 sk.b@2 sk.a@3 e1@4")
	list, total, err := s.Referrers(ctx, talent.TypeSkill, "sk.a", 10)
	want := []Referrer{{talent.TypeDemand, "d1", "skills[0].skill"}, {talent.TypeSkill, "sk.b", "broader[0]"}}
	if err != nil || total != 2 || !reflect.DeepEqual(list, want) {
		t.Errorf("referrers %v of %d, %v; want %v", list, total, err, want)
	}
	// A forward reference that is taken back leaves nothing behind, and a
	// record that was deleted can be referred to once it is back.
	update(t, s, func(tx Tx) {
		put(t, tx, demand("d2", "e1", "sk.never"))
		put(t, tx, demand("d2", "e1", "sk.c"))
		put(t, tx, skill("sk.c", "丙"))
		put(t, tx, demand("d2", "e1"))
		if _, err := tx.Delete(talent.TypeSkill, "sk.c", Any); err != nil {
			t.Error(err)
		}
		put(t, tx, demand("d2", "e1", "sk.c"))
		put(t, tx, skill("sk.c", "丙丙"))
	})
	if n, err := s.Counts(ctx); err != nil || n[talent.TypeSkill] != 3 || n[talent.TypeDemand] != 2 {
		t.Errorf("counts %v, %v", n, err)
	}
}

func testDangling(t *testing.T, s Store) {
	update(t, s, func(tx Tx) { put(t, tx, employer("e1")) })
	err := s.Update(ctx, func(tx Tx) error {
		put(t, tx, skill("sk.ok", "有"))
		put(t, tx, demand("d1", "e1", "sk.ok", "sk.无", "sk.missing"))
		put(t, tx, demand("d2", "e.missing", "sk.missing", "sk.missing"))
		return nil
	})
	wantErr(t, err, talent.ErrInvalid, "demand d1", "skills[2].skill", "there is no skill sk.missing", "demand d2", "organization e.missing")
	var d *DanglingError
	if !errors.As(err, &d) {
		t.Fatalf("error is %T", err)
	}
	r1 := Referrer{talent.TypeDemand, "d1", "skills[1].skill"}
	want := []Dangling{
		{r1, talent.TypeSkill, "sk.无"},
		{Referrer{talent.TypeDemand, "d1", "skills[2].skill"}, talent.TypeSkill, "sk.missing"},
		{Referrer{talent.TypeDemand, "d2", "skills[0].skill"}, talent.TypeSkill, "sk.missing"},
		{Referrer{talent.TypeDemand, "d2", "employer"}, talent.TypeOrganization, "e.missing"},
	}
	if d.Total != 4 || !sameDangling(d.List, want) {
		t.Errorf("dangling %d: %v\nwant %v", d.Total, d.List, want)
	}
	wantChanges(t, s, 1, 10, "") // nothing of it is there
	if err := s.Update(ctx, func(tx Tx) error {
		put(t, tx, skill("sk.b", "乙"))
		_, err := tx.Delete(talent.TypeOrganization, "e1", Any)
		put(t, tx, demand("d1", "e1"))
		return err
	}); !errors.Is(err, talent.ErrInvalid) {
		t.Errorf("referring to what the same Update deleted: %v", err)
	}
}

// sameDangling compares regardless of order.
func sameDangling(a, b []Dangling) bool {
	count := map[Dangling]int{}
	for _, d := range a {
		count[d]++
	}
	for _, d := range b {
		count[d]--
	}
	for _, n := range count {
		if n != 0 {
			return false
		}
	}
	return true
}

func testManyDangling(t *testing.T, s Store) {
	err := s.Update(ctx, func(tx Tx) error {
		put(t, tx, employer("e1"))
		for i := range 150 {
			put(t, tx, demand(fmt.Sprintf("d%03d", i), "e1", "sk.gone"))
		}
		return nil
	})
	var d *DanglingError
	if !errors.As(err, &d) || len(d.List) != 100 || d.Total != 150 || d.List[99].From.ID != "d099" {
		t.Fatalf("got %v", err)
	}
	wantErr(t, err, talent.ErrInvalid, "and 140 more")
}

func testReferenced(t *testing.T, s Store) {
	update(t, s, func(tx Tx) {
		put(t, tx, employer("e1"))
		put(t, tx, skill("sk.a", "甲"))
		for i := range 25 {
			put(t, tx, demand(fmt.Sprintf("d%02d", i), "e1", "sk.a"))
		}
		// Links still on their way count as well.
		_, err := tx.Delete(talent.TypeSkill, "sk.a", Any)
		wantErr(t, err, talent.ErrReferenced, "skill sk.a", "demand d00 (skills[0].skill)", "and 5 more")
	})
	err := s.Update(ctx, func(tx Tx) error { _, err := tx.Delete(talent.TypeOrganization, "e1", Any); return err })
	var r *ReferencedError
	if !errors.As(err, &r) || r.Total != 25 || len(r.Referrers) != 20 || r.Referrers[19] != (Referrer{talent.TypeDemand, "d19", "employer"}) {
		t.Fatalf("got %#v", err)
	}
	update(t, s, func(tx Tx) {
		for i := range 25 {
			if _, err := tx.Delete(talent.TypeDemand, fmt.Sprintf("d%02d", i), Any); err != nil {
				t.Error(err)
			}
		}
		if _, err := tx.Delete(talent.TypeSkill, "sk.a", Any); err != nil {
			t.Error(err)
		}
	})
	if n, err := s.Counts(ctx); err != nil || !reflect.DeepEqual(n, map[talent.Type]int{talent.TypeOrganization: 1}) {
		t.Errorf("counts %v, %v", n, err)
	}
}

func testBuiltin(t *testing.T, s Store) {
	update(t, s, func(tx Tx) {
		if has, err := tx.Has(talent.TypeRegion, "440600"); has || err != nil {
			t.Errorf("has a region that nobody imported: %v %v", has, err)
		}
		put(t, tx, employer("e1"))
		put(t, tx, &talent.Region{ID: "440600", Name: "佛山市", Parent: "440000", Note: "改写内置地区"})
		put(t, tx, &talent.Region{ID: "cn.foshan.zone", Name: "三龙湾", Parent: "440600"})
	})
	if _, n, err := s.Referrers(ctx, talent.TypeRegion, "440600", 0); n != 2 || err != nil {
		t.Errorf("referrers: %d %v", n, err)
	}
	update(t, s, func(tx Tx) {
		if _, err := tx.Delete(talent.TypeRegion, "440600", Any); err != nil {
			t.Error(err) // the built-in one takes its place again
		}
	})
	if n, err := s.Counts(ctx); err != nil || n[talent.TypeRegion] != 1 {
		t.Errorf("counts %v, %v", n, err)
	}
	wantChanges(t, s, 0, 10, "e1@1 cn.foshan.zone@3 -440600@4")
}

func testRelinking(t *testing.T, s Store) {
	count := func(id string) int {
		t.Helper()
		_, n, err := s.Referrers(ctx, talent.TypeSkill, id, 0)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	update(t, s, func(tx Tx) {
		put(t, tx, employer("e1"))
		for _, id := range []string{"a", "b", "c"} {
			put(t, tx, skill(id, "技能"+id))
		}
		put(t, tx, demand("d1", "e1", "a", "b", "a"))
	})
	if count("a") != 1 || count("b") != 1 || count("c") != 0 {
		t.Errorf("a %d, b %d, c %d", count("a"), count("b"), count("c"))
	}
	update(t, s, func(tx Tx) {
		put(t, tx, demand("d1", "e1", "c", "b"))
		put(t, tx, demand("d1", "e1", "c", "a")) // twice in one Update
		put(t, tx, demand("d2", "e1", "c"))
	})
	if count("a") != 1 || count("b") != 0 || count("c") != 2 {
		t.Errorf("a %d, b %d, c %d", count("a"), count("b"), count("c"))
	}
}
