package api

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"talentmatch/market"
	"talentmatch/talent"
	"talentmatch/testdata"
	"talentmatch/testdata/generate"
)

// benchConnections is how many clients ask at the same time, each over one connection
// that is kept.
const benchConnections = 32

// BenchmarkAPIMatch32Connections asks a running server for the ten best programs of a
// demand, explained, over loopback: always the same request. "scenarios" has the five
// alliances; a number in TALENTMATCH_BENCH_PROGRAMS adds a generated market with that
// many programs, which the region and education filters narrow as a user would. The
// clients share the machine with the server. The figures of the notes were taken with
//
//	TALENTMATCH_BENCH_PROGRAMS=60000 go test ./api -run '^$' -bench 32Connections -benchtime 10s
func BenchmarkAPIMatch32Connections(b *testing.B) {
	var files [][]byte
	for _, info := range testdata.Scenarios {
		parts, err := testdata.Scenario(info.Letter)
		if err != nil {
			b.Fatal(err)
		}
		for _, f := range parts {
			files = append(files, f.Data)
		}
	}
	benchSameRequest(b, "scenarios", files, "/v1/demands/b.dem.getech-platform/matches?limit=10")
	s := os.Getenv("TALENTMATCH_BENCH_PROGRAMS")
	if s == "" {
		return
	}
	programs, err := strconv.Atoi(s)
	if err != nil || programs < 1 {
		b.Fatalf("TALENTMATCH_BENCH_PROGRAMS=%q is no number of programs", s)
	}
	file, demand := benchNational(b, programs)
	province := demand.Region[:2] + "0000"
	benchSameRequest(b, fmt.Sprintf("%dPrograms", programs), [][]byte{file},
		"/v1/demands/"+demand.ID+"/matches?limit=10&education=associate,bachelor&region=440000,330000,"+province)
}

// benchNational is a generated market and an open demand of it.
func benchNational(b *testing.B, programs int) ([]byte, *talent.Demand) {
	b.Helper()
	const employers, schools, demands = 100, 1200, 100
	made, err := generate.NewNational(employers, schools)
	if err != nil {
		b.Fatal(err)
	}
	var out bytes.Buffer
	put := func(rec talent.Record) {
		body, err := talent.Encode(rec)
		if err != nil {
			b.Fatal(err)
		}
		out.Write(body)
		out.WriteByte('\n')
	}
	for i := range employers {
		put(made.Employer(i))
	}
	for i := range schools {
		put(made.School(i))
	}
	for i := range programs {
		put(made.Program(i))
	}
	var open *talent.Demand
	for i := range demands {
		d := made.Demand(i)
		if d.Status == "" && open == nil {
			open = d
		}
		put(d)
	}
	return out.Bytes(), open
}

// benchSameRequest serves files and measures one request, whose answer has to stay the
// same.
func benchSameRequest(b *testing.B, name string, files [][]byte, path string) {
	b.Helper()
	base := benchServe(b, files)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: benchConnections, MaxConnsPerHost: benchConnections}}
	b.Cleanup(client.CloseIdleConnections)
	ask := func() ([]byte, error) {
		resp, err := client.Get(base + path)
		if err != nil {
			return nil, err
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err == nil && resp.StatusCode != http.StatusOK {
			err = fmt.Errorf("%s: %s", resp.Status, body)
		}
		return body, err
	}
	want, err := ask()
	if err != nil || !bytes.Contains(want, []byte(`"rank":1,`)) {
		b.Fatalf("%s %v", want, err)
	}
	b.Run(name, func(b *testing.B) {
		var mu sync.Mutex
		var took []time.Duration
		procs := runtime.GOMAXPROCS(0)
		b.SetParallelism((benchConnections + procs - 1) / procs)
		b.RunParallel(func(pb *testing.PB) {
			var own []time.Duration
			for pb.Next() {
				start := time.Now()
				got, err := ask()
				own = append(own, time.Since(start))
				if err != nil || !bytes.Equal(got, want) {
					b.Errorf("%s %v", got, err)
					return
				}
			}
			mu.Lock()
			defer mu.Unlock()
			took = append(took, own...)
		})
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
		if slices.Sort(took); len(took) > 0 {
			b.ReportMetric(took[len(took)/2].Seconds()*1000, "p50-ms")
			b.ReportMetric(took[len(took)*99/100].Seconds()*1000, "p99-ms")
		}
		b.ReportMetric(float64(len(want)), "B/answer")
	})
}

// benchServe serves files as talentmatch does, on a port of loopback.
func benchServe(b *testing.B, files [][]byte) string {
	b.Helper()
	ctx, stop := context.WithCancel(context.Background())
	m, err := market.Open(ctx, market.Options{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	var paths []string
	dir := b.TempDir()
	for i, data := range files {
		path := filepath.Join(dir, fmt.Sprintf("%d.ndjson", i))
		if err := os.WriteFile(path, data, 0o600); err != nil {
			b.Fatal(err)
		}
		paths = append(paths, path)
	}
	if _, err := m.Import(ctx, paths, market.ImportOptions{}); err != nil {
		b.Fatal(err)
	}
	if err := m.Prepare(ctx); err != nil {
		b.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		ended <- Serve(ctx, listener, New(m, Options{Listen: listener.Addr().String()}), nil)
	}()
	b.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			b.Error(err)
		}
		if err := m.Close(); err != nil {
			b.Error(err)
		}
	})
	return "http://" + listener.Addr().String()
}
