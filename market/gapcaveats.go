package market

import (
	"fmt"

	"talentmatch/matcher/gap"
)

// educationCaveat says that education is told apart by its label alone.
var educationCaveat = Caveat{Code: "education",
	ZH: "学历只按标签区分：需求为最低要求，专业为所授学历。高学历者可任要求较低的岗位，这些数字不计及此。",
	EN: "Education is told apart by its label alone: a demand's minimum, a program's award. Who has more can take a job that asks less; these numbers do not know that."}

// caveats are what to know before the numbers are used.
func (g *gapper) caveats() []Caveat {
	out := []Caveat{}
	if g.plan.Values[gap.Education] != nil {
		out = append(out, educationCaveat)
	}
	t := &g.report.Totals
	all := t.Programs + t.NoCohorts + t.OtherYears
	if t.NoCohorts > 0 {
		out = append(out, Caveat{Code: "no_cohorts", ZH: fmt.Sprintf("%d 个专业中有 %d 个未给出任何一届毕业生人数：人数未知，不是 0。", all, t.NoCohorts),
			EN: fmt.Sprintf("%d of %d programs say of no year how many graduate: how many is not known, which is not 0.", t.NoCohorts, all)})
	}
	if t.OtherYears > 0 {
		out = append(out, Caveat{Code: "other_years", ZH: fmt.Sprintf("%d 个专业中有 %d 个只给出其他年份的毕业生人数：所计年份人数未知，不是 0。", all, t.OtherYears),
			EN: fmt.Sprintf("%d of %d programs say how many graduate in other years only: how many do in those that count is not known, which is not 0.", t.OtherYears, all)})
	}
	if n := g.report.Overdrawn(); n > 0 {
		out = append(out, Caveat{Code: "overdrawn", ZH: fmt.Sprintf("%d 个单元格按流入序列净流出的人数多于留下的毕业生；只扣到 0 为止。", n),
			EN: fmt.Sprintf("In %d cells series of in-migration let more people go, on balance, than graduates stay: no more are taken off than there are.", n)})
	}
	return out
}
