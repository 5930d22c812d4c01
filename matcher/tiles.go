package matcher

import (
	"encoding/binary"
	"math"
	"runtime"
	"slices"
	"sync"
)

// A window is a stretch of 256 rows of a segment, so that a position in it is a byte.
const window = 256

// A tile says which rows of one window have something for one key (a skill), each
// with a code of one byte that stands for an upper bound of what it is worth. Tiles
// with many rows are dense: a code for every row of the window, 0 for nothing. The
// others list (position, code) pairs.
type tile struct {
	window uint32
	at     uint32 // half the offset of its bytes
	n      uint16 // how many pairs, 0 when dense
	top    uint8  // a code that bounds all of the tile's
}

// denseFrom is the number of rows from which a tile is dense. At 128 both forms take
// the same memory; a dense tile is scanned without looking at positions.
const denseFrom = 112

// tiles is an index of a segment's rows by key. It only bounds scores: what it finds
// is scored from the rows. Bytes lie window by window, the directory key by key.
type tiles struct {
	keys []int32 // ascending
	off  []uint32
	dir  []tile // of keys[i]: dir[off[i]:off[i+1]], by window
	data []byte
	slot []uint32 // key -> 1 + its position in keys; only when there are many windows
}

// of lists the tiles of a key, by window.
func (t *tiles) of(key int32) []tile {
	if t.slot != nil {
		if key < 0 || int(key) >= len(t.slot) || t.slot[key] == 0 {
			return nil
		}
		i := t.slot[key] - 1
		return t.dir[t.off[i]:t.off[i+1]]
	}
	i, ok := slices.BinarySearch(t.keys, key)
	if !ok {
		return nil
	}
	return t.dir[t.off[i]:t.off[i+1]]
}

func windows(rows int) int { return (rows + window - 1) / window }

// tileAt finds a window's tile in a list.
func tileAt(list []tile, w uint32) (tile, bool) {
	lo, hi := 0, len(list)
	if hi == 0 {
		return tile{}, false
	}
	if last := int(list[hi-1].window); last == hi-1 && int(w) < hi { // in every window
		return list[w], true
	}
	for lo < hi {
		m := int(uint(lo+hi) >> 1)
		if list[m].window < w {
			lo = m + 1
		} else {
			hi = m
		}
	}
	if lo < len(list) && list[lo].window == w {
		return list[lo], true
	}
	return tile{}, false
}

// A tileWindow collects one window's codes.
type tileWindow struct {
	slot    []uint32 // key -> 1 + its block
	touched []int32
	blocks  [][window]uint8
	join    *[256][256]uint8 // of what one row has
	bound   *[256][256]uint8 // of different rows
	own     [1]Neighbour
}

// put joins a code with what the row has for the key so far.
func (b *tileWindow) put(key int32, row uint8, code uint8) {
	if int(key) >= len(b.slot) {
		b.slot = append(b.slot, make([]uint32, int(key)+1-len(b.slot)+len(b.slot)/2)...)
	}
	s := b.slot[key]
	if s == 0 {
		b.touched = append(b.touched, key)
		s = uint32(len(b.touched))
		b.slot[key] = s
		if int(s) > len(b.blocks) {
			b.blocks = append(b.blocks, [window]uint8{})
		}
	}
	cell := &b.blocks[s-1][row]
	if *cell == 0 {
		*cell = code
		return
	}
	*cell = b.join[*cell][code]
}

// A tilePart is what one worker made of consecutive windows.
type tilePart struct {
	keys []int32 // of dir
	dir  []tile  // window by window, keys ascending
	data []byte
}

// flush writes the window's tiles and forgets them.
func (b *tileWindow) flush(w int, out *tilePart) {
	slices.Sort(b.touched)
	for _, key := range b.touched {
		block := &b.blocks[b.slot[key]-1]
		t := tile{window: uint32(w), at: uint32(len(out.data) / 2)}
		n := 0
		for _, c := range block {
			if c != 0 {
				n++
			}
		}
		if n >= denseFrom {
			out.data = append(out.data, block[:]...)
			for _, c := range block {
				if c != 0 {
					t.top = b.over(t.top, c)
				}
			}
		} else {
			t.n = uint16(n)
			for i, c := range block {
				if c != 0 {
					out.data = append(out.data, uint8(i), c)
					t.top = b.over(t.top, c)
				}
			}
		}
		out.keys, out.dir = append(out.keys, key), append(out.dir, t)
		*block = [window]uint8{}
		b.slot[key] = 0
	}
	b.touched = b.touched[:0]
}

func (b *tileWindow) over(a, c uint8) uint8 {
	if a == 0 {
		return c
	}
	return b.bound[a][c]
}

