package gap

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"talentmatch/matcher"
	"talentmatch/talent"
)

// The reference counts record by record with maps, as plainly as the definitions are
// written, and finds eligible programs by scoring every pair.

// A small market in numbers: skills 0..5, attributes 0..5 (0: nothing said), three regions
// in two provinces.
type smallMarket struct {
	snap     *matcher.Snapshot
	programs []matcher.Program
	demands  []matcher.Demand
	fits     map[string][]Fit
}

var smallRegions = []string{"440605", "440300", "110105"}

func newSmallMarket(r *rand.Rand) *smallMarket {
	m := &smallMarket{fits: map[string][]Fit{}}
	lists := make([][]matcher.Neighbour, 6)
	lists[1] = []matcher.Neighbour{{Skill: 2, Sim: 700}}
	for i := range r.IntN(10) {
		p := matcher.Program{ID: fmt.Sprintf("p%d", i), Region: int32(r.IntN(3)), Education: uint8(3 + r.IntN(4))}
		for s := range int32(6) {
			if r.IntN(2) == 0 {
				p.Held = append(p.Held, matcher.Held{Skill: s, Course: -1, Level: uint8(1 + r.IntN(5)), Confidence: 100, Known: r.IntN(4) > 0, Value: 1})
			}
		}
		for y := range r.IntN(4) {
			p.Cohorts = append(p.Cohorts, matcher.CohortSize{Year: 2026 + y, Graduates: r.IntN(3) * 7})
		}
		if r.IntN(2) == 0 {
			p.FurtherStudy = matcher.Rate{Share: float64(r.IntN(11)) / 10, Said: true}
		}
		if r.IntN(2) == 0 {
			p.Retention = matcher.Rate{Share: float64(r.IntN(11)) / 10, Said: true}
		}
		for o := range int32(3) {
			if r.IntN(2) == 0 {
				m.fits[p.ID] = append(m.fits[p.ID], Fit{Occupation: 1 + o, Coverage: LeastFit + .05*float64(r.IntN(9))})
			}
		}
		m.programs = append(m.programs, p)
	}
	for i := range r.IntN(12) {
		d := matcher.Demand{ID: fmt.Sprintf("d%d", i), Region: int32(r.IntN(3)), Education: []uint8{0, 3, 5}[r.IntN(3)], Open: r.IntN(6) > 0, Start: matcher.NoStart, Headcount: r.IntN(9)}
		if r.IntN(4) > 0 {
			d.Start = (2026+r.IntN(3))*12 + r.IntN(12)
		}
		for range r.IntN(4) { // a skill may come twice
			d.Needs = append(d.Needs, matcher.Need{Skill: int32(r.IntN(6)), Level: uint8(1 + r.IntN(5)), Weight: 1, Required: r.IntN(3) == 0})
		}
		d.Attrs = [matcher.NumAttrs]int32{0, int32(r.IntN(3)), int32(r.IntN(4)), 0, int32(r.IntN(3))}
		m.demands = append(m.demands, d)
	}
	m.snap = matcher.Empty(matcher.NewSpace(lists), matcher.NewAtlas(talent.NewGazetteer(nil), smallRegions))
	half := len(m.programs) / 2 // two segments
	m.snap = m.snap.With(matcher.Change{PutPrograms: m.programs[half:], PutDemands: m.demands})
	m.snap = m.snap.With(matcher.Change{PutPrograms: m.programs[:half]})
	return m
}

