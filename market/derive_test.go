package market

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"talentmatch/matcher"
	"talentmatch/store"
	"talentmatch/talent"
)

// openPlain opens a market without the built-in taxonomy.
func openPlain(t rapidTB, dir string) *Market {
	t.Helper()
	m, err := Open(context.Background(), Options{Dir: dir, NoBuiltin: true, Software: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return m
}

// derivedState writes down what the snapshot says, in words and in an order that do
// not depend on how it came about.
func derivedState(t rapidTB, m *Market) string {
	t.Helper()
	settle(m) // statistics of skills follow in the background
	s, err := m.state(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	v, err := m.store.Version(context.Background())
	if err != nil || v != s.version {
		t.Fatalf("the snapshot has version %d, the store %d, %v", s.version, v, err)
	}
	fmt.Fprintln(&b, s.version, s.world.fingerprint, s.world.basis)
	err = eachRecord(context.Background(), m.store, talent.TypeDemand, func(it store.Item, _ talent.Record) error {
		d, ok := s.snap.Demand(it.ID)
		fmt.Fprint(&b, it.ID, ok, d.Label, d.Headcount)
		for _, a := range d.Attrs {
			fmt.Fprint(&b, " ", m.lex.attrs.name(a))
		}
		for _, n := range d.Needs {
			fmt.Fprint(&b, " ", m.lex.skills.name(n.Skill), n.Extracted)
		}
		fmt.Fprintln(&b)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, side := range []string{"programs", "demands"} {
		err := m.MatchAll(context.Background(), side, 20, defaultWeights, nil, func(q string, matches []matcher.Match) error {
			fmt.Fprintf(&b, "%s %+v\n", q, matches)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// drawWrite is a record of few keys and contents, so that names of organizations and
// labels of skills change under the records that carry them.
func drawWrite(t *rapid.T) talent.Record {
	some := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(t, label) }
	n := some("id", "1", "2", "3")
	skills := func() []talent.DemandSkill {
		if rapid.Bool().Draw(t, "by text") {
			return nil
		}
		return []talent.DemandSkill{{Name: some("name", "导航", "焊接", "编程", "绘图")}, {Skill: "k1"}}
	}
	switch rapid.IntRange(0, 8).Draw(t, "type") {
	case 0, 1:
		return &talent.Organization{ID: "e" + n, Name: some("name", "狮山机电", "顺德家电"), Kind: "enterprise", Region: "440605",
			Industry: some("industry", "C39", "F51", ""), Size: some("size", "small", "large")}
	case 2, 3:
		return &talent.Demand{ID: "d" + some("demand", "1", "2", "3", "4"), Employer: "e" + n, Title: some("title", "焊工", "程序员"), Region: "440605",
			Headcount: 1, Industry: some("industry", "C34", "", ""), Text: "要求导航、焊接、编程、绘图", Skills: skills(), Occupation: some("occupation", "o1", "")}
	case 4:
		p := &talent.Program{ID: "p" + n, School: "e1", Name: some("name", "焊接", "软件"), Region: "440605", Education: "bachelor"}
		for _, s := range skills() {
			p.Skills = append(p.Skills, talent.ProgramSkill{Skill: s.Skill, Name: s.Name})
		}
		return p
	case 5:
		return &talent.Agreement{ID: "a" + n, School: "e1", Enterprise: "e" + n, Kind: "order-class"}
	case 6:
		return &talent.Occupation{ID: "o1", Name: some("name", "工人", "技师"), Note: some("note", "", "x"), Text: some("text", "", "焊接")}
	case 7:
		if rapid.Bool().Draw(t, "of occupations") {
			return &talent.Crosswalk{From: "o1", To: "o2", Weight: rapid.SampledFrom([]float64{.6, .8, 1}).Draw(t, "weight")}
		}
		return &talent.Crosswalk{From: "k" + n, To: "k" + some("to", "1", "2", "3", "no"),
			Weight: rapid.SampledFrom([]float64{.2, .6, .8, 1}).Draw(t, "weight"), Source: some("source", "", "x")}
	default:
		return &talent.Skill{ID: "k" + n, Name: some("name", "导航", "焊接", "编程", "绘图"), Text: some("text", "", "说明"), Note: some("note", "", "x")}
	}
}

// TestDerivedEqualsRebuilt: after any writes, the live snapshot is the one that would
// be built from the store, and every document of the index is what its record makes.
func TestDerivedEqualsRebuilt(t *testing.T) {
	base := `{"type":"organization","id":"e1","name":"狮山机电","kind":"enterprise","region":"440605"}
{"type":"organization","id":"e2","name":"顺德家电","kind":"enterprise","region":"440605","industry":"C39"}
{"type":"organization","id":"e3","name":"某厂","kind":"enterprise","region":"440605"}
{"type":"skill","id":"k1","name":"焊接"}
{"type":"occupation","id":"o1","name":"工人"}
{"type":"occupation","id":"o2","name":"钳工","skills":[{"skill":"k1","level":4}]}
{"type":"demand","id":"d1","employer":"e1","title":"焊工","region":"440605","headcount":1,"skills":[{"name":"导航"}]}
{"type":"program","id":"p1","school":"e1","name":"焊接","region":"440605","education":"bachelor","skills":[{"name":"导航"}]}
`
	file := writeFile(t, "base.ndjson", base)
	ctx := context.Background()
	rapid.Check(t, func(t *rapid.T) {
		dir := tempDir(t)
		m := openPlain(t, filepath.Join(dir, "live"))
		if rapid.Bool().Draw(t, "open first") {
			if err := m.Prepare(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := m.Import(ctx, []string{file}, ImportOptions{}); err != nil {
			t.Fatal(err)
		}
		if err := m.Prepare(ctx); err != nil {
			t.Fatal(err)
		}
		for round := range rapid.IntRange(1, 3).Draw(t, "rounds") {
			for range rapid.IntRange(1, 3).Draw(t, "updates") {
				err := m.update(ctx, func(tx store.Tx, touched *touched) error {
					for range rapid.IntRange(1, 4).Draw(t, "writes") {
						rec := drawWrite(t)
						touched.note(rec.RecordType(), rec.RecordID())
						var err error
						if rapid.IntRange(0, 5).Draw(t, "delete") == 0 {
							_, err = tx.Delete(rec.RecordType(), rec.RecordID(), store.Any)
						} else {
							_, _, err = tx.Put(rec, "", store.Any)
						}
						if err != nil && !errors.Is(err, talent.ErrNotFound) && !errors.Is(err, talent.ErrReferenced) {
							return err
						}
					}
					return nil
				})
				if err != nil && !errors.As(err, new(*store.DanglingError)) {
					t.Fatal(err)
				}
			}
			if r, err := m.Verify(ctx); err != nil || !r.OK() {
				t.Fatalf("verify: %+v, %v", r, err)
			}
			other := filepath.Join(dir, fmt.Sprint("rebuilt", round))
			rebuilt := openPlain(t, other)
			if err := rebuilt.Close(); err != nil {
				t.Fatal(err)
			}
			replaceStore(t, m, other)
			if got, want := derivedState(t, m), derivedState(t, openPlain(t, other)); got != want {
				t.Fatalf("live:\n%s\nrebuilt:\n%s", got, want)
			}
		}
	})
}

// TestTextOfSkillChangesNoOther: what is left out of the basis changes no other
// record's row or document, nor the likeness of skills; and a write of it builds no new
// snapshot.
func TestTextOfSkillChangesNoOther(t *testing.T) {
	ctx := context.Background()
	m := openMarket(t, "b")
	if err := m.Prepare(ctx); err != nil {
		t.Fatal(err)
	}
	before, err := m.readWorld(ctx)
	if err != nil {
		t.Fatal(err)
	}
	forms := func(w *world) (out []converted) {
		for _, typ := range []talent.Type{talent.TypeDemand, talent.TypeProgram, talent.TypeOrganization, talent.TypeAlliance, talent.TypeAgreement} {
			err := eachRecord(ctx, m.store, typ, func(_ store.Item, rec talent.Record) error {
				out = append(out, m.converter(ctx, w).record(rec))
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		return out
	}
	was, space := forms(before), before.space(m.lex, nil)
	kept := m.current.Load().snap.Atlas()
	changed := 0
	err = m.update(ctx, func(tx store.Tx, touched *touched) error {
		for _, typ := range []talent.Type{talent.TypeSkill, talent.TypeOccupation} {
			err := eachRecord(ctx, m.store, typ, func(_ store.Item, rec talent.Record) error {
				switch r := rec.(type) {
				case *talent.Skill:
					r.Text, r.Note = r.Text+"。须懂卷烟调香、焊接技术", "改"
				case *talent.Occupation:
					r.Note = "改"
				}
				changed++
				touched.note(typ, rec.RecordID())
				_, _, err := tx.Put(rec, "", store.Any)
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || changed < 200 {
		t.Fatalf("%d changed, %v", changed, err)
	}
	after, err := m.readWorld(ctx)
	if err != nil || after == before || after.fingerprint == before.fingerprint || after.basis != before.basis {
		t.Fatalf("the world is %+v after %+v, %v", after, before, err)
	}
	if got := forms(after); !reflect.DeepEqual(got, was) || !reflect.DeepEqual(after.space(m.lex, nil), space) {
		t.Error("other records or the likeness of skills changed")
	}
	s := m.current.Load()
	if s.world != after || s.snap.Atlas() != kept {
		t.Error("the state has not the new world, or its snapshot was built anew")
	}
	if r, err := m.Verify(ctx); err != nil || !r.OK() {
		t.Errorf("verify: %+v, %v", r, err)
	}
	a, err := m.Search(ctx, SearchRequest{Text: "卷烟调香", Types: []talent.Type{talent.TypeSkill}, Limit: 1})
	if err != nil || a.Meta.Total < 200 {
		t.Errorf("the new text is not found: %+v, %v", a, err)
	}
	word := &talent.Skill{ID: "sk.new", Name: "星际导航", TextEN: "a word that no other text has: astrogatoring"}
	if _, _, err := m.Put(ctx, word, store.Any); err != nil {
		t.Fatal(err)
	}
	second, err := m.readWorld(ctx)
	word.TextEN = "a word that no other text has: astrogatorship"
	_, _, err2 := m.Put(ctx, word, store.Any)
	third, err3 := m.readWorld(ctx)
	if err := errors.Join(err, err2, err3); err != nil || second.basis == third.basis {
		t.Errorf("a new Latin word leaves the basis, %v", err)
	}
}

// TestLargeEmployer: a changed employer of more demands than are applied at once.
func TestLargeEmployer(t *testing.T) {
	ctx := context.Background()
	m := openPlain(t, t.TempDir())
	if err := m.Prepare(ctx); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString(`{"type":"organization","id":"e1","name":"狮山机电","kind":"enterprise","region":"440605"}` + "\n")
	const n = 2*advanceBatch + 7
	for i := range n {
		fmt.Fprintf(&b, `{"type":"demand","id":"d%d","employer":"e1","title":"焊工","region":"440605","headcount":1}`+"\n", i)
	}
	importFiles(t, m, writeFile(t, "all.ndjson", b.String()))
	org := &talent.Organization{ID: "e1", Name: "顺德家电", Kind: "enterprise", Region: "440605", Industry: "C39"}
	if _, _, err := m.Put(ctx, org, store.Any); err != nil {
		t.Fatal(err)
	}
	a, err := m.Search(ctx, SearchRequest{Text: "顺德家电", Types: []talent.Type{talent.TypeDemand}, Limit: 1})
	if err != nil || a.Meta.Total != n {
		t.Errorf("%d of %d demands carry the new name, %v", a.Meta.Total, n, err)
	}
	d, _ := m.current.Load().snap.Demand("d5")
	if got := m.lex.attrs.name(d.Attrs[matcher.AttrIndustry]); got != industryCode("C39") {
		t.Errorf("industry %q", got)
	}
	if r, err := m.Verify(ctx); err != nil || !r.OK() {
		t.Errorf("verify: %+v, %v", r, err)
	}
}

// TestSnapshotGoesOnWithoutIndex: when the index fails, the snapshot still has what
// was written, and what comes later brings the index up.
func TestSnapshotGoesOnWithoutIndex(t *testing.T) {
	ctx := context.Background()
	m := openPlain(t, t.TempDir())
	importFiles(t, m, writeFile(t, "org.ndjson", `{"type":"organization","id":"e1","name":"狮山机电","kind":"enterprise","region":"440605"}`))
	if err := m.Prepare(ctx); err != nil {
		t.Fatal(err)
	}
	if err := m.index.Load().Close(); err != nil {
		t.Fatal(err)
	}
	d := &talent.Demand{ID: "d1", Employer: "e1", Title: "焊工", Region: "440605", Headcount: 1}
	if _, _, err := m.Put(ctx, d, store.Any); !errors.Is(err, talent.ErrUnavailable) || !strings.Contains(err.Error(), "not yet searchable") {
		t.Errorf("put with a closed index: %v", err)
	}
	if _, ok := m.current.Load().snap.Demand("d1"); !ok {
		t.Error("the snapshot has not the demand")
	}
}

// tempDir is a folder of its own for one check of a property.
func tempDir(t *rapid.T) string {
	dir, err := os.MkdirTemp("", "talentmatch-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// replaceStore puts a copy of m's store into the folder of a closed market.
func replaceStore(t rapidTB, m *Market, dir string) {
	for _, f := range []string{storeFile, storeFile + "-wal", storeFile + "-shm"} {
		if err := os.Remove(filepath.Join(dir, f)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	if err := m.Backup(context.Background(), filepath.Join(dir, storeFile)); err != nil {
		t.Fatal(err)
	}
}

// rapidTB is what a test and a check of a property have in common.
type rapidTB interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
	Error(...any)
	Cleanup(func())
}
