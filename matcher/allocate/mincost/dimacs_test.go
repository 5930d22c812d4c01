package mincost

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"math/big"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// example has everything that may be in a file.
const example = "\ufeffc a problem\r\n" +
	"\r\n" +
	"comment without a space\n" +
	"  p\tmin 4  5 \r\n" +
	"n 1 4\n" +
	"\tn 4 -4\n" +
	"n 2 0\n" +
	"a 1 2 0 4 2\n" +
	"a 1 3 0 -1 2\n" +
	" a 2 3 +1 2 -1\n" +
	"c a loop and a parallel arc\n" +
	"a 3 3 0 9223372036854775807 3\n" +
	"a 3 4 0 5 -9223372036854775808"

func TestReadDIMACS(t *testing.T) {
	want := arcs(4, []int64{4, 0, 0, -4},
		0, 1, 0, 4, 2,
		0, 2, 0, NoBound, 2,
		1, 2, 1, 2, -1,
		2, 2, 0, NoBound, 3,
		2, 3, 0, 5, math.MinInt64)
	for what, r := range map[string]io.Reader{
		"size known":     strings.NewReader(example),
		"size not known": iotest.OneByteReader(strings.NewReader(example)),
		"long comment":   strings.NewReader("c " + strings.Repeat("x", 3*longest) + "\n" + example[len("\ufeff"):]),
		"long at end":    strings.NewReader(example + "\n  c " + strings.Repeat("x", 3*longest)),
	} {
		got, err := ReadDIMACS(r, "x")
		if err != nil || !reflect.DeepEqual(*got, want) {
			t.Errorf("%s: %+v, %v", what, got, err)
		}
	}
}

// TestReadErrors: what is wrong is said with file, line and field.
func TestReadErrors(t *testing.T) {
	const p = "p min 3 2\n"
	for _, test := range []struct{ file, want string }{
		{"", "x:1: the file ends without a p line"},
		{"c only\n", "x:2: the file ends without a p line"},
		{"n 1 2\n", "x:1: an n line before the p line"},
		{"a 1 2 0 1 1\n", "x:1: an a line before the p line"},
		{"q\n", `x:1: a line begins with "q": c, p, n or a is wanted`},
		{"arc 1 2 0 1 1\n", `x:1: a line begins with "arc"`},
		{"\x00\n", `x:1: a line begins with "\x00"`},
		{"p max 3 2\n", `x:1: the problem is "max": min is wanted`},
		{"p\n", `x:1: the problem is "": min is wanted`},
		{"p min\n", "x:1: the number of nodes is missing"},
		{"p min 3\n", "x:1: the number of arcs is missing"},
		{"p min 3 x\n", `x:1: the number of arcs "x" is not a whole number`},
		{"p min -3 2\n", "x:1: the number of nodes -3 is not within 0 and"},
		{"p min 2000000000 2000000000\n", "x:1: the number of arcs 2000000000 is not within 0 and"},
		{"p min 3 2 1\n", `x:1: "1" is too much on the line`},
		{p + p, "x:2: a second p line"},
		{p + "n 4 1\n", "x:2: supply 1: node 4 is not within 1 and 3"},
		{p + "n 0 1\n", "x:2: supply 1: node 0 is not within 1 and 3"},
		{p + "n 1\n", "x:2: supply 1: number of units is missing"},
		{p + "n 1 1.5\n", `x:2: supply 1: number of units "1.5" is not a whole number`},
		{p + "n 1 -\n", `x:2: supply 1: number of units "-" is not a whole number`},
		{p + "n 1 1\nn 2 -1\nn 1 1\na 1 2 0 1 1\na 1 2 0 1 1\n", "x:4: supply 3: a second n line for node 1"},
		{p + "n 1 9223372036854775808\n", `x:2: supply 1: number of units "9223372036854775808" does not fit 64 bits`},
		{p + "n 1 -9223372036854775809\n", `x:2: supply 1: number of units "-9223372036854775809" does not fit 64 bits`},
		{p + "n 1 99999999999999999999999999\n", `x:2: supply 1: number of units "999999999999999999999999"... does not fit 64 bits`},
		{p + "a 1 2 0 1 1\na 1 4 0 1 1\n", "x:3: arc 2: head 4 is not within 1 and 3"},
		{p + "a 0 2 0 1 1\n", "x:2: arc 1: tail 0 is not within 1 and 3"},
		{p + "a 1 2 -1 1 1\n", "x:2: arc 1: lower bound -1 is not within 0 and"},
		{p + "a 1 2 3 2 1\n", "x:2: arc 1: capacity 2 is below the lower bound 3"},
		{p + "a 1 2 0 -2 1\n", "x:2: arc 1: capacity -2 is not within -1 and"},
		{p + "a 1 2 0 1\n", "x:2: arc 1: cost is missing"},
		{p + "a 1 2 0 1 1 1\n", `x:2: arc 1: "1" is too much on the line`},
		{p + "a 1 2 0 1 1\x01\n", `x:2: arc 1: "\x01" is too much on the line`},
		{p + "a 1 2 0 1 1\n", "x:3: the file ends after 1 arcs, but its p line says there are 2"},
		{p + "a 1 2 0 1 1\na 1 2 0 1 1\na 1 2 0 1 1\n", "x:4: arc 3: the p line says there are 2"},
		{"p min 2000000 0\n", "x:2: the p line says there are 2000000 nodes, far more than a file of 16 bytes can speak of"},
		{p + strings.Repeat(" ", 2*longest), "x:2: a line of more than 262144 bytes"},
		{p + "a " + strings.Repeat("1", 2*longest), "x:2: a line of more than 262144 bytes"},
	} {
		n, err := ReadDIMACS(strings.NewReader(test.file), "x")
		if err == nil || n != nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%.60q: %v, want %s", test.file, err, test.want)
		}
	}
	broken := errors.New("broken")
	if _, err := ReadDIMACS(io.MultiReader(strings.NewReader(p), iotest.ErrReader(broken)), "x"); !errors.Is(err, broken) {
		t.Errorf("%v, want the reader's error", err)
	}
}

