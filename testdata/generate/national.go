package generate

import (
	"fmt"
	"slices"
	"strings"

	"talentmatch/talent"
)

// National is a made-up market of any size over all prefectures, for measuring: the
// scenarios' trades, skills and voices without their stories. A record depends on its
// kind and number and on the two sizes alone, so that millions can be made one by one.
type National struct {
	g         *generator
	trades    []*trade // the frequent ones first
	places    []string // prefectures
	skills    []string // of the whole taxonomy
	employers int
	schools   int
}

// NationalSkills is how many skills each demand of a National names.
const NationalSkills = 12

// NewNational prepares a market with that many employers and schools, both >= 1. The
// error is about the embedded specification.
func NewNational(employers, schools int) (*National, error) {
	l, err := builtinLabels()
	if err != nil {
		return nil, fmt.Errorf("national market: %w", err)
	}
	trades, err := readTrades(l)
	if err != nil {
		return nil, fmt.Errorf("national market: %w", err)
	}
	n := &National{
		g:         &generator{spec: spec{letter: "n", scarce: 0.3, startYears: [4]int{6, 40, 36, 18}}, labels: l, trades: trades},
		employers: employers, schools: schools,
	}
	for _, t := range trades {
		n.trades = append(n.trades, t)
	}
	slices.SortFunc(n.trades, func(a, b *trade) int { return strings.Compare(a.key, b.key) })
	for _, r := range talent.BuiltinRegions() {
		if strings.HasSuffix(r.ID, "00") && !strings.HasSuffix(r.ID, "0000") {
			n.places = append(n.places, r.ID)
		}
	}
	for id := range l.skills {
		n.skills = append(n.skills, id)
	}
	slices.Sort(n.skills)
	return n, nil
}

// Employer is the i-th employer, i from 0 to employers-1.
func (n *National) Employer(i int) *talent.Organization {
	d := n.g.dice("employer", i)
	t := n.employerTrade(i)
	o := n.organization(d, i, fmt.Sprintf("n.emp.%06d", i), "enterprise", tradeWords[t.key])
	o.Industry = pick(d, t.industries)
	o.Size = pick(d, []string{"micro", "small", "small", "medium", "medium", "large"})
	return o
}

// School is the i-th school, i from 0 to schools-1.
func (n *National) School(i int) *talent.Organization {
	kind := []string{"college", "college", "university", "secondary-school"}[i%4]
	words := kindWords[kind]
	return n.organization(n.g.dice("school", i), i, fmt.Sprintf("n.sch.%06d", i), kind, words[i/4%len(words)])
}

func (n *National) organization(d dice, i int, id, kind string, word [2]string) *talent.Organization {
	o := &talent.Organization{Type: talent.TypeOrganization, ID: id, Kind: kind, Region: n.places[skewed(d, len(n.places))], Note: Note}
	zh, en := brand(0, i)
	zhPlace, enPlace := place(o.Region)
	o.Name, o.NameEN = zhPlace+zh+word[0], enPlace+" "+en+" "+word[1]
	return o
}

func (n *National) employerTrade(i int) *trade {
	return n.trades[skewed(n.g.dice("employer trade", i), len(n.trades))]
}

// Demand is the i-th demand, i >= 0, of one of the employers: NationalSkills skills
// by id, and an advertisement of some 170 characters that names most of them.
func (n *National) Demand(i int) *talent.Demand {
	d := n.g.dice("demand", i)
	by := skewed(d, n.employers)
	t, employer := n.employerTrade(by), n.Employer(by)
	occ := t.jobs[d.weighted(t.weights)]
	dem := &talent.Demand{
		Type: talent.TypeDemand, ID: fmt.Sprintf("n.dem.%07d", i), Employer: employer.ID, Region: employer.Region, Industry: employer.Industry,
		Occupation: occ.ID, Headcount: d.between(1, 20), Education: minimum(d, occ), Mode: mode(d), Note: Note,
	}
	dem.Title, dem.TitleEN = titles(d, occ, false)
	n.g.dates(d, dem)
	needs := n.needs(d, t, occ)
	for _, need := range needs {
		dem.Skills = append(dem.Skills, need.demandSkill())
	}
	dem.Text = demandText(d, dem, t, occ, needs, false)
	return dem
}

// needs takes the occupation's skills, then those that schools teach for the trade,
// then any.
func (n *National) needs(d dice, t *trade, occ *talent.Occupation) []need {
	var out []need
	seen := map[string]bool{}
	add := func(id string) {
		if skill := n.g.labels.skills[id]; skill != nil && !seen[id] && len(out) < NationalSkills {
			seen[id] = true
			out = append(out, need{skill: skill, importance: 0.2 + 0.8*d.Float64(), level: d.between(1, 5), required: len(out) == 0 && d.chance(0.4)})
		}
	}
	for _, s := range occ.Skills {
		if d.chance(0.8) {
			add(s.Skill)
		}
	}
	for range 3 * NationalSkills {
		add(pick(d, pick(d, t.courses).skills).skill.ID)
	}
	for len(out) < NationalSkills {
		add(pick(d, n.skills))
	}
	return out
}

// Program is the i-th program, i >= 0, of one of the schools: 4 to 8 courses with
// their skills, four cohorts, a text.
func (n *National) Program(i int) *talent.Program {
	d := n.g.dice("program", i)
	school := n.School(d.IntN(n.schools))
	t := n.trades[skewed(d, len(n.trades))]
	m := pick(d, t.majors)
	p := &talent.Program{
		Type: talent.TypeProgram, ID: fmt.Sprintf("n.prog.%07d", i), School: school.ID, Name: m.zh, NameEN: m.en, Code: m.code,
		Region: school.Region, Education: m.education, Note: Note,
	}
	n.g.teach(d, p, t)
	cohorts(d, p)
	return p
}

// skewed draws one of n, the first tenth of them three times as often as a tenth on
// average; unlike dice.zipf its cost does not grow with n.
func skewed(d dice, n int) int {
	u := d.Float64()
	return int(float64(n) * u * u)
}
