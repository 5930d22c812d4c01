package market

import (
	"cmp"
	"math"
	"slices"

	"talentmatch/matcher/gap/mismatch"
)

// rounded keeps twelve decimals, so that the last bits of powers and logarithms, which
// processors compute in their own ways, are in no answer.
func rounded(v float64) float64 {
	if w := math.Round(v*1e12) / 1e12; !math.IsInf(w, 0) {
		v = w
	}
	return v + 0 // no -0
}

// people keeps six decimals of a number of people, as the gap report does.
func people(v float64) float64 { return math.Round(v*1e6)/1e6 + 0 }

func roundedOf(v *float64) *float64 {
	if v == nil {
		return nil
	}
	w := rounded(*v)
	return &w
}

// answer computes the indices.
func (j *mismatcher) answer() (*MismatchAnswer, error) {
	a := &MismatchAnswer{Items: []MismatchIndex{}}
	for _, kind := range mismatch.Kinds() {
		wanted, named := j.r.asks(indexWord(kind))
		if !wanted || kind == mismatch.SahinEfficiency && !named && j.hires.Cells == 0 {
			continue
		}
		item, err := j.index(kind)
		if err != nil {
			return nil, err
		}
		a.Items = append(a.Items, *item)
	}
	if len(j.r.Index) > 0 { // in the order asked
		slices.SortStableFunc(a.Items, func(x, y MismatchIndex) int {
			return cmp.Compare(slices.Index(j.r.Index, x.Index), slices.Index(j.r.Index, y.Index))
		})
	}
	var err error
	a.Meta, err = j.meta()
	return a, err
}

// given are the cells as the formulas take them.
func given(cells []mismatchCell) []mismatch.Cell {
	out := make([]mismatch.Cell, len(cells))
	for i := range cells {
		out[i] = cells[i].cell()
	}
	return out
}

func (j *mismatcher) index(kind mismatch.Kind) (*MismatchIndex, error) {
	ix, err := mismatch.Of(kind, given(j.cells), j.o)
	if err != nil {
		return nil, err
	}
	out := &MismatchIndex{
		Index: indexWord(kind), Value: roundedOf(ix.Value), None: noneOf(ix), Distance: roundedOf(ix.Distance),
		Demand: people(ix.Demand), Supply: people(ix.Supply), Cells: ix.Used, NoEfficiency: ix.LeftOut.NoEfficiency, Contributions: []MismatchContribution{},
	}
	switch kind {
	case mismatch.Sahin, mismatch.SahinEfficiency:
		out.Alpha = &j.r.Alpha
	case mismatch.JackmanRoper:
		if heads := ix.Structural(); heads != nil {
			*heads = people(*heads)
			out.Structural = heads
		}
	case mismatch.Duncan:
		if out.Chance, err = j.chance(); err != nil {
			return nil, err
		}
	}
	j.contributions(out, ix)
	if len(j.r.By) == 2 && kind != mismatch.SahinEfficiency {
		if err := j.margins(out, kind); err != nil {
			return nil, err
		}
	}
	if j.r.Trend {
		out.Trend, err = j.trend(kind)
	}
	return out, err
}

// random is what chance alone would give, worked out once; nil when there is no index.
func (j *mismatcher) random() (*mismatch.Baseline, error) {
	var err error
	if !j.drawn {
		j.baseline, err = mismatch.Random(given(j.cells))
		j.drawn = err == nil
	}
	return j.baseline, err
}

func (j *mismatcher) chance() (*MismatchChance, error) {
	b, err := j.random()
	if b == nil || err != nil {
		return nil, err
	}
	return &MismatchChance{rounded(b.Expected), rounded(b.Systematic), people(b.Smallest), b.Method}, nil
}

// A placed is a cell's contribution beside the cell.
type placed struct {
	*mismatch.Contribution
	cell *mismatchCell
}

// contributions lists the largest and adds up the others. Equal ones come in the order of
// demand, then of keys, so that rounding does not decide.
func (j *mismatcher) contributions(out *MismatchIndex, ix *mismatch.Index) {
	list := make([]placed, 0, len(ix.Contributions))
	for i := range j.cells { // both are in the order of keys
		if n := len(list); n < len(ix.Contributions) && ix.Contributions[n].Key == j.cells[i].key {
			c := &ix.Contributions[n]
			c.Value = rounded(c.Value)
			list = append(list, placed{c, &j.cells[i]})
		}
	}
	slices.SortFunc(list, func(a, b placed) int {
		return cmp.Or(cmp.Compare(b.Value, a.Value), cmp.Compare(*b.cell.demand, *a.cell.demand), cmp.Compare(a.Key, b.Key))
	})
	shown := min(j.r.Limit, len(list))
	for _, c := range list[:shown] {
		out.Contributions = append(out.Contributions, j.contribution(c, *ix.Value))
	}
	if shown < len(list) {
		out.Rest = rest(list[shown:], out)
	}
}

