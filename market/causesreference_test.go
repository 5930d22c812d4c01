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

// randomCausesMarket writes a few programs and demands in which every limit but reservations
// is in the way of some.
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
	return b.String()
}

// A plainSupply is part of a cohort.
type plainSupply struct {
	units    int
	year     int
	province string // "" anywhere
	moves    bool
	program  matcher.Program
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

func plainMarketOf(t *testing.T, m *Market, least float64) *plainMarket {
	t.Helper()
	s, err := m.state(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	out := &plainMarket{demands: slices.Collect(s.snap.Demands)}
	for p := range s.snap.Programs {
		for _, c := range p.Cohorts {
			left := c.Graduates
			if p.FurtherStudy.Said {
				left = int(float64(left)*(1-p.FurtherStudy.Share) + .5)
			}
			stay := left
			if p.Retention.Said {
				stay = int(float64(left)*p.Retention.Share + .5)
			}
			province := plainProvince(m.lex.regions.name(p.Region))
			out.supplies = append(out.supplies, plainSupply{stay, c.Year, province, false, p}, plainSupply{left - stay, c.Year, province, true, p})
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
			if gate != matcher.NumGates || len(w.program.Held) > 0 && score.Counted[matcher.Skills] && score.Parts[matcher.Skills] < least {
				broken = broken.With(fill.Skills)
			}
			if wanted := plainProvince(m.lex.regions.name(d.Region)); !w.moves && w.province != wanted && w.province != "" && wanted != "" {
				broken = broken.With(fill.Place)
			}
			row = append(row, broken)
		}
		out.broken = append(out.broken, row)
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
		a := causesOf(t, m, func(q *CausesRequest) { q.MinSkills = least })
		share, numbers := plainMarketOf(t, m, least).shapley()
		if want := partsOf(numbers, &share); a.Meta.Total.Exact != want {
			t.Errorf("seed %d: %+v, not %+v", seed, a.Meta.Total.Exact, want)
		}
		unfilled += int(a.Meta.Total.Unfilled)
		for k, x := range share {
			blamed[k] = blamed[k] || x > 0
		}
	}
	if blamed[fill.Reservations] = true; unfilled == 0 || slices.Contains(blamed[:], false) {
		t.Errorf("%d heads unfilled, blamed %v: the markets do not test everything", unfilled, blamed)
	}
}
