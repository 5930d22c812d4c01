package scenariotest

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"talentmatch/index/taxonomy"
	"talentmatch/talent"
	"talentmatch/testdata"
)

func catalogue(t *testing.T) *taxonomy.Catalogue {
	t.Helper()
	var skills []*talent.Skill
	var occupations []*talent.Occupation
	for _, rec := range builtin(t) {
		switch r := rec.(type) {
		case *talent.Skill:
			skills = append(skills, r)
		case *talent.Occupation:
			occupations = append(occupations, r)
		}
	}
	return taxonomy.NewCatalogue(skills, occupations)
}

// skillsOf is the ids of all skills that a program lists, names resolved.
func skillsOf(c *taxonomy.Catalogue, p *talent.Program) map[string]bool {
	out := map[string]bool{}
	add := func(id, name string) {
		if id == "" {
			id, _, _ = c.Resolve(name)
		}
		out[id] = true
	}
	for _, s := range p.Skills {
		add(s.Skill, s.Name)
	}
	for _, course := range p.Courses {
		for _, s := range course.Skills {
			add(s.Skill, s.Name)
		}
	}
	return out
}

func TestSizes(t *testing.T) {
	demands, programs, bytes := 0, 0, 0
	for _, s := range testdata.Scenarios {
		lines := scenario(t, s.Letter)
		demands += len(of[*talent.Demand](lines))
		programs += len(of[*talent.Program](lines))
		files, err := testdata.Scenario(strings.ToUpper(s.Letter))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			bytes += len(f.Data)
		}
	}
	if demands < 1500 || programs < 400 || bytes > 6<<20 {
		t.Errorf("%d demands, %d programs, %d bytes; want at least 1500 and 400 in at most 6 MB", demands, programs, bytes)
	}
}

// People fill in some fields, some of the time.
func TestDemandsAreFilledInAsPeopleDo(t *testing.T) {
	c := catalogue(t)
	all, bare, byName, odd, english, short := 0, 0, 0, 0, 0, 0
	for _, s := range testdata.Scenarios {
		for _, d := range of[*talent.Demand](scenario(t, s.Letter)) {
			all++
			if len(d.Skills) == 0 && d.Text != "" {
				bare++
			}
			named, unknown := false, false
			for _, k := range d.Skills {
				if k.Name != "" {
					named = true
					_, _, known := c.Resolve(k.Name)
					unknown = unknown || !known
				}
			}
			if named {
				byName++
			}
			if unknown {
				odd++
			}
			if strings.IndexFunc(d.Text, func(r rune) bool { return r >= 0x4E00 && r <= 0x9FFF }) < 0 {
				english++
			}
			if utf8.RuneCountInString(d.Text) < 60 {
				short++
			}
			if d.Start == "" || d.Posted < "2024-01-01" || d.Posted > "2026-10-31" || d.Posted[:7] > d.Start {
				t.Errorf("%s: posted %s for %s", d.ID, d.Posted, d.Start)
			}
		}
	}
	share := func(what string, n int, lo, hi float64) {
		if v := float64(n) / float64(all); v < lo || v > hi {
			t.Errorf("%s: %.3f of %d demands, want %g to %g", what, v, all, lo, hi)
		}
	}
	share("text but no skill list", bare, 0.25, 0.40)
	share("skills by name", byName, 0.2, 0.6)
	share("names that no taxonomy knows", odd, 0.01, 0.06)
	share("English", english, 0.04, 0.12)
	share("less than 60 characters", short, 0, 0.12)
}

func TestProgramsHaveCoursesAndCohorts(t *testing.T) {
	growing, shrinking, textOnly := 0, 0, 0
	for _, s := range testdata.Scenarios {
		for _, p := range of[*talent.Program](scenario(t, s.Letter)) {
			if len(p.Cohorts) != 4 || p.Cohorts[0].Year != 2025 || p.Cohorts[3].Year != 2028 {
				t.Errorf("%s: cohorts %v", p.ID, p.Cohorts)
				continue
			}
			switch {
			case p.Cohorts[3].Graduates > p.Cohorts[0].Graduates:
				growing++
			case p.Cohorts[3].Graduates < p.Cohorts[0].Graduates:
				shrinking++
			}
			switch n := len(p.Courses); {
			case n == 0 && len(p.Skills) == 0:
				textOnly++
			case n > 0 && (n < 3 || n > 8):
				t.Errorf("%s: %d courses", p.ID, n)
			}
			if p.Text == "" || p.EmploymentRate == nil || p.Retention == nil {
				t.Errorf("%s: text, employment rate or retention is missing", p.ID)
			}
		}
	}
	if growing < 100 || shrinking < 100 || textOnly < 10 {
		t.Errorf("%d programs grow, %d shrink, %d have only text", growing, shrinking, textOnly)
	}
}

