package market

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"talentmatch/matcher"
	"talentmatch/store"
	"talentmatch/talent"
	"talentmatch/testdata/generate"
)

// Sizes of the benchmarks. A demand has generate.NationalSkills (12) skills and about
// 170 characters of text, 1.5 kB as NDJSON.
const (
	benchDemands   = 100_000
	benchEmployers = 2_000
	benchSchools   = 1_200
	benchCatalogue = 2_000 // programs beside the demands
	benchPrograms  = 60_000
	benchTaxonomy  = 30_000 // demands under a changing taxonomy
	benchShort     = 2_000  // instead of any larger size, with -short
)

// benchSize is a size as measured: full, or less with -short, or what
// TALENTMATCH_BENCH_RECORDS says. The figures of the notes were taken with
//
//	go test ./market -run '^$' -bench 'Import100k|Restart100k|SkillWrite30k' -benchtime 1x -timeout 1h
//	go test ./market -run '^$' -bench MatchAnswer60k -benchtime 2000x -cpu 1
func benchSize(b *testing.B, full int) int {
	if s := os.Getenv("TALENTMATCH_BENCH_RECORDS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 {
			b.Fatalf("TALENTMATCH_BENCH_RECORDS=%q is no number of records", s)
		}
		return min(full, n)
	}
	if testing.Short() {
		return min(full, benchShort)
	}
	return full
}

// writeNational writes a generated market and returns its file and how many records it
// has.
func writeNational(b *testing.B, demands, programs int) (string, int) {
	b.Helper()
	made, err := generate.NewNational(benchEmployers, benchSchools)
	if err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(b.TempDir(), "national.ndjson")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	records := 0
	put := func(rec talent.Record) {
		body, err := talent.Encode(rec)
		if err != nil {
			b.Fatal(err)
		}
		records++
		if _, err := fmt.Fprintf(w, "%s\n", body); err != nil {
			b.Fatal(err)
		}
	}
	for i := range benchEmployers {
		put(made.Employer(i))
	}
	for i := range benchSchools {
		put(made.School(i))
	}
	for i := range programs {
		put(made.Program(i))
	}
	for i := range demands {
		put(made.Demand(i))
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	return path, records
}

// watchPeak gives memory back and watches how large the process becomes until report:
// all of it ("RSS"), and what is not files mapped into memory ("anon"), which count in
// RSS as far as they were touched and which the system may take back at any time. The
// first is the kernel's own maximum, the second is looked at twenty times a second.
func watchPeak() (report func(b *testing.B, name string)) {
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // Linux only; elsewhere nothing is reported
	var anon atomic.Int64
	stop := make(chan struct{})
	var stopped sync.WaitGroup
	stopped.Go(func() {
		for {
			anon.Store(max(anon.Load(), statusKB("RssAnon")))
			select {
			case <-stop:
				return
			case <-time.After(50 * time.Millisecond):
			}
		}
	})
	var once sync.Once
	return func(b *testing.B, name string) {
		if name == "" {
			once.Do(func() { close(stop) })
			stopped.Wait()
			return
		}
		if kB := statusKB("VmHWM"); kB > 0 {
			b.ReportMetric(float64(kB)/1024, name+"-RSS-MB")
			b.ReportMetric(float64(anon.Load())/1024, name+"-anon-MB")
		}
	}
}

// statusKB is a size of this process as Linux says it, in kB; else 0.
func statusKB(field string) (kB int64) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(status) {
		if n, _ := fmt.Sscanf(string(line), field+": %d kB", &kB); n == 1 {
			return kB
		}
	}
	return 0
}

func benchOpen(b *testing.B, dir string) *Market {
	b.Helper()
	m, err := Open(context.Background(), Options{Dir: dir})
	if err != nil {
		b.Fatal(err)
	}
	return m
}

func benchClose(b *testing.B, m *Market) {
	b.Helper()
	if err := m.Close(); err != nil {
		b.Fatal(err)
	}
}

func benchImport(b *testing.B, m *Market, file string, records int) {
	b.Helper()
	r, err := m.Import(context.Background(), []string{file}, ImportOptions{})
	if err != nil {
		b.Fatal(err)
	}
	added := 0
	for _, t := range r.Types {
		added += t.Added
	}
	if added != records {
		b.Fatalf("%d of %d records imported: %+v", added, records, r.Types)
	}
}

