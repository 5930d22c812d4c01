package market

import (
	"context"
	"fmt"
	"math"
	"slices"

	"talentmatch/matcher"
	"talentmatch/matcher/gap"
	"talentmatch/store"
	"talentmatch/talent"
)

// A pipelineProgram is what one program puts out in the future years.
type pipelineProgram struct {
	id, school     string
	education      talent.Education
	cells          []string
	listed         bool // some cohort
	study, away    float64
	saysStudy      bool
	saysStays      bool
	completion     float64 // of its newest cohort that says it, or of all programs
	saysCompletion bool
	years          []pipelineYear
}

// A pipelineYear is one future year of a program.
type pipelineYear struct {
	graduates  float64
	completion float64 // share of the enrolled who graduate
	said       bool    // by this cohort, or another one of the program
	intake     float64 // variance of the intake, where it is a repeated one
	assumed    bool
}

// pipeline reads what programs put out in the future years, and in which cells.
func (g *futureGapper) pipeline(ctx context.Context) error {
	plan, err := g.plan(ctx)
	if err != nil || plan == nil {
		return err
	}
	cells := map[string][]string{}
	plan.plan.Programs(g.s.snap, func(of *matcher.Program, in []gap.Key) bool {
		keys := make([]string, 0, len(in))
		for _, k := range in {
			keys = append(keys, g.cellOf(plan, k))
		}
		cells[of.ID] = distinct(keys)
		return ctx.Err() == nil
	})
	if err := g.readPrograms(ctx, cells, plan.plan.Leaves); err != nil {
		return err
	}
	return g.arrive(ctx, plan)
}

// plan is the gap report's, so that both find the same supply. nil when programs say nothing of what is told apart.
func (g *futureGapper) plan(ctx context.Context) (*gapper, error) {
	q := &g.r.Filter
	if g.r.By == "industry" || len(q.Industry) > 0 {
		return nil, nil
	}
	r := &GapRequest{RegionAt: g.r.RegionAt, IndustryAt: "section", Filter: GapFilter{Skill: q.Skill, Occupation: q.Occupation, Region: q.Region}}
	if g.r.By != "" {
		r.By = []string{g.r.By}
	}
	plan := &gapper{m: g.m, s: g.s, r: r}
	for p, word := range gapDimensions {
		if word == g.r.By {
			plan.plan.By = []gap.Property{gap.Property(p)}
		}
	}
	if len(q.Region) > 0 {
		ids, err := g.s.world.regionIDs("filter.region", q.Region)
		if err != nil {
			return nil, err
		}
		plan.plan.Inside = g.s.snap.Atlas().Within(ids)
	}
	plan.plan.Leaves = plan.has(gap.Region) || len(q.Region) > 0
	if plan.has(gap.Occupation) || len(q.Occupation) > 0 {
		if err := plan.occupations(ctx); err != nil {
			return nil, err
		}
	}
	plan.values()
	return plan, nil
}

// cellOf is the key of a cell of the plan.
func (g *futureGapper) cellOf(plan *gapper, k gap.Key) string {
	if len(plan.plan.By) == 0 {
		return totalKey
	}
	key := plan.keys[plan.plan.By[0]].of(k[0])
	if plan.plan.By[0] == gap.Skill && len(key) > 0 && key[:1] == unknownPrefix {
		return "" // a name that no taxonomy knows: forecasts leave such demands out, too
	}
	return key
}

// readPrograms reads programs in the order of ids.
func (g *futureGapper) readPrograms(ctx context.Context, cells map[string][]string, leaves bool) error {
	enrolled, completed := 0.0, 0.0
	var records []*talent.Program
	err := eachRecord(ctx, g.m.store, talent.TypeProgram, func(_ store.Item, rec talent.Record) error {
		r := rec.(*talent.Program)
		for i := range r.Cohorts {
			if rate, of := cohortRate(&r.Cohorts[i]); of {
				n := float64(max(1, *orZero(r.Cohorts[i].Enrolled)))
				enrolled += n
				completed += n * rate
			}
		}
		if len(r.Cohorts) == 0 {
			g.meta.Pipeline.NoCohorts++
		} else if len(cells[r.ID]) > 0 || g.named(r) {
			small := *r
			small.Text, small.Skills, small.Courses = "", nil, nil // what is long
			records = append(records, &small)
		}
		return nil
	})
	if err != nil {
		return err
	}
	pooled := 1.0
	if enrolled > 0 {
		pooled = completed / enrolled
	}
	g.meta.Pipeline.Completion = millionth(pooled)
	for _, r := range records {
		p := g.program(r, pooled, leaves)
		p.cells = slices.DeleteFunc(cells[r.ID], func(c string) bool { return c == "" })
		if g.programs = append(g.programs, p); len(p.cells) > 0 {
			g.meta.Pipeline.add(&p, r, leaves)
			g.supplied = true
		}
	}
	return nil
}

