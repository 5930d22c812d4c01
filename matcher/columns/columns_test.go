package columns

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

type rows struct {
	B []uint8
	H []uint16
	W []int32
	L []uint64
	F []float32
	S []string
}

func (v *rows) write(t interface{ Fatal(...any) }) []byte {
	var b bytes.Buffer
	w := NewWriter(&b)
	Put8(w, v.B)
	Put16(w, v.H)
	PutStrings(w, len(v.S), func(i int) string { return v.S[i] })
	Put32(w, v.W)
	PutFloats(w, v.F)
	Put64(w, v.L)
	if err := w.Close(); err != nil || w.Len() != int64(b.Len()) {
		t.Fatal(w.Len(), b.Len(), err)
	}
	return b.Bytes()
}

func read(b []byte) (rows, error) {
	r := NewReader(bytes.NewReader(b), int64(len(b)))
	v := rows{B: Read8(r), H: Read16[uint16](r), S: ReadStrings(r), W: Read32[int32](r), F: ReadFloats(r), L: Read64[uint64](r)}
	return v, r.Done()
}

// TestColumnsComeBack: what is written is read, also where columns end at, or stretch
// over, the ends of blocks.
func TestColumnsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.OneOf(rapid.IntRange(0, 9), rapid.IntRange(0, 9), rapid.IntRange(0, 99), rapid.IntRange(0, 999), rapid.SampledFrom([]int{blockSize/2 - 4, blockSize/4 + 1, blockSize - 16, blockSize + 7}))
		n := func() int { return size.Draw(t, "size") }
		v := rows{make([]uint8, n()), make([]uint16, n()), make([]int32, n()), make([]uint64, n()), make([]float32, n()), make([]string, n()%100)}
		for i := range v.B {
			v.B[i] = uint8(i)
		}
		for i := range v.H {
			v.H[i] = uint16(i * 7)
		}
		for i := range v.W {
			v.W[i] = int32(-i * 1001)
		}
		for i := range v.L {
			v.L[i] = math.MaxUint64 - uint64(i)
		}
		for i := range v.F {
			v.F[i] = 1 / float32(i)
		}
		for i := range v.S {
			v.S[i] = strings.Repeat("字", i%3*n()%70_000)
		}
		got, err := read(v.write(t))
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, v) {
			t.Fatal("it comes back as another")
		}
	})
}

// TestDamage: every changed byte and every cut is found, and nothing is left to read.
func TestDamage(t *testing.T) {
	v := rows{B: []uint8{1}, H: []uint16{2}, W: []int32{3, 4}, L: []uint64{5}, F: []float32{6}, S: []string{"seven", ""}}
	whole := v.write(t)
	for i := range whole {
		for bit := range 8 {
			b := bytes.Clone(whole)
			b[i] ^= 1 << bit
			if _, err := read(b); !errors.Is(err, ErrDamaged) {
				t.Errorf("bit %d of byte %d: %v", bit, i, err)
			}
		}
		if got, err := read(whole[:i]); !errors.Is(err, ErrDamaged) || got.L != nil {
			t.Errorf("cut at %d: %v, %v", i, got, err)
		}
	}
	if _, err := read(append(bytes.Clone(whole), 0)); !errors.Is(err, ErrDamaged) {
		t.Errorf("one byte more: %v", err)
	}
}

// TestBlocksKeepTheirOrder: blocks that are whole, but at another place, are not taken.
func TestBlocksKeepTheirOrder(t *testing.T) {
	v := rows{B: make([]uint8, 3*blockSize)}
	b := v.write(t)
	const one = blockStart + blockSize
	first, second := bytes.Clone(b[:one]), bytes.Clone(b[one:2*one])
	copy(b, second)
	copy(b[one:], first)
	if _, err := read(b); !errors.Is(err, ErrDamaged) {
		t.Error(err)
	}
}

// TestClaimsAreChecked: a column that says it is longer than the stream is refused before
// memory is taken for it.
func TestClaimsAreChecked(t *testing.T) {
	for _, n := range []uint64{2, 1 << 20, 1 << 40, math.MaxUint64} {
		var b bytes.Buffer
		w := NewWriter(&b)
		w.Column(0, 8, nil)
		binary.LittleEndian.PutUint64(w.buf[blockStart:], n) // in the place of the count
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		forged := b.Bytes()
		r := NewReader(bytes.NewReader(forged), int64(len(forged)))
		began := false
		r.Column(8, func(int) { began = true }, func([]byte, int, int) {})
		if began || !errors.Is(r.Err(), ErrDamaged) {
			t.Errorf("a claim of %d: %v", n, r.Err())
		}
	}
}

type failing struct{}

var errDisk = errors.New("no space")

func (failing) Write([]byte) (int, error) { return 0, errDisk }
func (failing) Read([]byte) (int, error)  { return 0, errDisk }

// TestDiskErrors: errors of what lies below come through as they are.
func TestDiskErrors(t *testing.T) {
	w := NewWriter(failing{})
	Put8(w, make([]uint8, 3*blockSize))
	if err := w.Close(); !errors.Is(err, errDisk) {
		t.Error(err)
	}
	r := NewReader(failing{}, 100)
	if got := Read8(r); got != nil || !errors.Is(r.Done(), errDisk) || errors.Is(r.Done(), ErrDamaged) {
		t.Error(got, r.Done())
	}
}

func FuzzReader(f *testing.F) {
	v := rows{S: []string{"a", "bc"}, W: []int32{1}}
	f.Add(v.write(f))
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := read(b); err != nil && !errors.Is(err, ErrDamaged) {
			t.Fatal(err)
		}
	})
}

func ExampleReader() {
	var b bytes.Buffer
	w := NewWriter(&b)
	Put32(w, []int32{1, 2, 3})
	fmt.Println(w.Close())
	r := NewReader(io.Reader(&b), int64(b.Len()))
	fmt.Println(Read32[int32](r), r.Done())
	// Output:
	// <nil>
	// [1 2 3] <nil>
}
