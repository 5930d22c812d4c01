package market

// A Definition says what a number means, in both languages.
type Definition struct {
	Field string `json:"field"`
	ZH    string `json:"zh"`
	EN    string `json:"en"`
}

// gapCounting says how records are counted.
var gapCounting = Definition{"counting",
	"一个需求的名额、一个专业的毕业生在其涉及的每个单元格中全额计入（故单元格不可相加）。" +
		"技能：要求或教授的每项技能，不论水平；supply_at_level 为达到所需水平、可计入者。职业：需求的职业；专业为其技能覆盖至少一半的每个职业。" +
		"学历：需求为最低要求，专业为所授学历。年份：需求的到岗年份，届的毕业年份。" +
		"行业与用人单位类型：需求及其用人单位的；专业没有这些数据，故供给为空（无数据）。" +
		"一方的记录无一涉及某单元格的年份，或其专业无一给出毕业生人数时，该方为空；否则没有记录即为 0，与筛选无关。" +
		"无年份维度与筛选时，毕业生为所计（有名额的）需求到岗年份的届（无需求给出年份时，为各专业最新一届）。",
	"A demand counts its headcount, a program its graduates, in full in every cell that it touches (so cells must not be added up). " +
		"Skill: every skill asked for or taught, at any level; supply_at_level says how many count at the levels asked. Occupation: the demand's; for programs every occupation of whose skills they cover at least half. " +
		"Education: the demand's minimum, the program's award. Year: the demand's start, the cohort's graduation. " +
		"Industry and employer_kind: the demand's and its employer's; programs say nothing of them, so supply is null (no data). " +
		"A side is null too where none of its records, filtered or not, speaks of a cell's year, and where a cell's programs do not say how many graduate; otherwise no record is 0. " +
		"Without year as dimension or filter, graduates are those of the years in which the counted demands with heads start (of each program's newest cohort when no demand says)."}

