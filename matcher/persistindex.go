package matcher

import (
	"encoding/binary"
	"hash/crc64"
	"math"
	"math/bits"

	"talentmatch/matcher/columns"
)

// sum names what a space says: two of the same sum give the same tiles. Skills that only
// count for themselves do not matter, since those beyond the space do, too.
func (s *Space) sum() uint64 {
	if s == nil {
		return 0
	}
	h := crc64.New(spaceTable)
	var b [8]byte
	for i := range len(s.needOff) - 1 {
		list := s.need[s.needOff[i]:s.needOff[i+1]]
		if len(list) == 1 && list[0] == (Neighbour{int32(i), 1000}) {
			continue
		}
		binary.LittleEndian.PutUint32(b[:], uint32(i))
		binary.LittleEndian.PutUint32(b[4:], uint32(len(list)))
		_, _ = h.Write(b[:])
		for _, nb := range list {
			binary.LittleEndian.PutUint32(b[:], uint32(nb.Skill))
			binary.LittleEndian.PutUint32(b[4:], uint32(nb.Sim))
			_, _ = h.Write(b[:])
		}
	}
	return h.Sum64()
}

var spaceTable = crc64.MakeTable(crc64.ECMA)

func (s *Stats) save(w *columns.Writer) {
	columns.Put64(w, []int64{int64(s.n)})
	w.Column(len(s.chunks)<<chunkBits, 4, func(b []byte, from, to int) {
		for i := from; i < to; i++ {
			df := s.chunks[i>>chunkBits].df[i&(1<<chunkBits-1)]
			binary.LittleEndian.PutUint32(b[4*(i-from):], uint32(df))
		}
	})
}

func loadStats(r *columns.Reader, l *Limits) *Stats {
	n, df := columns.Read64[int64](r), columns.Read32[int32](r)
	if len(n) != 1 || n[0] < 0 || n[0] > math.MaxInt32 || len(df)%(1<<chunkBits) != 0 || len(df) >= l.Terms+1<<chunkBits {
		r.Fail("statistics of %d terms", len(df))
		return nil
	}
	s := &Stats{n: int(n[0]), logN: math.Log(float64(n[0] + 1))}
	for from := 0; from < len(df); from += 1 << chunkBits {
		c := &statChunk{df: [1 << chunkBits]int32(df[from:])}
		for i, v := range c.df {
			if v < 0 || int64(v) > n[0] {
				r.Fail("a term of %d texts in %d", v, n[0])
				return nil
			}
			c.log[i] = math.Log(float64(v) + 0.5)
		}
		s.chunks = append(s.chunks, c)
	}
	return s
}

// sharing is one of the known statistics if it says the same; else s, which takes equal
// chunks from the first of them.
func (s *Stats) sharing(known []*Stats) *Stats {
	for k, o := range known {
		same := s.n == o.n && len(s.chunks) == len(o.chunks)
		for i := 0; i < len(s.chunks) && i < len(o.chunks) && (same || k == 0); i++ {
			if s.chunks[i].df == o.chunks[i].df {
				s.chunks[i] = o.chunks[i]
			} else {
				same = false
			}
		}
		if same {
			return o
		}
	}
	return s
}

func (t *tiles) save(w *columns.Writer) {
	if t == nil {
		t = &tiles{data: make([]byte, tileSlack)} // which has not even one offset
	}
	columns.Put32(w, t.keys)
	columns.Put32(w, t.blocks.off)
	w.Column(len(t.blocks.data), tileBlockSize, func(b []byte, from, to int) {
		for i := from; i < to; i++ {
			e, b := &t.blocks.data[i], b[tileBlockSize*(i-from):]
			binary.LittleEndian.PutUint64(b, e.windows)
			binary.LittleEndian.PutUint32(b[8:], e.number)
			binary.LittleEndian.PutUint32(b[12:], e.before)
		}
	})
	columns.Put32(w, t.at)
	columns.Put8(w, t.rows)
	columns.Put8(w, t.top)
	columns.Put8(w, t.data)
}

const tileBlockSize = 16