// What the reports must find: skills that nobody but a named program teaches.
func TestScarceSkillsAreScarce(t *testing.T) {
	c := catalogue(t)
	teachers := func(letter, skill string, in func(region string) bool) (with, all int) {
		for _, p := range of[*talent.Program](scenario(t, letter)) {
			if in == nil || in(p.Region) {
				all++
				if skillsOf(c, p)[skill] {
					with++
				}
			}
		}
		return with, all
	}
	for _, tt := range []struct {
		letter, skill string
		most          int
	}{
		{"c", "sk.formula-granules", 1},
		{"e", "sk.drone-logistics", 0},
		{"e", "sk.live-hosting", 0},
		{"e", "sk.smart-farming", 0},
	} {
		if n, _ := teachers(tt.letter, tt.skill, nil); n > tt.most {
			t.Errorf("%s: %d programs teach %s, want at most %d", tt.letter, n, tt.skill, tt.most)
		}
		heads := 0
		for _, d := range of[*talent.Demand](scenario(t, tt.letter)) {
			for _, s := range d.Skills {
				if s.Skill == tt.skill {
					heads += d.Headcount
				}
			}
		}
		if heads < 20 {
			t.Errorf("%s: only %d people with %s are asked for", tt.letter, heads, tt.skill)
		}
	}
	inland := func(region string) bool { return strings.Contains("50 51 52 45 61 62 43 41", region[:2]) }
	far, _ := teachers("b", "sk.industrial-internet-platform", inland)
	near, _ := teachers("b", "sk.industrial-internet-platform", func(r string) bool { return !inland(r) })
	if far > 1 || near < 4 {
		t.Errorf("b: industrial internet platforms are taught by %d inland and %d other programs", far, near)
	}
}

func TestParkNeedsMoreThanAThousandFrom2028(t *testing.T) {
	heads := 0
	for _, d := range of[*talent.Demand](scenario(t, "e")) {
		if d.Start >= "2028" {
			heads += d.Headcount
		}
	}
	if heads <= 1000 {
		t.Errorf("%d people from 2028", heads)
	}
}

func TestSeriesAreLongEnough(t *testing.T) {
	for _, s := range testdata.Scenarios {
		for _, series := range of[*talent.Series](scenario(t, s.Letter)) {
			if n := len(series.Values); series.Period == "month" && (n < 60 || n > 96) || series.Period == "year" && (n < 5 || n > 8) {
				t.Errorf("%s has %d values", series.ID, n)
			}
		}
	}
	if n := len(of[*talent.Series](scenario(t, "b"))); n < 10 {
		t.Errorf("b has %d series", n)
	}
}

// The expected first matches can come first: the pair passes every gate, is near,
// and graduates leave within the year before the start.
func TestExpectationsAreFair(t *testing.T) {
	asks := map[string]int{}
	for _, e := range testdata.Expected {
		lines := scenario(t, e.Scenario)
		var d *talent.Demand
		var p *talent.Program
		for _, x := range of[*talent.Demand](lines) {
			if x.ID == e.Demand {
				d = x
			}
		}
		for _, x := range of[*talent.Program](lines) {
			if x.ID == e.Program {
				p = x
			}
		}
		if d == nil || p == nil || e.Why == "" {
			t.Errorf("%+v is incomplete", e)
			continue
		}
		if e.ToProgram {
			asks[e.Scenario]++
		}
		if !d.Open() || p.Education.ISCED() < d.Education.ISCED() || d.Region[:4] != p.Region[:4] {
			t.Errorf("%s and %s: status, education or place stand between", d.ID, p.ID)
		}
		start, _ := talent.ParseMonth(d.Start)
		timely := false
		for _, cohort := range p.Cohorts {
			a := start - (cohort.Year*12 + 6)
			timely = timely || cohort.Graduates > 0 && a >= 0 && a <= 12
		}
		if !timely {
			t.Errorf("%s starts %s, no cohort of %s leaves in the year before", d.ID, d.Start, p.ID)
		}
	}
	for _, s := range testdata.Scenarios {
		if asks[s.Letter] != 3 {
			t.Errorf("%s has %d pairs, want 3", s.Letter, asks[s.Letter])
		}
	}
}

func TestQuestionsNameRecords(t *testing.T) {
	for _, s := range testdata.Scenarios {
		ids := map[string]bool{}
		for _, l := range scenario(t, s.Letter) {
			ids[string(l.RecordType())+" "+l.RecordID()] = true
		}
		if !ids["alliance "+s.Alliance] || len(s.Questions) < 4 || len(s.Questions) > 6 {
			t.Errorf("%s: alliance %s, %d questions", s.Letter, s.Alliance, len(s.Questions))
		}
		for _, q := range s.Questions {
			key := map[string]string{"demand": "demand ", "program": "program ", "align": "program "}[q.Kind]
			if key != "" && !ids[key+q.ID] || key == "" && q.Text == "" || q.ZH == "" || q.EN == "" {
				t.Errorf("%s: question %+v", s.Letter, q)
			}
		}
	}
}

func TestUnknownScenario(t *testing.T) {
	if _, err := testdata.Scenario("f"); !errors.Is(err, talent.ErrNotFound) {
		t.Errorf("scenario f: %v", err)
	}
}
