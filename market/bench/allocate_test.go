package bench

import (
	"context"
	"errors"
	"testing"

	"talentmatch/matcher/allocate"
	"talentmatch/talent"
)

func TestAllocateMeasurement(t *testing.T) {
	src, err := NewNational(1, 10)
	if err != nil {
		t.Fatal(err)
	}
	o := AllocateOptions{Programs: 100, Demands: 1000, Top: 5, Round: 1, Repeat: 2, Seats: .8}
	p, _, err := MakeTransport(context.Background(), src, o, t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	m, err := MeasureAllocate(context.Background(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	if m.Edges == 0 || m.Filled == 0 || m.Changed != 1 || m.Solve <= 0 || m.Resolve <= 0 || m.PerEdge <= 0 || m.Seats*5 > m.Heads*4+5 || m.Seats*5 < m.Heads*4-5 {
		t.Errorf("%+v", m)
	}
	for _, bad := range []AllocateOptions{{}, {Programs: 1, Demands: 1, Top: 1, Round: 1, Repeat: 1, Seats: -1}} {
		if _, _, err := MakeTransport(context.Background(), src, bad, t.Logf); !errors.Is(err, talent.ErrInvalid) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

// BenchmarkAllocate seats markets of this package, in full scores, 20 programs a demand.
func BenchmarkAllocate(b *testing.B) {
	for name, o := range map[string]AllocateOptions{
		"2000x5000":   {Programs: 2000, Demands: 5000, Top: 20, Round: 1, Repeat: 1},
		"10000x50000": {Programs: 10_000, Demands: 50_000, Top: 20, Round: 1, Repeat: 1},
	} {
		b.Run(name, func(b *testing.B) {
			if testing.Short() && o.Programs > 5000 {
				b.Skip("large")
			}
			src, err := NewNational(1, 150)
			if err != nil {
				b.Fatal(err)
			}
			p, _, err := MakeTransport(context.Background(), src, o, b.Logf)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.Solve(context.Background(), allocate.Options{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(p.Arcs)), "ns/edge")
		})
	}
}
