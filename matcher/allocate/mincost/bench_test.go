package mincost

import (
	"bytes"
	"context"
	"fmt"
	"testing"
)

// BenchmarkSolve: transportation problems of so many nodes on each side and so many arcs,
// square grids, and sparse networks. The flow is proved before anything is timed.
//
//	go test -run - -bench Solve ./matcher/allocate/mincost
func BenchmarkSolve(b *testing.B) {
	for _, size := range [][3]int{{100, 100, 1000}, {1000, 1000, 20_000}, {500, 5000, 100_000}} {
		benchmark(b, fmt.Sprintf("%dx%dx%d", size[0], size[1], size[2]), transportation(size[0], size[1], size[2], 1))
	}
	for _, side := range []int{30, 100} {
		benchmark(b, fmt.Sprintf("grid/%dx%d", side, side), grid(side, 1))
	}
	for _, size := range [][2]int{{1000, 8000}, {10_000, 80_000}} {
		benchmark(b, fmt.Sprintf("sparse/%dx%d", size[0], size[1]), sparse(size[0], size[1], 1))
	}
}

func benchmark(b *testing.B, name string, n *Network) {
	b.Run(name, func(b *testing.B) {
		s, err := Solve(context.Background(), n, Options{})
		if err != nil {
			b.Fatal(err)
		}
		if err := Check(n, s); err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Solve(context.Background(), n, Options{}); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(s.Pivots), "pivots")
	})
}

// BenchmarkReadDIMACS reads a file of 100,000 arcs.
func BenchmarkReadDIMACS(b *testing.B) {
	var file bytes.Buffer
	if err := WriteDIMACS(&file, sparse(10_000, 100_000, 1)); err != nil {
		b.Fatal(err)
	}
	b.Run("100000", func(b *testing.B) {
		b.SetBytes(int64(file.Len()))
		b.ReportAllocs()
		for b.Loop() {
			if n, err := ReadDIMACS(bytes.NewReader(file.Bytes()), "x"); err != nil || len(n.Tail) != 100_000 {
				b.Fatal(err)
			}
		}
	})
}
