package market

import (
	"fmt"

	"talentmatch/matcher/gap"
	"talentmatch/matcher/gap/mismatch"
)

// meta says what the indices are of, and why to doubt them.
func (j *mismatcher) meta() (MismatchMeta, error) {
	t := &j.g.report.Totals
	m := MismatchMeta{
		By: j.r.By, SupplyOf: j.r.Supply, Filter: j.r.Filter, Demand: t.Heads, Supply: t.Graduates, Demands: t.Demands, Programs: t.Programs,
		Parameters: MismatchParameters{Alpha: j.r.Alpha, Trend: j.r.Trend, Limit: j.r.Limit, Level: j.o.Level, Change: j.o.Change, Chance: j.o.Chance},
		Cells:      j.left, Hires: j.hires, Counting: gapCounting, Definitions: MismatchDefinitions, Versions: j.m.versions(j.s.version, j.s.world, j.s.stats),
	}
	if j.g.has(gap.Region) {
		m.RegionAt = j.r.RegionAt
	}
	if j.g.has(gap.Industry) {
		m.IndustryAt = j.r.IndustryAt
	}
	if j.r.Trend {
		m.WithoutYear = &j.withoutYear
	}
	var err error
	m.Caveats, err = j.caveats()
	return m, err
}

// caveats are what speaks against believing the numbers, that of trends apart.
func (j *mismatcher) caveats() ([]Caveat, error) {
	out := []Caveat{
		{Code: "shares", ZH: "指数只比较份额，不说明人数够不够：供给翻倍，指数不变。人数见缺口报告。", EN: "Indices compare shares and do not say whether there are enough people: twice the supply in every cell leaves them as they are. The gap report has the numbers."},
		{Code: "classification", ZH: "单元格越细，指数越高；指数也不知道哪些单元格相近。只有单元格相同的指数才可比较。", EN: "Finer cells raise an index, and it does not know which cells are close. Only indices over the same cells can be compared."},
	}
	if j.g.has(gap.Skill) || j.g.has(gap.Occupation) {
		out = append(out, Caveat{Code: "multi_valued", ZH: "一个需求在其要求的每项技能中、一个专业在其教授的每项技能与所适应的每个职业中全额计入，故各单元格之和大于人数，份额是就这些计数而言。",
			EN: "A demand counts in full in each skill that it asks, a program in each skill that it teaches and each occupation that it serves. So cells add up to more people than there are, and shares are of these counts."})
	}
	if j.g.plan.Values[gap.Education] != nil {
		out = append(out, educationCaveat)
	}
	out = append(out, j.leftOutCaveats()...)
	small, err := j.smallCells()
	if err != nil {
		return nil, err
	}
	out = append(out, small...)
	if j.hires != nil && j.hires.Cells > 0 {
		out = append(out, Caveat{Code: "hires",
			ZH: fmt.Sprintf("sahin-efficiency 只比较有录用结果的 %d 个单元格（%d 条结果、%s 人），录用少时误差大。", j.hires.Cells, j.hires.Counted, plainNumber(j.hires.Hired)),
			EN: fmt.Sprintf("sahin-efficiency compares only the cells that outcomes tell of: %d cells, %d outcomes, %s people hired. Few hires make it uncertain.", j.hires.Cells, j.hires.Counted, plainNumber(j.hires.Hired))})
	}
	if j.r.Trend {
		out = append(out, Caveat{Code: "trending_totals", ZH: "总量有趋势时，汇总指数会误导：各单元格增加同样人数，份额趋近，指数下降，错配却未改善（Entorf 2003）。请连同各趋势自身的说明阅读。",
			EN: "Aggregates mislead when totals trend: when every cell gains the same number of people, shares come closer and an index falls although nobody is placed better (Entorf 2003). Read each trend with its own caveats."})
	}
	return out, nil
}

