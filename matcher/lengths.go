package matcher

import (
	"math"
	"sync/atomic"
)

// lengths remembers the lengths of a segment's texts under the statistics of one
// snapshot, window by window as they are asked for: few rows' texts are compared. It
// belongs to the snapshot, so that readers of two snapshots do not disturb each other.
type lengths struct {
	windows atomic.Pointer[[]lengthWindow]
}

type lengthWindow struct {
	values atomic.Pointer[[window][NumTextSpaces]atomic.Uint64]
} // float bits; 0 is not worked out yet

// of is the length of a row's text in one space. A nil receiver remembers nothing.
func (c *lengths) of(rows *textRows, doc uint32, space TextSpace, stats *Stats) float64 {
	if c == nil {
		row := rows[space].row(doc)
		return lengthOfRow(&row, stats)
	}
	list := c.windows.Load()
	if list == nil {
		fresh := make([]lengthWindow, windows(len(rows[space].off)-1))
		if c.windows.CompareAndSwap(nil, &fresh) {
			list = &fresh
		} else {
			list = c.windows.Load()
		}
	}
	w := &(*list)[doc/window]
	values := w.values.Load()
	if values == nil {
		fresh := new([window][NumTextSpaces]atomic.Uint64)
		if w.values.CompareAndSwap(nil, fresh) {
			values = fresh
		} else {
			values = w.values.Load()
		}
	}
	v := &values[doc%window][space]
	if bits := v.Load(); bits != 0 {
		return math.Float64frombits(bits)
	}
	row := rows[space].row(doc)
	length := lengthOfRow(&row, stats)
	v.Store(math.Float64bits(length))
	return length
}
