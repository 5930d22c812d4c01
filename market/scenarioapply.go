package market

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"talentmatch/matcher/forecast/stockflow"
	"talentmatch/talent"
)

// A futureCase is the report's input under one scenario, or none: what is read from records is
// shared, and what a scenario changes is its own.
type futureCase struct {
	known    []knownDemand
	programs []pipelineProgram
	postings []float64                   // factor of what is foreseen, by future year
	growth   map[string][]float64        // cell -> added to yearly growth, by future year; "" is all cells
	openings map[string][]stockflow.Year // cell -> what its employment asks for, where growth differs
	applied  FutureApplied
	touched  map[string]int // what is changed already -> the number of the change, from 1
}

// base is the case without a scenario.
func (g *futureGapper) base() *futureCase {
	c := &futureCase{known: g.known, programs: g.programs, postings: make([]float64, len(g.years))}
	for y := range c.postings {
		c.postings[y] = 1
	}
	return c
}

// apply makes the case of a scenario, or says which change cannot be and why.
func (g *futureGapper) apply(ctx context.Context, n int) (*futureCase, error) {
	s := &g.r.Scenarios[n]
	c := g.base()
	c.known, c.programs = slices.Clone(c.known), slices.Clone(c.programs)
	for i := range c.programs {
		c.programs[i].years = slices.Clone(c.programs[i].years)
	}
	c.growth, c.openings, c.touched = map[string][]float64{}, map[string][]stockflow.Year{}, map[string]int{}
	c.applied = FutureApplied{Name: s.Name, NameEN: s.NameEN, Note: s.Note, Changes: make([]FutureNote, len(s.Changes))}
	// Completion comes before intake, so that new students complete as the scenario says.
	for _, first := range []bool{true, false} {
		for k := range s.Changes {
			change := &s.Changes[k]
			if (change.Completion != nil) != first {
				continue
			}
			if err := g.applyOne(ctx, c, change, changeAt(n, k)+"."+change.kind(), k+1); err != nil {
				return nil, err
			}
		}
	}
	for i := range c.programs {
		for y, v := range c.programs[i].years {
			if v.graduates < 0 {
				return nil, below0(n, s, c.programs[i].id, g.years[y], v.graduates)
			}
		}
	}
	return c, nil
}

// below0 is the error of a program that would have less than nobody, at the change that takes
// the most away: only a smaller intake takes away.
func below0(n int, s *Scenario, program string, year int, graduates float64) error {
	most := 0
	for k := range s.Changes {
		if in := s.Changes[k].Intake; in != nil && in.Program == program && (s.Changes[most].Intake == nil || s.Changes[most].Intake.Program != program || in.Add < s.Changes[most].Intake.Add) {
			most = k
		}
	}
	return talent.Invalid(changeAt(n, most)+".intake.add", strconv.Itoa(s.Changes[most].Intake.Add), "leaves program %s with %s graduates in %d", program, heads(graduates), year)
}

// note says what a change touched.
func (c *futureCase) note(change int, zh, en string) {
	c.applied.Changes[change-1] = FutureNote{ZH: zh, EN: en}
}

// touch refuses a second change of the same kind of the same thing: which of them counts
// is not ours to guess.
func (c *futureCase) touch(what, at string, change int) error {
	if other := c.touched[what]; other > 0 {
		return talent.Invalid(at, "", "excludes changes[%d], which changes %s already", other-1, what)
	}
	c.touched[what] = change
	return nil
}

func (g *futureGapper) applyOne(ctx context.Context, c *futureCase, s *ScenarioChange, at string, change int) error {
	if err := g.applicable(s, at); err != nil {
		return err
	}
	switch {
	case s.Delay != nil:
		return g.delay(ctx, c, s.Delay, at, change)
	case s.Headcount != nil:
		return g.headcount(ctx, c, s.Headcount, at, change)
	case s.Postings != nil:
		return g.postings(c, s.Postings, at, change)
	case s.Intake != nil:
		return g.intake(ctx, c, s.Intake, at, change)
	case s.Completion != nil:
		return g.completion(ctx, c, s.Completion, at, change)
	}
	return g.growth(c, s.Growth, at, change)
}

