package bench

import (
	"time"

	"talentmatch/matcher"
	"talentmatch/talent"
)

// The shape of a market's records. Numbers of schools and employers follow from those of
// programs and demands, so that a larger market begins with a smaller one.
const (
	programsPerSchool  = 20
	demandsPerEmployer = 5

	leastTaught, mostTaught = 14, 26 // skills of a program
	leastNeeds, mostNeeds   = 10, 14 // of a demand
	firstYear               = 2025   // of cohorts
)

// The ground is what all made-up markets have in common: where and when things are, and
// how much is asked and taught.
type ground struct {
	seed      uint64
	places    *places
	headcount zipf
}

func newGround(seed uint64) (*ground, error) {
	p, err := newPlaces(seed)
	if err != nil {
		return nil, err
	}
	return &ground{seed: seed, places: p, headcount: newZipf(50, 0)}, nil
}

// Regions are the ids of the regions by number.
func (g *ground) Regions() []string { return g.places.ids }

// An owner is the school of a program or the employer of a demand.
type owner struct {
	region int32
	kind   string
}

var schoolKinds = []string{"secondary-school", "college", "university"}

func (g *ground) school(i int) owner {
	d := newDice(g.seed, kindSchool, i)
	return owner{g.places.draw(d), schoolKinds[d.weighted(30, 45, 25)]}
}

func (g *ground) employer(i int) owner {
	return owner{g.places.draw(newDice(g.seed, kindEmployer, i)), "enterprise"}
}

// award is what a kind of school gives.
func award(d dice, school string) talent.Education {
	switch school {
	case "secondary-school":
		return []talent.Education{talent.Secondary, talent.Postsecondary}[d.weighted(85, 15)]
	case "college":
		return []talent.Education{talent.Associate, talent.Bachelor}[d.weighted(92, 8)]
	}
	return []talent.Education{talent.Bachelor, talent.Master}[d.weighted(78, 22)]
}

// cohorts are three or four years, some of them without a class.
func cohorts(d dice) []talent.Cohort {
	out := make([]talent.Cohort, d.between(3, 4))
	for k := range out {
		out[k].Year = firstYear + k
		if !d.chance(8) {
			out[k].Graduates = d.between(12, 120)
		}
		if d.chance(50) {
			enrolled := out[k].Graduates + d.IntN(10)
			out[k].Enrolled = &enrolled
		}
	}
	return out
}

// level draws 1..5 about a centre.
func level(d dice, centre int) uint8 {
	return uint8(min(max(centre-2+d.weighted(1, 3, 5, 3, 1), 1), 5))
}

// centres are the levels that an award stands for.
var centres = map[talent.Education]int{"": 2, talent.Secondary: 2, talent.Postsecondary: 3, talent.Associate: 3, talent.Bachelor: 3, talent.Master: 4}

// A programDraft is a program before it takes a form.
type programDraft struct {
	school      int
	owner       owner
	field, name int // the name among the field's
	education   talent.Education
	courses     []courseDraft
	apart       []taught // entered without a course
	cohorts     []talent.Cohort
	words       []int
}

type courseDraft struct {
	name, hours int
	skills      []taught
}

type taught struct {
	skill int32
	level uint8
}

// teach spreads the skills over courses: one in ten stands apart, one in ten is taught in
// two courses, at a level each.
func (r *programDraft) teach(d dice, skills []int32) {
	centre := centres[r.education]
	names := d.Perm(courseNames)
	r.courses = make([]courseDraft, d.between(4, 5))
	for i := range r.courses {
		r.courses[i] = courseDraft{name: names[i], hours: 16 * d.between(1, 6)}
	}
	for _, s := range skills {
		if d.chance(10) {
			r.apart = append(r.apart, taught{s, level(d, centre)})
			continue
		}
		at := d.IntN(len(r.courses))
		r.courses[at].skills = append(r.courses[at].skills, taught{s, level(d, centre)})
		if d.chance(10) {
			at = (at + 1) % len(r.courses)
			r.courses[at].skills = append(r.courses[at].skills, taught{s, level(d, centre)})
		}
	}
}

// A post is a demand without its skills and words.
type post struct {
	education talent.Education // "" none
	start     int              // months since year 0, or matcher.NoStart
	headcount int
	mode      int
	posted    string
}

var modes = []string{"hire", "internship", "order-class", "apprenticeship"}

func (g *ground) post(d dice) post {
	p := post{start: matcher.NoStart}
	p.education = []talent.Education{"", talent.Secondary, talent.Postsecondary, talent.Associate, talent.Bachelor, talent.Master}[d.weighted(10, 22, 5, 40, 20, 3)]
	if !d.chance(5) {
		p.start = 2026*12 + d.IntN(36)
	}
	p.headcount = 1 + g.headcount.draw(d)
	p.mode = d.weighted(70, 15, 10, 5)
	p.posted = time.Date(2026, 1, 1+d.IntN(320), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	return p
}

// A demandDraft is a demand before it takes a form.
type demandDraft struct {
	employer    int
	owner       owner
	field, name int // the name among the field's
	post
	needs []needed
	words []int
}

type needed struct {
	taught
	tenths   int // importance
	required bool
}

// ask makes needs of skills; one demand in ten requires its first.
func (r *demandDraft) ask(d dice, skills []int32) {
	required := d.chance(10)
	for k, s := range skills {
		r.needs = append(r.needs, needed{taught{s, level(d, centres[r.education])}, d.between(1, 10), required && k == 0})
	}
}