// TestReadMemory: what a p line claims takes no memory until it comes, and a file of known
// size takes its arrays and little more.
func TestReadMemory(t *testing.T) {
	took := func(r io.Reader) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		ReadDIMACS(r, "x")
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	for _, claim := range []string{
		"p min 2 1000000000\na 1 2 0 1 1\n",
		"p min 1000000000 2\na 1 2 0 1 1\na 1 2 0 1 1\n",
		"p min 1000000000 1000000000\nn 1000000000 1\n",
	} {
		if n := took(strings.NewReader(claim)); n > 4*longest {
			t.Errorf("%q takes %d bytes", claim, n)
		}
	}
	n := sparse(1000, 100_000, 1)
	var file bytes.Buffer
	if err := WriteDIMACS(&file, n); err != nil {
		t.Fatal(err)
	}
	if got, arrays := took(&file), uint64(32*100_000); got > arrays+arrays/10+2*longest {
		t.Errorf("takes %d bytes for arrays of %d", got, arrays)
	}
}

// TestRoundTrip: what is written is read again.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := small(func(lo, hi int) int { return rapid.IntRange(lo, hi).Draw(t, "x") })
		negative := false
		for _, low := range n.Lower {
			negative = negative || low < 0
		}
		var file bytes.Buffer
		err := WriteDIMACS(&file, n, "one\np min 1 1\r\nthree", "four")
		if negative {
			if err == nil {
				t.Fatal("a negative lower bound is written")
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(file.String(), "c one\nc p min 1 1\nc three\nc four\np min ") {
			t.Fatalf("comments are wrong:\n%s", file.String())
		}
		got, err := ReadDIMACS(iotest.HalfReader(&file), "x")
		if err != nil {
			t.Fatal(err)
		}
		if len(n.Tail) == 0 {
			n.Tail, n.Head, n.Lower, n.Upper, n.Cost = got.Tail, got.Head, got.Lower, got.Upper, got.Cost
		}
		if !reflect.DeepEqual(got, n) || len(got.Tail) != len(n.Tail) {
			t.Fatalf("got %+v, want %+v", got, n)
		}
	})
}

func TestWriteSolution(t *testing.T) {
	n := arcs(3, []int64{5, 0, -5}, 0, 1, 2, 9, 1, 1, 2, 0, NoBound, 1, 0, 2, 0, 1, 9)
	s, err := Solve(context.Background(), &n, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := s.WriteDIMACS(&out, &n); err != nil {
		t.Fatal(err)
	}
	if want := "s 10\nf 1 2 5\nf 2 3 5\n"; out.String() != want { // over node 2: 2 a unit
		t.Errorf("got %q, want %q", out.String(), want)
	}
	if err := (&Solution{Cost: new(big.Int)}).WriteDIMACS(&out, &n); err == nil {
		t.Error("a solution of another network is written")
	}
	if err := s.WriteDIMACS(failing{}, &n); err == nil {
		t.Error("the writer's error is lost")
	}
	if err := WriteDIMACS(failing{}, &n); err == nil {
		t.Error("the writer's error is lost")
	}
	if err := WriteDIMACS(&out, &Network{Nodes: -1}); !errors.Is(err, ErrInvalid) {
		t.Errorf("an invalid network: %v", err)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("full") }

// FuzzReadDIMACS: no file makes the reader panic; what is read is written and read again
// alike, and if it is small its solution is proved.
func FuzzReadDIMACS(f *testing.F) {
	for _, seed := range []string{
		example,
		"p min 0 0\n",
		"p min 2 1\nn 1 3\nn 2 -3\na 1 2 0 5 4\n",
		"p min 2 1\nn 1 3\nn 2 -3\na 1 2 0 2 4\n",
		"p min 2 2\na 1 2 0 -1 -1\na 2 1 0 -1 0\n",
		"p min 2 1\nn 1 9223372036854775807\nn 2 -9223372036854775807\na 1 2 0 -1 9223372036854775807\n",
		"p min 4 5\nn 1 4\nn 4 -4\na 1 2 0 4 2\na 1 3 0 2 2\na 2 3 0 2 1\na 2 4 1 3 3\na 3 4 0 5 1\n",
		"p min 1 1\na 1 1 1 2 -5",
		"p min 1000000000 1000000000\n",
		"p min 2 1\nn 1 1\nn 1 1\n",
		"a 1 2 0 1 1\np min 2 1\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		n, err := ReadDIMACS(bytes.NewReader(file), "x")
		if err != nil {
			if n != nil || !strings.HasPrefix(err.Error(), "x:") {
				t.Fatalf("%v without its place, or with a network", err)
			}
			return
		}
		var again bytes.Buffer
		if err := WriteDIMACS(&again, n); err != nil {
			t.Fatal(err)
		}
		if n.Nodes > 1000 {
			return
		}
		m, err := ReadDIMACS(&again, "y")
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(n.Supply, m.Supply) || len(n.Tail) != len(m.Tail) {
			t.Fatalf("%+v became %+v", n, m)
		}
		for i := range n.Tail {
			if n.Tail[i] != m.Tail[i] || n.Head[i] != m.Head[i] || n.Lower[i] != m.Lower[i] || n.Upper[i] != m.Upper[i] || n.Cost[i] != m.Cost[i] {
				t.Fatalf("arc %d is not the same", i)
			}
		}
		verdict(t, n)
	})
}