// plan draws dimensions and filters. The region is rolled up to its province: 0, 0, 1.
func (m *smallMarket) plan(r *rand.Rand) *Plan {
	p := &Plan{Fits: func(id string) []Fit { return m.fits[id] }, Leaves: r.IntN(2) == 0}
	all := [NumProperties]Values{Skill: {Count: 6}, Occupation: {Count: 6}, Region: {To: []int32{0, 0, 1}, Count: 2}, Education: {Count: 10},
		Year: {Count: 3000}, Industry: {To: []int32{2, 0, 1}, Count: 3}, EmployerKind: {Count: 6}}
	for _, k := range r.Perm(int(NumProperties))[:1+r.IntN(MaxDims)] {
		p.By = append(p.By, Property(k))
		p.Values[k] = &all[k]
	}
	for k := range NumProperties {
		if r.IntN(6) > 0 {
			continue
		}
		v := all[k]
		v.Keep = make([]bool, v.Count)
		for i := range v.Keep {
			v.Keep[i] = r.IntN(2) == 0
		}
		p.Values[k] = &v
	}
	if r.IntN(4) == 0 {
		p.Inside = []bool{r.IntN(2) == 0, r.IntN(2) == 0, r.IntN(2) == 0}
	}
	if v := p.Values[Skill]; v != nil && v.Keep != nil && r.IntN(2) == 0 { // one skill
		clear(v.Keep)
		v.Keep[r.IntN(6)], p.OneSkill = true, true
	}
	if r.IntN(3) == 0 {
		p.Whole = []bool{r.IntN(2) == 0, false, r.IntN(2) == 0}
	}
	p.OccupationID = func(value int32) string { return fmt.Sprint(value) }
	p.Reach, _ = m.snap.Reach(context.Background())
	return p
}

// A refCell adds up one cell.
type refCell struct {
	heads, unreached        float64
	asked                   map[int]float64 // level -> heads
	has, stays              map[int]float64 // level -> graduates
	study, away             float64
	demands, programs       []string
	silent                  []string // programs without a cohort that counts
	noStudy, noRetention    int
	studySaid, retainedSaid bool
	noCohorts, otherYears   int
}

type reference struct {
	m     *smallMarket
	p     *Plan
	cells map[Key]*refCell
	years map[int]bool
}

// says reports whether a record of one side, whatever a filter makes of it, speaks of the years
// of a cell.
func (f *reference) says(k Key, supply bool) bool {
	years := map[int32]bool{}
	if supply {
		for _, p := range f.m.programs {
			for _, c := range p.Cohorts {
				years[int32(c.Year)] = true
			}
		}
	} else {
		for _, d := range f.m.demands {
			year := int32(0)
			if d.Start != matcher.NoStart {
				year = int32(d.Start / 12)
			}
			years[year] = true
		}
	}
	v := f.p.Values[Year]
	if v == nil {
		return supply && len(f.m.programs) > 0 || !supply && len(f.m.demands) > 0
	}
	if d := slices.Index(f.p.By, Year); d >= 0 {
		return years[k[d]]
	}
	for y := range years {
		if v.Keep[y] {
			return true
		}
	}
	return false
}

// known reports whether the two sides of a cell are numbers.
func (f *reference) known(k Key, c *refCell) (demand, supply bool) {
	demand = len(c.demands) > 0 || f.says(k, false)
	switch v := f.p.Values[Education]; {
	case len(c.programs) > c.noCohorts+c.otherYears:
		return demand, true
	case len(c.programs) > 0, f.p.Values[Industry] != nil, f.p.Values[EmployerKind] != nil, v != nil && v.Keep != nil && !slices.Contains(v.Keep[1:], true):
		return demand, false
	}
	if d := slices.Index(f.p.By, Education); d >= 0 && k[d] == 0 {
		return demand, false
	}
	return demand, f.says(k, true)
}

func (f *reference) cell(k Key) *refCell {
	if f.cells[k] == nil {
		f.cells[k] = &refCell{asked: map[int]float64{}, has: map[int]float64{}, stays: map[int]float64{}}
	}
	return f.cells[k]
}

