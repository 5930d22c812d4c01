package gap

import (
	"context"
	"math/rand/v2"
	"reflect"
	"testing"
)

// TestPlacer: the open demands placed one by one are the report's cells, and a closed one
// lies where it would if it were open.
func TestPlacer(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 3))
	placed := 0
	for range 300 {
		m := newSmallMarket(r)
		plan := m.plan(r)
		report, err := Count(context.Background(), m.snap, plan)
		if err != nil {
			t.Fatal(err)
		}
		want, got := map[Key]int64{}, map[Key]int64{}
		for c := range report.Cells() {
			if o := &report.cells.sums[c]; o.Records > 0 {
				want[report.Key(int32(c))] = o.Heads
			}
		}
		placer := plan.Placer()
		for i := range m.demands {
			d := m.demands[i]
			var open, closed []Key
			placer.Cells(&d, func(k Key) { open = append(open, k) })
			d.Open = !d.Open
			placer.Cells(&d, func(k Key) { closed = append(closed, k) })
			if !reflect.DeepEqual(open, closed) {
				t.Fatalf("%v open, %v closed", open, closed)
			}
			if m.demands[i].Open {
				for _, k := range open {
					got[k] += int64(d.Headcount)
					placed++
				}
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
	if placed < 100 {
		t.Errorf("only %d cells were looked at", placed)
	}
}
