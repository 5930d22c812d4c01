package gap

// A table holds sums by packed key: open addressing, since a report over a national market
// adds more than ten million times.
type table[T any] struct {
	slots []int32 // place in keys + 1; 0 for none
	shift uint
	keys  []uint64
	sums  []T
}

func newTable[T any]() *table[T] {
	return &table[T]{slots: make([]int32, 1<<firstSlots), shift: 64 - firstSlots}
}

const firstSlots = 10

// mixed spreads a key over 64 bits.
func mixed(key uint64) uint64 {
	key ^= key >> 29
	return key * 0x9E3779B97F4A7C15
}

// find is the place of a key, or -1.
func (t *table[T]) find(key uint64) int32 {
	for at := mixed(key) >> t.shift; ; at = (at + 1) & uint64(len(t.slots)-1) {
		switch n := t.slots[at]; {
		case n == 0:
			return -1
		case t.keys[n-1] == key:
			return n - 1
		}
	}
}

// at is the place of a key, made if there is none.
func (t *table[T]) at(key uint64) int32 {
	at := mixed(key) >> t.shift
	for ; t.slots[at] != 0; at = (at + 1) & uint64(len(t.slots)-1) {
		if n := t.slots[at]; t.keys[n-1] == key {
			return n - 1
		}
	}
	var none T
	t.keys, t.sums = append(t.keys, key), append(t.sums, none)
	t.slots[at] = int32(len(t.keys))
	if 2*len(t.keys) > len(t.slots) {
		t.grow()
	}
	return int32(len(t.keys)) - 1
}

func (t *table[T]) grow() {
	t.slots = make([]int32, 2*len(t.slots))
	t.shift--
	for i, key := range t.keys {
		at := mixed(key) >> t.shift
		for t.slots[at] != 0 {
			at = (at + 1) & uint64(len(t.slots)-1)
		}
		t.slots[at] = int32(i) + 1
	}
}
