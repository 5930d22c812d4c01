package market

import (
	"slices"
	"sort"
	"unicode"
	"unicode/utf8"

	"talentmatch/index"
	"talentmatch/index/extract"
	"talentmatch/index/taxonomy"
	"talentmatch/matcher"
	"talentmatch/talent"
)

// A converter turns records into the matcher's numeric form and into documents for
// the index. It is safe for concurrent use.
type converter struct {
	w   *world
	lex *lexicon
	org func(id string) *talent.Organization // nil if there is none

	// What is not asked for is left out; terms and long texts are most of the work.
	noRows, noDocs bool
}

// makes reports whether records of type t have a form that is asked for.
func (c *converter) makes(t talent.Type) bool {
	rows := t == talent.TypeDemand || t == talent.TypeProgram
	return rows && !c.noRows || !c.noDocs && index.Searchable(t)
}

// minExtracted is how many skills a text must name before they count: fewer say
// too little about it.
const minExtracted = 3

// skill resolves a skill given by id or name. A name that no taxonomy knows is kept
// under itself, so that equal names still find each other.
func (c *converter) skill(id, name string) (number int32, resolved string, known bool) {
	if id == "" {
		if found, _, ok := c.w.catalogue.Resolve(name); ok {
			id = found
		}
	}
	if id != "" {
		return c.lex.skills.of(id), id, true
	}
	return c.lex.skills.of(unknownPrefix + taxonomy.Fold(name)), "", false
}

// unknownPrefix marks interned skill names that no taxonomy knows; no id begins
// with it.
const unknownPrefix = "~"

func (c *converter) attr(s string) int32 { return c.lex.attrs.of(s) }

// industryCode is the division of a GB/T 4754 code, or the code itself when it is
// of another system.
func industryCode(code string) string {
	if ind, ok := talent.IndustryOf(code); ok {
		return ind.Code
	}
	return code
}

// converted is one record in both forms.
type converted struct {
	demand     *matcher.Demand
	program    *matcher.Program
	doc        index.Doc
	searchable bool
	unresolved []string // skill names as written
}

func (c *converter) record(rec talent.Record) converted {
	switch r := rec.(type) {
	case *talent.Demand:
		return c.demand(r)
	case *talent.Program:
		return c.program(r)
	}
	doc, ok := c.doc(rec)
	return converted{doc: doc, searchable: ok}
}

func (c *converter) demand(r *talent.Demand) converted {
	d := matcher.Demand{
		ID: r.ID, Label: matcher.Label{Name: r.Title, NameEN: r.TitleEN}, Region: c.lex.regions.of(r.Region), Education: uint8(r.Education.ISCED()), Open: r.Open(),
		Start: matcher.NoStart, Headcount: r.Headcount,
	}
	if m, ok := talent.ParseMonth(r.Start); ok {
		d.Start = m
	}
	occ := c.w.catalogue.Occupation(r.Occupation)
	t := texts{titles: []string{r.Title, r.TitleEN}, bodies: []string{r.Text}}
	if occ != nil {
		t.names = append([]string{occ.Name, occ.NameEN}, occ.Aliases...)
		if r.Text == "" {
			t.bodies = []string{occ.Text, occ.TextEN}
		}
	}
	d.Text = c.vector(t)

	out := converted{searchable: true}
	var skills []string
	d.Needs, skills, out.unresolved = c.needs(r)
	industry := r.Industry
	org := c.org(r.Employer)
	kind := ""
	if org != nil {
		kind = org.Kind
		if industry == "" {
			industry = org.Industry
		}
	}
	d.Attrs = [matcher.NumAttrs]int32{c.attr(r.Employer), c.attr(industryCode(industry)), c.attr(r.Occupation), c.attr(r.Mode), c.attr(kind)}
	out.demand = &d
	out.doc = c.demandDoc(r, occ, org, industry, skills, out.unresolved)
	return out
}

