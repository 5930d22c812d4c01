package market

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"talentmatch/store"
	"talentmatch/talent"
)

// A debugLog keeps what is logged.
type debugLog struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *debugLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *debugLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// openKeeping opens a market that keeps a snapshot of however few rows, and its log.
func openKeeping(t rapidTB, o Options) (*Market, *debugLog) {
	t.Helper()
	log := &debugLog{}
	o.Log = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	m, err := Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	m.keeping.least = 1
	return m, log
}

const (
	logRead   = "the snapshot file is read"
	logUnused = "the snapshot file is not used"
)

func closeKeeping(t rapidTB, m *Market) {
	t.Helper()
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
}

// keepAnyway writes the file now, as if enough had changed.
func keepAnyway(t rapidTB, m *Market) {
	t.Helper()
	settle(m)
	if _, err := m.writeSnapshot(context.Background(), m.current.Load()); err != nil {
		t.Fatal(err)
	}
}

// allAnswers is what a market says: every match of every stored demand and program with
// its explanation and probability, gaps, and counts.
func allAnswers(t rapidTB, m *Market) string {
	t.Helper()
	ctx := context.Background()
	var b strings.Builder
	put := func(a any, err error) {
		if err != nil {
			t.Fatal(err)
		}
		body, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s\n", body)
	}
	for _, typ := range []talent.Type{talent.TypeDemand, talent.TypeProgram} {
		n := 0
		err := eachRecord(ctx, m.store, typ, func(it store.Item, _ talent.Record) error {
			if n++; n > 25 {
				return nil
			}
			r := MatchRequest{Top: 10, Weights: defaultWeights, Explain: true, DemandID: it.ID}
			if typ == talent.TypeProgram {
				r.DemandID, r.ProgramID = "", it.ID
			}
			a, err := m.Match(ctx, r)
			put(a, err)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	put(m.Counts(ctx))
	put(m.Gaps(ctx, GapRequest{By: []string{"skill", "region"}, Limit: 200, DrillDown: 5}))
	return b.String() + derivedState(t, m)
}

// without copies the store, and what is known of skills, into a folder of its own.
func without(t rapidTB, m *Market, dir string) string {
	t.Helper()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := m.Backup(context.Background(), filepath.Join(dir, storeFile)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestSnapshotFile: a market that was closed answers from its file as one that converts
// everything, whether its index is open or not; and one that only reads writes none.
func TestSnapshotFile(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	file := filepath.Join(dir, snapshotFile)
	m, log := openKeeping(t, Options{Dir: dir, Software: "test"})
	importFiles(t, m, scenarioFiles(t, "c")...)
	if _, err := m.state(ctx); err != nil {
		t.Fatal(err)
	}
	settle(m)
	closeKeeping(t, m)
	if _, err := os.Stat(file); err == nil {
		t.Fatal("a market without an index wrote a snapshot")
	}
	m, _ = openKeeping(t, Options{Dir: dir, Software: "test"})
	if err := m.Prepare(ctx); err != nil {
		t.Fatal(err)
	}
	want := allAnswers(t, m)
	closeKeeping(t, m)
	if strings.Contains(log.String(), logUnused) {
		t.Error(log)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatal(info, err)
	}
	for _, prepare := range []bool{false, true} {
		m, log := openKeeping(t, Options{Dir: dir, Software: "test"})
		if prepare {
			if err := m.Prepare(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if got := allAnswers(t, m); got != want {
			t.Errorf("prepare %t: the file's answers are others", prepare)
		}
		if !strings.Contains(log.String(), logRead) {
			t.Errorf("prepare %t: it is not read:\n%s", prepare, log)
		}
		plain, log := openKeeping(t, Options{Dir: without(t, m, filepath.Join(t.TempDir(), "copy")), Software: "test"})
		if got := allAnswers(t, plain); got != want {
			t.Errorf("prepare %t: answers without the file are others", prepare)
		}
		if strings.Contains(log.String(), logRead) {
			t.Error("the copy has a file")
		}
		closeKeeping(t, plain)
		closeKeeping(t, m)
	}
	if again, err := os.Stat(file); err != nil || !again.ModTime().Equal(info.ModTime()) {
		t.Errorf("written again although nothing has changed: %v", err)
	}
}

// TestSmallMarketsKeepNoSnapshot: few records are converted as quickly.
func TestSmallMarketsKeepNoSnapshot(t *testing.T) {
	m := openMarket(t, "c")
	if err := m.Prepare(context.Background()); err != nil {
		t.Fatal(err)
	}
	m.keepNow()
	if _, err := os.Stat(filepath.Join(m.dir, snapshotFile)); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

// keptBase is what drawWrite's records refer to, and a little more.
const keptBase = `{"type":"organization","id":"e1","name":"狮山机电","kind":"enterprise","region":"440605"}
{"type":"organization","id":"e2","name":"顺德家电","kind":"enterprise","region":"440605","industry":"C39"}
{"type":"organization","id":"e3","name":"某厂","kind":"enterprise","region":"440605"}
{"type":"skill","id":"k1","name":"焊接"}
{"type":"occupation","id":"o1","name":"工人"}
{"type":"occupation","id":"o2","name":"钳工","skills":[{"skill":"k1","level":4}]}
{"type":"demand","id":"d1","employer":"e1","title":"焊工","region":"440605","headcount":1,"skills":[{"name":"导航"}]}
{"type":"program","id":"p1","school":"e1","name":"焊接","region":"440605","education":"bachelor","skills":[{"name":"导航"}]}
`

// drawWrites changes and deletes some records, each in a write of its own.
func drawWrites(t *rapid.T, m *Market) {
	t.Helper()
	ctx := context.Background()
	for range rapid.IntRange(0, 4).Draw(t, "writes") {
		rec := drawWrite(t)
		var err error
		if rapid.IntRange(0, 5).Draw(t, "delete") == 0 {
			err = m.Delete(ctx, rec.RecordType(), rec.RecordID(), store.Any)
		} else {
			_, _, err = m.Put(ctx, rec, store.Any)
		}
		if err != nil && !errors.Is(err, talent.ErrNotFound) && !errors.Is(err, talent.ErrReferenced) && !errors.As(err, new(*store.DanglingError)) {
			t.Fatal(err)
		}
	}
}

// TestSnapshotFileFollowsWrites: whatever is written after the file, taxonomy and
// organizations among it, the next process answers as if there were no file.
func TestSnapshotFileFollowsWrites(t *testing.T) {
	if testing.Short() {
		t.Skip("opens markets of thousands of records again and again")
	}
	base := writeFile(t, "base.ndjson", keptBase)
	ctx := context.Background()
	reads := 0
	rapid.Check(t, func(t *rapid.T) {
		dir := tempDir(t)
		live := filepath.Join(dir, "live")
		m, _ := openKeeping(t, Options{Dir: live, Software: "test", NoBuiltin: true})
		if _, err := m.Import(ctx, []string{base}, ImportOptions{}); err != nil {
			t.Fatal(err)
		}
		for round := range rapid.IntRange(1, 3).Draw(t, "rounds") {
			if rapid.Bool().Draw(t, "prepare") {
				if err := m.Prepare(ctx); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := m.state(ctx); err != nil {
				t.Fatal(err)
			}
			drawWrites(t, m)
			if rapid.IntRange(0, 3).Draw(t, "keep") > 0 {
				keepAnyway(t, m)
			}
			drawWrites(t, m)
			m.keeping.least = 1 << 30 // as after a crash
			closeKeeping(t, m)

			var log *debugLog
			m, log = openKeeping(t, Options{Dir: live, Software: "test", NoBuiltin: true})
			if rapid.Bool().Draw(t, "write first") {
				drawWrites(t, m)
			}
			plain, _ := openKeeping(t, Options{Dir: without(t, m, filepath.Join(dir, fmt.Sprint("plain", round))), Software: "test", NoBuiltin: true})
			if got, want := allAnswers(t, m), allAnswers(t, plain); got != want {
				t.Fatalf("with the file:\n%.3000s\nwithout:\n%.3000s\n%s", got, want, log)
			}
			reads += strings.Count(log.String(), logRead)
			closeKeeping(t, plain)
			if r, err := m.Verify(ctx); err != nil || !r.OK() {
				t.Fatalf("verify: %+v, %v", r, err)
			}
		}
		closeKeeping(t, m)
	})
	if reads == 0 {
		t.Error("no file was ever read")
	}
}

// TestSnapshotFileThatDoesNotFit: files that are damaged, half written, of another
// program, format, taxonomy or store are left alone, and the log says why; a crash while
// files are exchanged costs nothing.
func TestSnapshotFileThatDoesNotFit(t *testing.T) {
	if testing.Short() {
		t.Skip("opens markets of thousands of records again and again")
	}
	ctx := context.Background()
	base := t.TempDir()
	m, _ := openKeeping(t, Options{Dir: base, Software: "test"})
	importFiles(t, m, scenarioFiles(t, "b")...)
	if err := m.Prepare(ctx); err != nil {
		t.Fatal(err)
	}
	want := allAnswers(t, m)
	closeKeeping(t, m)
	whole, err := os.ReadFile(filepath.Join(base, snapshotFile))
	if err != nil {
		t.Fatal(err)
	}
	older, err := os.ReadFile(filepath.Join(base, storeFile)) // closed: there is no log beside it
	if err != nil {
		t.Fatal(err)
	}
	flip := func(at int) []byte {
		b := bytes.Clone(whole)
		b[at] ^= 4
		return b
	}
	write := func(t *testing.T, dir string, b []byte) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, snapshotFile), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put := func(t *testing.T, m *Market, rec talent.Record) {
		t.Helper()
		if _, _, err := m.Put(ctx, rec, store.Any); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name, software, says string // says "" when the file is read
		do                   func(t *testing.T, dir string)
	}{
		{"whole", "test", "", func(*testing.T, string) {}},
		{"empty", "test", "its beginning", func(t *testing.T, dir string) { write(t, dir, nil) }},
		{"cut in the middle", "test", "a directory at", func(t *testing.T, dir string) { write(t, dir, whole[:len(whole)/2]) }},
		{"cut at the end", "test", "damaged", func(t *testing.T, dir string) { write(t, dir, whole[:len(whole)-1]) }},
		{"another file", "test", "does not begin", func(t *testing.T, dir string) { write(t, dir, older) }},
		{"another format", "test", "format", func(t *testing.T, dir string) { write(t, dir, flip(8)) }},
		{"directory elsewhere", "test", "damaged", func(t *testing.T, dir string) { write(t, dir, flip(18)) }},
		{"damaged names", "test", "checksum", func(t *testing.T, dir string) { write(t, dir, flip(200)) }},
		{"damaged rows", "test", "checksum", func(t *testing.T, dir string) { write(t, dir, flip(len(whole)/2)) }},
		{"damaged directory", "test", "checksum", func(t *testing.T, dir string) { write(t, dir, flip(len(whole)-20)) }},
		{"another program", "test 2", "written by", func(*testing.T, string) {}},
		{"half written", "test", "", func(t *testing.T, dir string) {
			if err := os.WriteFile(filepath.Join(dir, snapshotNew), whole[:len(whole)/3], 0o600); err != nil {
				t.Fatal(err)
			}
		}},
		{"crash before the exchange", "test", "", func(t *testing.T, dir string) {
			m, _ := openKeeping(t, Options{Dir: dir, Software: "test"})
			if _, err := m.state(ctx); err != nil {
				t.Fatal(err)
			}
			keepAnyway(t, m)
			closeKeeping(t, m)
			write(t, dir, whole) // the new one did not get there
		}},
		{"another store", "test", "not of this store", func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, storeFile)); err != nil {
				t.Fatal(err)
			}
			m, _ := openKeeping(t, Options{Dir: dir, Software: "test"})
			importFiles(t, m, scenarioFiles(t, "b")...)
			closeKeeping(t, m)
		}},
		{"store put back", "test", "not of this store", func(t *testing.T, dir string) {
			m, _ := openKeeping(t, Options{Dir: dir, Software: "test"})
			if err := m.Prepare(ctx); err != nil {
				t.Fatal(err)
			}
			put(t, m, &talent.Organization{ID: "e.new", Name: "新厂", Kind: "enterprise", Region: "440605"})
			keepAnyway(t, m)
			keepAnyway(t, m)
			closeKeeping(t, m)
			if err := os.WriteFile(filepath.Join(dir, storeFile), older, 0o600); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(base)); err != nil {
				t.Fatal(err)
			}
			tt.do(t, dir)
			m, log := openKeeping(t, Options{Dir: dir, Software: tt.software})
			got := strings.ReplaceAll(allAnswers(t, m), `"software":"test 2"`, `"software":"test"`)
			if got != want {
				t.Error("other answers")
			}
			says := log.String()
			if tt.says == "" && !strings.Contains(says, logRead) || tt.says != "" && (!strings.Contains(says, logUnused) || !strings.Contains(says, tt.says)) {
				t.Errorf("want %q:\n%s", tt.says, says)
			}
			if err := m.Prepare(ctx); err != nil { // a writer makes a new one
				t.Fatal(err)
			}
			closeKeeping(t, m)
			m, log = openKeeping(t, Options{Dir: dir, Software: tt.software})
			if _, err := m.state(ctx); err != nil || !strings.Contains(log.String(), logRead) {
				t.Errorf("%v, %s", err, log)
			}
			closeKeeping(t, m)
			if _, err := os.Stat(filepath.Join(dir, snapshotNew)); tt.name != "half written" && !errors.Is(err, fs.ErrNotExist) {
				t.Error(err)
			}
		})
	}
	t.Run("another taxonomy", func(t *testing.T) {
		m, _ := openKeeping(t, Options{Dir: base, Software: "test"})
		put(t, m, &talent.Skill{ID: "sk.new", Name: "星际导航"})
		closeKeeping(t, m)
		m, log := openKeeping(t, Options{Dir: base, Software: "test"})
		defer closeKeeping(t, m)
		if _, err := m.state(ctx); err != nil || !strings.Contains(log.String(), "have changed") {
			t.Errorf("%v, %s", err, log)
		}
	})
}

// TestSnapshotFileIsReplacedBehind: a market that goes on writes the file when enough has
// changed, and not before.
func TestSnapshotFileIsReplacedBehind(t *testing.T) {
	ctx := context.Background()
	m, log := openKeeping(t, Options{Dir: t.TempDir(), Software: "test"})
	defer closeKeeping(t, m)
	importFiles(t, m, scenarioFiles(t, "b")...)
	if err := m.Prepare(ctx); err != nil {
		t.Fatal(err)
	}
	settle(m)
	kept := func() int { return strings.Count(log.String(), "the snapshot is kept") }
	if kept() != 1 {
		t.Fatalf("kept %d times:\n%s", kept(), log)
	}
	programs, demands := m.current.Load().snap.Size()
	enough := (programs + demands) / keepRunning
	before := m.keeping.version
	for i := range enough {
		m.keeping.mu.Lock()
		m.keeping.until = m.keeping.until.AddDate(-1, 0, 0) // it has rested
		m.keeping.mu.Unlock()
		if kept() != 1 {
			t.Fatalf("kept again after %d of %d", i, enough)
		}
		if _, _, err := m.Put(ctx, &talent.Organization{ID: fmt.Sprint("e.new", i), Name: "新厂", Kind: "enterprise", Region: "440605"}, store.Any); err != nil {
			t.Fatal(err)
		}
		settle(m)
	}
	if kept() != 2 || m.keeping.version != before+int64(enough) {
		t.Errorf("kept %d times, at %d after %d", kept(), m.keeping.version, before)
	}
}

// BenchmarkRestartSnapshot100k opens the folder of a market that was closed, of 100,000
// demands and as many programs: the time from opening to the first match of a program, by
// the file and, once, without it. The files are in the page cache.
func BenchmarkRestartSnapshot100k(b *testing.B) {
	if testing.Short() {
		b.Skip("a large market")
	}
	ctx := context.Background()
	size := benchSize(b, benchDemands)
	file, records := writeNational(b, size, size)
	dir := b.TempDir()
	m := benchOpen(b, dir)
	benchImport(b, m, file, records)
	if err := m.Prepare(ctx); err != nil {
		b.Fatal(err)
	}
	settle(m)
	started := time.Now()
	benchClose(b, m)
	closed := time.Since(started)
	info, err := os.Stat(filepath.Join(dir, snapshotFile))
	if err != nil {
		b.Fatal(err)
	}
	first := func() (a *MatchAnswer, took time.Duration) {
		started := time.Now()
		m := benchOpen(b, dir)
		a, err := m.Match(ctx, MatchRequest{ProgramID: "n.prog.0000000", Top: 10, Weights: defaultWeights, Explain: true})
		took = time.Since(started)
		if err != nil || len(a.Items) == 0 {
			b.Fatalf("no match: %v", err)
		}
		benchClose(b, m)
		return a, took
	}
	report := watchPeak()
	var matched time.Duration
	var a *MatchAnswer
	b.ResetTimer()
	for range b.N {
		var took time.Duration
		a, took = first()
		matched += took
	}
	b.StopTimer()
	report(b, "peak")
	report(b, "")
	if err := os.Remove(filepath.Join(dir, snapshotFile)); err != nil {
		b.Fatal(err)
	}
	if c, took := first(); !reflect.DeepEqual(a, c) {
		b.Errorf("without the file the answer is another: %+v, not %+v", a, c)
	} else {
		b.ReportMetric(took.Seconds()*1000, "converting-ms")
	}
	b.ReportMetric(matched.Seconds()*1000/float64(b.N), "first-match-ms")
	b.ReportMetric(closed.Seconds()*1000, "close-ms")
	b.ReportMetric(float64(info.Size())/float64(2*size), "B/row")
}
