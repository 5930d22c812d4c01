package market

// MismatchDefinitions are the definitions of the mismatch report's numbers, in its order.
var MismatchDefinitions = []Definition{
	{"duncan", "差异指数：½ Σ |p - q|，p、q 为单元格在需求、供给中的份额。即为使双方分布一致，任一方须更换单元格的份额（Duncan & Duncan 1955）。",
		"Index of dissimilarity: half the sum of |p - q|, p and q a cell's shares of demand and supply. The share of either side that would have to change cells for both to be spread alike (Duncan & Duncan 1955)."},
	{"jackman-roper", "结构性错配人数占供给的份额，数值与 duncan 相同；structural 为其人数（Jackman & Roper 1987）。", "Structural mismatch as a share of supply. Its value is duncan's; structural is its number of people (Jackman & Roper 1987)."},
	{"jackman-roper-geometric", "1 - Σ √(pq)：录用数与需求、供给之积的平方根成比例时，因分布不同而损失的录用份额（Jackman & Roper 1987）。", "1 - sum of sqrt(p q): the share of hires lost to the difference when hires in a cell go with the root of demand times supply (Jackman & Roper 1987)."},
	{"sahin", "1 - Σ p^α q^(1-α)：录用数与 需求^α 供给^(1-α) 成比例时，相对于规划者所选分布损失的录用份额（Sahin, Song, Topa & Violante 2014）。单元格贡献为 αp + (1-α)q - p^α q^(1-α)。",
		"1 - sum of p^alpha q^(1-alpha): the share of hires lost against the spread that a planner would choose, when hires go with demand^alpha supply^(1-alpha) (Sahin, Song, Topa & Violante 2014). A cell contributes alpha p + (1-alpha) q - p^alpha q^(1-alpha)."},
	{"sahin-efficiency", "同上，并计及各单元格匹配效率 φ：φ = Σ 录用人数 ÷ Σ（名额^α 毕业生^(1-α)），对三者均已知的各年求和（名额：该年到岗的需求，不论是否已满；毕业生：该年的届，supply=effective 时扣除升学与外流；录用：该年的 outcome 记录，按其需求归入单元格），故不随年数而变；demand_share 为 φ^(1/α) 加权后的份额。没有这样的年份或一方为 0 的单元格不计入；趋势中各年用同一 φ。",
		"The same with the efficiency phi of each cell: phi = sum of hires / sum of heads^alpha graduates^(1-alpha), both over the years of which all three are known (heads of demands that start in the year, filled or not; graduates of its cohorts, with supply=effective less further study and outflow; hires of its outcome records, in the cells of their demand), so it does not depend on how many years there are; demand_share is the share weighted by phi^(1/alpha). Cells without such a year, or with 0 on a side, are left out; a trend takes the same phi for every year."},
	{"jensen-shannon", "Jensen-Shannon 散度，单位比特：½ Σ (p log2(p/m) + q log2(q/m))，m = (p+q)/2（Lin 1991）；distance 为其平方根，是度量（Endres & Schindelin 2003）。唯有它可精确分解为组间与组内。",
		"Jensen-Shannon divergence in bits: half the sum of p log2(p/m) + q log2(q/m), m = (p+q)/2 (Lin 1991); distance is its root, a metric (Endres & Schindelin 2003). It alone divides exactly into between and within."},
	{"chance", "人数随机分配时的期望差异指数（Carrington & Troske 1997）；systematic 为除去偶然后所余：（值 - 期望）÷（1 - 期望），低于期望时除以期望。逐人抽取，故对成批的需求偏低；技能等多值维度的单元格含重复计数，仅供参考。",
		"Dissimilarity expected of random allocation (Carrington & Troske 1997); systematic is what is left beyond it: (value - expected) / (1 - expected), or / expected below it. People are drawn one by one, so it is low for demand that comes in lumps; cells of skills count people several times, so it is a guide only there."},
	{"demand", "开放岗位需求的名额，按缺口报告的规则计入单元格。", "Headcount of open demands, counted in cells by the rules of the gap report."},
	{"supply", "supply_of=graduates：毕业生；effective：有效供给（扣除升学、外流、未达水平，加上流入）。", "supply_of=graduates: graduates; effective: effective supply of the gap report (less further study, outflow and those below level, plus in-migration)."},
	{"value", "单元格的贡献，不小于 0；所列各项与 rest 之和等于指数。", "What a cell contributes, never below 0. What is listed and rest add up to the index."},
	{"part", "贡献占指数的份额。", "The contribution as a share of the index."},
	{"side", "short：需求份额较大；surplus：供给份额较大；balanced：相等。", "short: demand has the larger share; surplus: supply has; balanced: both are equal."},
	{"heads", "供给 - 供给总数 × 需求份额：多出（负数为缺少）的供给人数；全部之和为 0。", "supply - total supply x demand_share: people of supply beyond (below 0: short of) the cell's part. They add up to 0."},
	{"margins", "仅按其中一个维度的指数，人员相同；不高于联合指数。技能等多值维度下，为联合单元格计数之和，与单独按该维度的报告不同。", "The index over one of the two dimensions, of the same people; never above the joint index. With skills or occupations it is of the joint cells' counts, and another one than the report by that dimension alone."},
	{"between", "jensen-shannon：组间部分，即该维度的边际指数；within 为组内部分；二者之和等于指数。", "jensen-shannon: the part between groups, which is the margin's index; within is the part inside them. Both add up to the index."},
	{"trend", "各年指数：需求按到岗年份，供给按届。per_year 为各年两两斜率的中位数（Theil-Sen）；p 为 Mann-Kendall 双侧检验。", "The index of each year: demand by start, supply by cohort. per_year is the median of the slopes between all pairs of years (Theil-Sen); p is Mann and Kendall's, two-sided."},
	{"cells", "某一维度未说明（-）的单元格、技能名称未识别的单元格、一方无数据的单元格均不计入，并分别计数。无数据不是 0：没有任何一方记录提及的年份，该方无数据。", "Cells that say nothing in a dimension (-), skill names that no taxonomy knows, and cells without data of a side are left out and counted. No data is not 0: where year is a dimension, a side has no data in years that none of its records names."},
}

// mismatchMeaning is a definition by its field.
func mismatchMeaning(field string) (zh, en string) {
	for _, d := range MismatchDefinitions {
		if d.Field == field {
			return d.ZH, d.EN
		}
	}
	return "", ""
}
