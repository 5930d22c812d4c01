package market

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"talentmatch/matcher/evaluate"
)

// A gapMeasure is one kind of gap of a cell, with what the bootstrap said of it.
type gapMeasure struct {
	of       string
	gap      func(c *GapCell) *float64
	interval func(c *GapCell) (lo80, hi80, lo95, hi95, shortage *float64)
}

var gapMeasures = []gapMeasure{
	{"gap", func(c *GapCell) *float64 { return c.Gap },
		func(c *GapCell) (_, _, _, _, _ *float64) {
			return c.GapLo80, c.GapHi80, c.GapLo95, c.GapHi95, c.Shortage
		}},
	{"gap_at_level", func(c *GapCell) *float64 { return c.GapAtLevel },
		func(*GapCell) (_, _, _, _, _ *float64) { return nil, nil, nil, nil, nil }},
	{"effective_gap", func(c *GapCell) *float64 { return c.EffectiveGap },
		func(c *GapCell) (_, _, _, _, _ *float64) {
			return c.EffectiveGapLo80, c.EffectiveGapHi80, c.EffectiveGapLo95, c.EffectiveGapHi95, c.EffectiveShortage
		}},
}

// score compares each kind of gap with what came. Where level=asked the gap is the one at the
// level, and is scored once.
func (j *gapScorer) score() {
	j.out.Scores = []BacktestGapScore{}
	for _, m := range gapMeasures {
		if m.of == "gap_at_level" && j.g.r.Level == "asked" {
			continue
		}
		var list []*scoredCell
		for i := range j.cells {
			if c := &j.cells[i]; c.none == "" && m.gap(c.of) != nil {
				list = append(list, c)
			}
		}
		if len(list) > 0 {
			j.out.Scores = append(j.out.Scores, m.score(list, j.b.r.Top))
		}
	}
	j.demands()
}

// score compares over cells that have the gap.
func (m *gapMeasure) score(list []*scoredCell, top int) BacktestGapScore {
	out := BacktestGapScore{Of: m.of, Cells: len(list)}
	var gaps, unfilled []float64
	off, miss := 0.0, 0.0
	for _, c := range list {
		g := *m.gap(c.of)
		gaps, unfilled = append(gaps, g), append(unfilled, c.unfilled)
		d := max(0, g) - c.unfilled
		off += d
		miss += math.Abs(d)
		if g > 0 {
			out.Shortages++
		}
		if c.unfilled > 0 {
			out.Came++
		}
		if g > 0 && c.unfilled > 0 {
			out.Both++
		}
	}
	n := float64(len(list))
	out.Bias, out.MAE = quotient(off, n), quotient(miss, n)
	if v, ok := evaluate.KendallB(gaps, unfilled); ok {
		out.KendallB = quotient(v, 1)
	}
	if v, ok := evaluate.Spearman(gaps, unfilled); ok {
		out.Spearman = quotient(v, 1)
	}
	out.topShortages(gaps, unfilled, top)
	m.drawn(list, &out)
	return out
}

// topShortages counts the largest shortages foreseen that were among the largest that came. Cells
// are in the report's order, which decides between equal gaps; of what came all that are as
// large as the last one count.
func (s *BacktestGapScore) topShortages(gaps, unfilled []float64, top int) {
	var order []int
	for i, g := range gaps {
		if g > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(gaps[b], gaps[a]) })
	order = order[:min(top, len(order))]
	s.Top = len(order)
	largest := slices.Clone(unfilled)
	slices.SortFunc(largest, func(a, b float64) int { return cmp.Compare(b, a) })
	least := largest[min(top, len(largest))-1]
	among := func(v float64) bool { return v > 0 && v >= least }
	came := 0
	for _, v := range unfilled {
		if among(v) {
			came++
		}
	}
	for _, i := range order {
		if among(unfilled[i]) {
			s.Hits++
		}
	}
	s.ByChance = quotient(float64(s.Top)*float64(came), float64(len(gaps)))
}

// drawn scores intervals and probabilities, where the report has them for every cell.
func (m *gapMeasure) drawn(list []*scoredCell, out *BacktestGapScore) {
	var p []float64
	var came []bool
	in80, in95 := 0, 0
	for _, c := range list {
		lo80, hi80, lo95, hi95, shortage := m.interval(c.of)
		if lo80 == nil || hi80 == nil || lo95 == nil || hi95 == nil || shortage == nil {
			return
		}
		if inside(c.unfilled, max(0, *lo80), max(0, *hi80)) {
			in80++
		}
		if inside(c.unfilled, max(0, *lo95), max(0, *hi95)) {
			in95++
		}
		p, came = append(p, *shortage), append(came, c.unfilled > 0)
	}
	n := float64(len(list))
	out.Coverage80, out.Coverage95 = quotient(float64(in80), n), quotient(float64(in95), n)
	score, base := evaluate.Brier(p, came)
	out.Brier, out.BrierBase = quotient(score, 1), quotient(base, 1)
}

