package generate

import (
	"fmt"
	"math"
	"strings"

	"talentmatch/talent"
)

// demands makes the scenario's demands. A trade's first employers, the named
// anchors above all, post most of them.
func (g *generator) demands() {
	for n := 1; n <= g.spec.demands; n++ {
		d := g.dice("demand", n)
		t := g.trades[g.spec.demandMix[d.weighted(weightsOf(g.spec.demandMix))].trade]
		dem := g.demand(d, n, t)
		g.tradeOf[dem.ID] = t.key
		g.demandsOf[t.key] = append(g.demandsOf[t.key], dem)
		g.emit(dem)
	}
}

// How much people fill in. Shares of all demands.
const (
	textOnly       = 0.25 // no skill list
	occupationOnly = 0.07 // an occupation and a line of text
	namesOnly      = 0.14 // skills as written, without ids
	oddName        = 0.03 // a skill that no taxonomy knows
)

var oddNames = []string{"会看图识料", "听得懂客家话", "能适应两班倒", "星尘云控台", "KX-200型机操作", "厂里自研ERP", "葡萄牙语", "老师傅带的那套手艺", "懂少数民族饮食习惯", "粤语流利", "青鸾边缘盒子", "会骑三轮"}

func (g *generator) demand(d dice, n int, t *trade) *talent.Demand {
	occ := t.jobs[d.weighted(t.weights)]
	firms := g.employers[t.key]
	firm := firms[d.zipf(len(firms))]
	dem := &talent.Demand{
		ID: fmt.Sprintf("%s.dem.%04d", g.spec.letter, n), Employer: firm.ID, Region: firm.Region,
		Industry: firm.Industry, Headcount: pick(d, g.spec.heads), Education: minimum(d, occ), Note: Note,
	}
	senior := d.chance(0.12) && dem.Education.ISCED() >= talent.Associate.ISCED()
	needs := g.needs(d, occ, dem.Education, senior)
	dem.Title, dem.TitleEN = titles(d, occ, senior)
	dem.Mode = mode(d)
	if dem.Mode == "order-class" {
		dem.Headcount = d.between(20, 45)
	}
	g.dates(d, dem)
	dem.Salary = salary(d, dem, t.key)
	if d.chance(0.6) {
		dem.Priority = pointer(pick(d, []int{1, 2, 3, 3, 4, 4, 5}))
	}
	if t.key == "granule" {
		dem.Priority = pointer(5) // the trouble that the district names
	}
	english := d.chance(0.08)
	dem.Text = demandText(d, dem, t, occ, needs, english)
	fillIn(d, dem, occ, needs)
	return dem
}

// fillIn decides how much of what is needed was entered beside the text.
func fillIn(d dice, dem *talent.Demand, occ *talent.Occupation, needs []need) {
	switch u := d.Float64(); {
	case u < textOnly:
		if d.chance(0.4) {
			dem.Occupation = occ.ID
		}
		return
	case u < textOnly+occupationOnly:
		dem.Occupation = occ.ID
		dem.Text = pick(d, []string{"按岗位通用标准执行，具体面谈。", "要求同该岗位国家职业标准，提供食宿，待遇面议。", "常年招聘，工作内容以现场安排为准，欢迎应届毕业生。"})
		return
	case u < textOnly+occupationOnly+namesOnly:
		for _, n := range needs {
			s := n.demandSkill()
			s.Name, s.Skill = label(d, n.skill), ""
			dem.Skills = append(dem.Skills, s)
		}
	default:
		for _, n := range needs {
			s := n.demandSkill()
			if d.chance(0.12) {
				s.Name, s.Skill = label(d, n.skill), ""
			}
			dem.Skills = append(dem.Skills, s)
		}
		if d.chance(0.7) {
			dem.Occupation = occ.ID
		}
	}
	if d.chance(oddName / (1 - textOnly - occupationOnly)) {
		dem.Skills = append(dem.Skills, talent.DemandSkill{Name: pick(d, oddNames), Importance: round(0.4, 1)})
	}
}

// need is one skill that a demand asks for.
type need struct {
	skill      *talent.Skill
	importance float64
	level      int
	required   bool
}

func (n need) demandSkill() talent.DemandSkill {
	return talent.DemandSkill{Skill: n.skill.ID, Importance: round(n.importance, 1), Level: pointer(n.level), Required: n.required}
}

