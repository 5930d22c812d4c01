package matcher

import (
	"math"
	"strings"

	"talentmatch/matcher/columns"
)

// A nameTable keeps each name once: many programs are called the same, and so are courses.
type nameTable struct {
	names []string
	place map[string]uint32 // while the table is made
}

func newNameTable() nameTable { return nameTable{place: map[string]uint32{}} }

// add is the place of a name.
func (t *nameTable) add(name string) uint32 {
	i, ok := t.place[name]
	if !ok {
		// A copy: the name may be part of a block of many that are gone.
		name, i = strings.Clone(name), uint32(len(t.names))
		t.names = append(t.names, name)
		t.place[name] = i
	}
	return i
}

// inOneBlock is the ids of rows, in an order, in one block of memory.
func inOneBlock(order []int, id func(int) string) []string {
	var b strings.Builder
	size := 0
	for _, at := range order {
		size += len(id(at))
	}
	b.Grow(size)
	for _, at := range order {
		b.WriteString(id(at))
	}
	all, from := b.String(), 0
	out := make([]string, len(order))
	for i, at := range order {
		to := from + len(id(at))
		out[i], from = all[from:to], to
	}
	return out
}

// done ends the making.
func (t *nameTable) done() {
	t.place = nil
	t.names = append(make([]string, 0, len(t.names)), t.names...)
}

// A labelColumn keeps what rows are called.
type labelColumn [][2]uint32

func (c labelColumn) row(t *nameTable, doc uint32) Label {
	return Label{t.names[c[doc][0]], t.names[c[doc][1]]}
}

func (t *nameTable) addLabel(l Label) [2]uint32 { return [2]uint32{t.add(l.Name), t.add(l.NameEN)} }

// list is the names at places, made anew.
func (t *nameTable) list(places []uint32) []string {
	if len(places) == 0 {
		return nil
	}
	out := make([]string, len(places))
	for i, p := range places {
		out[i] = t.names[p]
	}
	return out
}

func saveNames(w *columns.Writer, ids []string, t *nameTable, labels labelColumn) {
	columns.PutStrings(w, len(ids), func(i int) string { return ids[i] })
	columns.PutStrings(w, len(t.names), func(i int) string { return t.names[i] })
	saveRows(w, labels, func(l *[2]uint32) uint32 { return l[0] })
	saveRows(w, labels, func(l *[2]uint32) uint32 { return l[1] })
}

func loadNames(r *columns.Reader) (ids []string, t nameTable, labels labelColumn) {
	ids, t.names = columns.ReadStrings(r), columns.ReadStrings(r)
	if len(ids) == 0 || len(ids) > math.MaxInt32 {
		r.Fail("%d rows", len(ids))
		return nil, t, nil
	}
	labels = make(labelColumn, len(ids))
	loadRows(r, labels, func(l *[2]uint32, v uint32) { l[0] = v })
	loadRows(r, labels, func(l *[2]uint32, v uint32) { l[1] = v })
	for i := range labels {
		t.check(r, labels[i][:])
	}
	return ids, t, labels
}

// check refuses places that are not there.
func (t *nameTable) check(r *columns.Reader, places []uint32) {
	for _, p := range places {
		if int(p) >= len(t.names) {
			r.Fail("name %d of %d", p, len(t.names))
			return
		}
	}
}
