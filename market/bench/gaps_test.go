package bench

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"talentmatch/matcher"
	"talentmatch/matcher/gap"
	"talentmatch/talent"
)

// nationalSnapshot is a snapshot of a national market's rows.
func nationalSnapshot(tb testing.TB, n *National, programs, demands int) *matcher.Snapshot {
	tb.Helper()
	snap := matcher.Empty(n.Space(), matcher.NewAtlas(talent.NewGazetteer(nil), n.Regions()))
	const chunk = 1 << 18
	for from := 0; from < max(programs, demands); from += chunk {
		var c matcher.Change
		for i := from; i < min(from+chunk, programs); i++ {
			c.PutPrograms = append(c.PutPrograms, n.Program(i))
		}
		for i := from; i < min(from+chunk, demands); i++ {
			c.PutDemands = append(c.PutDemands, n.Demand(i))
		}
		snap = snap.With(c)
	}
	return snap
}

// skillByProvince is the plan of a report by skill and province.
func skillByProvince(n *National, snap *matcher.Snapshot, reach *matcher.Reach) *gap.Plan {
	g := talent.NewGazetteer(nil)
	to, at := make([]int32, len(n.Regions())), map[string]int32{}
	for i, id := range n.Regions() {
		path := g.Path(id)
		province := path[len(path)-2]
		if _, ok := at[province]; !ok {
			at[province] = int32(len(at))
		}
		to[i] = at[province]
	}
	p := &gap.Plan{By: []gap.Property{gap.Skill, gap.Region}, Leaves: true, Reach: reach}
	p.Values[gap.Skill] = &gap.Values{Count: len(n.skills.names)}
	p.Values[gap.Region] = &gap.Values{To: to, Count: len(at)}
	return p
}

// BenchmarkGapReport counts 60,000 programs and 1,000,000 demands by skill and province,
// finds which demands have no eligible program (reach-s, once a state of the data), lists what is behind the
// first 50 cells and draws 200 replicates of them. The sizes of the name are those of
//
//	GAP_PROGRAMS=60000 GAP_DEMANDS=1000000 go test ./market/bench -run '^$' -bench GapReport
//
// and a hundredth of it without the variables.
func BenchmarkGapReport(b *testing.B) {
	programs, demands := size("GAP_PROGRAMS", 600), size("GAP_DEMANDS", 10_000)
	n := newNational(b, 1, Fields)
	snap := nationalSnapshot(b, n, programs, demands)
	b.Run(fmt.Sprintf("programs=%d/demands=%d", programs, demands), func(b *testing.B) {
		var before, after runtime.MemStats
		for b.Loop() {
			runtime.ReadMemStats(&before)
			began := time.Now()
			reach, err := snap.Reach(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			reached := time.Now()
			r, err := gap.Count(b.Context(), snap, skillByProvince(n, snap, reach))
			if err != nil {
				b.Fatal(err)
			}
			counted := time.Now()
			first := r.First(gap.ByEffectiveGap, 50, func(a, b gap.Key) int { return 0 })
			sorted := time.Now()
			if _, err := r.Behind(b.Context(), first, 20); err != nil {
				b.Fatal(err)
			}
			runtime.ReadMemStats(&after)
			drilled := time.Now()
			if _, err := r.Bootstrap(b.Context(), first, 200, 1); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(time.Since(drilled).Seconds(), "bootstrap-s")
			b.ReportMetric(reached.Sub(began).Seconds(), "reach-s")
			b.ReportMetric(counted.Sub(reached).Seconds(), "count-s")
			b.ReportMetric(sorted.Sub(counted).Seconds(), "sort-s")
			b.ReportMetric(drilled.Sub(sorted).Seconds(), "drill-s")
			b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/1e6, "MB")
			b.ReportMetric(float64(r.Cells()), "cells")
			if r.Totals.Demands == 0 || r.Totals.Programs == 0 || len(first) != 50 {
				b.Fatalf("%+v", r.Totals)
			}
		}
	})
}

func size(variable string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(variable)); err == nil {
		return n
	}
	return otherwise
}
