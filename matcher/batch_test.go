package matcher

import (
	"context"
	"errors"
	"math/rand/v2"
	"reflect"
	"testing"
)

// TestMatchAllIsEveryMatch: a batch gives, in order, what single queries give, on any
// number of goroutines; totals alone are the same totals.
func TestMatchAllIsEveryMatch(t *testing.T) {
	snap, m := manyMarket(rand.New(rand.NewPCG(8, 9)), 700)
	q := Query{Top: 5, Weights: DefaultWeights()}
	bare := q
	bare.Totals = true
	for _, workers := range []int{1, 3} {
		n := 0
		err := snap.MatchAll(context.Background(), ForDemands, q, workers, func(id string, res *Result) error {
			d := &m.demands[n]
			n++
			want, err := snap.MatchPrograms(context.Background(), d, q)
			if err != nil || id != d.ID || !reflect.DeepEqual(res, want) {
				t.Fatalf("%s: %+v, want %+v of %s (%v)", id, res, want, d.ID, err)
			}
			totals, err := snap.MatchPrograms(context.Background(), d, bare)
			if err != nil || len(totals.Matches) != len(want.Matches) {
				t.Fatalf("%s: %d totals of %d, %v", id, len(totals.Matches), len(want.Matches), err)
			}
			for i := range want.Matches {
				if totals.Matches[i].ID != want.Matches[i].ID || totals.Matches[i].Score.Total != want.Matches[i].Score.Total {
					t.Fatalf("%s: total %d is %+v, want %+v", id, i, totals.Matches[i], want.Matches[i])
				}
			}
			return nil
		})
		if err != nil || n != len(m.demands) {
			t.Fatalf("%d of %d demands, %v", n, len(m.demands), err)
		}
	}
	n := 0
	err := snap.MatchAll(context.Background(), ForPrograms, q, 2, func(id string, res *Result) error {
		p := &m.programs[n]
		n++
		want, err := snap.MatchDemands(context.Background(), p, q)
		if err != nil || id != p.ID || !reflect.DeepEqual(res, want) {
			t.Fatalf("%s: %+v, want %+v of %s (%v)", id, res, want, p.ID, err)
		}
		return nil
	})
	if err != nil || n != len(m.programs) {
		t.Fatalf("%d of %d programs, %v", n, len(m.programs), err)
	}
}

// TestArrangedBatch: a batch that arranges the ranked side anew and takes records out of
// order gives, in order, what single queries give.
func TestArrangedBatch(t *testing.T) {
	snap, m := manyMarket(rand.New(rand.NewPCG(8, 9)), clusterFrom+400)
	q := Query{Top: 5, Weights: DefaultWeights(), Totals: true}
	for _, of := range []Side{ForDemands, ForPrograms} {
		if snap.forBatch(of, &q) == snap {
			t.Fatal("nothing is arranged")
		}
		n := 0
		err := snap.MatchAll(context.Background(), of, q, 2, func(id string, res *Result) error {
			var want *Result
			var wantID string
			var err error
			if of == ForDemands {
				wantID = m.demands[n].ID
			} else {
				wantID = m.programs[n].ID
			}
			if id != wantID {
				t.Fatalf("record %d is %s, want %s", n, id, wantID)
			}
			if n++; n%23 != 0 {
				return nil
			}
			if of == ForDemands {
				want, err = snap.MatchPrograms(context.Background(), &m.demands[n-1], q)
			} else {
				want, err = snap.MatchDemands(context.Background(), &m.programs[n-1], q)
			}
			if err != nil || !reflect.DeepEqual(res.Matches, want.Matches) {
				t.Fatalf("%s: %v, want %v (%v)", id, res.Matches, want.Matches, err)
			}
			return nil
		})
		if err != nil || of == ForDemands && n != len(m.demands) || of == ForPrograms && n != len(m.programs) {
			t.Fatalf("%d records, %v", n, err)
		}
	}
}

func TestMatchAllStops(t *testing.T) {
	snap, _ := manyMarket(rand.New(rand.NewPCG(8, 9)), 700)
	q := Query{Top: 5, Weights: DefaultWeights()}
	enough := errors.New("enough")
	n := 0
	err := snap.MatchAll(context.Background(), ForDemands, q, 2, func(string, *Result) error {
		if n++; n == 100 {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) || n != 100 {
		t.Errorf("after %d: %v", n, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	n = 0
	err = snap.MatchAll(ctx, ForPrograms, q, 2, func(string, *Result) error {
		if n++; n == 100 {
			cancel()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) || n > 700 {
		t.Errorf("after %d: %v", n, err)
	}
	if err := snap.MatchAll(context.Background(), ForDemands, Query{}, 1, func(string, *Result) error { return nil }); err == nil {
		t.Error("a query for nothing was taken")
	}
}
