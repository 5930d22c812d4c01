package market

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"

	"talentmatch/matcher"
	"talentmatch/matcher/gap"
	"talentmatch/matcher/gap/cause"
	"talentmatch/matcher/gap/fill"
)

// causesGroup is openings with one key, and their sums.
type causesGroup struct {
	key             string
	members         []int32 // ascending
	heads, unfilled int64
	numbers         int64 // in 120ths, as share is
	share           [fill.Limits]int64
}

// group divides the openings, the most unfilled heads first.
func (c *causer) group() []causesGroup {
	at := map[string]*causesGroup{}
	keys := c.keys()
	for _, d := range c.shown {
		for _, key := range keys(int(d)) {
			g := at[key]
			if g == nil {
				g = &causesGroup{key: key}
				at[key] = g
			}
			g.add(c.causesProblem, d)
		}
	}
	out := make([]causesGroup, 0, len(at))
	for _, key := range slices.Sorted(maps.Keys(at)) {
		out = append(out, *at[key])
	}
	slices.SortStableFunc(out, func(x, y causesGroup) int {
		return cmp.Or(cmp.Compare(y.unfilled, x.unfilled), cmp.Compare(y.heads, x.heads))
	})
	return out
}

func (g *causesGroup) add(p *causesProblem, d int32) {
	o := &p.causes.Openings
	g.members = append(g.members, d)
	g.heads += p.market.Openings[d].Heads
	g.unfilled += o.Unfilled[d]
	g.numbers += o.Numbers[d]
	for k := range g.share {
		g.share[k] += o.Share[k][d]
	}
}

// keys says what an opening's keys are: one, but for skills.
func (c *causer) keys() func(d int) []string {
	attrs := c.m.lex.attrs.all()
	attr := func(of matcher.Attr) func(d int) []string {
		return func(d int) []string { return []string{orUnsaid(attrs[c.openings[d].attrs[of]])} }
	}
	of := func(d int) *cause.Opening { return &c.market.Openings[d] }
	switch c.property() {
	case gap.Skill:
		return c.skillKeys()
	case gap.Region:
		names := c.m.lex.regions.all()
		return func(d int) []string { return []string{c.s.world.rollUp(names[of(d).Region], c.r.RegionAt)} }
	case gap.Education:
		return func(d int) []string { return []string{educationWord(of(d).Education)} }
	case gap.Year:
		return func(d int) []string {
			if of(d).Start == matcher.NoStart {
				return []string{unsaid}
			}
			return []string{strconv.Itoa(of(d).Start / 12)}
		}
	case gap.Industry:
		return func(d int) []string {
			return []string{rollIndustry(attrs[c.openings[d].attrs[matcher.AttrIndustry]], c.r.IndustryAt)}
		}
	case gap.EmployerKind:
		return attr(matcher.AttrKind)
	}
	return attr(matcher.AttrOccupation)
}

// skillKeys are the skills that an opening asks, each once.
func (c *causer) skillKeys() func(d int) []string {
	names := c.m.lex.skills.all()
	var out []string
	return func(d int) []string {
		out = out[:0]
		for _, n := range c.market.Openings[d].Needs {
			if !slices.Contains(out, names[n.Skill]) {
				out = append(out, names[n.Skill])
			}
		}
		if len(out) == 0 {
			out = append(out, unsaid)
		}
		return out
	}
}

// page renders the groups after the first so many.
func (c *causer) page(ctx context.Context, groups []causesGroup, offset int) ([]CausesGroup, error) {
	groups = groups[min(offset, len(groups)):min(offset+c.r.Limit, len(groups))]
	ask := fill.Groups{Off: []int64{0}}
	for i := range groups {
		ask.Member = append(ask.Member, groups[i].members...)
		ask.Off = append(ask.Off, int64(len(ask.Member)))
	}
	between, err := c.placed.Openings(ctx, ask, fill.Options{Progress: c.r.Progress})
	if err != nil {
		return nil, err
	}
	cures, err := c.cures(ctx, groups)
	if err != nil {
		return nil, err
	}
	out := make([]CausesGroup, len(groups))
	for i := range groups {
		g := &groups[i]
		out[i] = CausesGroup{
			Demands: len(g.members), Heads: g.heads, Unfilled: g.unfilled, Exact: partsOf(g.numbers, &g.share), Shares: sharesOf(g.numbers, &g.share),
			CertainShortage: between[i].Certain(), PossibleShortage: between[i].Possible(), Cures: cures[i],
		}
		out[i].Key, out[i].Name, out[i].NameEN = c.s.world.label(c.property(), g.key)
	}
	return out, nil
}

func partsOf(numbers int64, share *[fill.Limits]int64) CauseParts {
	return CauseParts{
		Numbers: numbers, Education: share[fill.Education], Timing: share[fill.Timing], Skills: share[fill.Skills],
		Place: share[fill.Place], Reservations: share[fill.Reservations],
	}
}

