package market

// A Definition says what a number means, in both languages.
type Definition struct {
	Field string `json:"field"`
	ZH    string `json:"zh"`
	EN    string `json:"en"`
}

const gapCounting = "A demand counts its headcount, a program its graduates, in full in every cell that it touches (so cells must not be added up). " +
	"Skill: every skill asked for or taught, at any level; supply_at_level says how many count at the levels asked. Occupation: the demand's; for programs every occupation of whose skills they cover at least half. " +
	"Education: the demand's minimum, the program's award. Year: the demand's start, the cohort's graduation. " +
	"Industry and employer_kind: the demand's and its employer's; programs say nothing of them, so supply is null (no data). " +
	"Without the dimension year, graduates are those of the years in which the counted demands start (of each program's newest cohort when no demand says)."

// GapDefinitions are the definitions of the gap report's numbers, in its order.
var GapDefinitions = []Definition{
	{"demand", "开放岗位需求的名额之和；一个需求在其涉及的每个单元格中全额计入，单元格之间不可相加。", "Headcount of the open demands in the cell. A demand counts in full in every cell that it touches, so cells must not be added up."},
	{"supply", "毕业生人数（level=any：不论水平；level=asked：达到所需水平者，即 supply_at_level）。无年份维度时，取所计需求到岗年份的届；无需求给出年份时取最新一届。行业与用人单位类型维度下专业没有数据，为空。",
		"Graduates (level=any: at any level; level=asked: supply_at_level). Without the dimension year, of the years in which the counted demands start, else of each program's newest cohort. By industry or employer_kind it is null: programs say nothing of them."},
	{"gap", "demand - supply；任一方无数据时为空。", "demand - supply; null when either has no data."},
	{"ratio", "supply / demand；无需求时为空。", "supply / demand; null without demand."},
	{"supply_at_level", "达到所需水平、可计入的毕业生：对每个被要求的水平 l，取（水平不低于 l 的毕业生 + 要求低于 l 的名额）的最小值。高水平者可任低水平岗位，故按 Hall 定理，demand 减去它（大于 0 时）恰为每人占一席时无法按水平填补的名额。只要求一个水平时，即为达到该水平的人数。",
		"Graduates who count at the levels asked: the least, over the levels l that are asked, of the graduates who have l or more plus the heads that ask less than l. One who has a level serves lower ones, so by Hall's theorem demand less this number is, above 0, exactly the heads that cannot be filled at their level when everyone fills one seat. Where one level is asked it is those who have it."},
	{"gap_at_level", "demand - supply_at_level。", "demand - supply_at_level."},
	{"further_study", "升学人数：毕业生 × 专业的 further_study_rate；未给出比率的专业全额计入供给，其数目见 no_further_study_rate；单元格内无一专业给出时为空。",
		"Graduates times the program's further_study_rate. Programs without the rate take nobody away and are counted in no_further_study_rate; null when no program of the cell says it."},
	{"outflow", "外流人数：未升学者 ×（1 - retention），仅当地区是维度或筛选时计算；外流者不计入其他地区。", "Those who do not study on times (1 - retention), only where region is a dimension or a filter. Where they go is not known: they are no other region's supply."},
	{"in_migration", "measure 为 in_migration 的 series 给出的每年流入人数，其键须恰为报告所区分的键与地区；上级地区有值时不再加下级；计入各水平；无数据为空，不是 0。",
		"People a year from series with measure in_migration whose keys are just those that the report tells apart and the region; parts of a region that has a value itself are not added; they count at every level. Absent is no data, not 0."},
	{"below_level", "其余人员中未达到所需水平、不计入者。", "Of those who are left: who do not count at the levels asked, by the rule of supply_at_level."},
	{"effective_supply", "有效供给 = 毕业生 - further_study - outflow + in_migration - below_level。", "graduates - further_study - outflow + in_migration - below_level."},
	{"effective_gap", "demand - effective_supply。", "demand - effective_supply."},
	{"no_eligible", "没有任何合格专业（学历、时间、必备技能各项门槛，全国范围）的需求名额所占份额；无名额时为空。", "Share of the demand's heads whose demand no program anywhere is eligible for (all gates: education, timing, required skills); null without heads."},
	{"demands", "需求记录数。", "Demand records behind the cell."},
	{"programs", "专业记录数。", "Program records behind the cell."},
	{"gap_lo80", "自助法（bootstrap 次重复，seed 定）给出的缺口 80 % 区间下限（gap_hi80 为上限，gap_lo95、gap_hi95 为 95 %）：每次重复中，每个需求按均值 1 的泊松数计次（重抽招聘信息），每次的名额为以其名额为均值的泊松数；每届毕业生为以其人数为均值的泊松数；专业对职业的覆盖度加标准差 0.05 的正态扰动；升学率、留存率与流入按所给计。取重复值的百分位数。",
		"Lower end of the gap's 80 % interval (gap_hi80 the upper, gap_lo95 and gap_hi95 of 95 %) by a bootstrap of so many replicates with the seed: in each, a demand counts a Poisson number of times of mean 1 (postings resampled), each time with a headcount Poisson of its own; each cohort's graduates are Poisson of their number; the coverage by which a program serves an occupation is normal about its value with standard deviation 0.05. Rates and in-migration are taken as given. Percentiles of the replicates; a record's draws depend on the seed and its id alone."},
	{"p_shortage", "缺口大于 0 的重复所占份额。", "Share of the replicates in which the gap is above 0."},
	{"effective_gap_lo80", "有效缺口的区间（effective_gap_hi80、effective_gap_lo95、effective_gap_hi95、p_effective_shortage 同理）。", "The same of effective_gap: effective_gap_hi80, effective_gap_lo95, effective_gap_hi95 and p_effective_shortage."},
}
