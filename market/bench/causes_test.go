package bench

import (
	"fmt"
	"testing"
)

// BenchmarkCauses explains the empty heads of 6,000 programs and 100,000 demands. With the sizes of
// a nation:
//
//	CAUSES_PROGRAMS=60000 CAUSES_DEMANDS=1000000 go test ./market/bench -run '^$' -bench Causes -benchtime 1x -timeout 1h
func BenchmarkCauses(b *testing.B) {
	o := CausesOptions{Programs: size("CAUSES_PROGRAMS", 6000), Demands: size("CAUSES_DEMANDS", 100_000), Candidates: size("CAUSES_CANDIDATES", 20), MinSkills: .5}
	n := newNational(b, 1, Fields)
	b.Run(fmt.Sprintf("programs=%d/demands=%d/candidates=%d", o.Programs, o.Demands, o.Candidates), func(b *testing.B) {
		for b.Loop() {
			m, err := MeasureCauses(b.Context(), n, o, b.Logf)
			if err != nil {
				b.Fatal(err)
			}
			if m.Heads == 0 || m.Unfilled > m.Heads {
				b.Fatalf("%+v", m)
			}
			b.ReportMetric(m.Total, "total-s")
			b.ReportMetric(m.Peak, "peak-MB")
			b.Logf("%+v", *m)
		}
	})
}