// keys are the cells of a record, with the level in each, given the record's numbers of a
// property; none when a filter leaves it out or a dimension has no value.
func (f *reference) keys(numbers func(Property) map[int32]int) map[Key]int {
	out := map[Key]int{{}: 0}
	for k := range NumProperties {
		v := f.p.Values[k]
		if v == nil {
			continue
		}
		values := map[int32]int{}
		for n, level := range numbers(k) {
			if v.To != nil && k != Occupation {
				n = v.To[n]
			}
			if v.Keep == nil || v.Keep[n] {
				values[n] = max(values[n], level)
			}
		}
		if len(values) == 0 {
			return nil
		}
		if k == Skill && f.p.OneSkill {
			for key := range out {
				for _, level := range values {
					out[key] = max(out[key], level)
				}
			}
		}
		if d := slices.Index(f.p.By, k); d >= 0 {
			next := map[Key]int{}
			for key, level := range out {
				for value, l := range values {
					key[d] = value
					next[key] = max(level, l)
				}
			}
			out = next
		}
	}
	return out
}

func (f *reference) count() {
	f.cells, f.years = map[Key]*refCell{}, map[int]bool{}
	in := func(region int32) bool { return f.p.Inside == nil || f.p.Inside[region] }
	for _, d := range f.m.demands {
		if !d.Open || !in(d.Region) {
			continue
		}
		year := int32(0)
		if d.Start != matcher.NoStart {
			year = int32(d.Start / 12)
		}
		keys := f.keys(func(k Property) map[int32]int {
			switch k {
			case Skill:
				out := map[int32]int{}
				for _, n := range d.Needs {
					out[n.Skill] = max(out[n.Skill], int(n.Level))
				}
				return out
			case Occupation:
				return map[int32]int{d.Attrs[matcher.AttrOccupation]: 0}
			case Region:
				return map[int32]int{d.Region: 0}
			case Education:
				return map[int32]int{int32(d.Education): 0}
			case Year:
				return map[int32]int{year: 0}
			case Industry:
				return map[int32]int{d.Attrs[matcher.AttrIndustry]: 0}
			}
			return map[int32]int{d.Attrs[matcher.AttrKind]: 0}
		})
		if len(keys) == 0 {
			continue
		}
		if year > 0 && d.Headcount > 0 {
			f.years[int(year)] = true
		}
		reached := false
		for i := range f.m.programs {
			_, gate := f.m.snap.ScorePair(&d, &f.m.programs[i], matcher.DefaultWeights())
			reached = reached || gate == matcher.NumGates
		}
		for k, level := range keys {
			c := f.cell(k)
			c.heads += float64(d.Headcount)
			c.asked[level] += float64(d.Headcount)
			c.demands = append(c.demands, d.ID)
			if !reached {
				c.unreached += float64(d.Headcount)
			}
		}
	}
	for i := range f.m.programs {
		f.program(&f.m.programs[i])
	}
	for k, c := range f.cells { // who says nothing of a year makes no cell of it, and stands aside where others do
		switch d := slices.Index(f.p.By, Year); {
		case f.p.Values[Year] == nil:
		case len(c.programs) > 0:
			c.silent, c.noCohorts, c.otherYears = nil, 0, 0
		case len(c.demands) == 0 && (d < 0 || k[d] != 0):
			delete(f.cells, k)
		}
		c.programs = append(c.programs, c.silent...)
	}
}

