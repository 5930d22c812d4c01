package mismatch

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"
)

// Pair is a cell of two dimensions, such as skill and region.
type Pair struct {
	First, Second  string   // together unique
	Demand, Supply *float64 // as of Cell
}

// Group is a value of the first dimension: what its own cells add to the joint index.
type Group struct {
	Key                      string
	DemandShare, SupplyShare float64 // of the whole
	Between                  float64 // contribution of the group to the index over groups
	// Within is the contribution of differences inside the group. It is 0 when one
	// side is absent: all of the difference is then between groups.
	Within float64
}

// Table is an index over two dimensions.
type Table struct {
	Joint         *Index // keys are "first / second"
	First, Second *Index // over the margins

	// Between and Within add up to the joint index, and so do those of the groups. They
	// are nil for every kind but JensenShannon, which alone divides so, and when there
	// is no index. For the others, joint and margins are all there is: no margin is
	// above the joint index, and the difference has no name.
	Between, Within *float64
	Groups          []Group // by key
}

// TwoWay computes an index over joint cells and over both margins. Cells without data of
// either side are left out of the margins too, so that the three describe the same heads.
//
// Jensen-Shannon divides by the chain rule of information: it is what the cell tells
// about the side a head belongs to when both sides are equally likely, hence what the
// group tells and what the cell adds when the group is known. Within a group sides weigh
// as they are there: m (w KL(P, M) + (1-w) KL(Q, M)) with m = (p+q)/2, w = p/(p+q), P and
// Q the shares inside the group and M = w P + (1-w) Q. Lin (1991), generalised divergence.
//
// SahinEfficiency is an error: the efficiency of a margin is not that of its cells.
func TwoWay(kind Kind, pairs []Pair, o Options) (*Table, error) {
	if kind == SahinEfficiency {
		return nil, fmt.Errorf("mismatch: %s has no margins, since efficiency belongs to the joint cells", kind)
	}
	if err := distinct(pairs); err != nil {
		return nil, err
	}
	joint := make([]Cell, len(pairs))
	for i, key := range joined(pairs) {
		joint[i] = Cell{Key: key, Demand: pairs[i].Demand, Supply: pairs[i].Supply}
	}
	t := &Table{}
	var err error
	if t.Joint, err = Of(kind, joint, o); err != nil {
		return nil, err
	}
	unknown := func(p Pair) bool { return p.Demand == nil || p.Supply == nil }
	kept := slices.DeleteFunc(slices.Clone(pairs), unknown)
	slices.SortFunc(kept, func(a, b Pair) int {
		return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.Second, b.Second))
	})
	if t.First, err = Of(kind, margin(kept, func(p *Pair) string { return p.First }), o); err != nil {
		return nil, err
	}
	if t.Second, err = Of(kind, margin(kept, func(p *Pair) string { return p.Second }), o); err != nil {
		return nil, err
	}
	if kind == JensenShannon && t.Joint.Value != nil {
		t.divide(kept)
	}
	return t, nil
}

func distinct(pairs []Pair) error {
	seen := make(map[[2]string]bool, len(pairs))
	for i := range pairs {
		k := [2]string{pairs[i].First, pairs[i].Second}
		if seen[k] {
			return fmt.Errorf("mismatch: cell %q, %q is given twice", k[0], k[1])
		}
		seen[k] = true
	}
	return nil
}

// joined are the keys of the joint cells, "first / second". Where two pairs would read
// the same ("a / b", "c" and "a", "b / c"), slashes inside values are doubled in all keys,
// which leaves the separator the only single one.
func joined(pairs []Pair) []string {
	keys := make([]string, len(pairs))
	seen := make(map[string]bool, len(pairs))
	for i := range pairs {
		keys[i] = pairs[i].First + " / " + pairs[i].Second
		seen[keys[i]] = true
	}
	if len(seen) == len(pairs) {
		return keys
	}
	double := func(s string) string { return strings.ReplaceAll(s, "/", "//") }
	for i := range pairs {
		keys[i] = double(pairs[i].First) + " / " + double(pairs[i].Second)
	}
	return keys
}

// margin adds up cells by key, in the order of their first appearance. All are known.
func margin(pairs []Pair, key func(*Pair) string) []Cell {
	var d, s []sum
	var keys []string
	at := map[string]int{}
	for i := range pairs {
		k := key(&pairs[i])
		j, ok := at[k]
		if !ok {
			j = len(keys)
			at[k] = j
			keys, d, s = append(keys, k), append(d, sum{}), append(s, sum{})
		}
		d[j].add(*pairs[i].Demand)
		s[j].add(*pairs[i].Supply)
	}
	out := make([]Cell, len(keys))
	for j := range out {
		dv, sv := d[j].value(), s[j].value()
		out[j] = Cell{Key: keys[j], Demand: &dv, Supply: &sv}
	}
	return out
}

// divide fills groups, between and within. kept is sorted by the first dimension, and
// the margin of the first dimension is in the same order.
func (t *Table) divide(kept []Pair) {
	var between, within sum
	for i, g := 0, 0; i < len(kept); g++ {
		j := i
		for j < len(kept) && kept[j].First == kept[i].First {
			j++
		}
		c := &t.First.Contributions[g]
		group := Group{Key: c.Key, DemandShare: c.DemandShare, SupplyShare: c.SupplyShare, Between: c.Value}
		group.Within = inside(kept[i:j], c.DemandShare, c.SupplyShare)
		between.add(group.Between)
		within.add(group.Within)
		t.Groups = append(t.Groups, group)
		i = j
	}
	b, w := between.value(), within.value()
	t.Between, t.Within = &b, &w
}

// inside is a group's part of the divergence within, in bits; p and q are its shares.
func inside(cells []Pair, p, q float64) float64 {
	if p == 0 || q == 0 {
		return 0
	}
	ps, qs, ms := make([]float64, len(cells)), make([]float64, len(cells)), make([]float64, len(cells))
	var d, s sum
	for i := range cells {
		d.add(*cells[i].Demand)
		s.add(*cells[i].Supply)
	}
	w := p / (p + q)
	for i := range cells {
		ps[i], qs[i] = *cells[i].Demand/d.value(), *cells[i].Supply/s.value()
		ms[i] = w*ps[i] + (1-w)*qs[i]
		if ps[i]+qs[i] > 0 { // it can only underflow to 0, where the weight is as small
			ms[i] = max(ms[i], math.SmallestNonzeroFloat64)
		}
	}
	nats := w*stat.KullbackLeibler(ps, ms) + (1-w)*stat.KullbackLeibler(qs, ms)
	return max(0, (p+q)/2*nats/math.Ln2)
}
