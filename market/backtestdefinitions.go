package market

// BacktestDefinitions are the definitions of a backtest's numbers.
var BacktestDefinitions = []Definition{
	{"smape", "对称平均绝对百分比误差（0–200，Makridakis 1993）：先对每条序列取平均，再对序列取平均；smape_naive2 为 Naive2 在同样步上的值。", "Symmetric mean absolute percentage error, 0..200 (Makridakis 1993): the mean of each series' mean; smape_naive2 is that of Naive2 over the same steps."},
	{"mase", "平均绝对标度误差（Hyndman、Koehler 2006）：绝对误差除以起点之前的季节差分绝对值之平均；历史恒定或不足两个值的序列没有标度，不计。", "Mean absolute scaled error (Hyndman & Koehler 2006): absolute errors over the mean absolute seasonal difference before the origin. Series whose past is constant or shorter than two values have no scale and are left out."},
	{"owa", "M4 的总加权平均：sMAPE 与 MASE 各除以 Naive2 的，取平均（先平均后相除）；小于 1 为优于 Naive2。", "Overall weighted average of the M4 competition: sMAPE and MASE, each over that of Naive2, averaged (ratios of means). Below 1 is better than Naive2."},
	{"msis", "95 % 区间的平均标度区间得分（Gneiting、Raftery 2007；M4）：越小越好。", "Mean scaled interval score of the 95 % interval (Gneiting & Raftery 2007, as in M4): smaller is better."},
	{"coverage80", "实际值落在 80 % 区间内的份额（coverage95 同理）：接近 0.8 与 0.95 说明区间如其所言。", "Share of the values that came inside the 80 % interval (coverage95 the same): near .8 and .95, intervals cover what they say."},
	{"bias", "预见值减实际值的平均：大于 0 为高估；bias_share 为其和除以实际值之和。", "Mean of foreseen - came: above 0, too much was foreseen; bias_share is their sum over the sum of what came."},
	{"no_data", "没有数据不算失误：not_over 期间尚未结束；ended 期间已结束而序列已中止；gone 库中已无此序列。未给出 until 时，期间以各序列最新一期为止视为已结束；年份以最新的录用结果年份为止。", "No data is no miss. not_over: the period is not over; ended: it is, and the series has ended; gone: the store has the series no more. Without until, periods are over up to the newest one that any of the series has, and years up to that of the newest outcome."},
	{"asked", "在所评年份到岗的需求（含报告之后新增的；撤回的除外）的名额，按报告自身的筛选与单元格规则计入。", "Heads of the demands that started in the years, new ones too and without those withdrawn, by the report's own filter and rules of cells."},
	{"hired", "这些需求截至到岗年份年底的录用人数（outcome 的年份不晚于到岗年份）；其后的为 late，不算填补；状态为 filled 而没有结果记录的需求视为全部填补。", "Hires of these demands by the end of the year in which they started (the outcome's year is not later); later ones are late and fill nothing. A demand marked filled of which no outcome says anything counts as filled."},
	{"unfilled", "实际未满足的名额：逐个需求取名额减录用（不小于 0）之和。没有任何结果记录的需求按未满足计，见 silent；单元格内没有一个需求有记录时，该单元格无数据。", "Heads that stayed unfilled: of each demand heads less hires, at least 0, added up. Demands of which no outcome says anything count as unfilled and are told in silent; a cell where no demand has an outcome has no data."},
	{"withdrawn", "撤回的名额：已关闭、且没有任何结果记录的需求；不计入 asked、unfilled 及其余各数。", "Heads withdrawn: of demands that were closed and of which no outcome says anything; they are in none of the other numbers."},
	{"kendall_tau_b", "所预见缺口与未满足名额在单元格之间的 Kendall τ-b（1945）；spearman 为 Spearman 秩相关；1 为次序完全相同，0 为无关。", "Kendall's tau-b (1945) between the gaps foreseen and the heads that stayed unfilled, over cells; spearman is Spearman's rank correlation. 1 is the same order, 0 none."},
	{"hits", "所预见最大的若干短缺（缺口大于 0，最多 top 个）中，实际也在最大的 top 个之列的个数；并列者均计入实际一侧；hits_by_chance 为毫无所知时的期望。", "Of the largest shortages foreseen (gap above 0, up to top), how many were among the top that came, where all that are as large as the last one count. hits_by_chance is what knowing nothing would expect."},
	{"mae", "所预见短缺（缺口，不小于 0）与未满足名额之差的平均绝对值；需求为预见名额与实际名额之差。", "Mean absolute difference of the shortage foreseen (the gap, at least 0) and the heads that stayed unfilled; of demand, of heads foreseen and heads asked."},
	{"brier", "短缺概率的 Brier 分（1950）：概率与是否发生（1 或 0）之差的均方，0 为完美；brier_base 为以实际份额作统一概率所得的分，更小才有价值。", "Brier score (1950) of the probability of a shortage: the mean squared difference from what came, 1 or 0; 0 is perfect. brier_base is that of the share that came as the one probability of all: only a smaller score says anything."},
	{"unforeseen", "报告没有、而实际有需求到岗的单元格及其名额。", "Cells that the report does not have and in which demands started, and their heads."},
}