// applicable refuses changes of what the source does not have.
func (g *futureGapper) applicable(s *ScenarioChange, at string) error {
	demands := g.r.Source == FromDemands || g.r.Source == FromKnown
	switch {
	case (s.Delay != nil || s.Headcount != nil) && !demands:
		return talent.Invalid(at, "", "needs source demands or known: source %s knows no single demands", g.r.Source)
	case s.Postings != nil && g.r.Source != FromDemands && g.r.Source != FromSeries:
		return talent.Invalid(at, "", "needs source demands or series: with source %s no postings are foreseen", g.r.Source)
	case s.Growth != nil && g.r.Source != FromEmployment:
		return talent.Invalid(at, "", "needs source employment, not %s", g.r.Source)
	case (s.Intake != nil || s.Completion != nil) && (g.r.By == "industry" || len(g.r.Filter.Industry) > 0):
		return errNoSupply(at)
	}
	return nil
}

// fromYear is the place of a year among the future ones, the first when none is said.
func (g *futureGapper) fromYear(year int, at string) (int, error) {
	switch {
	case year == 0:
		return 0, nil
	case year <= g.asOf:
		return 0, talent.Invalid(at, strconv.Itoa(year), "lies before the first future year, %d", g.asOf+1)
	case year > g.last():
		return 0, talent.Invalid(at, strconv.Itoa(year), "lies after the last year of the report, %d", g.last())
	}
	return g.at(year), nil
}

// yearsOf are the places of a change's first and last year among the future ones, and the same in words.
func (g *futureGapper) yearsOf(s *ScenarioYears, at string) (from, until int, zh, en string, err error) {
	if from, err = g.fromYear(s.FromYear, at+".from_year"); err != nil {
		return 0, 0, "", "", err
	}
	first := g.years[from]
	if s.UntilYear == 0 {
		return from, len(g.years) - 1, fmt.Sprintf("%d 年起", first), fmt.Sprintf("from %d on", first), nil
	}
	if s.UntilYear <= g.asOf {
		return 0, 0, "", "", talent.Invalid(at+".until_year", strconv.Itoa(s.UntilYear), "lies before the first future year, %d", g.asOf+1)
	}
	until = g.at(min(s.UntilYear, g.last()))
	return from, until, fmt.Sprintf("%d 至 %d 年", first, s.UntilYear), fmt.Sprintf("from %d until %d", first, s.UntilYear), nil
}

// chosen are the known demands that a target names.
func (g *futureGapper) chosen(ctx context.Context, t *ScenarioTarget, at string) ([]int, error) {
	if t.Demand != "" {
		for i := range g.known {
			if g.known[i].id == t.Demand {
				return []int{i}, nil
			}
		}
		if err := g.exists(ctx, talent.TypeDemand, t.Demand, at+".demand"); err != nil {
			return nil, err
		}
		return nil, talent.Invalid(at+".demand", t.Demand, "cannot be changed: it %s", g.fates[t.Demand])
	}
	inside := func(string) bool { return true }
	if t.Employer != "" {
		if err := g.exists(ctx, talent.TypeOrganization, t.Employer, at+".employer"); err != nil {
			return nil, err
		}
	}
	if t.Region != "" {
		ids, err := g.s.world.regionIDs(at+".region", []string{t.Region})
		if err != nil {
			return nil, err
		}
		inside = func(region string) bool {
			return slices.ContainsFunc(ids, func(of string) bool { return g.s.world.gazetteer.Within(region, of) })
		}
	}
	occupation := ""
	if t.Occupation != "" {
		if occupation = g.s.world.occupationIDs([]string{t.Occupation})[0]; g.s.world.catalogue.Occupation(occupation) == nil {
			return nil, talent.Invalid(at+".occupation", t.Occupation, "there is no such occupation")
		}
	}
	var out []int
	for i := range g.known {
		d := &g.known[i]
		if (t.Employer == "" || d.employer == t.Employer) && (occupation == "" || d.occupation == occupation) && inside(d.region) {
			out = append(out, i)
		}
	}
	if len(out) == 0 {
		return nil, talent.Invalid(at, "", "matches no demand that is known and begins after %d", g.asOf)
	}
	return out, nil
}

// exists refuses what no record is.
func (g *futureGapper) exists(ctx context.Context, of talent.Type, id, at string) error {
	_, err := g.m.store.Get(ctx, of, id)
	if errors.Is(err, talent.ErrNotFound) {
		return talent.Invalid(at, id, "there is no such %s", of)
	}
	return err
}

