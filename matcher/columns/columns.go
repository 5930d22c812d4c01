// Package columns writes and reads columns of numbers and strings as a stream of blocks,
// each with its length and a checksum (CRC-32C) that goes on from the block before, so
// that a block that is damaged, missing or out of place is found before any of it is used.
//
// What comes out of a Reader: the columns in the order in which they were written, or an
// error that wraps ErrDamaged. It never panics, and allocates no more than the stream's
// stated size has bytes for, whatever the bytes are. What the numbers mean, and whether
// they are in range, is for the caller to check.
//
// All numbers are little-endian. A column is the count of its elements (8 bytes) and the
// elements, padded to 8 bytes; an element lies in one block.
package columns

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"strings"
)

// ErrDamaged is what every error of reading wraps that is the stream's own.
var ErrDamaged = errors.New("damaged")

const (
	blockSize  = 1 << 20 // bytes of a block at most; a multiple of 8
	blockStart = 8       // length and checksum, 4 bytes each
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// A Writer writes columns. Errors are kept: the first one is Close's.
type Writer struct {
	to  io.Writer
	buf []byte // blockStart and a block
	at  int    // in buf
	sum uint32
	n   int64
	err error
}

// NewWriter returns a Writer. It buffers a block.
func NewWriter(to io.Writer) *Writer {
	return &Writer{to: to, buf: make([]byte, blockStart+blockSize), at: blockStart}
}

// Close writes the last block. It does not close the writer below.
func (w *Writer) Close() error {
	w.flush()
	return w.err
}

// Len is how many bytes have been written, after Close of the whole stream.
func (w *Writer) Len() int64 { return w.n }

// Err is the first error so far: who writes much looks now and then.
func (w *Writer) Err() error { return w.err }

func (w *Writer) flush() {
	if w.at == blockStart || w.err != nil {
		w.at = blockStart
		return
	}
	w.sum = crc32.Update(w.sum, castagnoli, w.buf[blockStart:w.at])
	binary.LittleEndian.PutUint32(w.buf, uint32(w.at-blockStart))
	binary.LittleEndian.PutUint32(w.buf[4:], w.sum)
	n, err := w.to.Write(w.buf[:w.at])
	w.n, w.err, w.at = w.n+int64(n), err, blockStart
}

// Column writes n elements of so many bytes (1, 2, 4, or a multiple of 8): put fills b
// with the elements from..to-1.
func (w *Writer) Column(n, size int, put func(b []byte, from, to int)) {
	if len(w.buf)-w.at < 8 {
		w.flush()
	}
	binary.LittleEndian.PutUint64(w.buf[w.at:], uint64(n))
	w.at += 8
	for from := 0; from < n && w.err == nil; {
		k := min(n-from, (len(w.buf)-w.at)/size)
		if k == 0 {
			w.flush()
			continue
		}
		put(w.buf[w.at:w.at+k*size], from, from+k)
		w.at += k * size
		from += k
	}
	for w.at%8 != 0 { // blockStart is a multiple, too
		w.buf[w.at] = 0
		w.at++
	}
}

// Put8 writes a column of bytes.
func Put8(w *Writer, v []uint8) {
	w.Column(len(v), 1, func(b []byte, from, to int) { copy(b, v[from:to]) })
}

// Put16 writes a column of 16 bits.
func Put16[T ~uint16](w *Writer, v []T) {
	w.Column(len(v), 2, func(b []byte, from, to int) {
		for i, x := range v[from:to] {
			binary.LittleEndian.PutUint16(b[2*i:], uint16(x))
		}
	})
}

// Put32 writes a column of 32 bits.
func Put32[T ~int32 | ~uint32](w *Writer, v []T) {
	w.Column(len(v), 4, func(b []byte, from, to int) {
		for i, x := range v[from:to] {
			binary.LittleEndian.PutUint32(b[4*i:], uint32(x))
		}
	})
}

// Put64 writes a column of 64 bits.
func Put64[T ~int64 | ~uint64](w *Writer, v []T) {
	w.Column(len(v), 8, func(b []byte, from, to int) {
		for i, x := range v[from:to] {
			binary.LittleEndian.PutUint64(b[8*i:], uint64(x))
		}
	})
}

// PutFloats writes a column of floats, bit by bit.
func PutFloats(w *Writer, v []float32) {
	w.Column(len(v), 4, func(b []byte, from, to int) {
		for i, x := range v[from:to] {
			binary.LittleEndian.PutUint32(b[4*i:], math.Float32bits(x))
		}
	})
}

// PutStrings writes n strings, each shorter than 4 GB: a column of lengths and one of
// their bytes.
func PutStrings(w *Writer, n int, at func(i int) string) {
	total := 0
	w.Column(n, 4, func(b []byte, from, to int) {
		for i := from; i < to; i++ {
			s := at(i)
			total += len(s)
			binary.LittleEndian.PutUint32(b[4*(i-from):], uint32(len(s)))
		}
	})
	next, rest := 0, ""
	w.Column(total, 1, func(b []byte, _, _ int) {
		for len(b) > 0 {
			for rest == "" {
				rest = at(next)
				next++
			}
			k := copy(b, rest)
			b, rest = b[k:], rest[k:]
		}
	})
}

// A Reader reads what a Writer wrote. After the first error, which is Err, everything is
// empty.
type Reader struct {
	from  io.Reader
	left  int64 // of the stream, without the present block
	buf   []byte
	block []byte // what is left of the present one
	sum   uint32
	err   error
}

// NewReader reads a stream of so many bytes.
func NewReader(from io.Reader, size int64) *Reader {
	return &Reader{from: from, left: size, buf: make([]byte, min(blockSize, max(size, 0)))}
}

// Err is the first error so far.
func (r *Reader) Err() error { return r.err }

// Done is Err, or an error if something is left.
func (r *Reader) Done() error {
	if n := r.left + int64(len(r.block)); r.err == nil && n > 0 {
		r.Fail("%d bytes too many", n)
	}
	return r.err
}

// Fail notes that what was read is out of range: everything that is read from now on is
// empty.
func (r *Reader) Fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("%w: %s", ErrDamaged, fmt.Sprintf(format, args...))
	}
}

