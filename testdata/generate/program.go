package generate

import (
	"fmt"
	"math"
	"strings"

	"talentmatch/talent"
)

// programs gives the schools their programs in turn, so that each has some.
func (g *generator) programs() error {
	taken := map[string]bool{} // school and name
	for n := 1; n <= g.spec.programs; n++ {
		school := g.schools[(n-1)%len(g.schools)]
		if !g.program(n, school, taken) {
			return fmt.Errorf("%s finds no further program for its trades: too many programs", school.ID)
		}
	}
	return nil
}

// levels are the awards that a school of a kind gives.
var levels = map[string]talent.Education{"university": talent.Bachelor, "college": talent.Associate, "secondary-school": talent.Secondary}

// program makes the n-th generated program. It tries trades until the school has a
// new program of its level, and reports whether it found one; a school of the
// remote counties has its own trades.
func (g *generator) program(n int, school *talent.Organization, taken map[string]bool) bool {
	d := g.dice("program", n)
	for range 100 {
		t := g.trades[g.spec.programMix[d.weighted(weightsOf(g.spec.programMix))].trade]
		if g.remote(school.Region) {
			t = g.trades[pick(d, g.spec.county)]
		}
		level := levels[school.Kind]
		if level == talent.Bachelor && d.chance(0.08) {
			level = talent.Master
		}
		m, ok := pickMajor(d, t, level)
		if !ok || taken[school.ID+m.zh] {
			continue
		}
		taken[school.ID+m.zh] = true
		p := &talent.Program{
			ID: fmt.Sprintf("%s.prog.%04d", g.spec.letter, n), School: school.ID, Name: m.zh, NameEN: m.en,
			Code: m.code, Region: school.Region, Education: m.education, Note: Note,
		}
		g.teach(d, p, t)
		cohorts(d, p)
		g.keep(p, t)
		return true
	}
	return false
}

func (g *generator) keep(p *talent.Program, t *trade) {
	g.tradeOf[p.ID] = t.key
	g.progsOf[t.key] = append(g.progsOf[t.key], p)
	g.emit(p)
}

func pickMajor(d dice, t *trade, level talent.Education) (major, bool) {
	var fit []major
	for _, m := range t.majors {
		if m.education == level {
			fit = append(fit, m)
		}
	}
	if len(fit) == 0 {
		return major{}, false
	}
	return pick(d, fit), true
}

// remote reports whether a region is outside the province of most of the spec's
// schools: only scenario C has such counties.
func (g *generator) remote(region string) bool {
	return len(g.spec.county) > 0 && !strings.HasPrefix(region, "44")
}

// teach fills in courses and text. Six programs in a hundred have only their text,
// and six list skills without courses: people do not fill in everything.
func (g *generator) teach(d dice, p *talent.Program, t *trade) {
	courses := g.curriculum(d, p, t)
	p.Text = programText(d, p, t, courses)
	switch u := d.Float64(); {
	case u < 0.06:
	case u < 0.12:
		for _, c := range courses {
			for _, s := range c.skills {
				p.Skills = append(p.Skills, talent.ProgramSkill{Skill: s.skill.ID, Level: levelFor(d, s.level, p.Education), Course: c.name})
			}
		}
	default:
		for i, c := range courses {
			p.Courses = append(p.Courses, courseRecord(d, i, c, p.Education))
		}
	}
}

// curriculum draws 4 to 8 courses: the first ones of the trade are its core.
func (g *generator) curriculum(d dice, p *talent.Program, t *trade) []course {
	var out []course
	want := d.between(4, 7)
	for i, c := range t.courses {
		switch {
		case c.scarce:
			if d.chance(g.scarcity(p, t)) && len(out) < 8 {
				out = append(out, c)
			}
		case len(out) < want && (i < 2 || d.chance(0.7)):
			out = append(out, c)
		}
	}
	for _, c := range t.courses { // too few: fill up in order
		if len(out) >= 4 {
			break
		}
		if !c.scarce && !hasCourse(out, c.name) {
			out = append(out, c)
		}
	}
	return out
}

func hasCourse(list []course, name string) bool {
	for _, c := range list {
		if c.name == name {
			return true
		}
	}
	return false
}

// scarcity is the chance that the program teaches a scarce course of its trade.
func (g *generator) scarcity(p *talent.Program, t *trade) float64 {
	for _, province := range g.spec.inland {
		if strings.HasPrefix(p.Region, province) {
			return g.spec.inlandScarce
		}
	}
	if v, ok := g.spec.scarceIn[t.key]; ok {
		return v
	}
	return g.spec.scarce
}

// courseRecord writes one skill in ten by one of its names instead of its id.
func courseRecord(d dice, i int, c course, e talent.Education) talent.Course {
	out := talent.Course{
		ID: fmt.Sprintf("k%d", i+1), Name: c.name,
		Hours: round(float64(c.hours+pick(d, []int{-8, 0, 0, 0, 8, 16})), 0),
	}
	for _, s := range c.skills {
		cs := talent.CourseSkill{Level: levelFor(d, s.level, e)}
		if d.chance(0.1) {
			cs.Name = label(d, s.skill)
		} else {
			cs.Skill = s.skill.ID
		}
		out.Skills = append(out.Skills, cs)
	}
	return out
}

// levelFor shifts an associate's level to the award, with some spread.
func levelFor(d dice, level int, e talent.Education) *int {
	switch e {
	case talent.Secondary:
		level--
	case talent.Bachelor:
		if d.chance(0.4) {
			level++
		}
	case talent.Master:
		level++
	}
	if d.chance(0.15) {
		level += d.between(-1, 1)
	}
	level = min(max(level, 1), 5)
	return &level
}

// cohorts gives the graduates of 2025 to 2028, growing or shrinking by up to a
// sixth a year, and what becomes of them.
func cohorts(d dice, p *talent.Program) {
	size := map[talent.Education][2]int{talent.Secondary: {35, 120}, talent.Associate: {40, 160}, talent.Bachelor: {45, 130}, talent.Master: {8, 30}}[p.Education]
	n := float64(d.between(size[0], size[1]))
	growth := 0.84 + 0.32*d.Float64()
	completion := 0.9 + 0.09*d.Float64()
	full := d.chance(0.7)
	for year := 2025; year <= 2028; year++ {
		c := talent.Cohort{Year: year, Graduates: int(math.Round(n))}
		if full {
			enrolled := int(math.Round(n / completion))
			c.Enrolled, c.CompletionRate = &enrolled, round(completion, 3)
		}
		p.Cohorts = append(p.Cohorts, c)
		n *= growth
	}
	further := map[talent.Education][2]float64{talent.Secondary: {.35, .7}, talent.Associate: {.08, .25}, talent.Bachelor: {.08, .28}, talent.Master: {.03, .12}}[p.Education]
	f := further[0] + (further[1]-further[0])*d.Float64()
	p.FurtherStudyRate = round(f, 2)
	p.EmploymentRate = round(0.86+0.13*d.Float64(), 3)
	p.Retention = round(0.35+0.5*d.Float64(), 2)
}