func (g *futureGapper) delay(ctx context.Context, c *futureCase, s *ScenarioDelay, at string, change int) error {
	list, err := g.chosen(ctx, &s.ScenarioTarget, at)
	if err != nil {
		return err
	}
	moved, gone := 0.0, 0.0
	for _, i := range list {
		d := &c.known[i]
		if err := c.touch("the start of demand "+d.id, at, change); err != nil {
			return err
		}
		if d.start += s.Months; d.start <= 12*g.asOf+11 {
			return talent.Invalid(at+".months", strconv.Itoa(s.Months), "moves demand %s to %s, before the first future year %d", d.id, periodUnit("month").label(d.start), g.asOf+1)
		}
		if moved += d.heads; d.start/12 > g.last() {
			gone += d.heads
		}
	}
	zh := fmt.Sprintf("%d 个需求、%s 个名额移动 %+d 个月", len(list), heads(moved), s.Months)
	en := fmt.Sprintf("demands that move by %+d months: %d, of %s heads", s.Months, len(list), heads(moved))
	if gone > 0 {
		zh += fmt.Sprintf("；其中 %s 个名额移到 %d 年之后", heads(gone), g.last())
		en += fmt.Sprintf("; %s heads are then wanted after %d", heads(gone), g.last())
	}
	c.note(change, zh, en)
	return nil
}

func (g *futureGapper) headcount(ctx context.Context, c *futureCase, s *ScenarioHeadcount, at string, change int) error {
	list, err := g.chosen(ctx, &s.ScenarioTarget, at)
	if err != nil {
		return err
	}
	was, is := 0.0, 0.0
	for _, i := range list {
		d := &c.known[i]
		if err := c.touch("the heads of demand "+d.id, at, change); err != nil {
			return err
		}
		was += d.heads
		if s.Factor != nil {
			d.heads = math.Floor(d.heads**s.Factor + 0.5)
		} else if d.heads += float64(*s.Add); d.heads < 0 {
			return talent.Invalid(at+".add", strconv.Itoa(*s.Add), "leaves demand %s with %s heads", d.id, heads(d.heads))
		}
		is += d.heads
	}
	c.note(change, fmt.Sprintf("%d 个需求由 %s 变为 %s 个名额", len(list), heads(was), heads(is)), fmt.Sprintf("demands that change: %d, from %s to %s heads", len(list), heads(was), heads(is)))
	return nil
}

func (g *futureGapper) postings(c *futureCase, s *ScenarioPostings, at string, change int) error {
	from, until, zh, en, err := g.yearsOf(&s.ScenarioYears, at)
	if err != nil {
		return err
	}
	for y := from; y <= until; y++ {
		if err := c.touch(fmt.Sprintf("the postings foreseen for %d", g.years[y]), at, change); err != nil {
			return err
		}
		c.postings[y] = *s.Factor
	}
	c.note(change, fmt.Sprintf("%s预计发布的名额乘以 %g", zh, *s.Factor), fmt.Sprintf("what is foreseen to be posted is multiplied by %g %s", *s.Factor, en))
	return nil
}

// intake adds graduates as many years after the intake as the program takes.
func (g *futureGapper) intake(ctx context.Context, c *futureCase, s *ScenarioIntake, at string, change int) error {
	i, ok := g.programAt(s.Program)
	if !ok {
		if err := g.exists(ctx, talent.TypeProgram, s.Program, at+".program"); err != nil {
			return err
		}
		return talent.Invalid(at+".program", s.Program, "lists no cohorts, so what its intake is now is not known")
	}
	if s.FromYear <= g.asOf {
		return talent.Invalid(at+".from_year", strconv.Itoa(s.FromYear), "lies before the first future year, %d: who is taken in already cannot be changed", g.asOf+1)
	}
	p := &c.programs[i]
	length := s.Length
	if length == 0 {
		length = programYears[p.education]
	}
	until := s.UntilYear
	if until == 0 {
		until = g.last()
	}
	for y := s.FromYear; y <= min(until, g.last()); y++ {
		if err := c.touch(fmt.Sprintf("program %s's intake of %d", p.id, y), at, change); err != nil {
			return err
		}
	}
	added := 0.0
	for y, year := range g.years {
		if taken := year - length; taken >= s.FromYear && taken <= until {
			n := float64(s.Add) * p.years[y].completion
			p.years[y].graduates += n
			added += n
		}
	}
	first := s.FromYear + length
	zh, en := fmt.Sprintf("%s 自 %d 年起招生 %+d", p.id, s.FromYear, s.Add), fmt.Sprintf("%s takes in %+d from %d on", p.id, s.Add, s.FromYear)
	changeZH, changeEN := fmt.Sprintf("%d 年起", first), fmt.Sprintf("from %d on", first)
	if s.UntilYear != 0 {
		zh, en = fmt.Sprintf("%s %d 至 %d 年招生 %+d", p.id, s.FromYear, s.UntilYear, s.Add), fmt.Sprintf("%s takes in %+d from %d until %d", p.id, s.Add, s.FromYear, s.UntilYear)
		changeZH, changeEN = fmt.Sprintf("%d 至 %d 年", first, s.UntilYear+length), fmt.Sprintf("from %d until %d", first, s.UntilYear+length)
	}
	switch {
	case first > g.last():
		c.note(change, fmt.Sprintf("%s；首届 %d 年毕业，晚于报告末年", zh, first), fmt.Sprintf("%s; its first graduates leave in %d, after the last year of the report", en, first))
	case len(p.cells) == 0:
		c.note(change, zh+"；不在任何单元格中", en+"; it is in none of the cells")
	default:
		c.note(change, fmt.Sprintf("%s；%s毕业生变化，报告期内合计 %s", zh, changeZH, heads(added)), fmt.Sprintf("%s; graduates change %s, by %s in all", en, changeEN, heads(added)))
	}
	return nil
}