// buildTiles indexes rows: fill puts the codes of one row. It works on all cores;
// what comes out does not depend on how many there are.
func buildTiles(rows int, join, bound *[256][256]uint8, fill func(b *tileWindow, row int)) *tiles {
	n := windows(rows)
	workers := min(runtime.GOMAXPROCS(0), max(1, n/8))
	parts := make([]tilePart, workers)
	var wg sync.WaitGroup
	for k := range workers {
		from, to := n*k/workers, n*(k+1)/workers
		work := func() {
			b := &tileWindow{join: join, bound: bound}
			for w := from; w < to; w++ {
				for row := w * window; row < min(rows, (w+1)*window); row++ {
					fill(b, row)
				}
				b.flush(w, &parts[k])
			}
		}
		if k == workers-1 {
			work()
		} else {
			wg.Go(work)
		}
	}
	wg.Wait()
	return gatherTiles(parts, n)
}

// gatherTiles turns the parts' directories, which go window by window, into one that
// goes key by key.
func gatherTiles(parts []tilePart, windows int) *tiles {
	t := &tiles{}
	size, entries, keys := 0, 0, int32(0)
	for i := range parts {
		size += len(parts[i].data)
		entries += len(parts[i].dir)
		for _, k := range parts[i].keys {
			keys = max(keys, k+1)
		}
	}
	count := make([]uint32, keys)
	for i := range parts {
		for _, k := range parts[i].keys {
			count[k]++
		}
	}
	t.off = append(t.off, 0)
	at := uint32(0)
	for k, c := range count {
		if c > 0 {
			t.keys = append(t.keys, int32(k))
			count[k] = at
			at += c
			t.off = append(t.off, at)
		}
	}
	t.keys, t.off = slices.Clip(t.keys), slices.Clip(t.off)
	t.dir = make([]tile, entries)
	t.data = make([]byte, 0, size)
	for i := range parts {
		base := uint32(len(t.data) / 2)
		for j, k := range parts[i].keys {
			e := parts[i].dir[j]
			e.at += base
			t.dir[count[k]] = e
			count[k]++
		}
		t.data = append(t.data, parts[i].data...)
		parts[i] = tilePart{}
	}
	if windows >= 16 && keys > 0 {
		t.slot = make([]uint32, keys)
		for i, k := range t.keys {
			t.slot[k] = uint32(i) + 1
		}
	}
	return t
}

// A tally adds up, for the rows of one window, bounds in units of 1/one.
type tally [window]uint16

// one is a whole component in a tally. A need adds at most its share rounded up, so
// that up to one needs cannot overflow.
const one = 1 << 15

// add adds what a table makes of each row's code.
func (a *tally) add(data []byte, t tile, worth *[256]uint16) {
	if t.n == 0 {
		codes := (*[window]uint8)(data[2*int(t.at):])
		for i, c := range codes {
			a[i] += worth[c]
		}
		return
	}
	pairs := data[2*int(t.at) : 2*(int(t.at)+int(t.n))]
	for len(pairs) >= 8 { // four pairs in one load
		v := binary.LittleEndian.Uint64(pairs)
		a[uint8(v)] += worth[uint8(v>>8)]
		a[uint8(v>>16)] += worth[uint8(v>>24)]
		a[uint8(v>>32)] += worth[uint8(v>>40)]
		a[uint8(v>>48)] += worth[uint8(v>>56)]
		pairs = pairs[8:]
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		a[pairs[i]] += worth[pairs[i+1]]
	}
}

// reaching lists the rows whose sums are at least so much.
func (a *tally) reaching(least int, out *[window]uint8) []uint8 {
	if least > math.MaxUint16 {
		return out[:0]
	}
	n, low := 0, uint16(max(least, 0))
	for i := 0; i < window; i += 4 {
		x, y, z, w := a[i], a[i+1], a[i+2], a[i+3]
		if max(x, y, z, w) < low {
			continue
		}
		for j, v := range [4]uint16{x, y, z, w} {
			if v >= low {
				out[n&(window-1)] = uint8(i + j)
				n++
			}
		}
	}
	return out[:n]
}

// addScaled adds what rows' needs weigh times the credit for the level that they ask.
// Demands with very many needs can exceed a whole: sums stop at the largest number.
func (a *tally) addScaled(data []byte, t tile, credit *[8]uint32) {
	if t.n == 0 {
		codes := (*[window]uint8)(data[2*int(t.at):])
		for i, c := range codes {
			if c != 0 {
				a.put(uint8(i), credit[c&7]*needWorth[c>>3])
			}
		}
		return
	}
	pairs := data[2*int(t.at) : 2*(int(t.at)+int(t.n))]
	for i := 0; i+1 < len(pairs); i += 2 {
		c := pairs[i+1]
		a.put(pairs[i], credit[c&7]*needWorth[c>>3])
	}
}

// put adds a product of a credit and a weight, both in units of 1/one.
func (a *tally) put(row uint8, product uint32) {
	a[row] = uint16(min(uint32(a[row])+product>>15+1, 1<<16-1))
}

// needWorth is weightSteps in units of 1/one.
var needWorth = func() (t [32]uint32) {
	for i := range t {
		t[i] = uint32(math.Ceil(weightSteps[i] * one))
	}
	return t
}()
