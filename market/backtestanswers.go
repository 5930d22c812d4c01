package market

// BacktestAnswer is how well each report has foreseen what came.
type BacktestAnswer struct {
	Items      []BacktestItem `json:"items"`
	NextCursor string         `json:"next_cursor" doc:"always empty"`
	Meta       BacktestMeta   `json:"meta"`
}

// BacktestItem is one report, or one date at which was forecast as if it were then.
type BacktestItem struct {
	Source   string             `json:"source" doc:"the report's name, or the date"`
	Kind     string             `json:"kind" enum:"forecast,gaps,future-gap,as_of"`
	Versions *Versions          `json:"versions,omitempty" doc:"what a kept report was computed from"`
	Forecast *BacktestForecasts `json:"forecast,omitempty" doc:"of kinds forecast and as_of"`
	Gaps     *BacktestGaps      `json:"gaps,omitempty" doc:"of kinds gaps and future-gap"`
	Notes    []BacktestNote     `json:"notes" doc:"why to read the numbers with care"`
}

// BacktestNote is something that speaks against a number, or says what it leaves out.
type BacktestNote struct {
	Code string `json:"code"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
}

// BacktestAccuracy is how forecasts did. Null is no data: no value came, or the measure has
// no scale.
type BacktestAccuracy struct {
	Series      int      `json:"series" doc:"of which at least one value came"`
	Values      int      `json:"values" doc:"steps whose value came"`
	SMAPE       *float64 `json:"smape" doc:"percent, 0..200"`
	SMAPENaive2 *float64 `json:"smape_naive2" doc:"that of Naive2 over the same steps"`
	MASE        *float64 `json:"mase"`
	MASENaive2  *float64 `json:"mase_naive2" doc:"that of Naive2"`
	OWA         *float64 `json:"owa" doc:"against Naive2: below 1 is better"`
	MSIS        *float64 `json:"msis" doc:"of the 95 % interval"`
	Coverage80  *float64 `json:"coverage80" doc:"share of the values that came inside the 80 % interval"`
	Coverage95  *float64 `json:"coverage95"`
	Bias        *float64 `json:"bias" doc:"mean of foreseen - came: above 0, too much was foreseen"`
	BiasShare   *float64 `json:"bias_share" doc:"sum of foreseen - came over the sum of what came"`
}

// BacktestForecasts is how the forecasts of a report did.
type BacktestForecasts struct {
	Accuracy BacktestAccuracy     `json:"accuracy" doc:"over all series, each counting the same"`
	ByStep   []BacktestStepScore  `json:"by_step" doc:"by how far ahead was looked"`
	NoData   BacktestNoData       `json:"no_data" doc:"what was foreseen and can not be scored; none of it is a miss"`
	Series   []BacktestSeries     `json:"series" doc:"the least accurate first, then those without data"`
	Rest     int                  `json:"rest" doc:"series that are not listed; the sums have them"`
	Failed   []ForecastFault      `json:"failed,omitempty" doc:"as_of: series that could not be forecast then, the first 20"`
	Origins  *BacktestOriginCount `json:"origins,omitempty" doc:"as_of: what became of the series"`
}

// BacktestOriginCount counts the series at a date.
type BacktestOriginCount struct {
	Series      int `json:"series" doc:"that there are today"`
	Forecast    int `json:"forecast"`
	NotYet      int `json:"not_yet" doc:"began later"`
	EndedBefore int `json:"ended_before" doc:"had ended"`
	Failed      int `json:"failed" doc:"could not be forecast"`
}

// BacktestNoData counts steps that were foreseen and have no value.
type BacktestNoData struct {
	NotOver int `json:"not_over" doc:"their period is not over"`
	Ended   int `json:"ended" doc:"the series has ended, its period is over"`
	Gone    int `json:"gone" doc:"the series is not in the store any more, or has other periods"`
}

// BacktestStepScore is how all series did so many steps ahead.
type BacktestStepScore struct {
	Step       int      `json:"step" doc:"from 1"`
	Values     int      `json:"values"`
	SMAPE      *float64 `json:"smape"`
	Naive2     *float64 `json:"smape_naive2"`
	Coverage80 *float64 `json:"coverage80"`
	Coverage95 *float64 `json:"coverage95"`
	BiasShare  *float64 `json:"bias_share"`
}

// BacktestSeries is one series with what was foreseen and what came.
type BacktestSeries struct {
	ID       string            `json:"id"`
	Measure  string            `json:"measure,omitempty"`
	Keys     map[string]string `json:"keys,omitempty" doc:"dimension -> id"`
	Names    map[string]string `json:"names,omitempty" doc:"dimension -> label"`
	Period   string            `json:"period" enum:"year,quarter,month"`
	Known    int               `json:"known" doc:"values before the first step"`
	Revised  int               `json:"revised,omitempty" doc:"of the values that the report kept as its past: are others now"`
	Accuracy BacktestAccuracy  `json:"accuracy"`
	Steps    []BacktestStep    `json:"steps"`
}

// BacktestStep is one period as it was foreseen and as it came.
type BacktestStep struct {
	ForecastStep
	Naive2 *float64 `json:"naive2" doc:"what Naive2 would have said; null without a past"`
	Came   *float64 `json:"came"`
	None   string   `json:"none,omitempty" enum:"not_over,ended,gone" doc:"why nothing came"`
	In80   *bool    `json:"in80" doc:"came inside the 80 % interval"`
	In95   *bool    `json:"in95"`
}

// BacktestGaps is how a gap report did.
type BacktestGaps struct {
	By         []string            `json:"by"`
	Years      []int               `json:"years" doc:"in which what came is looked for"`
	Came       BacktestCame        `json:"came" doc:"of all demands that the report counts, each once"`
	Cells      BacktestCellCount   `json:"cells"`
	Demand     *BacktestDemand     `json:"demand" doc:"heads foreseen and heads asked, over the cells that are over; null without any"`
	Scores     []BacktestGapScore  `json:"scores" doc:"each gap of the report against the heads that stayed unfilled"`
	Listed     []BacktestCell      `json:"listed" doc:"in the order of the report"`
	Rest       int                 `json:"rest" doc:"cells that are not listed; the scores have them"`
	Unforeseen *BacktestUnforeseen `json:"unforeseen" doc:"cells in which demands started and that the report does not have; null when it kept a page only"`
}

// BacktestCame is what became of demands.
type BacktestCame struct {
	Demands   int     `json:"demands" doc:"that started in the years"`
	Told      int     `json:"told" doc:"of these: an outcome, or the status filled, says what came"`
	Asked     float64 `json:"asked" doc:"their heads"`
	Hired     float64 `json:"hired" doc:"by the end of the year in which the demand started"`
	Late      float64 `json:"late" doc:"hired in later years: not counted as filled"`
	Unfilled  float64 `json:"unfilled" doc:"heads less hires, demand by demand, never below 0"`
	Silent    float64 `json:"silent" doc:"of the unfilled: heads of demands of which no outcome says anything"`
	Withdrawn float64 `json:"withdrawn" doc:"heads of demands that were closed and of which no outcome says anything: nobody asks for them any more, and they are in none of the other numbers"`
	NoStart   int     `json:"no_start" doc:"demands that do not say when they start: in no year"`
}

// BacktestCellCount counts the cells of a kept gap report.
type BacktestCellCount struct {
	Foreseen   int `json:"foreseen" doc:"cells that the report kept"`
	Scored     int `json:"scored"`
	NoGap      int `json:"no_gap" doc:"the report itself has no data of the gap"`
	NotOver    int `json:"not_over" doc:"their year is not over"`
	NotAsked   int `json:"not_asked" doc:"their year is not asked, or they have none"`
	NoOutcome  int `json:"no_outcome" doc:"demands started, and no outcome says what came of them"`
	UnknownKey int `json:"unknown_key" doc:"their key is in no record any more"`
}

// BacktestDemand compares heads foreseen with heads asked.
type BacktestDemand struct {
	Cells      int      `json:"cells"`
	Foreseen   float64  `json:"foreseen" doc:"sum over cells"`
	Asked      float64  `json:"asked" doc:"sum over cells"`
	Bias       float64  `json:"bias" doc:"mean of foreseen - asked"`
	MAE        float64  `json:"mae" doc:"mean absolute difference"`
	Coverage80 *float64 `json:"coverage80" doc:"share of cells whose asked heads lie in the demand's 80 % interval; null where the report has no intervals of demand"`
	Coverage95 *float64 `json:"coverage95"`
}

// BacktestGapScore compares one kind of gap with what came.
type BacktestGapScore struct {
	Of         string   `json:"of" enum:"gap,gap_at_level,effective_gap"`
	Cells      int      `json:"cells" doc:"that have both"`
	KendallB   *float64 `json:"kendall_tau_b" doc:"null when all are equal on one side"`
	Spearman   *float64 `json:"spearman"`
	Shortages  int      `json:"shortages" doc:"cells for which a shortage was foreseen"`
	Came       int      `json:"came" doc:"cells where heads stayed unfilled"`
	Both       int      `json:"both"`
	Top        int      `json:"top" doc:"of the largest shortages foreseen, as many as are looked at"`
	Hits       int      `json:"hits" doc:"of these: among as many of the largest that came"`
	ByChance   *float64 `json:"hits_by_chance" doc:"what a report that knows nothing would expect"`
	Bias       *float64 `json:"bias" doc:"mean of the shortage foreseen (the gap, at least 0) - unfilled"`
	MAE        *float64 `json:"mae"`
	Coverage80 *float64 `json:"coverage80" doc:"share of cells whose unfilled heads lie in the gap's 80 % interval, cut at 0; null without a bootstrap"`
	Coverage95 *float64 `json:"coverage95"`
	Brier      *float64 `json:"brier" doc:"of the probability of a shortage; null without a bootstrap"`
	BrierBase  *float64 `json:"brier_base" doc:"what the share of cells where heads stayed unfilled would have had as the probability of all"`
}

// BacktestCell is a cell as it was foreseen and as it came.
type BacktestCell struct {
	Keys         map[string]string `json:"keys"`
	Names        map[string]string `json:"names"`
	NamesEN      map[string]string `json:"names_en"`
	Demand       *float64          `json:"demand" doc:"heads foreseen"`
	Gap          *float64          `json:"gap" doc:"as foreseen"`
	GapAtLevel   *float64          `json:"gap_at_level"`
	EffectiveGap *float64          `json:"effective_gap"`
	Shortage     *float64          `json:"p_shortage,omitempty"`
	Asked        *float64          `json:"asked" doc:"heads of demands that started"`
	Hired        *float64          `json:"hired"`
	Unfilled     *float64          `json:"unfilled"`
	Silent       float64           `json:"silent" doc:"of the unfilled: heads of which no outcome says anything"`
	Withdrawn    float64           `json:"withdrawn" doc:"heads of demands that were closed without an outcome: not in asked"`
	Rank         int               `json:"rank,omitempty" doc:"by the gap foreseen, among the cells scored; equal gaps share the best"`
	RankCame     int               `json:"rank_came,omitempty" doc:"by unfilled heads"`
	None         string            `json:"none,omitempty" enum:"no_gap,not_over,not_asked,no_outcome,unknown_key" doc:"why it is not scored"`
}

// BacktestUnforeseen is what the report had no cell for.
type BacktestUnforeseen struct {
	Cells int     `json:"cells"`
	Asked float64 `json:"asked" doc:"heads, summed over these cells"`
}

// BacktestMeta says what was asked.
type BacktestMeta struct {
	Reports     int               `json:"reports"`
	AsOf        []string          `json:"as_of,omitempty"`
	Forecast    *BacktestForecast `json:"forecast,omitempty" doc:"as_of: what was forecast, defaults filled in"`
	Until       string            `json:"until,omitempty" doc:"the last period that is over, where it was said"`
	Top         int               `json:"top"`
	Limit       int               `json:"limit"`
	Definitions []Definition      `json:"definitions"`
	Versions    Versions          `json:"versions" doc:"of what came"`
}

// BacktestForecast is what was forecast as of each date.
type BacktestForecast struct {
	Source   string         `json:"source" enum:"series,demands"`
	IDs      []string       `json:"ids,omitempty" doc:"these series alone"`
	Measure  string         `json:"measure,omitempty"`
	By       []string       `json:"by,omitempty"`
	RegionAt string         `json:"region_at,omitempty" doc:"of demands"`
	Period   string         `json:"period,omitempty" doc:"of demands"`
	From     string         `json:"from,omitempty"`
	Filter   ForecastFilter `json:"filter"`
	Horizon  map[string]int `json:"horizon" doc:"periods ahead by what they are: year, quarter, month"`
	Counts   bool           `json:"counts"`
	Separate bool           `json:"separate"`
}
