package market

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"talentmatch/matcher"
	"talentmatch/matcher/gap/fill"
	"talentmatch/talent"
)

// randomCausesMarket writes a few programs, demands and agreements in which every limit is in the
// way of some.
func randomCausesMarket(r *rand.Rand) string {
	b := strings.Builder{}
	b.WriteString(causesOrgs)
	regions := []string{"440605", "440300", "520100", "110105", "440000"}
	skills := func(required bool) string {
		var list []string
		for _, s := range []string{"t.weld", "t.dive"} {
			if r.IntN(3) > 0 {
				more := ""
				if required && r.IntN(4) == 0 {
					more = `,"required":true`
				}
				list = append(list, fmt.Sprintf(`{"skill":%q,"level":%d%s}`, s, 1+r.IntN(5), more))
			}
		}
		return "[" + strings.Join(list, ",") + "]"
	}
	educations := []string{"secondary", "associate", "bachelor", "master"}
	for i := range r.IntN(7) {
		fmt.Fprintf(&b, `{"type":"demand","id":"d%d","employer":"e%d","title":"焊工","region":%q,"headcount":%d,"priority":%d,"skills":%s`, i, 1+r.IntN(2), regions[r.IntN(5)], r.IntN(9), 1+r.IntN(5), skills(true))
		if r.IntN(3) > 0 {
			fmt.Fprintf(&b, `,"education":%q`, educations[r.IntN(4)])
		}
		if r.IntN(3) > 0 {
			fmt.Fprintf(&b, `,"start":"%d-%02d"`, 2026+r.IntN(5), 1+r.IntN(12))
		}
		b.WriteString("}\n")
	}
	for i := range r.IntN(6) {
		fmt.Fprintf(&b, `{"type":"program","id":"p%d","school":"s%d","name":"焊接","region":%q,"education":%q,"skills":%s,"cohorts":[{"year":%d,"graduates":%d},{"year":%d,"graduates":%d}]`,
			i, 1+r.IntN(2), regions[r.IntN(5)], educations[r.IntN(4)], skills(false), 2024+r.IntN(3), r.IntN(9), 2027+r.IntN(3), r.IntN(9))
		if r.IntN(2) == 0 {
			fmt.Fprintf(&b, `,"retention":%g,"further_study_rate":%g`, float64(r.IntN(5))/4, float64(r.IntN(3))/8)
		}
		b.WriteString("}\n")
	}
	for i := range r.IntN(3) {
		fmt.Fprintf(&b, `{"type":"agreement","id":"a%d","school":"s%d","enterprise":"e%d","kind":"order-class","seats":%d}`+"\n", i, 1+r.IntN(2), 1+r.IntN(2), 1+r.IntN(9))
	}
	return b.String()
}

// A plainSupply is part of a cohort.
type plainSupply struct {
	units    int
	year     int
	province string // "" anywhere
	moves    bool
	program  matcher.Program
	holder   string // "" anyone's
}

// plainMarket is the records as DESIGN section 4 reads them, pair by pair.
type plainMarket struct {
	demands  []matcher.Demand
	supplies []plainSupply
	broken   [][]fill.Set
}

func plainProvince(region string) string {
	path := talent.NewGazetteer(nil).Path(region)
	if len(path) < 2 {
		return ""
	}
	return path[len(path)-2]
}