// needs are the demand's skills: those entered; else its occupation's, or its
// occupation's counterpart's; else those that its text names, when they are at least
// minExtracted.
func (c *converter) needs(r *talent.Demand) (needs []matcher.Need, skills, unresolved []string) {
	if len(r.Skills) > 0 {
		for _, s := range r.Skills {
			n, id, known := c.skill(s.Skill, s.Name)
			if known {
				skills = append(skills, id)
			} else {
				unresolved = append(unresolved, s.Name)
			}
			needs = append(needs, matcher.Need{Skill: n, Level: uint8(talent.LevelOf(s.Level)), Required: s.Required, Weight: talent.ImportanceOf(s.Importance)})
		}
		return needs, distinct(skills), distinct(unresolved)
	}
	if of := c.w.catalogue.SkillsOf(r.Occupation); len(of) > 0 {
		for _, s := range of {
			needs = append(needs, matcher.Need{Skill: c.lex.skills.of(s.Skill), Level: uint8(talent.LevelOf(s.Level)), Weight: talent.ImportanceOf(s.Importance)})
			skills = append(skills, s.Skill)
		}
		return needs, distinct(skills), nil
	}
	for _, f := range c.extracted(r.Title, r.TitleEN, r.Text).skills {
		needs = append(needs, matcher.Need{Skill: c.lex.skills.of(f.Skill), Level: talent.DefaultLevel, Extracted: true, Weight: f.Confidence})
		skills = append(skills, f.Skill)
	}
	return needs, distinct(skills), nil
}

// A found list is the skills that texts name, and how much of the texts their
// labels make up.
type foundSkills struct {
	skills   []extract.Found // the best find of each, by id; none if they are too few
	coverage float64         // share of the letters, 0..1
}

// extracted are the skills that the texts name.
func (c *converter) extracted(texts ...string) foundSkills {
	best := map[string]extract.Found{}
	covered, letters := 0, 0
	for _, t := range texts {
		for _, r := range t {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				letters++
			}
		}
		for _, f := range c.w.extractor.Extract(t) {
			covered += utf8.RuneCountInString(f.Text)
			if b, ok := best[f.Skill]; !ok || f.Confidence > b.Confidence {
				best[f.Skill] = f
			}
		}
	}
	if len(best) < minExtracted {
		return foundSkills{}
	}
	out := foundSkills{coverage: min(1, float64(covered)/float64(max(letters, 1)))}
	for _, f := range best {
		out.skills = append(out.skills, f)
	}
	sort.Slice(out.skills, func(i, j int) bool { return out.skills[i].Skill < out.skills[j].Skill })
	return out
}

func (c *converter) program(r *talent.Program) converted {
	p := matcher.Program{ID: r.ID, Label: matcher.Label{Name: r.Name, NameEN: r.NameEN}, Region: c.lex.regions.of(r.Region), Education: uint8(r.Education.ISCED())}
	for _, co := range r.Cohorts {
		p.Cohorts = append(p.Cohorts, matcher.CohortSize{Year: co.Year, Graduates: co.Graduates})
	}
	t := texts{names: []string{r.Name, r.NameEN}, bodies: []string{r.Text}}
	for _, co := range r.Courses {
		p.Courses = append(p.Courses, co.Name)
		t.bodies = append(t.bodies, co.Name)
	}
	p.Text = c.vector(t)
	out := converted{searchable: true}
	var skills []string
	skills, out.unresolved = c.held(r, &p)
	p.Attrs[matcher.AttrOwner] = c.attr(r.School)
	p.FurtherStudy, p.Retention = rate(r.FurtherStudyRate), rate(r.Retention)
	out.program = &p
	out.doc = c.programDoc(r, skills, out.unresolved)
	return out
}

func rate(v *float64) matcher.Rate {
	if v == nil {
		return matcher.Rate{}
	}
	return matcher.Rate{Share: *v, Said: true}
}

// teaching is one skill of a program while its entries are put together.
type teaching struct {
	held  matcher.Held
	id    string
	hours float64
	timed bool // some course with hours teaches it
}

