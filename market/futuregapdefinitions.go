package market

const futureCounting = "A demand counts in full in every cell that it touches, and so does a program (so cells must not be added up), by the rules of the gap report: " +
	"occupation: the demand's, and for programs every occupation of whose skills they cover at least half; skill: every skill that is asked for or taught and that a taxonomy knows; " +
	"education: the demand's minimum, the program's award; industry: programs say nothing of it, so supply is null. Supply is at any level of a skill. " +
	"Past years' surplus and unfilled openings are not carried over."

// futureCountingZH is futureCounting in Chinese.
const futureCountingZH = "需求与专业在其涉及的每个单元格中都全额计入（故单元格不可相加），规则同缺口报告：职业：需求所写的职业，专业则为其至少覆盖一半技能的每个职业；" +
	"技能：分类体系已知的、所要求或所教授的每项技能；学历：需求的最低学历，专业的授予学历；行业：专业不说明行业，故供给为空。供给不论技能水平。往年的富余与未满足不结转。"

// FutureGapDefinitions are the definitions of the future gap's numbers.
var FutureGapDefinitions = []Definition{
	{"demand", "该年所需人数。source=demands：known + foreseen；known：仅已发布的需求；series：序列预测（月、季加总为年）；employment：max(0, 扩张) 的期望 + replacement（扩张为正态，期望为 μΦ(μ/σ)+σφ(μ/σ)，Tobin 1958）。",
		"Heads wanted in the year. source=demands: known + foreseen; known: what is posted already, alone; series: the forecast of the series, months and quarters added up; employment: the mean of max(0, expansion) + replacement (expansion is normal: mean Φ(mean/sd) + sd φ(mean/sd), Tobin 1958)."},
	{"demand_lo80", "需求 80 % 区间下限（demand_hi80 上限；lo95、hi95 为 95 %）：已发布部分视为确定；预测部分各期误差相关，按前 24 步区间变宽的速度推得（简单指数平滑，Hyndman 等 2008）。",
		"Lower end of the 80 % interval of the demand (demand_hi80 the upper; lo95 and hi95 of 95 %). What is known is taken as certain. Errors of the periods that make up a year go together, as much as the widening of their intervals over the first 24 says (simple exponential smoothing; Hyndman et al. 2008)."},
	{"known", "截至基准年已发布（或未注明发布日期）、未关闭、在该年开始的需求名额；未写开始月份者按发布月份。",
		"Heads of demands that were posted by the as-of year (or say no date), are not closed and begin in the year; without a start they begin when they were posted."},
	{"foreseen", "基准年之后预计发布、在该年开始的名额：按月预测发布名额，再按历史上“发布到开始”的月数分布（所有计入需求合并；关闭者不计）分配到年。",
		"Heads yet to be posted that will begin in the year: heads posted by month are forecast, and spread over years by how many months after the posting people were wanted (of all demands counted together; what was closed is wanted never)."},
	{"expansion", "就业总量的年变化（可为负），总量由预测给出。", "Change of total employment in the year, below 0 where it shrinks; the total is forecast."},
	{"replacement", "更替需求：各年龄组按组宽老化一年后的应有人数乘以净离职率（历史合计之比，人数少者向所有单元格的比率收缩，限于 0..1），加上从末组老去者（队列要素法，Willems & de Grip 1993）。",
		"Replacement demand: those expected in each age group after a year of ageing times its net exit rate (a ratio of sums over the history, drawn to that of all cells where people are few, 0..1), and who grows out of the last group (cohort-component method, Willems & de Grip 1993)."},
	{"supply", "该年毕业生：届记录给出 graduates 则取之，否则 enrolled × completion_rate；最后已知届之后重复最后一届，并计入 assumed。",
		"Graduates of the year: as the cohort says, else enrolled times completion_rate; after the last known cohort that one is repeated, and counted in assumed."},
	{"assumed", "供给中属于假定（重复最后一届）的人数。", "Of the supply: a repeated intake, which nobody has enrolled for as far as is known."},
	{"further_study", "升学人数：毕业生 × further_study_rate；未给出者全额计入供给。", "Graduates times the program's further_study_rate; programs without it count in full."},
	{"outflow", "外流人数：未升学者 ×（1 - retention），仅当地区是维度或筛选时。", "Those who do not study on times (1 - retention), only where region is a dimension or a filter."},
	{"in_migration", "measure 为 in_migration 的 series 在该年给出的流入人数，规则同缺口报告；无值为空。", "People who come in, from series of in_migration that have a value for the year, by the rules of the gap report; else null."},
	{"effective_supply", "有效供给 = supply - further_study - outflow + in_migration。", "supply - further_study - outflow + in_migration."},
	{"gap", "demand - supply。", "demand - supply."},
	{"gap_lo80", "缺口区间：需求区间与供给方差按平方和合并。供给方差：在校生各自独立完成学业（二项分布，完成率取本届、本专业最近一届，或所有专业），重复的届另加招生变动（历年变化均方 × 年数）。各专业独立；全体共同的变化不在其中。",
		"The gap's interval (as demand's): the demand's, and the variance of supply, added as squares. Each of the enrolled graduates independently (binomial; the completion is the cohort's, the program's newest, or that of all programs); a repeated intake varies besides as it did from year to year (mean squared change times the years ahead). Programs are independent; what all have in common is not in it."},
	{"p_shortage", "至少缺一人的概率，即缺口不小于 0.5（连续性修正）：均值两侧各为正态，宽度取该处一侧的 80 % 区间。", "Probability that a head is missing: that the gap is half a head or more, as people are whole. Normal on either side of the mean, as wide as the 80 % interval is on the side where the half lies."},
	{"effective_gap", "demand - effective_supply；区间与 p_effective_shortage 同理，升学与留存作为二项分布的稀疏。", "demand - effective_supply; its intervals and p_effective_shortage are made alike, further study and retention thinning the binomial."},
	{"ratio", "supply / demand；无需求时为空。", "supply / demand; null without demand."},
	{"demand_change", "情景下的需求减去基准。", "Demand under the scenario less demand without it."},
	{"supply_change", "情景下的有效供给减去基准。", "Effective supply under the scenario less the same without it."},
	{"gap_change", "情景下的有效缺口减去基准；供给无数据时为需求之差。", "Effective gap under the scenario less the same without it; of demand where supply has no data."},
}
