package generate

import (
	"fmt"
	"math"

	"talentmatch/talent"
)

// agreements binds schools and firms of the same trade; an order class takes the
// seats of a demand that asks for one.
func (g *generator) agreements() {
	n := 0
	for _, a := range g.spec.agreements {
		for range a.n {
			n++
			g.agreement(n, a)
		}
	}
}

func (g *generator) agreement(n int, a agreementSpec) {
	d := g.dice("agreement", n)
	// A trade that is both asked for and taught; every scenario has several.
	var t string
	for len(g.progsOf[t]) == 0 || len(g.demandsOf[t]) == 0 {
		t = g.spec.demandMix[d.weighted(weightsOf(g.spec.demandMix))].trade
	}
	p, dem := pick(d, g.progsOf[t]), pick(d, g.demandsOf[t])
	from := d.between(2023, 2026)
	ag := &talent.Agreement{
		ID: fmt.Sprintf("%s.agr.%03d", g.spec.letter, n), Enterprise: dem.Employer, Kind: a.kind,
		From: fmt.Sprintf("%d-%02d-01", from, pick(d, []int{3, 6, 9, 9})), Until: fmt.Sprintf("%d-08-31", from+d.between(3, 5)), Note: Note,
	}
	if a.hi > 0 {
		ag.Seats = pointer(d.between(a.lo, a.hi))
	}
	switch a.kind {
	case "industry-college", "practice-centre", "innovation-centre", "joint-research", "mentor":
		ag.School = p.School
	default:
		ag.Program = p.ID
	}
	if a.kind == "order-class" {
		for _, other := range g.demandsOf[t] {
			if other.Mode == "order-class" && other.Open() && p.Education.ISCED() >= other.Education.ISCED() {
				ag.Demand, ag.Enterprise = other.ID, other.Employer
				ag.Seats = pointer(min(*ag.Seats, other.Headcount))
				break
			}
		}
	}
	g.emit(ag)
}

// outcomes says who was hired for the demands that are over: graduates of 2025 of
// one to three programs of the trade, as far as their education allows.
func (g *generator) outcomes() {
	for _, m := range g.spec.demandMix {
		for i, dem := range g.demandsOf[m.trade] {
			if dem.Status == "filled" {
				g.hires(g.dice("outcome-"+m.trade, i), dem, g.progsOf[m.trade])
			}
		}
	}
}

func (g *generator) hires(d dice, dem *talent.Demand, programs []*talent.Program) {
	left, used := dem.Headcount, map[string]bool{}
	for range d.between(1, 3) {
		if left == 0 || len(programs) == 0 {
			return
		}
		p := pick(d, programs)
		if used[p.ID] || p.Education.ISCED() < dem.Education.ISCED() {
			continue
		}
		used[p.ID] = true
		o := &talent.Outcome{Demand: dem.ID, Program: p.ID, Year: 2025, Hired: min(d.between(1, max(1, left)), p.Cohorts[0].Graduates), Note: Note}
		if d.chance(0.6) {
			o.Rating = pointer(pick(d, []int{2, 3, 3, 4, 4, 4, 5}))
		}
		left -= o.Hired
		g.emit(o)
	}
}

// series makes monthly postings 2019-01 to 2026-09 for the scenario's occupations,
// and the yearly sums of the full years: a trend, a season with its peaks after the
// spring festival and in autumn, the slump of early 2020, and noise.
func (g *generator) series() {
	season := [12]float64{0.8, 0.9, 1.35, 1.2, 1.05, 0.95, 0.9, 0.95, 1.2, 1.1, 0.9, 0.7}
	for i, name := range g.spec.series {
		d := g.dice("series", i)
		level, growth := float64(d.between(60, 400)), 0.97+0.2*d.Float64()
		var monthly, yearly []float64
		sum := 0.0
		for m := range 93 {
			v := level * math.Pow(growth, float64(m)/12) * season[m%12] * (1 + 0.08*d.NormFloat64())
			if m >= 13 && m <= 16 {
				v *= 0.6
			}
			v = math.Max(0, math.Round(v))
			monthly = append(monthly, v)
			if sum += v; m%12 == 11 {
				yearly, sum = append(yearly, sum), 0
			}
		}
		g.emit(g.seriesRecord(name, "month", "2019-01", monthly))
		g.emit(g.seriesRecord(name, "year", "2019", yearly))
	}
}

func (g *generator) seriesRecord(occupation, period, start string, values []float64) *talent.Series {
	return &talent.Series{
		ID: g.spec.letter + ".ser." + occupation + "." + period, Measure: "postings",
		Keys:   talent.SeriesKeys{Occupation: "oc." + occupation, Region: g.spec.seriesRegion},
		Period: period, Start: start, Values: values, Note: Note,
	}
}
