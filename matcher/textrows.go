package matcher

import (
	"encoding/binary"
	"math"

	"talentmatch/matcher/columns"
	"talentmatch/matcher/memory"
)

// textRows keeps the terms of texts, space by space.
type textRows [NumTextSpaces]termColumn

// A termColumn keeps lists of terms. A term takes four bytes where numbers are below 2^24
// and there are at most 256 different weights, and eight elsewhere.
type termColumn struct {
	off     []uint32
	packed  []uint32      // term | place of its weight << idBits
	weights *[256]float32 // of packed
	wide    []Term        // instead of packed
}

const idBits = 24

// A termRow is one list of terms, sharing a column's memory.
type termRow struct {
	packed  []uint32
	weights *[256]float32
	wide    []Term
}

// plainRow is a list that is in no column.
func plainRow(terms []Term) termRow { return termRow{wide: terms} }

func (r *termRow) len() int { return len(r.packed) + len(r.wide) }

func (r *termRow) id(i int) int32 {
	if i < len(r.packed) {
		return int32(r.packed[i] & (1<<idBits - 1))
	}
	return r.wide[i].ID
}

func (r *termRow) weight(i int) float32 {
	if i < len(r.packed) {
		return r.weights[r.packed[i]>>idBits]
	}
	return r.wide[i].Weight
}

// terms is the row as a list of its own.
func (r *termRow) terms() []Term {
	if r.len() == 0 {
		return nil
	}
	out := make([]Term, r.len())
	for i := range out {
		out[i] = Term{r.id(i), r.weight(i)}
	}
	return out
}

// newTextRows makes the columns of the texts of n rows, in an order.
func newTextRows(order []int, text func(int) *TextVector) (t textRows) {
	for s := range t {
		t[s] = newTermColumn(order, func(i int) []Term { return text(i)[s] })
	}
	return t
}

func newTermColumn(order []int, terms func(int) []Term) termColumn {
	c := termColumn{off: make([]uint32, 1, len(order)+1), weights: new([256]float32)}
	places, total, fits := map[float32]uint32{}, 0, true
	for _, row := range order {
		list := terms(row)
		total += len(list)
		c.off = append(c.off, uint32(total))
		for i := 0; fits && i < len(list); i++ {
			if _, known := places[list[i].Weight]; !known && len(places) < len(c.weights) {
				c.weights[len(places)] = list[i].Weight
				places[list[i].Weight] = uint32(len(places))
			} else if !known {
				fits = false
			}
			fits = fits && list[i].ID < 1<<idBits
		}
	}
	if !fits {
		c.weights, c.wide = nil, make([]Term, 0, total)
		for _, row := range order {
			c.wide = append(c.wide, terms(row)...)
		}
		return c
	}
	c.packed = make([]uint32, 0, total)
	for _, row := range order {
		for _, t := range terms(row) {
			c.packed = append(c.packed, uint32(t.ID)|places[t.Weight]<<idBits)
		}
	}
	return c
}

// all is every term of every row.
func (c *termColumn) all() termRow { return termRow{c.packed, c.weights, c.wide} }

// row is the list of a row.
func (c *termColumn) row(i uint32) termRow {
	from, to := c.off[i], c.off[i+1]
	if c.wide != nil {
		return termRow{wide: c.wide[from:to]}
	}
	return termRow{packed: c.packed[from:to], weights: c.weights}
}

// row is the text at a position as a vector of its own.
func (t *textRows) row(i uint32) (out TextVector) {
	for s := range t {
		row := t[s].row(i)
		out[s] = row.terms()
	}
	return out
}

// ready ends the making of the rows.
func (t *textRows) ready() {
	for s := range t {
		memory.Huge(t[s].off)
		memory.Huge(t[s].packed)
		memory.Huge(t[s].wide)
	}
}

// empty reports whether a row has no text.
func (t *textRows) empty(i uint32) bool {
	for s := range t {
		if t[s].off[i] != t[s].off[i+1] {
			return false
		}
	}
	return true
}

func saveTexts(w *columns.Writer, t *textRows) {
	for s := range t {
		c := &t[s]
		columns.Put32(w, c.off)
		weights := c.weights
		if weights == nil {
			weights = new([256]float32)
		}
		columns.PutFloats(w, weights[:])
		columns.Put32(w, c.packed)
		w.Column(len(c.wide), termSize, func(b []byte, from, to int) {
			for i, term := range c.wide[from:to] {
				binary.LittleEndian.PutUint32(b[termSize*i:], uint32(term.ID))
				binary.LittleEndian.PutUint32(b[termSize*i+4:], math.Float32bits(term.Weight))
			}
		})
	}
}

const termSize = 8

func loadTexts(r *columns.Reader, rows int, l *Limits) (t textRows) {
	isWeight := func(w float32) bool { return w >= 0 && w <= math.MaxFloat32 }
	for s := range t {
		c := &t[s]
		c.off = columns.Read32[uint32](r)
		weights := columns.ReadFloats(r)
		c.packed = columns.Read32[uint32](r)
		ok := true
		r.Column(termSize, func(n int) {
			if n > 0 {
				c.wide = make([]Term, n)
			}
		}, func(b []byte, from, to int) {
			part := c.wide[from:to]
			for i := range part {
				v := binary.LittleEndian.Uint64(b[termSize*i:])
				part[i] = Term{int32(uint32(v)), math.Float32frombits(uint32(v >> 32))}
				ok = ok && uint32(v) < uint32(l.Terms) && isWeight(part[i].Weight)
			}
		})
		if r.Err() != nil {
			return t
		}
		if len(weights) != len(c.weights) || len(c.wide) > 0 && len(c.packed) > 0 {
			r.Fail("weights of other terms")
			return t
		}
		c.weights = (*[256]float32)(weights)
		for _, w := range weights {
			ok = ok && isWeight(w)
		}
		for _, v := range c.packed {
			ok = ok && v&(1<<idBits-1) < uint32(l.Terms)
		}
		if !ok {
			r.Fail("a term is out of range")
			return t
		}
		checkOffsets(r, c.off, rows, len(c.packed)+len(c.wide))
	}
	return t
}
