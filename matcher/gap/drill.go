package gap

import (
	"context"
	"runtime"
	"slices"
	"sync"

	"talentmatch/matcher"
)

// IDs are the smallest ids of the records behind a cell.
type IDs struct{ Demands, Programs []string }

// Behind lists, for some cells, the records behind them, the n smallest ids of each side.
func (r *Report) Behind(ctx context.Context, cells []int32, n int) ([]IDs, error) {
	wanted := r.shown(cells)
	out := make([]IDs, len(cells))
	parts := make([][][]string, runtime.GOMAXPROCS(0))
	var work sync.WaitGroup
	for i := range parts {
		work.Go(func() {
			lists, read := make([][]string, len(cells)), newReader(r.plan)
			r.snap.VisitDemands(i, len(parts), func(_ int, d *matcher.Demand) bool {
				if read.demand(d) {
					read.cells(func(key uint64, _ uint8, _ int) {
						if at := wanted.find(key); at >= 0 {
							lists[at] = smallest(lists[at], d.ID, n)
						}
					})
				}
				return ctx.Err() == nil
			})
			parts[i] = lists
		})
	}
	work.Wait()
	for _, lists := range parts {
		for at, list := range lists {
			for _, id := range list {
				out[at].Demands = smallest(out[at].Demands, id, n)
			}
		}
	}
	read := newReader(r.plan)
	r.snap.VisitPrograms(func(p *matcher.Program) bool {
		if read.program(p, false) {
			r.cohorts(read, p, func(_ float64, of []int) {
				read.cells(func(key uint64, _ uint8, _ int) {
					if at := wanted.find(key); at >= 0 && (len(of) > 0 || !r.alone(cells[at])) {
						out[at].Programs = smallest(out[at].Programs, p.ID, n)
					}
				})
			})
		}
		return ctx.Err() == nil
	})
	return out, ctx.Err()
}

// shown are cells by key, in the order given.
func (r *Report) shown(cells []int32) *table[struct{}] {
	t := newTable[struct{}]()
	for _, c := range cells {
		t.at(r.cells.keys[c])
	}
	return t
}

// smallest adds an id to the n smallest.
func smallest(ids []string, id string, n int) []string {
	if len(ids) == n && (n == 0 || id >= ids[n-1]) {
		return ids
	}
	i, found := slices.BinarySearch(ids, id)
	if found {
		return ids
	}
	ids = slices.Insert(ids, i, id)
	return ids[:min(len(ids), n)]
}
