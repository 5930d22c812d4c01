package taxonomy

import (
	"cmp"
	"slices"
)

// rank orders the ways in which a label can belong to a record: the smaller, the
// more surely the label means it. What a heading is called comes behind everything
// else.
type rank uint8

const (
	rankName rank = iota
	rankNameEN
	rankAlias
	rankHeading
)

// nameIndex maps a folded label to the ids that carry it, best first.
type nameIndex map[string][]string

func (n nameIndex) resolve(name string) (id string, others []string, ok bool) {
	ids := n[Fold(name)]
	if len(ids) == 0 {
		return "", nil, false
	}
	return ids[0], ids[1:len(ids):len(ids)], true
}

// nameBuilder collects who carries each folded label before they are ranked.
type nameBuilder map[string][]rankedID

type rankedID struct {
	rank rank
	id   string
}

func (b nameBuilder) add(id, name, nameEN string, aliases []string, heading bool) {
	first := rankName
	if heading {
		first = rankHeading
	}
	b.put(id, name, first+rankName)
	b.put(id, nameEN, first+rankNameEN)
	for _, a := range aliases {
		b.put(id, a, first+rankAlias)
	}
}

// put notes one label; the ranks of one id arrive best first, so a label that it
// has already stays as it is.
func (b nameBuilder) put(id, label string, rank rank) {
	key := Fold(label)
	if key == "" {
		return
	}
	have := b[key]
	if n := len(have); n > 0 && have[n-1].id == id {
		return // labels arrive record by record
	}
	b[key] = append(have, rankedID{rank, id})
}

func (b nameBuilder) build() nameIndex {
	out := make(nameIndex, len(b))
	for key, have := range b {
		slices.SortFunc(have, func(x, y rankedID) int {
			return cmp.Or(cmp.Compare(x.rank, y.rank), cmp.Compare(x.id, y.id))
		})
		ids := make([]string, len(have))
		for i, h := range have {
			ids[i] = h.id
		}
		out[key] = ids
	}
	return out
}
