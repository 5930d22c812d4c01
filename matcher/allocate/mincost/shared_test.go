package mincost

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// sharedFile opens a file of shared/eval/allocation, looking upwards from here; the test
// is skipped where there is none.
func sharedFile(t *testing.T, name ...string) *os.File {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	rest := filepath.Join(append([]string{"shared", "eval", "allocation"}, name...)...)
	for {
		f, err := os.Open(filepath.Join(dir, rest))
		if err == nil {
			t.Cleanup(func() { f.Close() })
			return f
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Skipf("no %s above this folder", rest)
		}
		dir = up
	}
}

// expected gives the optima of a part of shared/eval/allocation/expected.json by file.
func expected(t *testing.T, part string) map[string]string {
	t.Helper()
	var all map[string]map[string]any
	d := json.NewDecoder(sharedFile(t, "expected.json"))
	d.UseNumber()
	if err := d.Decode(&all); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for name, x := range all[part] {
		if x, ok := x.(json.Number); ok {
			out[name] = x.String()
		}
	}
	if len(out) == 0 {
		t.Fatalf("no optima of %s", part)
	}
	return out
}

// TestNetgen: published minimum-cost flow problems.
func TestNetgen(t *testing.T) {
	for name, want := range expected(t, "mincostflow") {
		t.Run(name, func(t *testing.T) {
			n, err := ReadDIMACS(sharedFile(t, "mincostflow", name), name)
			if err != nil {
				t.Fatal(err)
			}
			expect(t, n, want)
		})
	}
}

// TestAssignment: published assignment problems, n rows to n columns.
func TestAssignment(t *testing.T) {
	for name, want := range expected(t, "assignment") {
		t.Run(name, func(t *testing.T) {
			words := bufio.NewScanner(sharedFile(t, "assignment", name))
			words.Split(bufio.ScanWords)
			number := func() int64 {
				words.Scan()
				x, err := strconv.ParseInt(words.Text(), 10, 64)
				if err != nil {
					t.Fatal(err)
				}
				return x
			}
			size := int(number())
			n := &Network{Nodes: 2 * size, Supply: make([]int64, 2*size)}
			for row := range size {
				n.Supply[row], n.Supply[size+row] = 1, -1
				for column := range size {
					n.Tail, n.Head = append(n.Tail, int32(row)), append(n.Head, int32(size+column))
					n.Lower, n.Upper, n.Cost = append(n.Lower, 0), append(n.Upper, 1), append(n.Cost, number())
				}
			}
			expect(t, n, want)
		})
	}
}

func expect(t *testing.T, n *Network, cost string) {
	t.Helper()
	s, err := Solve(context.Background(), n, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := Check(n, s); err != nil {
		t.Error(err)
	}
	if s.Cost.String() != cost {
		t.Errorf("cost %v, want %s", s.Cost, cost)
	}
}