// program adds a program year by year, or (year 0) once in all.
func (f *reference) program(p *matcher.Program) {
	if f.p.Inside != nil && !f.p.Inside[p.Region] {
		return
	}
	groups := map[int][]matcher.CohortSize{}
	newest := 0
	for _, c := range p.Cohorts {
		newest = max(newest, c.Year)
	}
	years := f.p.Values[Year]
	byYear := slices.Contains(f.p.By, Year)
	if byYear {
		for y := range 2030 { // years that somebody speaks of
			if d := slices.Index(f.p.By, Year); f.says(Key{}.with(d, int32(y)), true) || f.says(Key{}.with(d, int32(y)), false) {
				groups[y] = nil
			}
		}
		delete(groups, 0)
		if len(p.Cohorts) == 0 {
			groups[0] = nil
		}
	} else {
		groups[0] = nil
	}
	for _, c := range p.Cohorts {
		switch {
		case byYear:
			groups[c.Year] = append(groups[c.Year], c)
		case years != nil && !years.Keep[c.Year]:
		case years != nil, f.years[c.Year], len(f.years) == 0 && c.Year == newest:
			groups[0] = append(groups[0], c)
		}
	}
	for year, cohorts := range groups {
		keys := f.keys(func(k Property) map[int32]int {
			out := map[int32]int{}
			switch k {
			case Skill:
				for _, h := range p.Held {
					out[h.Skill] = max(out[h.Skill], int(h.Level))
				}
			case Occupation:
				for _, fit := range f.m.fits[p.ID] {
					if fit.Coverage >= FitFrom {
						out[fit.Occupation] = 0
					}
				}
				if len(out) == 0 {
					out[0] = 0
				}
			case Region:
				out[p.Region] = 0
			case Education:
				out[int32(p.Education)] = 0
			case Year:
				if byYear {
					out[int32(year)] = 0
				} else { // a filter chooses among cohorts, above
					for y, kept := range years.Keep {
						if kept {
							out[int32(y)] = 0
						}
					}
				}
			}
			return out
		})
		sum := 0.0
		for _, c := range cohorts {
			sum += float64(c.Graduates)
		}
		for k, level := range keys {
			switch c := f.cell(k); {
			case len(cohorts) > 0:
				c.graduates(f.p, p, level, sum)
			case len(p.Cohorts) > 0:
				c.silent, c.otherYears = append(c.silent, p.ID), c.otherYears+1
			default:
				c.silent, c.noCohorts = append(c.silent, p.ID), c.noCohorts+1
			}
		}
	}
}

// with is a key with another value.
func (k Key) with(d int, value int32) Key {
	k[d] = value
	return k
}

func (c *refCell) graduates(plan *Plan, p *matcher.Program, level int, sum float64) {
	c.programs = append(c.programs, p.ID)
	c.has[level] += sum
	left := sum
	if p.FurtherStudy.Said {
		c.studySaid = true
		c.study += sum * p.FurtherStudy.Share
		left -= sum * p.FurtherStudy.Share
	} else {
		c.noStudy++
	}
	leaves := plan.Leaves && (plan.Whole == nil || !plan.Whole[p.Region])
	if leaves && p.Retention.Said {
		c.retainedSaid = true
		c.away += left * (1 - p.Retention.Share)
		left *= p.Retention.Share
	} else if leaves {
		c.noRetention++
	}
	c.stays[level] += left
}

// unfilled is how many heads stay empty when people fill one seat each at their level or
// below, found without Hall: the highest seats first, each by whoever has the least level
// that will do.
func unfilled(asked, has map[int]float64) float64 {
	free, empty := map[int]float64{}, 0.0
	for l, n := range has {
		free[l] = n
	}
	for l := 5; l >= 0; l-- {
		need := asked[l]
		for h := l; h <= 5; h++ {
			n := min(need, free[h])
			free[h] -= n
			need -= n
		}
		empty += need
	}
	return empty
}

func sum(m map[int]float64) (s float64) {
	for _, l := range []int{0, 1, 2, 3, 4, 5} {
		s += m[l]
	}
	return s
}

// TestCountEqualsReference: every number of every cell, of every order, and the ids behind it.
func TestCountEqualsReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		for range 8 {
			countEqualsReference(t, r)
		}
	})
}

