package matcher

import (
	"cmp"
	"encoding/binary"
	"hash/maphash"
	"math"
	"slices"
)

// A layout is an order in which a segment keeps its rows. Answers do not depend on it.
type layout uint8

const (
	// byPlace goes by group of regions (a province), so that a filter by place leaves whole
	// windows out; then by cluster of skills, so that few windows can hold a query's best;
	// then by region, education and id.
	byPlace layout = iota
	// bySkills goes by smaller clusters, then by group of regions: for many queries without
	// a filter.
	bySkills
)

// clusterRows is how many rows a cluster of a layout has, about. In byPlace, a group's
// part of a cluster should not be much smaller than a window.
var clusterRows = [...]int{byPlace: 4096, bySkills: 400}

// arrange is the order of a layout.
func arrange(n int, atlas *Atlas, by layout, key func(int) (region int32, education uint8, id string), skills func(i int, add func(int32))) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	label := make([]uint16, n)
	group := func(int32) uint16 { return 0 }
	if n >= clusterFrom {
		off, flat := make([]uint32, 1, n+1), []int32(nil)
		for i := range n {
			skills(i, func(s int32) { flat = append(flat, s) })
			off = append(off, uint32(len(flat)))
		}
		label = clusters(off, flat, clusterRows[by])
		group = groups(atlas, n, func(i int) int32 { r, _, _ := key(i); return r })
	}
	slices.SortFunc(order, func(a, b int) int {
		ra, ea, ia := key(a)
		rb, eb, ib := key(b)
		if by == bySkills && label[a] != label[b] {
			return cmp.Compare(label[a], label[b])
		}
		if ra != rb {
			if c := cmp.Compare(group(ra), group(rb)); c != 0 {
				return c
			}
		}
		return cmp.Or(cmp.Compare(label[a], label[b]), cmp.Compare(ra, rb), cmp.Compare(ea, eb), cmp.Compare(ia, ib))
	})
	return order
}

// groups numbers the groups of the rows' regions, in the order of their names.
func groups(atlas *Atlas, n int, region func(int) int32) func(int32) uint16 {
	names := map[int32]string{}
	var distinct []string
	for i := range n {
		r := region(i)
		if _, seen := names[r]; !seen {
			names[r] = atlas.group(r)
			distinct = append(distinct, names[r])
		}
	}
	slices.Sort(distinct)
	distinct = slices.Compact(distinct)
	number := make(map[int32]uint16, len(names))
	for r, name := range names {
		i, _ := slices.BinarySearch(distinct, name)
		number[r] = uint16(min(i, math.MaxUint16))
	}
	return func(r int32) uint16 { return number[r] }
}

// newFrames describes windows: their groups, regions and what kinds of rows they have;
// and says in which group each of the census's regions is.
func newFrames(atlas *Atlas, c *census, n int, row func(int) (region int32, flags uint8)) ([]frame, offsets[int32], []uint16) {
	number := groups(atlas, len(c.regions), func(i int) int32 { return c.regions[i] })
	groupOf := make([]uint16, len(c.regions))
	for i, r := range c.regions {
		groupOf[i] = number(r)
	}
	frames := make([]frame, 0, windows(n))
	regions := newOffsets[int32](windows(n), windows(n))
	var own []int32
	for from := 0; from < n; from += window {
		f := frame{first: math.MaxUint16}
		own = own[:0]
		for i := from; i < min(n, from+window); i++ {
			r, flags := row(i)
			g := number(r)
			f.first, f.last, f.flags = min(f.first, g), max(f.last, g), f.flags|flags
			own = append(own, r)
		}
		slices.Sort(own)
		regions.add(slices.Compact(own))
		frames = append(frames, f)
	}
	return frames, regions, groupOf
}

// A census counts a segment's rows by region and class, so that a query can say what
// the gates stopped without looking at every row.
type census struct {
	total   []uint32 // by class
	regions []int32  // ascending
	cells   offsets[cell]
}

type cell struct {
	class int32
	rows  uint32
}

func newCensus(classes, n int, row func(int) (region, class int32)) census {
	c := census{total: make([]uint32, classes)}
	all := make([]uint64, n)
	for i := range n {
		r, class := row(i)
		c.total[class]++
		all[i] = uint64(uint32(r)^1<<31)<<32 | uint64(class) // by region, signed
	}
	slices.Sort(all)
	c.cells.off = []uint32{0}
	for i, v := range all {
		region, class := int32(uint32(v>>32)^1<<31), int32(uint32(v))
		if len(c.regions) == 0 || c.regions[len(c.regions)-1] != region {
			if len(c.regions) > 0 {
				c.cells.off = append(c.cells.off, uint32(len(c.cells.data)))
			}
			c.regions = append(c.regions, region)
		}
		if i > 0 && all[i-1] == v {
			c.cells.data[len(c.cells.data)-1].rows++
			continue
		}
		c.cells.data = append(c.cells.data, cell{class, 1})
	}
	if len(c.regions) > 0 {
		c.cells.off = append(c.cells.off, uint32(len(c.cells.data)))
	}
	return c
}

// idOrder is the place of every row's id in the order of ids. Most ids of a segment begin
// the same way, so eight bytes behind that are compared first.
func idOrder(ids []string) []uint32 {
	common := 0
	for len(ids) > 0 && common < len(ids[0]) {
		same := true
		for _, id := range ids {
			if common >= len(id) || id[common] != ids[0][common] {
				same = false
				break
			}
		}
		if !same {
			break
		}
		common++
	}
	type keyed struct {
		key uint64
		row uint32
	}
	keys := make([]keyed, len(ids))
	for i, id := range ids {
		var b [8]byte
		copy(b[:], id[common:])
		keys[i] = keyed{binary.BigEndian.Uint64(b[:]), uint32(i)}
	}
	slices.SortFunc(keys, func(a, b keyed) int {
		if a.key != b.key {
			return cmp.Compare(a.key, b.key)
		}
		return cmp.Compare(ids[a.row], ids[b.row])
	})
	out := make([]uint32, len(ids))
	for place, k := range keys {
		out[k.row] = uint32(place)
	}
	return out
}

// An idIndex finds rows by id: a hash table with open addressing, of 8 bytes a row or a
// little more (a map takes five times that).
type idIndex struct{ slots []uint32 } // 1 + row

// hashSeed is another in each process, so that nobody can choose ids that collide.
var hashSeed = maphash.MakeSeed()

func newIDIndex(ids []string) idIndex {
	size := 4
	for size < len(ids)+len(ids)/2 {
		size *= 2
	}
	x := idIndex{make([]uint32, size)}
	for row, id := range ids {
		i := maphash.String(hashSeed, id) & uint64(size-1)
		for x.slots[i] != 0 {
			i = (i + 1) & uint64(size-1)
		}
		x.slots[i] = uint32(row) + 1
	}
	return x
}

func (x idIndex) find(ids []string, id string) (uint32, bool) {
	mask := uint64(len(x.slots) - 1)
	for i := maphash.String(hashSeed, id) & mask; x.slots[i] != 0; i = (i + 1) & mask {
		if row := x.slots[i] - 1; ids[row] == id {
			return row, true
		}
	}
	return 0, false
}

// group is the name of a region's group: the region below its root that it lies in.
func (a *Atlas) group(region int32) string {
	if a == nil || region < 0 || int(region) >= len(a.regions) {
		return ""
	}
	path := a.regions[region].path
	switch n := len(path); n {
	case 0:
		return ""
	case 1:
		return path[0]
	default:
		return path[n-2]
	}
}