// loadTiles reads tiles of so many rows; keys must lie below a number.
func loadTiles(r *columns.Reader, rows, keys int) *tiles {
	t := &tiles{keys: columns.Read32[int32](r)}
	t.blocks.off = columns.Read32[uint32](r)
	r.Column(tileBlockSize, func(n int) { t.blocks.data = make([]tileBlock, n) }, func(b []byte, from, to int) {
		for i := from; i < to; i++ {
			b := b[tileBlockSize*(i-from):]
			t.blocks.data[i] = tileBlock{binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint32(b[8:]), binary.LittleEndian.Uint32(b[12:])}
		}
	})
	t.at, t.rows, t.top, t.data = columns.Read32[uint32](r), columns.Read8(r), columns.Read8(r), columns.Read8(r)
	if r.Err() != nil || len(t.blocks.off) == 0 {
		return nil
	}
	checkOffsets(r, t.blocks.off, len(t.keys), len(t.blocks.data))
	if r.Err() != nil {
		return nil
	}
	if len(t.rows) != len(t.at) || len(t.top) != len(t.at) || len(t.data) < tileSlack {
		r.Fail("tiles of different lengths")
		return nil
	}
	last, entry := uint32(windows(rows)-1), 0
	for i, key := range t.keys {
		if key < 0 || int(key) >= keys || i > 0 && key <= t.keys[i-1] {
			r.Fail("tiles of %d", key)
			return nil
		}
		list := t.blocks.row(uint32(i))
		for k := range list {
			b := &list[k]
			if b.windows == 0 || k > 0 && b.number <= list[k-1].number || int(b.before) != entry || b.number > last>>6 || b.number<<6|uint32(63-bits.LeadingZeros64(b.windows)) > last {
				r.Fail("tiles of %d in windows from %d", key, uint64(b.number)<<6)
				return nil
			}
			entry += bits.OnesCount64(b.windows)
		}
	}
	if entry != len(t.at) {
		r.Fail("%d tiles of %d", entry, len(t.at))
		return nil
	}
	for e := range t.at {
		if !t.holds(uint32(e)) {
			r.Fail("tile %d is not there", e)
			return nil
		}
	}
	for i, key := range t.keys {
		if e, ok := tileList(t.blocks.row(uint32(i))).find(last); ok && !t.within(e, rows-int(last)*window) {
			r.Fail("a tile of %d in window %d", key, last)
			return nil
		}
	}
	t.index(windows(rows))
	return t
}

// holds reports whether a tile's bytes are there. What more may be read of a bitmap whose
// bits are not as many as its rows is within the slack.
func (t *tiles) holds(entry uint32) bool {
	return 2*int64(t.at[entry])+int64(bytesOf(int(t.rows[entry])+1)) <= int64(len(t.data)-tileSlack)
}

// within reports whether a tile says something of so many rows only.
func (t *tiles) within(entry uint32, rows int) bool {
	ok := true
	t.eachCode(entry, func(row, code uint8) { ok = ok && int(row) < rows })
	return ok
}

// keptWords is the number of rows from which a segment's index of texts is kept. Of fewer
// it is made anew in less time than the statistics take to read that it is of.
const keptWords = clusterFrom

func (x *textIndex) save(w *columns.Writer) {
	columns.Put8(w, []uint8{uint8(bit(x != nil))})
	if x == nil {
		return
	}
	columns.Put32(w, x.terms)
	columns.Put32(w, x.off)
	columns.Put32(w, x.rows)
	columns.Put8(w, x.codes)
	x.tiles.save(w)
	columns.Put64(w, x.common)
	columns.Put64(w, []uint64{math.Float64bits(x.low), uint64(bit(x.whole)), math.Float64bits(x.faint)})
	columns.Put32(w, x.loose)
	x.stats.save(w)
}

func loadTextIndex(r *columns.Reader, rows int, l *Limits) *textIndex {
	if is := columns.Read8(r); len(is) != 1 || is[0] == 0 {
		if len(is) != 1 {
			r.Fail("an index of texts")
		}
		return nil
	}
	x := &textIndex{terms: columns.Read32[int32](r), off: columns.Read32[uint32](r), rows: columns.Read32[uint32](r), codes: columns.Read8(r), count: rows}
	x.tiles, x.common = loadTiles(r, rows, l.Terms), columns.Read64[uint64](r)
	more := columns.Read64[uint64](r)
	x.loose = columns.Read32[uint32](r)
	x.stats = loadStats(r, l)
	if r.Err() != nil {
		return nil
	}
	if len(more) != 3 || len(x.off) == 0 || len(x.off)-1 > l.Terms || len(x.codes) != len(x.rows) || len(x.common) != (len(x.off)-1+63)/64 || x.tiles == nil {
		r.Fail("an index of texts")
		return nil
	}
	if len(x.terms) == 0 {
		x.terms = nil
	} else if len(x.terms) != len(x.off)-1 {
		r.Fail("%d terms in an index of %d", len(x.terms), len(x.off)-1)
		return nil
	}
	x.low, x.whole = math.Float64frombits(more[0]), more[1] == 1
	x.faint = math.Float64frombits(more[2])
	checkOffsets(r, x.off, len(x.off)-1, len(x.rows))
	for i, t := range x.terms {
		if t < 0 || int(t) >= l.Terms || i > 0 && t <= x.terms[i-1] {
			r.Fail("an index of term %d", t)
			return nil
		}
	}
	most := uint32(0)
	for _, row := range x.rows {
		most = max(most, row)
	}
	for i, row := range x.loose {
		most = max(most, row)
		if i > 0 && row <= x.loose[i-1] {
			r.Fail("rows %d and %d without an order", x.loose[i-1], row)
			return nil
		}
	}
	if int(most) >= rows || !(x.low >= faintIDF) || !(x.faint >= 0 && x.faint <= 2*mostFaint) {
		r.Fail("an index of texts of other rows")
	}
	return x
}
