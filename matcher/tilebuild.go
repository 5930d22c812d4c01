package matcher

import (
	"runtime"
	"slices"
	"sync"

	"talentmatch/matcher/memory"
)

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
	tiles []tileEntry // window by window, keys ascending
	data  []byte
}

type tileEntry struct {
	key       int32
	window    uint32
	at        uint32
	rows, top uint8
}

// flush writes the window's tiles and forgets them.
func (b *tileWindow) flush(w int, out *tilePart) {
	slices.Sort(b.touched)
	for _, key := range b.touched {
		block := &b.blocks[b.slot[key]-1]
		n, top := 0, uint8(0)
		for _, c := range block {
			if c != 0 {
				n++
				top = b.over(top, c)
			}
		}
		out.tiles = append(out.tiles, tileEntry{key, uint32(w), uint32(len(out.data) / 2), uint8(n - 1), top})
		out.data = appendTile(out.data, block, n)
		*block = [window]uint8{}
		b.slot[key] = 0
	}
	b.touched = b.touched[:0]
}

// appendTile appends the bytes of a tile of n rows.
func appendTile(data []byte, block *[window]uint8, n int) []byte {
	if n < pairsBelow {
		for i, c := range block {
			if c != 0 {
				data = append(data, uint8(i), c)
			}
		}
		return data
	}
	if n >= denseFrom {
		for i := range window {
			data = append(data, block[i&^63|int(rowsOfSlots[i&63])])
		}
		return data
	}
	at := len(data)
	data = append(data, make([]byte, window/8)...)
	for i := range window {
		if c := block[i&^63|int(rowsOfSlots[i&63])]; c != 0 {
			data[at+i/8] |= 1 << (i & 7)
			data = append(data, c)
		}
	}
	if n&1 != 0 {
		data = append(data, 0)
	}
	return data
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

// gatherTiles turns the parts, which go window by window, into a directory that goes key
// by key.
func gatherTiles(parts []tilePart, windows int) *tiles {
	t := &tiles{}
	size, entries, keys := 0, 0, int32(0)
	for i := range parts {
		size += len(parts[i].data)
		entries += len(parts[i].tiles)
		for _, e := range parts[i].tiles {
			keys = max(keys, e.key+1)
		}
	}
	count, blocks := make([]uint32, keys), make([]uint32, keys)
	last := make([]uint32, keys) // 1 + the last block
	for i := range parts {
		for _, e := range parts[i].tiles {
			count[e.key]++
			if b := e.window>>6 + 1; last[e.key] != b {
				last[e.key] = b
				blocks[e.key]++
			}
		}
	}
	t.blocks.off = append(t.blocks.off, 0)
	at, block := uint32(0), uint32(0)
	for k, c := range count {
		if c > 0 {
			t.keys = append(t.keys, int32(k))
			count[k], blocks[k], block = at, block, block+blocks[k]
			at += c
			t.blocks.off = append(t.blocks.off, block)
		}
	}
	t.keys, t.blocks.off = slices.Clip(t.keys), slices.Clip(t.blocks.off)
	t.blocks.data = make([]tileBlock, block)
	t.at, t.rows, t.top = make([]uint32, entries), make([]uint8, entries), make([]uint8, entries)
	t.data = make([]byte, 0, size+tileSlack)
	clear(last)
	for i := range parts {
		base := uint32(len(t.data) / 2)
		for _, e := range parts[i].tiles {
			entry := count[e.key]
			count[e.key]++
			t.at[entry], t.rows[entry], t.top[entry] = base+e.at, e.rows, e.top
			if b := e.window>>6 + 1; last[e.key] != b {
				last[e.key] = b
				t.blocks.data[blocks[e.key]] = tileBlock{number: b - 1, before: entry}
				blocks[e.key]++
			}
			t.blocks.data[blocks[e.key]-1].windows |= 1 << (e.window & 63)
		}
		t.data = append(t.data, parts[i].data...)
		parts[i] = tilePart{}
	}
	t.data = append(t.data, make([]byte, tileSlack)...)
	t.index(windows)
	return t
}

// A direct lookup must not take much more memory than the keys do.
const (
	slotsBeside = 1 << 16
	slotsPerKey = 16
)

// index ends the making: it makes a direct lookup of keys, when there are many windows.
func (t *tiles) index(windows int) {
	memory.Huge(t.data)
	memory.Huge(t.at)
	memory.Huge(t.rows)
	memory.Huge(t.top)
	memory.Huge(t.blocks.data)
	if n := len(t.keys); windows >= 16 && n > 0 && int(t.keys[n-1]) < slotsBeside+slotsPerKey*n {
		t.slot = make([]uint32, t.keys[n-1]+1)
		for i, k := range t.keys {
			t.slot[k] = uint32(i) + 1
		}
	}
}