// completion sets how many of the enrolled graduate, where how many do now is known.
func (g *futureGapper) completion(ctx context.Context, c *futureCase, s *ScenarioCompletion, at string, change int) error {
	list, err := g.completing(ctx, s, at)
	if err != nil {
		return err
	}
	from, until, zh, en, err := g.yearsOf(&s.ScenarioYears, at)
	if err != nil {
		return err
	}
	added := 0.0
	for _, i := range list {
		p := &c.programs[i]
		for y := from; y <= until; y++ {
			if err := c.touch(fmt.Sprintf("the completion rate of program %s in %d", p.id, g.years[y]), at, change); err != nil {
				return err
			}
			v := &p.years[y]
			switch {
			case v.graduates == 0:
			case !v.said || v.completion == 0:
				return talent.Invalid(at+".rate", fmt.Sprint(*s.Rate), "cannot apply to program %s in %d: its records say neither enrolled nor completion_rate", p.id, g.years[y])
			default:
				was := v.graduates
				v.graduates *= *s.Rate / v.completion
				added += v.graduates - was
			}
			v.completion = *s.Rate
		}
	}
	c.note(change, fmt.Sprintf("%d 个专业 %s完成率为 %g；毕业生合计变化 %s", len(list), zh, *s.Rate, heads(added)),
		fmt.Sprintf("programs that complete with %g %s: %d; graduates change by %s in all", *s.Rate, en, len(list), heads(added)))
	return nil
}

// completing are the programs that a change of completion is about.
func (g *futureGapper) completing(ctx context.Context, s *ScenarioCompletion, at string) ([]int, error) {
	if s.Program != "" {
		i, ok := g.programAt(s.Program)
		if ok {
			return []int{i}, nil
		}
		if err := g.exists(ctx, talent.TypeProgram, s.Program, at+".program"); err != nil {
			return nil, err
		}
		return nil, talent.Invalid(at+".program", s.Program, "lists no cohorts")
	}
	if err := g.exists(ctx, talent.TypeOrganization, s.School, at+".school"); err != nil {
		return nil, err
	}
	list := g.listed(s.School)
	if len(list) == 0 {
		return nil, talent.Invalid(at+".school", s.School, "has no program that is counted")
	}
	return list, nil
}

func (g *futureGapper) growth(c *futureCase, s *ScenarioGrowth, at string, change int) error {
	from, until, zh, en, err := g.yearsOf(&s.ScenarioYears, at)
	if err != nil {
		return err
	}
	if s.Key != "" && g.stocks[s.Key] == nil {
		return talent.Invalid(at+".key", s.Key, "is no cell with employment here")
	}
	if s.Key != "" && c.growth[""] != nil || s.Key == "" && c.growth[""] == nil && len(c.growth) > 0 {
		return talent.Invalid(at+".key", s.Key, "excludes another change: one is of all cells")
	}
	what := "the growth of all cells"
	if s.Key != "" {
		what = "the growth of " + s.Key
	}
	if c.growth[s.Key] == nil {
		c.growth[s.Key] = make([]float64, len(g.years))
	}
	for y := from; y <= until; y++ {
		if err := c.touch(fmt.Sprintf("%s in %d", what, g.years[y]), at, change); err != nil {
			return err
		}
		c.growth[s.Key][y] = *s.Add
	}
	for _, key := range sortedKeys(g.stocks) {
		if s.Key != "" && s.Key != key {
			continue
		}
		if c.openings[key], err = g.stocks[key].openings(g, c.growth[s.Key]); err != nil {
			return talent.Invalid(at+".add", fmt.Sprint(*s.Add), "cannot be: %v", err)
		}
	}
	c.note(change, fmt.Sprintf("%s年增长率变化 %+g", zh, *s.Add), fmt.Sprintf("yearly growth changes by %+g %s", *s.Add, en))
	return nil
}
