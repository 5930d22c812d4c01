package market

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"talentmatch/matcher"
	"talentmatch/matcher/gap"
	"talentmatch/talent"
)

// Why a cell is not scored.
const (
	noneNoGap      = "no_gap"
	noneNotAsked   = "not_asked"
	noneNoOutcome  = "no_outcome"
	noneUnknownKey = "unknown_key"
)

// A gapScorer holds one kept gap report against what came.
type gapScorer struct {
	b     *backtester
	g     gapper
	kept  *GapAnswer
	years []int // in which is looked, rising
	last  int   // the last year that is over
	cells []scoredCell
	at    map[gap.Key]int
	out   BacktestGaps
	other map[gap.Key]float64 // heads asked in cells that the report does not have
}

// A scoredCell is what became of the demands of one cell.
type scoredCell struct {
	of                     *GapCell
	future                 *FutureFigures // of a future gap
	none                   string
	demands, told          int // that started; of which something is known
	asked, hired, unfilled float64
	silent, withdrawn      float64
}

// gaps scores a kept gap report.
func (b *backtester) gaps(ctx context.Context, kept *Report, field string, item *BacktestItem) (*BacktestGaps, error) {
	var r GapRequest
	var a GapAnswer
	if err := decodeKept(field+".request", kept.Request, &r); err != nil {
		return nil, err
	}
	if err := decodeKept(field+".answer", kept.Answer, &a); err != nil {
		return nil, err
	}
	return b.scoreGaps(ctx, r, a, nil, field, item)
}

// scoreGaps scores the cells of a gap report; future are those of a future gap as they were kept, else nil.
func (b *backtester) scoreGaps(ctx context.Context, r GapRequest, a GapAnswer, future []*FutureFigures, field string, item *BacktestItem) (*BacktestGaps, error) {
	if err := r.complete(); err != nil {
		return nil, inPart(field+".request", err)
	}
	j := &gapScorer{b: b, kept: &a, at: map[gap.Key]int{}, other: map[gap.Key]float64{}}
	j.g = gapper{m: b.m, s: b.s, r: &r}
	if err := j.g.prepare(ctx); err != nil {
		return nil, inPart(field+".request", err)
	}
	if err := j.place(field); err != nil {
		return nil, err
	}
	for i, f := range future {
		j.cells[i].future = f
	}
	if err := j.chooseYears(ctx, field); err != nil {
		return nil, err
	}
	if err := j.come(ctx); err != nil {
		return nil, err
	}
	j.judge()
	j.score()
	j.list()
	j.notes(item)
	return &j.out, nil
}

// place finds the cells of the kept answer among today's keys.
func (j *gapScorer) place(field string) error {
	j.out.By = j.g.r.By
	numbers := make([]map[string]int32, len(j.g.plan.By))
	for d, p := range j.g.plan.By {
		numbers[d] = map[string]int32{}
		for n := range j.g.plan.Values[p].Count {
			numbers[d][j.g.keys[p].of(int32(n))] = int32(n)
		}
	}
	j.cells = make([]scoredCell, len(j.kept.Items))
	for i := range j.kept.Items {
		c := &j.kept.Items[i]
		j.cells[i].of = c
		var key gap.Key
		for d, p := range j.g.plan.By {
			dim := gapDimensions[p]
			raw, ok := c.Keys[dim]
			if !ok {
				return talent.Invalid(fmt.Sprintf("%s.answer.items[%d].keys", field, i), "", "lacks the dimension %s", dim)
			}
			if p == gap.Skill && raw == unsaid { // a name that no taxonomy knows
				raw = unknownPrefix + c.Names[dim]
			}
			n, known := numbers[d][raw]
			if !known {
				j.cells[i].none = noneUnknownKey
			}
			key[d] = n
		}
		if j.cells[i].none != "" {
			continue
		}
		if _, twice := j.at[key]; twice {
			return talent.Invalid(fmt.Sprintf("%s.answer.items[%d].keys", field, i), "", "stand there twice")
		}
		j.at[key] = i
	}
	return nil
}

// chooseYears settles in which years what came is looked for, and which are over.
func (j *gapScorer) chooseYears(ctx context.Context, field string) error {
	asked := j.b.r.Years
	if len(j.g.r.Filter.Year) > 0 || j.g.has(gap.Year) {
		for _, y := range j.own() {
			if len(asked) == 0 || slices.Contains(asked, y) {
				j.years = append(j.years, y)
			}
		}
		if len(j.years) == 0 {
			return talent.Invalid("years", fmt.Sprint(asked), "has none of the years of %s: %v", field, j.own())
		}
	} else if j.years = asked; len(asked) == 0 {
		return talent.Invalid("years", "", "must say which years %s is scored by: it tells none apart and has no filter of them", field)
	}
	j.out.Years = j.years
	if m, ok := lastMonth(j.b.r.Until); ok {
		j.last = periodUnit("year").endedBy(m)
		return nil
	}
	list, err := j.b.s.hires.of(ctx, j.b.m.store)
	for _, h := range list {
		j.last = max(j.last, h.year)
	}
	return err
}