// sharesOf rounds shares to hundredths of a head so that they add up to what their sum is:
// each is rounded down, and the largest remainders take what is left, the first of equal ones. Numbers are
// half heads, and so is the sum of the others.
func sharesOf(numbers int64, share *[fill.Limits]int64) CauseShares {
	const hundred = 100
	var part, rest [fill.Limits]int64
	sum, left := int64(0), int64(0)
	for k, x := range share {
		sum += x
		part[k] = x * hundred / fill.Whole
		if rest[k] = x * hundred % fill.Whole; rest[k] < 0 {
			part[k], rest[k] = part[k]-1, rest[k]+fill.Whole
		}
		left -= part[k]
	}
	left += sum * hundred / fill.Whole
	order := []int{0, 1, 2, 3, 4}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(rest[y], rest[x]) })
	for _, k := range order[:left] {
		part[k]++
	}
	of := func(k fill.Limit) float64 { return float64(part[k]) / hundred }
	return CauseShares{
		Numbers: float64(numbers*hundred/fill.Whole) / hundred, Education: of(fill.Education), Timing: of(fill.Timing), Skills: of(fill.Skills),
		Place: of(fill.Place), Reservations: of(fill.Reservations),
	}
}

// meta says what the answer is of.
func (c *causer) meta(ctx context.Context, groups int) (CausesMeta, error) {
	r := c.r
	m := CausesMeta{
		By: r.By, Filter: r.Filter, Programs: r.Programs, Cohorts: r.Cohorts, Reach: r.Reach, MinSkills: r.MinSkills, Candidates: r.Candidates,
		Listed: "candidates", Order: causesOrder, Groups: groups, SurplusBy: r.SurplusBy, Definitions: CausesDefinitions,
		Versions: c.m.versions(c.s.version, c.s.world, c.s.stats),
	}
	if c.market.Exact {
		m.Listed = "all"
	}
	if r.By == "region" || r.SurplusBy == "region" {
		m.RegionAt = r.RegionAt
	}
	if r.By == "industry" {
		m.IndustryAt = r.IndustryAt
	}
	var err error
	if m.Total, err = c.total(ctx); err != nil {
		return m, err
	}
	m.Competing, m.Supply = c.competing(&m.Total), c.supply()
	m.Supply.Used = c.placed.Total
	m.Supply.Surplus = m.Supply.Available - m.Supply.Used
	m.Surplus, m.SurplusGroups, err = c.surplus(ctx)
	return m, err
}

// total adds up what is shown.
func (c *causer) total(ctx context.Context) (CausesTotal, error) {
	g := causesGroup{}
	var first, last [fill.Limits]int64
	for _, d := range c.shown {
		g.add(c.causesProblem, d)
		for k := range fill.Limits {
			first[k], last[k] = first[k]+c.causes.Openings.First[k][d], last[k]+c.causes.Openings.Last[k][d]
		}
	}
	t := CausesTotal{
		Demands: len(g.members), Heads: g.heads, Filled: g.heads - g.unfilled, Unfilled: g.unfilled, CertainShortage: g.unfilled, PossibleShortage: g.unfilled,
		Exact: partsOf(g.numbers, &g.share), Shares: sharesOf(g.numbers, &g.share), First: headsOf(&first), Last: headsOf(&last),
	}
	if len(c.shown) < len(c.openings) {
		between, err := c.placed.Openings(ctx, fill.Groups{Off: []int64{0, int64(len(c.shown))}, Member: c.shown}, fill.Options{})
		if err != nil {
			return t, err
		}
		t.CertainShortage, t.PossibleShortage = between[0].Certain(), between[0].Possible()
	}
	return t, nil
}

func headsOf(parts *[fill.Limits]int64) CauseHeads {
	of := func(k fill.Limit) float64 { return fill.Heads(parts[k]) }
	return CauseHeads{of(fill.Education), of(fill.Timing), of(fill.Skills), of(fill.Place), of(fill.Reservations)}
}

// competing is the openings that are not shown.
func (c *causer) competing(shown *CausesTotal) CausesCompeting {
	out := CausesCompeting{Demands: len(c.openings) - shown.Demands, Heads: -shown.Heads, Filled: c.placed.Total - shown.Filled}
	for d := range c.openings {
		out.Heads += c.market.Openings[d].Heads
	}
	return out
}

func (c *causer) supply() CausesSupply {
	t := &c.market.Tally
	return CausesSupply{
		Programs: t.Programs, Cohorts: t.Cohorts, Graduates: t.Graduates, FurtherStudy: t.StudyOn, Hired: t.Hired, Available: t.Available,
		Reserved: t.Reserved, Moving: t.Moving, NoFurtherStudyRate: CausesUnsaid(t.NoStudyRate), NoRetention: CausesUnsaid(t.NoRetention),
		Unverified: CausesUnsaid(t.Blank), NoCohorts: t.NoCohorts, NoSkills: t.NoSkills, NotReserved: c.notReserved,
	}
}