// BenchmarkImport100kDemandsNDJSON imports a market of 100,000 demands. "indexed" has
// index and snapshot open, so that everything is searchable and matched when the
// import returns; "thenIndexed" imports as the command line does, with the index
// closed, and opens it afterwards.
func BenchmarkImport100kDemandsNDJSON(b *testing.B) {
	file, records := writeNational(b, benchSize(b, benchDemands), benchSize(b, benchCatalogue))
	b.Run("indexed", func(b *testing.B) {
		for range b.N {
			b.StopTimer()
			m := benchOpen(b, b.TempDir())
			if err := m.Prepare(context.Background()); err != nil {
				b.Fatal(err)
			}
			report := watchPeak()
			b.StartTimer()
			benchImport(b, m, file, records)
			b.StopTimer()
			report(b, "peak")
			report(b, "")
			benchIndexed(b, m)
			benchClose(b, m)
			b.StartTimer()
		}
		b.ReportMetric(float64(records*b.N)/b.Elapsed().Seconds(), "records/s")
	})
	b.Run("thenIndexed", func(b *testing.B) {
		var stored, prepared time.Duration
		for range b.N {
			b.StopTimer()
			m := benchOpen(b, b.TempDir())
			report := watchPeak()
			b.StartTimer()
			start := time.Now()
			benchImport(b, m, file, records)
			stored += time.Since(start)
			report(b, "stored-peak")
			start = time.Now()
			if err := m.Prepare(context.Background()); err != nil {
				b.Fatal(err)
			}
			prepared += time.Since(start)
			b.StopTimer()
			report(b, "peak")
			report(b, "")
			benchIndexed(b, m)
			benchClose(b, m)
			b.StartTimer()
		}
		b.ReportMetric(float64(records*b.N)/stored.Seconds(), "stored/s")
		b.ReportMetric(prepared.Seconds()/float64(b.N), "index-s")
		b.ReportMetric(float64(records*b.N)/b.Elapsed().Seconds(), "records/s")
	})
}

// benchIndexed checks that the index stands at the store's version and has the
// demands.
func benchIndexed(b *testing.B, m *Market) {
	b.Helper()
	a, err := m.Search(context.Background(), SearchRequest{Types: []talent.Type{talent.TypeDemand}, Limit: 1})
	if err != nil {
		b.Fatal(err)
	}
	v, err := m.Versions(context.Background())
	if err != nil || a.Meta.Total != benchSize(b, benchDemands) || a.Meta.Versions.Data != v.Data {
		b.Fatalf("%d demands found at version %d of %d, %v", a.Meta.Total, a.Meta.Versions.Data, v.Data, err)
	}
}

// BenchmarkRestart100kDemands opens the folder that such an import left: the time from
// opening to the first match answer (which needs the snapshot of all demands), and on
// to the first search with facets. The files are in the page cache.
func BenchmarkRestart100kDemands(b *testing.B) {
	ctx := context.Background()
	file, records := writeNational(b, benchSize(b, benchDemands), benchSize(b, benchCatalogue))
	dir := b.TempDir()
	m := benchOpen(b, dir)
	benchImport(b, m, file, records)
	if err := m.Prepare(ctx); err != nil {
		b.Fatal(err)
	}
	benchClose(b, m)
	var matched, searched time.Duration
	report := watchPeak()
	b.ResetTimer()
	for range b.N {
		start := time.Now()
		m := benchOpen(b, dir)
		a, err := m.Match(ctx, MatchRequest{ProgramID: "n.prog.0000000", Top: 10, Weights: matcher.DefaultWeights(), Explain: true})
		if err != nil || len(a.Items) == 0 {
			b.Fatalf("no match: %v", err)
		}
		matched += time.Since(start)
		s, err := m.Search(ctx, SearchRequest{Text: "PLC编程", Limit: 10, Facets: []string{"region", "education", "year"}})
		if err != nil || len(s.Items) == 0 {
			b.Fatalf("nothing found: %v", err)
		}
		searched += time.Since(start)
		b.StopTimer()
		benchClose(b, m)
		b.StartTimer()
	}
	report(b, "peak")
	report(b, "")
	b.ReportMetric(matched.Seconds()*1000/float64(b.N), "first-match-ms")
	b.ReportMetric(searched.Seconds()*1000/float64(b.N), "first-search-ms")
}