func countEqualsReference(t *rapid.T, r *rand.Rand) {
	m := newSmallMarket(r)
	plan := m.plan(r)
	f := &reference{m: m, p: plan}
	f.count()
	got, err := Count(t.Context(), m.snap, plan)
	if err != nil {
		t.Fatal(err)
	}
	if got.Cells() != len(f.cells) || !reflect.DeepEqual(got.Years, f.years) {
		t.Fatalf("%d cells, %+v, years %v; want %d, %v", got.Cells(), got.Totals, got.Years, len(f.cells), f.years)
	}
	arrive := map[Key]float64{}
	for k := range f.cells {
		if r.IntN(3) == 0 {
			arrive[k] = float64(r.IntN(30) - 10)
		}
	}
	if left := got.Arrive(arrive); left != 0 {
		t.Fatalf("%d arrivals are left out", left)
	}
	cells := got.First(Sort(r.IntN(5)), len(f.cells), compareKeys)
	ids, err := got.Behind(t.Context(), cells, 2)
	if err != nil {
		t.Fatal(err)
	}
	for i, cell := range cells {
		key := got.Key(cell)
		c := f.cells[key]
		if c == nil {
			t.Fatalf("no cell %v", key)
		}
		in, arrives := arrive[key]
		if problem := c.differs(got, cell, f, in, arrives); problem != "" {
			t.Fatalf("cell %v of %v: %s", key, plan.By, problem)
		}
		for _, side := range []struct{ got, want []string }{{ids[i].Demands, c.demands}, {ids[i].Programs, c.programs}} {
			slices.Sort(side.want)
			want := slices.Compact(side.want)
			if want = want[:min(2, len(want))]; !slices.Equal(side.got, want) {
				t.Fatalf("cell %v: ids %v, want %v", key, side.got, want)
			}
		}
	}
}

// differs says what of a cell's figures is not the reference's.
func (c *refCell) differs(r *Report, cell int32, f *reference, in float64, arrives bool) string {
	g := r.Figures(cell)
	show := func(v *float64) string {
		if v == nil {
			return "-"
		}
		return fmt.Sprintf("%.4f", *v)
	}
	if r.Totals.Leveled != (f.p.OneSkill || slices.Contains(f.p.By, Skill)) {
		return "levels"
	}
	is := func(v float64, said bool) string {
		if !said {
			return "-"
		}
		return fmt.Sprintf("%.4f", v+0)
	}
	demand, supplied := f.known(r.Key(cell), c)
	both := demand && supplied
	supply, leveled := sum(c.has), r.Totals.Leveled
	staying, came := map[int]float64{}, in
	for l, n := range c.stays {
		staying[l] = n
	}
	effectively := supplied || arrives && in >= 0
	switch all := sum(staying); {
	case in >= 0:
		staying[5] += in
	case !supplied:
	default:
		came = -min(-in, all)
		for l, n := range staying {
			if all > 0 {
				staying[l] = n + came*n/all
			}
		}
	}
	effective, atLevel := sum(staying), supply
	if leveled {
		effective, atLevel = counted(c.asked, staying), counted(c.asked, c.has)
	}
	for _, x := range []struct {
		name, got, want string
	}{
		{"demand", show(g.Demand), is(c.heads, demand)}, {"supply", show(g.Supply), is(supply, supplied)}, {"gap", show(g.Gap), is(c.heads-supply, both)},
		{"ratio", show(g.Ratio), is(supply/c.heads, both && c.heads > 0)}, {"no eligible", show(g.Unreached), is(c.unreached/c.heads, demand && c.heads > 0)},
		{"at level", show(g.AtLevel), is(atLevel, supplied && leveled)}, {"gap at level", show(g.GapAtLevel), is(c.heads-atLevel, both && leveled)},
		{"study", show(g.Study), is(c.study, supplied && c.studySaid)}, {"away", show(g.Away), is(c.away, supplied && c.retainedSaid)}, {"in", show(g.In), is(came, arrives)},
		{"effective", show(g.Effective), is(effective, effectively)}, {"effective gap", show(g.EffectiveGap), is(c.heads-effective, demand && effectively)},
	} {
		if x.got != x.want && !close(x.got, x.want) {
			return fmt.Sprintf("%s %s, want %s", x.name, x.got, x.want)
		}
	}
	value := func(v *float64) float64 {
		if v == nil {
			return 0
		}
		return *v
	}
	if effectively {
		if rest := value(g.Supply) - value(g.Study) - value(g.Away) + value(g.In) - value(g.BelowLevel) - *g.Effective; math.Abs(rest) > 1e-5 {
			return fmt.Sprintf("the factors leave %v over", rest)
		}
		if *g.Effective < 0 {
			return fmt.Sprintf("effective supply is %v", *g.Effective)
		}
	}
	if g.Demands != len(c.demands) || g.Programs != len(c.programs) || g.NoStudy != c.noStudy || g.NoStays != c.noRetention || g.NoCohorts != c.noCohorts || g.OtherYears != c.otherYears {
		return fmt.Sprintf("records %+v", g)
	}
	return ""
}

