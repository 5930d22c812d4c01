package bench

import (
	"context"
	"fmt"
	"io"

	"talentmatch/matcher"
	"talentmatch/talent"
	"talentmatch/talent/interchange"
)

// MostRecords bounds programs and demands: ids have seven digits.
const MostRecords = 10_000_000

// Write writes a market of so many programs and demands, each 0..MostRecords, as NDJSON,
// what is referred to first. Regions are the built-in ones. progress may be nil. Errors:
// those of the stream, a number out of range, the context's end.
func (n *National) Write(ctx context.Context, w io.Writer, programs, demands int, progress func(done, total int)) error {
	for _, size := range []struct {
		name  string
		value int
	}{{"programs", programs}, {"demands", demands}} {
		if size.value < 0 || size.value > MostRecords {
			return talent.Invalid(size.name, fmt.Sprint(size.value), "must be from 0 to %d", MostRecords)
		}
	}
	parts := []struct {
		count int
		make  func(i int) talent.Record
	}{
		{len(n.skills.names), func(i int) talent.Record { return n.skills.record(int32(i)) }},
		{len(n.skills.links), func(i int) talent.Record { return n.skills.links[i].record() }},
		{upTo(programs, programsPerSchool), func(i int) talent.Record { return n.schoolRecord(i) }},
		{upTo(demands, demandsPerEmployer), func(i int) talent.Record { return n.employerRecord(i) }},
		{programs, func(i int) talent.Record { return n.programRecord(i) }},
		{demands, func(i int) talent.Record { return n.demandRecord(i) }},
	}
	total, done := 0, 0
	for _, p := range parts {
		total += p.count
	}
	out, err := interchange.NewWriter(w, "ndjson", "", "")
	if err != nil {
		return err
	}
	for _, p := range parts {
		for i := range p.count {
			if done++; done%1000 == 0 {
				if err := ctx.Err(); err != nil {
					return err
				}
				if progress != nil {
					progress(done, total)
				}
			}
			if err := out.Write(p.make(i)); err != nil {
				return err
			}
		}
	}
	return out.Close()
}

// upTo is how many groups of a size it takes for n.
func upTo(n, size int) int { return (n + size - 1) / size }

const note = "made up for measuring (talentmatch bench market)"

var schoolNames = map[string]twin{
	"secondary-school": {"中等职业学校", "vocational school"}, "college": {"职业技术学院", "vocational college"}, "university": {"大学", "university"},
}

func (n *National) schoolRecord(i int) *talent.Organization {
	o := n.school(i)
	return n.organization(schoolID(i), i, o, n.trade(i), schoolNames[o.kind])
}

func (n *National) employerRecord(i int) *talent.Organization {
	field := n.trade(i)
	r := n.organization(employerID(i), i, n.employer(i), field, twin{"公司", "company"})
	r.Industry = domains[field%len(domains)].industry
	r.Size = []string{"micro", "small", "medium", "large"}[i%4]
	return r
}

func (n *National) organization(id string, i int, o owner, field int, word twin) *talent.Organization {
	region := talent.BuiltinRegion(n.places.ids[o.region])
	domain, _ := fieldOf(field)
	return &talent.Organization{
		ID: id, Kind: o.kind, Region: region.ID, Note: note,
		Name:   fmt.Sprintf("%s%s%s（%d）", region.Name, domain.zh, word.zh, i),
		NameEN: fmt.Sprintf("%s %s %s (%d)", region.NameEN, domain.en, word.en, i),
	}
}

func (n *National) programRecord(i int) *talent.Program {
	r := n.draftProgram(i)
	major := n.majors[r.field][r.name]
	p := &talent.Program{
		ID: programID(i), School: schoolID(r.school), Name: major.zh, NameEN: major.en, Text: listing(programLead, r.words),
		Region: n.places.ids[r.owner.region], Education: r.education, Cohorts: r.cohorts,
	}
	for k, c := range r.courses {
		hours := float64(c.hours)
		course := talent.Course{ID: fmt.Sprintf("c%d", k+1), Name: n.courses[r.field][c.name], Hours: &hours}
		for _, t := range c.skills {
			l := int(t.level)
			course.Skills = append(course.Skills, talent.CourseSkill{Skill: skillID(t.skill), Level: &l})
		}
		p.Courses = append(p.Courses, course)
	}
	for _, t := range r.apart {
		l := int(t.level)
		p.Skills = append(p.Skills, talent.ProgramSkill{Skill: skillID(t.skill), Level: &l})
	}
	return p
}

func (n *National) demandRecord(i int) *talent.Demand {
	r := n.draftDemand(i)
	title := n.titles[r.field][r.name]
	d := &talent.Demand{
		ID: demandID(i), Employer: employerID(r.employer), Title: title.zh, TitleEN: title.en, Text: listing(demandLead, r.words),
		Region: n.places.ids[r.owner.region], Headcount: r.headcount, Education: r.education, Mode: modes[r.mode], Posted: r.posted,
	}
	if r.start != matcher.NoStart {
		d.Start = fmt.Sprintf("%04d-%02d", r.start/12, r.start%12+1)
	}
	for _, s := range r.needs {
		l, importance := int(s.level), float64(s.tenths)/10
		d.Skills = append(d.Skills, talent.DemandSkill{Skill: skillID(s.skill), Importance: &importance, Level: &l, Required: s.required})
	}
	return d
}