// named reports whether a scenario is about the program.
func (g *futureGapper) named(r *talent.Program) bool {
	for _, s := range g.r.Scenarios {
		for _, c := range s.Changes {
			if c.Intake != nil && c.Intake.Program == r.ID || c.Completion != nil && (c.Completion.Program == r.ID || c.Completion.School == r.School) {
				return true
			}
		}
	}
	return false
}

func orZero(n *int) *int {
	if n == nil {
		return new(int)
	}
	return n
}

// cohortRate is the share of a cohort that graduates, as far as the record says it: as it
// is given, else graduates of enrolled.
func cohortRate(c *talent.Cohort) (rate float64, said bool) {
	switch {
	case c.CompletionRate != nil:
		return *c.CompletionRate, true
	case c.Enrolled != nil && *c.Enrolled > 0 && c.Graduates > 0 && c.Graduates <= *c.Enrolled:
		return float64(c.Graduates) / float64(*c.Enrolled), true
	}
	return 0, false
}

// A cohortYear is what the cohorts of one year come to.
type cohortYear struct {
	year                  int
	graduates, completion float64
	said                  bool
}

// program works out a program's future years. Of a cohort that has students and no
// graduates yet, the enrolled times the completion rate are expected. After the last known
// cohort its intake is repeated; as in a naive forecast, the variance of that is the mean squared
// yearly change of the known cohorts times the years ahead (Hyndman & Athanasopoulos,
// Forecasting: Principles and Practice, 3rd ed., section 5.5).
func (g *futureGapper) program(r *talent.Program, pooled float64, leaves bool) pipelineProgram {
	p := pipelineProgram{id: r.ID, school: r.School, education: r.Education, listed: len(r.Cohorts) > 0, saysStudy: r.FurtherStudyRate != nil, saysStays: r.Retention != nil, completion: pooled}
	if p.saysStudy {
		p.study = *r.FurtherStudyRate
	}
	if leaves && p.saysStays {
		p.away = 1 - *r.Retention
	}
	newest := 0
	for i := range r.Cohorts {
		if rate, said := cohortRate(&r.Cohorts[i]); said && r.Cohorts[i].Year >= newest {
			newest, p.completion, p.saysCompletion = r.Cohorts[i].Year, rate, true
		}
	}
	known := p.known(r)
	change, last := changeOf(known), known[len(known)-1]
	p.years = make([]pipelineYear, len(g.years))
	for y, year := range g.years {
		if year > last.year {
			p.years[y] = pipelineYear{last.graduates, last.completion, last.said, change * float64(year-last.year), true}
			continue
		}
		p.years[y] = pipelineYear{completion: p.completion, said: p.saysCompletion} // nobody listed, but who a scenario takes in completes
		for _, c := range known {
			if c.year == year {
				p.years[y] = pipelineYear{graduates: c.graduates, completion: c.completion, said: c.said}
			}
		}
	}
	return p
}

// known are a program's cohorts by year.
func (p *pipelineProgram) known(r *talent.Program) (out []cohortYear) {
	byYear := map[int]*cohortYear{}
	for i := range r.Cohorts {
		c := &r.Cohorts[i]
		rate, said := cohortRate(c)
		if !said {
			rate, said = p.completion, p.saysCompletion
		}
		graduates := float64(c.Graduates)
		if graduates == 0 {
			graduates = float64(*orZero(c.Enrolled)) * rate
		}
		if byYear[c.Year] == nil {
			byYear[c.Year] = &cohortYear{year: c.Year, said: true}
		}
		y := byYear[c.Year]
		if y.graduates += graduates; y.graduates > 0 { // weighted by graduates
			y.completion += (rate - y.completion) * graduates / y.graduates
		} else {
			y.completion = rate
		}
		y.said = y.said && said
	}
	for _, c := range byYear {
		out = append(out, *c)
	}
	slices.SortFunc(out, func(a, b cohortYear) int { return a.year - b.year })
	return out
}

// changeOf is the mean squared yearly change of cohorts; 0 for one.
func changeOf(known []cohortYear) float64 {
	sum := 0.0
	for i := 1; i < len(known); i++ {
		d := known[i].graduates - known[i-1].graduates
		sum += d * d / float64(known[i].year-known[i-1].year)
	}
	return sum / float64(max(1, len(known)-1))
}