// counted is how many people count at the levels asked, so that demand less them is what
// stays unfilled; when more have the levels than are asked, the spare ones who have the
// lowest level asked count as well: nothing above them is short, and they make a surplus.
func counted(asked, has map[int]float64) float64 {
	if empty := unfilled(asked, has); empty > 0 {
		return sum(asked) - empty
	}
	// All are filled. How many more could be asked, at the level where the fewest are spare?
	least := math.Inf(1)
	for l := range asked {
		spare := 0.0
		for k := 0; k <= 5; k++ {
			if k >= l {
				spare += has[k] - asked[k]
			}
		}
		least = min(least, spare)
	}
	if math.IsInf(least, 1) {
		return sum(has)
	}
	return sum(asked) + least
}

func close(a, b string) bool {
	var x, y float64
	if _, err := fmt.Sscan(a, &x); err != nil {
		return false
	}
	if _, err := fmt.Sscan(b, &y); err != nil {
		return false
	}
	return math.Abs(x-y) < 2e-4
}

func compareKeys(a, b Key) int { return slices.Compare(a[:], b[:]) }

// TestFirst: the first cells of a page are those of the whole order.
func TestFirst(t *testing.T) {
	r := &Report{plan: &Plan{By: []Property{Skill}}, cells: newTable[Openings]()}
	random := rand.New(rand.NewPCG(3, 1))
	for i := range 5000 {
		r.cells.sums[r.cells.at(Key{int32(i)}.packed())] = Openings{Heads: int64(random.IntN(300)), Unreached: int64(random.IntN(3))}
	}
	r.supply = make([]Output, 5000)
	for _, by := range []Sort{ByGap, ByUnreached, ByDemand} {
		whole := r.First(by, 5000, compareKeys)
		if !slices.IsSortedFunc(whole, func(a, b int32) int { return cmp.Compare(r.worth(b, by), r.worth(a, by)) }) {
			t.Errorf("sort %d is out of order", by)
		}
		for _, n := range []int{0, 1, 7, 50, 300} {
			if got := r.First(by, n, compareKeys); !slices.Equal(got, whole[:n]) {
				t.Errorf("sort %d: the first %d differ", by, n)
			}
		}
	}
}

// TestAtLevelsByHand: 10 heads ask level 4 and 5 ask level 2; 20 graduates have level 2. Five
// count, ten heads stay empty. With 12 of level 5 beside them everyone asked is there: 12 for
// the ten, and 5 + 2 + 15 spare.
func TestAtLevelsByHand(t *testing.T) {
	asked := [levels]float64{0, 5, 0, 10, 0}
	for _, tt := range []struct {
		has  [levels]float64
		more float64
		want float64
	}{
		{[levels]float64{0, 20, 0, 0, 0}, 0, 5},
		{[levels]float64{0, 20, 0, 0, 12}, 0, 17},
		{[levels]float64{20, 0, 0, 0, 0}, 0, 0},
		{[levels]float64{0, 0, 0, 10, 0}, 5, 15},
		{[levels]float64{}, 3, 3},
	} {
		if got := atLevels(&asked, 1<<1|1<<3, &tt.has, tt.more); got != tt.want {
			t.Errorf("%v + %v: %v count, want %v", tt.has, tt.more, got, tt.want)
		}
	}
	if got := atLevels(&[levels]float64{}, 0, &[levels]float64{1, 2, 3, 4, 5}, 1); got != 16 {
		t.Errorf("nobody asks: %v", got)
	}
}
