package market

import (
	"context"
	"encoding/base64"
	"fmt"
	"hash/fnv"
	"slices"
	"sort"
	"strconv"
	"strings"

	"talentmatch/matcher"
	"talentmatch/matcher/gap"
	"talentmatch/talent"
)

// gapDimensions are the words of GapRequest.By.
var gapDimensions = []string{"skill", "occupation", "region", "education", "year"}

// unsaid is the key of records that say nothing in a dimension.
const unsaid = "-"

// occupationFit is the share of an occupation's skills that a program must cover to
// count as its supply.
const occupationFit = 0.5

const gapCounting = "A demand counts its headcount, a program its graduates, in full in every cell that it touches (so cells must not be added up). " +
	"Skill: every skill asked for or taught, at any level. Occupation: the demand's; for programs every occupation of whose skills they cover at least half. " +
	"Education: the demand's minimum, the program's award. Year: the demand's start, the cohort's graduation. " +
	"Without the dimension year, graduates are those of the years in which the counted demands start (of each program's newest cohort when no demand says)."

// Gaps reports demand, supply, gap and ratio per cell of up to three dimensions,
// the largest gap first.
func (m *Market) Gaps(ctx context.Context, r GapRequest) (*GapAnswer, error) {
	if err := checkGaps(&r); err != nil {
		return nil, err
	}
	asked := r.fingerprint() // before names are resolved
	offset, err := decodeOffset(r.Cursor, asked)
	if err != nil {
		return nil, err
	}
	s, err := m.state(ctx)
	if err != nil {
		return nil, err
	}
	g := gapper{m: m, s: s, r: &r, tally: gap.NewTally(len(r.By), r.DrillDown), regions: map[int32]string{}}
	if err := g.run(ctx); err != nil {
		return nil, err
	}
	cells := g.tally.Cells()
	a := &GapAnswer{Items: []GapCell{}}
	a.Meta = GapMeta{By: r.By, Cells: len(cells), Counting: gapCounting, Versions: m.versions(s.version, s.world, s.stats)}
	a.Meta.Demand, a.Meta.Supply = g.tally.Totals()
	if slices.Contains(r.By, "region") {
		a.Meta.RegionAt = r.RegionAt
	}
	for i := offset; i < len(cells) && len(a.Items) < r.Limit; i++ {
		a.Items = append(a.Items, g.cell(&cells[i]))
	}
	if end := offset + len(a.Items); end < len(cells) {
		a.NextCursor = encodeOffset(end, asked)
	}
	return a, nil
}

func checkGaps(r *GapRequest) error {
	if len(r.By) < 1 || len(r.By) > gap.MaxDims {
		return talent.Invalid("by", strings.Join(r.By, ","), "must name 1 to %d of %s", gap.MaxDims, strings.Join(gapDimensions, ", "))
	}
	for i, d := range r.By {
		if !slices.Contains(gapDimensions, d) {
			return talent.Invalid("by", d, "must be one of %s", strings.Join(gapDimensions, ", "))
		}
		if slices.Contains(r.By[:i], d) {
			return talent.Invalid("by", d, "is named twice")
		}
	}
	if r.RegionAt == "" {
		r.RegionAt = "province"
	}
	if !slices.Contains([]string{"province", "prefecture", "region"}, r.RegionAt) {
		return talent.Invalid("region_at", r.RegionAt, "must be one of prefecture, province, region")
	}
	if r.Limit < 1 || r.Limit > MaxPage {
		return talent.Invalid("limit", fmt.Sprint(r.Limit), "must be from 1 to %d", MaxPage)
	}
	if r.DrillDown < 0 || r.DrillDown > 100 {
		return talent.Invalid("drill", fmt.Sprint(r.DrillDown), "must be from 0 to 100")
	}
	for _, y := range r.Filter.Year {
		if _, err := strconv.Atoi(y); err != nil {
			return talent.Invalid("year", y, "must be a year")
		}
	}
	var err error
	r.Filter.Education, err = educationWords("education", r.Filter.Education)
	return err
}

// fingerprint tells requests for different reports apart.
func (r *GapRequest) fingerprint() string {
	h := fnv.New32a()
	fmt.Fprintf(h, "%q %q %q", r.By, r.RegionAt, r.Filter)
	return strconv.FormatUint(uint64(h.Sum32()), 36)
}

// A cursor is the number of cells before the page, bound to the report.
func encodeOffset(n int, report string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(report + "." + strconv.Itoa(n)))
}

