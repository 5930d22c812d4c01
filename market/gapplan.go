package market

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"talentmatch/matcher"
	"talentmatch/matcher/gap"
	"talentmatch/talent"
)

// A gapper makes one gap report.
type gapper struct {
	m      *Market
	s      *state
	r      *GapRequest
	plan   gap.Plan
	keys   [gap.NumProperties]gapKeys // of what plan.Values has
	report *gap.Report
	come   GapArrivals
}

// gapKeys are the keys of a property's values.
type gapKeys struct {
	of    func(value int32) string
	value func(key string) (int32, bool)
}

// count plans the report and counts.
func (g *gapper) count(ctx context.Context) error {
	if err := (&vocabulary{g.m, g.s}).holds(&g.r.Filter); err != nil {
		return err
	}
	if err := g.prepare(ctx); err != nil {
		return err
	}
	var err error
	if g.plan.Reach, err = g.s.reach.of(ctx, g.s.snap); err != nil {
		return err
	}
	if g.report, err = gap.Count(ctx, g.s.snap, &g.plan); err != nil {
		return err
	}
	return g.arrive(ctx)
}

// prepare plans the report: enough to say in which cells a demand lies.
func (g *gapper) prepare(ctx context.Context) error {
	f := &g.r.Filter
	ids, err := g.s.world.regionIDs("region", f.Region)
	if err != nil {
		return err
	}
	if len(ids) > 0 {
		g.plan.Inside = g.s.snap.Atlas().Within(ids)
	}
	for _, by := range g.r.By {
		g.plan.By = append(g.plan.By, gap.Property(slices.Index(gapDimensions[:], by)))
	}
	g.leaving(ids)
	if g.has(gap.Occupation) || len(f.Occupation) > 0 {
		if err := g.occupations(ctx); err != nil {
			return err
		}
	}
	g.values()
	return nil
}

// leaving settles where graduates who do not stay in their region are no supply: where regions are told
// apart or filtered, but not in a whole country, which a region told apart or one filtered can be.
func (g *gapper) leaving(filter []string) {
	apart := g.has(gap.Region)
	g.plan.Leaves = apart || slices.ContainsFunc(filter, func(id string) bool { return !talent.IsCountry(id) })
	names := g.m.lex.regions.all()
	g.plan.Whole = make([]bool, len(names))
	for n, id := range names {
		path := g.s.world.gazetteer.Path(id)
		g.plan.Whole[n] = len(path) > 0 && talent.IsCountry(path[len(path)-1]) && (len(path) == 1 || !apart && slices.Contains(filter, path[len(path)-1]))
	}
}

// has reports whether a property is a dimension.
func (g *gapper) has(p gap.Property) bool { return slices.Contains(g.r.By, gapDimensions[p]) }

// values makes the tables of what the report looks at, occupations apart.
func (g *gapper) values() {
	f := &g.r.Filter
	if g.has(gap.Skill) || len(f.Skill) > 0 {
		g.skills()
	}
	if g.has(gap.Region) {
		names := g.m.lex.regions.all()
		g.table(gap.Region, len(names), nil, func(n int32) string { return g.s.world.rollUp(names[n], g.r.RegionAt) }, nil)
	}
	if g.has(gap.Education) || len(f.Education) > 0 {
		g.small(gap.Education, 10, f.Education, educationKey)
	}
	if g.has(gap.Year) || len(f.Year) > 0 {
		g.small(gap.Year, mostYear, f.Year, yearKey)
	}
	attrs := g.m.lex.attrs.all()
	if g.has(gap.Industry) || len(f.Industry) > 0 {
		var want []string
		if len(f.Industry) > 0 {
			want = industryCodes(f.Industry)
		}
		g.table(gap.Industry, len(attrs), g.s.snap.DemandAttrs(matcher.AttrIndustry), func(n int32) string { return rollIndustry(attrs[n], g.r.IndustryAt) },
			func(n int32) bool { return want == nil || slices.Contains(want, rollIndustry(attrs[n], "division")) })
	}
	if g.has(gap.EmployerKind) || len(f.EmployerKind) > 0 {
		g.table(gap.EmployerKind, len(attrs), g.s.snap.DemandAttrs(matcher.AttrKind), func(n int32) string { return orUnsaid(attrs[n]) },
			func(n int32) bool {
				return len(f.EmployerKind) == 0 || slices.Contains(f.EmployerKind, orUnsaid(attrs[n]))
			})
	}
}

// mostYear is above every year that a record can name.
const mostYear = 10_000

// educationKey is "" for numbers that no record has.
func educationKey(n int32) string {
	if word := educationWord(uint8(n)); word != unsaid || n == 0 {
		return word
	}
	return ""
}

func yearKey(n int32) string {
	if n == 0 {
		return unsaid
	}
	return strconv.Itoa(int(n))
}