// own are the years of the report itself.
func (j *gapScorer) own() []int {
	var out []int
	add := func(text string) {
		if y, err := strconv.Atoi(text); err == nil {
			out = append(out, y)
		}
	}
	for _, y := range j.g.r.Filter.Year {
		add(y)
	}
	if len(out) == 0 {
		for i := range j.kept.Items {
			add(j.kept.Items[i].Keys["year"])
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// A hireSum is what outcomes say of one demand.
type hireSum struct {
	list []hiring // by year
}

// by are the hires up to a year, and those after it.
func (h *hireSum) by(year int) (hired, late float64) {
	for _, x := range h.list {
		if x.year <= year {
			hired += x.hired
		} else {
			late += x.hired
		}
	}
	return hired, late
}

// come goes over the demands that started in the years, whatever their status, and adds what
// became of them to their cells.
func (j *gapScorer) come(ctx context.Context) error {
	list, err := j.b.s.hires.of(ctx, j.b.m.store)
	if err != nil {
		return err
	}
	hires := map[string]*hireSum{}
	for _, h := range list {
		if hires[h.demand] == nil {
			hires[h.demand] = &hireSum{}
		}
		hires[h.demand].list = append(hires[h.demand].list, h)
	}
	placer := j.g.plan.Placer()
	j.b.s.snap.VisitDemands(0, 1, func(_ int, d *matcher.Demand) bool {
		var cells []gap.Key
		placer.Cells(d, func(k gap.Key) { cells = append(cells, k) })
		if len(cells) > 0 {
			err = j.demand(ctx, d, cells, hires[d.ID])
		}
		return err == nil
	})
	return err
}

// demand adds one demand.
func (j *gapScorer) demand(ctx context.Context, d *matcher.Demand, cells []gap.Key, hires *hireSum) error {
	if d.Start == matcher.NoStart {
		j.out.Came.NoStart++
		return nil
	}
	year := d.Start / 12
	if !slices.Contains(j.years, year) || year > j.last {
		return nil
	}
	asked := float64(d.Headcount)
	hired, late, told := 0.0, 0.0, hires != nil
	if told {
		hired, late = hires.by(year)
	} else if !d.Open {
		status, err := j.status(ctx, d.ID)
		if err != nil {
			return err
		}
		switch status {
		case "filled": // all heads were, though no outcome says by whom
			hired, told = asked, true
		case "closed":
			j.withdraw(asked, cells)
			return nil
		}
	}
	unfilled := max(0, asked-hired)
	silent := 0.0
	if !told {
		silent = unfilled
	}
	sum := &j.out.Came
	sum.Demands++
	if told {
		sum.Told++
	}
	sum.Asked += asked
	sum.Hired += hired
	sum.Late += late
	sum.Unfilled += unfilled
	sum.Silent += silent
	for _, k := range cells {
		i, ok := j.at[k]
		if !ok {
			j.other[k] += asked
			continue
		}
		c := &j.cells[i]
		c.demands++
		if told {
			c.told++
		}
		c.asked += asked
		c.hired += hired
		c.unfilled += unfilled
		c.silent += silent
	}
	return nil
}

// withdraw counts a demand that was closed and of which no outcome says anything: what it asked
// for is asked no more, and was not left unfilled.
func (j *gapScorer) withdraw(heads float64, cells []gap.Key) {
	j.out.Came.Withdrawn += heads
	for _, k := range cells {
		if i, ok := j.at[k]; ok {
			j.cells[i].withdrawn += heads
		}
	}
}

// status is a demand's, from its record.
func (j *gapScorer) status(ctx context.Context, id string) (string, error) {
	it, err := j.b.m.store.Get(ctx, talent.TypeDemand, id)
	if err != nil {
		return "", err
	}
	rec, err := it.Record()
	if err != nil {
		return "", err
	}
	return rec.(*talent.Demand).Status, nil
}

// judge says which cells can be scored, and why the others can not.
func (j *gapScorer) judge() {
	n := &j.out.Cells
	n.Foreseen = len(j.cells)
	for i := range j.cells {
		c := &j.cells[i]
		if c.none == "" {
			c.none = j.none(c)
		}
		switch c.none {
		case "":
			n.Scored++
		case noneNoGap:
			n.NoGap++
		case noneNotOver:
			n.NotOver++
		case noneNotAsked:
			n.NotAsked++
		case noneNoOutcome:
			n.NoOutcome++
		case noneUnknownKey:
			n.UnknownKey++
		}
	}
}

// none is why a cell is not scored. One in which no demand started has no unfilled heads, and
// that is known as soon as anything is known of the others.
func (j *gapScorer) none(c *scoredCell) string {
	years := j.years
	if j.g.has(gap.Year) {
		y, err := strconv.Atoi(c.of.Keys["year"])
		if err != nil || !slices.Contains(j.years, y) {
			return noneNotAsked
		}
		years = []int{y}
	}
	switch {
	case slices.Max(years) > j.last:
		return noneNotOver
	case c.told == 0 && (c.demands > 0 || j.out.Came.Told == 0):
		return noneNoOutcome
	case c.of.Gap == nil && c.of.GapAtLevel == nil && c.of.EffectiveGap == nil:
		return noneNoGap
	}
	return ""
}

// over says that the year of a cell is over and that something is known of it, whether the
// report had a gap or not.
func (c *scoredCell) over() bool { return c.none == "" || c.none == noneNoGap }