func decodeOffset(cursor, report string) (int, error) {
	if cursor == "" {
		return 0, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if of, n, ok := strings.Cut(string(raw), "."); err == nil && ok && of == report {
		if n, err := strconv.Atoi(n); err == nil && n >= 0 {
			return n, nil
		}
	}
	return 0, talent.Invalid("cursor", cursor, "is not one that was given out for this report")
}

// A gapper collects the observations of one report.
type gapper struct {
	m       *Market
	s       *state
	r       *GapRequest
	tally   *gap.Tally
	regions map[int32]string // region number -> rolled-up id
	within  []bool           // region filter
	fits    map[string][]string
	years   map[int]bool // of the counted demands' starts
}

func (g *gapper) run(ctx context.Context) error {
	f := &g.r.Filter
	f.Skill, f.Occupation = g.s.world.skillIDs(f.Skill), g.s.world.occupationIDs(f.Occupation)
	if len(f.Region) > 0 {
		ids, err := g.s.world.regionIDs("region", f.Region)
		if err != nil {
			return err
		}
		g.within = g.s.snap.Atlas().Within(ids)
	}
	if slices.Contains(g.r.By, "occupation") || len(f.Occupation) > 0 {
		if err := g.fit(ctx); err != nil {
			return err
		}
	}
	g.years = map[int]bool{}
	for d := range g.s.snap.Demands {
		if d.Open {
			g.demand(&d)
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	for p := range g.s.snap.Programs {
		g.program(&p)
	}
	return ctx.Err()
}

// fit finds, per program, the occupations of whose skills it covers enough.
func (g *gapper) fit(ctx context.Context) error {
	g.s.fits.mu.Lock()
	defer g.s.fits.mu.Unlock()
	if g.fits = g.s.fits.done; g.fits != nil {
		return nil
	}
	g.fits = map[string][]string{}
	conv := g.m.converter(ctx, g.s.world)
	total, _ := g.s.snap.Size()
	if total == 0 {
		return nil
	}
	for _, occ := range g.s.world.catalogue.Occupations() {
		d := matcher.Demand{ID: occ.ID, Open: true, Start: matcher.NoStart}
		for _, s := range g.s.world.catalogue.SkillsOf(occ.ID) {
			n, _, _ := conv.skill(s.Skill, "")
			d.Needs = append(d.Needs, matcher.Need{Skill: n, Level: 1, Weight: talent.ImportanceOf(s.Importance)})
		}
		if len(d.Needs) == 0 {
			continue
		}
		res, err := g.s.snap.MatchPrograms(ctx, &d, matcher.Query{Top: matcher.MaxTop, Weights: matcher.Weights{Skills: 1}, Filter: matcher.Filter{}})
		if err != nil {
			return err
		}
		for _, mt := range res.Matches {
			if mt.Score.Parts[matcher.Skills] < occupationFit {
				break
			}
			if !mt.Score.NoData[matcher.Skills] {
				g.fits[mt.ID] = append(g.fits[mt.ID], occ.ID)
			}
		}
	}
	g.s.fits.done = g.fits
	return nil
}

// values builds the lists of a record's values, or ok = false when the filter
// leaves it out. Filters keep only the values asked for.
func (g *gapper) values(get func(dim string) []string) (v [gap.MaxDims][]string, ok bool) {
	filters := map[string][]string{"skill": g.r.Filter.Skill, "occupation": g.r.Filter.Occupation, "education": g.r.Filter.Education, "year": g.r.Filter.Year}
	for dim, want := range filters {
		if len(want) == 0 || slices.Contains(g.r.By, dim) {
			continue
		}
		if !slices.ContainsFunc(get(dim), func(s string) bool { return slices.Contains(want, s) }) {
			return v, false
		}
	}
	for i, dim := range g.r.By {
		list := get(dim)
		if want := filters[dim]; len(want) > 0 {
			kept := list[:0:0]
			for _, s := range list {
				if slices.Contains(want, s) {
					kept = append(kept, s)
				}
			}
			list = kept
		}
		if len(list) == 0 {
			return v, false
		}
		v[i] = list
	}
	return v, true
}

func (g *gapper) inRegion(region int32) bool {
	return g.within == nil || (region >= 0 && int(region) < len(g.within) && g.within[region])
}

func (g *gapper) demand(d *matcher.Demand) {
	if !g.inRegion(d.Region) {
		return
	}
	v, ok := g.values(func(dim string) []string {
		switch dim {
		case "skill":
			var out []string
			for _, n := range d.Needs {
				out = append(out, g.m.lex.skills.name(n.Skill))
			}
			return distinct(out)
		case "occupation":
			return []string{orUnsaid(g.m.lex.attrs.name(d.Attrs[matcher.AttrOccupation]))}
		case "region":
			return []string{g.region(d.Region)}
		case "education":
			return []string{educationWord(d.Education)}
		}
		if d.Start == matcher.NoStart {
			return []string{unsaid}
		}
		return []string{strconv.Itoa(d.Start / 12)}
	})
	if !ok {
		return
	}
	if d.Start != matcher.NoStart {
		g.years[d.Start/12] = true
	}
	g.tally.Demand(gap.Observation{ID: d.ID, Amount: float64(d.Headcount), Values: v})
}

func (g *gapper) program(p *matcher.Program) {
	if !g.inRegion(p.Region) {
		return
	}
	byYear := slices.Contains(g.r.By, "year") || len(g.r.Filter.Year) > 0
	get := func(cohort string) func(string) []string {
		return func(dim string) []string {
			switch dim {
			case "skill":
				var out []string
				for _, h := range p.Held {
					out = append(out, g.m.lex.skills.name(h.Skill))
				}
				return distinct(out)
			case "occupation":
				if fits := g.fits[p.ID]; len(fits) > 0 {
					return fits
				}
				return []string{unsaid}
			case "region":
				return []string{g.region(p.Region)}
			case "education":
				return []string{educationWord(p.Education)}
			}
			return []string{cohort}
		}
	}
	if byYear {
		for _, c := range p.Cohorts {
			if v, ok := g.values(get(strconv.Itoa(c.Year))); ok {
				g.tally.Supply(gap.Observation{ID: p.ID, Amount: float64(c.Graduates), Values: v})
			}
		}
		return
	}
	if v, ok := g.values(get("")); ok && len(p.Cohorts) > 0 {
		g.tally.Supply(gap.Observation{ID: p.ID, Amount: float64(g.graduates(p)), Values: v})
	}
}

// graduates are those of the years in which demands start, or of the newest cohort.
func (g *gapper) graduates(p *matcher.Program) int {
	sum, newest := 0, matcher.CohortSize{}
	for _, c := range p.Cohorts {
		if c.Year > newest.Year {
			newest = c
		}
		if g.years[c.Year] {
			sum += c.Graduates
		}
	}
	if len(g.years) == 0 {
		return newest.Graduates
	}
	return sum
}

// region rolls a region up to the level asked for.
func (g *gapper) region(number int32) string {
	if id, ok := g.regions[number]; ok {
		return id
	}
	id := g.s.world.rollUp(g.m.lex.regions.name(number), g.r.RegionAt)
	g.regions[number] = id
	return id
}

func orUnsaid(s string) string {
	if s == "" {
		return unsaid
	}
	return s
}

func educationWord(isced uint8) string {
	for _, e := range talent.Educations {
		if e.ISCED() == int(isced) {
			return string(e)
		}
	}
	return unsaid
}

// cell renders one cell.
func (g *gapper) cell(c *gap.Cell) GapCell {
	out := GapCell{
		Keys: map[string]string{}, Names: map[string]string{}, Demand: c.Demand, Supply: c.Supply, Gap: c.Gap(), Ratio: c.Ratio(),
		Demands: c.Demands, Programs: c.Programs, DemandIDs: c.DemandIDs, ProgramIDs: c.Supplied,
	}
	sort.Strings(out.DemandIDs)
	sort.Strings(out.ProgramIDs)
	for i, dim := range g.r.By {
		k := c.Key[i]
		out.Keys[dim], out.Names[dim] = k, k
		switch dim {
		case "skill":
			if name, ok := strings.CutPrefix(k, unknownPrefix); ok {
				out.Keys[dim], out.Names[dim] = unsaid, name
			} else if s := g.s.world.catalogue.Skill(k); s != nil {
				out.Names[dim] = s.Name
			}
		case "occupation":
			if o := g.s.world.catalogue.Occupation(k); o != nil {
				out.Names[dim] = o.Name
			}
		case "region":
			if r := g.s.world.gazetteer.Get(k); r != nil {
				out.Names[dim] = r.Name
			}
		case "education":
			out.Names[dim] = talent.Label("", "education", k, "zh")
		}
	}
	return out
}