// held fills the program's skills: its own and its courses', each once at its best
// level; else those that its text names.
func (c *converter) held(r *talent.Program, p *matcher.Program) (skills, unresolved []string) {
	byCourse := coursesByName(r)
	taught := map[int32]*teaching{}
	perCourse := make([]map[int32]bool, len(r.Courses))
	add := func(id, name string, level *int, course int) {
		n, resolved, known := c.skill(id, name)
		if known {
			skills = append(skills, resolved)
		} else {
			unresolved = append(unresolved, name)
		}
		t := taught[n]
		if t == nil {
			t = &teaching{id: resolved, held: matcher.Held{Skill: n, Course: -1, Confidence: 100, Known: known}}
			taught[n] = t
		}
		if l := uint8(talent.LevelOf(level)); l > t.held.Level || (l == t.held.Level && t.held.Course < 0 && course >= 0) {
			t.held.Level, t.held.Course = l, int32(course)
		}
		if course >= 0 && course < len(perCourse) {
			if perCourse[course] == nil {
				perCourse[course] = map[int32]bool{}
			}
			perCourse[course][n] = true
		}
	}
	for i, co := range r.Courses {
		for _, s := range co.Skills {
			add(s.Skill, s.Name, s.Level, i)
		}
	}
	for _, s := range r.Skills {
		course, ok := byCourse[s.Course]
		switch {
		case ok:
		case s.Course == "":
			course = -1
		default: // a course that is not listed: known by name only
			course = len(p.Courses)
			byCourse[s.Course] = course
			p.Courses = append(p.Courses, s.Course)
		}
		add(s.Skill, s.Name, s.Level, course)
	}
	for i, in := range perCourse {
		if h := r.Courses[i].Hours; h != nil {
			for n := range in {
				taught[n].hours += *h / float64(len(in))
				taught[n].timed = true
			}
		}
	}
	if len(taught) == 0 {
		texts := []string{r.Name, r.NameEN, r.Text}
		for _, co := range r.Courses {
			texts = append(texts, co.Name)
		}
		found := c.extracted(texts...)
		p.Doubt = found.doubt()
		if p.Doubt == 1 { // prose: no data, rather than skills that count for nothing
			found.skills = nil
		}
		for _, f := range found.skills {
			n := c.lex.skills.of(f.Skill)
			taught[n] = &teaching{id: f.Skill, held: matcher.Held{Skill: n, Course: -1, Level: talent.DefaultLevel,
				Confidence: uint8(f.Confidence*100 + .5), Extracted: true}}
			skills = append(skills, f.Skill)
		}
	}
	p.Held = orderHeld(taught, c.lex.skills)
	return distinct(skills), distinct(unresolved)
}

// A text is taken for prose while skill labels make up less than proseShare of it,
// and for a list of skills from listShare on.
const (
	proseShare = 0.4
	listShare  = 0.8
)

// doubt is how far skills found in a text are from being a list that somebody
// entered, 0..1. Prose names a few of the skills that it means, so what it leaves out
// is no evidence against it; a text that consists of skill names is as good as a
// list. The skills and focus components move towards "no data" by this share, which
// is how the confidence of extraction is a factor of the whole.
func (f *foundSkills) doubt() float32 {
	trust := (f.coverage - proseShare) / (listShare - proseShare)
	return float32(1 - min(1, max(0, trust)))
}

// orderHeld lists the skills by their text, which does not depend on interning.
func orderHeld(taught map[int32]*teaching, names *interner) []matcher.Held {
	out := make([]matcher.Held, 0, len(taught))
	for _, t := range taught {
		t.held.Value = float32(t.held.Level)
		if t.timed {
			t.held.Value = float32(t.hours)
		}
		out = append(out, t.held)
	}
	sort.Slice(out, func(i, j int) bool { return names.name(out[i].Skill) < names.name(out[j].Skill) })
	return out
}

// coursesByName finds a course by id, or else by name.
func coursesByName(r *talent.Program) map[string]int {
	m := map[string]int{}
	for i := len(r.Courses) - 1; i >= 0; i-- {
		m[r.Courses[i].Name] = i
	}
	for i, co := range r.Courses {
		if co.ID != "" {
			m[co.ID] = i
		}
	}
	return m
}

// distinct sorts a list and drops repeats.
func distinct(list []string) []string {
	sort.Strings(list)
	return slices.Compact(list)
}
