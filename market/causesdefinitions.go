package market

// causesOrder is the order in which openings are filled.
const causesOrder = "priority 5 first, then 4, 3, 2, 1; within one by a lot drawn from what an opening asks, whatever its id. Every greatest placement fills as many heads; the order decides only which of competing openings are short."

// CausesDefinitions are the definitions of the numbers of CausesAnswer.
var CausesDefinitions = []Definition{
	{"heads", "开放岗位需求的名额，减去 outcome 中已录用的人数。按技能分组时，一个需求计入其每项技能，组间不可相加。", "Headcount of the open demands, less those whom outcome records say are hired. By skill, a demand counts in each of its skills, so groups must not be added up."},
	{"unfilled", "最大安置（填满名额最多的安置，每名毕业生至多占一席）中仍空缺的名额。", "Heads that stay empty in the greatest placement: of all placements with at most one head a graduate, one that fills most (maximum flow)."},
	{"numbers", "人数不足：放开全部五种限制后仍空缺的名额。", "Sheer numbers: heads that stay empty when all five limits are lifted."},
	{"education", "学历：专业授予的学历低于需求的最低学历。各限制的份额为 Shapley 值：按五种限制的全部 120 种先后次序逐一放开，取该限制放开时多填的名额的平均数（Shapley 1953）；五项与人数不足之和恰等于空缺。各组的份额：放开限制后，已填的名额仍保留；因此多出的毕业生按填充次序与其逆序各填一次，取平均，故各组人数不足不超过其空缺，相争的两个岗位平分，三个以上相争时中间者仍随次序而定。各组内的份额可为负：限制使竞争者得不到另一限制放开后多出的人时，放开它反而使该组少填。", "The award is below the least education asked for. A limit's share is its Shapley value: the heads that it fills when it is lifted, on average over all 120 orders of lifting the five limits (Shapley 1953, A value for n-person games); with numbers they add up to the unfilled heads exactly. A group's shares: whatever is lifted, heads that are filled stay filled, and those who come in are placed in the order of filling and in the opposite one, of which the mean counts. So a group's numbers are never more than its unfilled heads, and two openings that compete share alike; of more, those between still depend on the order. A group's share may be below 0: a limit that keeps competitors from those whom lifting another brings is worth heads to it."},
	{"timing", "时间：毕业（该届 7 月）至到岗不在 -24 至 36 个月之内。没有到岗时间的需求不受限。", "The cohort leaves (in July of its year) outside -24..36 months of the start. A demand without a start takes any cohort."},
	{"skills", "技能：必备技能得分低于 0.5，或技能覆盖度低于 min_skills。没有词表所识技能的专业视为合格（unverified）；没有技能要求的需求人人合格。", "A required skill is met with credit below 0.5, or the skills component is below min_skills. A program without a skill that a taxonomy knows passes as unverified; a demand without skills is passed by all."},
	{"place", "地点：毕业生留在所在的 reach（省、地市或全国）之内；给出留存率的专业，其 1 - retention 的人可去任何地方。范围大于 reach 的地区不受限。", "Graduates stay within the region rolled up to reach, except the share 1 - retention of a program that says it, who go anywhere. A region that is larger than reach, or in no known country, is in nobody's way."},
	{"reservations", "预留：席位为别的用人单位预留（订单班、学徒制及未注明种类的协议）。按协议编号先后，从该单位的岗位可用的届次中预留，不超过其名额；其余归所有人。预留者去用人单位所在地；放开预留后，对别的单位仍按留存率留在当地。", "The seats are reserved for another enterprise: agreements of kind order-class or apprenticeship, or of none. They are taken by the agreements' ids, of cohorts that the enterprise's openings can use, up to their heads; what these cannot use is anyone's. The reserved go where their enterprise is; for others, once reservations are lifted, as many of them stay in their region as retention says. A demand named by the agreement stands for its enterprise."},
	{"shares_120", "同上，以 1/120 名额计的整数，未舍入；shares 为其百分位小数，按最大余数法舍入，故相加仍恰等于空缺。", "The same as whole 120ths of a head, not rounded. shares are these in hundredths of a head, rounded by largest remainders, so that they still add up exactly."},
	{"certain_shortage", "每一种最大安置中都空缺的名额：名额减去该组单独能填的最多名额 f({o})。", "Heads that are empty in every greatest placement: the heads less the most that the group could have filled were it alone, f({o})."},
	{"possible_shortage", "某一种最大安置中空缺的名额：名额减去 f(E) - f(E \\ {o})。", "Heads that are empty in some greatest placement: the heads less f(E) - f(E \\ {o})."},
	{"certain_surplus", "每一种最大安置中都未被用上的毕业生。", "Graduates left over in every greatest placement."},
	{"possible_surplus", "某一种最大安置中未被用上的毕业生。", "Graduates left over in some greatest placement."},
	{"lifted_first", "只放开这一种限制时多填的名额。", "Heads that are filled when this limit alone is lifted."},
	{"lifted_last", "其他限制都放开后，仍因它空缺的名额。", "Heads that it keeps empty when every other limit is lifted."},
	{"available", "graduates - further_study（毕业生 × further_study_rate，四舍五入为整数）- hired。", "graduates - further_study (graduates times the program's further_study_rate, to whole people) - hired."},
	{"cures", "最省的改变：先比突破的限制数，再比专业的技能是否已知，再比步数（所缺技能、学历级差、年差），再比能补的名额。heads 为上限：名额仍空，且该届至少在某一种最大安置中有这么多人空闲。", "The least changes: fewest limits first, then programs whose skills are known, then fewest steps (skills to teach, levels of education, years), then most heads. heads is an upper bound: so many are unfilled, and so many of the cohort are free in some greatest placement."},
}