// GapDefinitions are the definitions of the gap report's numbers, in its order.
var GapDefinitions = []Definition{
	{"demand", "开放岗位需求所求名额之和，不论是否已知有录用（causes 与 allocate 会扣除录用）；一个需求在其涉及的每个单元格中全额计入，单元格之间不可相加。", "Headcount of the open demands in the cell, as asked, whether hires are known or not (causes and allocate take hires off). A demand counts in full in every cell that it touches, so cells must not be added up."},
	{"supply", "毕业生人数（level=any：不论水平；level=asked：达到所需水平者，即 supply_at_level）。无年份维度与筛选时，取所计（有名额的）需求到岗年份的届（years_counted）；无需求给出年份时取最新一届。专业没有数据处为空：行业、用人单位类型、未说明的学历与年份、无一专业给出毕业生人数的单元格。",
		"Graduates (level=any: at any level; level=asked: supply_at_level). Without year as dimension or filter, of the years in which the counted demands with heads start (years_counted), else of each program's newest cohort. It is null where programs have no data: by industry or employer_kind, where education or year are not said, and where none of the cell's programs says how many graduate."},
	{"gap", "demand - supply；任一方无数据时为空。", "demand - supply; null when either has no data."},
	{"ratio", "supply / demand；无需求时为空。", "supply / demand; null without demand."},
	{"supply_at_level", "达到所需水平、可计入的毕业生：对每个被要求的水平 l，取（水平不低于 l 的毕业生 + 要求低于 l 的名额）的最小值。高水平者可任低水平岗位，故按 Hall 定理，demand 减去它（大于 0 时）恰为每人占一席时无法按水平填补的名额。只要求一个水平时，即为达到该水平的人数。",
		"Graduates who count at the levels asked: the least, over the levels l that are asked, of the graduates who have l or more plus the heads that ask less than l. One who has a level serves lower ones, so by Hall's theorem demand less this number is, above 0, exactly the heads that cannot be filled at their level when everyone fills one seat. Where one level is asked it is those who have it."},
	{"gap_at_level", "demand - supply_at_level。", "demand - supply_at_level."},
	{"further_study", "升学人数：毕业生 × 专业的 further_study_rate；未给出比率的专业全额计入供给，其数目见 no_further_study_rate；单元格内无一专业给出时为空。",
		"Graduates times the program's further_study_rate. Programs without the rate take nobody away and are counted in no_further_study_rate; null when no program of the cell says it."},
	{"outflow", "外流人数：未升学者 ×（1 - retention），仅当地区是维度或筛选、且不为整个国家时计算；外流者不计入其他地区。retention 就专业自身所在地区而言，故地区汇总时这是外流的上限：离开县的人可能仍在省内。", "Those who do not study on times (1 - retention), only where region is a dimension or a filter, and no whole country. Where they go is not known: they are no other region's supply. retention is that of the program's own region, so where regions are rolled up this is an upper bound: who leaves a county may stay in the province."},
	{"in_migration", "measure 为 in_migration 的 series 给出的每年流入人数，其键须恰为报告所区分的键与地区；上级地区有值时不再加下级；计入各水平；净流出（负数）按比例扣各水平，至多扣到 0；无数据为空，不是 0。",
		"People a year from series with measure in_migration whose keys are just those that the report tells apart and the region; parts of a region that has a value itself are not added; they count at every level. Below 0 more go than come: of every level its part, no more than there are. Absent is no data, not 0."},
	{"below_level", "其余人员中未达到所需水平、不计入者。", "Of those who are left: who do not count at the levels asked, by the rule of supply_at_level."},
	{"effective_supply", "有效供给 = 毕业生 - further_study - outflow + in_migration - below_level；供给无数据时仅为流入。", "graduates - further_study - outflow + in_migration - below_level; where supply is null, of in_migration alone."},
	{"effective_gap", "demand - effective_supply。", "demand - effective_supply."},
	{"no_eligible", "没有任何合格专业（学历、时间、必备技能各项门槛，全国范围）的需求名额所占份额；无名额时为空。", "Share of the demand's heads whose demand no program anywhere is eligible for (all gates: education, timing, required skills); null without heads."},
	{"demands", "需求记录数。", "Demand records behind the cell."},
	{"programs", "专业记录数。", "Program records behind the cell."},
	{"programs_without_cohorts", "其中未给出任何一届的专业：毕业生人数未知，不是 0。", "Of these: without any cohort, so how many graduate is not known, which is not 0."},
	{"programs_other_years", "其中只给出其他年份各届的专业。", "Of these: with cohorts in other years only."},
	{"gap_lo80", "自助法（bootstrap 次重复，seed 定）给出的缺口 80 % 区间下限（gap_hi80 为上限，gap_lo95、gap_hi95 为 95 %）：每次重复中，每个需求的权重为均值 1 的指数分布（贝叶斯自助法，Rubin 1981），名额 h 为 1 + 均值 h-1 的泊松数（0 仍为 0）；每届毕业生为以其人数为均值的泊松数；每个职业的覆盖度误差为标准差 0.05 的正态数，各专业相同（误差出自职业的技能表），故所计供给为此项误差下的中位数；升学率、留存率与流入按所给计。取重复值的百分位数。",
		"Lower end of the gap's 80 % interval (gap_hi80 the upper, gap_lo95 and gap_hi95 of 95 %) by a bootstrap of so many replicates with the seed: in each, a demand has an exponential weight of mean 1 (the Bayesian bootstrap, Rubin 1981) and, of h heads, 1 + a Poisson number of mean h - 1 (0 stays 0); each cohort's graduates are Poisson of their number; the coverage of an occupation is off by one normal error of standard deviation 0.05, the same for all programs, since it is the occupation's list of skills that may be wrong: so the supply counted is the median of that source. Rates and in-migration are taken as given. Percentiles of the replicates; draws depend on the seed and the id of the record or the occupation alone."},
	{"p_shortage", "缺口大于 0 的重复所占份额。", "Share of the replicates in which the gap is above 0."},
	{"effective_gap_lo80", "有效缺口的区间（effective_gap_hi80、effective_gap_lo95、effective_gap_hi95、p_effective_shortage 同理）。", "The same of effective_gap: effective_gap_hi80, effective_gap_lo95, effective_gap_hi95 and p_effective_shortage."},
}
