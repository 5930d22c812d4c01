package generate

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"

	"talentmatch/index/taxonomy"
	"talentmatch/talent"
)

//go:embed trades.txt
var tradesText string

// A trade is a field of work: whom it hires and what schools teach for it.
type trade struct {
	key        string
	industries []string
	jobs       []*talent.Occupation
	weights    []int // of jobs
	majors     []major
	courses    []course
}

// A major is a program as a catalogue names it.
type major struct {
	education    talent.Education
	code, zh, en string
}

// A course teaches skills; a scarce one needs staff that few schools have.
type course struct {
	name   string
	hours  int
	scarce bool
	skills []taught
}

type taught struct {
	skill *talent.Skill
	level int // of an associate program
}

// labels is the taxonomy as the generator needs it.
type labels struct {
	skills      map[string]*talent.Skill
	occupations map[string]*talent.Occupation
}

func builtinLabels() (labels, error) {
	l := labels{map[string]*talent.Skill{}, map[string]*talent.Occupation{}}
	records, err := taxonomy.Builtin()
	if err != nil {
		return l, err
	}
	for _, rec := range records {
		switch r := rec.(type) {
		case *talent.Skill:
			l.skills[r.ID] = r
		case *talent.Occupation:
			l.occupations[r.ID] = r
		}
	}
	return l, nil
}

// readTrades parses trades.txt; its format is described at its head.
func readTrades(l labels) (map[string]*trade, error) {
	out := map[string]*trade{}
	var t *trade
	for n, line := range strings.Split(tradesText, "\n") {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		word, rest, _ := strings.Cut(line, " ")
		var err error
		switch {
		case word == "trade":
			t = &trade{key: rest}
			out[rest] = t
		case t == nil:
			err = fmt.Errorf("%s before the first trade", word)
		default:
			err = t.add(word, rest, l)
		}
		if err != nil {
			return nil, fmt.Errorf("trades.txt:%d: %w", n+1, err)
		}
	}
	return out, nil
}

func (t *trade) add(word, rest string, l labels) error {
	f := strings.Fields(rest)
	switch word {
	case "industry":
		t.industries = f
	case "job":
		o := l.occupations["oc."+f[0]]
		if o == nil {
			return fmt.Errorf("no occupation oc.%s", f[0])
		}
		w, err := strconv.Atoi(f[len(f)-1])
		if err != nil {
			return fmt.Errorf("job %s: %w", f[0], err)
		}
		t.jobs, t.weights = append(t.jobs, o), append(t.weights, w)
	case "program":
		names := strings.SplitN(strings.Join(f[2:], " "), " | ", 2)
		t.majors = append(t.majors, major{talent.Education(f[0]), strings.Trim(f[1], "-"), names[0], names[1]})
	case "course", "scarce":
		c, err := readCourse(rest, l)
		if err != nil {
			return err
		}
		c.scarce = word == "scarce"
		t.courses = append(t.courses, c)
	default:
		return fmt.Errorf("unknown word %q", word)
	}
	return nil
}

func readCourse(s string, l labels) (course, error) {
	head, skills, _ := strings.Cut(s, " | ")
	hours, name, _ := strings.Cut(head, " ")
	h, err := strconv.Atoi(hours)
	if err != nil {
		return course{}, fmt.Errorf("course %q: %w", s, err)
	}
	c := course{name: name, hours: h}
	for _, f := range strings.Fields(skills) {
		id, level, _ := strings.Cut(f, ":")
		n, err := strconv.Atoi(level)
		if err != nil {
			return course{}, fmt.Errorf("course %s, skill %s: %w", name, id, err)
		}
		skill := l.skills["sk."+id]
		if skill == nil {
			return course{}, fmt.Errorf("course %s: no skill sk.%s", name, id)
		}
		c.skills = append(c.skills, taught{skill, n})
	}
	return c, nil
}