// demands compares heads foreseen with heads asked, in cells of which anything is known.
func (j *gapScorer) demands() {
	d := BacktestDemand{}
	off, miss := 0.0, 0.0
	var list []*scoredCell
	for i := range j.cells {
		c := &j.cells[i]
		if !c.over() || c.of.Demand == nil {
			continue
		}
		list = append(list, c)
		d.Cells++
		d.Foreseen += *c.of.Demand
		d.Asked += c.asked
		off += *c.of.Demand - c.asked
		miss += math.Abs(*c.of.Demand - c.asked)
	}
	if d.Cells > 0 {
		d.Bias, d.MAE = rounded(off/float64(d.Cells)), rounded(miss/float64(d.Cells))
		d.coverage(list)
		j.out.Demand = &d
	}
}

// list renders the first cells, and counts what the report had no cell for.
func (j *gapScorer) list() {
	j.out.Listed = []BacktestCell{}
	kept := min(j.b.r.Limit, len(j.cells))
	j.out.Rest = len(j.cells) - kept
	for i := range j.cells[:kept] {
		j.out.Listed = append(j.out.Listed, j.cell(i))
	}
	if !j.page() {
		u := &BacktestUnforeseen{Cells: len(j.other)}
		for _, heads := range j.other { // whole numbers: the order of a map changes nothing
			u.Asked += heads
		}
		j.out.Unforeseen = u
	}
}

// page says that the report kept some of its cells only.
func (j *gapScorer) page() bool { return j.kept.NextCursor != "" || j.g.r.Cursor != "" }

// cell is a cell as it is shown.
func (j *gapScorer) cell(i int) BacktestCell {
	c := &j.cells[i]
	k := c.of
	out := BacktestCell{Keys: k.Keys, Names: k.Names, NamesEN: k.NamesEN, Demand: k.Demand, Gap: k.Gap, GapAtLevel: k.GapAtLevel, EffectiveGap: k.EffectiveGap, Shortage: k.Shortage, None: c.none, Silent: c.silent, Withdrawn: c.withdrawn}
	if !c.over() {
		return out
	}
	out.Asked, out.Hired, out.Unfilled = &c.asked, &c.hired, &c.unfilled
	if c.none != "" || k.Gap == nil {
		return out
	}
	out.Rank, out.RankCame = 1, 1
	for n := range j.cells {
		x := &j.cells[n]
		if x.none != "" || x.of.Gap == nil {
			continue
		}
		if *x.of.Gap > *k.Gap {
			out.Rank++
		}
		if x.unfilled > c.unfilled {
			out.RankCame++
		}
	}
	return out
}

// notes say what speaks against the scores.
func (j *gapScorer) notes(item *BacktestItem) {
	if j.page() {
		item.note("page", fmt.Sprintf("报告只保存了 %d 个单元格中的 %d 个，只对这些评分。", j.kept.Meta.Cells, len(j.cells)), fmt.Sprintf("The report kept a page: %d of %d cells, and these are scored.", len(j.cells), j.kept.Meta.Cells))
	}
	came := &j.out.Came
	if came.Silent > 0 {
		item.note("silent", fmt.Sprintf("未满足的 %s 个名额中有 %s 个没有任何录用结果记录，按未满足计；结果登记不全时，未满足被高估。", plainNumber(came.Unfilled), plainNumber(came.Silent)),
			fmt.Sprintf("Of %s heads that stayed unfilled, %s belong to demands of which no outcome says anything; they count as unfilled, too many where outcomes are not entered.", plainNumber(came.Unfilled), plainNumber(came.Silent)))
	}
	if came.Withdrawn > 0 {
		item.note("withdrawn", fmt.Sprintf("已关闭且没有录用结果的需求共 %s 个名额，视为撤回，不计入所需与未满足。", plainNumber(came.Withdrawn)),
			fmt.Sprintf("Demands of %s heads were closed and no outcome says anything of them: they count as withdrawn, neither as asked nor as unfilled.", plainNumber(came.Withdrawn)))
	}
	if came.NoStart > 0 {
		item.note("no_start", fmt.Sprintf("%d 个需求未给出到岗时间，不属于任何年份，未计入。", came.NoStart), fmt.Sprintf("%d demands do not say when they start: they are in no year and are left out, though the report counted those that were open.", came.NoStart))
	}
	if !j.out.hasScore() {
		item.note("nothing", "没有可评分的单元格：没有数据，不是误差为 0。", "No cell can be scored: there is no data, which is not an error of 0.")
	}
}

func (b *BacktestGaps) hasScore() bool { return b.Cells.Scored > 0 }
