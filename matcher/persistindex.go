package matcher

import (
	"encoding/binary"
	"hash/crc64"
	"math"

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
		t = &tiles{} // which has not even one offset
	}
	columns.Put32(w, t.keys)
	columns.Put32(w, t.off)
	saveRows(w, t.dir, func(e *tile) uint32 { return e.window })
	saveRows(w, t.dir, func(e *tile) uint32 { return e.at })
	saveRows(w, t.dir, func(e *tile) uint32 { return uint32(e.n)<<8 | uint32(e.top) })
	columns.Put8(w, t.data)
}

// loadTiles reads tiles of so many rows; keys must lie below a number.
func loadTiles(r *columns.Reader, rows, keys int) *tiles {
	t := &tiles{keys: columns.Read32[int32](r), off: columns.Read32[uint32](r)}
	windowOf := columns.Read32[uint32](r)
	t.dir = make([]tile, len(windowOf))
	for i, w := range windowOf {
		t.dir[i].window = w
	}
	loadRows(r, t.dir, func(e *tile, v uint32) { e.at = v })
	loadRows(r, t.dir, func(e *tile, v uint32) { e.n, e.top = uint16(min(v>>8, math.MaxUint16)), uint8(v) })
	t.data = columns.Read8(r)
	if r.Err() != nil || len(t.off) == 0 {
		return nil
	}
	checkOffsets(r, t.off, len(t.keys), len(t.dir))
	if r.Err() != nil {
		return nil
	}
	last := uint32(windows(rows) - 1)
	for i, key := range t.keys {
		if key < 0 || int(key) >= keys || i > 0 && key <= t.keys[i-1] {
			r.Fail("tiles of %d", key)
			return nil
		}
		list := t.dir[t.off[i]:t.off[i+1]]
		for k := range list {
			e := &list[k]
			if e.window > last || k > 0 && e.window <= list[k-1].window || !t.holds(e) || e.window == last && !t.within(e, rows-int(last)*window) {
				r.Fail("a tile of %d in window %d", key, e.window)
				return nil
			}
		}
	}
	t.index(windows(rows))
	return t
}

// holds reports whether a tile's bytes are there.
func (t *tiles) holds(e *tile) bool {
	from, n := 2*int64(e.at), 2*int64(e.n)
	if e.n == 0 {
		n = window
	}
	return e.n <= window && from+n <= int64(len(t.data))
}

// within reports whether a tile says something of so many rows only.
func (t *tiles) within(e *tile, rows int) bool {
	from := 2 * int(e.at)
	if e.n == 0 {
		for _, code := range t.data[from+rows : from+window] {
			if code != 0 {
				return false
			}
		}
		return true
	}
	for i := range int(e.n) {
		if int(t.data[from+2*i]) >= rows {
			return false
		}
	}
	return true
}

// index makes the direct lookup, as gatherTiles does.
func (t *tiles) index(windows int) {
	if n := len(t.keys); windows >= 16 && n > 0 {
		t.slot = make([]uint32, t.keys[n-1]+1)
		for i, k := range t.keys {
			t.slot[k] = uint32(i) + 1
		}
	}
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
	columns.Put64(w, []uint64{math.Float64bits(x.low), uint64(bit(x.whole))})
	x.stats.save(w)
}

func loadTextIndex(r *columns.Reader, rows int, l *Limits) *textIndex {
	if is := columns.Read8(r); len(is) != 1 || is[0] == 0 {
		if len(is) != 1 {
			r.Fail("an index of texts")
		}
		return nil
	}
	x := &textIndex{terms: columns.Read32[int32](r), off: columns.Read32[uint32](r), rows: columns.Read32[uint32](r), codes: columns.Read8(r)}
	x.tiles, x.common = loadTiles(r, rows, l.Terms), columns.Read64[uint64](r)
	more := columns.Read64[uint64](r)
	x.stats = loadStats(r, l)
	if r.Err() != nil {
		return nil
	}
	if len(more) != 2 || len(x.off) == 0 || len(x.off)-1 > l.Terms || len(x.codes) != len(x.rows) || len(x.common) != (len(x.off)-1+63)/64 || x.tiles == nil {
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
	if int(most) >= rows || !(x.low > 0) {
		r.Fail("an index of texts of other rows")
	}
	return x
}