func (j *mismatcher) contribution(c placed, index float64) MismatchContribution {
	out := MismatchContribution{
		Keys: map[string]string{}, Names: map[string]string{}, NamesEN: map[string]string{}, Demand: *c.cell.demand, Supply: *c.cell.supply,
		DemandShare: rounded(c.DemandShare), SupplyShare: rounded(c.SupplyShare), Value: c.Value, Part: partOf(c.Value, index), Side: string(c.Side), Heads: people(c.Heads),
	}
	for d, p := range j.g.plan.By {
		dim := gapDimensions[p]
		out.Keys[dim], out.Names[dim], out.NamesEN[dim] = j.s.world.label(p, c.cell.raw[d])
	}
	return out
}

// partOf is a share to nine decimals, since v and whole have twelve; nil where the whole is 0.
func partOf(v, whole float64) *float64 {
	if whole == 0 {
		return nil
	}
	part := math.Round(v/whole*1e9) / 1e9
	return &part
}

// rest is what is not listed. Its value is the index less what is listed, so that both add up to it.
func rest(list []placed, out *MismatchIndex) *MismatchRest {
	r := &MismatchRest{Cells: len(list), Value: *out.Value}
	for i := range out.Contributions {
		r.Value -= out.Contributions[i].Value
	}
	for i := range list {
		r.Demand += *list[i].cell.demand
		r.Supply += *list[i].cell.supply
		r.DemandShare += list[i].DemandShare
		r.SupplyShare += list[i].SupplyShare
		r.Heads += list[i].Heads
	}
	r.Value = max(0, rounded(r.Value))
	r.Part = partOf(r.Value, *out.Value)
	r.DemandShare, r.SupplyShare = rounded(r.DemandShare), rounded(r.SupplyShare)
	r.Demand, r.Supply, r.Heads = people(r.Demand), people(r.Supply), people(r.Heads)
	return r
}

// margins are the index over either dimension and, where it divides, what lies between and
// within its groups.
func (j *mismatcher) margins(out *MismatchIndex, kind mismatch.Kind) error {
	for d := range j.r.By {
		m := MismatchMargin{By: j.r.By[d]}
		if kind == mismatch.JensenShannon {
			table, err := mismatch.TwoWay(kind, j.pairs(d), j.o)
			if err != nil {
				return err
			}
			m.Value, m.Between, m.Within = roundedOf(table.First.Value), roundedOf(table.Between), roundedOf(table.Within)
			j.groups(&m, d, table.Groups)
		} else {
			ix, err := mismatch.Of(kind, j.margin(d), j.o)
			if err != nil {
				return err
			}
			m.Value = roundedOf(ix.Value)
		}
		out.Margins = append(out.Margins, m)
	}
	return nil
}

// pairs are the cells with the d-th dimension first.
func (j *mismatcher) pairs(d int) []mismatch.Pair {
	out := make([]mismatch.Pair, len(j.cells))
	for i := range j.cells {
		c := &j.cells[i]
		out[i] = mismatch.Pair{First: c.raw[d], Second: c.raw[1-d], Demand: c.demand, Supply: c.supply}
	}
	return out
}

// margin adds the cells that are compared up by the d-th dimension; made once, for every index.
func (j *mismatcher) margin(d int) []mismatch.Cell {
	if j.marginal[d] != nil {
		return j.marginal[d]
	}
	sums := []mismatch.Cell{}
	at := map[string]int{}
	for i := range j.cells {
		c := &j.cells[i]
		if !c.complete() {
			continue
		}
		n, ok := at[c.raw[d]]
		if !ok {
			n = len(sums)
			at[c.raw[d]] = n
			sums = append(sums, mismatch.Cell{Key: c.raw[d], Demand: new(float64), Supply: new(float64)})
		}
		*sums[n].Demand += *c.demand
		*sums[n].Supply += *c.supply
	}
	j.marginal[d] = sums
	return sums
}

// groups lists the largest groups of a dimension.
func (j *mismatcher) groups(m *MismatchMargin, dim int, list []mismatch.Group) {
	list = slices.Clone(list)
	for i := range list {
		list[i].Between, list[i].Within = rounded(list[i].Between), rounded(list[i].Within)
	}
	slices.SortFunc(list, func(a, b mismatch.Group) int {
		return cmp.Or(cmp.Compare(b.Between+b.Within, a.Between+a.Within), cmp.Compare(a.Key, b.Key))
	})
	for _, g := range list[:min(j.r.Limit, len(list))] {
		group := MismatchGroup{DemandShare: rounded(g.DemandShare), SupplyShare: rounded(g.SupplyShare), Between: g.Between, Within: g.Within}
		group.Key, group.Name, group.NameEN = j.s.world.label(j.g.plan.By[dim], g.Key)
		m.Groups = append(m.Groups, group)
	}
	if n := len(list) - len(m.Groups); n > 0 {
		rest := MismatchGroups{n, *m.Between, *m.Within}
		for i := range m.Groups {
			rest.Between -= m.Groups[i].Between
			rest.Within -= m.Groups[i].Within
		}
		rest.Between, rest.Within = max(0, rounded(rest.Between)), max(0, rounded(rest.Within))
		m.Rest = &rest
	}
}