// next reads a block.
func (r *Reader) next() bool {
	if r.err != nil {
		return false
	}
	var start [blockStart]byte
	if r.left < blockStart {
		r.Fail("it ends too early")
		return false
	}
	if _, err := io.ReadFull(r.from, start[:]); err != nil {
		r.cut(err)
		return false
	}
	r.left -= blockStart
	n := int64(binary.LittleEndian.Uint32(start[:]))
	if n == 0 || n%8 != 0 || n > int64(len(r.buf)) || n > r.left {
		r.Fail("a block of %d bytes", n)
		return false
	}
	r.block = r.buf[:n]
	if _, err := io.ReadFull(r.from, r.block); err != nil {
		r.cut(err)
		return false
	}
	r.left -= n
	if r.sum = crc32.Update(r.sum, castagnoli, r.block); r.sum != binary.LittleEndian.Uint32(start[4:]) {
		r.Fail("a block's checksum is not its own")
		return false
	}
	return true
}

func (r *Reader) cut(err error) {
	r.block = nil
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		r.Fail("it ends too early")
		return
	}
	if r.err == nil {
		r.err = err
	}
}

// Column reads a column of elements of so many bytes: begin is told how many there are,
// get then gets the elements from..to-1.
func (r *Reader) Column(size int, begin func(n int), get func(b []byte, from, to int)) {
	if r.err == nil && len(r.block) == 0 && !r.next() || r.err != nil {
		return
	}
	count := binary.LittleEndian.Uint64(r.block)
	r.block = r.block[8:]
	if have := r.left + int64(len(r.block)); count > uint64(have)/uint64(size) {
		r.Fail("%d elements of %d bytes in %d", count, size, have)
		return
	}
	n := int(count)
	if begin(n); r.err != nil {
		return
	}
	for from := 0; from < n; {
		if len(r.block) == 0 && !r.next() {
			return
		}
		k := min(n-from, len(r.block)/size)
		if k == 0 {
			r.Fail("an element lies in two blocks")
			return
		}
		get(r.block[:k*size], from, from+k)
		r.block = r.block[k*size:]
		from += k
	}
	r.block = r.block[len(r.block)%8:]
}

// Read8 reads a column of bytes.
func Read8(r *Reader) (out []uint8) {
	r.Column(1, func(n int) { out = make([]uint8, n) }, func(b []byte, from, _ int) { copy(out[from:], b) })
	return result(r, out)
}

// Read16 reads a column of 16 bits.
func Read16[T ~uint16](r *Reader) (out []T) {
	r.Column(2, func(n int) { out = make([]T, n) }, func(b []byte, from, to int) {
		for i := range out[from:to] {
			out[from+i] = T(binary.LittleEndian.Uint16(b[2*i:]))
		}
	})
	return result(r, out)
}

// Read32 reads a column of 32 bits.
func Read32[T ~int32 | ~uint32](r *Reader) (out []T) {
	r.Column(4, func(n int) { out = make([]T, n) }, func(b []byte, from, to int) {
		part := out[from:to]
		for i := range part {
			part[i] = T(binary.LittleEndian.Uint32(b[4*i:]))
		}
	})
	return result(r, out)
}

// Read64 reads a column of 64 bits.
func Read64[T ~int64 | ~uint64](r *Reader) (out []T) {
	r.Column(8, func(n int) { out = make([]T, n) }, func(b []byte, from, to int) {
		for i := range out[from:to] {
			out[from+i] = T(binary.LittleEndian.Uint64(b[8*i:]))
		}
	})
	return result(r, out)
}

// ReadFloats reads a column of floats.
func ReadFloats(r *Reader) (out []float32) {
	r.Column(4, func(n int) { out = make([]float32, n) }, func(b []byte, from, to int) {
		part := out[from:to]
		for i := range part {
			part[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
		}
	})
	return result(r, out)
}

// ReadStrings reads strings. They share one block of memory.
func ReadStrings(r *Reader) []string {
	lengths := Read32[uint32](r)
	total, all := uint64(0), strings.Builder{}
	for _, n := range lengths {
		total += uint64(n)
	}
	r.Column(1, func(n int) {
		if uint64(n) != total {
			r.Fail("strings of %d bytes in %d", total, n)
			return
		}
		all.Grow(n)
	}, func(b []byte, _, _ int) { all.Write(b) })
	if r.err != nil {
		return nil
	}
	out, text := make([]string, len(lengths)), all.String()
	for i, n := range lengths {
		out[i], text = text[:n], text[n:]
	}
	return out
}

// result is nil after an error: a column that was cut off must not be taken for one.
func result[T any](r *Reader, out []T) []T {
	if r.err != nil {
		return nil
	}
	return out
}