// BenchmarkSkillWrite30kDemands writes one skill to an open market of 30,000 demands:
// with a label that none had, and with another text for the same labels.
func BenchmarkSkillWrite30kDemands(b *testing.B) {
	ctx := context.Background()
	file, records := writeNational(b, benchSize(b, benchTaxonomy), benchSize(b, benchCatalogue))
	m := benchOpen(b, b.TempDir())
	defer benchClose(b, m)
	benchImport(b, m, file, records)
	if err := m.Prepare(ctx); err != nil {
		b.Fatal(err)
	}
	n := 0
	for _, bb := range []struct {
		name string
		next func(n int) *talent.Skill
	}{
		{"newLabel", func(n int) *talent.Skill {
			return &talent.Skill{ID: "sk.bench", Name: fmt.Sprintf("星际导航%d号", n)}
		}},
		{"newText", func(n int) *talent.Skill {
			return &talent.Skill{ID: "sk.bench", Name: "星际导航", Text: fmt.Sprintf("第%d版说明", n)}
		}},
	} {
		b.Run(bb.name, func(b *testing.B) {
			if _, _, err := m.Put(ctx, bb.next(0), store.Any); err != nil { // the name of the one before
				b.Fatal(err)
			}
			b.ResetTimer()
			for range b.N {
				n++
				if status, _, err := m.Put(ctx, bb.next(n), store.Any); err != nil || status != store.Changed {
					b.Fatal(status, err)
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/write")
		})
	}
}

// BenchmarkMatchAnswer60kPrograms answers demands of 12 skills against 60,000 programs
// as the API does: from the stored record to the explained top 50 with names.
func BenchmarkMatchAnswer60kPrograms(b *testing.B) {
	ctx := context.Background()
	programs, demands := benchSize(b, benchPrograms), 200
	file, records := writeNational(b, demands, programs)
	m := benchOpen(b, b.TempDir())
	defer benchClose(b, m)
	benchImport(b, m, file, records)
	if _, err := m.readWorld(ctx); err != nil {
		b.Fatal(err)
	}
	before := heapInUse()
	s, err := m.state(ctx)
	if err != nil {
		b.Fatal(err)
	}
	perProgram := float64(heapInUse()-before) / float64(programs)
	for _, bb := range []struct {
		name   string
		filter func(*talent.Demand) MatchFilter
	}{
		{"regionEducation", func(d *talent.Demand) MatchFilter {
			province := provinceOf(s, d.Region)
			return MatchFilter{Region: append([]string{province}, otherProvinces(province)...), Education: []string{"associate", "bachelor"}}
		}},
		{"unfiltered", func(*talent.Demand) MatchFilter { return MatchFilter{} }},
	} {
		b.Run(bb.name, func(b *testing.B) {
			var requests []MatchRequest
			for i := range demands {
				d := storedDemand(b, m, fmt.Sprintf("n.dem.%07d", i))
				if d.Status == "" { // open
					requests = append(requests, MatchRequest{DemandID: d.ID, Top: 50, Weights: matcher.DefaultWeights(), Explain: true, Filter: bb.filter(d)})
				}
			}
			took := make([]time.Duration, 0, b.N)
			items, eligible := 0, 0
			b.ResetTimer()
			for i := range b.N {
				start := time.Now()
				a, err := m.Match(ctx, requests[i%len(requests)])
				took = append(took, time.Since(start))
				if err != nil {
					b.Fatal(err)
				}
				items, eligible = items+len(a.Items), eligible+a.Meta.Eligible
			}
			if items == 0 {
				b.Fatal("no demand has any match")
			}
			slices.Sort(took)
			b.ReportMetric(took[len(took)/2].Seconds()*1000, "p50-ms")
			b.ReportMetric(took[len(took)*99/100].Seconds()*1000, "p99-ms")
			b.ReportMetric(float64(items)/float64(b.N), "items")
			b.ReportMetric(float64(eligible)/float64(b.N), "eligible")
			b.ReportMetric(float64(programs), "programs")
			b.ReportMetric(perProgram, "B/program")
		})
	}
}

func heapInUse() uint64 {
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return s.HeapAlloc
}

func storedDemand(b *testing.B, m *Market, id string) *talent.Demand {
	b.Helper()
	it, err := m.Get(context.Background(), talent.TypeDemand, id)
	if err != nil {
		b.Fatal(err)
	}
	rec, err := it.Record()
	if err != nil {
		b.Fatal(err)
	}
	return rec.(*talent.Demand)
}

func provinceOf(s *state, region string) string {
	path := s.world.gazetteer.Path(region)
	return path[len(path)-2]
}

// otherProvinces are two that people move to.
func otherProvinces(but string) []string {
	out := []string{}
	for _, p := range []string{"440000", "330000", "320000"} {
		if p != but && len(out) < 2 {
			out = append(out, p)
		}
	}
	return out
}