// plainMarketOf reads a market. Which seats are reserved is the answer's; those who are reserved go to
// their holder; of them and the others together as many stay as retention says.
func plainMarketOf(t *testing.T, m *Market, r *CausesRequest) *plainMarket {
	t.Helper()
	s, err := m.state(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	out := &plainMarket{demands: slices.Collect(s.snap.Demands)}
	reserved := plainReserves(m, s)
	for p := range s.snap.Programs {
		for _, c := range p.Cohorts {
			left := c.Graduates
			if p.FurtherStudy.Said {
				left = int(float64(left)*(1-p.FurtherStudy.Share) + .5)
			}
			staying := func(n int) int {
				if p.Retention.Said {
					return int(float64(n)*p.Retention.Share + .5)
				}
				return n
			}
			province := plainProvince(m.lex.regions.name(p.Region))
			add := func(units, stay int, holder string) {
				out.supplies = append(out.supplies, plainSupply{stay, c.Year, province, false, p, holder}, plainSupply{units - stay, c.Year, province, true, p, holder})
			}
			free := left
			for _, x := range reserved[p.ID][c.Year] {
				free -= x.units
			}
			home := staying(left) - staying(free)
			for _, x := range reserved[p.ID][c.Year] {
				here := min(home, x.units)
				home -= here
				add(x.units, here, x.holder)
			}
			add(free, staying(free), "")
		}
	}
	for _, d := range out.demands {
		open := d
		open.Education, open.Start = 0, matcher.NoStart
		var row []fill.Set
		for _, w := range out.supplies {
			var broken fill.Set
			if w.program.Education < d.Education {
				broken = broken.With(fill.Education)
			}
			if _, ok := matcher.CohortTiming(w.year, d.Start); d.Start != matcher.NoStart && !ok {
				broken = broken.With(fill.Timing)
			}
			score, gate := s.snap.ScorePair(&open, &w.program, matcher.DefaultWeights())
			if gate != matcher.NumGates || len(w.program.Held) > 0 && score.Counted[matcher.Skills] && score.Parts[matcher.Skills] < r.MinSkills {
				broken = broken.With(fill.Skills)
			}
			holder := m.lex.attrs.name(d.Attrs[matcher.AttrOwner])
			if w.holder != "" && w.holder != holder {
				broken = broken.With(fill.Reservations)
			}
			if wanted := plainProvince(m.lex.regions.name(d.Region)); !w.moves && w.holder != holder && w.province != wanted && w.province != "" && wanted != "" {
				broken = broken.With(fill.Place)
			}
			row = append(row, broken)
		}
		out.broken = append(out.broken, row)
	}
	return out
}

// A plainReserve is seats of a cohort.
type plainReserve struct {
	units  int
	holder string
}

// plainReserves are the seats that are reserved, by program and year, in the order of agreements.
func plainReserves(m *Market, s *state) map[string]map[int][]plainReserve {
	var problem *causesProblem
	for _, x := range s.causes.solved { // the one that the test has asked for
		problem = x.problem
	}
	out := map[string]map[int][]plainReserve{}
	for i, w := range problem.market.Fill.Supplies {
		if w.Holder == fill.Free {
			continue
		}
		of := problem.market.Supplies[i]
		id, holder := problem.market.Programs[of.Program].ID, m.lex.attrs.name(w.Holder)
		if out[id] == nil {
			out[id] = map[int][]plainReserve{}
		}
		list := out[id][of.Year]
		at := slices.IndexFunc(list, func(x plainReserve) bool { return x.holder == holder })
		if at < 0 {
			at = len(list)
			list = append(list, plainReserve{holder: holder})
		}
		list[at].units += int(w.Units)
		out[id][of.Year] = list
	}
	return out
}

// unfilled is how many heads stay empty without some limits: a head at a time finds a way.
func (m *plainMarket) unfilled(relaxed fill.Set) (n int64) {
	given := make([][]int, len(m.supplies)) // supply -> units by demand
	free := make([]int, len(m.supplies))
	for s := range given {
		given[s], free[s] = make([]int, len(m.demands)), m.supplies[s].units
	}
	var seat func(d int, seen []bool) bool
	seat = func(d int, seen []bool) bool {
		for s := range m.supplies {
			if m.broken[d][s]&^relaxed != 0 || seen[s] {
				continue
			}
			seen[s] = true
			if free[s] > 0 {
				free[s]--
				given[s][d]++
				return true
			}
			for other := range given[s] {
				if given[s][other] > 0 && seat(other, seen) {
					given[s][other]--
					given[s][d]++
					return true
				}
			}
		}
		return false
	}
	for d := range m.demands {
		for range m.demands[d].Headcount {
			if !seat(d, make([]bool, len(m.supplies))) {
				n++
			}
		}
	}
	return n
}

// shapley averages over all orders of lifting the limits.
func (m *plainMarket) shapley() (sum [fill.Limits]int64, numbers int64) {
	var u [fill.Sets]int64
	for s := range fill.Set(fill.Sets) {
		u[s] = m.unfilled(s)
	}
	var lift func(done fill.Set)
	lift = func(done fill.Set) {
		for k := range fill.Limits {
			if !done.Has(k) {
				orders := int64(1) // of the limits behind it
				for n := int64(fill.Limits) - int64(done.Len()) - 1; n > 1; n-- {
					orders *= n
				}
				sum[k] += orders * (u[done] - u[done.With(k)])
				lift(done.With(k))
			}
		}
	}
	lift(0)
	return sum, u[fill.AllLimits]
}

// TestCausesEqualBruteForce: on small markets of random records the totals are those of seating
// head by head under every set of limits, and of going through all 120 orders.
func TestCausesEqualBruteForce(t *testing.T) {
	unfilled, blamed := 0, [fill.Limits]bool{}
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 6))
		m := causesMarket(t, randomCausesMarket(r))
		least := []float64{0, .5, .8}[seed%3]
		q := DefaultCausesRequest()
		q.MinSkills = least
		a := causesOf(t, m, func(to *CausesRequest) { *to = q })
		share, numbers := plainMarketOf(t, m, &q).shapley()
		if want := partsOf(numbers*fill.Whole, &share); a.Meta.Total.Exact != want {
			t.Errorf("seed %d: %+v, not %+v", seed, a.Meta.Total.Exact, want)
		}
		unfilled += int(a.Meta.Total.Unfilled)
		for k, x := range share {
			blamed[k] = blamed[k] || x > 0
		}
	}
	if unfilled == 0 || slices.Contains(blamed[:], false) {
		t.Errorf("%d heads unfilled, blamed %v: the markets do not test everything", unfilled, blamed)
	}
}
