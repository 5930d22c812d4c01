package stable

// An entry is an offer with units, and how its receiver prefers it, in the binary heap
// of what the receiver holds: the worst on top.
type entry struct {
	key   uint64 // preference of rank and proposer
	offer int32
}

func (e entry) proposer() int32 { return int32(uint32(e.key)) }

func (d *deferred) heap(r *receiver) []entry { return d.held[r.first : r.first+int(r.size)] }

// worst is the receiver's worst offer with units; there must be one.
func (d *deferred) worst(r *receiver) entry { return d.held[r.first] }

func (d *deferred) push(r *receiver, e entry) {
	r.size++
	list := d.heap(r)
	i := len(list) - 1
	for i > 0 {
		up := (i - 1) / 2
		if list[up].key > e.key {
			break
		}
		list[i] = list[up]
		i = up
	}
	list[i] = e
}

// pop takes away the worst.
func (d *deferred) pop(r *receiver) {
	list := d.heap(r)
	r.size--
	if last := len(list) - 1; last > 0 {
		sink(list[:last], list[last])
	}
}

// sink puts e in the place of the worst and lets it down to where it belongs.
func sink(list []entry, e entry) {
	i := 0
	for {
		down := 2*i + 1
		if down >= len(list) {
			break
		}
		if down+1 < len(list) && list[down+1].key > list[down].key {
			down++
		}
		if list[down].key < e.key {
			break
		}
		list[i] = list[down]
		i = down
	}
	list[i] = e
}
