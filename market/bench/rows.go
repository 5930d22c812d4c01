package bench

import (
	"cmp"
	"slices"
	"strings"

	"talentmatch/matcher"
)

// Ids have the order of the numbers up to ten millions.
func programID(i int) string  { return "b.p" + digits(i, 7) }
func demandID(i int) string   { return "b.d" + digits(i, 7) }
func schoolID(i int) string   { return "b.sch" + digits(i, 6) }
func employerID(i int) string { return "b.emp" + digits(i, 7) }

func digits(i, width int) string {
	var b [20]byte
	at := len(b)
	for ; i > 0 || width > 0; width-- {
		at--
		b[at] = byte('0' + i%10)
		i /= 10
	}
	return string(b[at:])
}

// Program is the i-th program as market's converter would make it.
func (n *National) Program(i int) matcher.Program {
	r := n.draftProgram(i)
	courses := make([]string, len(r.courses))
	var t textRow
	for lang := range 2 {
		t.addName(&n.majorP[r.field][r.name][lang], 1)
	}
	for k, c := range r.courses {
		courses[k] = strings.Clone(n.courses[r.field][c.name])
		t.addBody(&n.courseP[r.field][c.name], 1)
	}
	n.addWords(&t, &n.programP, r.words)
	return r.row(i, label(n.majors[r.field][r.name]), courses, n.vector(&t))
}

func (r *programDraft) row(i int, l matcher.Label, courses []string, text matcher.TextVector) matcher.Program {
	p := matcher.Program{
		ID: programID(i), Label: l, Region: r.owner.region, Education: uint8(r.education.ISCED()), Held: r.held(),
		Cohorts: make([]matcher.CohortSize, len(r.cohorts)), Courses: courses, Text: text,
	}
	for k, c := range r.cohorts {
		p.Cohorts[k] = matcher.CohortSize{Year: c.Year, Graduates: c.Graduates}
	}
	p.Attrs[matcher.AttrOwner] = int32(1 + r.school)
	return p
}

// label copies the names: rows that come from records share no memory either.
func label(t twin) matcher.Label {
	return matcher.Label{Name: strings.Clone(t.zh), NameEN: strings.Clone(t.en)}
}

func (n *National) addWords(t *textRow, lead *[2]piece, words []int) {
	for lang := range 2 {
		t.addBody(&lead[lang], 1)
		for _, w := range words {
			t.addBody(&n.wordP[w][lang], 1)
		}
	}
}

// held is what the program teaches, each skill once at its best level, with its share of
// its courses' hours, else its level.
func (r *programDraft) held() []matcher.Held {
	var out []matcher.Held
	var hours []float64
	add := func(t taught, course int, share float64) {
		at := slices.IndexFunc(out, func(h matcher.Held) bool { return h.Skill == t.skill })
		if at < 0 {
			at = len(out)
			out = append(out, matcher.Held{Skill: t.skill, Course: -1, Confidence: 100, Known: true})
			hours = append(hours, 0)
		}
		if t.level > out[at].Level {
			out[at].Level, out[at].Course = t.level, int32(course)
		}
		hours[at] += share
	}
	for i, c := range r.courses {
		for _, t := range c.skills {
			add(t, i, float64(c.hours)/float64(len(c.skills)))
		}
	}
	for _, t := range r.apart {
		add(t, -1, 0)
	}
	for i := range out {
		out[i].Value = float32(hours[i])
		if hours[i] == 0 {
			out[i].Value = float32(out[i].Level)
		}
	}
	slices.SortFunc(out, func(a, b matcher.Held) int { return cmp.Compare(a.Skill, b.Skill) })
	return slices.Clip(out)
}

// Demand is the i-th demand as market's converter would make it.
func (n *National) Demand(i int) matcher.Demand {
	r := n.draftDemand(i)
	var t textRow
	for lang := range 2 {
		t.addName(&n.titleP[r.field][r.name][lang], titleCount)
	}
	n.addWords(&t, &n.needsP, r.words)
	d := r.row(i, label(n.titles[r.field][r.name]), n.vector(&t))
	d.Attrs[matcher.AttrIndustry] = int32(1 + n.trade(r.employer)%len(domains))
	return d
}

func (r *demandDraft) row(i int, l matcher.Label, text matcher.TextVector) matcher.Demand {
	d := matcher.Demand{
		ID: demandID(i), Label: l, Region: r.owner.region, Education: uint8(r.education.ISCED()), Open: true,
		Start: r.start, Headcount: r.headcount, Needs: make([]matcher.Need, len(r.needs)), Text: text,
	}
	for k, s := range r.needs {
		d.Needs[k] = matcher.Need{Skill: s.skill, Level: s.level, Required: s.required, Weight: float64(s.tenths) / 10}
	}
	d.Attrs[matcher.AttrOwner] = int32(1 + r.employer)
	d.Attrs[matcher.AttrMode] = int32(1 + r.mode)
	d.Attrs[matcher.AttrKind] = 1 // an enterprise
	return d
}
