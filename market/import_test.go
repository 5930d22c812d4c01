package market

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"talentmatch/store"
	"talentmatch/talent"
)

const smallMarket = `{"type":"organization","id":"e1","name":"狮山机电","kind":"enterprise","region":"440605"}
{"type":"organization","id":"s1","name":"南海职校","kind":"college","region":"440605"}
{"type":"program","id":"p1","school":"s1","name":"电气自动化技术","region":"440605","education":"associate","cohorts":[{"year":2027,"graduates":40}],"skills":[{"skill":"sk.plc-programming","level":4}]}
{"type":"demand","id":"d1","employer":"e1","title":"PLC工程师","region":"440605","headcount":3,"start":"2027-09","education":"associate","skills":[{"name":"PLC编程","level":3,"required":true},{"name":"星际导航","level":2}]}
`

func version(t *testing.T, m *Market) int64 {
	t.Helper()
	v, err := m.Versions(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return v.Data
}

func TestImportTwiceChangesNothing(t *testing.T) {
	m := openMarket(t)
	file := writeFile(t, "small.ndjson", smallMarket)
	r := importFiles(t, m, file)
	if got := r.Types[talent.TypeDemand]; got != (ImportTally{Added: 1}) || !r.Committed {
		t.Errorf("first import: %+v", r)
	}
	if r.Unresolved["星际导航"] != 1 || len(r.Unresolved) != 1 {
		t.Errorf("unresolved: %v", r.Unresolved)
	}
	before := version(t, m)
	r = importFiles(t, m, file)
	for typ, tally := range r.Types {
		if tally.Added != 0 || tally.Changed != 0 {
			t.Errorf("second import of %s: %+v", typ, tally)
		}
	}
	if after := version(t, m); after != before {
		t.Errorf("version went from %d to %d", before, after)
	}
}

// TestBadImports: what each bad file is told, and that nothing of it stays.
func TestBadImports(t *testing.T) {
	bad := map[string]struct {
		data string
		want []string // "line field: message"
	}{
		"dangling employer and region": {
			`{"type":"demand","id":"d9","employer":"nobody","title":"焊工","region":"999999","headcount":1}`,
			[]string{"1 employer: d9: there is no organization nobody", "1 region: d9: there is no region 999999"},
		},
		"one good and two bad lines": {
			smallMarket + `{"type":"demand","id":"d2","employer":"e1","title":"","region":"440605","headcount":-1}
not json
`,
			[]string{"5 headcount: must be from 0 to 1000000000", "5 title: must not be empty", "6 : is not JSON: invalid character 'o' in literal null (expecting 'u') at byte 2"},
		},
		"bad line and dangling reference": {
			`{"type":"demand","id":"d3","employer":"nobody","title":"焊工","region":"440605","headcount":1}
{"type":"demand"}
`,
			[]string{"2 id: is required", "1 employer: d3: there is no organization nobody"},
		},
	}
	for name, c := range bad {
		t.Run(name, func(t *testing.T) {
			m := openMarket(t)
			before := version(t, m)
			for _, dry := range []bool{true, false} {
				r, err := m.Import(context.Background(), []string{writeFile(t, "bad.ndjson", c.data)}, ImportOptions{DryRun: dry})
				if !errors.Is(err, talent.ErrInvalid) {
					t.Fatalf("dry run %v: error %v, want invalid", dry, err)
				}
				var got []string
				for _, e := range r.Errors {
					got = append(got, fmt.Sprintf("%d %s: %s", e.Line, e.Field, e.Message))
				}
				for _, w := range c.want {
					if !slices.Contains(got, w) {
						t.Errorf("dry run %v: %q is not among %q", dry, w, got)
					}
				}
				if r.Committed || version(t, m) != before {
					t.Errorf("dry run %v: something was kept", dry)
				}
			}
		})
	}
}

func TestDryRunSaysWhatWouldHappen(t *testing.T) {
	m := openMarket(t)
	before := version(t, m)
	r, err := m.Import(context.Background(), []string{writeFile(t, "small.ndjson", smallMarket)}, ImportOptions{DryRun: true})
	if err != nil {
		t.Fatal(err)
	}
	if r.Types[talent.TypeOrganization].Added != 2 || r.Committed || r.Unresolved["星际导航"] != 1 {
		t.Errorf("report %+v", r)
	}
	if version(t, m) != before {
		t.Error("a dry run changed the store")
	}
}

// TestSkipBad: bad lines, what refers to them, and what refers to those are left
// out and named; the rest is kept.
func TestSkipBad(t *testing.T) {
	data := smallMarket + `{"type":"demand","id":"d2","employer":"nobody","title":"焊工","region":"440605","headcount":1}
{"type":"outcome","demand":"d2","program":"p1","year":2026,"hired":1}
{"type":"organization","id":"坏","name":"x","kind":"college","region":"440605"}
`
	m := openMarket(t)
	for _, dry := range []bool{true, false} {
		r, err := m.Import(context.Background(), []string{writeFile(t, "mixed.ndjson", data)}, ImportOptions{SkipBad: true, DryRun: dry})
		if err != nil {
			t.Fatal(err)
		}
		if r.Skipped != 3 || r.Errored != 3 || r.Types[talent.TypeDemand].Added != 1 || r.Types[talent.TypeOutcome].Added != 0 {
			t.Errorf("dry run %v: %+v", dry, r)
		}
	}
	if _, err := m.Get(context.Background(), talent.TypeDemand, "d2"); !errors.Is(err, talent.ErrNotFound) {
		t.Errorf("d2: %v", err)
	}
}

// TestBulkAnswersLineByLine: a reference must have come earlier; bad lines do not
// stop good ones; what is answered can be found at once.
func TestBulkAnswersLineByLine(t *testing.T) {
	m := openMarket(t)
	if err := m.Prepare(context.Background()); err != nil {
		t.Fatal(err)
	}
	stream := `{"type":"demand","id":"early","employer":"e1","title":"早到","region":"440605","headcount":1}
` + smallMarket + `{"type":"demand","id":"d1"}
`
	var got []string
	err := m.Bulk(context.Background(), iotest.OneByteReader(strings.NewReader(stream)), "", func(l BulkLine) error {
		s := fmt.Sprintf("%d %s %s %s", l.Line, l.Type, l.ID, l.Status)
		for _, e := range l.Errors {
			s += " " + e.Field + ": " + e.Message
		}
		got = append(got, s)
		if l.Status == "added" && l.Type == talent.TypeDemand {
			a, err := m.Search(context.Background(), SearchRequest{Text: "PLC工程师", Types: []talent.Type{talent.TypeDemand}, Limit: 5})
			if err != nil || a.Meta.Total != 1 {
				t.Errorf("search after the answer: %+v, %v", a, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"1 demand early error employer: there is no organization e1",
		"2 organization e1 added", "3 organization s1 added", "4 program p1 added", "5 demand d1 added",
		"6   error employer: is required title: is required region: is required headcount: is required",
	}
	if !slices.Equal(got, want) {
		t.Errorf("answers\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestBulkReportsABrokenStream(t *testing.T) {
	m := openMarket(t)
	r := io.MultiReader(strings.NewReader(smallMarket), iotest.ErrReader(io.ErrUnexpectedEOF))
	n := 0
	err := m.Bulk(context.Background(), r, "", func(BulkLine) error { n++; return nil })
	if !errors.Is(err, io.ErrUnexpectedEOF) || n != 4 {
		t.Errorf("%d answers, error %v", n, err)
	}
}

// TestWriteIsVisible: what is put, changed or deleted is so in the next match and
// the next search; a skill added later gives a meaning to a name written earlier.
func TestWriteIsVisible(t *testing.T) {
	ctx := context.Background()
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "small.ndjson", smallMarket))
	match := func() *MatchAnswer {
		a, err := m.Match(ctx, MatchRequest{DemandID: "d1", Top: 10, Weights: defaultWeights, Explain: true})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	first := match()
	if len(first.Items) != 1 || first.Items[0].Skills[1].Status != "missing" || first.Items[0].Skills[1].Skill != "" {
		t.Fatalf("first match: %+v", first.Items)
	}
	put := func(line string) {
		rec, err := talent.Decode([]byte(line), "")
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := m.Put(ctx, rec, store.Any); err != nil {
			t.Fatal(err)
		}
	}
	put(`{"type":"program","id":"p2","school":"s1","name":"星际航行","region":"440605","education":"bachelor","skills":[{"skill":"sk.plc-programming","level":5},{"name":"星际导航","level":3}]}`)
	if a := match(); len(a.Items) != 2 || a.Items[0].ID != "p2" {
		t.Errorf("after a put: %+v", a.Items)
	}
	put(`{"type":"skill","id":"sk.star-navigation","name":"星际导航"}`)
	if a := match(); a.Items[0].Skills[1].Skill != "sk.star-navigation" || len(a.Meta.Unresolved) != 0 {
		t.Errorf("after the skill came: %+v", a.Items[0].Skills)
	}
	a, err := m.Search(ctx, SearchRequest{Filters: map[string][]string{"skill": {"sk.star-navigation"}}, Types: []talent.Type{talent.TypeDemand, talent.TypeProgram}, Limit: 10})
	if err != nil || a.Meta.Total != 2 {
		t.Errorf("search by the new skill: %+v, %v", a, err)
	}
	if err := m.Delete(ctx, talent.TypeSkill, "sk.plc-programming", store.Any); !errors.Is(err, talent.ErrReferenced) {
		t.Errorf("deleting a used skill: %v", err)
	}
	if err := m.Delete(ctx, talent.TypeProgram, "p2", store.Any); err != nil {
		t.Fatal(err)
	}
	if a := match(); len(a.Items) != 1 || a.Items[0].ID != "p1" {
		t.Errorf("after a delete: %+v", a.Items)
	}
	if r, err := m.Verify(ctx); err != nil || !r.OK() {
		t.Errorf("verify: %+v, %v", r, err)
	}
}

// TestOrderDoesNotMatter: a market gives the same bytes whatever way it came to its
// records, and after it is opened again.
func TestOrderDoesNotMatter(t *testing.T) {
	ctx := context.Background()
	files := scenarioFiles(t, "e")
	whole := openMarket(t)
	importFiles(t, whole, files...)

	dir := t.TempDir()
	bit, err := Open(ctx, Options{Dir: dir, Software: "test"})
	if err != nil {
		t.Fatal(err)
	}
	if err := bit.Prepare(ctx); err != nil { // a live snapshot: every write is a delta
		t.Fatal(err)
	}
	importFiles(t, bit, files...)
	for _, typ := range []talent.Type{talent.TypeProgram, talent.TypeDemand} {
		err := eachRecord(ctx, whole.store, typ, func(_ store.Item, rec talent.Record) error {
			if d, ok := rec.(*talent.Demand); ok { // change and change back
				was := d.Title
				d.Title = "临时"
				if _, _, err := bit.Put(ctx, d, store.Any); err != nil {
					return err
				}
				d.Title = was
				_, _, err := bit.Put(ctx, d, store.Any)
				return err
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	compareRuns(t, whole, bit)
	if err := bit.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Open(ctx, Options{Dir: dir, Software: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	compareRuns(t, whole, again)
}

// TestRestoredBackup: with an older copy of the store in its place, the index follows
// the store.
func TestRestoredBackup(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	open := func() *Market {
		m, err := Open(ctx, Options{Dir: dir, Software: "test"})
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Prepare(ctx); err != nil {
			t.Fatal(err)
		}
		return m
	}
	m := open()
	importFiles(t, m, writeFile(t, "small.ndjson", smallMarket))
	copied := filepath.Join(t.TempDir(), "copy.db")
	if err := m.Backup(ctx, copied); err != nil {
		t.Fatal(err)
	}
	if err := m.Delete(ctx, talent.TypeDemand, "d1", store.Any); err != nil {
		t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{storeFile, storeFile + "-wal", storeFile + "-shm"} {
		if err := os.Remove(filepath.Join(dir, f)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	if err := os.Rename(copied, filepath.Join(dir, storeFile)); err != nil {
		t.Fatal(err)
	}
	m = open()
	defer m.Close()
	if r, err := m.Verify(ctx); err != nil || !r.OK() || r.Records["demand"] != 1 {
		t.Errorf("verify: %+v, %v", r, err)
	}
}

// TestConsequencesAreNotErrors: what refers to a row that has errors itself is not
// reported as well; with SkipBad it is left out and says why.
func TestConsequencesAreNotErrors(t *testing.T) {
	data := `{"type":"organization","id":"e9","name":"坏厂","kind":"factory","region":"440605"}
{"type":"demand","id":"d9","employer":"e9","title":"焊工","region":"440605","headcount":1}
{"type":"organization","id":"e10","name":"好厂","kind":"enterprise","region":"440605"}
`
	m := openMarket(t)
	for _, dry := range []bool{true, false} {
		file := writeFile(t, "bad.ndjson", data)
		r, err := m.Import(context.Background(), []string{file}, ImportOptions{DryRun: dry})
		if !errors.Is(err, talent.ErrInvalid) || r.Errored != 1 || r.Errors[0].Field != "kind" {
			t.Errorf("dry run %v: %v, %+v", dry, err, r.Errors)
		}
		if want := map[bool]int{true: 1, false: 0}[dry]; r.Types[talent.TypeOrganization].Added != want {
			t.Errorf("dry run %v counts %+v", dry, r.Types)
		}
		r, err = m.Import(context.Background(), []string{file}, ImportOptions{DryRun: dry, SkipBad: true})
		if err != nil || r.Skipped != 2 || r.Errored != 2 || r.Types[talent.TypeOrganization] != (ImportTally{Added: 1}) {
			t.Fatalf("dry run %v, skip bad: %v, %+v", dry, err, r)
		}
		found := false
		for _, e := range r.Errors {
			found = found || (e.Field == "employer" && strings.Contains(e.Message, "organization e9 has errors itself, at") && strings.HasSuffix(e.Message, ":1"))
		}
		if !found {
			t.Errorf("dry run %v: %+v", dry, r.Errors)
		}
	}
}
