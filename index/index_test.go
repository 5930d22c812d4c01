package index

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"talentmatch/talent"
)

var ctx = context.Background()

// open opens an index and closes it with the test.
func open(t testing.TB, dir string) *Index {
	t.Helper()
	x, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	return x
}

func apply(t testing.TB, x *Index, version int64, docs ...Doc) {
	t.Helper()
	if err := x.Apply(ctx, docs, nil, version); err != nil {
		t.Fatal(err)
	}
}

// find is the keys of the hits, in order.
func find(t testing.TB, x *Index, q Query) []string {
	t.Helper()
	if q.Limit == 0 {
		q.Limit = 100
	}
	res, err := x.Search(ctx, q)
	if err != nil {
		t.Fatal(err)
	}
	keys := []string{}
	for _, h := range res.Hits {
		keys = append(keys, Key{h.Type, h.ID}.String())
	}
	if res.Total < len(keys) {
		t.Fatalf("total %d, but %d hits", res.Total, len(keys))
	}
	return keys
}

func demand(id, title string, change ...func(*Doc)) Doc {
	d := Doc{Type: talent.TypeDemand, ID: id, Title: title}
	for _, f := range change {
		f(&d)
	}
	return d
}

func keysOf(t *testing.T, x *Index, typ talent.Type) map[string]uint64 {
	t.Helper()
	got, last := map[string]uint64{}, ""
	err := x.Keys(ctx, typ, func(id string, hash uint64) bool {
		if id <= last {
			t.Errorf("%s after %s", id, last)
		}
		last = id
		got[id] = hash
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestReopenKeepsEverything(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "index")
	x := open(t, dir)
	if x.Version() != 0 || x.Rebuilt() {
		t.Fatalf("new index: version %d, rebuilt %v", x.Version(), x.Rebuilt())
	}
	a, b := demand("a", "数控车床操作工"), demand("b", "电工")
	apply(t, x, 7, a, b)
	if err := x.Apply(ctx, []Doc{a}, []Key{b.Key(), {talent.TypeSkill, "never-there"}}, 9); err != nil {
		t.Fatal(err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	x = open(t, dir)
	if n, err := x.Count(); n != 1 || err != nil || x.Version() != 9 || x.Rebuilt() {
		t.Fatalf("reopened: %d docs, %v, version %d, rebuilt %v", n, err, x.Version(), x.Rebuilt())
	}
	if got := keysOf(t, x, talent.TypeDemand); !reflect.DeepEqual(got, map[string]uint64{"a": a.Hash()}) {
		t.Errorf("keys %v", got)
	}
	if got := find(t, x, Query{Text: "车床"}); !reflect.DeepEqual(got, []string{"demand:a"}) {
		t.Errorf("found %v", got)
	}
}

func TestAnotherMappingIsMadeAnew(t *testing.T) {
	dir := t.TempDir()
	x := open(t, dir)
	apply(t, x, 5, demand("a", "电工"))
	if err := x.idx.SetInternal(keyMapping, []byte("0-older")); err != nil {
		t.Fatal(err)
	}
	x.Close()
	x = open(t, dir)
	if n, _ := x.Count(); n != 0 || x.Version() != 0 || !x.Rebuilt() {
		t.Errorf("%d docs, version %d, rebuilt %v", n, x.Version(), x.Rebuilt())
	}
	apply(t, x, 1, demand("a", "电工"))
	x.Close()
	if x = open(t, dir); x.Version() != 1 || x.Rebuilt() {
		t.Errorf("after the rebuild: version %d, rebuilt %v", x.Version(), x.Rebuilt())
	}
}

// Whatever is broken in the folder, Open gives a working, empty index, and leaves
// strangers' files alone.
func TestCorruptFolderIsMadeAnew(t *testing.T) {
	for name, damage := range map[string]func(dir string) error{
		"meta garbage":  func(dir string) error { return os.WriteFile(dir+"/index_meta.json", []byte("{"), 0o600) },
		"meta missing":  func(dir string) error { return os.Remove(dir + "/index_meta.json") },
		"store missing": func(dir string) error { return os.RemoveAll(dir + "/store") },
		"root garbage":  func(dir string) error { return os.WriteFile(dir+"/store/root.bolt", make([]byte, 8192), 0o600) },
		"root empty":    func(dir string) error { return os.Truncate(dir+"/store/root.bolt", 0) },
		"store a file": func(dir string) error {
			if err := os.RemoveAll(dir + "/store"); err != nil {
				return err
			}
			return os.WriteFile(dir+"/store", nil, 0o600)
		},
		"segments gone": func(dir string) error {
			files, err := filepath.Glob(dir + "/store/*.zap")
			for _, f := range files {
				err = errors.Join(err, os.Remove(f))
			}
			return err
		},
		"segments cut": func(dir string) error {
			files, err := filepath.Glob(dir + "/store/*.zap")
			for _, f := range files {
				err = errors.Join(err, os.Truncate(f, 10))
			}
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			stranger := filepath.Join(dir, "notes.txt")
			if err := os.WriteFile(stranger, []byte("mine"), 0o600); err != nil {
				t.Fatal(err)
			}
			x := open(t, dir)
			apply(t, x, 5, demand("a", "电工"))
			x.Close()
			if err := damage(dir); err != nil {
				t.Fatal(err)
			}
			x = open(t, dir)
			// With segments lost bleve may fall back to an older state of the same
			// index, here the empty one: as good, and no rebuild.
			fellBack := strings.HasPrefix(name, "segments")
			if n, err := x.Count(); n != 0 || err != nil || x.Version() != 0 || !x.Rebuilt() && !fellBack {
				t.Errorf("%d docs, %v, version %d, rebuilt %v", n, err, x.Version(), x.Rebuilt())
			}
			apply(t, x, 6, demand("b", "电工"))
			if got := find(t, x, Query{Text: "电工"}); !reflect.DeepEqual(got, []string{"demand:b"}) {
				t.Errorf("found %v", got)
			}
			if _, err := os.Stat(stranger); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestLockedFolderIsUnavailable(t *testing.T) {
	dir := t.TempDir()
	x := open(t, dir)
	apply(t, x, 5, demand("a", "电工"))
	start := time.Now()
	_, err := Open(dir)
	if !errors.Is(err, talent.ErrUnavailable) || !strings.Contains(err.Error(), "another process has it open") {
		t.Errorf("second open: %v", err)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("waited %v", took)
	}
	if got := find(t, x, Query{Text: "电工"}); len(got) != 1 {
		t.Errorf("the first one lost its records: %v", got)
	}
}

func TestApplyRefuses(t *testing.T) {
	x := open(t, "")
	apply(t, x, 5, demand("a", "电工"))
	for _, tt := range []struct {
		name    string
		doc     Doc
		version int64
		want    error
		message string
	}{
		{"going back", demand("b", "焊工"), 4, talent.ErrConflict, "at version 5 and cannot go back to 4"},
		{"no such type", Doc{Type: "city", ID: "b"}, 6, talent.ErrUnsupported, "not searchable"},
		{"no text of its own", Doc{Type: talent.TypeSeries, ID: "b"}, 6, talent.ErrUnsupported, "not searchable"},
		{"bad id", demand("b:焊", "焊工"), 6, talent.ErrInvalid, "id: must be"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := x.Apply(ctx, []Doc{demand("good", "焊工"), tt.doc}, []Key{{talent.TypeDemand, "a"}}, tt.version)
			if !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.message) {
				t.Errorf("got %v", err)
			}
		})
	}
	canceled, cancel := context.WithCancel(ctx)
	cancel()
	if err := x.Apply(canceled, []Doc{demand("good", "焊工")}, nil, 6); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
	if got := find(t, x, Query{}); !reflect.DeepEqual(got, []string{"demand:a"}) || x.Version() != 5 {
		t.Errorf("a refused batch left %v at version %d", got, x.Version())
	}
}

func TestResetAndClose(t *testing.T) {
	for _, dir := range []string{"", t.TempDir()} {
		x := open(t, dir)
		apply(t, x, 5, demand("a", "电工"))
		if err := x.Reset(); err != nil {
			t.Fatal(err)
		}
		if n, err := x.Count(); n != 0 || err != nil || x.Version() != 0 {
			t.Errorf("after Reset: %d docs, %v, version %d", n, err, x.Version())
		}
		apply(t, x, 1, demand("a", "电工"))
		for range 2 {
			if err := x.Close(); err != nil {
				t.Fatal(err)
			}
		}
		_, err1 := x.Search(ctx, Query{Limit: 1})
		_, err2 := x.Count()
		for _, err := range []error{err1, err2, x.Reset(), x.Apply(ctx, nil, nil, 9), x.Keys(ctx, "demand", nil)} {
			if !errors.Is(err, talent.ErrUnavailable) {
				t.Errorf("closed: %v", err)
			}
		}
	}
}

func TestHash(t *testing.T) {
	base := func() Doc {
		return Doc{Type: "demand", ID: "a", Title: "电工", Names: []string{"a", "b"}, Skills: []string{"s"}, Years: []int{2026}}
	}
	seen := map[uint64]string{base().Hash(): "base"}
	for name, change := range map[string]func(*Doc){
		"id": func(d *Doc) { d.ID = "b" }, "language": func(d *Doc) { d.Title, d.TitleEN = "", d.Title },
		"names joined": func(d *Doc) { d.Names = []string{"ab"} }, "order": func(d *Doc) { d.Names = []string{"b", "a"} },
		"list": func(d *Doc) { d.Skills, d.Unresolved = nil, d.Skills }, "year": func(d *Doc) { d.Years = []int{2027} },
		"region": func(d *Doc) { d.Region = "4403" }, "province": func(d *Doc) { d.Province = "4403" }, "status": func(d *Doc) { d.Status = "open" },
	} {
		d := base()
		change(&d)
		if other, ok := seen[d.Hash()]; ok {
			t.Errorf("%s and %s have one hash", name, other)
		}
		seen[d.Hash()] = name
	}
	d := base()
	d.Regions, d.Unresolved = []string{}, []string{}
	if d.Hash() != base().Hash() {
		t.Error("an empty list differs from none")
	}
}

// The store's feed is applied by a process that is killed at random moments: what
// it reported as applied is there after reopening, and no Apply is there by half.
func TestKilledProcess(t *testing.T) {
	if dir := os.Getenv("TALENTMATCH_INDEX_CHILD"); dir != "" {
		applyForever(dir)
		return
	}
	dir := t.TempDir()
	const perBatch = 5
	last := int64(0)
	for round := range 4 {
		acknowledged := runAndKill(t, dir, time.Duration(150+70*round)*time.Millisecond)
		last = max(last, acknowledged)
		x := open(t, dir)
		if x.Rebuilt() || x.Version() < last {
			t.Fatalf("round %d: version %d after %d was acknowledged, rebuilt %v", round, x.Version(), last, x.Rebuilt())
		}
		if n, err := x.Count(); err != nil || int64(n) != perBatch*x.Version() {
			t.Fatalf("round %d: %d docs at version %d, %v", round, n, x.Version(), err)
		}
		x.Close()
	}
	if last == 0 {
		t.Skip("the machine was too slow for a single batch")
	}
}

// runAndKill runs this test as a child for a while from its first sign of life,
// and returns the last version that it acknowledged.
func runAndKill(t *testing.T, dir string, life time.Duration) (last int64) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilledProcess$")
	cmd.Env = append(os.Environ(), "TALENTMATCH_INDEX_CHILD="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	started := false
	for lines := bufio.NewScanner(out); lines.Scan(); {
		v, err := strconv.ParseInt(strings.TrimPrefix(lines.Text(), "applied "), 10, 64)
		if err != nil {
			continue
		}
		last = v
		if !started {
			started = true
			time.AfterFunc(life, func() { cmd.Process.Kill() })
		}
	}
	cmd.Wait()
	return last
}

func applyForever(dir string) {
	x, err := Open(dir)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for v := x.Version() + 1; ; v++ {
		var docs []Doc
		for i := range 5 {
			docs = append(docs, demand(fmt.Sprintf("d-%d-%d", v, i), "电工"))
		}
		if err := x.Apply(ctx, docs, nil, v); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("applied", v)
	}
}

// Searches go on while records are written and segments merged; each sees one
// version whole, and its facets count exactly that.
func TestSearchDuringApply(t *testing.T) {
	x := open(t, t.TempDir())
	done := make(chan error, 1)
	go func() {
		for v := int64(1); v <= 50; v++ {
			docs := []Doc{demand(fmt.Sprintf("a-%d", v), "电工"), demand(fmt.Sprintf("b-%d", v), "焊工"), demand("same", "钳工")}
			docs[0].Kind, docs[2].Kind, docs[2].Years = "hire", fmt.Sprint(v), []int{int(v), int(v + 1)}
			if err := x.Apply(ctx, docs, nil, v); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for {
		res, err := x.Search(ctx, Query{Limit: 1000, Facets: []string{"type", "kind", "year"}})
		if err != nil {
			t.Fatal(err)
		}
		if v := int(res.Version); v > 0 {
			want := map[string][]FacetCount{
				"type": {{"demand", 2*v + 1}}, "kind": {{"hire", v}, {strconv.Itoa(v), 1}},
				"year": {{strconv.Itoa(v), 1}, {strconv.Itoa(v + 1), 1}},
			}
			for _, list := range want { // of equal counts the smaller text is first
				sort.SliceStable(list, func(i, j int) bool {
					return list[i].Count == list[j].Count && list[i].Value < list[j].Value
				})
			}
			if res.Total != 2*v+1 || len(res.Hits) != res.Total || !reflect.DeepEqual(res.Facets, want) {
				t.Fatalf("version %d: total %d, %d hits, facets %v", v, res.Total, len(res.Hits), res.Facets)
			}
		}
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			return
		default:
		}
	}
}