// skills are numbers themselves: there are many, and most lexicons are skills.
func (g *gapper) skills() {
	names := g.m.lex.skills.all()
	v := &gap.Values{Count: len(names)}
	if want := g.s.world.skillIDs(g.r.Filter.Skill); len(want) > 0 {
		v.Keep = make([]bool, len(names))
		for _, id := range want {
			for _, n := range g.m.skillNumbers(id) {
				if int(n) < len(names) {
					v.Keep[n] = true
				}
			}
		}
		g.plan.OneSkill = len(want) == 1
	}
	g.plan.Values[gap.Skill] = v
	g.keys[gap.Skill] = gapKeys{
		of: func(n int32) string { return names[n] },
		value: func(key string) (int32, bool) {
			n, ok := g.m.lex.skills.find(key)
			return n, ok && int(n) < len(names)
		},
	}
}

// small is a property whose numbers are its values.
func (g *gapper) small(p gap.Property, count int, want []string, key func(int32) string) {
	v := &gap.Values{Count: count}
	if len(want) > 0 {
		v.Keep = make([]bool, count)
		for n := range v.Keep {
			v.Keep[n] = slices.Contains(want, key(int32(n)))
		}
	}
	g.plan.Values[p] = v
	g.keys[p] = gapKeys{of: key}
}

// table is a property several of whose numbers can have one value. numbers are those in use,
// nil for all; keep (nil: all) says which are counted.
func (g *gapper) table(p gap.Property, count int, numbers []int32, key func(int32) string, keep func(int32) bool) {
	if numbers == nil {
		for n := range count {
			numbers = append(numbers, int32(n))
		}
	}
	v := &gap.Values{To: make([]int32, count)}
	for n := range v.To {
		v.To[n] = -1
	}
	var keys []string
	at := map[string]int32{}
	for _, n := range numbers {
		if keep != nil && !keep(n) {
			continue
		}
		k := key(n)
		value, ok := at[k]
		if !ok {
			value = int32(len(keys))
			at[k], keys = value, append(keys, k)
		}
		v.To[n] = value
	}
	v.Count = max(1, len(keys))
	g.plan.Values[p] = v
	g.keys[p] = gapKeys{
		of: func(value int32) string { return keys[value] },
		value: func(key string) (int32, bool) {
			value, ok := at[key]
			return value, ok
		},
	}
}

// occupations makes the table of occupations, those that programs fit among them, and the fits.
func (g *gapper) occupations(ctx context.Context) error {
	fits, err := g.fit(ctx)
	if err != nil {
		return err
	}
	attrs := g.m.lex.attrs.all()
	keys, at := []string{unsaid}, map[string]int32{unsaid: 0}
	value := func(key string) int32 {
		v, ok := at[key]
		if !ok {
			v = int32(len(keys))
			at[key], keys = v, append(keys, key)
		}
		return v
	}
	v := &gap.Values{To: make([]int32, len(attrs))}
	for _, n := range g.s.snap.DemandAttrs(matcher.AttrOccupation) {
		v.To[n] = value(orUnsaid(attrs[n]))
	}
	for _, occ := range g.s.world.catalogue.Occupations() {
		value(occ.ID)
	}
	v.Count = len(keys)
	if want := g.s.world.occupationIDs(g.r.Filter.Occupation); len(want) > 0 {
		v.Keep = make([]bool, len(keys))
		for n, key := range keys {
			v.Keep[n] = slices.Contains(want, key)
		}
	}
	g.plan.Values[gap.Occupation] = v
	g.keys[gap.Occupation] = gapKeys{
		of: func(value int32) string { return keys[value] },
		value: func(key string) (int32, bool) {
			value, ok := at[key]
			return value, ok
		},
	}
	g.plan.OccupationID = func(value int32) string { return keys[value] }
	g.plan.Fits = func(program string) []gap.Fit {
		var out []gap.Fit
		for _, f := range fits[program] {
			out = append(out, gap.Fit{Occupation: at[f.occupation], Coverage: f.coverage})
		}
		return out
	}
	return nil
}

// rollIndustry is the key of an industry: a GB/T 4754 section or division as far as the
// code (or name) says it, a code of another system as it is.
func rollIndustry(code, at string) string {
	if ind, ok := industryNamed(code); ok {
		if at == "section" && ind.Parent != "" {
			return ind.Parent
		}
		return ind.Code
	}
	return orUnsaid(code)
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

// before is the order of cells that are equal in everything else: that of their keys.
func (g *gapper) before(a, b gap.Key) int {
	for d, p := range g.plan.By {
		if a[d] == b[d] {
			continue
		}
		if x, y := g.keys[p].of(a[d]), g.keys[p].of(b[d]); x != y {
			return strings.Compare(x, y)
		}
	}
	return 0
}