// needs draws 3 to 8 of the occupation's skills, the important ones first.
func (g *generator) needs(d dice, occ *talent.Occupation, e talent.Education, senior bool) []need {
	base := 3
	if e.ISCED() <= talent.Secondary.ISCED() {
		base = 2
	}
	if senior {
		base++
	}
	limit := d.between(4, 8)
	var out []need
	for i, s := range occ.Skills {
		imp := talent.ImportanceOf(s.Importance)
		skill := g.labels.skills[s.Skill]
		if skill == nil || len(out) == limit || i > 1 && !d.chance(0.35+0.5*imp) {
			continue
		}
		n := need{skill: skill, importance: math.Min(1, math.Max(0.2, imp+0.2*(d.Float64()-0.5)))}
		n.level = min(max(base+pick(d, []int{-1, 0, 0, 0, 1}), 1), 5)
		n.required = i == 0 && d.chance(0.45) || skill.Kind == "certificate" && d.chance(0.3)
		out = append(out, n)
	}
	return out
}

// minimum is the education asked: engineers need a degree more often, operators
// less, and some firms say nothing.
func minimum(d dice, occ *talent.Occupation) talent.Education {
	weights := []int{8, 12, 62, 18, 0} // none, secondary, associate, bachelor, master
	switch {
	case strings.HasSuffix(occ.Name, "研发工程师") || strings.HasSuffix(occ.Name, "算法工程师"):
		weights = []int{0, 0, 10, 65, 25}
	case strings.HasSuffix(occ.Name, "工程师"):
		weights = []int{4, 4, 52, 38, 2}
	case strings.HasSuffix(occ.Name, "工") || strings.HasSuffix(occ.Name, "手") || strings.HasSuffix(occ.Name, "司机"):
		weights = []int{20, 55, 25, 0, 0}
	}
	return []talent.Education{"", talent.Secondary, talent.Associate, talent.Bachelor, talent.Master}[d.weighted(weights)]
}

func mode(d dice) string {
	return []string{"hire", "internship", "order-class", "apprenticeship", ""}[d.weighted([]int{68, 12, 8, 7, 5})]
}

// dates sets start, posted, until and status. Starts in 2025 are over: filled or
// closed. Nothing is posted after 2026-10.
func (g *generator) dates(d dice, dem *talent.Demand) {
	year := 2025 + d.weighted(g.spec.startYears[:])
	month := pick(d, []int{1, 3, 3, 4, 5, 6, 7, 7, 7, 8, 8, 9, 9, 10, 11})
	if year == 2025 {
		month = d.between(7, 10)
		dem.Status = pick(d, []string{"filled", "filled", "filled", "closed"})
	}
	dem.Start = fmt.Sprintf("%04d-%02d", year, month)
	lead := d.between(1, 14)
	if year == 2028 {
		lead = d.between(18, 34)
	}
	posted := year*12 + month - 1 - lead
	posted = min(max(posted, 2024*12), 2026*12+9)
	dem.Posted = fmt.Sprintf("%04d-%02d-%02d", posted/12, posted%12+1, d.between(1, 28))
	if year < 2028 && d.chance(0.4) {
		until := posted + d.between(1, 6)
		dem.Until = fmt.Sprintf("%04d-%02d-28", until/12, until%12+1)
	}
}

// salary is paid by education, place and how it is quoted; a fifth keep it to
// themselves.
func salary(d dice, dem *talent.Demand, trade string) *talent.Salary {
	if d.chance(0.2) {
		return nil
	}
	if dem.Mode == "internship" && d.chance(0.5) {
		return &talent.Salary{Min: round(float64(10*d.between(10, 14)), 0), Max: round(float64(10*d.between(15, 22)), 0), Currency: "CNY", Per: "day"}
	}
	lo := map[talent.Education]float64{"": 4200, talent.Secondary: 4500, talent.Associate: 5500, talent.Bachelor: 7500, talent.Master: 13000}[dem.Education]
	switch {
	case strings.HasPrefix(dem.Region, "4403") || strings.HasPrefix(dem.Region, "11") || strings.HasPrefix(dem.Region, "31"):
		lo *= 1.25
	case strings.HasPrefix(dem.Region, "52") || strings.HasPrefix(dem.Region, "36"):
		lo *= 0.85
	}
	lo = 500 * math.Round(lo*(0.85+0.35*d.Float64())/500)
	hi := lo + 500*float64(d.between(2, 8))
	per := "month"
	if d.chance(0.06) {
		lo, hi, per = lo*12, hi*12, "year"
	}
	return &talent.Salary{Min: &lo, Max: &hi, Currency: "CNY", Per: per}
}

func pointer(n int) *int { return &n }