// add counts a program once.
func (f *FuturePipeline) add(p *pipelineProgram, r *talent.Program, leaves bool) {
	f.Programs++
	if !p.saysCompletion {
		f.NoCompletion++
	}
	if !p.saysStudy {
		f.NoStudyRate++
	}
	if leaves && !p.saysStays {
		f.NoRetention++
	}
	last, years := 0, map[int]bool{}
	for _, c := range r.Cohorts {
		last = max(last, c.Year)
		years[c.Year] = true
	}
	if len(years) == 1 {
		f.OneCohort++
	}
	if f.LastKnownYears[0] == 0 || last < f.LastKnownYears[0] {
		f.LastKnownYears[0] = last
	}
	f.LastKnownYears[1] = max(f.LastKnownYears[1], last)
	for _, y := range p.years {
		f.PipelineHeads += y.graduates
		if y.assumed {
			f.AssumedHeads += y.graduates
		}
	}
	f.PipelineHeads, f.AssumedHeads = millionth(f.PipelineHeads), millionth(f.AssumedHeads)
}

// A supplyFigure is the supply of a cell in a year.
type supplyFigure struct {
	graduates, study, away, assumed float64
	saysStudy, saysStays            bool
	variance, effective             float64 // variance of graduates, and of those who are left
}

// supply adds programs up by cell and year.
//
// Of n enrolled each graduates with probability p, so graduates g = n p have the variance g (1-p); who
// then neither studies on nor leaves is a share k of them, and their variance is g k (1 - p k): a
// binomial thinned is a binomial. Programs are independent of each other. What all of them have in
// common (a rate that falls everywhere) is not in it.
func (g *futureGapper) supply(programs []pipelineProgram) map[string][]supplyFigure {
	out := map[string][]supplyFigure{}
	for i := range programs {
		p := &programs[i]
		for _, cell := range p.cells {
			if out[cell] == nil {
				out[cell] = make([]supplyFigure, len(g.years))
			}
			for y := range p.years {
				out[cell][y].add(p, &p.years[y])
			}
		}
	}
	return out
}

func (f *supplyFigure) add(p *pipelineProgram, y *pipelineYear) {
	n := y.graduates
	f.graduates += n
	f.study += n * p.study
	f.away += n * (1 - p.study) * p.away
	f.saysStudy = f.saysStudy || p.saysStudy
	f.saysStays = f.saysStays || p.saysStays
	if y.assumed {
		f.assumed += n
	}
	k := (1 - p.study) * (1 - p.away)
	f.variance += n*(1-y.completion) + y.intake
	f.effective += n*k*(1-y.completion*k) + y.intake*k*k
}

// arrive takes in-migration as the gap report attributes it, in the years for which a series says it.
func (g *futureGapper) arrive(ctx context.Context, plan *gapper) error {
	list, err := g.s.arrivals.of(ctx, g.m.store)
	if err != nil {
		return err
	}
	by := make(map[talent.SeriesKeys]*seriesByYear, len(list))
	for i := range list {
		by[list[i].keys] = &list[i]
	}
	g.arrivals = map[string][]*float64{}
	for i := range list {
		key, ok := plan.arrivalCell(&list[i])
		if !ok {
			continue
		}
		cell := g.cellOf(plan, key)
		for y, year := range g.years {
			v, said := list[i].years[year]
			if !said || plan.above(by, &list[i], key, year) {
				continue
			}
			if g.arrivals[cell] == nil {
				g.arrivals[cell] = make([]*float64, len(g.years))
			}
			if g.arrivals[cell][y] == nil {
				g.arrivals[cell][y] = new(float64)
			}
			*g.arrivals[cell][y] += v
		}
	}
	return nil
}

// errNoSupply is why a scenario about programs changes nothing.
func errNoSupply(at string) error {
	return talent.Invalid(at, "", "%s", "cannot apply: programs say nothing of industry, so there is no supply here")
}

// programAt finds a program by id.
func (g *futureGapper) programAt(id string) (int, bool) {
	return slices.BinarySearchFunc(g.programs, id, func(p pipelineProgram, id string) int {
		switch {
		case p.id < id:
			return -1
		case p.id > id:
			return 1
		}
		return 0
	})
}

// listed are the programs of a school that are counted.
func (g *futureGapper) listed(school string) (out []int) {
	for i := range g.programs {
		if g.programs[i].school == school && len(g.programs[i].cells) > 0 {
			out = append(out, i)
		}
	}
	return out
}

// heads is a number of people in a note, to a tenth.
func heads(v float64) string { return fmt.Sprintf("%g", math.Round(v*10)/10+0) }
