package skillspace

import (
	"runtime"
	"sync"
	"sync/atomic"

	"gonum.org/v1/gonum/floats"
)

// csr is a square sparse matrix by rows. Columns ascend within a row.
type csr struct {
	n   int
	off []int // n+1
	col []int32
	val []float32
}

// row is the entries of row i.
func (a *csr) row(i int) ([]int32, []float32) {
	return a.col[a.off[i]:a.off[i+1]], a.val[a.off[i]:a.off[i+1]]
}

// squares is the sum of all entries squared.
func (a *csr) squares() float64 {
	sum := 0.0
	for _, v := range a.val {
		sum += float64(v) * float64(v)
	}
	return sum
}

// mul adds a x to y for a block x of width columns, both n x width by rows. Each row is
// summed in the order of the columns, so the result does not depend on the number of
// workers.
func (a *csr) mul(y, x []float64, width int) {
	parallel(a.n, 64, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			out := y[i*width : (i+1)*width]
			cols, vals := a.row(i)
			for k, c := range cols {
				floats.AddScaled(out, float64(vals[k]), x[int(c)*width:(int(c)+1)*width])
			}
		}
	})
}

// parallel calls f for consecutive pieces [lo, hi) of 0..n, each size long except the
// last. The pieces are the same whatever the number of workers.
func parallel(n, size int, f func(lo, hi int)) {
	pieces := (n + size - 1) / size
	workers := min(runtime.GOMAXPROCS(0), pieces)
	if workers <= 1 {
		for p := range pieces {
			f(p*size, min((p+1)*size, n))
		}
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for {
				p := int(next.Add(1)) - 1
				if p >= pieces {
					return
				}
				f(p*size, min((p+1)*size, n))
			}
		})
	}
	wg.Wait()
}
