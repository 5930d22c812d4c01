package market

import (
	"context"
	"slices"
	"strings"

	"talentmatch/matcher/gap"
	"talentmatch/matcher/gap/mismatch"
)

// A mismatcher makes one answer.
type mismatcher struct {
	m     *Market
	s     *state
	r     *MismatchRequest
	o     mismatch.Options
	g     gapper // over the dimensions asked
	cells []mismatchCell
	at    map[string]int // place in cells by key
	left  MismatchCells
	hires *MismatchHires // where they were looked for

	// worked out when first asked for
	marginal [mostMismatchDims][]mismatch.Cell // sums by one of two dimensions
	baseline *mismatch.Baseline
	drawn    bool // baseline is

	years       map[int][]mismatchCell // of a trend
	withoutYear MismatchLeft
}

// A mismatchCell is a cell that is compared, or would be if its sides were known.
type mismatchCell struct {
	raw            []string // keys as the lexicon has them, by dimension
	key            string   // of raw, unique
	of             gap.Key
	demand, supply *float64
	efficiency     *float64
}

func (c *mismatchCell) cell() mismatch.Cell {
	return mismatch.Cell{Key: c.key, Demand: c.demand, Supply: c.supply, Efficiency: c.efficiency}
}

func (c *mismatchCell) complete() bool { return c.demand != nil && c.supply != nil }

// count takes the cells from the gap report, by year too if a trend is asked.
func (j *mismatcher) count(ctx context.Context) error {
	r := j.r.gaps()
	if err := r.complete(); err != nil {
		return err
	}
	j.g = gapper{m: j.m, s: j.s, r: &r}
	if err := j.g.count(ctx); err != nil {
		return err
	}
	j.sort()
	if wanted, _ := j.r.asks(indexWord(mismatch.SahinEfficiency)); wanted {
		if err := j.efficiency(ctx); err != nil {
			return err
		}
	}
	if j.r.Trend {
		return j.byYear(ctx)
	}
	return nil
}

// sort keeps the cells that have labels, in the order of their keys, and counts the others.
func (j *mismatcher) sort() {
	for c := range j.g.report.Cells() {
		cell := j.cellOf(&j.g, int32(c))
		left := j.leftOut(cell.raw)
		if left == nil {
			j.cells = append(j.cells, cell)
			continue
		}
		left.add(&cell)
	}
	order(j.cells)
	j.at = make(map[string]int, len(j.cells))
	for i := range j.cells {
		c := &j.cells[i]
		j.at[c.key] = i
		switch {
		case c.complete():
			j.left.Compared++
		case c.demand == nil && c.supply == nil:
			j.left.Neither++
		case c.demand == nil:
			j.left.NoDemand++
		default:
			j.left.NoSupply++
		}
	}
	j.left.All = j.g.report.Cells()
	j.left.Unlabelled.round()
	j.left.Unresolved.round()
}

// order makes sums independent of threads: the report's cells come in any order.
func order(cells []mismatchCell) {
	slices.SortFunc(cells, func(a, b mismatchCell) int { return strings.Compare(a.key, b.key) })
}

// cellOf is a cell of a report; its supply is what was asked for.
func (j *mismatcher) cellOf(g *gapper, c int32) mismatchCell {
	key, f := g.report.Key(c), g.report.Figures(c)
	out := mismatchCell{of: key, demand: f.Demand, supply: f.Supply}
	for d, p := range g.plan.By {
		out.raw = append(out.raw, g.keys[p].of(key[d]))
	}
	out.key = cellKey(out.raw)
	if j.r.Supply == "effective" {
		out.supply = f.Effective
	}
	return out
}

// cellKey joins keys, none of which has the separator.
func cellKey(raw []string) string { return strings.Join(raw, "\x00") }

// leftOut is the count of cells that are left out like one with these keys; nil when it has
// a label in every dimension.
func (j *mismatcher) leftOut(raw []string) *MismatchLeft {
	if slices.Contains(raw, unsaid) {
		return &j.left.Unlabelled
	}
	if j.unresolved(raw) {
		return &j.left.Unresolved
	}
	return nil
}

// unresolved reports whether one of the keys is a skill name that no taxonomy knows.
func (j *mismatcher) unresolved(raw []string) bool {
	d := slices.Index(j.g.plan.By, gap.Skill)
	return d >= 0 && strings.HasPrefix(raw[d], unknownPrefix)
}

func (l *MismatchLeft) add(c *mismatchCell) {
	l.Cells++
	if c.demand != nil {
		l.Demand += *c.demand
	}
	if c.supply != nil {
		l.Supply += *c.supply
	}
}

func (l *MismatchLeft) round() { l.Demand, l.Supply = people(l.Demand), people(l.Supply) }
