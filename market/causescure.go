package market

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"talentmatch/matcher"
	"talentmatch/matcher/gap"
	"talentmatch/matcher/gap/fill"
	"talentmatch/talent"
)

// cure renders one change.
func (c *causer) cure(ctx context.Context, x *curing) CausesCure {
	program := &c.market.Programs[x.program]
	out := CausesCure{Program: program.ID, Name: program.ID, Year: x.year, Heads: x.heads, Unverified: program.Blank, InUse: x.inUse, Openings: x.helps, Demand: c.market.Openings[x.opening].ID}
	if p, ok := c.s.snap.PeekProgram(program.ID); ok {
		out.Name, out.NameEN = p.Label.Name, p.Label.NameEN
	}
	if d, ok := c.s.snap.PeekDemand(out.Demand); ok {
		out.Title, out.TitleEN = d.Label.Name, d.Label.NameEN
	}
	out.School = c.m.lex.attrs.name(program.Owner)
	out.SchoolName, out.SchoolNameEN = c.organization(ctx, out.School)
	for k := range fill.Limits {
		if x.broken.Has(k) {
			out.Limits = append(out.Limits, k.String())
			c.tell(ctx, &out, x, k)
		}
	}
	if x.broken == 0 || x.inUse {
		out.Limits = append(out.Limits, numbersCure)
	}
	out.Text, out.TextEN = out.sentences()
	return out
}

func (c *causer) organization(ctx context.Context, id string) (name, english string) {
	if org := c.m.orgs.get(ctx, id); org != nil {
		return org.Name, org.NameEN
	}
	return id, ""
}

// tell says how a limit is broken.
func (c *causer) tell(ctx context.Context, out *CausesCure, x *curing, k fill.Limit) {
	o, s := &c.market.Openings[x.opening], &c.market.Fill.Supplies[x.supplies[0]]
	program := &c.market.Programs[s.Program]
	switch k {
	case fill.Education:
		out.Education = &CureEducation{Asked: educationWord(o.Education), Award: educationWord(program.Education)}
	case fill.Timing:
		out.Timing = &CureTiming{Start: month(o.Start), Leaves: month(int(s.Leaves)), Months: monthsOff(o.Start, int(s.Leaves))}
	case fill.Skills:
		out.Skills, out.FromText = c.skills(x, program.ID)
	case fill.Place:
		regions := c.m.lex.regions.all()
		p := &CurePlace{}
		p.From, p.FromName, p.FromNameEN = c.placeLabel(regions[program.Region])
		p.To, p.ToName, p.ToNameEN = c.placeLabel(regions[o.Region])
		out.Place = p
	case fill.Reservations:
		r := &CureReserved{Enterprise: c.m.lex.attrs.name(x.holder)}
		for _, s := range x.supplies {
			if w := &c.market.Fill.Supplies[s]; w.Holder == x.holder {
				r.Seats += w.Units
			}
		}
		r.Name, r.NameEN = c.organization(ctx, r.Enterprise)
		out.Reserved = r
	}
}

// A start is in time from so many months before a cohort leaves to so many after.
const (
	earliestStart = -24
	latestStart   = 36
)

// monthsOff is how many months a cohort leaves too early, or too late when below 0.
func monthsOff(start, leaves int) int {
	if after := start - leaves; after > 0 {
		return after - latestStart
	}
	return start - leaves - earliestStart
}

func month(months int) string { return fmt.Sprintf("%04d-%02d", months/12, months%12+1) }

// placeLabel is where graduates of a region stay.
func (c *causer) placeLabel(region string) (key, name, english string) {
	if place, ok := c.s.world.staysIn(region, c.r.Reach); ok {
		region = place
	}
	return c.s.world.label(gap.Region, region)
}

