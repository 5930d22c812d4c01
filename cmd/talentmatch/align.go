package main

import (
	"fmt"
	"strconv"

	"talentmatch/market"
)

// alignCmd shows how a program meets the demand. ndjson has the openings reached,
// one a line, then a last line {"meta": ...} with the alignment itself.
type alignCmd struct {
	dataFlag
	Program   string  `arg:"" help:"Id of the program."`
	MinSkills float64 `default:"0.5" help:"An opening is reached when at least this share of its skills is met."`
	Top       int     `default:"10" help:"Openings, and skills of each kind, shown: 1..1000."`
	Format    string  `enum:"table,ndjson" default:"table" help:"table or ndjson."`
	matchFilterFlags
}

// Run asks for the alignment.
func (c *alignCmd) Run(s *session) (err error) {
	m, err := c.open(s)
	if err != nil {
		return err
	}
	defer closing(m, &err)
	answer, err := m.Align(s.ctx, market.AlignRequest{ProgramID: c.Program, MinSkills: c.MinSkills, Filter: c.filter(), Top: c.Top})
	if err != nil {
		return asked(err)
	}
	if c.Format == "ndjson" {
		return alignLines(s, answer)
	}
	writeAlignment(s, answer, c.Top)
	return nil
}

func alignLines(s *session, a *market.AlignAnswer) error {
	for _, item := range a.Items {
		if err := s.line(item); err != nil {
			return err
		}
	}
	return s.line(struct {
		Meta market.AlignMeta `json:"meta"`
	}{a.Meta})
}

// writeAlignment writes the alignment for people, at most top lines of each kind.
func writeAlignment(s *session, a *market.AlignAnswer, top int) {
	meta := a.Meta
	fmt.Fprintf(s.out, "program %s  %s · %d graduates\n", meta.Program, plain(meta.Name), meta.Graduates)
	fmt.Fprintf(s.out, "eligible  %d openings for %d people\n", meta.Eligible, meta.EligibleHeadcount)
	fmt.Fprintf(s.out, "reached   %d openings for %d people (at least %s of the skills)\n", meta.Reached, meta.ReachedHeadcount, number(meta.MinSkills))
	fmt.Fprintf(s.out, "coverage  %s of what eligible openings ask, weighted by headcount\n", twoDecimals(meta.Coverage))
	if len(a.Items) > 0 {
		fmt.Fprintln(s.out, "\nopenings reached")
		t := newTable("  ", ">#", ">score", ">coverage", "id", "name", "employer", ">heads")
		for i, item := range a.Items {
			if i == top {
				break
			}
			t.add(strconv.Itoa(item.Rank), fmt.Sprintf("%.4f", item.Score), fmt.Sprintf("%.2f", item.Coverage),
				item.ID, cut(item.Name, 36), cut(item.OwnerName, 36), strconv.Itoa(item.Headcount))
		}
		t.write(s.out)
	}
	writeAlignSkills(s, "asked for, not taught", meta.Missing, top)
	writeAlignSkills(s, "taught below the level asked for", meta.Below, top)
	writeAlignSkills(s, "taught, and nobody asks for it", meta.Surplus, top)
}

// writeAlignSkills writes one kind of skills with what is known about them.
func writeAlignSkills(s *session, title string, skills []market.AlignSkill, top int) {
	if len(skills) == 0 {
		return
	}
	fmt.Fprintf(s.out, "\n%s (%d)\n", title, len(skills))
	t := newTable("  ", "skill", ">openings", ">heads", ">asked", ">taught", ">lost", "course")
	for i, k := range skills {
		if i == top {
			break
		}
		t.add(cut(name(k.Name, k.NameEN), 44), some(k.Openings), some(k.Headcount), someDecimals(k.Asked, 1), some(k.Taught), someDecimals(k.Lost, 1), cut(k.Course, 30))
	}
	t.write(s.out)
}

// some shows a count that is there at all; "-" where it does not apply.
func some(n int) string {
	if n == 0 {
		return "-"
	}
	return strconv.Itoa(n)
}

func someDecimals(v float64, decimals int) string {
	if v == 0 {
		return "-"
	}
	return strconv.FormatFloat(v, 'f', decimals, 64)
}