// leftOutCaveats say how much the indices do not see.
func (j *mismatcher) leftOutCaveats() (out []Caveat) {
	if l := &j.left.Unlabelled; l.Cells > 0 {
		demand, supply := j.shareOf(l)
		out = append(out, Caveat{Code: "unlabelled",
			ZH: fmt.Sprintf("未计入：记录在某一维度未说明的单元格（%d 个中的 %d 个），占需求计数的 %s、供给计数的 %s。", j.left.All, l.Cells, demand, supply),
			EN: fmt.Sprintf("Left out, since records say nothing in some dimension: %d of %d cells with %s of demand and %s of supply, as counted in cells.", l.Cells, j.left.All, demand, supply)})
	}
	if l := &j.left.Unresolved; l.Cells > 0 {
		demand, supply := j.shareOf(l)
		out = append(out, Caveat{Code: "unresolved",
			ZH: fmt.Sprintf("未计入：技能名称不在任何分类体系中的单元格（%d 个中的 %d 个），占需求计数的 %s、供给计数的 %s。", j.left.All, l.Cells, demand, supply),
			EN: fmt.Sprintf("Left out, since no taxonomy knows their skill names: %d of %d cells with %s of demand and %s of supply, as counted in cells.", l.Cells, j.left.All, demand, supply)})
	}
	if n := j.left.NoDemand + j.left.NoSupply + j.left.Neither; n > 0 {
		out = append(out, Caveat{Code: "no_data",
			ZH: fmt.Sprintf("未计入：至少一方无数据的单元格（%d 个中的 %d 个）；无数据不是 0。", j.left.All, n),
			EN: fmt.Sprintf("Left out, since a side has no data, which is not 0: %d of %d cells.", n, j.left.All)})
	}
	return out
}

// shareOf says what part of each side's counts was left out.
func (j *mismatcher) shareOf(l *MismatchLeft) (demand, supply string) {
	all := MismatchLeft{Demand: j.left.Unlabelled.Demand + j.left.Unresolved.Demand, Supply: j.left.Unlabelled.Supply + j.left.Unresolved.Supply}
	for i := range j.cells {
		all.add(&j.cells[i])
	}
	return percentOf(l.Demand, all.Demand), percentOf(l.Supply, all.Supply)
}

func percentOf(v, whole float64) string {
	if whole == 0 {
		return "0 %"
	}
	return fmt.Sprintf("%.1f %%", 100*v/whole)
}

// smallCells is the caveat that chance explains much of the dissimilarity.
func (j *mismatcher) smallCells() ([]Caveat, error) {
	b, err := j.random()
	if b == nil || err != nil || b.Expected < j.o.Chance*b.Value {
		return nil, err
	}
	return []Caveat{{Code: string(mismatch.SmallCells),
		ZH: fmt.Sprintf("单元格人数过少：仅凭偶然，差异指数就可达 %.2f，所得值为 %.2f。", b.Expected, b.Value),
		EN: fmt.Sprintf("Cells are small: chance alone gives a dissimilarity of %.2f, and %.2f was found.", b.Expected, b.Value)}}, nil
}

// noReasons are why there is no index, in words.
var noReasons = map[mismatch.Reason][2]string{ // Chinese, English
	mismatch.NoCells:    {"没有双方均有数据的单元格", "no cell has data of both sides"},
	mismatch.NoDemand:   {"没有需求", "there is no demand"},
	mismatch.NoSupply:   {"没有供给", "there is no supply"},
	mismatch.NoMatching: {"有需求之处均无录用", "nobody was hired where there is demand"},
	noOutcomes:          {"没有录用结果说明单元格的匹配效率", "no outcome says how well any cell matches"},
}

// noOutcomes is why there is no sahin-efficiency where both sides of cells are known.
const noOutcomes mismatch.Reason = "no_outcomes"

// noneOf is why an index has no value.
func noneOf(ix *mismatch.Index) string {
	if ix.None == mismatch.NoCells && ix.LeftOut.NoEfficiency > 0 {
		return string(noOutcomes)
	}
	return string(ix.None)
}

// MismatchReason is why there is no index, in words; none is of MismatchIndex.None.
func MismatchReason(none string) (zh, en string) {
	words := noReasons[mismatch.Reason(none)]
	return words[0], words[1]
}