// skills renders what is lacking, and says whether what there is was found in a text: a text is not
// read once skills are entered.
func (c *causer) skills(x *curing, id string) (out []CureSkill, fromText bool) {
	p, _ := c.s.snap.PeekProgram(id)
	fromText = slices.ContainsFunc(p.Held, func(h matcher.Held) bool { return h.Extracted })
	for _, n := range x.lacking {
		s := CureSkill{Asked: int(n.Need.Level), Required: n.Need.Required}
		s.Skill, s.Name, s.NameEN = skillLabel(c.s, c.m.lex, n.Need.Skill)
		if n.Held >= 0 && n.Held < len(p.Held) {
			h := p.Held[n.Held]
			s.Taught, s.Course = int(h.Level), courseName(&p, h)
			if n.Status == matcher.PartlyMet {
				_, s.By, s.ByEN = skillLabel(c.s, c.m.lex, h.Skill)
			}
		}
		out = append(out, s)
	}
	return out, fromText
}

// sentences say the cure in both languages.
func (x *CausesCure) sentences() (zh, en string) {
	var partsZH, partsEN []string
	add := func(zh, en string) { partsZH, partsEN = append(partsZH, zh), append(partsEN, en) }
	if e := x.Education; e != nil {
		add(fmt.Sprintf("需求由%s放宽到%s，或提高授予学历", educationLabel(e.Asked, "zh"), educationLabel(e.Award, "zh")),
			fmt.Sprintf("ask for %s instead of %s, or raise the award", educationLabel(e.Award, "en"), educationLabel(e.Asked, "en")))
	}
	if t := x.Timing; t != nil {
		zh, en, n := "早", "early", t.Months
		if n < 0 {
			zh, en, n = "晚", "late", -n
		}
		add(fmt.Sprintf("%s毕业，%s到岗，%s了 %d 个月", t.Leaves, t.Start, zh, n), fmt.Sprintf("they leave in %s, %d months too %s for a start in %s", t.Leaves, n, en, t.Start))
	}
	for i := range x.Skills {
		add(x.Skills[i].sentences())
	}
	if x.FromText {
		add("现有技能识别自文本，须一并录入", "enter the skills found in its text as well, which is not read any more then")
	}
	if p := x.Place; p != nil {
		add(fmt.Sprintf("毕业生留在%s，岗位在%s", p.FromName, p.ToName), fmt.Sprintf("graduates stay in %s, the opening is in %s", either(p.FromNameEN, p.FromName), either(p.ToNameEN, p.ToName)))
	}
	if r := x.Reserved; r != nil {
		add(fmt.Sprintf("%d 席为%s预留", r.Seats, r.Name), fmt.Sprintf("%d seats are reserved for %s", r.Seats, either(r.NameEN, r.Name)))
	}
	switch {
	case x.InUse:
		add("其毕业生都已用上，还须扩大招生", "its graduates are all in use: enrol more as well")
	case len(partsZH) == 0:
		add("扩大招生：合格的毕业生都已用上", "enrol more: all who could fill them are in use")
	}
	if x.Unverified {
		add("其技能不详，须核实", "its skills are not known and must be checked")
	}
	zh = fmt.Sprintf("%s（%s，%d 届）任%s：%s；至多补 %d 人", x.Name, x.SchoolName, x.Year, x.Title, strings.Join(partsZH, "；"), x.Heads)
	en = fmt.Sprintf("%s (%s, %d) for %s: %s; fills %d at most", either(x.NameEN, x.Name), either(x.SchoolNameEN, x.SchoolName), x.Year, either(x.TitleEN, x.Title), strings.Join(partsEN, "; "), x.Heads)
	return zh, en
}

func (s *CureSkill) sentences() (zh, en string) {
	name := either(s.NameEN, s.Name)
	switch {
	case s.Taught == 0:
		return fmt.Sprintf("开设“%s”（%d 级）", s.Name, s.Asked), fmt.Sprintf("teach %s at level %d", name, s.Asked)
	case s.By != "":
		return fmt.Sprintf("开设“%s”（%d 级；现有相近的“%s”）", s.Name, s.Asked, s.By), fmt.Sprintf("teach %s at level %d (now %s, which is near)", name, s.Asked, either(s.ByEN, s.By))
	}
	return fmt.Sprintf("“%s”由 %d 级提到 %d 级", s.Name, s.Taught, s.Asked), fmt.Sprintf("raise %s from level %d to %d", name, s.Taught, s.Asked)
}

func educationLabel(word, lang string) string { return talent.Label("", "education", word, lang) }

// either is the first, or the other where there is none.
func either(first, other string) string {
	if first != "" {
		return first
	}
	return other
}
